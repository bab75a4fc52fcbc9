// Loading many rows into SQLite: one prepared insert; indexes made anew after a load that outweighs the
// table.
#include "base/check.h"
#include "store/ddl.h"
#include "store/sqlite_connection.h"

namespace mingxin::store {
namespace {

constexpr std::int64_t min_rows_to_rebuild = 20'000;

class SqliteBulkLoader final : public BulkLoader::Impl {
  public:
    SqliteBulkLoader(SqliteConnection& connection, const Table& table, SqliteStatement* insert)
        : Impl(connection), connection_(connection), table_(table), insert_(insert) {}
    ~SqliteBulkLoader() override { close_insert(); }

    Result<void> drop_indexes();
    Result<void> add(Values row) override;
    Result<std::int64_t> finish() override;

  private:
    void close_insert() {
        if (insert_ != nullptr) {
            std::exchange(insert_, nullptr)->close();
        }
    }

    SqliteConnection& connection_;
    const Table table_;
    SqliteStatement* insert_;
    std::int64_t rows_ = 0;
    bool rebuild_ = false;
};

Result<void> SqliteBulkLoader::drop_indexes() {
    rebuild_ = true;
    for (const Index& index : table_.indexes) {
        TRY(connection_.run(std::string("DROP INDEX IF EXISTS ") + index.name));
    }
    if (table_.search_column != nullptr) {
        TRY(connection_.run(drop_search_triggers_sql(table_)));
    }
    return {};
}

Result<void> SqliteBulkLoader::add(Values row) {
    CHECK(row.size() == table_.columns.size());
    TRY(insert_->bind(row, false));
    TRY(insert_->run());
    ++rows_;
    return {};
}

Result<std::int64_t> SqliteBulkLoader::finish() {
    close_insert();
    if (!rebuild_) {
        return rows_;
    }
    for (const Index& index : table_.indexes) {
        TRY(connection_.run(create_index_sql(table_, index)));
    }
    if (table_.search_column != nullptr) {
        const std::string fts = search_index_name(table_);
        TRY(connection_.run("INSERT INTO " + fts + "(" + fts + ") VALUES ('rebuild'); INSERT INTO " + fts +
                            "(" + fts + ") VALUES ('optimize'); " + create_search_triggers_sql(table_)));
    }
    return rows_;
}

}  // namespace

Result<std::unique_ptr<BulkLoader::Impl>> SqliteConnection::bulk(const Table& table,
                                                                 std::int64_t expected_rows) {
    bool rebuild = false;
    if (expected_rows >= min_rows_to_rebuild) {
        const std::string text =
            std::string("SELECT count(*) FROM (SELECT 1 FROM ") + table.name + " LIMIT $1) AS t";
        const Value limit[] = {expected_rows};
        rebuild = TRY(integer_of(text.c_str(), limit)) < expected_rows;
    }
    SqliteStatement* insert = TRY(statement(insert_text(table)));
    auto loader = std::make_unique<SqliteBulkLoader>(*this, table, insert);
    if (rebuild) {
        TRY(loader->drop_indexes());
    }
    return std::unique_ptr<BulkLoader::Impl>(std::move(loader));
}

}  // namespace mingxin::store
