// What the first cells of a column look like: how many are dates, codes, amounts, names. Pure. Internal to
// collect.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "rulebook/rulebook.h"

namespace mingxin::collect {

/// Counts of the cells that say something.
struct ColumnFacts {
    int filled = 0, distinct = 0;
    int codes = 0;            // valid unified social credit codes
    int codes_of_organs = 0;  // of these, of public bodies
    int organisation_codes = 0, registration_numbers = 0;
    int identity_numbers = 0;  // of persons
    int dates = 0, amounts = 0, plain_numbers = 0;
    int document_numbers = 0;
    int organisations = 0, organs = 0;  // by the endings of their names
    int short_names = 0;                // 2 to 4 Chinese characters
    std::int64_t middle_amount = 0;     // as plain digits, in hundredths; the median
    std::vector<std::string> values;    // those that say something

    double share(int count) const { return filled == 0 ? 0 : static_cast<double>(count) / filled; }
    /// Of cells that lie in the domain, and whether words rather than numbers do.
    double share_in(const rulebook::Domain& domain) const;
    bool in_words() const { return plain_numbers * 2 < filled; }
};

/// A resident identity number, or what is meant as one though a digit is wrong: 18 places with a date of
/// birth.
bool is_meant_as_identity_number(std::string_view text);

ColumnFacts facts_of(const rulebook::Rulebook& rulebook, const std::vector<std::string>& cells);

}  // namespace mingxin::collect
