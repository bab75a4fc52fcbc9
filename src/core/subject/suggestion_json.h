// A suggestion as the API shows it, and the fields of that. Pure functions.
#pragma once
#include <vector>

#include "api/api.h"
#include "base/json.h"
#include "subject/subject.h"

namespace mingxin::subject {
std::vector<api::Field> suggestion_fields();
/// The members of an object that is open.
void write_suggestion(JsonWriter& json, const Suggestion& one);
}  // namespace mingxin::subject
