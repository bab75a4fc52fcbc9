#include "server/wire.h"

#include <array>
#include <charconv>

namespace mingxin::server {
namespace {
void append_number(std::string& out, std::int64_t value) {
    std::array<char, 24> digits;
    auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    out.append(digits.data(), end);
}
}  // namespace

std::string_view reason_phrase(int status) {
    switch (status) {
        case 200:
            return "OK";
        case 201:
            return "Created";
        case 202:
            return "Accepted";
        case 204:
            return "No Content";
        case 303:
            return "See Other";
        case 304:
            return "Not Modified";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 408:
            return "Request Timeout";
        case 409:
            return "Conflict";
        case 413:
            return "Content Too Large";
        case 414:
            return "URI Too Long";
        case 415:
            return "Unsupported Media Type";
        case 422:
            return "Unprocessable Content";
        case 429:
            return "Too Many Requests";
        case 431:
            return "Request Header Fields Too Large";
        case 500:
            return "Internal Server Error";
        case 501:
            return "Not Implemented";
        case 503:
            return "Service Unavailable";
        case 505:
            return "HTTP Version Not Supported";
        default:
            return "Status";
    }
}

std::string_view http_date(std::time_t now_s) {
    static thread_local std::time_t cached_s = -1;
    static thread_local std::array<char, 40> text{};
    static thread_local std::size_t size = 0;
    if (cached_s != now_s) {
        // Not strftime: its names follow the locale.
        static constexpr std::string_view days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
        static constexpr std::string_view months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
        std::tm time{};
        gmtime_r(&now_s, &time);
        int written = std::snprintf(text.data(), text.size(), "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT",
                                    days[time.tm_wday].data(), time.tm_mday, months[time.tm_mon].data(),
                                    (time.tm_year + 1900) % 10000, time.tm_hour, time.tm_min, time.tm_sec);
        size = static_cast<std::size_t>(written);
        cached_s = now_s;
    }
    return {text.data(), size};
}

void append_head(std::string& out, const gate::Response& response, const HeadOptions& options) {
    out.append("HTTP/1.1 ");
    append_number(out, response.status);
    out.append(" ")
        .append(reason_phrase(response.status))
        .append("\r\nDate: ")
        .append(http_date(options.now_s));
    out.append("\r\n");
    if (!response.content_type.empty()) {
        out.append("Content-Type: ").append(response.content_type).append("\r\n");
    }
    if (response.status != 304 && response.status != 204) {
        out.append("Content-Length: ");
        append_number(out, options.content_length);
        out.append("\r\n");
    }
    if (!options.keep_alive) {
        out.append("Connection: close\r\n");
    } else if (options.http_1_0) {
        out.append("Connection: keep-alive\r\n");
    }
    out.append(response.headers).append(response.common_headers).append("\r\n");
}

}  // namespace mingxin::server
