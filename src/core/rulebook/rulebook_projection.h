// Which rulebook was in force when: activating one is an event, the table is its projection.
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "journal/journal.h"
#include "rulebook/rulebook.h"
#include "store/store.h"

namespace mingxin::rulebook {

inline constexpr std::string_view kActivatedKind = "rulebook.activated";

/// rulebook_version: digest, event_seq and activated_us of its last activation.
std::span<const store::Table* const> tables();

/// Payload: digest, and how many items, checks, publicity terms and parameters it has.
journal::EventDraft activation_event(const Rulebook& rulebook, std::string_view principal);

std::unique_ptr<journal::Projection> projection();

/// The digest that was activated last; nullopt before the first.
Result<std::optional<std::string>> active_digest(store::ReadTx& tx);

/// Makes this rulebook the active one: appends the event and applies it. False, and nothing stored, when it
/// is active already. The caller seals and commits.
Result<bool> activate(store::Tx& tx, const Rulebook& rulebook, std::string_view principal, Instant now);

}  // namespace mingxin::rulebook
