// Every check of rules/checks/checks.yaml that a row alone decides: with a row that must get it, in the right
// cell, and rows next to it that must not. V13 to V15 and the columns need tables and files: collect's tests.
#include <algorithm>
#include <filesystem>
#include <random>
#include <set>

#include "base/file.h"
#include "quality/testing/rows.h"

using namespace mingxin;
using namespace mingxin::quality;
using namespace mingxin::quality::test;
using rulebook::Item;

namespace {

const std::string kSecret = "a secret of the tests";

UnitRegister units() {
    UnitRegister known;
    known.name_by_code[unit_code()] = kUnitName;
    known.code_by_name[kUnitName] = unit_code();
    return known;
}

/// A checker of one item whose file has a column for every field, except those named.
class Bench {
  public:
    Bench(const rulebook::Rulebook& book, std::string_view item_id, std::vector<std::string> without = {},
          FileTraits traits = {})
        : item(*book.item(item_id)),
          checker_(book, item, sources_of(item, without), units_, traits, kToday, as_bytes(kSecret)) {}

    const CheckedRow& check(const Row& row) {
        std::vector<Cell> cells;
        for (const rulebook::Field& field : item.fields) {
            const auto cell = row.find(field.code);
            const bool is_special = field.code == special_field;
            cells.push_back(cell == row.end() || cell->second.empty()
                                ? Cell{"", Cell::Kind::empty}
                                : Cell{cell->second, is_special ? special_kind : Cell::Kind::text});
        }
        checker_.check(cells, out_);
        return out_;
    }

    std::string value(std::string_view code) const {
        const int field = item.field_by_header(code);
        REQUIRE(field >= 0);
        return out_.values[field];
    }

    /// "V01@CF_WSH V06.date@CF_JDRQ", in alphabetical order.
    std::string findings() const {
        std::vector<std::string> list;
        for (const record::Finding& finding : out_.findings) {
            const bool marked = finding.field >= 0;
            list.push_back(finding.fault + "@" + (marked ? item.fields[finding.field].code : ""));
        }
        std::sort(list.begin(), list.end());
        std::string text;
        for (const std::string& one : list) text += (text.empty() ? "" : " ") + one;
        return text;
    }

    const Item& item;
    std::string special_field;  // its cell is of this kind, the others are texts
    Cell::Kind special_kind = Cell::Kind::text;

  private:
    static std::vector<Source> sources_of(const Item& item, const std::vector<std::string>& without) {
        std::vector<Source> sources(item.fields.size());
        for (std::size_t i = 0; i < sources.size(); ++i) {
            const bool lacks =
                std::find(without.begin(), without.end(), item.fields[i].code) != without.end();
            if (!lacks) sources[i].columns = {static_cast<int>(i)};
        }
        return sources;
    }

    const UnitRegister units_ = units();
    Checker checker_;
    CheckedRow out_;
};

void each_is_told(const std::vector<KnownFault>& table, bool rejected) {
    std::map<std::string, std::unique_ptr<Bench>> benches;
    for (const KnownFault& fault : table) {
        auto& bench = benches[fault.item];
        if (!bench) bench = std::make_unique<Bench>(*rules(), fault.item);
        CAPTURE(std::string(fault.item));
        CAPTURE(fault.changes);
        const CheckedRow& row = bench->check(changed(good_row(fault.item, 1), fault.changes));
        CHECK(bench->findings() == fault.findings);
        CHECK(row.rejected == rejected);
        for (const record::Finding& finding : row.findings) {
            CAPTURE(finding.fault);
            CHECK_FALSE(finding.message_zh.empty());
            CHECK_FALSE(finding.remedy_zh.empty());
            CHECK(finding.message_zh.find('{') == std::string::npos);
            CHECK(finding.remedy_zh.find('{') == std::string::npos);
            if (finding.field >= 0) {
                const bool names_field =
                    finding.message_zh.find(bench->item.fields[finding.field].name_zh) != std::string::npos;
                const bool of_person = finding.fault.starts_with("N0");
                CHECK((names_field || of_person));
            }
        }
    }
}

}  // namespace

TEST_CASE("each fault is told in its own cell, with message and remedy, and nothing else is") {
    each_is_told(rejections(), true);
}

TEST_CASE("what is only to be remarked does not reject") {
    each_is_told(remarks(), false);
}

TEST_CASE("the harmless neighbour of a fault gets nothing") {
    each_is_told(harmless(), false);
}

TEST_CASE("the good row of every item is good, with its severity and its days") {
    for (const auto& item : rules()->items()) {
        if (item->only_persons()) continue;
        CAPTURE(item->id);
        Bench bench(*rules(), item->id);
        const CheckedRow& row = bench.check(good_row(item->id, 1));
        CHECK(bench.findings() == "");
        CHECK_FALSE(row.rejected);
        CHECK(row.facts.start.has_value() == !item->defines_subject);
        CHECK((row.facts.severity > 0) == item->adverse);
        if (item->severity > 0) CHECK(row.facts.severity == item->severity);
    }
}

TEST_CASE("no check of the rulebook is without a row above") {
    // Decided by collect: the file's columns, what is held already, which subject it is.
    const std::set<std::string> elsewhere = {
        "V01.column",        "V01.column_absent", "V01.old_version", "V13.duplicate",
        "V13.update",        "V13.unproven",      "V13.withdrawn",   "V14",
        "V15.name_conflict", "V15.name_only"};
    // By tests of their own below.
    const std::set<std::string> alone = {"N01.certificate", "N03", "V11.cell"};
    std::set<std::string> told;
    for (const auto& table : {rejections(), remarks()}) {
        for (const KnownFault& fault : table) {
            for (std::string_view one : split(fault.findings, ' ')) {
                told.emplace(one.substr(0, one.find('@')));
            }
        }
    }
    for (const auto& item : rules()->items()) {
        for (const rulebook::CheckRule& check : item->checks) {
            if (elsewhere.contains(check.id) || alone.contains(check.id)) continue;
            CAPTURE(check.id);
            CHECK(told.contains(check.id));
        }
    }
}

TEST_CASE(
    "every mandatory field of every item: V01 when its cell is empty, V11.placeholder when it says nothing") {
    for (const auto& item : rules()->items()) {
        CAPTURE(item->id);
        Bench bench(*rules(), item->id);
        for (const rulebook::Field& field : item->fields) {
            if (field.requirement != rulebook::Requirement::mandatory) continue;
            if (field.default_field >= 0 || !field.default_value.empty()) continue;
            CAPTURE(field.code);
            for (const auto& [cell, fault] : {std::pair("", "V01@"), std::pair("——", "V11.placeholder@")}) {
                Row row = good_row(item->id, 1);
                row[field.code] = cell;
                CHECK(bench.check(row).rejected);
                CHECK(bench.findings().find(fault + field.code) != std::string::npos);
                CHECK(bench.value(field.code).empty());
            }
        }
    }
}

TEST_CASE("V11.cell: a formula without its result and an error value are no content, in any field") {
    Bench bench(*rules(), "registration");
    struct Case {
        Cell::Kind kind;
        const char *field, *text, *findings;
    };
    for (const Case& one :
         {Case{Cell::Kind::formula_without_value, "ENT_NAME", "=A1", "V11.cell@ENT_NAME"},
          Case{Cell::Kind::formula_without_value, "ADDRESS", "=A1&B1", "V11.cell@ADDRESS"},
          Case{Cell::Kind::error, "ADDRESS", "#REF!", "V11.cell@ADDRESS"},
          Case{Cell::Kind::error, "ENT_NAME", "#N/A", "V11.placeholder@ENT_NAME"},
          Case{Cell::Kind::error, "ADDRESS", "#N/A", ""}, Case{Cell::Kind::text, "ADDRESS", "#REF!", ""}}) {
        CAPTURE(one.text);
        bench.special_field = one.field;
        bench.special_kind = one.kind;
        Row row = good_row("registration", 1);
        row[one.field] = one.text;
        const CheckedRow& checked = bench.check(row);
        CHECK(bench.findings() == one.findings);
        CHECK(checked.rejected == (std::string_view(one.findings) != ""));
        if (checked.rejected) CHECK(bench.value(one.field).empty());
    }
}

TEST_CASE("N01: a natural person's row is refused with the article and no value of it remains") {
    Bench bench(*rules(), "penalty");
    const std::string number = person_number("19800101");
    const Row row = changed(penalty(1),
                            "CF_XDR_LB=自然人;CF_XDR_MC=王某某;CF_XDR_SHXYM=;CF_FRDB=;CF_XDR_ZJLX=身份证;"
                            "CF_XDR_ZJHM=" +
                                number);
    const CheckedRow& checked = bench.check(row);
    CHECK(checked.rejected);
    for (const std::string& value : checked.values) CHECK(value.empty());
    REQUIRE(checked.findings.size() == 1);
    CHECK(checked.findings[0].message_zh.find("个人信息保护法") != std::string::npos);
    CHECK(checked.findings[0].message_zh.find("第三十四条") != std::string::npos);
    CHECK(checked.findings[0].message_zh.find(number) == std::string::npos);
    CHECK(checked.findings[0].message_zh.find("王某某") == std::string::npos);

    SUBCASE("N01.certificate: a person's certificate where nothing says what the party is") {
        Bench without_type(*rules(), "penalty", {"CF_XDR_LB"});
        without_type.check(changed(row, "CF_XDR_LB="));
        CHECK(without_type.findings().find("N01.certificate@CF_XDR_ZJHM") != std::string::npos);
        without_type.check(changed(penalty(1), "CF_XDR_LB="));
        CHECK(without_type.findings() == "");
        CHECK(without_type.value("CF_XDR_LB") == "法人及非法人组织");
        without_type.check(changed(penalty(1), "CF_XDR_LB=;CF_XDR_SHXYM=" + code_of(5, "92")));
        CHECK(without_type.value("CF_XDR_LB") == "个体工商户");
    }
    SUBCASE("N02: eighteen on the day of the act, not on the day of the report") {
        const auto told = [&](std::string_view birth) {
            bench.check(changed(row, "CF_XDR_ZJHM=" + person_number(birth)));
            return bench.findings().find("N02@CF_XDR_ZJHM") != std::string::npos;
        };
        CHECK(told("20081013"));        // eighteen on the day after the decision of 2026-10-12
        CHECK_FALSE(told("20081012"));  // on the very day
        CHECK(told("20260101"));
    }
}

TEST_CASE("N03: simple procedure is not collected where the province says so") {
    TemporaryFolder folder;
    std::filesystem::copy("rules", folder.path() / "rules", std::filesystem::copy_options::recursive);
    const auto file = folder.path() / "rules/parameters.yaml";
    std::string text = *read_file(file);
    const std::size_t at = text.find("intake.reject_simple_org");
    const std::size_t value = text.find("value: false", at);
    REQUIRE(at != std::string::npos);
    REQUIRE(value < text.find('\n', at));
    text.replace(value, 12, "value: true ");
    REQUIRE(write_file(file, text).ok());
    auto shandong = rulebook::Rulebook::load(folder.path() / "rules");
    REQUIRE(shandong.ok());

    Bench here(*rules(), "penalty"), there(**shandong, "penalty");
    const struct {
        const char* changes;
        bool simple;
    } table[] = {
        {"CF_CFLB=警告;CF_NR_FK=", true},
        {"CF_CFLB=通报批评;CF_NR_FK=", true},
        {"CF_NR_FK=0.3", true},        // 3000 yuan, the ceiling itself
        {"CF_NR_FK=0.300001", false},  // one fen above it
        {"CF_CFLB=警告|罚款;CF_NR_FK=0.05", true},
        {"CF_CFLB=罚款|没收违法所得;CF_NR_FK=0.05;CF_NR_WFFF=0.01", false},
        {"CF_CFLB=责令停产停业;CF_NR_FK=", false},
    };
    for (const auto& row : table) {
        CAPTURE(std::string(row.changes));
        there.check(changed(penalty(1), row.changes));
        CHECK(there.findings() == (row.simple ? "N03@CF_CFLB" : ""));
        here.check(changed(penalty(1), row.changes));
        CHECK(here.findings() == "");
    }
}

TEST_CASE(
    "values are canonical: dates, fen, codes, kinds, and the certificate number only as a keyed digest") {
    Bench bench(*rules(), "penalty");
    const std::string number = person_number("19791231");
    bench.check(changed(penalty(1),
                        "CF_JDRQ=2026年9月1日;CF_YXQ=长期;CF_GSJZQ=46000;CF_NR_FK=12.3456;"
                        "CF_CFLB=没收违法所得、罚款；警告;CF_NR_WFFF=0.000001;CF_FR_ZJLX=居民身份证;"
                        "CF_FR_ZJHM=" +
                            number));
    CHECK(bench.value("CF_JDRQ") == "2026-09-01");
    CHECK(bench.value("CF_YXQ") == "2099-12-31");
    CHECK(bench.value("CF_NR_FK") == "12345600");
    CHECK(bench.value("CF_NR_WFFF") == "1");
    CHECK(bench.value("CF_CFLB") == "没收违法所得;罚款;警告");
    CHECK(bench.value("CF_FR_ZJLX") == "身份证");
    const std::string digest = bench.value("CF_FR_ZJHM");
    CHECK(digest.starts_with("hmac-sm3:"));
    CHECK(digest.size() == 9 + 64);
    CHECK(digest.find(number) == std::string::npos);
    // The same person has the same digest, another number another one.
    bench.check(changed(penalty(2), "CF_FR_ZJLX=身份证;CF_FR_ZJHM=" + number));
    CHECK(bench.value("CF_FR_ZJHM") == digest);
    bench.check(changed(penalty(2), "CF_FR_ZJLX=身份证;CF_FR_ZJHM=" + person_number("19791231", 3)));
    CHECK(bench.value("CF_FR_ZJHM") != digest);
}

TEST_CASE("facts: start, end and the class of Order 36, of several kinds the gravest") {
    Bench bench(*rules(), "penalty");
    const struct {
        const char* changes;
        int severity;
    } table[] = {
        {"", 2},
        {"CF_CFLB=警告;CF_NR_FK=", 1},
        {"CF_CFLB=警告|通报批评;CF_NR_FK=", 1},
        {"CF_NR_FK=0.3", 1},
        {"CF_NR_FK=0.300001", 2},
        {"CF_CFLB=警告|罚款;CF_NR_FK=0.3", 1},
        {"CF_CFLB=罚款|吊销许可证件;CF_NR_FK=0.1;CF_NR_ZKDX=许可证", 3},
        {"CF_CFLB=限制从业;CF_NR_FK=", 3},
        {"CF_CFLB=责令关闭;CF_NR_FK=", 2},
        {"CF_CFLB=其他-责令改正;CF_NR_FK=", 2},
    };
    for (const auto& row : table) {
        CAPTURE(std::string(row.changes));
        const CheckedRow& checked = bench.check(changed(penalty(1), row.changes));
        CHECK(bench.findings() == "");
        CHECK(checked.facts.severity == row.severity);
        CHECK(checked.facts.start == parse_date("2026-10-12"));
        CHECK(checked.facts.stated_end == parse_date("2027-10-12"));
        CHECK_FALSE(checked.facts.valid_to.has_value());  // 2099-12-31 is long-term
    }
    Bench permits(*rules(), "permit");
    const CheckedRow& checked = permits.check(permit(1));
    CHECK(checked.facts.severity == 0);
    CHECK(checked.facts.valid_to == parse_date("2031-10-11"));
}

TEST_CASE("older numbers: in the code's column they move to their own, and a name alone identifies nobody") {
    Bench bench(*rules(), "penalty");
    const std::string organisation = completed("MAX00009", subject::is_valid_orgcode);
    const CheckedRow& moved = bench.check(changed(penalty(1), "CF_XDR_SHXYM=" + organisation));
    CHECK_FALSE(moved.rejected);
    CHECK_FALSE(moved.name_only);
    CHECK(bench.value("CF_XDR_ZZJG") == organisation);
    CHECK(bench.value("CF_XDR_SHXYM") == "");
    CHECK(bench.check(changed(penalty(1), "CF_XDR_SHXYM=")).name_only);
    CHECK_FALSE(bench.check(penalty(1)).name_only);
    // A registration must have the code itself.
    Bench registrations(*rules(), "registration");
    CHECK(registrations.check(changed(registration(1), "USCC=" + organisation)).rejected);
    // The finding says what it is instead.
    CHECK(registrations.check(changed(registration(1), "USCC=" + organisation))
              .findings[0]
              .message_zh.find("组织机构代码") != std::string::npos);
}

TEST_CASE("the old template's states mean what they meant then") {
    Bench old(*rules(), "permit", {"XK_XDR_LB", "XK_XKWS", "XK_YXQZ"}, FileTraits{.old_version = true});
    const Row row = changed(permit(1), "XK_XDR_LB=;XK_XKWS=;XK_YXQZ=");
    const std::pair<const char*, const char*> states[] = {
        {"0", "有效"}, {"正常", "有效"}, {"1", "无效"}, {"撤销", "无效"}};
    for (const auto& [written, meant] : states) {
        CAPTURE(std::string(written));
        Row one = row;
        one["XK_ZT"] = written;
        CHECK_FALSE(old.check(one).rejected);
        CHECK(old.value("XK_ZT") == meant);
    }
    Row disputed = row;
    disputed["XK_ZT"] = "2";
    old.check(disputed);
    CHECK(old.findings() == "V10.choice@XK_ZT");
}

TEST_CASE("sixty faults among two hundred rows: all found, none false, and the corrected rows are clean") {
    std::mt19937 dice(20261120);
    std::vector<KnownFault> faults = rejections();
    std::erase_if(faults,
                  [](const KnownFault& fault) { return fault.changes.empty(); });  // no good neighbour
    REQUIRE(faults.size() >= 60);
    std::vector<int> chosen(faults.size());
    for (std::size_t i = 0; i < chosen.size(); ++i) chosen[i] = static_cast<int>(i);
    std::shuffle(chosen.begin(), chosen.end(), dice);
    chosen.resize(60);
    std::set<int> rows;
    while (rows.size() < 60) rows.insert(static_cast<int>(dice() % 200));
    std::map<std::string, std::unique_ptr<Bench>> benches;
    for (const auto& item : rules()->items()) benches[item->id] = std::make_unique<Bench>(*rules(), item->id);
    std::size_t next = 0;
    for (int n = 0; n < 200; ++n) {
        const char* const items[] = {"registration", "permit", "penalty"};
        const KnownFault none{items[dice() % 3], "", ""};
        const KnownFault& fault = rows.contains(n) ? faults[chosen[next++]] : none;
        CAPTURE(n);
        CAPTURE(fault.changes);
        Bench& bench = *benches[fault.item];
        CHECK(bench.check(changed(good_row(fault.item, n), fault.changes)).rejected ==
              !fault.findings.empty());
        CHECK(bench.findings() == fault.findings);
        CHECK_FALSE(bench.check(good_row(fault.item, n)).rejected);
        CHECK(bench.findings() == "");
    }
    CHECK(next == 60);
}

TEST_CASE("what is read back from the journal reads well without what only the row could tell") {
    for (const auto& item : rules()->items()) {
        for (const rulebook::CheckRule& check : item->checks) {
            record::Finding finding;
            finding.fault = check.id;
            finding.field = check.field;
            quality::fill_texts(*item, check.validity.from, finding);
            CAPTURE(finding.message_zh);
            REQUIRE_FALSE(finding.message_zh.empty());
            for (const char* wrong : {"{", "：。", "（）", "“”", "与规则不符", "规定周岁"}) {
                CHECK(finding.message_zh.find(wrong) == std::string::npos);
                CHECK(finding.remedy_zh.find(wrong) == std::string::npos);
            }
        }
    }
}
