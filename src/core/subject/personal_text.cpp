#include "subject/personal_text.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "subject/identify.h"

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
    if (digits.size() == 18) return is_valid_ric(digits) && !is_valid_uscc(digits);
    return digits.size() == 15 && digits.find('X') == std::string_view::npos && !is_valid_regno15(digits) &&
           !repair_ric(digits).empty();
}

bool is_mobile_number(std::string_view digits) {
    return digits.size() == 11 && digits[0] == '1' && digits[1] >= '3' && digits[1] <= '9' &&
           digits.find('X') == std::string_view::npos;
}

namespace {

/// One character as it compares: half width, upper case; with its place in the text.
struct Letter {
    char32_t point = 0;
    std::size_t begin = 0, end = 0;
};

char32_t folded(char32_t point) {
    if (point >= 0xFF01 && point <= 0xFF5E) point -= 0xFEE0;
    return point >= 'a' && point <= 'z' ? point - 32 : point;
}

std::vector<Letter> letters_of(std::string_view text) {
    std::vector<Letter> letters;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = at;
        const char32_t point = folded(next_code_point(text, at));
        const bool hidden = point >= 0x200B && point <= 0x200F;  // zero width: hides nothing from us
        if (!hidden) letters.push_back({point, begin, at});
    }
    return letters;
}

bool is_digit(char32_t point) {
    return point >= '0' && point <= '9';
}
bool is_latin(char32_t point) {
    return point >= 'A' && point <= 'Z';
}
bool is_separator(char32_t point) {
    return point == ' ' || point == 0x3000 || point == '-' || (point >= 0x2010 && point <= 0x2015) ||
           point == 0x00B7;
}

/// Digits that stand together, an X behind seventeen of them included.
struct Group {
    std::size_t first = 0, last = 0;  // letters, last exclusive
    std::string digits;
    bool joined = false;  // one separator lies between the group before and this one
    bool latin_before = false;
};

std::vector<Group> groups_of(const std::vector<Letter>& letters) {
    std::vector<Group> groups;
    for (std::size_t at = 0; at < letters.size();) {
        if (!is_digit(letters[at].point)) {
            ++at;
            continue;
        }
        Group group{at, at, {}};
        while (group.last < letters.size() && is_digit(letters[group.last].point)) {
            group.digits += static_cast<char>(letters[group.last++].point);
        }
        group.joined = !groups.empty() && groups.back().last + 1 == group.first &&
                       is_separator(letters[group.first - 1].point);
        group.latin_before = group.first > 0 && is_latin(letters[group.first - 1].point);
        const bool x = group.last < letters.size() && letters[group.last].point == 'X';
        if (x && (group.last + 1 == letters.size() || !is_latin(letters[group.last + 1].point))) {
            group.digits += 'X';
            ++group.last;
        }
        at = group.last;
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
    return digits.size() >= 16 && digits.size() <= 19 && digits.find('X') == std::string_view::npos &&
           starts_with_any(digits, {"62", "4", "51", "52", "53", "54", "55", "35", "9558", "9559"}) &&
           passes_luhn(digits);
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
        if (at >= groups.size() || (used > 0 && !groups[at].joined)) return 0;
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

char32_t point_at(const std::vector<Letter>& letters, std::size_t at) {
    return at < letters.size() ? letters[at].point : 0;
}

/// Whether letters before a number say that it is called: TEL13800000000.
bool is_called(const std::vector<Letter>& letters, std::size_t first) {
    std::string word;
    while (first > 0 && is_latin(letters[first - 1].point))
        word.insert(0, 1, static_cast<char>(letters[--first].point));
    return word.ends_with("TEL") || word.ends_with("PHONE") || word.ends_with("MOBILE") || word == "T" ||
           word == "M";
}

/// A number of a document (…号, but not 号码), an amount, or a part of a longer word.
bool is_something_else(const std::vector<Letter>& letters, const Group& first, const Group& last,
                       PersonalKind kind) {
    const bool licence =
        kind != PersonalKind::resident_id && first.latin_before && !is_called(letters, first.first);
    if (licence) return true;
    const char32_t next = point_at(letters, last.last), after = point_at(letters, last.last + 1);
    if (is_latin(next)) return true;
    if (next == U'号' && after != U'码') return true;
    if (next == '.' && is_digit(after)) return true;
    if (next == ',' && is_digit(after) && first.digits.size() < 4) return true;
    return next == U'元' || next == U'万' || next == U'亿' || next == U'分';
}

/// 86, 0086 before the digits of a mobile number.
std::size_t country_code(std::string_view digits) {
    if (digits.size() == 13 && digits.starts_with("86")) return 2;
    return digits.size() == 15 && digits.starts_with("0086") ? 4 : 0;
}

void find_numbers(const std::vector<Letter>& letters, std::vector<PersonalSpan>& spans, std::size_t limit) {
    const std::vector<Group> groups = groups_of(letters);
    for (std::size_t at = 0; at < groups.size() && spans.size() < limit;) {
        std::size_t used = 0;
        PersonalKind kind = PersonalKind::mobile;
        for (const Pattern& pattern : kPatterns) {
            used = matched(groups, at, pattern, 0);
            if (used == 0 && pattern.kind == PersonalKind::mobile && country_code(groups[at].digits) > 0) {
                used = matched(groups, at, pattern, country_code(groups[at].digits));
            }
            kind = pattern.kind;
            if (used > 0) break;
        }
        if (used > 0 && !is_something_else(letters, groups[at], groups[at + used - 1], kind)) {
            spans.push_back(
                {letters[groups[at].first].begin, letters[groups[at + used - 1].last - 1].end, kind});
        }
        at += std::max<std::size_t>(used, 1);
    }
}

bool is_numeral(char32_t point) {
    return is_digit(point) ||
           std::u32string_view(U"一二三四五六七八九十〇零百").find(point) != std::u32string_view::npos;
}

/// Numerals followed by one of the words; the position behind, 0: no. at stands on the first numeral.
std::size_t number_of(const std::u32string& text, std::size_t at,
                      std::initializer_list<std::u32string_view> words) {
    std::size_t end = at;
    while (end < text.size() && end - at < 5 && is_numeral(text[end])) ++end;
    if (end == at) return 0;
    for (std::u32string_view word : words) {
        if (std::u32string_view(text).substr(end).starts_with(word)) return end + word.size();
    }
    return 0;
}

std::size_t skip_blank(const std::u32string& text, std::size_t at) {
    while (at < text.size() && (is_separator(text[at]) || text[at] == ',' || text[at] == U'，')) ++at;
    return at;
}

/// 3号楼2单元501室, or 小区3号楼, or 村5组12号: the end of the address that begins with the word at `at`; 0:
/// none.
std::size_t dwelling_end(const std::u32string& text, std::size_t at) {
    const std::u32string_view rest = std::u32string_view(text).substr(at);
    for (std::u32string_view place : {U"小区", U"家属院", U"家属楼", U"新村", U"花园", U"公寓", U"苑"}) {
        if (!rest.starts_with(place)) continue;
        const std::size_t house =
            number_of(text, skip_blank(text, at + place.size()), {U"号楼", U"栋", U"幢", U"号院"});
        if (house > 0) return house;
    }
    if (rest.starts_with(U"村")) {
        std::size_t next = number_of(text, skip_blank(text, at + 1), {U"组", U"队"});
        if (next > 0) {
            if (const std::size_t house = number_of(text, skip_blank(text, next), {U"号"})) return house;
        }
    }
    if (const std::size_t unit = number_of(text, at, {U"单元"})) {
        return number_of(text, skip_blank(text, unit), {U"室", U"户", U"号", U"楼"});
    }
    return 0;
}

/// 家住…12号, 住址：…3组: where the address ends; 0: none.
std::size_t said_home_end(const std::u32string& text, std::size_t at) {
    const std::u32string_view rest = std::u32string_view(text).substr(at);
    for (std::u32string_view word : {U"家庭住址", U"家住", U"住址", U"现住", U"居住在", U"户籍地", U"家在"}) {
        if (!rest.starts_with(word)) continue;
        for (std::size_t i = at + word.size(); i < text.size() && i < at + word.size() + 40; ++i) {
            if (std::u32string_view(U"。；;！？\n").find(text[i]) != std::u32string_view::npos) break;
            const std::size_t end = number_of(text, i, {U"号楼", U"号", U"室", U"栋", U"幢", U"组"});
            if (end > 0) return end;
        }
    }
    return 0;
}

/// Back to where the address begins: the last mark or blank, at most twenty characters before.
std::size_t address_begin(const std::u32string& text, std::size_t at) {
    std::size_t begin = at;
    while (begin > 0 && at - begin < 20) {
        const char32_t before = text[begin - 1];
        if (is_blank(before) || std::u32string_view(U"，。；：、！？,;:!?()（）“”|于在住").find(before) !=
                                    std::u32string_view::npos)
            break;
        --begin;
    }
    return begin;
}

void find_homes(const std::vector<Letter>& letters, std::vector<PersonalSpan>& spans, std::size_t limit) {
    std::u32string text;
    for (const Letter& letter : letters) text += letter.point;
    for (std::size_t at = 0; at < text.size() && spans.size() < limit; ++at) {
        std::size_t begin = at, end = said_home_end(text, at);
        if (end == 0) {
            end = dwelling_end(text, at);
            begin = end == 0 ? at : address_begin(text, at);
        }
        if (end == 0) continue;
        while (end < text.size()) {  // 3号楼, then 2单元501室
            const std::size_t more =
                number_of(text, skip_blank(text, end), {U"单元", U"室", U"户", U"楼", U"号"});
            if (more == 0) break;
            end = more;
        }
        spans.push_back({letters[begin].begin, letters[end - 1].end, PersonalKind::home_address});
        at = end - 1;
    }
}

}  // namespace

std::string_view personal_kind_name(PersonalKind kind) {
    switch (kind) {
        case PersonalKind::resident_id:
            return "resident_id";
        case PersonalKind::mobile:
            return "mobile";
        case PersonalKind::bank_card:
            return "bank_card";
        case PersonalKind::home_address:
            break;
    }
    return "home_address";
}

std::vector<PersonalSpan> find_personal(std::string_view text, std::size_t limit) {
    std::vector<PersonalSpan> spans;
    const std::vector<Letter> letters = letters_of(text);
    find_numbers(letters, spans, limit);
    find_homes(letters, spans, limit);
    std::stable_sort(spans.begin(), spans.end(),
                     [](const PersonalSpan& a, const PersonalSpan& b) { return a.begin < b.begin; });
    std::vector<PersonalSpan> apart;
    for (const PersonalSpan& span : spans) {
        if (apart.empty() || span.begin >= apart.back().end) apart.push_back(span);
    }
    return apart;
}

std::string masked_personal(std::string_view span, PersonalKind kind) {
    const std::size_t kept = kind == PersonalKind::resident_id || kind == PersonalKind::bank_card ? 6 : 3;
    std::string out;
    std::size_t at = 0;
    for (std::size_t i = 0; i < kept && at < span.size(); ++i) {
        append_utf8(out, next_code_point(span, at));
    }
    return out + "****";
}

}  // namespace mingxin::subject
