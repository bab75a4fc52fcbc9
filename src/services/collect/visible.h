// Which batches a caller may see. Internal to collect.
#pragma once
#include "api/api.h"
#include "record/record.h"

namespace mingxin::collect {
/// The batch, when this caller may see it: staff of its unit, or of the platform itself. Fault::not_found.
Result<record::Batch> visible_batch(store::ReadTx& tx, const api::Principal& principal, std::int64_t id);
}  // namespace mingxin::collect
