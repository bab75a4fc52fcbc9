#include "gate/compress.h"

#include <zlib.h>

#include "base/check.h"

namespace mingxin::gate {

bool is_compressible(std::string_view content_type, std::size_t bytes) {
    constexpr std::size_t least = 1024;
    if (bytes < least) return false;
    for (std::string_view kind :
         {"text/", "application/json", "application/xml", "application/atom+xml", "image/svg+xml"}) {
        if (content_type.starts_with(kind)) return true;
    }
    return false;
}

std::string gzip(std::string_view body) {
    constexpr int level = 4, memory = 8, gzip_frame = 16;
    z_stream stream{};
    CHECK(deflateInit2(&stream, level, Z_DEFLATED, MAX_WBITS + gzip_frame, memory, Z_DEFAULT_STRATEGY) ==
          Z_OK);
    std::string out(deflateBound(&stream, body.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
    stream.avail_in = static_cast<uInt>(body.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

}  // namespace mingxin::gate
