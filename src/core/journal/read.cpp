// Reading events, rows and heads.
#include "journal/layout.h"

namespace mingxin::journal {
namespace {

#define MINGXIN_EVENT_COLUMNS                                                                       \
    "SELECT seq, time_us, kind, principal, rulebook, header, salt, payload, rows, first_position, " \
    "row_root, leaf_hash FROM event "
#define MINGXIN_HEAD_COLUMNS \
    "SELECT size, previous_size, root, time_us, origin, key_id, signature FROM tree_head "

constexpr store::Sql kEventsBefore{"journal.events_before",
                                   MINGXIN_EVENT_COLUMNS "WHERE seq < $1 ORDER BY seq DESC LIMIT $2"};
constexpr store::Sql kEventsFrom{"journal.events_from", MINGXIN_EVENT_COLUMNS "WHERE seq >= $1 ORDER BY seq"};
constexpr store::Sql kHeadsBefore{"journal.heads_before",
                                  MINGXIN_HEAD_COLUMNS "WHERE size < $1 ORDER BY size DESC LIMIT $2"};
constexpr store::Sql kRowsBetween{"journal.rows_between",
                                  "SELECT position, outcome, payload FROM event_row "
                                  "WHERE position >= $1 AND position < $2 ORDER BY position"};
constexpr store::Sql kRowPayload{"journal.row_payload", "SELECT payload FROM event_row WHERE position = $1"};

#undef MINGXIN_EVENT_COLUMNS
#undef MINGXIN_HEAD_COLUMNS

}  // namespace

std::string TreeHead::note() const {
    return origin + "\n" + std::to_string(size) + "\n" + to_base64(root) + "\n" + time.to_string() + "\n" +
           std::to_string(previous_size) + "\n";
}

Result<std::vector<TreeHead>> heads(store::ReadTx& tx, int limit, std::int64_t before_size) {
    std::vector<TreeHead> found;
    auto cursor = TRY(tx.query(kHeadsBefore, {before_size, limit}));
    while (TRY(cursor.next())) found.push_back(TRY(read_head(cursor)));
    return found;
}

Result<std::optional<TreeHead>> latest_head(store::ReadTx& tx) {
    auto newest = TRY(heads(tx, 1));
    if (newest.empty()) return std::optional<TreeHead>();
    return std::optional<TreeHead>(std::move(newest.front()));
}

Result<std::optional<Event>> find_event(store::ReadTx& tx, std::int64_t seq) {
    auto stored = TRY(find_stored_event(tx, seq));
    if (!stored) return std::optional<Event>();
    return std::optional<Event>(std::move(stored->event));
}

Result<std::vector<Event>> events(store::ReadTx& tx, std::int64_t before, int limit) {
    std::vector<Event> found;
    auto cursor = TRY(tx.query(kEventsBefore, {before, limit}));
    while (TRY(cursor.next())) found.push_back(TRY(read_event(cursor)).event);
    return found;
}

Result<void> for_each_event(store::ReadTx& tx, std::int64_t from_seq,
                            const std::function<Result<void>(const Event&)>& visit) {
    auto cursor = TRY(tx.scan(kEventsFrom, {from_seq}));
    while (TRY(cursor.next())) {
        const StoredEvent stored = TRY(read_event(cursor));
        TRY(visit(stored.event));
    }
    return {};
}

Result<void> for_each_row(store::ReadTx& tx, const Event& event,
                          const std::function<Result<void>(const Row&)>& visit, std::int64_t from_row) {
    if (event.row_count == 0) return {};
    const std::int64_t end = event.first_position + event.row_count;
    auto cursor = TRY(tx.scan(kRowsBetween, {event.first_position + from_row - 1, end}));
    Row row;
    row.row = from_row - 1;
    while (TRY(cursor.next())) {
        if (cursor.integer(0) != event.first_position + row.row) break;
        ++row.row;
        row.outcome = static_cast<std::uint8_t>(cursor.integer(1));
        row.payload = cursor.text(2);
        TRY(visit(row));
    }
    if (row.row == event.row_count) return {};
    return fail(Fault::journal_damaged,
                "事项 " + std::to_string(event.seq) + " 缺少第 " + std::to_string(row.row + 1) + " 行");
}

Result<std::string> row_payload(store::ReadTx& tx, std::int64_t position) {
    auto cursor = TRY(tx.query(kRowPayload, {position}));
    if (!TRY(cursor.next())) return fail(Fault::row_unknown, "位置 " + std::to_string(position));
    return std::string(cursor.text(0));
}

}  // namespace mingxin::journal
