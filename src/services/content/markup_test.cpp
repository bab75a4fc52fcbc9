#include "content/markup.h"

#include <doctest/doctest.h>

using namespace mingxin;
using namespace mingxin::content;

namespace {

const std::string kDigest(64, 'a');

std::string html(std::string_view body) {
    return render_html(body, {"/pictures/", [](std::string_view) { return PictureFrame{640, 480}; }});
}

}  // namespace

TEST_CASE("markup: each block becomes its element, and nothing but text gets through") {
    const struct {
        const char* body;
        const char* html;
    } table[] = {
        {"一段。\n第二行。\n\n另一段。", "<p>一段。<br>第二行。</p>\n<p>另一段。</p>\n"},
        {"## 标题\n正文\n### 小标题", "<h2>标题</h2>\n<p>正文</p>\n<h3>小标题</h3>\n"},
        {"- 甲\n- 乙", "<ul><li>甲</li><li>乙</li></ul>\n"},
        {"1. 甲\n2. 乙", "<ol><li>甲</li><li>乙</li></ol>\n"},
        {"> 引文", "<blockquote><p>引文</p></blockquote>\n"},
        {"**重点**和[办法](/guides)", "<p><strong>重点</strong>和<a href=\"/guides\">办法</a></p>\n"},
        {"[站外](https://example.gov.cn/a?b=1&c=2)",
         "<p><a href=\"https://example.gov.cn/a?b=1&amp;c=2\" rel=\"noopener\">站外</a></p>\n"},
        {"<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"},
        {"[点我](javascript:alert(1))", "<p>[点我](javascript:alert(1))</p>\n"},
        {"[点我](//evil.example)", "<p>[点我](//evil.example)</p>\n"},
        {"[a](/x\" onclick=\"b)", "<p>[a](/x&quot; onclick=&quot;b)</p>\n"},
        {"**没有结束", "<p>**没有结束</p>\n"},
        {"2026年。不是列表", "<p>2026年。不是列表</p>\n"},
        {"", ""}};
    for (const auto& row : table) {
        CAPTURE(std::string(row.body));
        CHECK(html(row.body) == row.html);
    }
}

TEST_CASE("markup: a table with head and caption turns into cards on phones; cells are escaped") {
    const std::string out = html("|+ 收费 |\n| 项目 | 金额 |\n|---|---|\n| 查询 | <b>0</b> |");
    CHECK(out.find("<caption>收费</caption>") != std::string::npos);
    CHECK(out.find("<th scope=\"col\">项目</th>") != std::string::npos);
    CHECK(out.find("<td data-name=\"金额\">&lt;b&gt;0&lt;/b&gt;</td>") != std::string::npos);
    CHECK(html("| 甲 | 乙 |").find("<th") == std::string::npos);
    CHECK(html("|+ 只有标题 |") == "<p>只有标题</p>\n");
}

TEST_CASE("markup: pictures stand alone in their line, with the size that keeps the page still") {
    const std::string body = "前\n![现场](picture:" + kDigest + ")\n后\n![现场](picture:" + kDigest + ")";
    CHECK(pictures_in(body) == std::vector<std::string>{kDigest});
    CHECK(html(body).find("<img src=\"/pictures/" + kDigest +
                          "\" alt=\"现场\" width=\"640\" height=\"480\"") != std::string::npos);
    CHECK(render_html(body, {}).find("（图片缺失：现场）") != std::string::npos);
    CHECK(pictures_in("文字 ![a](picture:" + kDigest + ") 文字").empty());
    CHECK(pictures_in("![a](picture:../../etc)").empty());
}

TEST_CASE("markup: hostile lengths end quickly") {
    CHECK(html(std::string(50'000, '[')).size() > 50'000);
    CHECK(html(std::string(50'000, '*')).size() > 1);
    CHECK(html(std::string(50'000, '|')).size() > 1);
}
