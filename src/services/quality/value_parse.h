// Dates and amounts as departments write them. Pure functions, thread-safe; money never passes through
// floating point. Rule V06 (dates), rules.md 1.2 no. 20 (amounts in 万元 with six decimals).
#pragma once
#include <cstdint>
#include <string_view>

#include "base/time.h"

namespace mingxin::quality {

enum class DateVerdict : std::uint8_t {
    ok,
    absent,          // blank, "-", "/", "无", "null", 0000-00-00
    incomplete,      // a year, or a year and a month
    two_digit_year,  // 19-5-1
    ambiguous,       // 01/02/2019: day and month can't be told apart
    impossible,      // 2026-02-30
    out_of_range,    // before 1800 or after 2999 (but 9999-12-31, a customary "for ever")
    unreadable,
};

struct ParsedDate {
    DateVerdict verdict = DateVerdict::unreadable;
    Date date;               // only with ok
    bool long_term = false;  // 长期, 永久, 无固定期限, 2099-12-31, 9999-12-31: the date is then 2099-12-31
};

/// All forms met: 2019-05-01, 2019/5/1, 2019.5.1, 20190501, 2019年5月1日, 二〇一九年五月一日, full-width
/// digits, date-times (their time is dropped; one with Z or an offset is first brought to Asia/Shanghai),
/// Excel serials (number_cell: a workbook's number, or five digits as text). date_1904: the workbook's date
/// system.
ParsedDate parse_any_date(std::string_view text, bool number_cell = false, bool date_1904 = false);

/// Why a date was not taken and how to write it; empty for ok and absent. Static text.
std::string_view reason_zh(DateVerdict verdict);

enum class MoneyUnit : std::uint8_t { yuan, wan_yuan };

enum class MoneyVerdict : std::uint8_t {
    ok,
    absent,  // blank, "-", "/", "无", "null", "未标明"
    negative,
    too_precise,       // more than a fen
    too_large,         // does not fit 64-bit fen
    foreign_currency,  // 美元, 港元 ...
    contradictory,     // words and digits disagree; fen holds the digits' amount
    unreadable,
};

struct ParsedMoney {
    MoneyVerdict verdict = MoneyVerdict::unreadable;
    std::int64_t fen = 0;  // with ok and contradictory
};

/// An amount in digits (1,000.50; 3.5万元; 1亿2000万; 500(万元人民币)) or words (壹万伍仟元整, 5万3千, 角,
/// 分), or both (壹万元（￥10000.00）). unit is the column's, used for plain digits only: a written 元, 万,
/// 亿 wins.
ParsedMoney parse_money(std::string_view text, MoneyUnit unit);

/// Why an amount was not taken and how to write it; empty for ok and absent. Static text.
std::string_view reason_zh(MoneyVerdict verdict);

/// The fine that a decision's text imposes: the stated total, else the sum of the fines. Amounts of quoted
/// law (…以上…以下的罚款), of investment, turnover or confiscation don't count. absent when the text names
/// none; contradictory when words and the digits beside them differ (fen: the digits').
ParsedMoney fine_in_text(std::string_view text);

}  // namespace mingxin::quality
