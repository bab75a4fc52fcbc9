// The HTTP/1.1 server (RFC 9112) on Boost.Beast's parser and Asio: one event loop per thread, each with its
// own listening socket (SO_REUSEPORT), keep-alive and pipelining; a reply leaves as one buffer. Optional
// TLS 1.2+. Every limit has its own answer: 408, 413, 414, 431, 501, 505.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "base/result.h"
#include "gate/http.h"

namespace mingxin::server {

struct Limits {
    std::size_t target_bytes = 8 << 10;
    std::size_t head_bytes = 16 << 10;  // start line and all header fields
    int header_fields = 100;
    int connections = 10'000;                      // then the one that was idle longest makes room, or none
    int connections_per_address = 1'000;           // more are closed at once; not of this machine: a proxy
    int head_wait_ms = 10'000;                     // from the first byte of a head to its end
    int idle_wait_ms = 60'000;                     // between requests
    int body_wait_ms = 20'000;                     // at first; each received byte buys more
    std::int64_t slowest_bytes_per_s = 8 << 10;    // of bodies and of replies
    int grace_ms = 15'000;                         // stop() waits so long for replies under way
    std::int64_t public_memory_bytes = 256 << 20;  // bodies under way of senders without a session, all of
    std::int64_t public_disk_bytes = 8ll << 30;    // them together; more is told 503
};

struct Options {
    std::string listen = "127.0.0.1:8080";  // "[::1]:8080", "0.0.0.0:80"; port 0 takes a free one
    int threads = 0;                        // 0: one less than processors, at least one
    Limits limits;
    std::filesystem::path temporary_folder = std::filesystem::temp_directory_path();  // of uploads
    std::filesystem::path certificate_pem, key_pem;                                   // both set: TLS
};

/// A running server. Thread-safe. Order of ending: stop() the server, end the handler's own threads, then
/// destroy the server: a responder may be held by the handler until then.
class Server {
  public:
    /// Listens when it returns. handler must live until stop() returned. Fault::listen_failed,
    /// Fault::certificate_unusable.
    static Result<std::unique_ptr<Server>> start(Options options, gate::Handler& handler);
    /// Stops.
    ~Server();
    /// Accepts no more, ends idle connections, lets replies under way end within grace_ms, then closes. Once.
    void stop();
    std::uint16_t port() const;
    bool tls() const;

  private:
    struct Impl;
    explicit Server(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace mingxin::server
