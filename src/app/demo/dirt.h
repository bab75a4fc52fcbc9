// The dirt of real files: slips that a good reader repairs, and faults that it must refuse or set aside.
#pragma once
#include <string_view>

#include "base/time.h"
#include "demo/rows.h"

namespace mingxin::demo {

/// Spoils one cell in a way that collect repairs without asking: widths, case, blanks, other forms of dates
/// and amounts.
void add_slip(Item item, Dice& dice, Row& row);
/// Spoils the row so that it is rejected or waits in the doubtful queue. today: decisions after it are
/// future.
void add_fault(Item item, Date today, Dice& dice, Row& row);

}  // namespace mingxin::demo
