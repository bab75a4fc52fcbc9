// A template of every item: what is filled in on it goes in whole, and what it says of itself is never data.
#include "collect/template.h"

#include <algorithm>

#include "collect/examples.h"
#include "collect/field_words.h"
#include "collect/table_reader.h"
#include "collect/test_files.h"
#include "collect/testing/town.h"
#include "collect/zip_archive.h"
#include "quality/quality.h"
#include "subject/identify.h"

using namespace mingxin;
using namespace mingxin::collect;
using namespace mingxin::collect::test;

namespace {

const Date kDay = kNow.date();

/// An item that has what the real ones lack: a set and a long list without a role, a code of its own, amounts
/// in yuan, a number of a register where no unified code is, dates that must follow each other.
constexpr std::string_view kOddItem =
    "items:\n"
    "  - id: odd\n    number: 99\n    title_zh: 检查结果\n    about_zh: 检查\n"
    "    class: administration_class\n    section: administrative\n    provider_zh: 某局\n    sharing: open\n"
    "    update_cycle: daily\n"
    "    basis: {document: practice}\n    valid_from: 2014-01-01\n    publicity: permit\n"
    "    key_fields: [O_NO]\n    fields:\n"
    "      - {code: O_NAME, name_zh: 名称, role: subject_name, requirement: mandatory, length: [2, 200]}\n"
    "      - {code: O_ORG, name_zh: 组织机构代码, type: code, role: organisation_code, length: [0, 10]}\n"
    "      - {code: O_NO, name_zh: 文号, role: document_no, requirement: mandatory, length: [0, 12]}\n"
    "      - {code: O_TIMES, name_zh: 次数, type: code, requirement: mandatory, length: [9, 9]}\n"
    "      - {code: O_SUM, name_zh: 金额（元）, type: money, requirement: mandatory}\n"
    "      - {code: O_SET, name_zh: 检查事项, type: set, requirement: mandatory, domain: penalty_kind}\n"
    "      - {code: O_STATE, name_zh: 结论, type: enumeration, requirement: conditional, domain: odd_list}\n"
    "      - {code: O_FROM, name_zh: 开始日期, type: date, role: valid_from, requirement: mandatory}\n"
    "      - {code: O_TO, name_zh: 结束日期, type: date, role: valid_to, requirement: mandatory}\n"
    "      - {code: O_SHORT, name_zh: 极短的说明文字, requirement: mandatory, length: [0, 4]}\n"
    "      - {code: O_LONG, name_zh: 短名, requirement: mandatory, length: [20, 30]}\n"
    "      - {code: O_WHY, name_zh: 理由, requirement: conditional, length: [0, 64], example: 群众举报}\n"
    "domains:\n"
    "  - id: odd_list\n    title_zh: 结论\n    basis: {document: practice}\n    valid_from: 2014-01-01\n"
    "    values:\n      - {value: 其他, needs_text: true}\n      - {value: 旧结论, valid_to: 2015-01-01}\n";

constexpr std::string_view kOddChecks =
    "checks:\n"
    "  - {id: T01, title_zh: 必填项为空, on: {odd: row}, algorithm: required, effect: reject, message_zh: "
    "空, "
    "remedy_zh: 填, basis: {document: practice}, valid_from: 2014-01-01}\n"
    "  - {id: T02, title_zh: 长度, on: {odd: row}, algorithm: length, effect: reject, message_zh: 长, "
    "remedy_zh: 改, basis: {document: practice}, valid_from: 2014-01-01}\n"
    "  - {id: T03, title_zh: 值域, on: {odd: row}, algorithm: domain, effect: reject, message_zh: 不在, "
    "remedy_zh: 选, basis: {document: practice}, valid_from: 2014-01-01}\n"
    "  - {id: T04, title_zh: 代码, on: {odd: [organisation_code]}, algorithm: identifier, effect: reject, "
    "message_zh: 错, remedy_zh: 改, basis: {document: practice}, valid_from: 2014-01-01}\n"
    "  - {id: T05, title_zh: 先后, on: {odd: [valid_to]}, holds: {before_or_on: [valid_from, valid_to]}, "
    "effect: reject, message_zh: 倒, remedy_zh: 改, basis: {document: practice}, valid_from: 2014-01-01}\n"
    "  - {id: T06, title_zh: 罚款须有理由, on: {odd: [O_WHY]}, when: {has_group: [O_SET, fine]}, "
    "holds: {present: self}, effect: reject, message_zh: 缺, remedy_zh: 补, basis: {document: practice}, "
    "valid_from: 2014-01-01}\n"
    "  - {id: T07, title_zh: 金额, on: {odd: [O_SUM]}, algorithm: money, effect: reject, message_zh: 错, "
    "remedy_zh: 改, basis: {document: practice}, valid_from: 2014-01-01}\n"
    "  - {id: T08, title_zh: 日期, on: {odd: [valid_from, valid_to]}, algorithm: date, effect: reject, "
    "message_zh: 错, remedy_zh: 改, basis: {document: practice}, valid_from: 2014-01-01}\n"
    "  - {id: T09, title_zh: 占位, on: {odd: row}, algorithm: placeholder, effect: reject, message_zh: 无, "
    "remedy_zh: 填, basis: {document: practice}, valid_from: 2014-01-01}\n";

/// What the checks say of a row, by fault.
std::vector<std::string> told_of(const rulebook::Rulebook& book, const rulebook::Item& item,
                                 const SubmittingUnit& unit, const std::vector<std::string>& row) {
    quality::UnitRegister units;
    units.name_by_code.emplace(unit.code, unit.name);
    std::vector<quality::Source> sources(item.fields.size());
    for (std::size_t i = 0; i < sources.size(); ++i) sources[i].columns = {static_cast<int>(i)};
    quality::Checker checker(book, item, sources, units, {}, kDay, as_bytes("secret"));
    std::vector<quality::Cell> cells;
    for (const std::string& text : row)
        cells.push_back({text, text.empty() ? quality::Cell::Kind::empty : quality::Cell::Kind::text});
    quality::CheckedRow checked;
    checker.check(cells, checked);
    std::vector<std::string> told;
    for (const record::Finding& finding : checked.findings) told.push_back(finding.fault);
    if (checked.name_only) told.push_back("name only");
    return told;
}

std::filesystem::path written(const Files& files, const rulebook::Item& item, const SubmittingUnit& unit,
                              std::vector<std::vector<std::string>> rows) {
    const auto file = files.path(item.id + ".xlsx");
    must(write_template({*rules(), item, unit, kDay, std::move(rows)}, file));
    return file;
}

}  // namespace

TEST_CASE("template: of every item, filled in with its examples, it is accepted whole, without a word") {
    in_town([](Town& town) {
        Files files;
        const SubmittingUnit unit = invented_unit();
        town.add_unit(unit.code, unit.name);
        for (const auto& item : rules()->items()) {
            if (item->only_persons()) continue;
            CAPTURE(item->id);
            const auto examples = example_rows(*rules(), *item, unit, kDay);
            REQUIRE(examples.size() == static_cast<std::size_t>(kExamples));
            Order order = town.order(item->id, std::string_view("x"));
            order.file = written(files, *item, unit, examples);
            order.unit_code = unit.code;
            const Outcome outcome = must(town.send(order));
            CHECK(counts(outcome) == "3 3 0 0 0 0");
            CHECK(outcome.batch.findings.empty());
            for (const std::string& note : outcome.notes_zh) CHECK(note.find("选项") != std::string::npos);
        }
    });
}

TEST_CASE("template: every header is read back as its field, also with the mark of what must be filled") {
    Files files;
    for (const auto& item : rules()->items()) {
        if (item->only_persons()) continue;
        CAPTURE(item->id);
        const auto file = written(files, *item, invented_unit(), {{"x"}});
        OpenOptions options;
        options.header_words = header_words(*item, {});
        auto reader = must(open_table(file, options));
        CHECK(reader->sheet_name() == "数据");
        const auto plan = must(plan_columns(*item, reader->header(), {}, invented_unit(), kDay));
        REQUIRE(plan.field_of_column.size() == item->fields.size());
        for (std::size_t i = 0; i < item->fields.size(); ++i) {
            CHECK(plan.field_of_column[i] == static_cast<int>(i));
            const bool marked = reader->header()[i].starts_with("*");
            CHECK(marked == (item->fields[i].requirement == rulebook::Requirement::mandatory));
        }
        CHECK_FALSE(plan.old_version);
        CHECK(plan.notes_zh.empty());
    }
}

TEST_CASE("template: handed in as it is, it has no data; its own sheets are never taken for data") {
    Files files;
    in_town([&](Town& town) {
        for (const auto& item : rules()->items()) {
            if (item->only_persons()) continue;
            Order order = town.order(item->id, std::string_view("x"));
            order.file = written(files, *item, invented_unit(), {});
            const auto refused = town.send(order);
            REQUIRE_FALSE(refused.ok());
            CHECK(refused.error().fault == Fault::empty_table);
        }
    });
}

TEST_CASE("template: the guide has a row for each field, the examples their values, the lists their range") {
    Files files;
    for (const auto& item : rules()->items()) {
        if (item->only_persons()) continue;
        CAPTURE(item->id);
        const auto file = written(files, *item, invented_unit(), {});
        const auto archive = must(ZipArchive::open(file));
        const auto part = [&](std::string_view name) {
            const auto* entry = archive.find(name);
            REQUIRE(entry != nullptr);
            auto stream = must(archive.stream(*entry, {}));
            std::string content, block(65536, '\0');
            while (const std::size_t got = must(stream.read(block.data(), block.size())))
                content.append(block, 0, got);
            return content;
        };
        const std::string data = part("xl/worksheets/sheet1.xml"), guide = part("xl/worksheets/sheet2.xml"),
                          examples = part("xl/worksheets/sheet3.xml"), comments = part("xl/comments1.xml");
        CHECK(guide.find(kNotDataMark) != std::string::npos);
        CHECK(examples.find(kNotDataMark) != std::string::npos);
        CHECK(data.find("state=\"frozen\"") != std::string::npos);
        for (const rulebook::Field& field : item->fields) {
            CAPTURE(field.code);
            CHECK(guide.find("<t>" + field.code + "</t>") != std::string::npos);
            CHECK(comments.find("（" + field.code + "）") != std::string::npos);
            for (const std::string& choice : choices_of(*item, field, kDay))
                CHECK(guide.find(choice) != std::string::npos);
        }
        std::size_t lists = 0;
        for (auto at = data.find("<dataValidation "); at != std::string::npos;
             at = data.find("<dataValidation ", at + 1))
            ++lists;
        CHECK(lists == static_cast<std::size_t>(std::count_if(
                           item->fields.begin(), item->fields.end(),
                           [&](const auto& field) { return !choices_of(*item, field, kDay).empty(); })));
        for (const rulebook::CheckRule& check : item->checks)
            if (check.validity.contains(kDay)) CHECK(guide.find(check.title_zh) != std::string::npos);
    }
}

TEST_CASE("examples: of an item that has what the real ones lack; nothing of a person but invented names") {
    TemporaryFolder folder;
    std::filesystem::copy("rules", folder.path() / "rules", std::filesystem::copy_options::recursive);
    must(write_file(folder.path() / "rules" / "items" / "odd.yaml", kOddItem));
    must(write_file(folder.path() / "rules" / "checks" / "odd.yaml", kOddChecks));
    const auto book = must(rulebook::Rulebook::load(folder.path() / "rules"));
    const rulebook::Item& item = *book->item("odd");
    const SubmittingUnit unit = invented_unit();
    for (const auto& row : example_rows(*book, item, unit, kDay)) {
        CHECK(told_of(*book, item, unit, row) == std::vector<std::string>());
        for (std::size_t i = 0; i < item.fields.size(); ++i) {
            CAPTURE(item.fields[i].code);
            if (item.fields[i].requirement == rulebook::Requirement::mandatory) CHECK_FALSE(row[i].empty());
        }
    }
    must(write_template({*book, item, unit, kDay}, folder.path() / "odd.xlsx"));
    for (const auto& each : rules()->items()) {
        if (each->only_persons()) continue;
        for (const auto& row : example_rows(*rules(), *each, unit, kDay)) {
            for (const std::string& cell : row) CHECK_FALSE(subject::is_valid_ric(cell));
        }
    }
}

TEST_CASE("examples: the rows differ, an individual business among them, and speak in the unit's name") {
    const rulebook::Item& item = *rules()->item("penalty");
    const SubmittingUnit unit{unit_code(), kUnitName};
    const auto rows = example_rows(*rules(), item, unit, kDay);
    const auto value = [&](std::size_t row, std::string_view code) {
        return rows[row][static_cast<std::size_t>(item.field_by_header(code))];
    };
    CHECK(value(0, "CF_XDR_SHXYM") != value(1, "CF_XDR_SHXYM"));
    CHECK(subject::is_valid_uscc(value(0, "CF_XDR_SHXYM")));
    CHECK(value(2, "CF_XDR_LB") == "个体工商户");
    CHECK(value(2, "CF_XDR_SHXYM").starts_with("92"));
    CHECK(value(1, "CF_CFLB") == "通报批评;罚款");
    CHECK(value(1, "CF_NR_FK") == "1.2");
    CHECK(value(0, "CF_NR_FK").empty());
    CHECK(value(0, "CF_JDRQ") == "2026/10/21");
    CHECK(value(0, "CF_CFJGDM") == unit_code());
    CHECK(value(0, "CF_CFJG") == kUnitName);
    CHECK(value(0, "CF_XDR_ZJHM").empty());
}

TEST_CASE("words of fields: requirement, bounds, values, what is not typed by hand") {
    const rulebook::Item& penalty = *rules()->item("penalty");
    const auto field = [&](std::string_view code) -> const rulebook::Field& {
        return penalty.fields[static_cast<std::size_t>(penalty.field_by_header(code))];
    };
    const auto remarks_of = [&](std::string_view code) {
        return remarks_zh(penalty, penalty.field_by_header(code), kDay);
    };
    CHECK(remarks_of("CF_NR_FK").find("罚款未填金额（V07.missing_fine）") != std::string::npos);
    CHECK(other_names_zh(field("CF_FRDB")).find("负责人") != std::string::npos);
    CHECK(other_names_zh(field("CF_FRDB")).find("CF_FR") == std::string::npos);
    CHECK(length_zh(field("CF_XDR_MC")) == "2至200个字");
    CHECK(length_zh(field("CF_XDR_SHXYM")) == "18位");
    CHECK(length_zh(field("CF_WSH")) == "不超过128个字");
    CHECK(length_zh(field("CF_JDRQ")).empty());
    CHECK(values_zh(penalty, field("CF_CFLB"), kDay).find("没有下拉列表") != std::string::npos);
    CHECK(values_zh(penalty, field("CF_CFLB"), kDay).find("其他-具体名称") != std::string::npos);
    CHECK(values_zh(penalty, field("CF_CFLB"), kDay).find("行政拘留") == std::string::npos);
    CHECK(values_zh(penalty, field("CF_NR_FK"), kDay).find("万元") != std::string::npos);
    CHECK(choices_of(penalty, field("CF_CFLB"), kDay).empty());
    CHECK(choices_of(penalty, field("CF_XDR_LB"), kDay).size() == 2);
    CHECK(other_choice_zh(field("CF_XDR_LB")).empty());
    CHECK(other_choice_zh(field("CF_FR_ZJLX")).find("其他-") != std::string::npos);
    CHECK(marked_header(field("CF_WSH")) == "*行政处罚决定书文号");
    CHECK(marked_header(field("BZ")) == "备注");
    CHECK(sharing_zh(field("CF_FR_ZJHM")) == "不提供");
    CHECK(remarks_of("CF_XDR_ZJHM").find("请留空") != std::string::npos);
    CHECK(remarks_of("CF_SJLY").find("报送单位") != std::string::npos);
    const std::string comment = comment_zh(penalty, penalty.field_by_header("CF_NR_FK"), "1.2", kDay);
    for (const char* part : {"CF_NR_FK", "视情况必填", "金额", "0.5", "社会公开", "依据：", "例如：1.2"})
        CHECK(comment.find(part) != std::string::npos);
}
