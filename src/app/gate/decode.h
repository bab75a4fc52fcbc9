// From a request to an endpoint's Input: only documented fields, of the documented type, in NFC UTF-8 without
// control characters. Pure; thread-safe.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/api.h"
#include "base/result.h"
#include "gate/http.h"

namespace mingxin::gate {

/// Percent-decodes; with plus_is_blank also "+" (forms). Fault::field_malformed on a bad escape or bad UTF-8.
Result<std::string> decode_url(std::string_view text, bool plus_is_blank);

/// Checks a value against its field and puts it into input in canonical form. An empty value of a field that
/// is not required counts as absent (HTML forms send those). Fault::field_malformed, field_missing.
Result<void> put_field(api::Input& input, const api::Field& field, std::string value);

/// All fields of a request. form_token receives the field "csrf" of a form body. Unknown fields are refused
/// (Fault::field_unknown), on pages only in bodies: links from elsewhere carry additions.
Result<api::Input> decode_request(const api::Endpoint& endpoint,
                                  std::span<const std::string_view> path_values, std::string_view query,
                                  const Request& request, std::string& form_token);

/// Fault::field_missing unless all required fields are there.
Result<void> require_fields(const api::Endpoint& endpoint, const api::Input& input);

/// The body fields of a JSON object (decode_json.cpp).
Result<void> decode_json_body(api::Input& input, std::span<const api::Field> fields, std::string_view body);

/// The text of an object or a list, checked against the field's members, its texts in canonical form
/// (decode_json.cpp). Fault::field_malformed, field_missing, field_unknown.
Result<std::string> canonical_json(const api::Field& field, std::string_view text);

/// A name that a client gave, short and printable, for a message.
std::string shown_name(std::string_view name);
const api::Field* find_field(std::span<const api::Field> fields, std::string_view name, api::Where where);
bool is_media_type(std::string_view content_type, std::string_view type);

}  // namespace mingxin::gate
