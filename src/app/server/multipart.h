// A streaming parser of multipart/form-data (RFC 7578, RFC 2046 5.1). Bytes are pushed in pieces of any size;
// memory stays below one piece plus one part head. Not thread-safe.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace mingxin::server {

struct MultipartLimits {
    int parts = 32;
    std::size_t head_bytes = 8 << 10;  // of one part
};

class MultipartParser {
  public:
    /// Receives what is found, in order.
    class Sink {
      public:
        virtual ~Sink() = default;
        /// is_file: the part has a file name, if an empty one.
        virtual Result<void> begin_part(std::string name, std::string file_name, bool is_file) = 0;
        virtual Result<void> data(std::string_view bytes) = 0;
        virtual Result<void> end_part() = 0;
    };
    MultipartParser(std::string_view boundary, Sink& sink, MultipartLimits limits = {});
    /// Fault::request_malformed, or what the sink returned. After an error nothing more may be pushed.
    Result<void> push(std::string_view bytes);
    /// Fault::request_malformed unless the closing boundary was seen.
    Result<void> finish();
    /// The boundary parameter of a Content-Type; empty when it is not multipart/form-data or has none (1..70
    /// chars).
    static std::string boundary_of(std::string_view content_type);

  private:
    enum class State { preamble, after_boundary, head, body, epilogue };
    Result<bool> step();
    Result<bool> step_preamble();
    Result<bool> step_after_boundary();
    Result<bool> step_head();
    Result<bool> step_body();
    Result<void> open_part(std::string_view head);
    void drop(std::size_t size) { position_ += size; }
    std::string_view rest() const { return std::string_view(buffer_).substr(position_); }

    std::string delimiter_;  // CRLF "--" boundary
    Sink& sink_;
    MultipartLimits limits_;
    State state_ = State::preamble;
    std::string buffer_;
    std::size_t position_ = 0;
    int parts_ = 0;
    bool first_crlf_ = false;  // the CRLF that ends a part head was not looked at yet
};

}  // namespace mingxin::server
