#include "collect/table_reader.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/file.h"
#include "base/text.h"
#include "collect/reader_kinds.h"

namespace mingxin::collect {
namespace {

constexpr std::size_t block_bytes = 1u << 20;
constexpr std::size_t header_search_rows = 20;

std::size_t filled(std::span<const Cell> cells) {
    return static_cast<std::size_t>(
        std::count_if(cells.begin(), cells.end(), [](const Cell& cell) { return !trim(cell.text).empty(); }));
}

std::string comparable(std::string_view text) {
    std::string out = to_upper_ascii(remove_blanks(to_half_width(text)));
    std::erase(out, '*');
    if (auto bracket = out.find('('); bracket != out.npos && bracket > 0) out.resize(bracket);
    return out;
}

// Numbers stand in rows of data: one word of a header among them ("罚款") is a value.
bool has_number(std::span<const Cell> cells) {
    return std::any_of(cells.begin(), cells.end(), [](const Cell& cell) {
        const std::string_view text = trim(cell.text);
        return text.find_first_of("0123456789") != text.npos &&
               text.find_first_not_of("0123456789.,-/: ") == text.npos;
    });
}

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != text.npos;
}

// What a file that is no table most likely is; ok when it may be text.
Result<void> refuse_known_formats(std::string_view start) {
    auto begins = [&](std::string_view magic) { return start.substr(0, magic.size()) == magic; };
    if (begins("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")) {
        // An OLE container: an encrypted .xlsx has a stream of this name, else it is the old format.
        constexpr std::string_view name("E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0", 32);
        return fail(has(start, name) ? Fault::encrypted_workbook : Fault::old_workbook);
    }
    if (begins("\x09\x08") && start.size() > 4 && (start[2] == 0x10 || start[2] == 0x08))
        return fail(Fault::old_workbook);
    static constexpr std::pair<std::string_view, const char*> others[] = {
        {"%PDF", "PDF 文件"},
        {"Rar!", "RAR 压缩包"},
        {"7z\xBC\xAF", "7z 压缩包"},
        {"\x1F\x8B", "gzip 压缩文件"},
        {"\x89PNG", "PNG 图片"},
        {"\xFF\xD8\xFF", "JPEG 图片"},
        {"SQLite format 3", "SQLite 数据库"},
        {"{\\rtf", "RTF 文档"},
        {"BZh", "bzip2 压缩文件"},
        {"\xFD"
         "7zXZ",
         "xz 压缩文件"}};
    for (auto& [magic, name] : others) {
        if (begins(magic)) return fail(Fault::unsupported_format, std::string("这是 ") + name);
    }
    std::string head = to_upper_ascii(trim(start.substr(0, 2048)));
    for (auto tag : {"<HTML", "<!DOCTYPE", "<TABLE", "<META", "<HEAD", "<STYLE", "<DIV", "<?XML", "<!--"}) {
        if (head.starts_with(tag)) return fail(Fault::disguised_workbook);
    }
    return {};
}

Result<std::string> file_start(const std::filesystem::path& path, const std::string& shown_name) {
    const auto refused = [&](int error) { return file_fault(Fault::file_unreadable, shown_name, error); };
    // Looked at before it is opened: opening a pipe would wait for a writer.
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) return refused(errno);
    if (S_ISDIR(info.st_mode)) return refused(EISDIR);
    if (!S_ISREG(info.st_mode)) return fail(Fault::file_unreadable, shown_name + "（不是普通文件）");
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> in(std::fopen(path.c_str(), "rb"), std::fclose);
    if (!in) return refused(errno);
    std::string start(64 * 1024, '\0');
    start.resize(std::fread(start.data(), 1, start.size(), in.get()));
    if (std::ferror(in.get())) return refused(errno);
    return start;
}

}  // namespace

void RowChunk::clear() {
    rows_.clear();
    cells_.clear();
    for (auto& block : blocks_) block.used = 0;
    // A huge row's own block is not kept.
    std::erase_if(blocks_, [](const Block& block) { return block.capacity > block_bytes; });
    block_ = text_bytes_ = row_start_ = row_block_ = row_used_ = row_text_bytes_ = 0;
}

char* RowChunk::text_room(std::size_t bytes) {
    while (block_ < blocks_.size() && blocks_[block_].capacity - blocks_[block_].used < bytes) ++block_;
    if (block_ == blocks_.size()) {
        Block block;
        block.capacity = std::max(bytes, block_bytes);
        block.bytes = std::make_unique_for_overwrite<char[]>(block.capacity);
        blocks_.push_back(std::move(block));
    }
    Block& block = blocks_[block_];
    char* room = block.bytes.get() + block.used;
    block.used += bytes;
    text_bytes_ += bytes;
    return room;
}

std::string_view RowChunk::keep(std::string_view text) {
    if (text.empty()) return {};
    char* room = text_room(text.size());
    std::memcpy(room, text.data(), text.size());
    return {room, text.size()};
}

bool RowChunk::end_row(std::int64_t number) {
    const auto blank = [](const Cell& cell) { return trim(cell.text).empty(); };
    while (cells_.size() > row_start_ && cells_.back().kind == CellKind::empty) cells_.pop_back();
    // Blanks typed into an otherwise empty row make it no row.
    if (std::all_of(cells_.begin() + static_cast<std::ptrdiff_t>(row_start_), cells_.end(), blank)) {
        drop_row();
        return false;
    }
    rows_.push_back({row_start_, cells_.size() - row_start_, number});
    row_start_ = cells_.size();
    row_block_ = block_;
    row_used_ = blocks_.empty() ? 0 : blocks_[block_].used;
    row_text_bytes_ = text_bytes_;
    return true;
}

// Gives the room of its texts back: a file may hold any number of blank rows.
void RowChunk::drop_row() {
    cells_.resize(row_start_);
    for (std::size_t i = row_block_; i < blocks_.size(); ++i)
        blocks_[i].used = i == row_block_ ? row_used_ : 0;
    block_ = row_block_;
    text_bytes_ = row_text_bytes_;
}

const std::string& TableReader::sheet_name() const {
    static const std::string none;
    return none;
}

std::string TableReader::merged_area(std::int64_t, std::size_t) const {
    return {};
}

Result<void> TableReader::read(RowChunk& chunk, std::size_t max_rows) {
    chunk.clear();
    for (; lead_next_ < lead_.size() && chunk.size() < max_rows; ++lead_next_) {
        for (Cell cell : lead_.cells(lead_next_)) chunk.add_cell({chunk.keep(cell.text), cell.kind});
        chunk.end_row(lead_.row_number(lead_next_));
    }
    while (chunk.size() < max_rows && !chunk.full()) {
        std::size_t before = chunk.size();
        TRY(fill(chunk, std::min(max_rows - before, std::size_t{1024})));
        if (chunk.size() == before) break;
    }
    return {};
}

void TableReader::set_header(std::vector<std::string> header, std::int64_t row, std::size_t words_found) {
    header_ = std::move(header);
    header_row_ = row;
    header_words_found_ = words_found;
}

Result<void> TableReader::find_header(const OpenOptions& options) {
    while (lead_.size() < header_search_rows) {
        std::size_t before = lead_.size();
        TRY(fill(lead_, header_search_rows - before));
        if (lead_.size() == before) break;
    }
    if (lead_.size() == 0) return fail(Fault::empty_table, "各行都是空白");
    const auto words = comparable_words(options.header_words);
    std::size_t best = 0, most_filled = 0;
    for (std::size_t i = 0; i < lead_.size(); ++i) {
        std::size_t found = words_found(lead_.cells(i), words);
        if (found == 1 && has_number(lead_.cells(i))) found = 0;
        if (found > header_words_found_) best = i, header_words_found_ = found;
        most_filled = std::max(most_filled, filled(lead_.cells(i)));
    }
    if (header_words_found_ == 0) {
        // A title row fills one cell, a header most of them.
        while (filled(lead_.cells(best)) * 2 < most_filled) ++best;
    }
    header_.clear();
    for (const Cell& cell : lead_.cells(best)) {
        std::string name(trim(cell.text));
        std::erase_if(name, [](char c) { return c == '\n' || c == '\r'; });
        header_.push_back(std::move(name));
    }
    header_row_ = lead_.row_number(best);
    lead_next_ = best + 1;
    return {};
}

std::vector<std::string> comparable_words(const std::vector<std::string>& words) {
    std::vector<std::string> out;
    for (const auto& word : words) out.push_back(comparable(word));
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

std::size_t words_found(std::span<const Cell> cells, const std::vector<std::string>& words) {
    if (words.empty()) return 0;
    std::vector<std::string> met;
    for (const Cell& cell : cells) {
        if (cell.text.empty() || cell.text.size() > 200) continue;
        std::string text = comparable(cell.text);
        if (std::binary_search(words.begin(), words.end(), text)) met.push_back(std::move(text));
    }
    std::sort(met.begin(), met.end());
    return static_cast<std::size_t>(std::unique(met.begin(), met.end()) - met.begin());
}

Result<std::unique_ptr<TableReader>> open_table(const std::filesystem::path& path,
                                                const OpenOptions& options) {
    const std::string name = options.shown_name.empty() ? path.filename().string() : options.shown_name;
    std::string start = TRY(file_start(path, name));
    if (start.empty()) return fail(Fault::empty_table, name + "是空文件");
    if (start.starts_with("PK\x03\x04") || start.starts_with("PK\x05\x06")) return open_xlsx(path, options);
    TRY(refuse_known_formats(start));
    std::string_view text = trim(start);
    if (text.starts_with('{')) return open_ndjson(path, options);
    if (text.starts_with("[{") || text.starts_with("[\n") || text.starts_with("[\r") ||
        text.starts_with("[ ")) {
        return fail(Fault::unsupported_format,
                    "整个文件是一个 JSON 数组，请改为每行一个 JSON 对象（NDJSON）");
    }
    return open_csv(path, options);
}

}  // namespace mingxin::collect
