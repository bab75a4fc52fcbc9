// What is wrong with a SQLite file, and where: its header, its pages, its tables and indexes, its schema, its
// search index. Each place is as narrow as SQLite lets us tell.
#include <algorithm>
#include <charconv>
#include <map>
#include <regex>

#include "store/ddl.h"
#include "store/sqlite_connection.h"
#include "store/sqlite_header.h"

namespace mingxin::store {
namespace {

/// What the schema holds, by name: the type, the table, the text, and of what kind these are. The tables that
/// a search index keeps its own parts in are made by SQLite, in the words that it has had for them since
/// there is FTS5.
Result<std::map<std::string, std::string>> schema_of(SqliteConnection& connection) {
    std::map<std::string, std::string> objects;
    Cursor rows(TRY(connection.query(
        "SELECT name, type, tbl_name, sql, typeof(type) || typeof(name) || typeof(tbl_name) || typeof(sql) "
        "FROM sqlite_schema WHERE name NOT GLOB 'sqlite_stat*'",
        {})));
    while (TRY(rows.next())) {
        std::string& object = objects[std::string(rows.text(0))];
        for (const int column : {1, 2, 3, 4}) object.append(rows.text(column)).push_back(' ');
    }
    return objects;
}

/// Tables and indexes by the number of their root page: "table event", "index record_key".
using Roots = std::map<std::int64_t, std::string>;

Result<Roots> roots_of(SqliteConnection& connection) {
    Roots roots{{1, "table sqlite_schema"}};
    Cursor rows(
        TRY(connection.query("SELECT rootpage, type, name FROM sqlite_schema WHERE rootpage > 0", {})));
    while (TRY(rows.next())) {
        roots[rows.integer(0)] = std::string(rows.text(1)) + " " + std::string(rows.text(2));
    }
    return roots;
}

std::int64_t number_after(const std::string& line, const char* word) {
    std::int64_t number = 0;
    const std::size_t at = line.find(word);
    if (at != std::string::npos) {
        const char* digits = line.data() + at + std::char_traits<char>::length(word);
        std::from_chars(digits, line.data() + line.size(), number);
    }
    return number;
}

/// The place in a line of PRAGMA integrity_check. Its wording is not promised; empty when it is not
/// understood.
std::string place_of(const std::string& line, const Roots& roots) {
    static const std::regex of_index(
        "(?:missing from|entry in|entries in|rowid not at end-of-record for row .* of) index (\\S+)");
    static const std::regex of_column("value in ([A-Za-z0-9_]+)\\.");
    static const std::regex of_table("(?:PRIMARY KEY order for|CHECK constraint failed in) (\\S+)");
    std::smatch found;
    if (std::regex_search(line, found, of_index)) return "index " + found.str(1);
    if (std::regex_search(line, found, of_column)) return "table " + found.str(1);
    if (std::regex_search(line, found, of_table)) return "table " + found.str(1);
    if (line.find("reelist") != std::string::npos) return "list of free pages";
    std::int64_t page = number_after(line, line.find("Page ") == 0 ? "Page " : "page ");
    const std::int64_t root = number_after(line, "Tree ");
    const auto owner = roots.find(root);
    if (owner != roots.end()) {
        return "page " + std::to_string(page > 0 ? page : root) + " of " + owner->second;
    }
    return page > 0 ? "page " + std::to_string(page) : std::string();
}

/// Runs a check and appends a flaw for each of its lines. What names no place, or a check that stops, is a
/// flaw of stops_in.
Result<void> run_check(SqliteConnection& connection, const std::string& pragma, const Roots& roots,
                       const std::string& stops_in, std::vector<Flaw>& flaws) {
    auto opened = connection.query(pragma.c_str(), {});
    if (!opened.ok()) {
        flaws.push_back({stops_in, opened.error().log_text});
        connection.set_failed(false);
        return {};
    }
    Cursor rows(*opened);
    for (;;) {
        auto more = rows.next();
        if (!more.ok()) {
            flaws.push_back({stops_in, more.error().log_text});
            connection.set_failed(false);
            return {};
        }
        if (!*more) return {};
        const std::string text(rows.text(0));
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t end = std::min(text.find('\n', at), text.size());
            const std::string line = text.substr(at, end - at);
            at = end + 1;
            if (line != "ok" && !line.empty() && line.find("*** in database") != 0) {
                const std::string place = place_of(line, roots);
                flaws.push_back({place.empty() ? stops_in : place, line});
            }
        }
    }
}

/// The check of the whole file may stop at a page that makes no sense, or say no more than "malformed"; then
/// each table is asked alone.
Result<void> check_pages(SqliteConnection& connection, std::vector<Flaw>& flaws) {
    const auto roots = roots_of(connection);
    if (!roots.ok()) {
        flaws.push_back({"table sqlite_schema", roots.error().log_text});
        connection.set_failed(false);
        return {};
    }
    std::vector<Flaw> whole, by_table;
    TRY(run_check(connection, "PRAGMA integrity_check", *roots, "", whole));
    const auto unplaced = [](const Flaw& flaw) { return flaw.place.empty(); };
    if (std::any_of(whole.begin(), whole.end(), unplaced)) {
        for (const auto& [root, name] : *roots) {
            if (root > 1 && name.starts_with("table ")) {
                TRY(run_check(connection, "PRAGMA integrity_check(" + name.substr(6) + ")", *roots, name,
                              by_table));
            }
        }
        if (!by_table.empty()) std::erase_if(whole, unplaced);
    }
    for (Flaw& flaw : whole) {
        if (unplaced(flaw)) flaw.place = "database";
    }
    flaws.insert(flaws.end(), whole.begin(), whole.end());
    flaws.insert(flaws.end(), by_table.begin(), by_table.end());
    return {};
}

}  // namespace

Result<void> SqliteConnection::check_search(const Table& table, std::vector<Flaw>& flaws) {
    const std::string fts = search_index_name(table);
    // rank 1: also compares the index with the rows of the table.
    const auto checked = run("INSERT INTO " + fts + "(" + fts + ", rank) VALUES ('integrity-check', 1)");
    if (!checked.ok()) {
        flaws.push_back({"search index " + fts, checked.error().log_text});
        set_failed(false);
    }
    return {};
}

/// Against the schema of an empty database made by this program: a trigger that was added would run with each
/// write.
Result<void> SqliteConnection::check_schema(std::span<const Table* const> tables, std::vector<Flaw>& flaws) {
    SqliteShared shared;
    auto empty = TRY(open(":memory:", {}, shared, true));
    for (const Table* table : tables) {
        TRY(empty->create(*table));
    }
    auto wanted = TRY(schema_of(*empty));
    const auto held = schema_of(*this);
    if (!held.ok()) {
        flaws.push_back({"table sqlite_schema", held.error().log_text});
        set_failed(false);
        return {};
    }
    for (const auto& [name, text] : *held) {
        const auto found = wanted.find(name);
        if (found == wanted.end()) {
            flaws.push_back({"schema object " + name, "does not belong here: " + text});
        } else if (found->second != text) {
            flaws.push_back({"schema object " + name, "is not as it was made: " + text});
        }
        wanted.erase(name);
    }
    for (const auto& [name, text] : wanted) {
        flaws.push_back({"schema object " + name, "is missing"});
    }
    return {};
}

Result<void> SqliteConnection::check_integrity(Check check, std::span<const Table* const> tables,
                                               std::vector<Flaw>& flaws) {
    if (check == Check::writing) {  // the search asks for its own check by an insert
        for (const Table* table : tables) {
            if (table->search_column != nullptr) {
                TRY(check_search(*table, flaws));
            }
        }
        return {};
    }
    if (const char* file = sqlite3_db_filename(db_, "main"); file != nullptr && *file != '\0') {
        check_header_bytes(file, flaws);
    }
    TRY(check_pages(*this, flaws));
    return check_schema(tables, flaws);
}

std::vector<Flaw> check_closed_sqlite(const std::string& path) {
    std::vector<Flaw> flaws;
    check_header_bytes(path, flaws);
    sqlite3* db = nullptr;
    int code = sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr);
    if (code == SQLITE_OK) {
        code = sqlite3_exec(db, "SELECT count(*) FROM sqlite_schema", nullptr, nullptr, nullptr);
    }
    if (code != SQLITE_OK) {
        const std::string text = sqlite_error(code, db).log_text;
        // "malformed database schema (subject_search_insert) - ..."
        static const std::regex of_schema("malformed database schema \\(([^)]*)\\)");
        std::smatch found;
        if (std::regex_search(text, found, of_schema)) {
            flaws.push_back({"schema object " + found.str(1), text});
        } else if (flaws.empty()) {
            flaws.push_back({"table sqlite_schema", text});
        }
    }
    sqlite3_close_v2(db);
    return flaws;
}

}  // namespace mingxin::store
