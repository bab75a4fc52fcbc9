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

Result<void> check_members(const json::object& object, std::span<const api::Field> members);

/// Checks a value against its field, without storing it.
Result<void> check_value(const json::value& value, const api::Field& field) {
    api::Input unused;
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
            for (const json::value& entry : value.as_array()) {
                if (field.members.empty() ? !entry.is_string() : !entry.is_object()) {
                    return wrong_type(field, field.members.empty() ? "文字的列表" : "对象的列表");
                }
                if (entry.is_object()) {
                    TRY(check_members(entry.as_object(), field.members));
                }
            }
            return {};
        default:
            if (!value.is_string()) {
                return wrong_type(field, "文字");
            }
            return put_field(unused, field, std::string(value.as_string()));
    }
}

Result<void> check_members(const json::object& object, std::span<const api::Field> members) {
    for (const auto& [name, value] : object) {
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
            return fail(Fault::field_unknown, std::string(std::string_view(name).substr(0, 64)));
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

}  // namespace

Result<void> decode_json_body(api::Input& input, std::span<const api::Field> fields, std::string_view body) {
    json::parse_options options;
    options.max_depth = 16;
    json::error_code ec;
    json::value parsed = json::parse(body, ec, {}, options);
    if (ec || !parsed.is_object()) {
        return fail(Fault::field_malformed, "请求内容不是正确的 JSON 对象");
    }
    for (const auto& [key, value] : parsed.as_object()) {
        std::string_view name(key.data(), key.size());
        const api::Field* field = find_field(fields, name, api::Where::body);
        if (field == nullptr || field->type == api::FieldType::file) {
            return fail(Fault::field_unknown, std::string(name.substr(0, 64)));
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
