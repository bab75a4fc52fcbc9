// What the source of a record may do to it afterwards (closed set): withdraw it, correct it, restore what was
// withdrawn wrongly, issue anew what was annulled. Withdrawing is an event of its own; the other three are
// batches of one row that name the record whose place they take (Entry::change), so that all checks of a row
// apply. Both versions are kept; only the history tells of the old one. Functions are thread-safe; writers
// are not. Basis: 行政处罚法 art. 48; rules 2.1, 11, 13.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "listing/listing.h"
#include "record/record.h"

namespace mingxin::record {

/// The kind of the event of a withdrawal.
inline constexpr std::string_view kWithdrawnKind = "record.withdrawn";
/// Of one event.
inline constexpr int kMostWithdrawn = 500;

/// How a record stands, whoever may see it; for deciding about it.
struct Standing {
    std::int64_t position = 0;
    std::string id;  // "17-5"
    std::int64_t item = 0;
    std::string subject, unit_code;  // unit_code: who handed it in
    std::optional<Date> decided;     // of the act
    Instant received;
    Instant first_received;  // of its first version: lateness is measured by it
    bool ended = false;      // replaced or withdrawn
    bool withdrawn = false;  // and nothing stands in its place
    std::string successor;   // id of what replaced it; empty: nothing
};
Result<std::optional<Standing>> find_standing(store::ReadTx& tx, std::int64_t tenant, std::string_view id);

/// What a limit says of a withdrawal on a day.
struct Timeliness {
    std::optional<Date> due;  // absent: no limit
    int late_working_days = 0;
    bool provisional = false;  // beyond the known calendar
};
/// Pure. decided: of the decision that ends the ground of the record.
Timeliness timeliness(const calendar::Calendar& calendar, std::optional<Date> decided, int working_days,
                      Date today);

/// A withdrawal as its source orders it; all records of one unit.
struct Withdrawal {
    std::string ground;  // id of a rulebook::WithdrawalGround in force
    std::string reason;  // for staff
    std::string document_no;
    std::optional<Date> decided;
    std::string unit_code;             // who handed the records in
    std::vector<std::string> records;  // ids, 1..kMostWithdrawn
};
/// What keeps a withdrawal from being done, told in its own fault: withdrawal_malformed, not_found,
/// record_foreign, record_ended, record_withdrawn. On failure nothing is stored. Appends the event and
/// applies it: from its moment on no reader is shown any of the records.
Result<std::int64_t> withdraw(store::Tx& tx, const rulebook::Rulebook& rulebook, std::int64_t tenant,
                              const Withdrawal& withdrawal, const api::Principal& who, Instant now);

/// An entry of the list of corrections and withdrawals.
struct Correction {
    std::int64_t id = 0;  // event * 1000 + number within it
    std::int64_t event = 0;
    std::string kind;    // withdraw, correct, restore, reissue
    std::string ground;  // of a withdrawal
    std::int64_t item = 0;
    std::int64_t position = 0, successor = 0;  // 0: none
    std::string unit_code, document_no, reason;
    std::optional<Date> decided, due;
    std::int64_t late_working_days = 0;
    Instant at;
    // Filled when read.
    std::string record, successor_record, subject, by;  // by: the principal
};
/// Key: the id. Filters of asked.in: unit, kind, item, late, from, to, q (code of the subject, or a record
/// id). Scope: of the asking principal.
Result<listing::Walked> walk_corrections(store::ReadTx& tx, const rulebook::Rulebook& rulebook,
                                         std::int64_t tenant, const listing::Asked& asked,
                                         const listing::Walk& walk,
                                         const std::function<Result<bool>(const Correction&)>& visit);
/// Those of one record, as the old or the new one; oldest first.
Result<std::vector<Correction>> corrections_of(store::ReadTx& tx, std::int64_t tenant, std::int64_t position);

/// A version in the history of a record.
struct Version {
    Standing standing;
    Instant ended;                    // when it was replaced or withdrawn; standing.ended tells whether
    std::vector<std::string> shown;   // by field of the item, for people, masked; empty: absent
    std::vector<std::string> inputs;  // by field, as a form would hold it; empty where it may not be shown
};
/// The versions of which the given one is one, oldest first, for staff of its source: both versions are kept.
/// The caller has decided that the reader may see the history.
Result<std::vector<Version>> versions(store::ReadTx& tx, const rulebook::Rulebook& rulebook,
                                      std::int64_t tenant, const Standing& one, const Reading& reading);

/// What the public reads in the place of a withdrawn record: who withdrew it when and on which ground, none
/// of its content. nullopt: nothing to be said (never withdrawn, restored, not public, its term over).
struct Statement {
    std::string unit_code;
    Date withdrawn;
    std::string public_zh;
};
Result<std::optional<Statement>> withdrawal_statement(store::ReadTx& tx, const rulebook::Rulebook& rulebook,
                                                      std::int64_t tenant, std::string_view id, Date today);

/// What became of a record since somebody was handed it. restored unchanged: stands.
enum class Fate { stands, corrected, withdrawn };
Result<Fate> fate_of(store::ReadTx& tx, std::int64_t tenant, std::string_view id);

}  // namespace mingxin::record
