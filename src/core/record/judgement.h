// Rows that waited and what a person decided of them. A judgement is a batch without a file: each of its rows
// judges one doubtful row, either as a record of a subject or as refused; the row that waited stays in the
// journal beside it. A judgement can be taken back: its record ends, what it had replaced stands again, the
// row waits once more. Functions are thread-safe; those that write change nothing unless the transaction
// commits. Rules 5.5, henan.2020 article 16: a name alone attaches nothing; who attaches it signs for it.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "journal/journal.h"
#include "listing/listing.h"
#include "record/lists.h"
#include "record/record.h"
#include "store/store.h"

namespace mingxin::record {

/// The kind of the event that takes a judgement back.
inline constexpr std::string_view kReversedKind = "doubtful.reversed";

/// A doubtful row, whether it still waits or not.
struct WaitingRow {
    Doubtful row;                // without fields
    Entry entry;                 // as it came; its candidate is that of the row
    std::int64_t judged_by = 0;  // position of the row that judges it; 0: it waits
};
/// nullopt: there is no doubtful row at this position.
Result<std::optional<WaitingRow>> find_waiting(store::ReadTx& tx, const rulebook::Rulebook& rulebook,
                                               std::int64_t tenant, std::int64_t position);

/// A judgement as its list shows it.
struct Judgement {
    std::int64_t position = 0;        // of the row that judges
    std::int64_t batch = 0, row = 0;  // of that
    Outcome outcome = Outcome::rejected;
    std::string subject;  // accepted, updated, duplicate: to whom it belongs
    Doubtful waited;      // the row that was judged
    std::string judged_by, reason;
    Instant judged;
};
/// Judgements that stand. Key: position. Filters: unit, item, outcome (attached, returned), from, to (the day
/// of the judgement).
Result<listing::Walked> walk_judgements(store::ReadTx& tx, const rulebook::Rulebook& rulebook,
                                        std::int64_t tenant, const listing::Asked& asked,
                                        const listing::Walk& walk, const VisitOne<Judgement>& visit);

/// What taking a judgement back does, decided before and stored in the event.
struct Reversal {
    std::int64_t waited = 0;    // position of the doubtful row
    std::int64_t judged = 0;    // position of the row that judged it
    std::int64_t restored = 0;  // position of the record that stands again; 0: none
};
/// Of the judgement on this doubtful row. Fault::judgement_unknown when it waits; judgement_superseded when
/// another record took the place of the judged one meanwhile.
Result<Reversal> plan_reversal(store::ReadTx& tx, const rulebook::Rulebook& rulebook,
                               const WaitingRow& waiting);
/// Canonical JSON of the event. Fault::payload_broken.
std::string encode_reversal(const Reversal& reversal, std::string_view reason);
Result<Reversal> decode_reversal(std::string_view payload);
/// The only writer of what a doubtful.reversed event says; live and in rebuild.
Result<void> apply_reversal(store::Tx& tx, const journal::Event& event);

}  // namespace mingxin::record
