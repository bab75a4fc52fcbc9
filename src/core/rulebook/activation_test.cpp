// Activating a rulebook is an event, once per change, and the table follows from the journal.
#include <doctest/doctest.h>

#include "base/file.h"
#include "journal/test_journal.h"
#include "rulebook/rulebook_projection.h"
#include "store/test_engines.h"

using namespace mingxin;
using journal::at;
using journal::must;

namespace {

/// A copy of the real rules with a remark more: another digest.
std::shared_ptr<const rulebook::Rulebook> changed_rules() {
    TemporaryFolder folder;
    std::filesystem::copy("rules", folder.path() / "rules", std::filesystem::copy_options::recursive);
    auto report = must(read_file(folder.path() / "rules/report.yaml"));
    must(write_file(folder.path() / "rules/report.yaml", report + "# changed\n"));
    return must(rulebook::Rulebook::load(folder.path() / "rules"));
}

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
        CHECK(events[2].payload.starts_with("{\"digest\":\"" + first->digest() + "\",\"item\":3,\"check\":"));
        CHECK(events[1].rulebook == second->digest());

        // Rebuilt from the journal, the table says the same.
        must(tx.execute({"test.rulebook.clear", "DELETE FROM rulebook_version"}));
        auto projection = rulebook::projection();
        must(journal::for_each_event(tx, 1, [&](const journal::Event& event) -> Result<void> {
            TRY(projection->begin_event(tx, event));
            return projection->end_event(tx, event);
        }));
        CHECK(must(rulebook::active_digest(tx)) == first->digest());
        auto rows = must(tx.query({"test.rulebook.rows",
                                   "SELECT event_seq, activated_us FROM rulebook_version "
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
