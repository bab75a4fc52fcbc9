// What a unit said its columns are, remembered: by unit, item and the set of the file's headers, so that the
// next file with these headers goes in without asking. A projection of the journal (mapping.remembered,
// mapping.ended); a mapping is never changed, a later one with the same headers takes its place. Functions
// are thread-safe; those that write change nothing unless the transaction commits.
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "access/access.h"
#include "api/api.h"
#include "base/result.h"
#include "base/time.h"
#include "collect/columns.h"
#include "journal/journal.h"
#include "rulebook/rulebook.h"
#include "store/store.h"

namespace mingxin::collect {

/// column_mapping.
std::span<const store::Table* const> tables();
std::unique_ptr<journal::Projection> projection();

struct RememberedColumn {
    std::string header, field;   // as the file has it; field code, empty: the column is not taken
    bool money_in_yuan = false;  // plain digits of an amount are yuan, not 万元
};

struct RememberedMapping {
    std::int64_t id = 0;  // number of its event
    std::string unit_code, item, saved_by;
    std::vector<RememberedColumn> columns;
    Instant saved, ended;  // ended: 0 while it is in force
    bool held_at(Instant now) const { return saved <= now && (ended.us == 0 || now < ended); }
};

/// What names a set of headers: SM3 over them, folded, each once, in order; without empty ones and those that
/// a reply adds.
std::string header_set(const std::vector<std::string>& headers);

/// Remembers what the columns of the submitting unit are. A person's certificate number may be among the
/// fields: here a person says so. Fault::mapping_malformed, columns_missing (no file with these headers could
/// be taken).
Result<RememberedMapping> remember_mapping(store::Tx& tx, const rulebook::Rulebook& rulebook,
                                           const rulebook::Item& item, const SubmittingUnit& unit,
                                           const std::vector<RememberedColumn>& columns,
                                           const access::Stamp& stamp);
/// Fault::mapping_unknown: none in force within the scope.
Result<RememberedMapping> end_mapping(store::Tx& tx, const api::Principal::Scope& scope, std::int64_t id,
                                      const access::Stamp& stamp);

/// Those of a unit and item, ended ones among them, newest first.
Result<std::vector<RememberedMapping>> mappings_of(store::ReadTx& tx, std::string_view unit_code,
                                                   std::string_view item);
/// Those in force within the scope, newest first.
Result<std::vector<RememberedMapping>> mappings_in_force(store::ReadTx& tx,
                                                         const api::Principal::Scope& scope);

/// The one that holds for a file with these headers at this instant; nullptr: none, or the item no longer has
/// one of its fields.
const RememberedMapping* mapping_for(const std::vector<RememberedMapping>& mappings,
                                     const rulebook::Item& item, const std::vector<std::string>& headers,
                                     Instant now);
/// As a plan of columns takes it.
Mapping as_mapping(const RememberedMapping& remembered);
/// Header words by which the header row of a workbook is found, with those that the unit's own mappings know.
std::vector<std::string> header_words(const rulebook::Item& item, const std::optional<Mapping>& mapping,
                                      const std::vector<RememberedMapping>& remembered);
/// For the notes about a file that was read by it.
std::string applied_note_zh(const RememberedMapping& remembered, const rulebook::Item& item);

/// {"unit","item","columns":[..]} of an event; and the columns alone, as the table and an endpoint have them.
std::string encode_mapping(const RememberedMapping& mapping);
std::optional<RememberedMapping> decode_mapping(std::string_view payload);
std::string encode_columns(const std::vector<RememberedColumn>& columns);
std::optional<std::vector<RememberedColumn>> decode_columns(std::string_view json);

}  // namespace mingxin::collect
