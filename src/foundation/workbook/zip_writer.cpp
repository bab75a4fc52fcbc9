#include "workbook/zip_writer.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/file.h"

namespace mingxin::workbook {
namespace {

constexpr std::uint64_t most_bytes = 0xFFFFFFF0;  // without zip64
constexpr int level = 1;  // sheets are very repetitive: 6 takes thrice the time for a fifth less
constexpr std::uint16_t dos_date = (2000 - 1980) << 9 | 1 << 5 | 1;  // the same content gives the same file

struct Entry {
    std::string name;
    std::uint32_t crc = 0;
    std::uint64_t packed = 0, unpacked = 0, at = 0;
};

void put(std::string& out, std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
}

// What local header and directory have in common.
std::string common_fields(const Entry& entry) {
    std::string out;
    put(out, 20, 2);
    put(out, 0x0800, 2);  // names are UTF-8
    put(out, 8, 2);
    put(out, 0, 2);
    put(out, dos_date, 2);
    put(out, entry.crc, 4);
    put(out, entry.packed, 4);
    put(out, entry.unpacked, 4);
    put(out, entry.name.size(), 2);
    put(out, 0, 2);
    return out;
}

}  // namespace

struct ZipWriter::Impl {
    std::filesystem::path path, part;
    int fd = -1;
    bool kept = false, open = false;
    std::uint64_t at = 0;
    std::vector<Entry> entries;
    z_stream deflater{};
    std::string packed = std::string(64 * 1024, '\0');

    ~Impl() {
        deflateEnd(&deflater);
        if (fd >= 0) ::close(fd);
        if (!kept && !part.empty()) ::unlink(part.c_str());
    }

    tl::unexpected<Error> failed(int error = errno) const {
        return file_fault(Fault::file_unwritable, path, error);
    }

    Result<void> put_bytes(std::string_view bytes) {
        at += bytes.size();
        if (at > most_bytes) return fail(Fault::file_unwritable, path.filename().string() + " 超过 4 GB");
        while (!bytes.empty()) {
            ssize_t n = ::write(fd, bytes.data(), bytes.size());
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0) return failed();
            bytes.remove_prefix(static_cast<std::size_t>(n));
        }
        return {};
    }

    Result<void> deflate_all(std::string_view bytes, int flush) {
        Entry& entry = entries.back();
        deflater.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
        deflater.avail_in = static_cast<uInt>(bytes.size());
        for (;;) {
            deflater.next_out = reinterpret_cast<Bytef*>(packed.data());
            deflater.avail_out = static_cast<uInt>(packed.size());
            int status = deflate(&deflater, flush);
            std::size_t got = packed.size() - deflater.avail_out;
            entry.packed += got;
            TRY(put_bytes({packed.data(), got}));
            if (flush == Z_FINISH ? status == Z_STREAM_END : deflater.avail_out > 0) return {};
        }
    }
};

ZipWriter::ZipWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ZipWriter::ZipWriter(ZipWriter&&) noexcept = default;
ZipWriter::~ZipWriter() = default;

Result<ZipWriter> ZipWriter::create(const std::filesystem::path& path) {
    auto impl = std::make_unique<Impl>();
    impl->path = path;
    if (deflateInit2(&impl->deflater, level, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        return fail(Fault::internal, {}, "deflateInit2");
    }
    struct stat info {};
    if (::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) return impl->failed(EISDIR);
    std::string beside = path.string() + ".XXXXXX";
    impl->fd = ::mkostemp(beside.data(), O_CLOEXEC);
    if (impl->fd < 0) return impl->failed();
    impl->part = beside;
    if (::fchmod(impl->fd, 0644) != 0) return impl->failed();
    return ZipWriter(std::move(impl));
}

Result<void> ZipWriter::begin(std::string_view name) {
    CHECK(!impl_->open);
    impl_->open = true;
    impl_->entries.push_back({std::string(name), 0, 0, 0, impl_->at});
    deflateReset(&impl_->deflater);
    std::string header;
    put(header, 0x04034b50, 4);
    return impl_->put_bytes(header + common_fields(impl_->entries.back()) + std::string(name));
}

Result<void> ZipWriter::write(std::string_view bytes) {
    CHECK(impl_->open);
    Entry& entry = impl_->entries.back();
    entry.unpacked += bytes.size();
    if (entry.unpacked > most_bytes)
        return fail(Fault::file_unwritable, impl_->path.filename().string() + " 超过 4 GB");
    entry.crc = static_cast<std::uint32_t>(
        crc32(entry.crc, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
    return bytes.empty() ? Result<void>() : impl_->deflate_all(bytes, Z_NO_FLUSH);
}

Result<void> ZipWriter::end() {
    CHECK(impl_->open);
    impl_->open = false;
    TRY(impl_->deflate_all({}, Z_FINISH));
    // Sizes and CRC are known only now: back to the header, so that no reader needs a data descriptor.
    const Entry& entry = impl_->entries.back();
    std::string fields = common_fields(entry);
    ssize_t n = ::pwrite(impl_->fd, fields.data(), fields.size(), static_cast<off_t>(entry.at + 4));
    if (n != static_cast<ssize_t>(fields.size())) return impl_->failed();
    return {};
}

Result<void> ZipWriter::finish() {
    CHECK(!impl_->open);
    std::string directory;
    for (const Entry& entry : impl_->entries) {
        put(directory, 0x02014b50, 4);
        put(directory, 20, 2);
        directory += common_fields(entry);
        directory.append(2 + 2 + 2 + 4, '\0');  // no comment, first disk, no attributes
        put(directory, entry.at, 4);
        directory += entry.name;
    }
    std::uint64_t begin = impl_->at;
    put(directory, 0x06054b50, 4);
    put(directory, 0, 4);
    put(directory, impl_->entries.size(), 2);
    put(directory, impl_->entries.size(), 2);
    put(directory, directory.size() - 12, 4);
    put(directory, begin, 4);
    put(directory, 0, 2);
    TRY(impl_->put_bytes(directory));
    if (::fsync(impl_->fd) != 0 || ::rename(impl_->part.c_str(), impl_->path.c_str()) != 0)
        return impl_->failed();
    impl_->kept = true;
    return {};
}

}  // namespace mingxin::workbook
