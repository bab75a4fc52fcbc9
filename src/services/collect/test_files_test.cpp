#include "collect/test_files.h"

#include <zlib.h>

#include <fstream>

namespace mingxin::collect::test {
namespace {

void put(std::string& out, std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
}

std::string deflated(const std::string& content) {
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, content.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
    stream.avail_in = static_cast<uInt>(content.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

}  // namespace

std::filesystem::path Files::write(std::string_view name, std::string_view content) const {
    std::ofstream(path(name), std::ios::binary) << content;
    return path(name);
}

Table read_all(const std::filesystem::path& path, OpenOptions options, std::size_t chunk_rows) {
    Table out;
    auto reader = open_table(path, options);
    if (!reader.ok()) {
        out.fault = reader.error().code();
        out.message = reader.error().message_zh();
        return out;
    }
    out.header = (*reader)->header();
    out.format = (*reader)->format_zh();
    out.sheet = (*reader)->sheet_name();
    RowChunk chunk;
    for (;;) {
        auto read = (*reader)->read(chunk, chunk_rows);
        if (!read.ok()) {
            out.fault = read.error().code();
            out.message = read.error().message_zh();
            break;
        }
        if (chunk.size() == 0) break;
        for (std::size_t i = 0; i < chunk.size(); ++i) {
            std::string row = std::to_string(chunk.row_number(i)) + ":";
            for (std::size_t c = 0; c < chunk.cells(i).size(); ++c) {
                row += (c > 0 ? "|" : "") + std::string(chunk.cells(i)[c].text);
            }
            out.rows.push_back(row);
        }
    }
    out.notes = (*reader)->notes_zh();
    return out;
}

std::string zip(const std::vector<ZipEntry>& entries) {
    std::string out, directory;
    for (const auto& entry : entries) {
        std::string packed = entry.deflate ? deflated(entry.content) : entry.content;
        auto crc = static_cast<std::uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(entry.content.data()),
                                                    static_cast<uInt>(entry.content.size())));
        auto common = [&](std::string& to) {
            put(to, 20, 2);
            put(to, 0, 2);
            put(to, entry.deflate ? 8 : 0, 2);
            put(to, 0, 4);
            put(to, crc, 4);
            put(to, static_cast<std::uint32_t>(packed.size()), 4);
            put(to, static_cast<std::uint32_t>(entry.content.size()), 4);
            put(to, static_cast<std::uint32_t>(entry.name.size()), 2);
        };
        auto offset = static_cast<std::uint32_t>(out.size());
        put(out, 0x04034b50, 4);
        common(out);
        put(out, 0, 2);
        out += entry.name + packed;
        put(directory, 0x02014b50, 4);
        put(directory, 20, 2);
        common(directory);
        put(directory, 0, 2);
        put(directory, 0, 2);
        put(directory, 0, 2);
        put(directory, 0, 2);
        put(directory, 0, 4);
        put(directory, offset, 4);
        directory += entry.name;
    }
    auto offset = static_cast<std::uint32_t>(out.size());
    out += directory;
    put(out, 0x06054b50, 4);
    put(out, 0, 4);
    put(out, static_cast<std::uint32_t>(entries.size()), 2);
    put(out, static_cast<std::uint32_t>(entries.size()), 2);
    put(out, static_cast<std::uint32_t>(directory.size()), 4);
    put(out, offset, 4);
    put(out, 0, 2);
    return out;
}

std::string workbook_bytes(const std::vector<SheetSource>& sheets, std::string_view shared,
                           std::string_view styles, bool date_1904) {
    std::string list, relations;
    std::vector<ZipEntry> entries;
    for (std::size_t i = 0; i < sheets.size(); ++i) {
        std::string n = std::to_string(i + 1);
        list += "<sheet name=\"" + sheets[i].name + "\" sheetId=\"" + n + "\" r:id=\"rId" + n + "\"" +
                (sheets[i].state.empty() ? "" : " state=\"" + sheets[i].state + "\"") + "/>";
        relations +=
            "<Relationship Id=\"rId" + n +
            "\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" "
            "Target=\"worksheets/sheet" +
            n + ".xml\"/>";
        entries.push_back(
            {"xl/worksheets/sheet" + n + ".xml",
             "<?xml version=\"1.0\" encoding=\"UTF-8\"?><worksheet>" + sheets[i].inside + "</worksheet>"});
    }
    if (!shared.empty()) {
        relations += "<Relationship Id=\"rIdS\" Type=\"x/sharedStrings\" Target=\"/xl/sharedStrings.xml\"/>";
        entries.push_back({"xl/sharedStrings.xml", "<sst>" + std::string(shared) + "</sst>"});
    }
    if (!styles.empty()) {
        relations += "<Relationship Id=\"rIdT\" Type=\"x/styles\" Target=\"styles.xml\"/>";
        entries.push_back({"xl/styles.xml", "<styleSheet>" + std::string(styles) + "</styleSheet>"});
    }
    entries.push_back({"xl/workbook.xml", "<workbook xmlns:r=\"r\">" +
                                              std::string(date_1904 ? "<workbookPr date1904=\"1\"/>" : "") +
                                              "<sheets>" + list + "</sheets></workbook>"});
    entries.push_back({"xl/_rels/workbook.xml.rels", "<Relationships>" + relations + "</Relationships>"});
    entries.push_back({"_rels/.rels",
                       "<Relationships><Relationship Id=\"r1\" Type=\"http://x/officeDocument\" "
                       "Target=\"xl/workbook.xml\"/></Relationships>"});
    entries.push_back({"[Content_Types].xml", "<Types/>"});
    return zip(entries);
}

}  // namespace mingxin::collect::test
