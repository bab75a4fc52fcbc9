// What an engine offers to store.cpp: one connection, its cursors, its bulk loader. Internal to this folder.
// A connection is used by one thread at a time. Whatever fails inside a transaction marks the connection
// failed: until a rollback, store.cpp lets no further statement through, so that both engines behave alike.
#pragma once
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "store/store.h"

namespace mingxin::store {

class Pool;

struct Cursor::Impl {
    virtual Result<bool> next() = 0;
    virtual bool is_null(int column) const = 0;
    virtual std::int64_t integer(int column) const = 0;
    virtual BytesView view(int column) const = 0;
    virtual Value value(int column) const = 0;
    virtual int column_count() const = 0;
    /// Called once, when the Cursor ends.
    virtual void close() = 0;

  protected:
    ~Impl() = default;
};

struct BulkLoader::Impl {
    explicit Impl(Connection& connection);
    /// An unfinished loader marks the connection failed: indexes may be missing, only a rollback is right
    /// then.
    virtual ~Impl();
    virtual Result<void> add(Values row) = 0;
    /// Leaves nothing that the destructor would do on the connection, which may be another thread's by then.
    virtual Result<std::int64_t> finish() = 0;
    Connection& connection;
    bool finished = false;
};

class Connection {
  public:
    virtual ~Connection() = default;
    virtual Engine engine() const = 0;
    /// False when it must not go back to the pool (lost server, failed rollback).
    virtual bool usable() const = 0;

    virtual Result<void> begin_read() = 0;
    virtual Result<void> begin_write() = 0;
    virtual Result<void> commit() = 0;
    /// Ends a read or write transaction, undoing the latter.
    virtual void rollback() = 0;
    /// Statements without parameters or rows (savepoints, DDL).
    virtual Result<void> run(const std::string& script) = 0;

    virtual Result<void> savepoint() { return run("SAVEPOINT mingxin"); }
    virtual Result<void> rollback_to_savepoint() {
        set_failed(false);
        return run("ROLLBACK TO SAVEPOINT mingxin");
    }
    virtual Result<Cursor::Impl*> query(const char* text, Values values) = 0;
    virtual Result<Cursor::Impl*> scan(const char* text, Values values) = 0;
    virtual Result<std::int64_t> execute(const char* text, Values values) = 0;
    virtual Result<std::unique_ptr<BulkLoader::Impl>> bulk(const Table& table,
                                                           std::int64_t expected_rows) = 0;
    /// folded: one or more texts, each of two or more characters (search_text.h); a row contains them all.
    virtual Result<std::vector<std::int64_t>> search(const Table& table,
                                                     const std::vector<std::string>& folded, int limit) = 0;

    /// Bulk loaders that have not been finished.
    int open_loaders = 0;
    /// Cursors that have not been closed; they may outlive the commit.
    int open_cursors() const { return open_cursors_; }

    /// Inside a write transaction.
    virtual Result<void> create(const Table& table) = 0;
    /// reading: what needs no writer, inside a read transaction; it may take minutes on a large database.
    enum class Check { reading, writing };
    /// writing: inside a write transaction that is then rolled back. Appends what is wrong.
    virtual Result<void> check_integrity(Check check, std::span<const Table* const> tables,
                                         std::vector<Flaw>& flaws) = 0;

    /// "INSERT INTO table ..." of one row, kept for the next one.
    const std::string& insert_text(const Table& table);

    bool failed() const { return failed_; }
    void set_failed(bool failed) { failed_ = failed; }
    bool open() const { return open_; }
    void set_open(bool open) { open_ = open; }

    Pool* pool = nullptr;
    bool writer = false;  // holds the pool's turn to write
    bool spare = false;   // a writer that gave up its turn with cursors open: not kept

  protected:
    int open_cursors_ = 0;

  private:
    std::deque<std::pair<std::string, std::string>> insert_texts_;  // references stay valid
    bool failed_ = false;
    bool open_ = false;
};

/// Connects, or says why not.
class Connector {
  public:
    virtual ~Connector() = default;
    virtual Result<std::unique_ptr<Connection>> connect(bool writer) = 0;
    /// Last act on the writer's connection when the database is closed.
    virtual void before_close(Connection& writer) = 0;
    virtual Engine engine() const = 0;
};

Result<std::unique_ptr<Connector>> open_sqlite(const std::string& path, const Options& options);
Result<std::unique_ptr<Connector>> open_postgres(const std::string& url, const Options& options);

/// Copies a SQLite database to a new file that carries an identity of its own.
Result<void> backup_sqlite(Connection& connection, const std::filesystem::path& file);

}  // namespace mingxin::store
