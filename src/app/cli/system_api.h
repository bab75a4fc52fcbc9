// The state of the running system, for its operator.
#pragma once
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "api/api.h"
#include "cli/platform.h"

namespace mingxin::cli {

struct System {
    Instant started;
    std::string division, site_name, engine, rulebook;  // engine: "sqlite" or "postgresql"
    std::filesystem::path data;
    std::function<std::string()> metrics;  // in the text format of Prometheus
};
System system_of(const Platform& platform, Instant started, std::function<std::string()> metrics);

/// GET /api/v1/system.
std::vector<api::Endpoint> system_endpoints(System system);

}  // namespace mingxin::cli
