// Near names: who is proposed first, and why; on both engines. On real pairs: bench/match_bench.cpp and
// tests/real_data_test.py.
#include <doctest/doctest.h>

#include "store/test_engines.h"
#include "subject/subject.h"

using namespace mingxin;
using namespace mingxin::subject;

namespace {

constexpr std::int64_t kTenant = 1;

template <class T>
T must(Result<T> result) {
    if (!result.ok()) FAIL(result.error().message_zh() << " " << result.error().log_text);
    return std::move(*result);
}

std::string code_of(std::size_t n) {
    return "9141042300000000" + std::string(n < 10 ? "0" : "") + std::to_string(n);
}

struct Known {
    std::string name, former;
};

void in_library(const std::vector<Known>& known, const std::function<void(store::ReadTx&)>& scenario) {
    store::for_each_engine([&](store::Database& database, const std::string&) {
        REQUIRE(database.create(tables()).ok());
        {
            auto tx = must(database.write());
            auto writer = must(Writer::begin(tx, kTenant, 1));
            for (std::size_t i = 0; i < known.size(); ++i) {
                const std::string code = code_of(i);
                Change change{code, known[i].name, true, true, {}, "存续", {}, known[i].former, {}};
                REQUIRE(writer.apply(change, static_cast<std::int64_t>(i) + 1).ok());
            }
            REQUIRE(writer.finish().ok());
            REQUIRE(tx.commit().ok());
        }
        auto tx = must(database.read());
        scenario(tx);
    });
}

std::string first(store::ReadTx& tx, std::string_view name) {
    const auto found = must(suggest(tx, kTenant, name, 5));
    return found.empty() ? "" : found.front().subject.name + "|" + found.front().reason_zh;
}

}  // namespace

TEST_CASE("a slip, a part left out or put in, another legal form: the firm comes first, with the reason") {
    const std::vector<Known> known = {{"鲁山县泓盛煤炭洗选有限公司", ""}, {"鲁山县鸿运煤炭洗选有限公司", ""},
                                      {"叶县泓盛煤炭运输有限公司", ""},   {"鲁山县恒丰银行梁洼支行", ""},
                                      {"鲁山县恒丰银行股份有限公司", ""}, {"鲁山县成德管业股份有限公司", ""}};
    in_library(known, [](store::ReadTx& tx) {
        const auto is = [&](std::string_view asked, const std::string& expected) {
            CAPTURE(std::string(asked));
            CHECK(first(tx, asked) == expected);
        };
        is("鲁山县泓盛煤炭洗选有限公司", "鲁山县泓盛煤炭洗选有限公司|与登记名称相同");
        is("鲁山县 泓盛煤炭洗选有限公司。", "鲁山县泓盛煤炭洗选有限公司|与登记名称相同");
        is("鲁山县鸿盛煤炭洗选有限公司", "鲁山县泓盛煤炭洗选有限公司|名称相差1字：鸿→泓（同音）");
        is("鲁山泓盛煤炭洗选有限公司", "鲁山县泓盛煤炭洗选有限公司|名称相差1字：少“县”");
        is("鲁山县泓盛盛煤炭洗选有限公司", "鲁山县泓盛煤炭洗选有限公司|名称相差1字：多“盛”");
        is("鲁山成德管业有限公司", "鲁山县成德管业股份有限公司|名称相差3字：少“县”，少“股份”");
        is("魯山縣泓盛煤炭洗選有限公司", "鲁山县泓盛煤炭洗选有限公司|与登记名称只有繁体与简体之别");
        is("鲁山县恒丰银行股份有限公司梁洼支行", "鲁山县恒丰银行梁洼支行|名称相差6字：多“股份有限公司”");
        is("云南昭通货运", "");
        is("有限公司", "");
        is("", "");
    });
}

TEST_CASE("former names are asked too, exactly and by those who share something with the present name") {
    in_library({{"鲁山县众瑞新材料有限公司", "鲁山县奥克化工厂;鲁山县众瑞化工有限公司"},
                {"鲁山县众端化工有限公司", ""},
                {"鲁山县饲料厂（第二名称：鲁山县粮油商店）", ""}},
               [](store::ReadTx& tx) {
                   CHECK(first(tx, "鲁山县奥克化工厂") == "鲁山县众瑞新材料有限公司|与曾用名相同");
                   const auto near = must(suggest(tx, kTenant, "鲁山众瑞化工有限公司", 5));
                   REQUIRE(near.size() >= 2);
                   CHECK(near[0].subject.code == code_of(0));
                   CHECK(near[0].former);
                   CHECK(near[0].name == "鲁山县众瑞化工有限公司");
                   CHECK(near[0].reason_zh == "与曾用名“鲁山县众瑞化工有限公司”相差1字：少“县”");
                   CHECK(near[0].likeness > near[1].likeness);
                   CHECK(near[0].likeness < 1);
                   CHECK(near[1].subject.code == code_of(1));
                   REQUIRE(near[1].differences.size() == 2);
                   CHECK(near[1].differences[0].known == "县");
                   CHECK(near[1].differences[1].asked == "瑞");
                   CHECK(near[1].differences[1].known == "端");
                   CHECK(first(tx, "鲁山县粮油商店") ==
                         "鲁山县饲料厂（第二名称：鲁山县粮油商店）|与登记名称中的一个名称相同");
               });
}

TEST_CASE("a branch is not its head office: the branch comes first, the head office is only shown") {
    const std::string head = "鲁山县宏达建筑有限公司", branch = head + "梁洼分公司";
    in_library({{head, ""}, {branch, ""}}, [&](store::ReadTx& tx) {
        CHECK(first(tx, "鲁山县宏达建筑有限公司梁凹分公司") == branch + "|名称相差1字：凹→洼");
        const auto near = must(suggest(tx, kTenant, branch, 5));
        REQUIRE(near.size() == 2);
        CHECK(near[0].likeness == 1);
        CHECK(near[1].subject.name == head);
        CHECK(near[1].likeness < 0.9);
        CHECK(near[1].reason_zh == "只与总公司的登记名称相符，分支机构是另一个主体");
        CHECK(must(suggest(tx, kTenant, head, 5))[1].reason_zh ==
              "它的登记名称像是其分支机构，分支机构是另一个主体");
    });
    in_library({{head, ""}}, [&](store::ReadTx& tx) {
        CHECK(first(tx, branch) == head + "|只与总公司的登记名称相符，分支机构是另一个主体");
    });
}

TEST_CASE("compare_names says how far any subject is; limits and namesakes hold") {
    in_library({{"鲁山县甲乙商店", ""}, {"鲁山县甲乙商店", ""}, {"平顶山市远方物流有限公司", ""}},
               [](store::ReadTx& tx) {
                   const auto both = must(suggest(tx, kTenant, "鲁山县甲乙商店", 5));
                   REQUIRE(both.size() == 2);
                   CHECK(both[0].subject.code == code_of(0));
                   CHECK(both[1].likeness == 1);
                   CHECK(must(suggest(tx, kTenant, "鲁山县甲乙商店", 1)).size() == 1);
                   const auto far = must(find_by_code(tx, kTenant, code_of(2)));
                   REQUIRE(far);
                   const auto told = must(compare_names(tx, kTenant, "鲁山县甲乙商店", *far));
                   CHECK(told.likeness < 0.25);
                   CHECK(told.reason_zh == "与登记名称“平顶山市远方物流有限公司”相差较大");
               });
}
