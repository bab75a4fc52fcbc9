// What a newer edition changes. Entries are told apart by kind, id and the day from which they are valid:
// parameters, checks and terms have several entries of one id.
#include <algorithm>
#include <map>
#include <tuple>

#include "rulebook/editions.h"

namespace mingxin::rulebook {
namespace {

using Key = std::tuple<std::string_view, std::string_view, std::int32_t>;
Key key_of(const RuleInfo& rule) {
    return {rule.kind, rule.id, rule.validity.from.days};
}

std::vector<FacetChange> facet_changes(const RuleInfo& before, const RuleInfo& after) {
    std::map<std::string_view, std::string_view> old(before.facets.begin(), before.facets.end());
    std::vector<FacetChange> changes;
    for (const auto& [path, value] : after.facets) {
        auto known = old.find(path);
        if (known == old.end()) {
            changes.push_back({path, "", value});
        } else {
            if (known->second != value) changes.push_back({path, std::string(known->second), value});
            old.erase(known);
        }
    }
    for (const auto& [path, value] : old) changes.push_back({std::string(path), std::string(value), ""});
    return changes;
}

RuleChange change_of(Difference difference, const RuleInfo& rule) {
    return {difference, rule.kind, rule.id, rule.title_zh, rule.basis.text_zh(), rule.validity, {}};
}

}  // namespace

std::string_view difference_zh(Difference difference) {
    switch (difference) {
        case Difference::added:
            return "新增";
        case Difference::ended:
            return "终止";
        case Difference::changed:
            return "修改";
        case Difference::removed:
            return "删除";
    }
    return "";
}

std::vector<RuleChange> compare(const Rulebook& older, const Rulebook& newer) {
    std::map<Key, const RuleInfo*> before;
    for (const RuleInfo& rule : older.rules()) before.emplace(key_of(rule), &rule);
    std::vector<RuleChange> changes;
    for (const RuleInfo& rule : newer.rules()) {
        auto known = before.find(key_of(rule));
        if (known == before.end()) {
            changes.push_back(change_of(Difference::added, rule));
            continue;
        }
        const RuleInfo& was = *known->second;
        before.erase(known);
        std::vector<FacetChange> facets = facet_changes(was, rule);
        if (facets.empty()) continue;
        const bool ended = rule.validity.to < was.validity.to;
        changes.push_back(change_of(ended ? Difference::ended : Difference::changed, rule));
        changes.back().facets = std::move(facets);
    }
    for (const auto& [key, rule] : before) changes.push_back(change_of(Difference::removed, *rule));
    std::stable_sort(changes.begin(), changes.end(), [](const RuleChange& a, const RuleChange& b) {
        return std::tie(a.kind, a.difference) < std::tie(b.kind, b.difference);
    });
    return changes;
}

}  // namespace mingxin::rulebook
