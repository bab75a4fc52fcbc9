// The leak gate on free text: no citizen number, mobile number or bank card leaves in a shown value
// (rules 9.6, C13).
#include <cstdint>

#include "record/record.h"
#include "subject/identify.h"
#include "subject/personal_text.h"

namespace mingxin::record {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool all_digits(std::string_view text) {
    for (char c : text) {
        if (!is_digit(c)) return false;
    }
    return !text.empty();
}

/// A run of digits, perhaps with an X behind them, inside a word of letters and digits.
struct Run {
    std::size_t begin = 0, end = 0;
};

/// How many leading and trailing characters of a run stay visible; nullopt: nothing to hide.
struct Kept {
    std::size_t head = 0, tail = 0;
};
std::optional<Kept> kept_of(std::string_view run) {
    if (subject::is_valid_uscc(run)) return std::nullopt;
    if (subject::is_resident_number(run)) return Kept{6, 0};
    if (!all_digits(run)) return std::nullopt;
    if (subject::is_mobile_number(run)) return Kept{3, 4};
    if (run.size() >= 16 && run.size() <= 19 && run[0] == '6' && subject::passes_luhn(run)) return Kept{6, 0};
    return std::nullopt;
}

/// A letter or digit at a position, half width and upper case; full-width ones (U+FF10 ..) take three bytes.
struct Letter {
    char ascii = 0;  // 0: none
    std::size_t bytes = 1;
};
Letter letter_at(std::string_view text, std::size_t at) {
    char c = text[at];
    std::size_t bytes = 1;
    if (c == '\xEF' && at + 2 < text.size()) {
        const int code = ((text[at + 1] & 0x3f) << 6) | (text[at + 2] & 0x3f);  // U+F000 + code
        if (code < 0xf10 || code > 0xf5a) return {};
        c = static_cast<char>(code - 0xf00 + 0x20);
        bytes = 3;
    }
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    const bool is_word = is_digit(c) || (c >= 'A' && c <= 'Z');
    return is_word ? Letter{c, bytes} : Letter{};
}

/// A word of letters and digits, with the place of each in the text.
struct Word {
    std::string letters;
    std::vector<std::size_t> starts;  // one more than letters: the end
};

std::optional<Run> next_run(const Word& word, std::size_t from) {
    while (from < word.letters.size() && !is_digit(word.letters[from])) ++from;
    Run run{from, from};
    while (run.end < word.letters.size() && is_digit(word.letters[run.end])) ++run.end;
    if (run.begin == run.end) return std::nullopt;
    const bool with_x =
        run.end - run.begin == 17 && run.end < word.letters.size() && word.letters[run.end] == 'X';
    if (with_x) ++run.end;
    return run;
}

void mask_word(std::string_view text, const Word& word, std::string& out, std::size_t& copied) {
    if (word.letters.size() < 11 || subject::is_valid_uscc(word.letters)) return;
    for (auto run = next_run(word, 0); run; run = next_run(word, run->end)) {
        const auto kept = kept_of(std::string_view(word.letters).substr(run->begin, run->end - run->begin));
        if (!kept) continue;
        const std::size_t first = run->begin + kept->head, last = run->end - kept->tail;
        out.append(text.substr(copied, word.starts[first] - copied));
        out.append(last - first, '*');
        copied = word.starts[last];
    }
}

}  // namespace

std::string mask_personal(std::string_view text) {
    std::string out;
    std::size_t copied = 0;
    Word word;
    for (std::size_t at = 0; at < text.size();) {
        const Letter letter = letter_at(text, at);
        if (letter.ascii == 0) {
            ++at;
            continue;
        }
        word.letters.clear();
        word.starts.clear();
        for (Letter next = letter; next.ascii != 0;) {
            word.letters += next.ascii;
            word.starts.push_back(at);
            at += next.bytes;
            next = at < text.size() ? letter_at(text, at) : Letter{};
        }
        word.starts.push_back(at);
        mask_word(text, word, out, copied);
    }
    if (copied == 0) return std::string(text);
    out.append(text.substr(copied));
    return out;
}

}  // namespace mingxin::record
