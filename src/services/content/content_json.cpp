#include "content/content_json.h"

#include <boost/json.hpp>

#include "base/text.h"

namespace mingxin::content {

namespace json = boost::json;

namespace {

constexpr std::int64_t kMinute_us = 60'000'000;
constexpr std::int64_t kShanghai_us = 8 * 3600ll * 1'000'000;

const json::value* find(const json::object& object, std::string_view key) {
    return object.if_contains(key);
}

void put(JsonWriter& out, std::string_view key, std::string_view value) {
    if (!value.empty()) out.field(key, value);
}

std::vector<std::string> texts_in(const json::value& value) {
    std::vector<std::string> all;
    if (!value.is_array()) return all;
    for (const json::value& one : value.as_array()) {
        if (one.is_string()) all.emplace_back(std::string_view(one.as_string()));
    }
    return all;
}

std::string text_in(const json::object& object, std::string_view key) {
    const json::value* value = find(object, key);
    return value != nullptr && value->is_string() ? std::string(std::string_view(value->as_string()))
                                                  : std::string();
}

std::vector<Fact> facts_in(const json::value& value) {
    std::vector<Fact> all;
    if (!value.is_array()) return all;
    for (const json::value& one : value.as_array()) {
        if (one.is_object())
            all.push_back({text_in(one.as_object(), "name"), text_in(one.as_object(), "value")});
    }
    return all;
}

}  // namespace

std::optional<Instant> parse_minute(std::string_view text) {
    if (text.size() != 16 || text[10] != 'T' || text[13] != ':') return std::nullopt;
    const auto date = parse_date(text.substr(0, 10));
    const auto two = [&](std::size_t at) {
        const char a = text[at], b = text[at + 1];
        return a >= '0' && a <= '9' && b >= '0' && b <= '9' ? (a - '0') * 10 + (b - '0') : 99;
    };
    const int hour = two(11), minute = two(14);
    if (!date || hour > 23 || minute > 59) return std::nullopt;
    return Instant{(date->days * 1440ll + hour * 60 + minute) * kMinute_us - kShanghai_us};
}

std::string minute_text(Instant instant) {
    std::string text = instant.to_local_string().substr(0, 16);
    text[10] = 'T';
    return text;
}

void write_text(JsonWriter& out, const Text& text) {
    out.begin_object().field("column", text.column).field("title", text.title);
    put(out, "summary", text.summary);
    put(out, "body", text.body);
    put(out, "source", text.source);
    put(out, "unit", text.unit);
    put(out, "cover", text.cover);
    if (!text.facts.empty()) {
        out.key("facts").begin_array();
        for (const Fact& fact : text.facts) {
            out.begin_object().field("name", fact.name).field("value", fact.value).end_object();
        }
        out.end_array();
    }
    put(out, "subject_code", text.subject_code);
    if (text.event_from) out.field("event_from", text.event_from->to_string());
    if (text.event_to) out.field("event_to", text.event_to->to_string());
    if (text.yearly) out.field("yearly", true);
    if (text.release_at) out.field("release_at", minute_text(*text.release_at));
    if (text.valid_until) out.field("valid_until", text.valid_until->to_string());
    put(out, "change_note", text.change_note);
    put(out, "consent", text.consent);
    out.end_object();
}

std::string text_json(const Text& text) {
    JsonWriter out;
    write_text(out, text);
    return out.take();
}

struct Payload::Impl {
    json::object object;
};

std::optional<Payload> Payload::parse(std::string_view text) {
    json::error_code ec;
    json::value parsed = json::parse(text, ec);
    if (ec || !parsed.is_object()) return std::nullopt;
    return Payload(std::make_shared<Impl>(Impl{std::move(parsed.as_object())}));
}

std::string Payload::text(std::string_view key) const {
    return text_in(impl_->object, key);
}

std::int64_t Payload::integer(std::string_view key) const {
    const json::value* value = find(impl_->object, key);
    return value != nullptr && value->is_int64() ? value->as_int64() : 0;
}

bool Payload::flag(std::string_view key) const {
    const json::value* value = find(impl_->object, key);
    return value != nullptr && value->is_bool() && value->as_bool();
}

std::vector<std::string> Payload::texts(std::string_view key) const {
    const json::value* value = find(impl_->object, key);
    return value == nullptr ? std::vector<std::string>() : texts_in(*value);
}

std::vector<Fact> Payload::facts(std::string_view key) const {
    const json::value* value = find(impl_->object, key);
    return value == nullptr ? std::vector<Fact>() : facts_in(*value);
}

Payload Payload::object(std::string_view key) const {
    const json::value* value = find(impl_->object, key);
    const bool there = value != nullptr && value->is_object();
    return Payload(std::make_shared<Impl>(Impl{there ? value->as_object() : json::object()}));
}

Text Payload::as_text() const {
    Text out;
    out.column = text("column");
    out.title = text("title");
    out.summary = text("summary");
    out.body = text("body");
    out.source = text("source");
    out.unit = text("unit");
    out.cover = text("cover");
    out.facts = facts("facts");
    out.subject_code = text("subject_code");
    out.event_from = parse_date(text("event_from"));
    out.event_to = parse_date(text("event_to"));
    out.yearly = flag("yearly");
    out.release_at = parse_minute(text("release_at"));
    out.valid_until = parse_date(text("valid_until"));
    out.change_note = text("change_note");
    out.consent = text("consent");
    return out;
}

std::vector<Fact> read_facts(std::string_view text) {
    json::error_code ec;
    const json::value parsed = json::parse(text, ec);
    return ec ? std::vector<Fact>() : facts_in(parsed);
}

std::vector<std::string> read_texts(std::string_view text) {
    json::error_code ec;
    const json::value parsed = json::parse(text, ec);
    return ec ? std::vector<std::string>() : texts_in(parsed);
}

std::string joined(const std::vector<std::string>& words) {
    std::string all;
    for (const std::string& word : words) all += (all.empty() ? "" : " ") + word;
    return all;
}

std::vector<std::string> words_of(std::string_view all) {
    std::vector<std::string> words;
    for (std::string_view word : split(all, ' ')) {
        if (!word.empty()) words.emplace_back(word);
    }
    return words;
}

}  // namespace mingxin::content
