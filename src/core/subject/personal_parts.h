// Between the units of the detector (personal_text.h) only: the text as they read it, and what each finds.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rulebook/rulebook.h"
#include "subject/personal_text.h"

namespace mingxin::subject::personal {

using rulebook::Lexicon;
using rulebook::WordRule;

/// From `begin` up to before `end`, in characters of Text::points.
struct Range {
    std::size_t begin = 0, end = 0;
    std::size_t size() const { return end - begin; }
};

/// A text by characters: folded, without zero-width ones.
struct Text {
    std::u32string points;
    std::vector<std::size_t> begins, ends;  // of each, in bytes of what was given
    char32_t at(std::size_t i) const { return i < points.size() ? points[i] : 0; }
    std::u32string_view part(Range range) const {
        return std::u32string_view(points).substr(range.begin, range.size());
    }
};
Text read(std::string_view bytes);

struct Found {
    Range range;
    PersonalKind kind = PersonalKind::mobile;
    const WordRule* rule = nullptr;
};

/// What is looked at, and what has been found in it so far.
struct Search {
    Text text;
    std::vector<Lexicon::Hit> hits;  // by place; of rules in force
    std::vector<Range> names;        // 王某, 王某某, 王××, 王女士
    const rulebook::Rulebook* rulebook = nullptr;
    Date today{};
    std::size_t limit = 0;
    std::vector<Found> found;

    /// The first rule of a kind in force; nullptr: none.
    const WordRule* rule(PersonalKind kind) const;
    /// A hit of this part of the rule that lies in the range as a whole; the last of them, or nullptr.
    const Lexicon::Hit* hit_in(Range range, const WordRule& rule, Lexicon::Part part) const;
    /// The last name that lies in the range as a whole, or nullptr.
    const Range* name_in(Range range) const;
    /// Where the name ends that begins at a place; 0: none begins there.
    std::size_t name_end(std::size_t at) const;
    /// The first hit that begins at a place or behind it.
    std::vector<Lexicon::Hit>::const_iterator hits_from(std::size_t at) const;
    /// Whether a longer word of `except` covers the word, so that it is meant otherwise.
    bool excepted(const Lexicon::Hit& word) const;
    void add(Range range, PersonalKind kind, const WordRule* of);
};

bool is_digit(char32_t point);
bool is_latin(char32_t point);
/// A single one may stand within a number: blank, hyphen, middle dot.
bool is_separator(char32_t point);
bool is_sentence_end(char32_t point);
bool is_clause_end(char32_t point);
/// 0-9, and 一 to 十, 百, 零, 〇.
bool is_numeral(char32_t point);
bool is_one_of(char32_t point, std::u32string_view set);
/// Where the sentence or clause around a place begins, at most `most` characters before it.
std::size_t sentence_begin(const Text& text, std::size_t at, std::size_t most);
std::size_t clause_begin(const Text& text, std::size_t at, std::size_t most);
std::size_t sentence_end(const Text& text, std::size_t at, std::size_t most);

/// Numbers that need no words: identity numbers, mobiles, cards.
void find_numbers(Search& search);
/// Numbers that words tell: land lines, accounts, mistyped identity numbers.
void find_told_numbers(Search& search);
void find_homes(Search& search);
std::vector<Range> find_names(const Text& text);
/// Whether a common surname and another character stand here; where such a name ends, or 0.
std::size_t full_name_end(const Text& text, std::size_t at);
void find_minors(Search& search);
void find_health(Search& search);

}  // namespace mingxin::subject::personal
