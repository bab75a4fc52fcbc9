// Loading many rows into PostgreSQL: COPY in binary form.
#include "base/check.h"
#include "store/ddl.h"
#include "store/postgres_connection.h"
#include "store/search_text.h"

namespace mingxin::store {
namespace {

constexpr std::int64_t min_rows_to_rebuild = 20'000;
constexpr std::size_t piece_bytes = 1 << 20;
constexpr std::string_view copy_header("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
constexpr std::string_view copy_trailer("\377\377", 2);

void append_big_endian(std::string& out, std::uint64_t value, int size) {
    for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) {
        out.push_back(static_cast<char>(value >> shift));
    }
}

bool matches(Value::Kind kind, ColumnType type) {
    return kind == Value::Kind::null || (kind == Value::Kind::integer && type == ColumnType::integer) ||
           (kind == Value::Kind::text && type == ColumnType::text) ||
           (kind == Value::Kind::blob && type == ColumnType::blob);
}

class PostgresBulkLoader final : public BulkLoader::Impl {
  public:
    PostgresBulkLoader(PostgresConnection& connection, const Table& table)
        : Impl(connection), connection_(connection), table_(table), columns_(column_list(table)) {
        for (std::size_t i = 0; table.search_column != nullptr && i < table.columns.size(); ++i) {
            if (std::string_view(table.columns[i].name) == table.search_column) {
                search_column_ = static_cast<int>(i);
                columns_ += ", " + bigrams_column(table);
            }
        }
    }
    Result<void> drop_indexes();
    Result<void> add(Values row) override;
    Result<std::int64_t> finish() override;

  private:
    void add_bigrams(const Value& text);
    Result<void> send();

    PostgresConnection& connection_;
    const Table table_;
    std::string columns_;
    int search_column_ = -1;
    std::string folded_;
    std::string piece_;
    std::int64_t rows_ = 0;
    bool rebuild_ = false;
};

Result<void> PostgresBulkLoader::drop_indexes() {
    rebuild_ = true;
    for (const Index& index : table_.indexes) {
        TRY(connection_.run(std::string("DROP INDEX IF EXISTS ") + index.name));
    }
    if (table_.search_column != nullptr) {
        TRY(connection_.run("DROP INDEX IF EXISTS " + search_index_name(table_)));
    }
    return {};
}

Result<void> PostgresBulkLoader::add(Values row) {
    CHECK(row.size() == table_.columns.size());
    if (piece_.empty()) {
        piece_ = copy_header;
    }
    append_big_endian(piece_, row.size() + (search_column_ >= 0 ? 1 : 0), 2);
    for (std::size_t i = 0; i < row.size(); ++i) {
        const Value& value = row[i];
        if (!matches(value.kind(), table_.columns[i].type)) {
            connection_.set_failed(true);
            return fail(Fault::store_failed, {}, std::string("kind of value for ") + table_.columns[i].name);
        }
        if (value.kind() == Value::Kind::null) {
            append_big_endian(piece_, 0xFFFFFFFF, 4);
        } else if (value.kind() == Value::Kind::integer) {
            append_big_endian(piece_, 8, 4);
            append_big_endian(piece_, static_cast<std::uint64_t>(value.integer()), 8);
        } else {
            append_big_endian(piece_, value.view().size(), 4);
            piece_ += as_text(value.view());
        }
    }
    if (search_column_ >= 0) {
        add_bigrams(row[static_cast<std::size_t>(search_column_)]);
    }
    ++rows_;
    if (piece_.size() >= piece_bytes) {
        return send();
    }
    return {};
}

/// An int4[] in binary form.
void PostgresBulkLoader::add_bigrams(const Value& text) {
    if (text.kind() == Value::Kind::null) {
        append_big_endian(piece_, 0xFFFFFFFF, 4);
        return;
    }
    fold_search_text(as_text(text.view()), folded_);
    const std::vector<std::string> found = bigrams(folded_);
    const bool any = !found.empty();
    append_big_endian(piece_, 12 + (any ? 8 : 0) + 8 * found.size(), 4);
    append_big_endian(piece_, any ? 1 : 0, 4);  // dimensions
    append_big_endian(piece_, 0, 4);            // no nulls
    append_big_endian(piece_, oid::int4, 4);
    if (any) {
        append_big_endian(piece_, found.size(), 4);
        append_big_endian(piece_, 1, 4);  // first subscript
    }
    for (const std::string& bigram : found) {
        append_big_endian(piece_, 4, 4);
        append_big_endian(piece_, static_cast<std::uint32_t>(packed_bigram(bigram)), 4);
    }
}

Result<void> PostgresBulkLoader::send() {
    if (piece_.empty()) {
        return {};
    }
    piece_ += copy_trailer;
    PGconn* handle = connection_.handle();
    const std::string text =
        std::string("COPY ") + table_.name + " (" + columns_ + ") FROM STDIN (FORMAT binary)";
    TRY(connection_.checked(PQexec(handle, text.c_str()), PGRES_COPY_IN));
    const bool sent = PQputCopyData(handle, piece_.data(), static_cast<int>(piece_.size())) == 1 &&
                      PQputCopyEnd(handle, nullptr) == 1;
    piece_.clear();
    PostgresResult first(PQgetResult(handle));
    while (PGresult* more = PQgetResult(handle)) {
        PQclear(more);
    }
    if (!sent || PQresultStatus(first.get()) != PGRES_COMMAND_OK) {
        return fail(connection_.error(first.get()));
    }
    return {};
}

Result<std::int64_t> PostgresBulkLoader::finish() {
    TRY(send());
    if (!rebuild_) {
        return rows_;
    }
    for (const Index& index : table_.indexes) {
        TRY(connection_.run(create_index_sql(table_, index)));
    }
    if (table_.search_column != nullptr) {
        TRY(connection_.run(create_search_sql(table_, Engine::postgresql)));
    }
    TRY(connection_.run(std::string("ANALYZE ") + table_.name));  // for the plans of searches
    return rows_;
}

}  // namespace

Result<std::unique_ptr<BulkLoader::Impl>> PostgresConnection::bulk(const Table& table,
                                                                   std::int64_t expected_rows) {
    auto loader = std::make_unique<PostgresBulkLoader>(*this, table);
    // Dropping an index locks the table's readers out until the commit: only where there is nothing to read
    // yet.
    if (expected_rows >= min_rows_to_rebuild &&
        TRY(integer_of(std::string("SELECT CAST(EXISTS (SELECT 1 FROM ") + table.name + ") AS int)")) == 0) {
        TRY(loader->drop_indexes());
    }
    return std::unique_ptr<BulkLoader::Impl>(std::move(loader));
}

}  // namespace mingxin::store
