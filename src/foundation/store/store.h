// Tables, transactions and named SQL on SQLite (embedded) or PostgreSQL (shared), with one behaviour.
// A ReadTx can only read (writing through it does not compile); a Tx also writes. One statement text serves
// both engines: $1..$n parameters, standard SQL, text compared byte by byte (PostgreSQL databases use COLLATE
// "C"). What differs between the engines stays in this folder. Errors: Fault::store_* with the engine's text
// in Error::log_text only.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace mingxin::store {

enum class Engine { sqlite, postgresql };

/// A named statement. The name is stable and unique: it keys the statement cache and the metrics.
struct Sql {
    const char* name;
    const char* text;
};

/// A parameter or a cell: null, 64-bit integer, text or blob. Views: valid as long as what they view, so a
/// temporary string may stand in a call's list, never in a named array of values.
class Value {
  public:
    enum class Kind { null, integer, text, blob };
    Value() = default;
    Value(std::nullptr_t) {}
    Value(std::int64_t value) : kind_(Kind::integer), integer_(value) {}
    Value(int value) : kind_(Kind::integer), integer_(value) {}
    Value(bool value) : kind_(Kind::integer), integer_(value) {}
    Value(std::string_view text) : kind_(Kind::text), view_(as_bytes(text)) {}
    Value(const std::string& text) : Value(std::string_view(text)) {}
    Value(const char* text) : Value(std::string_view(text)) {}
    Value(BytesView blob) : kind_(Kind::blob), view_(blob) {}
    Value(const Bytes& blob) : Value(BytesView(blob)) {}
    Value(const Digest& digest) : Value(BytesView(digest)) {}
    Kind kind() const { return kind_; }
    std::int64_t integer() const { return integer_; }
    BytesView view() const { return view_; }

  private:
    Kind kind_ = Kind::null;
    std::int64_t integer_ = 0;
    BytesView view_;
};
using Values = std::span<const Value>;

enum class ColumnType { integer, text, blob };

struct Column {
    const char* name;
    ColumnType type;
    bool nullable = false;
};

struct Index {
    const char* name;
    const char* columns;  // "tenant, code"
    bool unique = false;
};

/// A table as both engines create it. An integer primary key of one column is the row id of SQLite.
struct Table {
    const char* name;
    std::vector<Column> columns;
    const char* primary_key;  // "id" or "tree, level, position"
    std::vector<Index> indexes;
    /// When set: this text column is searchable by contained text of 2+ characters (NameSearch); the primary
    /// key must then be one integer column.
    const char* search_column = nullptr;
};

/// The rows of a query. Views returned by text() and blob() are valid until next() or destruction.
/// Not thread-safe; must not outlive its transaction. After a commit it has no more rows.
class Cursor {
  public:
    struct Impl;
    explicit Cursor(Impl* impl) : impl_(impl) {}
    Cursor(Cursor&& other) noexcept : impl_(std::exchange(other.impl_, nullptr)) {}
    Cursor& operator=(Cursor&&) = delete;
    ~Cursor();
    /// Advances; false at the end.
    Result<bool> next();
    bool is_null(int column) const;
    std::int64_t integer(int column) const;   // 0 when null
    std::string_view text(int column) const;  // empty when null
    BytesView blob(int column) const;
    int column_count() const;
    Value value(int column) const;

  private:
    Impl* impl_;  // of the connection, which keeps it for the next query: no allocation per query
};

class Connection;  // an engine's connection; internal

/// A read-only snapshot: all queries see one state, that of the first query. Ends with the object. Not
/// thread-safe; must not outlive its database. After a failed statement every further one gives
/// Fault::store_aborted, on both engines: end the transaction.
class ReadTx {
  public:
    ReadTx(ReadTx&&) noexcept;
    ReadTx& operator=(ReadTx&&) = delete;
    virtual ~ReadTx();
    Result<Cursor> query(const Sql& sql, std::initializer_list<Value> values = {});
    Result<Cursor> query(const Sql& sql, Values values);
    /// The same for results too large for memory: PostgreSQL sends them by the thousand while other
    /// statements run, where query() holds the whole result. No difference on SQLite, which always walks.
    Result<Cursor> scan(const Sql& sql, std::initializer_list<Value> values = {});
    Result<Cursor> scan(const Sql& sql, Values values);
    /// Primary keys of rows whose search column contains text (2+ characters; rechecked on the row), in
    /// primary key order, at most limit. ASCII case, width (full or half) and blanks make no difference.
    /// Fault::bad_argument for a shorter text.
    Result<std::vector<std::int64_t>> search(const Table& table, std::string_view text, int limit);
    /// The same for rows that contain every one of the texts, wherever each stands.
    Result<std::vector<std::int64_t>> search(const Table& table, std::span<const std::string_view> texts,
                                             int limit);
    Engine engine() const;
    Connection& connection() { return *connection_; }  // for this folder only

  protected:
    friend class Database;
    explicit ReadTx(std::unique_ptr<Connection> connection);
    std::unique_ptr<Connection> connection_;  // null after a move; goes back to the pool at the end
};

/// Appends rows quickly (prepared inserts or COPY). Rows are visible to the transaction's queries only after
/// finish(). A loader that was not finished has written nothing that may be relied on: roll back.
class BulkLoader {
  public:
    struct Impl;
    explicit BulkLoader(std::unique_ptr<Impl> impl);
    BulkLoader(BulkLoader&&) noexcept;
    ~BulkLoader();
    /// One value per column of the table, in the table's order.
    Result<void> add(Values row);
    /// Flushes; keeps search and other indexes right. Returns the rows added.
    Result<std::int64_t> finish();

  private:
    std::unique_ptr<Impl> impl_;
};

/// A write transaction. At most one per database at a time (SQLite: BEGIN IMMEDIATE; PostgreSQL: an advisory
/// lock taken first), so that what it reads stays true until commit. Rolls back unless commit() succeeded.
/// After a failed statement it can only be rolled back, whole or to its savepoint; commit() then refuses.
class Tx : public ReadTx {
  public:
    Tx(Tx&&) noexcept;
    ~Tx() override;
    /// Returns the number of rows changed.
    Result<std::int64_t> execute(const Sql& sql, std::initializer_list<Value> values = {});
    Result<std::int64_t> execute(const Sql& sql, Values values);
    /// Inserts one row and keeps the search index right. One value per column, in the table's order.
    Result<void> insert(const Table& table, std::initializer_list<Value> row);
    /// Changes the search column of one row (key: integer primary key) and its search index. (Both engines
    /// keep the search index right by themselves, also when a plain statement changes or deletes rows.)
    Result<void> update_searchable(const Table& table, std::int64_t key, std::string_view text);
    /// expected_rows helps choose: when the table is small beside it, indexes are rebuilt after the load.
    /// Several loaders (of different tables) may be open at once.
    Result<BulkLoader> bulk(const Table& table, std::int64_t expected_rows);
    Result<void> savepoint();
    Result<void> rollback_to_savepoint();
    Result<void> release_savepoint();
    /// Durable when it returns success (fsync / synchronous commit); the next write transaction may then
    /// begin, and this one has ended. On failure nothing was stored, but for a PostgreSQL connection lost
    /// during the commit itself (Fault::store_unavailable): look before repeating.
    Result<void> commit();

  private:
    friend class Database;
    explicit Tx(std::unique_ptr<Connection> connection);
};

/// A thing that is wrong with the database itself, and where: "table event", "index record_key", "search
/// index subject_search", "schema object later", "page 7 of table event", "file header", "database".
struct Flaw {
    std::string place;
    std::string text;  // the engine's words; may hold damaged bytes
};

struct Options {
    int wait_ms = 30'000;  // how long a write waits for another process's write
};

/// A database. Thread-safe: transactions may be begun from any thread; connections are pooled.
class Database {
  public:
    /// url: a path of a SQLite file, or "postgresql://..." (libpq). Creates nothing but an empty SQLite file.
    static Result<std::unique_ptr<Database>> open(const std::string& url, Options options = {});
    ~Database();
    /// Where the file of a database is damaged that open() refused as Fault::store_corrupt. SQLite only.
    static std::vector<Flaw> check_closed(const std::string& url);
    Result<ReadTx> read();
    Result<Tx> write();
    Engine engine() const;
    /// Creates tables and indexes that are missing, in one transaction. Fault::store_schema when a table is
    /// there but lacks a column.
    Result<void> create(std::span<const Table* const> tables);
    /// SQLite: integrity_check, the search index's own check, and that the schema holds just these tables
    /// with their indexes and triggers; PostgreSQL: amcheck where installed. Empty when whole. On SQLite
    /// writers wait only for the search index's check.
    Result<std::vector<Flaw>> check_integrity(std::span<const Table* const> tables);
    /// A consistent copy of the whole database as a SQLite file, whatever the engine (VACUUM INTO / copied by
    /// table). Runs beside writers.
    Result<void> backup(std::span<const Table* const> tables, const std::filesystem::path& file);

  private:
    struct Impl;
    explicit Database(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace mingxin::store
