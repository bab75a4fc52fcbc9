// What Unicode's tables know of characters: which are traditional, which are read alike. The tables are made
// when they are first needed, which takes a tenth of a second. Thread-safe.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mingxin::subject {

/// Traditional characters as simplified ones; for asking, not for comparing: names are registered in
/// simplified characters, but for some (乾) that the table would change.
std::string simplified(std::string_view name);

/// One number a character: equal where two are read alike (鸿 and 泓), whatever their tones; of several
/// readings the most common one. The numbers mean nothing else and differ from run to run.
std::vector<std::uint32_t> readings(std::u32string_view text);

}  // namespace mingxin::subject
