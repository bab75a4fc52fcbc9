// Reads the table in a department's file, in pieces of bounded memory: CSV and its relatives, XLSX, NDJSON.
// The format is told by the content, never by the name. Not thread-safe: one reader per thread.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "quality/quality.h"
#include "workbook/xlsx_parts.h"

namespace mingxin::collect {

/// As the checks take it; the text is UTF-8 without NUL and lies in the RowChunk. number: plain decimal
/// digits, at most 15 significant, as Excel shows it. date: "YYYY-MM-DD" or "YYYY-MM-DD hh:mm:ss". boolean:
/// TRUE, FALSE. error: "#N/A". formula_without_value: the formula with its "=".
using Cell = quality::Cell;
using CellKind = quality::Cell::Kind;

/// Rows with the memory of their texts. clear() keeps the memory for the next rows.
class RowChunk {
  public:
    std::size_t size() const { return rows_.size(); }
    /// May be shorter or longer than the header. Trailing empty cells are not kept.
    std::span<const Cell> cells(std::size_t i) const {
        return {cells_.data() + rows_[i].first_cell, rows_[i].cell_count};
    }
    /// The row's number as the spreadsheet shows it: 1 is the first row of the file, header and blank rows
    /// counted.
    std::int64_t row_number(std::size_t i) const { return rows_[i].number; }
    /// Holds so much that a reader adds no further row, however few there are.
    bool full() const { return text_bytes_ >= most_text_bytes || cells_.size() >= most_cells; }
    void clear();

    // For readers: room for a text, stable until clear(); then the cells of one row, then end_row.
    char* text_room(std::size_t bytes);
    std::string_view keep(std::string_view text);
    void add_cell(Cell cell) { cells_.push_back(cell); }
    /// Drops trailing empty cells; false (and nothing kept) when the whole row is empty or blank.
    bool end_row(std::int64_t number);

  private:
    static constexpr std::size_t most_text_bytes = 4u << 20, most_cells = 100'000;
    void drop_row();
    struct Row {
        std::size_t first_cell, cell_count;
        std::int64_t number;
    };
    struct Block {
        std::unique_ptr<char[]> bytes;
        std::size_t capacity = 0, used = 0;
    };
    std::vector<Row> rows_;
    std::vector<Cell> cells_;
    std::vector<Block> blocks_;
    std::size_t block_ = 0, text_bytes_ = 0;
    // Where the row at hand began.
    std::size_t row_start_ = 0, row_block_ = 0, row_used_ = 0, row_text_bytes_ = 0;
};

struct ReadLimits {
    std::size_t cell_bytes = 1u << 20;
    std::size_t row_bytes = 16u << 20;
    std::size_t columns = 2000;
    std::uint64_t inflated_bytes = 8ull << 30;        // of one sheet
    std::uint64_t shared_strings_bytes = 1ull << 30;  // inflated
    std::uint64_t ratio = 400;                        // inflated : packed, looked at above 64 MiB
};

struct OpenOptions {
    ReadLimits limits;
    /// Column names and field codes of the item: the header is the row among the first twenty that has most
    /// of them. Empty: the first row that is filled like a header.
    std::vector<std::string> header_words;
    std::string shown_name;  // of the file, in messages; empty: as its path has it
};

/// A sheet whose first cell begins with this says of itself that it is no data: it is passed over, wherever
/// it stands and whatever it is called. Templates carry such sheets.
inline constexpr std::string_view kNotDataMark = "【本工作表不作为数据读取】";

enum class FileFormat : std::uint8_t { csv, xlsx, ndjson };

class TableReader {
  public:
    virtual ~TableReader() = default;
    /// Replaces the chunk by the next rows, at most max_rows; blank rows are left out. No rows: the end. A
    /// failure names row, cell and remedy, and ends the reading.
    Result<void> read(RowChunk& chunk, std::size_t max_rows);
    /// Trimmed, line breaks removed; may hold empty and equal names.
    const std::vector<std::string>& header() const { return header_; }
    /// 0 for NDJSON: no row of the file is the header.
    std::int64_t header_row() const { return header_row_; }
    /// The first non-blank rows of the file, those above the header (titles) among them.
    const RowChunk& first_rows() const { return lead_; }
    /// How many of the hint words the header has.
    std::size_t header_words_found() const { return header_words_found_; }
    FileFormat format() const { return format_; }
    /// For people: "CSV（GB18030，制表符分隔）", "XLSX".
    virtual std::string format_zh() const = 0;
    /// Empty for text files.
    virtual const std::string& sheet_name() const;
    /// The workbook counts dates from 1904: how its plain numbers become dates.
    virtual bool date_1904() const { return false; }
    /// Part of the file read, 0..1.
    virtual double progress() const = 0;
    /// What was met and how it was read (hidden sheets skipped, merged cells, formulas, stray quotes);
    /// complete after the last row. For people.
    virtual std::vector<std::string> notes_zh() const = 0;
    /// The merged area ("A3:A5") that covers this empty cell, whose value stands only in the area's first
    /// cell; empty when there is none. column counts from 0.
    virtual std::string merged_area(std::int64_t row, std::size_t column) const;

  protected:
    explicit TableReader(FileFormat format) : format_(format) {}
    /// Appends non-empty rows to the chunk until it has max_rows more or is full; none added: the end.
    virtual Result<void> fill(RowChunk& chunk, std::size_t max_rows) = 0;
    /// Reads ahead and finds the header; Fault::empty_table when the file has no cell.
    Result<void> find_header(const OpenOptions& options);
    void set_header(std::vector<std::string> header, std::int64_t row, std::size_t words_found);

  private:
    FileFormat format_;
    std::vector<std::string> header_;
    std::int64_t header_row_ = 0;
    std::size_t header_words_found_ = 0;
    RowChunk lead_;  // rows read while looking for the header
    std::size_t lead_next_ = 0;
};

/// Faults: file_unreadable, and MX2101-MX2117 with row and remedy.
Result<std::unique_ptr<TableReader>> open_table(const std::filesystem::path& path,
                                                const OpenOptions& options);

using workbook::column_letters;

}  // namespace mingxin::collect
