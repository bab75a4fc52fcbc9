#include "cli/system_api.h"

#include <unistd.h>

#include <fstream>

#include "base/json.h"

namespace mingxin::cli {
namespace {

namespace fs = std::filesystem;

std::int64_t size_of(const fs::path& folder) {
    std::int64_t bytes = 0;
    std::error_code error;
    for (auto entry = fs::recursive_directory_iterator(folder, error); entry != fs::end(entry);
         entry.increment(error)) {
        if (error) break;
        const auto size = entry->is_regular_file(error) ? entry->file_size(error) : 0;
        if (!error) bytes += static_cast<std::int64_t>(size);
    }
    return bytes;
}

/// Resident memory of this process.
std::int64_t memory_bytes() {
    std::ifstream file("/proc/self/statm");
    std::int64_t pages = 0, resident = 0;
    file >> pages >> resident;
    return resident * ::sysconf(_SC_PAGESIZE);
}

}  // namespace

System system_of(const Platform& platform, Instant started, std::function<std::string()> metrics) {
    const PlatformConfig& config = platform.config();
    return {started,
            config.division,
            config.site_name,
            config.engine.substr(0, config.engine.find(':')),  // the rest may hold a password
            platform.rules()->digest(),
            platform.data(),
            std::move(metrics)};
}

std::vector<api::Endpoint> system_endpoints(System system) {
    using api::FieldType;
    api::Endpoint endpoint(
        "system.show", api::Method::get, "/api/v1/system", api::Permission::platform_operate,
        api::Audit::metered, "系统运行状态", "State of the running system", {},
        {{"started", FieldType::text, "启动时间（UTC）", "started (UTC)", true},
         {"now", FieldType::text, "系统时间（UTC）", "time of the system (UTC)", true},
         {"division", FieldType::text, "行政区划代码", "division code", true},
         {"site_name", FieldType::text, "网站名称", "name of the site", true},
         {"engine", FieldType::text, "数据库", "database engine", true},
         {"rulebook", FieldType::text, "规则库摘要", "digest of the rulebook", true},
         {"data_bytes", FieldType::integer, "数据目录占用的字节数", "bytes in the data directory", true},
         {"free_bytes", FieldType::integer, "磁盘剩余字节数", "bytes free on its disk", true},
         {"memory_bytes", FieldType::integer, "进程内存字节数", "resident memory in bytes", true},
         {"metrics", FieldType::text, "各接口的计数和耗时，Prometheus 文本格式",
          "counts and durations per endpoint, text format of Prometheus", true}},
        api::ReadHandler(
            [system](const api::Call& call, const api::Input&, store::ReadTx&) -> Result<api::Reply> {
                std::error_code error;
                const fs::space_info space = fs::space(system.data, error);
                JsonWriter json;
                json.begin_object().field("started", system.started.to_string());
                json.field("now", call.now.to_string()).field("division", system.division);
                json.field("site_name", system.site_name).field("engine", system.engine);
                json.field("rulebook", system.rulebook).field("data_bytes", size_of(system.data));
                json.field("free_bytes", error ? 0 : static_cast<std::int64_t>(space.available));
                json.field("memory_bytes", memory_bytes());
                json.field("metrics", system.metrics ? system.metrics() : std::string()).end_object();
                return api::Reply::json(json.take());
            }));
    endpoint.lengthy = true;
    std::vector<api::Endpoint> list;
    list.push_back(std::move(endpoint));
    return list;
}

}  // namespace mingxin::cli
