#include "collect/correct.h"

#include <algorithm>
#include <optional>

#include "access/access.h"
#include "base/text.h"
#include "collect/match.h"
#include "journal/journal.h"
#include "record/effects.h"
#include "subject/name.h"

namespace mingxin::collect {

using record::Change;
using record::Entry;
using record::Standing;
using rulebook::Role;

namespace {

constexpr std::size_t kLongestReason = 500, kLongestDocument = 128,
                      kLongestValue = 20'000;  // characters, bytes

/// Which record, and whether this may be done to it now.
Result<Standing> find_target(store::ReadTx& tx, std::int64_t tenant, const CorrectionOrder& order,
                             const api::Principal& who) {
    auto found = TRY(record::find_standing(tx, tenant, order.record));
    if (!found) return fail(Fault::not_found, "没有记录 " + order.record);
    if (!who.scope().covers(found->unit_code)) return fail(Fault::record_foreign, "记录 " + order.record);
    if (found->ended && !found->withdrawn) {
        return fail(Fault::record_ended, "记录 " + order.record + " 已由 " + found->successor + " 代替");
    }
    const bool of_withdrawn = order.change != Change::correct;
    if (found->withdrawn && !of_withdrawn) return fail(Fault::record_withdrawn, "记录 " + order.record);
    if (!found->withdrawn && of_withdrawn) return fail(Fault::record_not_withdrawn, "记录 " + order.record);
    return std::move(*found);
}

Result<void> check_order(const CorrectionOrder& order) {
    if (trim(order.reason).empty()) return fail(Fault::correction_malformed, "请填写理由");
    if (character_count(order.reason) > kLongestReason) {
        return fail(Fault::correction_malformed, "理由不超过 " + std::to_string(kLongestReason) + " 个字");
    }
    if (character_count(order.document_no) > kLongestDocument) {
        return fail(Fault::correction_malformed,
                    "文书号不超过 " + std::to_string(kLongestDocument) + " 个字");
    }
    if (order.change == Change::restore && !order.values.empty()) {
        return fail(Fault::correction_malformed, "恢复不改动内容；如有改动，请恢复后再更正");
    }
    return {};
}

Result<quality::UnitRegister> load_units(store::ReadTx& tx) {
    quality::UnitRegister units;
    for (const access::Unit& unit : TRY(access::units(tx))) {
        units.name_by_code.emplace(unit.code, unit.name);
        units.code_by_name.emplace(subject::normalise_name(unit.name), unit.code);
    }
    return units;
}

/// The canonical value as somebody would write it, amounts in yuan.
std::string written(const rulebook::Field& field, const std::string& value) {
    if (field.type != rulebook::FieldType::money || value.empty()) return value;
    std::string fen = value;
    if (fen.size() < 3) fen.insert(0, 3 - fen.size(), '0');
    return fen.insert(fen.size() - 2, ".");
}

/// A row made of the old values and the new ones.
struct WrittenRow {
    std::vector<std::string> cells;  // by field
    std::vector<bool> given;
    std::vector<quality::Source> sources;
};

Result<WrittenRow> write_row(const rulebook::Item& item, const Entry& old, const CorrectionOrder& order) {
    WrittenRow row;
    const std::size_t count = item.fields.size();
    row.cells.resize(count);
    row.given.resize(count);
    row.sources.resize(count);
    for (std::size_t i = 0; i < count; ++i) row.cells[i] = written(item.fields[i], old.values[i]);
    for (const auto& [code, text] : order.values) {
        const auto field =
            std::find_if(item.fields.begin(), item.fields.end(),
                         [&code = code](const rulebook::Field& one) { return one.code == code; });
        if (field == item.fields.end()) return fail(Fault::correction_malformed, "没有字段 " + code);
        const std::size_t i = static_cast<std::size_t>(field - item.fields.begin());
        if (row.given[i]) return fail(Fault::correction_malformed, "字段 " + code + " 写了两次");
        if (text.size() > kLongestValue) return fail(Fault::correction_malformed, field->name_zh + "过长");
        row.given[i] = true;
        row.cells[i] = text;
    }
    for (std::size_t i = 0; i < count; ++i) {
        // A digest of a number can't be read again: it is carried over. What was absent may stay so.
        const bool carried = item.fields[i].role == Role::legal_certificate_no && !row.given[i];
        if (!carried && (row.given[i] || !row.cells[i].empty())) {
            row.sources[i] = {{static_cast<int>(i)}, {}, quality::Source::Read::cell, true};
        }
    }
    return row;
}

std::string findings_zh(const rulebook::Item& item, const std::vector<record::Finding>& findings) {
    std::string text;
    for (const record::Finding& finding : findings) {
        if (finding.effect != rulebook::Effect::reject && finding.effect != rulebook::Effect::doubtful)
            continue;
        if (!text.empty()) text += "；";
        if (finding.field >= 0) text += item.fields[static_cast<std::size_t>(finding.field)].name_zh + "：";
        text += finding.message_zh + finding.remedy_zh + "（" + finding.fault + "）";
    }
    return text;
}

/// The entry of a correction, checked and matched.
Result<Entry> checked_entry(store::Tx& tx, const Desk& desk, const rulebook::Item& item, const Entry& old,
                            const CorrectionOrder& order, std::int64_t target) {
    const WrittenRow row = TRY(write_row(item, old, order));
    const quality::UnitRegister units = TRY(load_units(tx));
    const Date today = order.now.date();
    quality::Checker checker(*desk.rulebook, item, row.sources, units, {}, today, desk.secret);
    std::vector<quality::Cell> cells;
    for (const std::string& text : row.cells) cells.push_back({text, quality::Cell::Kind::text});
    quality::CheckedRow checked;
    checker.check(cells, checked);
    const int certificate = item.field_with(Role::legal_certificate_no);
    if (certificate >= 0 && !row.given[certificate]) checked.values[certificate] = old.values[certificate];
    Matcher matcher = TRY(Matcher::create(tx, desk.tenant, item, today));
    matcher.replace_only(target);
    Entry entry;
    TRY(matcher.decide(checked, entry));
    if (entry.outcome == record::Outcome::rejected || entry.outcome == record::Outcome::doubtful) {
        return fail(Fault::correction_rejected, findings_zh(item, entry.findings));
    }
    if (entry.outcome == record::Outcome::duplicate) return fail(Fault::correction_same);
    return entry;
}

/// The same values again.
Result<Entry> restored_entry(store::Tx& tx, const Desk& desk, const rulebook::Item& item, Entry old,
                             std::int64_t target) {
    const auto existing = TRY(record::find_by_key(tx, desk.tenant, item.number, old.facts.key));
    if (existing && !existing->ended && existing->position != target) {
        return fail(Fault::correction_collides, "撤回之后又报送了同一决定");
    }
    old.findings.clear();
    old.candidate.clear();
    old.former_name.clear();
    old.creates_subject = false;
    old.judges = 0;
    old.replaces = target;
    old.outcome = record::Outcome::updated;
    return old;
}

std::string_view change_zh(Change change) {
    return change == Change::correct ? "更正记录" : change == Change::restore ? "恢复记录" : "重新作出";
}

/// One row, one batch, of the unit that handed the record in.
Result<Corrected> store_row(store::Tx& tx, const Desk& desk, const CorrectionOrder& order, const Entry& entry,
                            const Standing& target, const std::string& principal) {
    const auto last = TRY(journal::events(tx, INT64_MAX, 1));
    const Instant now = last.empty() ? order.now : std::max(order.now, last.front().time);
    auto rows = TRY(journal::BatchWriter::begin(tx, 1));
    auto writer = TRY(record::Writer::begin(tx, desk.tenant, 0));
    record::Batch batch;
    batch.id = rows.seq();
    batch.item = entry.item->id;
    batch.unit_code = target.unit_code;
    batch.file_name = std::string(change_zh(entry.change)) + " " + order.record;
    batch.format = record::kCorrectionFormat;
    batch.submitted_by = principal;
    batch.reason = record::mask_personal(trim(order.reason), *desk.rulebook, order.now.date());
    batch.document_no = record::mask_personal(trim(order.document_no), *desk.rulebook, order.now.date());
    batch.rows = batch.updated = 1;
    batch.received = now;
    Corrected corrected{batch.id, std::to_string(batch.id) + "-1", {}};
    for (const record::Finding& finding : entry.findings) {
        batch.findings.emplace_back(finding.fault, 1);
        corrected.notes_zh.push_back(finding.message_zh);
    }
    std::sort(batch.findings.begin(), batch.findings.end());
    std::string payload;
    record::encode(entry, payload);
    const std::int64_t position = rows.next_position();
    TRY(rows.add(static_cast<std::uint8_t>(entry.outcome), payload));
    TRY(writer.apply(entry, position, batch.id, 1, now));
    const journal::EventDraft draft{std::string(record::kBatchKind), "unit:" + batch.unit_code,
                                    record::encode_batch(batch), desk.rulebook->digest()};
    TRY(rows.finish(draft, now));
    TRY(writer.finish(batch, entry.item->number));
    return corrected;
}

}  // namespace

Result<Corrected> correct(store::Tx& tx, const Desk& desk, const CorrectionOrder& order,
                          const api::Principal& who) {
    TRY(check_order(order));
    const Standing target = TRY(find_target(tx, desk.tenant, order, who));
    Entry old = TRY(record::decode(record::Outcome::accepted, TRY(journal::row_payload(tx, target.position)),
                                   *desk.rulebook));
    const rulebook::Item& item = *TRY(desk.rulebook->item_in_force(old.item->id, order.now.date()));
    Entry entry = order.change == Change::restore
                      ? TRY(restored_entry(tx, desk, item, std::move(old), target.position))
                      : TRY(checked_entry(tx, desk, item, old, order, target.position));
    entry.change = order.change;
    entry.line = 1;
    return store_row(tx, desk, order, entry, target, who.name);
}

}  // namespace mingxin::collect
