// The lists of batches, of their faulty rows, of rows that wait, and of records, walked by key with filters
// (listing.h). Filters are fields of asked.in; which units' batches are seen is the caller's scope. Records
// leave through the decision of disclose(). Functions are thread-safe.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "listing/listing.h"
#include "record/record.h"

namespace mingxin::record {

template <class T>
using VisitOne = std::function<Result<bool>(const T&)>;

/// Key: the batch id. Filters: unit, item, outcome (rejected, doubtful, clean), from, to, q (part of the file
/// name, or the id). Without walk.contents only the id is filled.
Result<listing::Walked> walk_batches(store::ReadTx& tx, std::int64_t tenant, const listing::Asked& asked,
                                     const listing::Walk& walk, const VisitOne<Batch>& visit);
/// The newest batches in a scope with ids below before.
Result<std::vector<Batch>> batches(store::ReadTx& tx, std::int64_t tenant, api::Principal::Scope scope,
                                   std::int64_t before, int limit);

/// A row with findings; the findings stand in its journal row.
struct FaultyRow {
    std::int64_t row = 0;  // of the batch, from 1
    std::int64_t position = 0;
    Outcome outcome = Outcome::rejected;
};
/// fault and outcome empty: any; field -2: any.
struct FindingFilter {
    std::string_view fault, outcome;
    int field = -2;
};
/// The rows of a batch that have findings. Key: the number of the row. Fault::not_found.
Result<void> walk_findings(store::ReadTx& tx, std::int64_t batch, const FindingFilter& filter,
                           const listing::Walk& walk, const VisitOne<FaultyRow>& visit);

/// Rows that nobody decided yet. Key: the position. Filters: unit, item, fault, batch, from, to, q (the code
/// that it may belong to).
Result<listing::Walked> walk_doubtful(store::ReadTx& tx, const rulebook::Rulebook& rulebook,
                                      std::int64_t tenant, const listing::Asked& asked,
                                      const listing::Walk& walk, const VisitOne<Doubtful>& visit);

/// How many rows of the batches of a unit wait, since when, and how many of them came before an instant.
struct Waiting {
    std::string unit_code;
    std::int64_t rows = 0, before = 0;
    Instant oldest;
};
Result<std::vector<Waiting>> count_waiting(store::ReadTx& tx, std::int64_t tenant, Instant before);

/// Records that reading may see. Key: the position. Filters: item, unit, severity, from, to, q (code of the
/// subject, or part of its name). Without walk.contents only id, position and item are filled.
Result<listing::Walked> walk_records(store::ReadTx& tx, const rulebook::Rulebook& rulebook,
                                     std::int64_t tenant, const listing::Asked& asked, const Reading& reading,
                                     const listing::Walk& walk, const VisitOne<ShownRecord>& visit);

/// The positions of the records, ended ones too, of the subjects that a text means: a code, or part of a
/// name. Ascending. Fault::bad_argument when it means too many.
Result<std::vector<std::int64_t>> positions_of(store::ReadTx& tx, std::int64_t tenant, std::string_view text);

}  // namespace mingxin::record
