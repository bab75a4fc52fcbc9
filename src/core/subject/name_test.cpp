#include "subject/name.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/text.h"

using namespace mingxin;
using namespace mingxin::subject;

namespace {

using Names = std::vector<std::string>;

bool same(std::string_view a, std::string_view b) {
    return normalise_name(a) == normalise_name(b);
}

}  // namespace

TEST_CASE("the same name written otherwise") {
    CHECK(normalise_name("鲁山县某某有限公司") == "鲁山县某某有限公司");
    CHECK(same("泗水县博宇机床附件厂（普通合伙）", "泗水县博宇机床附件厂(普通合伙)"));
    CHECK(same("三江县寓然养殖场(微型企业）", "三江县寓然养殖场【微型企业】"));
    CHECK(same("英文企业( 福州 )有限公司", "英文企业（福州）有限公司"));
    CHECK(same("　江阴市南闸新庄纺织配件厂　", "江阴市南闸新庄纺织配件厂"));
    CHECK(same("日本ＮＥＣ东金株式会社", "日本nec东金株式会社"));
    CHECK(same("sew-传动设备", "SEW－传动设备"));
    CHECK(same("道威尔.史龙柏格(中国)有限公司", "道威尔·史龙柏格（中国）有限公司"));
    CHECK(same("青岛服装辅料厂.", "青岛服装辅料厂。"));
    std::string stops = "青岛服装辅料厂";  // narrow and wide ones by turns, more than passes are made
    for (int i = 0; i < 20; ++i) stops += ";。";
    CHECK(same(stops, "青岛服装辅料厂"));
    CHECK(same("开封“开封府”旅游", "开封\"开封府\"旅游"));
    CHECK(same("国营第五四０九厂", "国营第五四〇九厂"));
    CHECK(same("广州市何\xEE\x80\x81经济发展公司", "广州市何经济发展公司"));
    CHECK(same("e\xCC\x81", "É"));
    CHECK(same("\xE2\xBC\xA4连", "大连"));  // a Kangxi radical, as copied from PDF files
    CHECK(same("\xEF\xA4\x80", "豈"));
    CHECK(same("鲁山\xE2\x80\x8B县", "鲁山县"));
    CHECK(same("", " 　"));
}

TEST_CASE("other names stay other names") {
    CHECK_FALSE(same("南阳申昌商贸有限公司", "南阳汇昌商贸有限公司"));
    CHECK_FALSE(same("某某有限公司", "某某有限责任公司"));
    CHECK_FALSE(same("德州知民通风设备有限公司", "德州市知民通风设备有限公司"));
    CHECK_FALSE(same("第1分公司", "第11分公司"));
}

TEST_CASE("a field with several names, the registered one first") {
    CHECK(names_in("第一名称:甲公司 第二名称:乙公司") == Names{"甲公司", "乙公司"});
    CHECK(names_in("第一名称:甲公司第二名称:乙公司") == Names{"甲公司", "乙公司"});
    CHECK(names_in("第一名称甲公司第二名称乙公司") == Names{"甲公司", "乙公司"});
    CHECK(names_in("甲公司(第二名称:乙公司)") == Names{"甲公司", "乙公司"});
    CHECK(names_in("甲公司（第二名称：乙（集团）公司）") == Names{"甲公司", "乙（集团）公司"});
    CHECK(names_in("甲公司 第二名称: 乙公司") == Names{"甲公司", "乙公司"});
    CHECK(names_in("甲公司第二名称乙公司") == Names{"甲公司", "乙公司"});
    CHECK(names_in("甲公司;第二名称:乙公司") == Names{"甲公司", "乙公司"});
    CHECK(names_in("甲公司 (原名:乙公司)") == Names{"甲公司", "乙公司"});
    CHECK(names_in("甲公司（原名：乙公司）") == Names{"甲公司", "乙公司"});
    CHECK(names_in("甲公司 (原名乙公司)") == Names{"甲公司", "乙公司"});
    CHECK(names_in("甲公司（曾用名：乙贸易公司、丙贸易公司）") ==
          Names{"甲公司", "乙贸易公司", "丙贸易公司"});
    CHECK(names_in("甲公司曾用名乙公司") == Names{"甲公司", "乙公司"});
    CHECK(names_in("甲银行支行(简称甲行") == Names{"甲银行支行", "甲行"});
    CHECK(names_in("甲支行简称:乙支行") == Names{"甲支行", "乙支行"});
    CHECK(names_in("甲厂（第一名称）乙厂") == Names{"甲厂", "乙厂"});
    CHECK(names_in("甲厂 乙厂(第二名称)") == Names{"甲厂", "乙厂"});
    CHECK(names_in("甲厂(第一名称) 乙厂(第二名称)") == Names{"甲厂", "乙厂"});
    CHECK(names_in("甲厂(第一名称)乙厂(第二名称") == Names{"甲厂", "乙厂"});
    CHECK(names_in("甲公司(从属名称乙饭店)") == Names{"甲公司", "乙饭店"});
    CHECK(names_in("三门峡电力设计有限责任公司(原三门峡电力设计所)") ==
          Names{"三门峡电力设计有限责任公司", "三门峡电力设计所"});
    CHECK(names_in("甲集团（简称：甲）莱芜分公司") == Names{"甲集团莱芜分公司", "甲"});
    CHECK(names_in("1.甲采购批发站2.乙总公司") == Names{"甲采购批发站", "乙总公司"});
    CHECK(names_in("原名：乙公司 现名：甲公司") == Names{"甲公司", "乙公司"});
    CHECK(names_in("甲公司（曾用名：甲公司）") == Names{"甲公司"});
}

TEST_CASE("a plain name is one name") {
    for (const char* name : {"太原名汇建筑设计有限公司阳泉分公司", "太原名臣智者企业管理咨询有限公司",
                             "陵川县潞城供销合作社白 掌分销店", "天津市低压开关厂 天津市低压电器公司",
                             "佛山市南海毛纺织企业 (集团) 股份有限公司", "中原（河南）有限公司",
                             "某农场（原料基地）", "1号公馆餐饮店", "第一名称", "（曾用名）", "名", "原名"}) {
        CAPTURE(name);
        CHECK(names_in(name) == Names{name});
    }
    CHECK(names_in("　甲公司 ") == Names{"甲公司"});
    CHECK(names_in("") == Names{""});
    CHECK(names_in(std::string(5000, 'x') + "第二名称").size() == 1);
}

TEST_CASE("similarity orders candidates") {
    CHECK(name_similarity("甲公司（中国）", "甲公司(中国)") == 100);
    CHECK(name_similarity("德州知民通风设备有限公司", "德州市知民通风设备有限公司") == 92);
    CHECK(name_similarity("甲", "乙") == 0);
    CHECK(name_similarity("", "乙") == 0);
    CHECK(name_similarity("", "") == 100);
    std::string wordy;
    for (int i = 0; i < 300; ++i) wordy += "公";
    CHECK(name_similarity(wordy, wordy + "司") < 100);
    CHECK(name_similarity("青岛恒星汽车服务有限公司", "青岛恒星车管家有限公司") >
          name_similarity("青岛恒星汽车服务有限公司", "南阳汇昌商贸有限公司"));
}

TEST_CASE("property: normalising twice equals once; similarity is symmetric and within 0..100") {
    auto text = rc::gen::map(
        rc::gen::container<std::u32string>(rc::gen::oneOf(
            rc::gen::inRange<char32_t>(1, 0x500), rc::gen::inRange<char32_t>(0x2000, 0x3200),
            rc::gen::inRange<char32_t>(0x4E00, 0x4F00), rc::gen::inRange<char32_t>(0xF900, 0xFFFE),
            rc::gen::element<char32_t>(U'(', U'）', U'原', U'名', U'称', U'第', U'二', U':', 0x301, 0xE000))),
        [](const std::u32string& points) {
            std::string out;
            for (char32_t c : points) append_utf8(out, c);
            return out;
        });
    CHECK(rc::check([&] {
        std::string a = *text, b = *text;
        std::string once = normalise_name(a);
        RC_ASSERT(is_utf8(once));
        RC_ASSERT(normalise_name(once) == once);
        int similarity = name_similarity(a, b);
        RC_ASSERT(similarity == name_similarity(b, a));
        RC_ASSERT(similarity >= 0);
        RC_ASSERT(similarity <= 100);
        RC_ASSERT(!names_in(a).empty());
    }));
}

TEST_CASE("names met in registries") {
    const std::filesystem::path folder = "../shared/data";
    if (!std::filesystem::exists(folder / "entity-matching/pairs.csv")) {
        MESSAGE("SKIPPED: no ../shared/data");
        return;
    }
    std::string pairs_file = read_file(folder / "entity-matching/pairs.csv").value();
    std::map<std::string, std::set<std::string>, std::less<>> gold;  // by code
    int confused = 0, neighbours = 0;
    for (std::string_view line : split(pairs_file, '\n')) {
        auto field = split(line, ',');
        if (field.size() != 7) continue;
        if (field[3] == "embedded_second_or_former_name") {
            gold[std::string(field[4])] = {normalise_name(field[0]), normalise_name(field[1])};
        }
        if (field[3] == "near_name_same_city") {
            ++neighbours;
            confused += same(field[0], field[1]);
        }
    }
    CHECK(gold.size() > 90);
    CHECK(neighbours > 1000);
    CHECK(confused * 1000 <= neighbours);
    int right = 0, tested = 0;
    std::string names_file = read_file(folder / "enterprise-registry/dirty_names.csv").value();
    for (std::string_view line : split(names_file, '\n')) {
        auto field = split(line, ',');
        auto expected = field.size() == 3 ? gold.find(trim(field[2])) : gold.end();
        if (expected == gold.end()) continue;
        std::set<std::string> found;
        for (const std::string& name : names_in(field[0])) found.insert(normalise_name(name));
        right += found == expected->second;
        ++tested;
    }
    MESSAGE(right, " of ", tested, " fields with two names were split as the gold says");
    CHECK(tested > 80);
    CHECK(right * 100 >= tested * 97);
}
