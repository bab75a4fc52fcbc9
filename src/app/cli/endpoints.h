// The list of all operations: HTTP routes, openapi.json and the endpoints behind commands come from it alone.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "access/access.h"
#include "api/api.h"
#include "assess/assess.h"
#include "cli/copy_api.h"
#include "cli/system_api.h"
#include "collect/jobs.h"
#include "crypto/crypto.h"
#include "exports/exports.h"
#include "oversight/oversight.h"
#include "report/report.h"
#include "rulebook/rulebook.h"
#include "tasks/tasks.h"

namespace mingxin::cli {

/// What the handlers run with; valid as long as they may run. All null where the list is only described
/// (openapi).
struct Parts {
    std::shared_ptr<const rulebook::Rulebook> rules;
    std::int64_t tenant = 0;
    const crypto::Sm2PublicKey* key = nullptr;
    std::shared_ptr<const report::Desk> report_desk;
    collect::Jobs* jobs = nullptr;
    store::Database* database = nullptr;
    tasks::Tasks* tasks = nullptr;
    std::shared_ptr<const exports::Desk> export_desk;
    std::shared_ptr<const oversight::VerifyDesk> verify_desk;
    std::shared_ptr<const CopyDesk> copy_desk;
    std::shared_ptr<const assess::Desk> assess_desk;
    std::shared_ptr<const oversight::EditionDesk> edition_desk;
    std::vector<access::Role> roles;
    api::RunWrite write;
    System system;
};

/// Lets long tasks of this platform run in these parts; write must be set.
void add_tasks(Parts& parts, const Platform& platform, tasks::Tasks& tasks,
               const std::function<Instant()>& clock = now_utc);
/// The lists of staff: each an endpoint, and an export.
std::vector<listing::Listing> lists(const Parts& parts);
std::vector<api::Endpoint> endpoints(const Parts& parts);

}  // namespace mingxin::cli
