// Which subject a row belongs to (rules 5.5) and whether it is new, an update or a repetition (V13). Knows
// what the tables hold and what this batch has taken so far. A name alone never attaches anything (R6).
// Internal to collect.
#pragma once
#include <memory>
#include <unordered_set>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "collect/flat_map.h"
#include "quality/quality.h"
#include "record/record.h"
#include "store/store.h"

namespace mingxin::collect {

class Matcher {
  public:
    /// What is referred to must outlive the matcher; tx is the batch's own transaction.
    static Result<Matcher> create(store::Tx& tx, std::int64_t tenant, const rulebook::Item& item, Date today);

    /// Whether decide() may look into the tables: their indexes must then stay while rows are loaded.
    bool reads_tables() const { return has_subjects_ || has_records_; }
    /// Turns a checked row into an entry: outcome, subject, findings of V13-V15. Takes the row's values by
    /// swapping.
    Result<void> decide(quality::CheckedRow& row, record::Entry& entry);
    /// A row that waited, which a person attaches to entry.subject: whether it is new, an update or a
    /// repetition, as of now. Its findings are the person's matter and are cleared.
    Result<void> settle(record::Entry& entry);
    /// From now on rows take the place of this record whatever their key, or are told as duplicates when they
    /// say the same: a correction that its source ordered.
    void replace_only(std::int64_t position) { target_ = position; }
    /// Must follow decide() or settle() once the entry's place in the journal is known.
    void remember(const record::Entry& entry, std::int64_t position);

  private:
    struct KnownSubject {
        std::uint64_t name_hash = 0;
    };
    struct KnownRecord {
        std::int64_t position = 0;
        std::uint64_t content_hash = 0;
    };
    struct KnownPermit {
        record::Permit permit;
        std::size_t before = SIZE_MAX;  // the one that this batch took before it under the same number
    };
    Matcher(store::Tx& tx, std::int64_t tenant, const rulebook::Item& item, Date today);
    Result<void> attach(record::Entry& entry);
    Result<void> attach_by_code(record::Entry& entry, std::string_view code);
    void take_former_names(record::Entry& entry) const;
    Result<void> attach_by_number(record::Entry& entry);
    /// unknown_number: an older number in the row that leads to nobody; empty when there is none.
    Result<void> doubt_name_only(record::Entry& entry, std::string_view unknown_number);
    Result<bool> is_name_of(const subject::Subject& subject, const record::Entry& entry);
    enum class Proof { needed, given };  // that a row of the same key is the same decision (V13.unproven)
    Result<void> compare_with_former(record::Entry& entry, Proof proof);
    Result<void> take_place_of_target(record::Entry& entry);
    bool is_withdrawn(record::Entry& entry) const;
    bool is_unproven(record::Entry& entry) const;
    Result<void> follow_permit_chain(record::Entry& entry);
    Result<std::optional<record::Permit>> find_former_permit(const record::Entry& entry,
                                                             std::string_view number);
    /// Leaves the row to a person, with the subject that it was about to be attached to as the candidate.
    static void hold(record::Entry& entry);
    void doubt(record::Entry& entry, rulebook::Algorithm algorithm, std::string_view reason,
               std::string_view value, std::string_view candidate);
    std::string_view value_with(const record::Entry& entry, rulebook::Role role) const;
    std::uint64_t permit_hash(const record::Entry& entry) const;

    store::Tx* tx_;
    std::int64_t tenant_;
    const rulebook::Item* item_;
    Date today_;
    std::int64_t target_ = 0;  // of a correction
    std::uint64_t seed_;       // of this batch's hashes: nobody can prepare colliding rows
    bool has_subjects_ = false, has_records_ = false;  // before this batch
    FlatMap<KnownSubject> subjects_;
    FlatMap<KnownRecord> records_;
    std::vector<KnownPermit> permits_;        // that this batch has taken
    FlatMap<std::size_t> last_permits_;       // the last of them by subject and permit number
    std::unordered_set<std::int64_t> ended_;  // positions whose place another permit of this batch took (V14)
    std::string scratch_;
};

}  // namespace mingxin::collect
