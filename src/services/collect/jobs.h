// Batches handed in over HTTP run one after another on a thread of their own; whoever handed one in follows
// it by its job. Jobs live in memory: after a restart the batch list tells what was taken, and the
// idempotency key makes sending again safe. Replies are kept sealed beside the database for a few days.
// Thread-safe.
#pragma once
#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "collect/collect.h"
#include "listing/listing.h"

namespace mingxin::collect {

enum class JobState { waiting, running, done, failed };

struct Job {
    std::string id;         // unguessable
    std::string unit_code;  // only its people may see it
    std::string file_name, item;
    JobState state = JobState::waiting;
    Progress progress;
    std::optional<Outcome> outcome;  // done
    std::optional<Error> error;      // failed
};

/// Hands out what a job runs with and what follows a batch (publishing the head).
struct JobHooks {
    std::function<Instant()> now;
    std::function<void()> committed;
};

class Jobs {
  public:
    /// folder holds uploads under way and sealed replies. desk must outlive the jobs.
    Jobs(const Desk& desk, std::filesystem::path folder, JobHooks hooks);
    /// Ends after the batch under way; waiting ones are told failed.
    ~Jobs();
    /// Takes no more, and returns when all that wait are done. Once.
    void finish();

    /// Takes the uploaded file over (it is moved away). Fault::jobs_full when too many wait.
    Result<std::string> submit(Order order);
    std::optional<Job> find(std::string_view id, std::string_view unit_code) const;
    /// Stops a waiting or running job before its commit; nothing of it is then stored.
    bool cancel(std::string_view id, std::string_view unit_code);
    /// The reply workbook of a batch of this unit. Fault::not_found after some days.
    Result<std::string> reply(std::int64_t batch) const;
    bool has_reply(std::int64_t batch) const;
    const Desk& desk() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// POST /api/v1/batches, GET /api/v1/batches/{id}, /{id}/reply, GET and POST /api/v1/jobs/{id}.
std::vector<api::Endpoint> endpoints(Jobs* jobs);
/// GET /api/v1/items, /api/v1/batches/{id}/sheet.
std::vector<api::Endpoint> row_endpoints(std::shared_ptr<const rulebook::Rulebook> rules, Jobs* jobs,
                                         std::int64_t tenant);
/// /api/v1/mappings.
std::vector<api::Endpoint> mapping_endpoints(std::shared_ptr<const rulebook::Rulebook> rules);
/// doubtful.judge, judgement.reverse.
std::vector<api::Endpoint> judgement_endpoints(std::shared_ptr<const rulebook::Rulebook> rules,
                                               std::int64_t tenant);
/// Batches, the faulty rows of a batch, rows that wait for a decision, judgements.
std::vector<listing::Listing> lists(std::shared_ptr<const rulebook::Rulebook> rules, Jobs* jobs,
                                    std::int64_t tenant);

}  // namespace mingxin::collect
