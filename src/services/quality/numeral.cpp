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
        case U'弍':
        case U'貮':
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
        case U'肄':  // a common slip
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
        case U'阡':
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

namespace {

bool is_part_of_number(char32_t c) {
    return chinese_digit(c) >= 0 || chinese_unit(c) > 0;
}

// 园 is typed for 元; 5万园林工具 is none.
bool is_slip_for_yuan(std::u32string_view text, std::size_t at) {
    if ((text[at] != U'园' && text[at] != U'園') || at == 0 || !is_part_of_number(text[at - 1])) return false;
    return at + 1 == text.size() || std::u32string_view(U"整正罚的,。;、()").find(text[at + 1]) != text.npos;
}

// 点 between Chinese digits: 一点五万.
bool is_spoken_point(std::u32string_view text, std::size_t at) {
    return text[at] == U'点' && at > 0 && at + 1 < text.size() && chinese_digit(text[at - 1]) >= 0 &&
           chinese_digit(text[at + 1]) >= 0;
}

}  // namespace

std::u32string plain_numerals(std::u32string_view text) {
    std::u32string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char32_t c = text[at];
        if (c == U'廿' || c == U'卅') {
            (out += c == U'廿' ? U'二' : U'三') += U'十';
        } else if (is_slip_for_yuan(text, at)) {
            out += U'元';
        } else if ((c == U'圆' || c == U'圓') && !out.empty() && out.back() == U'元') {
            continue;  // 贰万元圆整
        } else if (is_spoken_point(text, at)) {
            out.back() = U'0' + static_cast<char32_t>(chinese_digit(out.back()));
            out += U'.';
            while (at + 1 < text.size() && chinese_digit(text[at + 1]) >= 0) {
                out += U'0' + static_cast<char32_t>(chinese_digit(text[++at]));
            }
        } else {
            out += c;
        }
    }
    return out;
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
