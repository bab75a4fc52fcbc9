// What the checks find and what they leave alone; each rule of rules/content/words.yaml by its id.
#include "content/testing/newsroom.h"

using namespace mingxin;
using namespace mingxin::content;
using namespace mingxin::content::test;

namespace {

const Date kToday = day("2026-11-20");

std::string found(const Text& text) {
    std::string all;
    for (const Finding& finding : check_words(*rules(), text, kToday)) {
        all += (all.empty() ? "" : " ") + finding.rule + (finding.reject ? "!" : "");
    }
    return all;
}

std::string found_in(const std::string& body) {
    Text with = test::text();
    with.body = body;
    return found(with);
}

}  // namespace

TEST_CASE("check: each rule finds its words, also spaced out or in full width, and not within others") {
    const struct {
        const char* body;
        const char* rules;
    } table[] = {
        {"按内部资料整理", "W01!"},
        {"内 部 资 料", "W01!"},
        {"机密★一年", "W01!"},
        {"本公司代办信用修复", "W02!"},
        {"征信修复一次成功", "W02!"},
        {"警惕征信修复骗局", ""},
        {"国家级示范，全国第一", "W03 W03"},
        {"国家级非物质文化遗产", ""},
        {"曝光一批老赖", "W04"},
        {"列入黑名单", "W04"},
        {"给村民打个人信用分", "W05"},
        {"抓获犯罪分子", "W06"},
        {"内地与台湾", "W07!"},
        {"大陆与台湾，内地与香港", ""},
        {"残废人", "W08"},
        {"编号410423199003071000", ""},          // check digit wrong
        {"身份证号410423199003071000", "P01!"},  // but said to be one
        {"身份证号410423199003071001", "P01!"},
        {"身份证号４１０４２３１９９００３０７１００１", "P01!"},
        {"电话13812345678", "P02"},
        {"卡号6222021234567890128", "P03!"},
        {"家住琴台街道人民路12号", "P04"},
        {"住翠竹小区3号楼2单元501室", "P05"},
        {"办公地址：人民路12号行政服务中心3楼", ""},
        {"宅电0375-5051234", "P06"},
        {"投诉电话0375-5051234", ""},
        {"账号41001534510050001234", "P07!"},
        {"帮助未成年人王某", "P08!"},
        {"年仅15岁", "P09!"},
        {"李某，2012年5月6日出生", "P10!"},
        {"李某就读于某小学", "P14!"},
        {"王某患有高血压", "P11!"},
        {"其妻怀孕", "P12!"},
        {"公开张某的病历", "P13!"},
        {"学习《中华人民共和国未成年人保护法》和传染病防治法", ""},
        {"统一社会信用代码91410423MAX0001705", ""},
    };
    for (const auto& row : table) {
        CAPTURE(std::string(row.body));
        CHECK(found_in(row.body) == row.rules);
    }
}

TEST_CASE("check: findings tell where, mask personal data, and are told five times at most") {
    Text with = test::text();
    with.title = "老赖";
    with.body = "第一行\n第二行，联系人13812345678，欢迎";
    const auto findings = check_words(*rules(), with, kToday);
    REQUIRE(findings.size() == 2);
    CHECK(findings[0].place == "title");
    CHECK(findings[1].place == "body");
    CHECK(findings[1].line == 2);
    CHECK(findings[1].excerpt.find("138****") != std::string::npos);
    CHECK(findings[1].excerpt.find("13812345678") == std::string::npos);
    CHECK_FALSE(findings[1].basis.empty());
    std::string many;
    for (int i = 0; i < 1000; ++i) many += "老赖 13812345678 ";
    with.title = "标题";
    with.body = many;
    CHECK(check_words(*rules(), with, kToday).size() == 2 * kFindingsPerWord);
    with.body = std::string(50'000, '1');
    CHECK(check_words(*rules(), with, kToday).empty());
}

TEST_CASE("check: who is praised is checked against its own public record") {
    in_newsroom([](Newsroom& room) {
        record::test::Registry registry(room.database());
        record::Entry penalty = record::test::entry_of("penalty", record::test::valid_code(1),
                                                       {{"CF_WSH", "鲁市监罚〔2026〕1号"}},
                                                       {.key = 9, .start = day("2026-09-01"), .severity = 2});
        registry.take({penalty}, kNow);
        Text with = test::text();
        with.subject_code = record::test::valid_code(1);
        auto tx = must(room.database().read());
        const auto findings = must(check_text(tx, room.desk, with, kToday));
        REQUIRE(findings.size() == 1);
        CHECK(findings[0].rule == "S01");
        CHECK_FALSE(findings[0].reject);
        with.subject_code = record::test::valid_code(2);
        CHECK(must(check_text(tx, room.desk, with, kToday)).empty());
    });
}

TEST_CASE(
    "check: who is praised is looked at again when a penalty comes after the release, until it is released "
    "anew") {
    in_newsroom([](Newsroom& room) {
        record::test::Registry registry(room.database());
        const auto penalty = [](std::int64_t key, const char* number) {
            return record::test::entry_of("penalty", record::test::valid_code(1), {{"CF_WSH", number}},
                                          {.key = key, .start = day("2026-09-01"), .severity = 2});
        };
        const auto waiting = [&](std::int64_t hours) {
            auto tx = must(room.database().read());
            return must(rechecks(tx, room.desk, later_h(hours)));
        };
        registry.take({penalty(9, "鲁市监罚〔2026〕1号")}, kNow);
        Text with = test::text("诚信示范企业");
        with.subject_code = record::test::valid_code(1);
        Done done = must(room.save("wang", with, 0, 0, later_h(1)));
        done = must(room.submit("wang", done, later_h(1)));
        must(room.pass("li", done, "已核对", later_h(1)));
        must(room.release("zhao", done, "已核对", later_h(1)));
        CHECK(waiting(2).empty());  // the reviewers knew of it
        registry.take({penalty(10, "鲁市监罚〔2026〕2号"), penalty(11, "鲁市监罚〔2026〕3号")}, later_h(3));
        const auto found = waiting(4);
        REQUIRE(found.size() == 1);
        CHECK(found[0].article == done.id);
        CHECK(found[0].subject_code == with.subject_code);
        CHECK(found[0].fresh == 2);
        CHECK(waiting(24 * 800).empty());  // not shown any more: the penalties have run out
        with.body += "\n\n核对后仍然合适。";
        with.change_note = "补充核对情况";
        done = must(room.save("wang", with, done.id, 0, later_h(5)));
        done = must(room.submit("wang", done, later_h(5)));
        must(room.pass("li", done, "已核对", later_h(5)));
        must(room.release("zhao", done, "已核对", later_h(5)));
        CHECK(waiting(6).empty());
        // Released for later: what comes before it is shown was not known to the reviewers either.
        with.release_at = later_h(20);
        with.change_note = "定时更正";
        done = must(room.save("wang", with, done.id, 0, later_h(7)));
        done = must(room.submit("wang", done, later_h(7)));
        must(room.pass("li", done, "已核对", later_h(7)));
        must(room.release("zhao", done, "已核对", later_h(7)));
        registry.take({penalty(12, "鲁市监罚〔2026〕4号")}, later_h(9));
        const auto again = waiting(21);
        REQUIRE(again.size() == 1);
        CHECK(again[0].fresh == 1);
    });
}
