#include "store/store.h"

#include "base/check.h"
#include "base/text.h"
#include "store/connection.h"
#include "store/ddl.h"
#include "store/fault_injection.h"
#include "store/pool.h"
#include "store/search_text.h"
#include "store/sqlite_header.h"

namespace mingxin::store {
namespace {

/// Before every statement: nothing goes on after a failure. To use a transaction after its commit is a bug.
Result<void> admit(Connection* connection_or_null) {
    CHECK(connection_or_null != nullptr && connection_or_null->open());
    Connection& connection = *connection_or_null;
    if (connection.failed()) {
        return fail(Fault::store_aborted);
    }
    if (take_injected_failure()) [[unlikely]] {
        connection.set_failed(true);
        return fail(Fault::store_failed, {}, "injected failure");
    }
    return {};
}

Result<Cursor> to_cursor(Result<Cursor::Impl*> impl) {
    if (!impl.ok()) {
        return fail(std::move(impl).error());
    }
    return Cursor(*impl);
}

}  // namespace

// --- Cursor

Cursor::~Cursor() {
    if (impl_ != nullptr) {
        impl_->close();
    }
}

Result<bool> Cursor::next() {
    return impl_->next();
}
bool Cursor::is_null(int column) const {
    return impl_->is_null(column);
}
std::int64_t Cursor::integer(int column) const {
    return impl_->integer(column);
}
std::string_view Cursor::text(int column) const {
    return as_text(impl_->view(column));
}
BytesView Cursor::blob(int column) const {
    return impl_->view(column);
}
int Cursor::column_count() const {
    return impl_->column_count();
}
Value Cursor::value(int column) const {
    return impl_->value(column);
}

// --- ReadTx

ReadTx::ReadTx(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
ReadTx::ReadTx(ReadTx&&) noexcept = default;

ReadTx::~ReadTx() {
    if (connection_) {
        Pool& pool = *connection_->pool;
        pool.give_back(std::move(connection_));
    }
}

Result<Cursor> ReadTx::query(const Sql& sql, std::initializer_list<Value> values) {
    return query(sql, Values(values.begin(), values.size()));
}

Result<Cursor> ReadTx::query(const Sql& sql, Values values) {
    TRY(admit(connection_.get()));
    return to_cursor(connection_->query(sql.text, values));
}

Result<Cursor> ReadTx::scan(const Sql& sql, std::initializer_list<Value> values) {
    return scan(sql, Values(values.begin(), values.size()));
}

Result<Cursor> ReadTx::scan(const Sql& sql, Values values) {
    TRY(admit(connection_.get()));
    return to_cursor(connection_->scan(sql.text, values));
}

Result<std::vector<std::int64_t>> ReadTx::search(const Table& table, std::string_view text, int limit) {
    return search(table, std::span(&text, 1), limit);
}

Result<std::vector<std::int64_t>> ReadTx::search(const Table& table, std::span<const std::string_view> texts,
                                                 int limit) {
    CHECK(table.search_column != nullptr && !texts.empty());
    TRY(admit(connection_.get()));
    std::vector<std::string> folded;
    for (const std::string_view text : texts) {
        if (!is_utf8(text)) {
            return fail(Fault::bad_encoding, "查询文字");
        }
        folded.push_back(fold_search_text(to_nfc(text)));
        if (character_count(folded.back()) < 2) {
            return fail(Fault::bad_argument, "按名称查询至少需要两个字");
        }
    }
    if (limit <= 0) {
        return std::vector<std::int64_t>{};
    }
    return connection_->search(table, folded, limit);
}

Engine ReadTx::engine() const {
    return connection_->engine();
}

// --- BulkLoader

BulkLoader::BulkLoader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
BulkLoader::BulkLoader(BulkLoader&&) noexcept = default;

BulkLoader::~BulkLoader() = default;

Result<void> BulkLoader::add(Values row) {
    CHECK(!impl_->finished);
    TRY(admit(&impl_->connection));
    return impl_->add(row);
}

Result<std::int64_t> BulkLoader::finish() {
    CHECK(!impl_->finished);
    TRY(admit(&impl_->connection));
    auto added = impl_->finish();
    if (added.ok()) {
        impl_->finished = true;
        --impl_->connection.open_loaders;
    }
    return added;
}

// --- Tx

Tx::Tx(std::unique_ptr<Connection> connection) : ReadTx(std::move(connection)) {}
Tx::Tx(Tx&&) noexcept = default;
Tx::~Tx() = default;

Result<std::int64_t> Tx::execute(const Sql& sql, std::initializer_list<Value> values) {
    return execute(sql, Values(values.begin(), values.size()));
}

Result<std::int64_t> Tx::execute(const Sql& sql, Values values) {
    TRY(admit(connection_.get()));
    return connection_->execute(sql.text, values);
}

Result<void> Tx::insert(const Table& table, std::initializer_list<Value> row) {
    TRY(admit(connection_.get()));
    CHECK(row.size() == table.columns.size());
    TRY(connection_->execute(connection_->insert_text(table).c_str(), Values(row.begin(), row.size())));
    return {};
}

Result<void> Tx::update_searchable(const Table& table, std::int64_t key, std::string_view text) {
    TRY(admit(connection_.get()));
    CHECK(table.search_column != nullptr);
    const std::string sql = std::string("UPDATE ") + table.name + " SET " + table.search_column +
                            " = $2 WHERE " + integer_key(table) + " = $1";
    const Value values[] = {key, text};
    TRY(connection_->execute(sql.c_str(), values));
    return {};
}

Result<BulkLoader> Tx::bulk(const Table& table, std::int64_t expected_rows) {
    TRY(admit(connection_.get()));
    return BulkLoader(TRY(connection_->bulk(table, expected_rows)));
}

Result<void> Tx::savepoint() {
    TRY(admit(connection_.get()));
    return connection_->savepoint();
}

Result<void> Tx::rollback_to_savepoint() {
    CHECK(connection_ != nullptr && connection_->open());
    return connection_->rollback_to_savepoint();
}

Result<void> Tx::release_savepoint() {
    TRY(admit(connection_.get()));
    return connection_->run("RELEASE SAVEPOINT mingxin");
}

Result<void> Tx::commit() {
    TRY(admit(connection_.get()));
    if (connection_->open_loaders > 0) {
        connection_->set_failed(true);
        return fail(Fault::store_failed, {}, "commit with an unfinished bulk loader");
    }
    TRY(connection_->commit());
    connection_->set_open(false);
    Pool& pool = *connection_->pool;
    if (connection_->open_cursors() == 0) {
        pool.give_back(std::move(connection_));
    } else {
        pool.end_turn(*connection_);
    }
    return {};
}

// --- Database

struct Database::Impl {
    Impl(std::unique_ptr<Connector> connector, Options options) : pool(std::move(connector), options) {}
    Pool pool;
};

Database::Database(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Database::~Database() = default;

namespace {

bool is_server(const std::string& url) {
    return url.starts_with("postgresql://") || url.starts_with("postgres://");
}

}  // namespace

Result<std::unique_ptr<Database>> Database::open(const std::string& url, Options options) {
    auto connector = TRY(is_server(url) ? open_postgres(url, options) : open_sqlite(url, options));
    return std::unique_ptr<Database>(new Database(std::make_unique<Impl>(std::move(connector), options)));
}

std::vector<Flaw> Database::check_closed(const std::string& url) {
    return is_server(url) ? std::vector<Flaw>{} : check_closed_sqlite(url);
}

Result<ReadTx> Database::read() {
    return ReadTx(TRY(impl_->pool.begin_read()));
}
Result<Tx> Database::write() {
    return Tx(TRY(impl_->pool.begin_write()));
}
Engine Database::engine() const {
    return impl_->pool.engine();
}

Result<void> Database::create(std::span<const Table* const> tables) {
    Tx tx = TRY(write());
    for (const Table* table : tables) {
        TRY(tx.connection().create(*table));
    }
    return tx.commit();
}

Result<std::vector<Flaw>> Database::check_integrity(std::span<const Table* const> tables) {
    std::vector<Flaw> flaws;
    {
        ReadTx tx = TRY(read());
        TRY(tx.connection().check_integrity(Connection::Check::reading, tables, flaws));
    }
    Tx tx = TRY(write());
    TRY(tx.connection().check_integrity(Connection::Check::writing, tables, flaws));
    return flaws;
}

}  // namespace mingxin::store
