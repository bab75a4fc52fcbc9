// Columns and articles of the demonstration, through the same reviews as everybody's.
#pragma once
#include <memory>

#include "base/result.h"
#include "base/time.h"
#include "rulebook/rulebook.h"
#include "store/store.h"

namespace mingxin::cli {

/// Released by the accounts writer, reviewer and releaser; two more wait for their first review. Agencies are
/// two firms of the county.
Result<void> write_demo_content(store::Tx& tx, std::shared_ptr<const rulebook::Rulebook> rules,
                                std::int64_t tenant, Instant now);

}  // namespace mingxin::cli
