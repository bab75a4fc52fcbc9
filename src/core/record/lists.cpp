#include "record/lists.h"

#include <algorithm>

#include "base/text.h"
#include "listing/keyset.h"
#include "record/held.h"
#include "record/record_sql.h"

namespace mingxin::record {

using listing::Asked;
using listing::Range;
using listing::Select;
using listing::Walk;
using listing::Walked;

namespace {

/// Rows of the record table that one call looks at: beyond it the page ends where it is.
constexpr std::int64_t kLookedAt = 200'000;
constexpr int kMostSubjects = 200;

constexpr listing::Clock kBatchClock{
    {"batch.clock", "select id, received_us from batch where id >= $1 order by id limit 1"},
    {"batch.last", "select coalesce(max(id), 0) from batch"}};
constexpr listing::Clock kRecordClock{
    {"record.clock",
     "select position, received_us from record where position >= $1 order by position limit 1"},
    {"record.last", "select coalesce(max(position), 0) from record"}};
constexpr listing::Clock kDoubtfulClock{
    {"doubtful.clock",
     "select position, received_us from doubtful where position >= $1 order by position limit 1"},
    {"doubtful.last", "select coalesce(max(position), 0) from doubtful"}};
constexpr store::Sql kWaiting{
    "doubtful.waiting",
    "select coalesce(b.unit_code, ''), count(*), sum(case when r.received_us < $2 then 1 else 0 end), "
    "min(r.received_us) from doubtful r left join batch b on b.id = r.event "
    "where r.tenant = $1 and r.decided_us = 0 group by 1 order by 1"};
constexpr store::Sql kBatchRows{"batch.rows", "select first_position, rows from batch where id = $1"};

std::optional<std::int64_t> as_number(std::string_view text) {
    if (text.empty() || text.size() > 18) return std::nullopt;
    std::int64_t number = 0;
    for (char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        number = number * 10 + (c - '0');
    }
    return number;
}

struct BatchRows {
    std::int64_t first = 0, count = 0;
};
Result<BatchRows> rows_of(store::ReadTx& tx, std::int64_t batch) {
    auto row = TRY(tx.query(kBatchRows, {batch}));
    if (!TRY(row.next())) return fail(Fault::not_found, "没有这个批次");
    return BatchRows{row.integer(0), row.integer(1)};
}

/// The one unit whose batches are asked for; nullopt: of all. matches is false where there can be none.
struct UnitFilter {
    std::optional<std::string_view> unit;
    bool matches = true;
};
UnitFilter unit_filter(api::Principal::Scope scope, std::string_view wanted) {
    if (scope.all) return {wanted.empty() ? std::nullopt : std::optional(wanted), true};
    return {scope.unit, scope.covers(wanted.empty() ? scope.unit : wanted)};
}

Result<void> where_outcome(Select& select, std::string_view outcome) {
    if (outcome.empty()) return {};
    if (outcome == "rejected") {
        select.where("rejected", "rejected > 0", {});
    } else if (outcome == "doubtful") {
        select.where("doubtful", "doubtful > 0", {});
    } else if (outcome == "clean") {
        select.where("clean", "rejected + doubtful = 0", {});
    } else {
        return fail(Fault::bad_argument, "outcome 应为 rejected、doubtful 或 clean");
    }
    return {};
}

}  // namespace

Result<Walked> walk_batches(store::ReadTx& tx, std::int64_t tenant, const Asked& asked, const Walk& walk,
                            const VisitOne<Batch>& visit) {
    const api::Input& in = asked.in;
    const UnitFilter unit = unit_filter(asked.who.scope(), in.text("unit"));
    Range range = TRY(listing::behind(walk, {}));
    range = TRY(listing::within_days(tx, kBatchClock, in, range));
    const std::string_view item = in.text("item"), text = in.text("q");
    // A plus keeps SQLite from the indexes that begin with the tenant where the key alone will do.
    Select select("batch.list",
                  !unit.unit && item.empty() ? "select id, file_name from batch where +tenant = ?"
                                             : "select id, file_name from batch where tenant = ?",
                  {tenant});
    if (unit.unit) select.where("unit", "unit_code = ?", {*unit.unit});
    if (!item.empty()) select.where("item", "item = ?", {item});
    TRY(where_outcome(select, in.text("outcome")));
    listing::TextFilter filter;
    const auto id = as_number(text);  // of a batch, or a date in the name of its file
    if (!id || text.size() > 1) filter = TRY(listing::containing(tx, batch_table(), text));
    if (id && text.size() == 1) filter.keys.emplace();
    if (id && filter.keys) {
        const auto at = std::lower_bound(filter.keys->begin(), filter.keys->end(), *id);
        if (at == filter.keys->end() || *at != *id) filter.keys->insert(at, *id);
    }
    if (!unit.matches) return Walked{};
    Batch bare;
    TRY(listing::walk_rows(tx, select, "id", range, filter.selected(), walk.descending,
                           filter.folded.empty() || filter.keys ? walk.most : INT64_MAX,
                           [&, left = walk.most](store::Cursor& row) mutable -> Result<bool> {
                               if (!filter.keys && !filter.matches(row.text(1))) return true;
                               if (left-- <= 0) return false;
                               bare.id = row.integer(0);
                               if (!walk.contents) return visit(bare);
                               const auto batch = TRY(find_batch(tx, bare.id));
                               return batch ? visit(*batch) : Result<bool>(true);
                           }));
    return Walked{};
}

Result<std::vector<Batch>> batches(store::ReadTx& tx, std::int64_t tenant, api::Principal::Scope scope,
                                   std::int64_t before, int limit) {
    Asked asked{};
    asked.who.unit_code = scope.unit;
    asked.who.permissions[static_cast<int>(api::Permission::collect_view_all)] = scope.all;
    std::vector<Batch> list;
    const Walk walk{.descending = true, .from = std::to_string(before), .most = limit};
    TRY(walk_batches(tx, tenant, asked, walk, [&](const Batch& batch) -> Result<bool> {
        list.push_back(batch);
        return true;
    }));
    return list;
}

namespace {

Result<int> outcome_number(std::string_view name) {
    for (int i = 1; i <= static_cast<int>(Outcome::rejected); ++i) {
        if (outcome_name(static_cast<Outcome>(i)) == name) return i;
    }
    return fail(Fault::bad_argument, "outcome 应为 accepted、updated、duplicate、doubtful 或 rejected");
}

}  // namespace

Result<void> walk_findings(store::ReadTx& tx, std::int64_t batch, const FindingFilter& filter,
                           const Walk& walk, const VisitOne<FaultyRow>& visit) {
    const auto [first, count] = TRY(rows_of(tx, batch));
    Range range = TRY(listing::behind(walk, {0, count + 1}));
    // Within the batch, whatever key was asked for: behind it are the rows of other units.
    range = {std::clamp<std::int64_t>(range.low, 0, count) + first - 1,
             std::clamp<std::int64_t>(range.high, 0, count + 1) + first - 1};
    Select select("finding.list",
                  filter.fault.empty() ? "select position, outcome from finding where +outcome > ?"
                                       : "select position, outcome from finding where outcome > ?",
                  {0});
    if (!filter.fault.empty()) select.where("fault", "fault = ?", {filter.fault});
    if (filter.field != -2) select.where("field", "field = ?", {filter.field});
    if (!filter.outcome.empty()) {
        select.where("outcome", "outcome = ?", {TRY(outcome_number(filter.outcome))});
    }
    std::int64_t last = -1, left = walk.most;
    const std::int64_t first_position = first;
    return listing::walk_rows(
        tx, select, "position", range, nullptr, walk.descending, INT64_MAX,
        [&](store::Cursor& row) -> Result<bool> {
            const std::int64_t position = row.integer(0);
            if (position == last) return true;  // another finding of the row
            if (left-- <= 0) return false;
            last = position;
            return visit({position - first_position + 1, position, static_cast<Outcome>(row.integer(1))});
        });
}

namespace {

/// Rows of a table in the positions of the batches of one unit, the batches in order. alias: of the table.
struct OfUnit {
    std::string from, condition;
    std::vector<store::Value> values;
};
OfUnit of_unit(std::string_view table, std::int64_t tenant, std::string_view unit, const Range& range) {
    OfUnit part;
    part.from = " from batch b cross join " + std::string(table) + " r";
    part.condition =
        " where b.tenant = ? and b.unit_code = ? and b.first_position + b.rows > ? and b.first_position < ? "
        "and r.position > case when b.first_position - 1 > ? then b.first_position - 1 else ? end "
        "and r.position < case when b.first_position + b.rows < ? then b.first_position + b.rows else ? end";
    part.values = {tenant, unit, range.low, range.high, range.low, range.low, range.high, range.high};
    return part;
}

constexpr const char* kDoubtfulColumns =
    "select r.position, r.event, r.row, r.candidate, r.received_us, b.unit_code";

Select doubtful_select(std::int64_t tenant, const std::optional<std::string_view>& unit, const Range& range) {
    if (unit) {
        OfUnit part = of_unit("doubtful", tenant, *unit, range);
        return Select("doubtful.list.unit", kDoubtfulColumns + part.from + part.condition,
                      std::move(part.values))
            .where("open", "+r.decided_us = 0", {});
    }
    return Select("doubtful.list",
                  std::string(kDoubtfulColumns) +
                      " from doubtful r left join batch b on b.id = r.event where r.tenant = ? and "
                      "r.decided_us = 0 and r.position > ? and r.position < ?",
                  {tenant, range.low, range.high});
}

Result<void> fill_doubtful(store::ReadTx& tx, const rulebook::Rulebook& rulebook, const Reading& reading,
                           Doubtful& one) {
    const std::string payload = TRY(journal::row_payload(tx, one.position));
    Entry entry = TRY(decode(Outcome::doubtful, payload, rulebook));
    one.item = entry.item;
    one.line = entry.line;
    one.fields = shown_fields(rulebook, entry, reading);
    one.findings = std::move(entry.findings);
    return {};
}

Result<const rulebook::Item*> item_filter(const rulebook::Rulebook& rulebook, std::string_view id) {
    if (id.empty()) return static_cast<const rulebook::Item*>(nullptr);
    const rulebook::Item* item = rulebook.item(id);
    if (!item) return fail(Fault::item_unknown, std::string(id));
    return item;
}

}  // namespace

Result<Walked> walk_doubtful(store::ReadTx& tx, const rulebook::Rulebook& rulebook, std::int64_t tenant,
                             const Asked& asked, const Walk& walk, const VisitOne<Doubtful>& visit) {
    const api::Input& in = asked.in;
    const UnitFilter unit = unit_filter(asked.who.scope(), in.text("unit"));
    Range range = TRY(listing::behind(walk, {}));
    range = TRY(listing::within_days(tx, kDoubtfulClock, in, range));
    if (in.has("batch")) {
        const auto [first, count] = TRY(rows_of(tx, in.integer("batch", 0)));
        range = {std::max(range.low, first - 1), std::min(range.high, first + count)};
    }
    const rulebook::Item* item = TRY(item_filter(rulebook, in.text("item")));
    const std::string_view fault = in.text("fault"), candidate = in.text("q");
    if (!unit.matches || range.empty()) return Walked{};
    Select select = doubtful_select(tenant, unit.unit, range);
    if (item) select.where("item", unit.unit ? "+r.item = ?" : "r.item = ?", {item->number});
    if (!fault.empty()) select.where("fault", unit.unit ? "r.fault || '' = ?" : "r.fault = ?", {fault});
    if (!candidate.empty()) {
        select.where("candidate", unit.unit ? "r.candidate || '' = ?" : "r.candidate = ?", {candidate});
    }
    Reading reading;
    reading.today = asked.today();
    auto rows =
        TRY(select.rows(tx, unit.unit ? "b.id, r.position" : "r.position", walk.descending, walk.most));
    while (TRY(rows.next())) {
        Doubtful one;
        one.position = rows.integer(0);
        one.batch = rows.integer(1);
        one.row = rows.integer(2);
        one.candidate = rows.text(3);
        one.received = Instant{rows.integer(4)};
        one.unit_code = rows.text(5);
        if (walk.contents) TRY(fill_doubtful(tx, rulebook, reading, one));
        if (!TRY(visit(one))) break;
    }
    return Walked{};
}

Result<std::vector<Waiting>> count_waiting(store::ReadTx& tx, std::int64_t tenant, Instant before) {
    std::vector<Waiting> list;
    auto rows = TRY(tx.query(kWaiting, {tenant, before.us}));
    while (TRY(rows.next())) {
        list.push_back(
            {std::string(rows.text(0)), rows.integer(1), rows.integer(2), Instant{rows.integer(3)}});
    }
    return list;
}

namespace {

constexpr const char* kRecordColumns =
    "select r.position, r.item, r.subject, r.event, r.row, r.start, r.valid_to, r.stated_end, r.severity, "
    "r.received_us, r.ended_us";
constexpr store::Sql kPositionsOf{
    "record.positions_of",
    "select position from record where tenant = $1 and subject = $2 order by position"};

}  // namespace

Result<std::vector<std::int64_t>> positions_of(store::ReadTx& tx, std::int64_t tenant,
                                               std::string_view text) {
    std::vector<std::string> codes;
    if (const auto subject = TRY(subject::find_by_code(tx, tenant, text))) {
        codes.push_back(subject->code);
    } else {
        for (subject::Subject& one : TRY(subject::search(tx, tenant, text, kMostSubjects + 1))) {
            codes.push_back(std::move(one.code));
        }
        if (codes.size() > kMostSubjects) {
            return fail(Fault::bad_argument, "名称中有这些字的主体超过" + std::to_string(kMostSubjects) +
                                                 "个，请把名称写得更完整，或改用统一社会信用代码");
        }
    }
    std::vector<std::int64_t> positions;
    for (const std::string& code : codes) {
        auto rows = TRY(tx.query(kPositionsOf, {tenant, code}));
        while (TRY(rows.next())) positions.push_back(rows.integer(0));
    }
    std::sort(positions.begin(), positions.end());
    return positions;
}

namespace {

/// Decides about the rows of the record table one after another.
class RecordWalk {
  public:
    RecordWalk(store::ReadTx& tx, const rulebook::Rulebook& rulebook, const Reading& reading,
               const Walk& walk, const VisitOne<ShownRecord>& visit)
        : tx_(tx), rulebook_(rulebook), reading_(reading), walk_(walk), visit_(visit), left_(walk.most) {}

    Result<bool> row(store::Cursor& row) {
        read_held(row, held_);
        if (walk_.most != INT64_MAX && ++looked_ > kLookedAt) {
            stopped_ = last_;
            return false;
        }
        last_ = std::to_string(held_.position);
        const auto decision = may_see(rulebook_, held_, reading_);
        if (!decision) return true;
        if (left_-- <= 0) return false;
        if (walk_.contents) return visit_(TRY(load_and_show(tx_, rulebook_, held_, *decision, reading_)));
        bare_.position = held_.position;
        bare_.item = rulebook_.item(held_.item);
        return visit_(bare_);
    }
    Walked walked() const { return {stopped_}; }

  private:
    store::ReadTx& tx_;
    const rulebook::Rulebook& rulebook_;
    const Reading& reading_;
    const Walk& walk_;
    const VisitOne<ShownRecord>& visit_;
    Held held_;
    ShownRecord bare_;
    std::int64_t left_, looked_ = 0;
    std::string last_;
    std::optional<std::string> stopped_;
};

}  // namespace

Result<Walked> walk_records(store::ReadTx& tx, const rulebook::Rulebook& rulebook, std::int64_t tenant,
                            const Asked& asked, const Reading& reading, const Walk& walk,
                            const VisitOne<ShownRecord>& visit) {
    const api::Input& in = asked.in;
    Range range = TRY(listing::behind(walk, {}));
    range = TRY(listing::within_days(tx, kRecordClock, in, range));
    const rulebook::Item* item = TRY(item_filter(rulebook, in.text("item")));
    const std::string_view unit = in.text("unit"), text = in.text("q");
    const bool of_subjects = !trim(text).empty();
    std::vector<std::int64_t> keys;
    if (of_subjects) keys = TRY(positions_of(tx, tenant, text));
    if (range.empty()) return Walked{};
    const std::string columns = kRecordColumns;
    const bool by_batches = !unit.empty() && !of_subjects;
    const bool by_item = item && !by_batches && !of_subjects;
    OfUnit part;
    if (by_batches) part = of_unit("record", tenant, unit, range);
    Select select =
        by_batches
            ? Select("record.list.unit", columns + part.from + part.condition, part.values)
            : Select("record.list", columns + " from record r where " + (by_item ? "" : "+") + "r.tenant = ?",
                     {tenant});
    select.where("live", "r.ended_us = 0", {});
    if (!unit.empty() && of_subjects) {
        select.where("by", "exists (select 1 from batch b where b.id = r.event and b.unit_code = ?)", {unit});
    }
    if (item) select.where("item", by_item ? "r.item = ?" : "+r.item = ?", {item->number});
    if (in.has("severity")) select.where("severity", "r.severity = ?", {in.integer("severity", 0)});
    RecordWalk decide(tx, rulebook, reading, walk, visit);
    const std::int64_t most = walk.most == INT64_MAX ? INT64_MAX : kLookedAt + 1;
    if (!by_batches) {
        TRY(listing::walk_rows(tx, select, "r.position", range, of_subjects ? &keys : nullptr,
                               walk.descending, most, [&](store::Cursor& row) { return decide.row(row); }));
        return decide.walked();
    }
    auto rows = TRY(select.rows(tx, "b.id, r.position", walk.descending, most));
    while (TRY(rows.next())) {
        if (!TRY(decide.row(rows))) break;
    }
    return decide.walked();
}

}  // namespace mingxin::record
