#include <algorithm>

#include "base/check.h"
#include "journal/verify.h"

namespace mingxin::journal {
namespace {

constexpr std::size_t kMostFindings = 1000;

constexpr store::Sql kTilesOfTree{
    "journal.tiles_of_tree",
    "SELECT level, position, hashes FROM tile WHERE tree = $1 ORDER BY level, position"};
constexpr store::Sql kStoredRows{"journal.stored_rows",
                                 "SELECT position, outcome, salt, payload FROM event_row "
                                 "WHERE position >= $1 AND position < $2 ORDER BY position"};

// How many hashes the tile has in a tree of so many leaves; 0: there is no such tile.
std::int64_t tile_fill(std::int64_t leaves, int level, std::int64_t position) {
    if (level < 0 || level > 7 || position < 0) return 0;
    const std::int64_t hashes = leaves >> (kTileHeight * level);
    if (position > hashes / kTileWidth) return 0;
    return std::min(kTileWidth, hashes - position * kTileWidth);
}

// Walks the tiles of one tree in order.
class TileWalk {
  public:
    TileWalk(store::ReadTx& tx, std::int64_t tree, std::int64_t leaves, const std::set<std::int64_t>& known,
             Findings& findings)
        : source_(tile_source(tx, tree)), tree_(tree), leaves_(leaves), known_(known), findings_(findings) {}

    Result<void> visit(int level, std::int64_t position, BytesView blob) {
        const std::int64_t fill = tile_fill(leaves_, level, position);
        if (fill == 0) {
            findings_.add(tile_place(tree_, level, position), "多出的哈希块：树中没有这一块");
            return {};
        }
        miss_until(level, position);
        next_position_ = position + 1;
        if (blob.size() != static_cast<std::size_t>(fill) * sizeof(Digest)) {
            findings_.add(tile_place(tree_, level, position), "哈希块长度不对：应有 " + std::to_string(fill) +
                                                                  " 个哈希，实为 " +
                                                                  std::to_string(blob.size()) + " 字节");
            return {};
        }
        if (fill < kTileWidth || (level == 0 && known_.contains(position))) return {};
        return check_above(level, position, perfect_root(split_hashes(blob)));
    }

    void end() { miss_until(8, 0); }

  private:
    // Reports the tiles that should come before (level, position) and did not.
    void miss_until(int level, std::int64_t position) {
        while (level_ < level || (level_ == level && next_position_ < position)) {
            if (tile_fill(leaves_, level_, next_position_) == 0) {
                ++level_;
                next_position_ = 0;
                if (level_ > 7) return;
                continue;
            }
            findings_.add(tile_place(tree_, level_, next_position_), "缺少哈希块");
            ++next_position_;
        }
    }

    // The root of a full tile stands in the tile above it.
    Result<void> check_above(int level, std::int64_t position, const Digest& root) {
        const std::pair place(level + 1, position / kTileWidth);
        if (above_ != place) {
            above_ = place;
            above_hashes_ = TRY(source_(place.first, place.second));
        }
        const auto offset = static_cast<std::size_t>(position % kTileWidth);
        if (offset < above_hashes_.size() && above_hashes_[offset] != root && reported_ != place) {
            reported_ = place;
            findings_.add(tile_place(tree_, place.first, place.second),
                          "第 " + std::to_string(offset) + " 个哈希与下层哈希块不符");
        }
        return {};
    }

    TileSource source_;
    std::int64_t tree_, leaves_;
    const std::set<std::int64_t>& known_;
    Findings& findings_;
    int level_ = 0;
    std::int64_t next_position_ = 0;
    std::pair<int, std::int64_t> above_{-1, -1}, reported_{-1, -1};
    std::vector<Digest> above_hashes_;
};

// Streams the rows of a batch through their digests beside the leaves of their tiles.
class RowWalk {
  public:
    RowWalk(store::ReadTx& tx, std::int64_t seq, Findings& findings)
        : seq_(seq), findings_(findings), tiles_(tx, seq) {}

    Result<void> row(std::int64_t number, std::int64_t outcome, BytesView salt, std::string_view payload) {
        TRY(missing_until(number));
        if (outcome < 0 || outcome > 255 || salt.size() != kSaltSize) {
            findings_.add(row_place(seq_, number), "结论代码或盐值超出范围");
            reported(number);
        }
        hasher_.add(number, static_cast<std::uint8_t>(outcome), salt, payload);
        ++next_;
        return hasher_.full() ? flush() : Result<void>();
    }

    /// Reports rows up to number (not itself) as missing; the tile's leaf stands in for them.
    Result<void> missing_until(std::int64_t number) {
        if (next_ < number) TRY(flush());
        for (; next_ < number; ++next_) {
            findings_.add(row_place(seq_, next_), "缺少这一行");
            witnesses_.add(Digest{}, TRY(tiles_.at(next_ - 1)));
            reported(next_);
        }
        return {};
    }

    Result<void> flush() {
        for (const Digest& leaf : hasher_.take()) {
            witnesses_.add(leaf, TRY(tiles_.at(witnesses_.size())));
        }
        return {};
    }

    /// Says who is wrong; returns the level-0 tiles that are.
    std::set<std::int64_t> judge(const Digest& row_root) {
        std::set<std::int64_t> bad_tiles;
        const auto verdict = witnesses_.judge(row_root);
        for (const std::int64_t index : witnesses_.differences()) {
            if (verdict == Witnesses::Verdict::computed) {
                if (bad_tiles.insert(index / kTileWidth).second) {
                    findings_.add(tile_place(seq_, 0, index / kTileWidth), "哈希块与批次的各行不符");
                }
            } else if (!missing_.contains(index + 1)) {
                findings_.add(row_place(seq_, index + 1), verdict == Witnesses::Verdict::tiles
                                                              ? "内容、结论或盐值与存证不符"
                                                              : "内容、结论或盐值与哈希块不符");
            }
        }
        if (verdict == Witnesses::Verdict::neither && missing_.empty()) {
            findings_.add(event_place(seq_), "批次各行的树根与事项记载不符");
        }
        return bad_tiles;
    }

  private:
    // No more than Witnesses keeps differences of.
    void reported(std::int64_t number) {
        if (missing_.size() <= kMostFindings) missing_.insert(number);
    }

    std::int64_t seq_;
    Findings& findings_;
    TileLeaves tiles_;
    Witnesses witnesses_;
    RowHasher hasher_;
    std::int64_t next_ = 1;
    std::set<std::int64_t> missing_;  // rows already reported
};

}  // namespace

std::string event_place(std::int64_t seq) {
    return "event " + std::to_string(seq);
}
std::string row_place(std::int64_t seq, std::int64_t row) {
    return "row " + std::to_string(row) + " of event " + std::to_string(seq);
}
std::string tile_place(std::int64_t tree, int level, std::int64_t position) {
    return "tile " + std::to_string(tree) + "/" + std::to_string(level) + "/" + std::to_string(position);
}
std::string head_place(std::int64_t size) {
    return "head of size " + std::to_string(size);
}

void Findings::add(std::string place, std::string what_zh) {
    if (++count_ <= kMostFindings) damages_.push_back({std::move(place), std::move(what_zh)});
}

std::vector<Damage> Findings::take() {
    if (count_ > kMostFindings) {
        damages_.push_back(
            {"journal", "还有 " + std::to_string(count_ - kMostFindings) + " 处不符，未逐一列出"});
    }
    return std::move(damages_);
}

void Witnesses::add(const Digest& computed, const std::optional<Digest>& in_tile) {
    const bool differ = in_tile && *in_tile != computed;
    if (differ && differences_.size() <= kMostFindings) differences_.push_back(computed_.size());
    computed_.add(computed);
    tiles_.add(in_tile.value_or(computed));
}

Witnesses::Verdict Witnesses::judge(const Digest& trusted_root) const {
    const bool computed = computed_.root() == trusted_root;
    if (differences_.empty()) return computed ? Verdict::both : Verdict::neither;
    if (computed) return Verdict::computed;
    return tiles_.root() == trusted_root ? Verdict::tiles : Verdict::neither;
}

void Witnesses::settle(Verdict verdict) {
    if (verdict == Verdict::tiles) computed_ = tiles_;
    if (verdict == Verdict::computed) tiles_ = computed_;
    differences_.clear();
}

Result<std::optional<Digest>> TileLeaves::at(std::int64_t index) {
    const std::int64_t position = index / kTileWidth;
    if (position != position_) {
        CHECK(position > position_);
        position_ = position;
        hashes_ = TRY(source_(0, position));
    }
    const auto offset = static_cast<std::size_t>(index % kTileWidth);
    return offset < hashes_.size() ? std::optional(hashes_[offset]) : std::nullopt;
}

Result<void> verify_tiles(store::ReadTx& tx, std::int64_t tree, std::int64_t leaves,
                          const std::set<std::int64_t>& known, Findings& findings) {
    TileWalk walk(tx, tree, leaves, known, findings);
    auto cursor = TRY(tx.scan(kTilesOfTree, {tree}));
    while (TRY(cursor.next())) {
        TRY(walk.visit(static_cast<int>(std::clamp<std::int64_t>(cursor.integer(0), -1, 99)),
                       cursor.integer(1), cursor.blob(2)));
    }
    walk.end();
    return {};
}

Result<void> verify_rows(store::ReadTx& tx, std::int64_t seq, std::int64_t first, std::int64_t rows,
                         const Digest& row_root, Findings& findings,
                         const std::function<Result<void>()>& go_on) {
    constexpr std::int64_t rows_between = 4096;
    RowWalk walk(tx, seq, findings);
    {
        auto cursor = TRY(tx.scan(kStoredRows, {first, first + rows}));
        for (std::int64_t seen = 0; TRY(cursor.next()); ++seen) {
            if (seen % rows_between == 0) TRY(go_on());
            TRY(walk.row(cursor.integer(0) - first + 1, cursor.integer(1), cursor.blob(2), cursor.text(3)));
        }
    }
    TRY(walk.missing_until(rows + 1));
    TRY(walk.flush());
    return verify_tiles(tx, seq, rows, walk.judge(row_root), findings);
}

}  // namespace mingxin::journal
