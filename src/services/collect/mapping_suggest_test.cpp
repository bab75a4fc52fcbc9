// What columns may be: by the words of their headers and by what their cells look like; what is left to
// people.
#include "collect/mapping_suggest.h"

#include "collect/header_words.h"
#include "collect/testing/town.h"

using namespace mingxin;
using namespace mingxin::collect;
using namespace mingxin::collect::test;

namespace {

using Cells = std::vector<std::string>;

Cells of(int count, const std::function<std::string(int)>& cell) {
    Cells cells;
    for (int n = 1; n <= count; ++n) cells.push_back(cell(n));
    return cells;
}

Cells same(const std::string& text, int count = 10) {
    return of(count, [&](int) { return text; });
}
Cells codes(std::string_view prefix = "91") {
    return of(10, [&](int n) { return code_of(n, prefix); });
}
Cells days(const std::string& month) {
    return of(10, [&](int n) { return "2026." + month + "." + std::to_string(n); });
}
Cells names() {
    return of(10, firm_name);
}
Cells numbers() {
    return of(10, [](int n) { return "鲁市监罚〔2026〕" + std::to_string(n) + "号"; });
}
Cells persons() {
    return of(10, [](int n) { return quality::test::person_number("19800101", n); });
}
Cells amounts(int each) {
    return of(10, [&](int n) { return std::to_string(each * n); });
}

std::string code_at(const rulebook::Item& item, const ColumnGuess& guess) {
    return guess.field < 0 ? "" : item.fields[static_cast<std::size_t>(guess.field)].code;
}

std::vector<ColumnGuess> guesses(std::string_view item, const std::vector<SampledColumn>& columns) {
    return suggest_mapping(*rules(), *rules()->item(item), columns);
}

}  // namespace

TEST_CASE("suggest: one column by its header and its cells") {
    const struct {
        const char* item;
        SampledColumn column;
        const char* field;  // empty: left to the clerk
    } table[] = {
        // The header itself is known: no guess.
        {"penalty", {"*行政处罚决定书文号", {}}, "CF_WSH"},
        {"penalty", {"CF_JDRQ", {}}, "CF_JDRQ"},
        {"penalty", {"案由", {}}, "CF_WFXW"},
        // Codes tell themselves, whatever the header says.
        {"penalty", {"代码（18位）", codes()}, "CF_XDR_SHXYM"},
        {"registration", {"第三列", codes()}, "USCC"},
        {"penalty",
         {"执法单位代码", same(code_of(1, "11"))},
         ""},  // of which organ? two fields are as likely
        {"penalty", {"处罚单位统一代码", same(code_of(1, "11"))}, ""},
        {"penalty", {"处罚机关的代码", same(code_of(1, "11"))}, "CF_CFJGDM"},
        {"penalty", {"机构码", of(10, [](int n) { return code_of(n).substr(8, 9); })}, "CF_XDR_ZZJG"},
        // Days go by the words of the header.
        {"penalty", {"作出决定的日期", days("5")}, "CF_JDRQ"},
        {"penalty", {"决定时间", days("5")}, "CF_JDRQ"},
        {"penalty", {"公示到期时间", days("5")}, "CF_GSJZQ"},
        {"penalty", {"日期", days("5")}, ""},
        {"permit", {"许可生效日期", same("说明文字")}, ""},
        {"permit", {"批准时间", days("6")}, "XK_JDRQ"},
        // Closed lists.
        {"penalty", {"主体性质", of(10, [](int n) { return n % 2 ? "个体户" : "企业法人"; })}, "CF_XDR_LB"},
        {"penalty", {"处理方式", of(10, [](int n) { return n % 2 ? "罚款;警告" : "警告"; })}, "CF_CFLB"},
        {"registration", {"目前情况", of(10, [](int n) { return n % 2 ? "在业" : "注销"; })}, "STATE"},
        {"penalty", {"等级", of(10, [](int n) { return std::to_string(n % 3); })}, ""},
        // Names, numbers of documents, amounts.
        {"penalty", {"当事单位", names()}, "CF_XDR_MC"},
        {"penalty", {"企业名", names()}, "CF_XDR_MC"},
        {"registration", {"name", names()}, "ENT_NAME"},
        {"registration", {"name", same(firm_name(1))}, ""},  // one firm in every row is not the party
        {"penalty", {"处罚决定文号", numbers()}, "CF_WSH"},
        {"penalty", {"罚款数", amounts(5000)}, "CF_NR_FK"},
        {"penalty", {"实施处罚的机关", same(kUnitName)}, "CF_CFJG"},
        // Texts go by the header alone.
        {"penalty", {"违法事实描述", same("未取得许可从事经营活动")}, "CF_SY"},
        {"penalty", {"处罚的依据", same("《办法》第十三条")}, "CF_YJ"},
        {"penalty", {"备注信息", {}}, "BZ"},
        {"penalty", {"序号", of(10, [](int n) { return std::to_string(n); })}, ""},
        {"penalty", {"联系电话", same("13800000000")}, ""},
        {"penalty", {"", codes()}, ""},
        // Persons: never guessed, by header or by cells.
        {"penalty", {"负责人身份号码", persons()}, ""},
        {"penalty", {"当事人证号", persons()}, ""},
        {"penalty", {"代码", persons()}, ""},
        {"penalty", {"法定代表人的证件号", {}}, ""},
        // Cells that contradict the header win.
        {"penalty", {"决定日", same("见附件")}, ""},
        {"penalty", {"社会信用号", same("见附件")}, ""},
    };
    for (const auto& row : table) {
        CAPTURE(row.item);
        CAPTURE(row.column.header);
        const ColumnGuess guess = guesses(row.item, {row.column}).front();
        CAPTURE(guess.confidence);
        CAPTURE(guess.reason_zh);
        CHECK(code_at(*rules()->item(row.item), guess) == row.field);
        CHECK((guess.field >= 0) == (guess.confidence >= kSureEnough));
        if (!row.column.header.empty()) CHECK_FALSE(guess.reason_zh.empty());
    }
}

TEST_CASE("suggest: a whole file of a department, each column once") {
    const rulebook::Item& item = *rules()->item("penalty");
    const std::vector<SampledColumn> columns = {
        {"编号", of(10, [](int n) { return std::to_string(n); })},
        {"企业名", names()},
        {"主体代码", codes()},
        {"企业法人", same("张三")},
        {"处罚文书编号", numbers()},
        {"违法行为的类型", same("无证经营")},
        {"查明的违法事实", same("未取得许可从事经营活动")},
        {"处罚所依据的法律", same("《办法》第十三条")},
        {"处罚方式", same("罚款")},
        {"处罚内容", same("罚款人民币伍仟元整")},
        {"罚款数额（元）", amounts(5000)},
        {"决定时间", days("5")},
        {"处罚有效期截止", same("2099-12-31")},
        {"作出处罚的机关", same(kUnitName)},
        {"身份证", persons()},
    };
    const auto all = guesses("penalty", columns);
    std::set<int> fields;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].field < 0) continue;
        CAPTURE(columns[i].header);
        CHECK(fields.insert(all[i].field).second);
    }
    const auto at = [&](std::size_t i) { return code_at(item, all[i]); };
    CHECK(at(0).empty());
    CHECK(at(1) == "CF_XDR_MC");
    CHECK(at(2) == "CF_XDR_SHXYM");
    CHECK(at(4) == "CF_WSH");
    CHECK(at(5) == "CF_WFXW");
    CHECK(at(6) == "CF_SY");
    CHECK(at(8) == "CF_CFLB");
    CHECK(at(9) == "CF_NR");
    CHECK(at(10) == "CF_NR_FK");
    CHECK(all[10].money_in_yuan);
    CHECK(at(11) == "CF_JDRQ");
    CHECK(at(12) == "CF_YXQ");
    CHECK(at(13) == "CF_CFJG");
    CHECK(at(14).empty());
    CHECK(all[14].personal);
}

TEST_CASE("suggest: two columns for one field are left to the clerk, a set takes both") {
    const auto two = guesses("penalty", {{"代码一", codes()}, {"代码二", codes()}});
    CHECK(two[0].field == -1);
    CHECK(two[1].field == -1);
    CHECK(two[0].reason_zh.find("代码二") != std::string::npos);
    CHECK(two[1].reason_zh.find("代码一") != std::string::npos);
    const auto both = guesses("registration", {{"name", names()}, {"supplier", names()}});
    CHECK(both[0].field == -1);
    CHECK(both[1].field == -1);
    const auto kinds = guesses("penalty", {{"处罚类别", same("警告")}, {"另一种处罚", same("罚款")}});
    CHECK(kinds[0].field == kinds[1].field);
    const auto twice = guesses("penalty", {{"当事人", names()}, {"企业名称", names()}});
    CHECK(twice[0].known);
    CHECK(twice[1].field == -1);
    CHECK_FALSE(twice[1].known);
}

TEST_CASE("suggest: the unit of amounts: by the header, else by their size") {
    CHECK(guesses("penalty", {{"罚款数（元）", amounts(1)}})[0].money_in_yuan);
    CHECK(guesses("penalty", {{"罚款数", amounts(5000)}})[0].money_in_yuan);
    CHECK(guesses("penalty", {{"罚款数", amounts(5000)}})[0].reason_zh.find("元") != std::string::npos);
    CHECK_FALSE(guesses("penalty", {{"罚款数（万元）", amounts(5000)}})[0].money_in_yuan);
    CHECK_FALSE(guesses("penalty", {{"罚款数", Cells{"0.5", "1.2", "3"}}})[0].money_in_yuan);
    CHECK_FALSE(
        guesses("penalty", {{"罚款金额", amounts(5000)}})[0].money_in_yuan);  // known: as it always was
}

TEST_CASE("suggest: nothing, blank cells, placeholders, what is no text") {
    CHECK(guesses("penalty", {}).empty());
    const auto odd =
        guesses("penalty", {{"某列", Cells{"", "无", "-"}}, {"\xFF\xFE", Cells{"\xC3\x28"}}, {"", {}}});
    for (const ColumnGuess& guess : odd) CHECK(guess.field == -1);
}

TEST_CASE("names of columns: one word for one thing, brackets left out, alike by what they share") {
    CHECK(comparable_name("处罚决定时间") == comparable_name("处罚决定日期"));
    CHECK(comparable_name("*罚款 金额（万元）") == comparable_name("罚款数额"));
    const auto alike = [](std::string_view a, std::string_view b) {
        return likeness(comparable_name(a), comparable_name(b));
    };
    CHECK(alike("甲乙", "甲乙") == 1);
    CHECK(alike("甲乙", "丙丁") == 0);
    CHECK(alike("", "丙丁") == 0);
    CHECK(alike("决定日期", "处罚决定日期") > alike("决定日期", "公示截止期"));
    CHECK(alike("处罚依据", "处罚的依据") > 0.7);
}
