#include "server/connection.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <cstring>
#include <ctime>

#include "base/log.h"
#include "server/body.h"
#include "server/request_parser.h"
#include "server/wire.h"

namespace mingxin::server {
namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::milliseconds;

constexpr std::size_t kReadBytes = 4 << 10;
constexpr std::size_t kBodyReadBytes = 64 << 10;
constexpr std::size_t kFlushBytes = 256 << 10;  // of pipelined replies, before they are written
constexpr std::size_t kFileBytes = 128 << 10;
constexpr std::int64_t kLingerBytes = 8 << 20;

std::string address_text(const asio::ip::address& address) {
    if (address.is_v6() && address.to_v6().is_v4_mapped()) {
        return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
    }
    return address.to_string();
}

bool is_loopback(const asio::ip::address& address) {
    if (address.is_v6() && address.to_v6().is_v4_mapped()) {
        return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).is_loopback();
    }
    return address.is_loopback();
}

template <class Stream>
class Connection final : public AnyConnection,
                         public gate::Responder,
                         public std::enable_shared_from_this<Connection<Stream>> {
  public:
    Connection(Home& home, Stream stream, const asio::ip::address& peer)
        : home_(home),
          stream_(std::move(stream)),
          address_(address_text(peer)),
          loopback_(is_loopback(peer)),
          parser_(home.options.limits) {
        in_.resize(kReadBytes);
        home_.connections.insert(this);
        home_.shared.connections.fetch_add(1, std::memory_order_relaxed);
    }
    ~Connection() override {
        // Only ever destroyed on its own thread, or after the loop ended: see make_connection.
        home_.connections.erase(this);
        home_.shared.connections.fetch_sub(1, std::memory_order_relaxed);
        if (!loopback_) {
            home_.shared.leave(address_);
        }
        close_file();
    }

    void start() {
        phase_ = Phase::head;
        wait(home_.options.limits.head_wait_ms);
        if constexpr (std::is_same_v<Stream, tcp::socket>) {
            read();
        } else {
            stream_.async_handshake(
                ssl::stream_base::server,
                [self = this->shared_from_this()](error_code ec) { ec ? self->close() : self->read(); });
        }
    }

    void respond(gate::Response response) override {
        if (std::this_thread::get_id() == home_.thread_id && in_handler_) {
            return take_response(std::move(response));
        }
        asio::post(home_.io, [self = this->shared_from_this(), response = std::move(response)]() mutable {
            if (!self->closed_) {
                self->take_response(std::move(response));
                self->advance();
            }
        });
    }

    void tick(Clock::time_point now) override {
        if (now < (writing_ ? write_deadline_ : deadline_) || closed_) {
            return;
        }
        bool unanswered = !writing_ && !lingering_ &&
                          (phase_ == Phase::body || (phase_ == Phase::head && in_begin_ < in_end_));
        if (unanswered) {
            refuse(Error{Fault::request_timeout, {}, {}});
            flush();
        } else {
            close();
        }
    }

    void drain() override {
        if (phase_ == Phase::head && in_begin_ == in_end_ && !writing_) {
            close();
        }
    }

    void abort() override { close(); }

    std::optional<Clock::time_point> idle_since() const override {
        bool idle = phase_ == Phase::head && in_begin_ == in_end_ && !writing_ && !closed_;
        return idle ? std::optional(idle_since_) : std::nullopt;
    }

  private:
    enum class Phase { head, body, waiting, ended };
    enum class Step { again, more };

    auto& socket() {
        if constexpr (std::is_same_v<Stream, tcp::socket>) {
            return stream_;
        } else {
            return stream_.next_layer();
        }
    }

    void wait(std::int64_t ms) { deadline_ = Clock::now() + milliseconds(ms); }

    /// Does what can be done with the bytes at hand, then writes, reads or waits.
    void advance() {
        if (closed_ || writing_ || advancing_) {
            return;
        }
        advancing_ = true;
        Step step = Step::again;
        while (step == Step::again && out_.size() < kFlushBytes && file_ < 0) {
            if (phase_ == Phase::head) {
                step = take_head();
            } else if (phase_ == Phase::body) {
                step = take_body();
            } else {
                break;
            }
        }
        advancing_ = false;
        if (!out_.empty() || file_ >= 0) {
            flush();
        } else if (phase_ == Phase::head) {
            read();
        } else if (phase_ == Phase::body) {
            read_body();
        }
    }

    // --- reading

    void read() {
        if (in_begin_ == in_end_) {
            in_begin_ = in_end_ = 0;
            scanned_ = 0;
            if (home_.draining) {
                return close();
            }
            if (in_.size() > 4 * kReadBytes) {  // idle connections are many: they keep little
                in_ = std::string(kReadBytes, '\0');
            }
            wait(home_.options.limits.idle_wait_ms);
            idle_since_ = Clock::now();
        } else if (in_end_ == in_.size()) {
            if (in_begin_ > 0) {
                std::memmove(in_.data(), in_.data() + in_begin_, in_end_ - in_begin_);
                in_end_ -= in_begin_;
                in_begin_ = 0;
            } else {
                in_.resize(in_.size() * 2);
            }
        }
        stream_.async_read_some(asio::buffer(in_.data() + in_end_, in_.size() - in_end_),
                                [self = this->shared_from_this()](error_code ec, std::size_t size) {
                                    if (ec || self->closed_) {
                                        return self->close();
                                    }
                                    if (self->in_begin_ == self->in_end_) {
                                        self->wait(self->home_.options.limits.head_wait_ms);
                                    }
                                    self->in_end_ += size;
                                    self->advance();
                                });
    }

    /// Finds the end of the head; 0 when it is not there yet.
    std::size_t head_size() {
        while (in_begin_ < in_end_ && scanned_ == 0 && (in_[in_begin_] == '\r' || in_[in_begin_] == '\n')) {
            ++in_begin_;  // RFC 9112 2.2: empty lines before a request are skipped
        }
        std::string_view text(in_.data() + in_begin_, in_end_ - in_begin_);
        std::size_t end = text.find("\r\n\r\n", scanned_ > 3 ? scanned_ - 3 : 0);
        scanned_ = text.size();
        return end == std::string_view::npos ? 0 : end + 4;
    }

    Step take_head() {
        const Limits& limits = home_.options.limits;
        std::size_t size = head_size();
        std::string_view text(in_.data() + in_begin_, in_end_ - in_begin_);
        std::size_t line = text.find('\n');
        if (std::min(line, text.size()) > limits.target_bytes + 32) {
            return refuse(Error{Fault::target_too_long, {}, {}});
        }
        if (size == 0 && line != std::string_view::npos && (line == 0 || text[line - 1] != '\r')) {
            return refuse(Error{Fault::request_malformed, {}, {}});
        }
        if ((size == 0 ? text.size() : size) > limits.head_bytes) {
            return refuse(Error{Fault::headers_too_large, {}, {}});
        }
        if (size == 0) {
            return Step::more;
        }
        in_begin_ += size;
        scanned_ = 0;
        if (auto error = parser_.take_head(text.substr(0, size))) {
            return refuse(std::move(*error));
        }
        return begin_request();
    }

    Step begin_request() {
        gate::Request& request = parser_.request();
        request.address = address_;
        request.peer_is_loopback = loopback_;
        request.tls = !std::is_same_v<Stream, tcp::socket>;
        keep_alive_ = parser_.keep_alive() && !home_.draining;
        if (request.host.data() == nullptr && !parser_.is_http_1_0()) {
            return refuse(Error{Fault::request_malformed, "缺少 Host 请求头", {}});
        }
        if (parser_.is_done()) {
            return dispatch();
        }
        plan_ = home_.handler.plan(request);
        if (plan_.refusal) {
            keep_alive_ = false;
            phase_ = Phase::waiting;
            take_response(std::move(*plan_.refusal));
            return Step::again;
        }
        auto length = parser_.content_length();
        if (length && *length > static_cast<std::uint64_t>(plan_.limit_bytes)) {
            return refuse(body_too_large(plan_.limit_bytes));
        }
        auto sink =
            make_body_sink(plan_, request.content_type, home_.options.temporary_folder, home_.shared.bodies);
        if (!sink.ok()) {
            return refuse(std::move(sink).error());
        }
        sink_ = std::move(*sink);
        parser_.set_sink(*sink_);
        phase_ = Phase::body;
        body_begin_ = body_end_ = 0;
        body_started_ = Clock::now();
        wait(home_.options.limits.body_wait_ms);
        if (parser_.expects_continue() && in_begin_ == in_end_ && !parser_.is_http_1_0()) {
            out_.append("HTTP/1.1 100 Continue\r\n\r\n");
            return Step::more;
        }
        return Step::again;
    }

    void read_body() {
        if (body_.empty()) {
            body_.resize(kBodyReadBytes);
        }
        if (body_begin_ > 0) {
            std::memmove(body_.data(), body_.data() + body_begin_, body_end_ - body_begin_);
            body_end_ -= body_begin_;
            body_begin_ = 0;
        }
        if (body_end_ == body_.size()) {  // a chunk header that never ends
            refuse(Error{Fault::request_malformed, {}, {}});
            return flush();
        }
        stream_.async_read_some(asio::buffer(body_.data() + body_end_, body_.size() - body_end_),
                                [self = this->shared_from_this()](error_code ec, std::size_t size) {
                                    if (ec || self->closed_) {
                                        return self->close();
                                    }
                                    self->body_end_ += size;
                                    self->advance();
                                });
    }

    /// Feeds what came with the head, then what came after it.
    Step take_body() {
        if (in_begin_ < in_end_) {
            // The head's views point into in_, so body bytes that came with it are moved, not the head.
            std::size_t size = in_end_ - in_begin_;
            if (body_.size() < std::max(kBodyReadBytes, size)) {
                body_.resize(std::max(kBodyReadBytes, size));
            }
            std::memcpy(body_.data(), in_.data() + in_begin_, size);
            body_begin_ = 0;
            body_end_ = size;
            in_begin_ = in_end_ = 0;
        }
        if (body_begin_ == body_end_) {
            return Step::more;
        }
        std::size_t used = 0;
        auto error =
            parser_.take_body(std::string_view(body_).substr(body_begin_, body_end_ - body_begin_), used);
        body_begin_ += used;
        if (error) {
            return refuse(std::move(*error));
        }
        if (!parser_.is_done()) {
            const Limits& limits = home_.options.limits;
            deadline_ = body_started_ + milliseconds(limits.body_wait_ms + parser_.received_bytes() * 1000 /
                                                                               limits.slowest_bytes_per_s);
            return Step::more;
        }
        auto finished = sink_->finish(parser_.request());
        if (!finished.ok()) {
            return refuse(std::move(finished).error());
        }
        return dispatch();
    }

    // --- answering

    Step dispatch() {
        phase_ = Phase::waiting;
        deadline_ = Clock::time_point::max();
        in_handler_ = true;
        home_.handler.handle(parser_.request(), this->shared_from_this());
        in_handler_ = false;
        return Step::again;
    }

    /// Answers a request that can't be understood or taken, and ends the connection.
    Step refuse(Error error) {
        if (fault_text(error.fault).http_status >= 500 && !error.log_text.empty()) {
            log_error("server: " + std::string(error.code()) + " " + error.log_text);
        }
        keep_alive_ = false;
        phase_ = Phase::waiting;
        take_response(gate::refusal_response(error));
        return Step::again;
    }

    /// Appends the reply; then the next request may be read.
    void take_response(gate::Response response) {
        bool is_head = parser_.is_head_method();
        std::int64_t length = static_cast<std::int64_t>(response.body.size());
        if (!response.file.empty() && !open_file(response)) {
            length = static_cast<std::int64_t>(response.body.size());
        } else if (file_ >= 0) {
            length = file_left_;
        }
        keep_alive_ = keep_alive_ && !home_.draining;
        append_head(out_, response,
                    {.content_length = length,
                     .keep_alive = keep_alive_,
                     .http_1_0 = parser_.is_http_1_0(),
                     .now_s = std::time(nullptr)});
        if (is_head || response.status == 304 || response.status == 204) {
            close_file();
        } else if (file_ < 0) {
            out_.append(response.body);
        }
        end_request();
    }

    void end_request() {
        sink_.reset();
        parser_.reset();
        if (!keep_alive_) {
            phase_ = Phase::ended;
            return;
        }
        if (body_begin_ < body_end_) {  // bytes of the next request that came with the body
            std::size_t size = body_end_ - body_begin_;
            in_.resize(std::max(in_.size(), size));
            std::memcpy(in_.data(), body_.data() + body_begin_, size);
            in_begin_ = 0;
            in_end_ = size;
        }
        body_begin_ = body_end_ = 0;
        body_ = {};
        scanned_ = 0;
        phase_ = Phase::head;
        wait(home_.options.limits.head_wait_ms);
    }

    bool open_file(gate::Response& response) {
        file_ = ::open(response.file.c_str(), O_RDONLY | O_CLOEXEC);
        struct stat status {};
        if (file_ < 0 || ::fstat(file_, &status) != 0) {
            close_file();
            log_error("server: a reply's file can't be read: " + response.file);
            response = gate::refusal_response(Error{Fault::internal, {}, {}});
            return false;
        }
        file_left_ = status.st_size;
        return true;
    }

    void close_file() {
        if (file_ >= 0) {
            ::close(file_);
            file_ = -1;
        }
    }

    /// Tops the buffer up with a piece of the file. False: the file ended early, so the reply can't be
    /// completed.
    bool read_file_piece() {
        std::size_t before = out_.size();
        std::size_t want = static_cast<std::size_t>(std::min<std::int64_t>(file_left_, kFileBytes));
        out_.resize(before + want);
        ssize_t got = want == 0 ? 0 : ::read(file_, out_.data() + before, want);
        if (got < 0 || (want > 0 && got == 0)) {
            return false;
        }
        out_.resize(before + static_cast<std::size_t>(got));
        file_left_ -= got;
        if (file_left_ == 0) {
            close_file();
        }
        return true;
    }

    void flush() {
        if (writing_ || closed_) {
            return;
        }
        if (file_ >= 0 && !read_file_piece()) {
            return close();
        }
        writing_ = true;
        flushing_.clear();
        std::swap(out_, flushing_);
        const Limits& limits = home_.options.limits;
        write_deadline_ =
            Clock::now() + milliseconds(limits.body_wait_ms + static_cast<std::int64_t>(flushing_.size()) *
                                                                  1000 / limits.slowest_bytes_per_s);
        asio::async_write(stream_, asio::buffer(flushing_),
                          [self = this->shared_from_this()](error_code ec, std::size_t) {
                              self->writing_ = false;
                              if (ec || self->closed_) {
                                  return self->close();
                              }
                              self->after_write();
                          });
    }

    void after_write() {
        if (flushing_.capacity() > 4 * kFlushBytes) {
            flushing_ = {};
        }
        if (phase_ == Phase::head) {
            wait(home_.options.limits.head_wait_ms);  // of what came while nobody could read it
        }
        if (file_ >= 0 || !out_.empty()) {
            flush();
        } else if (phase_ == Phase::ended) {
            linger();
        } else {
            advance();
        }
    }

    /// Half-closes and reads on for a while: closing at once would reset the connection and lose the reply
    /// when the peer is still sending (RFC 9112 9.6).
    void linger() {
        lingering_ = true;
        wait(2'000);
        error_code ignored;
        socket().shutdown(tcp::socket::shutdown_send, ignored);
        body_.resize(kBodyReadBytes);
        discard();
    }

    void discard() {
        socket().async_read_some(asio::buffer(body_),
                                 [self = this->shared_from_this()](error_code ec, std::size_t size) {
                                     self->lingered_bytes_ += static_cast<std::int64_t>(size);
                                     if (ec || self->closed_ || self->lingered_bytes_ > kLingerBytes) {
                                         return self->close();
                                     }
                                     self->discard();
                                 });
    }

    void close() {
        if (closed_) {
            return;
        }
        closed_ = true;
        error_code ignored;
        socket().close(ignored);
    }

    Home& home_;
    Stream stream_;
    std::string address_;
    bool loopback_;
    Phase phase_ = Phase::head;
    bool closed_ = false, writing_ = false, advancing_ = false, in_handler_ = false, lingering_ = false;
    bool keep_alive_ = true;
    Clock::time_point deadline_ = Clock::time_point::max();        // of the phase
    Clock::time_point write_deadline_ = Clock::time_point::max();  // while writing_
    Clock::time_point idle_since_ = Clock::now();
    std::string in_;  // heads: [in_begin_, in_end_) was not parsed yet
    std::size_t in_begin_ = 0, in_end_ = 0, scanned_ = 0;
    std::string body_;  // body bytes; kept apart from the head, which is viewed until the reply
    std::size_t body_begin_ = 0, body_end_ = 0;
    RequestParser parser_;
    gate::BodyPlan plan_;
    std::unique_ptr<BodySink> sink_;
    Clock::time_point body_started_;
    std::string out_, flushing_;
    int file_ = -1;
    std::int64_t file_left_ = 0, lingered_bytes_ = 0;
};

/// A handler's thread may hold the last reference; the object is then handed back to its own thread to be
/// destroyed.
template <class Stream>
std::shared_ptr<Connection<Stream>> make_connection(Home& home, Stream stream,
                                                    const asio::ip::address& peer) {
    auto destroy = [&home](Connection<Stream>* connection) {
        std::unique_ptr<Connection<Stream>> owner(connection);
        if (std::this_thread::get_id() != home.thread_id && !home.ended) {
            asio::post(home.io, [owner = std::move(owner)] {});
        }
    };
    return {new Connection<Stream>(home, std::move(stream), peer), destroy};
}

}  // namespace

void start_connection(Home& home, int descriptor) {
    tcp::socket socket(home.io);
    sockaddr_storage own{};
    socklen_t size = sizeof own;
    ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&own), &size);
    error_code ec;
    socket.assign(own.ss_family == AF_INET6 ? tcp::v6() : tcp::v4(), descriptor, ec);
    if (ec) {
        ::close(descriptor);
        return;
    }
    auto peer = socket.remote_endpoint(ec);
    if (ec) {
        return;
    }
    // A proxy on this machine brings everybody's requests.
    if (!is_loopback(peer.address()) &&
        !home.shared.enter(address_text(peer.address()), home.options.limits.connections_per_address)) {
        return;  // closes
    }
    socket.set_option(tcp::no_delay(true), ec);
    if (home.tls != nullptr) {
        using Tls = ssl::stream<tcp::socket>;
        make_connection<Tls>(home, Tls(std::move(socket), *home.tls), peer.address())->start();
    } else {
        make_connection<tcp::socket>(home, std::move(socket), peer.address())->start();
    }
}

}  // namespace mingxin::server
