// From disclosed records to the model; numbers; the signature as OpenSSL's command line sees it.
#include "report/report.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <set>

#include "base/file.h"
#include "base/text.h"

using namespace mingxin;
using namespace mingxin::report;

namespace {

const Instant noon = *parse_instant("2026-11-20T04:05:06.000000Z");

std::unique_ptr<rulebook::Item> item(const char* id, const char* title, std::vector<rulebook::Field> fields) {
    auto made = std::make_unique<rulebook::Item>();
    made->id = id;
    made->title_zh = title;
    made->fields = std::move(fields);
    return made;
}

rulebook::Field field(const char* code, const char* name, rulebook::Role role = rulebook::Role::none) {
    rulebook::Field made;
    made.code = code;
    made.name_zh = name;
    made.role = role;
    return made;
}

/// A small rulebook's parts and one subject with three records.
struct Example {
    std::vector<std::unique_ptr<rulebook::Item>> items;
    rulebook::ReportText text;
    Material material;

    Example() {
        using enum rulebook::Role;
        items.push_back(item("registration", "登记注册",
                             {field("MC", "主体名称", subject_name), field("DM", "统一社会信用代码", uscc),
                              field("ZS", "住所", address)}));
        items.back()->defines_subject = true;
        items.push_back(item(
            "permit", "行政许可",
            {field("XK_XDR_MC", "行政相对人名称", subject_name), field("XK_WSH", "许可文书号", document_no),
             field("XK_NR", "许可内容", content), field("BZ", "备注", remark)}));
        items.push_back(item("penalty", "行政处罚", {field("CF_NR", "处罚内容", content)}));
        items[1]->prominent = items[2]->prominent = true;
        text.title_zh = "公共信用信息报告";
        text.empty_zh = "报告期内无相关信息";
        text.explanation_zh = {"范围。"};
        text.disclaimer_zh = {"仅陈述事实。"};
        text.sections = {{"basic", "一、基础信息", {"registration"}},
                         {"administrative", "二、行政管理信息", {"permit", "penalty"}},
                         {"honour", "三、诚实守信相关荣誉信息", {}},
                         {"severe_list", "四、严重失信主体名单信息", {}},
                         {"abnormal", "五、经营（活动）异常名录（状态）信息", {}},
                         {"commitment", "六、信用承诺信息", {}},
                         {"evaluation", "七、信用评价信息", {}},
                         {"judicial", "八、司法裁判及执行信息", {}},
                         {"other", "九、其他信息", {}}};
        material.subject = {.code = "91410423MAX000012M",
                            .name = "鲁山县报告试验有限责任公司",
                            .established = parse_date("2012-06-01"),
                            .state = "存续",
                            .registration = 1};
        material.former_names = {{"鲁山县旧名有限公司", 1}};
        material.records.push_back(record(
            "2-1", *items[0], {{"MC", "主体名称", "鲁山县报告试验有限责任公司"}, {"ZS", "住所", "向阳路1号"}},
            "市场监管局"));
        material.records.push_back(record("3-1", *items[1],
                                          {{"XK_XDR_MC", "行政相对人名称", "鲁山县报告试验有限责任公司"},
                                           {"XK_WSH", "许可文书号", "鲁许〔2026〕1号"},
                                           {"XK_NR", "许可内容", "热食"},
                                           {"BZ", "备注", ""}},
                                          "审批局"));
        material.records.back().document_no = "鲁许〔2026〕1号";
        material.records.push_back(record("4-7", *items[2], {{"CF_NR", "处罚内容", "罚款"}}, "市场监管局"));
        material.records.back().severity = 2;
        material.records.back().severity_zh = "一般";
        material.records.back().basis_zh = "信用修复管理办法第八条";
        material.records.back().shown_until = parse_date("2027-05-02");
        material.records.back().decided = parse_date("2026-05-02");
    }

    static record::ShownRecord record(const char* id, const rulebook::Item& item,
                                      std::vector<record::ShownField> fields, const char* unit) {
        record::ShownRecord made;
        made.id = id;
        made.item = &item;
        made.fields = std::move(fields);
        made.source_unit = unit;
        made.received = noon;
        return made;
    }

    ReportModel model() const { return build(material, text, items, "20261120120506K7QM4XTA", noon); }
};

std::int64_t count_of(const ReportModel& model, std::string_view title) {
    for (const Count& count : model.counts) {
        if (count.title == title) return count.count;
    }
    return -1;
}

}  // namespace

TEST_CASE("a number is the time in Asia/Shanghai and eight characters, the last a letter, rules 8.1") {
    std::set<std::string> seen;
    std::set<char> first, last;
    for (int i = 0; i < 2000; ++i) {
        std::string number = new_number(noon);
        REQUIRE(number.size() == 22);
        CHECK(number.starts_with("20261120120506"));
        CHECK(canonical_number(number) == number);
        first.insert(number[14]);
        last.insert(number.back());
        seen.insert(number);
    }
    CHECK(seen.size() == 2000);
    CHECK(first.size() == 31);
    CHECK(last.size() == 23);
    for (char c : last) CHECK((c >= 'A' && c <= 'Z'));
    // Midnight in Asia/Shanghai belongs to the new day.
    CHECK(new_number(*parse_instant("2026-12-31T16:00:00.000000Z")).starts_with("20270101000000"));
}

TEST_CASE("a number is found as people copy it, and nothing else is one") {
    CHECK(canonical_number(" 20261120120506k7qm4xta\n") == "20261120120506K7QM4XTA");
    CHECK(canonical_number("２０２６１１２０１２０５０６Ｋ７ＱＭ４ＸＴＡ") == "20261120120506K7QM4XTA");
    for (const char* text : {"", "2026", "20261120120506K7QM4XT", "20261120120506K7QM4XTAA",
                             "2026112012050XK7QM4XTA", "20261120120506K7QM4X'A", "20261120120506K7QM4XT0"}) {
        CHECK_MESSAGE(!canonical_number(text).has_value(), text);
    }
}

TEST_CASE("records go to the sections of the template; what is said elsewhere is not repeated") {
    Example example;
    ReportModel model = example.model();
    REQUIRE(model.sections.size() == 9);
    const Section& basic = model.sections[0];
    REQUIRE(basic.facts.size() == 4);
    CHECK(basic.facts[0].value == "鲁山县报告试验有限责任公司");
    CHECK(basic.facts[1].value == "91410423MAX000012M");
    CHECK(basic.facts[2].label == "曾用名");
    CHECK(basic.facts[3].value == "向阳路1号");
    REQUIRE(basic.provenance);
    CHECK(basic.provenance->record_id == "2-1");
    CHECK(basic.groups.empty());

    const Section& administrative = model.sections[1];
    REQUIRE(administrative.groups.size() == 2);
    const Entry& permit = administrative.groups[0].entries.at(0);
    CHECK(permit.document_number == "鲁许〔2026〕1号");
    REQUIRE(permit.facts.size() == 1);  // neither name and number again nor the empty remark
    CHECK(permit.facts[0].label == "许可内容");
    CHECK(permit.shown_until == "长期");
    CHECK(permit.received == "2026-11-20");
    const Entry& penalty = administrative.groups[1].entries.at(0);
    CHECK(penalty.shown_until == "2027-05-02");
    REQUIRE(penalty.remarks.size() == 1);
    CHECK(penalty.remarks[0].find("信用修复管理办法第八条") != std::string::npos);
    for (std::size_t i = 2; i < 9; ++i) CHECK(model.sections[i].empty());
}

TEST_CASE("overview, counts, sources") {
    Example example;
    ReportModel model = example.model();
    CHECK(count_of(model, "登记注册") == 1);
    CHECK(count_of(model, "行政许可") == 1);
    CHECK(count_of(model, "行政处罚") == 1);
    CHECK(count_of(model, "严重失信主体名单") == 0);
    CHECK(model.counts[2].newest == "2026-05-02");
    REQUIRE(model.sources.size() == 2);
    for (const Source& source : model.sources) {
        CHECK(source.newest == "2026-11-20");
        CHECK(source.items == (source.unit == "审批局" ? "行政许可" : "登记注册、行政处罚"));
    }
    CHECK(model.overview[0].value == "存续");
    CHECK(model.overview[2].value == "无");
    CHECK(model.notes == std::vector<std::string>{"范围。", "仅陈述事实。"});

    example.material.records.clear();
    example.material.subject.registration = 0;
    model = example.model();
    CHECK(model.sources.empty());
    CHECK(count_of(model, "行政处罚") == 0);
    CHECK(model.sections[0].empty());
    CHECK(model.overview[0].value == "本平台未归集登记信息");
    model.verify_url = "https://credit.example.gov.cn/verify/20261120120506K7QM4XTA";
    CHECK(render_pdf(model).ok());
}

TEST_CASE("OpenSSL's command line verifies the detached signature, and refuses another file") {
    if (std::system("command -v openssl >/dev/null") != 0) {
        MESSAGE("skipped: openssl is not installed");
        return;
    }
    ReportModel model = Example().model();
    model.verify_url = "https://credit.example.gov.cn/verify/20261120120506K7QM4XTA";
    auto pdf = render_pdf(model);
    REQUIRE(pdf.ok());
    crypto::Sm2Key key = crypto::Sm2Key::generate();
    TemporaryFolder folder;
    auto path = [&](const char* name) { return (folder.path() / name).string(); };
    REQUIRE(write_file(path("report.pdf"), *pdf).ok());
    REQUIRE(write_file(path("report.sig"), as_text(key.sign(as_bytes(*pdf)))).ok());
    REQUIRE(write_file(path("pub.pem"), key.public_key().to_pem()).ok());
    // As written in docs/formats/report.md.
    std::string command = fmt::format(
        "cd {} && openssl dgst -sm3 -verify pub.pem -sigopt distid:1234567812345678 "
        "-signature report.sig report.pdf >/dev/null 2>&1",
        folder.path().string());
    CHECK(std::system(command.c_str()) == 0);
    (*pdf)[pdf->size() / 2] ^= 1;
    REQUIRE(write_file(path("report.pdf"), *pdf).ok());
    CHECK(std::system(command.c_str()) != 0);
}
