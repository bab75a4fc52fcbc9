#include "content/markup.h"

#include <algorithm>

#include "base/text.h"

namespace mingxin::content {

namespace {

constexpr std::string_view kPictureBegin = "![";
constexpr std::string_view kPictureTarget = "](picture:";
constexpr std::size_t kLinkMost_bytes = 1500;

std::string_view line_of(std::string_view line) {
    return trim(line);
}

/// A link may lead to a page of this site or to another one, never to a script.
bool is_target(std::string_view target) {
    const bool plain = std::none_of(target.begin(), target.end(), [](char c) {
        return static_cast<unsigned char>(c) <= 0x20 || c == '"' || c == '<' || c == '>' || c == '\\';
    });
    const bool here = target.starts_with("/") && !target.starts_with("//");
    return plain && (here || target.starts_with("https://") || target.starts_with("http://"));
}

/// [text](target) at the beginning of rest; nullopt when it is not one.
struct Link {
    std::string_view text, target;
    std::size_t length = 0;
};
std::optional<Link> link_at(std::string_view rest) {
    rest = rest.substr(0, kLinkMost_bytes);
    const std::size_t middle = rest.find("](");
    const std::size_t end = middle == std::string_view::npos ? middle : rest.find(')', middle);
    if (end == std::string_view::npos) return std::nullopt;
    Link link{rest.substr(1, middle - 1), rest.substr(middle + 2, end - middle - 2), end + 1};
    const bool whole = !link.text.empty() && link.text.find('[') == std::string_view::npos;
    return whole && is_target(link.target) ? std::optional(link) : std::nullopt;
}

/// Words of a line: links and strong ones, all else escaped. Strong text holds no links.
std::string inline_html(std::string_view text) {
    std::string out;
    std::size_t plain = 0, at = 0;
    const auto put_plain = [&] { out += escape_html(text.substr(plain, at - plain)); };
    while (at < text.size()) {
        const std::string_view rest = text.substr(at);
        if (rest[0] == '[') {
            if (const auto link = link_at(rest)) {
                put_plain();
                out += "<a href=\"" + escape_html(link->target) + "\"";
                if (!link->target.starts_with("/")) out += " rel=\"noopener\"";
                out += ">" + escape_html(link->text) + "</a>";
                plain = at += link->length;
                continue;
            }
        }
        const std::size_t end = rest.starts_with("**") ? rest.find("**", 2) : std::string_view::npos;
        if (end != std::string_view::npos && end > 2) {
            put_plain();
            out += "<strong>" + escape_html(rest.substr(2, end - 2)) + "</strong>";
            plain = at += end + 2;
            continue;
        }
        ++at;
    }
    put_plain();
    return out;
}

/// ![what is seen](picture:DIGEST) alone in its line.
struct PictureLine {
    std::string_view alt, digest;
};
std::optional<PictureLine> picture_line(std::string_view line) {
    if (!line.starts_with(kPictureBegin) || !line.ends_with(")")) return std::nullopt;
    const std::size_t middle = line.find(kPictureTarget);
    if (middle == std::string_view::npos) return std::nullopt;
    PictureLine picture{line.substr(2, middle - 2), line.substr(middle + kPictureTarget.size())};
    picture.digest.remove_suffix(1);
    return is_digest(picture.digest) ? std::optional(picture) : std::nullopt;
}

enum class Kind { text, heading, small_heading, item, number, quote, row, picture };

Kind kind_of(std::string_view line) {
    if (line.starts_with("### ")) return Kind::small_heading;
    if (line.starts_with("## ")) return Kind::heading;
    if (line.starts_with("- ")) return Kind::item;
    if (line.starts_with("> ")) return Kind::quote;
    if (line.size() > 1 && line.starts_with("|") && line.ends_with("|")) return Kind::row;
    if (picture_line(line)) return Kind::picture;
    std::size_t digits = 0;
    while (digits < line.size() && digits < 3 && line[digits] >= '0' && line[digits] <= '9') ++digits;
    return digits > 0 && line.substr(digits).starts_with(". ") ? Kind::number : Kind::text;
}

std::string_view content_of(std::string_view line, Kind kind) {
    switch (kind) {
        case Kind::heading:
            return trim(line.substr(3));
        case Kind::small_heading:
            return trim(line.substr(4));
        case Kind::item:
        case Kind::quote:
            return trim(line.substr(2));
        case Kind::number:
            return trim(line.substr(line.find(". ") + 2));
        default:
            return line;
    }
}

using Lines = std::vector<std::string_view>;

std::vector<std::string_view> cells_of(std::string_view row) {
    std::vector<std::string_view> cells = split(row.substr(1, row.size() - 2), '|');
    for (std::string_view& cell : cells) cell = trim(cell);
    return cells;
}

bool is_rule(std::string_view row) {
    return row.find('-') != std::string_view::npos && row.find_first_not_of("|-: ") == std::string_view::npos;
}

std::string row_html(const std::vector<std::string_view>& cells, const std::vector<std::string_view>* heads) {
    std::string out = "<tr>";
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (heads == nullptr) {
            out += "<th scope=\"col\">" + inline_html(cells[i]) + "</th>";
            continue;
        }
        const bool named = i < heads->size();
        out += named ? "<td data-name=\"" + escape_html((*heads)[i]) + "\">" : std::string("<td>");
        out += inline_html(cells[i]) + "</td>";
    }
    return out + "</tr>";
}

std::string table_html(const Lines& rows) {
    std::size_t at = 0;
    std::string caption;
    if (rows[0].starts_with("|+")) {
        caption = trim(rows[0].substr(2, rows[0].size() - 3));
        ++at;
    }
    if (at == rows.size()) return "<p>" + escape_html(caption) + "</p>\n";
    std::vector<std::string_view> heads;
    const bool has_head = at + 1 < rows.size() && is_rule(rows[at + 1]);
    std::string out = "<div class=\"table-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" +
                      (caption.empty() ? "表格" : escape_html(caption)) + "\"><table class=\"table" +
                      (has_head ? " cards" : "") + "\">";
    if (!caption.empty()) out += "<caption>" + escape_html(caption) + "</caption>";
    if (has_head) {
        heads = cells_of(rows[at]);
        out += "<thead>" + row_html(heads, nullptr) + "</thead>";
        at += 2;
    }
    out += "<tbody>";
    for (; at < rows.size(); ++at) out += row_html(cells_of(rows[at]), &heads);
    return out + "</tbody></table></div>\n";
}

std::string picture_html(std::string_view line, const Frames& frames) {
    const PictureLine picture = *picture_line(line);
    const auto frame = frames.find ? frames.find(picture.digest) : std::nullopt;
    if (!frame) return "<p>（图片缺失：" + escape_html(picture.alt) + "）</p>\n";
    const std::string alt = escape_html(picture.alt);
    return "<figure class=\"picture\"><img src=\"" + escape_html(frames.address) +
           std::string(picture.digest) + "\" alt=\"" + alt + "\" width=\"" + std::to_string(frame->width) +
           "\" height=\"" + std::to_string(frame->height) + "\" loading=\"lazy\"><figcaption>" + alt +
           "</figcaption></figure>\n";
}

std::string list_html(const char* tag, const Lines& lines, Kind kind) {
    std::string out = "<" + std::string(tag) + ">";
    for (std::string_view line : lines) out += "<li>" + inline_html(content_of(line, kind)) + "</li>";
    return out + "</" + tag + ">\n";
}

std::string joined_html(const Lines& lines, Kind kind) {
    std::string out;
    for (std::string_view line : lines) {
        if (!out.empty()) out += "<br>";
        out += inline_html(content_of(line, kind));
    }
    return out;
}

std::string block_html(const Lines& lines, Kind kind, const Frames& frames) {
    switch (kind) {
        case Kind::heading:
            return "<h2>" + inline_html(content_of(lines[0], kind)) + "</h2>\n";
        case Kind::small_heading:
            return "<h3>" + inline_html(content_of(lines[0], kind)) + "</h3>\n";
        case Kind::item:
            return list_html("ul", lines, kind);
        case Kind::number:
            return list_html("ol", lines, kind);
        case Kind::quote:
            return "<blockquote><p>" + joined_html(lines, kind) + "</p></blockquote>\n";
        case Kind::row:
            return table_html(lines);
        case Kind::picture:
            return picture_html(lines[0], frames);
        case Kind::text:
            break;
    }
    return "<p>" + joined_html(lines, kind) + "</p>\n";
}

/// Calls with each block: lines of one kind that stand together.
void for_each_block(std::string_view body, const std::function<void(const Lines&, Kind)>& visit) {
    Lines lines;
    Kind kind = Kind::text;
    const auto finish = [&] {
        if (!lines.empty()) visit(lines, kind);
        lines.clear();
    };
    for (std::string_view raw : split(body, '\n')) {
        const std::string_view line = line_of(raw);
        const Kind own = kind_of(line);
        const bool single = own == Kind::heading || own == Kind::small_heading || own == Kind::picture;
        if (line.empty() || own != kind || single) finish();
        if (line.empty()) continue;
        kind = own;
        lines.push_back(line);
    }
    finish();
}

}  // namespace

bool is_digest(std::string_view text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string render_html(std::string_view body, const Frames& frames) {
    std::string out;
    for_each_block(body, [&](const Lines& lines, Kind kind) { out += block_html(lines, kind, frames); });
    return out;
}

std::vector<std::string> pictures_in(std::string_view body) {
    std::vector<std::string> digests;
    for_each_block(body, [&](const Lines& lines, Kind kind) {
        if (kind != Kind::picture) return;
        const std::string digest(picture_line(lines[0])->digest);
        if (std::find(digests.begin(), digests.end(), digest) == digests.end()) digests.push_back(digest);
    });
    return digests;
}

}  // namespace mingxin::content
