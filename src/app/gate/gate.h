// The only runner of endpoints: finds the endpoint, decodes, authenticates, checks the form token, authorises
// (default deny), opens the transaction, runs, appends the audit event, seals, commits, encodes, meters.
// Requests of the server and commands of the command line take the same way.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "access/access.h"
#include "api/api.h"
#include "gate/http.h"
#include "gate/writer.h"
#include "store/store.h"

namespace mingxin::gate {

/// What a page that tells a refusal needs.
struct RefusalPage {
    int status = 500;
    const Error& error;
    std::string_view incident;  // of internal errors, also in the log
    std::string_view language;
    const api::Principal& principal;
    std::string_view csrf_token;
    api::Reading reading = api::Reading::normal;
};

struct Options {
    Bytes secret;                 // 32 bytes, the same in all processes of one site: keys the form tokens
    std::string rulebook_digest;  // told in audit events
    std::vector<access::Role> roles;
    int workers = 2;
    std::size_t queued = 256;         // long work that may wait; more is told 503
    double requests_per_s = 50;       // of one address (an IPv6 /64); 0: no limit. A loopback peer without
    int burst = 200;                  // X-Forwarded-For is not limited.
    double sign_ins_per_minute = 10;  // of any one address
    int sign_in_burst = 10;
    std::string sign_in_page = "/sign-in";                       // where a page without permission leads
    std::string password_page = "/account/password";             // where the first sign-in leads
    std::function<api::Reply(const RefusalPage&)> refusal_page;  // without it refusals are JSON
};

/// Thread-safe. database and writer must outlive it. Order of ending: Server::stop(), Gate::stop(), then
/// destroy.
class Gate final : public Handler {
  public:
    /// Two endpoints with one id, or one method and path, are a bug (CHECK).
    Gate(store::Database& database, Writer& writer, std::vector<api::Endpoint> endpoints, Options options);
    ~Gate() override;

    BodyPlan plan(const Request& request) override;
    void handle(const Request& request, const std::shared_ptr<Responder>& responder) override;
    /// The same, waiting for the reply.
    Response handle(const Request& request);

    /// Runs an endpoint for a command: the same decoding of values, permission, transaction and audit; no
    /// session, no form token. inputs are name and value; a file field's value is the path.
    /// Fault::endpoint_unknown.
    Result<api::Reply> run_local(std::string_view endpoint_id,
                                 const std::vector<std::pair<std::string, std::string>>& inputs,
                                 const api::Principal& principal, std::string_view language = "zh");
    /// Ends the workers after the work that waits.
    void stop();
    const std::vector<api::Endpoint>& endpoints() const;
    /// As GET /metrics prints it, for loopback peers only.
    std::string metrics() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace mingxin::gate
