// Editions of the rulebook: what a new one changes, where its files are kept, who put it into force. A new
// edition is proposed beside the one in force and put into force by another person (B2); both are events, and
// the event of a proposal keeps the files as its rows, so that every decision's rulebook can be read years
// later. Pure functions are thread-safe.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "journal/journal.h"
#include "rulebook/rulebook.h"
#include "store/store.h"

namespace mingxin::rulebook {

/// What became of one rule. removed is unlawful: a rule is ended, never deleted.
enum class Difference { added, ended, changed, removed };
std::string_view difference_zh(Difference difference);  // "新增"

struct FacetChange {
    std::string path;           // "fields.CF_WSH.length"
    std::string before, after;  // empty: was not, is not there
};

struct RuleChange {
    Difference difference = Difference::added;
    std::string kind, id, title_zh, basis_zh;
    Validity validity;  // in the newer edition; of what was removed in the older one
    std::vector<FacetChange> facets;
};

/// From the older to the newer one, by kind and in the order of their files.
std::vector<RuleChange> compare(const Rulebook& older, const Rulebook& newer);

inline constexpr std::string_view kActivatedKind = "rulebook.activated";
inline constexpr std::string_view kProposedKind = "rulebook.proposed";
inline constexpr std::string_view kDeclinedKind = "rulebook.declined";

enum class EditionState { proposed = 1, in_force = 2, superseded = 3, declined = 4 };
std::string_view edition_state_zh(EditionState state);

/// rulebook_edition: the projection of those three kinds of events.
std::span<const store::Table* const> tables();
std::unique_ptr<journal::Projection> projection();

/// An edition that was proposed or put into force.
struct EditionInfo {
    std::string digest, title_zh;
    EditionState state = EditionState::proposed;
    std::int64_t event = 0;                       // whose rows are its files
    std::string proposed_by, decided_by, reason;  // proposed_by empty: it came with the program
    Instant proposed;
    std::optional<Instant> decided;
};

/// Newest first.
Result<std::vector<EditionInfo>> editions(store::ReadTx& tx);
Result<std::optional<EditionInfo>> find_edition(store::ReadTx& tx, std::string_view digest);
/// The digest of the edition in force; nullopt before the first.
Result<std::optional<std::string>> active_digest(store::ReadTx& tx);
/// Its files as they were kept; Fault::not_found when the journal has none of it.
Result<std::shared_ptr<const Rulebook>> load_edition(store::ReadTx& tx, std::string_view digest);

/// Puts the rulebook that came with the program into force. False, and nothing stored, when it is in force
/// already. The caller seals and commits, here and below.
Result<bool> activate(store::Tx& tx, const Rulebook& rulebook, std::string_view principal, Instant now);
/// Keeps the files and the proposal. Fault::edition_known when it is in force or waits already,
/// edition_unlawful when it lacks a rule that the one in force has.
Result<void> propose(store::Tx& tx, const Rulebook& in_force, const Rulebook& proposed,
                     std::string_view principal, Instant now);
/// Puts a proposed edition into force. Fault::edition_not_open unless it waits; edition_own when the same
/// person proposed it.
Result<void> approve(store::Tx& tx, const Rulebook& proposed, std::string_view principal, Instant now);
/// Sets it aside, with the reason. Faults as approve().
Result<void> decline(store::Tx& tx, std::string_view digest, std::string_view reason,
                     std::string_view principal, std::string_view rulebook_digest, Instant now);

}  // namespace mingxin::rulebook
