// Pass 2 of what publishing texts needs: words that are looked for, days that are kept every year.
#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "rulebook/loading.h"

namespace mingxin::rulebook {

namespace {

/// The kinds of subject/personal_text.h, each with its forms.
constexpr std::pair<std::string_view, std::string_view> kPersonalKinds[] = {
    {"resident_id", ""},       {"mobile", ""},       {"landline", ""},
    {"bank_card", ""},         {"bank_account", ""}, {"home_address", "said"},
    {"home_address", "house"}, {"minor", "named"},   {"minor", "age"},
    {"minor", "birth"},        {"health", ""},
};

std::vector<std::string> folded_texts(const Tree& tree, std::string_view key) {
    std::vector<std::string> out;
    for (const std::string& word : texts(tree.find(key))) out.push_back(fold_value(word));
    return out;
}

/// "06-14"; also 02-29, which not every year has.
bool read_day(std::string_view text, int& month, int& day) {
    const auto date = parse_date("2024-" + std::string(text));
    if (!date) return false;
    const YearMonthDay parts = split(*date);
    month = parts.month;
    day = parts.day;
    return true;
}

/// The words, and of which personal data they tell.
void read_personal(Loading& loading, const Entry& entry, WordRule& rule) {
    const Tree& tree = *entry.tree;
    rule.words = folded_texts(tree, "words");
    rule.except = folded_texts(tree, "except");
    rule.unless = folded_texts(tree, "unless");
    rule.with = folded_texts(tree, "with");
    rule.persons = folded_texts(tree, "persons");
    rule.personal = tree.text_of("personal");
    rule.form = tree.text_of("form");
    rule.hidden = flag(tree, "hidden");
    if (rule.personal.empty()) {
        if (rule.words.empty()) loading.problem(entry, tree, "应有 words 或 personal");
        for (const char* key : {"form", "unless", "with", "persons", "hidden"}) {
            if (const Tree* at = tree.find(key))
                loading.problem(entry, *at, "没有 personal 时不能有 " + std::string(key));
        }
        return;
    }
    const auto known = std::find(std::begin(kPersonalKinds), std::end(kPersonalKinds),
                                 std::pair(std::string_view(rule.personal), std::string_view(rule.form)));
    if (known == std::end(kPersonalKinds)) {
        loading.problem(
            entry, *tree.find("personal"),
            "个人信息种类 " + rule.personal + (rule.form.empty() ? "" : "/" + rule.form) + " 不存在");
    }
}

}  // namespace

void build_words(Loading& loading) {
    for (const Entry& entry : loading.entries("words")) {
        const Tree& tree = *entry.tree;
        WordRule rule{entry.id, std::string(tree.text_of("title_zh"))};
        read_personal(loading, entry, rule);
        rule.reject = tree.text_of("effect") == "reject";
        if (!rule.reject && tree.text_of("effect") != "warn") {
            loading.problem(entry, *tree.find("effect"), "effect 应为 reject 或 warn");
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

void build_withdrawals(Loading& loading) {
    for (const Entry& entry : loading.entries("withdrawals")) {
        const Tree& tree = *entry.tree;
        WithdrawalGround ground{entry.id, std::string(tree.text_of("title_zh")),
                                std::string(tree.text_of("title_en")),
                                std::string(tree.text_of("public_zh"))};
        ground.needs_document = flag(tree, "needs_document");
        ground.penalty_working_days =
            static_cast<int>(loading.number(entry, tree, "penalty_working_days", 0));
        ground.other_working_days = static_cast<int>(loading.number(entry, tree, "other_working_days", 0));
        const bool limited = ground.penalty_working_days > 0 || ground.other_working_days > 0;
        if (ground.penalty_working_days < 0 || ground.other_working_days < 0 ||
            (limited && !ground.needs_document)) {
            loading.problem(entry, tree,
                            "撤回期限自所附文书的日期起算：不为负数，且 needs_document 应为 true");
        }
        ground.basis = loading.basis(entry);
        ground.validity = entry.validity;
        loading.list_rule(entry, "withdrawal", ground.basis);
        loading.book.withdrawal_grounds.push_back(std::move(ground));
    }
}

}  // namespace mingxin::rulebook
