#include "quality/numeral.h"

#include <array>

#include "base/text.h"

namespace mingxin::quality {

int chinese_digit(char32_t c) {
    if (c >= U'0' && c <= U'9') return static_cast<int>(c - U'0');
    switch (c) {
        case U'〇':
        case U'零':
        case U'○':
        case U'◯':
            return 0;
        case U'一':
        case U'壹':
        case U'壱':
        case U'弌':
            return 1;
        case U'二':
        case U'贰':
        case U'貳':
        case U'两':
        case U'兩':
            return 2;
        case U'三':
        case U'叁':
        case U'參':
        case U'叄':
            return 3;
        case U'四':
        case U'肆':
            return 4;
        case U'五':
        case U'伍':
            return 5;
        case U'六':
        case U'陆':
        case U'陸':
            return 6;
        case U'七':
        case U'柒':
            return 7;
        case U'八':
        case U'捌':
            return 8;
        case U'九':
        case U'玖':
            return 9;
        default:
            return -1;
    }
}

int chinese_unit(char32_t c) {
    switch (c) {
        case U'十':
        case U'拾':
            return 1;
        case U'百':
        case U'佰':
            return 2;
        case U'千':
        case U'仟':
            return 3;
        case U'万':
        case U'萬':
            return 4;
        case U'亿':
        case U'億':
            return 8;
        default:
            return 0;
    }
}

bool is_placeholder(std::string_view text) {
    std::string_view body = trim(text);
    if (body.empty()) return true;
    if (body.size() > 12) return false;
    std::size_t at = 0;
    const char32_t first = next_code_point(body, at);
    if (std::u32string_view(U"-—–－−_/\\／*").find(first) != std::u32string_view::npos) {
        while (at < body.size()) {
            if (next_code_point(body, at) != first) return false;
        }
        return true;  // one mark, repeated: -, --, ———, ***
    }
    static constexpr std::array<std::string_view, 13> words = {
        "无", "空", "null", "NULL", "Null", "N/A", "n/a", "NA", "未标明", "暂无", "不详", "(null)", "None"};
    for (auto word : words) {
        if (body == word) return true;
    }
    return false;
}

}  // namespace mingxin::quality
