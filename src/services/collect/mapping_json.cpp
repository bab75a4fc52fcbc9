// Remembered mappings as JSON: one form in events, the table and the API.
#include <boost/json.hpp>

#include "base/json.h"
#include "collect/judgement.h"
#include "collect/mappings.h"

namespace mingxin::collect {

namespace json = boost::json;

namespace {

std::string text_in(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value && value->is_string() ? std::string(std::string_view(value->as_string())) : std::string();
}

std::optional<std::vector<RememberedColumn>> columns_in(const json::value& value) {
    if (!value.is_array()) return std::nullopt;
    std::vector<RememberedColumn> columns;
    for (const json::value& one : value.as_array()) {
        if (!one.is_object()) return std::nullopt;
        const json::object& object = one.as_object();
        columns.push_back(
            {text_in(object, "header"), text_in(object, "field"), text_in(object, "unit") == "yuan"});
    }
    return columns;
}

void write_columns(JsonWriter& out, const std::vector<RememberedColumn>& columns) {
    out.begin_array();
    for (const RememberedColumn& column : columns) {
        out.begin_object().field("header", column.header);
        if (!column.field.empty()) out.field("field", column.field);
        if (column.money_in_yuan) out.field("unit", "yuan");
        out.end_object();
    }
    out.end_array();
}

}  // namespace

std::string encode_mapping(const RememberedMapping& mapping) {
    JsonWriter out;
    out.begin_object().field("unit", mapping.unit_code).field("item", mapping.item).key("columns");
    write_columns(out, mapping.columns);
    out.end_object();
    return out.take();
}

std::optional<RememberedMapping> decode_mapping(std::string_view payload) {
    json::error_code error;
    const json::value parsed = json::parse(payload, error);
    if (error || !parsed.is_object()) return std::nullopt;
    const json::object& object = parsed.as_object();
    RememberedMapping mapping;
    mapping.unit_code = text_in(object, "unit");
    mapping.item = text_in(object, "item");
    if (const json::value* columns = object.if_contains("columns")) {
        auto read = columns_in(*columns);
        if (!read) return std::nullopt;
        mapping.columns = std::move(*read);
    }
    if (const json::value* id = object.if_contains("mapping"); id && id->is_int64())
        mapping.id = id->as_int64();
    return mapping;
}

std::string encode_columns(const std::vector<RememberedColumn>& columns) {
    JsonWriter out;
    write_columns(out, columns);
    return out.take();
}

std::optional<std::vector<RememberedColumn>> decode_columns(std::string_view text) {
    json::error_code error;
    const json::value parsed = json::parse(text, error);
    if (error) return std::nullopt;
    return columns_in(parsed);
}

Result<std::vector<Verdict>> decode_verdicts(std::string_view rows) {
    std::vector<Verdict> verdicts;
    try {
        const json::value parsed = json::parse(rows);
        for (const json::value& value : parsed.as_array()) {
            const json::object& row = value.as_object();
            const json::value* subject = row.if_contains("subject");
            verdicts.push_back(
                {row.at("position").as_int64(), subject ? std::string(subject->as_string()) : std::string()});
        }
    } catch (const std::exception& e) {
        return fail(Fault::bad_argument, "rows 应为行的列表", e.what());
    }
    return verdicts;
}

}  // namespace mingxin::collect
