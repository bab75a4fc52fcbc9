#include "journal/merkle.h"

#include <array>
#include <bit>
#include <cstring>

namespace mingxin::journal {
namespace {

constexpr std::uint8_t kLeafPrefix = 0;

}  // namespace

Digest leaf_hash(BytesView data, crypto::Hash hash) {
    thread_local crypto::Hasher sm3(crypto::Hash::sm3);
    thread_local crypto::Hasher sha256(crypto::Hash::sha256);
    auto& hasher = hash == crypto::Hash::sm3 ? sm3 : sha256;
    return hasher.update(BytesView(&kLeafPrefix, 1)).update(data).finish();
}

Digest node_hash(const Digest& left, const Digest& right, crypto::Hash hash) {
    std::array<std::uint8_t, kNodeInputSize> input;
    write_node_input(left, right, input.data());
    return crypto::digest(BytesView(input), hash);
}

void write_node_input(const Digest& left, const Digest& right, std::uint8_t* out) {
    out[0] = 1;
    std::memcpy(out + 1, left.data(), left.size());
    std::memcpy(out + 1 + left.size(), right.data(), right.size());
}

void Frontier::add(const Digest& leaf) {
    roots_.push_back(leaf);
    for (auto n = size_; n & 1; n >>= 1) {
        const Digest right = roots_.back();
        roots_.pop_back();
        roots_.back() = node_hash(roots_.back(), right, hash_);
    }
    ++size_;
}

Digest Frontier::root() const {
    if (roots_.empty()) return crypto::digest(BytesView(), hash_);
    Digest root = roots_.back();
    for (std::size_t i = roots_.size() - 1; i-- > 0;) root = node_hash(roots_[i], root, hash_);
    return root;
}

std::optional<Digest> root_from_inclusion(std::int64_t index, std::int64_t size, const Digest& leaf,
                                          std::span<const Digest> path, crypto::Hash hash) {
    if (index < 0 || index >= size) return std::nullopt;
    auto place = static_cast<std::uint64_t>(index);
    auto last = static_cast<std::uint64_t>(size - 1);
    Digest root = leaf;
    for (const Digest& sibling : path) {
        if (last == 0) return std::nullopt;
        if ((place & 1) != 0 || place == last) {
            root = node_hash(sibling, root, hash);
            while ((place & 1) == 0 && place != 0) {
                place >>= 1;
                last >>= 1;
            }
        } else {
            root = node_hash(root, sibling, hash);
        }
        place >>= 1;
        last >>= 1;
    }
    if (last != 0) return std::nullopt;
    return root;
}

bool verify_consistency(std::int64_t old_size, std::int64_t new_size, const Digest& old_root,
                        const Digest& new_root, std::span<const Digest> path, crypto::Hash hash) {
    if (old_size < 0 || old_size > new_size) return false;
    if (old_size == new_size) return path.empty() && old_root == new_root;
    if (old_size == 0) return path.empty() && old_root == crypto::digest(BytesView(), hash);
    const auto old_count = static_cast<std::uint64_t>(old_size);
    std::size_t next = 0;
    Digest first = old_root;
    if (!std::has_single_bit(old_count)) {
        if (path.empty()) return false;
        first = path[next++];
    }
    auto place = old_count - 1;
    auto last = static_cast<std::uint64_t>(new_size - 1);
    while ((place & 1) != 0) {
        place >>= 1;
        last >>= 1;
    }
    Digest from_old = first, from_new = first;
    for (; next < path.size(); ++next) {
        if (last == 0) return false;
        if ((place & 1) != 0 || place == last) {
            from_old = node_hash(path[next], from_old, hash);
            from_new = node_hash(path[next], from_new, hash);
            while ((place & 1) == 0 && place != 0) {
                place >>= 1;
                last >>= 1;
            }
        } else {
            from_new = node_hash(from_new, path[next], hash);
        }
        place >>= 1;
        last >>= 1;
    }
    return last == 0 && from_old == old_root && from_new == new_root;
}

}  // namespace mingxin::journal
