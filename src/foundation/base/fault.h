// Fault codes: every refusal that the platform can give has a stable code, an HTTP status, a Chinese title
// and a remedy. Codes are never reused: a fault that is no longer given stays in faults.def.
#pragma once
#include <string_view>

namespace mingxin {

enum class Fault {
#define MINGXIN_FAULT(name, code, http, title, remedy) name,
#include "base/faults.def"
#undef MINGXIN_FAULT
};

struct FaultText {
    std::string_view code;  // "MX1001"
    int http_status;
    std::string_view title_zh;   // what is wrong
    std::string_view remedy_zh;  // what to do
};

/// The text of a fault. Total: every enumerator has a row in faults.def.
const FaultText& fault_text(Fault fault);

}  // namespace mingxin
