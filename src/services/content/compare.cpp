#include "content/compare.h"

#include <algorithm>

#include "base/text.h"

namespace mingxin::content {

namespace {

constexpr std::size_t kMostLines = 2000;

using Lines = std::vector<std::string_view>;

void put(std::vector<Part>& parts, const char* place, Part::Kind kind, std::string_view text) {
    parts.push_back({place, kind, std::string(text)});
}

/// Longest common subsequence; lengths[i][j] of what follows before[i], after[j].
void compare_lines(const char* place, const Lines& before, const Lines& after, std::vector<Part>& parts) {
    std::size_t head = 0, tail = 0;
    while (head < before.size() && head < after.size() && before[head] == after[head]) ++head;
    while (tail < before.size() - head && tail < after.size() - head &&
           before[before.size() - 1 - tail] == after[after.size() - 1 - tail]) {
        ++tail;
    }
    for (std::size_t i = 0; i < head; ++i) put(parts, place, Part::Kind::same, before[i]);
    const std::size_t n = before.size() - head - tail, m = after.size() - head - tail;
    std::size_t i = 0, j = 0;
    if (n <= kMostLines && m <= kMostLines) {
        const std::size_t width = m + 1;
        std::vector<std::uint16_t> length((n + 1) * width, 0);
        for (std::size_t a = n; a-- > 0;) {
            for (std::size_t b = m; b-- > 0;) {
                length[a * width + b] =
                    before[head + a] == after[head + b]
                        ? static_cast<std::uint16_t>(length[(a + 1) * width + b + 1] + 1)
                        : std::max(length[(a + 1) * width + b], length[a * width + b + 1]);
            }
        }
        while (i < n && j < m) {
            if (before[head + i] == after[head + j]) {
                put(parts, place, Part::Kind::same, before[head + i]);
                ++i;
                ++j;
            } else if (length[(i + 1) * width + j] >= length[i * width + j + 1]) {
                put(parts, place, Part::Kind::removed, before[head + i++]);
            } else {
                put(parts, place, Part::Kind::added, after[head + j++]);
            }
        }
    }
    while (i < n) put(parts, place, Part::Kind::removed, before[head + i++]);
    while (j < m) put(parts, place, Part::Kind::added, after[head + j++]);
    for (std::size_t k = before.size() - tail; k < before.size(); ++k) {
        put(parts, place, Part::Kind::same, before[k]);
    }
}

void compare_field(const char* place, std::string_view before, std::string_view after,
                   std::vector<Part>& parts) {
    if (before == after) {
        if (!before.empty()) put(parts, place, Part::Kind::same, before);
        return;
    }
    if (!before.empty()) put(parts, place, Part::Kind::removed, before);
    if (!after.empty()) put(parts, place, Part::Kind::added, after);
}

std::string facts_text(const Text& text) {
    std::string all;
    for (const Fact& fact : text.facts) all += (all.empty() ? "" : "\n") + fact.name + "：" + fact.value;
    return all;
}

Lines lines_of(std::string_view text) {
    return text.empty() ? Lines() : split(text, '\n');
}

}  // namespace

std::vector<Part> compare(const Text& before, const Text& after) {
    std::vector<Part> parts;
    compare_field("title", before.title, after.title, parts);
    compare_field("summary", before.summary, after.summary, parts);
    const std::string old_facts = facts_text(before), new_facts = facts_text(after);
    compare_lines("facts", lines_of(old_facts), lines_of(new_facts), parts);
    compare_lines("body", lines_of(before.body), lines_of(after.body), parts);
    compare_field("source", before.source, after.source, parts);
    compare_field("unit", before.unit, after.unit, parts);
    compare_field("cover", before.cover, after.cover, parts);
    compare_field("subject_code", before.subject_code, after.subject_code, parts);
    return parts;
}

}  // namespace mingxin::content
