// The same scenarios on both engines.
#include "store/store.h"

#include <doctest/doctest.h>

#include <thread>

#include "base/file.h"
#include "base/text.h"
#include "store/fault_injection.h"
#include "store/search_text.h"
#include "store/test_engines.h"

using namespace mingxin;
using namespace mingxin::store;

namespace {

const Table subject{"subject",
                    {{"id", ColumnType::integer},
                     {"code", ColumnType::text},
                     {"name", ColumnType::text},
                     {"digest", ColumnType::blob, true},
                     {"note", ColumnType::text, true},
                     {"count", ColumnType::integer, true}},
                    "id",
                    {{"subject_code", "code", true}, {"subject_count", "count, id"}},
                    "name"};
const Table node{"node",
                 {{"tree", ColumnType::integer}, {"level", ColumnType::integer}, {"hash", ColumnType::blob}},
                 "tree, level",
                 {}};
const Table* const tables[] = {&subject, &node};

const Sql count_subjects{"count_subjects", "SELECT count(*) FROM subject"};
const Sql subject_by_code{"subject_by_code",
                          "SELECT id, name, digest, note, count FROM subject WHERE code = $1"};
const Sql names_in_order{"names_in_order", "SELECT name FROM subject ORDER BY name"};
const Sql set_count{"set_count", "UPDATE subject SET count = coalesce(count, 0) + $2 WHERE id = $1"};
const Sql delete_subject{"delete_subject", "DELETE FROM subject WHERE id = $1"};

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

void insert_subject(Tx& tx, std::int64_t id, std::string_view name) {
    must(tx.insert(subject, {id, "code" + std::to_string(id), name, nullptr, nullptr, id}));
}

std::int64_t number(ReadTx& tx, const Sql& sql) {
    Cursor rows = must(tx.query(sql));
    REQUIRE(must(rows.next()));
    return rows.integer(0);
}

std::int64_t count_now(Database& database) {
    ReadTx tx = must(database.read());
    return number(tx, count_subjects);
}

std::vector<std::int64_t> search_now(Database& database, std::string_view text, int limit = 100) {
    ReadTx tx = must(database.read());
    return must(tx.search(subject, text, limit));
}

std::vector<std::int64_t> search_now_all(Database& database, const std::vector<std::string_view>& texts,
                                         int limit = 100) {
    ReadTx tx = must(database.read());
    return must(tx.search(subject, texts, limit));
}

void load(Tx& tx, std::int64_t first, std::int64_t rows, const std::string& suffix) {
    BulkLoader loader = must(tx.bulk(subject, rows));
    for (std::int64_t id = first; id < first + rows; ++id) {
        const std::string code = "code" + std::to_string(id);
        const std::string name = "鲁山县" + std::to_string(id) + suffix;
        const Value row[] = {id, code, name, nullptr, nullptr, id % 7};
        must(loader.add(row));
    }
    CHECK(must(loader.finish()) == rows);
}

using Ids = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("values come back as they went in") {
    for_each_engine([](Database& database, const std::string&) {
        must(database.create(tables));
        must(database.create(tables));  // again: nothing to do
        const Bytes zero_bytes{0, 1, 0, 255, 0};
        Tx tx = must(database.write());
        const std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
        must(tx.insert(subject, {1, "A", "甲'\"\\\n公司", zero_bytes, "", lowest}));
        must(tx.insert(subject, {2, "B", "乙公司", Bytes{}, nullptr, nullptr}));
        must(tx.commit());

        ReadTx read = must(database.read());
        Cursor rows = must(read.query(subject_by_code, {"A"}));
        REQUIRE(must(rows.next()));
        CHECK(rows.column_count() == 5);
        CHECK(rows.integer(0) == 1);
        CHECK(rows.text(1) == "甲'\"\\\n公司");
        CHECK(Bytes(rows.blob(2).begin(), rows.blob(2).end()) == zero_bytes);
        CHECK_FALSE(rows.is_null(3));
        CHECK(rows.text(3).empty());
        CHECK(rows.integer(4) == lowest);
        CHECK(rows.value(2).kind() == Value::Kind::blob);
        CHECK(rows.value(1).kind() == Value::Kind::text);
        CHECK_FALSE(must(rows.next()));
        CHECK_FALSE(must(rows.next()));

        Cursor second = must(read.query(subject_by_code, {std::string("B")}));
        REQUIRE(must(second.next()));
        CHECK_FALSE(second.is_null(2));
        CHECK(second.blob(2).empty());
        CHECK(second.is_null(3));
        CHECK(second.value(3).kind() == Value::Kind::null);
        CHECK(second.is_null(4));
        CHECK(second.integer(4) == 0);
    });
}

TEST_CASE("text with a zero byte is refused, and the transaction with it") {
    for_each_engine([](Database& database, const std::string&) {
        must(database.create(tables));
        Tx tx = must(database.write());
        CHECK_FALSE(tx.insert(subject, {1, std::string_view("a\0b", 3), "甲", nullptr, nullptr, 0}).ok());
        CHECK(fault(tx.commit()) == Fault::store_aborted);
    });
}

TEST_CASE("Chinese text is ordered by its bytes") {
    for_each_engine([](Database& database, const std::string&) {
        must(database.create(tables));
        std::vector<std::string> names{"中", "一", "鑫", "a", "B", "Ａ", "１", "𠮷", "é", "公司", "公", ""};
        Tx tx = must(database.write());
        for (std::size_t i = 0; i < names.size(); ++i) {
            insert_subject(tx, static_cast<std::int64_t>(i), names[i]);
        }
        std::sort(names.begin(), names.end());
        Cursor rows = must(tx.query(names_in_order));
        for (const std::string& name : names) {
            REQUIRE(must(rows.next()));
            CHECK(rows.text(0) == name);
        }
    });
}

TEST_CASE("one text may be open twice, and be walked while others run") {
    for_each_engine([](Database& database, const std::string&) {
        must(database.create(tables));
        Tx tx = must(database.write());
        load(tx, 1, 1500, "公司");
        const Sql all{"all_ids", "SELECT id FROM subject WHERE id >= $1 ORDER BY id"};
        Cursor outer = must(tx.scan(all, {1}));
        std::int64_t expected = 1;
        while (must(outer.next())) {
            REQUIRE(outer.integer(0) == expected++);
            Cursor inner = must(tx.query(all, {1500}));
            REQUIRE(must(inner.next()));
            REQUIRE(inner.integer(0) == 1500);
            REQUIRE(must(tx.execute(set_count, {outer.integer(0), 1000})) == 1);
        }
        CHECK(expected == 1501);
        CHECK(number(tx, {"sum", "SELECT sum(count) / 1500 FROM subject"}) == 1002);
        must(tx.commit());
        CHECK_FALSE(must(outer.next()));
    });
}

TEST_CASE("rows changed are counted; what was not committed is gone") {
    for_each_engine([](Database& database, const std::string&) {
        must(database.create(tables));
        {
            Tx tx = must(database.write());
            insert_subject(tx, 1, "甲公司");
            insert_subject(tx, 2, "乙公司");
            CHECK(must(tx.execute({"all_counts", "UPDATE subject SET count = 5"})) == 2);
            CHECK(must(tx.execute(set_count, {99, 1})) == 0);
            must(tx.commit());
        }
        {
            Tx tx = must(database.write());
            CHECK(must(tx.execute(delete_subject, {1})) == 1);
            CHECK(number(tx, count_subjects) == 1);
        }
        CHECK(count_now(database) == 2);
    });
}

TEST_CASE("savepoints") {
    for_each_engine([](Database& database, const std::string&) {
        must(database.create(tables));
        Tx tx = must(database.write());
        insert_subject(tx, 1, "甲公司");
        must(tx.savepoint());
        insert_subject(tx, 2, "乙公司");
        must(tx.rollback_to_savepoint());
        CHECK(number(tx, count_subjects) == 1);
        insert_subject(tx, 3, "丙公司");
        must(tx.release_savepoint());
        must(tx.savepoint());
        CHECK(fault(tx.insert(subject, {4, "code3", "丁公司", nullptr, nullptr, 0})) ==
              Fault::store_conflict);
        CHECK(fault(tx.query(count_subjects)) == Fault::store_aborted);
        must(tx.rollback_to_savepoint());
        must(tx.release_savepoint());
        must(tx.commit());
        CHECK(count_now(database) == 2);
        CHECK(search_now(database, "公司") == Ids{1, 3});
    });
}

TEST_CASE("a failed statement poisons its transaction, not the database") {
    for_each_engine([](Database& database, const std::string&) {
        must(database.create(tables));
        {
            Tx tx = must(database.write());
            insert_subject(tx, 1, "甲公司");
            auto refused = tx.insert(subject, {1, "other", "乙公司", nullptr, nullptr, 0});
            CHECK(fault(refused) == Fault::store_conflict);
            CHECK(refused.error().detail_zh.empty());
            CHECK_FALSE(refused.error().log_text.empty());
            CHECK(fault(tx.commit()) == Fault::store_aborted);
        }
        CHECK(count_now(database) == 0);
        {
            Tx tx = must(database.write());
            CHECK(fault(tx.execute({"no_table", "DELETE FROM no_such_table"})) == Fault::store_failed);
        }
        {
            ReadTx read = must(database.read());
            CHECK(fault(read.query({"no_column", "SELECT nothing FROM subject"})) == Fault::store_failed);
        }
        Tx tx = must(database.write());
        insert_subject(tx, 1, "甲公司");
        must(tx.commit());
        CHECK(count_now(database) == 1);
    });
}

TEST_CASE("a reader sees one state while others write") {
    for_each_engine([](Database& database, const std::string&) {
        must(database.create(tables));
        ReadTx before = must(database.read());
        CHECK(number(before, count_subjects) == 0);
        Tx tx = must(database.write());
        insert_subject(tx, 1, "甲公司");
        CHECK(number(before, count_subjects) == 0);
        must(tx.commit());
        CHECK(number(before, count_subjects) == 0);
        CHECK(must(before.search(subject, "甲公", 5)).empty());
        CHECK(count_now(database) == 1);
    });
}

TEST_CASE("write transactions follow one another") {
    for_each_engine_url([](const std::string& url, const std::string&) {
        auto database = must(Database::open(url));
        must(database->create(tables));
        const Table counter{
            "counter", {{"id", ColumnType::integer}, {"value", ColumnType::integer}}, "id", {}};
        const Table* const counters[] = {&counter};
        must(database->create(counters));
        {
            Tx tx = must(database->write());
            must(tx.insert(counter, {1, 0}));
            must(tx.commit());
        }
        const Sql value{"value", "SELECT value FROM counter WHERE id = 1"};
        const Sql set_value{"set_value", "UPDATE counter SET value = $1 WHERE id = 1"};
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back([&, t] {
                // Half of them over a database object of their own, as another process has.
                auto own = t % 2 == 0 ? nullptr : must(Database::open(url));
                for (int i = 0; i < 25; ++i) {
                    Tx tx = must((own ? *own : *database).write());
                    const std::int64_t read = number(tx, value);
                    must(tx.execute(set_value, {read + 1}));
                    must(tx.commit());
                }
            });
        }
        for (std::thread& thread : threads) {
            thread.join();
        }
        ReadTx tx = must(database->read());
        CHECK(number(tx, value) == 100);
    });
}

TEST_CASE("a write that waits too long gives up") {
    for_each_engine_url([](const std::string& url, const std::string&) {
        auto first = must(Database::open(url));
        auto second = must(Database::open(url, {.wait_ms = 50}));
        {
            Tx tx = must(first->write());
            CHECK(fault(second->write()) == Fault::store_busy);
            CHECK(fault(second->write()) == Fault::store_busy);
        }
        {
            Tx tx = must(second->write());
            auto waiting = second->write();  // of the same process
            CHECK(fault(waiting) == Fault::store_busy);
        }
        must(second->create(tables));
    });
}

TEST_CASE("search: folded, in key order, rechecked, limited") {
    for_each_engine([](Database& database, const std::string&) {
        must(database.create(tables));
        Tx tx = must(database.write());
        insert_subject(tx, 5, "鲁山县宏远（北京）商贸 有限公司");
        insert_subject(tx, 2, "鲁山县ABC商贸有限公司");
        insert_subject(tx, 9, "公司有限贸商");
        insert_subject(tx, 7, "ab");
        insert_subject(tx, 8, "x");
        insert_subject(tx, 10, "限公有限公司\"引号\"𠮷野");
        must(tx.commit());
        CHECK(search_now(database, "有限公司") == Ids{2, 5, 10});
        CHECK(search_now(database, "有限公司", 2) == Ids{2, 5});
        CHECK(search_now(database, "有限公司", 0).empty());
        CHECK(search_now(database, "(北 京)") == Ids{5});
        CHECK(search_now(database, "ａｂ") == Ids{2, 7});
        CHECK(search_now(database, "商贸有限公司") == Ids{2, 5});
        CHECK(search_now(database, "\"引") == Ids{10});
        CHECK(search_now(database, "𠮷野") == Ids{10});
        CHECK(search_now(database, "司有限公").empty());  // its bigrams are all in 10, the text is not
        CHECK(search_now(database, "不存在").empty());
        CHECK(search_now_all(database, {"鲁山", "公司"}) == Ids{2, 5});
        CHECK(search_now_all(database, {"公司", "鲁 山", "ＡＢ"}) == Ids{2});
        CHECK(search_now_all(database, {"限贸", "公司"}, 1) == Ids{9});
        CHECK(search_now_all(database, {"鲁山", "引号"}).empty());
        ReadTx read = must(database.read());
        CHECK(fault(read.search(subject, "公 ", 5)) == Fault::bad_argument);
        CHECK(fault(read.search(subject, "", 5)) == Fault::bad_argument);
        const std::string_view with_short[] = {"有限公司", "公"};
        CHECK(fault(read.search(subject, with_short, 5)) == Fault::bad_argument);
        CHECK(fault(read.search(subject, "\xff\xfe", 5)) == Fault::bad_encoding);
        CHECK(must(read.search(subject, "有限公司", 5)).size() == 3);  // a refused argument poisons nothing
    });
}

TEST_CASE("the search index follows every change") {
    for_each_engine([](Database& database, const std::string&) {
        must(database.create(tables));
        Tx tx = must(database.write());
        insert_subject(tx, 1, "甲乙公司");
        insert_subject(tx, 2, "甲乙商店");
        insert_subject(tx, 3, "甲乙学校");
        load(tx, 10, 3, "甲乙医院");
        must(tx.update_searchable(subject, 1, "丙丁公司"));
        CHECK(must(tx.execute(delete_subject, {2})) == 1);
        CHECK(must(tx.execute({"rename", "UPDATE subject SET name = $2 WHERE id = $1"}, {3, "丙丁学校"})) ==
              1);
        must(tx.execute({"upsert",
                         "INSERT INTO subject (id, code, name) VALUES ($1, $2, $3) "
                         "ON CONFLICT (id) DO UPDATE SET name = excluded.name"},
                        {10, "code10", "丙丁医院"}));
        CHECK(must(tx.search(subject, "丙丁", 9)) == Ids{1, 3, 10});
        must(tx.commit());
        CHECK(search_now(database, "甲乙") == Ids{11, 12});
        CHECK(search_now(database, "丙丁") == Ids{1, 3, 10});
        CHECK(must(database.check_integrity(tables)).empty());
    });
}

TEST_CASE("bulk: small and large loads, with indexes made anew") {
    for_each_engine([](Database& database, const std::string&) {
        must(database.create(tables));
        Tx tx = must(database.write());
        load(tx, 1, 21'000, "商贸有限公司");
        must(tx.commit());
        Tx more = must(database.write());
        {
            BulkLoader nodes = must(more.bulk(node, 10));
            load(more, 30'000, 100, "合作社");
            const Bytes hash{7, 0};
            const Value row[] = {1, 2, hash};
            must(nodes.add(row));
            CHECK(must(nodes.finish()) == 1);
        }
        must(more.commit());
        CHECK(count_now(database) == 21'100);
        CHECK(search_now(database, "20999商贸") == Ids{20'999});
        CHECK(search_now(database, "30099合作") == Ids{30'099});
        CHECK(search_now(database, "鲁山县", 3) == Ids{1, 2, 3});
        CHECK(must(database.check_integrity(tables)).empty());
        Tx after = must(database.write());  // the indexes are back, the unique one refuses
        CHECK(fault(after.insert(subject, {99'999, "code5", "甲", nullptr, nullptr, 0})) ==
              Fault::store_conflict);
    });
}

TEST_CASE("bulk: a conflict is found, also by an index made anew, and leaves nothing") {
    for_each_engine([](Database& database, const std::string&) {
        must(database.create(tables));
        for (const std::int64_t expected : {10, 30'000}) {
            Tx tx = must(database.write());
            BulkLoader loader = must(tx.bulk(subject, expected));
            Result<void> added;
            for (std::int64_t id = 1; id <= 10 && added.ok(); ++id) {
                const std::string code = "code" + std::to_string(id / 2);
                const Value row[] = {id, code, "公司", nullptr, nullptr, 0};
                added = loader.add(row);
            }
            const Fault met = added.ok() ? fault(loader.finish()) : added.error().fault;
            CHECK(met == Fault::store_conflict);
            CHECK(fault(tx.commit()) == Fault::store_aborted);
        }
        CHECK(count_now(database) == 0);
        CHECK(must(database.check_integrity(tables)).empty());
        {
            Tx early = must(database.write());
            BulkLoader unfinished = must(early.bulk(subject, 30'000));
            CHECK(fault(early.commit()) == Fault::store_failed);
        }
        Tx tx = must(database.write());
        { BulkLoader abandoned = must(tx.bulk(subject, 30'000)); }
        CHECK(fault(tx.commit()) == Fault::store_aborted);
    });
}

TEST_CASE("backup: whole, beside a writer, and replaced in one step") {
    for_each_engine([](Database& database, const std::string&) {
        must(database.create(tables));
        Tx tx = must(database.write());
        load(tx, 1, 3000, "商贸有限公司");
        must(tx.insert(node, {1, 1, Bytes{1, 0, 2}}));
        must(tx.commit());
        const TemporaryFolder folder;
        const auto file = folder.path() / "backup.db";
        must(write_file(file, "an older backup"));
        {
            Tx writing = must(database.write());
            insert_subject(writing, 9000, "未提交公司");
            must(database.backup(tables, file));
        }
        CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
        auto copy = must(Database::open(file.string()));
        CHECK(count_now(*copy) == 3000);
        CHECK(search_now(*copy, "2999商贸") == Ids{2999});
        CHECK(must(copy->check_integrity(tables)).empty());
        must(copy->create(tables));
        CHECK(fault(database.backup(tables, folder.path() / "no" / "such.db")) == Fault::file_unwritable);
    });
}

TEST_CASE("a table that lacks a column is refused") {
    for_each_engine([](Database& database, const std::string&) {
        const Table old{"subject", {{"id", ColumnType::integer}}, "id", {}};
        const Table* const old_tables[] = {&old};
        must(database.create(old_tables));
        CHECK(fault(database.create(tables)) == Fault::store_schema);
    });
}

TEST_CASE("whichever statement fails, the state is the one before or the one after") {
    for_each_engine([](Database& database, const std::string&) {
        must(database.create(tables));
        {
            Tx tx = must(database.write());
            insert_subject(tx, 1, "甲公司");
            must(tx.commit());
        }
        const auto scenario = [&]() -> Result<void> {
            Tx tx = TRY(database.write());
            TRY(tx.insert(subject, {2, "b", "乙公司", nullptr, nullptr, 0}));
            TRY(tx.savepoint());
            TRY(tx.execute(set_count, {1, 10}));
            TRY(tx.release_savepoint());
            BulkLoader loader = TRY(tx.bulk(subject, 30'000));
            const Value row[] = {3, "c", "丙公司", nullptr, nullptr, 0};
            TRY(loader.add(row));
            TRY(loader.finish());
            TRY(tx.update_searchable(subject, 2, "丁公司"));
            TRY(tx.query(count_subjects));
            return tx.commit();
        };
        int failures = 0;
        for (std::int64_t nth = 1;; ++nth) {
            inject_failure(nth);
            const bool done = scenario().ok();
            inject_failure(0);
            CHECK(count_now(database) == (done ? 3 : 1));
            CHECK(search_now(database, "丁公").size() == (done ? 1 : 0));
            CHECK(must(database.check_integrity(tables)).empty());
            if (done) {
                break;
            }
            ++failures;
        }
        CHECK(failures == 10);
    });
}

TEST_CASE("folding is that of base/text.h, character by character") {
    for (char32_t c = 1; c < 0x11000; ++c) {
        if (c >= 0xD800 && c < 0xE000) {
            continue;
        }
        std::string character;
        append_utf8(character, c);
        std::string expected = remove_blanks(to_half_width(character));
        for (char& byte : expected) {
            byte = byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + 32) : byte;
        }
        if (fold_search_text(character) != expected) {
            FAIL("character " << static_cast<unsigned>(c));
        }
    }
    CHECK(fold_search_text("Ａ１（　Ｂ）\xff中") == "a1(b)中");
    CHECK(bigrams("有限有限") == std::vector<std::string>{"有限", "限有"});
    CHECK(bigrams("有").empty());
    CHECK(bigrams("").empty());
}
