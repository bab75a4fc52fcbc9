#include "collect/mappings.h"

#include <algorithm>
#include <set>

#include "base/json.h"
#include "base/text.h"
#include "collect/mappings_sql.h"
#include "collect/reply.h"
#include "crypto/crypto.h"
#include "subject/personal_text.h"

namespace mingxin::collect {

namespace {

constexpr std::string_view kRemembered = "mapping.remembered", kEnded = "mapping.ended";
constexpr std::size_t kMostColumns = 300, kMostHeader = 200;

class MappingProjection final : public journal::Projection {
  public:
    std::string_view name() const override { return "mappings"; }
    std::span<const store::Table* const> tables() const override { return collect::tables(); }
    Result<void> begin_event(store::Tx& tx, const journal::Event& event) override {
        if (event.kind != kRemembered && event.kind != kEnded) return {};
        const auto mapping = decode_mapping(event.payload);
        if (!mapping) {
            return fail(Fault::journal_damaged, "事项 " + std::to_string(event.seq) + " 的内容无法读取",
                        "mappings: payload of event " + std::to_string(event.seq));
        }
        if (event.kind == kEnded) {
            TRY(tx.execute(sql::kEndMapping, {mapping->id, event.time.us}));
            return {};
        }
        std::vector<std::string> headers;
        for (const RememberedColumn& column : mapping->columns) headers.push_back(column.header);
        const std::string set = header_set(headers);
        TRY(tx.execute(sql::kReplaceMapping, {mapping->unit_code, mapping->item, set, event.time.us}));
        return tx.insert(kMappingTable,
                         {event.seq, mapping->unit_code, mapping->item, set, encode_columns(mapping->columns),
                          event.principal, event.time.us, 0});
    }
    Result<void> row(store::Tx&, const journal::Event&, const journal::Row&) override { return {}; }
    Result<void> end_event(store::Tx&, const journal::Event&) override { return {}; }
};

/// Appends the event and applies it; its number.
Result<journal::Event> record(store::Tx& tx, std::string_view kind, std::string payload,
                              const access::Stamp& stamp) {
    journal::Event event = TRY(journal::append(
        tx, {std::string(kind), stamp.principal, std::move(payload), stamp.rulebook}, stamp.now));
    TRY(MappingProjection().begin_event(tx, event));
    return event;
}

tl::unexpected<Error> malformed(std::string what_zh) {
    return fail(Fault::mapping_malformed, std::move(what_zh));
}

Result<RememberedMapping> mapping_at(const store::Cursor& row) {
    auto columns = decode_columns(row.text(3));
    if (!columns) {
        return fail(Fault::journal_damaged, "列对应 " + std::to_string(row.integer(0)) + " 无法读取",
                    "column_mapping: columns of " + std::to_string(row.integer(0)));
    }
    RememberedMapping mapping;
    mapping.id = row.integer(0);
    mapping.unit_code = row.text(1);
    mapping.item = row.text(2);
    mapping.columns = std::move(*columns);
    mapping.saved_by = row.text(4);
    mapping.saved = Instant{row.integer(5)};
    mapping.ended = Instant{row.integer(6)};
    return mapping;
}

Result<std::vector<RememberedMapping>> all_at(store::Cursor rows) {
    std::vector<RememberedMapping> all;
    while (TRY(rows.next())) all.push_back(TRY(mapping_at(rows)));
    return all;
}

int field_of(const rulebook::Item& item, std::string_view code) {
    const auto found = std::find_if(item.fields.begin(), item.fields.end(),
                                    [&](const rulebook::Field& field) { return field.code == code; });
    return found == item.fields.end() ? -1 : static_cast<int>(found - item.fields.begin());
}

/// A header stands in the journal for ever: of sensible length, and no cell of a person taken for one.
Result<void> check_header(const rulebook::Rulebook& rulebook, const std::string& header, Date today) {
    const bool plain = is_utf8(header) && std::none_of(header.begin(), header.end(), [](char c) {
                           return static_cast<unsigned char>(c) < 0x20;
                       });
    if (trim(header).empty() || !plain || character_count(header) > kMostHeader)
        return malformed("列名应为1至200个字：" + to_readable(header).substr(0, kMostHeader));
    if (!subject::find_personal(header, rulebook, today, 1).empty()) {
        return malformed("列名中有个人的号码或住址。文件可能没有表头，第一行就是数据，请补上表头");
    }
    return {};
}

Result<void> check_columns(const rulebook::Rulebook& rulebook, const rulebook::Item& item,
                           const std::vector<RememberedColumn>& columns, Date today) {
    if (columns.empty() || columns.size() > kMostColumns) return malformed("列数应为1至300");
    std::set<std::string> headers;
    std::set<int> fields;
    for (const RememberedColumn& column : columns) {
        TRY(check_header(rulebook, column.header, today));
        if (!headers.insert(rulebook::fold_header(column.header)).second)
            return malformed("列名“" + column.header + "”出现了两次，请在文件中区分后重新选择文件");
        if (column.field.empty()) continue;
        const int field = field_of(item, column.field);
        if (field < 0) return malformed("“" + column.field + "”不是" + item.title_zh + "的字段代码");
        const rulebook::Field& rule = item.fields[static_cast<std::size_t>(field)];
        if (!fields.insert(field).second && rule.type != rulebook::FieldType::set)
            return malformed("两列对应同一个字段“" + rule.name_zh + "”，请只留一列");
        if (column.money_in_yuan && rule.type != rulebook::FieldType::money)
            return malformed("“" + rule.name_zh + "”不是金额，没有单位");
    }
    if (fields.empty()) return malformed("没有一列对应到字段");
    return {};
}

}  // namespace

std::span<const store::Table* const> tables() {
    static const store::Table* const all[] = {&kMappingTable};
    return all;
}

std::unique_ptr<journal::Projection> projection() {
    return std::make_unique<MappingProjection>();
}

std::string header_set(const std::vector<std::string>& headers) {
    std::set<std::string> folded;
    for (const std::string& header : headers) {
        std::string one = rulebook::fold_header(header);
        if (!one.empty() && header != kOutcomeHeader && header != kRemarkHeader)
            folded.insert(std::move(one));
    }
    std::string text;
    for (const std::string& one : folded) text += one + "\n";
    return to_hex(crypto::digest(text));
}

Result<RememberedMapping> remember_mapping(store::Tx& tx, const rulebook::Rulebook& rulebook,
                                           const rulebook::Item& item, const SubmittingUnit& unit,
                                           const std::vector<RememberedColumn>& columns,
                                           const access::Stamp& stamp) {
    TRY(check_columns(rulebook, item, columns, stamp.now.date()));
    RememberedMapping mapping;
    mapping.unit_code = unit.code;
    mapping.item = item.id;
    mapping.columns = columns;
    std::vector<std::string> headers;
    for (const RememberedColumn& column : columns) headers.push_back(column.header);
    TRY(plan_columns(item, headers, as_mapping(mapping), unit, stamp.now.date()));
    const journal::Event event = TRY(record(tx, kRemembered, encode_mapping(mapping), stamp));
    mapping.id = event.seq;
    mapping.saved = event.time;
    mapping.saved_by = event.principal;
    return mapping;
}

Result<RememberedMapping> end_mapping(store::Tx& tx, const api::Principal::Scope& scope, std::int64_t id,
                                      const access::Stamp& stamp) {
    const auto found = TRY(all_at(TRY(tx.query(sql::kFindMapping, {id}))));
    if (found.empty() || found[0].ended.us != 0 || !scope.covers(found[0].unit_code))
        return fail(Fault::mapping_unknown, std::to_string(id));
    JsonWriter payload;
    payload.begin_object().field("mapping", id).end_object();
    const journal::Event event = TRY(record(tx, kEnded, payload.take(), stamp));
    RememberedMapping ended = found[0];
    ended.ended = event.time;
    return ended;
}

Result<std::vector<RememberedMapping>> mappings_of(store::ReadTx& tx, std::string_view unit_code,
                                                   std::string_view item) {
    return all_at(TRY(tx.query(sql::kMappingsOf, {unit_code, item})));
}

Result<std::vector<RememberedMapping>> mappings_in_force(store::ReadTx& tx,
                                                         const api::Principal::Scope& scope) {
    return all_at(TRY(tx.query(sql::kMappingsInForce, {scope.all, scope.unit})));
}

const RememberedMapping* mapping_for(const std::vector<RememberedMapping>& mappings,
                                     const rulebook::Item& item, const std::vector<std::string>& headers,
                                     Instant now) {
    const std::string set = header_set(headers);
    for (const RememberedMapping& mapping : mappings) {
        std::vector<std::string> own;
        for (const RememberedColumn& column : mapping.columns) own.push_back(column.header);
        if (!mapping.held_at(now) || header_set(own) != set) continue;
        const bool fits =
            std::all_of(mapping.columns.begin(), mapping.columns.end(), [&](const RememberedColumn& column) {
                return column.field.empty() || field_of(item, column.field) >= 0;
            });
        return fits ? &mapping : nullptr;
    }
    return nullptr;
}

Mapping as_mapping(const RememberedMapping& remembered) {
    Mapping mapping;
    mapping.is_whole = true;
    for (const RememberedColumn& column : remembered.columns) {
        if (column.field.empty()) continue;
        const bool in_yuan = column.money_in_yuan || rulebook::header_in_yuan(column.header);
        mapping.columns.push_back({column.header, column.field, quality::Source::Read::cell, in_yuan});
    }
    return mapping;
}

std::vector<std::string> header_words(const rulebook::Item& item, const std::optional<Mapping>& mapping,
                                      const std::vector<RememberedMapping>& remembered) {
    std::vector<std::string> words = header_words(item, mapping);
    for (const RememberedMapping& one : remembered) {
        if (one.ended.us != 0) continue;
        for (const RememberedColumn& column : one.columns) words.push_back(column.header);
    }
    return words;
}

std::string applied_note_zh(const RememberedMapping& remembered, const rulebook::Item& item) {
    std::string pairs, left;
    for (const RememberedColumn& column : remembered.columns) {
        const int field = column.field.empty() ? -1 : field_of(item, column.field);
        if (field < 0) {
            left += (left.empty() ? "" : "、") + column.header;
        } else if (item.field_by_header(column.header) != field) {
            pairs += (pairs.empty() ? "" : "、") + column.header + "→" +
                     item.fields[static_cast<std::size_t>(field)].name_zh;
        }
    }
    return "按本单位" + remembered.saved.date().to_string() + "记住的列对应（" +
           std::to_string(remembered.id) + "）读取" + (pairs.empty() ? "" : "：" + pairs) +
           (left.empty() ? "" : "；未采集的列：" + left) + "。";
}

}  // namespace mingxin::collect
