// Batches as callers may see them. Internal to collect.
#pragma once
#include "api/api.h"
#include "base/json.h"
#include "record/record.h"

namespace mingxin::collect {
/// The batch, when it lies in the scope of this caller (api::Principal::scope). Fault::not_found.
Result<record::Batch> visible_batch(store::ReadTx& tx, const api::Principal& principal, std::int64_t id);
/// A batch as the API shows it, and the fields of that.
void write_batch(JsonWriter& json, const record::Batch& batch, std::string_view unit_name, bool has_reply);
std::vector<api::Field> batch_fields();
/// doubtful.candidates.
api::Endpoint doubtful_candidates(std::shared_ptr<const rulebook::Rulebook> rules, std::int64_t tenant);
}  // namespace mingxin::collect
