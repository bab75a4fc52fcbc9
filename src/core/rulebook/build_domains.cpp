// Pass 2 of documents, parameters, closed lists and placeholders.
#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "rulebook/loading.h"
#include "rulebook/parameters.h"

namespace mingxin::rulebook {

namespace {

Parameter parameter_of(Loading& loading, const Entry& entry) {
    Parameter parameter;
    parameter.id = entry.id;
    parameter.text = entry.tree->text_of("value");
    parameter.basis = loading.basis(entry);
    parameter.validity = entry.validity;
    if (parameter.text == "true") parameter.number = 1;
    const char* end = parameter.text.data() + parameter.text.size();
    std::int64_t number = 0;
    auto read = std::from_chars(parameter.text.data(), end, number);
    if (read.ec == std::errc() && read.ptr == end) parameter.number = number;
    return parameter;
}

/// Every day has exactly one value: versions follow each other without gaps and the last has no end.
void check_history(Loading& loading, const Entry& last, const std::vector<Parameter>& versions) {
    for (std::size_t i = 1; i < versions.size(); ++i) {
        if (versions[i].validity.from != versions[i - 1].validity.to.plus_days(1)) {
            loading.problem(last, *last.tree, "参数各版本的有效期之间有间隔");
        }
    }
    if (versions.back().validity.to.year() != 9999)
        loading.problem(last, *last.tree, "参数的最后版本不得有 valid_to");
}

DomainValue value_of(Loading& loading, const Entry& entry, const Tree& tree, const Basis& basis) {
    DomainValue value;
    value.value = tree.text_of("value");
    value.code = tree.text_of("code");
    value.aliases = texts(tree.find("aliases"));
    value.group = tree.text_of("group");
    value.severity = static_cast<int>(loading.number(entry, tree, "severity", 0));
    value.needs_text = flag(tree, "needs_text");
    value.needs_choice = flag(tree, "needs_choice");
    value.persons_only = flag(tree, "persons_only");
    value.basis = tree.find("basis") != nullptr ? loading.basis(entry, tree) : basis;
    value.validity = entry.validity;
    if (tree.find("valid_from") != nullptr) value.validity.from = *parse_date(tree.text_of("valid_from"));
    if (tree.find("valid_to") != nullptr) value.validity.to = *parse_date(tree.text_of("valid_to"));
    if (value.validity.to < value.validity.from) loading.problem(entry, tree, "valid_to 早于 valid_from");
    if (value.severity < 0 || value.severity > 3) loading.problem(entry, tree, "severity 应为 0 至 3");
    if (value.value.find(';') != std::string::npos) loading.problem(entry, tree, "取值不得含分号");
    return value;
}

void index_value(Loading& loading, const Entry& entry, const Tree& tree, Domain& domain) {
    int index = static_cast<int>(domain.values.size()) - 1;
    const DomainValue& value = domain.values.back();
    std::vector<std::string> spellings = value.aliases;
    spellings.push_back(value.value);
    if (!value.code.empty()) spellings.push_back(value.code);
    for (const std::string& spelling : spellings) {
        for (const std::string& key : {spelling, fold_value(spelling)}) {
            auto [place, added] = domain.by_text.emplace(key, index);
            if (!added && place->second != index) {
                loading.problem(entry, tree, spelling + " 已属于 " + domain.values[place->second].value);
            }
        }
    }
}

}  // namespace

void build_edition(Loading& loading) {
    for (const Entry& entry : loading.entries("edition")) {
        loading.book.edition = {std::string(entry.tree->text_of("title_zh")), loading.basis(entry)};
    }
    if (loading.book.edition.title_zh.empty()) loading.missing("edition", "title_zh");
}

void build_documents(Loading& loading) {
    for (const Entry& entry : loading.entries("documents")) {
        Basis basis;
        basis.document = entry.tree->text_of("title_zh");
        basis.validity = entry.validity;
        loading.list_rule(entry, "document", basis);
        loading.book.documents.emplace(entry.id, std::move(basis));
    }
}

void build_parameters(Loading& loading) {
    std::map<std::string_view, const Entry*> last;
    for (const Entry& entry : loading.entries("parameters")) {
        Parameter parameter = parameter_of(loading, entry);
        loading.list_rule(entry, "parameter", parameter.basis);
        std::vector<Parameter>& versions = loading.book.parameters[entry.id];
        auto at = std::find_if(versions.begin(), versions.end(), [&](const Parameter& one) {
            return parameter.validity.from < one.validity.from;
        });
        if (at == versions.end()) last[entry.id] = &entry;
        versions.insert(at, std::move(parameter));
    }
    for (const auto& [id, versions] : loading.book.parameters) check_history(loading, *last[id], versions);
    for (std::string_view id : kParameterIds) {
        if (!loading.book.parameters.contains(id)) loading.missing("parameters", std::string(id));
    }
}

void build_domains(Loading& loading) {
    for (const Entry& entry : loading.entries("domains")) {
        auto domain = std::make_unique<Domain>();
        domain->id = entry.id;
        domain->title_zh = entry.tree->text_of("title_zh");
        Basis basis = loading.basis(entry);
        const Tree& values = *entry.tree->find("values");
        if (values.children.empty()) loading.problem(entry, values, "值域没有取值");
        for (const Tree& tree : values.children) {
            domain->values.push_back(value_of(loading, entry, tree, basis));
            index_value(loading, entry, tree, *domain);
        }
        loading.list_rule(entry, "domain", basis);
        loading.book.domains.emplace(entry.id, std::move(domain));
    }
    for (const Entry& entry : loading.entries("placeholders")) {
        for (const std::string& value : texts(entry.tree->find("values"))) {
            const std::string folded = fold_value(value);
            loading.book.placeholders.insert(folded);
            loading.book.placeholder_starts += to_code_points(folded).substr(0, 1);
        }
        loading.book.placeholder_runs = to_code_points(entry.tree->text_of("repeated"));
        loading.book.placeholder_starts += loading.book.placeholder_runs;
    }
}

}  // namespace mingxin::rulebook
