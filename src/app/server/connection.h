// One connection of the server. Internal to this folder: server.cpp accepts, connection.cpp speaks.
#pragma once
#include <atomic>
#include <chrono>
#include <thread>
#include <unordered_set>

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
};

/// What the connections of one loop share. Used on the loop's thread only, but for the atomics and thread_id.
struct Home {
    const Options& options;
    gate::Handler& handler;
    boost::asio::io_context& io;
    boost::asio::ssl::context* tls;     // null: plain
    std::atomic<int>& all_connections;  // of all loops
    std::unordered_set<AnyConnection*> connections = {};
    std::atomic<bool> draining = false;
    std::atomic<bool> ended = false;  // the loop runs no more
    std::thread::id thread_id = {};
};

/// Takes over an accepted socket. The connection owns itself until it is closed.
void start_connection(Home& home, int descriptor);

}  // namespace mingxin::server
