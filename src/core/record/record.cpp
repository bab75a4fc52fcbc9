// Tables, the writer and the finders.
#include "record/record.h"

#include <deque>

#include "base/check.h"
#include "base/json.h"
#include "record/effects_table.h"
#include "record/judgement.h"
#include "record/record_sql.h"

namespace mingxin::record {

using rulebook::Role;
using store::ColumnType;

namespace {

const store::Table& record_table() {
    static const store::Table table{.name = "record",
                                    .columns = {{"position", ColumnType::integer},
                                                {"tenant", ColumnType::integer},
                                                {"item", ColumnType::integer},
                                                {"subject", ColumnType::text},
                                                {"key", ColumnType::integer},
                                                {"event", ColumnType::integer},
                                                {"row", ColumnType::integer},
                                                {"start", ColumnType::integer, true},
                                                {"valid_to", ColumnType::integer, true},
                                                {"stated_end", ColumnType::integer, true},
                                                {"severity", ColumnType::integer},
                                                {"chain", ColumnType::integer},
                                                {"received_us", ColumnType::integer},
                                                {"first_us", ColumnType::integer},  // of its first version
                                                {"ended_us", ColumnType::integer},
                                                {"ended_by", ColumnType::integer}},  // 0: withdrawn
                                    .primary_key = "position",
                                    .indexes = {{"record_subject", "tenant, subject"},
                                                {"record_key", "tenant, item, key"},
                                                {"record_item", "tenant, item, position"}}};
    return table;
}

/// What the checks found, for finding the rows; the findings themselves stay in the journal.
const store::Table& finding_table() {
    static const store::Table table{.name = "finding",
                                    .columns = {{"position", ColumnType::integer},
                                                {"number", ColumnType::integer},  // within the row
                                                {"fault", ColumnType::text},
                                                {"field", ColumnType::integer},  // -1: of the row
                                                {"outcome", ColumnType::integer}},
                                    .primary_key = "position, number",
                                    .indexes = {{"finding_fault", "fault, position"}}};
    return table;
}

}  // namespace

std::span<const store::Table* const> tables() {
    static const store::Table doubtful{.name = "doubtful",
                                       .columns = {{"position", ColumnType::integer},
                                                   {"tenant", ColumnType::integer},
                                                   {"item", ColumnType::integer},
                                                   {"event", ColumnType::integer},
                                                   {"row", ColumnType::integer},
                                                   {"candidate", ColumnType::text},
                                                   {"fault", ColumnType::text},
                                                   {"received_us", ColumnType::integer},
                                                   {"decided_us", ColumnType::integer},
                                                   {"judged_by", ColumnType::integer},   // position
                                                   {"judged_in", ColumnType::integer}},  // event
                                       .primary_key = "position",
                                       .indexes = {{"doubtful_open", "tenant, decided_us, position"},
                                                   {"doubtful_item", "tenant, decided_us, item, position"},
                                                   {"doubtful_fault", "tenant, decided_us, fault, position"},
                                                   {"doubtful_candidate", "tenant, candidate, position"},
                                                   {"doubtful_judged", "tenant, judged_by"}}};
    static const store::Table* const all[] = {&record_table(),     &doubtful,           &batch_table(),
                                              &finding_table(),    &correction_table(), &tally_table(),
                                              &tally_fault_table()};
    return all;
}

const store::Table& batch_table() {
    static const store::Table table{
        .name = "batch",
        .columns = {{"id", ColumnType::integer},
                    {"tenant", ColumnType::integer},
                    {"item", ColumnType::text},
                    {"unit_code", ColumnType::text},
                    {"idempotency_key", ColumnType::text},
                    {"file_name", ColumnType::text},
                    {"received_us", ColumnType::integer},
                    {"first_position", ColumnType::integer},  // of its rows; 0: it has none
                    {"rows", ColumnType::integer},
                    {"doubtful", ColumnType::integer},
                    {"rejected", ColumnType::integer}},
        .primary_key = "id",
        .indexes = {{"batch_key", "unit_code, idempotency_key"},
                    {"batch_unit", "tenant, unit_code, id"},
                    {"batch_unit_item", "tenant, unit_code, item, id"},
                    {"batch_item", "tenant, item, id"}},
        .search_column = "file_name"};
    return table;
}

struct Writer::Impl {
    struct Ended {
        std::int64_t position, by;
        std::int64_t at_us;
        Change change;
        const rulebook::Item* item;
    };
    store::Tx* tx;
    std::int64_t tenant;
    subject::Writer subjects;
    store::BulkLoader records, findings;
    std::int64_t first_position = 0;
    std::deque<Ended> ended;  // rows of this batch may replace rows of this batch: after the load

    Impl(store::Tx& tx, std::int64_t tenant, subject::Writer subjects, store::BulkLoader records,
         store::BulkLoader findings)
        : tx(&tx),
          tenant(tenant),
          subjects(std::move(subjects)),
          records(std::move(records)),
          findings(std::move(findings)) {}
};

Writer::Writer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Writer::Writer(Writer&&) noexcept = default;
Writer::~Writer() = default;

Result<Writer> Writer::begin(store::Tx& tx, std::int64_t tenant, std::int64_t expected_rows) {
    auto subjects = TRY(subject::Writer::begin(tx, tenant, expected_rows));
    auto records = TRY(tx.bulk(record_table(), expected_rows));
    // Few rows have findings: their indexes are not worth dropping for a load.
    auto findings = TRY(tx.bulk(finding_table(), 0));
    return Writer(
        std::make_unique<Impl>(tx, tenant, std::move(subjects), std::move(records), std::move(findings)));
}

namespace {

store::Value day(const std::optional<Date>& date) {
    return date ? store::Value(std::int64_t{date->days}) : store::Value();
}

std::string_view value_with(const Entry& entry, Role role) {
    const int field = entry.item->field_with(role);
    return field < 0 ? std::string_view() : std::string_view(entry.values[field]);
}

/// The key by which permits of one number are found among a subject's records (V14); 0: none.
std::int64_t chain_of(std::string_view permit_no) {
    if (permit_no.empty()) return 0;
    std::uint64_t hash = 14695981039346656037ull;  // FNV-1a: stable, because it is stored
    for (unsigned char byte : permit_no) hash = (hash ^ byte) * 1099511628211ull;
    return static_cast<std::int64_t>(hash | 1);
}

/// What the entry says about its subject.
subject::Change subject_change(const Entry& entry) {
    subject::Change change;
    change.code = entry.subject;
    change.name = value_with(entry, Role::subject_name);
    change.creates = entry.creates_subject;
    change.registers = entry.item->defines_subject;
    if (change.registers) {
        change.established = parse_date(value_with(entry, Role::established));
        change.state = value_with(entry, Role::state);
        change.industry = value_with(entry, Role::industry);
    }
    change.former_name = entry.former_name;
    for (Role role :
         {Role::registration_no, Role::tax_no, Role::institution_no, Role::social_organisation_no}) {
        const std::string_view value = value_with(entry, role);
        if (!value.empty()) change.identifiers.push_back(value);
    }
    return change;
}

}  // namespace

Result<void> Writer::apply(const Entry& entry, std::int64_t position, std::int64_t event, std::int64_t row,
                           Instant received) {
    Impl& w = *impl_;
    if (w.first_position == 0) w.first_position = position - row + 1;
    for (std::size_t i = 0; i < entry.findings.size(); ++i) {
        const store::Value values[] = {position, static_cast<std::int64_t>(i), entry.findings[i].fault,
                                       entry.findings[i].field, static_cast<int>(entry.outcome)};
        TRY(w.findings.add(values));
    }
    if (entry.outcome == Outcome::doubtful) {
        const std::string_view fault =
            entry.findings.empty() ? "" : std::string_view(entry.findings.back().fault);
        TRY(w.tx->execute(sql::kAddDoubtful, {position, w.tenant, entry.item->number, event, row,
                                              entry.candidate, fault, received.us}));
        return {};
    }
    std::int64_t first_us = received.us;
    if (entry.judges != 0) {  // it came when the row that waited came
        auto waited = TRY(w.tx->query(sql::kWaitedSince, {entry.judges}));
        if (TRY(waited.next())) first_us = waited.integer(0);
        TRY(w.tx->execute(sql::kJudge, {entry.judges, received.us, position, event}));
    }
    if (entry.outcome != Outcome::accepted && entry.outcome != Outcome::updated) return {};
    if (entry.subject.empty()) return fail(Fault::payload_broken, "没有主体代码");
    TRY(w.subjects.apply(subject_change(entry), position));
    const Facts& facts = entry.facts;
    const store::Value values[] = {position,
                                   w.tenant,
                                   entry.item->number,
                                   entry.subject,
                                   facts.key,
                                   event,
                                   row,
                                   day(facts.start),
                                   day(facts.valid_to),
                                   day(facts.stated_end),
                                   facts.severity,
                                   chain_of(value_with(entry, Role::permit_no)),
                                   received.us,
                                   first_us,
                                   std::int64_t{0},
                                   std::int64_t{0}};
    TRY(w.records.add(values));
    if (entry.outcome == Outcome::updated) {
        w.ended.push_back({entry.replaces, position, received.us, entry.change, entry.item});
    }
    return {};
}

Result<void> Writer::finish(const Batch& batch, std::int64_t item_number) {
    Impl& w = *impl_;
    TRY(w.subjects.finish());
    TRY(w.records.finish());
    TRY(w.findings.finish());
    for (const Impl::Ended& ended : w.ended) {
        TRY(w.tx->execute(sql::kEnd, {ended.position, ended.at_us, ended.by}));
        // A correction does not reset the clock (rules 11); a new act has its own.
        const bool same_act = ended.change == Change::correct || ended.change == Change::restore;
        if (ended.change != Change::reissue) {
            TRY(w.tx->execute(sql::kKeepClock, {ended.by, ended.position, same_act ? 1 : 0}));
        }
        if (ended.change == Change::none) continue;
        TRY(add_correction(*w.tx, w.tenant,
                           {.event = batch.id,
                            .kind = std::string(change_name(ended.change)),
                            .item = ended.item->number,
                            .position = ended.position,
                            .successor = ended.by,
                            .unit_code = batch.unit_code,
                            .document_no = batch.document_no,
                            .reason = batch.reason,
                            .at = batch.received}));
    }
    TRY(add_to_tally(*w.tx, w.tenant, item_number, batch));
    return w.tx->insert(batch_table(), {batch.id, w.tenant, batch.item, batch.unit_code,
                                        batch.idempotency_key, batch.file_name, batch.received.us,
                                        w.first_position, batch.rows, batch.doubtful, batch.rejected});
}

namespace {

/// Batches onto their tables, for rebuild.
class BatchProjection : public journal::Projection {
  public:
    BatchProjection(std::int64_t tenant, std::shared_ptr<const rulebook::Rulebook> rulebook)
        : tenant_(tenant), rulebook_(std::move(rulebook)) {
        for (const store::Table* table : subject::tables()) tables_.push_back(table);
        for (const store::Table* table : record::tables()) tables_.push_back(table);
    }
    std::string_view name() const override { return "record"; }
    std::span<const store::Table* const> tables() const override { return tables_; }

    Result<void> begin_event(store::Tx& tx, const journal::Event& event) override {
        if (event.kind == kReversedKind) return apply_reversal(tx, event);
        if (event.kind == kWithdrawnKind) return apply_withdrawal(tx, tenant_, event);
        if (event.kind != kBatchKind) return {};
        writer_.emplace(TRY(Writer::begin(tx, tenant_, event.row_count)));
        return {};
    }

    Result<void> row(store::Tx&, const journal::Event& event, const journal::Row& row) override {
        if (!writer_) return {};
        const Entry entry = TRY(decode(static_cast<Outcome>(row.outcome), row.payload, *rulebook_));
        return writer_->apply(entry, event.first_position + row.row - 1, event.seq, row.row, event.time);
    }

    Result<void> end_event(store::Tx&, const journal::Event& event) override {
        if (!writer_) return {};
        const Batch batch = TRY(decode_batch(event));
        const rulebook::Item* item = rulebook_->item(batch.item);
        if (item == nullptr) return fail(Fault::payload_broken, batch.item);
        TRY(writer_->finish(batch, item->number));
        writer_.reset();
        return {};
    }

  private:
    std::int64_t tenant_;
    std::shared_ptr<const rulebook::Rulebook> rulebook_;
    std::vector<const store::Table*> tables_;
    std::optional<Writer> writer_;
};

Result<std::optional<Batch>> read_batch(store::ReadTx& tx, std::int64_t id) {
    auto event = TRY(journal::find_event(tx, id));
    if (!event || event->kind != kBatchKind) return std::optional<Batch>();
    return std::optional<Batch>(TRY(decode_batch(*event)));
}

}  // namespace

std::unique_ptr<journal::Projection> projection(std::int64_t tenant,
                                                std::shared_ptr<const rulebook::Rulebook> rulebook) {
    return std::make_unique<BatchProjection>(tenant, std::move(rulebook));
}

Result<std::optional<Batch>> find_batch(store::ReadTx& tx, std::int64_t id) {
    auto rows = TRY(tx.query(sql::kBatchById, {id}));
    if (!TRY(rows.next())) return std::optional<Batch>();
    return read_batch(tx, id);
}

Result<std::optional<Batch>> find_batch_by_key(store::ReadTx& tx, std::string_view unit_code,
                                               std::string_view key) {
    auto rows = TRY(tx.query(sql::kBatchByKey, {unit_code, key}));
    if (!TRY(rows.next())) return std::optional<Batch>();
    return read_batch(tx, rows.integer(0));
}

Result<std::optional<Existing>> find_by_key(store::ReadTx& tx, std::int64_t tenant, std::int64_t item_number,
                                            std::int64_t key) {
    auto rows = TRY(tx.query(sql::kByKey, {tenant, item_number, key}));
    if (!TRY(rows.next())) return std::optional<Existing>();
    const std::int64_t position = rows.integer(0);
    const bool ended = rows.integer(1) != 0, withdrawn = ended && rows.integer(2) == 0;
    return std::optional<Existing>(
        Existing{position, TRY(journal::row_payload(tx, position)), ended, withdrawn});
}

Result<Counts> count(store::ReadTx& tx, std::int64_t tenant) {
    Counts counts;
    {
        auto rows = TRY(tx.query(sql::kCountRecords, {tenant}));
        if (TRY(rows.next())) counts.records = rows.integer(0);
    }
    auto rows = TRY(tx.query(sql::kCountDoubtful, {tenant}));
    if (TRY(rows.next())) counts.doubtful = rows.integer(0);
    return counts;
}

Result<bool> any(store::ReadTx& tx, std::int64_t tenant, std::int64_t item_number) {
    auto rows = TRY(tx.query(sql::kAny, {tenant, item_number}));
    return TRY(rows.next());
}

Result<std::optional<Permit>> find_permit(store::ReadTx& tx, std::int64_t tenant,
                                          std::string_view subject_code, const rulebook::Item& item,
                                          std::string_view permit_no, Date not_after,
                                          const std::function<bool(std::int64_t position)>& skip) {
    std::vector<Permit> permits;
    {
        auto rows = TRY(tx.query(sql::kByChain, {tenant, subject_code, item.number, chain_of(permit_no),
                                                 std::int64_t{not_after.days}}));
        while (TRY(rows.next())) {
            permits.push_back({rows.integer(0), Date{static_cast<std::int32_t>(rows.integer(1))}});
        }
    }
    // The number as the journal row writes it: numbers of one hash are told apart.
    std::string wanted = "\"" + item.fields[item.field_with(Role::permit_no)].code + "\":";
    append_json_text(wanted, permit_no);
    for (const Permit& permit : permits) {
        if (skip(permit.position)) continue;
        const std::string payload = TRY(journal::row_payload(tx, permit.position));
        if (values_part(payload).find(wanted) != std::string_view::npos) return std::optional(permit);
    }
    return std::optional<Permit>();
}

}  // namespace mingxin::record
