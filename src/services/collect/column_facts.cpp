#include "collect/column_facts.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "quality/cell_value.h"
#include "quality/quality.h"
#include "quality/value_parse.h"
#include "subject/identify.h"

namespace mingxin::collect {

namespace {

constexpr std::string_view kOrganisations[] = {
    "公司", "厂",     "店",     "合作社", "经营部", "商行", "超市", "加工坊", "工作室", "餐馆", "饭馆",
    "酒店", "分公司", "事务所", "商铺",   "农场",   "企业", "诊所", "药房",   "幼儿园", "学校", "协会"};
constexpr std::string_view kOrgans[] = {"局", "委员会", "政府", "厅", "大队", "支队", "办公室", "委", "法院"};

bool ends_with_one(std::string_view text, std::span<const std::string_view> endings) {
    return std::any_of(endings.begin(), endings.end(),
                       [&](std::string_view ending) { return text.ends_with(ending); });
}

bool is_plain_number(std::string_view text) {
    return text.find_first_of("0123456789") != std::string_view::npos &&
           text.find_first_not_of("0123456789.,-") == std::string_view::npos;
}

bool is_han(char32_t c) {
    return c >= 0x4E00 && c <= 0x9FFF;
}

bool is_document(std::string_view text) {
    const std::u32string characters = to_code_points(text);
    return std::any_of(characters.begin(), characters.end(), is_han) && quality::is_document_number(text) &&
           text.find_first_of("0123456789") != std::string_view::npos;
}

void count(ColumnFacts& facts, const std::string& cell, std::vector<std::int64_t>& amounts) {
    const subject::Identified found = subject::identify(cell);
    const bool is_code = found.kind == subject::IdentifierKind::uscc && !found.canonical.empty();
    if (is_code) {
        ++facts.codes;
        const char first = found.canonical[0];
        // 1 机构编制, 3 司法行政, 5 民政 ... ; 9 工商
        facts.codes_of_organs += first == '1';
    }
    facts.organisation_codes += found.kind == subject::IdentifierKind::orgcode && !found.canonical.empty();
    facts.registration_numbers += found.kind == subject::IdentifierKind::regno15 ||
                                  found.kind == subject::IdentifierKind::regno13 ||
                                  found.kind == subject::IdentifierKind::regno_coop;
    facts.identity_numbers += is_meant_as_identity_number(cell);
    facts.dates += quality::parse_any_date(cell).verdict == quality::DateVerdict::ok;
    const bool is_number = is_plain_number(cell);
    facts.plain_numbers += is_number;
    const quality::ParsedMoney money = quality::parse_money(cell, quality::MoneyUnit::yuan);
    if (money.verdict == quality::MoneyVerdict::ok && (cell.size() < 13 || !is_number)) {
        ++facts.amounts;
        if (is_number) amounts.push_back(money.fen);
    }
    facts.document_numbers += is_document(cell);
    facts.organisations += ends_with_one(cell, kOrganisations);
    facts.organs += ends_with_one(cell, kOrgans);
    const std::u32string characters = to_code_points(cell);
    facts.short_names += characters.size() >= 2 && characters.size() <= 4 &&
                         std::all_of(characters.begin(), characters.end(), is_han);
}

}  // namespace

double ColumnFacts::share_in(const rulebook::Domain& domain) const {
    int known = 0;
    for (const std::string& value : values) {
        bool all = domain.find(value) != nullptr;
        if (!all) {
            const auto parts = quality::split_set(value);
            all = std::all_of(parts.begin(), parts.end(),
                              [&](std::string_view part) { return domain.find(part) != nullptr; });
        }
        known += all;
    }
    return share(known);
}

bool is_meant_as_identity_number(std::string_view text) {
    if (subject::identify(text).kind == subject::IdentifierKind::ric) return true;
    const std::string plain = to_upper_ascii(remove_blanks(to_half_width(text)));
    const std::string_view digits = std::string_view(plain).substr(0, 17);
    if (plain.size() != 18 || digits.find_first_not_of("0123456789") != std::string_view::npos) return false;
    if (subject::is_valid_uscc(plain)) return false;
    return parse_date(plain.substr(6, 4) + "-" + plain.substr(10, 2) + "-" + plain.substr(12, 2)).has_value();
}

ColumnFacts facts_of(const rulebook::Rulebook& rulebook, const std::vector<std::string>& cells) {
    ColumnFacts facts;
    std::set<std::string> distinct;
    std::vector<std::int64_t> amounts;
    for (const std::string& raw : cells) {
        if (!is_utf8(raw)) continue;
        const std::string cell(trim(raw));
        if (cell.empty() || rulebook.is_placeholder(cell)) continue;
        ++facts.filled;
        facts.values.push_back(cell);
        distinct.insert(cell);
        count(facts, cell, amounts);
    }
    facts.distinct = static_cast<int>(distinct.size());
    if (!amounts.empty()) {
        std::nth_element(amounts.begin(), amounts.begin() + amounts.size() / 2, amounts.end());
        facts.middle_amount = amounts[amounts.size() / 2];
    }
    return facts;
}

}  // namespace mingxin::collect
