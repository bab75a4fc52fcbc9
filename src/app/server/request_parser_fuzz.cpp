// Any bytes as requests: no crash, a body is the same however it is cut, nothing beyond its end is taken.
#include <algorithm>
#include <cstdlib>
#include <string>

#include "server/request_parser.h"

using namespace mingxin;

namespace {

struct Sink final : server::BodySink {
    std::string text;
    Result<void> write(std::string_view bytes) override {
        text.append(bytes);
        return {};
    }
    Result<void> finish(gate::Request&) override { return {}; }
};

/// The body that was read, or "refused".
std::string read(std::string_view head, std::string_view body, std::size_t piece) {
    server::Limits limits;
    server::RequestParser parser(limits);
    if (parser.take_head(head)) return "refused";
    Sink sink;
    parser.set_sink(sink);
    std::size_t at = 0, given = std::min(piece, body.size());
    while (!parser.is_done() && given <= body.size()) {
        std::size_t used = 0;
        if (parser.take_body(body.substr(at, given - at), used)) return "refused";
        if (used > given - at) std::abort();
        at += used;
        if (given == body.size()) break;
        given = std::min(body.size(), std::max(given, at) + piece);
    }
    return sink.text + (parser.is_done() ? "[done]" : "[cut]");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto end = bytes.find("\r\n\r\n");
    if (end == bytes.npos) return 0;
    const std::string_view head = bytes.substr(0, end + 4), body = bytes.substr(end + 4);
    const std::string whole = read(head, body, body.size() + 1);
    // Bytes behind a finished body belong to the next request: only whole bodies compare.
    if (whole.ends_with("[done]") && read(head, body, 1) != whole) std::abort();
    return 0;
}
