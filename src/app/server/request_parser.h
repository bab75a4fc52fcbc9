// Reads the head and the body of one request after another. Refuses what is ambiguous (request smuggling):
// two Host fields, length and chunks together, an unknown transfer encoding, a folded field. Fields of a
// trailer are left out. Not thread-safe.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "gate/http.h"
#include "server/body.h"
#include "server/server.h"

namespace mingxin::server {

class RequestParser {
  public:
    explicit RequestParser(const Limits& limits);
    ~RequestParser();
    RequestParser(const RequestParser&) = delete;

    /// Takes a complete head, up to and with its empty line. request() then views these bytes.
    std::optional<Error> take_head(std::string_view head);
    /// Passes body bytes on to sink; returns how many were used: fewer only when the body is complete or a
    /// chunk's head is cut.
    std::optional<Error> take_body(std::string_view bytes, std::size_t& used);
    void set_sink(BodySink& sink);
    /// Forgets the request.
    void reset();

    /// What follows needs a head that was taken.
    bool has_request() const;
    gate::Request& request();
    bool is_done() const;
    bool keep_alive() const;
    bool is_http_1_0() const;
    bool is_head_method() const;
    bool expects_continue() const;
    std::optional<std::uint64_t> content_length() const;
    std::int64_t received_bytes() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace mingxin::server
