#include <algorithm>

#include "base/text.h"
#include "quality/quality.h"

namespace mingxin::quality {

bool is_document_number(std::string_view text) {
    constexpr std::u32string_view numerals = U"〇零一二三四五六七八九十百千";
    constexpr std::u32string_view closing = U")）]］】〕}";
    const auto is_ascii_sign = [](char32_t c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    };
    const std::u32string all = to_code_points(text);
    if (all.empty()) return false;
    if (is_ascii_sign(all.back()))
        return std::any_of(all.begin(), all.end(), [](char32_t c) { return c >= '0' && c <= '9'; });
    for (std::size_t at = all.find(U'号'); at != std::u32string::npos; at = all.find(U'号', at + 1)) {
        std::size_t before = at;
        while (before > 0 && closing.find(all[before - 1]) != std::u32string_view::npos) --before;
        if (before == 0) continue;
        const char32_t last = all[before - 1];
        if (is_ascii_sign(last) || numerals.find(last) != std::u32string_view::npos) return true;
    }
    return false;
}

}  // namespace mingxin::quality
