#include "site/figures.h"

#include "access/access.h"
#include "record/survey.h"
#include "subject/walk.h"

namespace mingxin::site {
namespace {

constexpr double kQuick_s = 0.05;  // counting that takes no longer is waited for

Result<std::shared_ptr<const Figures>> count(store::Database& database, const rulebook::Rulebook& rulebook,
                                             std::int64_t tenant, Date day) {
    auto tx = TRY(database.read());
    auto figures = std::make_shared<Figures>();
    figures->event = TRY(record::newest_event(tx));
    figures->day = day;
    figures->subjects = TRY(subject::count(tx, tenant));
    figures->last_subject = TRY(subject::last_id(tx, tenant));
    std::map<std::string, int, std::less<>> unit_index;
    TRY(record::survey(tx, rulebook, tenant, day, [&](const record::Surveyed& one) {
        ItemFigures& item = figures->items[one.item->number];
        auto unit = unit_index.find(one.unit_code);
        if (unit == unit_index.end()) {
            unit = unit_index.emplace(one.unit_code, static_cast<int>(unit_index.size())).first;
            figures->units.emplace_back(one.unit_code, std::string());
        }
        ++item.shown;
        ++item.by_unit[unit->second];
        if (one.severity != 0) ++item.by_severity[one.severity];
        if (one.decided) {
            const YearMonthDay parts = split(*one.decided);
            ++item.by_month[parts.year * 12 + parts.month - 1];
        }
        if (one.received.date() > day.plus_days(-7)) ++figures->received_this_week;
        if (one.item->defines_subject) return;  // never listed
        item.records.push_back({one.position, one.event, static_cast<std::int32_t>(one.row),
                                one.decided ? one.decided->days : 0, unit->second});
    }));
    for (auto& [code, name] : figures->units) {
        auto unit = TRY(access::find_unit(tx, code));
        name = unit ? unit->name : std::string();
    }
    return std::shared_ptr<const Figures>(std::move(figures));
}

}  // namespace

const ItemFigures& Figures::of(const rulebook::Item& item) const {
    static const ItemFigures none;
    auto found = items.find(item.number);
    return found == items.end() ? none : found->second;
}

bool is_listed(const rulebook::Item& item, const ItemFigures& figures) {
    if (item.sharing != rulebook::Sharing::open) return false;
    return item.prominent || item.defines_subject || figures.shown > 0;
}

std::unique_ptr<record::FigureKeeper> keep_figures(store::Database& database,
                                                   std::shared_ptr<const rulebook::Rulebook> rulebook,
                                                   std::int64_t tenant, Instant begin) {
    auto counted = [&database, rulebook = std::move(rulebook),
                    tenant](Instant now) -> Result<record::FigureKeeper::Counted> {
        auto figures = TRY(count(database, *rulebook, tenant, now.date()));
        return record::FigureKeeper::Counted{figures->event, figures->day, figures};
    };
    return std::make_unique<record::FigureKeeper>("site: figures", std::move(counted), kQuick_s, begin);
}

}  // namespace mingxin::site
