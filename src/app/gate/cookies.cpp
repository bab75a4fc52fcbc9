#include "gate/cookies.h"

#include "base/text.h"
#include "crypto/crypto.h"

namespace mingxin::gate {

std::string_view cookie_value(std::string_view cookies, std::string_view name) {
    while (!cookies.empty()) {
        std::string_view pair = cookies.substr(0, cookies.find(';'));
        cookies.remove_prefix(std::min(cookies.size(), pair.size() + 1));
        while (!pair.empty() && pair.front() == ' ') {
            pair.remove_prefix(1);
        }
        if (pair.size() > name.size() && pair[name.size()] == '=' && pair.substr(0, name.size()) == name) {
            return pair.substr(name.size() + 1);
        }
    }
    return {};
}

std::string cookie_name(std::string_view name, bool secure) {
    return (secure ? "__Host-" : "") + std::string(name);
}

std::string set_cookie_line(std::string_view name, std::string_view value, bool secure) {
    std::string line = "Set-Cookie: " + cookie_name(name, secure) + "=";
    line.append(value).append("; Path=/; HttpOnly; SameSite=Strict");
    line.append(secure ? "; Secure" : "").append(value.empty() ? "; Max-Age=0\r\n" : "\r\n");
    return line;
}

std::string form_token(BytesView secret, std::string_view holder) {
    std::string text = "form\n" + std::string(holder);
    return to_hex(crypto::hmac_sm3(secret, as_bytes(text)));
}

bool is_same_site(const Request& request) {
    if (!request.fetch_site.empty() && request.fetch_site != "same-origin" && request.fetch_site != "none") {
        return false;
    }
    if (request.origin.data() == nullptr) {
        return true;
    }
    std::size_t scheme = request.origin.find("://");
    return scheme != std::string_view::npos && request.origin.substr(scheme + 3) == request.host;
}

bool is_secure(const Request& request) {
    return request.tls || (request.peer_is_loopback && request.forwarded_proto == "https");
}

std::string_view client_address(const Request& request) {
    if (!request.peer_is_loopback || request.forwarded_for.empty()) {
        return request.address;
    }
    std::size_t comma = request.forwarded_for.rfind(',');
    std::string_view last =
        comma == std::string_view::npos ? request.forwarded_for : request.forwarded_for.substr(comma + 1);
    last = trim(last);
    return last.size() <= 45 ? last : request.address;
}

}  // namespace mingxin::gate
