#include "gate/writer.h"

#include <algorithm>
#include <exception>
#include <future>

#include "base/log.h"

namespace mingxin::gate {
namespace {
constexpr std::size_t kJobsPerCommit = 256;

Result<void> run_guarded(const Writer::Work& work, store::Tx& tx) {
    try {
        return work(tx);
    } catch (const std::exception& error) {
        return fail(Fault::internal, {}, error.what());
    }
}
}  // namespace

Writer::Writer(store::Database& database, Seal seal, std::size_t queue_limit)
    : database_(database), seal_(std::move(seal)), queue_limit_(queue_limit), thread_([this] { loop(); }) {}

Writer::~Writer() {
    stop();
}

void Writer::submit(Work work, Done done) {
    {
        std::lock_guard lock(mutex_);
        if (!stopping_ && queue_.size() < queue_limit_) {
            queue_.push_back({std::move(work), std::move(done)});
            wake_.notify_one();
            return;
        }
    }
    done(fail(Fault::busy));
}

Result<void> Writer::run(const Work& work) {
    auto promise = std::make_shared<std::promise<Result<void>>>();
    auto future = promise->get_future();
    submit(work, [promise](Result<void> result) { promise->set_value(std::move(result)); });
    return future.get();
}

void Writer::stop() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void Writer::loop() {
    for (;;) {
        std::vector<Job> jobs;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
            if (queue_.empty()) {
                return;
            }
            std::size_t take = std::min(queue_.size(), kJobsPerCommit);
            std::move(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(take),
                      std::back_inserter(jobs));
            queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(take));
        }
        write(jobs);
        for (Job& job : jobs) {
            job.done(std::move(job.result));
        }
    }
}

void Writer::write(std::vector<Job>& jobs) {
    auto written = write_all(jobs);
    if (!written.ok()) {
        log_error("gate: a commit failed: " + written.error().log_text);
        for (Job& job : jobs) {
            if (job.result.ok()) {
                job.result = fail(written.error());
            }
        }
    }
}

Result<void> Writer::write_all(std::vector<Job>& jobs) {
    store::Tx tx = TRY(database_.write());
    bool any = false;
    for (Job& job : jobs) {
        TRY(tx.savepoint());
        job.result = run_guarded(job.work, tx);
        if (job.result.ok()) {
            TRY(tx.release_savepoint());
            any = true;
        } else {
            TRY(tx.rollback_to_savepoint());
            TRY(tx.release_savepoint());
        }
    }
    if (!any) {
        return {};  // rolls back
    }
    TRY(seal_(tx));
    return tx.commit();
}

Workers::Workers(int threads, std::size_t queue_limit) : queue_limit_(queue_limit) {
    for (int i = 0; i < threads; ++i) {
        threads_.emplace_back([this] { loop(); });
    }
}

Workers::~Workers() {
    stop();
}

bool Workers::submit(std::function<void()> work) {
    {
        std::lock_guard lock(mutex_);
        if (stopping_ || queue_.size() >= queue_limit_) {
            return false;
        }
        queue_.push_back(std::move(work));
    }
    wake_.notify_one();
    return true;
}

void Workers::stop() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_) {
        thread.join();
    }
    threads_.clear();
}

void Workers::loop() {
    for (;;) {
        std::function<void()> work;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
            if (queue_.empty()) {
                return;
            }
            work = std::move(queue_.front());
            queue_.pop_front();
        }
        work();
    }
}

}  // namespace mingxin::gate
