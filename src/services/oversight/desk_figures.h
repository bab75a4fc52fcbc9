// The figures of the office's day and of the big screen: counted by a thread of its own when the journal grew
// or the day changed, at most a tenth of one core, never per request. What may be shown is survey()'s
// decision; contents leave through disclose_one() when they are shown. Internal to oversight.
#pragma once
#include <array>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "record/lists.h"
#include "record/record.h"
#include "rulebook/rulebook.h"
#include "store/store.h"
#include "subject/subject.h"

namespace mingxin::oversight {

inline constexpr int kDays = 30;    // of the office's charts, and of what ends soon
inline constexpr int kMonths = 24;  // of the screen's chart

/// The batches of a day.
struct DayFigures {
    std::int64_t batches = 0, rows = 0, accepted = 0, updated = 0, duplicate = 0, doubtful = 0, rejected = 0;
    std::int64_t refused_files = 0;  // in which no row was taken
    void add(const DayFigures& other);
};

/// A record whose publicity ends soon.
struct Ending {
    Date until;
    std::string id;
};

/// What one submitting unit amounts to.
struct UnitFigures {
    std::string name;                            // empty: not in the register
    std::array<DayFigures, kDays> days{};        // oldest first; the last one is today
    std::map<std::string, std::int64_t> faults;  // of these days, by code
    record::Waiting waiting;                     // rows that wait for a decision
    std::optional<Instant> last;                 // batch
    std::int64_t shown = 0;                      // records
    std::int64_t ending_count = 0;               // records whose publicity ends within kDays
    std::vector<Ending> ending;                  // the nearest of them
};

struct DeskFigures {
    std::int64_t event = 0;  // the last one counted
    Date day;
    Instant counted;
    int due_working_days = 0;                  // for a row that waits
    std::map<std::string, UnitFigures> units;  // by code
    subject::BaseCounts subjects;
    std::map<std::string, std::int64_t> sections;                // subjects by section of industry
    std::map<std::int64_t, std::int64_t> items;                  // shown records by item number
    std::map<int, std::map<std::int64_t, std::int64_t>> months;  // year * 12 + month - 1, item number
    std::map<std::int64_t, std::int64_t> today;                  // received today, by item number
    std::vector<std::string> newest;                             // ids of records, newest first
};

/// Reads everything; some microseconds a record.
Result<DeskFigures> count_desk_figures(store::Database& database, const rulebook::Rulebook& rulebook,
                                       std::int64_t tenant, Instant now);

/// Keeps the newest figures. Thread-safe.
class DeskKeeper {
  public:
    DeskKeeper(store::Database& database, std::shared_ptr<const rulebook::Rulebook> rulebook,
               std::int64_t tenant);
    ~DeskKeeper();
    /// Those of the newest event when counting is quick; else the ones before. Fault::busy in the first
    /// seconds of a large platform.
    Result<std::shared_ptr<const DeskFigures>> get(store::ReadTx& tx, Instant now);

  private:
    void run(const std::stop_token& stop);
    store::Database& database_;
    std::shared_ptr<const rulebook::Rulebook> rulebook_;
    std::int64_t tenant_;
    std::mutex mutex_;
    std::condition_variable_any wanted_, counted_;
    bool asked_ = false;
    Instant wanted_now_;
    std::shared_ptr<const DeskFigures> figures_;
    std::optional<Error> failure_;
    std::int64_t rounds_ = 0;
    double took_s_ = 0;
    std::jthread thread_;  // last: it uses all of the above
};

}  // namespace mingxin::oversight
