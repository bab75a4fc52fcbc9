// The SQLite file as a whole: making it, recognising it, copying it. (Checking it: sqlite_check.cpp.)
//
// Identity. A -wal that lies beside another file than its own makes SQLite see a malformed database. Each
// file has therefore a random identity in the user_version of its header, and each write transaction puts the
// header page into the -wal; on opening, the identity in the -wal must be that of the file. A backup has a
// new identity.
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <filesystem>

#include "store/ddl.h"
#include "store/sqlite_connection.h"
#include "store/sqlite_header.h"

namespace mingxin::store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t wal_header_bytes = 32;
constexpr std::size_t frame_header_bytes = 24;

std::uint32_t big_endian(const std::uint8_t* at) {
    return std::uint32_t{at[0]} << 24 | std::uint32_t{at[1]} << 16 | std::uint32_t{at[2]} << 8 | at[3];
}

class File {
  public:
    explicit File(const std::string& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
    ~File() {
        if (fd_ >= 0) {
            ::close(fd_);
        }
    }
    File(const File&) = delete;
    bool read(std::uint64_t at, std::span<std::uint8_t> out) const {
        return fd_ >= 0 && ::pread(fd_, out.data(), out.size(), static_cast<off_t>(at)) ==
                               static_cast<ssize_t>(out.size());
    }

  private:
    int fd_;
};

/// The identity in the first page-1 frame of the log that is valid by its salts; false when there is none.
bool wal_identity(const std::string& path, std::uint32_t& identity) {
    const File wal(path);
    std::array<std::uint8_t, wal_header_bytes> header{};
    if (!wal.read(0, header)) {
        return false;
    }
    const std::uint64_t frame_page_bytes = big_endian(header.data() + 8);
    std::array<std::uint8_t, frame_header_bytes + header_bytes> frame{};
    for (std::uint64_t at = wal_header_bytes; wal.read(at, frame);
         at += frame_header_bytes + frame_page_bytes) {
        if (std::memcmp(frame.data() + 8, header.data() + 16, 8) != 0) {
            return false;  // left over from before the last reset
        }
        if (big_endian(frame.data()) == 1) {
            identity = big_endian(frame.data() + frame_header_bytes + user_version_at);
            return true;
        }
    }
    return false;
}

/// An empty file is fine: it will be made a database.
Result<void> check_header(const std::string& path) {
    std::array<std::uint8_t, header_bytes> header{};
    std::error_code error;
    const auto size = fs::file_size(path, error);
    if (error || size == 0) {
        return {};
    }
    if (!File(path).read(0, header)) {
        return fail(Fault::store_corrupt, path, "shorter than a database header, or unreadable");
    }
    if (std::memcmp(header.data(), "SQLite format 3", 16) != 0) {
        return fail(Fault::store_corrupt, path, "not a SQLite file");
    }
    if (big_endian(header.data() + application_id_at) != application_id) {
        return fail(Fault::store_corrupt, path + "（不是明信的数据库）", "application_id differs");
    }
    std::uint32_t identity = 0;
    if (wal_identity(path + "-wal", identity) && identity != big_endian(header.data() + user_version_at)) {
        return fail(
            Fault::store_corrupt,
            path + "-wal（该预写日志属于另一个数据库文件；若刚用备份替换了数据库，请移走 -wal 和 -shm 文件）",
            "identity of the -wal differs");
    }
    return {};
}

std::int32_t new_identity() {
    std::int32_t identity = 0;
    while (identity == 0) {
        sqlite3_randomness(sizeof identity, &identity);
    }
    return identity;
}

/// Makes an empty file a database. Two processes may try at once.
Result<void> initialise(const std::string& path, const Options& options) {
    sqlite3* db = nullptr;
    int code = sqlite3_open_v2(path.c_str(), &db,
                               SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    const std::string ids = "PRAGMA application_id=" + std::to_string(application_id) +
                            "; PRAGMA user_version=" + std::to_string(new_identity()) + ";";
    const auto exec = [&](const std::string& script) {
        if (code == SQLITE_OK) {
            code = sqlite3_exec(db, script.c_str(), nullptr, nullptr, nullptr);
        }
    };
    sqlite3_busy_timeout(db, options.wait_ms);
    exec("PRAGMA page_size=4096; BEGIN EXCLUSIVE");
    std::error_code error;
    if (code == SQLITE_OK && fs::file_size(path, error) == 0) {
        exec(ids + "COMMIT");
    } else {
        exec("ROLLBACK");  // another process was faster
    }
    exec("PRAGMA journal_mode=WAL");
    auto failure = sqlite_error(code, db);
    sqlite3_close_v2(db);
    if (code != SQLITE_OK) {
        failure.detail_zh = path;
        return fail(std::move(failure));
    }
    return {};
}

/// Before the first use of SQLite in the process. Its memory statistics would make all threads wait for one
/// lock at each allocation; connections are never shared between threads.
void configure_sqlite() {
    static const bool once = [] {
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
        sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
        return true;
    }();
    (void)once;
}

class SqliteConnector final : public Connector {
  public:
    SqliteConnector(std::string path, Options options) : path_(std::move(path)), options_(options) {}
    Result<std::unique_ptr<Connection>> connect(bool writer) override {
        return std::unique_ptr<Connection>(TRY(SqliteConnection::open(path_, options_, shared_, writer)));
    }
    void before_close(Connection& writer) override {
        // Best effort: what stays in the -wal is as durable.
        (void)writer.run("PRAGMA busy_timeout=0; PRAGMA wal_checkpoint(TRUNCATE)");
    }
    Engine engine() const override { return Engine::sqlite; }

  private:
    const std::string path_;
    const Options options_;
    SqliteShared shared_;
};

}  // namespace

Result<std::unique_ptr<Connector>> open_sqlite(const std::string& path, const Options& options) {
    configure_sqlite();
    TRY(check_header(path));
    std::error_code error;
    const auto size = fs::file_size(path, error);
    if (error || size == 0) {
        TRY(initialise(path, options));
    }
    auto connector = std::make_unique<SqliteConnector>(path, options);
    // Reads the schema, so that a damaged file is refused here and not at the first request.
    SqliteShared shared;
    const auto schema = [&]() -> Result<std::int64_t> {
        auto connection = TRY(SqliteConnection::open(path, options, shared, false));
        return connection->integer_of("SELECT count(*) FROM sqlite_schema");
    }();
    if (!schema.ok()) {
        Error failure = schema.error();
        if (failure.fault == Fault::store_failed) {
            failure.fault = Fault::store_corrupt;  // a header or schema that SQLite can't make sense of
        }
        failure.detail_zh = path;
        return fail(std::move(failure));
    }
    return std::unique_ptr<Connector>(std::move(connector));
}

Result<void> backup_sqlite(Connection& connection, const fs::path& file) {
    auto& sqlite = static_cast<SqliteConnection&>(connection);
    sqlite.rollback();  // VACUUM takes a snapshot of its own and runs outside transactions
    const Value target[] = {file.c_str()};
    TRY(sqlite.run("PRAGMA query_only=0"));
    auto copied = sqlite.execute("VACUUM INTO $1", target);
    TRY(sqlite.run("PRAGMA query_only=1"));
    if (!copied.ok()) {
        return fail(std::move(copied).error());
    }
    sqlite3* db = nullptr;
    int code = sqlite3_open_v2(file.c_str(), &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    if (code == SQLITE_OK) {
        code = sqlite3_exec(db, ("PRAGMA user_version=" + std::to_string(new_identity())).c_str(), nullptr,
                            nullptr, nullptr);
    }
    auto failure = sqlite_error(code, db);
    sqlite3_close_v2(db);
    if (code != SQLITE_OK) {
        return fail(std::move(failure));
    }
    return {};
}

// --- tables

Result<void> SqliteConnection::create(const Table& table) {
    TRY(run(create_table_sql(table, Engine::sqlite)));
    auto columns = integer_of(
        ("SELECT count(*) FROM (SELECT " + column_list(table) + " FROM " + table.name + " LIMIT 0) AS t")
            .c_str());
    if (!columns.ok()) {
        return fail(Fault::store_schema, std::string("数据表 ") + table.name, columns.error().log_text);
    }
    for (const Index& index : table.indexes) {
        TRY(run(create_index_sql(table, index)));
    }
    if (table.search_column != nullptr) {
        TRY(run(create_search_sql(table, Engine::sqlite)));
        TRY(run(create_search_triggers_sql(table)));
    }
    return {};
}

}  // namespace mingxin::store
