// Records: what is known about a subject under an item of the rulebook. Every record is one row of a batch
// event in the journal; the table here is a projection that keeps what deciding and finding need, the content
// stays in the journal row. A fact leaves only through disclose(): it decides by sharing class, publicity
// term, state and masking at the moment of reading, so that an expired or ended record is never shown,
// whether or not a nightly job ran. Functions are thread-safe; writers are not.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/api.h"
#include "base/result.h"
#include "base/time.h"
#include "journal/journal.h"
#include "record/tally.h"
#include "rulebook/rulebook.h"
#include "store/store.h"
#include "subject/subject.h"

namespace mingxin::record {

/// The tables record, doubtful, batch, finding, correction, tally, tally_fault.
std::span<const store::Table* const> tables();

/// What became of a row of a batch. Stored in the journal; never renumbered.
enum class Outcome : std::uint8_t { accepted = 1, updated = 2, duplicate = 3, doubtful = 4, rejected = 5 };
std::string_view outcome_name(Outcome outcome);  // "accepted"
std::string_view outcome_zh(Outcome outcome);    // "已入库"

/// Why a row takes the place of a record that its source named (effects.h), and not by its key. Stored in the
/// journal. correct: other values of the same act; restore: the same values after a wrong withdrawal;
/// reissue: a new act in the place of one that was withdrawn.
enum class Change : std::uint8_t { none, correct, restore, reissue };
std::string_view change_name(Change change);  // "correct"; empty for none
std::optional<Change> change_by_name(std::string_view name);

/// What a check found in one cell (or, with field -1, in the row). Texts are made from the rulebook when
/// shown.
struct Finding {
    std::string fault;  // "V07", "V06.future"
    int field = -1;
    rulebook::Effect effect = rulebook::Effect::reject;
    std::string message_zh, remedy_zh;
};

/// What disclosing and de-duplicating need to know of a record; computed once, when the row is taken.
struct Facts {
    std::int64_t key = 0;            // of V13: item, subject and key fields
    std::optional<Date> start;       // decision date
    std::optional<Date> valid_to;    // of the act itself; absent: long-term
    std::optional<Date> stated_end;  // 公示截止期 as the file says; may only shorten
    int severity = 0;                // 1 轻微, 2 一般, 3 严重; 0 for what is not negative
};

/// One row of a batch, as the journal keeps it.
struct Entry {
    Outcome outcome = Outcome::rejected;
    std::int64_t line = 0;  // of the file, as the spreadsheet shows it
    const rulebook::Item* item = nullptr;
    std::string subject;  // code; empty when it is attached to nobody
    bool creates_subject = false;
    std::vector<std::string> values;  // by field, canonical; empty: absent
    std::string former_name;          // names that the subject bore, as this row tells them, joined by ;
    std::string candidate;            // doubtful: the code it may belong to
    std::int64_t replaces = 0;        // updated, duplicate: position of the record it replaces or repeats
    std::int64_t judges = 0;          // of a judgement: position of the doubtful row that it decides
    Change change = Change::none;     // updated: why, where the source named that record
    Facts facts;
    std::vector<Finding> findings;
};

/// Canonical JSON of the row (docs/formats/journal.md); clears and fills out.
void encode(const Entry& entry, std::string& out);
Result<Entry> decode(Outcome outcome, std::string_view payload, const rulebook::Rulebook& rulebook);
/// The "values" part of an encoded row, for comparing contents.
std::string_view values_part(std::string_view payload);

/// A batch as its event tells it.
struct Batch {
    std::int64_t id = 0;  // number of its event
    std::string item, unit_code, file_name, format, submitted_by, idempotency_key;
    std::string reason, document_no;  // of a judgement or a correction, for staff
    std::int64_t rows = 0, accepted = 0, updated = 0, duplicate = 0, doubtful = 0, rejected = 0;
    Instant received;
    std::vector<std::pair<std::string, std::int64_t>> findings;  // fault code, count
    Tally tally;
};
/// The format of a batch that no file brought: rows that waited, decided by a person (judgement.h).
inline constexpr std::string_view kJudgementFormat = "judgement";
/// The same for a record that its source corrected, restored or issued anew (effects.h).
inline constexpr std::string_view kCorrectionFormat = "correction";
/// Whether its rows were handed in by it: those of judgements and corrections were counted where they came.
bool is_handed_in(const Batch& batch);
/// The kind of its event.
inline constexpr std::string_view kBatchKind = "batch.committed";
std::string encode_batch(const Batch& batch);
Result<Batch> decode_batch(const journal::Event& event);
Result<std::optional<Batch>> find_batch(store::ReadTx& tx, std::int64_t id);
Result<std::optional<Batch>> find_batch_by_key(store::ReadTx& tx, std::string_view unit_code,
                                               std::string_view key);

/// The writer of the tables; one per batch event, live and in rebuild alike.
class Writer {
  public:
    static Result<Writer> begin(store::Tx& tx, std::int64_t tenant, std::int64_t expected_rows);
    Writer(Writer&&) noexcept;
    ~Writer();
    Result<void> apply(const Entry& entry, std::int64_t position, std::int64_t event, std::int64_t row,
                       Instant received);
    Result<void> finish(const Batch& batch, std::int64_t item_number);

  private:
    struct Impl;
    explicit Writer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

/// The projection of batches onto subject and record tables, for rebuild.
std::unique_ptr<journal::Projection> projection(std::int64_t tenant,
                                                std::shared_ptr<const rulebook::Rulebook> rulebook);

/// The newest record with the same key, for V13. ended: nothing with this key stands any more, because a
/// later permit took its place (V14), or it was withdrawn.
struct Existing {
    std::int64_t position = 0;
    std::string payload;
    bool ended = false, withdrawn = false;
};
Result<std::optional<Existing>> find_by_key(store::ReadTx& tx, std::int64_t tenant, std::int64_t item_number,
                                            std::int64_t key);

/// Whether any record of an item is held.
Result<bool> any(store::ReadTx& tx, std::int64_t tenant, std::int64_t item_number);
/// A permit that another may follow (V14).
struct Permit {
    std::int64_t position = 0;
    Date decided;
};
/// The live permits of a subject with this number, decided on not_after at the latest, the newest decision
/// first; of these the first that skip does not take out.
Result<std::optional<Permit>> find_permit(store::ReadTx& tx, std::int64_t tenant,
                                          std::string_view subject_code, const rulebook::Item& item,
                                          std::string_view permit_no, Date not_after,
                                          const std::function<bool(std::int64_t position)>& skip);

/// Why and with which right something is read (R5). anyone reads with purpose "公示查询".
struct Reading {
    const api::Principal* viewer = nullptr;  // null: the public
    std::string_view purpose, basis;
    Date today;
    std::optional<Instant> known_at;  // as it was known then; absent: now
    bool still_held = false;          // with known_at: of that only what has not ended since (R3: the public)
};

/// A field as it may be shown.
struct ShownField {
    std::string code, name_zh, value;  // value for people: dates, yuan with two decimals, masked text
};

/// A record as it may be shown to this reader now.
struct ShownRecord {
    std::string id;  // "17-5": batch and row; stable for ever
    std::int64_t position = 0;
    const rulebook::Item* item = nullptr;
    std::string subject;
    std::vector<ShownField> fields;
    std::string title, document_no, source_unit, organ;
    std::optional<Date> decided, shown_until;  // shown_until absent: without end
    Instant received;
    int severity = 0;
    std::string_view severity_zh;
    std::string basis_zh;  // of the term
};

/// The decision alone: shown to the public on a day, until when, by which term. Pure.
struct Publicity {
    bool shown = false;
    std::optional<Date> until;
    const rulebook::PublicityTerm* term = nullptr;
    std::string_view reason_zh;  // why not
};
Publicity publicity(const rulebook::Rulebook& rulebook, const rulebook::Item& item, const Facts& facts,
                    Date today);

/// All records of a subject that this reader may see, newest decision first; item_id empty: all items.
Result<std::vector<ShownRecord>> disclose(store::ReadTx& tx, const rulebook::Rulebook& rulebook,
                                          std::int64_t tenant, std::string_view subject_code,
                                          std::string_view item_id, const Reading& reading);
/// One record by its id; nullopt when unknown or not to be shown.
Result<std::optional<ShownRecord>> disclose_one(store::ReadTx& tx, const rulebook::Rulebook& rulebook,
                                                std::int64_t tenant, std::string_view id,
                                                const Reading& reading);
/// The id of the record that stands in the place of this one today, after one or more updates; nullopt when
/// nothing replaced it. Whether that one may be shown is disclose_one()'s decision.
Result<std::optional<std::string>> replaced_by(store::ReadTx& tx, std::int64_t tenant, std::string_view id);
/// The receipt of a record that this reader may see (docs/formats/receipt.md), else nullopt. The batch's own
/// payload is withheld, and the row's too unless all of it may be shown as it is.
Result<std::optional<std::string>> disclose_receipt(store::ReadTx& tx, const rulebook::Rulebook& rulebook,
                                                    std::int64_t tenant, std::string_view id,
                                                    const Reading& reading, const crypto::Sm2PublicKey& key);
/// How many records of each item may be shown: the same decision, without reading contents.
struct ShownCounts {
    std::int64_t permits = 0, penalties = 0, lists = 0, registrations = 0;
};
Result<ShownCounts> disclose_counts(store::ReadTx& tx, const rulebook::Rulebook& rulebook,
                                    std::int64_t tenant, std::string_view subject_code,
                                    const Reading& reading);

/// A row that waits for a person to decide to whom it belongs.
struct Doubtful {
    std::int64_t position = 0, batch = 0, row = 0, line = 0;
    const rulebook::Item* item = nullptr;
    std::string unit_code;  // who handed it in
    std::string candidate;  // code that it may belong to
    std::vector<Finding> findings;
    std::vector<ShownField> fields;  // of those, what the public could see of a record: masked
    Instant received;
};
/// Live records, and rows that wait.
struct Counts {
    std::int64_t records = 0, doubtful = 0;
};
Result<Counts> count(store::ReadTx& tx, std::int64_t tenant);

/// The leak gate on a value that is about to be shown: what subject::find_personal() finds is masked, numbers
/// always, the rest where its rule says `hidden`. Any bytes are accepted; a text without findings comes back
/// as it is.
std::string mask_personal(std::string_view text, const rulebook::Rulebook& rulebook, Date today);
/// The same where no rulebook is at hand: only numbers that need no words (identity, mobile, bank card).
std::string mask_personal(std::string_view text);

}  // namespace mingxin::record
