#include "correction/correction_json.h"

#include <boost/json.hpp>

namespace mingxin::correction {

Result<std::vector<std::string>> texts_in(std::string_view text) {
    boost::system::error_code error;
    const boost::json::value parsed = boost::json::parse(text, error);
    std::vector<std::string> list;
    if (error || !parsed.is_array()) return fail(Fault::field_malformed, "records");
    for (const boost::json::value& one : parsed.get_array()) {
        if (!one.is_string()) return fail(Fault::field_malformed, "records");
        list.emplace_back(one.get_string());
    }
    return list;
}

Result<std::vector<std::pair<std::string, std::string>>> values_in(std::string_view text) {
    std::vector<std::pair<std::string, std::string>> list;
    if (text.empty()) return list;
    boost::system::error_code error;
    const boost::json::value parsed = boost::json::parse(text, error);
    if (error || !parsed.is_array()) return fail(Fault::field_malformed, "values");
    for (const boost::json::value& one : parsed.get_array()) {
        const auto* object = one.if_object();
        const auto* field = object ? object->if_contains("field") : nullptr;
        const auto* value = object ? object->if_contains("value") : nullptr;
        if (!field || !field->is_string() || (value && !value->is_string())) {
            return fail(Fault::field_malformed, "values");
        }
        list.emplace_back(field->get_string(), value ? std::string(value->get_string()) : std::string());
    }
    return list;
}

namespace {

std::string text_of(const boost::json::object& holder, const char* key) {
    const auto* value = holder.if_contains(key);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

Export export_in(std::string_view payload) {
    boost::system::error_code error;
    const boost::json::value parsed = boost::json::parse(payload, error);
    const auto* object = error ? nullptr : parsed.if_object();
    if (!object) return {};
    Export found{text_of(*object, "list"), {}, {}};
    const auto* filters = object->if_contains("filters");
    if (const auto* set = filters ? filters->if_object() : nullptr) {
        found.item = text_of(*set, "item");
        found.unit = text_of(*set, "unit");
    }
    return found;
}

}  // namespace mingxin::correction
