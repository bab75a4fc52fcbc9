// Every kind of mistake in a rules folder is named with file and line, and stops the load.
#include <doctest/doctest.h>

#include "base/file.h"
#include "rulebook/parameters.h"
#include "rulebook/rulebook.h"

using namespace mingxin;
using namespace mingxin::rulebook;

namespace {

/// What every item says of itself in the catalogue.
const std::string kCatalogueEntry =
    "    about_zh: 事\n    provider_zh: 某局\n    sharing: open\n    update_cycle: daily\n";

/// The least that loads: one item, one check, one of everything else.
void write_small_rules(const std::filesystem::path& folder) {
    std::string parameters = "parameters:\n";
    for (std::string_view id : kParameterIds) {
        parameters += "  - {id: " + std::string(id) +
                      ", title_zh: 参数, value: 5, basis: {document: law}, valid_from: 2020-01-01}\n";
    }
    const std::pair<const char*, std::string> files[] = {
        {"documents.yaml", "documents:\n  - {id: law, title_zh: 某法, valid_from: 2020-01-01}\n"},
        {"parameters.yaml", parameters},
        {"domain.yaml",
         "domains:\n"
         "  - id: kinds\n"
         "    title_zh: 类别\n"
         "    basis: {document: law}\n"
         "    valid_from: 2020-01-01\n"
         "    values: [{value: 警告, code: \"1\", group: warning}, {value: 罚款, code: \"2\", group: "
         "fine}]\n"},
        {"item.yaml",
         "items:\n"
         "  - id: thing\n"
         "    number: 1\n"
         "    title_zh: 事项\n"
         "    class: sort\n"
         "    section: basic\n"
         "    basis: {document: law}\n"
         "    valid_from: 2020-01-01\n"
         "    publicity: things\n"
         "    key_fields: [NO]\n"
         "    fields:\n"
         "      - {code: NO, name_zh: 文号, role: document_no, requirement: mandatory, length: [1, 10]}\n"
         "      - {code: KIND, name_zh: 类别, type: set, role: kind, domain: kinds}\n"
         "      - {code: DAY, name_zh: 日期, type: date, role: decision_date}\n" +
             kCatalogueEntry},
        {"edition.yaml", "edition: {title_zh: 一版, basis: {document: law}}\n"},
        {"classes.yaml",
         "classes:\n  - {id: sort, number: 1, title_zh: 类, basis: {document: law}, valid_from: "
         "2020-01-01}\n"},
        {"check.yaml",
         "checks:\n"
         "  - id: C1\n"
         "    title_zh: 检查\n"
         "    on: {thing: [NO]}\n"
         "    when: {has_group: [kind, fine]}\n"
         "    holds: {present: self}\n"
         "    effect: reject\n"
         "    message_zh: \"{field}\"\n"
         "    remedy_zh: 补填\n"
         "    basis: {document: law}\n"
         "    valid_from: 2020-01-01\n"},
        {"publicity.yaml",
         "publicity:\n"
         "  - {id: t1, set: things, severity: 2, title_zh: 期限, min_months: 3, max_months: 12, start: "
         "decision_date, basis: {document: law}, valid_from: 2020-01-01}\n"},
        {"calendar.yaml",
         "calendar:\n  - {year: 2024, title_zh: 通知, off: [2024-01-01], work: [2024-02-04]}\n"},
        {"report.yaml",
         "report:\n  title_zh: 报告\n  empty_zh: 无\n  sections: [{id: basic, title_zh: 一}]\n"
         "  explanation_zh: [甲]\n  disclaimer_zh: [乙]\n  basis: {document: law}\n"},
    };
    for (const auto& [name, content] : files) REQUIRE(write_file(folder / name, content).ok());
}

/// The problems of the small rules with one more file.
std::string problems_with(const std::string& name, const std::string& content) {
    TemporaryFolder folder;
    write_small_rules(folder.path());
    REQUIRE(write_file(folder.path() / name, content).ok());
    auto loaded = Rulebook::load(folder.path());
    if (loaded.ok()) return "";
    CHECK(loaded.error().fault == Fault::rulebook_broken);
    return loaded.error().detail_zh;
}

struct Broken {
    std::string what;
    std::string content;
    const char* expected;  // one line of the report
};

/// A check with one line put in place of the line that begins with key.
std::string check_with(const std::string& key, const std::string& line) {
    const std::pair<const char*, const char*> lines[] = {
        {"id", "  - id: C2"},
        {"title_zh", "    title_zh: 检查"},
        {"on", "    on: {thing: [NO]}"},
        {"holds", "    holds: {present: self}"},
        {"effect", "    effect: reject"},
        {"message_zh", "    message_zh: 有误"},
        {"remedy_zh", "    remedy_zh: 补填"},
        {"basis", "    basis: {document: law}"},
        {"valid_from", "    valid_from: 2020-01-01"},
    };
    std::string text = "checks:\n";
    for (const auto& [name, standard] : lines) text += (name == key ? line : std::string(standard)) + "\n";
    return text;
}

std::string holds(const std::string& predicate) {
    return check_with("holds", "    holds: " + predicate);
}

/// An item with these fields; its first field is in line 12.
std::string item_with(const std::string& fields, const std::string& key = "NO") {
    return "items:\n  - id: other\n    number: 2\n    title_zh: 事项\n    class: sort\n    section: basic\n"
           "    basis: {document: law}\n    valid_from: 2020-01-01\n    publicity: things\n    key_fields: "
           "[" +
           key + "]\n    fields:\n" + fields + kCatalogueEntry;
}

std::string replaced(std::string text, const std::string& old, const std::string& with) {
    return text.replace(text.find(old), old.size(), with);
}

std::string term(const std::string& rest) {
    return "publicity:\n  - {id: t2, set: things, title_zh: 期限, start: decision_date, basis: {document: "
           "law}, " +
           rest + "}\n";
}

std::string parameter(const std::string& rest) {
    return "parameters:\n  - {title_zh: 参数, value: 1, basis: {document: law}, " + rest + "}\n";
}

void check_all(const std::vector<Broken>& table, const std::string& name = "x.yaml") {
    for (const Broken& broken : table) {
        CAPTURE(broken.what);
        std::string problems = problems_with(name, broken.content);
        CAPTURE(problems);
        bool found =
            ("\n" + problems + "\n").find("\n" + std::string(broken.expected) + "\n") != std::string::npos;
        CHECK_MESSAGE(found, broken.expected);
    }
}

}  // namespace

TEST_CASE("the small rules load, and what they say arrives") {
    TemporaryFolder folder;
    write_small_rules(folder.path());
    auto loaded = Rulebook::load(folder.path());
    REQUIRE_MESSAGE(loaded.ok(), loaded.error().detail_zh);
    const Item& item = *(*loaded)->item("thing");
    CHECK(item.fields.size() == 3);
    CHECK(item.fields[0].absent == Absent::refuse);
    CHECK(item.field_by_header("文 号＊：") == 0);
    REQUIRE(item.checks.size() == 1);
    const CheckRule& check = item.checks[0];
    CHECK(check.field == 0);
    CHECK(check.when.op == Predicate::Op::has_group);
    CHECK(check.when.field == 1);
    CHECK(check.when.values == std::vector<std::string>{"fine"});
    CHECK(check.holds.op == Predicate::Op::present);
    CHECK(check.holds.field == 0);
    CHECK(check.basis.text_zh() == "某法");
    CHECK((*loaded)->rules().size() == 7 + std::size(kParameterIds) - 1);
}

TEST_CASE("pass 1: shape of files and entries") {
    check_all({
        {"not YAML", "items: [\n", "x.yaml:2: 不是正确的YAML：end of sequence flow not found"},
        {"empty", "", "x.yaml:1: 文件是空的"},
        {"a list on top", "- a\n", "x.yaml:1: 最外层应为键值组"},
        {"two documents", "roles: []\n---\nroles: []\n", "x.yaml:1: 一个文件只能有一个YAML文档"},
        {"anchor", "roles:\n  - &a {id: r}\n", "x.yaml:2: 不支持锚点（&）"},
        {"alias", "roles: &a []\nitems: *a\n", "x.yaml:2: 不支持别名（*）"},
        {"tag", "roles: !!python/object []\n", "x.yaml:1: 不支持标签（!）"},
        {"duplicate key", "roles: []\nroles: []\n", "x.yaml:2: 键 roles 重复"},
        {"not UTF-8", "roles: \xff\n", "x.yaml:1: 不是UTF-8编码"},
        {"unknown section", "\nwishes: []\n", "x.yaml:2: 不认识的部分 wishes"},
        {"section of the wrong form", "roles: {a: b}\n", "x.yaml:1: roles 的形式不对"},
        {"entry that is no map", "roles:\n  - word\n", "x.yaml:2: 应为键值组"},
        {"unknown key", check_with("effect", "    effect: reject\n    colour: red"),
         "x.yaml:7: C2 不认识的键 colour"},
        {"missing key", check_with("effect", ""), "x.yaml:2: C2 缺少 effect"},
        {"empty text", check_with("title_zh", "    title_zh: \" \""), "x.yaml:3: C2 title_zh 应为文字"},
        {"bad day", check_with("valid_from", "    valid_from: 2026-02-30"),
         "x.yaml:10: C2 valid_from 应为真实存在的日期，如 2026-04-01"},
        {"bad inner key", check_with("basis", "    basis: {document: law, page: 3}"),
         "x.yaml:9: C2 不认识的键 page"},
        {"validity reversed",
         check_with("valid_from", "    valid_from: 2020-01-02\n    valid_to: 2020-01-01"),
         "x.yaml:2: C2 valid_to 早于 valid_from"},
        {"number that is none",
         replaced(item_with("      - {code: NO, name_zh: 文号}\n"), "number: 2", "number: x"),
         "x.yaml:3: other number 应为整数"},
    });
    CHECK(problems_with("x.yaml", std::string(200, '[')).find("x.yaml:1: ") == 0);
}

TEST_CASE("pass 1: ids and validities over all files") {
    check_all({
        {"id of another kind", check_with("id", "  - id: thing"),
         "x.yaml:2: thing 编号重复，已用于 item.yaml:2"},
        {"id twice", "documents:\n  - {id: law, title_zh: 又, valid_from: 2020-01-01}\n",
         "x.yaml:2: law 编号重复，已用于 documents.yaml:2"},
        {"overlapping versions", check_with("id", "  - id: C1"),
         "x.yaml:2: C1 有效期与 check.yaml:2 的同一编号重叠"},
        {"report twice", "report: {}\n", "x.yaml:1: report 只能出现一次"},
    });
    // All problems of a pass are reported at once.
    std::string both = problems_with("x.yaml", "wishes: []\ndreams: []\n");
    CHECK(both == "x.yaml:1: 不认识的部分 wishes\nx.yaml:2: 不认识的部分 dreams");
}

TEST_CASE("pass 2: references of checks and predicates") {
    check_all({
        {"document", check_with("basis", "    basis: {document: bible}"),
         "x.yaml:9: C2 依据的文件 bible 未在 documents 中列出"},
        {"item", check_with("on", "    on: {thong: [NO]}"), "x.yaml:4: C2 事项 thong 不存在"},
        {"field", check_with("on", "    on: {thing: [NUMBER]}"),
         "x.yaml:4: C2 事项 thing 没有字段或角色 NUMBER"},
        {"role that the item lacks", check_with("on", "    on: {thing: [fine]}"),
         "x.yaml:4: C2 事项 thing 没有字段或角色 fine"},
        {"form of on", check_with("on", "    on: everywhere"),
         "x.yaml:4: C2 on 应为 {事项: [字段] 或 row}，事项为 each 时指具备所列字段的各事项"},
        {"field that no item has", check_with("on", "    on: {each: [NO, NUMBER]}"),
         "x.yaml:4: C2 事项 thing 没有字段或角色 NUMBER"},
        {"condition that no item meets",
         replaced(check_with("on", "    on: {each: [NO]}"), "present: self", "equals: [fine, a]"),
         "x.yaml:5: C2 事项 thing 没有字段或角色 fine"},
        {"algorithm", check_with("holds", "    algorithm: magic"), "x.yaml:5: C2 算法 magic 不存在"},
        {"neither", check_with("holds", "    when: {always: true}"), "x.yaml:2: C2 需要 algorithm 或 holds"},
        {"effect", check_with("effect", "    effect: ignore"),
         "x.yaml:6: C2 effect 应为 reject、doubtful、warn 或 repair"},
        {"placeholder", check_with("message_zh", "    message_zh: \"{colour}\""),
         "x.yaml:7: C2 message_zh 中的 {colour} 不认识"},
        {"self of a row", check_with("on", "    on: {thing: row}"),
         "x.yaml:5: C2 事项 thing 没有字段或角色 self"},
        {"two keys", holds("{present: NO, empty: NO}"),
         "x.yaml:5: C2 条件应为一个键：all any none present empty equals in has_group before_or_on "
         "starts_with"},
        {"empty list", holds("{all: []}"), "x.yaml:5: C2 应为条件的列表"},
        {"one operand", holds("{equals: [NO]}"), "x.yaml:5: C2 应为 [字段, 值]"},
        {"two values", holds("{equals: [NO, a, b]}"), "x.yaml:5: C2 应为 [字段, 值]"},
        {"flat in", holds("{in: [NO, a]}"), "x.yaml:5: C2 应为 [字段, 值] 或 in: [字段, [值]]"},
        {"value out of the list", holds("{equals: [KIND, 拘留]}"), "x.yaml:5: C2 值域 kinds 没有 拘留"},
        {"code instead of value", holds("{in: [KIND, [\"1\"]]}"), "x.yaml:5: C2 值域 kinds 没有 1"},
        {"group", holds("{has_group: [KIND, gift]}"), "x.yaml:5: C2 值域 kinds 没有 gift"},
        {"group of a text", holds("{has_group: [NO, fine]}"), "x.yaml:5: C2 NO 没有值域"},
        {"date", holds("{before_or_on: [NO, today]}"), "x.yaml:5: C2 NO 不是日期"},
        {"always false", holds("{always: false}"), "x.yaml:5: C2 always 只能为 true"},
    });
}

TEST_CASE("pass 2: items, domains and parameters") {
    const std::string no = "      - {code: NO, name_zh: 文号}\n";
    check_all({
        {"domain", item_with(no + "      - {code: K, name_zh: 类, type: set, domain: colours}\n"),
         "x.yaml:13: other 值域 colours 不存在"},
        {"domain missing", item_with(no + "      - {code: K, name_zh: 类, type: set}\n"),
         "x.yaml:13: other K：enumeration 和 set 必须有 domain，其他类型不得有"},
        {"type", item_with("      - {code: NO, name_zh: 文号, type: blob}\n"),
         "x.yaml:12: other type 的取值 blob 不认识"},
        {"role", item_with("      - {code: NO, name_zh: 文号, role: king}\n"),
         "x.yaml:12: other role 的取值 king 不认识"},
        {"role twice",
         item_with(
             "      - {code: NO, name_zh: 文号, role: kind}\n      - {code: K, name_zh: 类, role: kind}\n"),
         "x.yaml:13: other K：角色已属于 NO"},
        {"header twice", item_with(no + "      - {code: K, name_zh: 类, aliases: [文　号]}\n"),
         "x.yaml:13: other 表头 文　号 已属于 NO"},
        {"length", item_with("      - {code: NO, name_zh: 文号, length: [9, 3]}\n"),
         "x.yaml:12: other length 应为 [最少, 最多]"},
        {"default missing", item_with("      - {code: NO, name_zh: 文号, absent: value}\n"),
         "x.yaml:12: other NO：absent: value 需要 default"},
        {"default out of the list",
         item_with(no + "      - {code: K, name_zh: 类, type: set, domain: kinds, default: 拘留}\n"),
         "x.yaml:13: other K：default 不在值域中"},
        {"default from", item_with("      - {code: NO, name_zh: 文号, default_from: N2}\n"),
         "x.yaml:12: other 没有字段 N2"},
        {"key field", item_with(no, "N2"), "x.yaml:10: other 没有字段 N2"},
        {"key without document",
         replaced(item_with(no), "    fields:", "    key_without_document: [N2]\n    fields:"),
         "x.yaml:11: other 没有字段 N2"},
        {"class", replaced(item_with(no), "sort", "none"), "x.yaml:5: other 目录没有类别 none"},
        {"sharing", replaced(item_with(no), "sharing: open", "sharing: all"),
         "x.yaml:15: other sharing 的取值 all 不认识"},
        {"kind of subject", item_with(no) + "    subject_kinds: [gods]\n",
         "x.yaml:17: other subject_kinds 的取值 gods 不认识"},
        {"severity of what is not negative", item_with(no) + "    severity: 2\n",
         "x.yaml:2: other severity 应为 1 至 3，且只用于不利信息（adverse: true）"},
        {"field set", item_with(no + "      - {use: crowd}\n"), "x.yaml:13: other 字段组 crowd 不存在"},
        {"field without a name", item_with(no + "      - {code: K}\n"),
         "x.yaml:13: other 缺少 code 或 name_zh"},
        {"heading", item_with(no) + "    heading: K\n", "x.yaml:17: other 没有字段 K"},
        {"number of a class",
         "classes:\n  - {id: c2, number: 1, title_zh: 类, basis: {document: law}, valid_from: 2020-01-01}\n",
         "x.yaml:2: c2 number 应为未用过的正整数"},
        {"report section", replaced(item_with(no), "basic", "crime"), "x.yaml:6: other 报告没有 crime 部分"},
        {"publicity set", replaced(item_with(no), "things", "nowhere"),
         "x.yaml:9: other 公示规则 nowhere 不存在"},
        {"number taken", replaced(item_with(no), "number: 2", "number: 1"),
         "x.yaml:3: other number 应为未用过的正整数"},
        {"spelling of two values",
         "domains:\n  - id: d\n    title_zh: 类\n    basis: {document: law}\n    valid_from: 2020-01-01\n"
         "    values:\n      - {value: 甲}\n      - {value: 乙, aliases: [甲]}\n",
         "x.yaml:8: d 甲 已属于 甲"},
        {"severity",
         "domains:\n  - id: d\n    title_zh: 类\n    basis: {document: law}\n    valid_from: 2020-01-01\n"
         "    values: [{value: 甲, severity: 4}]\n",
         "x.yaml:6: d severity 应为 0 至 3"},
        {"parameter reference",
         "domains:\n  - id: d\n    title_zh: 类\n    basis: {document: law}\n    valid_from: 2020-01-01\n"
         "    values: [{value: 甲, severity: {parameter: p}}]\n",
         "x.yaml:6: d 参数 p 不存在"},
        {"parameter that ends", parameter("id: p, valid_from: 2020-01-01, valid_to: 2020-12-31"),
         "x.yaml:2: p 参数的最后版本不得有 valid_to"},
        {"parameter with a gap",
         parameter("id: p, valid_from: 2020-01-01, valid_to: 2020-12-31") +
             "  - {id: p, title_zh: 参数, value: 2, basis: {document: law}, valid_from: 2021-01-02}\n",
         "x.yaml:3: p 参数各版本的有效期之间有间隔"},
    });
}

TEST_CASE("pass 2: publicity, calendar, tables, roles") {
    check_all({
        {"endless", term("severity: 1, valid_from: 2020-01-01"), "x.yaml:2: t2 不利信息必须有最长公示期"},
        {"over the ceiling", term("severity: 1, max_months: 61, valid_from: 2020-01-01"),
         "x.yaml:2: t2 最长公示期超过条例规定的上限"},
        {"least over most", term("severity: 1, min_months: 4, max_months: 3, valid_from: 2020-01-01"),
         "x.yaml:2: t2 最短公示期长于最长公示期"},
        {"two for one day", term("severity: 2, max_months: 3, valid_from: 2021-01-01"),
         "x.yaml:2: t2 与 t1 的有效期重叠"},
        {"severity of a term", term("severity: 4, max_months: 3, valid_from: 2020-01-01"),
         "x.yaml:2: t2 severity 应为 0 至 3"},
        {"start",
         "publicity:\n  - {id: t2, set: s, title_zh: 期, start: birthday, basis: {document: law}, "
         "valid_from: 2020-01-01}\n",
         "x.yaml:2: t2 start 应为 decision_date、valid_from 或 established"},
        {"gap of years", "calendar:\n  - {year: 2026, title_zh: 通知, off: [], work: []}\n",
         "x.yaml:2: 年份不连续"},
        {"year twice", "calendar:\n  - {year: 2024, title_zh: 通知, off: [], work: []}\n",
         "x.yaml:2: 年份重复"},
        {"contradiction", "calendar:\n  - {year: 2025, title_zh: 通知, off: [], work: [2024-01-01]}\n",
         "x.yaml:2: 2024-01-01 前后矛盾"},
        {"far day", "calendar:\n  - {year: 2025, title_zh: 通知, off: [2029-01-01], work: []}\n",
         "x.yaml:2: 日期不属于该年通知"},
        {"table file", "divisions: {file: no.csv, title_zh: 区划, source: 无, basis: {document: law}}\n",
         "x.yaml:1: 没有这个文件"},
        {"permission",
         "roles:\n  - {id: r, title_zh: 员, permissions: [fly], basis: {document: law}, valid_from: "
         "2020-01-01}\n",
         "x.yaml:2: r 权限 fly 不存在"},
    });
    const std::string table =
        "divisions: {file: d.csv, title_zh: 区划, source: 无, basis: {document: law}}\n";
    const std::pair<const char*, const char*> tables[] = {
        {"code;name\n", "d.csv:1: 表头应为 code,name,abolished"},
        {"code,name,abolished\n410423,鲁山县\n", "d.csv:2: 列数不对"},
        {"code,name,abolished\n41042X,鲁山县,0\n", "d.csv:2: 区划代码应为六位数字并有名称"},
        {"code,name,abolished\n410423,鲁山县,0\n410423,鲁山县,0\n", "d.csv:3: 区划代码重复"},
    };
    for (const auto& [content, expected] : tables) {
        TemporaryFolder folder;
        write_small_rules(folder.path());
        REQUIRE(write_file(folder.path() / "x.yaml", table).ok());
        REQUIRE(write_file(folder.path() / "d.csv", content).ok());
        auto loaded = Rulebook::load(folder.path());
        REQUIRE(!loaded.ok());
        CHECK(loaded.error().detail_zh == expected);
    }
}

TEST_CASE("pass 2: words, and of which personal data they tell") {
    const auto rule = [](const std::string& rest) {
        return "words:\n  - id: P1\n    title_zh: 词\n    effect: warn\n    reason_zh: 因\n    remedy_zh: "
               "改\n"
               "    basis: {document: law}\n    valid_from: 2020-01-01\n" +
               rest;
    };
    check_all({
        {"neither words nor a kind", rule(""), "x.yaml:2: P1 应有 words 或 personal"},
        {"a kind that is none", rule("    personal: name\n"), "x.yaml:9: P1 个人信息种类 name 不存在"},
        {"a kind without its form", rule("    personal: minor\n"), "x.yaml:9: P1 个人信息种类 minor 不存在"},
        {"a form that is none", rule("    personal: minor\n    form: shoe\n"),
         "x.yaml:9: P1 个人信息种类 minor/shoe 不存在"},
        {"persons of plain words", rule("    words: [词]\n    persons: [某]\n"),
         "x.yaml:10: P1 没有 personal 时不能有 persons"},
    });
    CHECK(problems_with("x.yaml", rule("    personal: minor\n    form: age\n")).empty());
}

TEST_CASE("a parameter that the code needs must be there; a folder without rules is none") {
    TemporaryFolder folder;
    write_small_rules(folder.path());
    REQUIRE(
        write_file(folder.path() / "parameters.yaml",
                   "parameters:\n  - {id: p, title_zh: 参数, value: 1, basis: {document: law}, valid_from: "
                   "2020-01-01}\n")
            .ok());
    auto loaded = Rulebook::load(folder.path());
    REQUIRE(!loaded.ok());
    CHECK(loaded.error().detail_zh.starts_with("parameters.yaml:2: 缺少 legacy.long_term_date\n"));

    TemporaryFolder empty;
    CHECK(Rulebook::load(empty.path()).error().fault == Fault::rulebook_broken);
    CHECK(Rulebook::load(empty.path() / "nowhere").error().fault == Fault::rulebook_broken);
}

TEST_CASE("the digest names the content: any change shows, an editor's backup does not") {
    TemporaryFolder folder;
    write_small_rules(folder.path());
    std::string before = (*Rulebook::load(folder.path()))->digest();
    CHECK(before.size() == 64);
    REQUIRE(write_file(folder.path() / "item.yaml~", "backup").ok());
    CHECK((*Rulebook::load(folder.path()))->digest() == before);
    auto content = read_file(folder.path() / "check.yaml");
    REQUIRE(write_file(folder.path() / "check.yaml", *content + "# a remark\n").ok());
    CHECK((*Rulebook::load(folder.path()))->digest() != before);
    REQUIRE(write_file(folder.path() / "check.yaml", *content).ok());
    CHECK((*Rulebook::load(folder.path()))->digest() == before);
    std::filesystem::rename(folder.path() / "check.yaml", folder.path() / "checks.yaml");
    CHECK((*Rulebook::load(folder.path()))->digest() != before);
}
