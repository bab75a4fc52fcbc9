// Writes workbooks (ECMA-376 transitional) as a stream, for any number of rows in constant memory. All cells
// but counts are texts with the format "text": what begins with = + - @ stays a text, also after somebody
// edits it. Not thread-safe. Fault::file_unwritable from every writing call.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mingxin::workbook {

enum class CellStyle : std::uint8_t {
    plain,
    header,   // bold on grey
    fault,    // light red
    warning,  // amber
    good,     // light green
    remark,   // wrapped text
    title,    // bold
    count,    // a number: the text is its digits
    date,     // 2026/05/01: what is typed there becomes a day
    amount,   // a number with two to six decimals
};

struct OutCell {
    std::string_view text;
    CellStyle style = CellStyle::plain;
    std::string_view comment = {};  // shown when the pointer rests on the cell
};

struct SheetLayout {
    std::string name;                   // forbidden characters are replaced, cut to 31
    std::vector<double> column_widths;  // in characters; missing ones: the program's default
    int frozen_rows = 1;                // stay in view
    int filter_row = 0;                 // 1-based row that gets filter buttons; 0: none
    /// How cells that nobody wrote behave when somebody types into them: date or amount; missing ones: text.
    std::vector<CellStyle> column_styles = {};
};

class XlsxWriter {
  public:
    /// Excel's own bounds.
    static constexpr std::int64_t most_rows = 1'048'576;
    static constexpr std::size_t most_columns = 16'384;
    /// A text beyond Excel's 32,767 characters is cut and ends with "…".
    static constexpr std::size_t most_characters = 32'767;
    /// Comments kept of a sheet; more would make Excel slow to open. Fills are not limited.
    static constexpr std::int64_t most_comments = 10'000;

    static Result<XlsxWriter> create(const std::filesystem::path& path);
    XlsxWriter(XlsxWriter&&) noexcept;
    ~XlsxWriter();

    /// Ends the sheet before.
    Result<void> begin_sheet(SheetLayout layout);
    Result<void> write_row(std::span<const OutCell> cells);
    /// The next row written is `row` (from 1); rows between stay blank. Never goes back.
    void skip_to_row(std::int64_t row);
    /// The sheet can take no more rows (Excel's bound, or 3 GiB of XML).
    bool sheet_full() const;
    /// A drop-down list for the cells of a column (from 0) in rows first..last (from 1) of the sheet begun.
    /// Nothing else can be typed; with other_zh anything can, after this warning.
    void add_choices(std::size_t column, std::int64_t first_row, std::int64_t last_row,
                     std::vector<std::string> values, std::string other_zh = {});
    /// Without it no file remains.
    Result<void> finish();

  private:
    struct Impl;
    explicit XlsxWriter(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace mingxin::workbook
