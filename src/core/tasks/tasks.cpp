#include "tasks/tasks.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <map>
#include <mutex>
#include <thread>

#include "crypto/crypto.h"

namespace mingxin::tasks {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kStates[] = {"waiting", "running", "done", "failed", "cancelled"};
constexpr std::string_view kStages[] = {"waiting", "reading", "packing", "database",  "journal",
                                        "heads",   "sealed",  "replay",  "comparing", "ended"};
constexpr std::chrono::minutes kSweep(10);  // between two looks at what is too old
constexpr int kThreads = 2;                 // an export need not wait for a verification that takes an hour

struct Entry {
    Task task;
    Order order;
    fs::path file;
    std::atomic<bool> cancelled{false};
    bool open() const { return task.state == State::waiting || task.state == State::running; }
};
using EntryPtr = std::shared_ptr<Entry>;

}  // namespace

std::string_view state_name(State state) {
    return kStates[static_cast<int>(state)];
}

std::string_view stage_name(Stage stage) {
    return kStages[static_cast<int>(stage)];
}

tl::unexpected<Error> stopped() {
    return fail(Fault::task_stopped);
}

struct Tasks::Impl {
    fs::path folder;
    std::function<Instant()> now;
    Limits limits;
    mutable std::mutex mutex;
    std::condition_variable changed;
    std::deque<EntryPtr> all;  // in the order they were asked for; what has ended, in that of its end
    std::deque<EntryPtr> waiting;
    bool stop = false;
    std::vector<std::thread> threads;

    void run();
    void run_one(Entry& entry);
    void end(Entry& entry, const Result<void>& result);
    void forget_old();
    void move_to_the_end(const Entry& entry);
    EntryPtr find(std::string_view id, std::string_view owner) const {
        for (const EntryPtr& entry : all) {
            if (entry->task.id == id && entry->order.owner == owner) return entry;
        }
        return nullptr;
    }

    /// Only progress is told under the lock; the work itself runs without it.
    struct Running final : Run {
        Running(Impl& impl, Entry& entry) : impl(impl), entry(entry) {}
        bool cancelled() const override { return entry.cancelled; }
        void at(Stage stage, std::int64_t done, std::int64_t whole) override {
            const std::lock_guard lock(impl.mutex);
            entry.task.stage = stage;
            entry.task.done = done;
            entry.task.all = whole;
        }
        const fs::path& file() const override { return entry.file; }
        void set_rows(std::int64_t rows) override {
            const std::lock_guard lock(impl.mutex);
            entry.task.rows = rows;
        }
        Impl& impl;
        Entry& entry;
    };
};

Tasks::Tasks(fs::path folder, std::function<Instant()> now, Limits limits) : impl_(std::make_unique<Impl>()) {
    impl_->folder = std::move(folder);
    impl_->now = std::move(now);
    impl_->limits = limits;
    std::error_code ignored;
    fs::remove_all(impl_->folder, ignored);
    fs::create_directories(impl_->folder, ignored);
    fs::permissions(impl_->folder, fs::perms::owner_all, ignored);
    for (int i = 0; i < kThreads; ++i) impl_->threads.emplace_back([this] { impl_->run(); });
}

Tasks::~Tasks() {
    {
        const std::lock_guard lock(impl_->mutex);
        impl_->stop = true;
        for (const EntryPtr& entry : impl_->all) entry->cancelled = true;
    }
    impl_->changed.notify_all();
    for (std::thread& thread : impl_->threads) thread.join();
}

const fs::path& Tasks::folder() const {
    return impl_->folder;
}

Result<std::string> Tasks::start(Order order) {
    auto entry = std::make_shared<Entry>();
    entry->task.id = crypto::random_hex(16);
    entry->task.kind = order.kind;
    entry->task.file_name = order.file_name;
    entry->task.started = impl_->now();
    entry->file = impl_->folder / entry->task.id;
    entry->order = std::move(order);
    const std::lock_guard lock(impl_->mutex);
    impl_->forget_old();
    std::size_t open = 0, own = 0;
    for (const EntryPtr& other : impl_->all) {
        if (!other->open()) continue;
        ++open;
        own += other->order.owner == entry->order.owner;
    }
    if (impl_->stop || open >= impl_->limits.open || own >= impl_->limits.open_of_owner) {
        return fail(Fault::tasks_full);
    }
    impl_->all.push_back(entry);
    impl_->waiting.push_back(entry);
    impl_->changed.notify_all();
    return entry->task.id;
}

std::vector<Task> Tasks::list(std::string_view owner) const {
    const std::lock_guard lock(impl_->mutex);
    impl_->forget_old();
    std::vector<Task> own;
    for (auto entry = impl_->all.rbegin(); entry != impl_->all.rend(); ++entry) {
        if ((*entry)->order.owner == owner) own.push_back((*entry)->task);
    }
    std::stable_sort(own.begin(), own.end(),
                     [](const Task& one, const Task& other) { return one.started > other.started; });
    return own;
}

std::optional<Task> Tasks::find(std::string_view id, std::string_view owner) const {
    const std::lock_guard lock(impl_->mutex);
    impl_->forget_old();
    const EntryPtr entry = impl_->find(id, owner);
    return entry ? std::optional(entry->task) : std::nullopt;
}

std::optional<Task> Tasks::cancel(std::string_view id, std::string_view owner) {
    const std::lock_guard lock(impl_->mutex);
    const EntryPtr entry = impl_->find(id, owner);
    if (!entry) return std::nullopt;
    if (entry->open()) entry->cancelled = true;
    if (entry->task.state == State::waiting) {
        std::erase(impl_->waiting, entry);
        entry->task.state = State::cancelled;
        entry->task.stage = Stage::ended;
        entry->task.ended = impl_->now();
        impl_->move_to_the_end(*entry);
    }
    return entry->task;
}

Result<File> Tasks::file(std::string_view id, const api::Principal& who) const {
    const std::lock_guard lock(impl_->mutex);
    impl_->forget_old();
    const EntryPtr entry = impl_->find(id, who.name);
    if (!entry || entry->task.file_bytes == 0) {
        return fail(Fault::not_found, "没有这个文件：任务还没有完成，或文件已超过保留时间，或平台重新启动过");
    }
    if (!who.may(entry->order.permission)) return fail(Fault::permission_missing);
    return File{entry->file, entry->order.file_name};
}

void Tasks::Impl::run() {
    while (true) {
        EntryPtr entry;
        {
            std::unique_lock lock(mutex);
            if (!changed.wait_for(lock, kSweep, [this] { return stop || !waiting.empty(); })) {
                forget_old();
                continue;
            }
            if (stop) return;
            entry = waiting.front();
            waiting.pop_front();
            entry->task.state = State::running;
        }
        run_one(*entry);
    }
}

void Tasks::Impl::run_one(Entry& entry) {
    Running running(*this, entry);
    Result<void> result;
    try {
        result = entry.order.work(running);
    } catch (const std::exception& error) {
        result = fail(Fault::internal, {}, error.what());
    }
    if (!result.ok()) {
        std::error_code ignored;
        fs::remove(entry.file, ignored);
    }
    end(entry, result);
}

void Tasks::Impl::end(Entry& entry, const Result<void>& result) {
    const std::lock_guard lock(mutex);
    entry.order.work = {};  // with all that it holds
    entry.task.stage = Stage::ended;
    entry.task.ended = now();
    if (result.ok()) {
        entry.task.state = State::done;
        std::error_code error;
        const auto bytes = fs::file_size(entry.file, error);
        entry.task.file_bytes = error ? 0 : static_cast<std::int64_t>(bytes);
    } else if (result.error().fault == Fault::task_stopped) {
        entry.task.state = State::cancelled;
    } else {
        entry.task.state = State::failed;
        entry.task.error = result.error();
    }
    move_to_the_end(entry);
    forget_old();
}

/// What took longest would else be forgotten as soon as it ends.
void Tasks::Impl::move_to_the_end(const Entry& entry) {
    const auto at =
        std::find_if(all.begin(), all.end(), [&](const EntryPtr& one) { return one.get() == &entry; });
    if (at != all.end()) std::rotate(at, at + 1, all.end());
}

/// What ended long ago, of each owner all but the newest that ended, and the oldest when files are too many.
void Tasks::Impl::forget_old() {
    const std::int64_t oldest_us = now().us - limits.kept_s * 1'000'000;
    std::map<std::string, std::size_t, std::less<>> ended;
    std::int64_t bytes = 0;
    for (std::size_t i = all.size(); i-- > 0;) {
        const EntryPtr entry = all[i];
        if (entry->open()) continue;
        bytes += entry->task.file_bytes;
        const bool too_many =
            ++ended[entry->order.owner] > limits.ended_of_owner || bytes > limits.kept_bytes;
        if (!too_many && entry->task.ended->us >= oldest_us) continue;
        std::error_code ignored;
        fs::remove(entry->file, ignored);
        all.erase(all.begin() + static_cast<std::ptrdiff_t>(i));
    }
}

}  // namespace mingxin::tasks
