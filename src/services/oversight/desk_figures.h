// The figures of the office's day and of the big screen, kept by a record::FigureKeeper. What may be shown is
// survey()'s decision; contents leave through disclose_one() when they are shown. Internal to oversight.
#pragma once
#include <array>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "record/keeper.h"
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

/// Keeps the newest ones, from the first time they are asked for.
std::unique_ptr<record::FigureKeeper> keep_desk_figures(store::Database& database,
                                                        std::shared_ptr<const rulebook::Rulebook> rulebook,
                                                        std::int64_t tenant);

}  // namespace mingxin::oversight
