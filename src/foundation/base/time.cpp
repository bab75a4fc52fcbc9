#include "base/time.h"

#include <algorithm>
#include <chrono>

namespace mingxin {

namespace {

constexpr std::int64_t us_per_second = 1'000'000;
constexpr std::int64_t us_per_day = 86'400 * us_per_second;
constexpr std::int64_t shanghai_offset_us = 8 * 3600 * us_per_second;

constexpr bool is_leap(int year) {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

constexpr int month_length(int year, int month) {
    constexpr int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : lengths[month - 1];
}

// Days from 1970-01-01, by eras of 400 years that start on 1 March (Hinnant, "chrono-compatible low-level
// date algorithms"): no loops, no tables.
constexpr std::int32_t days_from_civil(std::int64_t year, int month, int day) {
    year -= month <= 2;
    std::int64_t era = (year >= 0 ? year : year - 399) / 400;
    std::int64_t year_of_era = year - era * 400;
    std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return static_cast<std::int32_t>(era * 146097 + day_of_era - 719468);
}

void put_digits(char* out, std::int64_t value, int count) {
    for (int i = count; i-- > 0; value /= 10) out[i] = static_cast<char>('0' + value % 10);
}

/// nullopt unless all characters are digits.
std::optional<int> read_digits(std::string_view text) {
    int value = 0;
    for (char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
    return a / b - (a % b < 0);
}

struct DayTime {
    Date date;
    std::int64_t us_of_day;
};

DayTime day_time(std::int64_t us) {
    std::int64_t day = floor_divide(us, us_per_day);
    return {Date{static_cast<std::int32_t>(day)}, us - day * us_per_day};
}

void put_date(char* out, Date date) {
    YearMonthDay ymd = split(date);
    put_digits(out, std::clamp(ymd.year, 0, 9999), 4);
    out[4] = '-';
    put_digits(out + 5, ymd.month, 2);
    out[7] = '-';
    put_digits(out + 8, ymd.day, 2);
}

void put_time(char* out, std::int64_t us_of_day) {
    std::int64_t seconds = us_of_day / us_per_second;
    put_digits(out, seconds / 3600, 2);
    out[2] = ':';
    put_digits(out + 3, seconds / 60 % 60, 2);
    out[5] = ':';
    put_digits(out + 6, seconds % 60, 2);
}

}  // namespace

YearMonthDay split(Date date) {
    std::int64_t z = std::int64_t{date.days} + 719468;
    std::int64_t era = floor_divide(z, 146097);
    std::int64_t day_of_era = z - era * 146097;
    std::int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    std::int64_t shifted_month = (5 * day_of_year + 2) / 153;
    int day = static_cast<int>(day_of_year - (153 * shifted_month + 2) / 5 + 1);
    int month = static_cast<int>(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
    return {static_cast<int>(year_of_era + era * 400 + (month <= 2)), month, day};
}

Date Date::plus_months(int n) const {
    YearMonthDay ymd = split(*this);
    std::int64_t months = std::int64_t{ymd.year} * 12 + (ymd.month - 1) + n;
    std::int64_t year = floor_divide(months, 12);
    int month = static_cast<int>(months - year * 12) + 1;
    // Leap years repeat every 400 years.
    int length = month_length(static_cast<int>(year % 400 + 400), month);
    return {days_from_civil(year, month, std::min(ymd.day, length))};
}

int Date::weekday() const {
    return static_cast<int>(((std::int64_t{days} + 4) % 7 + 7) % 7);  // 1970-01-01 was a Thursday
}

int Date::year() const {
    return split(*this).year;
}

std::string Date::to_string() const {
    std::string out(10, '0');
    put_date(out.data(), *this);
    return out;
}

std::optional<Date> make_date(int year, int month, int day) {
    if (year < 1 || year > 9999 || month < 1 || month > 12) return std::nullopt;
    if (day < 1 || day > month_length(year, month)) return std::nullopt;
    return Date{days_from_civil(year, month, day)};
}

std::optional<Date> parse_date(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    auto year = read_digits(text.substr(0, 4)), month = read_digits(text.substr(5, 2)),
         day = read_digits(text.substr(8, 2));
    if (!year || !month || !day) return std::nullopt;
    return make_date(*year, *month, *day);
}

Date Instant::date() const {
    // Whole days first: adding the offset to the largest instants would overflow.
    DayTime utc = day_time(us);
    return utc.date.plus_days(utc.us_of_day + shanghai_offset_us >= us_per_day);
}

std::string Instant::to_string() const {
    DayTime utc = day_time(us);
    std::string out(27, 'T');
    put_date(out.data(), utc.date);
    put_time(out.data() + 11, utc.us_of_day);
    out[19] = '.';
    put_digits(out.data() + 20, utc.us_of_day % us_per_second, 6);
    out[26] = 'Z';
    return out;
}

std::string Instant::to_local_string() const {
    std::string out(19, ' ');
    put_date(out.data(), date());
    put_time(out.data() + 11, (day_time(us).us_of_day + shanghai_offset_us) % us_per_day);
    return out;
}

std::string Instant::to_local_digits() const {
    std::string digits = to_local_string();
    std::erase_if(digits, [](char c) { return c < '0' || c > '9'; });
    return digits;
}

std::optional<Instant> parse_instant(std::string_view text) {
    if (text.size() != 27 || text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != '.' ||
        text[26] != 'Z') {
        return std::nullopt;
    }
    auto date = parse_date(text.substr(0, 10));
    auto hour = read_digits(text.substr(11, 2)), minute = read_digits(text.substr(14, 2)),
         second = read_digits(text.substr(17, 2)), micro = read_digits(text.substr(20, 6));
    if (!date || !hour || !minute || !second || !micro) return std::nullopt;
    if (*hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
    return Instant{date->days * us_per_day + ((*hour * 60 + *minute) * 60 + *second) * us_per_second +
                   *micro};
}

double monotonic_s() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

Instant now_utc() {
    auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::microseconds>(since_epoch).count()};
}

}  // namespace mingxin
