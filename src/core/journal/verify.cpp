// verify(): walks events, rows, tiles and heads side by side. Two witnesses stand for every leaf, the event
// itself and its tile; the next signed root says which of them is right, so that the altered one is named and
// not its neighbour.
#include "journal/verify.h"

#include <algorithm>
#include <array>

namespace mingxin::journal {
namespace {

constexpr store::Sql kAllEvents{
    "journal.all_events",
    "SELECT seq, time_us, kind, principal, rulebook, header, salt, payload, rows, "
    "first_position, row_root, leaf_hash FROM event ORDER BY seq"};
constexpr store::Sql kAllHeads{"journal.all_heads",
                               "SELECT size, previous_size, root, time_us, origin, key_id, signature "
                               "FROM tree_head ORDER BY size"};
constexpr store::Sql kHeadsDown{"journal.heads_down",
                                "SELECT size, previous_size, root, time_us, origin, key_id, signature "
                                "FROM tree_head ORDER BY size DESC"};
constexpr store::Sql kCountEvents{"journal.count_events", "SELECT count(*) FROM event"};
constexpr store::Sql kLastRow{"journal.last_row", "SELECT max(position) FROM event_row"};
constexpr store::Sql kStrayRows{"journal.stray_rows",
                                "SELECT position FROM event_row WHERE position < 1 OR position >= $1 "
                                "ORDER BY position LIMIT 1001"};
constexpr store::Sql kStrayTiles{"journal.stray_tiles",
                                 "SELECT tree, level, position FROM tile WHERE tree <> 0 AND NOT EXISTS "
                                 "(SELECT 1 FROM event WHERE event.seq = tile.tree AND "
                                 "(event.rows > 0 OR length(event.row_root) > 0)) "
                                 "ORDER BY tree, level, position LIMIT 1001"};

struct FieldText {
    std::string_view name, what_zh;
};
constexpr std::array<FieldText, 10> kFields{{{"format", "格式版本与存证不符"},
                                             {"seq", "编号与存证不符"},
                                             {"time", "时间与存证不符"},
                                             {"kind", "种类与存证不符"},
                                             {"principal", "操作者与存证不符"},
                                             {"rulebook", "规则库摘要与存证不符"},
                                             {"payload", "内容或盐值与其摘要不符"},
                                             {"rows", "行数与存证不符"},
                                             {"row_root", "各行的树根与存证不符"},
                                             {"previous", "与上一事项不相连"}}};
constexpr int kRowsField = 7, kRootField = 8, kPreviousField = 9;
using Header = std::array<std::string_view, kFields.size()>;

// The JSON texts of a header's fields. Quotes inside values are escaped, so a field's name can't occur in
// one.
std::optional<Header> split_header(std::string_view header) {
    Header fields;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < kFields.size(); ++i) {
        const std::string mark = (i == 0 ? "{\"" : ",\"") + std::string(kFields[i].name) + "\":";
        const std::size_t found = header.find(mark, begin);
        if (found == std::string_view::npos || (i == 0 && found != 0)) return std::nullopt;
        if (i > 0) fields[i - 1] = header.substr(begin, found - begin);
        begin = found + mark.size();
    }
    if (begin >= header.size() || header.back() != '}') return std::nullopt;
    fields.back() = header.substr(begin, header.size() - begin - 1);
    return fields;
}

std::string_view unquoted(std::string_view json) {
    return json.size() < 2 ? "" : json.substr(1, json.size() - 2);
}

class Verifier {
  public:
    Verifier(store::ReadTx& tx, const crypto::Sm2PublicKey& key, const VerifyProgress& progress)
        : tx_(tx), key_(key), key_id_(key.key_id()), progress_(progress), tiles_(tx, kEventTree) {}

    Result<void> run();
    Findings& findings() { return findings_; }

  private:
    Result<std::int64_t> one_integer(const store::Sql& sql) {
        auto cursor = TRY(tx_.query(sql));
        TRY(cursor.next());
        return cursor.integer(0);
    }
    bool is_signed(const TreeHead& head) const { return key_.verify(as_bytes(head.note()), head.signature); }

    Result<void> tell(std::int64_t done, std::int64_t all) const {
        if (progress_ && !progress_(done, all)) return fail(Fault::task_stopped);
        return {};
    }
    Result<void> find_signed_size();
    Result<void> event(const StoredEvent& stored, bool whole);
    Result<void> missing_until(std::int64_t seq);
    Result<void> leaf(const Digest& computed, const std::optional<Digest>& in_tile);
    void header(const StoredEvent& stored, const std::optional<Header>& actual);
    Result<void> rows(const Event& event);
    Result<void> next_head();
    Result<void> heads_at(std::int64_t size);
    void head(const TreeHead& head, bool whole);
    void head_before(const TreeHead& head);
    void head_root(const TreeHead& head);
    void unsettled_differences(std::string_view what_zh);
    Result<void> strays();

    store::ReadTx& tx_;
    const crypto::Sm2PublicKey& key_;
    const std::string key_id_;
    const VerifyProgress& progress_;
    Findings findings_;

    std::int64_t stored_events_ = 0;
    std::int64_t signed_size_ = 0;  // of the newest head whose signature holds
    std::int64_t last_stored_row_ = 0;
    std::int64_t next_seq_ = 1;
    std::int64_t tiled_ = 0;  // leaves that have a place in a tile
    Witnesses leaves_;
    TileLeaves tiles_;
    std::set<std::int64_t> bad_tiles_, missing_;
    Digest previous_{};  // computed leaf of the event before
    std::optional<Digest> previous_in_tile_;
    bool previous_missing_ = false;
    std::optional<std::int64_t> next_position_ = 1;  // nullopt after a missing event

    std::optional<store::Cursor> head_cursor_;
    std::optional<TreeHead> head_;  // read ahead
    bool head_whole_ = false;
    std::int64_t last_head_size_ = 0, last_signed_size_ = 0;
    std::int64_t settled_ = 0;  // leaves under a root that was found right
    bool lost_ = false;         // no witness fits any more: later roots say nothing new
};

Result<void> Verifier::find_signed_size() {
    auto cursor = TRY(tx_.scan(kHeadsDown));
    while (TRY(cursor.next())) {
        TreeHead head;
        if (!load_head(cursor, head) || !is_signed(head)) continue;
        signed_size_ = std::max<std::int64_t>(head.size, 0);
        break;
    }
    return {};
}

Result<void> Verifier::run() {
    stored_events_ = TRY(one_integer(kCountEvents));
    last_stored_row_ = TRY(one_integer(kLastRow));
    TRY(find_signed_size());
    const std::int64_t most = std::max(stored_events_, signed_size_);
    head_cursor_.emplace(TRY(tx_.scan(kAllHeads)));
    TRY(next_head());
    TRY(heads_at(0));
    {
        auto cursor = TRY(tx_.scan(kAllEvents));
        StoredEvent stored;
        while (TRY(cursor.next())) {
            const bool whole = load_event(cursor, stored);
            const std::int64_t seq = stored.event.seq;
            if (seq < 1 || seq > most) {
                findings_.add(event_place(seq), "多出的事项：编号超出账本");
                continue;
            }
            TRY(missing_until(seq));
            TRY(event(stored, whole));
            if (seq % 256 == 0 || stored.event.row_count > 0) TRY(tell(seq, most));
        }
    }
    TRY(missing_until(signed_size_ + 1));
    TRY(heads_at(INT64_MAX));
    unsettled_differences("事项与哈希块不符");
    TRY(verify_tiles(tx_, kEventTree, std::max(signed_size_, tiled_), bad_tiles_, findings_));
    TRY(strays());
    return tell(most, most);
}

Result<void> Verifier::missing_until(std::int64_t seq) {
    for (; next_seq_ < seq; ++next_seq_) {
        findings_.add(event_place(next_seq_), "缺少这一事项");
        if (missing_.size() < 2000) missing_.insert(next_seq_);
        next_position_.reset();
        previous_missing_ = true;
        previous_ = {};
        previous_in_tile_ = TRY(tiles_.at(next_seq_ - 1));
        TRY(leaf(previous_, previous_in_tile_));
    }
    return {};
}

// Takes the leaf of next_seq_ and the heads that end with it.
Result<void> Verifier::leaf(const Digest& computed, const std::optional<Digest>& in_tile) {
    if (in_tile) tiled_ = next_seq_;
    leaves_.add(computed, in_tile);
    return heads_at(next_seq_);
}

Result<void> Verifier::event(const StoredEvent& stored, bool whole) {
    const Event& event = stored.event;
    const auto in_tile = TRY(tiles_.at(event.seq - 1));
    const Digest computed = leaf_hash(as_bytes(event.header));
    const auto fields = split_header(event.header);
    const std::string place = event_place(event.seq);
    if (!whole) findings_.add(place, "摘要的长度不对");
    if (stored.salt.size() != kSaltSize) findings_.add(place, "盐值的长度不对");
    if (whole && event.leaf_hash != computed) findings_.add(place, "事项摘要与事项头不符");
    if (event.seq > signed_size_) findings_.add(place, "没有被签名的树头覆盖");
    header(stored, fields);

    // Where the header is proven, its row count and root are; else the columns are all there is.
    Event proven = event;
    if (fields && in_tile == computed) {
        proven.row_count = std::strtoll(std::string((*fields)[kRowsField]).c_str(), nullptr, 10);
        proven.row_root = digest_from_hex(unquoted((*fields)[kRootField])).value_or(Digest{});
    } else {
        const std::int64_t first = next_position_.value_or(event.first_position);
        const std::int64_t left =
            std::max<std::int64_t>(0, last_stored_row_ - std::clamp<std::int64_t>(first, 1, INT64_MAX) + 1);
        proven.row_count = std::clamp<std::int64_t>(event.row_count, 0, left);
    }
    TRY(rows(proven));
    previous_ = computed;
    previous_in_tile_ = in_tile;
    previous_missing_ = false;
    TRY(leaf(computed, in_tile));
    ++next_seq_;
    return {};
}

// The header against the columns, and the chain.
void Verifier::header(const StoredEvent& stored, const std::optional<Header>& actual) {
    const std::string place = event_place(stored.event.seq);
    if (!actual) return findings_.add(place, "事项头的格式不对");
    Digest previous = previous_;
    const auto named = digest_from_hex(unquoted((*actual)[kPreviousField]));
    const bool by_tile = previous_in_tile_ && named == *previous_in_tile_;
    const bool unknown = previous_missing_ && !previous_in_tile_;
    if (named && (by_tile || unknown)) previous = *named;
    const std::string expected =
        header_text(stored.event, salted_digest(stored.salt, stored.event.payload), previous);
    if (expected == stored.event.header) return;
    const auto fields = split_header(expected);
    bool told = false;
    for (std::size_t i = 0; i < kFields.size(); ++i) {
        if ((*fields)[i] == (*actual)[i]) continue;
        findings_.add(place, std::string(kFields[i].what_zh));
        told = true;
    }
    if (!told) findings_.add(place, "事项头的格式不对");
}

Result<void> Verifier::rows(const Event& event) {
    const std::string place = event_place(event.seq);
    if (event.row_count == 0) {
        if (event.first_position != 0) findings_.add(place, "没有行却记有首行位置");
        return {};
    }
    const std::int64_t first = next_position_.value_or(std::max<std::int64_t>(event.first_position, 1));
    if (event.first_position != first) {
        findings_.add(place, "首行位置不对：应为 " + std::to_string(first));
    }
    next_position_ = first + event.row_count;
    const auto go_on = [this, &event] { return tell(event.seq - 1, stored_events_); };
    return verify_rows(tx_, event.seq, first, event.row_count, event.row_root, findings_, go_on);
}

Result<void> Verifier::next_head() {
    head_.reset();
    if (!TRY(head_cursor_->next())) return {};
    head_.emplace();
    head_whole_ = load_head(*head_cursor_, *head_);
    return {};
}

// Checks the heads up to this size that have not been checked.
Result<void> Verifier::heads_at(std::int64_t size) {
    while (head_ && head_->size <= size) {
        if (head_->size != leaves_.size() || head_->size < 1) {
            findings_.add(head_place(head_->size), "账本中没有这样多的事项");
        } else {
            head(*head_, head_whole_);
        }
        TRY(next_head());
    }
    return {};
}

void Verifier::head(const TreeHead& head, bool whole) {
    const std::string place = head_place(head.size);
    if (head.key_id != key_id_) findings_.add(place, "签名公钥的编号不符");
    if (!whole) {
        findings_.add(place, "树根的长度不对");
    } else if (!is_signed(head)) {
        findings_.add(place, "签名不符：来源、大小、树根、时间、前一大小或签名被改动");
    } else {
        head_before(head);
        head_root(head);
        last_signed_size_ = head.size;
    }
    last_head_size_ = head.size;
}

void Verifier::head_before(const TreeHead& head) {
    if (head.previous_size == last_head_size_ || head.previous_size == last_signed_size_) return;
    if (head.previous_size > last_signed_size_) {
        findings_.add(head_place(head.previous_size), "缺少这一树头，也可能还缺少它之前的树头");
    } else {
        findings_.add(head_place(head.size), "与前一树头不相连");
    }
}

void Verifier::head_root(const TreeHead& head) {
    if (lost_) return;
    const auto verdict = leaves_.judge(head.root);
    switch (verdict) {
        case Witnesses::Verdict::both:
            break;
        case Witnesses::Verdict::computed:
            for (const std::int64_t index : leaves_.differences()) {
                if (bad_tiles_.insert(index / kTileWidth).second) {
                    findings_.add(tile_place(kEventTree, 0, index / kTileWidth), "哈希块与事项不符");
                }
            }
            break;
        case Witnesses::Verdict::tiles:
            unsettled_differences("事项头与签名的树头不符");
            break;
        case Witnesses::Verdict::neither:
            findings_.add(head_place(head.size), "树根与第 " + std::to_string(settled_ + 1) + " 至第 " +
                                                     std::to_string(head.size) +
                                                     " 号事项不符；之后的树头因此无法逐一核对");
            unsettled_differences("事项与哈希块不符");
            lost_ = true;
            break;
    }
    leaves_.settle(verdict);
    settled_ = head.size;
}

void Verifier::unsettled_differences(std::string_view what_zh) {
    for (const std::int64_t index : leaves_.differences()) {
        if (!missing_.contains(index + 1)) findings_.add(event_place(index + 1), std::string(what_zh));
    }
}

Result<void> Verifier::strays() {
    auto rows = TRY(tx_.query(kStrayRows, {next_position_.value_or(INT64_MAX)}));
    while (TRY(rows.next())) {
        findings_.add("row at position " + std::to_string(rows.integer(0)), "多出的行：不属于任何批次");
    }
    auto tiles = TRY(tx_.query(kStrayTiles));
    while (TRY(tiles.next())) {
        findings_.add(tile_place(tiles.integer(0), static_cast<int>(tiles.integer(1)), tiles.integer(2)),
                      "多出的哈希块：没有这样的批次");
    }
    return {};
}

}  // namespace

Result<std::vector<Damage>> verify(store::ReadTx& tx, const crypto::Sm2PublicKey& key,
                                   const VerifyProgress& progress) {
    Verifier verifier(tx, key, progress);
    const auto done = verifier.run();
    if (!done.ok()) {
        // A file that the engine can no longer read is a finding; a lost connection is not.
        if (done.error().fault != Fault::store_corrupt) return fail(done.error());
        verifier.findings().add("database", done.error().message_zh());
    }
    return verifier.findings().take();
}

}  // namespace mingxin::journal
