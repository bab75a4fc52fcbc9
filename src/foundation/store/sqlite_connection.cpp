#include "store/sqlite_connection.h"

#include <cstring>

#include "base/check.h"
#include "store/ddl.h"

namespace mingxin::store {
namespace {

constexpr std::size_t max_statements = 512;  // beyond that somebody makes texts on the fly: idle ones go

// Readers see the file through the map; their own cache holds only what is still in the -wal. The writer's
// bounds its dirty pages and its sorter; more spills to the -wal and to temporary files.
constexpr const char* reader_settings = "PRAGMA cache_size=-2000; PRAGMA query_only=1;";
constexpr const char* writer_settings =
    "PRAGMA cache_size=-8000; PRAGMA wal_autocheckpoint=4000; PRAGMA journal_size_limit=67108864;";
constexpr const char* common_settings =
    "PRAGMA synchronous=FULL; PRAGMA mmap_size=2147418112; PRAGMA foreign_keys=0; PRAGMA secure_delete=1; "
    "PRAGMA temp_store=FILE; PRAGMA recursive_triggers=0;";

Fault fault_of(int code) {
    switch (code) {
        case SQLITE_CONSTRAINT_UNIQUE:
        case SQLITE_CONSTRAINT_PRIMARYKEY:
        case SQLITE_CONSTRAINT_ROWID:
            return Fault::store_conflict;
        default:
            break;
    }
    switch (code & 0xFF) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return Fault::store_busy;
        case SQLITE_FULL:
            return Fault::store_full;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return Fault::store_corrupt;
        case SQLITE_CANTOPEN:
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_IOERR:
            return Fault::store_unavailable;
        default:
            return Fault::store_failed;
    }
}

}  // namespace

Error sqlite_error(int code, sqlite3* db) {
    const int extended = db != nullptr ? sqlite3_extended_errcode(db) : code;
    const int precise = (extended & 0xFF) == (code & 0xFF) ? extended : code;
    std::string text = "SQLite " + std::to_string(precise) + ": ";
    text += db != nullptr && precise == extended ? sqlite3_errmsg(db) : sqlite3_errstr(precise);
    return {fault_of(precise), {}, std::move(text)};
}

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::open(const std::string& path,
                                                                 const Options& options, SqliteShared& shared,
                                                                 bool writer) {
    std::unique_ptr<SqliteConnection> connection(new SqliteConnection(shared));
    const int code =
        sqlite3_open_v2(path.c_str(), &connection->db_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    if (code != SQLITE_OK) {
        Error failure = sqlite_error(code, connection->db_);
        failure.detail_zh = path;
        return fail(std::move(failure));
    }
    auto configured = connection->configure(options, writer);
    if (!configured.ok()) {
        Error failure = std::move(configured).error();
        failure.detail_zh = path;
        return fail(std::move(failure));
    }
    return connection;
}

Result<void> SqliteConnection::configure(const Options& options, bool writer) {
    sqlite3_extended_result_codes(db_, 1);
    sqlite3_busy_timeout(db_, options.wait_ms);
    TRY(run(common_settings));
    TRY(run(writer ? writer_settings : reader_settings));
    TRY(register_bigram_tokenizer(db_));
    stamp_text_ = "PRAGMA user_version=" + std::to_string(TRY(integer_of("PRAGMA user_version")));
    set_failed(false);
    return {};
}

SqliteConnection::~SqliteConnection() {
    statements_.clear();
    sqlite3_close_v2(db_);
}

Error SqliteConnection::error(int code) {
    set_failed(true);
    return sqlite_error(code, db_);
}

// --- transactions

Result<void> SqliteConnection::step_cached(SqliteStatement*& cached, const char* text) {
    if (cached == nullptr) {
        cached = TRY(statement(text));  // stays in use: nobody else gets it
    }
    TRY(cached->bind({}, false));
    return cached->run();
}

Result<void> SqliteConnection::begin_read() {
    set_failed(false);
    return step_cached(begin_, "BEGIN");
}

Result<void> SqliteConnection::begin_write() {
    set_failed(false);
    TRY(step_cached(begin_write_, "BEGIN IMMEDIATE"));
    // Puts page 1, which carries the identity of the file, into the -wal (see sqlite_file.cpp).
    auto stamped = step_cached(stamp_, stamp_text_.c_str());
    if (!stamped.ok()) {
        rollback();
    }
    return stamped;
}

Result<void> SqliteConnection::commit() {
    reset_all();
    return step_cached(commit_,
                       "COMMIT");  // on failure the transaction is still open and rolled back by the pool
}

void SqliteConnection::rollback() {
    reset_all();
    if (sqlite3_get_autocommit(db_) != 0) {
        return;  // the engine has rolled back by itself
    }
    // After reads only, ROLLBACK does what COMMIT does.
    usable_ = step_cached(rollback_, "ROLLBACK").ok() && usable_;
}

void SqliteConnection::reset_all() {
    if (open_cursors_ == 0) {
        return;
    }
    for (auto& [text, first] : statements_) {
        for (SqliteStatement* statement = first.get(); statement != nullptr;
             statement = statement->same_text.get()) {
            if (statement->is_cursor) {
                statement->reset();
            }
        }
    }
}

// --- statements

Result<void> SqliteConnection::run(const std::string& script) {
    const int code = sqlite3_exec(db_, script.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) {
        return fail(error(code));
    }
    return {};
}

void SqliteConnection::drop_idle_statements() {
    std::erase_if(statements_, [](const auto& entry) {
        for (const SqliteStatement* s = entry.second.get(); s != nullptr; s = s->same_text.get()) {
            if (s->in_use) {
                return false;
            }
        }
        return true;
    });
}

Result<SqliteStatement*> SqliteConnection::statement(std::string_view text) {
    const auto found = statements_.find(text);
    if (found != statements_.end()) {
        for (SqliteStatement* s = found->second.get(); s != nullptr; s = s->same_text.get()) {
            if (!s->in_use) {
                s->in_use = true;
                return s;
            }
        }
    } else if (statements_.size() >= max_statements) {
        drop_idle_statements();
    }
    auto made = std::make_unique<SqliteStatement>(*this, std::string(text));
    TRY(made->prepare());
    made->in_use = true;
    SqliteStatement* result = made.get();
    if (found != statements_.end()) {
        made->same_text = std::move(found->second->same_text);
        found->second->same_text = std::move(made);
    } else {
        statements_.emplace(result->text(), std::move(made));
    }
    return result;
}

Result<Cursor::Impl*> SqliteConnection::query(const char* text, Values values) {
    SqliteStatement* found = TRY(statement(text));
    auto bound = found->bind(values, true);
    if (!bound.ok()) {
        found->close();
        return fail(std::move(bound).error());
    }
    found->is_cursor = true;
    ++open_cursors_;
    return found;
}

Result<std::int64_t> SqliteConnection::execute(const char* text, Values values) {
    SqliteStatement* found = TRY(statement(text));
    auto done = found->bind(values, false);
    const std::int64_t before = sqlite3_total_changes64(db_);
    if (done.ok()) {
        done = found->run();
    }
    found->close();
    if (!done.ok()) {
        return fail(std::move(done).error());
    }
    // changes() keeps the count of an earlier statement when this one is no INSERT, UPDATE or DELETE.
    return sqlite3_total_changes64(db_) == before ? 0 : sqlite3_changes64(db_);
}

Result<std::int64_t> SqliteConnection::integer_of(const char* text, Values values) {
    Cursor cursor(TRY(query(text, values)));
    return TRY(cursor.next()) ? cursor.integer(0) : 0;
}

}  // namespace mingxin::store
