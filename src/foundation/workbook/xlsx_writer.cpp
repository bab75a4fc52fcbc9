#include "workbook/xlsx_writer.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

#include "base/check.h"
#include "workbook/xlsx_parts.h"
#include "workbook/zip_writer.h"

namespace mingxin::workbook {
namespace {

constexpr std::uint64_t most_sheet_bytes = 3ull << 30;
constexpr std::size_t flush_bytes = 64 * 1024;
constexpr std::size_t most_inline_choices = 255;  // Excel's bound on the list as a text
constexpr std::size_t most_error = 225;           // and on what is said about a wrong cell

// Text kept on disk until its turn: comments can be written only after the rows.
class Spill {
  public:
    Spill() = default;
    Spill(const Spill&) = delete;
    ~Spill() {
        if (file_ != nullptr) std::fclose(file_);
    }
    std::string buffer;
    Result<void> flush(std::size_t above) {
        if (buffer.size() <= above) return {};
        if (file_ == nullptr) file_ = std::tmpfile();
        if (file_ == nullptr || std::fwrite(buffer.data(), 1, buffer.size(), file_) != buffer.size()) {
            return fail(Fault::file_unwritable, "临时文件");
        }
        buffer.clear();
        return {};
    }
    Result<void> move_to(ZipWriter& zip) {
        if (file_ != nullptr) {
            TRY(flush(0));
            std::rewind(file_);
            char block[16 * 1024];
            for (std::size_t n; (n = std::fread(block, 1, sizeof block, file_)) > 0;)
                TRY(zip.write({block, n}));
            std::fclose(file_);
            file_ = nullptr;
        }
        TRY(zip.write(buffer));
        buffer.clear();
        return {};
    }

  private:
    std::FILE* file_ = nullptr;
};

struct Choices {
    std::size_t column;
    std::int64_t first_row, last_row;
    std::vector<std::string> values;
    std::string other_zh;
};

bool needs_preserving(std::string_view text) {
    return text.front() == ' ' || text.back() == ' ' || text.find_first_of("\n\t") != text.npos;
}

}  // namespace

struct XlsxWriter::Impl {
    ZipWriter zip;
    std::vector<std::string> names;
    std::vector<bool> with_comments;
    std::vector<std::string> letters;             // of the columns met
    std::vector<std::vector<std::string>> lists;  // long choices, one column each of a hidden sheet
    // Of the sheet begun:
    bool open = false;
    std::string xml;
    std::uint64_t sheet_bytes = 0;
    std::int64_t row = 0, comment_count = 0;
    std::size_t widest = 0;
    int filter_row = 0;
    Spill comments, boxes;
    std::vector<Choices> choices;

    explicit Impl(ZipWriter z) : zip(std::move(z)) {}

    Result<void> flush(std::size_t above) {
        if (xml.size() <= above) return {};
        sheet_bytes += xml.size();
        TRY(zip.write(xml));
        xml.clear();
        return {};
    }

    const std::string& column_name(std::size_t column) {
        while (letters.size() <= column) letters.push_back(column_letters(letters.size()));
        return letters[column];
    }

    void add_cell(std::size_t column, std::string_view row_text, const OutCell& cell) {
        if (cell.text.empty() && cell.style == CellStyle::plain) return;
        xml += "<c r=\"";
        xml += column_name(column);
        xml += row_text;
        if (cell.style != CellStyle::plain) {
            xml += "\" s=\"";
            xml += static_cast<char>('0' + static_cast<int>(cell.style));
        }
        if (cell.text.empty()) {
            xml += "\"/>";
        } else if (cell.style == CellStyle::count) {
            xml.append("\"><v>").append(cell.text).append("</v></c>");
        } else {
            xml += needs_preserving(cell.text) ? "\" t=\"inlineStr\"><is><t xml:space=\"preserve\">"
                                               : "\" t=\"inlineStr\"><is><t>";
            append_xml_text(xml, cell.text, most_characters);
            xml += "</t></is></c>";
        }
    }

    void add_columns(const SheetLayout& layout) {
        if (layout.column_widths.empty()) return;
        xml += "<cols>";
        for (std::size_t i = 0; i < layout.column_widths.size(); ++i) {
            const bool styled = i < layout.column_styles.size();
            const int style = styled ? static_cast<int>(layout.column_styles[i]) : 0;
            char col[112];
            std::snprintf(col, sizeof col, "<col min=\"%zu\" max=\"%zu\" width=\"%.1f\" customWidth=\"1\"",
                          i + 1, i + 1, layout.column_widths[i]);
            xml += col;
            if (style > 0) xml += " style=\"" + std::to_string(style) + "\"";
            xml += "/>";
        }
        xml += "</cols>";
    }

    std::string choices_source(const Choices& list) {
        std::string joined;
        bool plain = true;
        for (const auto& value : list.values) {
            joined += (joined.empty() ? "" : ",") + value;
            plain = plain && value.find_first_of(",\"") == value.npos;
        }
        if (plain && joined.size() <= most_inline_choices) {
            std::string out = "&quot;";
            append_xml_text(out, joined, most_inline_choices);
            return out + "&quot;";
        }
        lists.push_back(list.values);
        const std::string& column = column_name(lists.size() - 1);
        return "'选项'!$" + column + "$1:$" + column + "$" + std::to_string(list.values.size());
    }

    void add_validations() {
        if (choices.empty()) return;
        xml += "<dataValidations count=\"" + std::to_string(choices.size()) + "\">";
        for (const auto& list : choices) {
            const std::string& column = column_name(list.column);
            std::string range =
                column + std::to_string(list.first_row) + ":" + column + std::to_string(list.last_row);
            std::string source = choices_source(list);
            xml += "<dataValidation type=\"list\"";
            if (!list.other_zh.empty()) xml += " errorStyle=\"warning\"";
            xml += " allowBlank=\"1\" showErrorMessage=\"1\" errorTitle=\"取值不在列表中\" error=\"";
            append_xml_text(xml, list.other_zh.empty() ? "请从下拉列表中选择。" : list.other_zh, most_error);
            xml += "\" sqref=\"" + range + "\"><formula1>" + source + "</formula1></dataValidation>";
        }
        xml += "</dataValidations>";
        choices.clear();
    }

    Result<void> end_sheet() {
        if (!open) return {};
        open = false;
        xml += "</sheetData>";
        if (filter_row > 0 && row >= filter_row && widest > 0) {
            xml += "<autoFilter ref=\"A" + std::to_string(filter_row) + ":" + column_name(widest - 1) +
                   std::to_string(row) + "\"/>";
        }
        add_validations();
        if (comment_count > 0) xml += "<legacyDrawing r:id=\"rId1\"/>";
        xml += "</worksheet>";
        TRY(flush(0));
        TRY(zip.end());
        with_comments.push_back(comment_count > 0);
        if (comment_count == 0) return {};
        std::string n = std::to_string(names.size());
        TRY(write_part("xl/worksheets/_rels/sheet" + n + ".xml.rels", sheet_relations_xml(names.size())));
        TRY(write_spilled("xl/comments" + n + ".xml", comments_begin, comments, comments_end));
        return write_spilled("xl/drawings/vmlDrawing" + n + ".vml", boxes_begin, boxes, boxes_end);
    }

    Result<void> write_part(std::string_view name, std::string_view content) {
        TRY(zip.begin(name));
        TRY(zip.write(content));
        return zip.end();
    }

    Result<void> write_spilled(std::string_view name, std::string_view begin, Spill& spill,
                               std::string_view end) {
        TRY(zip.begin(name));
        TRY(zip.write(begin));
        TRY(spill.move_to(zip));
        TRY(zip.write(end));
        return zip.end();
    }
};

XlsxWriter::XlsxWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
XlsxWriter::XlsxWriter(XlsxWriter&&) noexcept = default;
XlsxWriter::~XlsxWriter() = default;

Result<XlsxWriter> XlsxWriter::create(const std::filesystem::path& path) {
    return XlsxWriter(std::make_unique<Impl>(TRY(ZipWriter::create(path))));
}

Result<void> XlsxWriter::begin_sheet(SheetLayout layout) {
    Impl& w = *impl_;
    TRY(w.end_sheet());
    w.names.push_back(sheet_name(layout.name, w.names));
    w.open = true;
    w.sheet_bytes = 0;
    w.row = w.comment_count = 0;
    w.widest = 0;
    w.filter_row = layout.filter_row;
    TRY(w.zip.begin("xl/worksheets/sheet" + std::to_string(w.names.size()) + ".xml"));
    w.xml =
        R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">)";
    if (layout.frozen_rows > 0) {
        std::string rows = std::to_string(layout.frozen_rows), next = std::to_string(layout.frozen_rows + 1);
        w.xml += "<sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"" + rows + "\" topLeftCell=\"A" +
                 next + "\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews>";
    }
    w.add_columns(layout);
    w.xml += "<sheetData>";
    return {};
}

Result<void> XlsxWriter::write_row(std::span<const OutCell> cells) {
    Impl& w = *impl_;
    CHECK(w.open && w.row < most_rows && cells.size() <= most_columns);
    char digits[24];
    std::string_view row_text(
        digits,
        static_cast<std::size_t>(std::to_chars(digits, digits + sizeof digits, ++w.row).ptr - digits));
    w.widest = std::max(w.widest, cells.size());
    w.xml.append("<row r=\"").append(row_text).append("\">");
    for (std::size_t i = 0; i < cells.size(); ++i) {
        w.add_cell(i, row_text, cells[i]);
        if (cells[i].comment.empty() || w.comment_count >= most_comments) continue;
        append_comment(w.comments.buffer, w.boxes.buffer, w.row - 1, i, cells[i].comment, w.comment_count++);
        TRY(w.comments.flush(flush_bytes));
        TRY(w.boxes.flush(flush_bytes));
    }
    w.xml += "</row>";
    return w.flush(flush_bytes);
}

void XlsxWriter::skip_to_row(std::int64_t row) {
    CHECK(impl_->open && row <= most_rows);
    impl_->row = std::max(impl_->row, row - 1);
}

bool XlsxWriter::sheet_full() const {
    return impl_->row >= most_rows || impl_->sheet_bytes >= most_sheet_bytes;
}

void XlsxWriter::add_choices(std::size_t column, std::int64_t first_row, std::int64_t last_row,
                             std::vector<std::string> values, std::string other_zh) {
    CHECK(impl_->open);
    if (values.empty()) return;
    impl_->choices.push_back({column, first_row, last_row, std::move(values), std::move(other_zh)});
}

Result<void> XlsxWriter::finish() {
    Impl& w = *impl_;
    TRY(w.end_sheet());
    std::size_t shown = w.names.size();
    if (!w.lists.empty()) {
        std::size_t longest = 0;
        for (auto& list : w.lists) longest = std::max(longest, list.size());
        TRY(begin_sheet({.name = "选项", .column_widths = {}, .frozen_rows = 0}));
        for (std::size_t i = 0; i < longest; ++i) {
            std::vector<OutCell> cells;
            for (auto& list : w.lists)
                cells.push_back({i < list.size() ? std::string_view(list[i]) : std::string_view()});
            TRY(write_row(cells));
        }
        TRY(w.end_sheet());
    }
    TRY(w.write_part("xl/styles.xml", styles_xml()));
    TRY(w.write_part("xl/workbook.xml", workbook_xml(w.names, shown)));
    TRY(w.write_part("xl/_rels/workbook.xml.rels", workbook_relations_xml(w.names.size())));
    TRY(w.write_part("_rels/.rels", root_relations_xml));
    TRY(w.write_part("[Content_Types].xml", content_types_xml(w.names.size(), w.with_comments)));
    return w.zip.finish();
}

}  // namespace mingxin::workbook
