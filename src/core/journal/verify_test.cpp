// Tampering: every column of every table changed, rows deleted, inserted and exchanged. verify must find each
// and name its place, and not its neighbours. Each change is made in a transaction that is then rolled back.
#include <doctest/doctest.h>

#include <array>
#include <deque>

#include "base/json.h"
#include "journal/layout.h"
#include "journal/merkle.h"
#include "journal/test_journal.h"
#include "store/test_engines.h"

using namespace mingxin;
using namespace mingxin::journal;

namespace {

// Statements keep their text as long as the process: the cache is keyed by name.
const store::Sql& statement(const std::string& text) {
    static std::deque<std::pair<std::string, std::string>> texts;
    static std::deque<store::Sql> all;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (texts[i].second == text) return all[i];
    }
    texts.emplace_back("tamper." + std::to_string(texts.size()), text);
    all.push_back({texts.back().first.c_str(), texts.back().second.c_str()});
    return all.back();
}

// Seven events: single ones, batches of 3, 600 and 1 rows, some in one transaction; five heads.
void write_journal(store::Database& database, const crypto::Sm2Key& key) {
    must(database.create(tables()));
    append_sealed(database, key, 1, at(1));
    append_batch(database, key, 3, at(2));
    append_sealed(database, key, 2, at(3));
    append_batch(database, key, 600, at(4));
    auto tx = must(database.write());
    auto batch = must(BatchWriter::begin(tx, 1));
    must(batch.add(1, R"({"name":"甲"})"));
    must(batch.finish({"batch.committed", "clerk:li", "{}", "ab12"}, at(5)));
    must(append(tx, {"unit.added", "operator", "{}", "ab12"}, at(5)));
    must(seal(tx, key, "mingxin/410423", at(5)));
    must(tx.commit());
}

struct Tampering {
    store::Database& database;
    crypto::Sm2PublicKey key;

    // Runs the statements, verifies, rolls back.
    std::vector<Damage> after(const std::vector<std::string>& statements) {
        auto tx = must(database.write());
        for (const auto& text : statements) REQUIRE_MESSAGE(must(tx.execute(statement(text))) > 0, text);
        return must(verify(tx, key));
    }

    void names(const std::vector<std::string>& statements, const std::vector<std::string>& places) {
        INFO(statements.front());
        const auto found = after(statements);
        std::string all;
        for (const auto& damage : found) all += damage.place + ": " + damage.what_zh + "\n";
        INFO(all);
        for (const auto& place : places) {
            const bool named =
                std::any_of(found.begin(), found.end(), [&](auto& one) { return one.place == place; });
            CHECK_MESSAGE(named, place);
        }
        for (const auto& one : found) {
            const bool expected = std::find(places.begin(), places.end(), one.place) != places.end();
            CHECK_MESSAGE(expected, one.place);
            CHECK(!one.what_zh.empty());
        }
    }
};

void with_tampering(const std::function<void(Tampering&)>& test) {
    store::for_each_engine([&](store::Database& database, const std::string&) {
        const auto key = crypto::Sm2Key::generate();
        write_journal(database, key);
        Tampering tampering{database, key.public_key()};
        {
            auto tx = must(database.read());
            REQUIRE(must(verify(tx, key.public_key())).empty());
        }
        test(tampering);
    });
}

std::string set(const std::string& table, const std::string& change, const std::string& where) {
    return "UPDATE " + table + " SET " + change + " WHERE " + where;
}
// Another blob of the same length.
std::string other_blob(store::Database& database, const std::string& table, const std::string& column,
                       const std::string& where, std::size_t at_byte) {
    auto tx = must(database.read());
    auto cursor = must(tx.query(statement("SELECT " + column + " FROM " + table + " WHERE " + where)));
    REQUIRE(must(cursor.next()));
    const BytesView blob = cursor.blob(0);
    Bytes changed(blob.begin(), blob.end());
    changed.at(at_byte) ^= 1;
    const std::string hex = to_hex(changed);
    return column + " = " +
           (database.engine() == store::Engine::sqlite ? "x'" + hex + "'" : "'\\x" + hex + "'");
}

}  // namespace

TEST_CASE("verify: every column of an event") {
    with_tampering([](Tampering& journal) {
        for (const std::string seq : {"1", "2", "4", "5", "7"}) {
            const std::string where = "seq = " + seq, place = "event " + seq;
            for (const char* change :
                 {"time_us = time_us + 1", "time_us = 0", "kind = 'x'", "principal = principal || ' '",
                  "rulebook = ''", "payload = payload || ' '", "header = header || ' '", "header = ''",
                  "header = replace(header, 'mingxin', 'x') || '}'",
                  "header = replace(header, '\"format\":1', '\"format\":2')", "salt = leaf_hash",
                  "first_position = first_position + 1"}) {
                journal.names({set("event", change, where)}, {place});
            }
            journal.names({set("event", other_blob(journal.database, "event", "salt", where, 3), where)},
                          {place});
            journal.names(
                {set("event", other_blob(journal.database, "event", "leaf_hash", where, 31), where)},
                {place});
            journal.names({set("event", "leaf_hash = salt", where)}, {place});
            // The header with a column of its own changed alike, and the leaf left.
            journal.names(
                {set("event",
                     "kind = 'x', header = replace(header, '\"kind\":\"unit.added\"', '\"kind\":\"x\"')",
                     where)},
                {place});
        }
        for (const std::string seq : {"2", "5", "6"}) {
            const std::string where = "seq = " + seq, place = "event " + seq;
            journal.names({set("event", "rows = rows + 1", where)}, {place});
            journal.names({set("event", "rows = rows - 1", where)}, {place});
            journal.names({set("event", "rows = 1152921504606846976", where)}, {place});
            journal.names({set("event", other_blob(journal.database, "event", "row_root", where, 0), where)},
                          {place});
            journal.names({set("event", "row_root = salt", where)}, {place});
        }
        journal.names({set("event", "rows = 5", "seq = 1")}, {"event 1"});
        journal.names({set("event", "row_root = leaf_hash", "seq = 1")}, {"event 1"});
        journal.names({set("event", "seq = 1000", "seq = 3")}, {"event 3", "event 1000"});
        journal.names({set("event", "seq = -3", "seq = 3")}, {"event 3", "event -3"});
        journal.names({set("event", "seq = 8", "seq = 7")}, {"event 7", "event 8"});
    });
}

TEST_CASE("verify: every column of a row") {
    with_tampering([](Tampering& journal) {
        const std::pair<int, const char*> rows[] = {{1, "row 1 of event 2"},     {3, "row 3 of event 2"},
                                                    {4, "row 1 of event 5"},     {259, "row 256 of event 5"},
                                                    {260, "row 257 of event 5"}, {603, "row 600 of event 5"},
                                                    {604, "row 1 of event 6"}};
        for (const auto& [position, place] : rows) {
            const std::string where = "position = " + std::to_string(position);
            journal.names({set("event_row", "outcome = outcome + 1", where)}, {place});
            journal.names({set("event_row", "outcome = outcome + 256", where)}, {place});
            journal.names({set("event_row", "outcome = -1", where)}, {place});
            journal.names({set("event_row", "payload = ''", where)}, {place});
            journal.names({set("event_row", "payload = replace(payload, '鲁山', '鹿山') || ' '", where)},
                          {place});
            journal.names(
                {set("event_row", other_blob(journal.database, "event_row", "salt", where, 15), where)},
                {place});
            const std::string moved = std::to_string(position + 100'000);
            journal.names({set("event_row", "position = " + moved, where)},
                          {place, "row at position " + moved});
        }
        journal.names({set("event_row", "position = 0", "position = 1")},
                      {"row 1 of event 2", "row at position 0"});
    });
}

TEST_CASE("verify: every column of a tile") {
    with_tampering([](Tampering& journal) {
        const std::array<const char*, 3> tiles[] = {{"0", "0", "0"}, {"2", "0", "0"}, {"5", "0", "0"},
                                                    {"5", "0", "1"}, {"5", "0", "2"}, {"5", "1", "0"},
                                                    {"6", "0", "0"}};
        for (const auto& [tree, level, position] : tiles) {
            const std::string where =
                std::string("tree = ") + tree + " AND level = " + level + " AND position = " + position;
            const std::string place = std::string("tile ") + tree + "/" + level + "/" + position;
            journal.names({set("tile", other_blob(journal.database, "tile", "hashes", where, 7), where)},
                          {place});
            if (std::string(tree) != "6") {
                journal.names(
                    {set("tile", other_blob(journal.database, "tile", "hashes", where, 32 + 7), where)},
                    {place});
            }
            const bool sqlite = journal.database.engine() == store::Engine::sqlite;
            journal.names({set("tile", sqlite ? "hashes = x''" : "hashes = ''", where)}, {place});
            journal.names({set("tile", sqlite ? "hashes = x'00'" : "hashes = '\\x00'", where)}, {place});
            journal.names(
                {set("tile",
                     sqlite ? "hashes = zeroblob(9000)" : "hashes = decode(repeat('00', 9000), 'hex')",
                     where)},
                {place});
            journal.names({set("tile", "tree = 77", where)},
                          {place, std::string("tile 77/") + level + "/" + position});
            journal.names({set("tile", "level = 5", where)},
                          {place, std::string("tile ") + tree + "/5/" + position});
            journal.names({set("tile", "position = 9", where)},
                          {place, std::string("tile ") + tree + "/" + level + "/9"});
            journal.names({"DELETE FROM tile WHERE " + where}, {place});
        }
        journal.names({set("tile", "level = -1", "tree = 2")}, {"tile 2/0/0", "tile 2/-1/0"});
    });
}

TEST_CASE("verify: every column of a tree head") {
    with_tampering([](Tampering& journal) {
        for (const std::string size : {"1", "2", "4", "5", "7"}) {
            const std::string where = "size = " + size, place = "head of size " + size;
            std::vector<std::string> uncovered = {place};
            if (size == "7") uncovered.insert(uncovered.end(), {"event 6", "event 7"});
            for (const char* change :
                 {"previous_size = previous_size + 1", "time_us = time_us + 1", "origin = 'mingxin/410422'",
                  "root = signature", "previous_size = -1"}) {
                journal.names({set("tree_head", change, where)}, uncovered);
            }
            journal.names({set("tree_head", "key_id = '0123456789abcdef'", where)}, {place});
            for (const int byte : {0, 1, 5, 40}) {
                journal.names(
                    {set("tree_head", other_blob(journal.database, "tree_head", "signature", where, byte),
                         where)},
                    uncovered);
            }
            journal.names(
                {set("tree_head", other_blob(journal.database, "tree_head", "root", where, 0), where)},
                uncovered);
        }
        journal.names({set("tree_head", "size = 3", "size = 2")}, {"head of size 3", "head of size 2"});
        journal.names({set("tree_head", "size = 0", "size = 2")}, {"head of size 0", "head of size 2"});
        journal.names({set("tree_head", "size = 1152921504606846976", "size = 5")},
                      {"head of size 1152921504606846976", "head of size 5"});
    });
}

TEST_CASE("verify: deleted") {
    with_tampering([](Tampering& journal) {
        for (const std::string seq : {"1", "3", "4", "7"}) {
            journal.names({"DELETE FROM event WHERE seq = " + seq}, {"event " + seq});
        }
        journal.names({"DELETE FROM event WHERE seq = 2", "DELETE FROM tile WHERE tree = 2"}, {"event 2"});
        journal.names({"DELETE FROM event WHERE seq = 6"}, {"event 6", "tile 6/0/0"});
        journal.names({"DELETE FROM event_row WHERE position = 2"}, {"row 2 of event 2"});
        journal.names({"DELETE FROM event_row WHERE position = 604"}, {"row 1 of event 6"});
        journal.names({"DELETE FROM event_row WHERE position = 300"}, {"row 297 of event 5"});
        for (const std::string size : {"1", "2", "4", "5"}) {
            journal.names({"DELETE FROM tree_head WHERE size = " + size}, {"head of size " + size});
        }
        // Only what it covered can tell of the newest head.
        journal.names({"DELETE FROM tree_head WHERE size = 7"}, {"event 6", "event 7"});
        const auto found = journal.after({"DELETE FROM event_row"});
        CHECK_EQ(found.size(), 604);
        CHECK(!journal.after({"DELETE FROM event", "DELETE FROM event_row", "DELETE FROM tile"}).empty());
    });
}

TEST_CASE("verify: inserted") {
    with_tampering([](Tampering& journal) {
        const bool sqlite = journal.database.engine() == store::Engine::sqlite;
        const std::string empty = sqlite ? "x''" : "''";
        journal.names(
            {"INSERT INTO event SELECT 8, time_us, kind, principal, rulebook, header, salt, payload, rows, "
             "first_position, row_root, leaf_hash FROM event WHERE seq = 7"},
            {"event 8"});
        journal.names(
            {"INSERT INTO event_row SELECT 605, outcome, salt, payload FROM event_row WHERE position = 604"},
            {"row at position 605"});
        journal.names({"INSERT INTO tile VALUES (0, 1, 0, " + empty + ")"}, {"tile 0/1/0"});
        journal.names({"INSERT INTO tile VALUES (0, 0, 1, " + empty + ")"}, {"tile 0/0/1"});
        journal.names({"INSERT INTO tile VALUES (4, 0, 0, " + empty + ")"}, {"tile 4/0/0"});
        journal.names({"INSERT INTO tile VALUES (-4, 0, 0, " + empty + ")"}, {"tile -4/0/0"});
        journal.names(
            {"INSERT INTO tree_head SELECT 3, previous_size, root, time_us, origin, key_id, signature "
             "FROM tree_head WHERE size = 4"},
            {"head of size 3"});
        journal.names(
            {"INSERT INTO tree_head SELECT 8, previous_size, root, time_us, origin, key_id, signature "
             "FROM tree_head WHERE size = 7"},
            {"head of size 8"});
    });
}

TEST_CASE("verify: exchanged") {
    with_tampering([](Tampering& journal) {
        const auto exchange = [](const std::string& table, const std::string& key, const std::string& a,
                                 const std::string& b) -> std::vector<std::string> {
            return {set(table, key + " = 999999", key + " = " + a),
                    set(table, key + " = " + a, key + " = " + b),
                    set(table, key + " = " + b, key + " = 999999")};
        };
        journal.names(exchange("event", "seq", "3", "4"), {"event 3", "event 4"});
        journal.names(exchange("event_row", "position", "10", "11"),
                      {"row 7 of event 5", "row 8 of event 5"});
        journal.names(exchange("event_row", "position", "1", "600"),
                      {"row 1 of event 2", "row 597 of event 5"});
        journal.names(exchange("tree_head", "size", "2", "4"), {"head of size 2", "head of size 4"});
        std::vector<std::string> tiles;
        for (const auto& text : exchange("tile", "position", "0", "1"))
            tiles.push_back(text + " AND tree = 5 AND level = 0");
        journal.names(tiles, {"tile 5/0/0", "tile 5/0/1"});
    });
}

TEST_CASE("verify: a whole event rewritten with all that follows from it, but the key") {
    with_tampering([](Tampering& journal) {
        // Event 3 with another payload: new header, new leaf, new tile. The signed heads still tell.
        auto tx = must(journal.database.write());
        const auto stored = must(find_stored_event(tx, 3));
        REQUIRE(stored.has_value());
        const auto before = must(find_event(tx, 2));
        Event event = stored->event;
        event.payload = R"({"forged":true})";
        event.header = header_text(event, salted_digest(stored->salt, event.payload), before->leaf_hash);
        event.leaf_hash = leaf_hash(as_bytes(event.header));
        must(tx.execute(statement("UPDATE event SET payload = $1, header = $2, leaf_hash = $3 WHERE seq = 3"),
                        {event.payload, event.header, event.leaf_hash}));
        SUBCASE("the tile left") {}
        bool tile = false;
        SUBCASE("the tile too") {
            tile = true;
            auto hashes = must(tile_source(tx, kEventTree)(0, 0));
            hashes[2] = event.leaf_hash;
            must(tx.execute(statement("UPDATE tile SET hashes = $1 WHERE tree = 0"), {bytes_of(hashes)}));
        }
        const auto found = must(verify(tx, journal.key));
        const auto named = [&](std::string_view place) {
            return std::any_of(found.begin(), found.end(), [&](auto& one) { return one.place == place; });
        };
        if (!tile) CHECK(named("event 3"));
        if (tile) CHECK(named("event 4"));         // its chain
        if (tile) CHECK(named("head of size 4"));  // says events 3 to 4
        CHECK(found.size() <= 3);
    });
}

TEST_CASE("verify: a row and its tile rewritten alike") {
    with_tampering([](Tampering& journal) {
        auto tx = must(journal.database.write());
        must(tx.execute(statement("UPDATE event_row SET payload = $1 WHERE position = 1"), {"{}"}));
        auto cursor = must(tx.query(statement("SELECT salt, outcome FROM event_row WHERE position = 1")));
        REQUIRE(must(cursor.next()));
        RowHasher hasher;
        hasher.add(1, static_cast<std::uint8_t>(cursor.integer(1)), cursor.blob(0), "{}");
        auto hashes = must(tile_source(tx, 2)(0, 0));
        hashes[0] = hasher.take()[0];
        must(tx.execute(statement("UPDATE tile SET hashes = $1 WHERE tree = 2"), {bytes_of(hashes)}));
        const auto found = must(verify(tx, journal.key));
        REQUIRE_EQ(found.size(), 1);
        CHECK_EQ(found[0].place, "event 2");
    });
}

TEST_CASE("verify: another key, and more damage than is listed") {
    with_tampering([](Tampering& journal) {
        auto tx = must(journal.database.write());
        CHECK_GE(must(verify(tx, crypto::Sm2Key::generate().public_key())).size(), 10);
        auto batch = must(BatchWriter::begin(tx, 1500));
        for (int i = 0; i < 1500; ++i) must(batch.add(1, "{}"));
        must(batch.finish({"batch.committed", "clerk", "{}", ""}, at(9)));
        must(tx.execute(statement("UPDATE event_row SET outcome = 9")));
        std::int64_t told = 0;
        const auto found = must(verify(tx, journal.key, [&](std::int64_t done, std::int64_t all) {
            CHECK(done <= all);
            told = done;
            return true;
        }));
        const auto stopped =
            verify(tx, journal.key, [&](std::int64_t done, std::int64_t) { return done < 7; });
        REQUIRE_FALSE(stopped.ok());
        CHECK(stopped.error().fault == Fault::task_stopped);
        CHECK_EQ(told, 8);
        REQUIRE_EQ(found.size(), 1001);
        CHECK(found.back().what_zh.find("未逐一列出") != std::string::npos);
    });
}
