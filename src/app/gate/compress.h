// gzip (RFC 1952) of replies on their way out. Pure; thread-safe.
#pragma once
#include <string>
#include <string_view>

namespace mingxin::gate {

/// Whether it is worth while: text of some length.
bool is_compressible(std::string_view content_type, std::size_t bytes);
/// The body compressed, quickly rather than well: 30 kB take some 0.3 ms.
std::string gzip(std::string_view body);

}  // namespace mingxin::gate
