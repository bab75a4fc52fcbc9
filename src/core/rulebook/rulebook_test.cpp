#include "rulebook/rulebook.h"

#include <doctest/doctest.h>

#include <chrono>

using namespace mingxin;
using namespace mingxin::rulebook;

namespace {

std::shared_ptr<const Rulebook> real_rules() {
    static std::shared_ptr<const Rulebook> book = [] {
        auto loaded = Rulebook::load("rules");
        if (!loaded.ok()) FAIL(loaded.error().message_zh());
        return *loaded;
    }();
    return book;
}

}  // namespace

TEST_CASE("the real rules load") {
    auto start = std::chrono::steady_clock::now();
    auto book = real_rules();
    auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start)
                  .count();
    MESSAGE("loaded in " << ms << " ms, " << book->rules().size() << " rules");
    CHECK(book->items().size() == 3);
}
