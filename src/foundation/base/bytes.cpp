#include "base/bytes.h"

#include <algorithm>

namespace mingxin {

namespace {

constexpr char hex_digits[] = "0123456789abcdef";
constexpr char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

int base64_value(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '+') return 62;
    if (c == '/') return 63;
    return -1;
}

bool read_hex(std::string_view hex, std::uint8_t* out) {
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        int high = hex_value(hex[i]), low = hex_value(hex[i + 1]);
        if (high < 0 || low < 0) return false;
        out[i / 2] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return true;
}

}  // namespace

std::string to_hex(BytesView bytes) {
    std::string out(bytes.size() * 2, '0');
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        out[2 * i] = hex_digits[bytes[i] >> 4];
        out[2 * i + 1] = hex_digits[bytes[i] & 15];
    }
    return out;
}

std::optional<Bytes> from_hex(std::string_view hex) {
    if (hex.size() % 2 != 0) return std::nullopt;
    Bytes out(hex.size() / 2);
    if (!read_hex(hex, out.data())) return std::nullopt;
    return out;
}

std::optional<Digest> digest_from_hex(std::string_view hex) {
    Digest out;
    if (hex.size() != 2 * out.size() || !read_hex(hex, out.data())) return std::nullopt;
    return out;
}

std::string to_base64(BytesView bytes) {
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::size_t left = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t group = bytes[i] << 16;
        if (left > 1) group |= bytes[i + 1] << 8;
        if (left > 2) group |= bytes[i + 2];
        out += base64_digits[group >> 18];
        out += base64_digits[group >> 12 & 63];
        out += left > 1 ? base64_digits[group >> 6 & 63] : '=';
        out += left > 2 ? base64_digits[group & 63] : '=';
    }
    return out;
}

std::optional<Bytes> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
    Bytes out;
    out.reserve(text.size() / 4 * 3);
    for (std::size_t i = 0; i < text.size(); i += 4) {
        std::size_t digits = i + 4 == text.size() ? 4 - padding : 4;
        std::uint32_t group = 0;
        for (std::size_t j = 0; j < 4; ++j) {
            int value = j < digits ? base64_value(text[i + j]) : 0;
            if (value < 0) return std::nullopt;
            group = group << 6 | static_cast<std::uint32_t>(value);
        }
        // The unused low bits are zero in the one canonical form: two texts never mean the same bytes.
        if ((digits == 2 && (group & 0xFFFF) != 0) || (digits == 3 && (group & 0xFF) != 0))
            return std::nullopt;
        out.push_back(group >> 16 & 255);
        if (digits > 2) out.push_back(group >> 8 & 255);
        if (digits > 3) out.push_back(group & 255);
    }
    return out;
}

}  // namespace mingxin
