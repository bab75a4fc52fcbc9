// One connection to a PostgreSQL server. Internal to this folder.
#pragma once
#include <libpq-fe.h>

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "store/connection.h"

namespace mingxin::store {

struct FreeResult {
    void operator()(PGresult* result) const { PQclear(result); }
};
using PostgresResult = std::unique_ptr<PGresult, FreeResult>;

/// The parameters of one execution in libpq's form; reused for its memory.
class PostgresParameters {
  public:
    /// types: what the server takes them for; 0 or missing: by the kind of the value.
    void set(Values values, const std::vector<Oid>& types);
    int count() const { return static_cast<int>(data_.size()); }
    const char* const* data() const { return data_.data(); }
    const int* lengths() const { return lengths_.data(); }
    const int* formats() const { return formats_.data(); }
    const Oid* types() const { return types_.data(); }

  private:
    void add(const Value& value, Oid type);

    std::string bytes_;
    std::vector<const char*> data_;
    std::vector<std::size_t> offsets_;
    std::vector<int> lengths_;
    std::vector<int> formats_;
    std::vector<Oid> types_;
};

class PostgresConnection final : public Connection {
  public:
    static Result<std::unique_ptr<PostgresConnection>> connect(const std::string& url,
                                                               const Options& options);
    ~PostgresConnection() override;

    Engine engine() const override { return Engine::postgresql; }
    bool usable() const override;
    Result<void> begin_read() override;
    Result<void> begin_write() override;
    Result<void> commit() override;
    void rollback() override;
    Result<void> run(const std::string& script) override;
    Result<void> savepoint() override;
    Result<void> rollback_to_savepoint() override;
    Result<Cursor::Impl*> query(const char* text, Values values) override;
    Result<Cursor::Impl*> scan(const char* text, Values values) override;
    Result<std::int64_t> execute(const char* text, Values values) override;
    Result<std::unique_ptr<BulkLoader::Impl>> bulk(const Table& table, std::int64_t expected_rows) override;
    Result<std::vector<std::int64_t>> search(const Table& table, const std::vector<std::string>& folded,
                                             int limit) override;
    Result<void> create(const Table& table) override;
    Result<void> check_integrity(Check check, std::span<const Table* const> tables,
                                 std::vector<Flaw>& flaws) override;

    PGconn* handle() const { return connection_; }
    /// Marks the connection failed. result may be null.
    Error error(const PGresult* result);
    /// The result when it has the expected status.
    Result<PostgresResult> checked(PGresult* result, ExecStatusType expected);
    Result<std::int64_t> integer_of(const std::string& text, Values values = {});
    void cursor_closed() { --open_cursors_; }

    /// Transactions begun or ended on this connection: a cursor of an earlier one has no more rows.
    std::int64_t epoch() const { return epoch_; }
    /// Whether the server still has the cursor of this number.
    bool has_cursor(std::int64_t number) const {
        return number < lost_cursors_from_ || number >= lost_cursors_to_;
    }

  private:
    struct Prepared {
        std::string name;
        std::vector<Oid> types;
    };
    PostgresConnection() = default;
    Result<const Prepared*> prepare(const char* text, Values values);
    Result<PostgresResult> execute_prepared(const char* text, Values values, ExecStatusType expected);
    Result<Cursor::Impl*> make_cursor(PostgresResult rows, std::int64_t number);
    Result<void> check_btrees(const Table& table, std::vector<Flaw>& flaws);
    Result<void> check_counts(const Table& table, std::vector<Flaw>& flaws);
    Result<void> check_search(const Table& table, std::vector<Flaw>& flaws);

    PGconn* connection_ = nullptr;
    std::unordered_map<std::string, Prepared> prepared_;
    PostgresParameters parameters_;
    std::int64_t prepared_count_ = 0;
    std::int64_t epoch_ = 0;
    std::int64_t next_cursor_ = 1;
    std::int64_t savepoint_cursor_ = 0;
    std::int64_t lost_cursors_from_ = 0;
    std::int64_t lost_cursors_to_ = 0;
};

/// Types of the system catalogue.
namespace oid {
inline constexpr Oid boolean = 16, bytea = 17, int8 = 20, int2 = 21, int4 = 23, text = 25, name = 19,
                     unknown = 705, bpchar = 1042, varchar = 1043, numeric = 1700;
}

/// A row of a result, decoded. Numbers are those that fit 64 bits.
bool is_readable(Oid type);
Value decode(const PGresult* rows, int row, int column);

}  // namespace mingxin::store
