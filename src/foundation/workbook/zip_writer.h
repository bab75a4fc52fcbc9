// Writes a zip archive as a stream in constant memory: one entry after the other, deflated. The file appears
// whole at finish(), or not at all. Not thread-safe.
#pragma once
#include <filesystem>
#include <memory>
#include <string_view>

#include "base/result.h"

namespace mingxin::workbook {

class ZipWriter {
  public:
    /// Fault::file_unwritable, here and below.
    static Result<ZipWriter> create(const std::filesystem::path& path);
    ZipWriter(ZipWriter&&) noexcept;
    ~ZipWriter();
    Result<void> begin(std::string_view name);
    /// Into the entry begun; at most 4 GiB each.
    Result<void> write(std::string_view bytes);
    Result<void> end();
    Result<void> finish();

  private:
    struct Impl;
    explicit ZipWriter(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace mingxin::workbook
