// Which field a column with a header that is not known may be: from the header's words and from the first
// cells. A suggestion for a person to confirm, never applied by itself. Pure. Internal to collect.
#pragma once
#include <string>
#include <vector>

#include "rulebook/rulebook.h"

namespace mingxin::collect {

inline constexpr std::size_t kSampledRows = 50;

struct SampledColumn {
    std::string header;
    std::vector<std::string> cells;  // of the first rows, as they were read; may hold empty ones
};

/// From here on a guess is offered as chosen; below it the clerk must choose.
inline constexpr int kSureEnough = 60;

struct ColumnGuess {
    int field = -1;         // of the item; -1: left to the clerk
    int confidence = 0;     // 0..100; of the field, or of the likeliest one that was not sure enough
    std::string reason_zh;  // what speaks for it, or why nothing does
    bool known = false;     // the header itself leads to the field: no guess
    bool personal = false;  // of a person's certificate: never guessed, and its cells are not to be shown
    bool money_in_yuan = false;  // of an amount: its plain digits are yuan
};

/// By column. Two columns never lead to one field unless it is a set, and no guess ever leads to the
/// certificate number of a person: whoever wants that chooses it.
std::vector<ColumnGuess> suggest_mapping(const rulebook::Rulebook& rulebook, const rulebook::Item& item,
                                         const std::vector<SampledColumn>& columns);

}  // namespace mingxin::collect
