#include "collect/list_parts.h"

namespace mingxin::collect {

Result<std::string> UnitNames::of(const std::string& code) {
    const auto found = names_.find(code);
    if (found != names_.end()) return found->second;
    const auto unit = TRY(access::find_unit(tx_, code));
    return names_.emplace(code, unit ? unit->name : std::string()).first->second;
}

}  // namespace mingxin::collect
