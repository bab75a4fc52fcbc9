// Proof that nothing was tampered with: verify (the journal, the state tables against it, the database file,
// the published heads) and rebuild (state tables from the journal). Works on a running platform; reads one
// snapshot.
#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "api/api.h"
#include "base/result.h"
#include "crypto/crypto.h"
#include "journal/journal.h"
#include "listing/listing.h"
#include "rulebook/rulebook.h"
#include "store/store.h"
#include "tasks/tasks.h"

namespace mingxin::oversight {

/// Makes the projections of all nouns afresh; main names them.
using Projections = std::function<std::vector<std::unique_ptr<journal::Projection>>()>;

struct Grounds {
    store::Database& database;
    const crypto::Sm2PublicKey& key;
    Projections projections;
    std::filesystem::path heads_file;         // every signed head as published, one a line
    std::vector<const store::Table*> tables;  // all that the database holds
    std::filesystem::path scratch = {};       // where the rebuilt tables lie meanwhile; empty: the system's
};

/// What a verification is at, in this order.
enum class Stage { database, journal, heads, sealed, replay, comparing };
std::string_view stage_zh(Stage stage);  // "核验账本"
/// Called now and then, at least once a stage; all 0: not known. Returns whether to go on; otherwise what
/// called it ends with Fault::task_stopped.
using Progress = std::function<bool(Stage stage, std::int64_t done, std::int64_t all)>;

struct Verdict {
    std::vector<journal::Damage> damages;
    std::int64_t events = 0;
    std::int64_t rows_compared = 0;  // of state tables
    bool clean() const { return damages.empty(); }
};

/// Finds and names any altered, added or missing row, event, head or state row. Never changes anything.
Result<Verdict> verify(const Grounds& grounds, const Progress& progress = {});

/// The verdict on a platform whose database could not be opened for why (Fault::store_corrupt): where its
/// file is damaged, as far as that can be told; else place "platform".
Verdict verdict_on_closed(const std::string& database_url, const Error& why);

/// Builds the state tables from the journal beside the live ones and compares them. With repair, differing
/// tables are then written anew from the journal, in one transaction; without, nothing is changed.
Result<Verdict> rebuild(const Grounds& grounds, bool repair, const Progress& progress = {});

/// Appends the heads that are not in the heads file yet: a witness beside the database that a rolled back
/// copy contradicts. Without a gap, so that a line that was taken out is missed.
Result<void> publish_heads(store::ReadTx& tx, const std::filesystem::path& heads_file);

/// GET /api/v1/journal/head, /heads, /key, /consistency, /events/{event}/receipt. key must outlive them.
std::vector<api::Endpoint> endpoints(const crypto::Sm2PublicKey* key);

/// The events of the journal.
listing::Listing event_list();

/// What verification from the console runs with; valid as long as it may run.
struct VerifyDesk {
    store::Database* database = nullptr;
    tasks::Tasks* tasks = nullptr;
    std::function<Result<Verdict>(const Progress&)> verify;
    api::RunWrite write;
    std::function<Instant()> now;
    std::string rulebook_digest;
};
/// verify.start, verify.last. desk null: only described.
std::vector<api::Endpoint> verify_endpoints(std::shared_ptr<const VerifyDesk> desk);

/// What deciding upon editions of the rulebook runs with.
struct EditionDesk {
    api::RunWrite write;
    std::shared_ptr<const rulebook::Rulebook> rulebook;  // in force
    std::function<void()> activated;                     // another one is in force from now on
};
/// edition.list, edition.changes, edition.approve, edition.decline. desk null: only described.
std::vector<api::Endpoint> edition_endpoints(std::shared_ptr<const EditionDesk> desk);
/// The records that the public sees differently under an edition.
listing::Listing touched_list(std::int64_t tenant);

/// desk.show, screen.show: the office's day and the big screen. database null: only described.
std::vector<api::Endpoint> desk_endpoints(store::Database* database,
                                          std::shared_ptr<const rulebook::Rulebook> rulebook,
                                          std::int64_t tenant);

/// GET /api/v1/figures: how much is held. Counting is repeated when the journal grew, once a minute at
/// most.
std::vector<api::Endpoint> figure_endpoints(std::int64_t tenant);

}  // namespace mingxin::oversight
