// The bytes of a reply's head (RFC 9110, RFC 9112). Pure but for the cached date; thread-safe.
#pragma once
#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>

#include "gate/http.h"

namespace mingxin::server {

struct HeadOptions {
    std::int64_t content_length = 0;
    bool keep_alive = true;
    bool http_1_0 = false;
    std::time_t now_s = 0;
};

/// Appends status line and header fields with the empty line.
void append_head(std::string& out, const gate::Response& response, const HeadOptions& options);
std::string_view reason_phrase(int status);
/// "Fri, 20 Nov 2026 04:05:06 GMT"; kept per thread for the second.
std::string_view http_date(std::time_t now_s);

}  // namespace mingxin::server
