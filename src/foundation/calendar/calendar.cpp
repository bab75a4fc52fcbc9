#include "calendar/calendar.h"

#include <algorithm>

#include "base/check.h"

namespace mingxin::calendar {

namespace {

constexpr Date monday_before_all{-719162};  // 0001-01-01, a Monday
constexpr Date last_date{2932896};          // 9999-12-31

bool is_weekday(Date date) {
    int day = date.weekday();
    return day >= 1 && day <= 5;
}

/// Mondays to Fridays from 0001-01-01 up to and including date.
int weekdays_until(Date date) {
    int days = date.days - monday_before_all.days + 1;
    if (days <= 0) return 0;
    return days / 7 * 5 + std::min(days % 7, 5);
}

}  // namespace

Calendar::Calendar(std::vector<Holiday> days, int first_known_year, int last_known_year)
    : first_known_year_(first_known_year), last_known_year_(last_known_year) {
    std::stable_sort(days.begin(), days.end(),
                     [](const Holiday& a, const Holiday& b) { return a.date < b.date; });
    int total = 0;
    for (std::size_t i = 0; i < days.size(); ++i) {
        if (i + 1 < days.size() && days[i + 1].date == days[i].date) continue;
        if (is_weekday(days[i].date) != days[i].off) continue;  // as it would be without the entry
        total += days[i].off ? -1 : 1;
        shifts_.push_back({days[i].date, total});
    }
}

int Calendar::working_days_until(Date date) const {
    auto after = std::upper_bound(shifts_.begin(), shifts_.end(), date,
                                  [](Date value, const Shift& shift) { return value < shift.date; });
    return weekdays_until(date) + (after == shifts_.begin() ? 0 : std::prev(after)->total);
}

bool Calendar::is_working_day(Date date) const {
    auto at = std::lower_bound(shifts_.begin(), shifts_.end(), date,
                               [](const Shift& shift, Date value) { return shift.date < value; });
    return is_weekday(date) != (at != shifts_.end() && at->date == date);
}

bool Calendar::is_known(Date date) const {
    int year = date.year();
    return year >= first_known_year_ && year <= last_known_year_;
}

Due Calendar::due(Date start, int working_days) const {
    CHECK(working_days >= 0);
    if (working_days == 0) return {start, false};
    std::int64_t wanted = std::int64_t{working_days_until(start)} + working_days;
    // The count never falls from one day to the next: the first day that reaches it is found by halving.
    std::int64_t low = start.days + 1;
    std::int64_t high =
        start.days + (std::int64_t{working_days} / 5 + 2) * 7 + std::int64_t(shifts_.size()) * 2;
    high = std::max(low, std::min<std::int64_t>(high, last_date.days));
    while (low < high) {
        std::int64_t middle = low + (high - low) / 2;
        if (working_days_until(Date{static_cast<std::int32_t>(middle)}) >= wanted) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Date end{static_cast<std::int32_t>(low)};
    return {end, !is_known(start.plus_days(1)) || !is_known(end)};
}

int Calendar::working_days_between(Date start, Date end) const {
    return working_days_until(end) - working_days_until(start);
}

}  // namespace mingxin::calendar
