// The words of the rules on personal data (rules/content/words.yaml with `personal`), compiled so that one
// pass over a text finds all of them. Immutable, thread-safe. What the parts mean: docs/leak-gate.md.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mingxin::rulebook {

struct WordRule;

/// A character as words compare: half width, upper case.
char32_t folded(char32_t point);
/// Decodes one character at `at` (advanced) of any bytes; an ill-formed one is U+FFFD, one byte long.
char32_t next_point(std::string_view bytes, std::size_t& at);

class Lexicon {
  public:
    /// Which list of its rule a word stands in.
    enum class Part : std::uint8_t { words, except, unless, with, persons };
    struct Hit {
        std::size_t begin = 0, end = 0;  // characters of the text
        const WordRule* rule = nullptr;
        Part part = Part::words;
    };

    Lexicon() = default;
    /// rules must stay where they are for as long as this lives.
    explicit Lexicon(const std::vector<WordRule>& rules);

    /// Whether one of the `words` of any rule stands in the text; any bytes, nothing is allocated.
    bool has_words(std::string_view bytes) const;
    /// All that stand in a text of folded characters, by place.
    std::vector<Hit> find(std::u32string_view text) const;

  private:
    struct Meaning {
        const WordRule* rule;
        Part part;
    };
    struct Word {
        std::u32string text;
        std::vector<Meaning> meanings;
        bool begins = false;  // stands in a list `words`
    };
    bool stands_at(const Word& word, std::string_view bytes, std::size_t at) const;

    std::vector<Word> words_;  // by text
    /// By first character: the place of its first word in words_, plus one; 0: there is none.
    std::vector<std::uint16_t> first_;
    std::vector<bool> begins_;  // by first character: some word of it stands in a list `words`
};

}  // namespace mingxin::rulebook
