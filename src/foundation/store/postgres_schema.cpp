// Tables, search and self-check on PostgreSQL.
#include "store/ddl.h"
#include "store/postgres_connection.h"
#include "store/search_text.h"

namespace mingxin::store {
namespace {

std::string bigram_array(const std::vector<std::string>& folded) {
    std::string array = "{";
    for (const std::string& bigram : bigrams_of_all(folded)) {
        array += (array.size() == 1 ? "" : ",") + std::to_string(packed_bigram(bigram));
    }
    return array + "}";
}

}  // namespace

Result<void> PostgresConnection::create(const Table& table) {
    TRY(run(create_table_sql(table, Engine::postgresql)));
    const auto columns = run("SELECT " + column_list(table) + " FROM " + table.name + " LIMIT 0");
    if (!columns.ok()) {
        return fail(Fault::store_schema, std::string("数据表 ") + table.name, columns.error().log_text);
    }
    for (const Index& index : table.indexes) {
        TRY(run(create_index_sql(table, index)));
    }
    if (table.search_column == nullptr) {
        return {};
    }
    const std::string name = search_index_name(table);
    const Value names[] = {name};
    if (TRY(integer_of("SELECT CAST(to_regclass($1) IS NOT NULL AS int)", names)) == 0) {
        TRY(run(create_search_functions_sql()));
        TRY(run(create_bigrams_column_sql(table)));
        TRY(run(create_search_sql(table, Engine::postgresql)));
    }
    return {};
}

Result<std::vector<std::int64_t>> PostgresConnection::search(const Table& table,
                                                             const std::vector<std::string>& folded,
                                                             int limit) {
    const std::string key = integer_key(table);
    const std::string column = table.search_column;
    // Planned anew each time: whether to walk the table in key order or to go through the index depends on
    // how common the bigrams are. The operator is named in full because the extension intarray has another
    // @>.
    std::string text = "SELECT " + key + " FROM " + table.name + " WHERE " + bigrams_column(table) +
                       " OPERATOR(pg_catalog.@>) CAST($1 AS int4[])";
    const std::string array = bigram_array(folded);
    std::vector<Value> values = {array, limit};
    std::vector<Oid> types = {0, oid::int8};
    for (const std::string& one : folded) {
        values.push_back(one);
        types.push_back(oid::text);
        text += " AND strpos(mingxin_fold(" + column + "), $" + std::to_string(values.size()) + ") > 0";
    }
    text += " ORDER BY " + key + " LIMIT $2";
    parameters_.set(values, types);
    const PostgresResult rows =
        TRY(checked(PQexecParams(connection_, text.c_str(), parameters_.count(), parameters_.types(),
                                 parameters_.data(), parameters_.lengths(), parameters_.formats(), 1),
                    PGRES_TUPLES_OK));
    std::vector<std::int64_t> keys;
    for (int row = 0; row < PQntuples(rows.get()); ++row) {
        keys.push_back(decode(rows.get(), row, 0).integer());
    }
    return keys;
}

// --- self-check

Result<void> PostgresConnection::check_btrees(const Table& table, std::vector<Flaw>& flaws) {
    const std::string text =
        std::string(
            "SELECT CAST(i.indexrelid AS int8), c.relname FROM pg_index i JOIN pg_class c ON "
            "c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam WHERE a.amname = 'btree' AND "
            "i.indrelid = CAST('") +
        table.name + "' AS regclass)";
    Cursor indexes(TRY(query(text.c_str(), {})));
    while (TRY(indexes.next())) {
        TRY(savepoint());
        const auto checked = run("SELECT bt_index_check(CAST(CAST(" + std::to_string(indexes.integer(0)) +
                                 " AS oid) AS regclass), true)");
        if (!checked.ok()) {
            flaws.push_back({"index " + std::string(indexes.text(1)), checked.error().log_text});
        }
        TRY(rollback_to_savepoint());
    }
    return {};
}

Result<void> PostgresConnection::check_counts(const Table& table, std::vector<Flaw>& flaws) {
    const std::string text = std::string("SELECT count(*) FROM ") + table.name;
    TRY(
        run("SET LOCAL enable_seqscan = on; SET LOCAL enable_indexscan = off; SET LOCAL enable_indexonlyscan "
            "= off; "
            "SET LOCAL enable_bitmapscan = off"));
    const std::int64_t in_table = TRY(integer_of(text));
    TRY(
        run("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = on; SET LOCAL enable_indexonlyscan "
            "= on; "
            "SET LOCAL enable_bitmapscan = on"));
    const std::int64_t in_index = TRY(integer_of(text));
    if (in_table != in_index) {
        flaws.push_back({std::string("table ") + table.name,
                         std::to_string(in_table) + " rows, " + std::to_string(in_index) + " by index"});
    }
    return {};
}

Result<void> PostgresConnection::check_search(const Table& table, std::vector<Flaw>& flaws) {
    const std::string key = integer_key(table);
    const std::string packed = bigrams_column(table);
    const std::string right = std::string("mingxin_bigrams(") + table.search_column + ")";
    const std::string stale = "SELECT " + key + " FROM " + table.name + " WHERE NOT (" + packed +
                              " OPERATOR(pg_catalog.@>) " + right + " AND " + packed +
                              " OPERATOR(pg_catalog.<@) " + right + ") LIMIT 100";
    Cursor stale_rows(TRY(query(stale.c_str(), {})));
    while (TRY(stale_rows.next())) {
        flaws.push_back({"search index " + search_index_name(table),
                         "bigrams of row " + std::to_string(stale_rows.integer(0))});
    }
    // Rows spread over the table; each must be found through the index by all of its bigrams.
    const std::string sample = "SELECT " + key + ", " + table.search_column + " FROM " + table.name +
                               " ORDER BY md5(CAST(" + key + " AS text)) LIMIT 50";
    TRY(
        run("SET LOCAL enable_indexscan = off; SET LOCAL enable_indexonlyscan = off; SET LOCAL "
            "enable_seqscan = off"));
    Cursor rows(TRY(query(sample.c_str(), {})));
    while (TRY(rows.next())) {
        const std::string array = bigram_array({fold_search_text(rows.text(1))});
        const std::string text = "SELECT count(*) FROM (SELECT " + key + " FROM " + table.name + " WHERE " +
                                 bigrams_column(table) + " OPERATOR(pg_catalog.@>) CAST('" + array +
                                 "' AS int4[]) OFFSET 0) AS t WHERE " + key + " = " +
                                 std::to_string(rows.integer(0));
        if (array != "{}" && TRY(integer_of(text)) != 1) {
            flaws.push_back({"search index " + search_index_name(table),
                             "row " + std::to_string(rows.integer(0)) + " is missing"});
        }
    }
    return {};
}

Result<void> PostgresConnection::check_integrity(Check check, std::span<const Table* const> tables,
                                                 std::vector<Flaw>& flaws) {
    if (check == Check::reading) return {};  // the extension below can't be had by a reader
    // The extension may be there to install but not for this user; the transaction is rolled back in the end.
    TRY(savepoint());
    const bool amcheck = run("CREATE EXTENSION IF NOT EXISTS amcheck WITH SCHEMA pg_catalog").ok();
    if (!amcheck) {
        TRY(rollback_to_savepoint());
    }
    for (const Table* table : tables) {
        if (amcheck) {
            TRY(check_btrees(*table, flaws));
        }
        TRY(check_counts(*table, flaws));
        if (table->search_column != nullptr) {
            TRY(check_search(*table, flaws));
        }
    }
    return {};
}

}  // namespace mingxin::store
