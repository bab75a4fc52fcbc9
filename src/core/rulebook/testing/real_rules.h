// For tests: the rules of this checkout, loaded once, and the day on which they are looked at.
#pragma once
#include <doctest/doctest.h>

#include <memory>

#include "rulebook/rulebook.h"

namespace mingxin::rulebook::test {

inline std::shared_ptr<const Rulebook> real_rules() {
    static const std::shared_ptr<const Rulebook> book = [] {
        auto loaded = Rulebook::load("rules");
        if (!loaded.ok()) FAIL(loaded.error().message_zh());
        return *loaded;
    }();
    return book;
}

inline Date day(const char* text) {
    return *parse_date(text);
}
inline const Date kToday = day("2026-11-20");

}  // namespace mingxin::rulebook::test
