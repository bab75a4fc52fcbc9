// The journal: every change is an Event, written in the same transaction as the change
// (docs/formats/journal.md).
//
// An event's header is canonical JSON that names the digest of its salted payload and, for a batch, the root
// of the tree over its rows, and the leaf hash of the event before it (the chain). Leaf hash = H(0x00 ||
// header). All leaf hashes form one Merkle tree in the shape of RFC 6962 with SM3; its heads are signed with
// SM2. Payloads lie beside the chain, so that they can be erased lawfully while the proof stays whole.
// Functions are thread-safe; writers are not. All writing functions change nothing unless the transaction
// commits.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/crypto.h"
#include "store/store.h"

namespace mingxin::journal {

/// The journal's own tables: event, event_row, tile, tree_head.
std::span<const store::Table* const> tables();

struct EventDraft {
    std::string kind;       // "batch.committed"
    std::string principal;  // who did it: "clerk:zhang", "operator", "clock"
    std::string payload;    // canonical JSON; no personal data
    std::string rulebook;  // digest of the rulebook that was in force, hex; may be empty before the first one
};

struct Event {
    std::int64_t seq = 0;  // from 1, without gaps
    Instant time;
    std::string kind, principal, payload, rulebook;
    std::string header;  // the canonical bytes that are hashed
    std::int64_t row_count = 0;
    std::int64_t first_position = 0;  // of its rows, 0 when it has none
    Digest row_root{};
    Digest leaf_hash{};
};

/// One row of a batch. outcome is the caller's (record::Outcome); payload is canonical JSON.
struct Row {
    std::int64_t row = 0;  // from 1
    std::uint8_t outcome = 0;
    std::string_view payload;
};

/// The signed head of the tree over all events.
struct TreeHead {
    std::int64_t size = 0;
    Digest root{};
    Instant time;
    std::string origin;  // "mingxin/410423"
    std::string key_id;
    std::int64_t previous_size =
        0;            // of the head signed before it, 0 for the first: no head can vanish between
    Bytes signature;  // SM2, DER, over note()
    /// The text that is signed: origin, size, root in base64, time, previous size; a line each.
    std::string note() const;
};

/// Adds an event. The head is signed by seal(), once per transaction, after the last append.
/// time is what the caller was handed; where it lies before the last event's time, that one is used.
Result<Event> append(store::Tx& tx, const EventDraft& draft, Instant time);

/// Writes one batch event with its rows in the order given. begin -> add per row -> finish; nothing else may
/// be appended meanwhile. Rows lie in event_row; their tree in tile.
class BatchWriter {
  public:
    static Result<BatchWriter> begin(store::Tx& tx, std::int64_t expected_rows);
    BatchWriter(BatchWriter&&) noexcept;
    ~BatchWriter();
    /// The number that the event will have.
    std::int64_t seq() const;
    /// The position of the next row; rows of all batches share one numbering.
    std::int64_t next_position() const;
    Result<void> add(std::uint8_t outcome, std::string_view payload);
    /// A CHECK fails when another event was appended meanwhile.
    Result<Event> finish(const EventDraft& draft, Instant time);

  private:
    struct Impl;
    explicit BatchWriter(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

/// Signs the tree as it is in this transaction and stores the head. No-op when nothing was appended since.
/// Fault::bad_argument when origin holds a line break; Fault::journal_damaged when the stored tree has holes.
Result<void> seal(store::Tx& tx, const crypto::Sm2Key& key, std::string_view origin, Instant time);

Result<std::optional<TreeHead>> latest_head(store::ReadTx& tx);
/// Newest first, those with size < before_size.
Result<std::vector<TreeHead>> heads(store::ReadTx& tx, int limit, std::int64_t before_size = INT64_MAX);
Result<std::optional<Event>> find_event(store::ReadTx& tx, std::int64_t seq);
/// Newest first, those with seq < before.
Result<std::vector<Event>> events(store::ReadTx& tx, std::int64_t before, int limit);
/// Oldest first from seq on; stops at the first error that visit returns. Streams: constant memory. visit may
/// use tx.
Result<void> for_each_event(store::ReadTx& tx, std::int64_t from_seq,
                            const std::function<Result<void>(const Event&)>& visit);
Result<void> for_each_row(store::ReadTx& tx, const Event& event,
                          const std::function<Result<void>(const Row&)>& visit, std::int64_t from_row = 1);
/// The payload at a position (event_row); Fault::row_unknown.
Result<std::string> row_payload(store::ReadTx& tx, std::int64_t position);

/// Contents that a receipt proves without telling them: their salt is left out, so that they can't be
/// guessed.
struct Withheld {
    bool event_payload = false;
    bool row_payload = false;
};

/// A receipt as JSON (docs/formats/receipt.md): the event, with row > 0 that row and its path, the path of
/// the event to the newest signed head, the head, the public key. Self-contained: tools/verify_receipt.py
/// checks it. Fault::event_unknown, row_unknown, journal_unsealed; journal_damaged when what is stored proves
/// nothing.
Result<std::string> receipt(store::ReadTx& tx, const crypto::Sm2PublicKey& key, std::int64_t seq,
                            std::int64_t row = 0, Withheld withheld = {});
/// A proof that the tree of the newer head continues that of the older one, as JSON with both signed heads.
/// Fault::tree_head_unknown when no head of such a size was signed; bad_argument unless 0 < old_size <=
/// new_size.
Result<std::string> consistency(store::ReadTx& tx, std::int64_t old_size, std::int64_t new_size);

/// One thing that verify found, with its place: "event 17: payload does not match its digest".
struct Damage {
    std::string place;  // "event 17", "row 5 of event 17", "head of size 30", "tile 0/1/2"
    std::string what_zh;
};

/// Recomputes chain, payload digests, row trees, tiles, heads and signatures. Empty: everything holds. Goes
/// on after damage; after 1000 findings it only counts and says so last. Constant memory, some 1 us per row.
/// What it can't see: that the newest events were cut off together with their heads; for that the published
/// heads are compared (consistency). progress is called now and then, also within large batches, with (done,
/// all) events; when it returns false, Fault::task_stopped.
using VerifyProgress = std::function<bool(std::int64_t done, std::int64_t all)>;
Result<std::vector<Damage>> verify(store::ReadTx& tx, const crypto::Sm2PublicKey& key,
                                   const VerifyProgress& progress = {});

/// A noun's projection: the tables that only its apply writes. begin_event is called for every event; row for
/// every row of a batch event in order; end_event after. Used live (by the verbs) and by rebuild.
class Projection {
  public:
    virtual ~Projection() = default;
    virtual std::string_view name() const = 0;
    virtual std::span<const store::Table* const> tables() const = 0;
    virtual Result<void> begin_event(store::Tx& tx, const Event& event) = 0;
    virtual Result<void> row(store::Tx& tx, const Event& event, const Row& row) = 0;
    virtual Result<void> end_event(store::Tx& tx, const Event& event) = 0;
    /// Compares what lies beside its tables, and can't be rebuilt, with the digests in them; for verify, on
    /// the live tables. Appends what is wrong.
    virtual Result<void> check_sealed(store::ReadTx&, std::vector<Damage>&) { return {}; }
};

}  // namespace mingxin::journal
