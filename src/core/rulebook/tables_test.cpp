// Calendar, divisions and industries, also against the reference data beside the project (skipped when
// absent).
#include <doctest/doctest.h>

#include <filesystem>
#include <map>
#include <set>

#include "base/file.h"
#include "base/text.h"
#include "rulebook/rulebook.h"

using namespace mingxin;
using namespace mingxin::rulebook;

namespace {

const Rulebook& real_rules() {
    static std::shared_ptr<const Rulebook> book = *Rulebook::load("rules");
    return *book;
}

Date day(std::string_view text) {
    return *parse_date(text);
}

bool absent(const std::filesystem::path& path) {
    if (std::filesystem::exists(path)) return false;
    MESSAGE("skipped: " << path.string() << " is not there");
    return true;
}

/// Rows of a CSV whose fields may be quoted but hold no quotes and no line breaks.
std::vector<std::vector<std::string>> csv_rows(const std::filesystem::path& path) {
    std::vector<std::vector<std::string>> rows;
    std::string content = *read_file(path);
    for (std::string_view line : split(content, '\n')) {
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty()) continue;
        std::vector<std::string> row(1);
        bool quoted = false;
        for (char c : line) {
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                row.emplace_back();
            } else {
                row.back() += c;
            }
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace

TEST_CASE("working days of rules 13, by the calendar in rules/") {
    const struct {
        const char* start;
        int days;
        const char* due;
    } table[] = {
        {"2026-02-12", 7, "2026-02-28"}, {"2026-02-13", 7, "2026-03-02"},  {"2026-04-30", 7, "2026-05-13"},
        {"2026-09-24", 7, "2026-10-12"}, {"2026-09-30", 7, "2026-10-15"},  {"2025-09-26", 7, "2025-10-13"},
        {"2025-01-24", 7, "2025-02-10"}, {"2026-02-13", 10, "2026-03-05"}, {"2026-02-13", 3, "2026-02-25"},
        {"2026-06-18", 1, "2026-06-22"}, {"2026-01-02", 1, "2026-01-04"},
    };
    const calendar::Calendar& calendar = real_rules().calendar();
    for (const auto& row : table) {
        CAPTURE(std::string(row.start));
        calendar::Due due = calendar.due(day(row.start), row.days);
        CHECK(due.date == day(row.due));
        CHECK_FALSE(due.provisional);
    }
    CHECK(calendar.is_known(day("2007-01-01")));
    CHECK(calendar.is_known(day("2026-12-31")));
    CHECK_FALSE(calendar.is_known(day("2027-01-01")));
    CHECK(calendar.due(day("2026-12-31"), 7).provisional);
}

TEST_CASE("the calendar agrees with holiday-cn on every day") {
    const std::filesystem::path file = "../shared/data/holidays-cn/holidays.csv";
    if (absent(file)) return;
    std::map<Date, bool> listed;
    for (const auto& row : csv_rows(file)) {
        if (row[0] != "date") listed[day(row[0])] = row[2] == "1";
    }
    REQUIRE(listed.size() == 678);
    int compared = 0, wrong = 0;
    Date first = std::min(day("2007-01-01"), listed.begin()->first);
    Date last = std::max(day("2026-12-31"), listed.rbegin()->first);
    for (Date date = first; date <= last; date = date.plus_days(1)) {
        auto found = listed.find(date);
        bool weekend = date.weekday() == 0 || date.weekday() == 6;
        bool works = found == listed.end() ? !weekend : !found->second;
        if (date.year() < 2007 && found == listed.end()) continue;
        ++compared;
        if (real_rules().calendar().is_working_day(date) != works) {
            ++wrong;
            MESSAGE("differs: " << date.to_string());
        }
    }
    CHECK(compared >= 7305);
    CHECK(wrong == 0);
}

TEST_CASE("divisions: today's, abolished ones, full names") {
    const Division* lushan = real_rules().division("410423");
    REQUIRE(lushan != nullptr);
    CHECK(lushan->full_name == "河南省平顶山市鲁山县");
    CHECK_FALSE(lushan->abolished);
    CHECK(real_rules().division("110101")->full_name == "北京市东城区");
    CHECK(real_rules().division("110103")->name == "崇文区");
    CHECK(real_rules().division("110103")->abolished);
    CHECK(real_rules().division("110221")->abolished);  // 昌平县, until 1999
    CHECK(real_rules().division("419001")->full_name == "河南省济源市");
    CHECK(real_rules().division("460001")->full_name == "海南省通什市");
    CHECK(real_rules().division("810000")->name == "香港特别行政区");
    CHECK(real_rules().division("999999") == nullptr);
    CHECK(real_rules().division("") == nullptr);
}

TEST_CASE("division codes and names agree with the ministry's lists") {
    const std::filesystem::path folder = "../shared/data/admin-divisions";
    if (absent(folder)) return;
    std::map<std::string, std::set<std::string>> names;
    std::set<std::string> recent, all;
    for (const auto& row : csv_rows(folder / "gb2260_history.csv")) {
        if (row[0] == "code") continue;
        names[row[0]].insert(row[1]);
        all.insert(row[0]);
        if (row[3] >= "200212") recent.insert(row[0]);
    }
    int known = 0, known_recent = 0, same_name = 0;
    for (const auto& [code, written] : names) {
        const Division* division = real_rules().division(code);
        if (division == nullptr) continue;
        ++known;
        known_recent += recent.contains(code) ? 1 : 0;
        same_name += written.contains(division->name) ? 1 : 0;
    }
    MESSAGE("codes known: " << known << " of " << all.size() << " since 1980, " << known_recent << " of "
                            << recent.size() << " since 2002-12; same name: " << same_name);
    CHECK(known_recent >= static_cast<int>(recent.size()) - 8);
    CHECK(known >= 4180);
    CHECK(same_name >= known - 20);
    // The statistics bureau's list of 2023 is known whole and under the same names.
    for (const auto& row : csv_rows(folder / "areas.csv")) {
        if (row[0] == "code") continue;
        CAPTURE(row[0]);
        const Division* division = real_rules().division(row[0]);
        REQUIRE(division != nullptr);
        CHECK(division->name == row[1]);
        CHECK_FALSE(division->abolished);
    }
}

TEST_CASE("industries: 20 sections, 97 divisions") {
    CHECK(real_rules().industry("A") == "农、林、牧、渔业");
    CHECK(real_rules().industry("97") == "国际组织");
    CHECK(real_rules().industry("98").empty());
    for (const char* code : {"C", "13", "1311", "C1311", "43"}) {
        CHECK(real_rules().industry_section(code) == "C");
    }
    CHECK(real_rules().industry_section("4700") == "E");
    for (const char* code : {"", "98", "Z1", "制造业", "1"}) {
        CHECK(real_rules().industry_section(code).empty());
    }
    const std::filesystem::path file = "../shared/data/industry-gbt4754-2017/gbt4754_2017.csv";
    if (absent(file)) return;
    int compared = 0;
    for (const auto& row : csv_rows(file)) {
        if (row[1] != "1" && row[1] != "2") continue;
        CAPTURE(row[0]);
        CHECK(real_rules().industry(row[0]) == row[4]);
        ++compared;
    }
    CHECK(compared == 117);
}
