// Homes: an address behind a word that says where somebody lives, and rooms of dwellings.
#include <algorithm>

#include "subject/personal_parts.h"

namespace mingxin::subject::personal {

namespace {

using Part = Lexicon::Part;

/// Numerals followed by one of the words; the position behind, 0: no. at stands on the first numeral.
std::size_t number_of(const Text& text, std::size_t at, std::initializer_list<std::u32string_view> words) {
    std::size_t end = at;
    while (end < text.points.size() && end - at < 5 && is_numeral(text.points[end])) ++end;
    if (end == at) return 0;
    for (std::u32string_view word : words) {
        if (text.part({end, text.points.size()}).starts_with(word)) return end + word.size();
    }
    return 0;
}

std::size_t skip_blank(const Text& text, std::size_t at) {
    while (is_separator(text.at(at)) || text.at(at) == ',') ++at;
    return at;
}

/// 301 right behind 2栋: where it ends, or 0.
std::size_t bare_room_end(const Text& text, std::size_t at) {
    std::size_t end = at;
    while (is_digit(text.at(end))) ++end;
    const bool room = end - at >= 3 && end - at <= 4 && !is_numeral(text.at(end));
    return room && is_one_of(text.at(at - 1), U"楼栋幢元") ? end : 0;
}

/// 东单元, 西户
std::size_t sided_end(const Text& text, std::size_t at) {
    if (!is_one_of(text.at(at), U"东西南北中")) return 0;
    for (std::u32string_view word : {U"单元", U"户", U"室"}) {
        if (text.part({at + 1, text.points.size()}).starts_with(word)) return at + 1 + word.size();
    }
    return 0;
}

/// 7-1-602, 6-1101室: where it ends, or 0. at stands on the first digit.
std::size_t dashed_room_end(const Text& text, std::size_t at) {
    std::size_t end = at, parts = 0, digits = 0;
    for (;;) {
        digits = 0;
        while (is_digit(text.at(end)) && digits < 5) ++digits, ++end;
        ++parts;
        if (digits == 0 || digits > 4) return 0;
        if (text.at(end) != '-' || parts == 3) break;
        ++end;
    }
    if (parts < 2 || digits < 3 || is_digit(text.at(end)) || text.at(end) == '-') return 0;
    return is_one_of(text.at(end), U"室户号") ? end + 1 : end;
}

/// 2单元501室, 5组12号, 附3号, 1203室 behind a house; 3号楼 behind 12号院.
std::size_t with_rooms(const Text& text, std::size_t end) {
    for (;;) {
        std::size_t next = skip_blank(text, end);
        if (text.at(next) == U'附') ++next;
        std::size_t more = number_of(text, next, {U"单元", U"室", U"户", U"楼", U"号院", U"组", U"层"});
        if (more == 0 && next == end) more = sided_end(text, end);
        // 3号楼、5号楼 are other houses, 12号院3号楼 is the same.
        const bool in_yard = text.at(end - 1) == U'院';
        if (more == 0) more = number_of(text, next, {U"号楼", U"栋", U"幢"});
        if (more > 0 && !in_yard && is_one_of(text.at(more - 1), U"楼栋幢") && text.at(end - 1) == U'楼')
            return end;
        if (more == 0) more = number_of(text, next, {U"号"});
        if (more == 0 && next == end) more = bare_room_end(text, end);
        if (more == 0) return end;
        end = more;
    }
}

/// 村东组: where it ends, or 0.
std::size_t named_group_end(const Text& text, Range range) {
    constexpr std::size_t most = 4;
    for (std::size_t i = range.begin; i < range.end; ++i) {
        if (text.points[i] != U'村') continue;
        for (std::size_t end = i + 1; end < range.end && end <= i + most; ++end) {
            if (is_one_of(text.points[end], U"组队")) return end + 1;
        }
    }
    return 0;
}

/// Where the address ends that begins behind a word such as 家住; 0: there is none before the sentence ends.
std::size_t said_end(const Text& text, std::size_t from) {
    constexpr std::size_t most = 40;
    const std::size_t stop = sentence_end(text, from, most);
    for (std::size_t i = from; i < stop; ++i) {
        if (!is_numeral(text.points[i]) || (i > from && is_numeral(text.points[i - 1]))) continue;
        const std::size_t end =
            number_of(text, i, {U"号楼", U"号院", U"号", U"室", U"栋", U"幢", U"组", U"单元", U"队"});
        if (end > 0 && text.at(end) != U'令' && text.at(end) != U'文') return with_rooms(text, end);
        const bool in_number = i > from && text.points[i - 1] == '-';
        if (const std::size_t room = in_number ? 0 : dashed_room_end(text, i)) return room;
    }
    return named_group_end(text, {from, stop});
}

/// 村5组12号, at stands on 村.
std::size_t farm_end(const Text& text, std::size_t at) {
    const std::size_t group = number_of(text, skip_blank(text, at + 1), {U"组", U"队"});
    return group == 0 ? 0 : number_of(text, skip_blank(text, group), {U"号"});
}

/// 小区3号楼2单元501室, 苑二期7-1-602; a house alone only where the place is one of dwellings only (家属院).
std::size_t dwelling_end(const Text& text, std::size_t place_end, bool rooms_needed) {
    std::size_t at = skip_blank(text, place_end);
    if (const std::size_t phase = number_of(text, at, {U"期", U"区"})) at = phase;
    const std::size_t house = number_of(text, at, {U"号楼", U"栋", U"幢", U"号院"});
    if (house == 0) return dashed_room_end(text, at);
    const std::size_t end = with_rooms(text, house);
    return rooms_needed && end == house ? 0 : end;
}

/// Back to where the address begins: the last mark or blank, at most twenty characters before.
std::size_t address_begin(const Text& text, std::size_t at) {
    std::size_t begin = at;
    while (begin > 0 && at - begin < 20) {
        const char32_t before = text.points[begin - 1];
        if (is_one_of(before, U" \u3000\t\n\r。:、!?,;()“”|于在住到往")) break;
        --begin;
    }
    return begin;
}

/// 经营场所：, 注册地址 before it in the clause: where an enterprise is.
bool is_of_enterprise(const Search& search, const WordRule& rule, std::size_t at) {
    constexpr std::size_t most = 40;
    const Range before{clause_begin(search.text, at, most), at};
    const Lexicon::Hit* place = search.hit_in(before, rule, Part::unless);
    if (place == nullptr) return false;
    const Range* name = search.name_in({before.begin, place->begin});
    return name == nullptr || name->end != place->begin;  // 李某住所
}

void find_said(Search& search, const Lexicon::Hit& word) {
    if (search.excepted(word) || is_of_enterprise(search, *word.rule, word.begin)) return;
    const std::size_t end = said_end(search.text, word.end);
    if (end > 0) search.add({word.begin, end}, PersonalKind::home_address, word.rule);
}

/// 2单元501室, at stands on 单元 and ends at `end`.
std::size_t unit_end(const Text& text, std::size_t at, std::size_t end) {
    if (at == 0 || !is_numeral(text.points[at - 1])) return 0;
    const std::size_t room = with_rooms(text, end);
    return room == end ? 0 : room;
}

void find_dwelling(Search& search, const Lexicon::Hit& word) {
    if (search.excepted(word)) return;
    const auto spelt = search.text.part({word.begin, word.end});
    const bool farm = spelt == U"村", unit = spelt == U"单元";
    const bool only_dwellings = search.hit_in({word.begin, word.end}, *word.rule, Part::persons) != nullptr;
    std::size_t end = 0;
    if (farm) {
        end = farm_end(search.text, word.begin);
    } else if (unit) {
        end = unit_end(search.text, word.begin, word.end);
    } else {
        end = dwelling_end(search.text, word.end, !only_dwellings);
    }
    if (end == 0 || is_of_enterprise(search, *word.rule, word.begin)) return;
    search.add({address_begin(search.text, word.begin), end}, PersonalKind::home_address, word.rule);
}

}  // namespace

void find_homes(Search& search) {
    for (const Lexicon::Hit& hit : search.hits) {
        if (hit.part != Part::words || hit.rule->personal != "home_address") continue;
        if (search.found.size() >= search.limit) return;
        if (hit.rule->form == "said") find_said(search, hit);
        if (hit.rule->form == "house") find_dwelling(search, hit);
    }
}

}  // namespace mingxin::subject::personal
