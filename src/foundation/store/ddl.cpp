#include "store/ddl.h"

#include <algorithm>

#include "base/check.h"
#include "base/text.h"
#include "store/search_text.h"

namespace mingxin::store {
namespace {

/// Up to so many columns SQLite keeps a table of another key in the key's own tree: one look-up instead of
/// two.
constexpr std::size_t max_clustered_columns = 6;

const char* type_name(ColumnType type, Engine engine) {
    switch (type) {
        case ColumnType::integer:
            return engine == Engine::sqlite ? " INTEGER" : " BIGINT";
        case ColumnType::text:
            return engine == Engine::sqlite ? " TEXT" : " TEXT COLLATE \"C\"";
        case ColumnType::blob:
            return engine == Engine::sqlite ? " BLOB" : " BYTEA";
    }
    CHECK(false);
}

bool has_column(const Table& table, std::string_view name) {
    return std::any_of(table.columns.begin(), table.columns.end(),
                       [&](const Column& column) { return column.name == name; });
}

std::string sql_literal(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        out.append(c == '\'' ? 2 : 1, c);
    }
    return out + "'";
}

}  // namespace

std::vector<std::string> name_list(std::string_view comma_separated) {
    std::vector<std::string> names;
    for (const std::string_view part : split(comma_separated, ',')) {
        names.emplace_back(trim(part));
    }
    return names;
}

std::string integer_key(const Table& table) {
    const auto key = name_list(table.primary_key);
    for (const Column& column : table.columns) {
        if (key.size() == 1 && column.name == key[0] && column.type == ColumnType::integer) {
            return key[0];
        }
    }
    return {};
}

std::string column_list(const Table& table) {
    std::string list;
    for (const Column& column : table.columns) {
        list += list.empty() ? "" : ", ";
        list += column.name;
    }
    return list;
}

std::string insert_sql(const Table& table) {
    std::string sql = std::string("INSERT INTO ") + table.name + " (" + column_list(table) + ") VALUES (";
    for (std::size_t i = 1; i <= table.columns.size(); ++i) {
        sql += (i == 1 ? "$" : ", $") + std::to_string(i);
    }
    return sql + ")";
}

std::string create_table_sql(const Table& table, Engine engine) {
    for (const std::string& name : name_list(table.primary_key)) {
        CHECK(has_column(table, name));
    }
    CHECK(table.search_column == nullptr ||
          (has_column(table, table.search_column) && !integer_key(table).empty()));
    const std::string row_id = engine == Engine::sqlite ? integer_key(table) : std::string();
    std::string sql = std::string("CREATE TABLE IF NOT EXISTS ") + table.name + " (";
    for (const Column& column : table.columns) {
        sql += column.name;
        sql += type_name(column.type, engine);
        sql += column.name == row_id ? " PRIMARY KEY" : column.nullable ? "" : " NOT NULL";
        sql += ", ";
    }
    if (row_id.empty()) {
        sql += std::string("PRIMARY KEY (") + table.primary_key + "), ";
    }
    sql.resize(sql.size() - 2);
    sql += ")";
    if (engine == Engine::sqlite) {
        sql += row_id.empty() && table.columns.size() <= max_clustered_columns ? " STRICT, WITHOUT ROWID"
                                                                               : " STRICT";
    }
    return sql;
}

std::string create_index_sql(const Table& table, const Index& index) {
    return std::string(index.unique ? "CREATE UNIQUE INDEX" : "CREATE INDEX") + " IF NOT EXISTS " +
           index.name + " ON " + table.name + " (" + index.columns + ")";
}

std::string search_index_name(const Table& table) {
    return std::string(table.name) + "_search";
}

std::string create_search_sql(const Table& table, Engine engine) {
    const std::string name = search_index_name(table);
    const std::string column = table.search_column;
    if (engine == Engine::postgresql) {
        return "CREATE INDEX IF NOT EXISTS " + name + " ON " + table.name + " USING gin (" +
               bigrams_column(table) + " pg_catalog.array_ops)";
    }
    return "CREATE VIRTUAL TABLE IF NOT EXISTS " + name + " USING fts5(" + column + ", content='" +
           table.name + "', content_rowid='" + integer_key(table) +
           "', tokenize='mingxin_bigram', detail='none', columnsize=0)";
}

std::string create_search_triggers_sql(const Table& table) {
    const std::string fts = search_index_name(table);
    const std::string column = table.search_column;
    const std::string key = integer_key(table);
    const std::string columns = "(rowid, " + column + ")";
    const std::string add =
        "INSERT INTO " + fts + columns + " VALUES (new." + key + ", new." + column + "); ";
    const std::string remove = "INSERT INTO " + fts + "(" + fts + ", rowid, " + column +
                               ") VALUES ('delete', old." + key + ", old." + column + "); ";
    const auto trigger = [&](const std::string& suffix, const std::string& event, const std::string& body) {
        return "CREATE TRIGGER IF NOT EXISTS " + fts + suffix + " AFTER " + event + " ON " + table.name +
               " BEGIN " + body + "END; ";
    };
    return trigger("_insert", "INSERT", add) + trigger("_delete", "DELETE", remove) +
           trigger("_update", "UPDATE OF " + key + ", " + column, remove + add);
}

std::string drop_search_triggers_sql(const Table& table) {
    std::string sql;
    for (const char* suffix : {"_insert", "_delete", "_update"}) {
        sql += "DROP TRIGGER IF EXISTS " + search_index_name(table) + suffix + "; ";
    }
    return sql;
}

std::string bigrams_column(const Table& table) {
    return std::string(table.search_column) + "_bigrams";
}

std::string create_bigrams_column_sql(const Table& table) {
    const std::string name = search_index_name(table);
    const std::string column = table.search_column;
    const std::string packed = bigrams_column(table);
    const std::string when = " ON " + std::string(table.name) + " FOR EACH ROW WHEN (";
    const std::string run = ") EXECUTE FUNCTION " + name + "_fill(); ";
    return std::string("ALTER TABLE ") + table.name + " ADD COLUMN IF NOT EXISTS " + packed +
           " int4[]; CREATE OR REPLACE FUNCTION " + name + "_fill() RETURNS trigger LANGUAGE plpgsql AS " +
           "$fill$ BEGIN NEW." + packed + " := mingxin_bigrams(NEW." + column +
           "); RETURN NEW; END $fill$; " + "CREATE OR REPLACE TRIGGER " + name + "_insert BEFORE INSERT" +
           when + "NEW." + packed + " IS NULL" + run + "CREATE OR REPLACE TRIGGER " + name +
           "_update BEFORE UPDATE OF " + column + when + "NEW." + column + " IS DISTINCT FROM OLD." + column +
           run;
}

std::string create_search_functions_sql() {
    // Linear in the length of the text: it is cut into characters once. The second function's body is bound
    // when it is created, so that it finds the first whatever the search_path of a later session is.
    return "CREATE OR REPLACE FUNCTION mingxin_fold(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT "
           "PARALLEL SAFE RETURN pg_catalog.translate(value, " +
           sql_literal(fold_table().from) + ", " + sql_literal(fold_table().to) +
           "); CREATE OR REPLACE FUNCTION mingxin_bigrams(value text) RETURNS int4[] LANGUAGE sql IMMUTABLE "
           "STRICT "
           "PARALLEL SAFE BEGIN ATOMIC SELECT coalesce(pg_catalog.array_agg((pg_catalog.ascii(a) & 65535) << "
           "16 | "
           "(pg_catalog.ascii(b) & 65535)), '{}'::int4[]) FROM (SELECT c, c[2:] AS d FROM (SELECT "
           "pg_catalog.string_to_array(mingxin_fold(value), NULL) AS c) AS s) AS t, "
           "LATERAL ROWS FROM (pg_catalog.unnest(t.c[1:pg_catalog.cardinality(t.c) - 1]), "
           "pg_catalog.unnest(t.d)) AS p(a, b); END";
}

}  // namespace mingxin::store
