// Evaluates the predicates of the rulebook over a row. Internal to this folder.
#pragma once
#include <string>
#include <vector>

#include "base/time.h"
#include "rulebook/rulebook.h"

namespace mingxin::quality {

/// Total: every predicate has a value for every row. today is YYYY-MM-DD.
bool holds(const rulebook::Predicate& predicate, const rulebook::Item& item,
           const std::vector<std::string>& values, std::string_view today);

}  // namespace mingxin::quality
