// The texts of a workbook that cells refer to by number, kept compactly: in memory up to 8 MiB, above that in
// an unlinked temporary file that is mapped, so that a million distinct texts cost no anonymous memory. Not
// thread-safe.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mingxin::collect {

class SharedStrings {
  public:
    SharedStrings() = default;
    SharedStrings(const SharedStrings&) = delete;
    ~SharedStrings();
    /// Fault::file_unwritable when the temporary file can't be written.
    Result<void> add(std::string_view text);
    /// After the last add, before the first get.
    Result<void> seal();
    std::size_t size() const { return count_; }
    /// Valid as long as this; index below size().
    std::string_view get(std::size_t index);

  private:
    Result<void> spill();
    std::string_view text_at(std::uint64_t at, std::uint64_t& next) const;

    std::string buffer_;                  // not yet spilled: length (LEB128) and bytes of each text
    std::vector<std::uint64_t> anchors_;  // offset of every 16th text
    std::uint64_t spilled_ = 0;
    std::size_t count_ = 0, next_index_ = 0;
    std::uint64_t next_at_ = 0;  // where text next_index_ begins: workbooks are mostly read in order
    int fd_ = -1;
    const char* base_ = nullptr;
};

}  // namespace mingxin::collect
