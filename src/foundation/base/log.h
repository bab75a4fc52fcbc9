// The operator's log on standard error, one line each. Never personal data, secrets or row contents.
// Thread-safe.
#pragma once
#include <string_view>

namespace mingxin {
void log_info(std::string_view text);
void log_warning(std::string_view text);
void log_error(std::string_view text);
}  // namespace mingxin
