#include "store/sqlite_header.h"

#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace mingxin::store {
namespace {

using Header = std::array<std::uint8_t, header_bytes>;

std::uint32_t number_at(const Header& header, std::size_t at, std::size_t bytes) {
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < bytes; ++i) number = number << 8 | header[at + i];
    return number;
}

struct Field {
    std::size_t at;
    std::size_t bytes;
    std::uint32_t least, most;
    const char* what;
};

// What a file of ours has in each field that has few lawful values.
constexpr Field fields[] = {
    {16, 2, page_bytes, page_bytes, "page size"},
    {18, 1, 1, 2, "write version"},
    {19, 1, 1, 2, "read version"},
    {20, 1, 0, 0, "reserved bytes of a page"},
    {21, 1, 64, 64, "largest payload fraction"},
    {22, 1, 32, 32, "least payload fraction"},
    {23, 1, 32, 32, "leaf payload fraction"},
    {44, 4, 4, 4, "schema format"},
    {52, 4, 0, 0, "largest root page"},
    {56, 4, 1, 1, "text encoding"},
    {64, 4, 0, 0, "incremental vacuum"},
    {68, 4, application_id, application_id, "application id"},
};

void expect(bool holds, const char* field, std::size_t at, std::vector<Flaw>& flaws) {
    if (!holds) {
        flaws.push_back(
            {"file header", std::string(field) + " (byte " + std::to_string(at) + ") is damaged"});
    }
}

}  // namespace

void check_header_bytes(const std::string& path, std::vector<Flaw>& flaws) {
    Header header{};
    std::ifstream file(path, std::ios::binary);
    if (!file.read(reinterpret_cast<char*>(header.data()), header_bytes)) {
        flaws.push_back({"file header", "the file is shorter than a header, or can't be read"});
        return;
    }
    std::error_code error;
    const auto log = std::filesystem::file_size(path + "-wal", error);
    const bool settled = error || log == 0;  // what stands in the -wal is not yet in the file
    expect(std::memcmp(header.data(), "SQLite format 3", 16) == 0, "the file's first words", 0, flaws);
    for (const Field& field : fields) {
        const std::uint32_t value = number_at(header, field.at, field.bytes);
        const bool unset = value == 0 && !settled;  // the first table sets some fields
        expect(unset || (value >= field.least && value <= field.most), field.what, field.at, flaws);
    }
    for (std::size_t at = 72; at < 92; ++at) expect(header[at] == 0, "reserved", at, flaws);
    // The page count is right only when the last writer knew of it.
    const auto size = std::filesystem::file_size(path, error);
    const bool counted = number_at(header, 24, 4) == number_at(header, 92, 4);
    if (counted && settled) {
        expect(std::uint64_t{number_at(header, 28, 4)} * page_bytes == size, "page count", 28, flaws);
    }
}

}  // namespace mingxin::store
