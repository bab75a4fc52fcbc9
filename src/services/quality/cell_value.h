// One cell to one canonical value. Pure; internal to quality, used by collect for headers' hints.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "quality/quality.h"
#include "rulebook/rulebook.h"

namespace mingxin::quality {

/// text is canonical (date YYYY-MM-DD, money in fen); empty with an empty reason: the cell says nothing.
struct CellValue {
    std::string text;
    std::string reason_zh;  // why it can't be read
};
/// long_term is what 长期 becomes.
CellValue read_date(const Cell& cell, std::string_view long_term, bool date_1904);
CellValue read_money(std::string_view text, bool in_wan_yuan);
CellValue read_fine_in_text(std::string_view text);

struct CodeValue {
    std::string text;       // canonical; with a reason: as written, half width and upper case
    std::string reason_zh;  // why it fails its check
    bool repaired = false;
};
/// A code by the role of its field: unified social credit code, organisation code, registration number,
/// citizen number ...
CodeValue read_code(rulebook::Role role, std::string_view text);

struct TextValue {
    bool broken = false;    // holds U+FFFD or is not UTF-8: the text lost its encoding
    bool repaired = false;  // control characters were removed
};
/// NFC, trimmed, without control characters (line breaks become blanks), into out, whose memory is reused.
TextValue read_plain_text(std::string_view text, std::string& out);

/// At ; and ；
std::vector<std::string_view> split_set(std::string_view text);
/// At 、 , ， / and blanks.
std::vector<std::string_view> split_list(std::string_view text);

}  // namespace mingxin::quality
