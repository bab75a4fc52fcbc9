#include "store/postgres_connection.h"

#include <cstring>

#include "base/check.h"
#include "store/ddl.h"

namespace mingxin::store {
namespace {

constexpr std::size_t max_prepared = 512;

// The key of the write lock: databases of different schemas on one server do not wait for each other. Read
// committed, because a snapshot taken before the lock is held would miss the last writer's rows.
constexpr const char* begin_write_script =
    "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; "
    "SELECT pg_advisory_xact_lock(1297633329, hashtext(current_schema()))";

Fault fault_of(const PGconn* connection, std::string_view state) {
    if (PQstatus(connection) != CONNECTION_OK) {
        return Fault::store_unavailable;
    }
    if (state == "23505") {
        return Fault::store_conflict;
    }
    if (state == "53100") {
        return Fault::store_full;
    }
    if (state == "55P03" || state == "40001" || state == "40P01") {
        return Fault::store_busy;
    }
    if (state == "25P02") {
        return Fault::store_aborted;
    }
    const std::string_view group = state.substr(0, 2);
    if (group == "08" || group == "57" || group == "53" || group == "28" || group == "3D") {
        return Fault::store_unavailable;
    }
    return state == "XX001" || state == "XX002" ? Fault::store_corrupt : Fault::store_failed;
}

class PostgresConnector final : public Connector {
  public:
    PostgresConnector(std::string url, Options options) : url_(std::move(url)), options_(options) {}
    Result<std::unique_ptr<Connection>> connect(bool) override {
        return std::unique_ptr<Connection>(TRY(PostgresConnection::connect(url_, options_)));
    }
    void before_close(Connection&) override {}
    Engine engine() const override { return Engine::postgresql; }

  private:
    const std::string url_;
    const Options options_;
};

}  // namespace

Result<std::unique_ptr<Connector>> open_postgres(const std::string& url, const Options& options) {
    TRY(PostgresConnection::connect(url, options));
    return std::unique_ptr<Connector>(std::make_unique<PostgresConnector>(url, options));
}

Result<std::unique_ptr<PostgresConnection>> PostgresConnection::connect(const std::string& url,
                                                                        const Options& options) {
    std::unique_ptr<PostgresConnection> made(new PostgresConnection);
    // What the url says comes later and wins.
    const char* const keywords[] = {"connect_timeout", "application_name", "dbname", nullptr};
    const char* const values[] = {"10", "mingxin", url.c_str(), nullptr};
    made->connection_ = PQconnectdbParams(keywords, values, 1);
    if (PQstatus(made->connection_) != CONNECTION_OK) {
        return fail(Fault::store_unavailable, {}, PQerrorMessage(made->connection_));
    }
    PQsetNoticeProcessor(
        made->connection_, [](void*, const char*) {}, nullptr);
    const char* encoding = PQparameterStatus(made->connection_, "server_encoding");
    if (encoding == nullptr || std::strcmp(encoding, "UTF8") != 0) {
        return fail(Fault::store_unavailable, "数据库的编码必须是 UTF8", "server_encoding");
    }
    if (PQserverVersion(made->connection_) < 140000) {
        return fail(Fault::store_unavailable, "PostgreSQL 的版本须为 14 或以上", "server_version");
    }
    TRY(made->run(
        "SET client_encoding = 'UTF8'; SET synchronous_commit = on; SET standard_conforming_strings = on; "
        "SET lock_timeout = " +
        std::to_string(options.wait_ms)));
    return made;
}

PostgresConnection::~PostgresConnection() {
    PQfinish(connection_);
}

bool PostgresConnection::usable() const {
    return PQstatus(connection_) == CONNECTION_OK && PQtransactionStatus(connection_) == PQTRANS_IDLE;
}

Error PostgresConnection::error(const PGresult* result) {
    set_failed(true);
    const char* state = result != nullptr ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
    const char* text = result != nullptr ? PQresultErrorMessage(result) : PQerrorMessage(connection_);
    return {fault_of(connection_, state != nullptr ? state : ""), {}, std::string("PostgreSQL: ") + text};
}

Result<PostgresResult> PostgresConnection::checked(PGresult* result, ExecStatusType expected) {
    PostgresResult owned(result);
    const ExecStatusType status = PQresultStatus(result);
    const bool rows_ignored = expected == PGRES_COMMAND_OK && status == PGRES_TUPLES_OK;
    if (status != expected && !rows_ignored) {
        Error failure = error(result);
        if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) {
            failure.log_text += "unexpected kind of result";
        }
        return fail(std::move(failure));
    }
    return owned;
}

// --- transactions

Result<void> PostgresConnection::begin_read() {
    set_failed(false);
    ++epoch_;
    return run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
}

Result<void> PostgresConnection::begin_write() {
    set_failed(false);
    ++epoch_;
    auto begun = run(begin_write_script);
    if (!begun.ok()) {
        rollback();
    }
    return begun;
}

Result<void> PostgresConnection::commit() {
    ++epoch_;
    const PostgresResult result = TRY(checked(PQexec(connection_, "COMMIT"), PGRES_COMMAND_OK));
    if (std::strcmp(PQcmdStatus(result.get()), "COMMIT") != 0) {
        return fail(Fault::store_aborted, {}, "the server rolled back");
    }
    return {};
}

void PostgresConnection::rollback() {
    ++epoch_;
    if (PQstatus(connection_) == CONNECTION_OK) {
        (void)run("ROLLBACK");
    }
}

Result<void> PostgresConnection::run(const std::string& script) {
    TRY(checked(PQexec(connection_, script.c_str()), PGRES_COMMAND_OK));
    return {};
}

Result<void> PostgresConnection::savepoint() {
    savepoint_cursor_ = next_cursor_;
    return Connection::savepoint();
}

Result<void> PostgresConnection::rollback_to_savepoint() {
    lost_cursors_from_ = savepoint_cursor_;
    lost_cursors_to_ = next_cursor_;
    return Connection::rollback_to_savepoint();
}

// --- statements

Result<const PostgresConnection::Prepared*> PostgresConnection::prepare(const char* text, Values values) {
    const auto found = prepared_.find(text);
    if (found != prepared_.end()) {
        CHECK(found->second.types.size() == values.size());
        return &found->second;
    }
    if (prepared_.size() >= max_prepared) {
        TRY(run("DEALLOCATE ALL"));
        prepared_.clear();
    }
    Prepared made{"mingxin_" + std::to_string(++prepared_count_), {}};
    parameters_.set(values, {});
    TRY(checked(PQprepare(connection_, made.name.c_str(), text, parameters_.count(), parameters_.types()),
                PGRES_COMMAND_OK));
    const PostgresResult described =
        TRY(checked(PQdescribePrepared(connection_, made.name.c_str()), PGRES_COMMAND_OK));
    for (int i = 0; i < PQnparams(described.get()); ++i) {
        made.types.push_back(PQparamtype(described.get(), i));
    }
    CHECK(made.types.size() == values.size());
    return &prepared_.emplace(text, std::move(made)).first->second;
}

Result<PostgresResult> PostgresConnection::execute_prepared(const char* text, Values values,
                                                            ExecStatusType expected) {
    const Prepared* statement = TRY(prepare(text, values));
    parameters_.set(values, statement->types);
    return checked(PQexecPrepared(connection_, statement->name.c_str(), parameters_.count(),
                                  parameters_.data(), parameters_.lengths(), parameters_.formats(), 1),
                   expected);
}

Result<std::int64_t> PostgresConnection::execute(const char* text, Values values) {
    const PostgresResult result = TRY(execute_prepared(text, values, PGRES_COMMAND_OK));
    const char* tag = PQcmdStatus(result.get());
    if (std::strncmp(tag, "SELECT", 6) == 0) {
        return 0;
    }
    return std::strtoll(PQcmdTuples(result.get()), nullptr, 10);
}

Result<std::int64_t> PostgresConnection::integer_of(const std::string& text, Values values) {
    parameters_.set(values, {});
    const PostgresResult rows =
        TRY(checked(PQexecParams(connection_, text.c_str(), parameters_.count(), parameters_.types(),
                                 parameters_.data(), parameters_.lengths(), parameters_.formats(), 1),
                    PGRES_TUPLES_OK));
    return PQntuples(rows.get()) > 0 ? decode(rows.get(), 0, 0).integer() : 0;
}

}  // namespace mingxin::store
