#include "site/templates.h"

#include <atomic>
#include <kainjow/mustache.hpp>
#include <unordered_map>

#include "base/check.h"
#include "base/file.h"
#include "base/text.h"

namespace mingxin::site {

namespace mustache = kainjow::mustache;

Model& Model::set(std::string name, std::string_view text) {
    values_.insert_or_assign(std::move(name), std::string(text));
    return *this;
}

Model& Model::set(std::string name, std::int64_t number) {
    return set(std::move(name), std::to_string(number));
}

Model& Model::flag(std::string name, bool value) {
    values_.insert_or_assign(std::move(name), value);
    return *this;
}

Model& Model::mark(const std::string& name, std::string_view text) {
    return set(name, text).flag(name + "_zh", is_chinese(text));
}

Model& Model::add(const std::string& list) {
    auto& value = values_[list];
    if (!std::holds_alternative<std::vector<Model>>(value)) {
        value = std::vector<Model>{};
    }
    return std::get<std::vector<Model>>(value).emplace_back();
}

struct Templates::Impl {
    std::unordered_map<std::string, std::string> sources;
    std::int64_t number = 0;  // of this object: keys the threads' parsed copies

    /// Parsed once per thread: rendering changes the library's object.
    mustache::mustache& parsed(const std::string& name) const {
        thread_local std::unordered_map<std::string, mustache::mustache> all;
        std::string key = std::to_string(number) + "/" + name;
        auto found = all.find(key);
        if (found == all.end()) {
            auto source = sources.find(name);
            CHECK(source != sources.end());
            found = all.emplace(key, mustache::mustache(source->second)).first;
            found->second.set_custom_escape([](const std::string& text) { return escape_html(text); });
        }
        return found->second;
    }
};

namespace {
template <class Values>
mustache::data to_data(const Values& values) {
    mustache::data data(mustache::data::type::object);
    for (const auto& [name, value] : values) {
        if (const auto* text = std::get_if<std::string>(&value)) {
            // The library takes an empty text for true.
            text->empty() ? data.set(name, mustache::data(mustache::data::type::bool_false))
                          : data.set(name, *text);
        } else if (const auto* truth = std::get_if<bool>(&value)) {
            data.set(name, *truth);
        }
    }
    return data;
}
}  // namespace

namespace {
std::atomic<std::int64_t> template_sets = 0;
}

Templates::Templates(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Templates::~Templates() = default;

namespace {
/// Puts the parts named {{>name}} into a template: files that begin with an underscore. A part may hold
/// others, not itself.
Result<std::string> with_parts(std::string source, const std::filesystem::path& folder) {
    constexpr int most = 50;
    int parts = 0;
    for (std::size_t at = 0; (at = source.find("{{>", at)) != std::string::npos;) {
        if (++parts > most) return fail(Fault::template_broken, "{{> 过多，或者包含自己");
        const std::size_t end = source.find("}}", at);
        if (end == std::string::npos) return fail(Fault::template_broken, "{{> 没有结束");
        const std::string name = source.substr(at + 3, end - at - 3);
        const std::string part = TRY(read_file(folder / ("_" + name + ".html"), 1 << 20));
        source.replace(at, end + 2 - at, part);
    }
    return source;
}
}  // namespace

Result<std::unique_ptr<Templates>> Templates::load(const std::filesystem::path& folder,
                                                   const Messages& words) {
    auto impl = std::make_unique<Impl>();
    impl->number = ++template_sets;
    std::error_code ec;
    for (const auto& entry : std::filesystem::directory_iterator(folder, ec)) {
        if (entry.path().extension() != ".html" || entry.path().filename().string().starts_with('_')) {
            continue;
        }
        std::string source = TRY(with_parts(TRY(read_file(entry.path(), 1 << 20)), folder));
        auto worded = words.fill(source);
        if (!worded.ok()) {
            return fail(Fault::template_broken,
                        entry.path().filename().string() + "：" + worded.error().detail_zh);
        }
        source = std::move(*worded);
        mustache::mustache parsed(source);
        if (!parsed.is_valid()) {
            return fail(Fault::template_broken,
                        entry.path().filename().string() + "：" + parsed.error_message());
        }
        impl->sources.emplace(entry.path().stem().string(), std::move(source));
    }
    if (!impl->sources.contains("page")) {
        return fail(Fault::template_broken, folder.string() + "：缺少 page.html");
    }
    return std::unique_ptr<Templates>(new Templates(std::move(impl)));
}

std::string Templates::page(std::string_view name, Model& model) const {
    std::function<mustache::data(const Model&)> convert = [&](const Model& from) {
        mustache::data data = to_data(from.values_);
        for (const auto& [key, value] : from.values_) {
            if (const auto* list = std::get_if<std::vector<Model>>(&value)) {
                mustache::data entries(mustache::data::type::list);
                for (const Model& entry : *list) {
                    entries.push_back(convert(entry));
                }
                data.set(key, entries);
            }
        }
        return data;
    };
    mustache::data data = convert(model);
    data.set("content", impl_->parsed(std::string(name)).render(data));
    return impl_->parsed("page").render(data);
}

}  // namespace mingxin::site
