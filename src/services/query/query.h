// Answers to people who check credit: by code, by name, a list of codes and names. Everything shown went
// through record::disclose(). Thread-safe.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/api.h"
#include "base/result.h"
#include "crypto/crypto.h"
#include "listing/listing.h"
#include "record/record.h"
#include "rulebook/rulebook.h"
#include "store/store.h"
#include "subject/subject.h"

namespace mingxin::query {

enum class Status { found, not_found, ambiguous };

struct Answer {
    std::string query;  // as asked
    Status status = Status::not_found;
    std::string code, name;
    record::ShownCounts counts;
    std::string reason_zh;  // for not_found and ambiguous: what to do
};

/// A code, a name, or "code,name" (both must agree). Never attaches by a similar name.
Result<Answer> check_one(store::ReadTx& tx, const rulebook::Rulebook& rulebook, std::int64_t tenant,
                         std::string_view code, std::string_view name, Date today);

/// Reads lines (CSV with a header naming 代码/名称 or code/name, or bare values) and writes answers as CSV
/// (query,status,uscc,name,permits,penalties,lists) or NDJSON through write, in the order asked.
enum class Format { csv, ndjson };
Result<void> check_list(store::ReadTx& tx, const rulebook::Rulebook& rulebook, std::int64_t tenant,
                        const std::function<Result<bool>(std::string& line)>& next_line, Format format,
                        Date today, const std::function<void(std::string_view)>& write);

/// The public JSON of a subject: facts, former names, disclosable records, links.
Result<std::string> subject_json(store::ReadTx& tx, const rulebook::Rulebook& rulebook, std::int64_t tenant,
                                 const subject::Subject& subject, const record::Reading& reading);

/// GET /api/v1/subjects/{code}, /api/v1/subjects (search), /api/v1/records/{id}, /{id}/receipt, POST
/// /api/v1/checks. key must outlive them.
std::vector<api::Endpoint> endpoints(std::shared_ptr<const rulebook::Rulebook> rulebook, std::int64_t tenant,
                                     const crypto::Sm2PublicKey* key);
/// Subjects, and the records that the public may see.
std::vector<listing::Listing> lists(std::shared_ptr<const rulebook::Rulebook> rules, std::int64_t tenant);

}  // namespace mingxin::query
