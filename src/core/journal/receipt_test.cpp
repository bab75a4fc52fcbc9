// Receipts: the byte vector of docs/formats, and the independent verifier (Python, shares no code) over
// receipts as the journal gives them, whole and altered.
#include <doctest/doctest.h>

#include <array>
#include <cstdlib>
#include <cstring>

#include "base/file.h"
#include "journal/layout.h"
#include "journal/merkle.h"
#include "journal/test_journal.h"
#include "store/test_engines.h"

using namespace mingxin;
using namespace mingxin::journal;

namespace {

bool holds(const std::string& arguments) {
    return std::system(("python3 tools/verify_receipt.py " + arguments + " >/dev/null 2>&1").c_str()) == 0;
}

// The journal of docs/formats/journal.md: three events, the second a batch of three rows; heads of size 1
// and 3. Salts are fixed here: 00 01 02 .., 10 11 12 .. and so on.
constexpr std::string_view kExampleKey =
    "048a82a754910fef6189265c97e6e4aa1b191a7b6fd439221e1e32b4cfbb3dd8bc"
    "3463cd4ca5997f44648cc6d439dda97837515d4305acd16caa4095ddcf847b99";
constexpr std::string_view kFirstSignature =
    "MEYCIQCJp5mmulDHoY+jkMODQKjvqzKAj+ZS5UTjW0oMjcwT"
    "qwIhAN/jawCk/z4Ju/nAqZyaTq+FuCFIatGk7Mi1e6K3JbJ2";
constexpr std::string_view kSecondSignature =
    "MEUCIQCAkf7JluI9lT3S4xgHXG3YeuUjlj5unVRgT4nYMVne"
    "KAIgQ/DBz9fNq6d3qHo71J1PWVMsxNI3MqWx8sl9PMhsWgM=";

std::array<std::uint8_t, kSaltSize> example_salt(int number) {
    std::array<std::uint8_t, kSaltSize> salt;
    for (std::size_t i = 0; i < salt.size(); ++i) salt[i] = static_cast<std::uint8_t>(16 * number + i);
    return salt;
}

struct Example {
    std::vector<Event> events;
    std::vector<Digest> row_leaves, row_digests, payload_digests;
    std::vector<TreeHead> heads;
};

void add_example_event(store::Tx& tx, Example& example, Event event) {
    const auto salt = example_salt(static_cast<int>(example.events.size()));
    event.seq = static_cast<std::int64_t>(example.events.size()) + 1;
    event.time = parse_instant("2026-11-20T04:05:06.000000Z").value();
    event.time.us += event.seq;
    event.rulebook = std::string(64, 'a');
    example.payload_digests.push_back(salted_digest(salt, event.payload));
    event.header = header_text(event, example.payload_digests.back(),
                               example.events.empty() ? Digest{} : example.events.back().leaf_hash);
    event.leaf_hash = leaf_hash(as_bytes(event.header));
    must(tx.insert(event_table(),
                   {event.seq, event.time.us, event.kind, event.principal, event.rulebook, event.header,
                    BytesView(salt), event.payload, event.row_count, event.first_position,
                    event.row_count > 0 ? BytesView(event.row_root) : BytesView(), event.leaf_hash}));
    example.events.push_back(event);
}

void add_example_head(store::Tx& tx, Example& example, std::string_view signature) {
    TreeHead head;
    Frontier frontier;
    for (const Event& event : example.events) frontier.add(event.leaf_hash);
    head.size = frontier.size();
    head.previous_size = example.heads.empty() ? 0 : example.heads.back().size;
    head.root = frontier.root();
    head.time = example.events.back().time;
    head.origin = "mingxin/410423";
    head.key_id = to_hex(crypto::digest(from_hex(kExampleKey).value())).substr(0, 16);
    head.signature = from_base64(signature).value();
    must(tx.insert(tree_head_table(), {head.size, head.previous_size, head.root, head.time.us, head.origin,
                                       head.key_id, head.signature}));
    example.heads.push_back(head);
}

Example write_example(store::Tx& tx) {
    Example example;
    add_example_event(
        tx, example,
        {.kind = "unit.added", .principal = "operator", .payload = R"({"name":"鲁山县市场监督管理局"})"});
    add_example_head(tx, example, kFirstSignature);
    const std::array<std::string_view, 3> rows = {
        R"({"name":"鲁山县甲有限公司"})", R"({"name":"鲁山县乙有限公司"})", R"({"name":"鲁山县丙有限公司"})"};
    RowHasher hasher;
    for (int i = 0; i < 3; ++i) {
        const auto salt = example_salt(8 + i);
        hasher.add(i + 1, 1, salt, rows[i]);
        example.row_digests.push_back(salted_digest(salt, rows[i]));
        must(tx.insert(event_row_table(), {i + 1, 1, BytesView(salt), rows[i]}));
    }
    const auto leaves = hasher.take();
    example.row_leaves.assign(leaves.begin(), leaves.end());
    must(tx.insert(tile_table(), {2, 0, 0, bytes_of(leaves)}));
    Frontier frontier;
    for (const Digest& leaf : leaves) frontier.add(leaf);
    Event batch{
        .kind = "batch.committed", .principal = "clerk:zhang", .payload = R"({"item":"registration"})"};
    batch.row_count = 3;
    batch.first_position = 1;
    batch.row_root = frontier.root();
    add_example_event(tx, example, batch);
    add_example_event(
        tx, example,
        {.kind = "unit.added", .principal = "operator", .payload = R"({"name":"鲁山县税务局"})"});
    add_example_head(tx, example, kSecondSignature);
    std::vector<Digest> hashes;
    for (const Event& event : example.events) hashes.push_back(event.leaf_hash);
    must(tx.insert(tile_table(), {0, 0, 0, bytes_of(std::span<const Digest>(hashes))}));
    return example;
}

// Every text that the page must show.
std::vector<std::string> shown(const Example& example) {
    std::vector<std::string> texts;
    for (const Event& event : example.events) {
        texts.push_back(event.header);
        texts.push_back(to_hex(event.leaf_hash));
    }
    for (const auto& digest : example.payload_digests) texts.push_back(to_hex(digest));
    for (const auto& digest : example.row_digests) texts.push_back(to_hex(digest));
    for (const auto& leaf : example.row_leaves) texts.push_back(to_hex(leaf));
    texts.push_back(to_hex(node_hash(example.row_leaves[0], example.row_leaves[1])));
    texts.push_back(to_hex(example.events[1].row_root));
    texts.push_back(to_hex(node_hash(example.events[0].leaf_hash, example.events[1].leaf_hash)));
    for (const TreeHead& head : example.heads) {
        texts.push_back(to_hex(head.root));
        texts.push_back(head.note());
        texts.push_back(to_base64(head.signature));
        texts.push_back(head.key_id);
    }
    texts.push_back(std::string(kExampleKey));
    return texts;
}

}  // namespace

TEST_CASE("the worked example of docs/formats, byte for byte") {
    store::for_each_engine([](store::Database& database, const std::string&) {
        must(database.create(tables()));
        auto tx = must(database.write());
        const Example example = write_example(tx);
        const auto page = must(read_file("docs/formats/journal.md"));
        for (const auto& text : shown(example)) {
            const bool found = page.find(text) != std::string::npos;
            CHECK_MESSAGE(found, text);
        }
        const auto key = must(crypto::Sm2PublicKey::from_point(from_hex(kExampleKey).value()));
        CHECK(must(verify(tx, key)).empty());
        CHECK_EQ(must(receipt(tx, key, 2, 2)) + "\n", must(read_file("tests/vectors/receipt.json")));
        CHECK_EQ(must(receipt(tx, key, 3)) + "\n", must(read_file("tests/vectors/receipt_event.json")));
        CHECK_EQ(must(consistency(tx, 1, 3)) + "\n", must(read_file("tests/vectors/consistency.json")));
        CHECK_EQ(key.to_pem(), must(read_file("tests/vectors/receipt_key.pem")));
    });
}

TEST_CASE("the independent verifier takes every receipt and refuses it altered") {
    store::for_each_engine([](store::Database& database, const std::string& name) {
        must(database.create(tables()));
        const auto key = crypto::Sm2Key::generate();
        append_sealed(database, key, 3, at(1));
        append_batch(database, key, 300, at(2));
        append_sealed(database, key, 1, at(3));
        TemporaryFolder folder;
        const std::string file = folder.path() / "receipt.json", proof = folder.path() / "proof.json";
        const std::string pem = folder.path() / "key.pem", other = folder.path() / "other.pem";
        must(write_file(pem, key.public_key().to_pem()));
        must(write_file(other, crypto::Sm2Key::generate().public_key().to_pem()));
        auto tx = must(database.read());
        for (const auto& [seq, row] :
             {std::pair(1, 0), {3, 0}, {4, 0}, {5, 0}, {4, 1}, {4, 2}, {4, 257}, {4, 300}}) {
            must(write_file(file, must(receipt(tx, key.public_key(), seq, row))));
            CHECK_MESSAGE(holds(file), seq << "/" << row);
        }
        const std::string text = must(receipt(tx, key.public_key(), 4, 77));
        must(write_file(file, text));
        CHECK(holds(file + " --key " + pem));
        CHECK(holds(file + " --key " + to_hex(key.public_key().point())));
        CHECK(!holds(file + " --key " + other));
        must(write_file(proof, must(consistency(tx, 3, 5))));
        CHECK(holds(file + " --consistency " + proof));
        CHECK(holds("--key " + pem + " --consistency " + proof));
        CHECK(!holds("--key " + other + " --consistency " + proof));
        must(write_file(proof, must(consistency(tx, 3, 4))));
        CHECK(holds("--key " + pem + " --consistency " + proof));
        CHECK(!holds(file + " --consistency " + proof));  // the receipt's head is not in it
        must(write_file(proof, must(consistency(tx, 5, 5))));
        CHECK(holds(file + " --consistency " + proof));
        if (name != "sqlite") return;
        for (std::size_t at_byte = 1; at_byte < text.size(); at_byte += 67) {
            std::string changed = text;
            changed[at_byte] ^= 1;
            must(write_file(file, changed));
            CHECK_MESSAGE(!holds(file), changed.substr(0, at_byte + 1));
        }
    });
}
