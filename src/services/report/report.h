// The public credit information report of an organisation (national template 2022, rules 8.1-8.3): built from
// what record::disclose() shows the public, printed, signed, journalled, and verified later by its number.
// Facts only, no score; whoever asks for it, it holds nothing that the public may not see. A report's PDF is
// not kept: its number, SM3 digest and SM2 signature are (docs/formats/report.md). Functions are thread-safe.
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/api.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/crypto.h"
#include "journal/journal.h"
#include "listing/listing.h"
#include "record/record.h"
#include "report/model.h"
#include "rulebook/rulebook.h"
#include "store/store.h"
#include "subject/subject.h"

namespace mingxin::report {

/// The table report_issued.
std::span<const store::Table* const> tables();

/// Where reports are issued: handed in by main, valid for the whole run.
struct Desk {
    store::Database& database;
    std::shared_ptr<const rulebook::Rulebook> rulebook;
    const crypto::Sm2Key& key;  // signs reports and tree heads
    std::string origin;         // of the journal: "mingxin/410423"
    std::int64_t tenant = 0;
    std::string site_name;   // "信用鲁山"
    std::string issuer;      // "鲁山县公共信用信息平台"
    std::string verify_url;  // the number is appended: "https://credit.example.gov.cn/verify/"
};

struct Order {
    std::string code;     // of the subject; slips are repaired as in subject::find_by_code
    std::string purpose;  // printed and journalled; may be empty
    std::string principal;
    Instant now;
};

struct Issued {
    std::string number;
    std::string subject_code, subject_name;
    Instant issued;
    std::string pdf;
    Digest digest{};  // SM3 of pdf
    Bytes signature;  // SM2, DER, over pdf
    std::int64_t event = 0;
};

/// Reads, prints, signs and journals "report.issued". On failure nothing is stored and no number is used up.
/// Errors: report_subject_unknown, report_font_missing, report_not_rendered, bad_argument (purpose too long),
/// store.
Result<Issued> issue(const Desk& desk, const Order& order);

/// yyyyMMddHHmmss in Asia/Shanghai and eight characters of 23456789ABCDEFGHJKMNPQRSTUVWXYZ from the secure
/// random generator, the last one a letter: 22 characters that can't be guessed.
std::string new_number(Instant now);
/// Trimmed, in capitals; nullopt when it can't be a number.
std::optional<std::string> canonical_number(std::string_view text);

/// What a report is built from.
struct Material {
    subject::Subject subject;
    std::vector<subject::FormerName> former_names;
    std::vector<record::ShownRecord> records;
};
/// Pure. The platform's own texts (site_name, issuer, verify_url) and the purpose are left to the caller.
ReportModel build(const Material& material, const rulebook::ReportText& text,
                  const std::vector<std::unique_ptr<rulebook::Item>>& items, const std::string& number,
                  Instant now);

/// What the public may learn about an issued report.
struct Verification {
    std::string number;
    std::string subject_code, subject_name;  // as printed
    Instant issued;
    Digest digest{};
    Bytes signature;
    std::string key_id;
    std::int64_t event = 0;
    std::int64_t records = 0;  // printed in it
    /// How many of them have been corrected, withdrawn or repaired since; the end of a publicity term alone
    /// does not count.
    std::int64_t changed_since = 0;
    std::int64_t corrected = 0, withdrawn = 0;  // of these
    std::string to_json() const;
};
/// nullopt when no report has this number.
Result<std::optional<Verification>> verify(store::ReadTx& tx, const rulebook::Rulebook& rulebook,
                                           std::int64_t tenant, std::string_view number);

/// The number of the report whose PDF has this digest; empty: none. Reads all issued reports.
Result<std::string> find_by_digest(store::ReadTx& tx, std::int64_t tenant, const Digest& digest);

/// A report that holds a record.
struct Holding {
    std::string number, by, purpose;
    Instant issued;
};
/// Those that hold the record of this subject with this id, newest first.
Result<std::vector<Holding>> holding(store::ReadTx& tx, std::int64_t tenant, std::string_view subject_code,
                                     std::string_view record_id);

/// "report": the table report_issued from the events report.issued.
std::unique_ptr<journal::Projection> projection(std::int64_t tenant);

/// What a report was issued for, as the payload of its event tells it.
std::string purpose_of(std::string_view payload);
/// The issued reports, the newest first.
listing::Listing list(std::int64_t tenant);

/// POST /api/v1/reports (PDF), GET /api/v1/reports/{number} (public).
std::vector<api::Endpoint> endpoints(std::shared_ptr<const Desk> desk);

}  // namespace mingxin::report
