#include <doctest/doctest.h>
#include <sys/resource.h>

#include <cstring>

#include "collect/test_files.h"
#include "collect/workbook_parts.h"

using namespace mingxin;
using namespace mingxin::collect;
using test::Files;
using test::read_all;
using test::workbook_bytes;
using test::ZipEntry;
using Rows = std::vector<std::string>;

namespace {

std::string text_cell(std::string_view reference, std::string_view text) {
    return "<c r=\"" + std::string(reference) + "\" t=\"inlineStr\"><is><t>" + std::string(text) +
           "</t></is></c>";
}
std::string header_row(int row = 1) {
    std::string n = std::to_string(row);
    return "<row r=\"" + n + "\">" + text_cell("A" + n, "名称") + text_cell("B" + n, "代码") + "</row>";
}
std::string sheet(const std::string& rows) {
    return "<sheetData>" + header_row() + rows + "</sheetData>";
}

test::Table read_rows(const std::string& rows, std::string_view shared = {}, std::string_view styles = {},
                      bool date_1904 = false) {
    Files files;
    return read_all(
        files.write("a.xlsx", workbook_bytes({{"表", sheet(rows), ""}}, shared, styles, date_1904)),
        {.limits = {}, .header_words = {"名称", "代码"}});
}

// The kinds of one row's cells, as digits.
std::string kinds(const std::string& rows, std::string_view styles = {}) {
    Files files;
    auto reader = open_table(files.write("a.xlsx", workbook_bytes({{"表", sheet(rows), ""}}, {}, styles)),
                             {.limits = {}, .header_words = {"名称", "代码"}});
    REQUIRE(reader.ok());
    RowChunk chunk;
    REQUIRE((*reader)->read(chunk, 1).ok());
    REQUIRE(chunk.size() == 1);
    std::string out;
    for (auto& cell : chunk.cells(0)) out += static_cast<char>('0' + static_cast<int>(cell.kind));
    return out;
}

}  // namespace

TEST_CASE("xlsx: cells of every kind") {
    auto table = read_rows(
        "<row r=\"2\"><c r=\"A2\" t=\"s\"><v>1</v></c><c r=\"C2\"><v>12.5</v></c><c r=\"D2\" "
        "t=\"b\"><v>1</v></c>"
        "<c r=\"E2\" t=\"e\"><v>#N/A</v></c><c r=\"F2\" t=\"str\"><f>A1&amp;B1</f><v>合</v></c>"
        "<c r=\"G2\"><f>SUM(A1:A2)</f></c></row>"
        "<row><c t=\"s\"><v>0</v></c><c><v>3</v></c></row>"
        "<row r=\"9\"><c r=\"B9\" s=\"5\"/></row><row r=\"12\" hidden=\"1\"><c "
        "r=\"A12\"><v>30055.599999999999</v></c></row>",
        "<si><t>甲</t></si><si><r><t>乙</t></r><r><rPr><b/></rPr><t xml:space=\"preserve\"> "
        "公司_x000A_</t></r><rPh><t>yi</t></rPh></si>");
    CHECK(table.fault == "");
    CHECK(table.header == Rows{"名称", "代码"});
    CHECK(table.sheet == "表");
    CHECK(table.rows == Rows{"2:乙 公司\n||12.5|TRUE|#N/A|合|=SUM(A1:A2)", "3:甲|3", "12:30055.6"});
    std::string notes;
    for (auto& note : table.notes) notes += note + "\n";
    CHECK(notes.find("1 个公式（最先在 F2）") != notes.npos);
    CHECK(notes.find("没有保存计算结果（最先在 G2）") != notes.npos);
    CHECK(notes.find("最先在 E2") != notes.npos);
    CHECK(notes.find("隐藏行（最先是第 12 行）") != notes.npos);
    CHECK(kinds("<row r=\"2\"><c r=\"A2\" t=\"str\"><v>x</v></c><c r=\"C2\"><v>1</v></c><c r=\"D2\" "
                "t=\"b\"><v>0</v></c>"
                "<c r=\"E2\" t=\"e\"><v>#REF!</v></c><c r=\"F2\"><f>1+1</f></c></row>") == "102456");
}

TEST_CASE("xlsx: dates by their number format") {
    std::string styles =
        "<numFmts><numFmt numFmtId=\"176\" "
        "formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@\"/>"
        "<numFmt numFmtId=\"177\" formatCode=\"0.00_);[Red]\\(0.00\\)\"/></numFmts>"
        "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>"
        "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"176\"/><xf numFmtId=\"177\"/><xf "
        "numFmtId=\"31\"/></cellXfs>";
    std::string rows;
    for (int style = 0; style < 5; ++style) {
        std::string n = std::to_string(style + 2);
        rows += "<row r=\"" + n + "\"><c r=\"A" + n + "\" s=\"" + std::to_string(style) +
                "\"><v>42972.5</v></c></row>";
    }
    rows +=
        "<row r=\"9\"><c r=\"A9\" t=\"d\"><v>2019-05-01T00:00:00</v></c><c r=\"B9\" s=\"1\"><v>0.5</v></c>"
        "<c r=\"C9\" s=\"1\"><v>1</v></c><c r=\"D9\" s=\"1\"><v>60</v></c><c r=\"E9\" "
        "s=\"1\"><v>61</v></c></row>";
    CHECK(read_rows(rows, {}, styles).rows ==
          Rows{"2:42972.5", "3:2017-08-25 12:00:00", "4:2017-08-25 12:00:00", "5:42972.5",
               "6:2017-08-25 12:00:00", "9:2019-05-01|0.5|1900-01-01|1900-02-29|1900-03-01"});
    CHECK(read_rows("<row r=\"2\"><c r=\"A2\" s=\"1\"><v>41510</v></c></row>", {}, styles, true).rows ==
          Rows{"2:2017-08-25"});
    for (auto code : {"yyyy-mm-dd", "m/d/yy", "[$-804]yyyy\\-mm\\-dd", "mm:ss", "[h]:mm", "h:mm AM/PM", "d"})
        CHECK(is_date_format(code));
    for (auto code :
         {"General", "0.00", "#,##0", "@", "\"day\"0", "0\\d", "[Red]0", "0.00E+00", "_(* #,##0_)", ""}) {
        CAPTURE(code);
        CHECK(!is_date_format(code));
    }
}

TEST_CASE("xlsx: numbers as Excel shows them") {
    CHECK(shown_number("9.1370784E+17") == "913707840000000000");
    CHECK(shown_number("30095.040000000001") == "30095.04");
    CHECK(shown_number("0.10000000000000001") == "0.1");
    CHECK(shown_number("1E-6") == "0.000001");
    CHECK(shown_number("-2.5E3") == "-2500");
    CHECK(shown_number("370784199001011234") == "370784199001011000");
    CHECK(shown_number("123456789012345") == "123456789012345");
    CHECK(shown_number("0") == "0");
    CHECK(shown_number("0E0") == "0");
    CHECK(shown_number("abc") == "abc");
    CHECK(shown_number("1e999") == "1e999");
}

TEST_CASE("xlsx: the visible sheet with the header is read, others noted") {
    Files files;
    OpenOptions options;
    options.header_words = {"名称", "代码"};
    std::string guide = "<sheetData><row r=\"1\">" + text_cell("A1", "填表说明") + "</row><row r=\"2\">" +
                        text_cell("A2", "名称") + text_cell("B2", "必填") + "</row></sheetData>";
    std::string data = "<sheetData><row r=\"1\">" + text_cell("A1", "某县信息表") + "</row>" + header_row(3) +
                       "<row r=\"4\">" + text_cell("A4", "甲") +
                       "</row></sheetData><mergeCells count=\"2\"><mergeCell ref=\"A1:B1\"/><mergeCell "
                       "ref=\"A4:A6\"/></mergeCells>";
    auto path = files.write(
        "a.xlsx", workbook_bytes({{"字典", sheet(""), "hidden"}, {"说明", guide, ""}, {"数据", data, ""}}));
    auto table = read_all(path, options);
    CHECK(table.sheet == "数据");
    CHECK(table.rows == Rows{"4:甲"});
    REQUIRE(table.notes.size() == 3);
    CHECK(table.notes[0] == "隐藏的工作表“字典”没有读取。");
    CHECK(table.notes[1] == "工作表“说明”没有读取。");
    CHECK(table.notes[2].find("1 处合并单元格（A4:A6）") != std::string::npos);
    auto reader = open_table(path, options);
    REQUIRE(reader.ok());
    CHECK((*reader)->header_row() == 3);
    CHECK((*reader)->header_words_found() == 2);
    CHECK((*reader)->merged_area(5, 0) == "A4:A6");
    CHECK((*reader)->merged_area(4, 0) == "");
    CHECK((*reader)->merged_area(1, 1) == "A1:B1");
    CHECK((*reader)->merged_area(7, 0) == "");
    CHECK(read_all(files.write("h.xlsx",
                               workbook_bytes({{"a", sheet(""), "hidden"}, {"b", sheet(""), "veryHidden"}})))
              .fault == "MX2116");
}

TEST_CASE("xlsx: damaged and foreign archives are refused") {
    Files files;
    auto fault = [&](std::string_view content) { return read_all(files.write("a.xlsx", content)).fault; };
    std::string good =
        workbook_bytes({{"表", sheet("<row r=\"2\">" + text_cell("A2", "甲") + "</row>"), ""}});
    CHECK(fault(good) == "");
    for (std::size_t cut :
         {std::size_t{30}, good.size() / 4, good.size() / 2, good.size() - 30, good.size() - 1}) {
        CAPTURE(cut);
        CHECK(fault(good.substr(0, cut)) == "MX2105");
    }
    // A flipped byte anywhere is noticed (directory, data by CRC) or does not change what is read.
    auto expected = read_all(files.write("a.xlsx", good)).rows;
    for (std::size_t at = 0; at < good.size(); at += 7) {
        std::string flipped = good;
        flipped[at] = static_cast<char>(flipped[at] ^ 0x20);
        auto table = read_all(files.write("a.xlsx", flipped));
        CHECK((!table.fault.empty() || table.rows == expected));
    }
    std::string encrypted = good;
    for (std::size_t at = 0; (at = encrypted.find("PK\x01\x02", at)) != encrypted.npos; ++at)
        encrypted[at + 8] |= 1;
    CHECK(fault(encrypted) == "MX2104");
    CHECK(fault(test::zip({{"readme.txt", "hi"}})) == "MX2101");
    CHECK(fault(test::zip({{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"},
                           {"content.xml", "<a/>"}})) == "MX2101");
    CHECK(fault(test::zip({{"word/document.xml", "<a/>"}})) == "MX2101");
    CHECK(fault(test::zip({{"a", "1"}, {"A", "2"}})) == "MX2105");
    CHECK(fault(test::zip({})) == "MX2101");
    CHECK(fault("PK\x03\x04 not a zip at all") == "MX2105");
}

TEST_CASE("xlsx: broken and hostile XML is refused") {
    CHECK(read_rows("<row r=\"2\"><c r=\"A2\"><v>1</v></row>").fault == "MX2105");
    CHECK(read_rows("<row r=\"2\"><c r=\"A2\" t=\"s\"><v>7</v></c></row>").fault == "MX2105");
    CHECK(read_rows("<row r=\"2\"><c r=\"B2\"><v>7</v></c><c r=\"A2\"><v>7</v></c></row>").fault == "MX2105");
    CHECK(read_rows("<row r=\"2\"/><row r=\"2\"/>").fault == "MX2105");
    auto wide = read_rows("<row r=\"2\"><c r=\"EOFX2\"><v>1</v></c></row>");
    CHECK(wide.fault == "MX2109");
    CHECK(wide.message.find("第 2 行超过 2000 列") != std::string::npos);
    auto lengthy = read_rows("<row r=\"2\">" + text_cell("B2", std::string(2 << 20, 'x')) + "</row>");
    CHECK(lengthy.fault == "MX2110");
    CHECK(lengthy.message.find("第 2 行第 2 列（B2）") != std::string::npos);
    std::string deep = "<row r=\"2\">";
    for (int i = 0; i < 100; ++i) deep += "<x>";
    CHECK(read_rows(deep).fault == "MX2105");
    CHECK(read_rows("<row r=\"2\" x=\"" + std::string(8 << 20, 'x') + "\"/>").fault == "MX2105");

    Files files;
    std::string bomb = "<!DOCTYPE x [<!ENTITY a \"xxxxxxxxxx\">";
    for (char c = 'b'; c <= 'z'; ++c) {
        bomb += std::string("<!ENTITY ") + c + " \"";
        for (int i = 0; i < 10; ++i) bomb += std::string("&") + static_cast<char>(c - 1) + ";";
        bomb += "\">";
    }
    std::string good = workbook_bytes({{"表", sheet(""), ""}}, "<si/>");
    std::string shared = "<?xml version=\"1.0\"?>" + bomb + "]><sst><si><t>&z;</t></si></sst>";
    auto with_shared = [&](const std::string& content) {
        return test::zip(
            {{"xl/workbook.xml", "<workbook><sheets><sheet name=\"a\" id=\"1\"/></sheets></workbook>"},
             {"xl/_rels/workbook.xml.rels",
              "<Relationships><Relationship Id=\"1\" Type=\"/worksheet\" Target=\"s.xml\"/>"
              "<Relationship Id=\"2\" Type=\"/sharedStrings\" Target=\"t.xml\"/></Relationships>"},
             {"xl/s.xml", "<worksheet>" + sheet("") + "</worksheet>"},
             {"xl/t.xml", content}});
    };
    auto refused = read_all(files.write("a.xlsx", with_shared(shared)));
    CHECK(refused.fault == "MX2107");
    CHECK(refused.message.find("DTD") != std::string::npos);
    CHECK(read_all(files.write("a.xlsx", with_shared("<sst/>"))).fault == "");
}

TEST_CASE("xlsx: a zip bomb is refused in bounded memory") {
    Files files;
    rusage before{}, after{};
    std::string zeros(80u << 20, ' ');
    std::string packed = workbook_bytes({{"表", sheet(zeros), ""}});
    CHECK(packed.size() < 200 * 1024);
    zeros.clear();
    zeros.shrink_to_fit();
    auto path = files.write("a.xlsx", packed);
    getrusage(RUSAGE_SELF, &before);
    auto table = read_all(path);
    getrusage(RUSAGE_SELF, &after);
    CHECK(table.fault == "MX2106");
    CHECK(after.ru_maxrss - before.ru_maxrss < 32 * 1024);
    OpenOptions small;
    small.limits.inflated_bytes = 4096;
    CHECK(read_all(files.write("b.xlsx", workbook_bytes({{"表", sheet(std::string(8192, ' ')), ""}})), small)
              .fault == "MX2106");
    small = {};
    small.limits.shared_strings_bytes = 4096;
    CHECK(read_all(files.write("b.xlsx", workbook_bytes({{"表", sheet(""), ""}},
                                                        "<si><t>" + std::string(8192, 'x') + "</t></si>")),
                   small)
              .fault == "MX2106");
}

TEST_CASE("shared texts come back whole, in memory and spilled") {
    SharedStrings strings;
    std::vector<std::string> kept;
    std::uint32_t seed = 1;
    for (int i = 0; i < 200'000; ++i) {
        seed = seed * 1664525 + 1013904223;
        kept.push_back(std::string(seed % 200, static_cast<char>('a' + i % 26)) + std::to_string(i));
        REQUIRE(strings.add(kept.back()).ok());
    }
    REQUIRE(strings.seal().ok());
    CHECK(strings.size() == kept.size());
    for (std::size_t i = 0; i < kept.size(); ++i) REQUIRE(strings.get(i) == kept[i]);
    for (int i = 0; i < 10'000; ++i) {
        seed = seed * 1664525 + 1013904223;
        REQUIRE(strings.get(seed % kept.size()) == kept[seed % kept.size()]);
    }
}

TEST_CASE("xlsx: a sheet that says of itself that it is no data is passed over, wherever it stands") {
    Files files;
    const OpenOptions options{.limits = {}, .header_words = {"名称", "代码"}};
    const std::string marked = "<sheetData><row r=\"1\">" +
                               text_cell("A1", std::string(kNotDataMark) + "示例") + "</row>" +
                               header_row(2) + "<row r=\"3\">" + text_cell("A3", "虚构") +
                               text_cell("B3", "0") + "</row></sheetData>";
    const std::string row = "<row r=\"2\">" + text_cell("A2", "甲") + text_cell("B2", "1") + "</row>";
    // Its header is ours, the other's is nobody's: still it is not taken.
    const std::string foreign = "<sheetData><row r=\"1\">" + text_cell("A1", "字号") +
                                text_cell("B1", "号码") + "</row>" + row + "</sheetData>";
    for (const std::string& data : {sheet(row), foreign}) {
        const auto table = read_all(
            files.write("a.xlsx", workbook_bytes({{"示例", marked, ""}, {"我的", data, ""}})), options);
        CHECK(table.fault.empty());
        CHECK(table.sheet == "我的");
        CHECK(table.rows == Rows{"2:甲|1"});
        CHECK(table.notes.empty());
    }
    const auto none = read_all(files.write("b.xlsx", workbook_bytes({{"示例", marked, ""}})), options);
    CHECK(none.fault == "MX2116");
    CHECK(none.message.find("示例") != std::string::npos);
}
