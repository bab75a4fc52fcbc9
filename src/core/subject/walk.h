// All subjects by id, in ranges: for the list of all pages that search engines read.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/store.h"

namespace mingxin::subject {

/// The greatest id; 0: there are none.
Result<std::int64_t> last_id(store::ReadTx& tx, std::int64_t tenant);
/// The codes of those with after < id <= up_to. Ids have gaps, so there may be fewer than the range is wide,
/// also none.
Result<std::vector<std::string>> codes_between(store::ReadTx& tx, std::int64_t tenant, std::int64_t after,
                                               std::int64_t up_to);

}  // namespace mingxin::subject
