// Files. Errors: file_unreadable, file_unwritable with the path in the Chinese detail.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace mingxin {

Result<std::string> read_file(const std::filesystem::path& path, std::uint64_t limit_bytes = 1ull << 32);
/// Written beside, synced, then renamed: afterwards the file is whole or as before. mode is the permission
/// bits.
Result<void> write_file(const std::filesystem::path& path, std::string_view content, unsigned mode = 0644);

/// The fault with the path and, for people, what errno says: "a.csv（没有权限）"; file_unwritable with ENOENT
/// means the folder.
tl::unexpected<Error> file_fault(Fault fault, const std::filesystem::path& path, int error);

/// A new folder under the system's temporary directory, removed with everything in it at the end of the
/// scope.
class TemporaryFolder {
  public:
    TemporaryFolder();  // CHECKs that it can be made: for tests
    /// In parent; empty: where the system has such. Fault::file_unwritable with "临时目录": there is none, it
    /// is full or closed.
    static Result<std::unique_ptr<TemporaryFolder>> create(const std::filesystem::path& parent = {});
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const std::filesystem::path& path() const { return path_; }

  private:
    explicit TemporaryFolder(std::filesystem::path path) : path_(std::move(path)) {}
    std::filesystem::path path_;
};

}  // namespace mingxin
