#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "subject/identify.h"

using namespace mingxin::subject;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view value(reinterpret_cast<const char*>(data), size);
    Identified found = identify(value);
    CHECK(!found.valid || found.canonical == value);
    CHECK(found.valid || !found.reason_zh.empty());
    if (!found.canonical.empty()) {
        Identified again = identify(found.canonical);
        CHECK(again.valid && again.canonical == found.canonical);
    }
    for (auto repair : {repair_uscc, repair_orgcode, repair_regno15, repair_ric}) {
        std::string once = repair(value);
        CHECK(repair(once) == once);
    }
    return 0;
}
