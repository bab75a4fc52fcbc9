#include "rulebook/lexicon.h"

#include <doctest/doctest.h>

#include "rulebook/rulebook.h"

using namespace mingxin;
using namespace mingxin::rulebook;

TEST_CASE("the words of personal data are found in one pass, in any bytes") {
    const auto rules = Rulebook::load("rules");
    REQUIRE(rules.ok());
    const Lexicon& lexicon = (*rules)->lexicon();
    CHECK(lexicon.has_words("其年仅十岁"));
    CHECK(lexicon.has_words("tel0375"));
    CHECK(lexicon.has_words("ＴＥＬ"));
    CHECK_FALSE(lexicon.has_words("老赖"));  // a plain word, of W04
    CHECK_FALSE(lexicon.has_words("未"));
    CHECK_FALSE(lexicon.has_words("截断\xE6\x9C"));
    CHECK_FALSE(lexicon.has_words(""));
    CHECK_FALSE(Lexicon().has_words("年仅十岁"));
    std::string found;
    for (const Lexicon::Hit& hit : lexicon.find(U"未成年人保护")) {
        if (hit.rule->id != "P08") continue;
        found += std::to_string(hit.begin) + "-" + std::to_string(hit.end) +
                 (hit.part == Lexicon::Part::words ? " " : "except ");
    }
    CHECK(found == "0-3 0-4 0-6except ");
}
