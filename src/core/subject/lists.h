// The list of subjects, walked by key with filters (listing.h).
#pragma once
#include <functional>
#include <map>
#include <string>

#include "listing/listing.h"
#include "subject/subject.h"

namespace mingxin::subject {

/// "enterprise", "individual_business", "other".
std::string_view base_name(int base);

/// Key: the id. Filters of asked.in: base (see above), state (registration state), q (part of the name, or a
/// code).
Result<listing::Walked> walk_subjects(store::ReadTx& tx, std::int64_t tenant, const listing::Asked& asked,
                                      const listing::Walk& walk,
                                      const std::function<Result<bool>(const Subject&)>& visit);

/// How many subjects bear each industry code, as it was written. Reads them all: never per request.
Result<std::map<std::string, std::int64_t>> count_by_industry(store::ReadTx& tx, std::int64_t tenant);

}  // namespace mingxin::subject
