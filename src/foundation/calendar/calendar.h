// Working days by the State Council's yearly notice (rules 13): a listed date is off iff its entry says so,
// otherwise Monday to Friday work. The start day does not count; day n is the n-th working day after it.
// Immutable after construction, thread-safe.
#pragma once
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace mingxin::calendar {

struct Holiday {
    Date date;
    bool off = true;  // false: a make-up working day
};

struct Due {
    Date date;
    /// The notice of a year that the count touches is not known: weekends only were assumed.
    bool provisional = false;
};

class Calendar {
  public:
    /// known_years: years whose notice is complete. A day outside them is provisional. Of two entries for one
    /// date the later one holds (a corrected notice).
    Calendar(std::vector<Holiday> days, int first_known_year, int last_known_year);
    bool is_working_day(Date date) const;
    bool is_known(Date date) const;
    /// The n-th working day after start; n >= 0 (0: start itself). Never after 9999-12-31.
    Due due(Date start, int working_days) const;
    /// Working days after start up to and including end; negative when end is before start.
    int working_days_between(Date start, Date end) const;

  private:
    /// Working days from 0001-01-01 up to and including date.
    int working_days_until(Date date) const;

    struct Shift {
        Date date;
        int total;  // working days gained or lost against Monday to Friday, up to and including date
    };
    std::vector<Shift> shifts_;  // by date; only days that differ from Monday to Friday
    int first_known_year_, last_known_year_;
};

}  // namespace mingxin::calendar
