// The search index on SQLite: an FTS5 table over the bigrams of the folded text, kept right by triggers.
#include <algorithm>

#include "base/check.h"
#include "store/ddl.h"
#include "store/search_text.h"
#include "store/sqlite_connection.h"

namespace mingxin::store {
namespace {

std::size_t character_end(std::string_view folded, std::size_t at) {
    do {
        ++at;
    } while (at < folded.size() && (static_cast<unsigned char>(folded[at]) & 0xC0) == 0x80);
    return at;
}

int tokenizer_create(void*, const char**, int, Fts5Tokenizer** out) {
    *out = reinterpret_cast<Fts5Tokenizer*>(new (std::nothrow)
                                                std::string);  // the folded text, kept for its memory
    return *out != nullptr ? SQLITE_OK : SQLITE_NOMEM;
}

void tokenizer_delete(Fts5Tokenizer* tokenizer) {
    delete reinterpret_cast<std::string*>(tokenizer);
}

int tokenize(Fts5Tokenizer* tokenizer, void* context, int, const char* text, int size,
             int (*token)(void*, int, const char*, int, int, int)) {
    if (text == nullptr || size <= 0) {
        return SQLITE_OK;
    }
    std::string& folded = *reinterpret_cast<std::string*>(tokenizer);
    fold_search_text(std::string_view(text, static_cast<std::size_t>(size)), folded);
    if (folded.empty()) {
        return SQLITE_OK;
    }
    std::size_t previous = 0;
    for (std::size_t at = character_end(folded, 0); at < folded.size();) {
        const std::size_t end = character_end(folded, at);
        // Offsets in the source serve snippets only, which detail=none has not.
        const int code =
            token(context, 0, folded.data() + previous, static_cast<int>(end - previous), 0, size);
        if (code != SQLITE_OK) {
            return code;
        }
        previous = at;
        at = end;
    }
    return SQLITE_OK;
}

std::string match_expression(const std::vector<std::string>& bigrams) {
    std::string expression;
    for (const std::string& bigram : bigrams) {
        expression += expression.empty() ? "\"" : " AND \"";
        for (const char c : bigram) {
            expression.append(c == '"' ? 2 : 1, c);
        }
        expression += '"';
    }
    return expression;
}

constexpr std::int64_t min_rows_to_sample = 20'000;
constexpr std::int64_t probes = 256;

}  // namespace

Result<void> register_bigram_tokenizer(sqlite3* db) {
    sqlite3_stmt* statement = nullptr;
    fts5_api* api = nullptr;
    int code = sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &statement, nullptr);
    if (code == SQLITE_OK) {
        sqlite3_bind_pointer(statement, 1, &api, "fts5_api_ptr", nullptr);
        sqlite3_step(statement);
        sqlite3_finalize(statement);
    }
    if (code == SQLITE_OK && api != nullptr) {
        fts5_tokenizer tokenizer{tokenizer_create, tokenizer_delete, tokenize};
        code = api->xCreateTokenizer(api, "mingxin_bigram", nullptr, &tokenizer, nullptr);
    }
    if (code != SQLITE_OK || api == nullptr) {
        return fail(sqlite_error(code, db));
    }
    return {};
}

Result<std::shared_ptr<const BigramFrequency>> SqliteConnection::frequency(const Table& table) {
    // Keys count up, so that the last one tells the size and whether an earlier sample is still good.
    const std::string last = std::string("SELECT max(") + integer_key(table) + ") FROM " + table.name;
    const std::int64_t rows_estimate = TRY(integer_of(last.c_str()));
    if (rows_estimate < min_rows_to_sample) {
        return std::make_shared<const BigramFrequency>(rows_estimate);
    }
    const std::lock_guard lock(shared_.mutex);
    auto& known = shared_.frequencies[table.name];
    if (!known || rows_estimate / 2 > known->rows_estimate()) {
        known = TRY(sample(table, rows_estimate));
    }
    return known;
}

Result<std::shared_ptr<const BigramFrequency>> SqliteConnection::sample(const Table& table,
                                                                        std::int64_t rows_estimate) {
    auto made = std::make_shared<BigramFrequency>(rows_estimate);
    const std::string key = integer_key(table);
    const std::string text = std::string("SELECT ") + table.search_column + " FROM " + table.name +
                             " WHERE " + key + " >= $1 ORDER BY " + key + " LIMIT 16";
    for (std::int64_t probe = 0; probe < probes; ++probe) {
        const Value from[] = {rows_estimate / probes * probe};
        Cursor rows(TRY(query(text.c_str(), from)));
        while (TRY(rows.next())) {
            made->add_row(fold_search_text(rows.text(0)));
        }
    }
    return std::shared_ptr<const BigramFrequency>(std::move(made));
}

Result<std::vector<std::int64_t>> SqliteConnection::search(const Table& table,
                                                           const std::vector<std::string>& folded,
                                                           int limit) {
    const std::string fts = search_index_name(table);
    const std::string key = integer_key(table);
    const std::string text = "SELECT t." + key + ", t." + table.search_column + " FROM " + fts +
                             " CROSS JOIN " + table.name + " AS t ON t." + key + " = " + fts +
                             ".rowid WHERE " + fts + " MATCH $1 ORDER BY " + fts + ".rowid";
    const auto known = TRY(frequency(table));
    const std::string expression = match_expression(known->choose(bigrams_of_all(folded)));
    const Value values[] = {expression};
    Cursor rows(TRY(query(text.c_str(), values)));
    std::vector<std::int64_t> keys;
    std::string name;
    while (keys.size() < static_cast<std::size_t>(limit) && TRY(rows.next())) {
        fold_search_text(rows.text(1), name);
        if (std::all_of(folded.begin(), folded.end(),
                        [&](const std::string& one) { return name.find(one) != std::string::npos; })) {
            keys.push_back(rows.integer(0));
        }
    }
    return keys;
}

}  // namespace mingxin::store
