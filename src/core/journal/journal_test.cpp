// Writing and reading the journal, on both engines.
#include "journal/journal.h"

#include <doctest/doctest.h>

#include <chrono>
#include <random>

#include "base/json.h"
#include "journal/merkle.h"
#include "journal/test_journal.h"
#include "store/test_engines.h"

using namespace mingxin;
using namespace mingxin::journal;

TEST_CASE("events: appended, chained, sealed, read back") {
    store::for_each_engine([](store::Database& database, const std::string&) {
        must(database.create(tables()));
        const auto key = crypto::Sm2Key::generate();
        {
            auto tx = must(database.write());
            const Event first = must(append(tx, {"unit.added", "operator", R"({"code":"甲"})", ""}, at(5)));
            CHECK_EQ(first.seq, 1);
            CHECK(first.header.starts_with(
                R"({"format":1,"seq":1,"time":"1970-01-01T00:00:05.000000Z","kind":"unit.added","principal":"operator",)"
                R"("rulebook":"","payload":")"));
            CHECK(first.header.ends_with(R"(","rows":0,"row_root":"","previous":")" + std::string(64, '0') +
                                         "\"}"));
            CHECK_EQ(first.leaf_hash, leaf_hash(as_bytes(first.header)));
            const Event second = must(append(tx, {"a", "b\"\n", "{}", "00ff"}, at(3)));
            CHECK_EQ(second.time, at(5));  // never back
            CHECK(second.header.ends_with(to_hex(first.leaf_hash) + "\"}"));
            must(seal(tx, key, "mingxin/410423", at(6)));
            must(seal(tx, key, "mingxin/410423", at(7)));  // nothing new: no head
            must(tx.commit());
        }
        append_sealed(database, key, 1, at(9));
        auto tx = must(database.read());
        const auto found = must(find_event(tx, 2));
        REQUIRE(found.has_value());
        CHECK_EQ(found->principal, "b\"\n");
        CHECK_EQ(found->rulebook, "00ff");
        CHECK(!must(find_event(tx, 4)));
        const auto newest = must(events(tx, INT64_MAX, 2));
        REQUIRE_EQ(newest.size(), 2);
        CHECK_EQ(newest[0].seq, 3);
        CHECK_EQ(newest[1].seq, 2);
        CHECK_EQ(must(events(tx, 2, 9)).size(), 1);
        std::vector<std::int64_t> order;
        must(for_each_event(tx, 2, [&](const Event& event) -> Result<void> {
            order.push_back(event.seq);
            return {};
        }));
        CHECK_EQ(order, std::vector<std::int64_t>{2, 3});
        CHECK(for_each_event(tx, 1, [](const Event&) { return Result<void>(fail(Fault::not_found)); })
                  .error()
                  .fault == Fault::not_found);

        const auto all = must(heads(tx, 9));
        REQUIRE_EQ(all.size(), 2);
        CHECK_EQ(all[0].size, 3);
        CHECK_EQ(all[0].previous_size, 2);
        CHECK_EQ(all[1].previous_size, 0);
        CHECK_EQ(all[1].time, at(6));
        CHECK_EQ(must(heads(tx, 9, 3)).size(), 1);
        const auto head = must(latest_head(tx));
        REQUIRE(head.has_value());
        CHECK_EQ(head->note(),
                 "mingxin/410423\n3\n" + to_base64(head->root) + "\n1970-01-01T00:00:09.000000Z\n2\n");
        CHECK(key.public_key().verify(as_bytes(head->note()), head->signature));
        CHECK(must(verify(tx, key.public_key())).empty());
    });
}

TEST_CASE("a rolled back transaction leaves nothing; the numbers are used again") {
    store::for_each_engine([](store::Database& database, const std::string&) {
        must(database.create(tables()));
        const auto key = crypto::Sm2Key::generate();
        append_sealed(database, key, 1, at(1));
        {
            auto tx = must(database.write());
            must(append(tx, {"lost", "operator", "{}", ""}, at(2)));
            auto batch = must(BatchWriter::begin(tx, 3));
            must(batch.add(1, "{}"));
            must(batch.finish({"batch.committed", "operator", "{}", ""}, at(2)));
            must(seal(tx, key, "o", at(2)));
        }
        append_batch(database, key, 3, at(3));
        auto tx = must(database.read());
        const auto event = must(find_event(tx, 2));
        REQUIRE(event.has_value());
        CHECK_EQ(event->kind, "batch.committed");
        CHECK_EQ(event->first_position, 1);
        CHECK(must(verify(tx, key.public_key())).empty());
    });
}

TEST_CASE("batches: one numbering over all rows, read back in order") {
    store::for_each_engine([](store::Database& database, const std::string&) {
        must(database.create(tables()));
        const auto key = crypto::Sm2Key::generate();
        append_batch(database, key, 3, at(1));
        append_batch(database, key, 0, at(2));
        {
            auto tx = must(database.write());
            auto batch = must(BatchWriter::begin(tx, 700));
            CHECK_EQ(batch.seq(), 3);
            CHECK_EQ(batch.next_position(), 4);
            for (int i = 0; i < 700; ++i) must(batch.add(i % 5, row_text(3, i + 1)));
            CHECK_EQ(batch.next_position(), 704);
            const Event event = must(batch.finish({"batch.committed", "clerk:张", "{}", ""}, at(3)));
            CHECK_EQ(event.row_count, 700);
            CHECK_EQ(event.first_position, 4);
            must(append(tx, {"after", "clerk:张", "{}", ""}, at(3)));  // in the same transaction
            must(seal(tx, key, "o", at(3)));
            must(tx.commit());
        }
        auto tx = must(database.read());
        const Event event = must(find_event(tx, 3)).value();
        std::int64_t seen = 0;
        must(for_each_row(tx, event, [&](const Row& row) -> Result<void> {
            CHECK_EQ(row.row, ++seen);
            CHECK_EQ(row.outcome, (row.row - 1) % 5);
            CHECK_EQ(row.payload, row_text(3, row.row));
            CHECK_EQ(TRY(row_payload(tx, event.first_position + row.row - 1)),
                     row.payload);  // tx is free to use
            return {};
        }));
        CHECK_EQ(seen, 700);
        CHECK(row_payload(tx, 704).error().fault == Fault::row_unknown);
        CHECK_EQ(must(find_event(tx, 2))->row_count, 0);
        CHECK_EQ(must(find_event(tx, 2))->first_position, 0);
        CHECK(must(verify(tx, key.public_key())).empty());
    });
}

TEST_CASE("many events in one transaction; the root is that of the leaves") {
    store::for_each_engine([](store::Database& database, const std::string&) {
        must(database.create(tables()));
        const auto key = crypto::Sm2Key::generate();
        for (int count : {1, 255, 1, 256, 300, 2}) append_sealed(database, key, count, at(1));
        auto tx = must(database.read());
        Frontier frontier;
        must(for_each_event(tx, 1, [&](const Event& event) -> Result<void> {
            frontier.add(leaf_hash(as_bytes(event.header)));
            return {};
        }));
        const auto head = must(latest_head(tx)).value();
        CHECK_EQ(head.size, 815);
        CHECK_EQ(head.root, frontier.root());
        CHECK(must(verify(tx, key.public_key())).empty());
        CHECK(must(consistency(tx, 256, 815)).find("\"path\":[\"") != std::string::npos);
        CHECK(consistency(tx, 255, 815).error().fault == Fault::tree_head_unknown);
        CHECK(consistency(tx, 256, 816).error().fault == Fault::tree_head_unknown);
        CHECK(consistency(tx, 0, 815).error().fault == Fault::bad_argument);
        CHECK(consistency(tx, 815, 1).error().fault == Fault::bad_argument);
    });
}

TEST_CASE("refusals of seal and receipt") {
    store::for_each_engine([](store::Database& database, const std::string&) {
        must(database.create(tables()));
        const auto key = crypto::Sm2Key::generate();
        append_batch(database, key, 2, at(1));
        auto tx = must(database.write());
        CHECK(receipt(tx, key.public_key(), 2).error().fault == Fault::event_unknown);
        CHECK(receipt(tx, key.public_key(), 0).error().fault == Fault::event_unknown);
        CHECK(receipt(tx, key.public_key(), 1, 3).error().fault == Fault::row_unknown);
        CHECK(receipt(tx, key.public_key(), 1, -1).error().fault == Fault::row_unknown);
        CHECK(receipt(tx, crypto::Sm2Key::generate().public_key(), 1).error().fault ==
              Fault::journal_damaged);
        must(append(tx, {"a", "b", "{}", ""}, at(2)));
        CHECK(receipt(tx, key.public_key(), 2).error().fault == Fault::journal_unsealed);
        CHECK(seal(tx, key, "two\nlines", at(2)).error().fault == Fault::bad_argument);
        must(seal(tx, key, "one", at(2)));
        CHECK(receipt(tx, key.public_key(), 2).ok());
        CHECK(receipt(tx, key.public_key(), 1, 2).ok());
    });
}

TEST_CASE("journals of random batches and events verify, and every event and row has a receipt") {
    std::mt19937 random(6962);
    for (int round = 0; round < 8; ++round) {
        store::for_each_engine([&](store::Database& database, const std::string&) {
            must(database.create(tables()));
            const auto key = crypto::Sm2Key::generate();
            for (int steps = 1 + round % 5; steps > 0; --steps) {
                const int size = random() % 600;
                if (size % 3 == 0) append_sealed(database, key, size % 7 + 1, at(1));
                if (size % 3 != 0) append_batch(database, key, size, at(1));
            }
            auto tx = must(database.read());
            CHECK(must(verify(tx, key.public_key())).empty());
            must(for_each_event(tx, 1, [&](const Event& event) -> Result<void> {
                TRY(receipt(tx, key.public_key(), event.seq));
                if (event.row_count > 0) TRY(receipt(tx, key.public_key(), event.seq, event.row_count));
                if (event.row_count > 0)
                    TRY(receipt(tx, key.public_key(), event.seq, event.row_count / 2 + 1));
                return {};
            }));
        });
    }
}

TEST_CASE("speed is told, never asserted") {
    store::for_each_engine([](store::Database& database, const std::string& name) {
        must(database.create(tables()));
        const auto key = crypto::Sm2Key::generate();
        const int rows = 100'000;
        std::string payload = row_text(1, 1);
        payload.resize(700, 'x');
        using Clock = std::chrono::steady_clock;
        const auto us = [](Clock::time_point from, Clock::time_point to) {
            return std::chrono::duration<double, std::micro>(to - from).count();
        };
        const auto start = Clock::now();
        auto tx = must(database.write());
        auto batch = must(BatchWriter::begin(tx, rows));
        for (int i = 0; i < rows; ++i) must(batch.add(1, payload));
        const auto added = Clock::now();
        must(batch.finish({"batch.committed", "clerk", "{}", ""}, at(1)));
        must(seal(tx, key, "o", at(1)));
        const auto sealed = Clock::now();
        must(tx.commit());
        const auto committed = Clock::now();
        auto reading = must(database.read());
        const auto begin_proofs = Clock::now();
        for (int i = 0; i < 100; ++i) must(receipt(reading, key.public_key(), 1, i * 997 + 1));
        const auto proved = Clock::now();
        CHECK(must(verify(reading, key.public_key())).empty());
        const auto verified = Clock::now();
        MESSAGE(name << ": add " << us(start, added) / rows << " us/row, finish and seal "
                     << us(added, sealed) / 1000 << " ms, commit " << us(sealed, committed) / 1000
                     << " ms, receipt " << us(begin_proofs, proved) / 100 << " us, verify "
                     << us(proved, verified) / rows << " us/row");
    });
}
