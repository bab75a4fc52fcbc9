#include "base/fault.h"

#include <cstddef>
#include <iterator>

#include "base/check.h"

namespace mingxin {

namespace {
constexpr FaultText fault_texts[] = {
#define MINGXIN_FAULT(name, code, http, title, remedy) {code, http, title, remedy},
#include "base/faults.def"
#undef MINGXIN_FAULT
};
}  // namespace

const FaultText& fault_text(Fault fault) {
    auto index = static_cast<std::size_t>(fault);
    CHECK(index < std::size(fault_texts));
    return fault_texts[index];
}

}  // namespace mingxin
