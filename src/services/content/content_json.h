// Texts and payloads as JSON: one form in events, drafts and the API. Internal to this folder.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "content/content.h"

namespace mingxin::content {

/// The members of a text, in a fixed order, without the empty ones.
void write_text(JsonWriter& json, const Text& text);
std::string text_json(const Text& text);

/// "2026-12-01T09:00" in Asia/Shanghai; nullopt when it is not such a minute.
std::optional<Instant> parse_minute(std::string_view text);
std::string minute_text(Instant instant);

/// A JSON object that is read by key; absent or of another type: empty, 0, false.
class Payload {
  public:
    /// nullopt when it is no object.
    static std::optional<Payload> parse(std::string_view json);
    std::string text(std::string_view key) const;
    std::int64_t integer(std::string_view key) const;
    bool flag(std::string_view key) const;
    std::vector<std::string> texts(std::string_view key) const;
    std::vector<Fact> facts(std::string_view key) const;
    /// The object under a key; empty when absent.
    Payload object(std::string_view key) const;
    /// This object as write_text() wrote it.
    Text as_text() const;

  private:
    struct Impl;
    explicit Payload(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
    std::shared_ptr<const Impl> impl_;
};

/// Of a list given to an endpoint: [{"name":..,"value":..}], ["a","b"].
std::vector<Fact> read_facts(std::string_view json);
std::vector<std::string> read_texts(std::string_view json);

/// Words with blanks between, and back.
std::string joined(const std::vector<std::string>& words);
std::vector<std::string> words_of(std::string_view joined);

}  // namespace mingxin::content
