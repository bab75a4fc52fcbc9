// The site's texts by id, one set for each language: the files of web/site/messages. Loaded at start; then
// thread-safe. docs/site.md says how to add one.
#pragma once
#include <array>
#include <cstddef>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"

namespace mingxin::site {

enum class Language { zh, en };
inline constexpr std::array<Language, 2> kLanguages{Language::zh, Language::en};
std::string_view language_name(Language language);  // "zh"
/// Anything but "en" is Chinese.
Language language_of(std::string_view name);

/// An id in a template argument.
template <std::size_t size>
struct TextId {
    char text[size];
    consteval TextId(const char (&given)[size]) {  // NOLINT: written as a literal
        for (std::size_t at = 0; at < size; ++at) text[at] = given[at];
    }
};

/// Counts the ids that code uses, before main; gives the id's number.
int note_text(const char* id);
template <TextId id>
struct NotedText {
    static inline const int number = note_text(id.text);
};

/// A text that code uses. "home.title"_text notes its id, so that a start without such a text is refused.
class Text {
  public:
    explicit constexpr Text(const int* number) : number_(number) {}
    int number() const { return *number_; }

  private:
    const int* number_;
};

template <TextId id>
constexpr Text operator""_text() {
    return Text(&NotedText<id>::number);
}

class Messages {
  public:
    using Values = std::initializer_list<std::pair<std::string_view, std::string_view>>;

    /// All *.txt of folder/zh or folder/en. Fault::template_broken: a line that is no text, an id twice, or a
    /// text missing that code uses.
    static Result<Messages> load(const std::filesystem::path& folder, Language language);
    Language language() const { return language_; }
    std::string_view operator()(Text text) const {
        return by_number_[static_cast<std::size_t>(text.number())];
    }
    /// With {{name}} replaced by its value, as it stands.
    std::string operator()(Text text, Values values) const;
    /// A text whose id is known at run time only; empty: there is none.
    std::string_view find(std::string_view id) const;
    /// A template with each [[id]] replaced by its text, and [[zh]] by what marks Chinese content on a page
    /// of another language. Fault::template_broken: no such text.
    Result<std::string> fill(std::string_view source) const;

  private:
    Result<void> read(const std::filesystem::path& file);
    Language language_ = Language::zh;
    std::unordered_map<std::string, std::string> texts_;
    std::vector<std::string> by_number_;
};

/// Whether a text holds Chinese characters.
bool is_chinese(std::string_view text);

}  // namespace mingxin::site
