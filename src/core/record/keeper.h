// Figures over all records: counted when the journal grew or the day changed, never per request, by a thread
// of their own that takes at most a tenth of one core. Readers take the newest result. Thread-safe.
#pragma once
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/result.h"
#include "base/time.h"
#include "store/store.h"

namespace mingxin::record {

class FigureKeeper {
  public:
    struct Counted {
        std::int64_t event = 0;  // the newest that was counted
        Date day;                // for which day
        std::shared_ptr<const void> figures;
    };
    using Count = std::function<Result<Counted>(Instant now)>;

    /// name: for the log. Counting that takes no longer than quick_s is waited for. begin: counts for that
    /// moment at once, so that the first reader need not wait for all of it.
    FigureKeeper(std::string name, Count count, double quick_s, std::optional<Instant> begin = {});
    ~FigureKeeper();
    /// Those of the newest event when counting is quick or they are there already; on a large platform those
    /// of some seconds ago. Fault::busy in the first seconds of a large platform; else what counting failed
    /// with.
    Result<std::shared_ptr<const void>> get(store::ReadTx& tx, Instant now);

  private:
    void run(const std::stop_token& stop);
    void take(Result<Counted> counted, double took_s);
    bool behind() const;

    std::string name_;
    Count count_;
    double quick_s_;
    std::mutex mutex_;
    std::condition_variable_any wanted_, counted_;
    std::int64_t wanted_event_ = -1;  // none
    Instant wanted_now_;
    Counted newest_;
    std::optional<Error> failure_;
    std::int64_t rounds_ = 0;
    double took_s_ = 0;
    bool slow_start_ = false;
    std::jthread thread_;  // last: it uses all of the above
};

/// Number of the newest event of the journal; 0: none.
Result<std::int64_t> newest_event(store::ReadTx& tx);

}  // namespace mingxin::record
