// Writes JSON (RFC 8259) into one growing string, in the order called, without blanks: the canonical form of
// payloads and event headers. Reading JSON is done with Boost.JSON in the .cpp that needs it.
// Not thread-safe. A wrong nesting is a bug (CHECK).
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace mingxin {

class JsonWriter {
  public:
    JsonWriter& begin_object();
    JsonWriter& end_object();
    JsonWriter& begin_array();
    JsonWriter& end_array();
    JsonWriter& key(std::string_view name);
    JsonWriter& text(std::string_view value);
    JsonWriter& integer(std::int64_t value);
    /// Fixed decimals, for seconds and ratios; never for money.
    JsonWriter& decimal(double value, int digits);
    JsonWriter& boolean(bool value);
    JsonWriter& null();
    /// A value that is already JSON.
    JsonWriter& raw(std::string_view json);
    JsonWriter& field(std::string_view name, std::string_view value) { return key(name).text(value); }
    JsonWriter& field(std::string_view name, const char* value) { return key(name).text(value); }
    JsonWriter& field(std::string_view name, const std::string& value) { return key(name).text(value); }
    JsonWriter& field(std::string_view name, std::int64_t value) { return key(name).integer(value); }
    JsonWriter& field(std::string_view name, int value) { return key(name).integer(value); }
    JsonWriter& field(std::string_view name, bool value) { return key(name).boolean(value); }

    const std::string& str() const { return out_; }
    std::string take();
    /// Empty again, keeping the memory.
    void clear();

  private:
    void separate();
    JsonWriter& begin(char bracket, bool object);
    JsonWriter& end(char bracket, bool object);
    bool in_object() const { return (objects_ & 1) != 0; }
    std::string out_;
    bool first_ = true;
    bool after_key_ = false;
    int depth_ = 0;              // at most 64
    std::uint64_t objects_ = 0;  // bit 0: the innermost level is an object
};

/// Appends value as a JSON string with quotes: escapes ", \ and control characters only, keeps UTF-8.
void append_json_text(std::string& out, std::string_view value);

}  // namespace mingxin
