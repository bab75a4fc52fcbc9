#include "api/openapi.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "base/json.h"

namespace mingxin::api {
namespace {

void write_example(JsonWriter& json, const Field& field) {
    std::string_view example = field.example;
    std::int64_t number = 0;
    switch (field.type) {
        case FieldType::integer:
            std::from_chars(example.data(), example.data() + example.size(), number);
            json.integer(number);
            break;
        case FieldType::boolean:
            json.boolean(example == "true");
            break;
        default:
            json.text(example);
    }
}

void write_schema(JsonWriter& json, const Field& field);

/// "type", "properties" and "required" of an object.
void write_members(JsonWriter& json, std::span<const Field> members, bool open, bool nullable = false) {
    if (nullable) {
        json.key("type").begin_array();
        json.text("object");
        json.text("null");
        json.end_array();
    } else {
        json.field("type", "object");
    }
    json.key("properties").begin_object();
    for (const Field& member : members) {
        json.key(member.name);
        write_schema(json, member);
    }
    json.end_object();
    if (std::any_of(members.begin(), members.end(), [](const Field& member) { return member.required; })) {
        json.key("required").begin_array();
        for (const Field& member : members) {
            if (member.required) {
                json.text(member.name);
            }
        }
        json.end_array();
    }
    json.field("additionalProperties", open);
}

void write_schema(JsonWriter& json, const Field& field) {
    json.begin_object();
    switch (field.type) {
        case FieldType::text:
            json.field("type", "string");
            break;
        case FieldType::integer:
            json.field("type", "integer").field("format", "int64");
            break;
        case FieldType::number:
            json.field("type", "number");
            break;
        case FieldType::boolean:
            json.field("type", "boolean");
            break;
        case FieldType::date:
            json.field("type", "string").field("format", "date");
            break;
        case FieldType::file:
            json.field("type", "string").field("format", "binary");
            break;
        case FieldType::object:
            write_members(json, field.members, field.members.empty(), field.nullable);
            break;
        case FieldType::list:
            json.field("type", "array").key("items").begin_object();
            if (field.members.empty()) {
                json.field("type", "string");
            } else {
                write_members(json, field.members, false);
            }
            json.end_object();
            break;
    }
    json.field("title", field.zh).field("description", field.en);
    if (*field.example != '\0' && field.type != FieldType::file && field.type != FieldType::object &&
        field.type != FieldType::list) {
        json.key("examples").begin_array();
        write_example(json, field);
        json.end_array();
    }
    json.end_object();
}

void write_parameters(JsonWriter& json, const Endpoint& endpoint) {
    if (std::none_of(endpoint.in.begin(), endpoint.in.end(),
                     [](const Field& field) { return field.where != Where::body; })) {
        return;
    }
    json.key("parameters").begin_array();
    for (const Field& field : endpoint.in) {
        if (field.where == Where::body) {
            continue;
        }
        json.begin_object()
            .field("name", field.name)
            .field("in", field.where == Where::path ? "path" : "query")
            .field("required", field.required || field.where == Where::path)
            .field("description", field.zh)
            .key("schema");
        write_schema(json, field);
        json.end_object();
    }
    json.end_array();
}

void write_body(JsonWriter& json, const Endpoint& endpoint) {
    std::vector<Field> fields;
    std::copy_if(endpoint.in.begin(), endpoint.in.end(), std::back_inserter(fields),
                 [](const Field& field) { return field.where == Where::body; });
    if (fields.empty()) {
        return;
    }
    bool has_file = std::any_of(fields.begin(), fields.end(),
                                [](const Field& field) { return field.type == FieldType::file; });
    bool required =
        std::any_of(fields.begin(), fields.end(), [](const Field& field) { return field.required; });
    json.key("requestBody").begin_object().field("required", required);
    json.key("content").begin_object();
    json.key(has_file ? "multipart/form-data" : "application/json")
        .begin_object()
        .key("schema")
        .begin_object();
    write_members(json, fields, false);
    json.end_object().end_object().end_object().end_object();
}

void write_success(JsonWriter& json, const Endpoint& endpoint) {
    json.key(std::to_string(endpoint.reply_status))
        .begin_object()
        .field("description", endpoint.zh)
        .key("content")
        .begin_object();
    json.key(endpoint.reply_type).begin_object().key("schema").begin_object();
    if (std::string_view(endpoint.reply_type) != "application/json") {
        json.field("type", "string").field("format", "binary");
    } else {
        write_members(json, endpoint.out, endpoint.out.empty());
    }
    json.end_object().end_object().end_object().end_object();
}

/// Its own refusals and those of the gate.
std::set<Fault> refusals_of(const Endpoint& endpoint) {
    std::set<Fault> faults{Fault::internal,      Fault::too_many_requests, Fault::busy,
                           Fault::field_unknown, Fault::field_malformed,   Fault::body_too_large};
    faults.insert(endpoint.refusals.begin(), endpoint.refusals.end());
    if (std::any_of(endpoint.in.begin(), endpoint.in.end(),
                    [](const Field& field) { return field.required; })) {
        faults.insert(Fault::field_missing);
    }
    if (endpoint.permission != Permission::anyone) {
        faults.insert({Fault::sign_in_required, Fault::permission_missing, Fault::password_change_required});
    }
    if (endpoint.method == Method::post) {
        // Of a session too: a call in its name needs its form token, whatever the permission.
        faults.insert({Fault::form_expired, Fault::media_type_unsupported});
    }
    return faults;
}

/// What any request may meet before it is understood.
void write_default(JsonWriter& json) {
    json.key("default").begin_object();
    json.field("description", "请求不符合HTTP规范、超时或超出限制（400、408、414、431、501、505）");
    json.key("content").begin_object().key("application/json").begin_object();
    json.key("schema").begin_object().field("$ref", "#/components/schemas/Refusal").end_object();
    json.end_object().end_object().end_object();
}

/// One response per status, with the codes that it may carry.
void write_refusals(JsonWriter& json, const Endpoint& endpoint) {
    const std::set<Fault> faults = refusals_of(endpoint);
    std::map<int, std::set<std::string_view>> by_status;
    std::map<std::string_view, std::string_view> titles;
    for (Fault fault : faults) {
        const FaultText& text = fault_text(fault);
        by_status[text.http_status].insert(text.code);
        titles.emplace(text.code, text.title_zh);
    }
    for (const auto& [status, codes] : by_status) {
        std::string description;
        for (std::string_view code : codes) {
            description += description.empty() ? "" : "；";
            description.append(code).append(" ").append(titles[code]);
        }
        json.key(std::to_string(status)).begin_object().field("description", description);
        json.key("content").begin_object().key("application/json").begin_object();
        json.key("schema").begin_object().field("$ref", "#/components/schemas/Refusal").end_object();
        json.end_object().end_object().end_object();
    }
    write_default(json);
}

void write_operation(JsonWriter& json, const Endpoint& endpoint) {
    std::string_view id = endpoint.id;
    json.key(endpoint.method == Method::get ? "get" : "post").begin_object();
    json.field("operationId", endpoint.id).field("summary", endpoint.zh).field("description", endpoint.en);
    json.key("tags").begin_array().text(id.substr(0, id.find('.'))).end_array();
    json.key("security").begin_array();
    if (endpoint.permission != Permission::anyone) {
        json.begin_object().key("session").begin_array().end_array();
        if (endpoint.method == Method::post) {
            json.key("form_token").begin_array().end_array();
        }
        json.end_object();
    }
    json.end_array();
    json.field("x-permission", permission_name(endpoint.permission));
    json.field("x-audit", endpoint.audit == Audit::event ? "event" : "metered");
    write_parameters(json, endpoint);
    write_body(json, endpoint);
    json.key("responses").begin_object();
    write_success(json, endpoint);
    write_refusals(json, endpoint);
    json.end_object().end_object();
}

void write_components(JsonWriter& json, const OpenapiInfo& info) {
    static const std::vector<Field> refusal = {
        {"code", FieldType::text, "故障代码，永不改变", "Stable fault code", true, Where::body, "MX1002"},
        {"title", FieldType::text, "错在哪里", "What is wrong", true, Where::body, "没有找到"},
        {"detail", FieldType::text, "具体情况", "What exactly was met", true, Where::body, ""},
        {"remedy", FieldType::text, "如何处理", "What to do", true, Where::body, "请核对名称或代码后重试。"},
        {"incident", FieldType::text, "事件编号，报修时告知", "Incident number, of internal errors", false,
         Where::body, ""},
    };
    json.key("components").begin_object();
    json.key("schemas").begin_object().key("Refusal").begin_object();
    write_members(json, refusal, false);
    json.end_object().end_object();
    json.key("securitySchemes").begin_object().key("session").begin_object();
    json.field("type", "apiKey").field("in", "cookie").field("name", info.session_cookie);
    json.field("description", "登录后的会话；经TLS访问时名称前加 __Host-").end_object();
    json.key("form_token").begin_object();
    json.field("type", "apiKey").field("in", "header").field("name", "X-CSRF-Token");
    json.field("description", "会话的表单令牌：登录后任一页面的表单字段 csrf");
    json.end_object().end_object().end_object();
}

}  // namespace

std::string openapi_json(std::span<const Endpoint> endpoints, const OpenapiInfo& info) {
    JsonWriter json;
    json.begin_object().field("openapi", "3.1.0");
    json.key("info").begin_object().field("title", info.title).field("version", info.version);
    json.field("description",
               "公共信用信息平台接口。仅提供可向社会公开的信息；其余信息须登录并具备相应权限。");
    json.key("license")
        .begin_object()
        .field("name", "Apache-2.0")
        .field("identifier", "Apache-2.0")
        .end_object();
    json.end_object();
    json.key("servers").begin_array().begin_object().field("url", "/").end_object().end_array();
    json.key("paths").begin_object();
    std::set<std::string_view> done;
    for (const Endpoint& endpoint : endpoints) {
        if (endpoint.page || !done.insert(endpoint.path).second) {
            continue;
        }
        json.key(endpoint.path).begin_object();
        for (const Endpoint& same_path : endpoints) {
            if (!same_path.page && std::string_view(same_path.path) == endpoint.path) {
                write_operation(json, same_path);
            }
        }
        json.end_object();
    }
    json.end_object();
    write_components(json, info);
    json.end_object();
    return json.take();
}

}  // namespace mingxin::api
