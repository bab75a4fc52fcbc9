// The inside of the gate: gate.cpp lets requests in, run.cpp runs endpoints, reply.cpp encodes. Internal to
// this folder.
#pragma once
#include <exception>
#include <optional>
#include <string>
#include <vector>

#include "gate/gate.h"
#include "gate/limiter.h"
#include "gate/meter.h"
#include "gate/router.h"

namespace mingxin::gate {

inline constexpr std::string_view kSessionCookie = "mx_session";
inline constexpr std::string_view kVisitorCookie =
    "mx_visitor";  // bears the form token of those without session

/// Set by the pages themselves when the reader asks for large print, or for another language than Chinese.
inline constexpr std::string_view kReadingCookie = "mx_reading";
inline constexpr std::string_view kLanguageCookie = "mx_lang";

/// Of the steady clock, for durations and limits.
std::int64_t steady_us();
const api::Principal& nobody();

/// One request on its way. Lives on the stack while it is answered at once, on the heap when it goes to a
/// thread.
struct Exchange {
    const api::Endpoint* endpoint = nullptr;
    int index = -1;
    api::Input input;
    std::optional<access::Session> session;
    std::string address, target, target_path;
    std::string csrf_token, new_visitor;
    std::string_view language = "zh";
    bool secure = false, page = false, takes_gzip = false;
    api::Reading reading = api::Reading::normal;
    Instant now;
    std::int64_t started_us = 0;
    std::string if_none_match;
    std::shared_ptr<Responder> responder;

    const api::Principal& principal() const { return session ? session->principal : nobody(); }
    api::Call call() const { return {principal(), now, address, language, csrf_token, target, reading}; }
};

struct Gate::Impl {
    store::Database& database;
    Writer& writer;
    std::vector<api::Endpoint> endpoints;
    Options options;
    Router router{endpoints};
    Meter meter;
    RateLimiter limiter, sign_in_limiter;
    Workers workers;

    Impl(store::Database& database, Writer& writer, std::vector<api::Endpoint> list, Options options);
    static std::vector<std::string> ids(const std::vector<api::Endpoint>& endpoints);

    Exchange begin(const Request& request, const Router::Match& match, const api::Endpoint* endpoint) const;
    Result<void> limit(const Request& request, const Exchange& exchange, std::string& retry_after);
    Result<void> authenticate(Exchange& exchange, const Request& request);
    Result<void> authorise(const Exchange& exchange) const;
    Result<void> check_form(const Exchange& exchange, const Request& request, std::string_view token) const;
    Result<void> admit(Exchange& exchange, const Request& request, const Router::Match& match,
                       std::string& retry_after);
    void run(Exchange exchange);
    void run_read(Exchange exchange);
    void run_write(Exchange exchange);
    void run_long(Exchange exchange);
    void finish_audited(std::shared_ptr<Exchange> exchange, Result<api::Reply> reply);
    Result<void> append_audit(store::Tx& tx, const Exchange& exchange) const;
    void touch_session(const Exchange& exchange);
    void answer(const Exchange& exchange, Result<api::Reply> reply);
    Response encode(const Exchange& exchange, Result<api::Reply>& reply, std::string_view retry_after = {});
    Response encode_reply(const Exchange& exchange, api::Reply& reply) const;
    Response encode_refusal(const Exchange& exchange, const Error& error, std::string_view retry_after) const;
    bool redirects_to_sign_in(const Exchange& exchange, const Error& error) const;
    Response answer_now(const Exchange& exchange, const Error& error, std::string_view retry_after = {});
    Response answer_unknown(const Exchange& exchange, const Router::Match& match);
    Response refuse_head(Exchange& exchange, const Request& request, const Router::Match& match,
                         const Error& otherwise);
};

/// The one catch-all: what() goes to the log with the incident number, never to the client.
template <class Run>
auto guarded(Run&& run) -> decltype(run()) {
    try {
        return run();
    } catch (const std::exception& error) {
        return fail(Fault::internal, {}, error.what());
    } catch (...) {
        return fail(Fault::internal, {}, "unknown exception");
    }
}

}  // namespace mingxin::gate
