#include "journal/tiles.h"

#include <algorithm>
#include <array>
#include <bit>

#include "base/check.h"
#include "crypto/crypto.h"
#include "journal/merkle.h"

namespace mingxin::journal {
namespace {

// The largest power of two below n (n > 1): where RFC 6962 splits.
std::int64_t split_point(std::int64_t n) {
    return static_cast<std::int64_t>(std::bit_floor(std::uint64_t(n - 1)));
}

std::string tile_name(int level, std::int64_t position) {
    return std::to_string(level) + "/" + std::to_string(position);
}

}  // namespace

Digest perfect_root(std::span<const Digest> hashes) {
    CHECK(std::has_single_bit(hashes.size()) && hashes.size() <= kTileWidth);
    if (hashes.size() == 1) return hashes[0];
    constexpr std::size_t most = kTileWidth / 2;
    std::array<std::array<std::uint8_t, kNodeInputSize>, most> inputs;
    std::array<BytesView, most> messages;
    std::array<Digest, most> nodes;
    std::span<const Digest> below = hashes;
    while (below.size() > 1) {
        const std::size_t count = below.size() / 2;
        for (std::size_t i = 0; i < count; ++i) {
            write_node_input(below[2 * i], below[2 * i + 1], inputs[i].data());
            messages[i] = inputs[i];
        }
        crypto::sm3_many(std::span(messages).first(count), std::span(nodes).first(count));
        below = std::span<const Digest>(nodes).first(count);
    }
    return below[0];
}

Result<Digest> TileReader::node(int level, std::int64_t index) {
    const int tile_level = level / kTileHeight;
    const int above = level % kTileHeight;
    const std::int64_t first = index << above;
    const std::int64_t count = std::int64_t{1} << above;
    const std::pair place(tile_level, first / kTileWidth);
    auto found = tiles_.find(place);
    if (found == tiles_.end()) {
        found = tiles_.emplace(place, TRY(source_(place.first, place.second))).first;
    }
    const std::span<const Digest> hashes(found->second);
    const std::int64_t offset = first % kTileWidth;
    if (offset + count > static_cast<std::int64_t>(hashes.size())) {
        return fail(Fault::journal_damaged, "缺少哈希块 " + tile_name(place.first, place.second));
    }
    return perfect_root(hashes.subspan(offset, count));
}

Result<Digest> TileReader::range(std::int64_t begin, std::int64_t end) {
    const auto count = static_cast<std::uint64_t>(end - begin);
    if (std::has_single_bit(count)) {
        const int level = std::countr_zero(count);
        return node(level, begin >> level);
    }
    const std::int64_t middle = begin + split_point(end - begin);
    const Digest left = TRY(range(begin, middle));
    return node_hash(left, TRY(range(middle, end)));
}

Result<Digest> TileReader::root(std::int64_t size) {
    if (size == 0) return crypto::digest(BytesView());
    return range(0, size);
}

Result<std::vector<Digest>> TileReader::inclusion(std::int64_t index, std::int64_t size) {
    CHECK(index >= 0 && index < size);
    std::vector<Digest> path;
    std::int64_t begin = 0, end = size;
    while (end - begin > 1) {
        const std::int64_t middle = begin + split_point(end - begin);
        if (index < middle) {
            path.push_back(TRY(range(middle, end)));
            end = middle;
        } else {
            path.push_back(TRY(range(begin, middle)));
            begin = middle;
        }
    }
    std::reverse(path.begin(), path.end());
    return path;
}

Result<std::vector<Digest>> TileReader::consistency(std::int64_t old_size, std::int64_t new_size) {
    CHECK(old_size > 0 && old_size <= new_size);
    std::vector<Digest> path;
    std::int64_t begin = 0, end = new_size;
    bool whole = true;  // the part [begin, end) begins with the whole old tree
    while (end != old_size) {
        const std::int64_t middle = begin + split_point(end - begin);
        if (old_size <= middle) {
            path.push_back(TRY(range(middle, end)));
            end = middle;
        } else {
            path.push_back(TRY(range(begin, middle)));
            begin = middle;
            whole = false;
        }
    }
    if (!whole) path.push_back(TRY(range(begin, end)));
    std::reverse(path.begin(), path.end());
    return path;
}

Result<TileBuilder> TileBuilder::resume(std::int64_t size, const TileSource& source, TileSink sink) {
    TileBuilder builder(std::move(sink));
    builder.size_ = size;
    int level = 0;
    for (std::int64_t count = size; count > 0; count /= kTileWidth, ++level) {
        Level state;
        state.position = count / kTileWidth;
        const auto partial = static_cast<std::size_t>(count % kTileWidth);
        if (partial > 0) {
            state.hashes = TRY(source(level, state.position));
            if (state.hashes.size() < partial) {
                return fail(Fault::journal_damaged, "缺少哈希块 " + tile_name(level, state.position));
            }
            state.hashes.resize(partial);
        }
        builder.levels_.push_back(std::move(state));
    }
    return builder;
}

Result<void> TileBuilder::add(std::span<const Digest> leaves) {
    size_ += static_cast<std::int64_t>(leaves.size());
    return add_to(0, leaves);
}

Result<void> TileBuilder::add_to(std::size_t level, std::span<const Digest> hashes) {
    if (levels_.size() <= level) levels_.resize(level + 1);
    while (!hashes.empty()) {
        Level& at = levels_[level];
        const std::size_t part = std::min(hashes.size(), kTileWidth - at.hashes.size());
        at.hashes.insert(at.hashes.end(), hashes.begin(), hashes.begin() + part);
        at.changed = true;
        hashes = hashes.subspan(part);
        if (at.hashes.size() < kTileWidth) break;
        TRY(sink_(static_cast<int>(level), at.position, at.hashes));
        const Digest above = perfect_root(at.hashes);
        ++at.position;
        at.hashes.clear();
        at.changed = false;
        TRY(add_to(level + 1, std::span(&above, 1)));
    }
    return {};
}

Result<void> TileBuilder::flush() {
    for (std::size_t level = 0; level < levels_.size(); ++level) {
        Level& at = levels_[level];
        if (!at.changed) continue;
        TRY(sink_(static_cast<int>(level), at.position, at.hashes));
        at.changed = false;
    }
    return {};
}

Digest TileBuilder::root() const {
    // From the right: each partial tile falls into perfect subtrees, the largest first.
    bool any = false;
    Digest root = crypto::digest(BytesView());
    for (const Level& level : levels_) {
        std::size_t end = level.hashes.size();
        while (end > 0) {
            const std::size_t part = std::size_t{1} << std::countr_zero(end);
            const Digest subtree = perfect_root(std::span(level.hashes).subspan(end - part, part));
            root = any ? node_hash(subtree, root) : subtree;
            any = true;
            end -= part;
        }
    }
    return root;
}

}  // namespace mingxin::journal
