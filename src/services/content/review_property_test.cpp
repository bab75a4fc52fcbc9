// Whatever people do in whatever order, nothing is public without three different ones.
#include <rapidcheck.h>

#include <set>

#include "content/testing/newsroom.h"

using namespace mingxin;
using namespace mingxin::content;
using namespace mingxin::content::test;

namespace {

constexpr const char* kPeople[] = {"wang", "li", "zhao", "sun"};

/// What one article went through, kept apart from the service.
struct Witness {
    std::set<std::string> draft_writers, writers;
    std::string passed_by, released_by;
    Done now;
};

std::string some_person() {
    return kPeople[*rc::gen::inRange<std::size_t>(0, std::size(kPeople))];
}

/// One step by somebody; whether it was allowed is the service's decision, what it did is noted.
void step(Newsroom& room, Witness& seen, int kind, const std::string& by) {
    switch (kind) {
        case 0: {
            Text next = text();
            next.change_note = "更正";
            const auto saved = room.save(by, next, seen.now.id, seen.now.revision);
            if (!saved.ok()) return;
            seen.draft_writers.insert(by);
            seen.now = *saved;
            return;
        }
        case 1: {
            const auto done = room.submit(by, seen.now);
            if (!done.ok()) return;
            seen.draft_writers.insert(by);
            seen.writers = std::move(seen.draft_writers);
            seen.draft_writers.clear();
            seen.passed_by.clear();
            seen.now = *done;
            return;
        }
        case 2: {
            const auto done = room.pass(by, seen.now);
            if (!done.ok()) return;
            seen.passed_by = by;
            seen.now = *done;
            return;
        }
        case 3: {
            const auto done = room.release(by, seen.now);
            if (!done.ok()) return;
            seen.released_by = by;
            seen.now = *done;
            return;
        }
        default: {
            const auto done = room.send_back(by, seen.now, "退回", kind == 5);
            if (!done.ok()) return;
            seen.draft_writers = seen.writers;
            seen.now = *done;
        }
    }
}

}  // namespace

TEST_CASE("property: nothing is ever public without three different people") {
    store::for_each_engine([](store::Database& database, const std::string& engine) {
        Newsroom room(database);
        int releases = 0;
        CHECK(rc::check("three people: " + engine, [&] {
            Witness seen;
            seen.now = must(room.save("wang", text()));
            seen.draft_writers = {"wang"};
            // Most runs begin on the right way, so that releases are really met; the last of them go all of
            // it.
            const int led = *rc::gen::element(0, 1, 2, 3);
            if (led >= 1) step(room, seen, 1, "wang");
            if (led >= 2) step(room, seen, 2, "li");
            if (led >= 3) {
                step(room, seen, 3, "zhao");
                RC_ASSERT(room.seen(seen.now.id).has_value());
                ++releases;
            }
            const int steps = *rc::gen::inRange(1, 10);
            for (int i = 0; i < steps; ++i) {
                const Stage before = seen.now.stage;
                step(room, seen, *rc::gen::inRange(0, 6), some_person());
                const bool released = before == Stage::final_review && seen.now.stage == Stage::none;
                if (released) {
                    ++releases;
                    RC_ASSERT(!seen.passed_by.empty());
                    RC_ASSERT(seen.writers.count(seen.passed_by) == 0u);
                    RC_ASSERT(seen.writers.count(seen.released_by) == 0u);
                    RC_ASSERT(seen.passed_by != seen.released_by);
                }
                if (seen.released_by.empty()) {
                    RC_ASSERT(!room.seen(seen.now.id));
                } else {
                    RC_ASSERT(room.seen(seen.now.id).has_value());
                }
            }
        }));
        CHECK(releases > 0);
    });
}
