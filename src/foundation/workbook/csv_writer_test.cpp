#include "workbook/csv_writer.h"

#include <doctest/doctest.h>

#include "base/file.h"

using namespace mingxin;
using namespace mingxin::workbook;

namespace {

std::string cell(std::string_view text, bool number = false) {
    std::string out;
    append_csv_cell(out, text, number);
    return out;
}

}  // namespace

TEST_CASE("what looks like a formula becomes a text; numbers stay; quotes where needed") {
    CHECK(cell("鲁山") == "鲁山");
    CHECK(cell("a,b\"c") == "\"a,b\"\"c\"");
    for (const char* begin : {"=", "+", "-", "@", "\t", "＝", "＠"}) {
        CHECK(cell(std::string(begin) + "1") == "'" + std::string(begin) + "1");
    }
    CHECK(cell("\r=1") == "\"'\r=1\"");
    CHECK(cell("=A1,2") == "\"'=A1,2\"");
    CHECK(cell("-5", true) == "-5");
    CHECK(cell("") == "");
}

TEST_CASE("a table in UTF-8 with a mark, whole after finish") {
    const TemporaryFolder folder;
    const auto path = folder.path() / "a.csv";
    auto writer = CsvWriter::create(path);
    REQUIRE(writer.ok());
    for (int i = 0; i < 20'000; ++i) {
        writer->cell("行", false);
        writer->cell("12", true);
        REQUIRE(writer->end_row().ok());
    }
    REQUIRE(writer->finish().ok());
    const auto text = read_file(path);
    REQUIRE(text.ok());
    CHECK(text->starts_with("\xEF\xBB\xBF行,12\r\n"));
    CHECK(text->size() == 3 + 20'000u * 8);
    CHECK_FALSE(CsvWriter::create(folder.path() / "none" / "a.csv").ok());
}
