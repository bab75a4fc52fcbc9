// Cookies and form tokens (RFC 6265; double submit bound to the session). Pure; thread-safe.
#pragma once
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "gate/http.h"

namespace mingxin::gate {

/// The value of a cookie; empty when absent. When it occurs twice, the first.
std::string_view cookie_value(std::string_view cookies, std::string_view name);
/// With "__Host-" when secure, so that no other host and no plain connection can set it.
std::string cookie_name(std::string_view name, bool secure);
/// A Set-Cookie line with CRLF: HttpOnly, SameSite=Strict; an empty value deletes the cookie.
std::string set_cookie_line(std::string_view name, std::string_view value, bool secure);
/// HMAC-SM3 over the holder: a session id, or the value of the cookie of those who have none.
std::string form_token(BytesView secret, std::string_view holder);
/// False when a browser says that the request comes from another site.
bool is_same_site(const Request& request);
/// Whether the client's connection is protected: ours, or a proxy's on this machine that says so.
bool is_secure(const Request& request);
/// The client's address: the peer, or what a proxy on this machine tells.
std::string_view client_address(const Request& request);

}  // namespace mingxin::gate
