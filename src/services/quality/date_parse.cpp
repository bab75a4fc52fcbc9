#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "base/text.h"
#include "quality/numeral.h"
#include "quality/value_parse.h"

namespace mingxin::quality {
namespace {

constexpr int excel_1900_epoch = -25569;    // 1899-12-30, right for serials from 61
constexpr int excel_1904_epoch = -24107;    // 1904-01-01
constexpr int last_excel_serial = 2958465;  // 9999-12-31
const Date long_term_date = *make_date(2099, 12, 31);

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

ParsedDate verdict(DateVerdict value) {
    return {value, {}, false};
}

ParsedDate civil(int year, int month, int day) {
    if (year == 9999 && month == 12 && day == 31) return {DateVerdict::ok, long_term_date, true};
    if (year == 0 && month == 0 && day == 0) return verdict(DateVerdict::absent);
    auto date = make_date(year, month, day);
    if (!date) return verdict(DateVerdict::impossible);
    if (year < 1800 || year > 2999) return verdict(DateVerdict::out_of_range);
    return {DateVerdict::ok, *date, *date == long_term_date};
}

ParsedDate from_serial(std::int64_t serial, bool date_1904) {
    if (serial < 1 || serial > last_excel_serial) return verdict(DateVerdict::out_of_range);
    // Excel's 1900 system has a 29 February 1900 (serial 60) that never was.
    if (!date_1904 && serial == 60) return verdict(DateVerdict::impossible);
    int days =
        static_cast<int>(serial) + (date_1904 ? excel_1904_epoch : excel_1900_epoch + (serial < 60 ? 1 : 0));
    auto day = split(Date{days});
    return civil(day.year, day.month, day.day);
}

bool plausible_year(std::int64_t year) {
    return year >= 1900 && year <= 2100;
}

// Digits only, with an optional fraction: a serial, yyyymmdd or yyyymmddhhmmss.
std::optional<ParsedDate> plain_number(std::string_view text, bool number_cell, bool date_1904) {
    std::size_t length = 0;
    while (length < text.size() && is_digit(text[length])) ++length;
    bool fraction = length < text.size();
    if (length == 0 || length > 14) return std::nullopt;
    if (fraction && (text[length] != '.' || length + 1 == text.size() ||
                     !std::all_of(text.begin() + length + 1, text.end(), is_digit))) {
        return std::nullopt;
    }
    std::int64_t value = 0;
    for (char c : text.substr(0, length)) value = value * 10 + (c - '0');
    if (!fraction && length == 14) value /= 1000000;
    if (!fraction && (length == 8 || length == 14)) {
        return civil(static_cast<int>(value / 10000), static_cast<int>(value / 100 % 100),
                     static_cast<int>(value % 100));
    }
    if (length == 4 && plausible_year(value)) return verdict(DateVerdict::incomplete);
    if (length == 6 && plausible_year(value / 100) && value % 100 >= 1 && value % 100 <= 12) {
        return verdict(DateVerdict::incomplete);
    }
    if (number_cell || length == 5) return from_serial(value, date_1904);
    return verdict(DateVerdict::unreadable);
}

bool is_dash(char32_t c) {
    return c == U'-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xFF0D || c == 0x30FC;
}

bool is_one_of(char32_t c, std::u32string_view set) {
    return set.find(c) != set.npos;
}

// A digit in Chinese, not of ASCII.
bool is_chinese_digit(char32_t c) {
    return c >= 0x80 && chinese_digit(c) >= 0;
}

// Without what stands around a date and says nothing: '2019-05-01, 自2019年5月1日起, 2019.5.1.,
// 2019年5月1日(星期三).
std::u32string_view bare(std::u32string_view text) {
    while (!text.empty() && is_one_of(text.front(), U"'‘’\"“”`")) text.remove_prefix(1);
    for (std::u32string_view word : {U"公元", U"自"}) {
        if (text.starts_with(word)) text.remove_prefix(word.size());
    }
    while (!text.empty() && is_one_of(text.back(), U"'‘’\"“”`.。,;；起始止至")) text.remove_suffix(1);
    const auto open = text.rfind(U'(');
    if (open != text.npos && text.ends_with(U')')) {
        const std::u32string_view inside = text.substr(open + 1);
        if (inside.starts_with(U"星期") || inside.starts_with(U"周")) text = text.substr(0, open);
    }
    return text;
}

// Half-width, dashes as '-', O between Chinese digits as 〇, blanks only where they part two digits (before a
// time).
std::u32string normalised(std::string_view text) {
    std::u32string points = to_code_points(to_half_width(trim(text)));
    std::u32string out;
    for (std::size_t i = 0; i < points.size(); ++i) {
        char32_t c = points[i];
        if (c == U' ' || c == U'\t' || c == 0xA0 || c == U'\n' || c == U'\r') {
            bool parts = !out.empty() && out.back() >= U'0' && out.back() <= U'9' && i + 1 < points.size() &&
                         points[i + 1] >= U'0' && points[i + 1] <= U'9';
            if (parts) out.push_back(U' ');
        } else if ((c == U'O' || c == U'o') && !out.empty() && is_chinese_digit(out.back())) {
            out.push_back(U'〇');
        } else {
            out.push_back(is_dash(c) ? U'-' : c);
        }
    }
    return out;
}

struct Number {
    int value = 0;
    int digits = 0;  // written places; 二十一 counts as two
};

class Scanner {
  public:
    explicit Scanner(std::u32string_view text) : text_(text) {}
    bool done() const { return at_ == text_.size(); }
    char32_t peek() const { return done() ? 0 : text_[at_]; }
    bool take(char32_t c) { return peek() == c ? (++at_, true) : false; }
    bool take_one_of(std::u32string_view set) {
        return !done() && set.find(text_[at_]) != set.npos ? (++at_, true) : false;
    }
    bool take_word(std::u32string_view word) {
        if (text_.substr(at_, word.size()) != word) return false;
        at_ += word.size();
        return true;
    }
    void skip() { at_ = text_.size(); }
    void step_back(std::size_t places) { at_ -= places; }

    // Digits, Chinese digits by place (二〇一九), or with 十, 廿, 卅 (二十一). No number: digits = 0.
    Number number() {
        Number out;
        bool tens = false;
        for (; !done() && out.digits < 9; ++at_) {
            char32_t c = text_[at_];
            if (int d = chinese_digit(c); d >= 0) {
                out.value = tens ? out.value + d : out.value * 10 + d;
                out.digits += tens && out.digits > 1 ? 0 : 1;
            } else if (int ten = tens ? 0 : tens_of(c); ten > 0) {
                out.value = (c == U'十' || c == U'拾') && out.digits > 0 ? out.value * 10 : ten;
                out.digits = 2;
                tens = true;
            } else {
                break;
            }
        }
        return out;
    }

  private:
    static int tens_of(char32_t c) {
        return c == U'十' || c == U'拾' ? 10 : c == U'廿' ? 20 : c == U'卅' ? 30 : 0;
    }
    std::u32string_view text_;
    std::size_t at_ = 0;
};

// The time after a date; day_shift is what a written zone adds to the date in Asia/Shanghai. false:
// unreadable.
bool read_time(Scanner& in, int& day_shift) {
    bool upper = in.take_one_of(U"T ");
    if (in.done()) return !upper;
    if (in.take_word(U"星期") || in.take_word(U"周")) {
        in.skip();
        return true;
    }
    if (!in.take_word(U"下午")) in.take_word(U"上午");
    if (in.done()) return true;
    Number hour = in.number();
    if (hour.digits == 0 || hour.value > 24 || !in.take_one_of(U":时点")) return false;
    Number minute = in.number();
    if (minute.value > 59) return false;
    in.take(U'分');
    if (in.take(U':')) {
        if (in.number().value > 60) return false;
        if (in.take_one_of(U".,")) in.number();
    } else if (in.number().digits > 0) {
        in.take(U'秒');
    }
    if (!in.take_word(U"AM")) in.take_word(U"PM");
    int sign = in.take(U'+') ? 1 : in.take(U'-') ? -1 : 0;
    bool zone = sign != 0 || in.take(U'Z');
    int offset_min = 0;
    if (sign != 0) {
        Number h = in.number();
        int hours = h.digits == 4 ? h.value / 100 : h.value, minutes = h.digits == 4 ? h.value % 100 : 0;
        if (in.take(U':')) minutes = in.number().value;
        if (h.digits == 0 || hours > 14 || minutes > 59) return false;
        offset_min = sign * (hours * 60 + minutes);
    }
    if (zone) {
        int local_min = hour.value * 60 + minute.value - offset_min + 8 * 60;
        day_shift = local_min < 0 ? -1 : local_min / (24 * 60);
    }
    return in.done();
}

ParsedDate written(std::u32string_view text) {
    Scanner in(text);
    Number first = in.number();
    if (first.digits == 0) return verdict(DateVerdict::unreadable);
    if (in.done()) return verdict(first.digits == 4 ? DateVerdict::incomplete : DateVerdict::unreadable);
    if (!in.take_one_of(U"年-/.。、,·_\\ ")) return verdict(DateVerdict::unreadable);
    Number second = in.number();
    if (second.digits == 0) {
        bool year_only = in.done() && first.digits == 4;
        return verdict(year_only ? DateVerdict::incomplete : DateVerdict::unreadable);
    }
    if (!in.take_one_of(U"月-/.。、,·_\\ ")) {
        return verdict(in.done() && first.digits == 4 ? DateVerdict::incomplete : DateVerdict::unreadable);
    }
    Number third = in.number();
    if (third.digits == 0) {
        return verdict(in.done() && first.digits == 4 ? DateVerdict::incomplete : DateVerdict::unreadable);
    }
    if (first.digits != 4) {
        bool day_first = first.digits <= 2 && third.digits == 4;
        return verdict(day_first           ? DateVerdict::ambiguous
                       : first.digits <= 2 ? DateVerdict::two_digit_year
                                           : DateVerdict::unreadable);
    }
    // 2019-05-0100:00:00: the blank before the time was lost.
    if (third.digits == 4 && in.peek() == U':' && third.value % 100 <= 24) {
        in.step_back(2);
        third = {third.value / 100, 2};
    }
    if (second.digits > 2 || third.digits > 2) return verdict(DateVerdict::unreadable);
    in.take_one_of(U"日号");
    int day_shift = 0;
    if (!in.done() && !read_time(in, day_shift)) return verdict(DateVerdict::unreadable);
    ParsedDate out = civil(first.value, second.value, third.value);
    if (out.verdict == DateVerdict::ok && !out.long_term) out.date = out.date.plus_days(day_shift);
    return out;
}

bool is_long_term(std::u32string_view text) {
    static constexpr std::array<std::u32string_view, 19> words = {
        U"长期",   U"永久",     U"无固定期限", U"长期有效",         U"永久有效",   U"无期限", U"永续",
        U"至长期", U"长久",     U"不约定期限", U"无限期",           U"无有效期限", U"不限",   U"不限期",
        U"终身",   U"终身有效", U"长期至",     U"长期(无固定期限)", U"长期有效期"};
    return std::find(words.begin(), words.end(), text) != words.end();
}

// 2019-05-01至长期: of a term only the end is open.
bool ends_in_long_term(std::u32string_view text) {
    const auto to = text.rfind(U'至');
    if (to == text.npos || to == 0 || !is_long_term(text.substr(to + 1))) return false;
    return written(bare(text.substr(0, to))).verdict == DateVerdict::ok;
}

}  // namespace

ParsedDate parse_any_date(std::string_view text, bool number_cell, bool date_1904) {
    if (text.size() == 10) {
        const char* p = text.data();
        bool shape = (p[4] == '-' || p[4] == '/') && p[7] == p[4];
        unsigned d[10];
        for (int i = 0; i < 10; ++i) d[i] = static_cast<unsigned char>(p[i]) - '0';
        if (shape && (d[0] < 10) & (d[1] < 10) & (d[2] < 10) & (d[3] < 10) & (d[5] < 10) & (d[6] < 10) &
                         (d[8] < 10) & (d[9] < 10)) {
            return civil(static_cast<int>(d[0] * 1000 + d[1] * 100 + d[2] * 10 + d[3]),
                         static_cast<int>(d[5] * 10 + d[6]), static_cast<int>(d[8] * 10 + d[9]));
        }
    }
    if (is_placeholder(text)) return verdict(DateVerdict::absent);
    if (text.size() > 128) return verdict(DateVerdict::unreadable);
    if (auto out = plain_number(trim(text), number_cell, date_1904)) return *out;
    const std::u32string folded = normalised(text);
    const std::u32string_view points = bare(folded);
    if (is_long_term(points) || is_long_term(folded) || ends_in_long_term(folded))
        return {DateVerdict::ok, long_term_date, true};
    std::string narrow;
    for (char32_t c : points) narrow.push_back(c < 0x80 ? static_cast<char>(c) : 'x');
    if (auto out = plain_number(narrow, number_cell, date_1904)) return *out;
    return written(points);
}

std::string_view reason_zh(DateVerdict verdict) {
    switch (verdict) {
        case DateVerdict::ok:
        case DateVerdict::absent:
            return {};
        case DateVerdict::incomplete:
            return "日期不完整，缺少月或日，请写成 2019-05-01";
        case DateVerdict::two_digit_year:
            return "年份只有两位，请写成四位年份，例如 2019-05-01";
        case DateVerdict::ambiguous:
            return "日和月的先后分不清，请写成 年-月-日，例如 2019-02-01";
        case DateVerdict::impossible:
            return "没有这一天，请核对后填写真实存在的日期";
        case DateVerdict::out_of_range:
            return "日期超出合理范围（1800 年至 2999 年），请核对年份";
        case DateVerdict::unreadable:
            return "不是可识别的日期，请写成 2019-05-01";
    }
    return {};
}

}  // namespace mingxin::quality
