#include "collect/zip_archive.h"

#include <fcntl.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <unordered_set>

#include "base/text.h"

namespace mingxin::collect {
namespace {

constexpr std::uint32_t end64_mark = 0x06064b50, locator64_mark = 0x07064b50;
constexpr std::uint32_t central_mark = 0x02014b50, local_mark = 0x04034b50;
constexpr std::uint64_t most_directory_bytes = 16u << 20, most_entries = 65535;
constexpr std::uint64_t ratio_from_bytes = 64u << 20;

std::uint64_t number(std::string_view bytes, std::size_t at, int width) {
    std::uint64_t out = 0;
    for (int i = width; i-- > 0;)
        out = out << 8 | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)]);
    return out;
}
std::uint16_t u16(std::string_view b, std::size_t at) {
    return static_cast<std::uint16_t>(number(b, at, 2));
}
std::uint32_t u32(std::string_view b, std::size_t at) {
    return static_cast<std::uint32_t>(number(b, at, 4));
}
std::uint64_t u64(std::string_view b, std::size_t at) {
    return number(b, at, 8);
}

tl::unexpected<Error> damaged(std::string why_zh) {
    return fail(Fault::damaged_workbook, std::move(why_zh));
}

// Sizes that do not fit 32 bits stand in the zip64 extra field, in this order, only those needed.
bool read_zip64_extra(std::string_view extra, ZipEntry& entry) {
    bool unpacked = entry.unpacked == 0xFFFFFFFF, packed = entry.packed == 0xFFFFFFFF;
    bool offset = entry.header_at == 0xFFFFFFFF;
    if (!unpacked && !packed && !offset) return true;
    for (std::size_t at = 0; at + 4 <= extra.size();) {
        std::size_t id = u16(extra, at), size = u16(extra, at + 2);
        at += 4;
        if (size > extra.size() - at) return false;
        if (id != 1) {
            at += size;
            continue;
        }
        std::string_view body = extra.substr(at, size);
        for (auto [wanted, value] : {std::pair(unpacked, &entry.unpacked), std::pair(packed, &entry.packed),
                                     std::pair(offset, &entry.header_at)}) {
            if (!wanted) continue;
            if (body.size() < 8) return false;
            *value = u64(body, 0);
            body.remove_prefix(8);
        }
        return true;
    }
    return false;
}

}  // namespace

struct ZipArchive::File {
    int fd = -1;
    std::uint64_t size = 0;
    ~File() {
        if (fd >= 0) ::close(fd);
    }
    bool read(std::uint64_t at, char* to, std::size_t bytes) const {
        if (at > size || bytes > size - at) return false;
        while (bytes > 0) {
            ssize_t n = ::pread(fd, to, bytes, static_cast<off_t>(at));
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0) return false;
            to += n;
            at += static_cast<std::uint64_t>(n);
            bytes -= static_cast<std::size_t>(n);
        }
        return true;
    }
};

Result<ZipArchive> ZipArchive::open(const std::filesystem::path& path) {
    auto file = std::make_shared<File>();
    file->fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat info {};
    if (file->fd < 0 || fstat(file->fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        return fail(Fault::file_unreadable, path.filename().string());
    }
    file->size = static_cast<std::uint64_t>(info.st_size);
    ZipArchive out;
    out.file_ = std::move(file);
    TRY(out.read_directory());
    return out;
}

Result<void> ZipArchive::read_directory() {
    // The end record is the last 22 bytes, or lies before a comment of at most 65535.
    const std::size_t tail_bytes =
        static_cast<std::size_t>(std::min<std::uint64_t>(file_->size, 22 + 65535 + 20));
    std::string tail(tail_bytes, '\0');
    if (!file_->read(file_->size - tail_bytes, tail.data(), tail_bytes)) return fail(Fault::file_unreadable);
    std::size_t at =
        tail_bytes < 22 ? std::string::npos : tail.rfind(std::string_view("PK\x05\x06"), tail_bytes - 22);
    if (at == std::string::npos) return damaged("文件不完整，缺少结尾部分");
    std::uint64_t count = u16(tail, at + 10), size = u32(tail, at + 12), offset = u32(tail, at + 16);
    if (at >= 20 && u32(tail, at - 20) == locator64_mark) {
        char record[56];
        if (!file_->read(u64(tail, at - 12), record, sizeof record)) return damaged("文件目录位置不正确");
        std::string_view end64(record, sizeof record);
        if (u32(end64, 0) != end64_mark) return damaged("文件目录位置不正确");
        count = u64(end64, 32), size = u64(end64, 40), offset = u64(end64, 48);
    }
    if (count > most_entries || size > most_directory_bytes)
        return fail(Fault::oversized_content, "文件内的部件过多");
    std::string directory(static_cast<std::size_t>(size), '\0');
    if (!file_->read(offset, directory.data(), directory.size())) return damaged("文件不完整，目录缺失");
    return add_entries(directory, count);
}

Result<void> ZipArchive::add_entries(std::string_view directory, std::uint64_t count) {
    std::unordered_set<std::string> names;
    for (std::size_t at = 0; count > 0; --count) {
        if (directory.size() - at < 46 || u32(directory, at) != central_mark)
            return damaged("文件目录不正确");
        std::size_t name = u16(directory, at + 28), extra = u16(directory, at + 30),
                    note = u16(directory, at + 32);
        if (directory.size() - at - 46 < name + extra + note) return damaged("文件目录不正确");
        if (u16(directory, at + 8) & 1) return fail(Fault::encrypted_workbook);
        ZipEntry entry;
        entry.name = directory.substr(at + 46, name);
        entry.method = u16(directory, at + 10);
        entry.crc = u32(directory, at + 16);
        entry.packed = u32(directory, at + 20);
        entry.unpacked = u32(directory, at + 24);
        entry.header_at = u32(directory, at + 42);
        if (!read_zip64_extra(directory.substr(at + 46 + name, extra), entry))
            return damaged("文件目录不正确");
        if (entry.packed > file_->size ||
            entry.header_at > file_->size - std::min(file_->size, entry.packed)) {
            return damaged("文件不完整，部件超出文件末尾");
        }
        std::replace(entry.name.begin(), entry.name.end(), '\\', '/');
        if (entry.name.starts_with('/')) entry.name.erase(0, 1);
        // Two parts of one name: readers disagree on which one counts, so neither does.
        if (!names.insert(to_upper_ascii(entry.name)).second) return damaged("文件中有同名的部件");
        entries_.push_back(std::move(entry));
        at += 46 + name + extra + note;
    }
    return {};
}

const ZipEntry* ZipArchive::find(std::string_view name) const {
    if (name.starts_with('/')) name.remove_prefix(1);
    auto found = std::find_if(entries_.begin(), entries_.end(), [&](const ZipEntry& entry) {
        return entry.name.size() == name.size() &&
               strncasecmp(entry.name.data(), name.data(), name.size()) == 0;
    });
    return found == entries_.end() ? nullptr : &*found;
}

struct ZipStream::Impl {
    std::shared_ptr<const ZipArchive::File> file;
    ZipEntry entry;
    InflateLimits limits;
    std::uint64_t at = 0, left = 0,
                  given = 0;  // next packed byte, packed bytes left, inflated bytes given out
    std::uint32_t crc = 0;
    bool done = false, opened = false;
    z_stream inflater{};
    char packed[32 * 1024];

    ~Impl() {
        if (opened) inflateEnd(&inflater);
    }

    tl::unexpected<Error> broken() const { return damaged("部件 " + entry.name + " 的数据已损坏"); }

    bool refill() {
        auto bytes = static_cast<std::size_t>(std::min<std::uint64_t>(left, sizeof packed));
        if (bytes == 0 || !file->read(at, packed, bytes)) return false;
        at += bytes;
        left -= bytes;
        inflater.next_in = reinterpret_cast<Bytef*>(packed);
        inflater.avail_in = static_cast<uInt>(bytes);
        return true;
    }

    Result<std::size_t> inflate_some(char* to, std::size_t capacity) {
        inflater.next_out = reinterpret_cast<Bytef*>(to);
        inflater.avail_out = static_cast<uInt>(capacity);
        while (inflater.avail_out > 0 && !done) {
            if (inflater.avail_in == 0 && !refill()) return broken();
            int status = ::inflate(&inflater, Z_NO_FLUSH);
            if (status == Z_STREAM_END)
                done = true;
            else if (status != Z_OK)
                return broken();
        }
        return capacity - inflater.avail_out;
    }

    Result<std::size_t> copy_some(char* to, std::size_t capacity) {
        auto bytes = static_cast<std::size_t>(std::min<std::uint64_t>(left, capacity));
        if (!file->read(at, to, bytes)) return broken();
        at += bytes;
        left -= bytes;
        done = left == 0;
        return bytes;
    }
};

Result<ZipStream> ZipArchive::stream(const ZipEntry& entry, const InflateLimits& limits) const {
    auto impl = std::make_unique<ZipStream::Impl>();
    impl->file = file_;
    impl->entry = entry;
    impl->limits = limits;
    if (entry.method != 0 && entry.method != 8) return damaged("部件 " + entry.name + " 的压缩方法不受支持");
    char record[30];
    if (!file_->read(entry.header_at, record, sizeof record)) return damaged("文件不完整");
    std::string_view local(record, sizeof record);
    if (u32(local, 0) != local_mark) return damaged("部件 " + entry.name + " 的位置不正确");
    impl->at = entry.header_at + 30 + u16(local, 26) + u16(local, 28);
    impl->left = entry.packed;
    if (impl->at > file_->size || entry.packed > file_->size - impl->at) return damaged("文件不完整");
    if (entry.unpacked > limits.bytes) {
        return fail(Fault::oversized_content,
                    "部件 " + entry.name + " 解压后超过 " + std::to_string(limits.bytes >> 20) + " MB");
    }
    if (entry.method == 8) {
        if (inflateInit2(&impl->inflater, -15) != Z_OK) return fail(Fault::internal, {}, "inflateInit2");
        impl->opened = true;
    }
    return ZipStream(std::move(impl));
}

ZipStream::ZipStream(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ZipStream::ZipStream(ZipStream&&) noexcept = default;
ZipStream::~ZipStream() = default;

Result<std::size_t> ZipStream::read(char* to, std::size_t capacity) {
    Impl& s = *impl_;
    std::size_t got = 0;
    if (!s.done) got = TRY(s.entry.method == 8 ? s.inflate_some(to, capacity) : s.copy_some(to, capacity));
    s.given += got;
    s.crc =
        static_cast<std::uint32_t>(crc32(s.crc, reinterpret_cast<const Bytef*>(to), static_cast<uInt>(got)));
    if (s.given > s.limits.bytes) {
        return fail(Fault::oversized_content,
                    "部件 " + s.entry.name + " 解压后超过 " + std::to_string(s.limits.bytes >> 20) + " MB");
    }
    std::uint64_t packed = s.entry.packed - s.left;
    if (s.given > ratio_from_bytes && s.given / s.limits.ratio > packed) {
        return fail(Fault::oversized_content, "部件 " + s.entry.name + " 的压缩比超过 " +
                                                  std::to_string(s.limits.ratio) + " 倍，不像正常的工作簿");
    }
    if (got == 0 && (s.crc != s.entry.crc || s.given != s.entry.unpacked)) return s.broken();
    return got;
}

double ZipStream::progress() const {
    if (impl_->entry.packed == 0) return 1;
    return 1 - static_cast<double>(impl_->left) / static_cast<double>(impl_->entry.packed);
}

const std::string& ZipStream::name() const {
    return impl_->entry.name;
}

}  // namespace mingxin::collect
