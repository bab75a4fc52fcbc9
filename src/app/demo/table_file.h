// Writes a table row by row as a department's program would: CSV in UTF-8 (with or without BOM) or GB18030,
// or a workbook (XLSX), where dates and amounts become numbers as they do when people type them. Memory is
// one buffer, whatever the number of rows. Fault::file_unwritable when the disk refuses; the file is then
// incomplete.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

namespace mingxin::demo {

enum class Format { utf8, utf8_bom, gb18030, xlsx };
/// ".csv" or ".xlsx".
std::string_view extension(Format format);

class TableFile {
  public:
    virtual ~TableFile() = default;
    virtual Result<void> write(const std::vector<std::string>& cells) = 0;
    virtual Result<void> finish() = 0;
};

Result<std::unique_ptr<TableFile>> create_table_file(const std::filesystem::path& path, Format format);

}  // namespace mingxin::demo
