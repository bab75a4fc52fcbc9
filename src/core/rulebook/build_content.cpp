// Pass 2 of what publishing texts needs: words that are looked for, days that are kept every year.
#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "rulebook/loading.h"

namespace mingxin::rulebook {

namespace {

constexpr std::string_view kPersonalKinds[] = {"resident_id", "mobile", "bank_card", "home_address"};

/// "06-14"; also 02-29, which not every year has.
bool read_day(std::string_view text, int& month, int& day) {
    const auto date = parse_date("2024-" + std::string(text));
    if (!date) return false;
    const YearMonthDay parts = split(*date);
    month = parts.month;
    day = parts.day;
    return true;
}

}  // namespace

void build_words(Loading& loading) {
    for (const Entry& entry : loading.entries("words")) {
        const Tree& tree = *entry.tree;
        WordRule rule{entry.id, std::string(tree.text_of("title_zh"))};
        for (const std::string& word : texts(tree.find("words"))) rule.words.push_back(fold_value(word));
        for (const std::string& word : texts(tree.find("except"))) rule.except.push_back(fold_value(word));
        rule.personal = tree.text_of("personal");
        rule.reject = tree.text_of("effect") == "reject";
        if (!rule.reject && tree.text_of("effect") != "warn") {
            loading.problem(entry, *tree.find("effect"), "effect 应为 reject 或 warn");
        }
        if (rule.words.empty() == rule.personal.empty()) {
            loading.problem(entry, tree, "words 和 personal 应有且只有一项");
        }
        const bool known = std::find(std::begin(kPersonalKinds), std::end(kPersonalKinds), rule.personal) !=
                           std::end(kPersonalKinds);
        if (!rule.personal.empty() && !known) {
            loading.problem(entry, *tree.find("personal"), "个人信息种类 " + rule.personal + " 不存在");
        }
        rule.reason_zh = tree.text_of("reason_zh");
        rule.remedy_zh = tree.text_of("remedy_zh");
        rule.basis = loading.basis(entry);
        rule.validity = entry.validity;
        loading.list_rule(entry, "words", rule.basis);
        loading.book.word_rules.push_back(std::move(rule));
    }
}

void build_campaigns(Loading& loading) {
    for (const Entry& entry : loading.entries("campaigns")) {
        const Tree& tree = *entry.tree;
        Campaign campaign{entry.id, std::string(tree.text_of("title_zh")),
                          std::string(tree.text_of("title_en")), std::string(tree.text_of("about_zh"))};
        const std::string_view from = tree.text_of("from");
        const std::string_view to = tree.find("to") == nullptr ? from : tree.text_of("to");
        const bool read = read_day(from, campaign.from_month, campaign.from_day) &&
                          read_day(to, campaign.to_month, campaign.to_day);
        if (!read || to < from) loading.problem(entry, tree, "from 和 to 应为同一年中的月-日，如 06-14");
        campaign.basis = loading.basis(entry);
        campaign.validity = entry.validity;
        loading.list_rule(entry, "campaign", campaign.basis);
        loading.book.campaigns.push_back(std::move(campaign));
    }
    std::stable_sort(loading.book.campaigns.begin(), loading.book.campaigns.end(),
                     [](const Campaign& a, const Campaign& b) {
                         return std::pair(a.from_month, a.from_day) < std::pair(b.from_month, b.from_day);
                     });
}

}  // namespace mingxin::rulebook
