// Statistics: tables of what may be shown today, each with a chart of the same figures above it.
#include <algorithm>

#include "site/chart.h"
#include "site/pages.h"
#include "site/words.h"

namespace mingxin::site {
namespace {

using api::Call;
using api::Input;
using api::Reply;

constexpr int kMonths = 24, kYears = 12, kUnits = 30, kUnitsDrawn = 10;

/// An item that has lists, its title, and what it amounts to.
struct Counted {
    std::string title;
    const ItemFigures* figures;
};

std::int64_t at(const std::map<int, std::int64_t>& numbers, int key) {
    auto found = numbers.find(key);
    return found == numbers.end() ? 0 : found->second;
}

/// The row of a month, of a year or of a unit: a number for each item.
void add_row(Model& model, const char* list, const std::string& name,
             const std::vector<std::int64_t>& numbers) {
    Model& row = model.add(list);
    row.mark("name", name);
    for (std::int64_t number : numbers) row.add("cells").set("value", grouped(number));
}

/// A table's rows, the newest first, and a chart of each item with the oldest first. Both take the same
/// numbers. names: of the rows; numbers: for each item, in the order of the names.
void fill_times(const Messages& words, Model& model, const std::string& list,
                const std::vector<Counted>& items, const std::vector<std::string>& names,
                const std::vector<std::vector<std::int64_t>>& numbers) {
    for (std::size_t row = 0; row < names.size(); ++row) {
        std::vector<std::int64_t> cells;
        for (const auto& own : numbers) cells.push_back(own[row]);
        add_row(model, list.c_str(), names[row], cells);
    }
    for (std::size_t item = 0; item < items.size(); ++item) {
        std::vector<Measure> measures;
        for (std::size_t row = names.size(); row-- > 0;) measures.push_back({names[row], numbers[item][row]});
        const std::string label = words("statistics.columns_label"_text, {{"title", items[item].title}});
        const std::string chart = columns_html(label, measures);
        if (chart.empty()) continue;
        model.add(list + "_charts").set("chart_title", items[item].title).set("chart", chart);
    }
}

void fill_months(const Messages& words, Model& model, const std::vector<Counted>& items, Date today) {
    const YearMonthDay now = split(today);
    std::vector<std::string> names;
    std::vector<std::vector<std::int64_t>> numbers(items.size());
    for (int back = 0; back < kMonths; ++back) {
        const int month = now.year * 12 + now.month - 1 - back;
        names.push_back(month_text(words, month / 12, month % 12 + 1));
        for (std::size_t item = 0; item < items.size(); ++item) {
            numbers[item].push_back(at(items[item].figures->by_month, month));
        }
    }
    fill_times(words, model, "months", items, names, numbers);
}

/// From this year back to the first one with something, a dozen at most.
void fill_years(const Messages& words, Model& model, const std::vector<Counted>& items, Date today) {
    const int last = split(today).year;
    int first = last;
    for (const Counted& item : items) {
        if (!item.figures->by_month.empty()) {
            first = std::min(first, item.figures->by_month.begin()->first / 12);
        }
    }
    first = std::max(first, last - kYears + 1);
    std::vector<std::string> names;
    std::vector<std::vector<std::int64_t>> numbers(items.size());
    for (int year = last; year >= first; --year) {
        names.push_back(words("date.year"_text, {{"year", std::to_string(year)}}));
        for (std::size_t item = 0; item < items.size(); ++item) {
            std::int64_t all = 0;
            for (int month = 0; month < 12; ++month)
                all += at(items[item].figures->by_month, year * 12 + month);
            numbers[item].push_back(all);
        }
    }
    fill_times(words, model, "years", items, names, numbers);
}

void fill_units(const Messages& words, Model& model, const Figures& figures,
                const std::vector<Counted>& items) {
    std::vector<std::pair<std::int64_t, int>> order;
    for (int unit = 0; unit < static_cast<int>(figures.units.size()); ++unit) {
        std::int64_t all = 0;
        for (const Counted& item : items) all += at(item.figures->by_unit, unit);
        if (all > 0) order.emplace_back(-all, unit);
    }
    std::sort(order.begin(), order.end());
    if (order.size() > kUnits) order.resize(kUnits);
    std::vector<Measure> drawn;
    for (const auto& [all, unit] : order) {
        std::vector<std::int64_t> numbers;
        for (const Counted& item : items) numbers.push_back(at(item.figures->by_unit, unit));
        add_row(model, "units", unit_name(words, figures, unit), numbers);
        if (drawn.size() < kUnitsDrawn) drawn.push_back({unit_name(words, figures, unit), -all});
    }
    model.set("units_chart", bars_html(words("statistics.units_label"_text), drawn));
}

/// Each item and, of penalties, each grade; the items that have lists.
std::vector<Counted> fill_kinds(const Shared& site, const Messages& words, Model& model,
                                const Figures& figures) {
    std::vector<Counted> items;
    std::vector<Measure> drawn;
    const auto add = [&](const std::string& title, std::int64_t number) {
        model.add("kinds").set("kind_title", title).set("value", grouped(number));
        drawn.push_back({title, number});
    };
    for (const auto& item : site.deps.rulebook->items()) {
        const std::string title = item_title(words, *item);
        const ItemFigures& own = figures.of(*item);
        if (!is_listed(*item, own)) continue;
        add(title, own.shown);
        if (item->defines_subject) continue;
        model.add("columns").set("column", title);
        items.push_back({title, &own});
        if (!item->adverse) continue;
        for (const int severity : {2, 3}) {
            add(words("statistics.kind_and_grade"_text,
                      {{"kind", title}, {"grade", grade_text(words, severity)}}),
                at(own.by_severity, severity));
        }
    }
    model.set("kinds_chart", bars_html(words("statistics.kinds_label"_text), drawn));
    return items;
}

Result<Reply> show_statistics(const Shared& site, const Call& call, store::ReadTx& tx) {
    const auto figures = TRY(site.counted(call, tx));
    const Messages& words = site.words(call);
    Model model;
    const std::vector<Counted> items = fill_kinds(site, words, model, *figures);
    model.set("enterprises", grouped(figures->subjects.enterprises));
    model.set("individuals", grouped(figures->subjects.individual_businesses));
    model.set("others", grouped(figures->subjects.other_organisations));
    model.set("event", grouped(figures->event)).set("day", time_html(words, figures->day));
    fill_months(words, model, items, call.today());
    fill_years(words, model, items, call.today());
    fill_units(words, model, *figures, items);
    return site.page(call, "statistics", words("page.statistics"_text), model);
}

}  // namespace

std::vector<api::Endpoint> statistics_pages(Pages pages) {
    std::vector<api::Endpoint> list;
    list.push_back(public_page("site.statistics", "/statistics", "统计数据", "Statistics", {},
                               [pages](const Call& call, const Input&, store::ReadTx& tx) {
                                   return show_statistics(*pages, call, tx);
                               }));
    return list;
}

}  // namespace mingxin::site
