#include "gate/decode.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "base/time.h"
#include "gate/router.h"

namespace mingxin::gate {
namespace {

constexpr std::string_view kTokenField = "csrf";

int hex_digit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = static_cast<char>(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool has_control_character(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7f;
    });
}

tl::unexpected<Error> malformed(const api::Field& field, std::string_view what) {
    return fail(Fault::field_malformed, std::string(field.zh) + "（" + field.name + "）" + std::string(what));
}

using PutPair = Result<void>(std::string name, std::string value);

Result<void> for_each_pair(std::string_view text, const std::function<PutPair>& put) {
    while (!text.empty()) {
        std::string_view pair = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(text.size(), pair.size() + 1));
        if (pair.empty()) {
            continue;
        }
        std::size_t equals = pair.find('=');
        std::string name = TRY(decode_url(pair.substr(0, equals), true));
        std::string value =
            equals == std::string_view::npos ? std::string{} : TRY(decode_url(pair.substr(equals + 1), true));
        TRY(put(std::move(name), std::move(value)));
    }
    return {};
}

/// Puts one pair of a query or a form.
Result<void> put_pair(api::Input& input, const api::Endpoint& endpoint, api::Where where, std::string name,
                      std::string value) {
    const api::Field* field = find_field(endpoint.in, name, where);
    if (field == nullptr) {
        if (endpoint.page && where == api::Where::query) {
            return {};
        }
        return fail(Fault::field_unknown, shown_name(name));
    }
    if (input.has(field->name)) {
        return malformed(*field, "重复出现");
    }
    return put_field(input, *field, std::move(value));
}

Result<void> put_parts(api::Input& input, const api::Endpoint& endpoint, const Request& request,
                       std::string& form_token) {
    for (const Part& part : request.parts) {
        if (part.path.empty()) {
            if (part.name == kTokenField) {
                form_token = part.value;
            } else if (!is_utf8(part.value)) {
                return fail(Fault::field_malformed, shown_name(part.name) + " 不是正确的 UTF-8 文字");
            } else {
                TRY(put_pair(input, endpoint, api::Where::body, part.name, part.value));
            }
            continue;
        }
        // A raw body (no name) is the endpoint's one file.
        const api::Field* field = nullptr;
        for (const api::Field& candidate : endpoint.in) {
            if (candidate.type == api::FieldType::file &&
                (part.name.empty() || part.name == candidate.name)) {
                field = &candidate;
            }
        }
        if (field == nullptr) {
            return fail(Fault::field_unknown, shown_name(part.name));
        }
        if (input.has(field->name)) {
            return malformed(*field, "重复出现");
        }
        if (part.file_name.empty() && !part.name.empty()) {
            continue;  // a form whose file was not chosen
        }
        input.set_upload(field->name, {part.path, shown_name(part.file_name)});
    }
    return {};
}

Result<void> decode_body(api::Input& input, const api::Endpoint& endpoint, const Request& request,
                         std::string& form_token) {
    if (!request.parts.empty()) {
        return put_parts(input, endpoint, request, form_token);
    }
    if (request.body.empty()) {
        return {};
    }
    if (is_media_type(request.content_type, "application/x-www-form-urlencoded")) {
        return for_each_pair(request.body, [&](std::string name, std::string value) -> Result<void> {
            if (name == kTokenField) {
                form_token = std::move(value);
                return {};
            }
            return put_pair(input, endpoint, api::Where::body, std::move(name), std::move(value));
        });
    }
    if (is_media_type(request.content_type, "application/json") && !endpoint.page) {
        return decode_json_body(input, endpoint.in, request.body);
    }
    return fail(Fault::media_type_unsupported, shown_name(request.content_type));
}

}  // namespace

std::string shown_name(std::string_view name) {
    std::string text(name.substr(0, 64));
    return is_utf8(text) && !has_control_character(text) ? text : "（无法显示的名称）";
}

bool is_media_type(std::string_view content_type, std::string_view type) {
    return to_upper_ascii(trim(content_type.substr(0, content_type.find(';')))) == to_upper_ascii(type);
}

const api::Field* find_field(std::span<const api::Field> fields, std::string_view name, api::Where where) {
    for (const api::Field& field : fields) {
        if (field.where == where && name == field.name) {
            return &field;
        }
    }
    return nullptr;
}

Result<std::string> decode_url(std::string_view text, bool plus_is_blank) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
            int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
            if (high < 0 || low < 0) {
                return fail(Fault::field_malformed, "网址中的百分号编码不正确");
            }
            out += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            out += plus_is_blank && text[i] == '+' ? ' ' : text[i];
        }
    }
    if (!is_utf8(out)) {
        return fail(Fault::field_malformed, "网址或表单中的文字不是正确的 UTF-8 编码");
    }
    return out;
}

Result<void> put_field(api::Input& input, const api::Field& field, std::string value) {
    if (value.empty()) {
        if (field.required) {
            return fail(Fault::field_missing, std::string(field.zh) + "（" + field.name + "）");
        }
        return {};
    }
    switch (field.type) {
        case api::FieldType::integer: {
            std::int64_t number = 0;
            auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
            if (error != std::errc{} || end != value.data() + value.size()) {
                return malformed(field, "应为整数");
            }
            value = std::to_string(number);
            break;
        }
        case api::FieldType::boolean:
            if (value == "1" || value == "on" || value == "true") {
                value = "true";
            } else if (value == "0" || value == "false") {
                value = "false";
            } else {
                return malformed(field, "应为 true 或 false");
            }
            break;
        case api::FieldType::date:
            if (!parse_date(value)) {
                return malformed(field, "应为真实存在的日期，例如 2026-05-01");
            }
            break;
        case api::FieldType::number:
            return malformed(field, "只在结果中出现");
        case api::FieldType::file:
            return malformed(field, "应为文件");
        case api::FieldType::object:
        case api::FieldType::list:
            value = TRY(canonical_json(field, value));
            break;
        case api::FieldType::text:
            if (has_control_character(value)) {
                return malformed(field, "含有不可见的控制字符");
            }
            value = to_nfc(value);
    }
    input.set(field.name, std::move(value));
    return {};
}

Result<void> require_fields(const api::Endpoint& endpoint, const api::Input& input) {
    for (const api::Field& field : endpoint.in) {
        if (field.required && !input.has(field.name)) {
            return fail(Fault::field_missing, std::string(field.zh) + "（" + field.name + "）");
        }
    }
    return {};
}

Result<api::Input> decode_request(const api::Endpoint& endpoint,
                                  std::span<const std::string_view> path_values, std::string_view query,
                                  const Request& request, std::string& form_token) {
    api::Input input;
    if (!path_values.empty()) {
        std::size_t i = 0;
        for (std::string_view name : path_parameters(endpoint.path)) {
            std::string value = TRY(decode_url(path_values[i++], false));
            const api::Field* field = find_field(endpoint.in, name, api::Where::path);
            if (field != nullptr) {
                TRY(put_field(input, *field, std::move(value)));
            }
        }
    }
    if (!query.empty()) {
        TRY(for_each_pair(query, [&](std::string name, std::string value) {
            return put_pair(input, endpoint, api::Where::query, std::move(name), std::move(value));
        }));
    }
    if (endpoint.method == api::Method::post) {
        TRY(decode_body(input, endpoint, request, form_token));
    }
    TRY(require_fields(endpoint, input));
    return input;
}

}  // namespace mingxin::gate
