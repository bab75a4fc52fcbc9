#include "record/judgement.h"

#include "listing/keyset.h"
#include "record/held.h"
#include "record/record_sql.h"

namespace mingxin::record {

using listing::Range;
using listing::Select;

namespace {

constexpr store::Sql kWaitingRow{
    "doubtful.row",
    "select d.event, d.row, d.candidate, d.received_us, b.unit_code, d.judged_by from doubtful d "
    "left join batch b on b.id = d.event where d.tenant = $1 and d.position = $2"};
constexpr store::Sql kEndOf{"record.end_of", "select ended_us from record where position = $1"};
constexpr store::Sql kEndedBy{"record.ended_by",
                              "select position from record where position = $1 and ended_by = $2"};
constexpr store::Sql kTakeBack{
    "record.take_back",
    "update record set ended_us = $2, ended_by = -1 where position = $1 and ended_us = 0"};
constexpr store::Sql kStandAgain{
    "record.stand_again",
    "update record set ended_us = 0, ended_by = 0 where position = $1 and ended_by = $2"};
constexpr store::Sql kWaitAgain{
    "doubtful.wait_again",
    "update doubtful set decided_us = 0, judged_by = 0, judged_in = 0 where position = $1"};
constexpr listing::Clock kJudgementClock{
    {"judgement.clock",
     "select judged_by, decided_us from doubtful where judged_by > 0 and judged_by >= $1 order by judged_by "
     "limit 1"},
    {"judgement.last", "select coalesce(max(judged_by), 0) from doubtful"}};

}  // namespace

Result<std::optional<WaitingRow>> find_waiting(store::ReadTx& tx, const rulebook::Rulebook& rulebook,
                                               std::int64_t tenant, std::int64_t position) {
    WaitingRow found;
    {
        auto row = TRY(tx.query(kWaitingRow, {tenant, position}));
        if (!TRY(row.next())) return std::optional<WaitingRow>();
        found.row.position = position;
        found.row.batch = row.integer(0);
        found.row.row = row.integer(1);
        found.row.candidate = row.text(2);
        found.row.received = Instant{row.integer(3)};
        found.row.unit_code = row.text(4);
        found.judged_by = row.integer(5);
    }
    found.entry = TRY(decode(Outcome::doubtful, TRY(journal::row_payload(tx, position)), rulebook));
    found.row.item = found.entry.item;
    found.row.line = found.entry.line;
    found.row.findings = found.entry.findings;
    return std::optional<WaitingRow>(std::move(found));
}

namespace {

/// The judging row and its batch.
Result<void> fill_judgement(store::ReadTx& tx, const rulebook::Rulebook& rulebook, const Reading& reading,
                            std::int64_t tenant, Judgement& one, std::int64_t waited) {
    auto waiting = TRY(find_waiting(tx, rulebook, tenant, waited));
    if (!waiting) return fail(Fault::payload_broken, std::to_string(waited));
    one.waited = std::move(waiting->row);
    one.waited.fields = shown_fields(rulebook, waiting->entry, reading);
    const Entry entry = TRY(decode(Outcome::accepted, TRY(journal::row_payload(tx, one.position)), rulebook));
    one.subject = entry.subject;
    if (const auto batch = TRY(find_batch(tx, one.batch))) {
        one.judged_by = batch->submitted_by;
        one.reason = batch->reason;
        one.judged = batch->received;
    }
    return {};
}

Result<void> where_verdict(Select& select, std::string_view outcome) {
    if (outcome.empty()) return {};
    const int rejected = static_cast<int>(Outcome::rejected);
    if (outcome == "attached") {
        select.where("attached", "e.outcome <> ?", {rejected});
    } else if (outcome == "returned") {
        select.where("returned", "e.outcome = ?", {rejected});
    } else {
        return fail(Fault::bad_argument, "outcome 应为 attached 或 returned");
    }
    return {};
}

}  // namespace

Result<listing::Walked> walk_judgements(store::ReadTx& tx, const rulebook::Rulebook& rulebook,
                                        std::int64_t tenant, const listing::Asked& asked,
                                        const listing::Walk& walk, const VisitOne<Judgement>& visit) {
    const api::Input& in = asked.in;
    const std::string_view unit = in.text("unit"), item = in.text("item");
    const api::Principal::Scope scope = asked.who.scope();
    if (!scope.all && !scope.covers(unit.empty() ? scope.unit : unit)) return listing::Walked{};
    Range range = TRY(listing::behind(walk, {0, INT64_MAX}));
    range = TRY(listing::within_days(tx, kJudgementClock, in, range));
    if (range.empty()) return listing::Walked{};
    Select select("judgement.list",
                  "select d.judged_by, d.position, e.outcome, d.judged_in, j.first_position from doubtful d "
                  "join event_row e on e.position = d.judged_by join batch b on b.id = d.event "
                  "join batch j on j.id = d.judged_in where d.tenant = ? and d.judged_by > ? and "
                  "d.judged_by < ?",
                  {tenant, range.low, range.high});
    if (!scope.all || !unit.empty()) select.where("unit", "b.unit_code = ?", {scope.all ? unit : scope.unit});
    if (!item.empty()) {
        const rulebook::Item* known = rulebook.item(item);
        if (!known) return fail(Fault::item_unknown, std::string(item));
        select.where("item", "d.item = ?", {known->number});
    }
    TRY(where_verdict(select, in.text("outcome")));
    Reading reading;
    reading.today = asked.today();
    auto rows = TRY(select.rows(tx, "d.judged_by", walk.descending, walk.most));
    while (TRY(rows.next())) {
        Judgement one;
        one.position = rows.integer(0);
        one.outcome = static_cast<Outcome>(rows.integer(2));
        one.batch = rows.integer(3);
        one.row = one.position - rows.integer(4) + 1;
        if (walk.contents) TRY(fill_judgement(tx, rulebook, reading, tenant, one, rows.integer(1)));
        if (!TRY(visit(one))) break;
    }
    return listing::Walked{};
}

Result<Reversal> plan_reversal(store::ReadTx& tx, const rulebook::Rulebook& rulebook,
                               const WaitingRow& waiting) {
    if (waiting.judged_by == 0) return fail(Fault::judgement_unknown, std::to_string(waiting.row.position));
    Reversal plan{waiting.row.position, waiting.judged_by, 0};
    {
        auto record = TRY(tx.query(kEndOf, {waiting.judged_by}));
        if (!TRY(record.next())) return plan;  // it was refused, or known already: no record hangs on it
        if (record.integer(0) != 0)
            return fail(Fault::judgement_superseded, std::to_string(waiting.row.position));
    }
    const std::string payload = TRY(journal::row_payload(tx, waiting.judged_by));
    const std::int64_t replaced = TRY(decode(Outcome::accepted, payload, rulebook)).replaces;
    auto ended = TRY(tx.query(kEndedBy, {replaced, waiting.judged_by}));
    if (TRY(ended.next())) plan.restored = replaced;
    return plan;
}

Result<void> apply_reversal(store::Tx& tx, const journal::Event& event) {
    const Reversal reversal = TRY(decode_reversal(event.payload));
    TRY(tx.execute(kTakeBack, {reversal.judged, event.time.us}));
    if (reversal.restored != 0) TRY(tx.execute(kStandAgain, {reversal.restored, reversal.judged}));
    TRY(tx.execute(kWaitAgain, {reversal.waited}));
    return {};
}

}  // namespace mingxin::record
