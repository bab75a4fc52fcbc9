#include "rulebook/lexicon.h"

#include <map>

#include "base/check.h"
#include "base/text.h"
#include "rulebook/rulebook.h"

namespace mingxin::rulebook {

namespace {

constexpr std::size_t kPlane = 0x10000;  // words begin in the basic plane

bool is_tail(std::string_view bytes, std::size_t at) {
    return at < bytes.size() && (static_cast<unsigned char>(bytes[at]) & 0xC0) == 0x80;
}

}  // namespace

char32_t next_rare_point(std::string_view bytes, std::size_t& at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[at + i]); };
    const unsigned char lead = byte(0);
    std::size_t size = 1;
    char32_t point = lead < 0x80 ? lead : 0xFFFD;
    if (lead >= 0xE0 && lead <= 0xEF && is_tail(bytes, at + 1) && is_tail(bytes, at + 2)) {
        size = 3;
        point = static_cast<char32_t>((lead & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F));
    } else if (lead >= 0xC2 && lead <= 0xDF && is_tail(bytes, at + 1)) {
        size = 2;
        point = static_cast<char32_t>((lead & 0x1F) << 6 | (byte(1) & 0x3F));
    } else if (lead >= 0xF0 && lead <= 0xF4 && is_tail(bytes, at + 1) && is_tail(bytes, at + 2) &&
               is_tail(bytes, at + 3)) {
        size = 4;
        point = static_cast<char32_t>((lead & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 |
                                      (byte(3) & 0x3F));
    }
    at += size;
    return point;
}

Lexicon::Lexicon(const std::vector<WordRule>& rules) : first_(kPlane), begins_(kPlane) {
    std::map<std::u32string, std::vector<Meaning>> meanings;
    for (const WordRule& rule : rules) {
        if (rule.personal.empty()) continue;
        const auto add = [&](const std::vector<std::string>& words, Part part) {
            for (const std::string& word : words) meanings[to_code_points(word)].push_back({&rule, part});
        };
        add(rule.words, Part::words);
        add(rule.except, Part::except);
        add(rule.unless, Part::unless);
        add(rule.with, Part::with);
        add(rule.persons, Part::persons);
    }
    for (auto& [text, of_word] : meanings) {
        if (text.empty() || text[0] >= kPlane) continue;
        Word word{text, std::move(of_word)};
        for (const Meaning& meaning : word.meanings) word.begins |= meaning.part == Part::words;
        words_.push_back(std::move(word));
        CHECK(words_.size() < 0xFFFF);
        if (first_[text[0]] == 0) first_[text[0]] = static_cast<std::uint16_t>(words_.size());
        if (words_.back().begins) begins_[text[0]] = 1;
    }
}

bool Lexicon::stands_at(const Word& word, std::string_view bytes, std::size_t at) const {
    for (char32_t point : word.text) {
        if (at >= bytes.size() || folded(next_point(bytes, at)) != point) return false;
    }
    return true;
}

bool Lexicon::has_words(std::string_view bytes) const {
    if (words_.empty()) return false;
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t begin = at;
        const char32_t point = folded(next_point(bytes, at));
        if (point >= kPlane || !begins_[point]) continue;
        for (std::size_t i = first_[point] - 1u; i < words_.size() && words_[i].text[0] == point; ++i) {
            if (words_[i].begins && stands_at(words_[i], bytes, begin)) return true;
        }
    }
    return false;
}

std::vector<Lexicon::Hit> Lexicon::find(std::u32string_view text) const {
    std::vector<Hit> hits;
    if (words_.empty()) return hits;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] >= kPlane || first_[text[at]] == 0) continue;
        for (std::size_t i = first_[text[at]] - 1u; i < words_.size() && words_[i].text[0] == text[at]; ++i) {
            if (!text.substr(at).starts_with(words_[i].text)) continue;
            for (const Meaning& meaning : words_[i].meanings)
                hits.push_back({at, at + words_[i].text.size(), meaning.rule, meaning.part});
        }
    }
    return hits;
}

}  // namespace mingxin::rulebook
