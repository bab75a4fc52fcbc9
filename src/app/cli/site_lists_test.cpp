// What was published last, statistics, guides, and what machines read.
#include <set>

#include "cli/testing/site_town.h"
#include "subject/identify.h"

using namespace mingxin;
using namespace mingxin::cli::test;

namespace {
/// Every address of this site that a page leads to.
std::set<std::string> links_of(const std::string& page) {
    std::set<std::string> links;
    for (std::size_t at = 0; (at = page.find("href=\"/", at)) != std::string::npos; ++at) {
        std::string link = page.substr(at + 6, page.find_first_of("\"#", at + 6) - at - 6);
        for (std::size_t amp = 0; (amp = link.find("&amp;", amp)) != std::string::npos;)
            link.replace(amp, 5, "&");
        links.insert(link);
    }
    return links;
}
}  // namespace

TEST_CASE("endpoint:site.publicity ok, endpoint:site.publicity_all ok: newest first, by unit and day") {
    std::string page = town().get("/publicity/penalty");
    check_page(page, "200");
    CHECK(has(page, "共1项"));
    CHECK(has(page, "<a href=\"/records/" + town().batch + "-1\">无证经营</a>"));
    CHECK(has(page, "鲁山县澜禾商贸有限公司"));
    CHECK(has(town().get("/publicity/penalty?unit=" + kUnit), "无证经营"));
    const Date decided = now_utc().date().plus_days(-40);
    CHECK(has(town().get("/publicity/penalty?from=" + decided.to_string() + "&to=" + decided.to_string()),
              "无证经营"));
    CHECK(has(town().get("/publicity/penalty?from=" + decided.plus_days(1).to_string()), "没有符合条件"));
    CHECK(has(town().get("/publicity/penalty?to=" + decided.plus_days(-1).to_string()), "没有符合条件"));
    CHECK(has(town().get("/publicity/penalty?before=1"), "没有符合条件"));
    CHECK(has(town().get("/publicity/permit"), "没有符合条件的行政许可"));
    CHECK(has(town().get("/publicity"), "Location: /publicity/permit\r\n"));
}

TEST_CASE("endpoint:site.publicity refused, endpoint:site.publicity_all refused: what is no column") {
    check_page(town().get("/publicity/nonsense"), "404");
    check_page(town().get("/publicity/registration"), "404");
    check_page(town().get("/publicity/penalty?unit=nobody"), "400");
    check_page(town().get("/publicity/penalty?from=yesterday"), "400");
    check_page(town().get("/publicity/penalty?before=x"), "400");
    CHECK_EQ(status_of(town().post("/publicity", "", "")), "HTTP/1.1 405");
}

TEST_CASE("endpoint:site.statistics ok: by kind, month and unit, of today's facts alone") {
    std::string page = town().get("/statistics");
    check_page(page, "200");
    CHECK(has(page, "<th scope=\"row\">行政处罚</th><td class=\"number\">1</td>"));
    CHECK(has(page, "<th scope=\"row\">行政处罚：一般失信</th><td class=\"number\">1</td>"));
    CHECK(has(page, "鲁山县市场监督管理局"));
    const YearMonthDay decided = split(now_utc().date().plus_days(-40));
    const std::string month = std::to_string(decided.year) + "年" + std::to_string(decided.month) + "月";
    CHECK(has(between(page, month + "</th>", "</tr>"), ">1<"));
}

TEST_CASE("endpoint:site.statistics refused: another method") {
    CHECK_EQ(status_of(town().post("/statistics", "", "")), "HTTP/1.1 405");
}

TEST_CASE("endpoint:site.guides ok, endpoint:site.guide ok: the numbers are the rulebook's") {
    check_page(town().get("/guides"), "200");
    for (const char* guide : {"query", "objection", "repair", "verify"}) {
        check_page(town().get(std::string("/guides/") + guide), "200");
    }
    const auto& rules = *town().platform->rules();
    const std::string days = rules.parameter("repair.decide_working_days", now_utc().date()).text;
    CHECK(has(town().get("/guides/repair"), "受理后" + days + "个工作日内"));
    std::string page = town().get("/guides/repair?record=" + town().batch + "-1");
    CHECK(has(page, "您问的是这一条：无证经营"));
    CHECK(has(page, now_utc().date().plus_days(-40).plus_months(3).to_string()));
    CHECK_FALSE(has(town().get("/guides/objection?record=1-999"), "您问的是这一条"));
}

TEST_CASE("endpoint:site.guide refused, endpoint:site.guides refused: no such guide") {
    check_page(town().get("/guides/nonsense"), "404");
    check_page(town().get("/guides/..%2Fpage"), "404");
    CHECK_EQ(status_of(town().post("/guides", "", "")), "HTTP/1.1 405");
}

TEST_CASE("endpoint:site.open ok: every public operation, with examples that work") {
    std::string page = town().get("/open");
    check_page(page, "200");
    CHECK(has(page, "GET /api/v1/subjects/{code}"));
    CHECK(has(page, "POST /api/v1/checks"));
    const int per_s = static_cast<int>(gate::Options{}.requests_per_s);
    CHECK(has(page, "平均每秒最多" + std::to_string(per_s) + "次"));
    CHECK_FALSE(has(page, "/api/v1/accounts"));
    CHECK(has(page, "href=\"/api/v1/subjects/" + kFirm + "\""));
}

TEST_CASE("endpoint:site.accessibility ok, endpoint:site.about ok") {
    check_page(town().get("/accessibility"), "200");
    std::string page = town().get("/about?record=1-1");
    check_page(page, "200");
    CHECK(has(page, "id=\"objection\""));
}

TEST_CASE(
    "endpoint:site.open refused, endpoint:site.accessibility refused, endpoint:site.about refused: another "
    "method") {
    for (const char* path : {"/open", "/accessibility", "/about"}) {
        CHECK_EQ(status_of(town().post(path, "", "")), "HTTP/1.1 405");
    }
}

TEST_CASE("endpoint:site.robots ok, endpoint:site.sitemap_index ok, endpoint:site.sitemap ok") {
    CHECK(has(town().get("/robots.txt"), "Sitemap: http://127.0.0.1:1/sitemap.xml\n"));
    std::string index = town().get("/sitemap.xml");
    CHECK(has(index, "Content-Type: application/xml"));
    CHECK(has(index, "<loc>http://127.0.0.1:1/sitemap/1</loc>"));
    CHECK(has(town().get("/sitemap/1"), "<loc>http://127.0.0.1:1/subjects/" + kFirm + "</loc>"));
    // The site's own pages that it names are there.
    std::string own = town().get("/sitemap/0");
    int pages = 0;
    for (std::size_t at = 0; (at = own.find("<loc>http://127.0.0.1:1", at)) != std::string::npos;
         ++at, ++pages) {
        const std::string path = own.substr(at + 23, own.find('<', at + 23) - at - 23);
        CHECK_MESSAGE(status_of(town().get(path)) == "HTTP/1.1 200", path);
    }
    CHECK_GT(pages, 10);
}

TEST_CASE(
    "endpoint:site.robots refused, endpoint:site.sitemap_index refused, endpoint:site.sitemap refused") {
    CHECK_EQ(status_of(town().post("/robots.txt", "", "")), "HTTP/1.1 405");
    CHECK_EQ(status_of(town().post("/sitemap.xml", "", "")), "HTTP/1.1 405");
    for (const char* map : {"-1", "2", "9223372036854775807", "x"}) {
        CHECK_NE(status_of(town().get(std::string("/sitemap/") + map)), "HTTP/1.1 200");
    }
}

TEST_CASE("endpoint:site.feed ok: what was published last; endpoint:site.feed refused: no such column") {
    std::string feed = town().get("/feeds/penalty");
    CHECK(has(feed, "Content-Type: application/atom+xml"));
    CHECK(has(feed, "<title>鲁山县澜禾商贸有限公司：无证经营</title>"));
    CHECK(has(feed, "<id>http://127.0.0.1:1/records/" + town().batch + "-1</id>"));
    check_page(town().get("/feeds/registration"), "404");
}

namespace {
/// A code that checks out, of a firm that is invented.
std::string firm_code(int n) {
    std::string digits = std::to_string(n);
    digits.insert(0, 8 - digits.size(), '0');
    for (char a : std::string_view("0123456789X")) {
        if (!subject::is_valid_orgcode(digits + a)) continue;
        for (char b : std::string_view("0123456789ABCDEFGHJKLMNPQRTUWXY")) {
            const std::string code = "91410423" + digits + a + b;
            if (subject::is_valid_uscc(code)) return code;
        }
    }
    FAIL("no code for ", n);
    return {};
}

/// What the pages show, one after the other, as their links to the next lead; the number of pages as well.
std::pair<std::vector<std::string>, int> walk(const Town& town, std::string path, std::string_view before) {
    std::vector<std::string> seen;
    int pages = 0;
    for (; !path.empty(); ++pages) {
        REQUIRE(pages < 10);
        const std::string page = town.get(path);
        check_page(page, "200");
        for (std::size_t at = 0; (at = page.find(before, at)) != std::string::npos; ++at) {
            seen.push_back(
                page.substr(at + before.size(), page.find('"', at + before.size()) - at - before.size()));
        }
        const std::size_t next = page.find("rel=\"next\" href=\"");
        path.clear();
        if (next == std::string::npos) continue;
        path = page.substr(next + 17, page.find('"', next + 17) - next - 17);
        for (std::size_t amp = 0; (amp = path.find("&amp;", amp)) != std::string::npos;)
            path.replace(amp, 5, "&");
    }
    return {seen, pages};
}
}  // namespace

TEST_CASE(
    "endpoint:site.search ok, endpoint:site.publicity ok, endpoint:site.kind ok: everything once, by pages") {
    constexpr int firms = 45, permits = 60;
    Town busy;
    std::string registration = "主体名称,统一社会信用代码\n";
    for (int n = 1; n <= firms; ++n) {
        registration += "鲁山县澜禾第" + std::to_string(100 + n) + "商贸有限公司," + firm_code(n) + "\n";
    }
    busy.submit("registration", registration);
    std::string permit =
        "XK_XDR_MC,XK_XDR_LB,XK_XDR_SHXYM,XK_FRDB,XK_XKWS,XK_WSH,XK_XKLB,XK_NR,XK_JDRQ,XK_YXQZ,"
        "XK_YXQZI,XK_XKJG,XK_XKJGDM\n";
    for (int n = 1; n <= permits; ++n) {
        permit += "鲁山县澜禾商贸有限公司,法人及非法人组织," + kFirm + ",赵六,食品经营许可证,鲁食许〔2026〕" +
                  std::to_string(n) +
                  "号,普通,食品销售,2026-01-05,2026-01-05,2099/12/31,鲁山县市场监督管理局," + kUnit + "\n";
    }
    busy.submit("permit", permit);

    REQUIRE(busy.eventually("/", "<dt>有效期内的行政许可</dt><dd><a href=\"/publicity/permit\">60</a>"));

    auto [found, result_pages] = walk(busy, "/search?q=" + escape_url("澜禾"), "<li><a href=\"/subjects/");
    CHECK_EQ(result_pages, 3);
    CHECK_EQ(found.size(), firms + 1u);
    CHECK_EQ(std::set(found.begin(), found.end()).size(), firms + 1u);

    auto [listed, list_pages] = walk(busy, "/publicity/permit?unit=" + kUnit, "<h3><a href=\"/records/");
    CHECK_EQ(list_pages, 3);
    CHECK_EQ(listed.size(), static_cast<std::size_t>(permits));
    CHECK_EQ(std::set(listed.begin(), listed.end()).size(), static_cast<std::size_t>(permits));

    auto [own, own_pages] = walk(busy, "/subjects/" + kFirm + "/permit", "<h3><a href=\"/records/");
    CHECK_EQ(own_pages, 2);
    CHECK_EQ(std::set(own.begin(), own.end()).size(), static_cast<std::size_t>(permits));
    CHECK(has(busy.get("/subjects/" + kFirm), "看全部60项行政许可"));
}

TEST_CASE("no page leads to where nothing is") {
    std::set<std::string> seen, next{"/"};
    while (!next.empty()) {
        const std::string path = *next.begin();
        next.erase(next.begin());
        if (!seen.insert(path).second || path.find("reading=") != std::string::npos) continue;
        const std::string reply = town().get(path);
        const std::string status = status_of(reply);
        CHECK_MESSAGE((status == "HTTP/1.1 200" || status == "HTTP/1.1 303"), path << " " << status);
        if (!has(reply, "Content-Type: text/html")) continue;
        for (const std::string& link : links_of(reply)) next.insert(link);
    }
    CHECK_GT(seen.size(), 25u);
}
