// Documents as the API tells them. Internal to this folder.
#pragma once
#include "access/access.h"
#include "assess/assess.h"
#include "base/json.h"

namespace mingxin::assess {

/// Of which units a caller sees figures.
api::Principal::Scope figure_scope(const api::Principal& who);
Result<std::map<std::string, std::string>> unit_names(store::ReadTx& tx);
/// "87.34"; empty: none.
std::string points_text(const std::optional<std::int64_t>& hundredths);
/// What the board shows: indicators, grades, county and the units that scope covers, into an open object.
void write_board(JsonWriter& json, const rulebook::Rulebook& rulebook, const Document& document,
                 const api::Principal::Scope& scope, const std::map<std::string, std::string>& names);
std::vector<api::Field> board_fields();
/// Named parts of a figure, for people.
std::string_view measure_zh(rulebook::Measure measure);
std::string_view measure_en(rulebook::Measure measure);

}  // namespace mingxin::assess
