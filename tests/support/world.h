// A whole platform on one engine whose clock the test sets: files go in through collect, and facts come out
// through every public way there is. Links everything up to the command line.
#pragma once
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/file.h"
#include "cli/endpoints.h"
#include "cli/platform.h"
#include "collect/jobs.h"
#include "collect/testing/town.h"
#include "gate/gate.h"

namespace mingxin::tests {

using collect::test::must;
using quality::test::Row;
using Inputs = std::vector<std::pair<std::string, std::string>>;

/// Noon of a day in Asia/Shanghai.
inline Instant noon(Date day) {
    return {(std::int64_t{day.days} * 86400 + 4 * 3600) * 1'000'000};
}
inline Date day(std::string_view text) {
    const auto date = parse_date(text);
    REQUIRE_MESSAGE(date.has_value(), std::string(text));
    return *date;
}

/// Somebody who is signed in and may do everything that a role can.
api::Principal official();

class World {
  public:
    /// url: as store::for_each_engine_url gives it; an SQLite one is only the sign to use SQLite in a folder
    /// of the world's own.
    World(const std::string& url, const std::string& engine, Instant start);
    ~World();

    /// Takes a file and publishes the head, as the command does.
    Result<collect::Outcome> send(collect::Order order);
    collect::Order order(std::string_view item, std::string_view content);
    collect::Outcome take(std::string_view item, const std::vector<Row>& rows);

    /// Runs an endpoint's handler at the world's time. Fields that the endpoint does not document are a bug.
    Result<api::Reply> call(std::string_view id, const Inputs& inputs,
                            const api::Principal& who = api::Principal());
    std::string body(std::string_view id, const Inputs& inputs, const api::Principal& who = api::Principal());
    const std::vector<api::Endpoint>& endpoints() const { return endpoints_; }

    /// Ids of the records shown of a subject now, as each way out tells them; they are compared, and all of
    /// them must agree.
    std::set<std::string> shown(const std::string& code, std::string_view item = {},
                                const api::Principal& who = api::Principal());
    /// One record through its own ways out: the API, its page, its receipt. All or none show it.
    bool is_shown(const std::string& id, const api::Principal& who = api::Principal());
    /// Ids of the records that a report issued now prints.
    std::set<std::string> printed(const std::string& code);

    /// Everything let go and opened again, as after a stop.
    void restart();
    /// What verify finds; empty: nothing.
    std::string verify();
    std::string rebuild();
    /// Every cell of every table, table by table.
    std::string dump() const;

    store::ReadTx read() const { return must(platform_->database().read()); }
    std::int64_t count(const std::string& statement) const;
    cli::Platform& platform() { return *platform_; }
    const rulebook::Rulebook& rules() const { return *platform_->rules(); }
    std::filesystem::path folder() const { return folder_.path(); }
    const std::string& engine() const { return engine_; }

    Instant now;

  private:
    void wire();
    void unwire();

    TemporaryFolder folder_;
    std::string engine_;
    std::filesystem::path data_;
    int files_ = 0;
    std::unique_ptr<cli::Platform> platform_;
    std::unique_ptr<collect::Desk> desk_;
    std::unique_ptr<collect::Jobs> jobs_;
    std::unique_ptr<tasks::Tasks> tasks_;
    std::vector<api::Endpoint> endpoints_;
};

/// Runs on SQLite and, where it is installed, on PostgreSQL.
void in_each_world(std::string_view start_day, const std::function<void(World&)>& run);

/// Every cell of every table of a database, table by table.
std::string dump(store::Database& database);

}  // namespace mingxin::tests
