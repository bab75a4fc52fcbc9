// Invented rows of an item that pass its checks, made from the types, roles and domains of its fields: for
// templates. Nothing here knows a single item. Organisations bear codes whose body (MAX) no authority has
// issued, persons the names of textbooks. Pure. Internal to collect.
#pragma once
#include <string>
#include <vector>

#include "base/time.h"
#include "collect/columns.h"
#include "rulebook/rulebook.h"

namespace mingxin::collect {

inline constexpr int kExamples = 3;

/// Who acts in a template that was made for nobody in particular. No unit register has it.
SubmittingUnit invented_unit();

/// By field of the item, as a clerk would write them; empty: left blank. The rows differ in their keys. unit:
/// who hands in and decides.
std::vector<std::vector<std::string>> example_rows(const rulebook::Rulebook& rulebook,
                                                   const rulebook::Item& item, const SubmittingUnit& unit,
                                                   Date today);

}  // namespace mingxin::collect
