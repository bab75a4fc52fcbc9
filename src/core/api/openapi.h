// Prints the OpenAPI 3.1.0 description of a list of endpoints: one path item per path in the list's order,
// pages left out. Deterministic: the same list gives the same bytes, so that a stored copy can be compared.
// Pure, thread-safe.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "api/api.h"

namespace mingxin::api {

struct OpenapiInfo {
    std::string_view title = "Mingxin API";
    std::string_view version = "1.0.0";
    /// Name of the cookie that carries the session (security scheme "session").
    std::string_view session_cookie = "mx_session";
};

std::string openapi_json(std::span<const Endpoint> endpoints, const OpenapiInfo& info = {});

}  // namespace mingxin::api
