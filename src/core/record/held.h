// What disclosing and the lists share: rows of the record table and the decision about them. Internal to this
// folder.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "record/record.h"

namespace mingxin::record {

/// A row of the record table.
struct Held {
    std::int64_t position = 0, item = 0, event = 0, row = 0;
    std::string subject;
    Facts facts;
    Instant received;
    std::int64_t ended_us = 0;
};
struct RecordId {
    std::int64_t event = 0, row = 0;
};
/// "17-5"; nullopt for anything else.
std::optional<RecordId> read_id(std::string_view id);
std::string record_id(std::int64_t event, std::int64_t row);
/// Its position in the journal; nullopt when there is no such row.
Result<std::optional<std::int64_t>> position_of(store::ReadTx& tx, const RecordId& id);
/// From the columns of MINGXIN_RECORD_COLUMNS.
void read_held(const store::Cursor& row, Held& held);
/// Whether the term of a record runs on a day, whoever asks: what has run out nobody sees (R3).
Publicity term_of(const rulebook::Rulebook& rulebook, const rulebook::Item& item, const Facts& facts,
                  Date today);
/// The decision: may this reader see this record, and until when. Every way out asks here.
std::optional<Publicity> may_see(const rulebook::Rulebook& rulebook, const Held& held,
                                 const Reading& reading);
/// The content of a record that may be seen.
Result<ShownRecord> load_and_show(store::ReadTx& tx, const rulebook::Rulebook& rulebook, const Held& held,
                                  const Publicity& decision, const Reading& reading);
/// The fields of a row that this reader may see, for people.
std::vector<ShownField> shown_fields(const rulebook::Rulebook& rulebook, const Entry& entry,
                                     const Reading& reading);

}  // namespace mingxin::record
