#include "workbook/xlsx_writer.h"

#include <doctest/doctest.h>
#include <expat.h>

#include "base/file.h"
#include "collect/reply.h"
#include "collect/test_files.h"
#include "collect/workbook_parts.h"
#include "collect/zip_archive.h"

using namespace mingxin;
using namespace mingxin::collect;
using namespace mingxin::workbook;
using test::Files;
using test::read_all;
using Rows = std::vector<std::string>;

namespace {

// A part of an archive, inflated; every XML part of the archive is checked to be well-formed on the way.
std::string part(const std::filesystem::path& path, std::string_view name) {
    auto archive = ZipArchive::open(path);
    REQUIRE(archive.ok());
    std::string wanted;
    for (const ZipEntry& entry : archive->entries()) {
        auto stream = archive->stream(entry, {});
        REQUIRE(stream.ok());
        std::string content, block(65536, '\0');
        for (;;) {
            auto got = stream->read(block.data(), block.size());
            REQUIRE(got.ok());
            if (*got == 0) break;
            content.append(block, 0, *got);
        }
        XML_Parser parser = XML_ParserCreate(nullptr);
        CAPTURE(entry.name);
        CHECK(XML_Parse(parser, content.data(), static_cast<int>(content.size()), 1) == XML_STATUS_OK);
        XML_ParserFree(parser);
        if (entry.name == name) wanted = content;
    }
    return wanted;
}

std::size_t count_of(const std::string& text, std::string_view word) {
    std::size_t n = 0;
    for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1)) ++n;
    return n;
}

}  // namespace

TEST_CASE("writer: what is written reads back the same") {
    Files files;
    auto path = files.path("out.xlsx");
    auto writer = XlsxWriter::create(path);
    REQUIRE(writer.ok());
    REQUIRE(writer
                ->begin_sheet(
                    {.name = "数据[1]/2", .column_widths = {10, 20.5}, .frozen_rows = 1, .filter_row = 1})
                .ok());
    REQUIRE(writer->write_row(std::vector<OutCell>{{"名称", CellStyle::header}, {"内容", CellStyle::header}})
                .ok());
    Rows texts = {"=1+1",    "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "<a>&\"'", " 前后有空格 ", "两\n行\t",
                  "_x0041_", "\x01控制\x1F",       "𠀀", "a\rb"};
    for (const auto& text : texts) {
        REQUIRE(
            writer->write_row(std::vector<OutCell>{{text, CellStyle::fault, "原因：" + text}, {"x"}}).ok());
    }
    writer->skip_to_row(20);
    REQUIRE(
        writer->write_row(std::vector<OutCell>{{"末", CellStyle::warning}, {"1234", CellStyle::count}}).ok());
    REQUIRE(writer->finish().ok());
    auto table = read_all(path);
    CHECK(table.fault == "");
    CHECK(table.sheet == "数据_1__2");
    CHECK(table.header == Rows{"名称", "内容"});
    REQUIRE(table.rows.size() == texts.size() + 1);
    for (std::size_t i = 0; i < texts.size(); ++i)
        CHECK(table.rows[i] == std::to_string(i + 2) + ":" + texts[i] + "|x");
    CHECK(table.rows.back() == "20:末|1234");
    // No cell is a formula, every text has the format "text".
    std::string sheet = part(path, "xl/worksheets/sheet1.xml");
    CHECK(sheet.find("<f>") == sheet.npos);
    CHECK(count_of(part(path, "xl/styles.xml"), "numFmtId=\"49\"") == 7);
    CHECK(count_of(part(path, "xl/comments1.xml"), "<comment ") == texts.size());
    CHECK(count_of(part(path, "xl/drawings/vmlDrawing1.vml"), "<x:Row>") == texts.size());
    CHECK(!std::filesystem::exists(path.string() + ".part"));
}

TEST_CASE("writer: long texts are cut to what Excel takes, choices are offered") {
    Files files;
    auto path = files.path("out.xlsx");
    auto writer = XlsxWriter::create(path);
    REQUIRE(writer.ok());
    REQUIRE(writer->begin_sheet({.name = "表", .column_widths = {}}).ok());
    std::string longest;
    for (int i = 0; i < 40'000; ++i) longest += "字";
    REQUIRE(writer->write_row(std::vector<OutCell>{{"名称"}}).ok());
    REQUIRE(writer->write_row(std::vector<OutCell>{{longest}}).ok());
    writer->add_choices(0, 2, 1000, {"警告", "罚款"});
    Rows many;
    for (int i = 0; i < 200; ++i) many.push_back("选项," + std::to_string(i));
    writer->add_choices(1, 2, 1000, many);
    REQUIRE(writer->finish().ok());
    auto table = read_all(path);
    REQUIRE(table.rows.size() == 1);
    CHECK(table.rows[0].ends_with("字…"));
    CHECK(table.rows[0].size() < 32'768 * 3);
    CHECK(table.rows[0].size() > 32'700 * 3);
    std::string sheet = part(path, "xl/worksheets/sheet1.xml");
    CHECK(sheet.find("<formula1>&quot;警告,罚款&quot;</formula1>") != sheet.npos);
    CHECK(sheet.find("<formula1>'选项'!$A$1:$A$200</formula1>") != sheet.npos);
    CHECK(part(path, "xl/workbook.xml").find("name=\"选项\" sheetId=\"2\" state=\"hidden\"") !=
          std::string::npos);
}

TEST_CASE("writer: columns that nobody wrote take days and amounts; a list may be left after a warning") {
    Files files;
    auto path = files.path("out.xlsx");
    auto writer = XlsxWriter::create(path);
    REQUIRE(writer.ok());
    SheetLayout layout{.name = "表", .column_widths = {20, 14, 14}};
    layout.column_styles = {CellStyle::plain, CellStyle::date, CellStyle::amount};
    REQUIRE(writer->begin_sheet(layout).ok());
    REQUIRE(writer->write_row(std::vector<OutCell>{{"名称"}, {"日期"}, {"金额"}}).ok());
    writer->add_choices(0, 2, 1000, {"甲", "乙"}, "确定填\"别的\"？");
    REQUIRE(writer->finish().ok());
    std::string sheet = part(path, "xl/worksheets/sheet1.xml");
    CHECK(sheet.find("width=\"20.0\" customWidth=\"1\"/>") != sheet.npos);
    CHECK(sheet.find("width=\"14.0\" customWidth=\"1\" style=\"8\"/>") != sheet.npos);
    CHECK(sheet.find("style=\"9\"/>") != sheet.npos);
    CHECK(sheet.find("errorStyle=\"warning\"") != sheet.npos);
    CHECK(sheet.find("确定填&quot;别的&quot;？") != sheet.npos);
    // The reader takes numbers typed there for days.
    auto archive = ZipArchive::open(path);
    REQUIRE(archive.ok());
    auto workbook = read_workbook(*archive, {});
    REQUIRE(workbook.ok());
    auto dates = read_date_styles(*archive, *workbook, {});
    REQUIRE(dates.ok());
    REQUIRE(dates->size() == 10);
    CHECK((*dates)[8]);
    CHECK_FALSE((*dates)[9]);
}

TEST_CASE("writer: an unfinished or impossible file leaves nothing behind") {
    Files files;
    {
        auto writer = XlsxWriter::create(files.path("out.xlsx"));
        REQUIRE(writer.ok());
        REQUIRE(writer->begin_sheet({.name = "表", .column_widths = {}}).ok());
    }
    CHECK(!std::filesystem::exists(files.path("out.xlsx")));
    CHECK(!std::filesystem::exists(files.path("out.xlsx.part")));
    auto nowhere = XlsxWriter::create(files.path("none/out.xlsx"));
    REQUIRE(!nowhere.ok());
    CHECK(nowhere.error().fault == Fault::file_unwritable);
}

TEST_CASE("writer: comments are bounded, fills are not") {
    Files files;
    auto path = files.path("out.xlsx");
    auto writer = XlsxWriter::create(path);
    REQUIRE(writer.ok());
    REQUIRE(writer->begin_sheet({.name = "表", .column_widths = {}}).ok());
    for (int i = 0; i < XlsxWriter::most_comments + 50; ++i) {
        REQUIRE(writer->write_row(std::vector<OutCell>{{"x", CellStyle::fault, "原因"}}).ok());
    }
    REQUIRE(writer->finish().ok());
    CHECK(count_of(part(path, "xl/comments1.xml"), "<comment ") ==
          static_cast<std::size_t>(XlsxWriter::most_comments));
    CHECK(count_of(part(path, "xl/worksheets/sheet1.xml"), "s=\"2\"") ==
          static_cast<std::size_t>(XlsxWriter::most_comments + 50));
}

TEST_CASE("reply: the file again, with outcomes, reasons and counts") {
    Files files;
    OpenOptions options;
    options.header_words = {"名称", "代码", "日期"};
    auto file =
        files.write("in.csv", "某县信息表,,\n\n名称,代码,日期\n甲,1,2019-02-30\n\n=乙,2,\n丙,3,2019-01-01\n");
    std::vector<RowVerdict> verdicts = {
        {4,
         record::Outcome::rejected,
         {{2, "V06", rulebook::Effect::reject, "没有这一天", "请核对日期。"},
          {1, "V05", rulebook::Effect::warn, "代码校验不符", ""},
          {-1, "V13", rulebook::Effect::warn, "整行提示", ""}}},
        {6, record::Outcome::accepted, {}},
        {7, record::Outcome::rejected, {{0, "V06", rulebook::Effect::reject, "另一处", ""}}},
    };
    std::size_t at = 0;
    auto next = [&](RowVerdict& out) { return at < verdicts.size() ? (out = verdicts[at++], true) : false; };
    auto path = files.path("reply.xlsx");
    REQUIRE(write_reply(file, options, path, next).ok());
    auto table = read_all(path, options);
    CHECK(table.sheet == "反馈");
    CHECK(table.header == Rows{"名称", "代码", "日期", "处理结果", "问题与改正办法"});
    REQUIRE(table.rows.size() == 3);
    // The same row numbers as in the file, title and blank rows included.
    CHECK(table.rows[0] ==
          "4:甲|1|2019-02-30|" + std::string(record::outcome_zh(record::Outcome::rejected)) +
              "|1. 【日期】没有这一天 请核对日期。（V06）\n2. 代码校验不符（V05）\n3. 整行提示（V13）");
    CHECK(table.rows[1] == "6:=乙|2||" + std::string(record::outcome_zh(record::Outcome::accepted)));
    CHECK(table.rows[2].find("7:丙|3|2019-01-01|") == 0);
    std::string sheet = part(path, "xl/worksheets/sheet1.xml");
    CHECK(sheet.find("<c r=\"A1\" s=\"6\"") != sheet.npos);
    CHECK(sheet.find("<c r=\"C4\" s=\"2\"") != sheet.npos);
    CHECK(sheet.find("<c r=\"B4\" s=\"3\"") != sheet.npos);
    CHECK(sheet.find("<c r=\"A6\" t=") != sheet.npos);
    CHECK(part(path, "xl/comments1.xml").find("ref=\"C4\"") != std::string::npos);
    std::string summary = part(path, "xl/worksheets/sheet2.xml");
    CHECK(summary.find("<v>2</v>") != summary.npos);
    CHECK(summary.find("V06") != summary.npos);
    CHECK(summary.find("合计") != summary.npos);
    // The reply itself can be corrected and sent again: its two columns do not disturb.
    CHECK(read_all(path, options).header.front() == "名称");
}

TEST_CASE("reply: more rows than a sheet holds go on in the next") {
    Files files;
    auto path = files.path("in.csv");
    {
        std::string text = "名称\n";
        for (std::int64_t i = 0; i < XlsxWriter::most_rows + 5; ++i) text += "x\n";
        files.write("in.csv", text);
    }
    auto none = [](RowVerdict&) { return false; };
    REQUIRE(write_reply(path, {}, files.path("reply.xlsx"), none).ok());
    std::string book = part(files.path("reply.xlsx"), "xl/workbook.xml");
    CHECK(book.find("反馈续2") != book.npos);
    CHECK(count_of(book, "<sheet ") == 3);
    std::string second = part(files.path("reply.xlsx"), "xl/worksheets/sheet2.xml");
    CHECK(count_of(second, "<row ") == 1 + 6);
}
