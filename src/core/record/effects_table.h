// The table correction and its only writers. Internal to this folder.
#pragma once
#include "record/effects.h"
#include "store/store.h"

namespace mingxin::record {

const store::Table& correction_table();
/// Gives it its id.
Result<void> add_correction(store::Tx& tx, std::int64_t tenant, const Correction& correction);
/// The entries that an event kWithdrawnKind makes; id is left to add_correction. Fault::payload_broken.
Result<std::vector<Correction>> decode_withdrawal(const journal::Event& event);
/// Of an event kWithdrawnKind, live and in rebuild alike.
Result<void> apply_withdrawal(store::Tx& tx, std::int64_t tenant, const journal::Event& event);

}  // namespace mingxin::record
