#include "subject/name.h"

#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include <algorithm>
#include <optional>

#include "base/check.h"
#include "base/text.h"

namespace mingxin::subject {

namespace {

// ---- normal form

bool is_open(char32_t c) {
    return std::u32string_view(U"(（[［{｛【〔〖〘《〈﹙﹝").find(c) != std::u32string_view::npos;
}
bool is_close(char32_t c) {
    return std::u32string_view(U")）]］}｝】〕〗〙》〉﹚﹞").find(c) != std::u32string_view::npos;
}

bool is_private_use(char32_t c) {
    return (c >= 0xE000 && c <= 0xF8FF) || c >= 0xF0000;
}

/// 0: dropped.
char32_t fold(char32_t c) {
    if (c >= 0x3400 && c <= 0x9FFF) return c;
    if (c >= 0xFF01 && c <= 0xFF5E) c -= 0xFEE0;
    if (c >= 'A' && c <= 'Z') return c - 'A' + 'a';
    if (is_blank(c) || is_private_use(c)) return 0;
    if (is_open(c)) return '(';
    if (is_close(c)) return ')';
    if (c < 0x80 && c != '\'') return c;
    if (std::u32string_view(U"·•‧・･∙⋅").find(c) != std::u32string_view::npos) return '.';
    if (std::u32string_view(U"'‘’‚‛“”„‟「」『』«»").find(c) != std::u32string_view::npos) return '"';
    if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0x2C9) return '-';
    if (c == U'〇' || c == U'○' || c == U'◯') return '0';
    return c;
}

/// One of U+4000-U+9FFF, which is its own normal form, stands at the front.
bool is_ideograph(std::string_view text) {
    const auto is_tail = [&](std::size_t i) { return (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80; };
    return text.size() >= 3 && text[0] >= '\xE4' && text[0] <= '\xE9' && is_tail(1) && is_tail(2);
}

/// How much is left when stops at the end are dropped, narrow and wide ones mixed.
std::size_t length_without_stops(std::string_view text) {
    for (;;) {
        if (text.ends_with("。") || text.ends_with("、")) {
            text.remove_suffix(3);
        } else if (!text.empty() && std::string_view(".,;:").find(text.back()) != std::string_view::npos) {
            text.remove_suffix(1);
        } else {
            return text.size();
        }
    }
}

/// The folded text; in simple, whether every character was one that compatibility composition can't touch.
std::string folded(std::string_view text, bool& simple) {
    std::string out;
    out.reserve(text.size());
    simple = true;
    for (std::size_t i = 0; i < text.size();) {
        if (is_ideograph(text.substr(i))) {
            out.append(text, i, 3);
            i += 3;
            continue;
        }
        char32_t c = next_code_point(text, i);
        char32_t to = fold(c);
        if (to == c && c >= 0x80 && !(c >= 0x3400 && c <= 0x9FFF)) simple = false;
        if (to != 0) append_utf8(out, to);
    }
    out.resize(length_without_stops(out));
    return out;
}

/// NFKC_Casefold: half-width kana, ligatures, radicals and compatibility ideographs in their plain forms,
/// letters folded, invisible characters dropped.
std::string to_compatible(std::string_view text) {
    static const UNormalizer2* normalizer = [] {
        UErrorCode status = U_ZERO_ERROR;
        const UNormalizer2* instance = unorm2_getNFKCCasefoldInstance(&status);
        CHECK(U_SUCCESS(status));
        return instance;
    }();
    UErrorCode status = U_ZERO_ERROR;
    std::u16string wide(text.size(), 0), normal(text.size() * 18 + 8, 0);  // U+FDFA grows to 18 units
    std::int32_t length = 0;
    u_strFromUTF8WithSub(wide.data(), static_cast<std::int32_t>(wide.size()), &length, text.data(),
                         static_cast<std::int32_t>(text.size()), 0xFFFD, nullptr, &status);
    length = unorm2_normalize(normalizer, wide.data(), length, normal.data(),
                              static_cast<std::int32_t>(normal.size()), &status);
    std::string out(static_cast<std::size_t>(length) * 3, 0);
    u_strToUTF8(out.data(), static_cast<std::int32_t>(out.size()), &length, normal.data(), length, &status);
    CHECK(U_SUCCESS(status));
    out.resize(static_cast<std::size_t>(length));
    return out;
}

bool is_plain(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        auto c = static_cast<unsigned char>(text[i]);
        bool ideograph = c >= 0xE4 && c <= 0xE9 && text.size() - i >= 3;
        bool ascii = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '(' || c == ')';
        if (!ideograph && !ascii) return false;
        i += ideograph ? 3 : 1;
    }
    return true;
}

// ---- several names in one field

using Text = std::u32string_view;

bool is_separator(char32_t c) {
    return Text(U";；,，、:：").find(c) != Text::npos;
}
bool is_colon(char32_t c) {
    return c == ':' || c == U'：';
}

struct Word {
    Text text;
    bool registered;  // of the name it labels
    bool anywhere;  // else only after a bracket, blank or separator, or before a colon: 太原名汇公司 holds no
                    // 原名
};

constexpr Word words[] = {
    {U"第一名称", true, true},  {U"第二名称", false, true}, {U"第三名称", false, true},
    {U"从属名称", false, true}, {U"曾用名称", false, true}, {U"曾用名", false, true},
    {U"现名称", true, false},   {U"现名", true, false},     {U"原名称", false, false},
    {U"原名", false, false},    {U"简称", false, false},    {U"又名", false, false},
    {U"别名", false, false},
};

struct Label {
    std::size_t begin, end;  // with its bracket and colon
    bool registered;
    bool bracketed;  // the name it labels ends with the bracket
    bool after;      // it stands behind the name: "B(第二名称)"
};

std::optional<Label> label_at(Text text, std::size_t place) {
    for (const Word& word : words) {
        if (!text.substr(place).starts_with(word.text)) continue;
        std::size_t end = place + word.text.size();
        bool colon = end < text.size() && is_colon(text[end]);
        char32_t before = place > 0 ? text[place - 1] : U'甲';
        bool bracketed = is_open(before);
        if (!word.anywhere && !colon && !bracketed && !is_blank(before) && !is_separator(before)) continue;
        while (end < text.size() && (is_colon(text[end]) || is_blank(text[end]))) ++end;
        bool after = bracketed && (end == text.size() || is_close(text[end]));
        if (after && end < text.size()) ++end;
        return Label{place - bracketed, end, word.registered, bracketed, after};
    }
    return std::nullopt;
}

std::optional<Label> next_label(Text text, std::size_t from) {
    for (std::size_t i = from; i < text.size(); ++i) {
        if (auto label = label_at(text, i); label && label->begin >= from) return label;
    }
    return std::nullopt;
}

/// Without blanks and separators at the edges, and without a closing bracket that was opened outside.
Text tidy(Text text) {
    auto edge = [](char32_t c) { return is_blank(c) || is_separator(c); };
    while (!text.empty() && edge(text.front())) text.remove_prefix(1);
    auto unopened =
        std::count_if(text.begin(), text.end(), is_close) - std::count_if(text.begin(), text.end(), is_open);
    while (!text.empty()) {
        bool closes = is_close(text.back()) && unopened > 0;
        if (!edge(text.back()) && !closes) break;
        unopened -= closes;
        text.remove_suffix(1);
    }
    return text;
}

/// Where the bracket that is open at the start closes, or the end.
std::size_t closing(Text text) {
    int depth = 1;
    for (std::size_t i = 0; i < text.size(); ++i) {
        depth += is_open(text[i]) - is_close(text[i]);
        if (depth == 0) return i;
    }
    return text.size();
}

class Names {
  public:
    void add(Text text, bool registered) {
        text = tidy(text);
        if (text.empty()) return;
        (registered ? registered_ : others_).emplace_back(text);
    }

    /// A list of former names: "B、C".
    void add_others(Text text) {
        text = tidy(text);
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (!is_separator(text[i]) || is_colon(text[i])) continue;
            if (i < 4 || text.size() - i < 5) continue;  // too short for a name: part of one
            add(text.substr(0, i), false);
            return add_others(text.substr(i + 1));
        }
        add(text, false);
    }

    /// What follows a bracket inside a name belongs to the name before it: "A(简称:B)莱芜分公司".
    void extend(Text text) {
        text = tidy(text);
        if (registered_.empty()) return add(text, true);
        registered_.back() += text;
    }

    std::vector<std::string> take() {
        std::vector<std::string> out, seen;
        registered_.insert(registered_.end(), others_.begin(), others_.end());
        for (const std::u32string& name : registered_) {
            std::string text;
            for (char32_t c : name) append_utf8(text, c);
            std::string normal = normalise_name(text);
            if (std::find(seen.begin(), seen.end(), normal) != seen.end()) continue;
            seen.push_back(std::move(normal));
            out.push_back(std::move(text));
        }
        return out;
    }

  private:
    std::vector<std::u32string> registered_, others_;
};

/// The text between the label that applies to it (none: nullopt) and the next one or the end.
void add_labelled(Names& names, Text text, const std::optional<Label>& label) {
    if (!label) return names.add(text, true);
    std::size_t end = label->bracketed ? closing(text) : text.size();
    if (label->registered) {
        names.add(text.substr(0, end), true);
    } else {
        names.add_others(text.substr(0, end));
    }
    if (end < text.size()) names.extend(text.substr(end + 1));
}

void split_labelled(Names& names, Text text) {
    std::optional<Label> current;
    std::size_t start = 0;
    for (auto label = next_label(text, 0); label; label = next_label(text, start)) {
        Text between = text.substr(start, label->begin - start);
        if (!label->after) {
            add_labelled(names, between, current);
            current = label;
        } else {
            // "A B(第二名称)": the label is B's alone.
            Text last = tidy(between);
            auto blank = std::find_if(last.rbegin(), last.rend(), is_blank);
            auto length = static_cast<std::size_t>(blank - last.rbegin());
            if (blank != last.rend()) names.add(last.substr(0, last.size() - length), true);
            names.add(last.substr(last.size() - length), label->registered);
            current.reset();
        }
        start = label->end;
    }
    add_labelled(names, text.substr(start), current);
}

/// "A(原B)": only as a whole last bracket, and long enough to be a name.
bool split_former(Names& names, Text text) {
    constexpr std::size_t shortest_name = 6;
    auto open = std::find_if(text.rbegin(), text.rend(), is_open);
    if (open == text.rend() || !is_close(text.back())) return false;
    auto length = static_cast<std::size_t>(open - text.rbegin());  // with the closing bracket
    Text inside = text.substr(text.size() - length, length - 1);
    if (!inside.starts_with(U"原") || inside.size() <= shortest_name) return false;
    names.add(text.substr(0, text.size() - length - 1), true);
    names.add_others(inside.substr(1));
    return true;
}

/// "1.A2.B".
bool split_numbered(Names& names, Text text) {
    auto numbered = [&](std::size_t i, char32_t digit) {
        return i + 1 < text.size() && text[i] == digit && Text(U".．、").find(text[i + 1]) != Text::npos;
    };
    if (!numbered(0, '1')) return false;
    std::size_t start = 2;
    char32_t digit = '2';
    for (std::size_t i = 3; i < text.size() && digit <= '9'; ++i) {
        if (!numbered(i, digit) || (text[i - 1] >= '0' && text[i - 1] <= '9')) continue;
        names.add(text.substr(start, i - start), true);
        start = i + 2;
        ++digit;
    }
    if (digit == '2') return false;
    names.add(text.substr(start), true);
    return true;
}

}  // namespace

std::string normalise_name(std::string_view name) {
    constexpr std::size_t longest_name = 65536;  // bytes; no name: only folded, which bounds the memory
    if (is_plain(name)) return std::string(name);
    bool simple = false;
    std::string out = folded(name, simple);
    simple |= out.size() > longest_name;
    // Dropping a character can join a letter and a mark, composing can bring a blank: until nothing changes.
    for (int pass = 0; !simple && pass < 8; ++pass) {
        std::string next = folded(to_compatible(out), simple);
        if (next == out) break;
        out = std::move(next);
    }
    return out;
}

std::vector<std::string> names_in(std::string_view field) {
    constexpr std::size_t longest_field = 1024;  // bytes; bounds the time
    std::string trimmed(trim(field));
    auto has = [&](std::string_view part) { return trimmed.find(part) != std::string::npos; };
    bool may_hold_several = has("名") || has("称") || has("原") || trimmed.starts_with("1");
    if (!may_hold_several || trimmed.size() > longest_field) return {trimmed};
    std::u32string text = to_code_points(trimmed);
    Names names;
    if (next_label(text, 0)) {
        split_labelled(names, text);
    } else if (!split_former(names, text) && !split_numbered(names, text)) {
        return {trimmed};
    }
    std::vector<std::string> out = names.take();
    return out.empty() ? std::vector<std::string>{trimmed} : out;
}

int name_similarity(std::string_view a, std::string_view b) {
    constexpr std::size_t compared = 200;  // longer than any registered name; bounds the time
    std::u32string left = to_code_points(normalise_name(a)), right = to_code_points(normalise_name(b));
    if (left == right) return 100;
    left.resize(std::min(left.size(), compared));
    right.resize(std::min(right.size(), compared));
    std::size_t longest = std::max(left.size(), right.size());
    std::size_t distance = std::max<std::size_t>(1, edit_distance(left, right, longest));
    return static_cast<int>(100 * (longest - std::min(distance, longest)) / longest);
}

}  // namespace mingxin::subject
