// Pass 2 of indicators and of the schemes of assessment.
#include <algorithm>
#include <array>

#include "rulebook/indicators.h"
#include "rulebook/loading.h"

namespace mingxin::rulebook {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(Measure::count_)> kNames{
    "rows",           "distinct",    "stored",       "passed",         "duplicate",
    "linkable",       "timed",       "on_time",      "late",           "cells",
    "filled",         "exact",       "bad_code",     "units_reported", "units_known",
    "items_reported", "items_known", "items_cycled", "items_fresh",    "days_since"};

void build_indicator(Loading& loading, const Entry& entry) {
    const Tree& tree = *entry.tree;
    Indicator one;
    one.id = entry.id;
    one.title_zh = tree.text_of("title_zh");
    one.title_en = tree.text_of("title_en");
    one.formula_zh = tree.text_of("formula_zh");
    one.formula_en = tree.text_of("formula_en");
    for (const char* key : {"numerator", "denominator"}) {
        const Tree* name = tree.find(key);
        if (name == nullptr) continue;
        const auto measure = measure_by_name(name->text);
        if (!measure) {
            loading.problem(entry, *name, "没有 " + name->text + " 这一计数");
        } else if (key == std::string_view("numerator")) {
            one.numerator = *measure;
        } else {
            one.denominator = *measure;
        }
    }
    const bool days = one.numerator == Measure::days_since;
    if (days == one.denominator.has_value()) loading.problem(entry, tree, "只有天数没有分母");
    one.higher_is_better = tree.text_of("direction") == "higher";
    if (!one.higher_is_better && tree.text_of("direction") != "lower") {
        loading.problem(entry, *tree.find("direction"), "direction 应为 higher 或 lower");
    }
    one.target = loading.number(entry, tree, "target", 0);
    one.basis = loading.basis(entry);
    one.validity = entry.validity;
    loading.list_rule(entry, "indicator", one.basis);
    loading.book.indicators.push_back(std::move(one));
}

void read_weights(Loading& loading, const Entry& entry, AssessmentScheme& scheme) {
    for (const Tree& tree : entry.tree->find("weights")->children) {
        AssessmentScheme::Weight weight{std::string(tree.text_of("indicator")),
                                        loading.number(entry, tree, "weight", 0)};
        const auto& all = loading.book.indicators;
        const auto known = std::find_if(all.begin(), all.end(),
                                        [&](const Indicator& one) { return one.id == weight.indicator; });
        if (known == all.end()) {
            loading.problem(entry, tree, "指标 " + weight.indicator + " 不存在");
        } else if (!known->denominator) {
            loading.problem(entry, tree, "天数不能计入得分");
        }
        if (weight.weight <= 0 || weight.weight > 1000) loading.problem(entry, tree, "权重应为1至1000");
        scheme.weights.push_back(std::move(weight));
    }
    if (scheme.weights.empty()) loading.problem(entry, *entry.tree, "没有权重");
}

void read_grades(Loading& loading, const Entry& entry, AssessmentScheme& scheme) {
    for (const Tree& tree : entry.tree->find("grades")->children) {
        Grade grade{std::string(tree.text_of("id")), std::string(tree.text_of("title_zh")),
                    std::string(tree.text_of("title_en")), 100 * loading.number(entry, tree, "from", 0)};
        if (!scheme.grades.empty() && grade.from >= scheme.grades.back().from) {
            loading.problem(entry, tree, "等次应从高到低排列");
        }
        scheme.grades.push_back(std::move(grade));
    }
    if (scheme.grades.empty() || scheme.grades.back().from != 0) {
        loading.problem(entry, *entry.tree, "最低的等次应自0分起");
    }
}

void build_scheme(Loading& loading, const Entry& entry) {
    const Tree& tree = *entry.tree;
    AssessmentScheme scheme;
    scheme.id = entry.id;
    scheme.title_zh = tree.text_of("title_zh");
    scheme.title_en = tree.text_of("title_en");
    for (const Tree& item : tree.find("items")->children) {
        const auto& all = loading.book.items;
        const auto found =
            std::find_if(all.begin(), all.end(), [&](const auto& one) { return one->id == item.text; });
        if (found == all.end()) {
            loading.problem(entry, item, "目录项 " + item.text + " 不存在");
        } else {
            scheme.items.push_back(found->get());
        }
    }
    read_weights(loading, entry, scheme);
    read_grades(loading, entry, scheme);
    scheme.appeal_working_days = static_cast<int>(loading.number(entry, tree, "appeal_working_days", 0));
    scheme.basis = loading.basis(entry);
    scheme.validity = entry.validity;
    loading.list_rule(entry, "assessment", scheme.basis);
    loading.book.assessment_schemes.push_back(std::move(scheme));
}

template <class T>
const T* in_force(const std::vector<T>& all, std::string_view id, Date date) {
    for (const T& one : all) {
        if (one.id == id && one.validity.contains(date)) return &one;
    }
    return nullptr;
}

}  // namespace

std::string_view measure_name(Measure measure) {
    return kNames[static_cast<std::size_t>(measure)];
}

std::optional<Measure> measure_by_name(std::string_view name) {
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        if (kNames[i] == name) return static_cast<Measure>(i);
    }
    return std::nullopt;
}

bool counts_rows(Measure measure) {
    return measure < Measure::units_reported;
}

bool AssessmentScheme::covers(const Item& item) const {
    return items.empty() || std::find(items.begin(), items.end(), &item) != items.end();
}

const Indicator* indicator(const Rulebook& rulebook, std::string_view id, Date date) {
    return in_force(rulebook.indicators(), id, date);
}

const AssessmentScheme* assessment_scheme(const Rulebook& rulebook, std::string_view id, Date date) {
    return in_force(rulebook.assessment_schemes(), id, date);
}

void build_assessments(Loading& loading) {
    for (const Entry& entry : loading.entries("indicators")) build_indicator(loading, entry);
    for (const Entry& entry : loading.entries("assessments")) build_scheme(loading, entry);
}

}  // namespace mingxin::rulebook
