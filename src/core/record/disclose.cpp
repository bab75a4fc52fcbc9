// The one door out. Every reader of facts about a subject comes through here.
#include <algorithm>
#include <charconv>

#include "record/held.h"
#include "record/record_sql.h"

namespace mingxin::record {

using rulebook::FieldType;
using rulebook::Role;
using rulebook::Sharing;

namespace {

std::optional<Date> day(const store::Cursor& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return Date{static_cast<std::int32_t>(row.integer(column))};
}

}  // namespace

void read_held(const store::Cursor& row, Held& held) {
    held.position = row.integer(0);
    held.item = row.integer(1);
    held.subject = row.text(2);
    held.event = row.integer(3);
    held.row = row.integer(4);
    held.facts.start = day(row, 5);
    held.facts.valid_to = day(row, 6);
    held.facts.stated_end = day(row, 7);
    held.facts.severity = static_cast<int>(row.integer(8));
    held.received = Instant{row.integer(9)};
    held.ended_us = row.integer(10);
}

namespace {

/// Known and not ended at the moment that the reader asks about.
bool is_live(const Held& held, const Reading& reading) {
    if (!reading.known_at || (reading.still_held && held.ended_us != 0)) return held.ended_us == 0;
    return held.received <= *reading.known_at && (held.ended_us == 0 || held.ended_us > reading.known_at->us);
}

/// Of an item or of a field.
bool may_see_class(Sharing sharing, const Reading& reading) {
    switch (sharing) {
        case Sharing::open:
            return true;
        case Sharing::departments:
            // Only staff with a stated purpose and basis (R5).
            return reading.viewer && reading.viewer->signed_in() && !reading.purpose.empty() &&
                   !reading.basis.empty();
        case Sharing::authorised:
        case Sharing::sealed:
            return false;
    }
    return false;
}

}  // namespace

std::optional<Publicity> may_see(const rulebook::Rulebook& rulebook, const Held& held,
                                 const Reading& reading) {
    if (!is_live(held, reading)) return std::nullopt;
    const rulebook::Item* item = rulebook.item(held.item);
    if (!item || !may_see_class(item->sharing, reading)) return std::nullopt;
    Publicity decision = term_of(rulebook, *item, held.facts, reading.today);
    if (!decision.shown) return std::nullopt;
    return decision;
}

namespace {

std::string money_zh(std::string_view fen_text) {
    std::int64_t fen = 0;
    std::from_chars(fen_text.data(), fen_text.data() + fen_text.size(), fen);
    std::string yuan = std::to_string(fen / 100);
    for (int at = static_cast<int>(yuan.size()) - 3; at > 0; at -= 3) yuan.insert(at, ",");
    const int rest = static_cast<int>(fen % 100);
    yuan += '.';
    yuan += static_cast<char>('0' + rest / 10);
    yuan += static_cast<char>('0' + rest % 10);
    return yuan + "元";
}

std::string for_people(const rulebook::Rulebook& rulebook, const rulebook::Field& field,
                       const std::string& value, Date today) {
    switch (field.type) {
        case FieldType::money:
            return money_zh(value);
        case FieldType::date:
            return value == rulebook.parameter("legacy.long_term_date", today).text ? "长期" : value;
        case FieldType::text:
        case FieldType::enumeration:  // 其他-, with what somebody wrote behind it
        case FieldType::set:
        case FieldType::code:  // numbers without a check digit may be anything
            return mask_personal(value, rulebook, today);
    }
    return {};
}

/// Amounts are shown in yuan whatever unit the department reports in: "罚款金额(万元)" is shown as
/// "罚款金额".
std::string name_for_people(const rulebook::Field& field) {
    if (field.type != FieldType::money) return field.name_zh;
    return field.name_zh.substr(0, std::min(field.name_zh.find('('), field.name_zh.find("（")));
}

std::string value_with(const Entry& entry, Role role) {
    const int field = entry.item->field_with(role);
    return field < 0 ? std::string() : entry.values[field];
}

std::string_view severity_zh(int severity) {
    switch (severity) {
        case 1:
            return "轻微";
        case 2:
            return "一般";
        case 3:
            return "严重";
        default:
            return "";
    }
}

}  // namespace

std::vector<ShownField> shown_fields(const rulebook::Rulebook& rulebook, const Entry& entry,
                                     const Reading& reading) {
    std::vector<ShownField> fields;
    for (std::size_t i = 0; i < entry.values.size(); ++i) {
        const rulebook::Field& field = entry.item->fields[i];
        if (entry.values[i].empty() || !may_see_class(field.sharing, reading)) continue;
        fields.push_back({field.code, name_for_people(field),
                          for_people(rulebook, field, entry.values[i], reading.today)});
    }
    return fields;
}

namespace {

ShownRecord show(const rulebook::Rulebook& rulebook, const Held& held, const Entry& entry,
                 const Publicity& decision, const Reading& reading) {
    ShownRecord shown;
    shown.id = std::to_string(held.event) + "-" + std::to_string(held.row);
    shown.position = held.position;
    shown.item = entry.item;
    shown.subject = held.subject;
    shown.fields = shown_fields(rulebook, entry, reading);
    const auto masked = [&](const std::string& value) {
        return mask_personal(value, rulebook, reading.today);
    };
    shown.document_no = masked(value_with(entry, Role::document_no));
    shown.organ = masked(value_with(entry, Role::organ_name));
    shown.source_unit = masked(value_with(entry, Role::source_name));
    if (shown.source_unit.empty()) shown.source_unit = shown.organ;
    const std::string name = value_with(entry, Role::document_name);
    shown.title = name.empty() ? entry.item->title_zh : masked(name);
    shown.decided = held.facts.start;
    shown.shown_until = decision.until;
    shown.received = held.received;
    shown.severity = held.facts.severity;
    shown.severity_zh = severity_zh(held.facts.severity);
    if (decision.term) shown.basis_zh = decision.term->basis.text_zh();
    return shown;
}

}  // namespace

Result<ShownRecord> load_and_show(store::ReadTx& tx, const rulebook::Rulebook& rulebook, const Held& held,
                                  const Publicity& decision, const Reading& reading) {
    const std::string payload = TRY(journal::row_payload(tx, held.position));
    const Entry entry = TRY(decode(Outcome::accepted, payload, rulebook));
    return show(rulebook, held, entry, decision, reading);
}

namespace {

Result<std::vector<Held>> held_of(store::ReadTx& tx, std::int64_t tenant, std::string_view subject_code) {
    std::vector<Held> all;
    auto rows = TRY(tx.query(sql::kBySubject, {tenant, subject_code}));
    while (TRY(rows.next())) read_held(rows, all.emplace_back());
    return all;
}

}  // namespace

Result<std::vector<ShownRecord>> disclose(store::ReadTx& tx, const rulebook::Rulebook& rulebook,
                                          std::int64_t tenant, std::string_view subject_code,
                                          std::string_view item_id, const Reading& reading) {
    std::vector<ShownRecord> shown;
    for (const Held& held : TRY(held_of(tx, tenant, subject_code))) {
        if (!item_id.empty()) {
            const rulebook::Item* item = rulebook.item(held.item);
            if (!item || item->id != item_id) continue;
        }
        const auto decision = may_see(rulebook, held, reading);
        if (!decision) continue;
        shown.push_back(TRY(load_and_show(tx, rulebook, held, *decision, reading)));
    }
    std::stable_sort(shown.begin(), shown.end(), [](const ShownRecord& a, const ShownRecord& b) {
        return a.decided.value_or(Date{0}) > b.decided.value_or(Date{0});
    });
    return shown;
}

namespace {

struct Found {
    RecordId id;
    Held held;
    Publicity decision;
};

}  // namespace

std::optional<RecordId> read_id(std::string_view id) {
    RecordId parts;
    const char* end = id.data() + id.size();
    auto [at, bad_event] = std::from_chars(id.data(), end, parts.event);
    if (bad_event != std::errc() || at == end || *at != '-') return std::nullopt;
    auto [at_end, bad_row] = std::from_chars(at + 1, end, parts.row);
    if (bad_row != std::errc() || at_end != end || parts.row < 1) return std::nullopt;
    return parts;
}

std::string record_id(std::int64_t event, std::int64_t row) {
    return std::to_string(event) + "-" + std::to_string(row);
}

Result<std::optional<std::int64_t>> position_of(store::ReadTx& tx, const RecordId& id) {
    const auto event = TRY(journal::find_event(tx, id.event));
    if (!event || id.row > event->row_count) return std::optional<std::int64_t>();
    return std::optional(event->first_position + id.row - 1);
}

namespace {

/// The record of an id, when this reader may see it.
Result<std::optional<Found>> find_visible(store::ReadTx& tx, const rulebook::Rulebook& rulebook,
                                          std::int64_t tenant, std::string_view id, const Reading& reading) {
    Found found;
    const auto parts = read_id(id);
    if (!parts) return std::optional<Found>();
    found.id = *parts;
    const auto position = TRY(position_of(tx, *parts));
    if (!position) return std::optional<Found>();
    auto rows = TRY(tx.query(sql::kByPosition, {tenant, *position}));
    if (!TRY(rows.next())) return std::optional<Found>();
    read_held(rows, found.held);
    const auto decision = may_see(rulebook, found.held, reading);
    if (!decision) return std::optional<Found>();
    found.decision = *decision;
    return std::optional<Found>(std::move(found));
}

/// Every value may be shown to this reader just as it is.
bool all_open(const rulebook::Rulebook& rulebook, const Entry& entry, const Reading& reading) {
    for (std::size_t i = 0; i < entry.values.size(); ++i) {
        const std::string& value = entry.values[i];
        if (value.empty()) continue;
        if (!may_see_class(entry.item->fields[i].sharing, reading)) return false;
        if (mask_personal(value, rulebook, reading.today) != value) return false;
    }
    return true;
}

}  // namespace

Result<std::optional<ShownRecord>> disclose_one(store::ReadTx& tx, const rulebook::Rulebook& rulebook,
                                                std::int64_t tenant, std::string_view id,
                                                const Reading& reading) {
    const auto found = TRY(find_visible(tx, rulebook, tenant, id, reading));
    if (!found) return std::optional<ShownRecord>();
    return std::optional<ShownRecord>(
        TRY(load_and_show(tx, rulebook, found->held, found->decision, reading)));
}

Result<std::optional<std::string>> replaced_by(store::ReadTx& tx, std::int64_t tenant, std::string_view id) {
    std::optional<std::string> newest;
    const auto parts = read_id(id);
    auto position = parts ? TRY(position_of(tx, *parts)) : std::nullopt;
    while (position) {  // ends: each stands behind the one it replaced
        auto rows = TRY(tx.query(sql::kReplacedBy, {tenant, *position}));
        if (!TRY(rows.next())) break;
        newest = std::to_string(rows.integer(0)) + "-" + std::to_string(rows.integer(1));
        if (rows.integer(2) == 0 || rows.integer(3) <= *position) break;
        position = rows.integer(3);
    }
    return newest;
}

Result<std::optional<std::string>> disclose_receipt(store::ReadTx& tx, const rulebook::Rulebook& rulebook,
                                                    std::int64_t tenant, std::string_view id,
                                                    const Reading& reading, const crypto::Sm2PublicKey& key) {
    const auto found = TRY(find_visible(tx, rulebook, tenant, id, reading));
    if (!found) return std::optional<std::string>();
    const std::string payload = TRY(journal::row_payload(tx, found->held.position));
    const Entry entry = TRY(decode(Outcome::accepted, payload, rulebook));
    const journal::Withheld withheld{true, !all_open(rulebook, entry, reading)};
    return std::optional<std::string>(
        TRY(journal::receipt(tx, key, found->id.event, found->id.row, withheld)));
}

Result<ShownCounts> disclose_counts(store::ReadTx& tx, const rulebook::Rulebook& rulebook,
                                    std::int64_t tenant, std::string_view subject_code,
                                    const Reading& reading) {
    ShownCounts counts;
    for (const Held& held : TRY(held_of(tx, tenant, subject_code))) {
        if (!may_see(rulebook, held, reading)) continue;
        const std::string& item = rulebook.item(held.item)->id;
        if (item == "permit") {
            ++counts.permits;
        } else if (item == "penalty") {
            ++counts.penalties;
        } else if (item == "registration") {
            ++counts.registrations;
        } else if (rulebook.item(held.item)->section == "severe_list") {
            ++counts.lists;
        }
    }
    return counts;
}

}  // namespace mingxin::record
