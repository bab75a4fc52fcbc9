// What the benchmarks share: clocks, a child process whose memory is watched, platforms to measure on.
#pragma once
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "cli/platform.h"
#include "demo/demo.h"

namespace mingxin::bench {

/// Three clocks at one moment; passed() is what went by since.
struct Seconds {
    double wall = 0;
    double cpu = 0;     // of all threads of the process
    double thread = 0;  // cpu of the calling thread
    static Seconds now();
    Seconds passed() const;
};

[[noreturn]] void give_up(const Error& error);
template <class T>
T must(Result<T> result) {
    if (!result.ok()) give_up(result.error());
    return std::move(*result);
}
inline void must(Result<void> result) {
    if (!result.ok()) give_up(result.error());
}

/// A child process runs the work, so that its memory is its own.
struct ChildRun {
    Seconds seconds;          // what work returned
    double peak_anon_mb = 0;  // the largest RssAnon seen, looked at every 2 ms
};
/// Call it while the process has no other threads. Ends the program when the child fails.
ChildRun in_child(const std::function<Seconds()>& work);

/// The options of the invented county that all benchmarks use.
demo::Options county();

/// A new platform whose unit register holds the first unit of the county. engine: "sqlite" or a URL.
std::unique_ptr<cli::Platform> new_platform(const std::filesystem::path& data, const std::string& engine);
/// Collects a file; ends the program when not all rows are taken as they are.
Seconds collect_file(const cli::Platform& platform, const demo::File& file);

/// The seconds of the fastest, by wall clock, of several runs: the machine's other work disturbs that least.
const ChildRun& fastest(const std::vector<ChildRun>& runs);

/// value of a "--name=123" argument.
std::int64_t size_argument(int argc, char** argv, std::string_view name, std::int64_t otherwise);
/// text of a "--name=text" argument.
std::string text_argument(int argc, char** argv, std::string_view name, std::string otherwise);

}  // namespace mingxin::bench
