// The leak gate on free text: no citizen number, mobile number or bank card leaves in a shown value
// (rules 9.6, C13).
#include <cstdint>

#include "record/record.h"
#include "subject/identify.h"

namespace mingxin::record {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_word(char c) {
    return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool passes_luhn(std::string_view digits) {
    int sum = 0;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        int digit = digits[digits.size() - 1 - i] - '0';
        if (i % 2 == 1) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        sum += digit;
    }
    return sum % 10 == 0;
}

bool all_digits(std::string_view text) {
    for (char c : text) {
        if (!is_digit(c)) return false;
    }
    return !text.empty();
}

/// How many leading and trailing characters of a word stay visible; nullopt: nothing to hide.
struct Kept {
    std::size_t head = 0, tail = 0;
};
std::optional<Kept> kept_of(std::string_view word) {
    if (word.size() == 18 && subject::is_valid_ric(word) && !subject::is_valid_uscc(word)) return Kept{6, 0};
    if (word.size() == 11 && all_digits(word) && word[0] == '1' && word[1] >= '3') return Kept{3, 4};
    const bool card =
        word.size() >= 16 && word.size() <= 19 && all_digits(word) && word[0] == '6' && passes_luhn(word);
    if (card && !subject::is_valid_uscc(word)) return Kept{6, 0};
    return std::nullopt;
}

}  // namespace

std::string mask_personal(std::string_view text) {
    std::string out;
    std::size_t copied = 0;
    for (std::size_t i = 0; i < text.size();) {
        if (!is_word(text[i])) {
            ++i;
            continue;
        }
        std::size_t end = i;
        while (end < text.size() && is_word(text[end])) ++end;
        const std::string_view word = text.substr(i, end - i);
        if (word.size() >= 11) {
            if (auto kept = kept_of(word)) {
                out.append(text.substr(copied, i - copied));
                out.append(word.substr(0, kept->head));
                out.append(word.size() - kept->head - kept->tail, '*');
                out.append(word.substr(word.size() - kept->tail));
                copied = end;
            }
        }
        i = end;
    }
    if (copied == 0) return std::string(text);
    out.append(text.substr(copied));
    return out;
}

}  // namespace mingxin::record
