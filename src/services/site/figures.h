// Figures of the site and the order of its lists, counted when the journal grew or the day changed, never per
// request: 1 M records take a second. A thread of its own counts; readers take the newest result.
#pragma once
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "rulebook/rulebook.h"
#include "store/store.h"
#include "subject/subject.h"

namespace mingxin::site {

/// A record in the lists, by position. Its content is disclosed when it is shown.
struct Listed {
    std::int64_t position = 0, event = 0;
    std::int32_t row = 0;
    std::int32_t decided = 0;  // days; 0: none
    std::int32_t unit = -1;    // index into Figures::units
    std::string id() const { return std::to_string(event) + "-" + std::to_string(row); }
};

/// What one item amounts to today.
struct ItemFigures {
    std::int64_t shown = 0;
    std::map<int, std::int64_t> by_severity;  // 1 轻微, 2 一般, 3 严重
    std::map<int, std::int64_t> by_month;     // year * 12 + month - 1 of the decision
    std::map<int, std::int64_t> by_unit;      // index into units
    std::vector<Listed> records;              // oldest position first
};

struct Figures {
    std::int64_t event = 0;  // the last one counted
    Date day;
    subject::BaseCounts subjects;
    std::int64_t last_subject = 0;  // greatest id
    std::int64_t received_this_week = 0;
    std::vector<std::pair<std::string, std::string>> units;  // code and name; empty: not registered
    std::map<std::int64_t, ItemFigures> items;               // by number
    const ItemFigures& of(const rulebook::Item& item) const;
};

class FigureKeeper {
  public:
    /// Begins to count for today at once, so that the first reader need not wait for all of it.
    FigureKeeper(store::Database& database, std::shared_ptr<const rulebook::Rulebook> rulebook,
                 std::int64_t tenant, Date today);
    ~FigureKeeper();
    /// Those of the newest event when counting is quick or they are there already; on a large platform those
    /// of some seconds ago. Fault::busy in the first seconds of a large platform.
    Result<std::shared_ptr<const Figures>> get(store::ReadTx& tx, Date today);

  private:
    void run(const std::stop_token& stop);
    store::Database& database_;
    std::shared_ptr<const rulebook::Rulebook> rulebook_;
    std::int64_t tenant_;
    std::mutex mutex_;
    std::condition_variable_any wanted_, counted_;
    std::int64_t wanted_event_ = -1;
    Date wanted_day_;
    std::shared_ptr<const Figures> figures_;
    Result<void> failure_;
    std::int64_t rounds_ = 0;
    double took_s_ = 0;
    bool slow_start_ = false;
    std::jthread thread_;  // last: it uses all of the above
};

}  // namespace mingxin::site
