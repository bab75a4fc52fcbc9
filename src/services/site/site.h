// The website: server-rendered pages without script, in the design of docs/design.md. Public pages (home,
// search, subject, record, lists of what is published, statistics, report verification, journal, guides),
// what machines read (sitemap, feeds), sign-in, and the desk where a unit hands in files. Everything shown of
// a subject went through record::disclose(). What other services do is handed in by main as functions.
#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/access.h"
#include "api/api.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/crypto.h"
#include "record/record.h"
#include "rulebook/rulebook.h"
#include "site/content.h"
#include "store/store.h"

namespace mingxin::site {

/// What the verification page tells of an issued report.
struct ReportFacts {
    std::string number, subject_code, subject_name;
    Instant issued;
    Digest digest{};  // SM3 of the PDF
    std::string key_id;
    std::int64_t event = 0, records = 0;
    std::int64_t changed_since = 0;             // records corrected, withdrawn or repaired since
    std::int64_t corrected = 0, withdrawn = 0;  // of these
};

struct IssuedReport {
    std::string number, pdf;
};

/// A file handed in at the desk.
struct Submission {
    std::filesystem::path file;
    std::string file_name, item, unit_code, submitted_by, idempotency_key;
};

/// How far it is.
struct Progress {
    enum class State { waiting, running, done, failed };
    State state = State::waiting;
    std::string file_name, stage_zh;
    std::int64_t rows = 0;
    double part = 0;         // 0..1
    std::int64_t batch = 0;  // when done
    Error error;             // when failed
};

/// The findings of one row of a batch.
struct RowFindings {
    std::int64_t row = 0;   // of the batch, from 1
    std::int64_t line = 0;  // of the file, as the spreadsheet shows it
    record::Outcome outcome = record::Outcome::rejected;
    std::vector<record::Finding> findings;
};

struct Deps {
    store::Database* database = nullptr;
    std::string site_name;   // "信用鲁山"
    std::string public_url;  // "https://credit.example.gov.cn", without a slash at the end
    std::shared_ptr<const rulebook::Rulebook> rulebook;
    std::int64_t tenant = 0;
    Date today;          // when it starts
    std::string origin;  // of the journal
    const crypto::Sm2PublicKey* key = nullptr;
    std::shared_ptr<access::Desk> desk;
    bool copying = false;                        // pages are made for copy_site(): without what has a term
    std::filesystem::path web_folder;            // holds site/*.html, site/site.css and shared/
    std::vector<api::Endpoint> operations;       // of the public API, described on a page; never run here
    std::int64_t requests_per_s = 0, burst = 0;  // that one address may make
    /// Takes the file over; gives the number of a job.
    std::function<Result<std::string>(const Submission&)> submit;
    /// nullopt: unknown, or not of this unit.
    std::function<std::optional<Progress>(std::string_view job, std::string_view unit_code)> progress;
    /// The reply workbook of a batch. Fault::not_found after some days.
    std::function<Result<std::string>(std::int64_t batch)> reply;
    std::function<bool(std::int64_t batch)> has_reply;
    std::function<Result<std::vector<RowFindings>>(store::ReadTx&, std::int64_t batch, std::int64_t after_row,
                                                   int limit)>
        findings;
    std::function<Result<std::optional<ReportFacts>>(store::ReadTx&, std::string_view number)> verify_report;
    /// The number of the report whose PDF has this digest; empty: none. May take a while.
    std::function<Result<std::string>(store::ReadTx&, const Digest& digest)> find_report;
    std::function<Result<IssuedReport>(std::string_view code, std::string_view purpose,
                                       std::string_view principal, Instant now)>
        issue_report;
    Content content;
};

/// What main hands to the gate.
struct Site {
    std::vector<api::Endpoint> endpoints;
    /// The page that tells a refusal.
    std::function<api::Reply(int status, const Error& error, std::string_view incident,
                             const api::Principal& principal, std::string_view csrf_token,
                             api::Reading reading, std::string_view language)>
        refusal_page;
};

/// Fault::template_broken.
Result<Site> make_site(Deps deps);

}  // namespace mingxin::site
