#include "demo/zip_file.h"

#include <limits>

#include "base/check.h"

namespace mingxin::demo {
namespace {

void put16(std::string& out, unsigned value) {
    out += static_cast<char>(value & 255);
    out += static_cast<char>(value >> 8 & 255);
}

void put32(std::string& out, std::uint32_t value) {
    put16(out, value & 0xFFFF);
    put16(out, value >> 16);
}

constexpr unsigned kVersion = 20, kSizesBehind = 8, kUtf8Name = 0x800, kDeflate = 8;
constexpr unsigned kFirstOf1980 = 0x21;  // the archive must not depend on the clock

std::uint32_t small(std::uint64_t value) {
    CHECK(value <= std::numeric_limits<std::uint32_t>::max());
    return static_cast<std::uint32_t>(value);
}

}  // namespace

ZipFile::ZipFile(OutputFile file) : file_(std::move(file)) {
    CHECK(deflateInit2(&stream_, 3, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    buffer_.resize(64 << 10);
}

ZipFile::~ZipFile() {
    deflateEnd(&stream_);
}

Result<void> ZipFile::begin_entry(std::string name) {
    entries_.push_back({std::move(name), 0, 0, 0, small(file_.size())});
    CHECK(deflateReset(&stream_) == Z_OK);
    std::string header;
    put32(header, 0x04034b50);
    for (const unsigned value : {kVersion, kSizesBehind | kUtf8Name, kDeflate, 0u, kFirstOf1980})
        put16(header, value);
    for (int i = 0; i < 3; ++i) put32(header, 0);  // CRC and sizes come behind
    put16(header, static_cast<unsigned>(entries_.back().name.size()));
    put16(header, 0);
    return file_.write(header + entries_.back().name);
}

Result<void> ZipFile::deflate_all(std::string_view content, int flush) {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
    stream_.avail_in = static_cast<uInt>(content.size());
    do {
        stream_.next_out = reinterpret_cast<Bytef*>(buffer_.data());
        stream_.avail_out = static_cast<uInt>(buffer_.size());
        CHECK(deflate(&stream_, flush) != Z_STREAM_ERROR);
        TRY(file_.write(std::string_view(buffer_).substr(0, buffer_.size() - stream_.avail_out)));
    } while (stream_.avail_out == 0);
    return {};
}

Result<void> ZipFile::write(std::string_view content) {
    Entry& entry = entries_.back();
    entry.crc = static_cast<std::uint32_t>(
        crc32(entry.crc, reinterpret_cast<const Bytef*>(content.data()), static_cast<uInt>(content.size())));
    return deflate_all(content, Z_NO_FLUSH);
}

Result<void> ZipFile::end_entry() {
    TRY(deflate_all({}, Z_FINISH));
    Entry& entry = entries_.back();
    entry.compressed = small(stream_.total_out);
    entry.size = small(stream_.total_in);
    std::string descriptor;
    for (const std::uint32_t value : {0x08074b50u, entry.crc, entry.compressed, entry.size})
        put32(descriptor, value);
    return file_.write(descriptor);
}

Result<void> ZipFile::finish() {
    const std::uint32_t start = small(file_.size());
    std::string directory;
    for (const Entry& entry : entries_) {
        put32(directory, 0x02014b50);
        for (const unsigned value :
             {kVersion, kVersion, kSizesBehind | kUtf8Name, kDeflate, 0u, kFirstOf1980}) {
            put16(directory, value);
        }
        for (const std::uint32_t value : {entry.crc, entry.compressed, entry.size}) put32(directory, value);
        put16(directory, static_cast<unsigned>(entry.name.size()));
        for (int i = 0; i < 4; ++i) put16(directory, 0);  // extra field, comment, disk, internal attributes
        put32(directory, 0);
        put32(directory, entry.offset);
        directory += entry.name;
    }
    const auto size = static_cast<std::uint32_t>(directory.size());
    const auto count = static_cast<unsigned>(entries_.size());
    put32(directory, 0x06054b50);
    for (const unsigned value : {0u, 0u, count, count}) put16(directory, value);
    put32(directory, size);
    put32(directory, start);
    put16(directory, 0);
    TRY(file_.write(directory));
    return file_.finish();
}

}  // namespace mingxin::demo
