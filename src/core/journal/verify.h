// The parts of verify(): what is found, which of two witnesses of a tree is right, tiles, rows, events.
// Internal to this folder.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "journal/layout.h"
#include "journal/merkle.h"

namespace mingxin::journal {

std::string event_place(std::int64_t seq);
std::string row_place(std::int64_t seq, std::int64_t row);
std::string tile_place(std::int64_t tree, int level, std::int64_t position);
std::string head_place(std::int64_t size);

/// Collects damage up to a cap, after which it only counts.
class Findings {
  public:
    void add(std::string place, std::string what_zh);
    std::size_t count() const { return count_; }
    std::vector<Damage> take();

  private:
    std::vector<Damage> damages_;
    std::size_t count_ = 0;
};

/// Compares two witnesses of a tree's leaves, those computed from what is stored and those in its tiles,
/// until a trusted root says which of them is right.
class Witnesses {
  public:
    enum class Verdict { both, computed, tiles, neither };
    void add(const Digest& computed, const std::optional<Digest>& in_tile);
    Verdict judge(const Digest& trusted_root) const;
    /// After a verdict: the right witness becomes both, and the differences are forgotten.
    void settle(Verdict verdict);
    /// Indexes of the leaves in which the witnesses differ, since settle(); capped.
    const std::vector<std::int64_t>& differences() const { return differences_; }
    std::int64_t size() const { return computed_.size(); }

  private:
    Frontier computed_, tiles_;
    std::vector<std::int64_t> differences_;
};

/// The leaves of a tree as its level-0 tiles have them, one after the other.
class TileLeaves {
  public:
    TileLeaves(store::ReadTx& tx, std::int64_t tree) : source_(tile_source(tx, tree)) {}
    /// Indexes must not fall; nullopt where the tile lacks the leaf.
    Result<std::optional<Digest>> at(std::int64_t index);

  private:
    TileSource source_;
    std::int64_t position_ = -1;
    std::vector<Digest> hashes_;
};

/// Checks that a tree of so many leaves has just its tiles, and each tile the hashes of those below it. known
/// holds the level-0 tiles already reported.
Result<void> verify_tiles(store::ReadTx& tx, std::int64_t tree, std::int64_t leaves,
                          const std::set<std::int64_t>& known, Findings& findings);

/// Checks the rows of a batch, at positions from first on, and their tree. go_on is asked now and then.
Result<void> verify_rows(store::ReadTx& tx, std::int64_t seq, std::int64_t first, std::int64_t rows,
                         const Digest& row_root, Findings& findings,
                         const std::function<Result<void>()>& go_on);

}  // namespace mingxin::journal
