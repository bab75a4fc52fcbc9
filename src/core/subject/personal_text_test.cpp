#include "subject/personal_text.h"

#include <doctest/doctest.h>

using namespace mingxin;
using namespace mingxin::subject;

namespace {

std::string found(std::string_view text) {
    std::string all;
    for (const PersonalSpan& span : find_personal(text)) {
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
             "电话0375-5051234",                  // fixed line
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
    CHECK(masked_personal("13812345678", PersonalKind::mobile) == "138****");
    CHECK(masked_personal("410423199003071001", PersonalKind::resident_id) == "410423****");
    CHECK(masked_personal("翠竹小区3号楼", PersonalKind::home_address) == "翠竹小****");
    CHECK(find_personal(std::string(100'000, '1')).empty());
    std::string many;
    for (int i = 0; i < 10'000; ++i) many += "13812345678 ";
    CHECK(find_personal(many, 50).size() == 50);
}
