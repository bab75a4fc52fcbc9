#include "record/survey.h"

#include <doctest/doctest.h>

#include <map>
#include <random>

#include "record/testing/registry.h"

using namespace mingxin;
using namespace mingxin::record;
using namespace mingxin::record::test;

namespace {

/// Ids that the survey gives, with the last day of showing.
std::map<std::string, std::optional<Date>> surveyed(Registry& registry, Date today) {
    std::map<std::string, std::optional<Date>> ids;
    auto tx = must(registry.database().read());
    std::int64_t last = -1;
    must(survey(tx, *rules(), kTenant, today, [&](const Surveyed& one) {
        CHECK_GT(one.position, last);
        last = one.position;
        CHECK_EQ(one.unit_code, "u");
        ids.emplace(one.id(), one.shown_until);
    }));
    return ids;
}

}  // namespace

TEST_CASE("the survey gives exactly what disclose() shows the public, whatever the day") {
    store::for_each_engine([](store::Database& database, const std::string&) {
        Registry registry(database);
        std::mt19937 dice(7);
        std::vector<std::string> codes;
        for (int n = 1; n <= 12; ++n) codes.push_back(valid_code(n));
        const Date first = day("2026-04-02");
        for (int round = 0; round < 6; ++round) {
            std::vector<Entry> entries;
            for (int i = 0; i < 40; ++i) {
                const std::string& code = codes[dice() % codes.size()];
                Facts facts;
                facts.key = round * 40 + i + 1;
                facts.start = first.plus_days(static_cast<int>(dice() % 300));
                if (dice() % 2) facts.valid_to = facts.start->plus_days(static_cast<int>(dice() % 900));
                const bool penalty = dice() % 2;
                facts.severity = penalty ? static_cast<int>(dice() % 4) : 0;
                if (penalty && dice() % 3 == 0) facts.stated_end = facts.start->plus_days(120);
                entries.push_back(entry_of(penalty ? "penalty" : "permit", code, {}, facts));
            }
            registry.take(entries, Instant{1'790'000'000'000'000 + round});
        }
        for (int days : {0, 100, 299, 500, 800, 1500}) {
            const Date today = first.plus_days(days);
            std::map<std::string, std::optional<Date>> shown;
            for (const std::string& code : codes) {
                for (const ShownRecord& one : registry.shown(code, today)) {
                    shown.emplace(one.id, one.shown_until);
                }
            }
            CHECK_EQ(surveyed(registry, today), shown);
            if (days < 800) CHECK_FALSE(shown.empty());
        }
    });
}
