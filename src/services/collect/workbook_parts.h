// The parts of a workbook (ECMA-376) around its sheets: the list of sheets, the styles that make a number a
// date, the shared texts, the merged areas. Not thread-safe.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "collect/shared_strings.h"
#include "collect/table_reader.h"
#include "collect/zip_archive.h"

namespace mingxin::collect {

struct Sheet {
    std::string name;
    std::string part;  // "xl/worksheets/sheet1.xml"
    bool hidden = false;
};

struct Workbook {
    std::vector<Sheet> sheets;  // worksheets only, in the order of the tabs
    bool date_1904 = false;
    std::string shared_strings_part, styles_part;  // empty when absent
};

/// Faults: damaged_workbook, unsupported_format (another kind of document in a zip).
Result<Workbook> read_workbook(const ZipArchive& archive, const ReadLimits& limits);
Result<void> read_shared_strings(const ZipArchive& archive, const Workbook& workbook,
                                 const ReadLimits& limits, SharedStrings& out);
/// By style number of a cell: whether its number is shown as a date.
Result<std::vector<bool>> read_date_styles(const ZipArchive& archive, const Workbook& workbook,
                                           const ReadLimits& limits);
/// Whether a number format ("yyyy-mm-dd", "[$-804]yyyy年m月d日") shows a date or a time.
bool is_date_format(std::string_view code);

/// 1-based rows, 0-based columns, all inclusive.
struct MergedArea {
    std::int64_t first_row = 0, last_row = 0;
    std::uint32_t first_column = 0, last_column = 0;
    std::string name() const;  // "A3:A5"
};
/// The merged areas of a sheet, by first row. They stand after the rows, so the part is inflated once to find
/// them (and to learn that it is whole before its first row is used). total counts all, areas keeps at most
/// 100,000.
struct MergedAreas {
    std::vector<MergedArea> areas;
    std::size_t total = 0;
    /// The area that covers a cell other than its first; nullptr when none.
    const MergedArea* covering(std::int64_t row, std::size_t column) const;
    void sort();

  private:
    std::vector<std::int64_t> reach_;  // the last row of areas[0..i]
};
Result<MergedAreas> read_merged_areas(const ZipArchive& archive, const Sheet& sheet,
                                      const ReadLimits& limits);

/// "AB12" to column 27 and row 12; false when it is no reference.
bool parse_reference(std::string_view text, std::int64_t& row, std::uint32_t& column);
/// A number as Excel shows it: at most 15 significant digits, no exponent.
std::string shown_number(std::string_view raw);
/// The date of a serial; empty when it is none (a time of day, a negative number).
std::string shown_date(std::string_view raw, bool date_1904);
/// Undoes _xHHHH_ escapes in place; NUL is never made.
void unescape_text(std::string& text);

}  // namespace mingxin::collect
