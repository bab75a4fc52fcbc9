#include "subject/personal_text.h"

#include <doctest/doctest.h>

using namespace mingxin;
using namespace mingxin::subject;

namespace {

const rulebook::Rulebook& rules() {
    static const auto loaded = rulebook::Rulebook::load("rules");
    REQUIRE(loaded.ok());
    return **loaded;
}

const Date kToday = *parse_date("2026-11-20");

std::string found(std::string_view text, Date today = kToday) {
    std::string all;
    for (const PersonalSpan& span : find_personal(text, rules(), today)) {
        all += (all.empty() ? "" : ", ") + std::string(personal_kind_name(span.kind)) + " " +
               std::string(text.substr(span.begin, span.end - span.begin));
    }
    return all;
}

}  // namespace

TEST_CASE("personal data is found as people write it") {
    const struct {
        const char* text;
        const char* found;
    } table[] = {
        {"身份证410423199003071001。", "resident_id 410423199003071001"},
        {"ID41042319900307101X", "resident_id 41042319900307101X"},
        {"41042319900307101x", "resident_id 41042319900307101x"},
        {"410423 19900307 1001", "resident_id 410423 19900307 1001"},
        {"手机：13812345678，", "mobile 13812345678"},
        {"138 1234 5678", "mobile 138 1234 5678"},
        {"138-1234-5678", "mobile 138-1234-5678"},
        {"138 12345678", "mobile 138 12345678"},
        {"1381234 5678", "mobile 1381234 5678"},
        {"+8613812345678", "mobile 8613812345678"},
        {"0086 13812345678", "mobile 13812345678"},
        {"TEL13812345678", "mobile 13812345678"},
        {"１３８１２３４５６７８", "mobile １３８１２３４５６７８"},
        {"13812345678 13987654321", "mobile 13812345678, mobile 13987654321"},
        {"号码13812345678号码", "mobile 13812345678"},
        {"卡号6222021234567890128", "bank_card 6222021234567890128"},
        {"6222 0212 3456 7894", "bank_card 6222 0212 3456 7894"},
        {"家住琴台街道人民路12号，", "home_address 家住琴台街道人民路12号"},
        {"住在翠竹小区3号楼2单元501室。", "home_address 翠竹小区3号楼2单元501室"},
        {"张庄村5组12号", "home_address 张庄村5组12号"},
        {"某某家属院二号楼", "home_address 某某家属院二号楼"},
    };
    for (const auto& row : table) {
        CAPTURE(std::string(row.text));
        CHECK(found(row.text) == row.found);
    }
}

TEST_CASE("what only looks like personal data is left alone") {
    for (const char* text : {
             "91410423MAX0001705",                // unified social credit code
             "许可证JY14104230012345",            // licence
             "编号SC13812345678",                 // licence of eleven digits
             "第13812345678号",                   // number of a document
             "金额13812345678元",                 // amount
             "13812345678.00",                    // amount
             "410423199003071000",                // check digit wrong
             "注册号410423000000017",             // registration number
             "举报电话0375-5051234",              // fixed line of an office
             "12345热线",                         // service line
             "2026年11月20日至2026年12月20日",    // dates
             "办公地址：人民路12号政务中心3楼",   // an office
             "豫信用办〔2026〕12号",              // a document
             "项目代码2601-410423-04-01-123456",  // project code
             "6222021234567890127",               // Luhn wrong
             "居住在农村的老人",                  // no address
         }) {
        CAPTURE(std::string(text));
        CHECK(found(text).empty());
    }
}

TEST_CASE("what is repeated of personal data is masked; long texts end quickly") {
    const struct {
        const char* span;
        PersonalKind kind;
        const char* masked;
    } table[] = {
        {"13812345678", PersonalKind::mobile, "138****5678"},
        {"8613812345678", PersonalKind::mobile, "86138****5678"},
        {"138-1234-5678", PersonalKind::mobile, "138-****-5678"},
        {"410423199003071001", PersonalKind::resident_id, "410423************"},
        {"410423 19900307 100X", PersonalKind::resident_id, "410423 ******** ****"},
        {"0375-5051234", PersonalKind::landline, "0375-*******"},
        {"010）62345678", PersonalKind::landline, "010）********"},
        {"5051234", PersonalKind::landline, "*******"},
        {"6222021234567890128", PersonalKind::bank_card, "622202*************"},
        {"1707 0234", PersonalKind::bank_account, "1707 ****"},
        {"家住琴台街道人民路12号", PersonalKind::home_address, "家住琴台街道****"},
        {"翠竹小区3号楼", PersonalKind::home_address, "****"},
        {"张庄村5组12号", PersonalKind::home_address, "张庄村****"},
        {"14岁", PersonalKind::minor, "**岁"},
        {"十四周岁", PersonalKind::minor, "**周岁"},
        {"2012年5月6日", PersonalKind::minor, "****年*月*日"},
        {"张某某", PersonalKind::minor, "***"},
        {"患有艾滋病", PersonalKind::health, "***"},
        {"", PersonalKind::mobile, ""},
    };
    for (const auto& row : table) {
        CAPTURE(std::string(row.span));
        CHECK(masked_personal(row.span, row.kind) == row.masked);
    }
    std::string many, names;
    for (int i = 0; i < 10'000; ++i) {
        many += "13812345678 ";
        names += "王某患病15岁住村账号";
    }
    CHECK(find_personal(std::string(100'000, '1'), rules(), kToday).empty());
    CHECK(find_personal(many, rules(), kToday, 50).size() == 50);
    CHECK(find_personal_numbers(many, 50).size() == 50);
    CHECK(find_personal(names, rules(), kToday, 50).size() <= 50);
}

TEST_CASE("each rule on personal data finds what it is for, by its id") {
    const struct {
        const char* text;
        const char* rule;
    } table[] = {
        {"身份证号410423199003071000", "P01"},  // mistyped, but said to be one
        {"手机13812345678", "P02"},
        {"卡号6222021234567890128", "P03"},
        {"家住琴台街道人民路12号", "P04"},
        {"翠竹小区3号楼2单元501室", "P05"},
        {"电话0375-5051234", "P06"},
        {"账号41001534510050001234", "P07"},
        {"向未成年人张某出售", "P08"},
        {"年仅15岁", "P09"},
        {"2012年5月6日出生", "P10"},
        {"李某就读于某小学", "P14"},
        {"当事人患有高血压", "P11"},
        {"其妻怀孕", "P12"},
        {"李某的病历", "P13"},
    };
    for (const auto& row : table) {
        CAPTURE(std::string(row.text));
        const auto spans = find_personal(row.text, rules(), kToday);
        REQUIRE(spans.size() == 1);
        REQUIRE(spans[0].rule != nullptr);
        CHECK(spans[0].rule->id == row.rule);
    }
}

TEST_CASE("who is under age is so on a day; rules count from the day they are in force") {
    CHECK(found("李某，2010年11月20日出生", *parse_date("2028-11-19")) == "minor 2010年11月20日");
    CHECK(found("李某，2010年11月20日出生", *parse_date("2028-11-20")).empty());
    CHECK(found("李某17岁") == "minor 17岁");
    CHECK(found("李某18岁").empty());
    CHECK(found("李某患有癌症", *parse_date("2021-10-31")).empty());  // before the law of 2021-11-01
    CHECK(found("手机13812345678", *parse_date("2021-10-31")) == "mobile 13812345678");
}
