// Where the body of a request goes while it arrives: memory, a temporary file, or the parts of a form.
// Temporary files have mode 0600 and are removed with the object that made them. Not thread-safe.
#pragma once
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

#include "base/result.h"
#include "gate/http.h"

namespace mingxin::server {

class BodySink {
  public:
    virtual ~BodySink() = default;
    /// Fault::body_too_large, request_malformed, file_unwritable.
    virtual Result<void> write(std::string_view bytes) = 0;
    /// Puts the body or its parts into request; what they view lives as long as this object.
    virtual Result<void> finish(gate::Request& request) = 0;
};

/// What may still be held for bodies of senders without a session (BodyPlan::is_public). Thread-safe.
struct PublicBodies {
    std::atomic<std::int64_t> memory_bytes = 0, disk_bytes = 0;
};

/// content_type decides whether it is a form with files. bodies must outlive the sink; a public body that
/// finds no room is refused with Fault::busy.
Result<std::unique_ptr<BodySink>> make_body_sink(const gate::BodyPlan& plan, std::string_view content_type,
                                                 const std::filesystem::path& folder, PublicBodies& bodies);
/// Fault::body_too_large with the limit in words.
Error body_too_large(std::int64_t limit_bytes);

}  // namespace mingxin::server
