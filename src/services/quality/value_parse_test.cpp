#include "quality/value_parse.h"

#include <doctest/doctest.h>
#include <zlib.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

using namespace mingxin;
using namespace mingxin::quality;

namespace {

// What a date reads as: "2019-05-01", "2099-12-31*" for long-term, "-" for absent, else the verdict's number.
std::string date(std::string_view text, bool number_cell = false, bool date_1904 = false) {
    ParsedDate out = parse_any_date(text, number_cell, date_1904);
    switch (out.verdict) {
        case DateVerdict::ok:
            return out.date.to_string() + (out.long_term ? "*" : "");
        case DateVerdict::absent:
            return "-";
        case DateVerdict::incomplete:
            return "incomplete";
        case DateVerdict::two_digit_year:
            return "two_digit_year";
        case DateVerdict::ambiguous:
            return "ambiguous";
        case DateVerdict::impossible:
            return "impossible";
        case DateVerdict::out_of_range:
            return "out_of_range";
        case DateVerdict::unreadable:
            return "unreadable";
    }
    return "?";
}

std::string name(ParsedMoney out) {
    switch (out.verdict) {
        case MoneyVerdict::ok:
            return std::to_string(out.fen);
        case MoneyVerdict::absent:
            return "-";
        case MoneyVerdict::negative:
            return "negative";
        case MoneyVerdict::too_precise:
            return "too_precise";
        case MoneyVerdict::too_large:
            return "too_large";
        case MoneyVerdict::foreign_currency:
            return "foreign";
        case MoneyVerdict::contradictory:
            return "differ:" + std::to_string(out.fen);
        case MoneyVerdict::unreadable:
            return "unreadable";
    }
    return "?";
}
std::string yuan(std::string_view text) {
    return name(parse_money(text, MoneyUnit::yuan));
}
std::string wan(std::string_view text) {
    return name(parse_money(text, MoneyUnit::wan_yuan));
}
std::string fine(std::string_view text) {
    return name(fine_in_text(text));
}

// A gzipped CSV of the shared test data, read whole; nullopt when the data is not there.
std::optional<std::vector<std::vector<std::string>>> shared_csv(const char* path) {
    if (!std::filesystem::exists(path)) return std::nullopt;
    gzFile file = gzopen(path, "rb");
    std::string text;
    char block[65536];
    for (int n; (n = gzread(file, block, sizeof block)) > 0;) text.append(block, static_cast<std::size_t>(n));
    gzclose(file);
    if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
    std::vector<std::vector<std::string>> rows(1, std::vector<std::string>(1));
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (quoted) {
            if (c != '"')
                rows.back().back() += c;
            else if (i + 1 < text.size() && text[i + 1] == '"')
                rows.back().back() += text[++i];
            else
                quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == ',') {
            rows.back().emplace_back();
        } else if (c == '\n') {
            rows.emplace_back(1);
        } else if (c != '\r') {
            rows.back().back() += c;
        }
    }
    return rows;
}

// 30055.599999999999 -> 30055.60
std::string two_decimals(const std::string& number) {
    char out[64];
    std::snprintf(out, sizeof out, "%.2f", std::strtod(number.c_str(), nullptr));
    return out;
}

std::size_t column(const std::vector<std::string>& header, std::string_view name) {
    for (std::size_t i = 0; i < header.size(); ++i) {
        if (header[i] == name) return i;
    }
    FAIL("no column " << name);
    return 0;
}

}  // namespace

TEST_CASE("dates in all forms met") {
    for (auto text : {"2019-05-01",
                      "2019/05/01",
                      "2019/5/1",
                      "2019.5.1",
                      "20190501",
                      "2019年5月1日",
                      "2019年05月01日",
                      "二〇一九年五月一日",
                      "二○一九年五月一日",
                      "２０１９年５月１日",
                      "2019 年 5 月 1 日",
                      " 2019-5-1 ",
                      "2019—5—1",
                      "2019年5月1号",
                      "2019-05-01 00:00:00",
                      "2019-5-1 0:00:00",
                      "2019/5/1 8:05",
                      "2019-05-01T08:30:00",
                      "2019-05-01T08:30:00.123Z",
                      "2019-04-30T16:00:00Z",
                      "2019-04-30T16:00:00.000+00:00",
                      "2019-05-01T00:00:00+08:00",
                      "20190501123000",
                      "43586",
                      "43586.75",
                      "2019年5月1日 星期三",
                      "2019-05-01 下午3:05:10",
                      "2019年5月1日10时30分",
                      "2019-05-01\t",
                      "\xC2\xA0"
                      "2019-05-01"}) {
        CAPTURE(text);
        CHECK(date(text) == "2019-05-01");
    }
    CHECK(date("二〇二一年十二月三十一日") == "2021-12-31");
    CHECK(date("二〇二〇年十月二十日") == "2020-10-20");
    CHECK(date("二〇二〇年十一月廿一日") == "2020-11-21");
    CHECK(date("2020年二月十日") == "2020-02-10");
    CHECK(date("2020-02-29") == "2020-02-29");
}

TEST_CASE("Excel serials") {
    CHECK(date("1", true) == "1900-01-01");
    CHECK(date("59", true) == "1900-02-28");
    CHECK(date("60", true) == "impossible");
    CHECK(date("61", true) == "1900-03-01");
    CHECK(date("42972", true) == "2017-08-25");
    CHECK(date("42972.5", true) == "2017-08-25");
    CHECK(date("41510", true, true) == "2017-08-25");
    CHECK(date("0", true) == "out_of_range");
    CHECK(date("2958466", true) == "out_of_range");
    CHECK(date("2958465", true) == "2099-12-31*");
    CHECK(date("2019", true) == "incomplete");
    CHECK(date("2019") == "incomplete");
    CHECK(date("201905", true) == "incomplete");
    CHECK(date("429720") == "unreadable");
    CHECK(date("20190501", true) == "2019-05-01");
}

TEST_CASE("dates that are for ever, absent or refused") {
    for (auto text : {"长期", "永久", "无固定期限", "2099-12-31", "2099/12/31", "9999-12-31", " 长期 ",
                      "2099年12月31日"}) {
        CAPTURE(text);
        CHECK(date(text) == "2099-12-31*");
    }
    for (auto text : {"", " ", "-", "--", "——", "/", "无", "null", "0000-00-00", "\xE3\x80\x80", "***"}) {
        CAPTURE(text);
        CHECK(date(text) == "-");
    }
    CHECK(date("01/02/2019") == "ambiguous");
    CHECK(date("1-2-2019") == "ambiguous");
    CHECK(date("19-5-1") == "two_digit_year");
    CHECK(date("19年5月1日") == "two_digit_year");
    CHECK(date("2019年5月") == "incomplete");
    CHECK(date("2019.5") == "incomplete");
    CHECK(date("2019年") == "incomplete");
    CHECK(date("2026-02-30") == "impossible");
    CHECK(date("2019-13-01") == "impossible");
    CHECK(date("2019年2月29日") == "impossible");
    CHECK(date("0201-05-01") == "out_of_range");
    for (auto text : {"2019-05-01至2020-04-30", "五月一日", "abc", "2019-05-01x", "2019/5/1/2", "2019--05-01",
                      "12345678901234567890", "2019-05-01 25:00", "20190501T", "--5", "/2019"}) {
        CAPTURE(text);
        CHECK(date(text) == "unreadable");
    }
    CHECK(reason_zh(DateVerdict::ok).empty());
    CHECK(!reason_zh(DateVerdict::ambiguous).empty());
}

TEST_CASE("amounts in digits") {
    CHECK(yuan("1000") == "100000");
    CHECK(yuan("1,000.50") == "100050");
    CHECK(yuan("1,234,567.8") == "123456780");
    CHECK(yuan("0") == "0");
    CHECK(yuan("￥5000.00") == "500000");
    CHECK(yuan("¥5，000.00元") == "500000");
    CHECK(yuan("３．５万元") == "3500000");
    CHECK(yuan("3.5万") == "3500000");
    CHECK(yuan("5万3千") == "5300000");
    CHECK(yuan("1亿2000万元") == "12000000000");
    CHECK(yuan("500(万元人民币)") == "500000000");
    CHECK(yuan("1,000(万)") == "1000000000");
    CHECK(yuan("50万元人民币") == "50000000");
    CHECK(yuan("人民币5000元整") == "500000");
    CHECK(wan("1.5") == "1500000");
    CHECK(wan("0.000001") == "1");
    CHECK(wan("0.1") == "100000");
    CHECK(wan("3.915850") == "3915850");
    CHECK(wan("9999999.999999") == "9999999999999");
    CHECK(wan("5000元") == "500000");
    CHECK(wan("3.5万元") == "3500000");
    CHECK(wan("0.0000001") == "too_precise");
    CHECK(wan("0.0000010000") == "1");
    CHECK(yuan("0.001") == "too_precise");
    CHECK(yuan("92233720368547758.07") == "9223372036854775807");
    CHECK(yuan("92233720368547758.08") == "too_large");
    CHECK(yuan("99999999999999999999999999999999999999999") == "too_large");
    CHECK(yuan("99999999亿亿") == "too_large");
    CHECK(yuan("9999999999999万亿") == "too_large");
    CHECK(yuan("-5") == "negative");
    CHECK(yuan("100(万美元)") == "foreign");
    CHECK(yuan("USD100") == "foreign");
    for (auto text : {"1,00", "1,0000", "12,34,567", "1.2.3", "abc", "5元3千", "元", "万", "整", "3万5",
                      "一万五", "5..0", "1e5", "(", ")5(", "5分角", "叁拾佰元", "叁万伍仟万元"}) {
        CAPTURE(text);
        CHECK(yuan(text) == "unreadable");
    }
    for (auto text : {"", "-", "/", "无", "未标明"}) CHECK(yuan(text) == "-");
}

TEST_CASE("amounts in words") {
    CHECK(yuan("壹万伍仟元整") == "1500000");
    CHECK(yuan("人民币壹拾万元") == "10000000");
    CHECK(yuan("人民币(大写)肆万元整") == "4000000");
    CHECK(yuan("拾万元") == "10000000");
    CHECK(yuan("壹萬捌仟圆整") == "1800000");
    CHECK(yuan("贰万零叁拾元") == "2003000");
    CHECK(yuan("一千〇五元") == "100500");
    CHECK(yuan("壹亿零伍拾万元") == "10050000000");
    CHECK(yuan("三万亿元") == "300000000000000");
    CHECK(yuan("叁万零玖拾伍元零肆分") == "3009504");
    CHECK(yuan("玖仟肆佰叁拾陆元伍角整") == "943650");
    CHECK(yuan("贰元贰角捌分") == "228");
    CHECK(yuan("伍角") == "50");
    CHECK(yuan("二十万") == "20000000");
    CHECK(yuan("1万5仟元") == "1500000");
    CHECK(yuan("壹万元（￥10000.00）") == "1000000");
    CHECK(yuan("肆仟元整（¥2000.00）") == "differ:200000");
}

TEST_CASE("the fine in a decision's text") {
    CHECK(fine("罚款人民币壹万伍仟壹佰伍拾元整") == "1515000");
    CHECK(fine("责令你公司立即改正；处以罚款叁仟肆佰捌拾元。") == "348000");
    CHECK(fine("罚款5000元") == "500000");
    CHECK(fine("罚款50000") == "5000000");
    CHECK(fine("罚款3万") == "3000000");
    CHECK(fine("处四万元人民币罚款") == "4000000");
    CHECK(fine("1、责令停产；2、处拾万元罚款") == "10000000");
    CHECK(fine("处项目总投资额（30万）3%的罚款，即人民币玖仟元整。") == "900000");
    CHECK(fine("处以项目总投资额（50万元）百分之一的罚款，共计五千元。") == "500000");
    CHECK(fine("处以罚款贰万元（￥20,000.00）和壹万元（￥10,000.00），合计处以罚款叁万元（￥30,000.00）。") ==
          "3000000");
    CHECK(fine("处以罚款叁万元；对另一违法行为罚款5000元") == "3500000");
    CHECK(fine("罚款贰拾万元整，并对负责人处伍万元整罚款") == "20000000");
    CHECK(fine("罚款肆仟元整（¥2000.00元）") == "differ:200000");
    CHECK(fine("可以处10万元以下的罚款") == "-");
    CHECK(fine("处五万元以上二十万元以下的罚款") == "-");
    CHECK(fine("罚款，责令年产30万吨角钢项目停止建设") == "-");
    CHECK(fine("处以罚款伍万元罚款二、限期完善手续") == "5000000");
    CHECK(fine("罚款") == "-");
    CHECK(fine("") == "-");
    CHECK(fine("未标明") == "-");
    CHECK(fine("没收违法所得5000元，罚款1万元") == "1000000");
}

TEST_CASE("slips of the pen in amounts") {
    for (auto text : {"壹万伍仟园整", "壹万伍仟元圆整", "一点五万元", "1.5万元。", "15000块钱", "罚款15000元",
                      "壹万5千元罚款", "大写：壹万伍仟元整，小写：15000元", "壹万伍仟元整（小写：¥15000.00）",
                      "壹万伍阡元"}) {
        CAPTURE(text);
        CHECK(yuan(text) == "1500000");
    }
    CHECK(yuan(".5万元") == "500000");
    CHECK(yuan("廿五万元") == "25000000");
    CHECK(yuan("卅万元") == "30000000");
    CHECK(yuan("弍万元") == "2000000");
    CHECK(yuan("肄仟元") == "400000");
    // Whether of yuan or of ten thousands nobody can tell.
    for (auto text : {"十", "壹拾", "拾伍", "5千"}) CHECK(wan(text) == "unreadable");
    CHECK(wan("十元") == "1000");
    CHECK(wan("十万") == "10000000");
    CHECK(fine("罚款壹万伍仟园整") == "1500000");
    CHECK(fine("罚款，责令年产5万园林工具项目停产") == "-");
    CHECK(fine("罚款1,5000元") == "unreadable");
    CHECK(fine("罚款20000，2018年内缴清") == "2000000");
}

TEST_CASE("what is no fine of this party, and totals") {
    struct {
        const char* text;
        const char* fen;
    } known[] = {
        {"没收违法所得2000元，罚款8000元，共计10000元", "800000"},
        {"没收违法所得2000元，罚款8000元，罚没款合计10000元", "800000"},
        {"没收违法所得贰仟元整(¥2000.00)；处以罚款捌仟元整(¥8000.00)。以上罚没款合计壹万元整(¥10000.00)",
         "800000"},
        {"罚没款合计2万元", "-"},
        {"罚款叁拾万元并没收违法所得1万元", "30000000"},
        {"罚款3万元，没收非法财物（价值2000元）", "3000000"},
        {"罚款人民币大写：伍仟元整，小写：5000元", "500000"},
        {"违反甲法，处罚款3.5万元；违反乙法，处罚款20万元，共23.5万元", "23500000"},
        {"一、罚款1万元、2万元，共计3万元；二、罚款4万元，共计4万元", "7000000"},
        {"罚款10万元。逾期每日加处罚款3000元", "10000000"},
        {"罚款5万元，上述罚款5万元应于15日内缴纳", "5000000"},
        {"减轻处罚，由罚款10万元改为罚款5万元", "5000000"},
        {"每日罚款1万元，共计10万元", "10000000"},
        {"最高可处10万元罚款", "-"},
        {"处伍仟元", "500000"},
        {"各罚款5000元", "500000"},
    };
    for (const auto& [text, fen] : known) {
        CAPTURE(text);
        CHECK(fine(text) == fen);
    }
}

TEST_CASE("dates with marks around them") {
    for (auto text : {"2019。5。1",           "2019,5,1",          "2019、5、1",
                      "2019\\5\\1",           "2019·5·1",          "2019_05_01",
                      "2019 05 01",           "2019-05-01.",       "2019年5月1日。",
                      "'2019-05-01",          "‘2019-05-01’",      "2019年5月1日起",
                      "自2019年5月1日起",     "公元2019年5月1日",  "2019年5月1日(星期三)",
                      "2019年5月1日（周三）", "2019年5月1日上午",  "2019-05-01 10:30 AM",
                      "2019-05-0110:30:00",   "2019-5-0100:00:00", "二O一九年五月一日",
                      "二Ｏ一九年五月一日"}) {
        CAPTURE(text);
        CHECK(date(text) == "2019-05-01");
    }
    for (auto text : {"无限期", "不限", "终身", "终身有效", "无有效期限", "长期（无固定期限）", "长期。",
                      "2019-05-01至长期"}) {
        CAPTURE(text);
        CHECK(date(text) == "2099-12-31*");
    }
    for (auto text : {"二〇一九年五月初一", "2019-05-01 2020-05-01", "2019年5月1日-2020年4月30日",
                      "2019-05-019:00", "至长期x"}) {
        CAPTURE(text);
        CHECK(date(text) == "unreadable");
    }
}

TEST_CASE("fines and dates agree with the gold of real penalties") {
    auto rows = shared_csv("../shared/data/penalties-shandong-env/penalties.csv.gz");
    if (!rows) {
        MESSAGE("skipped: ../shared/data/penalties-shandong-env is absent");
        return;
    }
    const auto& header = rows->front();
    auto text = column(header, "decision_text"), gold = column(header, "fine_yuan_gold");
    auto serial = column(header, "published_excel_serial"), day = column(header, "published_date_gold");
    int stated = 0, agree = 0, wrong = 0, dates = 0;
    for (std::size_t i = 1; i < rows->size(); ++i) {
        const auto& row = (*rows)[i];
        if (row.size() != header.size()) continue;
        if (!row[day].empty()) {
            REQUIRE(date(row[serial], true) == row[day]);
            REQUIRE(date(row[serial]) == row[day]);
            ++dates;
        }
        ParsedMoney found = fine_in_text(row[text]);
        if (found.verdict == MoneyVerdict::absent)
            continue;  // 罚款 without a figure: the gold knew it from elsewhere
        ++stated;
        // The workbook's column is binary floating point (30055.599999999999): compare as Excel shows it.
        std::string shown = row[gold];
        auto dot = shown.find('.');
        if (dot != shown.npos && shown.size() - dot > 3) shown = two_decimals(shown);
        ParsedMoney expected = parse_money(shown, MoneyUnit::yuan);
        if (expected.verdict == MoneyVerdict::ok && expected.fen == found.fen)
            ++agree;
        else
            ++wrong;
    }
    MESSAGE(stated << " amounts stated, " << agree << " agree with the gold, " << wrong << " differ; "
                   << dates << " dates");
    CHECK(dates > 1500);
    CHECK(stated > 1300);
    // The differing ones were read: the workbook's own slips (罚款人民币捌仟元 as 80000) and fines on
    // persons.
    CHECK(wrong * 100 <= stated * 2);
}
