#include "collect/sheet.h"

#include <charconv>
#include <optional>

#include "base/file.h"
#include "collect/columns.h"
#include "collect/reply.h"
#include "collect/table_reader.h"

namespace mingxin::collect {
namespace {

constexpr std::size_t kRowsRead = 1000;

bool is_added(std::string_view header) {
    return header == kOutcomeHeader || header == kRemarkHeader;
}

int field_of(const rulebook::Item& item, const RememberedMapping* remembered, const std::string& header) {
    if (!remembered) return item.field_by_header(header);
    for (const RememberedColumn& column : remembered->columns) {
        if (rulebook::fold_header(column.header) == rulebook::fold_header(header))
            return item.field_by_header(column.field);
    }
    return -1;
}

SheetRow row_of(const RowChunk& chunk, std::size_t at, const std::vector<std::size_t>& kept) {
    SheetRow row;
    row.line = chunk.row_number(at);
    const auto cells = chunk.cells(at);
    for (std::size_t column : kept) {
        row.cells.emplace_back(column < cells.size() ? cells[column].text : std::string_view{});
    }
    return row;
}

}  // namespace

Result<std::vector<std::int64_t>> read_lines(std::string_view text, std::size_t most) {
    std::vector<std::int64_t> lines;
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at < end) {
        std::int64_t line = 0;
        const auto [next, error] = std::from_chars(at, end, line);
        const bool ascending = line > (lines.empty() ? 0 : lines.back());
        if (error != std::errc() || !ascending || (next != end && *next != ',')) break;
        lines.push_back(line);
        at = next == end ? end : next + 1;
    }
    if (at != end || lines.empty() || lines.size() > most) {
        return fail(Fault::bad_argument,
                    "lines 应为由小到大、以逗号分隔的行号，最多" + std::to_string(most) + "个");
    }
    return lines;
}

Result<SheetExcerpt> read_sheet(std::string_view workbook, const rulebook::Item& item,
                                const std::vector<std::int64_t>& lines,
                                const std::vector<RememberedMapping>& mappings, Instant received) {
    const auto folder = TRY(TemporaryFolder::create());
    const std::filesystem::path file = folder->path() / "reply.xlsx";
    TRY(write_file(file, workbook, 0600));
    OpenOptions options;
    options.header_words = header_words(item, std::nullopt, mappings);
    auto reader = TRY(open_table(file, options));
    const RememberedMapping* remembered = mapping_for(mappings, item, reader->header(), received);
    SheetExcerpt sheet;
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < reader->header().size(); ++i) {
        const std::string& header = reader->header()[i];
        if (is_added(header)) continue;
        kept.push_back(i);
        sheet.columns.push_back({header, field_of(item, remembered, header)});
    }
    RowChunk chunk;
    std::size_t wanted = 0;
    while (wanted < lines.size()) {
        TRY(reader->read(chunk, kRowsRead));
        if (chunk.size() == 0) break;
        for (std::size_t i = 0; i < chunk.size() && wanted < lines.size(); ++i) {
            while (wanted < lines.size() && lines[wanted] < chunk.row_number(i)) ++wanted;
            if (wanted == lines.size() || lines[wanted] != chunk.row_number(i)) continue;
            sheet.rows.push_back(row_of(chunk, i, kept));
            ++wanted;
        }
    }
    return sheet;
}

}  // namespace mingxin::collect
