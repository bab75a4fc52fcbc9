// HTML from templates (mustache; every value is escaped). Loaded once at start; then thread-safe.
#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "site/messages.h"

namespace mingxin::site {

/// What a template is filled with: texts, flags, and lists of the same. A text that is empty and a list
/// without entries count as false in {{#name}}.
class Model {
  public:
    Model& set(std::string name, std::string_view text);
    Model& set(std::string name, const char* text) { return set(std::move(name), std::string_view(text)); }
    Model& set(std::string name, std::int64_t number);
    Model& flag(std::string name, bool value);
    /// A text that may be Chinese on a page of any language: {{#name_zh}} tells whether it is.
    Model& mark(const std::string& name, std::string_view text);
    /// A new entry at the end of a list, to be filled. The reference holds until the next one is added.
    Model& add(const std::string& list);

  private:
    friend class Templates;
    std::map<std::string, std::variant<std::string, bool, std::vector<Model>>> values_;
};

class Templates {
  public:
    /// All *.html of a folder; {{>name}} puts _name.html there, [[id]] the text of that id.
    /// Fault::template_broken with the file's name.
    static Result<std::unique_ptr<Templates>> load(const std::filesystem::path& folder,
                                                   const Messages& words);
    /// The template "page" with {{{content}}} filled by the template name. CHECK fails on an unknown name.
    std::string page(std::string_view name, Model& model) const;
    ~Templates();

  private:
    struct Impl;
    explicit Templates(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace mingxin::site
