#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/check.h"

namespace mingxin {

namespace {

/// Closes at the end of the scope.
struct Descriptor {
    int fd;
    explicit Descriptor(int number) : fd(number) {}
    ~Descriptor() {
        if (fd >= 0) ::close(fd);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
};

std::string reason_zh(Fault fault, int error) {
    switch (error) {
        case ENOENT:
            return fault == Fault::file_unwritable ? "（目录不存在）" : "（不存在）";
        case EACCES:
        case EPERM:
            return "（没有权限）";
        case EISDIR:
            return "（是目录，不是文件）";
        case ENOTDIR:
            return "（上级路径不是目录）";
        case ENOSPC:
        case EDQUOT:
            return "（磁盘已满）";
        case EROFS:
            return "（磁盘只读）";
        case ENAMETOOLONG:
            return "（名称过长）";
        default:
            return "";
    }
}

ssize_t read_some(int fd, char* out, std::size_t size) {
    ssize_t got;
    do got = ::read(fd, out, size);
    while (got < 0 && errno == EINTR);
    return got;
}

bool write_all(int fd, std::string_view content) {
    while (!content.empty()) {
        ssize_t written = ::write(fd, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

/// The rename itself lasts only when the folder is synced too.
void sync_folder(const std::filesystem::path& folder) {
    Descriptor descriptor(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (descriptor.fd >= 0) ::fsync(descriptor.fd);
}

}  // namespace

tl::unexpected<Error> file_fault(Fault fault, const std::filesystem::path& path, int error) {
    return fail(fault, path.string() + reason_zh(fault, error), std::strerror(error));
}

Result<std::string> read_file(const std::filesystem::path& path, std::uint64_t limit_bytes) {
    Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat info;
    if (file.fd < 0 || ::fstat(file.fd, &info) != 0) return file_fault(Fault::file_unreadable, path, errno);
    if (S_ISDIR(info.st_mode)) return file_fault(Fault::file_unreadable, path, EISDIR);
    // The size is a hint: pipes have none and files grow while they are read.
    std::uint64_t expected = info.st_size > 0 ? static_cast<std::uint64_t>(info.st_size) : 0;
    std::string out;
    std::size_t length = 0;
    while (expected <= limit_bytes) {
        out.resize(std::max<std::size_t>(expected + 1, length + 65536));
        ssize_t got = read_some(file.fd, out.data() + length, out.size() - length);
        if (got < 0) return file_fault(Fault::file_unreadable, path, errno);
        length += static_cast<std::size_t>(got);
        if (length > limit_bytes) break;
        if (got == 0) {
            out.resize(length);
            return out;
        }
    }
    return fail(Fault::file_unreadable,
                path.string() + "（超过 " + std::to_string(limit_bytes) + " 字节的上限）");
}

Result<void> write_file(const std::filesystem::path& path, std::string_view content, unsigned mode) {
    std::string beside = path.string() + ".XXXXXX";
    Descriptor file(::mkostemp(beside.data(), O_CLOEXEC));
    if (file.fd < 0) return file_fault(Fault::file_unwritable, path, errno);
    bool done = write_all(file.fd, content) && ::fchmod(file.fd, mode) == 0 && ::fsync(file.fd) == 0 &&
                ::rename(beside.c_str(), path.c_str()) == 0;
    if (!done) {
        int error = errno;
        ::unlink(beside.c_str());
        return file_fault(Fault::file_unwritable, path, error);
    }
    sync_folder(path.parent_path());
    return {};
}

TemporaryFolder::TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "mingxin.XXXXXX").string();
    CHECK(::mkdtemp(name.data()) != nullptr);
    path_ = name;
}

Result<std::unique_ptr<TemporaryFolder>> TemporaryFolder::create(const std::filesystem::path& parent) {
    std::error_code error;
    const auto folder = parent.empty() ? std::filesystem::temp_directory_path(error) : parent;
    std::string name = (folder / "mingxin.XXXXXX").string();
    if (error || ::mkdtemp(name.data()) == nullptr) {
        return file_fault(Fault::file_unwritable, "临时目录", error ? error.value() : errno);
    }
    return std::unique_ptr<TemporaryFolder>(new TemporaryFolder(name));
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace mingxin
