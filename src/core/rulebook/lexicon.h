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
inline char32_t folded(char32_t point) {
    if (point >= 0xFF01 && point <= 0xFF5E) point -= 0xFEE0;
    return point >= 'a' && point <= 'z' ? point - 32 : point;
}

/// Not ASCII, and not what nearly all of Chinese text is made of.
char32_t next_rare_point(std::string_view bytes, std::size_t& at);
/// Decodes one character at `at` (advanced) of any bytes; an ill-formed one is U+FFFD, one byte long.
inline char32_t next_point(std::string_view bytes, std::size_t& at) {
    const auto lead = static_cast<unsigned char>(bytes[at]);
    if (lead < 0x80) return ++at, lead;
    if (lead >= 0xE1 && lead <= 0xEF && lead != 0xED && at + 2 < bytes.size()) {
        const auto second = static_cast<unsigned char>(bytes[at + 1]),
                   third = static_cast<unsigned char>(bytes[at + 2]);
        if ((second & 0xC0) == 0x80 && (third & 0xC0) == 0x80) {
            at += 3;
            return static_cast<char32_t>((lead & 0x0F) << 12 | (second & 0x3F) << 6 | (third & 0x3F));
        }
    }
    return next_rare_point(bytes, at);
}

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
    std::vector<std::uint8_t> begins_;  // by first character: some word of it stands in a list `words`
};

}  // namespace mingxin::rulebook
