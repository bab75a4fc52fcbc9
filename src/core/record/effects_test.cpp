// Withdrawals: the limit in working days as a decision table, and what the table of records then says.
#include "record/effects.h"

#include "record/testing/registry.h"

using namespace mingxin;
using namespace mingxin::record;
using namespace mingxin::record::test;

TEST_CASE(
    "timeliness: three working days after the annulment (rules 2.1, 13; publish.withdraw_working_days)") {
    const struct {
        const char *decided, *today, *due;
        int late;
    } table[] = {
        {"2026-02-13", "2026-02-13", "2026-02-25", 0},  // before the spring festival, with make-up days
        {"2026-02-13", "2026-02-25", "2026-02-25", 0},  // the last day is in time
        {"2026-02-13", "2026-02-26", "2026-02-25", 1},
        {"2026-02-13", "2026-03-02", "2026-02-25", 4},
        {"2026-09-30", "2026-10-07", "2026-10-10", 0},  // the national day's week does not count
        {"2026-11-20", "2026-11-25", "2026-11-25", 0},
        {"2026-11-20", "2026-11-26", "2026-11-25", 1},
        {"2026-11-18", "2026-11-23", "2026-11-23", 0},
        {"2026-11-24", "2026-11-28", "2026-11-27", 1},  // a Saturday: the next working day has begun
    };
    const auto* ground = rules()->withdrawal_ground("withdrawal.annulled", day("2026-11-20"));
    REQUIRE(ground != nullptr);
    const int days = ground->working_days(*rules()->item("penalty"));
    CHECK(days == 3);
    for (const auto& row : table) {
        CAPTURE(std::string(row.decided) + " " + row.today);
        const Timeliness result = timeliness(rules()->calendar(), day(row.decided), days, day(row.today));
        REQUIRE(result.due.has_value());
        CHECK(result.due->to_string() == row.due);
        CHECK(result.late_working_days == row.late);
        CHECK_FALSE(result.provisional);
    }
}

TEST_CASE("timeliness: no limit, nothing late; beyond the known calendar it is provisional") {
    const auto& calendar = rules()->calendar();
    CHECK_FALSE(timeliness(calendar, std::nullopt, 3, day("2026-11-20")).due.has_value());
    CHECK_FALSE(timeliness(calendar, day("2020-01-01"), 0, day("2026-11-20")).due.has_value());
    CHECK(timeliness(calendar, day("2020-01-01"), 0, day("2026-11-20")).late_working_days == 0);
    CHECK(timeliness(calendar, day("2026-12-31"), 3, day("2027-01-04")).provisional);
}

TEST_CASE("withdrawal grounds, by id: limits, documents, what the public reads") {
    const struct {
        const char* id;
        bool document;
        int penalty, other;
    } table[] = {{"withdrawal.changed", true, 3, 3},
                 {"withdrawal.annulled", true, 3, 3},
                 {"withdrawal.unlawful", true, 3, 3},
                 {"withdrawal.void", true, 3, 3},
                 {"withdrawal.mistaken", false, 0, 0}};
    CHECK(rules()->withdrawal_grounds().size() == std::size(table));
    for (const auto& row : table) {
        CAPTURE(std::string(row.id));
        const auto* ground = rules()->withdrawal_ground(row.id, day("2026-11-20"));
        REQUIRE(ground != nullptr);
        CHECK(ground->needs_document == row.document);
        CHECK(ground->working_days(*rules()->item("penalty")) == row.penalty);
        CHECK(ground->working_days(*rules()->item("permit")) == row.other);
        CHECK_FALSE(ground->public_zh.empty());
        CHECK_FALSE(ground->basis.document.empty());
    }
    CHECK(rules()->withdrawal_ground("withdrawal.annulled", day("2020-01-01")) == nullptr);
    CHECK(rules()->withdrawal_ground("withdrawal.gossip", day("2026-11-20")) == nullptr);
}
