// Receipts and consistency proofs as JSON (docs/formats/receipt.md).
#include "base/json.h"
#include "journal/layout.h"
#include "journal/merkle.h"

namespace mingxin::journal {
namespace {

constexpr store::Sql kFindRow{"journal.find_row",
                              "SELECT outcome, salt, payload FROM event_row WHERE position = $1"};

struct StoredRow {
    std::uint8_t outcome = 0;
    Bytes salt;
    std::string payload;
};

Result<StoredRow> find_row(store::ReadTx& tx, std::int64_t position) {
    auto cursor = TRY(tx.query(kFindRow, {position}));
    if (!TRY(cursor.next()))
        return fail(Fault::journal_damaged, "缺少位置 " + std::to_string(position) + " 的行");
    const BytesView salt = cursor.blob(1);
    return StoredRow{static_cast<std::uint8_t>(cursor.integer(0)), Bytes(salt.begin(), salt.end()),
                     std::string(cursor.text(2))};
}

void write_path(JsonWriter& json, std::span<const Digest> path) {
    json.key("path").begin_array();
    for (const Digest& hash : path) json.text(to_hex(hash));
    json.end_array();
}

void write_head(JsonWriter& json, std::string_view name, const TreeHead& head) {
    json.key(name)
        .begin_object()
        .field("note", head.note())
        .field("key_id", head.key_id)
        .field("signature", to_base64(head.signature))
        .end_object();
}

// Without the salt nobody can find a withheld text by guessing.
void write_content(JsonWriter& json, BytesView salt, std::string_view payload, bool withheld) {
    if (withheld) {
        json.key("salt").null().key("payload").null();
    } else {
        json.field("salt", to_hex(salt)).field("payload", payload);
    }
}

// Writes the row with its path to the event's row root; refuses what would prove nothing.
Result<void> write_row(JsonWriter& json, store::ReadTx& tx, const Event& event, std::int64_t number,
                       bool withheld) {
    const StoredRow row = TRY(find_row(tx, event.first_position + number - 1));
    const auto path = TRY(TileReader(tile_source(tx, event.seq)).inclusion(number - 1, event.row_count));
    RowHasher hasher;
    hasher.add(number, row.outcome, row.salt, row.payload);
    if (root_from_inclusion(number - 1, event.row_count, hasher.take()[0], path) != event.row_root) {
        return fail(Fault::journal_damaged,
                    "事项 " + std::to_string(event.seq) + " 第 " + std::to_string(number) + " 行");
    }
    json.begin_object().field("number", number).field("outcome", int{row.outcome});
    write_content(json, row.salt, row.payload, withheld);
    if (withheld) json.field("digest", to_hex(salted_digest(row.salt, row.payload)));
    write_path(json, path);
    json.end_object();
    return {};
}

}  // namespace

Result<std::string> receipt(store::ReadTx& tx, const crypto::Sm2PublicKey& key, std::int64_t seq,
                            std::int64_t row, Withheld withheld) {
    const auto stored = TRY(find_stored_event(tx, seq));
    if (!stored) return fail(Fault::event_unknown, std::to_string(seq));
    const Event& event = stored->event;
    if (row < 0 || row > event.row_count) {
        return fail(Fault::row_unknown,
                    std::to_string(row) + "（该批次共 " + std::to_string(event.row_count) + " 行）");
    }
    const auto head = TRY(latest_head(tx));
    if (!head || head->size < seq) return fail(Fault::journal_unsealed, std::to_string(seq));
    const auto path = TRY(TileReader(tile_source(tx, kEventTree)).inclusion(seq - 1, head->size));
    if (root_from_inclusion(seq - 1, head->size, leaf_hash(as_bytes(event.header)), path) != head->root ||
        head->key_id != key.key_id()) {
        return fail(Fault::journal_damaged, "事项 " + std::to_string(seq) + " 与签名树头不符");
    }
    JsonWriter json;
    json.begin_object()
        .field("type", "mingxin.receipt")
        .field("format", 1)
        .key("event")
        .begin_object()
        .field("header", event.header);
    write_content(json, stored->salt, event.payload, withheld.event_payload);
    json.end_object().key("row");
    if (row > 0) {
        TRY(write_row(json, tx, event, row, withheld.row_payload));
    } else {
        json.null();
    }
    write_path(json, path);
    write_head(json, "head", *head);
    json.field("public_key", to_hex(key.point())).end_object();
    return json.take();
}

Result<std::string> consistency(store::ReadTx& tx, std::int64_t old_size, std::int64_t new_size) {
    if (old_size < 1 || new_size < old_size)
        return fail(Fault::bad_argument, "旧树头须不大于新树头，且不小于1");
    const auto old_head = TRY(find_head(tx, old_size));
    const auto new_head = TRY(find_head(tx, new_size));
    if (!old_head) return fail(Fault::tree_head_unknown, std::to_string(old_size));
    if (!new_head) return fail(Fault::tree_head_unknown, std::to_string(new_size));
    const auto path = TRY(TileReader(tile_source(tx, kEventTree)).consistency(old_size, new_size));
    if (!verify_consistency(old_size, new_size, old_head->root, new_head->root, path)) {
        return fail(Fault::journal_damaged, "两个树头之间不连续");
    }
    JsonWriter json;
    json.begin_object().field("type", "mingxin.consistency").field("format", 1);
    write_head(json, "old", *old_head);
    write_head(json, "new", *new_head);
    write_path(json, path);
    json.end_object();
    return json.take();
}

}  // namespace mingxin::journal
