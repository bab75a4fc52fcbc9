// Columns and articles as the public reads them, and the content of the demonstration.
#include "cli/demo_content.h"
#include "cli/testing/site_town.h"
#include "content/public.h"

using namespace mingxin;
using namespace mingxin::cli::test;

namespace {

/// The demonstration's columns and articles, written once.
const std::vector<content::ShownRow>& articles() {
    static const std::vector<content::ShownRow> all = [] {
        Town& here = town();  // before the clock is read: its events lie before
        const Instant now = now_utc();
        must(here.writer->run([&](store::Tx& tx) {
            return mingxin::cli::write_demo_content(tx, town().platform->rules(), town().platform->tenant(),
                                                    now);
        }));
        auto tx = must(town().platform->database().read());
        std::vector<content::ShownRow> rows;
        const Instant later{now.us + 5'000'000};
        for (const content::Column& column : must(content::columns(tx))) {
            for (content::ShownRow& row : must(content::shown_in(tx, column.slug, {}, 100, later))) {
                rows.push_back(std::move(row));
            }
        }
        return rows;
    }();
    return all;
}

std::string article(std::string_view column) {
    for (const content::ShownRow& row : articles()) {
        if (row.column == column) return "/articles/" + std::to_string(row.article);
    }
    FAIL("no article in " << column);
    return {};
}

}  // namespace

TEST_CASE(
    "endpoint:site.columns ok, endpoint:site.column ok, endpoint:site.article ok: what the demonstration "
    "has") {
    REQUIRE(articles().size() >= 12);
    const std::string list = town().get("/columns");
    check_page(list, "200");
    CHECK(has(list, "<a href=\"/columns/policies\">政策法规</a>"));
    check_page(town().get("/columns/policies"), "200");
    CHECK(has(town().get("/columns/policies"), "信用修复管理办法：企业最关心的五个问题"));
    CHECK(has(town().get("/columns/campaigns"), "信用记录关爱日"));
    CHECK(has(town().get("/columns/campaigns"), "诚信宣传进社区"));
    CHECK(has(town().get("/columns/agencies"),
              "<a href=\"/subjects/" + kFirm + "\">鲁山县澜禾商贸有限公司</a>"));
    REQUIRE(town().eventually("/columns/double-publicity", "无证经营"));
    const std::string page = town().get(article("policies"));
    check_page(page, "200");
    CHECK(has(page, "application/ld+json"));
    CHECK(has(page, "<link rel=\"canonical\" href=\"http://127.0.0.1:1" + article("policies") + "\">"));
    CHECK(has(town().get(article("power-list")), "按信用修复管理办法，增加修复结果同步一项"));
    CHECK(has(town().get(article("power-list")), "<ins>| 修复结果同步 |"));
    CHECK(has(town().get("/"), "诚信小店"));
    CHECK_FALSE(has(town().get("/columns/news"), "年度信用工作要点征求意见"));  // in review
}

TEST_CASE("endpoint:site.columns refused, endpoint:site.column refused, endpoint:site.article refused") {
    CHECK_EQ(status_of(town().post("/columns", "", "")), "HTTP/1.1 405");
    check_page(town().get("/columns/nonsense"), "404");
    check_page(town().get("/articles/999999"), "404");
    articles();
    check_page(town().get("/columns/news?before=x"), "404");
}

TEST_CASE("endpoint:site.column_feed ok, endpoint:site.picture ok: for programs") {
    articles();
    const std::string feed = town().get("/columns/news/feed");
    CHECK(has(feed, "Content-Type: application/atom+xml"));
    CHECK(has(feed, "<title>县信用办开展数据质量月度核查</title>"));
    CHECK(has(town().get("/sitemap/0"), "<loc>http://127.0.0.1:1" + article("news") + "</loc>"));
    // Of no article: not even there.
    CHECK_EQ(status_of(town().get("/pictures/" + std::string(64, 'a'))), "HTTP/1.1 404");
}

TEST_CASE("endpoint:site.column_feed refused, endpoint:site.picture refused: what is not there") {
    CHECK_EQ(status_of(town().get("/columns/nonsense/feed")), "HTTP/1.1 404");
    CHECK_EQ(status_of(town().get("/pictures/nonsense")), "HTTP/1.1 404");
}
