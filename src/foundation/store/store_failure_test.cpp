// What happens when something breaks: killed processes, lost servers, damaged or foreign files, full disks.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <thread>

#include "base/file.h"
#include "store/store.h"
#include "store/test_engines.h"

using namespace mingxin;
using namespace mingxin::store;

namespace {

namespace fs = std::filesystem;

const Table subject{"subject",
                    {{"id", ColumnType::integer}, {"name", ColumnType::text}},
                    "id",
                    {{"subject_name", "name"}},
                    "name"};
const Table shadow{"shadow", {{"id", ColumnType::integer}, {"payload", ColumnType::blob}}, "id", {}};
const Table* const tables[] = {&subject, &shadow};

const Sql count_subjects{"count_subjects", "SELECT count(*) FROM subject"};
const Sql last_subject{"last_subject", "SELECT max(id) FROM subject"};
const Sql unpaired{
    "unpaired",
    "SELECT (SELECT count(*) FROM subject AS a WHERE NOT EXISTS (SELECT 1 FROM shadow AS b WHERE b.id "
    "= a.id)) + (SELECT count(*) FROM shadow AS b WHERE NOT EXISTS (SELECT 1 FROM subject AS a WHERE "
    "a.id = b.id))"};

template <class T>
T must(Result<T> result) {
    REQUIRE_MESSAGE(result.ok(), result.error().log_text);
    return std::move(*result);
}
void must(Result<void> result) {
    REQUIRE_MESSAGE(result.ok(), result.error().log_text);
}

template <class T>
Fault fault(const Result<T>& result) {
    REQUIRE_FALSE(result.ok());
    return result.error().fault;
}

std::int64_t number_now(Database& database, const Sql& sql) {
    ReadTx tx = must(database.read());
    Cursor rows = must(tx.query(sql));
    REQUIRE(must(rows.next()));
    return rows.integer(0);
}

Result<void> insert_pair(Tx& tx, std::int64_t id) {
    TRY(tx.insert(subject, {id, "鲁山县第" + std::to_string(id) + "商店"}));
    return tx.insert(shadow, {id, Bytes(2000, static_cast<std::uint8_t>(id))});
}

/// Writes pairs for ever, several to a transaction, and reports the last committed id through the pipe.
[[noreturn]] void write_until_killed(const std::string& url, std::int64_t first, int report) {
    auto database = Database::open(url);
    for (std::int64_t id = first; database.ok(); id += 20) {
        auto tx = (*database)->write();
        bool done = tx.ok();
        for (std::int64_t i = id; done && i < id + 20; ++i) {
            done = insert_pair(*tx, i).ok();
        }
        const std::int64_t last = id + 19;
        if (!done || !tx->commit().ok() || ::write(report, &last, sizeof last) != sizeof last) {
            break;
        }
    }
    ::_exit(1);
}

/// The last id that the child said was committed before it was killed.
std::int64_t run_and_kill(const std::string& url, std::int64_t first, int after_ms) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(ends[0]);
        write_until_killed(url, first, ends[1]);
    }
    ::close(ends[1]);
    std::int64_t last = first - 1;
    REQUIRE(::read(ends[0], &last, sizeof last) == sizeof last);  // it is under way
    std::this_thread::sleep_for(std::chrono::milliseconds(after_ms));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK(WIFSIGNALED(status));
    std::int64_t next = 0;
    while (::read(ends[0], &next, sizeof next) == sizeof next) {
        last = next;
    }
    ::close(ends[0]);
    return last;
}

void flip_bytes(const fs::path& file, std::uintmax_t from, std::uintmax_t to) {
    std::string content = must(read_file(file));
    for (auto at = from; at < to && at < content.size(); ++at) {
        content[at] = static_cast<char>(~content[at]);
    }
    must(write_file(file, content));
}

void fill(const std::string& url, int rows) {
    auto database = must(Database::open(url));
    must(database->create(tables));
    Tx tx = must(database->write());
    for (int id = 1; id <= rows; ++id) {
        must(insert_pair(tx, id));
    }
    must(tx.commit());
}

}  // namespace

TEST_CASE("kill -9 in the middle of transactions: what was committed is there, the rest is not") {
    for_each_engine_url([](const std::string& url, const std::string&) {
        fill(url, 1);
        std::int64_t first = 2;
        for (int round = 0; round < 8; ++round) {
            const std::int64_t acknowledged = run_and_kill(url, first, 3 + 17 * round % 40);
            auto database = must(Database::open(url));
            must(database->write());  // waits until the server, too, has done with the killed process
            const std::int64_t last = number_now(*database, last_subject);
            CHECK(last >= acknowledged);
            CHECK(last <= acknowledged + 20);  // one commit may have lacked only the report
            CHECK((last - 1) % 20 == 0);
            CHECK(number_now(*database, count_subjects) == last);
            CHECK(number_now(*database, unpaired) == 0);
            CHECK(must(database->check_integrity(tables)).empty());
            first = last + 1;
        }
    });
}

TEST_CASE("PostgreSQL: a lost connection fails its transaction and is replaced") {
    for_each_engine_url([](const std::string& url, const std::string& name) {
        if (name != "postgresql") {
            return;
        }
        fill(url, 3);
        auto database = must(Database::open(url));
        auto other = must(Database::open(url));
        const Sql own_id{"own_id", "SELECT pg_backend_pid()"};
        const auto end_connection = [&](std::int64_t id) {
            ReadTx tx = must(other->read());
            Cursor rows = must(tx.query({"end", "SELECT pg_terminate_backend(CAST($1 AS int))"}, {id}));
            REQUIRE(must(rows.next()));
            REQUIRE(rows.integer(0) == 1);
        };
        {
            Tx tx = must(database->write());
            must(insert_pair(tx, 100));
            Cursor rows = must(tx.query(own_id));
            REQUIRE(must(rows.next()));
            end_connection(rows.integer(0));
            CHECK(fault(insert_pair(tx, 101)) == Fault::store_unavailable);
            CHECK(fault(tx.commit()) == Fault::store_aborted);
        }
        CHECK(number_now(*database, count_subjects) == 3);
        std::int64_t idle = 0;
        {
            ReadTx tx = must(database->read());
            Cursor rows = must(tx.query(own_id));
            REQUIRE(must(rows.next()));
            idle = rows.integer(0);
        }
        end_connection(idle);
        CHECK(number_now(*database, count_subjects) == 3);  // the idle one was dead: a new one
        Tx tx = must(database->write());
        must(insert_pair(tx, 100));
        must(tx.commit());
        CHECK(number_now(*database, count_subjects) == 4);
    });
}

TEST_CASE("PostgreSQL: no server, wrong address") {
    CHECK(fault(Database::open("postgresql://127.0.0.1:1/none?connect_timeout=2")) ==
          Fault::store_unavailable);
    CHECK(fault(Database::open("postgresql://x@/none?host=/no/such/folder")) == Fault::store_unavailable);
    CHECK(fault(Database::open("postgresql://?nonsense=1")) == Fault::store_unavailable);
}

TEST_CASE("SQLite: after a clean end there is one file") {
    const TemporaryFolder folder;
    fill((folder.path() / "mingxin.db").string(), 50);
    CHECK(std::distance(fs::directory_iterator(folder.path()), {}) == 1);
    {
        auto database = must(Database::open((folder.path() / "mingxin.db").string()));
        CHECK(number_now(*database, count_subjects) == 50);  // reading alone leaves nothing either
    }
    CHECK(std::distance(fs::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("SQLite: what is no database of ours is refused") {
    const TemporaryFolder folder;
    const fs::path file = folder.path() / "file.db";
    CHECK(fault(Database::open((folder.path() / "no" / "such.db").string())) == Fault::store_unavailable);
    CHECK(fault(Database::open(folder.path().string())) == Fault::store_unavailable);
    must(write_file(file, "short"));
    CHECK(fault(Database::open(file.string())) == Fault::store_corrupt);
    must(write_file(file, std::string(8192, 'x')));
    CHECK(fault(Database::open(file.string())) == Fault::store_corrupt);
    must(write_file(file, std::string("SQLite format 3\0", 16) + std::string(8192, '\0')));
    CHECK(fault(Database::open(file.string())) == Fault::store_corrupt);
    CHECK(must(read_file(file)).size() == 8208);  // and left as it is
}

TEST_CASE("SQLite: damage is refused or reported, never a crash") {
    const TemporaryFolder folder;
    const fs::path whole = folder.path() / "whole.db";
    fill(whole.string(), 400);
    const auto size = fs::file_size(whole);
    const fs::path damaged = folder.path() / "damaged.db";
    int noticed = 0;
    for (std::uintmax_t page = 0; page < size / 4096; page += 5) {
        fs::copy_file(whole, damaged, fs::copy_options::overwrite_existing);
        // The first page keeps its header, so that it is still taken for a database.
        flip_bytes(damaged, page * 4096 + (page == 0 ? 100 : 0), page * 4096 + 600);
        auto database = Database::open(damaged.string());
        if (!database.ok()) {
            CHECK(fault(database) == Fault::store_corrupt);
            ++noticed;
            continue;
        }
        const auto wrong = (*database)->check_integrity(tables);
        noticed += !wrong.ok() || !wrong->empty() ? 1 : 0;
        auto tx = (*database)->read();
        if (tx.ok()) {
            (void)tx->search(subject, "商店", 1000);
        }
    }
    CHECK(noticed >= 10);
    fs::resize_file(damaged, size / 2);
    auto half = Database::open(damaged.string());
    CHECK((!half.ok() || !(*half)->check_integrity(tables).ok() ||
           !must((*half)->check_integrity(tables)).empty()));
}

TEST_CASE("SQLite: a -wal that belongs to another file is refused") {
    const TemporaryFolder folder;
    const fs::path file = folder.path() / "mingxin.db";
    const fs::path backup = folder.path() / "backup.db";
    const fs::path saved = folder.path() / "saved-wal";
    fill(file.string(), 100);
    {
        auto database = must(Database::open(file.string()));
        must(database->backup(tables, backup));
        Tx tx = must(database->write());
        must(insert_pair(tx, 1000));
        must(tx.commit());
        fs::copy_file(file.string() + "-wal", saved);  // as a crash would leave it
    }
    fs::copy_file(saved, file.string() + "-wal");
    {
        auto database = must(Database::open(file.string()));  // its own: taken in
        CHECK(number_now(*database, count_subjects) == 101);
    }
    fs::copy_file(backup, file, fs::copy_options::overwrite_existing);
    fs::copy_file(saved, file.string() + "-wal");
    auto refused = Database::open(file.string());
    CHECK(fault(refused) == Fault::store_corrupt);
    CHECK(refused.error().detail_zh.find("-wal") != std::string::npos);
    fs::remove(file.string() + "-wal");
    auto database = must(Database::open(file.string()));
    CHECK(number_now(*database, count_subjects) == 100);
}

TEST_CASE("SQLite: a full disk fails the transaction and leaves the database as it was") {
    const TemporaryFolder folder;
    const std::string file = (folder.path() / "mingxin.db").string();
    fill(file, 10);
    auto database = must(Database::open(file));
    {
        Tx tx = must(database->write());
        must(tx.query({"limit", "PRAGMA max_page_count=200"}).value().next());
        Result<void> written;
        for (int id = 100; written.ok() && id < 10'000; ++id) {
            written = insert_pair(tx, id);
        }
        CHECK(fault(written) == Fault::store_full);
        CHECK(fault(tx.commit()) == Fault::store_aborted);
    }
    CHECK(number_now(*database, count_subjects) == 10);
    CHECK(must(database->check_integrity(tables)).empty());
}

TEST_CASE("check_integrity sees a search index that disagrees with the rows") {
    for_each_engine([](Database& database, const std::string& name) {
        must(database.create(tables));
        Tx tx = must(database.write());
        for (int id = 1; id <= 30; ++id) {
            must(insert_pair(tx, id));
        }
        must(tx.commit());
        CHECK(must(database.check_integrity(tables)).empty());
        Tx tamper = must(database.write());
        if (name == "sqlite") {
            must(tamper.execute({"drop", "DROP TRIGGER subject_search_update"}));
            must(tamper.execute({"rename", "UPDATE subject SET name = '丙丁' WHERE id = 7"}));
        } else {
            must(tamper.execute({"empty", "UPDATE subject SET name_bigrams = '{}' WHERE id = 7"}));
        }
        must(tamper.commit());
        const auto wrong = must(database.check_integrity(tables));
        REQUIRE(!wrong.empty());
        CHECK(std::any_of(wrong.begin(), wrong.end(),
                          [](const Flaw& flaw) { return flaw.place.starts_with("search index subject"); }));
    });
}
