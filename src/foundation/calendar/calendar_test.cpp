#include "calendar/calendar.h"

#include <doctest/doctest.h>

#include <string>

#include "base/text.h"

using namespace mingxin;
using namespace mingxin::calendar;

namespace {

Date day(std::string_view text) {
    auto date = parse_date(text);
    REQUIRE_MESSAGE(date.has_value(), text);
    return *date;
}

/// "2026 01-01..03 02-15..23 05-31..06-02"
void add(std::vector<Holiday>& days, const std::string& year, std::string_view list, bool off) {
    for (std::string_view part : split(list, ' ')) {
        Date first = day(year + "-" + std::string(part.substr(0, 5))), last = first;
        if (part.size() == 9)
            last = day(year + "-" + std::string(part.substr(0, 3)) + std::string(part.substr(7)));
        if (part.size() == 12) last = day(year + "-" + std::string(part.substr(7)));
        for (Date date = first; date <= last; date = date.plus_days(1)) days.push_back({date, off});
    }
}

/// The notices of 2024 to 2026 as rules 13 lists them.
std::vector<Holiday> notices() {
    std::vector<Holiday> days;
    add(days, "2026", "01-01..03 02-15..23 04-04..06 05-01..05 06-19..21 09-25..27 10-01..07", true);
    add(days, "2026", "01-04 02-14 02-28 05-09 09-20 10-10", false);
    add(days, "2024", "01-01 02-10..17 04-04..06 05-01..05 06-10 09-15..17 10-01..07", true);
    add(days, "2024", "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12", false);
    add(days, "2025", "01-01 01-28..02-04 04-04..06 05-01..05 05-31..06-02 10-01..08", true);
    add(days, "2025", "01-26 02-08 04-27 09-28 10-11", false);
    return days;
}

const Calendar& known() {
    static const Calendar calendar(notices(), 2024, 2026);
    return calendar;
}

}  // namespace

TEST_CASE("rules 13: due dates") {
    struct Example {
        const char* start;
        int working_days;
        const char* due;
    };
    const Example examples[] = {
        {"2026-02-12", 7, "2026-02-28"}, {"2026-02-13", 7, "2026-03-02"},  {"2026-04-30", 7, "2026-05-13"},
        {"2026-09-24", 7, "2026-10-12"}, {"2026-09-30", 7, "2026-10-15"},  {"2025-09-26", 7, "2025-10-13"},
        {"2025-01-24", 7, "2025-02-10"}, {"2026-02-13", 10, "2026-03-05"}, {"2026-02-13", 3, "2026-02-25"},
        {"2026-06-18", 1, "2026-06-22"}, {"2026-01-02", 1, "2026-01-04"},
    };
    for (const Example& example : examples) {
        CAPTURE(example.start);
        CAPTURE(example.working_days);
        Due due = known().due(day(example.start), example.working_days);
        CHECK(due.date.to_string() == example.due);
        CHECK_FALSE(due.provisional);
        CHECK(known().working_days_between(day(example.start), due.date) == example.working_days);
        CHECK(known().is_working_day(due.date));
    }
}

TEST_CASE("a listed day is off iff its entry says so, other days by the week") {
    CHECK(known().is_working_day(day("2026-11-20")));
    CHECK_FALSE(known().is_working_day(day("2026-11-21")));
    CHECK_FALSE(known().is_working_day(day("2026-11-22")));
    CHECK_FALSE(known().is_working_day(day("2026-02-16")));  // a Monday of the Spring Festival
    CHECK_FALSE(known().is_working_day(day("2026-02-15")));  // a Sunday listed as off
    CHECK(known().is_working_day(day("2026-02-14")));        // a make-up Saturday
    CHECK(known().is_working_day(day("2025-09-28")));        // a make-up Sunday
}

TEST_CASE("day by day over three years: the count, the due day and the week agree") {
    const Calendar& calendar = known();
    Date start = day("2023-12-20");
    int counted = 0;
    for (Date date = start.plus_days(1); date <= day("2027-01-15"); date = date.plus_days(1)) {
        bool working = calendar.is_working_day(date);
        counted += working;
        REQUIRE(calendar.working_days_between(start, date) == counted);
        REQUIRE(calendar.working_days_between(date, start) == -counted);
        if (working) REQUIRE(calendar.due(start, counted).date == date);
    }
    CHECK(calendar.working_days_between(day("2023-12-31"), day("2024-12-31")) == 251);
    CHECK(calendar.working_days_between(day("2024-12-31"), day("2025-12-31")) == 248);
    CHECK(calendar.working_days_between(day("2025-12-31"), day("2026-12-31")) == 248);
}

TEST_CASE("a count that touches a year without notice is provisional") {
    CHECK(known().due(day("2026-12-25"), 4).date == day("2026-12-31"));
    CHECK_FALSE(known().due(day("2026-12-25"), 4).provisional);
    CHECK(known().due(day("2026-12-25"), 5).date == day("2027-01-01"));  // weekends only are assumed
    CHECK(known().due(day("2026-12-25"), 5).provisional);
    CHECK(known().due(day("2026-12-31"), 1).provisional);
    CHECK(known().due(day("2023-12-28"), 1).provisional);
    CHECK_FALSE(known().due(day("2023-12-31"), 1).provisional);  // the start day does not count
    CHECK(known().due(day("2023-12-31"), 1).date == day("2024-01-02"));
    CHECK(known().is_known(day("2024-01-01")));
    CHECK(known().is_known(day("2026-12-31")));
    CHECK_FALSE(known().is_known(day("2023-12-31")));
    CHECK_FALSE(known().is_known(day("2027-01-01")));
}

TEST_CASE("zero days is the start itself, working day or not") {
    CHECK(known().due(day("2026-10-01"), 0).date == day("2026-10-01"));
    CHECK_FALSE(known().due(day("2030-10-01"), 0).provisional);
}

TEST_CASE("the later of two entries for one date holds") {
    Calendar calendar({{day("2026-03-02"), true}, {day("2026-03-02"), false}}, 2026, 2026);
    CHECK(calendar.is_working_day(day("2026-03-02")));
    Calendar other({{day("2026-03-02"), false}, {day("2026-03-02"), true}}, 2026, 2026);
    CHECK_FALSE(other.is_working_day(day("2026-03-02")));
}

TEST_CASE("without any notice: Monday to Friday, provisional; absurd counts stay in the calendar") {
    Calendar empty({}, 1, 0);
    CHECK(empty.due(day("2026-11-20"), 5).date == day("2026-11-27"));
    CHECK(empty.due(day("2026-11-20"), 5).provisional);
    CHECK(known().due(day("2026-11-20"), 2'000'000'000).date == day("9999-12-31"));
    CHECK(known().due(day("9999-12-31"), 1).date.to_string().size() == 10);
    CHECK(known().due(day("0001-01-01"), 5).date == day("0001-01-08"));
}
