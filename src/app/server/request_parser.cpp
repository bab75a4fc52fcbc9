#include "server/request_parser.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

namespace mingxin::server {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

std::string_view view(beast::string_view text) {
    return {text.data(), text.size()};
}

/// uri-host [":" port] of RFC 9110 7.2 by its characters.
bool is_host(std::string_view text) {
    constexpr std::string_view marks = "-._~%!$&'()*+,;=:[]";
    return std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               marks.find(c) != std::string_view::npos;
    });
}

/// Reads heads and bodies; collects views of the named fields and refuses what is ambiguous (request
/// smuggling).
class Parser final : public http::basic_parser<true> {
  public:
    Parser(const Limits& limits, std::string_view bytes) : limits_(limits), bytes_(bytes) {
        header_limit(static_cast<std::uint32_t>(limits.head_bytes + limits.target_bytes));
        body_limit(boost::none);
    }
    gate::Request request;
    std::optional<Fault> refusal;
    bool http_1_0 = false;
    bool head = false;
    bool expects_continue = false;
    BodySink* sink = nullptr;
    std::optional<Error> sink_error;
    std::int64_t received_bytes = 0;

  private:
    void refuse(Fault fault, error_code& ec) {
        refusal = fault;
        ec = http::error::bad_field;
    }

    void on_request_impl(http::verb, beast::string_view method, beast::string_view target, int version,
                         error_code& ec) override {
        if (target.size() > limits_.target_bytes) {
            return refuse(Fault::target_too_long, ec);
        }
        request.method = view(method);
        request.target = view(target);
        head = request.method == "HEAD";
        http_1_0 = version == 10;
    }

    void on_field_impl(http::field field, beast::string_view name, beast::string_view raw,
                       error_code& ec) override {
        if (++fields_ > limits_.header_fields) {
            return refuse(Fault::headers_too_large, ec);
        }
        std::string_view value = view(raw);
        if (in_trailer_) {
            return;  // RFC 9110 6.5.1: never merged into the head, which was already judged
        }
        if (value.data() < bytes_.data() || value.data() + value.size() > bytes_.data() + bytes_.size()) {
            // A folded line (RFC 9112 5.2), which the library joins in a buffer that does not outlive this
            // call.
            return refuse(Fault::request_malformed, ec);
        }
        auto once = [&](std::string_view& slot) {
            if (slot.data() != nullptr) {
                refuse(Fault::request_malformed, ec);
            }
            slot = value;
        };
        switch (field) {
            case http::field::host:
                if (!is_host(value)) {
                    refuse(Fault::request_malformed, ec);
                }
                return once(request.host);
            case http::field::origin:
                return once(request.origin);
            case http::field::cookie:
                return once(request.cookie);
            case http::field::content_type:
                return once(request.content_type);
            case http::field::accept:
                request.accept = value;
                return;
            case http::field::accept_language:
                request.accept_language = value;
                return;
            case http::field::if_none_match:
                request.if_none_match = value;
                return;
            case http::field::accept_encoding:
                request.accept_encoding = value;
                return;
            case http::field::transfer_encoding:
                if (http_1_0 || !beast::iequals(raw, "chunked")) {
                    refuse(Fault::encoding_unsupported, ec);
                }
                return;
            case http::field::content_encoding:
                if (!beast::iequals(raw, "identity")) {
                    refuse(Fault::encoding_unsupported, ec);
                }
                return;
            case http::field::expect:
                expects_continue = beast::iequals(raw, "100-continue");
                return;
            default:  // not in every version of the library's list
                if (beast::iequals(name, "X-Forwarded-For")) {
                    request.forwarded_for = value;
                } else if (beast::iequals(name, "X-Forwarded-Proto")) {
                    request.forwarded_proto = value;
                } else if (beast::iequals(name, "X-CSRF-Token")) {
                    request.csrf_token = value;
                } else if (beast::iequals(name, "Sec-Fetch-Site")) {
                    request.fetch_site = value;
                }
                return;
        }
    }

    std::size_t store(beast::string_view bytes, error_code& ec) {
        received_bytes += static_cast<std::int64_t>(bytes.size());
        auto stored = sink->write(view(bytes));
        if (!stored.ok()) {
            sink_error = std::move(stored).error();
            ec = http::error::body_limit;
        }
        return bytes.size();
    }
    void on_response_impl(int, beast::string_view, int, error_code&) override {}
    void on_header_impl(error_code&) override { in_trailer_ = true; }
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(beast::string_view bytes, error_code& ec) override { return store(bytes, ec); }
    void on_chunk_header_impl(std::uint64_t, beast::string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view bytes, error_code& ec) override {
        return store(bytes, ec);
    }
    void on_finish_impl(error_code&) override {}

    const Limits& limits_;
    std::string_view bytes_;  // of the head: what request views
    int fields_ = 0;
    bool in_trailer_ = false;
};

}  // namespace

struct RequestParser::Impl {
    const Limits& limits;
    std::optional<Parser> parser;
};

RequestParser::RequestParser(const Limits& limits) : impl_(new Impl{limits, {}}) {}
RequestParser::~RequestParser() = default;

std::optional<Error> RequestParser::take_head(std::string_view head) {
    Parser& parser = impl_->parser.emplace(impl_->limits, head);
    error_code ec;
    std::size_t used = parser.put(boost::asio::buffer(head.data(), head.size()), ec);
    if (!ec && used == head.size()) {
        return std::nullopt;
    }
    Fault otherwise = ec == http::error::bad_version ? Fault::version_unsupported : Fault::request_malformed;
    Error error{parser.refusal.value_or(otherwise), {}, {}};
    impl_->parser.reset();
    return error;
}

std::optional<Error> RequestParser::take_body(std::string_view bytes, std::size_t& used) {
    // "0\r\n\r\n" is the shortest last chunk; Beast asserts that it is not asked again about fewer bytes once
    // it has seen the size of one. At least as many are always to come.
    constexpr std::string_view kLastChunk = "0\r\n\r\n";
    Parser& parser = *impl_->parser;
    if (parser.chunked() && bytes.size() < kLastChunk.size() && bytes.starts_with(kLastChunk.substr(0, 3))) {
        used = 0;
        return std::nullopt;
    }
    error_code ec;
    used = parser.put(boost::asio::buffer(bytes.data(), bytes.size()), ec);
    if (parser.sink_error) {
        return std::move(parser.sink_error);
    }
    if (ec && ec != http::error::need_more) {
        return Error{Fault::request_malformed, {}, {}};
    }
    return std::nullopt;
}

void RequestParser::set_sink(BodySink& sink) {
    impl_->parser->sink = &sink;
    impl_->parser->eager(true);
}

void RequestParser::reset() {
    impl_->parser.reset();
}
bool RequestParser::has_request() const {
    return impl_->parser.has_value();
}
gate::Request& RequestParser::request() {
    return impl_->parser->request;
}
bool RequestParser::is_done() const {
    return impl_->parser->is_done();
}
bool RequestParser::keep_alive() const {
    return impl_->parser->keep_alive();
}
bool RequestParser::is_http_1_0() const {
    return impl_->parser && impl_->parser->http_1_0;
}
bool RequestParser::is_head_method() const {
    return impl_->parser && impl_->parser->head;
}
bool RequestParser::expects_continue() const {
    return impl_->parser->expects_continue;
}
std::int64_t RequestParser::received_bytes() const {
    return impl_->parser->received_bytes;
}

std::optional<std::uint64_t> RequestParser::content_length() const {
    auto length = impl_->parser->content_length();
    return length ? std::optional(*length) : std::nullopt;
}

}  // namespace mingxin::server
