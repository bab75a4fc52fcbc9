#include <boost/json.hpp>

#include "base/text.h"
#include "gate/decode.h"

namespace mingxin::gate {
namespace {

namespace json = boost::json;

tl::unexpected<Error> wrong_type(const api::Field& field, std::string_view wanted) {
    return fail(Fault::field_malformed,
                std::string(field.zh) + "（" + field.name + "）应为" + std::string(wanted));
}

Result<void> check_members(json::object& object, std::span<const api::Field> members);

/// Texts as put_field() makes them: the one canonical form.
Result<void> check_text(json::value& value, const api::Field& field) {
    api::Input input;
    TRY(put_field(input, field, std::string(value.as_string())));
    value = std::string(input.text(field.name));
    return {};
}

/// Checks a value against its field and brings its texts into canonical form.
Result<void> check_value(json::value& value, const api::Field& field) {
    switch (field.type) {
        case api::FieldType::integer:
            return value.is_int64() ? Result<void>{} : Result<void>(wrong_type(field, "整数"));
        case api::FieldType::boolean:
            return value.is_bool() ? Result<void>{} : Result<void>(wrong_type(field, " true 或 false"));
        case api::FieldType::object:
            if (!value.is_object()) {
                return wrong_type(field, "对象");
            }
            return check_members(value.as_object(), field.members);
        case api::FieldType::list:
            if (!value.is_array()) {
                return wrong_type(field, "列表");
            }
            for (json::value& entry : value.as_array()) {
                if (field.members.empty() ? !entry.is_string() : !entry.is_object()) {
                    return wrong_type(field, field.members.empty() ? "文字的列表" : "对象的列表");
                }
                if (entry.is_object()) {
                    TRY(check_members(entry.as_object(), field.members));
                } else {
                    TRY(check_text(entry, {field.name, api::FieldType::text, field.zh, field.en}));
                }
            }
            return {};
        default:
            if (!value.is_string()) {
                return wrong_type(field, "文字");
            }
            return check_text(value, field);
    }
}

Result<void> check_members(json::object& object, std::span<const api::Field> members) {
    for (auto& [name, value] : object) {
        bool known = false;
        for (const api::Field& member : members) {
            if (std::string_view(name) == member.name) {
                known = true;
                if (!value.is_null()) {
                    TRY(check_value(value, member));
                }
            }
        }
        if (!known) {
            return fail(Fault::field_unknown, shown_name(name));
        }
    }
    for (const api::Field& member : members) {
        const json::value* value = object.if_contains(member.name);
        if (member.required && (value == nullptr || value->is_null())) {
            return fail(Fault::field_missing, std::string(member.zh) + "（" + member.name + "）");
        }
    }
    return {};
}

json::value parse_bounded(std::string_view text, json::error_code& ec) {
    json::parse_options options;
    options.max_depth = 16;
    return json::parse(text, ec, {}, options);
}
}  // namespace

Result<std::string> canonical_json(const api::Field& field, std::string_view text) {
    json::error_code ec;
    json::value parsed = parse_bounded(text, ec);
    if (ec) {
        return wrong_type(field, "正确的 JSON");
    }
    TRY(check_value(parsed, field));
    return json::serialize(parsed);
}

Result<void> decode_json_body(api::Input& input, std::span<const api::Field> fields, std::string_view body) {
    json::error_code ec;
    json::value parsed = parse_bounded(body, ec);
    if (ec || !parsed.is_object()) {
        return fail(Fault::field_malformed, "请求内容不是正确的 JSON 对象");
    }
    for (auto& [key, value] : parsed.as_object()) {
        std::string_view name(key.data(), key.size());
        const api::Field* field = find_field(fields, name, api::Where::body);
        if (field == nullptr || field->type == api::FieldType::file) {
            return fail(Fault::field_unknown, shown_name(name));
        }
        if (value.is_null()) {
            continue;
        }
        TRY(check_value(value, *field));
        if (value.is_string()) {
            TRY(put_field(input, *field, std::string(value.as_string())));
        } else {
            input.set(field->name, json::serialize(value));
        }
    }
    return {};
}

}  // namespace mingxin::gate
