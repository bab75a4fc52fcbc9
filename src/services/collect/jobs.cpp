#include "collect/jobs.h"

#include <sys/stat.h>

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

#include "base/file.h"
#include "collect/sealed_file.h"

namespace mingxin::collect {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostWaiting = 32;
constexpr std::size_t kMostRemembered = 500;
constexpr std::int64_t kReplyKept_s = 7 * 86400;

struct Entry {
    Job job;
    Order order;
    std::atomic<bool> cancelled{false};
};

}  // namespace

struct Jobs::Impl {
    const Desk& desk;
    fs::path folder;
    JobHooks hooks;
    mutable std::mutex mutex;
    std::condition_variable changed;
    std::map<std::string, std::shared_ptr<Entry>, std::less<>> jobs;
    std::deque<std::shared_ptr<Entry>> waiting;
    std::deque<std::string> ended;  // oldest first, forgotten above kMostRemembered
    bool stop = false, closing = false;
    std::thread thread;

    Impl(const Desk& desk, fs::path folder, JobHooks hooks)
        : desk(desk), folder(std::move(folder)), hooks(std::move(hooks)) {}

    void run();
    void run_one(Entry& entry);
    Result<Outcome> take(Entry& entry);
    void end(Entry& entry, Result<Outcome> result);
    void remove_old_replies() const;
    fs::path reply_file(std::int64_t batch) const {
        return folder / ("reply-" + std::to_string(batch) + ".sealed");
    }
    Bytes reply_key() const {
        const Digest derived = crypto::hmac_sm3(desk.secret, as_bytes("reply workbooks"));
        return Bytes(derived.begin(), derived.begin() + 16);
    }
};

Jobs::Jobs(const Desk& desk, fs::path folder, JobHooks hooks)
    : impl_(std::make_unique<Impl>(desk, std::move(folder), std::move(hooks))) {
    std::error_code ignored;
    fs::create_directories(impl_->folder, ignored);
    fs::permissions(impl_->folder, fs::perms::owner_all, ignored);
    // Uploads that an earlier process left behind were never taken: their senders have no job for them any
    // more.
    for (const fs::directory_entry& file : fs::directory_iterator(impl_->folder, ignored)) {
        const std::string name = file.path().filename().string();
        if (name.starts_with("upload-") || name.starts_with("plain-")) fs::remove(file.path(), ignored);
    }
    impl_->thread = std::thread([this] { impl_->run(); });
}

Jobs::~Jobs() {
    {
        std::lock_guard lock(impl_->mutex);
        impl_->stop = true;
    }
    impl_->changed.notify_all();
    if (impl_->thread.joinable()) impl_->thread.join();
}

void Jobs::finish() {
    {
        std::lock_guard lock(impl_->mutex);
        impl_->closing = true;
    }
    impl_->changed.notify_all();
    if (impl_->thread.joinable()) impl_->thread.join();
}

Result<std::string> Jobs::submit(Order order) {
    auto entry = std::make_shared<Entry>();
    entry->job.id = crypto::random_hex(16);
    entry->job.unit_code = order.unit_code;
    entry->job.file_name = order.file_name;
    entry->job.item = order.item;
    const fs::path upload = impl_->folder / ("upload-" + entry->job.id);
    std::lock_guard lock(impl_->mutex);
    if (impl_->stop || impl_->closing || impl_->waiting.size() >= kMostWaiting) return fail(Fault::jobs_full);
    std::error_code error;
    fs::rename(order.file, upload, error);
    if (error) {
        error.clear();
        fs::copy_file(order.file, upload, error);  // another file system
    }
    if (error) return fail(Fault::file_unwritable, upload.filename().string(), error.message());
    entry->order = std::move(order);
    entry->order.file = upload;
    impl_->jobs.emplace(entry->job.id, entry);
    impl_->waiting.push_back(entry);
    impl_->changed.notify_all();
    return entry->job.id;
}

std::optional<Job> Jobs::find(std::string_view id, std::string_view unit_code) const {
    std::lock_guard lock(impl_->mutex);
    const auto found = impl_->jobs.find(id);
    if (found == impl_->jobs.end() || found->second->job.unit_code != unit_code) return std::nullopt;
    return found->second->job;
}

bool Jobs::cancel(std::string_view id, std::string_view unit_code) {
    std::lock_guard lock(impl_->mutex);
    const auto found = impl_->jobs.find(id);
    if (found == impl_->jobs.end() || found->second->job.unit_code != unit_code) return false;
    found->second->cancelled = true;
    return true;
}

bool Jobs::has_reply(std::int64_t batch) const {
    return fs::exists(impl_->reply_file(batch));
}

Result<std::string> Jobs::reply(std::int64_t batch) const {
    const fs::path file = impl_->reply_file(batch);
    if (!fs::exists(file)) return fail(Fault::not_found, "反馈工作簿只保留7天");
    return open_sealed_file(file, impl_->reply_key(), "reply " + std::to_string(batch));
}

void Jobs::Impl::run() {
    while (true) {
        std::shared_ptr<Entry> entry;
        {
            std::unique_lock lock(mutex);
            changed.wait(lock, [this] { return stop || closing || !waiting.empty(); });
            if (stop || waiting.empty()) break;
            entry = waiting.front();
            waiting.pop_front();
            entry->job.state = JobState::running;
        }
        run_one(*entry);
    }
    std::lock_guard lock(mutex);
    for (const std::shared_ptr<Entry>& entry : waiting) {
        entry->job.state = JobState::failed;
        entry->job.error = Error{Fault::batch_cancelled, "平台正在停止", {}};
    }
}

void Jobs::Impl::run_one(Entry& entry) {
    Result<Outcome> result = take(entry);
    if (result.ok() && hooks.committed) hooks.committed();
    end(entry, std::move(result));
    std::error_code ignored;
    fs::remove(entry.order.file, ignored);
    remove_old_replies();
}

const Desk& Jobs::desk() const {
    return impl_->desk;
}

Result<Outcome> Jobs::Impl::take(Entry& entry) {
    const fs::path plain = folder / ("plain-" + entry.job.id);
    entry.order.reply = plain;
    entry.order.now = hooks.now();
    entry.order.cancel = &entry.cancelled;
    entry.order.progress = [this, &entry](const Progress& progress) {
        std::lock_guard lock(mutex);
        entry.job.progress = progress;
    };
    Result<Outcome> result = collect(desk, entry.order);
    std::error_code ignored;
    if (result.ok() && fs::exists(plain)) {
        // The reply repeats the file, certificate numbers included: it is kept sealed only.
        const std::string context = "reply " + std::to_string(result->batch.id);
        const Result<void> sealed = seal_file(plain, reply_file(result->batch.id), reply_key(), context);
        if (!sealed.ok()) result->notes_zh.push_back("反馈工作簿未能保存：" + sealed.error().message_zh());
    }
    fs::remove(plain, ignored);
    return result;
}

void Jobs::Impl::end(Entry& entry, Result<Outcome> result) {
    std::lock_guard lock(mutex);
    entry.job.state = result.ok() ? JobState::done : JobState::failed;
    if (result.ok()) {
        entry.job.outcome = std::move(*result);
    } else {
        entry.job.error = result.error();
    }
    ended.push_back(entry.job.id);
    while (ended.size() > kMostRemembered) {
        jobs.erase(ended.front());
        ended.pop_front();
    }
}

void Jobs::Impl::remove_old_replies() const {
    std::error_code ignored;
    const std::int64_t oldest_s = hooks.now().us / 1'000'000 - kReplyKept_s;
    for (const fs::directory_entry& file : fs::directory_iterator(folder, ignored)) {
        struct stat info {};
        if (file.path().extension() != ".sealed" || stat(file.path().c_str(), &info) != 0) continue;
        if (info.st_mtime < oldest_s) fs::remove(file.path(), ignored);
    }
}

}  // namespace mingxin::collect
