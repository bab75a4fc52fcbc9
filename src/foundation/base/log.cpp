#include "base/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <string>

namespace mingxin {

namespace {

spdlog::logger& logger() {
    static const auto instance = [] {
        auto made = std::make_shared<spdlog::logger>("mingxin",
                                                     std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
        made->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %^%l%$ %v");
        made->flush_on(spdlog::level::info);
        return made;
    }();
    return *instance;
}

/// A line stays one line: text from outside can't forge another entry.
void write(spdlog::level::level_enum level, std::string_view text) {
    std::string line(text);
    for (char& c : line) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
    }
    logger().log(level, spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace

void log_info(std::string_view text) {
    write(spdlog::level::info, text);
}
void log_warning(std::string_view text) {
    write(spdlog::level::warn, text);
}
void log_error(std::string_view text) {
    write(spdlog::level::err, text);
}

}  // namespace mingxin
