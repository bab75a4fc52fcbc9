#include "record/tally.h"

#include <algorithm>
#include <charconv>

#include "record/record.h"

namespace mingxin::record {

using rulebook::Algorithm;
using rulebook::Effect;
using store::ColumnType;

Tallier::Tallier(const rulebook::Rulebook& rulebook, const rulebook::Item& item, Date received)
    : rulebook_(rulebook), item_(item), received_(received) {
    for (std::size_t i = 0; i < item.fields.size(); ++i) {
        if (item.fields[i].requirement == rulebook::Requirement::mandatory) {
            mandatory_.push_back(static_cast<int>(i));
        }
    }
}

const RowDue& Tallier::due(Date decided) {
    const auto [place, added] = dues_.try_emplace(decided.days);
    RowDue& one = place->second;
    if (!added || item_.due_working_days <= 0) return one;
    const calendar::Due due = rulebook_.calendar().due(decided, item_.due_working_days);
    one.due = due.date;
    one.provisional = due.provisional;
    one.late = received_ > due.date;
    if (one.late) one.late_days = rulebook_.calendar().working_days_between(due.date, received_);
    return one;
}

Algorithm Tallier::algorithm_of(std::string_view fault, int field) {
    const rulebook::CheckRule* check = item_.check(fault, received_, field);
    return check ? check->algorithm : Algorithm::none;
}

/// Of rows that were returned the journal keeps no values: there the cells that V01 named count as empty.
void Tallier::add_cells(const Entry& entry) {
    tally_.cells += static_cast<std::int64_t>(mandatory_.size());
    if (entry.outcome != Outcome::rejected) {
        for (int field : mandatory_) tally_.filled += !entry.values[static_cast<std::size_t>(field)].empty();
        return;
    }
    std::int64_t filled = static_cast<std::int64_t>(mandatory_.size());
    for (int field : mandatory_) {
        filled -= std::any_of(entry.findings.begin(), entry.findings.end(), [&](const Finding& finding) {
            if (finding.field != field) return false;
            const Algorithm algorithm = algorithm_of(finding.fault, field);
            return algorithm == Algorithm::required || algorithm == Algorithm::column_absent;
        });
    }
    tally_.filled += filled;
}

void Tallier::add(const Entry& entry) {
    if (entry.outcome == Outcome::duplicate) return;
    add_cells(entry);
    bool exact = true, bad_code = false;
    for (const Finding& finding : entry.findings) {
        if (finding.effect == Effect::warn) continue;
        const Algorithm algorithm = algorithm_of(finding.fault, finding.field);
        bad_code |= algorithm == Algorithm::identifier;
        const bool other = algorithm == Algorithm::required || algorithm == Algorithm::column_absent ||
                           algorithm == Algorithm::duplicate || algorithm == Algorithm::update ||
                           algorithm == Algorithm::update_unproven;
        exact &= other;
    }
    tally_.exact += exact;
    tally_.bad_code += bad_code;
    if (entry.outcome != Outcome::accepted || !entry.facts.start) return;
    const RowDue& row = due(*entry.facts.start);
    if (!row.due) return;
    ++tally_.timed;
    ++(row.late ? tally_.late : tally_.on_time);
    tally_.late_days += row.late_days;
    tally_.provisional += row.provisional;
}

std::int64_t month_number(Date day) {
    const YearMonthDay parts = split(day);
    return parts.year * 12 + parts.month - 1;
}

Date first_day_of(std::int64_t month) {
    return make_date(static_cast<int>(month / 12), static_cast<int>(month % 12) + 1, 1).value_or(Date{});
}

std::string month_text(std::int64_t month) {
    return first_day_of(month).to_string().substr(0, 7);
}

std::optional<std::int64_t> parse_month(std::string_view text) {
    const auto day = parse_date(std::string(text) + "-01");
    if (text.size() != 7 || !day) return std::nullopt;
    return month_number(*day);
}

const store::Table& tally_table() {
    static const store::Table table{
        .name = "tally",
        .columns =
            {{"tenant", ColumnType::integer},    {"unit", ColumnType::text},
             {"item", ColumnType::integer},      {"month", ColumnType::integer},  // year * 12 + month - 1
             {"batches", ColumnType::integer},   {"rows", ColumnType::integer},
             {"accepted", ColumnType::integer},  {"updated", ColumnType::integer},
             {"duplicate", ColumnType::integer}, {"doubtful", ColumnType::integer},
             {"rejected", ColumnType::integer},  {"timed", ColumnType::integer},
             {"on_time", ColumnType::integer},   {"late", ColumnType::integer},
             {"late_days", ColumnType::integer}, {"provisional", ColumnType::integer},
             {"cells", ColumnType::integer},     {"filled", ColumnType::integer},
             {"exact", ColumnType::integer},     {"bad_code", ColumnType::integer},
             {"last_us", ColumnType::integer}},  // with content; 0: none
        .primary_key = "tenant, unit, item, month",
        .indexes = {{"tally_month", "tenant, month"}}};
    return table;
}

const store::Table& tally_fault_table() {
    static const store::Table table{.name = "tally_fault",
                                    .columns = {{"tenant", ColumnType::integer},
                                                {"unit", ColumnType::text},
                                                {"item", ColumnType::integer},
                                                {"month", ColumnType::integer},
                                                {"fault", ColumnType::text},
                                                {"count", ColumnType::integer}},
                                    .primary_key = "tenant, unit, item, month, fault",
                                    .indexes = {{"tally_fault_month", "tenant, month"}}};
    return table;
}

namespace {

constexpr store::Sql kAdd{
    "tally.add",
    "insert into tally (tenant, unit, item, month, batches, rows, accepted, updated, duplicate, doubtful, "
    "rejected, timed, on_time, late, late_days, provisional, cells, filled, exact, bad_code, last_us) values "
    "($1, $2, $3, $4, 1, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20) "
    "on conflict (tenant, unit, item, month) do update set batches = tally.batches + 1, "
    "rows = tally.rows + excluded.rows, accepted = tally.accepted + excluded.accepted, "
    "updated = tally.updated + excluded.updated, duplicate = tally.duplicate + excluded.duplicate, "
    "doubtful = tally.doubtful + excluded.doubtful, rejected = tally.rejected + excluded.rejected, "
    "timed = tally.timed + excluded.timed, on_time = tally.on_time + excluded.on_time, "
    "late = tally.late + excluded.late, late_days = tally.late_days + excluded.late_days, "
    "provisional = tally.provisional + excluded.provisional, cells = tally.cells + excluded.cells, "
    "filled = tally.filled + excluded.filled, exact = tally.exact + excluded.exact, "
    "bad_code = tally.bad_code + excluded.bad_code, "
    "last_us = case when excluded.last_us > tally.last_us then excluded.last_us else tally.last_us end"};
constexpr store::Sql kAddFault{
    "tally.add_fault",
    "insert into tally_fault (tenant, unit, item, month, fault, count) values ($1, $2, $3, $4, $5, $6) "
    "on conflict (tenant, unit, item, month, fault) do update set "
    "count = tally_fault.count + excluded.count"};

}  // namespace

bool is_handed_in(const Batch& batch) {
    return batch.format != kJudgementFormat && batch.format != kCorrectionFormat;
}

Result<void> add_to_tally(store::Tx& tx, std::int64_t tenant, std::int64_t item_number, const Batch& batch) {
    if (!is_handed_in(batch)) return {};
    const std::int64_t month = month_number(batch.received.date());
    const Tally& tally = batch.tally;
    const std::int64_t last_us = batch.rows > batch.rejected ? batch.received.us : 0;
    TRY(tx.execute(kAdd,
                   {tenant,         batch.unit_code, item_number,     month,           batch.rows,
                    batch.accepted, batch.updated,   batch.duplicate, batch.doubtful,  batch.rejected,
                    tally.timed,    tally.on_time,   tally.late,      tally.late_days, tally.provisional,
                    tally.cells,    tally.filled,    tally.exact,     tally.bad_code,  last_us}));
    for (const auto& [fault, count] : batch.findings) {
        TRY(tx.execute(kAddFault, {tenant, batch.unit_code, item_number, month, fault, count}));
    }
    return {};
}

}  // namespace mingxin::record
