#include "gate/gate.h"

#include <chrono>
#include <future>
#include <set>

#include "base/check.h"
#include "base/text.h"
#include "crypto/crypto.h"
#include "gate/cookies.h"
#include "gate/decode.h"
#include "gate/gate_impl.h"

namespace mingxin::gate {
namespace {

std::string_view path_of(std::string_view target) {
    return target.substr(0, target.find('?'));
}

std::string_view query_of(std::string_view target) {
    std::size_t mark = target.find('?');
    return mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
}

/// RFC 9110 12.5.3, for one coding: named, and not with a weight of zero.
bool takes_gzip(std::string_view accepted) {
    std::size_t at = accepted.find("gzip");
    if (at == std::string_view::npos) {
        return false;
    }
    std::string_view weight = accepted.substr(at + 4, accepted.find(',', at) - at - 4);
    return weight.find("q=0") == std::string_view::npos ||
           weight.find_first_of("123456789") != std::string_view::npos;
}

std::string_view language_of(const Request& request) {
    return to_upper_ascii(request.accept_language.substr(0, 2)) == "EN" ? "en" : "zh";
}

}  // namespace

std::int64_t steady_us() {
    auto since = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(since).count();
}

const api::Principal& nobody() {
    static const api::Principal principal;
    return principal;
}

std::vector<std::string> Gate::Impl::ids(const std::vector<api::Endpoint>& endpoints) {
    std::vector<std::string> all;
    std::set<std::string_view> seen;
    for (const api::Endpoint& endpoint : endpoints) {
        CHECK(seen.insert(endpoint.id).second);
        for (std::string_view name : path_parameters(endpoint.path)) {
            CHECK(find_field(endpoint.in, name, api::Where::path) != nullptr);
        }
        all.emplace_back(endpoint.id);
    }
    return all;
}

Gate::Impl::Impl(store::Database& database, Writer& writer, std::vector<api::Endpoint> list, Options given)
    : database(database),
      writer(writer),
      endpoints(std::move(list)),
      options(std::move(given)),
      meter(ids(endpoints)),
      limiter(options.requests_per_s, options.burst),
      sign_in_limiter(options.sign_ins_per_minute / 60, options.sign_in_burst),
      workers(options.workers, options.queued) {
    CHECK(options.secret.size() >= 32);
}

// --- on the way in

Exchange Gate::Impl::begin(const Request& request, const Router::Match& match,
                           const api::Endpoint* endpoint) const {
    Exchange exchange;
    exchange.endpoint = endpoint;
    exchange.index = endpoint == nullptr ? -1 : static_cast<int>(endpoint - endpoints.data());
    exchange.address = client_address(request);
    exchange.language = language_of(request);
    exchange.secure = is_secure(request);
    std::string_view path = path_of(request.target);
    bool wants_page = request.accept.find("text/html") != std::string_view::npos;
    int known = match.get >= 0 ? match.get : match.post;
    exchange.page = endpoint != nullptr ? endpoint->page
                    : known >= 0        ? endpoints[static_cast<std::size_t>(known)].page
                                        : wants_page && !path.starts_with("/api/");
    exchange.target = request.target;
    exchange.target_path = path;
    // Pages are Chinese unless somebody chose otherwise, whatever a browser is set to.
    if (exchange.page) {
        exchange.language = cookie_value(request.cookie, kLanguageCookie) == "en" ? "en" : "zh";
    }
    const std::string_view reading = cookie_value(request.cookie, kReadingCookie);
    exchange.reading = reading == "elder"   ? api::Reading::elder
                       : reading == "kiosk" ? api::Reading::kiosk
                                            : api::Reading::normal;
    exchange.if_none_match = request.if_none_match;
    exchange.takes_gzip = takes_gzip(request.accept_encoding);
    exchange.now = now_utc();
    exchange.started_us = steady_us();
    return exchange;
}

Result<void> Gate::Impl::limit(const Request& request, const Exchange& exchange, std::string& retry_after) {
    std::optional<std::int64_t> wait_us;
    const bool own_machine = request.peer_is_loopback && request.forwarded_for.empty();
    const bool asset = exchange.endpoint != nullptr && exchange.endpoint->asset;
    if (!own_machine && !asset) {
        wait_us = limiter.take(limited_network(exchange.address), exchange.started_us);
    }
    if (!wait_us && exchange.endpoint != nullptr && exchange.endpoint->sign_in &&
        exchange.endpoint->method == api::Method::post) {
        wait_us = sign_in_limiter.take(limited_network(exchange.address), exchange.started_us);
    }
    if (!wait_us) {
        return {};
    }
    retry_after = std::to_string((*wait_us + 999'999) / 1'000'000);
    return fail(Fault::too_many_requests, "请在 " + retry_after + " 秒后重试");
}

/// Finds the session of the cookie and the form token of whoever asks.
Result<void> Gate::Impl::authenticate(Exchange& exchange, const Request& request) {
    if (!request.cookie.empty()) {
        std::string_view token = cookie_value(request.cookie, cookie_name(kSessionCookie, exchange.secure));
        if (!token.empty()) {
            store::ReadTx tx = TRY(database.read());
            exchange.session = TRY(access::find_session(tx, options.roles, token, exchange.now));
        }
    }
    if (exchange.session) {
        exchange.csrf_token = form_token(options.secret, exchange.session->principal.session_id);
        return {};
    }
    if (exchange.page) {
        std::string_view visitor = cookie_value(request.cookie, cookie_name(kVisitorCookie, exchange.secure));
        if (visitor.size() != 32) {
            exchange.new_visitor = crypto::random_hex(16);
            visitor = exchange.new_visitor;
        }
        exchange.csrf_token = form_token(options.secret, visitor);
    }
    return {};
}

Result<void> Gate::Impl::authorise(const Exchange& exchange) const {
    const api::Principal& principal = exchange.principal();
    if (principal.may(exchange.endpoint->permission)) {
        return {};
    }
    if (!principal.signed_in()) {
        return fail(Fault::sign_in_required);
    }
    if (exchange.session && exchange.session->must_change_password) {
        return fail(Fault::password_change_required);
    }
    return fail(Fault::permission_missing);
}

/// A change asked for by a browser must come from a form of ours: pages always, the API when a session
/// vouches.
Result<void> Gate::Impl::check_form(const Exchange& exchange, const Request& request,
                                    std::string_view token) const {
    if (exchange.endpoint->method != api::Method::post || !(exchange.endpoint->page || exchange.session)) {
        return {};
    }
    std::string_view given = token.empty() ? request.csrf_token : token;
    if (!is_same_site(request) || !exchange.new_visitor.empty() ||
        !crypto::equal_constant_time(as_bytes(given), as_bytes(exchange.csrf_token))) {
        return fail(Fault::form_expired);
    }
    return {};
}

Result<void> Gate::Impl::admit(Exchange& exchange, const Request& request, const Router::Match& match,
                               std::string& retry_after) {
    TRY(limit(request, exchange, retry_after));
    if (exchange.endpoint == nullptr) {
        return {};
    }
    TRY(authenticate(exchange, request));
    TRY(authorise(exchange));
    std::string token;
    exchange.input = TRY(decode_request(*exchange.endpoint, {match.values.data(), match.value_count},
                                        query_of(request.target), request, token));
    return check_form(exchange, request, token);
}

// --- Gate

Gate::Gate(store::Database& database, Writer& writer, std::vector<api::Endpoint> endpoints, Options options)
    : impl_(new Impl(database, writer, std::move(endpoints), std::move(options))) {}

Gate::~Gate() {
    stop();
}

void Gate::stop() {
    impl_->workers.stop();
}
const std::vector<api::Endpoint>& Gate::endpoints() const {
    return impl_->endpoints;
}
std::string Gate::metrics() const {
    return impl_->meter.text();
}

namespace {
const api::Endpoint* chosen(const std::vector<api::Endpoint>& endpoints, const Router::Match& match,
                            std::string_view method) {
    int index = method == "GET" || method == "HEAD" ? match.get : method == "POST" ? match.post : -1;
    return index < 0 ? nullptr : &endpoints[static_cast<std::size_t>(index)];
}

std::string allowed_methods(const Router::Match& match) {
    std::string text = match.get >= 0 ? "GET, HEAD" : "";
    return match.post >= 0 ? text + (text.empty() ? "POST" : ", POST") : text;
}
}  // namespace

/// The reply to a request whose body will not be read; it counts against the rate as any other.
Response Gate::Impl::refuse_head(Exchange& exchange, const Request& request, const Router::Match& match,
                                 const Error& otherwise) {
    std::string retry_after;
    auto limited = limit(request, exchange, retry_after);
    if (!limited.ok()) {
        return answer_now(exchange, limited.error(), retry_after);
    }
    return exchange.endpoint == nullptr ? answer_unknown(exchange, match) : answer_now(exchange, otherwise);
}

/// 404, or 405 with the methods that are there.
Response Gate::Impl::answer_unknown(const Exchange& exchange, const Router::Match& match) {
    if (!match.found()) {
        return answer_now(exchange, Error{Fault::route_unknown, {}, {}});
    }
    Response response = answer_now(exchange, Error{Fault::method_not_allowed, {}, {}});
    response.headers.append("Allow: ").append(allowed_methods(match)).append("\r\n");
    return response;
}

/// Refuses before the body is sent what would be refused afterwards.
BodyPlan Gate::plan(const Request& request) {
    Router::Match match = impl_->router.find(path_of(request.target));
    const api::Endpoint* endpoint = chosen(impl_->endpoints, match, request.method);
    Exchange exchange = impl_->begin(request, match, endpoint);
    BodyPlan plan;
    if (endpoint == nullptr || endpoint->method == api::Method::get) {
        // GET takes no body: one could be meant to be read as the next request.
        plan.refusal = impl_->refuse_head(
            exchange, request, match, endpoint == nullptr ? Error{} : Error{Fault::body_too_large, {}, {}});
        return plan;
    }
    plan.limit_bytes = endpoint->body_limit_bytes;
    for (const api::Field& field : endpoint->in) {
        plan.to_file =
            plan.to_file || (field.type == api::FieldType::file &&
                             !is_media_type(request.content_type, "application/x-www-form-urlencoded"));
    }
    auto admitted = guarded([&]() -> Result<void> {
        TRY(impl_->authenticate(exchange, request));
        return impl_->authorise(exchange);
    });
    if (!admitted.ok()) {
        plan.refusal = impl_->refuse_head(exchange, request, match, admitted.error());
    }
    plan.is_public = !exchange.session;
    return plan;
}

void Gate::handle(const Request& request, const std::shared_ptr<Responder>& responder) {
    std::string_view path = path_of(request.target);
    bool is_own = request.peer_is_loopback && request.forwarded_for.empty() && request.method == "GET";
    if (path == "/metrics" && is_own) {
        return responder->respond({.content_type = "text/plain; version=0.0.4",
                                   .body = metrics(),
                                   .headers = "Cache-Control: no-store\r\n",
                                   .common_headers = kDataHeaders});
    }
    Router::Match match = impl_->router.find(path);
    const api::Endpoint* endpoint = chosen(impl_->endpoints, match, request.method);
    Exchange exchange = impl_->begin(request, match, endpoint);
    exchange.responder = responder;
    std::string retry_after;
    auto admitted = guarded([&] { return impl_->admit(exchange, request, match, retry_after); });
    if (!admitted.ok()) {
        return responder->respond(impl_->answer_now(exchange, admitted.error(), retry_after));
    }
    if (endpoint == nullptr) {
        return responder->respond(impl_->answer_unknown(exchange, match));
    }
    impl_->run(std::move(exchange));
}

Response Gate::handle(const Request& request) {
    struct Waiting final : Responder {
        std::promise<Response> promise;
        void respond(Response response) override { promise.set_value(std::move(response)); }
    };
    auto waiting = std::make_shared<Waiting>();
    auto future = waiting->promise.get_future();
    handle(request, waiting);
    return future.get();
}

Result<api::Reply> Gate::run_local(std::string_view endpoint_id,
                                   const std::vector<std::pair<std::string, std::string>>& inputs,
                                   const api::Principal& principal, std::string_view language) {
    const api::Endpoint* endpoint = nullptr;
    for (const api::Endpoint& candidate : impl_->endpoints) {
        if (endpoint_id == candidate.id) {
            endpoint = &candidate;
        }
    }
    if (endpoint == nullptr) {
        return fail(Fault::endpoint_unknown, std::string(endpoint_id));
    }
    Exchange exchange;
    exchange.endpoint = endpoint;
    exchange.session = access::Session{principal};
    exchange.now = now_utc();
    exchange.language = language;
    TRY(impl_->authorise(exchange));
    for (const auto& [name, value] : inputs) {
        const api::Field* field = nullptr;
        for (const api::Field& candidate : endpoint->in) {
            field = name == candidate.name ? &candidate : field;
        }
        if (field == nullptr) {
            return fail(Fault::field_unknown, name);
        }
        if (field->type == api::FieldType::file) {
            exchange.input.set_upload(name, {value, value.substr(value.rfind('/') + 1)});
        } else {
            TRY(put_field(exchange.input, *field, value));
        }
    }
    TRY(require_fields(*endpoint, exchange.input));

    Result<api::Reply> reply;
    bool audited = endpoint->audit == api::Audit::event;
    if (const auto* write = std::get_if<api::WriteHandler>(&endpoint->handler)) {
        TRY(impl_->writer.run([&](store::Tx& tx) -> Result<void> {
            reply = guarded([&] { return (*write)(exchange.call(), exchange.input, tx); });
            if (!reply.ok()) {
                return fail(reply.error());
            }
            return audited ? impl_->append_audit(tx, exchange) : Result<void>{};
        }));
        return reply;
    }
    reply = guarded([&]() -> Result<api::Reply> {
        if (const auto* lengthy = std::get_if<api::LongHandler>(&endpoint->handler)) {
            return (*lengthy)(exchange.call(), exchange.input);
        }
        store::ReadTx tx = TRY(impl_->database.read());
        return std::get<api::ReadHandler>(endpoint->handler)(exchange.call(), exchange.input, tx);
    });
    if (audited && reply.ok()) {
        TRY(impl_->writer.run([&](store::Tx& tx) { return impl_->append_audit(tx, exchange); }));
    }
    return reply;
}

}  // namespace mingxin::gate
