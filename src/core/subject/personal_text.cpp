#include "subject/personal_text.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "subject/identify.h"
#include "subject/personal_parts.h"

namespace mingxin::subject {

using namespace personal;

namespace personal {

bool is_one_of(char32_t point, std::u32string_view set) {
    return set.find(point) != std::u32string_view::npos;
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
bool is_sentence_end(char32_t point) {
    return is_one_of(point, U"。;!?\n\r");
}
bool is_clause_end(char32_t point) {
    return point == ',' || is_sentence_end(point);
}
bool is_numeral(char32_t point) {
    return is_digit(point) || is_one_of(point, U"一二三四五六七八九十〇零百");
}

std::size_t sentence_begin(const Text& text, std::size_t at, std::size_t most) {
    std::size_t begin = at;
    while (begin > 0 && at - begin < most && !is_sentence_end(text.points[begin - 1])) --begin;
    return begin;
}
std::size_t clause_begin(const Text& text, std::size_t at, std::size_t most) {
    std::size_t begin = at;
    while (begin > 0 && at - begin < most && !is_clause_end(text.points[begin - 1])) --begin;
    return begin;
}
std::size_t sentence_end(const Text& text, std::size_t at, std::size_t most) {
    std::size_t end = at;
    while (end < text.points.size() && end - at < most && !is_sentence_end(text.points[end])) ++end;
    return end;
}

Text read(std::string_view bytes) {
    Text text;
    text.points.reserve(bytes.size() / 2);
    text.begins.reserve(bytes.size() / 2);
    text.ends.reserve(bytes.size() / 2);
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t begin = at;
        const char32_t point = rulebook::folded(rulebook::next_point(bytes, at));
        const bool hidden = point >= 0x200B && point <= 0x200F;  // zero width: hides nothing from us
        if (hidden) continue;
        text.points += point;
        text.begins.push_back(begin);
        text.ends.push_back(at);
    }
    return text;
}

const WordRule* Search::rule(PersonalKind kind) const {
    if (rulebook == nullptr) return nullptr;
    for (const WordRule& one : rulebook->word_rules()) {
        if (one.personal == personal_kind_name(kind) && one.validity.contains(today)) return &one;
    }
    return nullptr;
}

std::vector<Lexicon::Hit>::const_iterator Search::hits_from(std::size_t at) const {
    return std::lower_bound(hits.begin(), hits.end(), at,
                            [](const Lexicon::Hit& hit, std::size_t place) { return hit.begin < place; });
}

const Range* Search::name_in(Range range) const {
    auto behind = std::lower_bound(names.begin(), names.end(), range.end,
                                   [](Range name, std::size_t place) { return name.end <= place; });
    if (behind == names.begin() || std::prev(behind)->begin < range.begin) return nullptr;
    return &*std::prev(behind);
}

std::size_t Search::name_end(std::size_t at) const {
    auto name = std::lower_bound(names.begin(), names.end(), at,
                                 [](Range one, std::size_t place) { return one.begin < place; });
    return name != names.end() && name->begin == at ? name->end : 0;
}

const Lexicon::Hit* Search::hit_in(Range range, const WordRule& rule, Lexicon::Part part) const {
    const Lexicon::Hit* last = nullptr;
    auto from = hits_from(range.begin);
    for (; from != hits.end() && from->begin < range.end; ++from) {
        if (from->rule == &rule && from->part == part && from->end <= range.end) last = &*from;
    }
    return last;
}

bool Search::excepted(const Lexicon::Hit& word) const {
    constexpr std::size_t longest = 24;
    const std::size_t from = word.begin - std::min(word.begin, longest);
    auto hit = hits_from(from);
    for (; hit != hits.end() && hit->begin <= word.begin; ++hit) {
        if (hit->rule == word.rule && hit->part == Lexicon::Part::except && hit->end >= word.end) return true;
    }
    return false;
}

void Search::add(Range range, PersonalKind kind, const WordRule* of) {
    if (range.begin < range.end && found.size() < limit) found.push_back({range, kind, of});
}

}  // namespace personal

namespace {

/// The most digits of a text that single separators or brackets join: fewer than 11 are no number of a person
/// that needs no word before it.
bool may_hold_number(std::string_view bytes) {
    constexpr int shortest = 11;
    int digits = 0, gap = 0;
    for (std::size_t at = 0; at < bytes.size();) {
        char32_t point = static_cast<unsigned char>(bytes[at]);
        if (point < 0x80) {
            ++at;
        } else {
            point = rulebook::folded(rulebook::next_point(bytes, at));
        }
        if (is_digit(point)) {
            if (++digits >= shortest) return true;
            gap = 0;
        } else if (point >= 0x200B && point <= 0x200F) {
            continue;
        } else if (++gap > 2 || !(is_separator(point) || point == '(' || point == ')')) {
            digits = 0;
        }
    }
    return false;
}

std::vector<PersonalSpan> spans_of(Search& search) {
    auto& found = search.found;
    std::stable_sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
        return a.range.begin != b.range.begin ? a.range.begin < b.range.begin : a.range.end > b.range.end;
    });
    std::vector<PersonalSpan> spans;
    std::size_t end = 0;
    for (const Found& one : found) {
        if (one.range.begin < end) continue;
        end = one.range.end;
        spans.push_back({search.text.begins[one.range.begin], search.text.ends[end - 1], one.kind, one.rule});
    }
    return spans;
}

}  // namespace

std::string_view personal_kind_name(PersonalKind kind) {
    constexpr std::array<std::string_view, 8> names{"resident_id",  "mobile",       "landline", "bank_card",
                                                    "bank_account", "home_address", "minor",    "health"};
    return names[static_cast<std::size_t>(kind)];
}

std::vector<PersonalSpan> find_personal(std::string_view text, const rulebook::Rulebook& rulebook, Date today,
                                        std::size_t limit) {
    const bool told = rulebook.lexicon().has_words(text);
    if (!told && !may_hold_number(text)) return {};
    Search search{.text = read(text), .rulebook = &rulebook, .today = today, .limit = limit};
    search.hits = rulebook.lexicon().find(search.text.points);
    std::erase_if(search.hits, [&](const Lexicon::Hit& hit) { return !hit.rule->validity.contains(today); });
    if (told) search.names = find_names(search.text);
    find_numbers(search);
    find_told_numbers(search);
    if (told) {
        find_homes(search);
        find_minors(search);
        find_health(search);
    }
    return spans_of(search);
}

std::vector<PersonalSpan> find_personal_numbers(std::string_view text, std::size_t limit) {
    if (!may_hold_number(text)) return {};
    Search search{.text = read(text), .limit = limit};
    find_numbers(search);
    return spans_of(search);
}

namespace {

struct Letters {
    std::vector<std::string_view> bytes;  // of each character
    std::u32string points;                // folded
};

Letters letters_of(std::string_view span) {
    Letters letters;
    for (std::size_t at = 0; at < span.size();) {
        const std::size_t begin = at;
        letters.points += rulebook::folded(rulebook::next_point(span, at));
        letters.bytes.push_back(span.substr(begin, at - begin));
    }
    return letters;
}

/// Letters and digits as stars, but for the first and the last of them; what stands between stays.
std::string stars_within(const Letters& letters, std::size_t head, std::size_t tail) {
    std::size_t words = 0, seen = 0;
    for (char32_t point : letters.points) words += is_digit(point) || is_latin(point);
    std::string out;
    for (std::size_t i = 0; i < letters.points.size(); ++i) {
        const bool word = is_digit(letters.points[i]) || is_latin(letters.points[i]);
        const bool hide = word && seen >= head && seen + tail < words;
        seen += word;
        out += hide ? std::string_view("*") : letters.bytes[i];
    }
    return out;
}

std::size_t digits_of(const Letters& letters) {
    return static_cast<std::size_t>(std::count_if(letters.points.begin(), letters.points.end(), is_digit));
}

/// 0375, 010 of 0375-5051234; 0 when the number has none.
std::size_t area_size(const Letters& letters) {
    if (letters.points.empty() || letters.points[0] != '0') return 0;
    return letters.points.size() > 1 && is_one_of(letters.points[1], U"12") ? 3 : 4;
}

/// Up to the last county, town, street or village; nothing of what is smaller.
std::string masked_home(const Letters& letters) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < letters.points.size(); ++i) {
        const char32_t before = i > 0 ? letters.points[i - 1] : 0;
        const bool place = is_one_of(letters.points[i], U"省市县区镇乡村") && !is_one_of(before, U"小社新");
        if (place || (letters.points[i] == U'道' && before == U'街')) kept = i + 1;
    }
    std::string out;
    for (std::size_t i = 0; i < kept; ++i) out += letters.bytes[i];
    return out + "****";
}

/// Of an age or a date its numerals, of a name all.
std::string masked_minor(const Letters& letters) {
    const bool counted = letters.points.ends_with(U"岁") || digits_of(letters) > 0;
    std::string out;
    for (std::size_t i = 0; i < letters.points.size(); ++i) {
        const bool hide = !counted || is_numeral(letters.points[i]);
        out += hide ? std::string_view("*") : letters.bytes[i];
    }
    return out;
}

}  // namespace

std::string masked_personal(std::string_view span, PersonalKind kind) {
    const Letters letters = letters_of(span);
    switch (kind) {
        case PersonalKind::resident_id:
        case PersonalKind::bank_card:
            return stars_within(letters, 6, 0);
        case PersonalKind::bank_account:
            return stars_within(letters, 4, 0);
        case PersonalKind::mobile: {
            const std::size_t digits = digits_of(letters);
            return stars_within(letters, digits - std::min<std::size_t>(digits, 8), 4);
        }
        case PersonalKind::landline:
            return stars_within(letters, area_size(letters), 0);
        case PersonalKind::home_address:
            return masked_home(letters);
        case PersonalKind::minor:
            return masked_minor(letters);
        case PersonalKind::health:
            break;
    }
    return "***";
}

}  // namespace mingxin::subject
