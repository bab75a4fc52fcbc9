// The catalogue, closed lists, publicity terms and parameters as rules/ has them, by id.
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

std::set<std::string> ids_of(std::string_view kind) {
    std::set<std::string> ids;
    for (const RuleInfo& rule : real_rules()->rules()) {
        if (rule.kind == kind) ids.insert(rule.id);
    }
    return ids;
}

const struct {
    const char* id;
    std::int64_t number;
    const char* title_zh;
    const char* section;
    std::size_t fields;
    bool adverse, defines_subject;
    int due_working_days;
} kItems[] = {
    {"registration", 1, "登记注册信息", "basic", 14, false, true, 0},
    {"permit", 2, "行政许可", "administrative", 30, false, false, 7},
    {"penalty", 3, "行政处罚", "administrative", 33, true, false, 7},
    {"compulsion", 4, "行政强制", "administrative", 20, true, false, 7},
    {"confirmation", 5, "行政确认", "administrative", 20, false, false, 7},
    {"levy", 6, "行政征收", "administrative", 21, false, false, 7},
    {"payment", 7, "行政给付", "administrative", 21, false, false, 7},
    {"adjudication", 8, "行政裁决", "administrative", 20, false, false, 7},
    {"compensation", 9, "行政补偿", "administrative", 21, false, false, 7},
    {"reward", 10, "行政奖励", "administrative", 21, false, false, 7},
    {"inspection", 11, "监督检查", "administrative", 21, false, false, 7},
    {"severe_list", 12, "严重失信主体名单", "severe_list", 25, true, false, 7},
    {"abnormal_list", 13, "经营（活动）异常名录", "abnormal", 16, true, false, 7},
    {"judgment_defaulter", 14, "失信被执行人", "judicial", 19, true, false, 0},
    {"criminal_judgment", 15, "单位犯罪刑事判决", "judicial", 15, true, false, 0},
    {"enforcement", 16, "被执行信息", "judicial", 15, true, false, 0},
    {"contract", 17, "政府合同履行信息", "other", 18, false, false, 0},
    {"arrears", 18, "拖欠款项信息", "other", 17, true, false, 0},
    {"commitment", 19, "信用承诺", "commitment", 22, false, false, 0},
    {"commitment_broken", 20, "违背信用承诺信息", "commitment", 17, true, false, 0},
    {"tax_a", 21, "纳税信用A级", "evaluation", 13, false, false, 0},
    {"evaluation", 22, "行业信用评价结果", "evaluation", 16, false, false, 0},
    {"compliance", 23, "遵守法律法规情况", "other", 15, false, false, 0},
    {"honour", 24, "诚实守信相关荣誉", "honour", 16, false, false, 0},
    {"intellectual_property", 25, "知识产权信息", "other", 16, false, false, 0},
    {"self_declared", 26, "主体自愿提供的信息", "other", 16, false, false, 0},
    {"occupation", 27, "职称和职业资格", "other", 6, false, false, 0},
};

const struct {
    const char* domain;
    const char* text;
    const char* value;  // nullptr: refused
} kReadings[] = {
    {"subject_type", "法人及非法人组织", "法人及非法人组织"},
    {"subject_type", "法人", "法人及非法人组织"},
    {"subject_type", "自然人", "自然人"},
    {"subject_type", "个体户", "个体工商户"},
    {"subject_type", "公司", nullptr},
    {"subject_type", "1", nullptr},  // platforms number these differently
    {"certificate_type", "身份证", "身份证"},
    {"certificate_type", "111", "身份证"},
    {"certificate_type", "护照", "护照号"},
    {"certificate_type", "回乡证", "港澳居民来往内地通行证"},
    {"certificate_type", "511", "台湾居民来往大陆通行证"},
    {"certificate_type", "553", "外国人永久居留身份证"},
    {"certificate_type", "军官证", "军人证件"},
    {"certificate_type", "其他-海员证", "其他"},
    {"permit_kind", "普通", "普通"},
    {"permit_kind", "02", "特许"},
    {"permit_kind", "认可", "认可"},
    {"permit_kind", "核准", "核准"},
    {"permit_kind", "登记", "登记"},
    {"permit_kind", "其他－备案", "其他"},
    {"permit_kind", "特殊", nullptr},
    {"permit_state", "1", "有效"},
    {"permit_state", "注销", "无效"},
    {"permit_state_old", "1", "无效"},
    {"permit_state_old", "异议", "异议"},
    {"permit_state_old", "3", "其他"},
    {"penalty_state_old", "0", "正常"},
    {"penalty_state_old", "1", "撤销"},
    {"penalty_state_old", "2", "异议"},
    {"penalty_state_old", "3", "其他"},
    {"use_scope", "0", "公示"},
    {"use_scope", "1", "仅政府部门内部共享"},
    {"use_scope", "2", "仅授权查询"},
    {"registration_state", "在业", "存续"},
    {"registration_state", "存续（在营、开业、在册）", "存续"},
    {"registration_state", "吊销,未注销", "吊销未注销"},
    {"registration_state", "3", "吊销已注销"},
    {"registration_state", "注销", "注销"},
    {"registration_state", "撤销", "撤销"},
    {"registration_state", "迁出", "迁出"},
    {"registration_state", "停业", "歇业"},
    {"registration_state", "9", "其他"},
    {"registration_state", "热闹", nullptr},
    {"yes_no", "有", "是"},
    {"compulsion_kind", "查封", "查封场所、设施或者财物"},
    {"confirmation_kind", "确定", "确定"},
    {"inspection_kind", "双随机", "双随机抽查"},
    {"inspection_result", "合格", "未发现问题"},
    {"severe_list_name", "失信被执行人", "失信被执行人名单"},
    {"severe_list_name", "失信黑榜", nullptr},  // R2: the list is closed
    {"punishment_measure", "依法依规限制市场或行业准入", "限制市场或行业准入"},
    {"punishment_measure", "失信黑榜", nullptr},  // R2: the list is closed
    {"abnormal_list_name", "经营异常", "经营异常名录"},
    {"abnormal_reason", "未依照规定的期限公示年度报告的", "未按规定期限公示年度报告"},
    {"performance", "未履行", "全部未履行"},
    {"contract_kind", "政府采购合同", "政府采购"},
    {"contract_performance", "正在履行", "履行中"},
    {"commitment_kind", "审批替代", "审批替代型"},
    {"commitment_performance", "已履行", "全部履行"},
    {"commitment_publicity", "公开", "社会公开"},
    {"compliance_kind", "社会保险", "社会保险费缴纳"},
    {"honour_level", "国家", "国家级"},
    {"intellectual_kind", "发明", "发明专利"},
    {"penalty_kind", "罚 款", "罚款"},
    {"penalty_kind", "其他-责令改正", "其他"},
    {"penalty_kind", "其它：责令改正", "其他"},
    {"penalty_kind", "其他", "其他"},
    {"penalty_kind", "责令停业", "责令停产停业"},
    {"penalty_kind", "警告、罚款", nullptr},  // two kinds, not one
    {"penalty_kind", "批评-教育", nullptr},
};

const struct {
    const char* date;
    const char* set;
    int severity;
    const char* id;
    bool shown;
    int min_months, max_months;
} kTerms[] = {
    {"2026-11-20", "penalty", 1, "order36.minor", false, 0, 3},
    {"2026-04-01", "penalty", 2, "order36.ordinary", true, 3, 12},
    {"2026-11-20", "penalty", 3, "order36.serious", true, 12, 36},
    {"2026-03-31", "penalty", 1, "order58.minor", false, 0, 0},
    {"2026-03-31", "penalty", 2, "order58.ordinary", true, 3, 36},
    {"2023-05-01", "penalty", 3, "order58.serious", true, 12, 36},
    {"2023-04-30", "penalty", 1, "notice527.minor", false, 0, 0},
    {"2019-07-01", "penalty", 2, "notice527.ordinary", true, 3, 12},
    {"2023-04-30", "penalty", 3, "notice527.serious", true, 6, 36},
    {"2026-11-20", "permit", 0, "permit.validity", true, 0, 0},
    {"2026-11-20", "registration", 0, "registration.facts", true, 0, 0},
    {"2026-11-20", "negative", 2, "order36.negative_ordinary", true, 3, 12},
    {"2026-11-20", "negative", 3, "order36.negative_serious", true, 12, 36},
    {"2026-11-20", "defaulter", 3, "defaulter.term", true, 0, 24},
    {"2026-11-20", "administrative_act", 0, "act.term", true, 0, 36},
    {"2026-11-20", "reward", 0, "reward.term", true, 0, 0},
    {"2026-11-20", "inspection", 0, "inspection.term", true, 0, 12},
    {"2026-11-20", "contract", 0, "contract.term", true, 0, 36},
    {"2026-11-20", "commitment", 0, "commitment.term", true, 0, 0},
    {"2026-11-20", "evaluation", 0, "evaluation.term", true, 0, 12},
    {"2026-11-20", "compliance", 0, "compliance.term", true, 0, 36},
    {"2026-11-20", "honour", 0, "honour.term", true, 0, 0},
    {"2026-11-20", "intellectual_property", 0, "intellectual.term", true, 0, 0},
    {"2026-11-20", "self_declared", 0, "declared.term", true, 0, 12},
    {"2026-11-20", "none", 0, "none.term", false, 0, 0},
};

const struct {
    const char* id;
    const char* text;
    std::int64_t number;
} kParameters[] = {
    {"publish.due_working_days.xk", "7", 7},
    {"publish.due_working_days.cf", "7", 7},
    {"publish.due_working_days.samr_same_province", "20", 20},
    {"publish.due_working_days.samr_cross_forward", "10", 10},
    {"publish.due_working_days.samr_cross_publish", "10", 10},
    {"publish.withdraw_working_days", "3", 3},
    {"publish.due_working_days.act", "7", 7},
    {"publish.due_working_days.list", "7", 7},
    {"severity.compulsion", "2", 2},
    {"period.defaulter.max_months", "24", 24},
    {"period.act.months", "36", 36},
    {"period.inspection.months", "12", 12},
    {"period.evaluation.months", "12", 12},
    {"period.declared.months", "12", 12},
    {"publish.natural_person", "false", 0},
    {"intake.check_working_days", "5", 5},
    {"intake.annulment_working_days.henan", "1", 1},
    {"intake.annulment_working_days.shandong_report", "3", 3},
    {"penalty.simple.max_person", "200", 200},
    {"penalty.simple.max_org", "3000", 3000},
    {"intake.reject_simple_person", "true", 1},
    {"intake.reject_simple_org", "false", 0},
    {"severity.small_fine_is_minor", "true", 1},
    {"severity.serious_fine", "0", 0},
    {"severity.downgrade_qualification", "2", 2},
    {"severity.restrict_business", "2", 2},
    {"severity.stop_business", "2", 2},
    {"severity.close", "2", 2},
    {"period.minor.max_months", "3", 3},
    {"period.ordinary.min_months", "3", 3},
    {"period.ordinary.max_months", "12", 12},
    {"period.serious.min_months", "12", 12},
    {"period.serious.max_months", "36", 36},
    {"period.ceiling_years.provincial", "5", 5},
    {"period.start", "decision_date", 0},
    {"repair.push_working_days", "3", 3},
    {"repair.accept_working_days", "3", 3},
    {"repair.decide_working_days", "10", 10},
    {"repair.extend_working_days", "10", 10},
    {"repair.sync_working_days", "1", 1},
    {"repair.false_material.publish_years", "3", 3},
    {"repair.false_material.ban_years", "3", 3},
    {"objection.self_working_days", "3", 3},
    {"objection.with_provider_working_days", "7", 7},
    {"objection.provider_answer_working_days", "3", 3},
    {"objection.annotate_working_days", "0", 0},
    {"assess.appeal_working_days", "5", 5},
    {"report.free_per_year.person", "2", 2},
    {"report.special.max_years", "5", 5},
    {"log.security.retention_months", "36", 36},
    {"log.query_person.retention_years", "10", 10},
    {"person.min_age", "18", 18},
    {"eval.subjects", "organisations", 0},
    {"eval.base", "1000", 1000},
    {"list.comment_days", "30", 30},
    {"legacy.long_term_date", "2099-12-31", 0},
};

const char* const kClasses[] = {"registration_class", "judicial_class",   "administration_class",
                                "occupation_class",   "abnormal_class",   "severe_class",
                                "contract_class",     "commitment_class", "evaluation_class",
                                "compliance_class",   "honour_class",     "intellectual_class",
                                "voluntary_class"};

}  // namespace

TEST_CASE("the items of the catalogue, by id and number, in force today") {
    auto book = real_rules();
    CHECK(book->items().size() == std::size(kItems));
    for (const auto& row : kItems) {
        CAPTURE(std::string(row.id));
        auto item = book->item_in_force(row.id, kToday);
        REQUIRE(item.ok());
        CHECK(book->item(row.number) == *item);
        CHECK((*item)->title_zh == row.title_zh);
        CHECK((*item)->section == row.section);
        CHECK((*item)->fields.size() == row.fields);
        CHECK((*item)->adverse == row.adverse);
        CHECK((*item)->defines_subject == row.defines_subject);
        CHECK((*item)->due_working_days == row.due_working_days);
        CHECK_FALSE((*item)->persons_allowed);  // the allow-list for natural persons is empty
        CHECK_FALSE((*item)->basis.document.empty());
    }
    CHECK(book->item_in_force("gossip", kToday).error().fault == Fault::item_unknown);
    CHECK(book->item_in_force("permit", day("2001-01-01")).error().fault == Fault::item_not_in_force);
}

TEST_CASE("every domain: what is read as what") {
    std::set<std::string> cited;
    for (const auto& row : kReadings) {
        CAPTURE(std::string(row.domain) + " " + row.text);
        const Domain* domain = real_rules()->domain(row.domain);
        REQUIRE(domain != nullptr);
        const DomainValue* found = domain->find(row.text);
        CHECK((found != nullptr) == (row.value != nullptr));
        if (found != nullptr && row.value != nullptr) CHECK(found->value == row.value);
        cited.insert(row.domain);
    }
    CHECK(cited == ids_of("domain"));
}

TEST_CASE("publicity terms (rules 2.3), by id") {
    const std::set<std::string_view> to_the_end = {
        "permit",       "reward", "contract", "commitment", "evaluation", "honour", "intellectual_property",
        "self_declared"};
    auto book = real_rules();
    std::set<std::string> cited;
    for (const auto& row : kTerms) {
        CAPTURE(std::string(row.id));
        const PublicityTerm* in_force = book->publicity_term(row.set, row.severity, day(row.date));
        CHECK((in_force != nullptr) == row.shown);  // what may not be shown is never handed out
        for (const PublicityTerm& term : book->publicity()) {
            if (term.id != row.id) continue;
            if (row.shown) CHECK(in_force == &term);
            CHECK(term.shown == row.shown);
            CHECK(term.min_months == row.min_months);
            CHECK(term.max_months == row.max_months);
            CHECK(term.validity.contains(day(row.date)));
            CHECK(term.until_valid_to == to_the_end.contains(term.set));
            CHECK(term.start == (term.set == "registration" ? "established" : "decision_date"));
            cited.insert(term.id);
        }
    }
    CHECK(cited == ids_of("publicity"));
    CHECK(book->publicity_term("penalty", 2, day("2019-06-30")) == nullptr);
    CHECK(book->publicity_term("penalty", 0, kToday) == nullptr);
    CHECK(book->publicity_term("gossip", 0, kToday) == nullptr);
}

TEST_CASE("parameters (rules 15), by id") {
    std::set<std::string> cited;
    for (const auto& row : kParameters) {
        CAPTURE(std::string(row.id));
        const Parameter& parameter = real_rules()->parameter(row.id, kToday);
        CHECK(parameter.text == row.text);
        CHECK(parameter.number == row.number);
        CHECK_FALSE(parameter.basis.document.empty());
        cited.insert(row.id);
    }
    CHECK(cited == ids_of("parameter"));
    CHECK(real_rules()->parameter(kPersonMinAge, day("1990-01-01")).number ==
          18);  // before the first version: that
}

TEST_CASE("the catalogue: thirteen classes, every item in one, with all that an entry must say") {
    auto book = real_rules();
    REQUIRE(book->classes().size() == 13);
    std::set<const CatalogueClass*> filled;
    for (std::size_t i = 0; i < 13; ++i)
        CHECK(book->classes()[i]->number == static_cast<std::int64_t>(i) + 1);
    for (const auto& item : book->items()) {
        CAPTURE(item->id);
        filled.insert(item->catalogue_class);
        CHECK_FALSE(item->provider_zh.empty());
        CHECK_FALSE(item->about_zh.empty());
        CHECK_FALSE(item->basis.document.empty());
        CHECK_FALSE(item->subject_kinds.empty());
        CHECK_FALSE(item->key_fields.empty());
        CHECK_FALSE(item->persons_allowed);  // R4: the allow-list is empty
        CHECK(item->field_with(Role::subject_name) >= 0);
        CHECK((item->only_persons() || item->field_with(Role::uscc) >= 0));
        CHECK((item->defines_subject || item->field_with(Role::decision_date) >= 0));
        CHECK(item->in_force(kToday));
    }
    CHECK(filled.size() == 13);
    CHECK(book->item("occupation")->only_persons());
    CHECK(book->item("levy")->sharing == Sharing::departments);
    CHECK(book->item("severe_list")->severity == 3);
    CHECK(book->item("honour")->update_cycle == UpdateCycle::quarterly);
}

TEST_CASE("an item whose document is repealed is not in force any more") {
    std::vector<RuleFile> files = real_rules()->files();
    for (RuleFile& file : files) {
        const std::string line =
            "{id: tax.credit, title_zh: 纳税信用管理办法（试行）, valid_from: 2014-10-01";
        const std::size_t at = file.content.find(line);
        if (at != std::string::npos) file.content.insert(at + line.size(), ", valid_to: 2026-10-31");
    }
    auto book = Rulebook::load(std::move(files));
    REQUIRE(book.ok());
    CHECK((*book)->item_in_force("tax_a", day("2026-10-31")).ok());
    auto refused = (*book)->item_in_force("tax_a", day("2026-11-01"));
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().fault == Fault::item_not_in_force);
    CHECK(refused.error().detail_zh.find("废止") != std::string::npos);
}
