#include "base/json.h"

#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <utility>

#include "base/check.h"

namespace mingxin {

namespace {

constexpr std::uint64_t ones = 0x0101010101010101;
constexpr std::uint64_t highs = 0x8080808080808080;

// Marks zero bytes of word; exact up to the first mark, which is all that is read of it.
std::uint64_t zero_bytes(std::uint64_t word) {
    return (word - ones) & ~word & highs;
}

/// Length of the prefix that needs no escape.
std::size_t plain_prefix(const char* data, std::size_t size) {
    std::size_t i = 0;
    if constexpr (std::endian::native == std::endian::little) {
        for (; i + 8 <= size; i += 8) {
            std::uint64_t word;
            std::memcpy(&word, data + i, 8);
            std::uint64_t control = (word - ones * 0x20) & ~word & highs;
            std::uint64_t marks = control | zero_bytes(word ^ ones * '"') | zero_bytes(word ^ ones * '\\');
            if (marks != 0) return i + static_cast<std::size_t>(std::countr_zero(marks)) / 8;
        }
    }
    for (; i < size; ++i) {
        auto c = static_cast<unsigned char>(data[i]);
        if (c < 0x20 || c == '"' || c == '\\') break;
    }
    return i;
}

void append_escape(std::string& out, char c) {
    switch (c) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\b':
            out += "\\b";
            return;
        case '\f':
            out += "\\f";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        default:
            break;
    }
    constexpr char digits[] = "0123456789abcdef";
    out += "\\u00";
    out += digits[static_cast<unsigned char>(c) >> 4];
    out += digits[c & 15];
}

}  // namespace

void append_json_text(std::string& out, std::string_view value) {
    out += '"';
    const char* data = value.data();
    std::size_t left = value.size();
    while (true) {
        std::size_t plain = plain_prefix(data, left);
        out.append(data, plain);
        if (plain == left) break;
        append_escape(out, data[plain]);
        data += plain + 1;
        left -= plain + 1;
    }
    out += '"';
}

void JsonWriter::separate() {
    if (after_key_) {
        after_key_ = false;
        return;
    }
    CHECK(depth_ == 0 ? out_.empty() : !in_object());  // one value at the top; in an object a key comes first
    if (!first_) out_ += ',';
    first_ = false;
}

JsonWriter& JsonWriter::begin(char bracket, bool object) {
    separate();
    CHECK(depth_ < 64);
    out_ += bracket;
    objects_ = objects_ << 1 | (object ? 1 : 0);
    ++depth_;
    first_ = true;
    return *this;
}

JsonWriter& JsonWriter::end(char bracket, bool object) {
    CHECK(depth_ > 0 && !after_key_ && in_object() == object);
    out_ += bracket;
    objects_ >>= 1;
    --depth_;
    first_ = false;
    return *this;
}

JsonWriter& JsonWriter::begin_object() {
    return begin('{', true);
}
JsonWriter& JsonWriter::end_object() {
    return end('}', true);
}
JsonWriter& JsonWriter::begin_array() {
    return begin('[', false);
}
JsonWriter& JsonWriter::end_array() {
    return end(']', false);
}

JsonWriter& JsonWriter::key(std::string_view name) {
    CHECK(depth_ > 0 && in_object() && !after_key_);
    if (!first_) out_ += ',';
    first_ = false;
    append_json_text(out_, name);
    out_ += ':';
    after_key_ = true;
    return *this;
}

JsonWriter& JsonWriter::text(std::string_view value) {
    separate();
    append_json_text(out_, value);
    return *this;
}

JsonWriter& JsonWriter::integer(std::int64_t value) {
    separate();
    char buffer[24];
    auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
    out_.append(buffer, end);
    return *this;
}

JsonWriter& JsonWriter::decimal(double value, int digits) {
    CHECK(std::isfinite(value) && digits >= 0 && digits <= 17);
    separate();
    char buffer[400];  // the largest double has 309 digits before the point
    auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed, digits).ptr;
    out_.append(buffer, end);
    return *this;
}

JsonWriter& JsonWriter::boolean(bool value) {
    return raw(value ? "true" : "false");
}
JsonWriter& JsonWriter::null() {
    return raw("null");
}

JsonWriter& JsonWriter::raw(std::string_view json) {
    CHECK(!json.empty());
    separate();
    out_ += json;
    return *this;
}

std::string JsonWriter::take() {
    CHECK(depth_ == 0);
    std::string out = std::move(out_);
    clear();
    return out;
}

void JsonWriter::clear() {
    out_.clear();
    first_ = true;
    after_key_ = false;
    depth_ = 0;
    objects_ = 0;
}

}  // namespace mingxin
