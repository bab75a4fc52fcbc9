// One file, one batch: all its rows in one transaction, or nothing.
#include <algorithm>
#include <map>

#include "access/access.h"
#include "base/check.h"
#include "base/json.h"
#include "collect/checked_rows.h"
#include "collect/collect.h"
#include "collect/columns.h"
#include "collect/findings_spool.h"
#include "collect/mappings.h"
#include "collect/match.h"
#include "collect/reply.h"
#include "collect/table_reader.h"
#include "journal/journal.h"
#include "record/lists.h"
#include "subject/name.h"

namespace mingxin::collect {

using record::Batch;
using record::Entry;

namespace {

std::string_view format_name(FileFormat format) {
    switch (format) {
        case FileFormat::csv:
            return "csv";
        case FileFormat::xlsx:
            return "xlsx";
        case FileFormat::ndjson:
            return "ndjson";
    }
    return "";
}

std::int64_t* count_of(Batch& batch, record::Outcome outcome) {
    switch (outcome) {
        case record::Outcome::accepted:
            return &batch.accepted;
        case record::Outcome::updated:
            return &batch.updated;
        case record::Outcome::duplicate:
            return &batch.duplicate;
        case record::Outcome::doubtful:
            return &batch.doubtful;
        case record::Outcome::rejected:
            return &batch.rejected;
    }
    return nullptr;
}

std::string only_header(const TableReader& reader) {
    if (reader.header_row() == 0) return "各行都没有内容";
    return "只有表头（第 " + std::to_string(reader.header_row()) + " 行），下面没有内容";
}

/// Everything that the storing of one batch holds together, in the order in which it is let go.
class BatchRun {
  public:
    BatchRun(const Desk& desk, const Order& order, const rulebook::Item& item, TableReader& reader,
             CheckedRowSource& source, FindingsSpool* spool)
        : desk_(desk), order_(order), item_(item), reader_(reader), source_(source), spool_(spool) {}

    Result<Batch> run() {
        // The first rows are read and checked before anything is locked: most broken files end here.
        CheckedRows* rows = TRY(source_.next());
        if (!rows) return fail(Fault::empty_table, order_.file_name + only_header(reader_));
        auto tx = TRY(desk_.database.write());
        if (!order_.idempotency_key.empty()) {
            auto earlier = TRY(record::find_batch_by_key(tx, order_.unit_code, order_.idempotency_key));
            if (earlier) return fail(Fault::batch_repeated, std::to_string(earlier->id));
        }
        // Where the clock was set back, the journal keeps the time of the event before; so must the tables.
        const auto last = TRY(journal::events(tx, INT64_MAX, 1));
        now_ = last.empty() ? order_.now : std::max(order_.now, last.front().time);
        tallier_.emplace(*desk_.rulebook, item_, now_.date());
        TRY(store_rows(tx, rows));
        if (spool_) TRY(spool_->flush());
        TRY(journal::seal(tx, desk_.key, desk_.origin, now_));
        tell("入库", 1);
        TRY(tx.commit());
        return batch_;
    }

  private:
    Result<void> store_rows(store::Tx& tx, CheckedRows* rows) {
        const std::int64_t expected = static_cast<std::int64_t>(rows->size / std::max(rows->part, 1e-9));
        const std::int64_t expected_rows = std::clamp<std::int64_t>(expected, 1, 100'000'000);
        Matcher matcher = TRY(Matcher::create(tx, desk_.tenant, item_, order_.now.date()));
        auto journal_rows = TRY(journal::BatchWriter::begin(tx, expected_rows));
        // A load announced as large drops the indexes until its end, and every look-up would walk the table.
        auto writer =
            TRY(record::Writer::begin(tx, desk_.tenant, matcher.reads_tables() ? 0 : expected_rows));
        batch_.id = journal_rows.seq();
        for (; rows; rows = TRY(source_.next())) {
            if (order_.cancel && order_.cancel->load()) return fail(Fault::batch_cancelled, order_.file_name);
            for (std::size_t i = 0; i < rows->size; ++i) {
                entry_.line = rows->row_numbers[i];
                TRY(matcher.decide(rows->rows[i], entry_));
                TRY(store_row(matcher, journal_rows, writer));
                rows->rows[i].values.swap(entry_.values);  // the strings keep their memory
                rows->rows[i].findings.swap(entry_.findings);
            }
            tell("读取、检查与入库", rows->part);
        }
        fill_batch();
        // The header is public with every receipt: it names the unit; who pressed the key stands in the
        // payload.
        const journal::EventDraft draft{std::string(record::kBatchKind), "unit:" + order_.unit_code,
                                        record::encode_batch(batch_), desk_.rulebook->digest()};
        TRY(journal_rows.finish(draft, now_));
        return writer.finish(batch_, item_.number);
    }

    Result<void> store_row(Matcher& matcher, journal::BatchWriter& journal_rows, record::Writer& writer) {
        record::encode(entry_, payload_);
        const std::int64_t position = journal_rows.next_position();
        TRY(journal_rows.add(static_cast<std::uint8_t>(entry_.outcome), payload_));
        ++batch_.rows;
        TRY(writer.apply(entry_, position, batch_.id, batch_.rows, now_));
        matcher.remember(entry_, position);
        ++*count_of(batch_, entry_.outcome);
        tallier_->add(entry_);
        for (const record::Finding& finding : entry_.findings) ++findings_[finding.fault];
        if (spool_) TRY(spool_->add(entry_));
        return {};
    }

    void fill_batch() {
        batch_.item = item_.id;
        batch_.unit_code = order_.unit_code;
        batch_.file_name = order_.file_name;
        batch_.format = format_name(reader_.format());
        batch_.submitted_by = order_.submitted_by;
        batch_.idempotency_key = order_.idempotency_key;
        batch_.received = now_;
        batch_.findings.assign(findings_.begin(), findings_.end());
        batch_.tally = tallier_->tally();
    }

    void tell(std::string_view stage_zh, double part) {
        if (order_.progress) order_.progress({batch_.rows, part, stage_zh});
    }

    const Desk& desk_;
    const Order& order_;
    const rulebook::Item& item_;
    TableReader& reader_;
    CheckedRowSource& source_;
    FindingsSpool* spool_;
    Instant now_;
    Batch batch_;
    Entry entry_;
    std::string payload_;
    std::map<std::string, std::int64_t> findings_;
    std::optional<record::Tallier> tallier_;
};

struct Register {
    quality::UnitRegister units;
    SubmittingUnit submitting;
    std::vector<RememberedMapping> mappings;  // of the submitting unit, for this item
};

Result<Register> load_register(const Desk& desk, const Order& order) {
    auto tx = TRY(desk.database.read());
    Register loaded;
    for (const access::Unit& unit : TRY(access::units(tx))) {
        loaded.units.name_by_code.emplace(unit.code, unit.name);
        loaded.units.code_by_name.emplace(subject::normalise_name(unit.name), unit.code);
        if (unit.code == order.unit_code) loaded.submitting = {unit.code, unit.name};
    }
    if (loaded.submitting.code.empty()) return fail(Fault::unit_unknown, order.unit_code);
    if (!order.mapping) loaded.mappings = TRY(mappings_of(tx, order.unit_code, order.item));
    return loaded;
}

Result<std::optional<Outcome>> find_repeated(const Desk& desk, const Order& order) {
    if (order.idempotency_key.empty()) return std::optional<Outcome>();
    auto tx = TRY(desk.database.read());
    auto earlier = TRY(record::find_batch_by_key(tx, order.unit_code, order.idempotency_key));
    if (!earlier) return std::optional<Outcome>();
    Outcome outcome;
    outcome.batch = std::move(*earlier);
    outcome.repeated = true;
    return std::optional<Outcome>(std::move(outcome));
}

/// Which row was taken for the header, and what stands in it: without it nobody can tell why a column lacks.
Error with_header(Error error, const TableReader& reader) {
    constexpr std::size_t kMostNames = 12, kMostBytes = 60;
    if (error.fault != Fault::columns_missing) return error;
    std::string names;
    std::size_t count = 0;
    for (const std::string& name : reader.header()) {
        if (name.empty() || count++ >= kMostNames) continue;
        names += (names.empty() ? "" : "、") + (name.size() > kMostBytes ? "……" : name);
    }
    if (count > kMostNames) names += "等 " + std::to_string(count) + " 列";
    const std::int64_t row = reader.header_row();
    error.detail_zh = (row > 0 ? "第 " + std::to_string(row) + " 行被认作表头（" : "各行的键是（") + names +
                      "）。" + error.detail_zh;
    return error;
}

}  // namespace

Result<Outcome> collect(const Desk& desk, const Order& order) {
    const double begun_s = monotonic_s();
    if (auto repeated = TRY(find_repeated(desk, order))) return std::move(*repeated);
    const Date today = order.now.date();
    const rulebook::Item& item = *TRY(desk.rulebook->item_in_force(order.item, today));
    const Register known = TRY(load_register(desk, order));
    std::optional<Mapping> mapping;
    if (order.mapping) mapping = TRY(read_mapping(*order.mapping, item));
    OpenOptions options;
    options.header_words = header_words(item, mapping, known.mappings);
    options.shown_name = order.file_name;
    auto reader = TRY(open_table(order.file, options));
    const auto* remembered = mapping_for(known.mappings, item, reader->header(), order.now);
    if (remembered) mapping = as_mapping(*remembered);
    Result<ColumnPlan> planned = plan_columns(item, reader->header(), mapping, known.submitting, today);
    if (!planned.ok()) return fail(with_header(planned.error(), *reader));
    ColumnPlan plan = std::move(*planned);
    const quality::FileTraits traits{plan.old_version, reader->date_1904()};
    quality::Checker checker(*desk.rulebook, item, plan.sources, known.units, traits, today, desk.secret);
    std::optional<FindingsSpool> spool;
    if (order.reply) {
        TRY(try_reply(*order.reply));
        spool.emplace(TRY(FindingsSpool::create(plan.sources)));
    }
    Outcome outcome;
    {
        CheckedRowSource source(*reader, checker);
        Result<Batch> stored = BatchRun(desk, order, item, *reader, source, spool ? &*spool : nullptr).run();
        if (!stored.ok() && stored.error().fault == Fault::batch_repeated) {
            return std::move(*TRY(find_repeated(desk, order)));  // another call with the key was quicker
        }
        outcome.batch = TRY(std::move(stored));
    }
    outcome.notes_zh = std::move(plan.notes_zh);
    if (remembered) outcome.notes_zh.insert(outcome.notes_zh.begin(), applied_note_zh(*remembered, item));
    for (std::string& note : reader->notes_zh()) outcome.notes_zh.push_back(std::move(note));
    if (order.reply) {
        if (order.progress) order.progress({outcome.batch.rows, 1, "生成反馈"});
        // The batch stands by now, whatever becomes of its reply.
        const Result<void> written = spool->write_reply(order.file, options, *order.reply);
        if (!written.ok()) {
            outcome.notes_zh.push_back("数据已经入库，但反馈工作簿没有写成：" + written.error().message_zh());
        }
    }
    outcome.seconds = monotonic_s() - begun_s;
    return outcome;
}

std::string Outcome::to_json() const {
    JsonWriter json;
    json.begin_object()
        .field("batch", std::to_string(batch.id))
        .field("event", batch.id)
        .field("rows", batch.rows);
    json.field("accepted", batch.accepted)
        .field("updated", batch.updated)
        .field("duplicate", batch.duplicate);
    json.field("doubtful", batch.doubtful).field("rejected", batch.rejected);
    json.key("seconds").decimal(seconds, 3);
    json.key("findings").begin_object();
    for (const auto& [fault, count] : batch.findings) json.field(fault, count);
    json.end_object().key("notes").begin_array();
    for (const std::string& note : notes_zh) json.text(note);
    json.end_array().end_object();
    return json.take();
}

Result<RowFindings> row_findings(store::ReadTx& tx, const rulebook::Rulebook& rulebook,
                                 const record::FaultyRow& row, Date day) {
    const std::string payload = TRY(journal::row_payload(tx, row.position));
    Entry entry = TRY(record::decode(row.outcome, payload, rulebook));
    for (record::Finding& finding : entry.findings) quality::fill_texts(*entry.item, day, finding);
    return RowFindings{row.row,
                       entry.line,
                       entry.outcome,
                       std::move(entry.findings),
                       std::move(entry.subject),
                       std::move(entry.candidate)};
}

Result<std::vector<RowFindings>> findings(store::ReadTx& tx, const rulebook::Rulebook& rulebook,
                                          std::int64_t batch, std::int64_t after_row, int limit) {
    std::vector<RowFindings> list;
    const auto event = TRY(record::find_batch(tx, batch));
    if (!event) return fail(Fault::not_found, std::to_string(batch));
    const listing::Walk walk{.descending = false, .from = std::to_string(after_row), .most = limit};
    TRY(record::walk_findings(tx, batch, {}, walk, [&](const record::FaultyRow& row) -> Result<bool> {
        list.push_back(TRY(row_findings(tx, rulebook, row, event->received.date())));
        return true;
    }));
    return list;
}

}  // namespace mingxin::collect
