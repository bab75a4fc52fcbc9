// Writing: single events, batches, heads.
#include <algorithm>
#include <array>

#include "base/check.h"
#include "journal/layout.h"
#include "journal/merkle.h"

namespace mingxin::journal {
namespace {

constexpr store::Sql kLastEvent{"journal.last_event",
                                "SELECT seq, time_us, leaf_hash FROM event ORDER BY seq DESC LIMIT 1"};
constexpr store::Sql kLastPosition{"journal.last_position", "SELECT max(position) FROM event_row"};
constexpr store::Sql kLastHeadSize{"journal.last_head_size", "SELECT max(size) FROM tree_head"};
constexpr store::Sql kLeavesAfter{"journal.leaves_after",
                                  "SELECT leaf_hash FROM event WHERE seq > $1 ORDER BY seq"};
constexpr store::Sql kPutTile{"journal.put_tile",
                              "INSERT INTO tile (tree, level, position, hashes) VALUES ($1, $2, $3, $4) "
                              "ON CONFLICT (tree, level, position) DO UPDATE SET hashes = excluded.hashes"};

struct LastEvent {
    std::int64_t seq = 0;
    Instant time{INT64_MIN};
    Digest leaf_hash{};
};

Result<LastEvent> last_event(store::ReadTx& tx) {
    auto cursor = TRY(tx.query(kLastEvent));
    if (!TRY(cursor.next())) return LastEvent{};
    const auto leaf = to_digest(cursor.blob(2));
    if (!leaf)
        return fail(Fault::journal_damaged, "事项 " + std::to_string(cursor.integer(0)) + " 的摘要长度不对");
    return LastEvent{cursor.integer(0), Instant{cursor.integer(1)}, *leaf};
}

// 0 for an empty table: max() of nothing is null.
Result<std::int64_t> one_integer(store::ReadTx& tx, const store::Sql& sql) {
    auto cursor = TRY(tx.query(sql));
    TRY(cursor.next());
    return cursor.integer(0);
}

struct BatchRows {
    std::int64_t count = 0;
    std::int64_t first_position = 0;
    Digest root{};
};

Result<Event> write_event(store::Tx& tx, const LastEvent& last, const EventDraft& draft, Instant time,
                          const BatchRows& rows) {
    Event event;
    event.seq = last.seq + 1;
    event.time = std::max(time, last.time);
    event.kind = draft.kind;
    event.principal = draft.principal;
    event.rulebook = draft.rulebook;
    event.payload = draft.payload;
    event.row_count = rows.count;
    event.first_position = rows.first_position;
    event.row_root = rows.root;
    std::array<std::uint8_t, kSaltSize> salt;
    crypto::random_bytes(salt);
    event.header = header_text(event, salted_digest(salt, event.payload), last.leaf_hash);
    event.leaf_hash = leaf_hash(as_bytes(event.header));
    const BytesView root = rows.count > 0 ? BytesView(event.row_root) : BytesView();
    TRY(tx.insert(event_table(), {event.seq, event.time.us, event.kind, event.principal, event.rulebook,
                                  event.header, BytesView(salt), event.payload, event.row_count,
                                  event.first_position, root, event.leaf_hash}));
    return event;
}

}  // namespace

Result<Event> append(store::Tx& tx, const EventDraft& draft, Instant time) {
    return write_event(tx, TRY(last_event(tx)), draft, time, {});
}

struct BatchWriter::Impl {
    store::Tx& tx;
    LastEvent last;
    std::int64_t first_position;
    std::int64_t rows = 0;
    store::BulkLoader row_loader;
    store::BulkLoader tile_loader;
    RowHasher hasher;
    TileBuilder tiles;

    Impl(store::Tx& to, LastEvent before, std::int64_t first, store::BulkLoader rows_to,
         store::BulkLoader tiles_to)
        : tx(to),
          last(before),
          first_position(first),
          row_loader(std::move(rows_to)),
          tile_loader(std::move(tiles_to)),
          tiles([this](int level, std::int64_t position, std::span<const Digest> hashes) {
              const std::array<store::Value, 4> tile{last.seq + 1, level, position, bytes_of(hashes)};
              return tile_loader.add(tile);
          }) {}
};

BatchWriter::BatchWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
BatchWriter::BatchWriter(BatchWriter&&) noexcept = default;
BatchWriter::~BatchWriter() = default;

Result<BatchWriter> BatchWriter::begin(store::Tx& tx, std::int64_t expected_rows) {
    const LastEvent last = TRY(last_event(tx));
    const std::int64_t first_position = TRY(one_integer(tx, kLastPosition)) + 1;
    auto rows = TRY(tx.bulk(event_row_table(), expected_rows));
    auto tiles = TRY(tx.bulk(tile_table(), expected_rows / kTileWidth + 1));
    return BatchWriter(std::make_unique<Impl>(tx, last, first_position, std::move(rows), std::move(tiles)));
}

std::int64_t BatchWriter::seq() const {
    return impl_->last.seq + 1;
}
std::int64_t BatchWriter::next_position() const {
    return impl_->first_position + impl_->rows;
}

Result<void> BatchWriter::add(std::uint8_t outcome, std::string_view payload) {
    std::array<std::uint8_t, kSaltSize> salt;
    crypto::random_bytes(salt);
    const std::array<store::Value, 4> row{next_position(), int{outcome}, BytesView(salt), payload};
    TRY(impl_->row_loader.add(row));
    impl_->hasher.add(++impl_->rows, outcome, salt, payload);
    if (impl_->hasher.full()) TRY(impl_->tiles.add(impl_->hasher.take()));
    return {};
}

Result<Event> BatchWriter::finish(const EventDraft& draft, Instant time) {
    TRY(impl_->tiles.add(impl_->hasher.take()));
    TRY(impl_->tiles.flush());
    TRY(impl_->row_loader.finish());
    TRY(impl_->tile_loader.finish());
    const LastEvent now = TRY(last_event(impl_->tx));
    CHECK(now.seq == impl_->last.seq);
    BatchRows rows;
    if (impl_->rows > 0) rows = {impl_->rows, impl_->first_position, impl_->tiles.root()};
    return write_event(impl_->tx, impl_->last, draft, time, rows);
}

Result<void> seal(store::Tx& tx, const crypto::Sm2Key& key, std::string_view origin, Instant time) {
    if (origin.find_first_of("\r\n") != std::string_view::npos)
        return fail(Fault::bad_argument, "站点标识含有换行");
    const LastEvent last = TRY(last_event(tx));
    TreeHead head;
    head.previous_size = TRY(one_integer(tx, kLastHeadSize));
    if (head.previous_size == last.seq) return {};
    auto tiles = TRY(TileBuilder::resume(
        head.previous_size, tile_source(tx, kEventTree),
        [&tx](int level, std::int64_t position, std::span<const Digest> hashes) -> Result<void> {
            TRY(tx.execute(kPutTile, {kEventTree, level, position, bytes_of(hashes)}));
            return {};
        }));
    {
        auto cursor = TRY(tx.scan(kLeavesAfter, {head.previous_size}));
        while (TRY(cursor.next())) {
            const auto leaf = to_digest(cursor.blob(0));
            if (!leaf)
                return fail(Fault::journal_damaged,
                            "事项 " + std::to_string(tiles.size() + 1) + " 的摘要长度不对");
            TRY(tiles.add(std::span(&*leaf, 1)));
        }
    }
    if (tiles.size() != last.seq) return fail(Fault::journal_damaged, "事项编号不连续");
    TRY(tiles.flush());
    head.size = last.seq;
    head.root = tiles.root();
    head.time = std::max(time, last.time);
    head.origin = origin;
    head.key_id = key.public_key().key_id();
    head.signature = key.sign(as_bytes(head.note()));
    return tx.insert(tree_head_table(), {head.size, head.previous_size, head.root, head.time.us, head.origin,
                                         head.key_id, head.signature});
}

}  // namespace mingxin::journal
