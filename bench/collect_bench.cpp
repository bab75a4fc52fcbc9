// links: bench_support
// Whole files through collect, end to end: read, checked, matched, journalled with its Merkle tree, stored,
// committed. Beside it, in the same run, what the bare engine needs for rows that already lie in memory.
// PostgreSQL is the server that MINGXIN_BENCH_POSTGRESQL names (bench/run starts one); its database
// mingxin_bench is made anew. Usage: collect_bench [registration|penalty|workbook|postgresql] [--rows=N]
// [--runs=N]; without a name, all.
#include <libpq-fe.h>
#include <sqlite3.h>

#include "base/check.h"
#include "base/file.h"
#include "collect/table_reader.h"
#include "demo/rows.h"
#include "store/sqlite_connection.h"
#include "subject/name.h"
#include "subject/name_hash.h"
#include "support.h"
#include "workbook/xlsx_writer.h"

using namespace mingxin;
using namespace mingxin::bench;

namespace fs = std::filesystem;

namespace {

constexpr int kTexts = 10;  // columns of a registration row
constexpr int kNameColumn = demo::RegistrationColumn::name, kCodeColumn = demo::RegistrationColumn::code;

/// A row as a program would hold it that has read and checked the file.
struct ParsedRow {
    std::string_view texts[kTexts];
    std::int64_t name_hash = 0, key = 0;
};

struct ParsedRows {
    std::vector<std::unique_ptr<collect::RowChunk>> chunks;  // hold the texts
    std::vector<ParsedRow> rows;
};

ParsedRows parse(const fs::path& file) {
    ParsedRows parsed;
    auto reader = must(collect::open_table(file, {}));
    CHECK(reader->header().size() == kTexts);
    for (;;) {
        auto chunk = std::make_unique<collect::RowChunk>();
        must(reader->read(*chunk, 4096));
        if (chunk->size() == 0) break;
        for (std::size_t i = 0; i < chunk->size(); ++i) {
            ParsedRow& row = parsed.rows.emplace_back();
            const auto cells = chunk->cells(i);
            for (std::size_t c = 0; c < cells.size(); ++c) row.texts[c] = cells[c].text;
            row.name_hash = subject::name_hash(subject::normalise_name(row.texts[kNameColumn]));
            row.key = subject::name_hash(row.texts[kCodeColumn]);
        }
        parsed.chunks.push_back(std::move(chunk));
    }
    return parsed;
}

void exec(sqlite3* db, const char* sql) {
    if (sqlite3_exec(db, sql, nullptr, nullptr, nullptr) == SQLITE_OK) return;
    std::fprintf(stderr, "%s\n", sqlite3_errmsg(db));
    std::exit(1);
}

void bare_insert(sqlite3* db, const std::vector<ParsedRow>& rows) {
    sqlite3_stmt* insert = nullptr;
    CHECK(sqlite3_prepare_v3(db, "insert into bare values (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", -1, 0, &insert,
                             nullptr) == SQLITE_OK);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        sqlite3_bind_int64(insert, 1, static_cast<std::int64_t>(i + 1));
        sqlite3_bind_int64(insert, 2, 410423);
        sqlite3_bind_int64(insert, 3, 1);
        sqlite3_bind_int64(insert, 4, rows[i].key);
        sqlite3_bind_int64(insert, 5, rows[i].name_hash);
        for (int c = 0; c < kTexts; ++c) {
            const std::string_view text = rows[i].texts[c];
            sqlite3_bind_text(insert, 6 + c, text.empty() ? "" : text.data(), static_cast<int>(text.size()),
                              SQLITE_STATIC);
        }
        CHECK(sqlite3_step(insert) == SQLITE_DONE);
        sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
}

/// One transaction, as durable as ours, indexes made after the load.
Seconds bare_sqlite(const fs::path& file, const std::vector<ParsedRow>& rows, bool with_search) {
    sqlite3* db = nullptr;
    CHECK(sqlite3_open(file.c_str(), &db) == SQLITE_OK);
    must(store::register_bigram_tokenizer(db));
    exec(db,
         "pragma journal_mode=wal; pragma synchronous=full; pragma cache_size=-16000; pragma "
         "mmap_size=2147418112; create table bare (id integer primary key, tenant integer, item integer, key "
         "integer, name_hash integer, name text, code text, c3 text, c4 text, c5 text, c6 text, c7 text, c8 "
         "text, c9 text, c10 text) strict");
    const Seconds begin = Seconds::now();
    exec(db, "begin immediate");
    bare_insert(db, rows);
    exec(db,
         "create unique index bare_code on bare(tenant, code); create index bare_name on bare(tenant, "
         "name_hash); create index bare_organisation on bare(tenant, substr(code, 9, 9), code); create index "
         "bare_subject on bare(tenant, code, id); create index bare_key on bare(tenant, item, key); "
         "create index bare_base on bare(tenant, c3, id); create index bare_state on bare(tenant, c9, id); "
         "create index bare_item on bare(tenant, item, id)");
    if (with_search) {
        exec(db,
             "create virtual table bare_search using fts5(name, content='bare', content_rowid='id', "
             "tokenize='mingxin_bigram', detail='none', columnsize=0); insert into bare_search(bare_search) "
             "values ('rebuild')");
    }
    exec(db, "commit");
    const Seconds seconds = begin.passed();
    sqlite3_close(db);
    return seconds;
}

void print_bound(const char* what, std::int64_t rows, const Seconds& ours, const Seconds& bound) {
    std::printf(
        "  %-32s %8.0f rows/s, %.2f s cpu; ours is %.2f of it by clock, %.2f by cpu of the storing thread, "
        "%.2f by cpu of all threads\n",
        what, static_cast<double>(rows) / bound.wall, bound.cpu, bound.wall / ours.wall,
        bound.thread / ours.thread, bound.cpu / ours.cpu);
}

demo::File clean_rows(const fs::path& folder, const char* item, std::int64_t rows, std::int64_t subjects) {
    return must(
        demo::write_clean_rows(county(), item, rows, subjects, folder / (std::string(item) + ".csv")));
}

Seconds collect_into_new(const fs::path& data, const std::string& engine, const demo::File& file) {
    const auto platform = new_platform(data, engine);
    return collect_file(*platform, file);
}

/// Ours and the bound by turns, so that both meet the same weather.
void bench_registration(std::int64_t rows, std::int64_t runs) {
    const TemporaryFolder folder;
    const demo::File file = clean_rows(folder.path(), "registration", rows, rows);
    std::vector<ChildRun> ours, plain, searchable;
    for (std::int64_t i = 0; i < runs; ++i) {
        ours.push_back(in_child([&] { return collect_into_new(folder.path() / "ours", "sqlite", file); }));
        fs::remove_all(folder.path() / "ours");
        for (bool with_search : {false, true}) {
            const fs::path bare = folder.path() / "bare";
            fs::create_directories(bare);
            (with_search ? searchable : plain).push_back(in_child([&] {
                return bare_sqlite(bare / "bare.db", parse(file.path).rows, with_search);
            }));
            fs::remove_all(bare);
        }
    }
    const ChildRun& best = fastest(ours);
    std::printf(
        "collect %lld registration rows (CSV, %.0f MB) into SQLite: %.2f s, %.0f rows/s, %.1f s cpu, RssAnon "
        "%.0f MB\n",
        static_cast<long long>(rows), static_cast<double>(fs::file_size(file.path)) / 1e6, best.seconds.wall,
        static_cast<double>(rows) / best.seconds.wall, best.seconds.cpu, best.peak_anon_mb);
    print_bound("bare SQLite, same search index", rows, best.seconds, fastest(searchable).seconds);
    print_bound("bare SQLite, no search index", rows, best.seconds, fastest(plain).seconds);
}

void bench_penalty(std::int64_t rows, std::int64_t runs) {
    const TemporaryFolder folder;
    const std::int64_t subjects = 100'000;
    const demo::File known = clean_rows(folder.path(), "registration", subjects, subjects);
    const demo::File file = clean_rows(folder.path(), "penalty", rows, subjects);
    std::vector<ChildRun> ours;
    for (std::int64_t i = 0; i < runs; ++i) {
        ours.push_back(in_child([&] {
            const auto platform = new_platform(folder.path() / "ours", "sqlite");
            collect_file(*platform, known);
            return collect_file(*platform, file);
        }));
        fs::remove_all(folder.path() / "ours");
    }
    const ChildRun& best = fastest(ours);
    std::printf("collect %lld penalty rows (CSV, %.0f MB) about %lld subjects: %.2f s, %.2f s cpu\n",
                static_cast<long long>(rows), static_cast<double>(fs::file_size(file.path)) / 1e6,
                static_cast<long long>(subjects), best.seconds.wall, best.seconds.cpu);
}

/// The rows of a CSV file as a workbook with further columns up to `columns`.
void write_workbook(const fs::path& csv, const fs::path& workbook, std::size_t columns) {
    auto reader = must(collect::open_table(csv, {}));
    auto writer = must(workbook::XlsxWriter::create(workbook));
    must(writer.begin_sheet({"Sheet1", {}, 1, 0}));
    std::vector<std::string> filler;
    for (std::size_t c = reader->header().size(); c < columns; ++c)
        filler.push_back("内部栏" + std::to_string(c));
    std::vector<workbook::OutCell> row;
    const auto write = [&](auto&& texts) {
        row.clear();
        for (const auto& text : texts) row.push_back({text});
        row.resize(columns - filler.size());
        for (const std::string& text : filler) row.push_back({text});
        must(writer.write_row(row));
    };
    write(reader->header());
    collect::RowChunk chunk;
    for (must(reader->read(chunk, 1000)); chunk.size() > 0; must(reader->read(chunk, 1000))) {
        for (std::size_t i = 0; i < chunk.size(); ++i) {
            std::vector<std::string_view> texts;
            for (const collect::Cell& cell : chunk.cells(i)) texts.push_back(cell.text);
            write(texts);
        }
    }
    must(writer.finish());
}

void bench_workbook(std::int64_t rows) {
    const TemporaryFolder folder;
    constexpr std::size_t columns = 30;
    const demo::File known = clean_rows(folder.path(), "registration", 50'000, 50'000);
    demo::File file = clean_rows(folder.path(), "penalty", rows, 50'000);
    const fs::path workbook = folder.path() / "penalty.xlsx";
    write_workbook(file.path, workbook, columns);
    file.path = workbook;
    // The subjects come in by a process of their own: the memory watched is that of the workbook alone.
    in_child([&] { return collect_into_new(folder.path() / "ours", "sqlite", known); });
    const ChildRun run = in_child([&] {
        const auto platform = must(cli::Platform::open(folder.path() / "ours", must(cli::share_folder({}))));
        return collect_file(*platform, file);
    });
    std::printf(
        "collect %lld rows of %zu columns (XLSX, %.0f MB): %.2f s, peak RssAnon %.0f MB (goal < 64)\n",
        static_cast<long long>(rows), columns, static_cast<double>(fs::file_size(workbook)) / 1e6,
        run.seconds.wall, run.peak_anon_mb);
}

/// A connection to the server; what fails ends the program.
class Server {
  public:
    explicit Server(const std::string& url) : connection_(PQconnectdb(url.c_str())) {
        if (PQstatus(connection_) != CONNECTION_OK) refuse();
    }
    ~Server() { PQfinish(connection_); }
    void run(const char* sql, ExecStatusType wanted = PGRES_COMMAND_OK) {
        PGresult* result = PQexec(connection_, sql);
        if (PQresultStatus(result) != wanted) refuse();
        PQclear(result);
    }
    void send(const std::string& rows) {
        if (PQputCopyData(connection_, rows.data(), static_cast<int>(rows.size())) != 1) refuse();
    }
    void end_copy() {
        if (PQputCopyEnd(connection_, nullptr) != 1) refuse();
        while (PGresult* result = PQgetResult(connection_)) {
            if (PQresultStatus(result) != PGRES_COMMAND_OK) refuse();
            PQclear(result);
        }
    }

  private:
    [[noreturn]] void refuse() {
        std::fprintf(stderr, "%s", PQerrorMessage(connection_));
        std::exit(1);
    }
    PGconn* connection_;
};

/// The row as COPY reads it; the invented rows hold nothing that needs escapes.
void append_copy_row(std::string& out, std::size_t id, const ParsedRow& row) {
    out +=
        std::to_string(id) + "\t410423\t1\t" + std::to_string(row.key) + '\t' + std::to_string(row.name_hash);
    for (const std::string_view text : row.texts) (out += '\t') += text;
    out += '\n';
}

/// COPY in one transaction, indexes made after the load.
Seconds bare_copy(const std::string& url, const std::vector<ParsedRow>& rows, bool with_search) {
    Server server(url);
    server.run(
        "create table bare (id bigint primary key, tenant bigint, item bigint, key bigint, name_hash bigint, "
        "name text collate \"C\", code text collate \"C\", c3 text, c4 text, c5 text, c6 text, c7 text, c8 "
        "text, c9 text)");
    const Seconds begin = Seconds::now();
    server.run("begin");
    server.run("copy bare from stdin", PGRES_COPY_IN);
    std::string buffer;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        append_copy_row(buffer, i + 1, rows[i]);
        if (buffer.size() < 65536) continue;
        server.send(buffer);
        buffer.clear();
    }
    server.send(buffer);
    server.end_copy();
    server.run(
        "create unique index bare_code on bare(tenant, code); create index bare_name on bare(tenant, "
        "name_hash); create index bare_organisation on bare(tenant, substr(code, 9, 9), code); create index "
        "bare_subject on bare(tenant, code, id); create index bare_key on bare(tenant, item, key); "
        "create index bare_base on bare(tenant, c3, id); create index bare_state on bare(tenant, c9, id); "
        "create index bare_item on bare(tenant, item, id)");
    if (with_search) server.run("create index bare_search on bare using gin (mingxin_bigrams(name))");
    server.run("commit");
    return begin.passed();
}

void bench_postgresql(std::int64_t rows, std::int64_t runs) {
    const char* server = std::getenv("MINGXIN_BENCH_POSTGRESQL");
    if (!server) {
        std::printf("PostgreSQL: skipped, MINGXIN_BENCH_POSTGRESQL names no server\n");
        return;
    }
    std::string url = server;
    url.replace(url.find("/postgres"), 9, "/mingxin_bench");
    const TemporaryFolder folder;
    const demo::File file = clean_rows(folder.path(), "registration", rows, rows);
    std::vector<ChildRun> ours, plain, searchable;
    const auto turn = [&](std::vector<ChildRun>& list, const std::function<Seconds()>& work) {
        in_child([&] {
            Server(server).run("drop database if exists mingxin_bench");
            Server(server).run("create database mingxin_bench");
            fs::remove_all(folder.path() / "data");
            new_platform(folder.path() / "data", url);
            return Seconds();
        });
        list.push_back(in_child(work));
    };
    for (std::int64_t i = 0; i < runs; ++i) {
        turn(ours, [&] {
            const auto share = must(cli::share_folder({}));
            return collect_file(*must(cli::Platform::open(folder.path() / "data", share)), file);
        });
        turn(plain, [&] { return bare_copy(url, parse(file.path).rows, false); });
        turn(searchable, [&] { return bare_copy(url, parse(file.path).rows, true); });
    }
    const auto rate = [&](const ChildRun& run) { return static_cast<double>(rows) / run.seconds.wall; };
    const ChildRun &best = fastest(ours), &copy = fastest(plain), &search = fastest(searchable);
    std::printf("collect %lld registration rows into PostgreSQL: %.2f s, %.0f rows/s, RssAnon %.0f MB\n",
                static_cast<long long>(rows), best.seconds.wall, rate(best), best.peak_anon_mb);
    std::printf("  bare COPY, bigrams by the server %8.0f rows/s: ours is %.2f of it by clock\n",
                rate(search), search.seconds.wall / best.seconds.wall);
    std::printf("  bare COPY without search index   %8.0f rows/s: ours is %.2f of it by clock\n", rate(copy),
                copy.seconds.wall / best.seconds.wall);
}

}  // namespace

int main(int argc, char** argv) {
    const std::string what = argc > 1 && argv[1][0] != '-' ? argv[1] : "all";
    const auto size = [&](std::int64_t otherwise) { return size_argument(argc, argv, "rows", otherwise); };
    const std::int64_t runs = size_argument(argc, argv, "runs", 2);
    if (what == "all" || what == "registration") bench_registration(size(1'000'000), runs);
    if (what == "all" || what == "penalty") bench_penalty(size(130'000), runs);
    if (what == "all" || what == "workbook") bench_workbook(size(100'000));
    if (what == "all" || what == "postgresql") bench_postgresql(size(200'000), runs);
    return 0;
}
