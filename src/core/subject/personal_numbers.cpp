// Numbers of persons: by check digits and forms, and by the words before them.
#include <algorithm>
#include <array>

#include "subject/identify.h"
#include "subject/personal_parts.h"

namespace mingxin::subject {

bool passes_luhn(std::string_view digits) {
    int sum = 0;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        int digit = digits[digits.size() - 1 - i] - '0';
        if (i % 2 == 1) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        sum += digit;
    }
    return sum % 10 == 0;
}

bool is_resident_number(std::string_view digits) {
    if (digits.size() == 18) {  // one in 31 is a valid code as well: its structure decides
        return is_valid_ric(digits) && identify(digits).kind == IdentifierKind::ric;
    }
    return digits.size() == 15 && digits.find('X') == std::string_view::npos && !is_valid_regno15(digits) &&
           !repair_ric(digits).empty();
}

bool is_mobile_number(std::string_view digits) {
    return digits.size() == 11 && digits[0] == '1' && digits[1] >= '3' && digits[1] <= '9' &&
           digits.find('X') == std::string_view::npos;
}

namespace personal {

namespace {

using Part = Lexicon::Part;

/// Digits that stand together, an X behind seventeen of them included.
struct Group {
    Range range;
    std::string digits;
    bool joined = false;        // one separator lies between the group before and this one
    bool dotted = false;        // a full stop does
    bool latin_before = false;  // also before the group that this one is joined to: YX3-132...
};

std::vector<Group> groups_of(const Text& text) {
    std::vector<Group> groups;
    for (std::size_t at = 0; at < text.points.size();) {
        if (!is_digit(text.points[at])) {
            ++at;
            continue;
        }
        Group group{{at, at}, {}};
        std::size_t& end = group.range.end;
        while (is_digit(text.at(end))) group.digits += static_cast<char>(text.points[end++]);
        group.joined =
            !groups.empty() && groups.back().range.end + 1 == at && is_separator(text.points[at - 1]);
        group.dotted = !groups.empty() && groups.back().range.end + 1 == at && text.points[at - 1] == '.';
        group.latin_before =
            (at > 0 && is_latin(text.points[at - 1])) || (group.joined && groups.back().latin_before);
        if (text.at(end) == 'X' && !is_latin(text.at(end + 1))) {
            group.digits += 'X';
            ++end;
        }
        at = end;
        groups.push_back(std::move(group));
    }
    return groups;
}

bool starts_with_any(std::string_view digits, std::initializer_list<std::string_view> prefixes) {
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [&](std::string_view prefix) { return digits.starts_with(prefix); });
}

/// Numbers of Chinese banks: UnionPay, Visa, MasterCard, JCB, and those of before 2000 that are still met.
bool is_bank_card(std::string_view digits) {
    if (digits.size() < 16 || digits.size() > 19 || digits.find('X') != std::string_view::npos) return false;
    const bool foreign =
        digits.size() == 16 && starts_with_any(digits, {"4", "51", "52", "53", "54", "55", "35"});
    return (foreign || starts_with_any(digits, {"62", "9558", "9559"})) && passes_luhn(digits) &&
           !is_valid_uscc(digits);
}

struct Pattern {
    PersonalKind kind;
    std::array<std::size_t, 5> sizes;  // of the groups; 0: none
};

constexpr Pattern kPatterns[] = {
    {PersonalKind::resident_id, {18}},
    {PersonalKind::resident_id, {6, 8, 4}},
    {PersonalKind::resident_id, {6, 4, 4, 4}},
    {PersonalKind::resident_id, {3, 3, 4, 4, 4}},
    {PersonalKind::resident_id, {14, 4}},
    {PersonalKind::resident_id, {6, 12}},
    {PersonalKind::resident_id, {15}},
    {PersonalKind::bank_card, {19}},
    {PersonalKind::bank_card, {18}},
    {PersonalKind::bank_card, {17}},
    {PersonalKind::bank_card, {16}},
    {PersonalKind::bank_card, {4, 4, 4, 4, 3}},
    {PersonalKind::bank_card, {4, 4, 4, 4}},
    {PersonalKind::bank_card, {6, 13}},
    {PersonalKind::bank_card, {6, 10}},
    {PersonalKind::mobile, {11}},
    {PersonalKind::mobile, {3, 4, 4}},
    {PersonalKind::mobile, {3, 8}},
    {PersonalKind::mobile, {7, 4}},
};

/// How many groups from one on make the pattern; 0: they don't.
std::size_t matched(const std::vector<Group>& groups, std::size_t from, const Pattern& pattern,
                    std::size_t skipped_digits) {
    std::string digits;
    std::size_t used = 0;
    for (std::size_t size : pattern.sizes) {
        if (size == 0) break;
        const std::size_t at = from + used;
        if (at >= groups.size()) return 0;
        const bool dotted = groups[at].dotted && pattern.kind == PersonalKind::mobile;  // 138.1234.5678
        if (used > 0 && !groups[at].joined && !dotted) return 0;
        std::string_view own = groups[at].digits;
        if (used == 0) own.remove_prefix(skipped_digits);
        if (own.size() != size) return 0;
        digits += own;
        ++used;
    }
    switch (pattern.kind) {
        case PersonalKind::resident_id:
            return is_resident_number(digits) ? used : 0;
        case PersonalKind::bank_card:
            return is_bank_card(digits) ? used : 0;
        default:
            return is_mobile_number(digits) ? used : 0;
    }
}

/// Whether letters before a number say that it is called: TEL13800000000.
bool is_called(const Text& text, std::size_t first) {
    std::string word;
    while (first > 0 && is_latin(text.points[first - 1]))
        word.insert(0, 1, static_cast<char>(text.points[--first]));
    return word.ends_with("TEL") || word.ends_with("PHONE") || word.ends_with("MOBILE") || word == "T" ||
           word == "M" || word == "V" || word == "VX" || word == "WX" || word.ends_with("WECHAT");
}

/// An amount, a decimal number, or a part of a longer word.
bool is_amount(const Text& text, Range range) {
    const char32_t next = text.at(range.end), after = text.at(range.end + 1);
    if (is_latin(next)) return true;
    if (next == '.' && (is_digit(after) || is_latin(after))) return true;
    const bool thousands = next == ',' && is_digit(after) && is_digit(text.at(range.end + 3)) &&
                           !is_digit(text.at(range.end + 4));
    return thousands || is_one_of(next, U"元万亿分");
}

bool is_between_label_and_number(char32_t point) {
    return is_one_of(point, U" :：为是第(（/、\u3000") || is_one_of(point, U"号码");
}

/// Whether a hit ends right before a place: 编号：, 电话号码为.
bool stands_before(const Text& text, const Lexicon::Hit& hit, std::size_t at) {
    if (hit.end > at || at - hit.end > 4) return false;
    for (std::size_t i = hit.end; i < at; ++i) {
        if (!is_between_label_and_number(text.points[i])) return false;
    }
    return true;
}

/// The last hit of a part that stands right before a place, of a rule of one of the kinds.
const Lexicon::Hit* label_before(const Search& search, std::size_t at, Part part,
                                 std::initializer_list<PersonalKind> kinds) {
    constexpr std::size_t longest = 24;
    const std::size_t from = at - std::min(at, longest);
    auto hit = search.hits_from(from);
    for (; hit != search.hits.end() && hit->begin < at; ++hit) {
        if (hit->part != part || !stands_before(search.text, *hit, at) || search.excepted(*hit)) continue;
        const bool of_house = hit->begin > 0 && is_numeral(search.text.points[hit->begin - 1]);
        if (of_house && search.text.points[hit->begin] == U'号') continue;  // 人民路12号 138...
        for (PersonalKind kind : kinds) {
            if (hit->rule->personal == personal_kind_name(kind)) return &*hit;
        }
    }
    return nullptr;
}

/// 编号, 批号, 终端号 right before a number: it is not one of a person.
bool is_labelled_otherwise(const Search& search, std::size_t at) {
    return label_before(search, at, Part::unless,
                        {PersonalKind::mobile, PersonalKind::bank_card, PersonalKind::bank_account}) !=
           nullptr;
}

/// A number of a document (…号, but not 号码) or licence (behind letters), an amount, a number of something.
bool is_something_else(const Search& search, const Group& first, const Group& last, PersonalKind kind) {
    const Text& text = search.text;
    const bool licence =
        kind != PersonalKind::resident_id && first.latin_before && !is_called(text, first.range.begin);
    if (licence || is_amount(text, last.range)) return true;
    const char32_t next = text.at(last.range.end), after = text.at(last.range.end + 1);
    if (kind == PersonalKind::resident_id) return false;  // its check digit says enough
    return (next == U'号' && after != U'码') || is_labelled_otherwise(search, first.range.begin);
}

/// 86, 0086, or the 0 of a trunk line before the digits of a mobile number.
std::size_t country_code(std::string_view digits) {
    if (digits.size() == 13 && digits.starts_with("86")) return 2;
    if (digits.size() == 12 && digits.starts_with("01")) return 1;
    return digits.size() == 15 && digits.starts_with("0086") ? 4 : 0;
}

/// 1 5 9 3 7 5 0 8 8 9 9: how many short groups, joined to nothing else, make a mobile number; 0: none.
std::size_t spelled_mobile(const std::vector<Group>& groups, std::size_t at) {
    std::string digits;
    std::size_t used = 0;
    for (; at + used < groups.size() && (used == 0 || groups[at + used].joined); ++used) {
        if (groups[at + used].digits.size() > 3 || digits.size() > 11) return 0;
        digits += groups[at + used].digits;
    }
    return used > 3 && !groups[at].joined && is_mobile_number(digits) ? used : 0;
}

Range range_of(const std::vector<Group>& groups, std::size_t first, std::size_t used) {
    return {groups[first].range.begin, groups[first + used - 1].range.end};
}

bool is_taken(const Search& search, Range range) {
    return std::any_of(search.found.begin(), search.found.end(), [&](const Found& one) {
        return one.range.begin < range.end && range.begin < one.range.end;
    });
}

// ---- land lines

bool is_date(std::string_view digits) {
    return digits.size() == 8 && (digits.starts_with("19") || digits.starts_with("20")) && digits[4] <= '1' &&
           digits[6] <= '3' &&
           make_date(std::stoi(std::string(digits.substr(0, 4))), std::stoi(std::string(digits.substr(4, 2))),
                     std::stoi(std::string(digits.substr(6, 2))));
}

bool is_local(std::string_view digits, std::size_t area_size) {
    const bool long_enough = digits.size() == 8 || (digits.size() == 7 && area_size != 3);
    return long_enough && digits[0] >= '2' && digits[0] <= '8' && digits.find('X') == std::string_view::npos;
}

bool is_area(std::string_view digits) {
    if (digits.size() == 3) return digits[0] == '0' && (digits[1] == '1' || digits[1] == '2');
    return digits.size() == 4 && digits[0] == '0' && digits[1] >= '3';
}

/// Only separators and brackets, two at most.
bool is_joined(const Text& text, const Group& before, const Group& behind) {
    const std::size_t from = before.range.end, to = behind.range.begin;
    if (to - from > 2) return false;
    for (std::size_t i = from; i < to; ++i) {
        if (!is_separator(text.points[i]) && !is_one_of(text.points[i], U"()")) return false;
    }
    return true;
}

/// How many groups make a land line; 0: none. Without an area, or run together with it, a word must call it.
std::size_t landline_at(const Search& search, const std::vector<Group>& groups, std::size_t at,
                        std::size_t last_end) {
    const std::string_view digits = groups[at].digits;
    if (groups[at].joined || groups[at].latin_before) return 0;
    if (is_area(digits) && at + 1 < groups.size() && is_joined(search.text, groups[at], groups[at + 1]))
        return is_local(groups[at + 1].digits, digits.size()) ? 2 : 0;
    const std::size_t begin = groups[at].range.begin;
    const bool another = last_end > 0 && begin == last_end + 1 &&  // 0375-5051234、5051235
                         is_one_of(search.text.points[last_end], U"、/,或和");
    const bool called =
        another || label_before(search, begin, Part::words, {PersonalKind::landline}) != nullptr;
    if (!called) return 0;
    if (is_local(digits, 0)) return is_date(digits) ? 0 : 1;
    for (std::size_t area : {3u, 4u}) {
        if (digits.size() > area && is_area(digits.substr(0, area)) && is_local(digits.substr(area), area))
            return 1;
    }
    return 0;
}

/// 举报电话, 市场监督管理局电话: the line of an office, unless a person is named between it and the number.
bool is_office_line(const Search& search, const WordRule& rule, std::size_t at) {
    constexpr std::size_t most = 40;
    const Range before{sentence_begin(search.text, at, most), at};
    const Lexicon::Hit* office = search.hit_in(before, rule, Part::unless);
    if (office == nullptr) return false;
    const Range since{office->end, at};
    if (search.hit_in(since, rule, Part::persons) != nullptr) return false;
    return search.name_in(since) == nullptr;
}

void find_landlines(Search& search, const std::vector<Group>& groups) {
    const WordRule* rule = search.rule(PersonalKind::landline);
    if (rule == nullptr) return;
    std::size_t last_end = 0;
    for (std::size_t at = 0; at < groups.size(); ++at) {
        const std::size_t used = landline_at(search, groups, at, last_end);
        if (used == 0) continue;
        const Range range = range_of(groups, at, used);
        const char32_t next = search.text.at(range.end);
        const bool longer = is_separator(next) && is_digit(search.text.at(range.end + 1)) &&
                            at + used < groups.size() && groups[at + used].digits.size() > 5;
        if (longer || is_amount(search.text, range) || next == U'号' ||
            is_labelled_otherwise(search, range.begin) || is_office_line(search, *rule, range.begin) ||
            is_taken(search, range))
            continue;
        search.add(range, PersonalKind::landline, rule);
        last_end = range.end;
        at += used - 1;
    }
}

// ---- accounts

/// 2026-11-20, perhaps with what stands behind it.
bool begins_with_date(const std::vector<Group>& groups, std::size_t at, std::size_t used) {
    return used >= 3 && groups[at].digits.size() == 4 && groups[at + 1].digits.size() <= 2 &&
           groups[at + 2].digits.size() <= 2;
}

/// Where a number for an account that a word tells must begin; the sentence ends it, and a word that tells
/// another number.
std::size_t account_reach(const Search& search, const Lexicon::Hit& word) {
    constexpr std::size_t most = 25;
    std::size_t end = sentence_end(search.text, word.end, most);
    for (auto hit = search.hits_from(word.end); hit != search.hits.end() && hit->begin < end; ++hit) {
        if (hit->part != Part::words) continue;
        const bool other_number = hit->rule->personal == "landline" || hit->rule->personal == "resident_id";
        if (other_number) end = hit->begin;
    }
    return end;
}

void find_account(Search& search, const std::vector<Group>& groups, const Lexicon::Hit& word) {
    constexpr std::size_t fewest = 9, most = 30;  // digits
    const std::size_t reach = account_reach(search, word);
    auto from = std::lower_bound(groups.begin(), groups.end(), word.end,
                                 [](const Group& group, std::size_t at) { return group.range.begin < at; });
    for (auto at = static_cast<std::size_t>(from - groups.begin());
         at < groups.size() && groups[at].range.begin < reach;) {
        std::size_t used = 1, digits = groups[at].digits.size();
        while (at + used < groups.size() && groups[at + used].joined)
            digits += groups[at + used++].digits.size();
        const Range range = range_of(groups, at, used);
        const bool fits = digits >= fewest && digits <= most && !groups[at].latin_before &&
                          !begins_with_date(groups, at, used) && !is_amount(search.text, range) &&
                          !is_labelled_otherwise(search, range.begin);
        if (fits) {
            if (!is_taken(search, range)) search.add(range, PersonalKind::bank_account, word.rule);
            return;
        }
        at += used;
    }
}

// ---- identity numbers whose check digit is wrong

/// 身份证号 before eighteen digits with a date of birth: a slip of the pen does not make the rest public.
void find_mistyped_resident(Search& search, const std::vector<Group>& groups) {
    for (const Group& group : groups) {
        if (group.digits.size() != 18 || group.digits[0] == '0' || is_valid_uscc(group.digits)) continue;
        const auto number = [&](std::size_t at, std::size_t size) {
            return std::stoi(group.digits.substr(at, size));
        };
        const int year = number(6, 4);
        if (year < 1900 || year > 2099 || !make_date(year, number(10, 2), number(12, 2))) continue;
        const auto* label = label_before(search, group.range.begin, Part::words, {PersonalKind::resident_id});
        if (label != nullptr && !is_taken(search, group.range))
            search.add(group.range, PersonalKind::resident_id, label->rule);
    }
}

}  // namespace

void find_numbers(Search& search) {
    const std::vector<Group> groups = groups_of(search.text);
    for (std::size_t at = 0; at < groups.size() && search.found.size() < search.limit;) {
        std::size_t used = 0;
        PersonalKind kind = PersonalKind::mobile;
        for (const Pattern& pattern : kPatterns) {
            used = matched(groups, at, pattern, 0);
            const std::size_t code = country_code(groups[at].digits);
            if (used == 0 && pattern.kind == PersonalKind::mobile && code > 0)
                used = matched(groups, at, pattern, code);
            kind = pattern.kind;
            if (used > 0) break;
        }
        if (used == 0) used = spelled_mobile(groups, at);
        if (used > 0 && !is_something_else(search, groups[at], groups[at + used - 1], kind))
            search.add(range_of(groups, at, used), kind, search.rule(kind));
        at += std::max<std::size_t>(used, 1);
    }
}

void find_told_numbers(Search& search) {
    if (search.rulebook == nullptr) return;
    const std::vector<Group> groups = groups_of(search.text);
    find_mistyped_resident(search, groups);
    for (const Lexicon::Hit& hit : search.hits) {
        const bool tells = hit.part == Part::words && hit.rule->personal == "bank_account";
        if (tells && search.found.size() < search.limit && !search.excepted(hit))
            find_account(search, groups, hit);
    }
    find_landlines(search, groups);
}

}  // namespace personal

}  // namespace mingxin::subject
