// Activating a rulebook is an event, once per change, and the table follows from the journal.
#include <doctest/doctest.h>

#include "base/file.h"
#include "journal/test_journal.h"
#include "rulebook/editions.h"
#include "store/test_engines.h"

using namespace mingxin;
using journal::at;
using journal::must;

namespace {

/// The real rules with a text of one file replaced.
std::shared_ptr<const rulebook::Rulebook> rules_with(const std::string& path, std::string_view old,
                                                     std::string_view with) {
    std::vector<rulebook::RuleFile> files = must(rulebook::Rulebook::load("rules"))->files();
    for (rulebook::RuleFile& file : files) {
        if (file.path != path) continue;
        const std::size_t at = file.content.find(old);
        REQUIRE(at != std::string::npos);
        file.content.replace(at, old.size(), with);
    }
    return must(rulebook::Rulebook::load(std::move(files)));
}

/// With a remark more: another digest.
std::shared_ptr<const rulebook::Rulebook> changed_rules() {
    return rules_with("report.yaml", "report:\n", "# changed\nreport:\n");
}

struct Engine {
    store::Database& database;
    explicit Engine(store::Database& opened) : database(opened) {
        must(database.create(journal::tables()));
        must(database.create(rulebook::tables()));
    }
    template <class F>
    auto write(F work) {
        auto tx = must(database.write());
        auto done = work(tx);
        if (done.ok()) must(tx.commit());
        return done;
    }
    rulebook::EditionState state_of(const rulebook::Rulebook& book) {
        auto tx = must(database.read());
        return must(rulebook::find_edition(tx, book.digest())).value().state;
    }
};

}  // namespace

TEST_CASE("activation: an event when the digest changes, none when it is the same") {
    auto first = must(rulebook::Rulebook::load("rules"));
    auto second = changed_rules();
    REQUIRE(first->digest() != second->digest());
    store::for_each_engine([&](store::Database& database, const std::string&) {
        must(database.create(journal::tables()));
        must(database.create(rulebook::tables()));
        auto activate = [&](const rulebook::Rulebook& book, int second_of_day) {
            auto tx = must(database.write());
            bool done = must(rulebook::activate(tx, book, "operator", at(second_of_day)));
            must(tx.commit());
            return done;
        };
        {
            auto tx = must(database.read());
            CHECK(!must(rulebook::active_digest(tx)));
        }
        CHECK(activate(*first, 1));
        CHECK_FALSE(activate(*first, 2));
        CHECK(activate(*second, 3));
        CHECK(activate(*first, 4));  // going back is a change too
        auto tx = must(database.write());
        CHECK(must(rulebook::active_digest(tx)) == first->digest());
        auto events = must(journal::events(tx, INT64_MAX, 10));
        REQUIRE(events.size() == 3);
        CHECK(events[2].kind == rulebook::kActivatedKind);
        CHECK(events[2].rulebook == first->digest());
        CHECK(events[2].payload.starts_with("{\"digest\":\"" + first->digest() + "\",\"title\":\""));
        CHECK(events[2].row_count == static_cast<std::int64_t>(first->files().size()));
        CHECK(events[1].rulebook == second->digest());

        // Rebuilt from the journal, the table says the same.
        must(tx.execute({"test.rulebook.clear", "DELETE FROM rulebook_edition"}));
        auto projection = rulebook::projection();
        must(journal::for_each_event(tx, 1, [&](const journal::Event& event) -> Result<void> {
            TRY(projection->begin_event(tx, event));
            return projection->end_event(tx, event);
        }));
        CHECK(must(rulebook::active_digest(tx)) == first->digest());
        auto rows = must(tx.query({"test.rulebook.rows",
                                   "SELECT event_seq, decided_us FROM rulebook_edition "
                                   "ORDER BY event_seq"}));
        REQUIRE(must(rows.next()));
        CHECK(rows.integer(0) == 2);
        CHECK(rows.integer(1) == 3'000'000);
        REQUIRE(must(rows.next()));
        CHECK(rows.integer(0) == 3);
        CHECK(rows.integer(1) == 4'000'000);
        CHECK_FALSE(must(rows.next()));
    });
}

TEST_CASE("editions: what a newer one changes") {
    using rulebook::Difference;
    auto first = must(rulebook::Rulebook::load("rules"));
    CHECK(rulebook::compare(*first, *first).empty());
    CHECK(rulebook::compare(*first, *changed_rules()).empty());  // a remark changes no rule

    auto longer = rules_with("items/penalty.yaml", "length: [0, 128]", "length: [0, 64]");
    auto changes = rulebook::compare(*first, *longer);
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].difference == Difference::changed);
    CHECK(changes[0].kind == "item");
    CHECK(changes[0].id == "penalty");
    REQUIRE(changes[0].facets.size() == 1);
    CHECK(changes[0].facets[0].path == "fields.CF_WSH.length");
    CHECK(changes[0].facets[0].before == "[0, 128]");
    CHECK(changes[0].facets[0].after == "[0, 64]");

    auto ended = rules_with("items/acts.yaml", "    valid_from: 2020-05-01\n",
                            "    valid_from: 2020-05-01\n    valid_to: 2026-12-31\n");
    changes = rulebook::compare(*first, *ended);
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].difference == Difference::ended);
    CHECK(changes[0].id == "compulsion");

    auto added = rules_with("documents.yaml", "documents:\n",
                            "documents:\n  - {id: notice.2027, title_zh: 某通知, valid_from: 2027-01-01}\n");
    changes = rulebook::compare(*first, *added);
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].difference == Difference::added);
    CHECK(rulebook::compare(*added, *first).at(0).difference == Difference::removed);
}

TEST_CASE("editions: proposed by one, put into force by another, kept whole") {
    using rulebook::EditionState;
    auto first = must(rulebook::Rulebook::load("rules"));
    auto second = rules_with("items/penalty.yaml", "length: [0, 128]", "length: [0, 64]");
    auto third = changed_rules();
    auto richer = rules_with("documents.yaml", "documents:\n",
                             "documents:\n  - {id: notice.2027, title_zh: 某通知, valid_from: 2027-01-01}\n");
    store::for_each_engine([&](store::Database& opened, const std::string&) {
        Engine engine(opened);
        const auto propose = [&](const rulebook::Rulebook& in_force, const rulebook::Rulebook& book, int s) {
            return engine.write(
                [&](auto& tx) { return rulebook::propose(tx, in_force, book, "staff:an", at(s)); });
        };
        const auto approve = [&](const rulebook::Rulebook& book, std::string_view who, int s) {
            return engine.write([&](auto& tx) { return rulebook::approve(tx, book, who, at(s)); });
        };
        must(engine.write([&](auto& tx) { return rulebook::activate(tx, *first, "operator", at(1)); }));
        CHECK(propose(*first, *first, 2).error().fault == Fault::edition_known);
        CHECK(propose(*richer, *third, 2).error().fault == Fault::edition_unlawful);
        CHECK(approve(*second, "staff:bo", 2).error().fault == Fault::edition_not_open);
        must(propose(*first, *second, 3));
        CHECK(propose(*first, *second, 4).error().fault == Fault::edition_known);
        CHECK(engine.state_of(*second) == EditionState::proposed);
        CHECK(approve(*second, "staff:an", 5).error().fault == Fault::edition_own);
        must(approve(*second, "staff:bo", 6));
        CHECK(engine.state_of(*second) == EditionState::in_force);
        CHECK(engine.state_of(*first) == EditionState::superseded);
        must(propose(*second, *third, 7));
        must(engine.write([&](auto& tx) {
            return rulebook::decline(tx, third->digest(), "没有必要", "staff:bo", second->digest(), at(8));
        }));
        CHECK(engine.state_of(*third) == EditionState::declined);
        must(propose(*second, *third, 9));  // may be proposed again

        auto tx = must(opened.write());
        CHECK(must(rulebook::active_digest(tx)) == second->digest());
        for (const auto& book : {first, second, third}) {
            CHECK(must(rulebook::load_edition(tx, book->digest()))->files().size() == book->files().size());
        }
        CHECK(rulebook::load_edition(tx, std::string(64, '0')).error().fault == Fault::not_found);
        const auto before = must(rulebook::editions(tx));
        REQUIRE(before.size() == 3);
        must(tx.execute({"test.rulebook.clear", "DELETE FROM rulebook_edition"}));
        auto projection = rulebook::projection();
        must(journal::for_each_event(tx, 1, [&](const journal::Event& event) -> Result<void> {
            return projection->begin_event(tx, event);
        }));
        const auto after = must(rulebook::editions(tx));
        REQUIRE(after.size() == 3);
        for (std::size_t i = 0; i < after.size(); ++i) {
            CHECK(after[i].digest == before[i].digest);
            CHECK(after[i].state == before[i].state);
            CHECK(after[i].event == before[i].event);
            CHECK(after[i].decided_by == before[i].decided_by);
            CHECK(after[i].reason == before[i].reason);
        }
    });
}
