// The SQL that creates tables, indexes and search indexes. Internal to this folder. Pure functions.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "store/store.h"

namespace mingxin::store {

/// "tenant, code" -> {"tenant", "code"}.
std::vector<std::string> name_list(std::string_view comma_separated);
/// The one integer column that is the primary key, or empty.
std::string integer_key(const Table& table);
/// All columns, separated by commas.
std::string column_list(const Table& table);
std::string insert_sql(const Table& table);
/// Also checks what is a bug in a Table: an unknown column, a search column without integer key.
std::string create_table_sql(const Table& table, Engine engine);
std::string create_index_sql(const Table& table, const Index& index);
/// The bare name of the search index: an FTS5 table on SQLite, a GIN index on PostgreSQL.
std::string search_index_name(const Table& table);
/// SQLite: the FTS5 table; PostgreSQL: the GIN index.
std::string create_search_sql(const Table& table, Engine engine);
/// SQLite: the triggers that keep the FTS5 table right.
std::string create_search_triggers_sql(const Table& table);
std::string drop_search_triggers_sql(const Table& table);
/// PostgreSQL: the column of packed bigrams beside the search column. Bulk loads fill it themselves; a
/// trigger does it for all other statements.
std::string bigrams_column(const Table& table);
/// PostgreSQL: the functions mingxin_fold and mingxin_bigrams, equal to search_text.h.
std::string create_search_functions_sql();
/// PostgreSQL: the column and its trigger.
std::string create_bigrams_column_sql(const Table& table);

}  // namespace mingxin::store
