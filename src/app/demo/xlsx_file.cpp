#include "demo/xlsx_file.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "base/text.h"
#include "base/time.h"
#include "demo/zip_file.h"

namespace mingxin::demo {
namespace {

constexpr std::size_t kBufferBytes = 256 << 10;
constexpr int kExcelEpochDays = 25569;  // 1970-01-01 in the 1900 system

#define MINGXIN_XML "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define MINGXIN_OPEN_XML "http://schemas.openxmlformats.org/"
constexpr std::pair<std::string_view, std::string_view> kParts[] = {
    {"[Content_Types].xml", MINGXIN_XML
     "<Types xmlns=\"" MINGXIN_OPEN_XML "package/2006/content-types\">"
     "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
     "<Override PartName=\"/xl/workbook.xml\" "
     "ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>"
     "<Override PartName=\"/xl/worksheets/sheet1.xml\" "
     "ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>"
     "<Override PartName=\"/xl/styles.xml\" "
     "ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml\"/></Types>"},
    {"_rels/.rels", MINGXIN_XML
     "<Relationships xmlns=\"" MINGXIN_OPEN_XML "package/2006/relationships\"><Relationship Id=\"rId1\" "
     "Type=\"" MINGXIN_OPEN_XML
     "officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"},
    {"xl/workbook.xml",
     MINGXIN_XML "<workbook xmlns=\"" MINGXIN_OPEN_XML "spreadsheetml/2006/main\" xmlns:r=\"" MINGXIN_OPEN_XML
                 "officeDocument/2006/relationships\"><sheets><sheet name=\"Sheet1\" sheetId=\"1\" "
                 "r:id=\"rId1\"/></sheets>"
                 "</workbook>"},
    {"xl/_rels/workbook.xml.rels", MINGXIN_XML
     "<Relationships xmlns=\"" MINGXIN_OPEN_XML "package/2006/relationships\"><Relationship Id=\"rId1\" "
     "Type=\"" MINGXIN_OPEN_XML "officeDocument/2006/relationships/worksheet\" "
     "Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" "
     "Type=\"" MINGXIN_OPEN_XML
     "officeDocument/2006/relationships/styles\" Target=\"styles.xml\"/></Relationships>"},
    {"xl/styles.xml", MINGXIN_XML
     "<styleSheet xmlns=\"" MINGXIN_OPEN_XML
     "spreadsheetml/2006/main\"><fonts count=\"1\"><font/></fonts><fills count=\"1\"><fill/></fills>"
     "<borders count=\"1\"><border/></borders><cellStyleXfs count=\"1\"><xf/></cellStyleXfs>"
     "<cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\" "
     "applyNumberFormat=\"1\"/></cellXfs></styleSheet>"}};
constexpr std::string_view kSheetBegin =
    MINGXIN_XML "<worksheet xmlns=\"" MINGXIN_OPEN_XML "spreadsheetml/2006/main\"><sheetData>";
constexpr std::string_view kSheetEnd = "</sheetData></worksheet>";
#undef MINGXIN_XML
#undef MINGXIN_OPEN_XML

/// 2024/07/07, as people type dates.
std::optional<Date> typed_date(std::string_view cell) {
    if (cell.size() != 10 || cell[4] != '/' || cell[7] != '/') return std::nullopt;
    std::array<char, 10> iso;
    std::replace_copy(cell.begin(), cell.end(), iso.begin(), '/', '-');
    return parse_date({iso.data(), iso.size()});
}

/// A short decimal number; codes and long numbers stay text.
bool is_typed_number(std::string_view cell) {
    double value = 0;
    const auto [end, error] =
        std::from_chars(cell.data(), cell.data() + cell.size(), value, std::chars_format::fixed);
    return cell.size() <= 9 && error == std::errc() && end == cell.data() + cell.size() && cell[0] != '-' &&
           (cell[0] != '0' || cell.size() == 1 || cell[1] == '.');
}

void append_cell(std::string& out, std::string_view cell) {
    if (cell.empty()) {
        out += "<c/>";
    } else if (const auto date = typed_date(cell)) {
        out.append("<c s=\"1\"><v>").append(std::to_string(date->days + kExcelEpochDays)).append("</v></c>");
    } else if (is_typed_number(cell)) {
        out.append("<c><v>").append(cell).append("</v></c>");
    } else {
        out += "<c t=\"inlineStr\"><is><t xml:space=\"preserve\">";
        if (cell.find_first_of("&<>\"'") == std::string_view::npos) {
            out += cell;
        } else {
            out += escape_html(cell);
        }
        out += "</t></is></c>";
    }
}

class XlsxFile final : public TableFile {
  public:
    explicit XlsxFile(OutputFile file) : zip_(std::move(file)) {}

    Result<void> begin() {
        for (const auto& [name, content] : kParts) {
            TRY(zip_.begin_entry(std::string(name)));
            TRY(zip_.write(content));
            TRY(zip_.end_entry());
        }
        TRY(zip_.begin_entry("xl/worksheets/sheet1.xml"));
        buffer_ = kSheetBegin;
        return {};
    }

    Result<void> write(const std::vector<std::string>& cells) override {
        buffer_ += "<row>";
        for (const std::string& cell : cells) append_cell(buffer_, cell);
        buffer_ += "</row>";
        if (buffer_.size() < kBufferBytes) return {};
        TRY(zip_.write(buffer_));
        buffer_.clear();
        return {};
    }

    Result<void> finish() override {
        buffer_ += kSheetEnd;
        TRY(zip_.write(buffer_));
        TRY(zip_.end_entry());
        return zip_.finish();
    }

  private:
    ZipFile zip_;
    std::string buffer_;
};

}  // namespace

Result<std::unique_ptr<TableFile>> create_xlsx_file(OutputFile file) {
    auto workbook = std::make_unique<XlsxFile>(std::move(file));
    TRY(workbook->begin());
    return std::unique_ptr<TableFile>(std::move(workbook));
}

}  // namespace mingxin::demo
