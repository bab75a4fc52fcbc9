// Texts, days and instants of any bytes: no crash; repairs are well-formed and stable, what parses prints the
// same.
#include <cstdint>
#include <cstdlib>

#include "base/bytes.h"
#include "base/text.h"
#include "base/time.h"

using namespace mingxin;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto date = parse_date(text); date && parse_date(date->to_string()) != date) std::abort();
    if (const auto instant = parse_instant(text)) parse_instant(instant->to_string());
    if (const auto bytes = from_hex(text); bytes && to_hex(*bytes).size() != text.size()) std::abort();
    if (const auto converted = gb18030_to_utf8(text); converted.ok() && !is_utf8(*converted)) std::abort();
    if (!is_utf8(text)) return 0;
    const std::string composed = to_nfc(text), narrow = to_half_width(text);
    if (!is_utf8(composed) || to_nfc(composed) != composed) std::abort();
    if (!is_utf8(narrow) || to_half_width(narrow) != narrow) std::abort();
    if (!is_utf8(trim(text)) || trim(trim(text)) != trim(text)) std::abort();
    if (!is_utf8(remove_blanks(text)) || remove_blanks(text).size() > trim(text).size()) std::abort();
    std::string again;
    for (char32_t point : to_code_points(text)) append_utf8(again, point);
    if (again != text || character_count(text) != to_code_points(text).size()) std::abort();
    if (escape_html(text).find('<') != std::string::npos) std::abort();
    return 0;
}
