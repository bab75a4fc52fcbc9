// Which column fills which field: headers by code, by Chinese name and by mapping file; missing and doubled
// ones.
#include "collect/columns.h"

#include <algorithm>

#include "base/file.h"
#include "quality/testing/rows.h"

using namespace mingxin;
using namespace mingxin::collect;
using quality::test::kToday;
using quality::test::rules;
using quality::test::unit_code;

namespace {

const SubmittingUnit kUnit{unit_code(), "鲁山县市场监督管理局"};

std::vector<std::string> codes_of(const rulebook::Item& item, bool names = false) {
    std::vector<std::string> header;
    for (const rulebook::Field& field : item.fields) header.push_back(names ? field.name_zh : field.code);
    return header;
}

std::vector<std::string> without(std::vector<std::string> header, std::initializer_list<const char*> codes) {
    for (const char* code : codes) header.erase(std::find(header.begin(), header.end(), code));
    return header;
}

Result<ColumnPlan> plan(std::string_view item, const std::vector<std::string>& header,
                        const std::optional<Mapping>& mapping = {}) {
    return plan_columns(*rules()->item(item), header, mapping, kUnit, kToday);
}

Result<Mapping> mapping_of(std::string_view item, std::string_view yaml) {
    TemporaryFolder folder;
    REQUIRE(write_file(folder.path() / "map.yaml", yaml).ok());
    return read_mapping(folder.path() / "map.yaml", *rules()->item(item));
}

int field(std::string_view item, std::string_view code) {
    const int index = rules()->item(item)->field_by_header(code);
    REQUIRE(index >= 0);
    return index;
}

bool any_with(const std::vector<std::string>& notes, std::string_view text) {
    return std::any_of(notes.begin(), notes.end(),
                       [&](const std::string& note) { return note.find(text) != std::string::npos; });
}

}  // namespace

TEST_CASE("each field is found by its code and by its Chinese name") {
    for (const auto& item : rules()->items()) {
        CAPTURE(item->id);
        for (bool names : {false, true}) {
            const auto found = plan(item->id, codes_of(*item, names));
            REQUIRE(found.ok());
            CHECK_FALSE(found->old_version);
            for (std::size_t i = 0; i < item->fields.size(); ++i) {
                CHECK(found->sources[i].columns == std::vector<int>{static_cast<int>(i)});
                CHECK(found->field_of_column[i] == static_cast<int>(i));
            }
        }
    }
}

TEST_CASE("V01.column: a mandatory column that nothing can stand in for refuses the file, each named once") {
    const rulebook::Item& item = *rules()->item("penalty");
    const auto refused = plan("penalty", without(codes_of(item), {"CF_WFXW", "CF_YXQ"}));
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().fault == Fault::columns_missing);
    CHECK(refused.error().detail_zh.find("违法行为类型") != std::string::npos);
    CHECK(refused.error().detail_zh.find("处罚有效期") != std::string::npos);
    CHECK(refused.error().detail_zh.find("处罚内容") == std::string::npos);
    CHECK(refused.error().detail_zh.find("请在表头补上") != std::string::npos);
    CHECK_FALSE(plan("registration", without(codes_of(*rules()->item("registration")), {"USCC"})).ok());
}

TEST_CASE("V01.column_absent: a column that may lack is told once, and what is known of the unit fills it") {
    const rulebook::Item& item = *rules()->item("penalty");
    const auto found = plan("penalty", without(codes_of(item), {"CF_FRDB", "CF_SJLY", "CF_SJLYDM", "BZ"}));
    REQUIRE(found.ok());
    CHECK(any_with(found->notes_zh, "法定代表人"));
    CHECK_FALSE(any_with(found->notes_zh, "备注"));  // optional
    CHECK(found->sources[field("penalty", "CF_SJLY")].constant == kUnit.name);
    CHECK(found->sources[field("penalty", "CF_SJLYDM")].constant == kUnit.code);
}

TEST_CASE("V01.old_version: the header of 2015 is told and read") {
    const auto found = plan(
        "penalty", {"CF_WSH",    "CF_AJMC",      "CF_CFLB1",   "CF_CFLB2",    "CF_SY",       "CF_YJ",
                    "CF_XDR_MC", "CF_XDR_SHXYM", "CF_XDR_ZDM", "CF_XDR_GSDJ", "CF_XDR_SWDJ", "CF_XDR_SFZ",
                    "CF_FR",     "CF_JG",        "CF_JDRQ",    "CF_XZJG",     "CF_ZT",       "DFBM",
                    "SJC",       "BZ",           "CF_SYFW",    "CF_GSJZQ"});
    REQUIRE(found.ok());
    CHECK(found->old_version);
    CHECK(any_with(found->notes_zh, "2015年版"));
    CHECK(found->sources[field("penalty", "CF_CFLB")].columns == std::vector<int>{2, 3});
    CHECK(found->sources[field("penalty", "CF_NR")].columns == std::vector<int>{13});
    CHECK(found->sources[field("penalty", "CF_XDR_ZJHM")].columns == std::vector<int>{11});
    CHECK(found->sources[field("penalty", "CF_XDR_ZZJG")].columns == std::vector<int>{8});
    CHECK(any_with(found->notes_zh, "SJC"));  // not of the catalogue
    // With the new column the old one's name is no more than an alias.
    CHECK_FALSE(rules()->item("penalty")->is_old_version({"CF_XDR_LB", "CF_XDR_MC", "CF_CFLB"}));
}

TEST_CASE("two columns for one field: refused, except for a set") {
    std::vector<std::string> header = codes_of(*rules()->item("penalty"));
    header.push_back("行政处罚决定书文号");
    CHECK(plan("penalty", header).error().fault == Fault::column_twice);
    header.back() = "处罚种类";
    const auto found = plan("penalty", header);
    REQUIRE(found.ok());
    CHECK(found->sources[field("penalty", "CF_CFLB")].columns.size() == 2);
}

TEST_CASE("amounts under a header in yuan are yuan") {
    std::vector<std::string> header = codes_of(*rules()->item("penalty"), true);
    for (std::string& name : header) {
        if (name == "罚款金额(万元)") name = "罚款金额（元）";
    }
    const auto found = plan("penalty", header);
    REQUIRE(found.ok());
    CHECK(found->sources[field("penalty", "CF_NR_FK")].money_in_yuan);
    CHECK_FALSE(found->sources[field("penalty", "CF_NR_WFFF")].money_in_yuan);
}

TEST_CASE("a mapping file: columns, several fields from one, constants") {
    const auto mapping = mapping_of("penalty",
                                    "columns:\n"
                                    "  企业名字: CF_XDR_MC\n"
                                    "  处理:\n"
                                    "    - CF_NR\n"
                                    "    - {field: CF_NR_FK, read: fine_in_text}\n"
                                    "  金额: {field: CF_NR_WFFF, unit: yuan}\n"
                                    "constants:\n"
                                    "  CF_CFJG: 鲁山县环境保护局\n");
    REQUIRE(mapping.ok());
    std::vector<std::string> header = without(codes_of(*rules()->item("penalty")),
                                              {"CF_XDR_MC", "CF_NR", "CF_NR_FK", "CF_NR_WFFF", "CF_CFJG"});
    const int first = static_cast<int>(header.size());
    header.insert(header.end(), {"企业名字", "处理", "金额"});
    const auto found = plan("penalty", header, *mapping);
    REQUIRE(found.ok());
    const auto& sources = found->sources;
    CHECK(sources[field("penalty", "CF_XDR_MC")].columns == std::vector<int>{first});
    CHECK(sources[field("penalty", "CF_NR")].columns == std::vector<int>{first + 1});
    CHECK(sources[field("penalty", "CF_NR_FK")].columns == std::vector<int>{first + 1});
    CHECK(sources[field("penalty", "CF_NR_FK")].read == quality::Source::Read::fine_in_text);
    CHECK(sources[field("penalty", "CF_NR")].read == quality::Source::Read::cell);
    CHECK(sources[field("penalty", "CF_NR_WFFF")].money_in_yuan);
    CHECK(sources[field("penalty", "CF_CFJG")].constant == "鲁山县环境保护局");
}

TEST_CASE("a mapping file with a fault is refused with line and remedy") {
    const struct {
        const char* yaml;
        const char* told;
    } table[] = {
        {"columns:\n  甲: CF_NIX\n", "第2行"},
        {"columns:\n  甲: CF_NIX\n", "CF_NIX"},
        {"colums:\n  甲: CF_WSH\n", "colums"},
        {"columns: [CF_WSH]\n", "columns"},
        {"- a\n- b\n", "columns"},
        {"", "columns"},
        {"columns:\n  甲: {field: CF_NR_FK, unit: dollar}\n", "unit: dollar"},
        {"columns:\n  甲: {field: CF_NR_FK, read: stars}\n", "read: stars"},
        {"columns:\n  甲: {feld: CF_NR_FK}\n", "feld"},
        {"constants:\n  CF_NIX: 1\n", "CF_NIX"},
        {"columns:\n  甲: [CF_WSH\n", "YAML"},
        {"columns:\n\t甲: CF_WSH\n", "YAML"},
        {"columns:\n  甲: {field: [CF_WSH]}\n", "第2行"},
        {"columns:\n  甲: {[a]: b}\n", "第2行"},
        {"constants:\n  CF_WSH: [1]\n", "第2行"},
        {"columns:\n  甲: {}\n", "第2行"},
    };
    for (const auto& row : table) {
        CAPTURE(std::string(row.yaml));
        const auto mapping = mapping_of("penalty", row.yaml);
        REQUIRE_FALSE(mapping.ok());
        CHECK(mapping.error().fault == Fault::mapping_broken);
        CHECK(mapping.error().message_zh().find(row.told) != std::string::npos);
    }
}

TEST_CASE("a mapping that names a column which the file lacks leaves its mandatory field missing") {
    const auto mapping = mapping_of("penalty", "columns:\n  没有的列: CF_WSH\n");
    REQUIRE(mapping.ok());
    const auto refused = plan("penalty", without(codes_of(*rules()->item("penalty")), {"CF_WSH"}), *mapping);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().fault == Fault::columns_missing);
}
