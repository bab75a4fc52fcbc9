// The pages that everybody reads, over a real platform and a real socket, as a browser meets them.
#include "cli/testing/site_town.h"

using namespace mingxin;
using namespace mingxin::cli::test;

TEST_CASE("endpoint:site.home ok: one search box and what is known") {
    std::string page = town().get("/");
    check_page(page, "200");
    CHECK(has(page, "<dt>收录主体</dt><dd>1<small>家</small>"));
    CHECK(has(page, "<dt>公示中的行政处罚</dt><dd><a href=\"/publicity/penalty\">1</a>"));
    CHECK(has(page, "<dt>有效期内的行政许可</dt><dd><a href=\"/publicity/permit\">0</a>"));
    CHECK(has(page, "Cache-Control: no-cache\r\n"));
    CHECK(has(page, "<dt>账本序号</dt>"));
}

TEST_CASE("endpoint:site.home ok: large print is remembered and leads back to the same place") {
    const std::string there = "/search?q=" + escape_url("澜禾");
    CHECK(has(town().get(there), "<a href=\"" + there + "&amp;reading=elder\""));
    std::string reply = town().get(there + "&reading=elder");
    CHECK_EQ(status_of(reply), "HTTP/1.1 303");
    CHECK(has(reply, "Location: " + there + "\r\n"));
    CHECK(has(reply, "Set-Cookie: mx_reading=elder; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000\r\n"));
    CHECK(has(town().get("/", "mx_reading=elder"), "<html lang=\"zh-CN\" class=\"elder\">"));
    CHECK(has(town().get("/nothing/here", "mx_reading=elder"), "class=\"elder\""));
    CHECK_FALSE(has(town().get("/", "mx_reading=\"><b>"), "class=\"elder\""));
    CHECK(has(town().get("/?reading=normal"), "Set-Cookie: mx_reading=; Path=/"));
    CHECK_EQ(status_of(town().get("/about?reading=%22%3E%3Cb%3E")), "HTTP/1.1 303");
}

TEST_CASE("endpoint:site.home ok: a terminal in a hall goes back to the first page, having told so") {
    CHECK(has(town().get("/about?reading=kiosk"), "Set-Cookie: mx_reading=kiosk; Path=/"));
    const std::string kiosk = "mx_reading=kiosk", back = "\r\nRefresh: 180; url=/?lang=zh\r\n";
    const std::string page = town().get("/about?x=1", kiosk);
    CHECK(has(page, back));
    CHECK(has(page, "<html lang=\"zh-CN\" class=\"elder kiosk\">"));
    CHECK(has(page, "半分钟后回到首页。 <a class=\"button\" href=\"/about?x=1\">继续阅读</a>"));
    CHECK_FALSE(has(page, "href=\"/sign-in\""));
    const std::string home = town().get("/", kiosk);
    CHECK_FALSE(has(home, "Refresh:"));
    CHECK_FALSE(has(home, "回到首页。"));
    CHECK(has(town().get("/", kiosk + "; mx_lang=en"), back));
    CHECK(has(town().get("/nothing/here", kiosk), back));  // nobody is left on a page that was refused
    for (const char* others : {"mx_reading=elder", ""}) {
        CHECK_FALSE(has(town().get("/about", others), "Refresh:"));
        CHECK(has(town().get("/about", others), "href=\"/sign-in\""));
    }
}

TEST_CASE("endpoint:site.static ok: the manifest that a telephone asks for") {
    const std::string page = town().get("/static/app.webmanifest");
    CHECK(has(page, "Content-Type: application/manifest+json"));
    CHECK(has(page, "\"name\":\"信用鲁山\",\"short_name\":\"信用鲁山\""));
    CHECK(has(town().get("/"), "manifest-src 'self'"));
    CHECK(has(town().get("/"), "<link rel=\"manifest\" href=\"/static/app.webmanifest?v="));
}

TEST_CASE("endpoint:site.home ok: compressed for those who take it, never beside a form's token") {
    auto with_gzip = [](const std::string& path, const std::string& cookie) {
        return ask(town().server->port(), "GET " + path +
                                              " HTTP/1.1\r\nHost: town\r\nConnection: close\r\n"
                                              "Accept-Encoding: br, gzip\r\n" +
                                              cookie + "\r\n");
    };
    const std::string packed = with_gzip("/", "");
    CHECK(has(packed, "Content-Encoding: gzip\r\n"));
    CHECK(has(packed, "Vary: Accept-Encoding\r\n"));
    CHECK(packed.substr(packed.find("\r\n\r\n") + 4).starts_with("\x1f\x8b"));
    CHECK_FALSE(has(town().get("/"), "Content-Encoding"));
    CHECK_FALSE(has(with_gzip("/verify", ""), "Content-Encoding"));
    CHECK_FALSE(has(with_gzip("/", "Cookie: " + town().clerk + "\r\n"), "Content-Encoding"));
    const std::string none = ask(town().server->port(),
                                 "GET / HTTP/1.1\r\nHost: town\r\nConnection: close\r\nAccept-Encoding: "
                                 "gzip;q=0\r\n\r\n");
    CHECK_FALSE(has(none, "Content-Encoding"));
}

TEST_CASE("endpoint:site.home refused: another method") {
    CHECK_EQ(status_of(town().post("/", "", "")), "HTTP/1.1 405");
}

TEST_CASE("endpoint:site.search ok: by text, by code, by slips in a code") {
    std::string page = town().get("/search?q=" + escape_url("澜禾"));
    check_page(page, "200");
    CHECK(has(page, "<a href=\"/subjects/" + kFirm + "\">鲁山县澜禾商贸有限公司</a>"));
    CHECK(has(town().get("/search?q=" + kFirm), "Location: /subjects/" + kFirm + "\r\n"));
    CHECK(has(town().get("/search?q=91410423max0001705"), "Location: /subjects/" + kFirm + "\r\n"));
    CHECK(has(town().get("/search?q=" + escape_url("不存在的公司")), "没有找到与“不存在的公司”"));
    std::string misspelt = town().get("/search?q=" + escape_url("鲁山澜和商贸有限公司"));
    CHECK(has(misspelt, "您要找的是不是"));
    CHECK(has(misspelt, "<a href=\"/subjects/" + kFirm + "\""));
    CHECK(has(town().get("/search?q=" + escape_url("<i>x")), "&lt;i&gt;x"));
    CHECK(has(town().get("/search"), "Location: /\r\n"));
    CHECK_EQ(status_of(town().get("/search?q=x&utm_source=elsewhere")), "HTTP/1.1 200");
}

TEST_CASE("endpoint:site.search refused: one character, a person's number, broken text") {
    CHECK(has(town().get("/search?q=" + escape_url("澜")), "至少输入两个字"));
    std::string person = town().get("/search?q=11010519491231002X");
    check_page(person, "200");
    CHECK(has(person, "不提供按居民身份号码的查询"));
    CHECK_FALSE(has(person, "11010519491231002X"));
    check_page(town().get("/search?q=%FF"), "400");
}

TEST_CASE("endpoint:site.subject ok: what may be shown, with its source and its term") {
    std::string page = town().get("/subjects/" + kFirm);
    check_page(page, "200");
    CHECK(has(page, "<h1>鲁山县澜禾商贸有限公司</h1>"));
    CHECK(has(page, "鲁市监罚〔2026〕1号"));
    CHECK(has(page, "<dt>公示至</dt>"));
    CHECK(has(page, "有1项行政处罚在公示期内，为一般失信。"));
    CHECK(has(page, "罚款10,000元，一般失信"));
    const std::string registration = between(page, "<h2 id=\"basic\">", "</h2>");
    CHECK(has(registration, "鲁山县市场监督管理局，"));  // names no source: who handed it in
    CHECK(has(page, "没有可以公示的行政许可"));
    CHECK(has(page, "认为有误，提出异议"));
    CHECK(has(page, "rel=\"canonical\" href=\"http://127.0.0.1:1/subjects/" + kFirm + "\""));
    CHECK(has(page, "\"identifier\":\"" + kFirm + "\""));
    // Decided 40 days ago: repair from the third month on, published for a year; today in between.
    const Date decided = now_utc().date().plus_days(-40);
    const std::string steps = between(page, "<ol class=\"stepper\"", "</ol>");
    const std::size_t today = steps.find("<strong>今天</strong>");
    const std::size_t repair = steps.find(decided.plus_months(3).to_string());
    CHECK(steps.find(decided.to_string()) < today);
    CHECK(today < repair);
    CHECK(repair < steps.find(decided.plus_months(12).to_string()));
    const std::string life = between(page, "<ol class=\"timeline\"", "</ol>");
    CHECK(has(life, decided.plus_months(12).to_string()));
    CHECK(has(page, "赵六"));        // of the registration: public
    CHECK_FALSE(has(page, "张三"));  // the same field of a penalty: departments only
    CHECK_FALSE(has(page, "出具PDF报告"));
    CHECK(has(town().get("/subjects/91410423max0001705"), "Location: /subjects/" + kFirm + "\r\n"));
}

TEST_CASE("endpoint:site.subject refused: an unknown code, a way out of the site") {
    check_page(town().get("/subjects/91410423MAX00099XX"), "404");
    check_page(town().get("/subjects/..%2F..%2Fetc%2Fpasswd"), "404");
    check_page(town().get("/nothing/here"), "404");
}

TEST_CASE("endpoint:site.kind ok: all records of one kind, from the one behind") {
    std::string page = town().get("/subjects/" + kFirm + "/penalty");
    check_page(page, "200");
    CHECK(has(page, "鲁市监罚〔2026〕1号"));
    CHECK(has(page, "共1项"));
    std::string behind = town().get("/subjects/" + kFirm + "/penalty?after=" + town().batch + "-1");
    CHECK_FALSE(has(behind, "鲁市监罚〔2026〕1号"));
    CHECK(has(town().get("/subjects/" + kFirm + "/permit"), "没有可以公示的行政许可"));
}

TEST_CASE("endpoint:site.kind refused: no such kind, no such subject") {
    check_page(town().get("/subjects/" + kFirm + "/nonsense"), "404");
    check_page(town().get("/subjects/91410423MAX00099XX/penalty"), "404");
}

TEST_CASE("endpoint:site.record ok: fields, source, term, receipt, objection") {
    std::string page = town().get("/records/" + town().batch + "-1");
    check_page(page, "200");
    CHECK(has(page, "&lt;b&gt;未取得许可&lt;/b&gt;"));
    CHECK(has(page, "/api/v1/records/" + town().batch + "-1/receipt"));
    CHECK(has(page, "第" + town().batch + "号事项的第1行"));
    CHECK(has(page, "鲁山县市场监督管理局"));
    CHECK(has(page, "公示期依据"));
    CHECK(has(page, "不收取任何费用"));
}

TEST_CASE("the address of a record that was replaced leads to the new one") {
    Town own;
    std::string text = penalty_file();
    for (std::size_t at = 0; (at = text.find("壹万元整", at)) != std::string::npos;)
        text.replace(at, 3, "贰");
    for (std::size_t at = 0; (at = text.find("1.000000", at)) != std::string::npos;) text.replace(at, 1, "2");
    const std::string newer = own.submit("penalty", text);
    const std::string old = own.get("/records/" + own.batch + "-1");
    CHECK_EQ(status_of(old), "HTTP/1.1 303");
    CHECK(has(old, "Location: /records/" + newer + "-1\r\n"));
    check_page(own.get("/records/" + newer + "-1"), "200");
}

TEST_CASE("endpoint:site.record refused: a rejected row, no id") {
    check_page(town().get("/records/" + town().batch + "-2"), "404");
    check_page(town().get("/records/x"), "404");
}

TEST_CASE("endpoint:site.static ok: one style sheet and pictures, kept for a year under their version") {
    const std::string address = "/static/site.css?v=" + between(town().get("/"), "site.css?v=", "\"");
    std::string style = town().get(address);
    CHECK(has(style, "Content-Type: text/css"));
    CHECK(has(style, "Cache-Control: public, max-age=31536000, immutable\r\n"));
    CHECK(has(style, ".hero::before"));
    CHECK(has(style, "hills.svg?v="));
    CHECK(has(town().get("/static/site.css?v=other"), "Cache-Control: public, max-age=3600\r\n"));
    std::string tag = between(style, "ETag: ", "\r\n");
    std::string again = ask(town().server->port(), "GET " + address +
                                                       " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                                                       "If-None-Match: " +
                                                       tag + "\r\n\r\n");
    CHECK_EQ(status_of(again), "HTTP/1.1 304");
    for (const char* picture : {"icon.svg", "hills.svg", "hills_near.svg"}) {
        CHECK(has(town().get(std::string("/static/") + picture), "image/svg+xml"));
    }
}

TEST_CASE("endpoint:site.static refused: what is not there") {
    CHECK_EQ(status_of(town().get("/static/")), "HTTP/1.1 404");
    CHECK_EQ(status_of(town().get("/static/page.html")), "HTTP/1.1 404");
    CHECK_EQ(status_of(town().get("/static/..%2fsite%2fpage.html")), "HTTP/1.1 404");
    CHECK_EQ(status_of(town().post("/static/site.css", "", "")), "HTTP/1.1 405");
}
