// Reading corrections and withdrawals: their list, the versions of a record, what the public is told.
#include <algorithm>

#include "base/text.h"
#include "listing/keyset.h"
#include "record/effects.h"
#include "record/held.h"
#include "record/lists.h"
#include "record/record_sql.h"

namespace mingxin::record {

using listing::Asked;
using listing::Range;
using listing::Select;
using listing::Walk;
using listing::Walked;
using store::Sql;

namespace {

#define MINGXIN_CORRECTION_COLUMNS                                                                          \
    "select c.id, c.event, c.kind, c.ground, c.item, c.position, c.successor, c.unit_code, c.document_no, " \
    "c.reason, c.decided, c.due, c.late_days, c.at_us, r.event, r.row, r.subject, n.event, n.row "          \
    "from correction c join record r on r.position = c.position "                                           \
    "left join record n on n.position = c.successor "

constexpr Sql kOfRecord{"correction.of_record", MINGXIN_CORRECTION_COLUMNS
                        "where c.tenant = $1 and c.position = $2 union all " MINGXIN_CORRECTION_COLUMNS
                        "where c.tenant = $1 and c.successor = $2 order by 1"};
constexpr Sql kIdsOf{"correction.ids_of", "select id from correction where tenant = $1 and position = $2"};
constexpr Sql kStep{"record.step",
                    "select ended_us, ended_by, event, row from record where tenant = $1 and position = $2"};
constexpr Sql kKindOf{"correction.kind_of",
                      "select kind from correction where tenant = $1 and position = $2 and successor = $3"};
constexpr listing::Clock kClock{
    {"correction.clock", "select id, at_us from correction where id >= $1 order by id limit 1"},
    {"correction.last", "select coalesce(max(id), 0) from correction"}};

std::optional<Date> day(const store::Cursor& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return Date{static_cast<std::int32_t>(row.integer(column))};
}

Correction read_correction(const store::Cursor& row) {
    Correction c;
    c.id = row.integer(0);
    c.event = row.integer(1);
    c.kind = row.text(2);
    c.ground = row.text(3);
    c.item = row.integer(4);
    c.position = row.integer(5);
    c.successor = row.integer(6);
    c.unit_code = row.text(7);
    c.document_no = row.text(8);
    c.reason = row.text(9);
    c.decided = day(row, 10);
    c.due = day(row, 11);
    c.late_working_days = row.integer(12);
    c.at = Instant{row.integer(13)};
    c.record = record_id(row.integer(14), row.integer(15));
    c.subject = row.text(16);
    if (!row.is_null(17)) c.successor_record = record_id(row.integer(17), row.integer(18));
    return c;
}

/// Who did it stands in the event only.
Result<void> add_principal(store::ReadTx& tx, Correction& c) {
    const auto event = TRY(journal::find_event(tx, c.event));
    if (!event) return {};
    c.by = event->kind == kBatchKind ? TRY(decode_batch(*event)).submitted_by : event->principal;
    return {};
}

/// The corrections that a text means: of a record by its id, of a subject by its code or part of its name.
Result<std::vector<std::int64_t>> ids_meant(store::ReadTx& tx, std::int64_t tenant, std::string_view text) {
    std::vector<std::int64_t> positions, ids;
    if (const auto parts = read_id(text)) {
        if (const auto position = TRY(position_of(tx, *parts))) positions.push_back(*position);
    } else {
        positions = TRY(positions_of(tx, tenant, text));
    }
    for (std::int64_t position : positions) {
        auto rows = TRY(tx.query(kIdsOf, {tenant, position}));
        while (TRY(rows.next())) ids.push_back(rows.integer(0));
    }
    std::sort(ids.begin(), ids.end());
    return ids;
}

Result<Select> select_of(const rulebook::Rulebook& rulebook, std::int64_t tenant, const Asked& asked) {
    const api::Input& in = asked.in;
    const api::Principal::Scope scope = asked.who.scope();
    // A plus keeps SQLite from the indexes that begin with the tenant where the key alone will do.
    Select select("correction.list",
                  scope.all && !in.has("unit") ? MINGXIN_CORRECTION_COLUMNS "where +c.tenant = ?"
                                               : MINGXIN_CORRECTION_COLUMNS "where c.tenant = ?",
                  {tenant});
    if (!scope.all) select.where("own", "c.unit_code = ?", {scope.unit});
    if (in.has("unit")) select.where("unit", "c.unit_code = ?", {in.text("unit")});
    if (in.has("kind")) select.where("kind", "c.kind = ?", {in.text("kind")});
    if (in.boolean("late")) select.where("late", "c.late_days > 0", {});
    if (in.has("item")) {
        const rulebook::Item* item = rulebook.item(in.text("item"));
        if (!item) return fail(Fault::item_unknown, std::string(in.text("item")));
        select.where("item", "c.item = ?", {item->number});
    }
    return select;
}

}  // namespace

Result<Walked> walk_corrections(store::ReadTx& tx, const rulebook::Rulebook& rulebook, std::int64_t tenant,
                                const Asked& asked, const Walk& walk,
                                const std::function<Result<bool>(const Correction&)>& visit) {
    Range range = TRY(listing::behind(walk, {}));
    range = TRY(listing::within_days(tx, kClock, asked.in, range));
    const Select select = TRY(select_of(rulebook, tenant, asked));
    const std::string_view text = trim(asked.in.text("q"));
    std::vector<std::int64_t> keys;
    if (!text.empty()) keys = TRY(ids_meant(tx, tenant, text));
    if (range.empty()) return Walked{};
    TRY(listing::walk_rows(tx, select, "c.id", range, text.empty() ? nullptr : &keys, walk.descending,
                           walk.most, [&](store::Cursor& row) -> Result<bool> {
                               Correction one = read_correction(row);
                               if (walk.contents) TRY(add_principal(tx, one));
                               return visit(one);
                           }));
    return Walked{};
}

Result<std::vector<Correction>> corrections_of(store::ReadTx& tx, std::int64_t tenant,
                                               std::int64_t position) {
    std::vector<Correction> all;
    {
        auto rows = TRY(tx.query(kOfRecord, {tenant, position}));
        while (TRY(rows.next())) all.push_back(read_correction(rows));
    }
    for (Correction& one : all) TRY(add_principal(tx, one));
    return all;
}

namespace {

struct Step {
    std::int64_t ended_us = 0, ended_by = 0;
    std::string id;
};
Result<std::optional<Step>> step_of(store::ReadTx& tx, std::int64_t tenant, std::int64_t position) {
    auto rows = TRY(tx.query(kStep, {tenant, position}));
    if (!TRY(rows.next())) return std::optional<Step>();
    return std::optional(Step{rows.integer(0), rows.integer(1), record_id(rows.integer(2), rows.integer(3))});
}

Result<Entry> entry_at(store::ReadTx& tx, const rulebook::Rulebook& rulebook, std::int64_t position) {
    return decode(Outcome::accepted, TRY(journal::row_payload(tx, position)), rulebook);
}

/// Whether the later one is another version of the same record, not a later act in its place (V14).
bool is_version_of(const Entry& later, const Entry& earlier) {
    return later.change != Change::none || later.facts.key == earlier.facts.key;
}

std::string yuan(std::string_view fen) {
    std::string text(fen);
    const bool negative = !text.empty() && text[0] == '-';
    if (negative) text.erase(0, 1);
    if (text.size() < 3) text.insert(0, 3 - text.size(), '0');
    text.insert(text.size() - 2, ".");
    return (negative ? "-" : "") + text;
}

/// As a form would hold it; empty where the reader may not see all of it.
std::string input_of(const rulebook::Field& field, const std::string& value, const ShownField& shown) {
    switch (field.type) {
        case rulebook::FieldType::money:
            return yuan(value);
        case rulebook::FieldType::date:
            return value;
        default:
            return shown.value == value ? value : std::string();
    }
}

Result<Version> version_of(store::ReadTx& tx, const rulebook::Rulebook& rulebook, std::int64_t tenant,
                           std::int64_t position, const Entry& entry, const Reading& reading) {
    Version version;
    const Step step = *TRY(step_of(tx, tenant, position));
    version.standing = *TRY(find_standing(tx, tenant, step.id));
    version.ended = Instant{step.ended_us};
    version.shown.resize(entry.item->fields.size());
    version.inputs.resize(entry.item->fields.size());
    for (const ShownField& shown : shown_fields(rulebook, entry, reading)) {
        const int field = entry.item->field_by_header(shown.code);
        if (field < 0) continue;
        version.shown[field] = shown.value;
        version.inputs[field] = input_of(entry.item->fields[field], entry.values[field], shown);
    }
    for (std::size_t i = 0; i < entry.values.size(); ++i) {
        if (!entry.values[i].empty() && version.shown[i].empty()) version.shown[i] = "（不予显示）";
    }
    return version;
}

}  // namespace

Result<std::vector<Version>> versions(store::ReadTx& tx, const rulebook::Rulebook& rulebook,
                                      std::int64_t tenant, const Standing& one, const Reading& reading) {
    std::vector<std::pair<std::int64_t, Entry>> chain;
    chain.emplace_back(one.position, TRY(entry_at(tx, rulebook, one.position)));
    while (chain.front().second.replaces != 0) {
        const std::int64_t before = chain.front().second.replaces;
        Entry entry = TRY(entry_at(tx, rulebook, before));
        if (!is_version_of(chain.front().second, entry)) break;
        chain.insert(chain.begin(), {before, std::move(entry)});
    }
    for (;;) {
        const auto step = TRY(step_of(tx, tenant, chain.back().first));
        if (!step || step->ended_by <= 0) break;
        Entry entry = TRY(entry_at(tx, rulebook, step->ended_by));
        if (!is_version_of(entry, chain.back().second)) break;
        chain.emplace_back(step->ended_by, std::move(entry));
    }
    std::vector<Version> all;
    for (const auto& [position, entry] : chain) {
        all.push_back(TRY(version_of(tx, rulebook, tenant, position, entry, reading)));
    }
    return all;
}

Result<std::optional<Statement>> withdrawal_statement(store::ReadTx& tx, const rulebook::Rulebook& rulebook,
                                                      std::int64_t tenant, std::string_view id, Date today) {
    const std::optional<Statement> nothing;
    const auto newest = TRY(replaced_by(tx, tenant, id));
    const auto standing = TRY(find_standing(tx, tenant, newest ? std::string_view(*newest) : id));
    if (!standing || !standing->withdrawn) return nothing;
    Held held;
    {
        auto rows = TRY(tx.query(sql::kByPosition, {tenant, standing->position}));
        if (!TRY(rows.next())) return nothing;
        read_held(rows, held);
    }
    const rulebook::Item* item = rulebook.item(held.item);
    // Where the record itself would not be shown any more, nothing is said of it either.
    if (!item || !publicity(rulebook, *item, held.facts, today).shown) return nothing;
    const auto all = TRY(corrections_of(tx, tenant, standing->position));
    for (auto c = all.rbegin(); c != all.rend(); ++c) {
        if (c->kind != "withdraw") continue;
        const Date withdrawn = c->at.date();
        const auto* ground = rulebook.withdrawal_ground(c->ground, withdrawn);
        return std::optional(Statement{c->unit_code, withdrawn, ground ? ground->public_zh : std::string()});
    }
    return nothing;
}

Result<Fate> fate_of(store::ReadTx& tx, std::int64_t tenant, std::string_view id) {
    const auto parts = read_id(id);
    auto position = parts ? TRY(position_of(tx, *parts)) : std::nullopt;
    bool changed = false;
    while (position) {
        const auto step = TRY(step_of(tx, tenant, *position));
        if (!step || step->ended_us == 0) break;
        if (step->ended_by <= 0) return Fate::withdrawn;  // or its judgement was taken back
        auto rows = TRY(tx.query(kKindOf, {tenant, *position, step->ended_by}));
        const bool restored = TRY(rows.next()) && rows.text(0) == change_name(Change::restore);
        changed = changed || !restored;
        if (step->ended_by <= *position) break;  // each stands behind the one it replaced
        position = step->ended_by;
    }
    return changed ? Fate::corrected : Fate::stands;
}

}  // namespace mingxin::record
