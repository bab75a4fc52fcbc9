#include "workbook/xlsx_parts.h"

#include <algorithm>

#include "base/text.h"

namespace mingxin::workbook {
namespace {

constexpr std::string_view declaration = R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>)";
constexpr std::string_view office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
constexpr std::string_view package = "http://schemas.openxmlformats.org/package/2006";
constexpr std::string_view main_schema = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

bool looks_escaped(std::string_view text, std::size_t at) {
    if (text.size() - at < 7 || text[at + 1] != 'x' || text[at + 6] != '_') return false;
    return std::all_of(text.begin() + at + 2, text.begin() + at + 6, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
    });
}

// An ASCII character that does not stand for itself; false: it does.
bool append_escape(std::string& out, std::string_view text, std::size_t at) {
    static constexpr char hex[] = "0123456789ABCDEF";
    auto c = static_cast<unsigned char>(text[at]);
    switch (c) {
        case '&':
            out += "&amp;";
            return true;
        case '<':
            out += "&lt;";
            return true;
        case '>':
            out += "&gt;";
            return true;
        case '"':
            out += "&quot;";
            return true;
        case '\t':
        case '\n':
            return false;
        case '_':
            if (!looks_escaped(text, at)) return false;
            out += "_x005F_";
            return true;
        default:
            break;
    }
    if (c >= 0x20) return false;
    out += "_x00";
    out += hex[c >> 4];
    out += hex[c & 15];
    out += '_';
    return true;
}

}  // namespace

std::string column_letters(std::size_t column) {
    std::string out;
    for (std::size_t n = column + 1; n > 0; n = (n - 1) / 26)
        out.insert(out.begin(), static_cast<char>('A' + (n - 1) % 26));
    return out;
}

void append_xml_text(std::string& out, std::string_view text, std::size_t most) {
    // One byte is at most one character: short texts need no counting.
    if (text.size() > most) {
        std::size_t units = 0, at = 0, cut = 0;
        while (at < text.size() && units <= most) {
            if (units + 3 <= most) cut = at;
            units += next_code_point(text, at) > 0xFFFF ? 2 : 1;
        }
        if (units > most) {
            append_xml_text(out, text.substr(0, cut), text.size());
            out += "…";
            return;
        }
    }
    std::size_t from = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        auto c = static_cast<unsigned char>(text[at]);
        if (c >= 0x80) {
            // U+FFFE and U+FFFF are no characters of XML.
            bool forbidden = c == 0xEF && text.size() - at >= 3 && text[at + 1] == '\xBF' &&
                             (text[at + 2] == '\xBE' || text[at + 2] == '\xBF');
            if (!forbidden) continue;
            out.append(text, from, at - from);
            at += 2;
            from = at + 1;
            continue;
        }
        std::size_t size = out.size();
        if (c > '>' && c != '_') continue;
        out.append(text, from, at - from);
        if (append_escape(out, text, at)) {
            from = at + 1;
        } else {
            out.resize(size);
        }
    }
    out.append(text, from, text.size() - from);
}

std::string_view styles_xml() {
    // cellXfs in the order of CellStyle; 49 is "text", 3 is #,##0.
    return R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy/mm/dd"/><numFmt numFmtId="165" formatCode="0.00####"/></numFmts><fonts count="2"><font><sz val="11"/><name val="宋体"/></font><font><b/><sz val="11"/><name val="宋体"/></font></fonts><fills count="6"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFE7E6E6"/></patternFill></fill><fill><patternFill patternType="solid"><fgColor rgb="FFFFC7CE"/></patternFill></fill><fill><patternFill patternType="solid"><fgColor rgb="FFFFE699"/></patternFill></fill><fill><patternFill patternType="solid"><fgColor rgb="FFE2EFDA"/></patternFill></fill></fills><borders count="2"><border/><border><left style="thin"><color rgb="FFBFBFBF"/></left><right style="thin"><color rgb="FFBFBFBF"/></right><top style="thin"><color rgb="FFBFBFBF"/></top><bottom style="thin"><color rgb="FFBFBFBF"/></bottom></border></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="10"><xf numFmtId="49" fontId="0" fillId="0" borderId="0" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" fillId="2" borderId="1" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"><alignment vertical="center" wrapText="1"/></xf><xf numFmtId="49" fontId="0" fillId="3" borderId="1" applyNumberFormat="1" applyFill="1" applyBorder="1"/><xf numFmtId="49" fontId="0" fillId="4" borderId="1" applyNumberFormat="1" applyFill="1" applyBorder="1"/><xf numFmtId="49" fontId="0" fillId="5" borderId="0" applyNumberFormat="1" applyFill="1"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf><xf numFmtId="49" fontId="1" fillId="0" borderId="0" applyNumberFormat="1" applyFont="1"/><xf numFmtId="3" fontId="0" fillId="0" borderId="0" applyNumberFormat="1"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" applyNumberFormat="1"/><xf numFmtId="165" fontId="0" fillId="0" borderId="0" applyNumberFormat="1"/></cellXfs></styleSheet>)";
}

std::string content_types_xml(std::size_t sheets, const std::vector<bool>& with_comments) {
    constexpr std::string_view kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.";
    std::string out(declaration);
    out.append("<Types xmlns=\"").append(package).append("/content-types\">");
    out +=
        "<Default Extension=\"rels\" "
        "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
        "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
        "<Default Extension=\"vml\" "
        "ContentType=\"application/vnd.openxmlformats-officedocument.vmlDrawing\"/>";
    auto part = [&](const std::string& name, std::string_view type) {
        out.append("<Override PartName=\"/xl/" + name + "\" ContentType=\"")
            .append(kind)
            .append(type)
            .append("+xml\"/>");
    };
    part("workbook.xml", "sheet.main");
    part("styles.xml", "styles");
    for (std::size_t i = 1; i <= sheets; ++i) {
        part("worksheets/sheet" + std::to_string(i) + ".xml", "worksheet");
        if (with_comments[i - 1]) part("comments" + std::to_string(i) + ".xml", "comments");
    }
    return out + "</Types>";
}

std::string workbook_xml(const std::vector<std::string>& names, std::size_t hidden_from) {
    std::string out(declaration);
    out.append("<workbook xmlns=\"")
        .append(main_schema)
        .append("\" xmlns:r=\"")
        .append(office)
        .append("\"><sheets>");
    for (std::size_t i = 0; i < names.size(); ++i) {
        std::string n = std::to_string(i + 1);
        out += "<sheet name=\"";
        append_xml_text(out, names[i], 31);
        out += "\" sheetId=\"" + n + "\"" + (i >= hidden_from ? " state=\"hidden\"" : "") + " r:id=\"rId" +
               n + "\"/>";
    }
    return out + "</sheets></workbook>";
}

std::string workbook_relations_xml(std::size_t sheets) {
    std::string out(declaration);
    out.append("<Relationships xmlns=\"").append(package).append("/relationships\">");
    for (std::size_t i = 1; i <= sheets; ++i) {
        std::string n = std::to_string(i);
        out.append("<Relationship Id=\"rId" + n + "\" Type=\"").append(office);
        out += "/worksheet\" Target=\"worksheets/sheet" + n + ".xml\"/>";
    }
    out.append("<Relationship Id=\"rIdStyles\" Type=\"")
        .append(office)
        .append("/styles\" Target=\"styles.xml\"/>");
    return out + "</Relationships>";
}

std::string sheet_relations_xml(std::size_t number) {
    std::string n = std::to_string(number), out(declaration);
    out.append("<Relationships xmlns=\"")
        .append(package)
        .append("/relationships\"><Relationship Id=\"rId1\" Type=\"");
    out.append(office).append("/vmlDrawing\" Target=\"../drawings/vmlDrawing" + n +
                              ".vml\"/><Relationship Id=\"rId2\" Type=\"");
    out.append(office).append("/comments\" Target=\"../comments" + n + ".xml\"/></Relationships>");
    return out;
}

const std::string_view comments_begin =
    R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?><comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><authors><author>明信</author></authors><commentList>)";
const std::string_view comments_end = "</commentList></comments>";
const std::string_view boxes_begin =
    R"(<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>)";
const std::string_view boxes_end = "</xml>";

void append_comment(std::string& comments, std::string& boxes, std::int64_t row, std::size_t column,
                    std::string_view text, std::int64_t number) {
    comments += "<comment ref=\"" + column_letters(column) + std::to_string(row + 1) +
                "\" authorId=\"0\"><text><t xml:space=\"preserve\">";
    append_xml_text(comments, text, 2000);
    comments += "</t></text></comment>";
    // The box lies right of the cell, 3 columns wide and 6 rows high.
    std::string r = std::to_string(row), c = std::to_string(column);
    boxes +=
        "<v:shape id=\"_x0000_s" + std::to_string(1025 + number) +
        "\" type=\"#_x0000_t202\" "
        "style=\"position:absolute;width:240pt;height:90pt;z-index:1;visibility:hidden\" "
        "fillcolor=\"#ffffe1\" o:insetmode=\"auto\"><v:fill color2=\"#ffffe1\"/><v:path "
        "o:connecttype=\"none\"/>"
        "<v:textbox style=\"mso-direction-alt:auto\"/><x:ClientData ObjectType=\"Note\"><x:MoveWithCells/>"
        "<x:SizeWithCells/><x:Anchor>" +
        std::to_string(column + 1) + ",15," + r + ",10," + std::to_string(column + 4) + ",15," +
        std::to_string(row + 6) + ",4</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>" + r +
        "</x:Row><x:Column>" + c + "</x:Column></x:ClientData></v:shape>";
}

std::string sheet_name(std::string_view wanted, const std::vector<std::string>& taken) {
    std::string base;
    std::size_t characters = 0;
    for (std::size_t at = 0; at < wanted.size() && characters < 26; ++characters) {
        char32_t c = next_code_point(wanted, at);
        bool forbidden =
            c < 0x20 || c > 0xFFFF || std::u32string_view(U"[]:*?/\\'").find(c) != std::u32string_view::npos;
        append_utf8(base, forbidden ? U'_' : c);
    }
    if (base.empty()) base = "Sheet";
    std::string name = base;
    auto same = [&](const std::string& other) { return to_upper_ascii(other) == to_upper_ascii(name); };
    for (int n = 2; std::any_of(taken.begin(), taken.end(), same); ++n) name = base + "_" + std::to_string(n);
    return name;
}

}  // namespace mingxin::workbook
