// How alike two names of columns are, by the characters that they share. Pure. Internal to collect.
#pragma once
#include <string>
#include <string_view>

namespace mingxin::collect {

/// The name as names are compared: folded, without what stands in brackets, one word for one thing (时间 is
/// 日期).
std::u32string comparable_name(std::string_view header);
/// 0 (nothing shared) to 1 (the same); of comparable names.
double likeness(const std::u32string& a, const std::u32string& b);

}  // namespace mingxin::collect
