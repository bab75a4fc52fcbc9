// What is read: the monthly counts from their table, or from the journal itself.
#include <algorithm>

#include "assess/assess.h"
#include "record/record.h"
#include "rulebook/editions.h"

namespace mingxin::assess {
namespace {

constexpr store::Sql kMonths{
    "assess.months",
    "select unit, item, month, rows, accepted, updated, duplicate, doubtful, rejected, timed, on_time, late, "
    "late_days, provisional, cells, filled, exact, bad_code, last_us from tally "
    "where tenant = $1 and month <= $2"};
constexpr store::Sql kFaults{
    "assess.faults",
    "select unit, fault, sum(count) from tally_fault where tenant = $1 and month >= $2 and month <= $3 "
    "and ($4 = '' or unit = $4) and ($5 = 0 or item = $5) group by unit, fault order by 3 desc, 1, 2"};

MonthCounts read_month(const store::Cursor& row) {
    MonthCounts one;
    one.unit = row.text(0);
    int column = 1;
    for (std::int64_t* value :
         {&one.item, &one.month, &one.rows, &one.accepted, &one.updated, &one.duplicate, &one.doubtful,
          &one.rejected, &one.timed, &one.on_time, &one.late, &one.late_days, &one.provisional, &one.cells,
          &one.filled, &one.exact, &one.bad_code, &one.last.us}) {
        *value = row.integer(column++);
    }
    return one;
}

/// The same sums as add_to_tally(), in memory.
void add_batch(std::map<std::tuple<std::string, std::int64_t, std::int64_t>, MonthCounts>& months,
               std::int64_t item, const record::Batch& batch) {
    const std::int64_t month = record::month_number(batch.received.date());
    MonthCounts& one = months[{batch.unit_code, item, month}];
    one.unit = batch.unit_code;
    one.item = item;
    one.month = month;
    one.rows += batch.rows;
    one.accepted += batch.accepted;
    one.updated += batch.updated;
    one.duplicate += batch.duplicate;
    one.doubtful += batch.doubtful;
    one.rejected += batch.rejected;
    const record::Tally& tally = batch.tally;
    one.timed += tally.timed;
    one.on_time += tally.on_time;
    one.late += tally.late;
    one.late_days += tally.late_days;
    one.provisional += tally.provisional;
    one.cells += tally.cells;
    one.filled += tally.filled;
    one.exact += tally.exact;
    one.bad_code += tally.bad_code;
    if (batch.rows > batch.rejected) one.last = std::max(one.last, batch.received);
}

/// The rulebooks that batches name, as the journal keeps them.
class Editions {
  public:
    Editions(store::ReadTx& tx, const rulebook::Rulebook& current) : tx_(tx), current_(current) {}
    Result<const rulebook::Rulebook*> of(const std::string& digest) {
        if (digest.empty() || digest == current_.digest()) return &current_;
        auto found = loaded_.find(digest);
        if (found == loaded_.end()) {
            found = loaded_.emplace(digest, TRY(rulebook::load_edition(tx_, digest))).first;
        }
        return found->second.get();
    }

  private:
    store::ReadTx& tx_;
    const rulebook::Rulebook& current_;
    std::map<std::string, std::shared_ptr<const rulebook::Rulebook>> loaded_;
};

/// What the rows of a batch give. False: not what its event says.
Result<bool> recount_batch(store::ReadTx& tx, const rulebook::Rulebook& rules, const journal::Event& event,
                           record::Batch& batch) {
    const rulebook::Item* item = rules.item(batch.item);
    if (item == nullptr) return fail(Fault::payload_broken, batch.item);
    record::Tallier tallier(rules, *item, event.time.date());
    record::Batch counted;
    TRY(journal::for_each_row(tx, event, [&](const journal::Row& row) -> Result<void> {
        const auto outcome = static_cast<record::Outcome>(row.outcome);
        const record::Entry entry = TRY(record::decode(outcome, row.payload, rules));
        tallier.add(entry);
        ++counted.rows;
        counted.accepted += outcome == record::Outcome::accepted;
        counted.updated += outcome == record::Outcome::updated;
        counted.duplicate += outcome == record::Outcome::duplicate;
        counted.doubtful += outcome == record::Outcome::doubtful;
        counted.rejected += outcome == record::Outcome::rejected;
        return {};
    }));
    const bool same = counted.rows == batch.rows && counted.accepted == batch.accepted &&
                      counted.updated == batch.updated && counted.duplicate == batch.duplicate &&
                      counted.doubtful == batch.doubtful && counted.rejected == batch.rejected &&
                      tallier.tally() == batch.tally;
    batch.rows = counted.rows;
    batch.accepted = counted.accepted;
    batch.updated = counted.updated;
    batch.duplicate = counted.duplicate;
    batch.doubtful = counted.doubtful;
    batch.rejected = counted.rejected;
    batch.tally = tallier.tally();
    return same;
}

}  // namespace

Result<std::vector<MonthCounts>> read_months(store::ReadTx& tx, std::int64_t tenant, std::int64_t last) {
    std::vector<MonthCounts> months;
    auto rows = TRY(tx.scan(kMonths, {tenant, last}));
    while (TRY(rows.next())) months.push_back(read_month(rows));
    return months;
}

Result<std::vector<FaultCount>> read_faults(store::ReadTx& tx, std::int64_t tenant, const Period& period,
                                            std::string_view unit, std::int64_t item) {
    std::vector<FaultCount> all;
    auto rows = TRY(tx.scan(kFaults, {tenant, period.from, period.to, unit, item}));
    while (TRY(rows.next())) {
        all.push_back({std::string(rows.text(0)), std::string(rows.text(1)), rows.integer(2)});
    }
    return all;
}

Result<Replayed> replay(store::ReadTx& tx, const rulebook::Rulebook& rulebook, std::int64_t head,
                        std::int64_t last_month, bool recount) {
    Replayed replayed;
    Editions editions(tx, rulebook);
    std::map<std::tuple<std::string, std::int64_t, std::int64_t>, MonthCounts> months;
    TRY(journal::for_each_event(tx, 1, [&](const journal::Event& event) -> Result<void> {
        if (event.seq > head || event.kind != record::kBatchKind) return {};
        if (record::month_number(event.time.date()) > last_month) return {};
        record::Batch batch = TRY(record::decode_batch(event));
        if (!record::is_handed_in(batch)) return {};
        const rulebook::Item* item = rulebook.item(batch.item);
        if (item == nullptr) return fail(Fault::payload_broken, batch.item);
        ++replayed.batches;
        if (recount && !TRY(recount_batch(tx, *TRY(editions.of(event.rulebook)), event, batch))) {
            replayed.differing.push_back(event.seq);
        }
        add_batch(months, item->number, batch);
        return {};
    }));
    for (auto& [key, one] : months) replayed.months.push_back(std::move(one));
    return replayed;
}

}  // namespace mingxin::assess
