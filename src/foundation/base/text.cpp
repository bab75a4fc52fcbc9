#include "base/text.h"

#include <unicode/ucnv.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <memory>

#include "base/check.h"

namespace mingxin {

namespace {

/// First position at or after i whose byte is not ASCII, or the size.
std::size_t skip_ascii(std::string_view text, std::size_t i) {
    for (; i + 8 <= text.size(); i += 8) {
        std::uint64_t word;
        std::memcpy(&word, text.data() + i, 8);
        word &= 0x8080808080808080;
        if (word == 0) continue;
        if constexpr (std::endian::native == std::endian::little) {
            return i + static_cast<std::size_t>(std::countr_zero(word)) / 8;
        }
        break;
    }
    while (i < text.size() && static_cast<unsigned char>(text[i]) < 0x80) ++i;
    return i;
}

/// Length of the well-formed non-ASCII sequence at data (Unicode 15, table 3-7), 0 if ill-formed.
std::size_t sequence_length(const unsigned char* data, std::size_t left) {
    auto tail = [&](std::size_t i) { return (data[i] & 0xC0) == 0x80; };
    unsigned char lead = data[0];
    if (lead >= 0xE0 && lead <= 0xEF) {
        if (left < 3 || !tail(1) || !tail(2)) return 0;
        if ((lead == 0xE0 && data[1] < 0xA0) || (lead == 0xED && data[1] > 0x9F)) return 0;
        return 3;
    }
    if (lead >= 0xC2 && lead <= 0xDF) return left >= 2 && tail(1) ? 2 : 0;
    if (lead >= 0xF0 && lead <= 0xF4) {
        if (left < 4 || !tail(1) || !tail(2) || !tail(3)) return 0;
        if ((lead == 0xF0 && data[1] < 0x90) || (lead == 0xF4 && data[1] > 0x8F)) return 0;
        return 4;
    }
    return 0;
}

/// True when normalisation can't touch the code point: NFC_Quick_Check=Yes and combining class 0. A text of
/// such code points only is in NFC (UAX 15, 9). The list is deliberately short: what Chinese files are made
/// of.
constexpr bool nfc_inert(char32_t c) {
    return c < 0x300 || (c >= 0x4000 && c <= 0x9FFF) || (c >= 0xFF00 && c <= 0xFFEF) ||
           (c >= 0x3000 && c <= 0x3029) || (c >= 0x3400 && c <= 0x3FFF) || (c >= 0x2010 && c <= 0x205F) ||
           (c >= 0x2460 && c <= 0x25FF) || (c >= 0xE000 && c <= 0xF8FF);
}

/// Leads of U+4000..U+9FFF, nearly all of Chinese text: inert as a whole, no need to decode.
constexpr bool is_ideograph_lead(unsigned char lead) {
    return lead >= 0xE4 && lead <= 0xE9;
}

bool surely_nfc(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        auto lead = static_cast<unsigned char>(text[i]);
        if (is_ideograph_lead(lead)) {
            i += 3;
        } else if (lead < 0x80) {
            i = skip_ascii(text, i);
        } else if (!nfc_inert(next_code_point(text, i))) {
            return false;
        }
    }
    return true;
}

struct ConverterClose {
    void operator()(UConverter* converter) const { ucnv_close(converter); }
};

/// Opening costs a table look-up under a lock: once per thread.
UConverter* converter(const char* name) {
    UErrorCode status = U_ZERO_ERROR;
    UConverter* made = ucnv_open(name, &status);
    CHECK(U_SUCCESS(status));
    ucnv_setToUCallBack(made, UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
    CHECK(U_SUCCESS(status));
    return made;
}

}  // namespace

bool is_blank(char32_t c) {
    if (c <= 0x20 || (c >= 0x7F && c <= 0xA0)) return true;
    if (c < 0x1680) return c == 0xAD;
    return c == 0x3000 || c == 0xFEFF || (c >= 0x2000 && c <= 0x200F) || (c >= 0x2028 && c <= 0x202F) ||
           (c >= 0x205F && c <= 0x206F) || c == 0x1680 || c == 0x180E;
}

std::string to_readable(std::string_view text) {
    std::string out;
    const auto* data = reinterpret_cast<const unsigned char*>(text.data());
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = data[i] < 0x80 ? 1 : sequence_length(data + i, text.size() - i);
        out += length == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(i, length);
        i += std::max<std::size_t>(length, 1);
    }
    return out;
}

bool is_utf8(std::string_view text) {
    auto data = reinterpret_cast<const unsigned char*>(text.data());
    std::size_t i = 0, size = text.size();
    while (i < size) {
        if (data[i] < 0x80) {
            i = skip_ascii(text, i);
        } else if (is_ideograph_lead(data[i]) && size - i >= 3 && (data[i + 1] & 0xC0) == 0x80 &&
                   (data[i + 2] & 0xC0) == 0x80) {
            i += 3;
        } else {
            std::size_t length = sequence_length(data + i, size - i);
            if (length == 0) return false;
            i += length;
        }
    }
    return true;
}

char32_t next_code_point(std::string_view text, std::size_t& position) {
    auto data = reinterpret_cast<const unsigned char*>(text.data()) + position;
    if (data[0] < 0x80) {
        ++position;
        return data[0];
    }
    // Ill-formed input is the caller's bug; it still never reads outside the text and always advances.
    std::size_t length = sequence_length(data, text.size() - position);
    position += length == 0 ? 1 : length;
    switch (length) {
        case 2:
            return (data[0] & 0x1Fu) << 6 | (data[1] & 0x3Fu);
        case 3:
            return (data[0] & 0x0Fu) << 12 | (data[1] & 0x3Fu) << 6 | (data[2] & 0x3Fu);
        case 4:
            return (data[0] & 0x07u) << 18 | (data[1] & 0x3Fu) << 12 | (data[2] & 0x3Fu) << 6 |
                   (data[3] & 0x3Fu);
        default:
            return 0xFFFD;
    }
}

void append_utf8(std::string& out, char32_t c) {
    auto put = [&](char32_t byte) { out += static_cast<char>(byte); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xC0 | c >> 6);
        put(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        put(0xE0 | c >> 12);
        put(0x80 | (c >> 6 & 0x3F));
        put(0x80 | (c & 0x3F));
    } else {
        put(0xF0 | c >> 18);
        put(0x80 | (c >> 12 & 0x3F));
        put(0x80 | (c >> 6 & 0x3F));
        put(0x80 | (c & 0x3F));
    }
}

std::u32string to_code_points(std::string_view text) {
    std::u32string out;
    out.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size();) out += next_code_point(text, i);
    return out;
}

std::size_t character_count(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string to_nfc(std::string_view text) {
    if (surely_nfc(text) || !is_utf8(text) || text.size() > INT32_MAX / 4) return std::string(text);
    static const UNormalizer2* normalizer = [] {
        UErrorCode status = U_ZERO_ERROR;
        const UNormalizer2* instance = unorm2_getNFCInstance(&status);
        CHECK(U_SUCCESS(status));
        return instance;
    }();
    UErrorCode status = U_ZERO_ERROR;
    std::u16string wide(text.size(), 0),
        normal(text.size() * 3 + 8, 0);  // NFC grows UTF-16 at most threefold
    std::int32_t length = 0;
    u_strFromUTF8(wide.data(), static_cast<std::int32_t>(wide.size()), &length, text.data(),
                  static_cast<std::int32_t>(text.size()), &status);
    length = unorm2_normalize(normalizer, wide.data(), length, normal.data(),
                              static_cast<std::int32_t>(normal.size()), &status);
    std::string out(static_cast<std::size_t>(length) * 3, 0);
    u_strToUTF8(out.data(), static_cast<std::int32_t>(out.size()), &length, normal.data(), length, &status);
    CHECK(U_SUCCESS(status));
    out.resize(static_cast<std::size_t>(length));
    return out;
}

Result<std::string> gb18030_to_utf8(std::string_view bytes) {
    thread_local std::unique_ptr<UConverter, ConverterClose> from(converter("gb18030"));
    thread_local std::unique_ptr<UConverter, ConverterClose> to(converter("UTF-8"));
    constexpr std::size_t slack = 64;
    std::string out(bytes.size() + bytes.size() / 2 + slack, 0);
    UChar pivot[1024];
    UChar *pivot_source = pivot, *pivot_target = pivot;
    const char *source = bytes.data(), *source_end = source + bytes.size();
    std::size_t length = 0;
    bool reset = true;
    while (true) {
        UErrorCode status = U_ZERO_ERROR;
        char* target = out.data() + length;
        ucnv_convertEx(to.get(), from.get(), &target, out.data() + out.size(), &source, source_end, pivot,
                       &pivot_source, &pivot_target, pivot + 1024, reset, true, &status);
        length = static_cast<std::size_t>(target - out.data());
        reset = false;
        if (status == U_BUFFER_OVERFLOW_ERROR) {
            out.resize(out.size() * 2);
            continue;
        }
        if (U_FAILURE(status)) {
            auto line = std::count(bytes.data(), source, '\n') + 1;
            return fail(Fault::bad_encoding, "第 " + std::to_string(line) + " 行附近有无法识别的字符");
        }
        out.resize(length);
        return out;
    }
}

std::string to_half_width(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    std::size_t copied = 0;
    for (std::size_t i = 0; i < text.size();) {
        auto lead = static_cast<unsigned char>(text[i]);
        if (lead != 0xE3 && lead != 0xEF) {  // the leads of U+3000 and U+FF01..FF5E
            ++i;
            continue;
        }
        std::size_t start = i;
        char32_t c = next_code_point(text, i);
        if (c != 0x3000 && (c < 0xFF01 || c > 0xFF5E)) continue;
        out.append(text, copied, start - copied);
        out += c == 0x3000 ? ' ' : static_cast<char>(c - 0xFEE0);
        copied = i;
    }
    out.append(text, copied);
    return out;
}

std::string_view trim(std::string_view text) {
    for (std::size_t i = 0; !text.empty(); i = 0) {
        if (!is_blank(next_code_point(text, i))) break;
        text.remove_prefix(i);
    }
    while (!text.empty()) {
        std::size_t start = text.size() - 1;
        while (start > 0 && text.size() - start < 4 && (text[start] & 0xC0) == 0x80) --start;
        std::size_t i = start;
        if (!is_blank(next_code_point(text, i)) || i != text.size()) break;
        text.remove_suffix(text.size() - start);
    }
    return text;
}

std::string remove_blanks(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        std::size_t start = i;
        if (!is_blank(next_code_point(text, i))) out.append(text, start, i - start);
    }
    return out;
}

std::string to_upper_ascii(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return out;
}

std::string escape_html(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 8);
    for (char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

std::string escape_url(std::string_view text) {
    constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    for (char c : text) {
        bool unreserved = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                          c == '-' || c == '.' || c == '_' || c == '~';
        if (unreserved) {
            out += c;
        } else {
            out += '%';
            out += digits[static_cast<unsigned char>(c) >> 4];
            out += digits[c & 15];
        }
    }
    return out;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> out;
    while (true) {
        std::size_t end = text.find(separator);
        out.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return out;
        text.remove_prefix(end + 1);
    }
}

std::size_t edit_distance(std::u32string_view a, std::u32string_view b, std::size_t limit) {
    while (!a.empty() && !b.empty() && a.front() == b.front()) a.remove_prefix(1), b.remove_prefix(1);
    while (!a.empty() && !b.empty() && a.back() == b.back()) a.remove_suffix(1), b.remove_suffix(1);
    if (a.size() > b.size()) std::swap(a, b);
    if (b.size() - a.size() > limit) return limit + 1;
    std::vector<std::size_t> row(a.size() + 1);
    for (std::size_t i = 0; i <= a.size(); ++i) row[i] = i;
    for (std::size_t j = 0; j < b.size(); ++j) {
        std::size_t diagonal = row[0], best = row[0] = j + 1;
        for (std::size_t i = 0; i < a.size(); ++i) {
            std::size_t above = row[i + 1];
            row[i + 1] = std::min({above + 1, row[i] + 1, diagonal + (a[i] != b[j])});
            diagonal = above;
            best = std::min(best, row[i + 1]);
        }
        if (best > limit) return limit + 1;
    }
    return std::min(row[a.size()], limit + 1);
}

}  // namespace mingxin
