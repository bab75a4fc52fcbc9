#include "site/messages.h"

#include <algorithm>

#include "base/file.h"
#include "base/text.h"

namespace mingxin::site {
namespace {

constexpr std::int64_t kFileBytes = 1 << 20;

std::vector<std::string>& noted() {
    static std::vector<std::string> ids;
    return ids;
}

tl::unexpected<Error> broken(const std::filesystem::path& file, std::string_view what) {
    return fail(Fault::template_broken, file.string() + "：" + std::string(what));
}

bool is_id(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '.';
    });
}

}  // namespace

std::string_view language_name(Language language) {
    return language == Language::en ? "en" : "zh";
}

Language language_of(std::string_view name) {
    return name == "en" ? Language::en : Language::zh;
}

int note_text(const char* id) {
    noted().emplace_back(id);
    return static_cast<int>(noted().size()) - 1;
}

Result<Messages> Messages::load(const std::filesystem::path& folder, Language language) {
    Messages messages;
    messages.language_ = language;
    const std::filesystem::path own = folder / language_name(language);
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(own, error)) {
        if (entry.path().extension() == ".txt") TRY(messages.read(entry.path()));
    }
    if (error) return broken(own, error.message());
    for (const std::string& id : noted()) {
        auto text = messages.texts_.find(id);
        if (text == messages.texts_.end()) return broken(own, "缺少文字 " + id);
        messages.by_number_.push_back(text->second);
    }
    return messages;
}

Result<void> Messages::read(const std::filesystem::path& file) {
    const std::string content = TRY(read_file(file, kFileBytes));
    for (std::string_view line : split(content, '\n')) {
        if (line.empty() || line[0] == '#') continue;
        const std::size_t mark = line.find(" =");
        const std::string_view id = line.substr(0, mark);
        if (mark == std::string_view::npos || !is_id(id)) return broken(file, line);
        std::string_view text = line.substr(mark + 2);
        if (!text.empty() && text[0] == ' ') text.remove_prefix(1);
        if (!texts_.emplace(id, text).second) return broken(file, "重复 " + std::string(id));
    }
    return {};
}

std::string Messages::operator()(Text text, Values values) const {
    const std::string_view source = (*this)(text);
    std::string filled;
    std::size_t done = 0;
    for (std::size_t at = 0; (at = source.find("{{", done)) != std::string_view::npos;) {
        const std::size_t end = source.find("}}", at);
        if (end == std::string_view::npos) break;
        const std::string_view name = source.substr(at + 2, end - at - 2);
        filled.append(source.substr(done, at - done));
        for (const auto& [known, value] : values) {
            if (known == name) filled.append(value);
        }
        done = end + 2;
    }
    return filled.append(source.substr(done));
}

std::string_view Messages::find(std::string_view id) const {
    auto text = texts_.find(std::string(id));
    return text == texts_.end() ? std::string_view{} : std::string_view(text->second);
}

Result<std::string> Messages::fill(std::string_view source) const {
    std::string filled;
    std::size_t done = 0;
    for (std::size_t at = 0; (at = source.find("[[", done)) != std::string_view::npos;) {
        const std::size_t end = source.find("]]", at);
        const std::string id(end == std::string_view::npos ? std::string_view{}
                                                           : source.substr(at + 2, end - at - 2));
        filled.append(source.substr(done, at - done));
        auto text = texts_.find(id);
        if (id == "zh") {
            if (language_ != Language::zh) filled.append(" lang=\"zh\"");
        } else if (text != texts_.end()) {
            filled.append(text->second);
        } else {
            return fail(Fault::template_broken, "缺少文字 [[" + id + "]]");
        }
        done = end + 2;
    }
    return filled.append(source.substr(done));
}

bool is_chinese(std::string_view text) {
    // U+3000 to U+303F, U+4000 to U+9FFF and full-width forms begin with these bytes.
    for (std::size_t at = 0; at + 1 < text.size(); ++at) {
        const auto lead = static_cast<unsigned char>(text[at]),
                   next = static_cast<unsigned char>(text[at + 1]);
        if (lead >= 0xe4 && lead <= 0xe9) return true;
        if (lead == 0xe3 || (lead == 0xef && (next == 0xbc || next == 0xbd))) return true;
    }
    return false;
}

}  // namespace mingxin::site
