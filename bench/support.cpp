#include "support.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <fstream>

#include "access/access.h"
#include "base/check.h"

namespace mingxin::bench {

namespace fs = std::filesystem;

namespace {

double read_clock(clockid_t clock) {
    timespec time{};
    clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

}  // namespace

Seconds Seconds::now() {
    return {read_clock(CLOCK_MONOTONIC), read_clock(CLOCK_PROCESS_CPUTIME_ID),
            read_clock(CLOCK_THREAD_CPUTIME_ID)};
}

Seconds Seconds::passed() const {
    const Seconds end = now();
    return {end.wall - wall, end.cpu - cpu, end.thread - thread};
}

void give_up(const Error& error) {
    std::fprintf(stderr, "%s\n%s\n", error.message_zh().c_str(), error.log_text.c_str());
    std::exit(1);
}

namespace {

double anonymous_mb(pid_t process) {
    std::ifstream status("/proc/" + std::to_string(process) + "/status");
    std::string word;
    while (status >> word) {
        if (word != "RssAnon:") continue;
        double kb = 0;
        status >> kb;
        return kb / 1024;
    }
    return 0;
}

}  // namespace

ChildRun in_child(const std::function<Seconds()>& work) {
    int ends[2];
    CHECK(pipe(ends) == 0);
    std::fflush(nullptr);
    const pid_t process = fork();
    CHECK(process >= 0);
    if (process == 0) {
        const Seconds seconds = work();
        const bool told = write(ends[1], &seconds, sizeof seconds) == sizeof seconds;
        std::fflush(nullptr);
        _exit(told ? 0 : 1);
    }
    close(ends[1]);
    ChildRun run;
    int status = 0;
    while (waitpid(process, &status, WNOHANG) == 0) {
        run.peak_anon_mb = std::max(run.peak_anon_mb, anonymous_mb(process));
        usleep(2000);
    }
    const bool heard = read(ends[0], &run.seconds, sizeof run.seconds) == sizeof run.seconds;
    close(ends[0]);
    if (!heard || !WIFEXITED(status) || WEXITSTATUS(status) != 0) std::exit(1);
    return run;
}

demo::Options county() {
    demo::Options options;
    options.today = now_utc().date();
    return options;
}

std::unique_ptr<cli::Platform> new_platform(const fs::path& data, const std::string& engine) {
    const fs::path share = must(cli::share_folder({}));
    auto platform =
        must(cli::Platform::create(data, {county().division, "信用鲁山", engine}, share, now_utc()));
    const demo::Unit unit = demo::units(county()).front();
    must(platform->write(now_utc(), [&](store::Tx& tx) -> Result<void> {
        TRY(access::add_unit(tx, unit.code, unit.name, {"operator", now_utc(), {}}));
        return {};
    }));
    return platform;
}

Seconds collect_file(const cli::Platform& platform, const demo::File& file) {
    collect::Order order;
    order.file = file.path;
    order.file_name = file.path.filename().string();
    order.item = file.item;
    order.unit_code = file.unit_code;
    order.submitted_by = "operator";
    order.now = now_utc();
    const Seconds begin = Seconds::now();
    const collect::Outcome outcome = must(collect::collect(platform.desk(), order));
    const Seconds seconds = begin.passed();
    if (outcome.batch.rows != file.rows || outcome.batch.accepted != file.rows) {
        std::fprintf(stderr, "not all rows taken: %s\n", outcome.to_json().c_str());
        std::exit(1);
    }
    return seconds;
}

const ChildRun& fastest(const std::vector<ChildRun>& runs) {
    return *std::min_element(runs.begin(), runs.end(), [](const ChildRun& a, const ChildRun& b) {
        return a.seconds.wall < b.seconds.wall;
    });
}

std::string text_argument(int argc, char** argv, std::string_view name, std::string otherwise) {
    const std::string start = "--" + std::string(name) + "=";
    for (int i = 1; i < argc; ++i) {
        if (std::string_view(argv[i]).starts_with(start)) return argv[i] + start.size();
    }
    return otherwise;
}

std::int64_t size_argument(int argc, char** argv, std::string_view name, std::int64_t otherwise) {
    return std::atoll(text_argument(argc, argv, name, std::to_string(otherwise)).c_str());
}

}  // namespace mingxin::bench
