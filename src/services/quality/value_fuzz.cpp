// Dates, amounts and fines on any well-formed UTF-8: no crash, no overflow, verdict and value consistent.
#include <cstdlib>

#include "base/text.h"
#include "quality/value_parse.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mingxin;
    using namespace mingxin::quality;
    std::string_view text(reinterpret_cast<const char*>(data), size);
    if (!is_utf8(text)) return 0;
    for (bool number_cell : {false, true}) {
        ParsedDate date = parse_any_date(text, number_cell, size % 2 == 1);
        if (date.verdict == DateVerdict::ok && parse_any_date(date.date.to_string()).date != date.date)
            std::abort();
    }
    for (MoneyUnit unit : {MoneyUnit::yuan, MoneyUnit::wan_yuan}) {
        ParsedMoney money = parse_money(text, unit);
        if (money.verdict == MoneyVerdict::ok && money.fen < 0) std::abort();
    }
    if (fine_in_text(text).fen < 0) std::abort();
    return 0;
}
