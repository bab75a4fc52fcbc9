#include "site/chart.h"

#include <algorithm>
#include <limits>

#include "base/text.h"
#include "site/messages.h"
#include "site/words.h"

namespace mingxin::site {
namespace {

constexpr int kBar = 1000;             // length of the longest bar that could be
constexpr int kStep = 10, kWidth = 8;  // from column to column, and of one
constexpr int kHeight = 100;           // of the highest column that could be

std::int64_t told(std::int64_t value) {
    return std::max<std::int64_t>(0, value);
}

std::int64_t greatest(const std::vector<Measure>& measures) {
    std::int64_t most = 0;
    for (const Measure& measure : measures) most = std::max(most, measure.value);
    return most;
}

std::string open_chart(std::string_view kind, std::string_view label) {
    return "<div class=\"chart " + std::string(kind) + "\" role=\"img\" aria-label=\"" + escape_html(label) +
           "\">";
}

std::string marked(std::string_view tag, std::string_view label) {
    const std::string named = tag.empty() ? "" : " class=\"" + std::string(tag) + "\"";
    return "<span" + named + (is_chinese(label) ? " lang=\"zh\"" : "") + ">" + escape_html(label) + "</span>";
}

std::string column_html(const Measure& measure, std::size_t place, std::int64_t end) {
    const int height = drawn_length(measure.value, end, kHeight);
    return "<rect x=\"" + std::to_string(static_cast<int>(place) * kStep + (kStep - kWidth) / 2) + "\" y=\"" +
           std::to_string(kHeight - height) + "\" width=\"" + std::to_string(kWidth) + "\" height=\"" +
           std::to_string(height) + "\"><title>" + escape_html(measure.label) + " " +
           grouped(told(measure.value)) + "</title></rect>";
}

}  // namespace

std::int64_t scale_end(const std::vector<Measure>& measures) {
    const std::int64_t most = greatest(measures);
    for (std::int64_t power = 1;; power *= 10) {
        for (const std::int64_t step : {1, 2, 5}) {
            if (power > std::numeric_limits<std::int64_t>::max() / step) return most;
            if (power * step >= most) return power * step;
        }
        if (power > std::numeric_limits<std::int64_t>::max() / 10) return most;
    }
}

int drawn_length(std::int64_t value, std::int64_t end, int length) {
    if (value <= 0 || end <= 0) return 0;
    if (value >= end) return length;
    const double part = static_cast<double>(value) / static_cast<double>(end);
    return std::clamp(static_cast<int>(part * length + 0.5), 1, length);
}

std::string bars_html(std::string_view label, const std::vector<Measure>& measures) {
    const std::int64_t most = greatest(measures);
    if (most == 0) return {};
    std::string html = open_chart("bars", label);
    for (const Measure& measure : measures) {
        html += marked("name", measure.label) + "<svg viewBox=\"0 0 " + std::to_string(kBar) +
                " 10\" preserveAspectRatio=\"none\" focusable=\"false\"><rect class=\"ground\" width=\"" +
                std::to_string(kBar) + "\" height=\"10\"/><rect width=\"" +
                std::to_string(drawn_length(measure.value, most, kBar)) +
                "\" height=\"10\"/></svg><span class=\"number\">" + grouped(told(measure.value)) + "</span>";
    }
    return html + "</div>";
}

std::string columns_html(std::string_view label, const std::vector<Measure>& measures) {
    if (greatest(measures) == 0) return {};
    const std::int64_t end = scale_end(measures);
    const std::string width = std::to_string(static_cast<int>(measures.size()) * kStep);
    std::string html = open_chart("standing", label) + "<span class=\"scale\"><span>" + grouped(end) +
                       "</span><span>0</span></span><svg viewBox=\"0 0 " + width + " " +
                       std::to_string(kHeight) +
                       "\" preserveAspectRatio=\"none\" focusable=\"false\"><path d=\"M0 0H" + width +
                       "M0 50H" + width + "M0 100H" + width + "\"/>";
    for (std::size_t place = 0; place < measures.size(); ++place) {
        html += column_html(measures[place], place, end);
    }
    html += "</svg><span class=\"ends\">" + marked("", measures.front().label);
    if (measures.size() > 1) html += marked("", measures.back().label);
    return html + "</span></div>";
}

}  // namespace mingxin::site
