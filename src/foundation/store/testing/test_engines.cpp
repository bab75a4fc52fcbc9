#include "store/test_engines.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "base/file.h"
#include "base/text.h"

namespace mingxin::store {
namespace {

namespace fs = std::filesystem;

struct Server {
    std::string url;      // without options; empty when there is none
    std::string why_not;  // for the skip message
};

/// Joins or starts the server that all test processes of this user share. The lock on users.lock is held
/// until this process ends, and with it the server's life.
Server join_shared_server() {
    const fs::path folder =
        fs::temp_directory_path() / ("mingxin-test-postgresql-" + std::to_string(::getuid()));
    ::mkdir(folder.c_str(), 0711);
    struct stat status {};
    if (::stat(folder.c_str(), &status) != 0 || status.st_uid != ::getuid()) {
        return {"", folder.string() + " is not ours"};
    }
    static int users_lock = -1;
    users_lock = ::open((folder / "users.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (users_lock < 0 || ::flock(users_lock, LOCK_SH) != 0) {
        return {"", "cannot lock " + folder.string()};
    }
    const std::string command = std::string("'" MINGXIN_POSTGRES_SCRIPT "' start '") + folder.string() + "'";
    const int exit_status = WEXITSTATUS(std::system(command.c_str()));
    if (exit_status != 0) {
        return {"", exit_status == 77 ? "PostgreSQL is not installed" : "the server did not start"};
    }
    return {"postgresql://mingxin@/postgres?host=" + escape_url((folder / "cluster").string()), ""};
}

const Server& server() {
    static const Server found = [] {
        const char* given = std::getenv("MINGXIN_TEST_POSTGRESQL");
        return given != nullptr && given[0] != '\0' ? Server{given, ""} : join_shared_server();
    }();
    return found;
}

void run_on_server(const std::string& sql) {
    PGconn* connection = PQconnectdb(server().url.c_str());
    PGresult* result = PQexec(connection, ("SET client_min_messages = error; " + sql).c_str());
    const bool done = PQresultStatus(result) == PGRES_COMMAND_OK;
    const std::string why = PQerrorMessage(connection);
    PQclear(result);
    PQfinish(connection);
    REQUIRE_MESSAGE(done, why);
}

class TemporarySchema {
  public:
    TemporarySchema() {
        static int count = 0;
        name_ = "mingxin_test_" + std::to_string(::getpid()) + "_" + std::to_string(++count);
        run_on_server("DROP SCHEMA IF EXISTS " + name_ + " CASCADE; CREATE SCHEMA " + name_);
    }
    ~TemporarySchema() {
        PGconn* connection = PQconnectdb(server().url.c_str());
        PQclear(PQexec(connection,
                       ("SET client_min_messages = error; DROP SCHEMA " + name_ + " CASCADE").c_str()));
        PQfinish(connection);
    }
    TemporarySchema(const TemporarySchema&) = delete;
    std::string url() const {
        const bool has_query = server().url.find('?') != std::string::npos;
        return server().url + (has_query ? "&" : "?") + "options=-csearch_path%3D" + name_;
    }

  private:
    std::string name_;
};

}  // namespace

void for_each_engine_url(const std::function<void(const std::string&, const std::string&)>& scenario) {
    {
        INFO("engine: sqlite");
        const TemporaryFolder folder;
        scenario((folder.path() / "mingxin.db").string(), "sqlite");
    }
    if (server().url.empty()) {
        MESSAGE("SKIPPED on PostgreSQL: " << server().why_not);
        return;
    }
    INFO("engine: postgresql");
    const TemporarySchema schema;
    scenario(schema.url(), "postgresql");
}

void for_each_engine(const std::function<void(Database&, const std::string&)>& scenario) {
    for_each_engine_url([&](const std::string& url, const std::string& name) {
        auto database = Database::open(url);
        REQUIRE_MESSAGE(database.ok(), (database.ok() ? "" : database.error().log_text));
        scenario(**database, name);
    });
}

std::string plan_of(ReadTx& tx, const Sql& sql) {
    const std::string text = std::string("EXPLAIN QUERY PLAN ") + sql.text;
    int parameters = 0;
    while (text.find("$" + std::to_string(parameters + 1)) != std::string::npos) ++parameters;
    const std::vector<Value> values(static_cast<std::size_t>(parameters), Value(std::int64_t{0}));
    auto rows = tx.query({"test.plan", text.c_str()}, values);
    REQUIRE_MESSAGE(rows.ok(), (rows.ok() ? "" : rows.error().log_text));
    std::string plan;
    for (auto more = rows->next(); more.ok() && *more; more = rows->next()) (plan += rows->text(3)) += '\n';
    return plan;
}

}  // namespace mingxin::store
