// The shape of every section: which keys an entry may and must have, and of what kind their values are.
#include <algorithm>
#include <charconv>
#include <optional>

#include "base/text.h"
#include "rulebook/loading.h"

namespace mingxin::rulebook {

namespace {

enum class Shape { text, integer, boolean, date, number, texts, integers, dates, value, map, maps, free };

struct Key {
    const char* name;
    Shape shape;
    bool required = false;
    const Schema* inner = nullptr;  // of map and maps
};

}  // namespace

struct Schema {
    std::vector<Key> keys;
};

namespace {

const Schema kBasis{{{"document", Shape::text, true}, {"article", Shape::text}, {"unsure", Shape::boolean}}};
const Key kId{"id", Shape::text, true};
const Key kTitle{"title_zh", Shape::text, true};
const Key kBasisKey{"basis", Shape::map, true, &kBasis};
const Key kFrom{"valid_from", Shape::date, true};
const Key kTo{"valid_to", Shape::date};

const Schema kDocument{{kId, kTitle, kFrom, kTo}};
const Schema kParameter{{kId, kTitle, {"value", Shape::value, true}, kBasisKey, kFrom, kTo}};
const Schema kDomainValue{{{"value", Shape::text, true},
                           {"code", Shape::text},
                           {"aliases", Shape::texts},
                           {"group", Shape::text},
                           {"severity", Shape::number},
                           {"needs_text", Shape::boolean},
                           {"needs_choice", Shape::boolean},
                           {"persons_only", Shape::boolean},
                           {"basis", Shape::map, false, &kBasis},
                           {"valid_from", Shape::date},
                           kTo}};
const Schema kDomain{{kId, kTitle, kBasisKey, kFrom, kTo, {"values", Shape::maps, true, &kDomainValue}}};
const Schema kPlaceholders{{{"values", Shape::texts, true}, {"repeated", Shape::text, true}}};
// A field, or a set of fields that many items share: {use: party, prefix: QZ_}.
const Schema kField{{{"code", Shape::text},
                     {"name_zh", Shape::text},
                     {"use", Shape::text},
                     {"prefix", Shape::text},
                     {"aliases", Shape::texts},
                     {"type", Shape::text},
                     {"role", Shape::text},
                     {"requirement", Shape::text},
                     {"length", Shape::integers},
                     {"domain", Shape::text},
                     {"old_domain", Shape::text},
                     {"wan_yuan", Shape::boolean},
                     {"sharing", Shape::text},
                     {"absent", Shape::text},
                     {"default", Shape::text},
                     {"default_from", Shape::text},
                     {"example", Shape::text}}};
const Schema kOldVersion{{{"has", Shape::texts, true}, {"lacks", Shape::texts, true}}};
const Schema kFieldSet{{kId, kTitle, {"fields", Shape::maps, true, &kField}}};
const Schema kClass{{kId, kTitle, {"number", Shape::integer, true}, kBasisKey, kFrom, kTo}};
const Schema kItem{{kId,
                    kTitle,
                    {"title_en", Shape::text},
                    {"about_zh", Shape::text, true},
                    {"number", Shape::integer, true},
                    {"class", Shape::text, true},
                    {"section", Shape::text, true},
                    {"provider_zh", Shape::text, true},
                    {"sharing", Shape::text, true},
                    {"update_cycle", Shape::text, true},
                    {"subject_kinds", Shape::texts},
                    {"severity", Shape::number},
                    {"self_declared", Shape::boolean},
                    kBasisKey,
                    kFrom,
                    kTo,
                    {"adverse", Shape::boolean},
                    {"defines_subject", Shape::boolean},
                    {"persons_allowed", Shape::boolean},
                    {"publicity", Shape::text, true},
                    {"due_working_days", Shape::number},
                    {"key_fields", Shape::texts, true},
                    {"key_without_document", Shape::texts},
                    {"prominent", Shape::boolean},
                    {"heading", Shape::text},
                    {"old_version", Shape::map, false, &kOldVersion},
                    {"fields", Shape::maps, true, &kField}}};
const Schema kCheck{{kId,
                     kTitle,
                     {"on", Shape::free, true},
                     {"algorithm", Shape::text},
                     {"effect", Shape::text, true},
                     {"when", Shape::free},
                     {"holds", Shape::free},
                     {"message_zh", Shape::text, true},
                     {"remedy_zh", Shape::text, true},
                     kBasisKey,
                     kFrom,
                     kTo}};
const Schema kTerm{{kId,
                    kTitle,
                    {"set", Shape::text, true},
                    {"severity", Shape::integer},
                    {"shown", Shape::boolean},
                    {"min_months", Shape::number},
                    {"max_months", Shape::number},
                    {"until_valid_to", Shape::boolean},
                    {"start", Shape::text, true},
                    kBasisKey,
                    kFrom,
                    kTo}};
const Schema kCalendar{
    {{"year", Shape::integer, true}, kTitle, {"off", Shape::dates, true}, {"work", Shape::dates, true}}};
const Schema kTable{{{"file", Shape::text, true}, kTitle, kBasisKey, {"source", Shape::text, true}}};
const Schema kRole{{kId, kTitle, {"permissions", Shape::texts, true}, kBasisKey, kFrom, kTo}};
const Schema kWords{{kId,
                     kTitle,
                     {"words", Shape::texts},
                     {"except", Shape::texts},
                     {"personal", Shape::text},
                     {"form", Shape::text},
                     {"unless", Shape::texts},
                     {"with", Shape::texts},
                     {"persons", Shape::texts},
                     {"hidden", Shape::boolean},
                     {"effect", Shape::text, true},
                     {"reason_zh", Shape::text, true},
                     {"remedy_zh", Shape::text, true},
                     kBasisKey,
                     kFrom,
                     kTo}};
const Schema kCampaign{{kId,
                        kTitle,
                        {"title_en", Shape::text, true},
                        {"about_zh", Shape::text, true},
                        {"from", Shape::text, true},
                        {"to", Shape::text},
                        kBasisKey,
                        kFrom,
                        kTo}};
const Schema kWithdrawal{{kId,
                          kTitle,
                          {"title_en", Shape::text, true},
                          {"public_zh", Shape::text, true},
                          {"needs_document", Shape::boolean},
                          {"penalty_working_days", Shape::number},
                          {"other_working_days", Shape::number},
                          kBasisKey,
                          kFrom,
                          kTo}};
const Schema kReportSection{{kId, kTitle}};
const Schema kReport{{kTitle,
                      {"empty_zh", Shape::text, true},
                      {"sections", Shape::maps, true, &kReportSection},
                      {"explanation_zh", Shape::texts, true},
                      {"disclaimer_zh", Shape::texts, true},
                      kBasisKey}};

const Schema kIndicator{{kId,
                         kTitle,
                         {"title_en", Shape::text, true},
                         {"formula_zh", Shape::text, true},
                         {"formula_en", Shape::text, true},
                         {"numerator", Shape::text, true},
                         {"denominator", Shape::text},
                         {"direction", Shape::text, true},
                         {"target", Shape::integer, true},
                         kBasisKey,
                         kFrom,
                         kTo}};
const Schema kWeight{{{"indicator", Shape::text, true}, {"weight", Shape::integer, true}}};
const Schema kGrade{{kId, kTitle, {"title_en", Shape::text, true}, {"from", Shape::integer, true}}};
const Schema kAssessment{{kId,
                          kTitle,
                          {"title_en", Shape::text, true},
                          {"items", Shape::texts, true},
                          {"weights", Shape::maps, true, &kWeight},
                          {"grades", Shape::maps, true, &kGrade},
                          {"appeal_working_days", Shape::number, true},
                          kBasisKey,
                          kFrom,
                          kTo}};

const Schema kEdition{{kTitle, kBasisKey}};

struct NamedSection {
    const char* name;
    Section section;
};
const NamedSection kSections[] = {
    {"documents", {&kDocument, true, true, false}},
    {"parameters", {&kParameter, true, true, true}},
    {"domains", {&kDomain, true, true, false}},
    {"placeholders", {&kPlaceholders, false, false, false}},
    {"classes", {&kClass, true, true, false}},
    {"field_sets", {&kFieldSet, true, true, false}},
    {"items", {&kItem, true, true, false}},
    {"checks", {&kCheck, true, true, true}},
    {"publicity", {&kTerm, true, true, true}},
    {"calendar", {&kCalendar, true, false, false}},
    {"divisions", {&kTable, false, false, false}},
    {"industries", {&kTable, false, false, false}},
    {"roles", {&kRole, true, true, false}},
    {"report", {&kReport, false, false, false}},
    {"edition", {&kEdition, false, false, false}},
    {"words", {&kWords, true, true, true}},
    {"campaigns", {&kCampaign, true, true, true}},
    {"withdrawals", {&kWithdrawal, true, true, true}},
    {"campaigns", {&kCampaign, true, true, true}},
    {"indicators", {&kIndicator, true, true, true}},
    {"assessments", {&kAssessment, true, true, true}},
};

bool is_integer(const Tree& tree) {
    std::int64_t value = 0;
    const char* end = tree.text.data() + tree.text.size();
    auto read = std::from_chars(tree.text.data(), end, value);
    return tree.kind == Tree::Kind::scalar && !tree.text.empty() && read.ec == std::errc() && read.ptr == end;
}
bool is_text(const Tree& tree) {
    return tree.kind == Tree::Kind::scalar && !trim(tree.text).empty();
}
bool is_date(const Tree& tree) {
    return tree.kind == Tree::Kind::scalar && parse_date(tree.text).has_value();
}
bool is_boolean(const Tree& tree) {
    return tree.kind == Tree::Kind::scalar && (tree.text == "true" || tree.text == "false");
}
bool is_parameter(const Tree& tree) {
    return tree.kind == Tree::Kind::map && tree.keys.size() == 1 && tree.keys[0] == "parameter" &&
           is_text(tree.children[0]);
}
bool each(const Tree& tree, bool (*test)(const Tree&)) {
    return tree.kind == Tree::Kind::list && std::all_of(tree.children.begin(), tree.children.end(), test);
}

/// nullopt when right, else what it should be.
std::optional<std::string> mismatch(const Tree& tree, Shape shape) {
    switch (shape) {
        case Shape::text:
        case Shape::value:
            return is_text(tree) ? std::nullopt : std::optional<std::string>("应为文字");
        case Shape::integer:
            return is_integer(tree) ? std::nullopt : std::optional<std::string>("应为整数");
        case Shape::boolean:
            return is_boolean(tree) ? std::nullopt : std::optional<std::string>("应为 true 或 false");
        case Shape::date:
            return is_date(tree) ? std::nullopt
                                 : std::optional<std::string>("应为真实存在的日期，如 2026-04-01");
        case Shape::number:
            if (is_integer(tree) || is_parameter(tree)) return std::nullopt;
            return "应为整数或 {parameter: 参数编号}";
        case Shape::texts:
            return each(tree, is_text) ? std::nullopt : std::optional<std::string>("应为文字的列表");
        case Shape::integers:
            return each(tree, is_integer) ? std::nullopt : std::optional<std::string>("应为整数的列表");
        case Shape::dates:
            return each(tree, is_date) ? std::nullopt : std::optional<std::string>("应为日期的列表");
        case Shape::map:
            return tree.kind == Tree::Kind::map ? std::nullopt : std::optional<std::string>("应为键值组");
        case Shape::maps:
            if (each(tree, [](const Tree& child) { return child.kind == Tree::Kind::map; }))
                return std::nullopt;
            return "应为键值组的列表";
        case Shape::free:
            break;
    }
    return std::nullopt;
}

}  // namespace

const Section* find_section(std::string_view name) {
    for (const NamedSection& named : kSections) {
        if (named.name == name) return &named.section;
    }
    return nullptr;
}

void check_schema(Loading& loading, const Entry& entry, const Tree& tree, const Schema& schema) {
    for (std::size_t i = 0; i < tree.keys.size(); ++i) {
        auto key = std::find_if(schema.keys.begin(), schema.keys.end(),
                                [&](const Key& candidate) { return candidate.name == tree.keys[i]; });
        const Tree& value = tree.children[i];
        if (key == schema.keys.end()) {
            loading.problem(entry, value, "不认识的键 " + tree.keys[i]);
            continue;
        }
        if (auto wrong = mismatch(value, key->shape)) {
            loading.problem(entry, value, tree.keys[i] + " " + *wrong);
        } else if (key->shape == Shape::map) {
            check_schema(loading, entry, value, *key->inner);
        } else if (key->shape == Shape::maps) {
            for (const Tree& child : value.children) check_schema(loading, entry, child, *key->inner);
        }
    }
    for (const Key& key : schema.keys) {
        if (key.required && tree.find(key.name) == nullptr) {
            loading.problem(entry, tree, std::string("缺少 ") + key.name);
        }
    }
}

}  // namespace mingxin::rulebook
