// What passes between the HTTP server and the gate. The server knows HTTP and sockets and nothing else; the
// gate knows endpoints and nothing of sockets. RFC 9110, RFC 9112.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mingxin::gate {

/// A part of a multipart/form-data body (RFC 7578), or, with an empty name, a raw body that was asked for as
/// a file.
struct Part {
    std::string name;
    std::string file_name;  // as the client says; never used as a path
    std::string value;      // of a plain field
    std::string path;       // of a file: the temporary file, removed after the reply unless it was moved away
};

/// A complete request. Views live until the responder was called.
struct Request {
    std::string_view method, target;
    std::string_view host, origin, fetch_site, cookie, content_type, accept, accept_language, csrf_token;
    std::string_view if_none_match, accept_encoding, forwarded_for, forwarded_proto;
    std::string_view body;  // of a body kept in memory
    std::vector<Part> parts;
    std::string_view address;  // of the peer: "192.0.2.7", "2001:db8::1"
    bool peer_is_loopback = false;
    bool tls = false;
};

struct Response {
    int status = 200;
    std::string content_type;  // empty: no body
    std::string body;
    std::string headers;                   // complete lines, each with CRLF
    std::string_view common_headers = {};  // likewise, of static storage duration or of the gate's lifetime
    std::string file;                      // when set, this file is the body
};

/// What becomes of the body of a request, decided when its head was read.
struct BodyPlan {
    std::int64_t limit_bytes = 0;
    bool to_file = false;    // a raw body goes to a temporary file; multipart files always do
    bool is_public = false;  // nobody vouches for the sender: what all of them send is bounded as well
    std::optional<Response> refusal;  // answer this without reading the body
};

/// Takes the one reply to a request. Thread-safe; call exactly once.
class Responder {
  public:
    virtual ~Responder() = default;
    virtual void respond(Response response) = 0;
};

/// What the server runs. Thread-safe. Neither function may block for long or throw.
class Handler {
  public:
    virtual ~Handler() = default;
    /// Called when the head of a request with a body was read; request.body and parts are empty.
    virtual BodyPlan plan(const Request& request) = 0;
    /// request is valid until respond() was called, which may happen inside.
    virtual void handle(const Request& request, const std::shared_ptr<Responder>& responder) = 0;
};

/// Header lines of every reply that is no page.
extern const std::string_view kDataHeaders;
/// The refusal as JSON: {"code","title","detail","remedy"} and, when not empty, "incident".
std::string refusal_json(const Error& error, std::string_view incident = {});
/// A reply that carries it, with the status of the fault.
Response refusal_response(const Error& error);

}  // namespace mingxin::gate
