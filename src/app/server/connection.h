// One connection of the server. Internal to this folder: server.cpp accepts, connection.cpp speaks.
#pragma once
#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <unordered_set>

#include "server/body.h"
#include "server/server.h"

namespace boost::asio {
class io_context;
namespace ssl {
class context;
}
}  // namespace boost::asio

namespace mingxin::server {

using Clock = std::chrono::steady_clock;

class AnyConnection {
  public:
    virtual ~AnyConnection() = default;
    /// Answers 408 or closes when a deadline passed.
    virtual void tick(Clock::time_point now) = 0;
    /// Closes when idle; otherwise the reply under way is the last one.
    virtual void drain() = 0;
    virtual void abort() = 0;
    /// Nothing of a request is here, and since when.
    virtual std::optional<Clock::time_point> idle_since() const = 0;
};

/// What the loops of a server share. Thread-safe.
class Shared {
  public:
    std::atomic<int> connections = 0;
    PublicBodies bodies;
    /// Counts a connection of this address; false when it has limit of them already.
    bool enter(const std::string& address, int limit);
    void leave(const std::string& address);

  private:
    std::mutex mutex_;
    std::unordered_map<std::string, int> by_address_;
};

/// What the connections of one loop share. Used on the loop's thread only, but for the atomics and thread_id.
struct Home {
    const Options& options;
    gate::Handler& handler;
    boost::asio::io_context& io;
    boost::asio::ssl::context* tls;  // null: plain
    Shared& shared;
    std::unordered_set<AnyConnection*> connections = {};
    std::atomic<bool> draining = false;
    std::atomic<bool> ended = false;  // the loop runs no more
    std::thread::id thread_id = {};
};

/// Takes over an accepted socket. The connection owns itself until it is closed.
void start_connection(Home& home, int descriptor);

}  // namespace mingxin::server
