#include "demo/demo.h"

#include <doctest/doctest.h>

#include <map>
#include <set>

#include "base/file.h"
#include "base/text.h"
#include "collect/table_reader.h"
#include "demo/county.h"
#include "demo/table_file.h"
#include "demo/words.h"
#include "subject/identify.h"

using namespace mingxin;
using namespace mingxin::demo;

namespace {

Options small_county() {
    return {.size = Size::small, .seed = 7, .today = *make_date(2026, 11, 20)};
}

/// What collect's reader makes of a file.
struct ReadBack {
    std::string format_zh;
    std::vector<std::string> header;
    std::vector<std::vector<std::string>> rows;
    std::int64_t date_cells = 0;

    bool has(std::string_view part) const {
        for (const auto& row : rows) {
            for (const std::string& cell : row) {
                if (cell.find(part) != std::string::npos) return true;
            }
        }
        return false;
    }
};

ReadBack read_back(const std::filesystem::path& path) {
    auto reader = collect::open_table(path, {});
    REQUIRE_MESSAGE(reader.ok(), path.string());
    ReadBack back{(*reader)->format_zh(), (*reader)->header(), {}};
    collect::RowChunk chunk;
    for (;;) {
        REQUIRE((*reader)->read(chunk, 1000).ok());
        if (chunk.size() == 0) return back;
        for (std::size_t i = 0; i < chunk.size(); ++i) {
            back.rows.emplace_back();
            for (const collect::Cell& cell : chunk.cells(i)) {
                back.rows.back().emplace_back(cell.text);
                back.date_cells += cell.kind == collect::CellKind::date;
            }
        }
    }
}

}  // namespace

TEST_CASE("amounts in words are those of decisions") {
    CHECK(amount_in_words(1) == "壹元整");
    CHECK(amount_in_words(10) == "壹拾元整");
    CHECK(amount_in_words(5000) == "伍仟元整");
    CHECK(amount_in_words(10'000) == "壹万元整");
    CHECK(amount_in_words(15'150) == "壹万伍仟壹佰伍拾元整");
    CHECK(amount_in_words(10'005) == "壹万零伍元整");
    CHECK(amount_in_words(10'500) == "壹万零伍佰元整");
    CHECK(amount_in_words(1'005) == "壹仟零伍元整");
    CHECK(amount_in_words(200'300) == "贰拾万零叁佰元整");
    CHECK(amount_in_words(100'000'000) == "壹亿元整");
    CHECK(amount_in_words(100'000'001) == "壹亿零壹元整");
}

TEST_CASE("organisations have valid codes, their own names and certificate numbers that no person has") {
    const County county(small_county());
    std::set<std::string> codes, names;
    std::map<Form, int> forms;
    Organisation organisation;
    for (std::int64_t i = 0; i < 2000; ++i) {
        county.organisation(i, 2026, organisation);
        const auto code = subject::identify(organisation.code);
        CHECK(code.valid);
        CHECK(code.kind == subject::IdentifierKind::uscc);
        CHECK(organisation.code.substr(8, 3) == "MAY");
        const auto certificate = subject::identify(organisation.certificate);
        CHECK(certificate.valid);
        CHECK(certificate.kind == subject::IdentifierKind::ric);
        CHECK(organisation.certificate.substr(0, 6) == "410000");
        codes.insert(organisation.code);
        names.insert(organisation.name);
        ++forms[organisation.form];
    }
    CHECK(codes.size() == 2000);
    CHECK(names.size() == 2000);
    CHECK(forms.size() == 5);
}

TEST_CASE("a renamed organisation keeps its code") {
    const County county(small_county());
    Organisation before, after;
    int renamed = 0;
    for (std::int64_t i = 0; i < 2000; ++i) {
        const int year = county.renamed_in(i);
        if (year == 0) continue;
        county.organisation(i, year - 1, before);
        county.organisation(i, year, after);
        CHECK(before.code == after.code);
        CHECK(before.name != after.name);
        ++renamed;
    }
    CHECK(renamed > 10);
}

TEST_CASE("units have valid codes of organs") {
    const auto all = units(small_county());
    CHECK(all.size() >= 15);
    for (const Unit& unit : all) {
        CHECK(subject::identify(unit.code).valid);
        CHECK(unit.code.starts_with("11410423"));
        CHECK(unit.name.starts_with("鲁山县"));
    }
}

TEST_CASE("a small county: every file is there, says who sent it, and has the dirt of real files") {
    TemporaryFolder folder;
    std::int64_t told = 0;
    const auto files = generate(small_county(), folder.path(), [&](const File&) -> Result<void> {
        ++told;
        return {};
    });
    REQUIRE(files.ok());
    CHECK(told == static_cast<std::int64_t>(files->size()));
    std::map<std::string, std::int64_t> rows;
    std::int64_t faulty = 0, lines = 0, date_cells = 0;
    std::set<std::string> formats;
    bool old_version = false, chinese_header = false, full_width = false;
    for (const File& file : *files) {
        rows[file.item] += file.rows;
        faulty += file.faulty;
        const ReadBack back = read_back(file.path);
        lines += static_cast<std::int64_t>(back.rows.size());
        date_cells += back.date_cells;
        formats.insert(back.format_zh);
        const std::set<std::string> header(back.header.begin(), back.header.end());
        old_version = old_version || header.contains("DFBM");
        chinese_header = chinese_header || header.contains("行政处罚决定书文号");
        full_width = full_width || back.has("４１０４２３");
    }
    CHECK(formats.size() >= 3);  // UTF-8, GB18030, XLSX
    CHECK(formats.contains("XLSX"));
    CHECK(date_cells > 1000);
    CHECK(lines == rows["registration"] + rows["permit"] + rows["penalty"]);
    CHECK(rows["registration"] > 2000);
    CHECK(rows["permit"] > 12'900);
    CHECK(rows["penalty"] > 4'900);
    CHECK(faulty > lines / 100);
    CHECK(faulty < lines * 3 / 100);
    CHECK(old_version);
    CHECK(chinese_header);
    CHECK(full_width);
}

TEST_CASE("the same seed gives the same bytes, another seed others") {
    TemporaryFolder a, b, c;
    Options other = small_county();
    other.seed = 8;
    const auto first = generate(small_county(), a.path()).value(),
               second = generate(small_county(), b.path()).value();
    const auto third = generate(other, c.path()).value();
    REQUIRE(first.size() == second.size());
    bool all_equal = true;
    for (std::size_t i = 0; i < first.size(); ++i) {
        CHECK(read_file(first[i].path).value() == read_file(second[i].path).value());
        all_equal = all_equal && read_file(first[i].path).value() == read_file(third[i].path).value();
    }
    CHECK_FALSE(all_equal);
}

TEST_CASE("clean rows for benchmarks have no dirt and no duplicate code") {
    TemporaryFolder folder;
    const auto file =
        write_clean_rows(small_county(), "registration", 5000, 5000, folder.path() / "rows.csv");
    REQUIRE(file.ok());
    CHECK(file->rows == 5000);
    CHECK(file->faulty == 0);
    std::set<std::string> codes;
    const std::string text = read_file(file->path).value();
    for (const std::string_view line : split(text, '\n')) {
        const auto cells = split(line, ',');
        if (cells.size() > 1 && subject::identify(cells[1]).valid) codes.insert(std::string(cells[1]));
    }
    CHECK(codes.size() == 5000);
}

TEST_CASE("an unwritable folder and a sink that refuses are told") {
    TemporaryFolder folder;
    CHECK(write_file(folder.path() / "file", "x").ok());
    const auto unwritable = generate(small_county(), folder.path() / "file" / "below");
    REQUIRE_FALSE(unwritable.ok());
    CHECK(unwritable.error().fault == Fault::file_unwritable);
    const auto refused = generate(small_county(), folder.path() / "a",
                                  [](const File&) -> Result<void> { return fail(Fault::not_found, "x"); });
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().fault == Fault::not_found);
}
