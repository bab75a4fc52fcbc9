#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/text.h"
#include "subject/name.h"

using namespace mingxin;
using namespace mingxin::subject;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view value(reinterpret_cast<const char*>(data), size);
    if (!is_utf8(value)) return 0;
    std::string once = normalise_name(value);
    CHECK(is_utf8(once) && normalise_name(once) == once);
    CHECK(!names_in(value).empty());
    int similarity = name_similarity(value.substr(0, 0), once);
    CHECK(similarity >= 0 && similarity <= 100);
    return 0;
}
