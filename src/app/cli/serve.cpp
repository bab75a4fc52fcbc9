// The site and the API over a platform, until SIGTERM or SIGINT.
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <thread>

#include "api/openapi.h"
#include "base/json_lines.h"
#include "base/log.h"
#include "cli/commands.h"
#include "cli/console_wiring.h"
#include "cli/endpoints.h"
#include "cli/site_wiring.h"
#include "gate/gate.h"
#include "gate/writer.h"
#include "server/server.h"

namespace mingxin::cli {

namespace {

/// Publishes a new head within a second of its commit, whichever part of the program made it.
class HeadPublisher {
  public:
    explicit HeadPublisher(const Platform& platform)
        : platform_(platform), thread_([this](std::stop_token stop) { run(stop); }) {}

  private:
    void run(const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            const Result<void> published = platform_.publish_head();
            if (!published.ok()) log_error("head not published: " + published.error().message_zh());
            std::this_thread::sleep_for(std::chrono::seconds(1));
        }
    }
    const Platform& platform_;
    std::jthread thread_;
};

/// Blocks the signals in all threads started afterwards; wait() takes them.
class StopSignals {
  public:
    StopSignals() {
        sigemptyset(&set_);
        sigaddset(&set_, SIGINT);
        sigaddset(&set_, SIGTERM);
        sigaddset(&set_, SIGHUP);
        pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    }
    /// False when the platform shall be opened anew (SIGHUP), true when it shall end.
    bool wait_for_end() const {
        int signal = 0;
        sigwait(&set_, &signal);
        return signal != SIGHUP;
    }

  private:
    sigset_t set_;
};

/// As many descriptors as the system gives: shells start with 1,024, which connections alone would use up.
/// Returns how many connections leave some for the database and for files.
int connection_limit(int wanted) {
    constexpr rlim_t others = 512;
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return wanted;
    limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, static_cast<rlim_t>(wanted) + others);
    ::setrlimit(RLIMIT_NOFILE, &limit);
    ::getrlimit(RLIMIT_NOFILE, &limit);
    const rlim_t room = limit.rlim_cur > 2 * others ? limit.rlim_cur - others : limit.rlim_cur / 2;
    return static_cast<int>(std::min<rlim_t>(static_cast<rlim_t>(wanted), room));
}

/// Where bodies arrive: in the data directory, so that a file is taken over without copying it, and apart
/// from other programs. What a killed process left there an hour ago or more is removed.
Result<std::filesystem::path> upload_folder(const Platform& platform) {
    const std::filesystem::path folder = platform.data() / "uploads";
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (!error) std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
    if (error) return fail(Fault::file_unwritable, folder.string(), error.message());
    const std::int64_t oldest_s = now_utc().us / 1'000'000 - 3600;
    for (const auto& file : std::filesystem::directory_iterator(folder, error)) {
        struct stat info {};
        if (::stat(file.path().c_str(), &info) == 0 && info.st_mtime < oldest_s) {
            std::filesystem::remove(file.path(), error);
        }
    }
    return folder;
}

gate::Options gate_options(const Platform& platform, const std::vector<access::Role>& roles) {
    gate::Options options;
    const Digest secret = crypto::hmac_sm3(platform.secret(), as_bytes("form tokens"));
    options.secret.assign(secret.begin(), secret.end());
    options.rulebook_digest = platform.rules()->digest();
    options.roles = roles;
    return options;
}

/// What deciding upon editions runs with: another rulebook means opening the platform anew.
std::shared_ptr<const oversight::EditionDesk> edition_desk(const Parts& parts) {
    return std::make_shared<const oversight::EditionDesk>(
        oversight::EditionDesk{parts.write, parts.rules, [] { ::kill(::getpid(), SIGHUP); }});
}

/// One life of the platform, from opening to closing. Returns whether it shall be opened anew.
Result<bool> serve_once(const Common& common, const ServeOptions& given, const StopSignals& signals) {
    auto platform = TRY(common.open());
    TRY(platform->database().create(all_tables()));  // of features that came after it was made
    TRY(platform->activate_rules(now_utc()));
    const std::string address = given.public_url.empty() ? "http://" + given.listen : given.public_url;

    gate::Writer writer(platform->database(), [&](store::Tx& tx) {
        return journal::seal(tx, platform->key(), platform->origin(), now_utc());
    });
    const collect::Desk collect_desk = platform->desk();
    collect::Jobs jobs(collect_desk, platform->data() / "jobs", {now_utc, {}});
    tasks::Tasks tasks(platform->data() / "tasks", now_utc);
    Parts parts;
    parts.rules = platform->rules();
    parts.tenant = platform->tenant();
    parts.key = &platform->key().public_key();
    parts.report_desk = std::make_shared<const report::Desk>(report_desk(*platform, address));
    parts.jobs = &jobs;
    parts.write = [&writer](const std::function<Result<void>(store::Tx&)>& work) { return writer.run(work); };
    add_tasks(parts, *platform, tasks);
    parts.edition_desk = edition_desk(parts);
    parts.roles = access::roles_in_force(*platform->rules(), now_utc().date());
    const gate::Gate* gate_ready = nullptr;  // set before the first request
    parts.system = system_of(*platform, now_utc(), [&gate_ready] { return gate_ready->metrics(); });

    auto sign_in = std::make_shared<access::Desk>(platform->database(), parts.write, parts.roles,
                                                  platform->rules()->digest());
    site::Site site = TRY(site::make_site(site_deps(*platform, sign_in, parts.report_desk, jobs)));
    std::vector<api::Endpoint> all = endpoints(parts);
    std::move(site.endpoints.begin(), site.endpoints.end(), std::back_inserter(all));
    std::vector<api::Endpoint> console =
        console_endpoints(platform->share() / "web/console/dist", platform->config().site_name);
    std::move(console.begin(), console.end(), std::back_inserter(all));
    gate::Options gating = gate_options(*platform, parts.roles);
    gating.refusal_page = refusal_page(site);
    gate::Gate gate(platform->database(), writer, std::move(all), std::move(gating));
    gate_ready = &gate;
    server::Options options;
    options.listen = given.listen;
    options.threads = given.threads;
    options.certificate_pem = given.certificate;
    options.key_pem = given.key;
    options.limits.connections = connection_limit(options.limits.connections);
    options.temporary_folder = TRY(upload_folder(*platform));
    auto server = TRY(server::Server::start(options, gate));
    const HeadPublisher publisher(*platform);
    tell("网站和接口已启动：" + address + "/");
    const bool ends = signals.wait_for_end();
    tell(ends ? "正在停止……" : "规则库已更换，正在重新载入……");
    if (!ends) jobs.finish();
    server->stop();
    gate.stop();
    writer.stop();
    return !ends;
}

}  // namespace

Result<int> serve(const Common& common, const ServeOptions& given) {
    std::signal(SIGPIPE, SIG_IGN);
    const StopSignals signals;
    while (TRY(serve_once(common, given, signals))) {
    }
    return 0;
}

Result<int> openapi(const Common&) {
    // Ordered and in lines: branches that add operations shall not meet in the file.
    std::vector<api::Endpoint> all = endpoints(Parts{});
    std::stable_sort(all.begin(), all.end(), [](const api::Endpoint& a, const api::Endpoint& b) {
        return std::string_view(a.path) < std::string_view(b.path);
    });
    print_line(json_in_lines(api::openapi_json(all)));
    return 0;
}

}  // namespace mingxin::cli
