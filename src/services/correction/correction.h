// Corrections by the source (C10, D18): a unit withdraws or corrects what it handed in, or restores what was
// withdrawn wrongly; both versions are kept, and whoever received the old one can be told. The effects
// themselves stand in record/effects.h. Endpoints are thread-safe. Basis: 行政处罚法 art. 48 and 85.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "api/api.h"
#include "listing/listing.h"
#include "record/effects.h"
#include "rulebook/rulebook.h"

namespace mingxin::correction {

/// A correction as an operation orders it; what collect does with it is handed in.
struct Order {
    std::string record;
    record::Change change = record::Change::correct;
    std::vector<std::pair<std::string, std::string>> values;  // field code, text
    std::string reason, document_no;
};
struct Done {
    std::int64_t batch = 0;
    std::string record;  // the new version
    std::vector<std::string> notes_zh;
};

/// Who was handed a version of a record.
struct Recipient {
    std::string kind;    // "report", "export"
    std::string number;  // of the report; of the event of the export
    std::string by, purpose;
    Instant time;
};

struct Desk {
    std::shared_ptr<const rulebook::Rulebook> rules;
    std::int64_t tenant = 0;
    std::function<Result<Done>(const api::Call&, store::Tx&, const Order&)> correct;
    /// The reports that hold a record, newest first.
    std::function<Result<std::vector<Recipient>>(store::ReadTx&, const std::string& subject,
                                                 const std::string& record)>
        reports;
};

/// record.withdraw, record.correct, record.restore, record.reissue, record.versions, record.recipients,
/// withdrawal.grounds.
std::vector<api::Endpoint> endpoints(std::shared_ptr<const Desk> desk);
/// The corrections and withdrawals that the caller may see.
listing::Listing list(std::shared_ptr<const rulebook::Rulebook> rules, std::int64_t tenant);

// Internal to this folder.
std::string_view kind_zh(std::string_view kind);
api::Endpoint versions_endpoint(std::shared_ptr<const Desk> desk);
api::Endpoint recipients_endpoint(std::shared_ptr<const Desk> desk);
/// The record, when its history may be seen by the caller. not_found, record_foreign.
Result<record::Standing> visible(store::ReadTx& tx, std::int64_t tenant, const api::Principal& who,
                                 std::string_view id);
std::string ground_title(const rulebook::Rulebook& rules, const record::Correction& one);

}  // namespace mingxin::correction
