// One connection to a SQLite file. Internal to this folder.
#pragma once
#include <sqlite3.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "store/bigram_frequency.h"
#include "store/connection.h"

namespace mingxin::store {

/// The fault of a SQLite result code, with the engine's text for the log. db may be null.
Error sqlite_error(int code, sqlite3* db);

class SqliteConnection;

/// A prepared statement, which is its own cursor: it lives in the connection's cache and a query costs no
/// memory.
class SqliteStatement final : public Cursor::Impl {
  public:
    SqliteStatement(SqliteConnection& owner, std::string text) : owner_(owner), text_(std::move(text)) {}
    ~SqliteStatement();
    SqliteStatement(const SqliteStatement&) = delete;
    Result<void> prepare();

    /// copy: the values are kept until the statement is reset, else only viewed.
    Result<void> bind(Values values, bool copy);
    /// Runs to its end; the rows, if any, are skipped.
    Result<void> run();
    void reset();

    Result<bool> next() override;
    bool is_null(int column) const override;
    std::int64_t integer(int column) const override;
    BytesView view(int column) const override;
    Value value(int column) const override;
    int column_count() const override;
    void close() override;

    const std::string& text() const { return text_; }
    bool in_use = false;
    bool is_cursor = false;
    std::unique_ptr<SqliteStatement> same_text;  // for a second cursor of the same text at the same time

  private:
    Result<void> bind_one(int slot, const Value& value, const std::uint8_t* data);

    SqliteConnection& owner_;
    std::string text_;
    sqlite3_stmt* statement_ = nullptr;
    std::vector<int> slots_;  // of $1..$n: SQLite numbers parameters by first appearance
    Bytes kept_;              // copies of the bound values
    bool ended_ = false;
};

/// What the connections of one database share. Thread-safe through its mutex.
struct SqliteShared {
    std::mutex mutex;
    std::map<std::string, std::shared_ptr<const BigramFrequency>> frequencies;  // by table
};

class SqliteConnection final : public Connection {
  public:
    static Result<std::unique_ptr<SqliteConnection>> open(const std::string& path, const Options& options,
                                                          SqliteShared& shared, bool writer);
    ~SqliteConnection() override;

    Engine engine() const override { return Engine::sqlite; }
    bool usable() const override { return usable_; }
    Result<void> begin_read() override;
    Result<void> begin_write() override;
    Result<void> commit() override;
    void rollback() override;
    Result<void> run(const std::string& script) override;
    Result<Cursor::Impl*> query(const char* text, Values values) override;
    Result<Cursor::Impl*> scan(const char* text, Values values) override { return query(text, values); }
    Result<std::int64_t> execute(const char* text, Values values) override;
    Result<std::unique_ptr<BulkLoader::Impl>> bulk(const Table& table, std::int64_t expected_rows) override;
    Result<std::vector<std::int64_t>> search(const Table& table, const std::vector<std::string>& folded,
                                             int limit) override;
    Result<void> create(const Table& table) override;
    Result<void> check_integrity(Check check, std::span<const Table* const> tables,
                                 std::vector<Flaw>& flaws) override;

    sqlite3* handle() const { return db_; }
    void cursor_closed() { --open_cursors_; }
    /// Marks the connection failed.
    Error error(int code);
    /// A cached statement, marked in use until it is closed.
    Result<SqliteStatement*> statement(std::string_view text);
    /// The first column of the first row; 0 when there is none.
    Result<std::int64_t> integer_of(const char* text, Values values = {});

  private:
    explicit SqliteConnection(SqliteShared& shared) : shared_(shared) {}
    Result<void> configure(const Options& options, bool writer);
    Result<void> step_cached(SqliteStatement*& cached, const char* text);
    void reset_all();
    void drop_idle_statements();
    Result<std::shared_ptr<const BigramFrequency>> frequency(const Table& table);
    Result<std::shared_ptr<const BigramFrequency>> sample(const Table& table, std::int64_t rows_estimate);
    Result<void> check_search(const Table& table, std::vector<Flaw>& flaws);
    Result<void> check_schema(std::span<const Table* const> tables, std::vector<Flaw>& flaws);

    SqliteShared& shared_;
    sqlite3* db_ = nullptr;
    std::unordered_map<std::string_view, std::unique_ptr<SqliteStatement>> statements_;
    SqliteStatement* begin_ = nullptr;
    SqliteStatement* begin_write_ = nullptr;
    SqliteStatement* stamp_ = nullptr;
    SqliteStatement* commit_ = nullptr;
    SqliteStatement* rollback_ = nullptr;
    std::string stamp_text_;
    bool usable_ = true;
};

/// The bigram tokenizer of FTS5.
Result<void> register_bigram_tokenizer(sqlite3* db);

}  // namespace mingxin::store
