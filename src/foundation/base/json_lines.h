// JSON for people and for version control: what is short stays on one line, what is long has a line for each
// member. Pure, thread-safe.
#pragma once
#include <string>
#include <string_view>

namespace mingxin {

/// The same values in the same order. Objects and lists that fit into width characters (bytes) are on one
/// line. json must be valid, without blanks between its parts, as JsonWriter writes it.
std::string json_in_lines(std::string_view json, std::size_t width = 150);

}  // namespace mingxin
