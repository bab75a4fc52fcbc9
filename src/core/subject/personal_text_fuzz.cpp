#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "subject/personal_text.h"

using namespace mingxin;
using namespace mingxin::subject;

namespace {

/// The rules of the project where they are, so that words are met too; nullptr elsewhere.
const rulebook::Rulebook* rules() {
    static const auto loaded = [] {
        auto book = rulebook::Rulebook::load("rules");
        return book.ok() ? *book : nullptr;
    }();
    return loaded.get();
}

void check(std::string_view text, const std::vector<PersonalSpan>& spans) {
    std::size_t end = 0;
    for (const PersonalSpan& span : spans) {
        CHECK(span.begin >= end && span.begin < span.end && span.end <= text.size());
        end = span.end;
        const std::string_view part = text.substr(span.begin, span.end - span.begin);
        CHECK(masked_personal(part, span.kind) != part);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check(text, find_personal_numbers(text));
    if (rules() != nullptr) check(text, find_personal(text, *rules(), *parse_date("2026-11-20")));
    return 0;
}
