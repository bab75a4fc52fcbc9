// Reading JSON. Internal to this folder.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace mingxin::correction {

/// A list of plain texts. Fault::field_malformed.
Result<std::vector<std::string>> texts_in(std::string_view text);
/// A list of {"field", "value"}; without a value: empty. Fault::field_malformed.
Result<std::vector<std::pair<std::string, std::string>>> values_in(std::string_view text);
/// Which list an event list.exported is of, with two of its filters; empty when not given.
struct Export {
    std::string list, item, unit;
};
Export export_in(std::string_view payload);

}  // namespace mingxin::correction
