// The hashes of a Merkle tree in tiles, so that any proof in a tree of millions reads a few tiles: tile
// position p of tile level t holds the up to 256 hashes [256 p, 256 p + 256) of tree level 8 t (level 0:
// leaves), each the root of a perfect subtree. The levels between are recomputed. SM3 only. Internal to this
// folder; not thread-safe.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace mingxin::journal {

inline constexpr int kTileHeight = 8;
inline constexpr std::int64_t kTileWidth = 1 << kTileHeight;

/// The root of a perfect tree over 1, 2, 4, .. 256 hashes.
Digest perfect_root(std::span<const Digest> hashes);

/// Reads a tile's hashes; fewer than asked for, or none, when it is not there.
using TileSource = std::function<Result<std::vector<Digest>>(int level, std::int64_t position)>;
/// Receives a tile: full ones as soon as they are, partial ones at flush.
using TileSink =
    std::function<Result<void>(int level, std::int64_t position, std::span<const Digest> hashes)>;

/// Proofs from tiles that hold at least `size` leaves. Fault::journal_damaged when a hash is missing.
class TileReader {
  public:
    explicit TileReader(TileSource source) : source_(std::move(source)) {}
    Result<Digest> root(std::int64_t size);
    Result<Digest> leaf(std::int64_t index) { return node(0, index); }
    /// RFC 6962 2.1.1; 0 <= index < size.
    Result<std::vector<Digest>> inclusion(std::int64_t index, std::int64_t size);
    /// RFC 6962 2.1.2; 0 < old_size <= new_size.
    Result<std::vector<Digest>> consistency(std::int64_t old_size, std::int64_t new_size);

  private:
    Result<Digest> node(int level, std::int64_t index);
    Result<Digest> range(std::int64_t begin, std::int64_t end);

    TileSource source_;
    std::map<std::pair<int, std::int64_t>, std::vector<Digest>> tiles_;
};

/// Grows a tree leaf by leaf and hands out its tiles.
class TileBuilder {
  public:
    explicit TileBuilder(TileSink sink) : sink_(std::move(sink)) {}
    /// Goes on from a tree of size leaves whose tiles source reads.
    static Result<TileBuilder> resume(std::int64_t size, const TileSource& source, TileSink sink);
    Result<void> add(std::span<const Digest> leaves);
    /// Hands out the tiles that are partly filled and changed since they were last handed out.
    Result<void> flush();
    Digest root() const;
    std::int64_t size() const { return size_; }

  private:
    struct Level {
        std::vector<Digest> hashes;  // of the tile that is being filled
        std::int64_t position = 0;   // of that tile
        bool changed = false;
    };
    Result<void> add_to(std::size_t level, std::span<const Digest> hashes);

    TileSink sink_;
    std::vector<Level> levels_;
    std::int64_t size_ = 0;
};

}  // namespace mingxin::journal
