// Merkle trees in the shape of RFC 6962 section 2.1: leaf hash H(0x00 || data), node hash H(0x01 || left ||
// right), root of the empty tree H(). Pure; not thread-safe per object.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "crypto/crypto.h"

namespace mingxin::journal {

Digest leaf_hash(BytesView data, crypto::Hash hash = crypto::Hash::sm3);
Digest node_hash(const Digest& left, const Digest& right, crypto::Hash hash = crypto::Hash::sm3);

/// What node_hash hashes, 0x01 || left || right, for hashing many at once.
inline constexpr std::size_t kNodeInputSize = 65;
void write_node_input(const Digest& left, const Digest& right, std::uint8_t* out);

/// The root over leaves added one by one, in O(log n) memory.
class Frontier {
  public:
    explicit Frontier(crypto::Hash hash = crypto::Hash::sm3) : hash_(hash) {}
    void add(const Digest& leaf);
    Digest root() const;
    std::int64_t size() const { return size_; }

  private:
    crypto::Hash hash_;
    std::int64_t size_ = 0;
    std::vector<Digest> roots_;  // of the perfect subtrees, largest first
};

/// Recomputes a root from an inclusion path (RFC 9162 2.1.3.2); nullopt when the path has a wrong length.
std::optional<Digest> root_from_inclusion(std::int64_t index, std::int64_t size, const Digest& leaf,
                                          std::span<const Digest> path,
                                          crypto::Hash hash = crypto::Hash::sm3);
/// RFC 9162 2.1.4.2.
bool verify_consistency(std::int64_t old_size, std::int64_t new_size, const Digest& old_root,
                        const Digest& new_root, std::span<const Digest> path,
                        crypto::Hash hash = crypto::Hash::sm3);

}  // namespace mingxin::journal
