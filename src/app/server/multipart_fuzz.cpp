// The parser must find the same parts however the bytes are cut.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "server/multipart.h"

using namespace mingxin;

namespace {
struct Recorder final : server::MultipartParser::Sink {
    std::string text;
    Result<void> begin_part(std::string name, std::string file_name, bool is_file) override {
        text += "[" + name + "|" + file_name + (is_file ? "|file" : "|field") + "]";
        return {};
    }
    Result<void> data(std::string_view bytes) override {
        text.append(bytes);
        return {};
    }
    Result<void> end_part() override {
        text += "[end]";
        return {};
    }
};

std::string parse(std::string_view bytes, std::size_t piece) {
    Recorder recorder;
    server::MultipartParser parser("b", recorder, {.parts = 4, .head_bytes = 512});
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        if (!parser.push(bytes.substr(at, piece)).ok()) {
            return "refused";
        }
    }
    return parser.finish().ok() ? recorder.text : "refused";
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view bytes(reinterpret_cast<const char*>(data), size);
    // Only below the head limit: above it, where the limit strikes depends on the cut.
    if (size > 0 && size < 400 && parse(bytes, size) != parse(bytes, 1)) {
        std::abort();
    }
    parse(bytes, 7);
    server::MultipartParser::boundary_of(bytes);
    return 0;
}
