// Reads zip archives (PKWARE APPNOTE 6.3, with zip64) made by anybody: every size and offset is checked,
// entries are inflated as a stream with a bound on size and ratio, their CRC is verified. Not thread-safe.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mingxin::collect {

class ZipStream;

struct ZipEntry {
    std::string name;  // with "/" between folders, without a leading one
    std::uint16_t method = 0;
    std::uint32_t crc = 0;
    std::uint64_t packed = 0, unpacked = 0, header_at = 0;
};

struct InflateLimits {
    std::uint64_t bytes = 8ull << 30;
    std::uint64_t ratio = 400;  // looked at above 64 MiB
};

class ZipArchive {
  public:
    /// Faults: file_unreadable, damaged_workbook, encrypted_workbook (an entry is encrypted).
    static Result<ZipArchive> open(const std::filesystem::path& path);
    const std::vector<ZipEntry>& entries() const { return entries_; }
    /// By name, case ignored; nullptr when absent.
    const ZipEntry* find(std::string_view name) const;
    Result<ZipStream> stream(const ZipEntry& entry, const InflateLimits& limits) const;

  private:
    friend class ZipStream;
    struct File;
    Result<void> read_directory();
    Result<void> add_entries(std::string_view directory, std::uint64_t count);
    std::shared_ptr<const File> file_;
    std::vector<ZipEntry> entries_;
};

/// The inflated bytes of one entry. Independent of the archive's lifetime.
class ZipStream {
  public:
    ZipStream(ZipStream&&) noexcept;
    ~ZipStream();
    /// Fills up to capacity bytes; 0: the end, size and CRC having been right. Faults: damaged_workbook,
    /// oversized_content.
    Result<std::size_t> read(char* to, std::size_t capacity);
    /// Part of the packed bytes read, 0..1.
    double progress() const;
    const std::string& name() const;

  private:
    friend class ZipArchive;
    struct Impl;
    explicit ZipStream(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace mingxin::collect
