// Writes a ZIP archive (APPNOTE 6.3.3, deflate, sizes behind the data) one entry after another, without going
// back. Entries stay below 4 GiB (CHECK).
#pragma once
#include <zlib.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "demo/output_file.h"

namespace mingxin::demo {

class ZipFile {
  public:
    explicit ZipFile(OutputFile file);
    ~ZipFile();
    ZipFile(const ZipFile&) = delete;
    ZipFile& operator=(const ZipFile&) = delete;

    Result<void> begin_entry(std::string name);
    Result<void> write(std::string_view content);
    Result<void> end_entry();
    Result<void> finish();

  private:
    struct Entry {
        std::string name;
        std::uint32_t crc = 0, compressed = 0, size = 0, offset = 0;
    };
    Result<void> deflate_all(std::string_view content, int flush);

    OutputFile file_;
    z_stream stream_{};
    std::vector<Entry> entries_;
    std::string buffer_;
};

}  // namespace mingxin::demo
