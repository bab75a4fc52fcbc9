#include "journal/layout.h"

#include <array>
#include <cstring>

#include "base/check.h"
#include "base/json.h"

namespace mingxin::journal {
namespace {

using store::ColumnType;
using store::Table;

constexpr store::Sql kFindEvent{
    "journal.find_event",
    "SELECT seq, time_us, kind, principal, rulebook, header, salt, payload, rows, "
    "first_position, row_root, leaf_hash FROM event WHERE seq = $1"};
constexpr store::Sql kFindHead{"journal.find_head",
                               "SELECT size, previous_size, root, time_us, origin, key_id, signature "
                               "FROM tree_head WHERE size = $1"};
constexpr store::Sql kFindTile{"journal.find_tile",
                               "SELECT hashes FROM tile WHERE tree = $1 AND level = $2 AND position = $3"};

constexpr std::size_t kMostText = 4u << 20;
// 0x00, row number, outcome, digest: one block of SM3.
constexpr std::size_t kRowLeafSize = 1 + 8 + 1 + 32;

}  // namespace

const Table& event_table() {
    static const Table table{"event",
                             {{"seq", ColumnType::integer},
                              {"time_us", ColumnType::integer},
                              {"kind", ColumnType::text},
                              {"principal", ColumnType::text},
                              {"rulebook", ColumnType::text},
                              {"header", ColumnType::text},
                              {"salt", ColumnType::blob},
                              {"payload", ColumnType::text},
                              {"rows", ColumnType::integer},
                              {"first_position", ColumnType::integer},
                              {"row_root", ColumnType::blob},  // empty without rows
                              {"leaf_hash", ColumnType::blob}},
                             "seq",
                             {{"event_kind", "kind, seq"}, {"event_principal", "principal, seq"}}};
    return table;
}

const Table& event_row_table() {
    static const Table table{"event_row",
                             {{"position", ColumnType::integer},
                              {"outcome", ColumnType::integer},
                              {"salt", ColumnType::blob},
                              {"payload", ColumnType::text}},
                             "position",
                             {}};
    return table;
}

const Table& tile_table() {
    static const Table table{"tile",
                             {{"tree", ColumnType::integer},
                              {"level", ColumnType::integer},
                              {"position", ColumnType::integer},
                              {"hashes", ColumnType::blob}},
                             "tree, level, position",
                             {}};
    return table;
}

const Table& tree_head_table() {
    static const Table table{"tree_head",
                             {{"size", ColumnType::integer},
                              {"previous_size", ColumnType::integer},
                              {"root", ColumnType::blob},
                              {"time_us", ColumnType::integer},
                              {"origin", ColumnType::text},
                              {"key_id", ColumnType::text},
                              {"signature", ColumnType::blob}},
                             "size",
                             {}};
    return table;
}

std::span<const Table* const> tables() {
    static const std::array<const Table*, 4> all{&event_table(), &event_row_table(), &tile_table(),
                                                 &tree_head_table()};
    return all;
}

std::optional<Digest> to_digest(BytesView cell) {
    Digest digest;
    if (cell.size() != digest.size()) return std::nullopt;
    std::memcpy(digest.data(), cell.data(), digest.size());
    return digest;
}

bool load_event(const store::Cursor& cursor, StoredEvent& stored) {
    Event& event = stored.event;
    event.seq = cursor.integer(0);
    event.time.us = cursor.integer(1);
    event.kind = cursor.text(2);
    event.principal = cursor.text(3);
    event.rulebook = cursor.text(4);
    event.header = cursor.text(5);
    const BytesView salt = cursor.blob(6);
    stored.salt.assign(salt.begin(), salt.end());
    event.payload = cursor.text(7);
    event.row_count = cursor.integer(8);
    event.first_position = cursor.integer(9);
    const BytesView root_cell = cursor.blob(10);
    const auto root = to_digest(root_cell);
    const auto leaf = to_digest(cursor.blob(11));
    event.row_root = root.value_or(Digest{});
    event.leaf_hash = leaf.value_or(Digest{});
    return leaf && (root.has_value() ? event.row_count > 0 : root_cell.empty() && event.row_count == 0);
}

Result<StoredEvent> read_event(const store::Cursor& cursor) {
    StoredEvent stored;
    if (load_event(cursor, stored)) return stored;
    return fail(Fault::journal_damaged, "事项 " + std::to_string(stored.event.seq) + " 的摘要长度不对");
}

Result<std::optional<StoredEvent>> find_stored_event(store::ReadTx& tx, std::int64_t seq) {
    auto cursor = TRY(tx.query(kFindEvent, {seq}));
    if (!TRY(cursor.next())) return std::optional<StoredEvent>();
    return std::optional<StoredEvent>(TRY(read_event(cursor)));
}

bool load_head(const store::Cursor& cursor, TreeHead& head) {
    head.size = cursor.integer(0);
    head.previous_size = cursor.integer(1);
    const auto root = to_digest(cursor.blob(2));
    head.root = root.value_or(Digest{});
    head.time.us = cursor.integer(3);
    head.origin = cursor.text(4);
    head.key_id = cursor.text(5);
    const BytesView signature = cursor.blob(6);
    head.signature.assign(signature.begin(), signature.end());
    return root.has_value();
}

Result<TreeHead> read_head(const store::Cursor& cursor) {
    TreeHead head;
    if (load_head(cursor, head)) return head;
    return fail(Fault::journal_damaged, "树头 " + std::to_string(head.size) + " 的树根长度不对");
}

Result<std::optional<TreeHead>> find_head(store::ReadTx& tx, std::int64_t size) {
    auto cursor = TRY(tx.query(kFindHead, {size}));
    if (!TRY(cursor.next())) return std::optional<TreeHead>();
    return std::optional<TreeHead>(TRY(read_head(cursor)));
}

std::string header_text(const Event& event, const Digest& payload_digest, const Digest& previous) {
    JsonWriter json;
    json.begin_object()
        .field("format", 1)
        .field("seq", event.seq)
        .field("time", event.time.to_string())
        .field("kind", event.kind)
        .field("principal", event.principal)
        .field("rulebook", event.rulebook)
        .field("payload", to_hex(payload_digest))
        .field("rows", event.row_count)
        .field("row_root", event.row_count > 0 ? to_hex(event.row_root) : std::string())
        .field("previous", to_hex(previous))
        .end_object();
    return json.take();
}

Digest salted_digest(BytesView salt, std::string_view payload) {
    thread_local crypto::Hasher hasher;
    return hasher.update(salt).update(payload).finish();
}

void RowHasher::add(std::int64_t row, std::uint8_t outcome, BytesView salt, std::string_view payload) {
    const BytesView text = as_bytes(payload);
    texts_.insert(texts_.end(), salt.begin(), salt.end());
    texts_.insert(texts_.end(), text.begin(), text.end());
    rows_.push_back({row, outcome, texts_.size()});
}

bool RowHasher::full() const {
    return rows_.size() >= kTileWidth || texts_.size() >= kMostText;
}

std::span<const Digest> RowHasher::take() {
    const std::size_t count = rows_.size();
    CHECK(count <= kTileWidth);
    std::array<BytesView, kTileWidth> messages;
    digests_.resize(count);
    leaves_.resize(count);
    std::size_t begin = 0;
    for (std::size_t i = 0; i < count; ++i) {
        messages[i] = BytesView(texts_).subspan(begin, rows_[i].end - begin);
        begin = rows_[i].end;
    }
    crypto::sm3_many(std::span(messages).first(count), digests_);
    std::array<std::array<std::uint8_t, kRowLeafSize>, kTileWidth> inputs;
    for (std::size_t i = 0; i < count; ++i) {
        auto& input = inputs[i];
        input[0] = 0;
        for (int byte = 0; byte < 8; ++byte) {
            input[1 + byte] = static_cast<std::uint8_t>(std::uint64_t(rows_[i].row) >> (56 - 8 * byte));
        }
        input[9] = rows_[i].outcome;
        std::memcpy(input.data() + 10, digests_[i].data(), digests_[i].size());
        messages[i] = input;
    }
    crypto::sm3_many(std::span(messages).first(count), leaves_);
    texts_.clear();
    rows_.clear();
    return leaves_;
}

TileSource tile_source(store::ReadTx& tx, std::int64_t tree) {
    return [&tx, tree](int level, std::int64_t position) -> Result<std::vector<Digest>> {
        auto cursor = TRY(tx.query(kFindTile, {tree, level, position}));
        if (!TRY(cursor.next())) return std::vector<Digest>();
        return split_hashes(cursor.blob(0));
    };
}

std::vector<Digest> split_hashes(BytesView blob) {
    std::vector<Digest> hashes(blob.size() / sizeof(Digest));
    if (!hashes.empty()) std::memcpy(hashes.data(), blob.data(), hashes.size() * sizeof(Digest));
    return hashes;
}

}  // namespace mingxin::journal
