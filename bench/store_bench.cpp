// links: store
// The store against bare SQLite in the same run: bulk load, point query, search. Prints the bound beside the
// figure. Usage: store_bench [names.txt.gz]; one name a line; without the file, invented names.
#include <sqlite3.h>
#include <zlib.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <random>
#include <thread>

#include "base/check.h"
#include "base/file.h"
#include "base/text.h"
#include "store/search_text.h"
#include "store/store.h"

using namespace mingxin;
using namespace mingxin::store;

namespace {

const Table plain{"plain",
                  {{"id", ColumnType::integer},
                   {"code", ColumnType::text},
                   {"name", ColumnType::text},
                   {"address", ColumnType::text},
                   {"scope", ColumnType::text},
                   {"digest", ColumnType::blob},
                   {"state", ColumnType::integer}},
                  "id",
                  {{"plain_code", "code", true}, {"plain_name", "name"}, {"plain_state", "state, id"}}};
const Table searchable{
    "searchable", {{"id", ColumnType::integer}, {"name", ColumnType::text}}, "id", {}, "name"};
const Table* const tables[] = {&plain, &searchable};
const Sql by_code{"by_code", "SELECT id, name, state FROM plain WHERE code = $1"};

double now_s() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Of this thread: what other programs do on the machine does not count.
double cpu_s() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

struct Seconds {
    double wall = now_s();
    double cpu = cpu_s();
    Seconds passed() const { return {now_s() - wall, cpu_s() - cpu}; }
};

template <class T>
T must(Result<T> result) {
    if (!result.ok()) {
        std::fprintf(stderr, "%s\n%s\n", result.error().message_zh().c_str(),
                     result.error().log_text.c_str());
        std::exit(1);
    }
    return std::move(*result);
}
void must(Result<void> result) {
    if (!result.ok()) {
        std::fprintf(stderr, "%s\n", result.error().log_text.c_str());
        std::exit(1);
    }
}

long anonymous_mb() {
    std::ifstream status("/proc/self/status");
    std::string word;
    while (status >> word) {
        if (word == "RssAnon:") {
            long kb = 0;
            status >> kb;
            return kb / 1024;
        }
    }
    return -1;
}

std::vector<std::string> read_names(const char* path) {
    std::vector<std::string> names;
    if (gzFile file = gzopen(path, "rb")) {
        char line[4096];
        while (gzgets(file, line, sizeof line) != nullptr) {
            names.emplace_back(trim(line));
        }
        gzclose(file);
    }
    for (int i = 0; names.size() < 500'000; ++i) {
        names.push_back("鲁山县" + std::to_string(i * 7919LL % 500'009) + "商贸有限公司");
    }
    return names;
}

struct Row {
    std::string code, name, address, scope;
    Digest digest{};
};

Row row_of(const std::vector<std::string>& names, std::size_t i) {
    Row row;
    char code[32];
    std::snprintf(code, sizeof code, "91%016llX", static_cast<unsigned long long>(i * 0x9E3779B97F4A7C15ull));
    row.code = code;
    row.name = names[i % names.size()];
    row.address = names[(i * 31) % names.size()] + "二楼东侧";
    row.scope =
        names[(i * 17) % names.size()] + "；" + names[(i * 13) % names.size()] + "；批发零售、技术服务";
    row.digest.fill(static_cast<std::uint8_t>(i));
    return row;
}

void exec(sqlite3* db, const char* sql) {
    if (sqlite3_exec(db, sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
        std::fprintf(stderr, "%s\n", sqlite3_errmsg(db));
        std::exit(1);
    }
}

sqlite3* open_bare(const std::string& path) {
    sqlite3* db = nullptr;
    sqlite3_open(path.c_str(), &db);
    exec(db,
         "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000; PRAGMA "
         "mmap_size=2147418112");
    return db;
}

Seconds bare_load(const std::string& path, const std::vector<std::string>& names, std::size_t rows) {
    sqlite3* db = open_bare(path);
    exec(db,
         "CREATE TABLE plain (id INTEGER PRIMARY KEY, code TEXT NOT NULL, name TEXT NOT NULL, address TEXT "
         "NOT NULL,"
         " scope TEXT NOT NULL, digest BLOB NOT NULL, state INTEGER NOT NULL) STRICT");
    sqlite3_stmt* insert = nullptr;
    sqlite3_prepare_v3(db, "INSERT INTO plain VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", -1, 0, &insert, nullptr);
    const Seconds start;
    exec(db, "BEGIN IMMEDIATE");
    for (std::size_t i = 0; i < rows; ++i) {
        const Row row = row_of(names, i);
        sqlite3_bind_int64(insert, 1, static_cast<std::int64_t>(i));
        const std::string* texts[] = {&row.code, &row.name, &row.address, &row.scope};
        for (int t = 0; t < 4; ++t) {
            sqlite3_bind_text(insert, 2 + t, texts[t]->data(), static_cast<int>(texts[t]->size()),
                              SQLITE_STATIC);
        }
        sqlite3_bind_blob(insert, 6, row.digest.data(), 32, SQLITE_STATIC);
        sqlite3_bind_int64(insert, 7, static_cast<std::int64_t>(i % 9));
        CHECK(sqlite3_step(insert) == SQLITE_DONE);
        sqlite3_reset(insert);
    }
    exec(db,
         "CREATE UNIQUE INDEX plain_code ON plain(code); CREATE INDEX plain_name ON plain(name);"
         "CREATE INDEX plain_state ON plain(state, id); COMMIT");
    const Seconds seconds = start.passed();
    sqlite3_finalize(insert);
    sqlite3_close(db);
    return seconds;
}

Seconds store_load(Database& database, const std::vector<std::string>& names, std::size_t rows) {
    const Seconds start;
    Tx tx = must(database.write());
    BulkLoader loader = must(tx.bulk(plain, static_cast<std::int64_t>(rows)));
    for (std::size_t i = 0; i < rows; ++i) {
        const Row row = row_of(names, i);
        const Value values[] = {
            static_cast<std::int64_t>(i),    row.code, row.name, row.address, row.scope, row.digest,
            static_cast<std::int64_t>(i % 9)};
        must(loader.add(values));
    }
    must(loader.finish());
    must(tx.commit());
    return start.passed();
}

Seconds bare_points(const std::string& path, const std::vector<std::string>& codes) {
    sqlite3* db = open_bare(path);
    sqlite3_stmt* statements[3] = {};
    const char* const texts[] = {"BEGIN", by_code.text, "COMMIT"};
    for (int i = 0; i < 3; ++i) {
        sqlite3_prepare_v3(db, texts[i], -1, 0, &statements[i], nullptr);
    }
    const Seconds start;
    for (const std::string& code : codes) {
        sqlite3_step(statements[0]);
        sqlite3_reset(statements[0]);
        sqlite3_bind_text(statements[1], 1, code.data(), static_cast<int>(code.size()), SQLITE_STATIC);
        CHECK(sqlite3_step(statements[1]) == SQLITE_ROW);
        CHECK(sqlite3_column_bytes(statements[1], 1) > 0);
        sqlite3_reset(statements[1]);
        sqlite3_step(statements[2]);
        sqlite3_reset(statements[2]);
    }
    const Seconds seconds = start.passed();
    for (sqlite3_stmt* statement : statements) {
        sqlite3_finalize(statement);
    }
    sqlite3_close(db);
    return seconds;
}

Seconds store_points(Database& database, const std::vector<std::string>& codes) {
    const Seconds start;
    for (const std::string& code : codes) {
        ReadTx tx = must(database.read());
        Cursor rows = must(tx.query(by_code, {code}));
        CHECK(must(rows.next()));
        CHECK(!rows.text(1).empty());
    }
    return start.passed();
}

void load_searchable(Database& database, const std::vector<std::string>& names, std::size_t rows) {
    const Seconds start;
    Tx tx = must(database.write());
    BulkLoader loader = must(tx.bulk(searchable, static_cast<std::int64_t>(rows)));
    for (std::size_t i = 0; i < rows; ++i) {
        const std::string name =
            i < names.size() ? names[i]
                             : names[i % names.size()] + "第" + std::to_string(i / names.size()) + "分公司";
        const Value values[] = {static_cast<std::int64_t>(i), name};
        must(loader.add(values));
    }
    must(loader.finish());
    must(tx.commit());
    const Seconds seconds = start.passed();
    std::printf("searchable load   %8zu names  %7.0f rows/s  RssAnon %ld MB\n", rows, rows / seconds.wall,
                anonymous_mb());
}

void time_searches(Database& database, const char* what, const std::vector<std::string>& texts) {
    std::vector<double> ms;
    std::vector<double> wall_ms;
    std::size_t found = 0;
    std::string slowest;
    double worst = 0;
    for (const std::string& text : texts) {
        const Seconds start;
        ReadTx tx = must(database.read());
        found += must(tx.search(searchable, text, 20)).size();
        const Seconds seconds = start.passed();
        wall_ms.push_back(seconds.wall * 1000);
        ms.push_back(seconds.cpu * 1000);
        if (ms.back() > worst) {
            worst = ms.back();
            slowest = text;
        }
    }
    std::sort(ms.begin(), ms.end());
    std::sort(wall_ms.begin(), wall_ms.end());
    std::printf(
        "search %-18s p50 %6.3f  p99 %6.3f  max %6.3f ms cpu (bound p99 2), p99 %7.3f wall  %4.1f found  "
        "%s\n",
        what, ms[ms.size() / 2], ms[ms.size() * 99 / 100], ms.back(), wall_ms[ms.size() * 99 / 100],
        double(found) / texts.size(), slowest.c_str());
}

std::vector<std::string> substrings(const std::vector<std::string>& names, int length, std::size_t count) {
    std::mt19937_64 random(7);
    std::vector<std::string> texts;
    while (texts.size() < count) {
        const auto characters = to_code_points(fold_search_text(names[random() % names.size()]));
        if (characters.size() < static_cast<std::size_t>(length)) {
            continue;
        }
        const std::size_t at = random() % (characters.size() - static_cast<std::size_t>(length) + 1);
        std::string text;
        for (int i = 0; i < length; ++i) {
            append_utf8(text, characters[at + static_cast<std::size_t>(i)]);
        }
        texts.push_back(text);
    }
    return texts;
}

/// Two pieces of different names together: bigrams that each are there, seldom or never in one name.
std::vector<std::string> combinations(const std::vector<std::string>& names, std::size_t count) {
    auto first = substrings(names, 2, count);
    const auto second = substrings(names, 3, count + 1);
    for (std::size_t i = 0; i < count; ++i) {
        first[i] += second[i + 1];
    }
    return first;
}

void bench_search(Database& database, const std::vector<std::string>& names, std::size_t rows) {
    {
        Tx tx = must(database.write());
        must(tx.execute({"clear", "DELETE FROM searchable"}));
        must(tx.commit());
    }
    load_searchable(database, names, rows);
    for (const int length : {2, 3, 4, 6}) {
        const std::string what = "of " + std::to_string(length) + " characters";
        time_searches(database, what.c_str(), substrings(names, length, 2000));
    }
    time_searches(database, "whole names", substrings(names, 9, 2000));
    time_searches(database, "combinations", combinations(names, 2000));
    time_searches(
        database, "very common",
        std::vector<std::string>{"有限公司", "公司", "有限", "分公司", "限公", "责任公司", "股份有限公司",
                                 "司有限", "公司有限公司", "限公有司", "司公限有", "限司有公", "有公限司"});
}

}  // namespace

int main(int argc, char** argv) {
    const auto names = read_names(argc > 1 ? argv[1] : "../shared/data/org-names/names_500k.txt.gz");
    const std::size_t rows = argc > 2 ? std::stoul(argv[2]) : 500'000;
    const TemporaryFolder folder;
    const std::string bare_path = (folder.path() / "bare.db").string();
    const long before_mb = anonymous_mb();
    auto database = must(Database::open((folder.path() / "store.db").string()));
    must(database->create(tables));

    const Seconds load = store_load(*database, names, rows);
    const long after_mb = anonymous_mb();
    const Seconds bare = bare_load(bare_path, names, rows);
    std::printf(
        "bulk load %zu rows: %.0f rows/s, bare SQLite %.0f: ratio %.2f, by cpu %.2f; RssAnon +%ld MB\n", rows,
        rows / load.wall, rows / bare.wall, bare.wall / load.wall, bare.cpu / load.cpu, after_mb - before_mb);

    std::mt19937_64 random(5);
    std::vector<std::string> codes;
    for (int i = 0; i < 200'000; ++i) {
        codes.push_back(row_of(names, random() % rows).code);
    }
    bare_points(bare_path, codes);
    const Seconds bare_points_took = bare_points(bare_path, codes);
    store_points(*database, codes);
    const Seconds points_took = store_points(*database, codes);
    std::printf("point query %.2f us cpu (%.2f wall), bare SQLite %.2f us: ratio %.2f\n",
                points_took.cpu / codes.size() * 1e6, points_took.wall / codes.size() * 1e6,
                bare_points_took.cpu / codes.size() * 1e6, bare_points_took.cpu / points_took.cpu);

    const double start = now_s();
    std::thread other([&] { store_points(*database, codes); });
    store_points(*database, codes);
    other.join();
    std::printf("point query by two threads: %.2f us wall each\n", (now_s() - start) / codes.size() * 1e6);

    bench_search(*database, names, rows);
    bench_search(*database, names, 2 * rows);
    return 0;
}
