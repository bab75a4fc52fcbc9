// Commands about the rulebook: checking a folder, listing its rules, comparing editions, proposing one.
#include <optional>

#include "base/json.h"
#include "cli/commands.h"
#include "rulebook/editions.h"
#include "rulebook/rulebook.h"

namespace mingxin::cli {

Result<int> rules_check(const Common& common, const std::string& folder) {
    const std::filesystem::path place =
        folder.empty() ? TRY(share_folder(common.share)) / "rules" : std::filesystem::path(folder);
    const auto rules = TRY(rulebook::Rulebook::load(place));
    if (common.json) {
        JsonWriter json;
        json.begin_object().field("digest", rules->digest());
        json.field("rules", static_cast<std::int64_t>(rules->rules().size())).end_object();
        print_line(json.str());
    } else {
        print_line("规则库完好：" + std::to_string(rules->rules().size()) + "条规则，摘要 " +
                   rules->digest());
    }
    return 0;
}

Result<int> rules_list(const Common& common) {
    const auto rules = TRY(rulebook::Rulebook::load(TRY(share_folder(common.share)) / "rules"));
    JsonWriter json;
    json.begin_array();
    for (const rulebook::RuleInfo& rule : rules->rules()) {
        if (!common.json) {
            print_line(rule.id + "\t" + rule.kind + "\t" + rule.title_zh + "\t" + rule.basis.text_zh() +
                       (rule.basis.unsure ? "（待核实）" : "") + "\t" + rule.place);
            continue;
        }
        json.begin_object().field("id", rule.id).field("kind", rule.kind).field("title", rule.title_zh);
        json.field("basis", rule.basis.text_zh()).field("unsure", rule.basis.unsure);
        json.field("valid_from", rule.validity.from.to_string())
            .field("valid_to", rule.validity.to.to_string());
        json.field("place", rule.place).end_object();
    }
    json.end_array();
    if (common.json) print_line(json.str());
    return 0;
}

namespace {

using Rules = std::shared_ptr<const rulebook::Rulebook>;

Result<Rules> rules_to_compare_with(const Common& common, const std::string& older) {
    if (!older.empty()) return rulebook::Rulebook::load(older);
    if (!common.data.empty()) return Rules(TRY(common.open())->rules());
    return rulebook::Rulebook::load(TRY(share_folder(common.share)) / "rules");
}

void write_change(JsonWriter& json, const rulebook::RuleChange& change) {
    json.begin_object().field("difference", rulebook::difference_zh(change.difference));
    json.field("kind", change.kind).field("id", change.id).field("title", change.title_zh);
    json.key("facets").begin_array();
    for (const rulebook::FacetChange& facet : change.facets) {
        json.begin_object().field("path", facet.path).field("before", facet.before);
        json.field("after", facet.after).end_object();
    }
    json.end_array().end_object();
}

void tell_change(const rulebook::RuleChange& change) {
    print_line(std::string(rulebook::difference_zh(change.difference)) + "\t" + change.kind + "\t" +
               change.id + "\t" + change.title_zh);
    for (const rulebook::FacetChange& facet : change.facets) {
        print_line("    " + facet.path + "：" + (facet.before.empty() ? "（无）" : facet.before) + " → " +
                   (facet.after.empty() ? "（无）" : facet.after));
    }
}

}  // namespace

Result<int> rules_diff(const Common& common, const std::string& newer, const std::string& older) {
    const Rules after = TRY(rulebook::Rulebook::load(newer));
    const Rules before = TRY(rules_to_compare_with(common, older));
    const std::vector<rulebook::RuleChange> changes = rulebook::compare(*before, *after);
    if (!common.json) {
        for (const rulebook::RuleChange& change : changes) tell_change(change);
        tell(changes.empty() ? "两版没有差异。" : "共" + std::to_string(changes.size()) + "处差异。");
        return 0;
    }
    JsonWriter json;
    json.begin_object().field("older", before->digest()).field("newer", after->digest());
    json.key("changes").begin_array();
    for (const rulebook::RuleChange& change : changes) write_change(json, change);
    json.end_array().end_object();
    print_line(json.str());
    return 0;
}

Result<int> rules_propose(const Common& common, const std::string& folder) {
    const Rules proposed = TRY(rulebook::Rulebook::load(folder));
    auto platform = TRY(common.open());
    const Instant now = now_utc();
    TRY(platform->activate_rules(now));
    TRY(platform->write(now, [&](store::Tx& tx) {
        return rulebook::propose(tx, *platform->rules(), *proposed, "operator", now);
    }));
    if (common.json) {
        JsonWriter json;
        json.begin_object().field("digest", proposed->digest()).end_object();
        print_line(json.str());
    } else {
        tell("已提交“" + proposed->edition().title_zh + "”（摘要 " + proposed->digest().substr(0, 12) +
             "……），请有审定权限的人在工作台“目录与规则”中审定。");
    }
    return 0;
}

}  // namespace mingxin::cli
