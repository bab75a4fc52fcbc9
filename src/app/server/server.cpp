#include "server/server.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <chrono>
#include <optional>
#include <vector>

#include "base/log.h"
#include "server/connection.h"

namespace mingxin::server {
namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::milliseconds;

constexpr milliseconds kTick{200};

/// One thread with its loop and its listening socket.
struct Loop {
    Loop(const Options& options, gate::Handler& handler, Shared& shared, ssl::context* tls)
        : home{options, handler, *io, tls, shared} {}
    // The io_context goes first: its end may destroy connections, which leave home.
    std::unique_ptr<asio::io_context> io_owner = std::make_unique<asio::io_context>(1);
    asio::io_context* io = io_owner.get();
    Home home;
    std::optional<tcp::acceptor> acceptor{*io};
    std::optional<asio::steady_timer> timer{*io};
    bool accepting = true;
    Clock::time_point drain_until = Clock::time_point::max();
    std::thread thread;

    ~Loop() {
        acceptor.reset();
        timer.reset();
        io_owner.reset();
    }
    void run();
    void accept();
    bool close_idle();
    void tick();
    void drain(Clock::time_point until);
};

void Loop::run() {
    home.thread_id = std::this_thread::get_id();
    accept();
    tick();
    io->run();
    home.ended = true;
}

void Loop::accept() {
    acceptor->async_wait(tcp::acceptor::wait_read, [this](error_code ec) {
        if (ec || home.draining) {
            return;
        }
        // All that wait; the descriptors belong to the connections.
        for (;;) {
            int descriptor =
                ::accept4(acceptor->native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (descriptor >= 0) {
                bool has_room =
                    home.shared.connections.load(std::memory_order_relaxed) < home.options.limits.connections;
                if (has_room || close_idle()) {
                    start_connection(home, descriptor);
                } else {
                    ::close(descriptor);
                }
            } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
                log_warning("server: accept: out of descriptors or memory");
                accepting = false;  // the next tick tries again
                return;
            } else if (errno != EINTR && errno != ECONNABORTED) {
                break;
            }
        }
        accept();
    });
}

/// Makes room for the next: whoever only keeps connections open can't shut others out.
bool Loop::close_idle() {
    AnyConnection* longest = nullptr;
    for (AnyConnection* connection : home.connections) {
        auto since = connection->idle_since();
        if (since && (longest == nullptr || *since < *longest->idle_since())) {
            longest = connection;
        }
    }
    if (longest != nullptr) {
        longest->abort();
    }
    return longest != nullptr;
}

void Loop::tick() {
    timer->expires_after(kTick);
    timer->async_wait([this](error_code ec) {
        if (ec) {
            return;
        }
        auto now = Clock::now();
        std::vector<AnyConnection*> all(home.connections.begin(), home.connections.end());
        for (AnyConnection* connection : all) {
            // Closing only closes the socket; the object goes when its pending operation returns.
            now >= drain_until ? connection->abort() : connection->tick(now);
        }
        if (home.draining && home.connections.empty()) {
            return;
        }
        if (home.draining && now - std::chrono::seconds(1) >= drain_until) {
            return io->stop();
        }
        if (!accepting && !home.draining) {
            accepting = true;
            accept();
        }
        tick();
    });
}

void Loop::drain(Clock::time_point until) {
    home.draining = true;
    drain_until = until;
    error_code ignored;
    acceptor->close(ignored);
    std::vector<AnyConnection*> all(home.connections.begin(), home.connections.end());
    for (AnyConnection* connection : all) {
        connection->drain();
    }
}

}  // namespace

bool Shared::enter(const std::string& address, int limit) {
    std::lock_guard lock(mutex_);
    int& count = by_address_[address];
    if (count >= limit) {
        return false;
    }
    ++count;
    return true;
}

void Shared::leave(const std::string& address) {
    std::lock_guard lock(mutex_);
    auto found = by_address_.find(address);
    if (found != by_address_.end() && --found->second <= 0) {
        by_address_.erase(found);
    }
}

struct Server::Impl {
    Options options;
    std::unique_ptr<Shared> shared;
    std::unique_ptr<ssl::context> tls;
    std::vector<std::unique_ptr<Loop>> loops;
    std::uint16_t port = 0;
    std::atomic<bool> stopped = false;

    Result<void> load_certificate();
    Result<void> listen(gate::Handler& handler);
};

Result<void> Server::Impl::load_certificate() {
    if (options.certificate_pem.empty() && options.key_pem.empty()) {
        return {};
    }
    tls = std::make_unique<ssl::context>(ssl::context::tls_server);
    error_code ec;
    tls->set_options(ssl::context::default_workarounds | ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1,
                     ec);
    if (!ec) {
        tls->use_certificate_chain_file(options.certificate_pem.string(), ec);
    }
    if (!ec) {
        tls->use_private_key_file(options.key_pem.string(), ssl::context::pem, ec);
    }
    if (ec || SSL_CTX_check_private_key(tls->native_handle()) != 1) {
        return fail(Fault::certificate_unusable, options.certificate_pem.string(), ec.message());
    }
    return {};
}

Result<void> Server::Impl::listen(gate::Handler& handler) {
    std::size_t colon = options.listen.rfind(':');
    std::string host = options.listen.substr(0, colon);
    if (host.size() > 2 && host.front() == '[') {
        host = host.substr(1, host.size() - 2);
    }
    error_code ec;
    auto address = asio::ip::make_address(host, ec);
    int wanted = colon == std::string::npos ? -1 : std::atoi(options.listen.c_str() + colon + 1);
    if (ec || wanted < 0 || wanted > 65535) {
        return fail(Fault::listen_failed, options.listen, ec.message());
    }
    port = static_cast<std::uint16_t>(wanted);
    // One processor stays free for what works behind the requests and for those who ask: with every processor
    // busy in loops, a request waits for the slice of whoever shares its loop's processor.
    const int processors = static_cast<int>(std::thread::hardware_concurrency());
    const int threads = options.threads > 0 ? options.threads : std::max(1, processors - 1);
    using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
    for (int i = 0; i < threads; ++i) {
        auto loop = std::make_unique<Loop>(options, handler, *shared, tls.get());
        tcp::endpoint endpoint(address, port);
        auto attempt = [&](auto&& action) {
            if (!ec) {
                action();
            }
        };
        loop->acceptor->open(endpoint.protocol(), ec);
        attempt([&] { loop->acceptor->set_option(tcp::acceptor::reuse_address(true), ec); });
        // The first socket binds alone, so that a second server on the same port is told.
        attempt([&] {
            if (i > 0) {
                loop->acceptor->set_option(ReusePort(true), ec);
            }
        });
        attempt([&] { loop->acceptor->bind(endpoint, ec); });
        attempt([&] {
            if (i == 0) {
                loop->acceptor->set_option(ReusePort(true), ec);
            }
        });
        attempt([&] { loop->acceptor->listen(1024, ec); });
        attempt([&] { loop->acceptor->non_blocking(true, ec); });
        if (ec) {
            return fail(Fault::listen_failed, options.listen, ec.message());
        }
        port = loop->acceptor->local_endpoint().port();
        loops.push_back(std::move(loop));
    }
    return {};
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<Server>> Server::start(Options options, gate::Handler& handler) {
    auto impl = std::make_unique<Impl>();
    impl->options = std::move(options);
    impl->shared = std::make_unique<Shared>();
    impl->shared->bodies.memory_bytes = impl->options.limits.public_memory_bytes;
    impl->shared->bodies.disk_bytes = impl->options.limits.public_disk_bytes;
    TRY(impl->load_certificate());
    TRY(impl->listen(handler));
    for (auto& loop : impl->loops) {
        loop->thread = std::thread([loop = loop.get()] { loop->run(); });
    }
    return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::~Server() {
    stop();
}

void Server::stop() {
    if (impl_->stopped.exchange(true)) {
        return;
    }
    auto until = Clock::now() + milliseconds(impl_->options.limits.grace_ms);
    for (auto& loop : impl_->loops) {
        asio::post(*loop->io, [loop = loop.get(), until] { loop->drain(until); });
    }
    for (auto& loop : impl_->loops) {
        loop->thread.join();
    }
}

std::uint16_t Server::port() const {
    return impl_->port;
}
bool Server::tls() const {
    return impl_->tls != nullptr;
}

}  // namespace mingxin::server
