// The fixed and repeated XML of written workbooks. Pure functions, thread-safe.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mingxin::workbook {

/// "A", "Z", "AA" of column 0, 25, 26: how people name a column.
std::string column_letters(std::size_t column);
/// Escapes for XML and for _xHHHH_ of workbooks, cut to most characters (UTF-16 units, as Excel counts).
void append_xml_text(std::string& out, std::string_view text, std::size_t most);
/// The numFmt, fonts, fills and cellXfs in the order of CellStyle.
std::string_view styles_xml();
std::string content_types_xml(std::size_t sheets, const std::vector<bool>& with_comments);
std::string workbook_xml(const std::vector<std::string>& names, std::size_t hidden_from);
std::string workbook_relations_xml(std::size_t sheets);
std::string sheet_relations_xml(std::size_t number);
inline constexpr std::string_view root_relations_xml =
    R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>)";
/// One comment of xl/comments and its box of the VML drawing; row and column from 0.
void append_comment(std::string& comments, std::string& boxes, std::int64_t row, std::size_t column,
                    std::string_view text, std::int64_t number);
extern const std::string_view comments_begin, comments_end, boxes_begin, boxes_end;
/// A sheet's name that Excel takes, unlike the names before.
std::string sheet_name(std::string_view wanted, const std::vector<std::string>& taken);

}  // namespace mingxin::workbook
