// Serves the staff console: the files that tools/console built, under /console/.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "api/api.h"

namespace mingxin::cli {

/// built holds index.html and assets/, each file with a compressed copy NAME.gz beside it; they are looked at
/// once, here. Any path below /console/ gives the shell, whose router knows the pages. Where nothing was
/// built, /console/ is refused with what to do.
std::vector<api::Endpoint> console_endpoints(const std::filesystem::path& built, std::string_view site_name);

}  // namespace mingxin::cli
