// Charts of the site: HTML with inline SVG, without script and inline style. Labels are HTML, so that they
// keep their size on phones and in large print; only what is drawn stretches. Pure; thread-safe.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mingxin::site {

/// One bar or column. A negative value is drawn, and told, as nothing.
struct Measure {
    std::string label;
    std::int64_t value = 0;
};

/// Where a scale ends: the least of 1, 2 and 5 times a power of ten that is not below the greatest value; at
/// least 1. The greatest value itself where that would be too large for the type.
std::int64_t scale_end(const std::vector<Measure>& measures);
/// The length of a value on a scale that is drawn `length` long: 0 to length; something above nothing is
/// never drawn as nothing.
int drawn_length(std::int64_t value, std::int64_t end, int length);

/// Bars that lie, one below another: for kinds and names. label: what the chart shows, for screen readers.
/// Empty when there is nothing to draw: no measure, or all of them nothing.
std::string bars_html(std::string_view label, const std::vector<Measure>& measures);
/// Columns that stand side by side, the first and the last one named: for time. Empty likewise.
std::string columns_html(std::string_view label, const std::vector<Measure>& measures);

}  // namespace mingxin::site
