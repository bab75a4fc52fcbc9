#include "base/json_lines.h"

namespace mingxin {
namespace {

/// Where the value or key that begins at a place ends.
std::size_t end_of(std::string_view json, std::size_t at) {
    int depth = 0;
    bool quoted = false;
    for (; at < json.size(); ++at) {
        const char c = json[at];
        if (quoted) {
            if (c == '\\') ++at;
            if (c == '"') quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if (c == '}' || c == ']') {
            if (depth == 0) return at;
            --depth;
        } else if (c == ',' && depth == 0) {
            return at;
        }
    }
    return at;
}

/// The end of the key of a member, its colon included; 0: none (a list has none).
std::size_t key_size(std::string_view member) {
    if (!member.starts_with('"')) return 0;
    std::size_t at = 1;
    while (member[at] != '"') at += member[at] == '\\' ? 2 : 1;
    return at + 1 < member.size() && member[at + 1] == ':' ? at + 2 : 0;
}

void write(std::string& out, std::string_view value, std::size_t indent, std::size_t width) {
    const bool nested = value.starts_with('{') || value.starts_with('[');
    if (!nested || value.size() + indent <= width) {
        out += value;
        return;
    }
    out += value.front();
    for (std::size_t at = 1; at + 1 < value.size();) {
        const std::size_t end = end_of(value, at);
        const std::string_view member = value.substr(at, end - at);
        const std::size_t key = key_size(member);
        out += '\n';
        out.append(indent + 1, ' ').append(member.substr(0, key));
        write(out, member.substr(key), indent + 1, width);
        if (value[end] == ',') out += ',';
        at = end + 1;
    }
    out += '\n';
    out.append(indent, ' ') += value.back();
}

}  // namespace

std::string json_in_lines(std::string_view json, std::size_t width) {
    std::string out;
    write(out, json, 0, width);
    return out;
}

}  // namespace mingxin
