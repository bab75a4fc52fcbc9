// Bytes, hexadecimal and base64 (RFC 4648). Thread-safe: pure functions.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mingxin {

using Bytes = std::vector<std::uint8_t>;
using BytesView = std::span<const std::uint8_t>;
/// A 256-bit digest (SM3 or SHA-256).
using Digest = std::array<std::uint8_t, 32>;

inline BytesView as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(BytesView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Lower-case hexadecimal.
std::string to_hex(BytesView bytes);
/// Accepts both cases; nullopt on an odd length or another character.
std::optional<Bytes> from_hex(std::string_view hex);
/// With padding.
std::string to_base64(BytesView bytes);
/// Strict: padding required, no blanks; nullopt otherwise.
std::optional<Bytes> from_base64(std::string_view text);
/// From 64 hexadecimal characters; nullopt otherwise.
std::optional<Digest> digest_from_hex(std::string_view hex);

}  // namespace mingxin
