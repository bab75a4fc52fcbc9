// Long tasks: work that somebody asked for and follows: exports, the verification of the journal. Each
// belongs to the account that started it; nobody else sees it. Tasks live in memory and their files in a
// folder that is emptied at the start: nothing of them survives a restart, and whoever asks for one then is
// told so.
//
// Uploads have a queue of their own (services/collect/jobs.h): batches are taken one after another in the
// order they came, because later rows replace earlier ones; they are seen by the people of a unit, not by
// one account; their files are taken over, and their replies kept sealed for days. Thread-safe.
#pragma once
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/api.h"
#include "base/result.h"
#include "base/time.h"

namespace mingxin::tasks {

enum class State { waiting, running, done, failed, cancelled };
std::string_view state_name(State state);

/// What a task is at. Exports: reading, packing; verification: database to comparing.
enum class Stage { waiting, reading, packing, database, journal, heads, sealed, replay, comparing, ended };
std::string_view stage_name(Stage stage);

/// A task as its owner sees it.
struct Task {
    std::string id;    // unguessable
    std::string kind;  // "export.batches", "journal.verify", "site.copy"
    State state = State::waiting;
    Stage stage = Stage::waiting;
    std::int64_t done = 0, all = 0;  // of the stage; all 0: not known
    Instant started;                 // when it was asked for
    std::optional<Instant> ended;
    std::string file_name;        // of the result; empty: it has none
    std::int64_t file_bytes = 0;  // 0: not there yet
    std::int64_t rows = 0;        // in the file
    std::optional<Error> error;   // failed
};

/// What the work of a task is handed. Valid during the work.
class Run {
  public:
    virtual ~Run() = default;
    /// The owner wants it to stop, or the platform ends. Ask often; then return stopped().
    virtual bool cancelled() const = 0;
    virtual void at(Stage stage, std::int64_t done, std::int64_t all) = 0;
    /// Where the result goes; there is nothing yet.
    virtual const std::filesystem::path& file() const = 0;
    virtual void set_rows(std::int64_t rows) = 0;
};
/// What a work returns that stopped because it was cancelled.
tl::unexpected<Error> stopped();

struct Order {
    std::string kind;
    std::string owner;                                     // principal
    api::Permission permission = api::Permission::anyone;  // needed still when the file is fetched
    std::string file_name;                                 // empty: no file
    std::function<Result<void>(Run&)> work;
};

struct File {
    std::filesystem::path path;
    std::string name;
};

/// Bounds of what is kept.
struct Limits {
    std::size_t open_of_owner = 4, open = 32;  // waiting and running
    std::size_t ended_of_owner = 8;
    std::int64_t kept_s = 24 * 3600;
    std::int64_t kept_bytes = std::int64_t{8} << 30;  // of all files; the oldest go first
};

class Tasks {
  public:
    /// Empties folder. now: the clock.
    Tasks(std::filesystem::path folder, std::function<Instant()> now, Limits limits = {});
    /// Cancels what runs and waits for it.
    ~Tasks();
    /// Where their files lie; what else a task needs for a while may lie here too.
    const std::filesystem::path& folder() const;
    /// Fault::tasks_full.
    Result<std::string> start(Order order);
    /// Of this owner, newest first.
    std::vector<Task> list(std::string_view owner) const;
    std::optional<Task> find(std::string_view id, std::string_view owner) const;
    /// Asks it to stop; one that has ended stays as it is. nullopt: there is none.
    std::optional<Task> cancel(std::string_view id, std::string_view owner);
    /// Fault::not_found while or when there is none, permission_missing.
    Result<File> file(std::string_view id, const api::Principal& who) const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// task.list, task.get, task.cancel, task.file.
std::vector<api::Endpoint> endpoints(Tasks* tasks);
/// The reply to what started one: 202 with its id.
api::Reply started(std::string_view id);
/// The field of that reply.
std::vector<api::Field> started_fields();

}  // namespace mingxin::tasks
