// Pass 2 of checks: one CheckRule per item and marked field, with predicates resolved against that item.
#include <algorithm>

#include "base/text.h"
#include "rulebook/loading.h"

namespace mingxin::rulebook {

namespace {

struct AlgorithmName {
    const char* name;
    Algorithm value;
};
constexpr AlgorithmName kAlgorithms[] = {
    {"required", Algorithm::required},
    {"identifier", Algorithm::identifier},
    {"date", Algorithm::date},
    {"money", Algorithm::money},
    {"domain", Algorithm::domain},
    {"length", Algorithm::length},
    {"placeholder", Algorithm::placeholder},
    {"characters", Algorithm::characters},
    {"broken_cell", Algorithm::broken_cell},
    {"organ_known", Algorithm::organ_known},
    {"duplicate", Algorithm::duplicate},
    {"permit_chain", Algorithm::permit_chain},
    {"name_conflict", Algorithm::name_conflict},
    {"name_only", Algorithm::name_only},
    {"natural_person", Algorithm::natural_person},
    {"minor", Algorithm::minor},
    {"not_collected", Algorithm::not_collected},
    {"column", Algorithm::column},
    {"column_absent", Algorithm::column_absent},
    {"identifier_repaired", Algorithm::identifier_repaired},
    {"identifier_moved", Algorithm::identifier_moved},
    {"blanks", Algorithm::blanks},
    {"subject_kind", Algorithm::subject_kind},
    {"other_text", Algorithm::other_text},
    {"choice", Algorithm::choice},
    {"persons_only", Algorithm::persons_only},
    {"update", Algorithm::update},
    {"update_unproven", Algorithm::update_unproven},
    {"withdrawn", Algorithm::withdrawn},
    {"old_version", Algorithm::old_version},
};

struct EffectName {
    const char* name;
    Effect value;
};
constexpr EffectName kEffects[] = {{"reject", Effect::reject},
                                   {"doubtful", Effect::doubtful},
                                   {"warn", Effect::warn},
                                   {"repair", Effect::repair}};

/// What a message may hold between braces.
void check_placeholders(Loading& loading, const Entry& entry, std::string_view key) {
    static const std::string_view known[] = {"field", "value", "limit", "reason", "article"};
    const Tree* tree = entry.tree->find(key);
    std::string_view text = tree->text;
    for (std::size_t open = text.find('{'); open != text.npos; open = text.find('{', open + 1)) {
        std::size_t close = text.find('}', open);
        std::string_view name =
            close == text.npos ? text.substr(open) : text.substr(open + 1, close - open - 1);
        if (std::find(std::begin(known), std::end(known), name) == std::end(known)) {
            loading.problem(entry, *tree, std::string(key) + " 中的 {" + std::string(name) + "} 不认识");
        }
    }
}

CheckRule common_part(Loading& loading, const Entry& entry) {
    const Tree& tree = *entry.tree;
    CheckRule rule;
    rule.id = entry.id;
    rule.title_zh = tree.text_of("title_zh");
    rule.message_zh = tree.text_of("message_zh");
    rule.remedy_zh = tree.text_of("remedy_zh");
    rule.basis = loading.basis(entry);
    rule.validity = entry.validity;
    if (const Tree* name = tree.find("algorithm")) {
        auto found = std::find_if(std::begin(kAlgorithms), std::end(kAlgorithms),
                                  [&](const AlgorithmName& known) { return name->text == known.name; });
        if (found == std::end(kAlgorithms)) {
            loading.problem(entry, *name, "算法 " + name->text + " 不存在");
        } else {
            rule.algorithm = found->value;
        }
    } else if (tree.find("holds") == nullptr) {
        loading.problem(entry, tree, "需要 algorithm 或 holds");
    }
    const Tree* effect = tree.find("effect");
    auto found = std::find_if(std::begin(kEffects), std::end(kEffects),
                              [&](const EffectName& known) { return effect->text == known.name; });
    if (found == std::end(kEffects)) {
        loading.problem(entry, *effect, "effect 应为 reject、doubtful、warn 或 repair");
    } else {
        rule.effect = found->value;
    }
    check_placeholders(loading, entry, "message_zh");
    check_placeholders(loading, entry, "remedy_zh");
    return rule;
}

void add_to_item(Loading& loading, const Entry& entry, CheckRule rule, Item& item, int field) {
    rule.field = field;
    const Tree* when = entry.tree->find("when");
    const Tree* holds = entry.tree->find("holds");
    if (when != nullptr) rule.when = build_predicate(loading, entry, *when, item, field);
    if (holds != nullptr) rule.holds = build_predicate(loading, entry, *holds, item, field);
    item.checks.push_back(std::move(rule));
}

constexpr std::string_view kOnForm = "on 应为 {事项: [字段] 或 row}，事项为 each 时指具备所列字段的各事项";

/// The marked fields of one item, each once.
void mark(Loading& loading, const Entry& entry, const CheckRule& rule, Item& item, const Tree& fields) {
    if (fields.text == "row") return add_to_item(loading, entry, rule, item, -1);
    for (const Tree& name : fields.children) {
        const int field = resolve_field(loading, entry, name, item, -1);
        const bool marked = std::any_of(item.checks.begin(), item.checks.end(), [&](const CheckRule& other) {
            return other.id == rule.id && other.field == field && other.validity.from == rule.validity.from;
        });
        if (field >= 0 && !marked) add_to_item(loading, entry, rule, item, field);
    }
}

/// each: every item that has the field, and what the conditions of the check speak of. A name that no item
/// has is a slip of the pen.
void mark_each(Loading& loading, const Entry& entry, const CheckRule& rule, const Tree& fields) {
    std::vector<Tree> names = fields.children;
    if (fields.text == "row") names = {fields};
    for (const Tree& name : names) {
        Tree one = name;
        if (name.text != "row") {
            one = Tree{Tree::Kind::list, name.line, {}, {}, {name}};
        }
        bool anywhere = false;
        std::vector<std::string> lacking;
        for (const auto& item : loading.book.items) {
            const std::size_t before = loading.problem_count(), checks = item->checks.size();
            mark(loading, entry, rule, *item, one);
            if (loading.problem_count() == before) {
                anywhere = true;
                continue;
            }
            lacking = loading.take_problems(before);
            item->checks.resize(checks);
        }
        if (!anywhere && !lacking.empty()) loading.give_problems(std::move(lacking));
    }
}

/// on: {penalty: [fine, CF_WSH], permit: row, each: [decision_date]}
void build_check(Loading& loading, const Entry& entry) {
    CheckRule rule = common_part(loading, entry);
    loading.list_rule(entry, "check", rule.basis);
    const Tree& on = *entry.tree->find("on");
    if (on.kind != Tree::Kind::map || on.keys.empty()) {
        return loading.problem(entry, on, std::string(kOnForm));
    }
    for (std::size_t i = 0; i < on.keys.size(); ++i) {
        const Tree& fields = on.children[i];
        auto item = std::find_if(loading.book.items.begin(), loading.book.items.end(),
                                 [&](const auto& candidate) { return candidate->id == on.keys[i]; });
        const bool is_list = fields.kind == Tree::Kind::list && !fields.children.empty();
        if (fields.text != "row" && !is_list) {
            loading.problem(entry, fields, std::string(kOnForm));
        } else if (on.keys[i] == "each") {
            mark_each(loading, entry, rule, fields);
        } else if (item == loading.book.items.end()) {
            loading.problem(entry, fields, "事项 " + on.keys[i] + " 不存在");
        } else {
            mark(loading, entry, rule, **item, fields);
        }
    }
}

}  // namespace

int resolve_field(Loading& loading, const Entry& entry, const Tree& at, const Item& item, int self) {
    if (at.text == "self" && self >= 0) return self;
    for (std::size_t i = 0; i < item.fields.size(); ++i) {
        if (item.fields[i].code == at.text) return static_cast<int>(i);
    }
    std::optional<Role> role = role_by_name(at.text);
    int field = role && *role != Role::none ? item.field_with(*role) : -1;
    if (field < 0) loading.problem(entry, at, "事项 " + item.id + " 没有字段或角色 " + at.text);
    return field;
}

void build_checks(Loading& loading) {
    for (const Entry& entry : loading.entries("checks")) build_check(loading, entry);
}

}  // namespace mingxin::rulebook
