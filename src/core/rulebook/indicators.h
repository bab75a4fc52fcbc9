// What the quality of a unit's submissions is measured by (rules 11), and the schemes that make a score of
// it: indicators with their formulas, weights, grades. What can be counted is a closed list; everything else
// is data. Immutable.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rulebook/rulebook.h"

namespace mingxin::rulebook {

/// What can be counted of a unit, or of one of its items, in a period. Rows are counted in the month in which
/// they came (Asia/Shanghai).
enum class Measure {
    rows,       // handed in
    distinct,   // of them without duplicates
    stored,     // new or updated
    passed,     // not returned
    duplicate,  // identical with a record held
    linkable,   // stored, or waiting as doubtful
    timed,      // first taken, with a date of decision and a limit
    on_time,
    late,
    cells,   // mandatory ones, without those of duplicates
    filled,  // of them
    exact,   // rows whose content had not to be returned, decided upon or repaired
    bad_code,
    units_reported,  // that handed in rows in the period
    units_known,     // that ever handed in one of the items up to its end
    items_reported,
    items_known,
    items_cycled,  // known ones with an update cycle of a week or longer
    items_fresh,   // of them: the last submission lies within the cycle
    days_since,    // days between the last submission with stored content and the end of the period
    count_
};
std::string_view measure_name(Measure measure);
std::optional<Measure> measure_by_name(std::string_view name);
/// Whether rows stand behind it, which can be listed.
bool counts_rows(Measure measure);

struct Indicator {
    std::string id, title_zh, title_en, formula_zh, formula_en;
    Measure numerator = Measure::rows;
    std::optional<Measure> denominator;  // absent: the numerator itself is the figure, in days
    bool higher_is_better = true;
    std::int64_t target = 0;  // hundredths of a percent; days where there is no denominator
    Basis basis;
    Validity validity;
};

struct Grade {
    std::string id, title_zh, title_en;
    std::int64_t from = 0;  // hundredths of a point
};

struct AssessmentScheme {
    std::string id, title_zh, title_en;
    std::vector<const Item*> items;  // empty: all
    struct Weight {
        std::string indicator;
        std::int64_t weight = 0;
    };
    std::vector<Weight> weights;
    std::vector<Grade> grades;  // best first; the last one begins at 0
    int appeal_working_days = 0;
    Basis basis;
    Validity validity;
    bool covers(const Item& item) const;
};

/// The indicator or scheme with this id in force on date; nullptr: none.
const Indicator* indicator(const Rulebook& rulebook, std::string_view id, Date date);
const AssessmentScheme* assessment_scheme(const Rulebook& rulebook, std::string_view id, Date date);

}  // namespace mingxin::rulebook
