// Dates and instants. A Date is a calendar date in Asia/Shanghai (UTC+8, no daylight saving since 1992);
// an Instant is UTC in microseconds. Nothing here reads a clock but now_utc(), which only app/ may call
// (tools/check): everything else is handed the time.
#pragma once
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mingxin {

/// Proleptic Gregorian, stored as days since 1970-01-01.
struct Date {
    std::int32_t days = 0;

    auto operator<=>(const Date&) const = default;
    Date plus_days(int n) const { return {days + n}; }
    /// Same day n months later; the last day of the month where that day does not exist (2024-01-31 + 1 =
    /// 2024-02-29).
    Date plus_months(int n) const;
    /// 0 = Sunday .. 6 = Saturday.
    int weekday() const;
    int year() const;
    /// "YYYY-MM-DD".
    std::string to_string() const;
};

struct YearMonthDay {
    int year = 1970, month = 1, day = 1;
};

/// nullopt when the day does not exist (2026-02-30) or the year is outside 1..9999.
std::optional<Date> make_date(int year, int month, int day);
/// Strictly YYYY-MM-DD; the many other written forms are read in collect.
std::optional<Date> parse_date(std::string_view text);
YearMonthDay split(Date date);

/// UTC, microseconds since 1970-01-01T00:00:00Z.
struct Instant {
    std::int64_t us = 0;

    auto operator<=>(const Instant&) const = default;
    /// The calendar date in Asia/Shanghai at this instant.
    Date date() const;
    /// "2026-11-20T04:05:06.000007Z", always 27 characters.
    std::string to_string() const;
    /// "2026-11-20 12:05:06" in Asia/Shanghai, for people.
    std::string to_local_string() const;
    /// "20261120120506": the same, for numbers and file names.
    std::string to_local_digits() const;
};

/// Strictly the form of Instant::to_string().
std::optional<Instant> parse_instant(std::string_view text);
/// Seconds on a clock that never goes back: for measuring how long something took, never for what is stored.
double monotonic_s();
/// The wall clock. Only app/ may call it.
Instant now_utc();

}  // namespace mingxin
