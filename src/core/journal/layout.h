// How the journal lies in its tables and bytes: tables, rows as stored, the header's canonical text, row
// leaves. Internal to this folder. docs/formats/journal.md describes every byte.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "journal/journal.h"
#include "journal/tiles.h"
#include "store/store.h"

namespace mingxin::journal {

inline constexpr std::size_t kSaltSize = 16;
/// tile.tree of the tree over all events; the rows of a batch have the event's seq.
inline constexpr std::int64_t kEventTree = 0;

const store::Table& event_table();
const store::Table& event_row_table();
const store::Table& tile_table();
const store::Table& tree_head_table();

/// An event as stored, with the salt of its payload.
struct StoredEvent {
    Event event;
    Bytes salt;
};

/// Columns of event_table() in order, from a cursor; false when a digest has a wrong length (it is then
/// zeros).
bool load_event(const store::Cursor& cursor, StoredEvent& stored);
/// The same of tree_head_table().
bool load_head(const store::Cursor& cursor, TreeHead& head);
/// load_event, with Fault::journal_damaged when a digest has a wrong length.
Result<StoredEvent> read_event(const store::Cursor& cursor);
Result<std::optional<StoredEvent>> find_stored_event(store::ReadTx& tx, std::int64_t seq);
/// load_head, likewise.
Result<TreeHead> read_head(const store::Cursor& cursor);
Result<std::optional<TreeHead>> find_head(store::ReadTx& tx, std::int64_t size);
/// The digest that a cell holds; nullopt for another length.
std::optional<Digest> to_digest(BytesView cell);

/// The canonical header: what is hashed to the event's leaf.
std::string header_text(const Event& event, const Digest& payload_digest, const Digest& previous);
/// SM3(salt || payload).
Digest salted_digest(BytesView salt, std::string_view payload);

/// Leaf hashes of rows, many at once: H(0x00 || row u64 big-endian || outcome || SM3(salt || payload)).
class RowHasher {
  public:
    void add(std::int64_t row, std::uint8_t outcome, BytesView salt, std::string_view payload);
    std::size_t count() const { return rows_.size(); }
    /// Time to take the leaves: a tile's worth of rows, or much memory.
    bool full() const;
    /// The leaves of the rows added since the last take; valid until the next add.
    std::span<const Digest> take();

  private:
    struct RowMark {
        std::int64_t row;
        std::uint8_t outcome;
        std::size_t end;  // of its salt and payload in texts_
    };
    Bytes texts_;
    std::vector<RowMark> rows_;
    std::vector<Digest> digests_, leaves_;
};

/// Reads tiles of a tree. tx must outlive it.
TileSource tile_source(store::ReadTx& tx, std::int64_t tree);
/// A blob of whole hashes; a rest is dropped.
std::vector<Digest> split_hashes(BytesView blob);
inline BytesView bytes_of(std::span<const Digest> hashes) {
    return {reinterpret_cast<const std::uint8_t*>(hashes.data()), hashes.size_bytes()};
}

}  // namespace mingxin::journal
