// Writes a table row by row as a department's program would: CSV in UTF-8 (with or without BOM) or GB18030.
// Memory is one buffer, whatever the number of rows.
#pragma once
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mingxin::demo {

enum class Format { utf8, utf8_bom, gb18030 };

class TableFile {
  public:
    static Result<TableFile> create(const std::filesystem::path& path, Format format);
    TableFile(TableFile&&) noexcept;
    ~TableFile();
    /// Fault::file_unwritable when the disk refuses; the file is then incomplete.
    Result<void> write(const std::vector<std::string>& cells);
    Result<void> finish();

  private:
    struct Impl;
    explicit TableFile(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace mingxin::demo
