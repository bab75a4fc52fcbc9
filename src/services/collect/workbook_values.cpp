// How a workbook's raw values read: references, numbers, dates, escaped texts.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "base/text.h"
#include "base/time.h"
#include "collect/workbook_parts.h"

namespace mingxin::collect {
namespace {

constexpr int excel_1900_epoch = -25569, excel_1904_epoch = -24107;  // days before 1970-01-01
constexpr double last_serial = 2958466;

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

bool to_double(std::string_view text, double& out) {
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc{} && end == text.data() + text.size() && std::isfinite(out);
}

}  // namespace

bool parse_reference(std::string_view text, std::int64_t& row, std::uint32_t& column) {
    std::size_t at = 0;
    std::uint32_t letters = 0;
    auto skip_dollar = [&] { at += at < text.size() && text[at] == '$'; };
    skip_dollar();
    for (; at < text.size() && text[at] >= 'A' && text[at] <= 'Z'; ++at) {
        letters = letters * 26 + static_cast<std::uint32_t>(text[at] - 'A' + 1);
        if (letters > 1u << 24) return false;
    }
    skip_dollar();
    if (letters == 0 || at == text.size() || text.size() - at > 10) return false;
    row = 0;
    for (; at < text.size(); ++at) {
        if (text[at] < '0' || text[at] > '9') return false;
        row = row * 10 + (text[at] - '0');
    }
    column = letters - 1;
    return row > 0;
}

std::string shown_number(std::string_view raw) {
    std::size_t digits = 0;
    bool plain = !raw.empty();
    for (char c : raw) {
        if (c >= '0' && c <= '9')
            ++digits;
        else if (c != '.' && c != '-')
            plain = false;
    }
    double value = 0;
    if ((plain && digits <= 15) || !to_double(raw, value)) return std::string(raw);
    // A workbook's numbers are binary: 30055.599999999999 is what Excel keeps and shows as 30055.6.
    char text[64];
    auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific, 14).ptr;
    std::string_view scientific(text, static_cast<std::size_t>(end - text));
    auto mark = scientific.find('e');
    int exponent = 0;
    std::string_view power = scientific.substr(mark + 1);
    if (power.starts_with('+')) power.remove_prefix(1);
    std::from_chars(power.data(), power.data() + power.size(), exponent);
    bool negative = scientific.starts_with('-');
    std::string mantissa;
    for (char c : scientific.substr(0, mark)) {
        if (c >= '0' && c <= '9') mantissa += c;
    }
    while (mantissa.size() > 1 && mantissa.back() == '0') mantissa.pop_back();
    if (mantissa == "0") return "0";
    std::string out = negative ? "-" : "";
    int point = exponent + 1;  // digits before the point
    if (point <= 0) return out + "0." + std::string(static_cast<std::size_t>(-point), '0') + mantissa;
    auto before = static_cast<std::size_t>(point);
    if (mantissa.size() <= before) return out + mantissa + std::string(before - mantissa.size(), '0');
    return out + mantissa.substr(0, before) + "." + mantissa.substr(before);
}

std::string shown_date(std::string_view raw, bool date_1904) {
    double serial = 0;
    if (!to_double(raw, serial) || serial < 1 || serial >= last_serial) return {};
    auto seconds = static_cast<std::int64_t>(std::llround((serial - std::floor(serial)) * 86400));
    auto day = static_cast<std::int64_t>(std::floor(serial)) + seconds / 86400;
    seconds %= 86400;
    std::string out;
    if (!date_1904 && day == 60) {
        out = "1900-02-29";  // Excel has it; the checks say that it never was
    } else {
        auto days = day + (date_1904 ? excel_1904_epoch : excel_1900_epoch + (day < 60 ? 1 : 0));
        out = Date{static_cast<std::int32_t>(days)}.to_string();
    }
    if (seconds == 0) return out;
    char time[16];
    std::snprintf(time, sizeof time, " %02d:%02d:%02d", static_cast<int>(seconds / 3600),
                  static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60));
    return out + time;
}

bool is_date_format(std::string_view code) {
    bool day = false, time = false, digits = false;
    for (std::size_t i = 0; i < code.size(); ++i) {
        char c = code[i];
        if (c == ';') break;  // the first section is for positive numbers
        if (c == '\\' || c == '_' || c == '*') {
            ++i;
        } else if (c == '"') {
            while (++i < code.size() && code[i] != '"') {
            }
        } else if (c == '[') {
            std::size_t close = code.find(']', i);
            if (close == code.npos) break;
            std::string_view inside = code.substr(i + 1, close - i - 1);
            if (inside.size() <= 2 && inside.find_first_not_of("hHmMsS") == inside.npos) time = true;
            i = close;
        } else if (c == 'y' || c == 'Y' || c == 'd' || c == 'D') {
            day = true;
        } else if (c == 'm' || c == 'M' || c == 'h' || c == 'H' || c == 's' || c == 'S') {
            time = true;
        } else if (c == '#' || c == '?') {
            digits = true;
        } else if (code.substr(i, 7) == "General") {
            i += 6;
        }
    }
    return day || (time && !digits) || code.find("年") != code.npos || code.find("月") != code.npos;
}

void unescape_text(std::string& text) {
    std::size_t mark = text.find("_x");
    if (mark == text.npos) return;
    std::string out = text.substr(0, mark);
    for (std::size_t i = mark; i < text.size(); ++i) {
        std::uint32_t value = 0;
        bool escape = text.size() - i >= 7 && text[i] == '_' && text[i + 1] == 'x' && text[i + 6] == '_';
        for (std::size_t k = i + 2; escape && k < i + 6; ++k) {
            int digit = hex_digit(text[k]);
            escape = digit >= 0;
            value = value * 16 + static_cast<std::uint32_t>(digit);
        }
        if (escape && value != 0 && (value < 0xD800 || value > 0xDFFF)) {
            append_utf8(out, value);
            i += 6;
        } else {
            out += text[i];
        }
    }
    text = std::move(out);
}

std::string MergedArea::name() const {
    return column_letters(first_column) + std::to_string(first_row) + ":" + column_letters(last_column) +
           std::to_string(last_row);
}

void MergedAreas::sort() {
    std::sort(areas.begin(), areas.end(),
              [](const MergedArea& a, const MergedArea& b) { return a.first_row < b.first_row; });
    reach_.clear();
    for (const auto& area : areas)
        reach_.push_back(std::max(area.last_row, reach_.empty() ? 0 : reach_.back()));
}

const MergedArea* MergedAreas::covering(std::int64_t row, std::size_t column) const {
    auto after = std::upper_bound(areas.begin(), areas.end(), row,
                                  [](std::int64_t r, const MergedArea& area) { return r < area.first_row; });
    for (auto i = static_cast<std::size_t>(after - areas.begin()); i-- > 0 && reach_[i] >= row;) {
        const MergedArea& area = areas[i];
        bool inside = area.last_row >= row && area.first_column <= column && column <= area.last_column;
        if (inside) return row == area.first_row && column == area.first_column ? nullptr : &area;
    }
    return nullptr;
}

}  // namespace mingxin::collect
