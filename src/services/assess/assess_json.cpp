#include "assess/assess_json.h"

#include <algorithm>

#include <fmt/format.h>

namespace mingxin::assess {

using api::Field;
using api::FieldType;
using api::Where;
using rulebook::Indicator;
using rulebook::Measure;

api::Principal::Scope figure_scope(const api::Principal& who) {
    return {who.may(api::Permission::assess_view_all), who.unit_code};
}

Result<std::map<std::string, std::string>> unit_names(store::ReadTx& tx) {
    std::map<std::string, std::string> names;
    for (access::Unit& unit : TRY(access::units(tx))) names.emplace(unit.code, std::move(unit.name));
    return names;
}

std::string points_text(const std::optional<std::int64_t>& hundredths) {
    if (!hundredths) return {};
    return fmt::format("{}.{:02}", *hundredths / 100, *hundredths % 100);
}

namespace {

void write_indicator(JsonWriter& json, const Indicator& one, const rulebook::AssessmentScheme& scheme) {
    json.begin_object().field("id", one.id).field("title", one.title_zh).field("title_en", one.title_en);
    json.field("formula", one.formula_zh).field("formula_en", one.formula_en);
    json.field("numerator", rulebook::measure_name(one.numerator));
    if (one.denominator) json.field("denominator", rulebook::measure_name(*one.denominator));
    json.field("higher_is_better", one.higher_is_better).field("target", one.target);
    json.field("days", !one.denominator.has_value()).field("rows", rulebook::counts_rows(one.numerator));
    std::int64_t weight = 0;
    for (const auto& each : scheme.weights) weight += each.indicator == one.id ? each.weight : 0;
    json.field("weight", weight).field("basis", one.basis.text_zh()).field("unsure", one.basis.unsure);
    json.end_object();
}

void write_result(JsonWriter& json, const UnitResult& result, const Document& document,
                  const rulebook::AssessmentScheme& scheme, std::string_view name) {
    json.begin_object().field("unit", result.unit).field("name", name);
    json.key("figures").begin_array();
    for (const Figure& figure : result.figures) {
        json.begin_object().field("indicator", figure.indicator).field("numerator", figure.numerator);
        json.field("denominator", figure.denominator);
        if (const auto rate = figure.rate()) json.field("rate", *rate);
        const bool corrected =
            std::any_of(document.corrections.begin(), document.corrections.end(), [&](const Correction& one) {
                return one.unit == result.unit && one.indicator == figure.indicator;
            });
        json.field("corrected", corrected).end_object();
    }
    json.end_array();
    if (result.score) {
        json.field("score", *result.score).field("grade", result.grade);
        for (const rulebook::Grade& grade : scheme.grades) {
            if (grade.id != result.grade) continue;
            json.field("grade_title", grade.title_zh).field("grade_title_en", grade.title_en);
        }
    }
    json.end_object();
}

}  // namespace

void write_board(JsonWriter& json, const rulebook::Rulebook& rulebook, const Document& document,
                 const api::Principal::Scope& scope, const std::map<std::string, std::string>& names) {
    static const rulebook::AssessmentScheme none;
    const auto* found = rulebook::assessment_scheme(rulebook, document.scheme, document.period.last_day());
    const rulebook::AssessmentScheme& scheme = found ? *found : none;
    json.field("scheme", document.scheme).field("title", scheme.title_zh);
    json.field("title_en", scheme.title_en).field("period", document.period.text());
    json.field("head", document.head).field("rulebook", document.rulebook);
    json.field("digest", document.digest()).field("all_units", scope.all);
    json.key("indicators").begin_array();
    for (const Indicator* one : indicators_of(rulebook, document.period)) {
        write_indicator(json, *one, scheme);
    }
    json.end_array().key("county");
    write_result(json, document.county, document, scheme, "");
    json.key("units").begin_array();
    for (const UnitResult& unit : document.units) {
        if (!scope.covers(unit.unit)) continue;
        const auto name = names.find(unit.unit);
        write_result(json, unit, document, scheme, name == names.end() ? "" : name->second);
    }
    json.end_array();
}

namespace {

std::vector<Field> result_fields() {
    return {{"unit", FieldType::text, "单位代码，空为全县", "unit; empty: the county", true},
            {"name", FieldType::text, "单位名称", "name", true},
            {"figures",
             FieldType::list,
             "各项指标",
             "figures",
             true,
             Where::query,
             "",
             {{"indicator", FieldType::text, "指标", "indicator", true},
              {"numerator", FieldType::integer, "分子（天数指标为天数）", "numerator, or the days", true},
              {"denominator", FieldType::integer, "分母", "denominator", true},
              {"rate", FieldType::integer, "百分之一个百分点，四舍五入；没有则无可计算",
               "hundredths of a percent, rounded half up; absent: nothing to be measured"},
              {"corrected", FieldType::boolean, "因申诉更正过", "corrected after an appeal", true}}},
            {"score", FieldType::integer, "得分，百分之一分", "score in hundredths of a point"},
            {"grade", FieldType::text, "等次", "grade"},
            {"grade_title", FieldType::text, "等次名称", "title of the grade"},
            {"grade_title_en", FieldType::text, "等次名称（英文）", "title of the grade in English"}};
}

}  // namespace

std::vector<Field> board_fields() {
    return {
        {"scheme", FieldType::text, "考核方案", "scheme", true},
        {"title", FieldType::text, "名称", "title", true},
        {"title_en", FieldType::text, "名称（英文）", "title in English", true},
        {"period", FieldType::text, "期间", "period", true},
        {"head", FieldType::integer, "计算时账本的事项数", "events of the journal that it rests on", true},
        {"rulebook", FieldType::text, "规则库摘要", "digest of the rulebook", true},
        {"digest", FieldType::text, "结果的摘要（SM3）", "digest of the document (SM3)", true},
        {"all_units", FieldType::boolean, "是否为全部单位", "whether of all units", true},
        {"indicators",
         FieldType::list,
         "指标",
         "indicators",
         true,
         Where::query,
         "",
         {{"id", FieldType::text, "编号", "id", true},
          {"title", FieldType::text, "名称", "title", true},
          {"title_en", FieldType::text, "名称（英文）", "title in English", true},
          {"formula", FieldType::text, "公式", "formula", true},
          {"formula_en", FieldType::text, "公式（英文）", "formula in English", true},
          {"numerator", FieldType::text, "分子的计数", "what the numerator counts", true},
          {"denominator", FieldType::text, "分母的计数", "what the denominator counts"},
          {"higher_is_better", FieldType::boolean, "越高越好", "whether higher is better", true},
          {"target", FieldType::integer, "目标，百分之一个百分点或天数",
           "target in hundredths of a percent, or days", true},
          {"days", FieldType::boolean, "以天数计", "whether it is in days", true},
          {"rows", FieldType::boolean, "可列出其中的行", "whether rows stand behind it", true},
          {"weight", FieldType::integer, "在得分中的权重", "weight in the score", true},
          {"basis", FieldType::text, "依据", "basis", true},
          {"unsure", FieldType::boolean, "依据待核实", "whether the basis is to be confirmed", true}}},
        {"county", FieldType::object, "全县", "the county", true, Where::query, "", result_fields()},
        {"units", FieldType::list, "各单位", "units", true, Where::query, "", result_fields()}};
}

namespace {

struct MeasureWords {
    const char* zh;
    const char* en;
};
constexpr MeasureWords kWords[] = {{"上报的行", "rows handed in"},
                                   {"上报的行（不计重复）", "rows handed in, without duplicates"},
                                   {"入库的行", "rows stored"},
                                   {"通过检查的行", "rows that passed"},
                                   {"重复的行", "duplicates"},
                                   {"应当关联的行", "rows to be linked"},
                                   {"有时限的首次入库行", "rows first taken, with a limit"},
                                   {"按时的行", "rows in time"},
                                   {"迟报的行", "late rows"},
                                   {"必填单元格", "mandatory cells"},
                                   {"已填的必填单元格", "mandatory cells filled"},
                                   {"内容无误的行", "rows without error of content"},
                                   {"代码有误的行", "rows with a wrong code"},
                                   {"有报送的单位", "units that handed in"},
                                   {"报送过的单位", "units that ever handed in"},
                                   {"有报送的目录项", "items handed in"},
                                   {"报送过的目录项", "items ever handed in"},
                                   {"有固定周期的目录项", "items with a fixed cycle"},
                                   {"未过周期的目录项", "items within their cycle"},
                                   {"天", "days"}};
static_assert(std::size(kWords) == static_cast<std::size_t>(Measure::count_));

}  // namespace

std::string_view measure_zh(Measure measure) {
    return kWords[static_cast<std::size_t>(measure)].zh;
}
std::string_view measure_en(Measure measure) {
    return kWords[static_cast<std::size_t>(measure)].en;
}

}  // namespace mingxin::assess
