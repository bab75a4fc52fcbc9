// What the rows of a batch amount to beyond their outcomes: counted while the batch is taken, under the rules
// of that moment, and kept in its event, so that a later edition or a holiday notice never changes a figure
// of the past. The tables tally and tally_fault hold the sums by unit, item and month of receipt. Integers
// only.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "rulebook/rulebook.h"
#include "store/store.h"

namespace mingxin::record {

struct Entry;
struct Batch;

struct Tally {
    std::int64_t timed = 0;        // rows first taken, with a date of decision and a limit
    std::int64_t on_time = 0;      // of them
    std::int64_t late = 0;         // the others
    std::int64_t late_days = 0;    // working days beyond the limit, of all late ones together
    std::int64_t provisional = 0;  // timed ones whose limit touches a year without notice of holidays
    std::int64_t cells = 0;        // mandatory ones of rows that are no duplicates
    std::int64_t filled = 0;       // of them
    std::int64_t exact = 0;        // rows whose content had not to be returned, decided upon or repaired
    std::int64_t bad_code = 0;     // rows with a code that fails its check
    bool operator==(const Tally&) const = default;
};

/// When a row that was decided on a day is due, and by how much it came late.
struct RowDue {
    std::optional<Date> due;  // absent: it has no limit
    bool late = false, provisional = false;
    int late_days = 0;  // working days
};

/// Counts rows of one item that came on one day. Needs of a row only what the journal keeps of it, so that
/// counting again from the journal, under the same rules, gives the same. Some 0.1 us a row. Not thread-safe.
class Tallier {
  public:
    /// rulebook and item must outlive it.
    Tallier(const rulebook::Rulebook& rulebook, const rulebook::Item& item, Date received);
    void add(const Entry& entry);
    const Tally& tally() const { return tally_; }
    /// Of a row decided on that day.
    const RowDue& due(Date decided);

  private:
    void add_cells(const Entry& entry);
    rulebook::Algorithm algorithm_of(std::string_view fault, int field);

    const rulebook::Rulebook& rulebook_;
    const rulebook::Item& item_;
    Date received_;
    std::vector<int> mandatory_;
    std::unordered_map<std::int32_t, RowDue> dues_;
    Tally tally_;
};

/// Year * 12 + month - 1 of a day, as tables keep it; the first day of such a month; "2026-11".
std::int64_t month_number(Date day);
Date first_day_of(std::int64_t month);
std::string month_text(std::int64_t month);
std::optional<std::int64_t> parse_month(std::string_view text);

const store::Table& tally_table();
const store::Table& tally_fault_table();
/// Adds a batch that was handed in (record.h) to the sums. The only writer of both tables, live and in
/// rebuild alike.
Result<void> add_to_tally(store::Tx& tx, std::int64_t tenant, std::int64_t item_number, const Batch& batch);

}  // namespace mingxin::record
