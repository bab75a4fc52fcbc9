// Writes a table as CSV (RFC 4180, UTF-8 with a byte order mark, so that Excel and WPS read Chinese) as a
// stream in constant memory. What a spreadsheet would take for a formula - text that begins with = + - @, a
// tab or a line end - gets an apostrophe before it. Not thread-safe.
#pragma once
#include <cstdio>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace mingxin::workbook {

/// A cell as CSV writes it. number: digits that are no formula, whatever they begin with.
void append_csv_cell(std::string& out, std::string_view text, bool number);

class CsvWriter {
  public:
    /// Fault::file_unwritable, here and below.
    static Result<CsvWriter> create(const std::filesystem::path& path);
    CsvWriter(CsvWriter&& other) noexcept;
    CsvWriter& operator=(CsvWriter&&) = delete;
    ~CsvWriter();
    void cell(std::string_view text, bool number);
    Result<void> end_row();
    /// Without it the file is not whole.
    Result<void> finish();

  private:
    explicit CsvWriter(std::FILE* file, std::string name) : file_(file), name_(std::move(name)) {}
    Result<void> flush(std::size_t above);
    std::FILE* file_;
    std::string name_, text_;
    bool first_ = true;
};

}  // namespace mingxin::workbook
