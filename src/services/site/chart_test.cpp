#include "site/chart.h"

#include <doctest/doctest.h>

#include <limits>

using namespace mingxin::site;

namespace {

constexpr std::int64_t kHuge = std::numeric_limits<std::int64_t>::max();

std::vector<Measure> measures(std::initializer_list<std::int64_t> values) {
    std::vector<Measure> all;
    for (std::int64_t value : values) all.push_back({"m" + std::to_string(all.size()), value});
    return all;
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

int count(const std::string& text, std::string_view part) {
    int found = 0;
    for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++found;
    return found;
}

}  // namespace

TEST_CASE("the end of a scale is a round number not below the greatest value") {
    CHECK_EQ(scale_end({}), 1);
    CHECK_EQ(scale_end(measures({0, 0})), 1);
    CHECK_EQ(scale_end(measures({1})), 1);
    CHECK_EQ(scale_end(measures({3, 2})), 5);
    CHECK_EQ(scale_end(measures({10})), 10);
    CHECK_EQ(scale_end(measures({11})), 20);
    CHECK_EQ(scale_end(measures({58'214, 7})), 100'000);
    CHECK_EQ(scale_end(measures({-5})), 1);
    CHECK_EQ(scale_end(measures({kHuge})), kHuge);
    CHECK_GE(scale_end(measures({kHuge / 2})), kHuge / 2);
}

TEST_CASE("a length stays within its scale, and something is never drawn as nothing") {
    CHECK_EQ(drawn_length(0, 100, 1000), 0);
    CHECK_EQ(drawn_length(50, 100, 1000), 500);
    CHECK_EQ(drawn_length(100, 100, 1000), 1000);
    CHECK_EQ(drawn_length(101, 100, 1000), 1000);
    CHECK_EQ(drawn_length(1, 1'000'000, 1000), 1);
    CHECK_EQ(drawn_length(-7, 100, 1000), 0);
    CHECK_EQ(drawn_length(7, 0, 1000), 0);
    CHECK_EQ(drawn_length(kHuge - 1, kHuge, 1000), 1000);
    CHECK_EQ(drawn_length(kHuge / 2, kHuge, 1000), 500);
}

TEST_CASE("where there is nothing, nothing is drawn") {
    for (const auto& none : {measures({}), measures({0}), measures({0, 0, 0}), measures({-3})}) {
        CHECK(bars_html("label", none).empty());
        CHECK(columns_html("label", none).empty());
    }
}

TEST_CASE("bars are as long as their share of the greatest one, and tell their numbers") {
    const std::string html = bars_html("kinds", measures({2000, 500, 0, -1}));
    CHECK(has(html, "role=\"img\" aria-label=\"kinds\""));
    CHECK(has(html, "<rect width=\"1000\""));
    CHECK(has(html, "<rect width=\"250\""));
    CHECK_EQ(count(html, "<rect width=\"0\""), 2);
    CHECK(has(html, "<span class=\"number\">2,000</span>"));
    CHECK_FALSE(has(html,
                    "-"
                    "1<"));
    CHECK_FALSE(has(html, "style="));
}

TEST_CASE("columns stand on one line; one of them alone is named once") {
    const std::string html = columns_html("months", measures({3, 0, 5}));
    CHECK(has(html, "viewBox=\"0 0 30 100\""));
    CHECK(has(html, "<rect x=\"1\" y=\"40\" width=\"8\" height=\"60\">"));
    CHECK(has(html, "<rect x=\"11\" y=\"100\" width=\"8\" height=\"0\">"));
    CHECK(has(html, "<rect x=\"21\" y=\"0\" width=\"8\" height=\"100\">"));
    CHECK(has(html, "<title>m2 5</title>"));
    CHECK(has(html, ">m0</span><span>m2</span>"));
    const std::string one = columns_html("months", measures({7}));
    CHECK(has(one, ">m0</span>"));
    CHECK_FALSE(has(one, "</span><span>m0"));
}

TEST_CASE("labels cannot break out of a chart, and Chinese ones are marked") {
    const std::string html = bars_html("a \"label\"", {{"<b>鲁山县</b>", 1}, {"plain", 1}});
    CHECK_FALSE(has(html, "<b>"));
    CHECK(has(html, "aria-label=\"a &quot;label&quot;\""));
    CHECK_EQ(count(html, "lang=\"zh\""), 1);
    CHECK_FALSE(has(columns_html("x", {{"<i>", 1}}), "<i>"));
}
