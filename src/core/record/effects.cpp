// Withdrawing: the decision, its event, and the table of corrections and withdrawals.
#include "record/effects.h"

#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "record/effects_table.h"
#include "record/held.h"

namespace mingxin::record {

using store::ColumnType;
using store::Sql;

namespace {

constexpr Sql kStanding{
    "record.standing",
    "select r.position, r.item, r.subject, r.start, r.received_us, r.first_us, r.ended_us, r.ended_by, "
    "r.event, r.row, b.unit_code, n.event, n.row from record r left join batch b on b.id = r.event "
    "left join record n on n.position = r.ended_by where r.tenant = $1 and r.position = $2"};
constexpr Sql kWithdraw{"record.withdraw", "update record set ended_us = $2 where position = $1"};
constexpr Sql kNumbered{"correction.numbered", "select count(*) from correction where id >= $1 and id < $2"};
constexpr std::int64_t kPerEvent = 1000;
static_assert(kMostWithdrawn < kPerEvent);
constexpr std::size_t kLongestReason = 500, kLongestDocument = 128;  // characters

store::Value day(const std::optional<Date>& date) {
    return date ? store::Value(std::int64_t{date->days}) : store::Value();
}

}  // namespace

const store::Table& correction_table() {
    static const store::Table table{.name = "correction",
                                    .columns = {{"id", ColumnType::integer},
                                                {"tenant", ColumnType::integer},
                                                {"event", ColumnType::integer},
                                                {"kind", ColumnType::text},
                                                {"ground", ColumnType::text},
                                                {"item", ColumnType::integer},
                                                {"position", ColumnType::integer},
                                                {"successor", ColumnType::integer},  // 0: none
                                                {"unit_code", ColumnType::text},
                                                {"document_no", ColumnType::text},
                                                {"reason", ColumnType::text},
                                                {"decided", ColumnType::integer, true},
                                                {"due", ColumnType::integer, true},
                                                {"late_days", ColumnType::integer},
                                                {"at_us", ColumnType::integer}},
                                    .primary_key = "id",
                                    .indexes = {{"correction_unit", "tenant, unit_code, id"},
                                                {"correction_position", "tenant, position"},
                                                {"correction_successor", "tenant, successor"}}};
    return table;
}

Result<void> add_correction(store::Tx& tx, std::int64_t tenant, const Correction& c) {
    const std::int64_t first = c.event * kPerEvent;
    std::int64_t number = 0;
    {
        auto rows = TRY(tx.query(kNumbered, {first, first + kPerEvent}));
        if (TRY(rows.next())) number = rows.integer(0);
    }
    return tx.insert(correction_table(), {first + number, tenant, c.event, c.kind, c.ground, c.item,
                                          c.position, c.successor, c.unit_code, c.document_no, c.reason,
                                          day(c.decided), day(c.due), c.late_working_days, c.at.us});
}

Result<std::optional<Standing>> find_standing(store::ReadTx& tx, std::int64_t tenant, std::string_view id) {
    const auto parts = read_id(id);
    const auto position = parts ? TRY(position_of(tx, *parts)) : std::nullopt;
    if (!position) return std::optional<Standing>();
    auto rows = TRY(tx.query(kStanding, {tenant, *position}));
    if (!TRY(rows.next())) return std::optional<Standing>();
    Standing found;
    found.position = rows.integer(0);
    found.item = rows.integer(1);
    found.subject = rows.text(2);
    if (!rows.is_null(3)) found.decided = Date{static_cast<std::int32_t>(rows.integer(3))};
    found.received = Instant{rows.integer(4)};
    found.first_received = Instant{rows.integer(5)};
    found.ended = rows.integer(6) != 0;
    found.withdrawn = found.ended && rows.integer(7) == 0;
    found.id = record_id(rows.integer(8), rows.integer(9));
    found.unit_code = rows.text(10);
    if (!rows.is_null(11)) found.successor = record_id(rows.integer(11), rows.integer(12));
    return std::optional(std::move(found));
}

Timeliness timeliness(const calendar::Calendar& calendar, std::optional<Date> decided, int working_days,
                      Date today) {
    Timeliness result;
    if (!decided || working_days <= 0) return result;
    const calendar::Due due = calendar.due(*decided, working_days);
    result.due = due.date;
    result.provisional = due.provisional;
    if (today > due.date) {  // on a day off behind the last day: the working day after has begun
        result.late_working_days = std::max(1, calendar.working_days_between(due.date, today));
    }
    return result;
}

namespace {

/// The ground, and what it needs; texts as they are kept.
Result<const rulebook::WithdrawalGround*> check_ground(const rulebook::Rulebook& rulebook,
                                                       const Withdrawal& w, Date today) {
    const rulebook::WithdrawalGround* ground = rulebook.withdrawal_ground(w.ground, today);
    if (ground == nullptr) return fail(Fault::withdrawal_malformed, "没有这种撤回情形：" + w.ground);
    if (trim(w.reason).empty()) return fail(Fault::withdrawal_malformed, "请填写撤回的理由");
    if (character_count(w.reason) > kLongestReason) {
        return fail(Fault::withdrawal_malformed, "理由不超过 " + std::to_string(kLongestReason) + " 个字");
    }
    if (character_count(w.document_no) > kLongestDocument) {
        return fail(Fault::withdrawal_malformed,
                    "文书号不超过 " + std::to_string(kLongestDocument) + " 个字");
    }
    if (ground->needs_document && (trim(w.document_no).empty() || !w.decided)) {
        return fail(Fault::withdrawal_malformed,
                    "“" + ground->title_zh + "”须填写变更、撤销或确认决定的文书号和日期");
    }
    if (w.decided && *w.decided > today) {
        return fail(Fault::withdrawal_malformed, "决定日期 " + w.decided->to_string() + " 晚于今天");
    }
    if (w.records.empty() || w.records.size() > static_cast<std::size_t>(kMostWithdrawn)) {
        return fail(Fault::withdrawal_malformed,
                    "一次撤回 1 至 " + std::to_string(kMostWithdrawn) + " 条记录");
    }
    return ground;
}

/// The record, when it may be withdrawn by who for this order.
Result<Standing> check_record(store::ReadTx& tx, const rulebook::Rulebook& rulebook, std::int64_t tenant,
                              const Withdrawal& w, const std::string& id, const api::Principal& who) {
    auto found = TRY(find_standing(tx, tenant, id));
    if (!found) return fail(Fault::not_found, "没有记录 " + id);
    if (!who.scope().covers(found->unit_code)) return fail(Fault::record_foreign, "记录 " + id);
    if (found->withdrawn) return fail(Fault::record_withdrawn, "记录 " + id);
    if (found->ended) return fail(Fault::record_ended, "记录 " + id + " 已由 " + found->successor + " 代替");
    const rulebook::Item* item = rulebook.item(found->item);
    if (item && item->defines_subject) {  // the subject library stands on it
        return fail(Fault::withdrawal_malformed,
                    "记录 " + id + " 是主体的登记信息，不能撤回；请更正其内容或登记状态");
    }
    if (w.decided && found->decided && *w.decided < *found->decided) {
        return fail(Fault::withdrawal_malformed, "决定日期 " + w.decided->to_string() + " 早于记录 " + id +
                                                     " 所载的 " + found->decided->to_string());
    }
    return std::move(*found);
}

std::string payload_of(const Withdrawal& w, const std::vector<Standing>& records,
                       const std::vector<Timeliness>& times) {
    JsonWriter out;
    out.begin_object().field("ground", w.ground).field("unit", w.unit_code).field("reason", w.reason);
    if (!w.document_no.empty()) out.field("document_no", w.document_no);
    if (w.decided) out.field("decided", w.decided->to_string());
    out.key("records").begin_array();
    for (std::size_t i = 0; i < records.size(); ++i) {
        out.begin_object().field("record", records[i].id).field("position", records[i].position);
        out.field("item", records[i].item);
        if (times[i].due) out.field("due", times[i].due->to_string());
        if (times[i].late_working_days > 0) out.field("late_working_days", times[i].late_working_days);
        out.end_object();
    }
    out.end_array().end_object();
    return out.take();
}

}  // namespace

Result<std::int64_t> withdraw(store::Tx& tx, const rulebook::Rulebook& rulebook, std::int64_t tenant,
                              const Withdrawal& given, const api::Principal& who, Instant now) {
    const Date today = now.date();
    const rulebook::WithdrawalGround& ground = *TRY(check_ground(rulebook, given, today));
    Withdrawal w = given;
    // Free text stays in the journal for ever.
    w.reason = mask_personal(trim(given.reason), rulebook, today);
    w.document_no = mask_personal(trim(given.document_no), rulebook, today);
    std::vector<Standing> records;
    std::vector<Timeliness> times;
    for (const std::string& id : w.records) {
        Standing one = TRY(check_record(tx, rulebook, tenant, w, id, who));
        if (records.empty()) w.unit_code = one.unit_code;
        if (one.unit_code != w.unit_code) {
            return fail(Fault::withdrawal_malformed,
                        "一次只能撤回同一单位报送的记录，记录 " + id + " 属于另一单位");
        }
        const auto twice = std::find_if(records.begin(), records.end(), [&](const Standing& other) {
            return other.position == one.position;
        });
        if (twice != records.end()) return fail(Fault::withdrawal_malformed, "记录 " + id + " 列了两次");
        const rulebook::Item* item = rulebook.item(one.item);
        const int days = item ? ground.working_days(*item) : ground.other_working_days;
        times.push_back(timeliness(rulebook.calendar(), w.decided, days, today));
        records.push_back(std::move(one));
    }
    const journal::EventDraft draft{std::string(kWithdrawnKind), who.name, payload_of(w, records, times),
                                    rulebook.digest()};
    const journal::Event event = TRY(journal::append(tx, draft, now));
    TRY(apply_withdrawal(tx, tenant, event));
    return event.seq;
}

Result<void> apply_withdrawal(store::Tx& tx, std::int64_t tenant, const journal::Event& event) {
    for (const Correction& one : TRY(decode_withdrawal(event))) {
        TRY(tx.execute(kWithdraw, {one.position, event.time.us}));
        TRY(add_correction(tx, tenant, one));
    }
    return {};
}

}  // namespace mingxin::record
