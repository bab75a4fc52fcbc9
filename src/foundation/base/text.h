// Text is NFC UTF-8. Pure functions, thread-safe.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mingxin {

/// Well-formed UTF-8 (no surrogates, no overlong forms).
bool is_utf8(std::string_view text);
/// The text with each ill-formed byte as U+FFFD: for showing what may be damaged.
std::string to_readable(std::string_view text);
/// Decodes one code point at position (advanced); input must be well-formed.
char32_t next_code_point(std::string_view text, std::size_t& position);
void append_utf8(std::string& out, char32_t code_point);
std::u32string to_code_points(std::string_view text);
/// Number of characters (code points) of well-formed UTF-8; lengths of the data standard count these (V11).
std::size_t character_count(std::string_view text);
/// Unicode NFC. A fast path returns ASCII and common CJK text unchanged.
std::string to_nfc(std::string_view text);
/// GB18030 (a superset of GBK) to UTF-8; Fault::bad_encoding when a sequence is invalid.
Result<std::string> gb18030_to_utf8(std::string_view bytes);
/// Full-width ASCII (U+FF01..FF5E) and the ideographic space to their half-width forms; nothing else changes.
std::string to_half_width(std::string_view text);
/// A blank of any kind: ASCII, U+00A0, U+3000, zero-width, BOM, control characters.
bool is_blank(char32_t code_point);
/// Without leading and trailing blanks (is_blank).
std::string_view trim(std::string_view text);
/// All blanks (is_blank) removed, also inside.
std::string remove_blanks(std::string_view text);
std::string to_upper_ascii(std::string_view text);
/// & < > " ' as entities.
std::string escape_html(std::string_view text);
/// Percent-encodes everything but RFC 3986 unreserved characters.
std::string escape_url(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);
/// Levenshtein distance in code points, stops early above limit (then returns limit + 1).
std::size_t edit_distance(std::u32string_view a, std::u32string_view b, std::size_t limit);

}  // namespace mingxin
