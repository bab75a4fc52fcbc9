// The leak gate on texts with labels (tests/leak/*.csv): precision and recall of each kind are printed, and
// may not fall below bounds. On tuned.csv the words were chosen; held_out.csv was written before that,
// later.csv after it, and neither is looked at. docs/leak-gate.md has the figures and says what is counted.
#include <doctest/doctest.h>

#include <cstdio>
#include <map>

#include "base/file.h"
#include "base/text.h"
#include "record/testing/registry.h"
#include "subject/personal_text.h"

using namespace mingxin;
using namespace mingxin::record;
using namespace mingxin::record::test;

namespace {

const Date kToday = day("2026-11-20");

struct Labelled {
    std::string text;
    std::vector<std::string> kinds, leaks;  // side by side
};

/// One line of text, kinds, leaks; a cell in quotes may hold commas.
Labelled labelled_of(std::string_view line) {
    std::vector<std::string> cells(1);
    bool quoted = false;
    for (char c : line) {
        if (c == '"') {
            quoted = !quoted;
        } else if (c == ',' && !quoted) {
            cells.emplace_back();
        } else {
            cells.back() += c;
        }
    }
    REQUIRE(cells.size() == 3);
    Labelled out{cells[0]};
    if (cells[1].empty()) return out;
    for (std::string_view kind : split(cells[1], ';')) out.kinds.emplace_back(kind);
    for (std::string_view leak : split(cells[2], ';')) out.leaks.emplace_back(leak);
    REQUIRE(out.kinds.size() == out.leaks.size());
    return out;
}

std::vector<Labelled> labelled_texts(const char* path) {
    const std::string file = must(read_file(path));
    std::vector<Labelled> texts;
    for (std::string_view line : split(file, '\n')) {
        if (!line.empty() && !line.starts_with("text,")) texts.push_back(labelled_of(line));
    }
    return texts;
}

struct Score {
    int labelled = 0, met = 0;  // leaks of the labels, and those that were found
    int found = 0, right = 0;   // spans that were found, and those that touch a leak of their kind
    double recall() const { return labelled == 0 ? 1 : 1.0 * met / labelled; }
    double precision() const { return found == 0 ? 1 : 1.0 * right / found; }
};

struct Scores {
    std::map<std::string, Score> kinds;
    Score all;
    int clean = 0, clean_left_alone = 0;
};

/// Spans touch in bytes.
bool touch(std::size_t begin, std::size_t end, std::size_t other_begin, std::size_t other_end) {
    return begin < other_end && other_begin < end;
}

void tell(const char* what, const std::string& kind, const Labelled& one, std::string_view part) {
    std::printf("    %s %s: %.*s in %s\n", what, kind.c_str(), static_cast<int>(part.size()), part.data(),
                one.text.c_str());
}

void score(const Labelled& one, Scores& scores, bool aloud) {
    const auto spans = subject::find_personal(one.text, *rules(), kToday);
    std::vector<bool> right(spans.size());
    std::size_t from = 0;
    for (std::size_t i = 0; i < one.leaks.size(); ++i) {
        const std::size_t begin = one.text.find(one.leaks[i], from), end = begin + one.leaks[i].size();
        REQUIRE_MESSAGE(begin != std::string::npos, one.text);
        from = end;
        bool met = false;
        for (std::size_t s = 0; s < spans.size(); ++s) {
            if (subject::personal_kind_name(spans[s].kind) != one.kinds[i]) continue;
            if (!touch(begin, end, spans[s].begin, spans[s].end)) continue;
            met = right[s] = true;
        }
        ++scores.kinds[one.kinds[i]].labelled;
        scores.kinds[one.kinds[i]].met += met;
        if (!met && aloud) tell("missed", one.kinds[i], one, one.leaks[i]);
    }
    for (std::size_t s = 0; s < spans.size(); ++s) {
        const std::string kind(subject::personal_kind_name(spans[s].kind));
        ++scores.kinds[kind].found;
        scores.kinds[kind].right += right[s];
        const auto part = std::string_view(one.text).substr(spans[s].begin, spans[s].end - spans[s].begin);
        if (!right[s] && aloud) tell("wrong", kind, one, part);
    }
    if (one.leaks.empty()) {
        ++scores.clean;
        scores.clean_left_alone += spans.empty();
    }
}

Scores scores_of(const char* path, bool aloud) {
    Scores scores;
    for (const Labelled& one : labelled_texts(path)) score(one, scores, aloud);
    for (const auto& [kind, of_kind] : scores.kinds) {
        scores.all.labelled += of_kind.labelled;
        scores.all.met += of_kind.met;
        scores.all.found += of_kind.found;
        scores.all.right += of_kind.right;
    }
    return scores;
}

void print(const char* name, const Scores& scores) {
    std::printf("%s: %d of %d clean texts left alone\n", name, scores.clean_left_alone, scores.clean);
    const auto line = [](const char* kind, const Score& one) {
        std::printf("  %-13s precision %.3f (%d of %d)  recall %.3f (%d of %d)\n", kind, one.precision(),
                    one.right, one.found, one.recall(), one.met, one.labelled);
    };
    for (const auto& [kind, one] : scores.kinds) line(kind.c_str(), one);
    line("all", scores.all);
    std::fflush(stdout);
}

}  // namespace

TEST_CASE("leak gate: precision and recall of each kind on the texts it is tuned on") {
    const Scores scores = scores_of("tests/leak/tuned.csv", true);
    print("tuned", scores);
    CHECK(scores.clean + scores.all.labelled >= 440);
    CHECK(scores.clean_left_alone >= 0.99 * scores.clean);
    CHECK(scores.kinds.size() == 8);
    for (const auto& [kind, one] : scores.kinds) {
        CAPTURE(kind);
        CHECK(one.labelled >= 15);
        CHECK(one.recall() >= 0.98);
        CHECK(one.precision() >= 0.98);
    }
}

TEST_CASE("leak gate: precision and recall on the texts that were held out") {
    // Floors below what was measured (0.99 and 1.00; 0.95 and 0.93), so that a change of words that costs
    // more than one or two texts is seen.
    for (const char* name : {"held_out", "later"}) {
        CAPTURE(std::string(name));
        const Scores scores = scores_of((std::string("tests/leak/") + name + ".csv").c_str(), false);
        print(name, scores);
        CHECK(scores.all.labelled >= 40);
        CHECK(scores.all.recall() >= 0.90);
        CHECK(scores.all.precision() >= 0.92);
        CHECK(scores.clean_left_alone >= 0.95 * scores.clean);
    }
}

TEST_CASE("leak gate: what is found is not readable any more, and a masked text has nothing left to find") {
    for (const char* path : {"tests/leak/tuned.csv", "tests/leak/held_out.csv"}) {
        for (const Labelled& one : labelled_texts(path)) {
            CAPTURE(one.text);
            const std::string masked = mask_personal(one.text, *rules(), kToday);
            if (one.leaks.empty()) CHECK(masked == one.text);
            for (const auto& span : subject::find_personal(one.text, *rules(), kToday)) {
                if (span.rule != nullptr && span.rule->id == "P05") continue;  // stays in shown values
                CHECK(masked.find(one.text.substr(span.begin, span.end - span.begin)) == std::string::npos);
            }
            CHECK(mask_personal(masked, *rules(), kToday) == masked);
        }
    }
}

TEST_CASE("leak gate: numbers are always masked in shown values, the rest where its rule says so") {
    const std::pair<std::string, std::string> table[] = {
        {"李某，身份证11010519491231002X，电话13812345678",
         "李某，身份证110105************，电话138****5678"},
        {"宅电0375-5051234", "宅电0375-*******"},
        {"账号41001534510050001234", "账号4100****************"},
        {"家住琴台街道人民路12号，务农", "家住琴台街道****，务农"},
        {"翠竹小区3号楼2单元501室", "翠竹小区3号楼2单元501室"},  // nearly always where a business is
        {"向未成年人张某出售", "向未成年人**出售"},
        {"年仅15岁，2011年5月6日出生", "年仅**岁，****年*月*日出生"},
        {"当事人患有高血压，住院", "当事人***，住院"},
        {"截断\xEF\xBC", "截断\xEF\xBC"},
        {"", ""},
    };
    for (const auto& [text, expected] : table) {
        CAPTURE(text);
        CHECK(mask_personal(text, *rules(), kToday) == expected);
    }
}
