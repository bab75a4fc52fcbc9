// The decisions against figures computed by hand: each indicator, scores, grades, corrections, the canonical
// document.
#include "assess/assess.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "crypto/crypto.h"
#include "record/record.h"
#include "record/tally.h"
#include "rulebook/testing/real_rules.h"

using namespace mingxin;
using namespace mingxin::assess;
using rulebook::Measure;

namespace {

const std::string kA = "11410423005599999L", kB = "11410423005590003L";

template <class T>
T must(Result<T> result) {
    REQUIRE_MESSAGE(result.ok(), (result.ok() ? "" : result.error().message_zh()));
    return std::move(*result);
}

const rulebook::Rulebook& rules() {
    static const auto loaded = must(rulebook::Rulebook::load("rules"));
    return *loaded;
}

std::int64_t number_of(std::string_view item) {
    return rules().item(item)->number;
}

const std::int64_t kOctober = *record::parse_month("2026-10");

/// Unit A: 20 penalties in October, 8 of 10 in time; unit B: 10 permits, all right; and B's penalties of
/// September, none in October.
std::vector<MonthCounts> town() {
    MonthCounts a;
    a.unit = kA;
    a.item = number_of("penalty");
    a.month = kOctober;
    a.rows = 20;
    a.accepted = 11;
    a.updated = 2;
    a.duplicate = 2;
    a.doubtful = 1;
    a.rejected = 4;
    a.timed = 10;
    a.on_time = 8;
    a.late = 2;
    a.late_days = 5;
    a.cells = 18 * 10;
    a.filled = 171;
    a.exact = 12;
    a.bad_code = 3;
    a.last = *parse_instant("2026-10-20T04:00:00.000000Z");
    MonthCounts b;
    b.unit = kB;
    b.item = number_of("permit");
    b.month = kOctober;
    b.rows = b.accepted = b.timed = b.on_time = b.exact = 10;
    b.cells = b.filled = 100;
    b.last = *parse_instant("2026-10-31T04:00:00.000000Z");
    MonthCounts earlier = b;
    earlier.item = number_of("penalty");
    earlier.month = kOctober - 1;
    earlier.last = *parse_instant("2026-09-02T04:00:00.000000Z");
    return {a, b, earlier};
}

Document of_october(std::vector<MonthCounts> months = town(), std::vector<Correction> corrections = {}) {
    return must(assess::assess(rules(), "assessment.double", {kOctober, kOctober}, months, 41,
                               std::move(corrections)));
}

const UnitResult& unit(const Document& document, const std::string& code) {
    const auto found = std::find_if(document.units.begin(), document.units.end(),
                                    [&](const UnitResult& one) { return one.unit == code; });
    REQUIRE(found != document.units.end());
    return *found;
}

}  // namespace

TEST_CASE("each indicator against figures computed by hand") {
    struct Row {
        const char* indicator;
        std::int64_t numerator, denominator, rate;  // of unit A
    };
    const Row table[] = {
        {"assess.timely", 8, 10, 8000},  // 8 of 10 rows first taken
        {"assess.late", 2, 10, 2000},          {"assess.compliant", 16, 20, 8000},  // 20 - 4 returned
        {"assess.units_covered", 1, 1, 10000}, {"assess.items_covered", 1, 1, 10000},
        {"assess.accurate", 12, 18, 6667},  // without 2 duplicates; 66.666… rounds up
        {"assess.complete", 171, 180, 9500},   {"assess.duplicate", 2, 20, 1000},
        {"assess.stored", 13, 18, 7222},  // 11 + 2; 72.222…
        {"assess.linked", 13, 14, 9286},  // 13 of 13 + 1 doubtful; 92.857…
        {"assess.bad_code", 3, 18, 1667},
    };
    const Document document = of_october();
    for (const Row& row : table) {
        CAPTURE(row.indicator);
        const Figure* figure = unit(document, kA).figure(row.indicator);
        REQUIRE(figure != nullptr);
        CHECK(figure->numerator == row.numerator);
        CHECK(figure->denominator == row.denominator);
        CHECK(figure->rate() == row.rate);
    }
    // Freshness: 31 October less 20 October.
    CHECK(unit(document, kA).figure("assess.days_since")->numerator == 11);
    CHECK(unit(document, kB).figure("assess.days_since")->numerator == 0);
    CHECK_FALSE(unit(document, kA).figure("assess.fresh")->rate());  // acts come as they happen
    // B gave penalties in September, none in October.
    CHECK(unit(document, kB).figure("assess.items_covered")->numerator == 1);
    CHECK(unit(document, kB).figure("assess.items_covered")->denominator == 2);
    // Every indicator of the rules stands in one of the checks above.
    CHECK(rules().indicators().size() == std::size(table) + 2);
}

TEST_CASE("an item with a cycle is fresh within it") {
    const auto monthly = std::find_if(rules().items().begin(), rules().items().end(), [](const auto& item) {
        return item->update_cycle == rulebook::UpdateCycle::monthly;
    });
    REQUIRE(monthly != rules().items().end());
    MonthCounts one = town()[1];
    one.item = (*monthly)->number;
    for (const auto& [day, fresh] : {std::pair{"2026-09-30", 1}, {"2026-09-29", 0}}) {
        one.month = kOctober - 1;
        one.last = *parse_instant(std::string(day) + "T04:00:00.000000Z");
        const std::vector<MonthCounts> months{one};
        const Document document =
            must(assess::assess(rules(), "assessment.all", {kOctober, kOctober}, months, 1));
        CHECK(document.county.figure("assess.fresh")->numerator == fresh);  // 31 days, 32 days
        CHECK(document.county.figure("assess.fresh")->denominator == 1);
        CHECK(document.county.score == std::int64_t{fresh ? 4000 : 0});
    }
}

TEST_CASE("the score: weights, rounding, grades, computed by hand") {
    const Document document = of_october();
    // (40 x 80.00 + 20 x 80.00 + 15 x 95.00 + 15 x 66.67 + 10 x 100.00) / 100 = 82.2505
    CHECK(unit(document, kA).score == 8225);
    CHECK(unit(document, kA).grade == "good");
    CHECK(unit(document, kB).score == 10000);
    CHECK(unit(document, kB).grade == "excellent");
    // The county: 18/20, 26/30, 271/280 = 96.79, 22/28 = 78.57, 2/2
    // (40 x 90.00 + 20 x 86.67 + 15 x 96.79 + 15 x 78.57 + 10 x 100) / 100 = 89.638
    CHECK(document.county.score == 8964);
    // The single parts of 双公示.
    for (const auto& [scheme, score] :
         {std::pair{"assessment.permit", 10000}, {"assessment.penalty", 8225}}) {
        const Document part = must(assess::assess(rules(), scheme, {kOctober, kOctober}, town(), 41));
        const UnitResult& one = unit(part, std::string(scheme) == "assessment.permit" ? kB : kA);
        CHECK(one.score == score);
    }
    // Thresholds 85, 70, 60.
    const auto* scheme =
        rulebook::assessment_scheme(rules(), "assessment.double", parse_date("2026-10-31").value());
    REQUIRE(scheme->grades.size() == 4);
    CHECK(scheme->grades[0].from == 8500);
    CHECK(scheme->grades[1].from == 7000);
    CHECK(scheme->grades[2].from == 6000);
    CHECK(scheme->appeal_working_days == 5);  // assess.appeal_working_days
}

TEST_CASE("a unit that hands in nothing: covered by nothing, scored nothing, never left out") {
    std::vector<MonthCounts> months = town();
    std::erase_if(months, [](const MonthCounts& one) { return one.unit == kB && one.month == kOctober; });
    const Document document = of_october(months);
    CHECK(unit(document, kB).figure("assess.units_covered")->numerator == 0);
    CHECK(unit(document, kB).score == 0);
    CHECK(unit(document, kB).grade == "fail");
    CHECK(document.county.figure("assess.units_covered")->rate() == 5000);
}

TEST_CASE("the document: canonical, readable, the same whatever the order of what was counted") {
    std::vector<MonthCounts> months = town();
    const std::string first = of_october(months).to_json();
    std::sort(months.begin(), months.end(),
              [](const MonthCounts& a, const MonthCounts& b) { return a.item > b.item; });
    do {
        CHECK(of_october(months).to_json() == first);
        std::rotate(months.begin(), months.begin() + 1, months.end());
    } while (months.front().month != kOctober - 1);
    const Document read = must(read_document(first));
    CHECK(read.to_json() == first);
    CHECK(read.digest() == to_hex(crypto::digest(first)));
    // Another head, other rules, another figure: another digest.
    Document other = read;
    other.head = 42;
    CHECK(other.digest() != read.digest());
    other = read;
    ++other.units[0].figures[0].numerator;
    CHECK(other.digest() != read.digest());
    CHECK_FALSE(read_document("{}").ok());
}

TEST_CASE("a correction: in the unit, in the county, in both scores, and named") {
    const Document document = of_october(town(), {{77, kA, "assess.timely", 10, 10}});
    CHECK(unit(document, kA).figure("assess.timely")->rate() == 10000);
    CHECK(unit(document, kA).score == 9025);  // 82.2505 + 40 x 20 / 100
    CHECK(document.county.figure("assess.timely")->numerator == 20);
    CHECK(document.corrections.size() == 1);
    CHECK(document.to_json().find("\"appeal\":77") != std::string::npos);
    CHECK_FALSE(assess::assess(rules(), "assessment.double", {kOctober, kOctober}, town(), 1,
                               {{77, "nobody", "assess.timely", 1, 1}})
                    .ok());
}

TEST_CASE("periods: months, quarters, stretches") {
    CHECK(must(parse_period("2026-10")).text() == "2026-10");
    const Period quarter = must(parse_period("2026-Q4"));
    CHECK(quarter.from == kOctober);
    CHECK(quarter.to == kOctober + 2);
    CHECK(quarter.text() == "2026-Q4");
    CHECK(quarter.last_day().to_string() == "2026-12-31");
    CHECK(must(parse_period("2026-01~2026-11")).text() == "2026-01~2026-11");
    CHECK(must(parse_period("2026-10~2026-12")).text() == "2026-Q4");
    for (const char* wrong : {"", "2026", "2026-13", "2026-Q5", "2026-Q0", "2026-10~2026-09",
                              "2020-01~2026-01", "2026-10~", "~2026-10", "2026-10-01"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_period(wrong).ok());
    }
}

TEST_CASE("rows counted one by one: late by working days, corrections do not start the clock anew") {
    const rulebook::Item& item = *rules().item("penalty");
    // Decided on 2026-09-24, seven working days, over the holidays: due on 2026-10-12 (rules 13).
    const auto tally = [&](const char* received, record::Outcome outcome) {
        record::Tallier tallier(rules(), item, *parse_date(received));
        record::Entry entry;
        entry.item = &item;
        entry.outcome = outcome;
        entry.values.resize(item.fields.size());
        entry.facts.start = parse_date("2026-09-24");
        tallier.add(entry);
        return tallier.tally();
    };
    CHECK(tally("2026-10-12", record::Outcome::accepted).on_time == 1);
    const record::Tally late = tally("2026-10-14", record::Outcome::accepted);
    CHECK(late.late == 1);
    CHECK(late.late_days == 2);
    for (record::Outcome outcome : {record::Outcome::updated, record::Outcome::duplicate,
                                    record::Outcome::doubtful, record::Outcome::rejected}) {
        CHECK(tally("2026-10-14", outcome).timed == 0);
    }
    CHECK(tally("2026-10-12", record::Outcome::duplicate).cells == 0);
    CHECK(tally("2026-10-12", record::Outcome::accepted).cells > 0);
    CHECK(tally("2026-10-12", record::Outcome::accepted).filled == 0);
    CHECK(tally("2026-10-12", record::Outcome::accepted).exact == 1);
}
