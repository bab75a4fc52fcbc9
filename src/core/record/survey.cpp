#include "record/survey.h"

#include "record/record.h"

namespace mingxin::record {
namespace {

constexpr store::Sql kLive{
    "record.survey",
    "select r.position, r.item, r.event, r.row, r.start, r.valid_to, r.stated_end, r.severity, "
    "r.received_us, b.unit_code from record r left join batch b on b.id = r.event "
    "where r.tenant = $1 and r.ended_us = 0 order by r.position"};

std::optional<Date> day(const store::Cursor& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return Date{static_cast<std::int32_t>(row.integer(column))};
}

}  // namespace

Result<void> survey(store::ReadTx& tx, const rulebook::Rulebook& rulebook, std::int64_t tenant, Date today,
                    const std::function<void(const Surveyed&)>& visit) {
    auto rows = TRY(tx.scan(kLive, {tenant}));
    Surveyed one;
    Facts facts;
    while (TRY(rows.next())) {
        one.item = rulebook.item(rows.integer(1));
        if (!one.item) continue;
        facts.start = day(rows, 4);
        facts.valid_to = day(rows, 5);
        facts.stated_end = day(rows, 6);
        facts.severity = static_cast<int>(rows.integer(7));
        const Publicity decision = publicity(rulebook, *one.item, facts, today);
        if (!decision.shown) continue;
        one.position = rows.integer(0);
        one.event = rows.integer(2);
        one.row = rows.integer(3);
        one.decided = facts.start;
        one.shown_until = decision.until;
        one.severity = facts.severity;
        one.received = Instant{rows.integer(8)};
        one.unit_code = rows.text(9);
        visit(one);
    }
    return {};
}

}  // namespace mingxin::record
