#include "record/keeper.h"

#include <algorithm>
#include <chrono>

#include "base/log.h"
#include "journal/journal.h"

namespace mingxin::record {
namespace {

constexpr double kFirst_s = 0.5;  // after a start one reader waits so long for the first count
constexpr int kRest = 9;          // times as long as counting took

}  // namespace

Result<std::int64_t> newest_event(store::ReadTx& tx) {
    auto head = TRY(journal::latest_head(tx));
    return head ? head->size : 0;
}

FigureKeeper::FigureKeeper(std::string name, Count count, double quick_s, std::optional<Instant> begin)
    : name_(std::move(name)),
      count_(std::move(count)),
      quick_s_(quick_s),
      wanted_event_(begin ? 0 : -1),
      wanted_now_(begin.value_or(Instant{})),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

FigureKeeper::~FigureKeeper() = default;

bool FigureKeeper::behind() const {
    return wanted_event_ >= 0 &&
           (!newest_.figures || newest_.event < wanted_event_ || newest_.day != wanted_now_.date());
}

void FigureKeeper::take(Result<Counted> counted, double took_s) {
    took_s_ = took_s;
    ++rounds_;
    failure_.reset();
    if (counted.ok()) {
        newest_ = std::move(*counted);
    } else {
        failure_ = counted.error();
        wanted_event_ = -1;  // until somebody asks again
    }
    counted_.notify_all();
}

void FigureKeeper::run(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (wanted_.wait(lock, stop, [this] { return behind(); })) {
        const Instant now = wanted_now_;
        lock.unlock();
        const double from_s = monotonic_s();
        auto counted = count_(now);
        const double took_s = monotonic_s() - from_s;
        if (!counted.ok()) log_error(name_ + ": " + counted.error().message_zh());
        lock.lock();
        take(std::move(counted), took_s);
        if (took_s > quick_s_) {
            wanted_.wait_for(lock, stop, std::chrono::duration<double>(took_s * kRest), [] { return false; });
        }
    }
}

Result<std::shared_ptr<const void>> FigureKeeper::get(store::ReadTx& tx, Instant now) {
    const std::int64_t event = TRY(newest_event(tx));
    std::unique_lock lock(mutex_);
    const auto fresh = [&] { return newest_.figures && newest_.event >= event && newest_.day == now.date(); };
    if (fresh()) return newest_.figures;
    wanted_event_ = std::max(wanted_event_, event);
    wanted_now_ = now;
    wanted_.notify_all();
    const std::int64_t round = rounds_;
    if (!newest_.figures) {
        const auto done = [&] { return newest_.figures || rounds_ > round; };
        // One reader finds out that it takes long; it does not hold up the threads of all.
        if (!slow_start_) {
            slow_start_ = !counted_.wait_for(lock, std::chrono::duration<double>(kFirst_s), done);
        }
        if (!newest_.figures && rounds_ > round) return fail(*failure_);
        if (!newest_.figures) return fail(Fault::busy);
    } else if (took_s_ < quick_s_) {
        counted_.wait_for(lock, std::chrono::duration<double>(quick_s_ * 4), fresh);
    }
    return newest_.figures;
}

}  // namespace mingxin::record
