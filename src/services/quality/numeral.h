// Chinese numerals and placeholders, shared by the date and money parsers. Pure functions, thread-safe.
#pragma once
#include <string>
#include <string_view>

namespace mingxin::quality {

/// 0..9 of an ASCII, Chinese (〇 零 ○ 一..九) or capital (壹..玖) digit; -1 for anything else.
int chinese_digit(char32_t c);
/// Power of ten of 十百千万亿 and their capital and traditional forms (1, 2, 3, 4, 8); 0 for anything else.
int chinese_unit(char32_t c);
/// 廿 and 卅 as 二十 and 三十, 一点五 as 1.5, 园 typed for 元 after a number as 元, 元圆 as 元; all else as
/// it is. Text is half width.
std::u32string plain_numerals(std::u32string_view text);
/// Blank, or one of the customary marks for "nothing here": - — / \ 无 空 null N/A *** 未标明.
bool is_placeholder(std::string_view text);

}  // namespace mingxin::quality
