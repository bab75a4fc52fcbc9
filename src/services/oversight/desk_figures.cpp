#include "oversight/desk_figures.h"

#include <algorithm>

#include "access/access.h"
#include "listing/keyset.h"
#include "record/survey.h"
#include "rulebook/parameters.h"
#include "subject/lists.h"

namespace mingxin::oversight {

namespace {

constexpr std::size_t kEndingShown = 20, kNewestShown = 12;
constexpr double kQuick_s = 0.25;  // counting that readers may wait for

int month_of(Date day) {
    const YearMonthDay parts = split(day);
    return parts.year * 12 + parts.month - 1;
}

DayFigures figures_of(const record::Batch& batch) {
    DayFigures day{
        1, batch.rows, batch.accepted, batch.updated, batch.duplicate, batch.doubtful, batch.rejected};
    day.refused_files = batch.rows > 0 && batch.rejected == batch.rows;
    return day;
}

/// Batches of all units, for a walk of lists.
listing::Asked asked_for_all(Instant now) {
    listing::Asked asked{};
    asked.now = now;
    asked.who.permissions[static_cast<int>(api::Permission::collect_view_all)] = true;
    return asked;
}

Result<void> count_batches(store::ReadTx& tx, std::int64_t tenant, Instant now, DeskFigures& figures) {
    listing::Asked asked = asked_for_all(now);
    const Date first = figures.day.plus_days(1 - kDays);
    asked.in.set("from", first.to_string());
    TRY(record::walk_batches(tx, tenant, asked, {}, [&](const record::Batch& batch) -> Result<bool> {
        const int day = batch.received.date().days - first.days;
        if (day < 0 || day >= kDays) return true;  // of a clock that was set wrong
        UnitFigures& unit = figures.units[batch.unit_code];
        unit.days[static_cast<std::size_t>(day)].add(figures_of(batch));
        for (const auto& [fault, count] : batch.findings) unit.faults[fault] += count;
        return true;
    }));
    // The newest batch of each unit, however long ago.
    listing::Asked newest = asked_for_all(now);
    for (auto& [code, of_unit] : figures.units) {
        UnitFigures& unit = of_unit;
        newest.in.set("unit", code);
        const listing::Walk one{.descending = true, .from = {}, .most = 1};
        TRY(record::walk_batches(tx, tenant, newest, one, [&](const record::Batch& batch) -> Result<bool> {
            unit.last = batch.received;
            return false;
        }));
    }
    return {};
}

/// Rows that came before it wait longer than they should.
Instant overdue_before(const rulebook::Rulebook& rulebook, Date today, int due_working_days) {
    Date day = today;
    while (rulebook.calendar().working_days_between(day.plus_days(-1), today) <= due_working_days) {
        day = day.plus_days(-1);
    }
    return listing::start_of(day);
}

void keep_nearest(UnitFigures& unit, Ending ending) {
    ++unit.ending_count;
    const auto later = [](const Ending& a, const Ending& b) { return a.until < b.until; };
    unit.ending.push_back(std::move(ending));
    std::push_heap(unit.ending.begin(), unit.ending.end(), later);
    if (unit.ending.size() <= kEndingShown) return;
    std::pop_heap(unit.ending.begin(), unit.ending.end(), later);
    unit.ending.pop_back();
}

Result<void> count_shown(store::ReadTx& tx, const rulebook::Rulebook& rulebook, std::int64_t tenant,
                         DeskFigures& figures) {
    const Date last = figures.day.plus_days(kDays);
    const int first_month = month_of(figures.day) - kMonths + 1;
    std::vector<std::string> newest;  // a ring
    std::size_t seen = 0;
    TRY(record::survey(tx, rulebook, tenant, figures.day, [&](const record::Surveyed& one) {
        const std::int64_t item = one.item->number;
        ++figures.items[item];
        if (one.decided && month_of(*one.decided) >= first_month && *one.decided <= figures.day) {
            ++figures.months[month_of(*one.decided)][item];
        }
        if (one.received.date() == figures.day) ++figures.today[item];
        UnitFigures& unit = figures.units[std::string(one.unit_code)];
        ++unit.shown;
        if (one.shown_until && *one.shown_until <= last) keep_nearest(unit, {*one.shown_until, one.id()});
        if (one.item->defines_subject) return;
        if (newest.size() < kNewestShown) {
            newest.push_back(one.id());
        } else {
            newest[seen % kNewestShown] = one.id();
        }
        ++seen;
    }));
    for (std::size_t i = 0; i < newest.size(); ++i) {
        figures.newest.push_back(newest[(seen - 1 - i) % kNewestShown]);
    }
    return {};
}

}  // namespace

void DayFigures::add(const DayFigures& other) {
    batches += other.batches;
    rows += other.rows;
    accepted += other.accepted;
    updated += other.updated;
    duplicate += other.duplicate;
    doubtful += other.doubtful;
    rejected += other.rejected;
    refused_files += other.refused_files;
}

Result<DeskFigures> count_desk_figures(store::Database& database, const rulebook::Rulebook& rulebook,
                                       std::int64_t tenant, Instant now) {
    auto tx = TRY(database.read());
    DeskFigures figures;
    figures.day = now.date();
    figures.counted = now;
    figures.event = TRY(record::newest_event(tx));
    for (access::Unit& unit : TRY(access::units(tx))) figures.units[unit.code].name = std::move(unit.name);
    TRY(count_batches(tx, tenant, now, figures));
    figures.due_working_days =
        static_cast<int>(rulebook.parameter(rulebook::kCheckWorkingDays, figures.day).number);
    const Instant before = overdue_before(rulebook, figures.day, figures.due_working_days);
    for (record::Waiting& waiting : TRY(record::count_waiting(tx, tenant, before))) {
        UnitFigures& unit = figures.units[waiting.unit_code];
        unit.waiting = std::move(waiting);
    }
    TRY(count_shown(tx, rulebook, tenant, figures));
    figures.subjects = TRY(subject::count(tx, tenant));
    for (const auto& [code, count] : TRY(subject::count_by_industry(tx, tenant))) {
        figures.sections[std::string(rulebook.industry_section(code))] += count;
    }
    return figures;
}

std::unique_ptr<record::FigureKeeper> keep_desk_figures(store::Database& database,
                                                        std::shared_ptr<const rulebook::Rulebook> rulebook,
                                                        std::int64_t tenant) {
    auto counted = [&database, rulebook = std::move(rulebook),
                    tenant](Instant now) -> Result<record::FigureKeeper::Counted> {
        auto figures =
            std::make_shared<const DeskFigures>(TRY(count_desk_figures(database, *rulebook, tenant, now)));
        return record::FigureKeeper::Counted{figures->event, figures->day, figures};
    };
    return std::make_unique<record::FigureKeeper>("desk figures", std::move(counted), kQuick_s);
}

}  // namespace mingxin::oversight
