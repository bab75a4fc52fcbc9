// The one writer of a database in this process: takes all waiting work, runs each piece in a savepoint of one
// transaction, seals the journal once, commits once, answers all. Failed work rolls back to its savepoint
// alone. Thread-safe.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/result.h"
#include "store/store.h"

namespace mingxin::gate {

class Writer {
  public:
    using Work = std::function<Result<void>(store::Tx&)>;
    using Done = std::function<void(Result<void>)>;
    using Seal = std::function<Result<void>(store::Tx&)>;
    /// seal signs the journal before each commit. database must outlive the writer.
    Writer(store::Database& database, Seal seal, std::size_t queue_limit = 4096);
    ~Writer();
    /// done is called once, on the writer's thread after the commit, or at once with Fault::busy when too
    /// much waits.
    void submit(Work work, Done done);
    /// The same, waiting. Not from within work.
    Result<void> run(const Work& work);
    /// Ends after the work that waits.
    void stop();

  private:
    struct Job {
        Work work;
        Done done;
        Result<void> result = {};
    };
    void loop();
    void write(std::vector<Job>& jobs);
    Result<void> write_all(std::vector<Job>& jobs);

    store::Database& database_;
    Seal seal_;
    std::size_t queue_limit_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Job> queue_;
    bool stopping_ = false;
    std::thread thread_;
};

/// Threads for what takes longer than about a millisecond. Thread-safe.
class Workers {
  public:
    Workers(int threads, std::size_t queue_limit);
    ~Workers();
    /// False when too much waits: nothing will be run.
    bool submit(std::function<void()> work);
    /// Ends after the work that waits.
    void stop();

  private:
    void loop();
    std::size_t queue_limit_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::function<void()>> queue_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace mingxin::gate
