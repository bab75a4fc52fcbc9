// Predicates as written in YAML: a map of one key.
//   always: true                      all: [..]   any: [..]   none: [..]
//   present: field   empty: field     equals: [field, value]   in: [field, [value, ...]]
//   has_group: [field, group, ...]    starts_with: [field, text, ...]
//   before_or_on: [field, field | today]
#include <algorithm>

#include "rulebook/loading.h"

namespace mingxin::rulebook {

namespace {

struct OpName {
    const char* name;
    Predicate::Op op;
};
constexpr OpName kOps[] = {
    {"always", Predicate::Op::always},
    {"all", Predicate::Op::all},
    {"any", Predicate::Op::any},
    {"none", Predicate::Op::none_of},
    {"present", Predicate::Op::present},
    {"empty", Predicate::Op::none_of},
    {"equals", Predicate::Op::equals},
    {"in", Predicate::Op::in},
    {"has_group", Predicate::Op::has_group},
    {"before_or_on", Predicate::Op::before_or_on},
    {"starts_with", Predicate::Op::starts_with},
};

class PredicateBuilder {
  public:
    PredicateBuilder(Loading& loading, const Entry& entry, const Item& item, int self)
        : loading_(loading), entry_(entry), item_(item), self_(self) {}

    Predicate build(const Tree& tree) {
        Predicate predicate;
        const OpName* op = nullptr;
        if (tree.kind == Tree::Kind::map && tree.keys.size() == 1) {
            auto found = std::find_if(std::begin(kOps), std::end(kOps),
                                      [&](const OpName& known) { return tree.keys[0] == known.name; });
            if (found != std::end(kOps)) op = found;
        }
        if (op == nullptr) {
            wrong(tree,
                  "条件应为一个键：all any none present empty equals in has_group before_or_on starts_with");
            return predicate;
        }
        predicate.op = op->op;
        const Tree& argument = tree.children[0];
        if (tree.keys[0] == "empty") {
            predicate.parts = {present(argument)};
        } else if (op->op == Predicate::Op::present) {
            predicate = present(argument);
        } else if (op->op == Predicate::Op::always) {
            if (argument.text != "true") wrong(argument, "always 只能为 true");
        } else if (op->op == Predicate::Op::all || op->op == Predicate::Op::any ||
                   op->op == Predicate::Op::none_of) {
            if (argument.kind != Tree::Kind::list || argument.children.empty())
                wrong(argument, "应为条件的列表");
            for (const Tree& part : argument.children) predicate.parts.push_back(build(part));
        } else {
            comparison(argument, predicate);
        }
        return predicate;
    }

  private:
    void wrong(const Tree& at, const std::string& what_zh) { loading_.problem(entry_, at, what_zh); }

    Predicate present(const Tree& argument) {
        Predicate predicate;
        predicate.op = Predicate::Op::present;
        predicate.field = resolve_field(loading_, entry_, argument, item_, self_);
        return predicate;
    }

    void comparison(const Tree& argument, Predicate& predicate) {
        if (argument.kind != Tree::Kind::list || argument.children.size() < 2) {
            return wrong(argument, "应为 [字段, 值]");
        }
        predicate.field = resolve_field(loading_, entry_, argument.children[0], item_, self_);
        if (predicate.field < 0) return;
        if (predicate.op == Predicate::Op::before_or_on) return dates(argument, predicate);
        const Tree& second = argument.children[1];
        bool nested = predicate.op == Predicate::Op::in;
        if (nested != (second.kind == Tree::Kind::list))
            return wrong(second, "应为 [字段, 值] 或 in: [字段, [值]]");
        const std::vector<Tree>& values = nested ? second.children : argument.children;
        for (std::size_t i = nested ? 0 : 1; i < values.size(); ++i)
            predicate.values.push_back(values[i].text);
        if (predicate.op == Predicate::Op::equals && predicate.values.size() != 1)
            wrong(argument, "应为 [字段, 值]");
        check_values(second, predicate);
    }

    void dates(const Tree& argument, Predicate& predicate) {
        const Tree& second = argument.children[1];
        if (argument.children.size() != 2) return wrong(argument, "应为 [日期字段, 日期字段或 today]");
        predicate.today = second.text == "today";
        if (!predicate.today) predicate.other_field = resolve_field(loading_, entry_, second, item_, self_);
        for (int field : {predicate.field, predicate.other_field}) {
            if (field >= 0 && item_.fields[field].type != FieldType::date) {
                wrong(argument, item_.fields[field].code + " 不是日期");
            }
        }
    }

    /// Values of closed lists must be in them, in canonical form; groups must exist.
    void check_values(const Tree& at, const Predicate& predicate) {
        const Domain* domain = item_.fields[predicate.field].domain;
        bool group = predicate.op == Predicate::Op::has_group;
        if (group && domain == nullptr) return wrong(at, item_.fields[predicate.field].code + " 没有值域");
        if (domain == nullptr || predicate.op == Predicate::Op::starts_with) return;
        for (const std::string& value : predicate.values) {
            bool known =
                std::any_of(domain->values.begin(), domain->values.end(),
                            [&](const DomainValue& one) { return (group ? one.group : one.value) == value; });
            if (!known) wrong(at, "值域 " + domain->id + " 没有 " + value);
        }
    }

    Loading& loading_;
    const Entry& entry_;
    const Item& item_;
    int self_;
};

}  // namespace

Predicate build_predicate(Loading& loading, const Entry& entry, const Tree& tree, const Item& item,
                          int self) {
    return PredicateBuilder(loading, entry, item, self).build(tree);
}

}  // namespace mingxin::rulebook
