#include "base/check.h"
#include "base/log.h"
#include "base/text.h"
#include "crypto/crypto.h"
#include "gate/compress.h"
#include "gate/cookies.h"
#include "gate/gate_impl.h"

namespace mingxin::gate {
namespace {

constexpr std::string_view kPageHeaders =
    "Content-Security-Policy: default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\n"
    "Referrer-Policy: same-origin\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Permissions-Policy: camera=(), geolocation=(), microphone=()\r\n";
constexpr std::string_view kScriptedHeaders =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\n"
    "Referrer-Policy: same-origin\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Permissions-Policy: camera=(), geolocation=(), microphone=()\r\n";
constexpr std::string_view kStrictTransport =
    "Strict-Transport-Security: max-age=31536000; includeSubDomains\r\n";

}  // namespace

void Gate::Impl::answer(const Exchange& exchange, Result<api::Reply> reply) {
    exchange.responder->respond(encode(exchange, reply));
}

Response Gate::Impl::answer_now(const Exchange& exchange, const Error& error, std::string_view retry_after) {
    Result<api::Reply> reply = fail(error);
    return encode(exchange, reply, retry_after);
}

Response Gate::Impl::encode(const Exchange& exchange, Result<api::Reply>& reply,
                            std::string_view retry_after) {
    Response response =
        reply.ok() ? encode_reply(exchange, *reply) : encode_refusal(exchange, reply.error(), retry_after);
    bool scripted = reply.ok() && exchange.endpoint != nullptr && exchange.endpoint->scripted;
    response.common_headers = scripted ? kScriptedHeaders : exchange.page ? kPageHeaders : kDataHeaders;
    if (exchange.secure) {
        response.headers.append(kStrictTransport);
    }
    meter.count(exchange.index, response.status, steady_us() - exchange.started_us);
    return response;
}

namespace {
/// A line break in a value would let its author write header fields.
void append_header(Response& response, std::string_view name, std::string_view value) {
    CHECK(value.find_first_of("\r\n") == std::string_view::npos);
    response.headers.append(name).append(": ").append(value).append("\r\n");
}

/// What holds nothing secret: the length of a compressed page that repeats what was asked tells of the
/// secrets beside it (BREACH).
void compress(const Exchange& exchange, Response& response) {
    if (exchange.endpoint->method != api::Method::get || response.status != 200 || !response.file.empty() ||
        exchange.session || !is_compressible(response.content_type, response.body.size()) ||
        (!exchange.csrf_token.empty() && response.body.find(exchange.csrf_token) != std::string::npos)) {
        return;
    }
    response.headers.append("Vary: Accept-Encoding\r\n");
    if (exchange.takes_gzip) {
        response.body = gzip(response.body);
        response.headers.append("Content-Encoding: gzip\r\n");
    }
}
}  // namespace

Response Gate::Impl::encode_reply(const Exchange& exchange, api::Reply& reply) const {
    Response response;
    response.status = reply.status;
    response.content_type = std::move(reply.content_type);
    response.body = std::move(reply.body);
    response.file = std::move(reply.file);
    if (!reply.gzip_file.empty()) {
        response.headers.append("Vary: Accept-Encoding\r\n");
        if (exchange.takes_gzip) {
            response.file = std::move(reply.gzip_file);
            response.headers.append("Content-Encoding: gzip\r\n");
        }
    }
    bool has_cache_rule = false;
    for (const auto& [name, value] : reply.headers) {
        has_cache_rule = has_cache_rule || name == "Cache-Control";
        if (name == "ETag" && !exchange.if_none_match.empty() &&
            exchange.if_none_match.find(value) != std::string::npos && reply.status == 200) {
            response.status = 304;
            response.body.clear();
            response.file.clear();
        }
        append_header(response, name, value);
    }
    if (!has_cache_rule) {
        bool personal =
            exchange.session.has_value() || reply.session_token ||
            exchange.endpoint->permission != api::Permission::anyone ||
            exchange.endpoint->method == api::Method::post ||
            (!exchange.csrf_token.empty() && response.body.find(exchange.csrf_token) != std::string::npos);
        response.headers.append(personal ? "Cache-Control: no-store\r\n" : "Cache-Control: no-cache\r\n");
    }
    if (reply.session_token) {
        response.headers.append(set_cookie_line(kSessionCookie, *reply.session_token, exchange.secure));
    }
    if (!exchange.new_visitor.empty() && response.body.find(exchange.csrf_token) != std::string::npos) {
        response.headers.append(set_cookie_line(kVisitorCookie, exchange.new_visitor, exchange.secure));
    }
    compress(exchange, response);
    return response;
}

/// A page that needs more leads to where it can be had.
bool Gate::Impl::redirects_to_sign_in(const Exchange& exchange, const Error& error) const {
    return exchange.page && exchange.endpoint != nullptr && exchange.endpoint->method == api::Method::get &&
           (error.fault == Fault::sign_in_required || error.fault == Fault::password_change_required);
}

Response Gate::Impl::encode_refusal(const Exchange& exchange, const Error& error,
                                    std::string_view retry_after) const {
    Response response;
    response.headers = "Cache-Control: no-store\r\n";
    if (redirects_to_sign_in(exchange, error)) {
        response.status = 303;
        response.headers.append("Location: ");
        if (error.fault == Fault::password_change_required) {
            response.headers.append(options.password_page);
        } else {
            response.headers.append(options.sign_in_page)
                .append("?next=")
                .append(escape_url(exchange.target_path));
        }
        response.headers.append("\r\n");
        return response;
    }
    const FaultText& text = fault_text(error.fault);
    std::string incident;
    Error shown = error;
    if (text.http_status >= 500) {
        incident = crypto::random_hex(6);
        std::string_view id = exchange.endpoint != nullptr ? exchange.endpoint->id : "none";
        log_error("gate: incident " + incident + ": " + std::string(id) + ": " + std::string(text.code) +
                  " " + error.detail_zh + " " + error.log_text);
        shown.detail_zh.clear();  // may name files and other insides
    }
    response.status = text.http_status;
    if (!retry_after.empty()) {
        response.headers.append("Retry-After: ").append(retry_after).append("\r\n");
    } else if (text.http_status == 503) {
        response.headers.append("Retry-After: 5\r\n");
    }
    if (exchange.page && options.refusal_page) {
        api::Reply page = options.refusal_page({.status = text.http_status,
                                                .error = shown,
                                                .incident = incident,
                                                .language = exchange.language,
                                                .principal = exchange.principal(),
                                                .csrf_token = exchange.csrf_token,
                                                .reading = exchange.reading});
        response.content_type = std::move(page.content_type);
        response.body = std::move(page.body);
        for (const auto& [name, value] : page.headers) append_header(response, name, value);
    } else {
        response.content_type = "application/json; charset=utf-8";
        response.body = refusal_json(shown, incident);
    }
    if (!exchange.new_visitor.empty() && response.body.find(exchange.csrf_token) != std::string::npos) {
        response.headers.append(set_cookie_line(kVisitorCookie, exchange.new_visitor, exchange.secure));
    }
    return response;
}

}  // namespace mingxin::gate
