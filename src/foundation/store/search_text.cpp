#include "store/search_text.h"

#include <algorithm>

#include "base/text.h"

namespace mingxin::store {
namespace {

/// Length of the UTF-8 sequence that starts here, 0 when it is not well-formed enough to decode.
std::size_t sequence_length(std::string_view text, std::size_t at) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t length = lead < 0x80   ? 1
                               : lead < 0xC2 ? 0
                               : lead < 0xE0 ? 2
                               : lead < 0xF0 ? 3
                               : lead < 0xF5 ? 4
                                             : 0;
    if (length == 0 || at + length > text.size()) {
        return 0;
    }
    for (std::size_t i = 1; i < length; ++i) {
        if ((static_cast<unsigned char>(text[at + i]) & 0xC0) != 0x80) {
            return 0;
        }
    }
    return length;
}

void append_lower(std::string& out, char c) {
    if (c > ' ' && c != 0x7F) {
        out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c);
    }
}

/// A character outside ASCII that is no common ideograph.
void append_rare(std::string& out, std::string_view character) {
    const std::string folded = remove_blanks(to_half_width(character));
    if (folded.size() == 1) {
        append_lower(out, folded[0]);
    } else {
        out += folded;
    }
}

FoldTable make_fold_table() {
    FoldTable table;
    std::string dropped;
    for (char32_t c = 1; c < 0x10000; ++c) {
        if (c >= 0xD800 && c < 0xE000) {
            continue;
        }
        std::string character;
        append_utf8(character, c);
        const std::string folded = fold_search_text(character);
        if (folded.empty()) {
            dropped += character;
        } else if (folded != character) {
            table.from += character;
            table.to += folded;
        }
    }
    table.from += dropped;
    return table;
}

}  // namespace

void fold_search_text(std::string_view text, std::string& out) {
    out.clear();
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = sequence_length(text, at);
        const auto lead = static_cast<unsigned char>(text[at]);
        if (length == 1) {
            append_lower(out, text[at]);
        } else if (lead >= 0xE4 && lead <= 0xE9 && length == 3) {
            out.append(text, at, 3);  // U+4000..U+9FFF: ideographs, which never change
        } else if (length != 0) {
            append_rare(out, text.substr(at, length));
        }
        at += std::max<std::size_t>(length, 1);
    }
}

std::string fold_search_text(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    fold_search_text(text, out);
    return out;
}

std::vector<std::string> bigrams(std::string_view folded) {
    std::vector<std::string> result;
    std::size_t previous = 0;
    std::size_t at = folded.empty() ? 0 : sequence_length(folded, 0);
    while (at < folded.size()) {
        const std::size_t end = at + std::max<std::size_t>(sequence_length(folded, at), 1);
        result.emplace_back(folded.substr(previous, end - previous));
        previous = at;
        at = end;
    }
    std::sort(result.begin(), result.end());
    result.erase(std::unique(result.begin(), result.end()), result.end());
    return result;
}

std::vector<std::string> bigrams_of_all(const std::vector<std::string>& folded) {
    std::vector<std::string> all;
    for (const std::string& one : folded) {
        for (std::string& bigram : bigrams(one)) {
            if (std::find(all.begin(), all.end(), bigram) == all.end()) {
                all.push_back(std::move(bigram));
            }
        }
    }
    return all;
}

int packed_bigram(std::string_view bigram) {
    std::size_t at = 0;
    const auto first = static_cast<std::uint32_t>(next_code_point(bigram, at));
    const auto second = static_cast<std::uint32_t>(next_code_point(bigram, at));
    return static_cast<int>((first & 0xFFFF) << 16 | (second & 0xFFFF));
}

const FoldTable& fold_table() {
    static const FoldTable table = make_fold_table();
    return table;
}

}  // namespace mingxin::store
