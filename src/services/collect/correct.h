// A correction is a batch of one row that names the record whose place it takes: it runs through the checks
// of its item as if it came in, and is stored with both versions kept. Thread-safe.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "collect/collect.h"

namespace mingxin::collect {

struct CorrectionOrder {
    std::string record;                               // id of the version that it is based on
    record::Change change = record::Change::correct;  // not none
    std::vector<std::pair<std::string, std::string>>
        values;  // field code and what is written; the rest stays
    std::string reason, document_no;
    Instant now;
};
struct Corrected {
    std::int64_t batch = 0;
    std::string record;                 // id of the new version
    std::vector<std::string> notes_zh;  // warnings of the checks
};
/// correct: of a record in force. restore (without values) and reissue: of one that is withdrawn. Amounts are
/// written in yuan. On failure nothing is stored: not_found, record_foreign, record_ended (the version was
/// replaced meanwhile), record_withdrawn, record_not_withdrawn, correction_malformed, correction_same,
/// correction_collides, correction_rejected (with what the checks found), item_not_in_force.
Result<Corrected> correct(store::Tx& tx, const Desk& desk, const CorrectionOrder& order,
                          const api::Principal& who);

}  // namespace mingxin::collect
