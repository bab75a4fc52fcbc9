// The real rules of rules/: every item, domain, publicity term and parameter by its id.
#include "rulebook/rulebook.h"

#include <doctest/doctest.h>

#include <chrono>
#include <set>

#include "rulebook/parameters.h"
#include "rulebook/testing/real_rules.h"

using namespace mingxin;
using namespace mingxin::rulebook;
using namespace mingxin::rulebook::test;

namespace {

const Field& field(const Item& item, std::string_view code) {
    for (const Field& field : item.fields) {
        if (field.code == code) return field;
    }
    FAIL("no field ", code);
    return item.fields[0];
}

}  // namespace

TEST_CASE("loading the real rules is quick enough to do at every start") {
    auto start = std::chrono::steady_clock::now();
    REQUIRE(Rulebook::load("rules").ok());
    auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start)
                  .count();
    MESSAGE("loaded in " << ms << " ms");
}

TEST_CASE("rules 1.1 and 1.2: codes, lengths, requirement") {
    const Item& permit = *real_rules()->item("permit");
    const Item& penalty = *real_rules()->item("penalty");
    const struct {
        const Item& item;
        const char* code;
        Role role;
        Requirement requirement;
        int max_length;
    } table[] = {
        {permit, "XK_XDR_MC", Role::subject_name, Requirement::mandatory, 200},
        {permit, "XK_XDR_LB", Role::subject_type, Requirement::mandatory, 0},
        {permit, "XK_XDR_SHXYM", Role::uscc, Requirement::conditional, 18},
        {permit, "XK_XDR_GSZC", Role::registration_no, Requirement::optional, 50},
        {permit, "XK_XDR_SWDJ", Role::tax_no, Requirement::optional, 20},
        {permit, "XK_XDR_SYDW", Role::institution_no, Requirement::optional, 12},
        {permit, "XK_XDR_SHZZ", Role::social_organisation_no, Requirement::optional, 50},
        {permit, "XK_FRDB", Role::legal_representative, Requirement::conditional, 50},
        {permit, "XK_FR_ZJHM", Role::legal_certificate_no, Requirement::optional, 64},
        {permit, "XK_XKWS", Role::document_name, Requirement::mandatory, 64},
        {permit, "XK_WSH", Role::document_no, Requirement::mandatory, 128},
        {permit, "XK_XKLB", Role::kind, Requirement::mandatory, 256},
        {permit, "XK_XKBH", Role::permit_no, Requirement::optional, 64},
        {permit, "XK_NR", Role::content, Requirement::mandatory, 4000},
        {permit, "XK_JDRQ", Role::decision_date, Requirement::mandatory, 0},
        {permit, "XK_YXQZ", Role::valid_from, Requirement::mandatory, 0},
        {permit, "XK_YXQZI", Role::valid_to, Requirement::mandatory, 0},
        {permit, "XK_XKJGDM", Role::organ_code, Requirement::mandatory, 18},
        {permit, "XK_ZT", Role::state, Requirement::mandatory, 0},
        {permit, "XK_LYDWDM", Role::source_code, Requirement::mandatory, 18},
        {penalty, "CF_WSH", Role::document_no, Requirement::mandatory, 128},
        {penalty, "CF_WFXW", Role::none, Requirement::mandatory, 2000},
        {penalty, "CF_SY", Role::none, Requirement::mandatory, 5000},
        {penalty, "CF_YJ", Role::none, Requirement::mandatory, 2048},
        {penalty, "CF_CFLB", Role::kind, Requirement::mandatory, 255},
        {penalty, "CF_NR_FK", Role::fine, Requirement::conditional, 0},
        {penalty, "CF_NR_WFFF", Role::confiscated, Requirement::conditional, 0},
        {penalty, "CF_NR_ZKDX", Role::none, Requirement::conditional, 200},
        {penalty, "CF_YXQ", Role::valid_to, Requirement::mandatory, 0},
        {penalty, "CF_GSJZQ", Role::publicity_end, Requirement::optional, 0},
        {penalty, "CF_CFJGDM", Role::organ_code, Requirement::mandatory, 18},
        {penalty, "CF_SJLYDM", Role::source_code, Requirement::mandatory, 18},
        {penalty, "BZ", Role::remark, Requirement::optional, 4000},
    };
    for (const auto& row : table) {
        CAPTURE(std::string(row.code));
        const Field& one = field(row.item, row.code);
        CHECK(one.role == row.role);
        CHECK(one.requirement == row.requirement);
        CHECK(one.max_length == row.max_length);
        if (row.role != Role::none) CHECK(&row.item.fields[row.item.field_with(row.role)] == &one);
    }
    CHECK(field(penalty, "CF_NR_FK").money_in_wan_yuan);
    CHECK(permit.fields[field(permit, "XK_WSH").default_field].code == "XK_XKBH");
    CHECK(field(permit, "XK_ZT").default_value == "有效");
}

TEST_CASE("certificate numbers are sealed; what is not public stays below the public class") {
    for (const auto& item : real_rules()->items()) {
        for (Role role : {Role::legal_certificate_no, Role::person_certificate_no}) {
            int field = item->field_with(role);
            if (field >= 0) CHECK(item->fields[field].sharing == Sharing::sealed);
        }
        int remark = item->field_with(Role::remark);
        if (remark >= 0) CHECK(item->fields[remark].sharing == Sharing::departments);
    }
}

TEST_CASE("headers: code, name, older code, common other name, brackets and marks of any width") {
    const struct {
        const char* item;
        const char* header;
        const char* code;
    } table[] = {
        {"penalty", "CF_WSH", "CF_WSH"},
        {"penalty", "cf_wsh", "CF_WSH"},
        {"penalty", "行政处罚决定书文号", "CF_WSH"},
        {"penalty", "处罚决定书文号", "CF_WSH"},
        {"penalty", " 处罚决定书文号 *", "CF_WSH"},
        {"penalty", "统一社会信用代码", "CF_XDR_SHXYM"},
        {"penalty", "行政相对人代码_1 (统一社会信用代码)", "CF_XDR_SHXYM"},
        {"penalty", "企业名称", "CF_XDR_MC"},
        {"penalty", "CF_XDR_ZDM", "CF_XDR_ZZJG"},
        {"penalty", "CF_XDR_GSDJ", "CF_XDR_GSZC"},
        {"penalty", "CF_XDR_SFZ", "CF_XDR_ZJHM"},
        {"penalty", "CF_FR_SFZH", "CF_FR_ZJHM"},
        {"penalty", "CF_FR", "CF_FRDB"},
        {"penalty", "CF_JG", "CF_NR"},
        {"penalty", "CF_JZQ", "CF_YXQ"},
        {"penalty", "CF_XZJG", "CF_CFJG"},
        {"penalty", "CF_CFLB1", "CF_CFLB"},
        {"penalty", "CF_CFLB2", "CF_CFLB"},
        {"penalty", "CF_AJMC", "CF_AJMC"},
        {"penalty", "CF_CFMC", "CF_AJMC"},
        {"penalty", "罚款金额（万元）", "CF_NR_FK"},
        {"penalty", "罚款金额（元）", "CF_NR_FK"},
        {"permit", "XK_XDR", "XK_XDR_MC"},
        {"permit", "XK_SPLB", "XK_XKLB"},
        {"permit", "XK_JZQ", "XK_YXQZI"},
        {"permit", "XK_XZJG", "XK_XKJG"},
        {"permit", "XK_XMMC", "XK_XMMC"},
        {"permit", "有效期至", "XK_YXQZI"},
        {"registration", "企业名称", "ENT_NAME"},
        {"registration", "主体名称", "ENT_NAME"},
        {"registration", "统一社会信用代码", "USCC"},
        {"registration", "经营状态", "STATE"},
        {"registration", "曾用名", "FORMER_NAME"},
    };
    for (const auto& row : table) {
        CAPTURE(std::string(row.header));
        const Item& item = *real_rules()->item(row.item);
        int found = item.field_by_header(row.header);
        REQUIRE(found >= 0);
        CHECK(item.fields[found].code == row.code);
    }
    CHECK(real_rules()->item("penalty")->field_by_header("星座") == -1);
    CHECK(header_in_yuan("罚款金额（元）"));
    CHECK_FALSE(header_in_yuan("罚款金额（万元）"));
    CHECK_FALSE(header_in_yuan("单元"));
}

TEST_CASE("rules 1.3: the old version is told from the header") {
    const Item& penalty = *real_rules()->item("penalty");
    CHECK(penalty.is_old_version({"CF_XDR_MC", "CF_CFMC", "DFBM"}));
    CHECK_FALSE(penalty.is_old_version({"CF_XDR_MC", "CF_XDR_LB", "DFBM"}));
    CHECK_FALSE(penalty.is_old_version({"CF_XDR_MC", "CF_WSH"}));
    const Item& permit = *real_rules()->item("permit");
    CHECK(permit.is_old_version({"XK_XDR", "XK_SPLB"}));
    CHECK_FALSE(permit.is_old_version({"行政相对人名称"}));
    CHECK(field(permit, "XK_ZT").old_domain->find("0")->value == "有效");
    CHECK(field(permit, "XK_ZT").old_domain->find("1")->value == "无效");
    CHECK(field(permit, "XK_ZT").old_domain->find("2")->needs_choice);
    CHECK(field(permit, "XK_ZT").domain->find("1")->value == "有效");
}

TEST_CASE("a file needs no more columns than these") {
    auto refused = [](const char* id) {
        std::set<std::string> codes;
        for (const Field& field : real_rules()->item(id)->fields) {
            if (field.absent == Absent::refuse || field.absent == Absent::refuse_unless_old)
                codes.insert(field.code);
        }
        return codes;
    };
    CHECK(refused("registration") == std::set<std::string>{"ENT_NAME", "USCC"});
    CHECK(refused("penalty") == std::set<std::string>{"CF_XDR_MC", "CF_WSH", "CF_WFXW", "CF_SY", "CF_YJ",
                                                      "CF_CFLB", "CF_NR", "CF_JDRQ", "CF_YXQ", "CF_CFJG"});
    CHECK(refused("permit") == std::set<std::string>{"XK_XDR_MC", "XK_XKWS", "XK_WSH", "XK_XKLB", "XK_NR",
                                                     "XK_JDRQ", "XK_YXQZ", "XK_YXQZI", "XK_XKJG"});
}

TEST_CASE("penalty kinds: group, class of Order 36, what a person must say") {
    const struct {
        const char* value;
        const char* group;
        int severity;
        bool unsure;
    } table[] = {
        {"警告", "warning", 1, false},
        {"通报批评", "warning", 1, false},
        {"罚款", "fine", 2, false},
        {"没收违法所得", "confiscation", 2, false},
        {"没收非法财物", "confiscation", 2, false},
        {"没收违法所得、没收非法财物", "confiscation", 2, false},
        {"暂扣许可证件", "suspension_revocation", 2, false},
        {"降低资质等级", "qualification", 2, true},
        {"吊销许可证件", "suspension_revocation", 3, false},
        {"暂扣或者吊销许可证、暂扣或者吊销执照", "suspension_revocation", 2, true},
        {"限制开展生产经营活动", "business", 2, true},
        {"责令停产停业", "business", 2, true},
        {"责令关闭", "business", 2, true},
        {"限制从业", "occupation", 3, false},
        {"行政拘留", "detention", 2, true},
        {"其他", "other", 2, true},
    };
    const Domain& kinds = *real_rules()->domain("penalty_kind");
    CHECK(kinds.values.size() == std::size(table));
    for (const auto& row : table) {
        CAPTURE(std::string(row.value));
        const DomainValue* kind = kinds.find(row.value);
        REQUIRE(kind != nullptr);
        CHECK(kind->value == row.value);
        CHECK(kind->group == row.group);
        CHECK(kind->severity == row.severity);
        CHECK(kind->basis.unsure == row.unsure);
        CHECK(kind->needs_text == (kind->value == "其他"));
        CHECK(kind->needs_choice == (kind->value == "暂扣或者吊销许可证、暂扣或者吊销执照"));
        CHECK(kind->persons_only == (kind->value == "行政拘留"));
    }
}

TEST_CASE("checks: every item has V01..V15 where they concern it, each with text and basis") {
    for (const auto& item : real_rules()->items()) {
        for (const CheckRule& check : item->checks) {
            CAPTURE(item->id + " " + check.id);
            CHECK_FALSE(check.message_zh.empty());
            CHECK_FALSE(check.remedy_zh.empty());
            CHECK_FALSE(check.basis.document.empty());
            CHECK(check.field < static_cast<int>(item->fields.size()));
            CHECK(item->check(check.id, kToday, check.field) == &check);
        }
    }
    const Item& penalty = *real_rules()->item("penalty");
    for (const char* id :
         {"V01", "V02", "V03", "V04", "V05", "V06", "V07", "V08", "V09", "V10", "V11", "V12", "V13", "V15"}) {
        CAPTURE(std::string(id));
        bool found = false;
        for (const CheckRule& check : penalty.checks) found = found || check.id.starts_with(id);
        CHECK(found);
    }
    CHECK(real_rules()->item("permit")->check("V14", kToday) != nullptr);
    CHECK(penalty.check("N01", kToday)->effect == Effect::reject);
    CHECK(penalty.check("V15.name_only", kToday)->effect == Effect::doubtful);
    CHECK(penalty.check("V15.name_conflict", kToday)->effect == Effect::doubtful);
    CHECK(penalty.check("V07.unexpected_fine", kToday)->effect == Effect::warn);
    CHECK(penalty.check("V07.missing_fine", day("2001-01-01")) == nullptr);
}

TEST_CASE("placeholders say nothing, contents do") {
    for (const char* text :
         {"无", "/", "///", "null", "NULL", "0000", "－", "——", "暂无", "N/A", "ｎａ", "*", "xxx"}) {
        CAPTURE(std::string(text));
        CHECK(real_rules()->is_placeholder(text));
    }
    for (const char* text : {"", "无证经营", "0001", "空调销售", "A", "无锡", "-1", "略阳县"}) {
        CAPTURE(std::string(text));
        CHECK_FALSE(real_rules()->is_placeholder(text));
    }
}

TEST_CASE("roles and their permissions") {
    using Permissions = std::vector<std::string>;
    auto book = real_rules();
    CHECK(book->role("department_clerk")->permissions == Permissions{"collect_submit", "collect_view",
                                                                     "record_correct", "task_view",
                                                                     "assess_view", "assess_appeal"});
    CHECK(book->role("auditor")->permissions ==
          Permissions{"journal_verify", "rules_view", "task_view", "assess_view", "assess_view_all"});
    CHECK(book->role("credit_office_clerk")->title_zh == "信用办经办员");
    CHECK(book->role("platform_operator")->title_zh == "平台运维员");
    CHECK(book->role("mayor") == nullptr);
    CHECK(book->role("content_writer")->permissions ==
          Permissions{"content_view", "content_edit", "task_view"});
    CHECK(book->role("content_reviewer")->permissions ==
          Permissions{"content_view", "content_review", "task_view"});
    CHECK(book->role("content_releaser")->permissions ==
          Permissions{"content_view", "content_review", "content_release", "content_columns", "task_view"});
    CHECK(book->role("credit_office_head")->permissions ==
          Permissions{"collect_view", "collect_view_all", "journal_verify", "content_view", "rules_view",
                      "rules_approve", "task_view", "assess_view", "assess_view_all", "assess_decide"});
    CHECK(book->roles().size() == 8);
}

TEST_CASE("what is looked for in texts, and the days that are kept every year") {
    auto book = real_rules();
    std::string rejected, warned;
    for (const WordRule& rule : book->word_rules()) {
        CHECK_FALSE((rule.words.empty() && rule.personal.empty()));
        CHECK((rule.personal.empty() || rule.id[0] == 'P'));
        (rule.reject ? rejected : warned) += rule.id + " ";
    }
    CHECK(rejected == "W01 W02 W07 P01 P03 P07 P08 P09 P10 P14 P11 P12 P13 ");
    CHECK(warned == "W03 W04 W05 W06 W08 P02 P04 P05 P06 ");
    const struct {
        const char* id;
        int from_month, from_day, to_month, to_day;
    } table[] = {
        {"campaign.consumer_day", 3, 15, 3, 15},     {"campaign.ip_week", 4, 20, 4, 26},
        {"campaign.safety_month", 6, 1, 6, 30},      {"campaign.credit_day", 6, 14, 6, 14},
        {"campaign.quality_month", 9, 1, 9, 30},     {"campaign.integrity_month", 9, 10, 10, 10},
        {"campaign.constitution_day", 12, 4, 12, 4},
    };
    REQUIRE(book->campaigns().size() == std::size(table));
    for (std::size_t i = 0; i < std::size(table); ++i) {
        const Campaign& campaign = book->campaigns()[i];
        CHECK(campaign.id == table[i].id);
        CHECK(campaign.from_month == table[i].from_month);
        CHECK(campaign.from_day == table[i].from_day);
        CHECK(campaign.to_month == table[i].to_month);
        CHECK(campaign.to_day == table[i].to_day);
    }
}

TEST_CASE("the report: nine sections, fed by the items") {
    const ReportText& report = real_rules()->report();
    REQUIRE(report.sections.size() == 9);
    CHECK(report.sections[0].items == std::vector<std::string>{"registration"});
    CHECK(report.sections[1].items ==
          std::vector<std::string>{"permit", "penalty", "compulsion", "confirmation", "levy", "payment",
                                   "adjudication", "compensation", "reward", "inspection"});
    for (const ReportSection& section : report.sections) CHECK_FALSE(section.items.empty());
    CHECK(report.sections[8].title_zh == "九、其他信息");
    CHECK(report.disclaimer_zh.size() == 6);
    CHECK_FALSE(report.empty_zh.empty());
}
