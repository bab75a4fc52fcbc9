#include "subject/identify.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/text.h"

using namespace mingxin;
using namespace mingxin::subject;

namespace {

const std::string uscc_alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

// The check characters by the letter of the standards, apart from the code under test.
char uscc_check(const std::string& seventeen) {
    int sum = 0, weight = 1;
    for (char c : seventeen) {
        sum += static_cast<int>(uscc_alphabet.find(c)) * weight;
        weight = weight * 3 % 31;
    }
    return uscc_alphabet[(31 - sum % 31) % 31];
}

std::string any_of(const std::string& alphabet, int count) {
    std::string out;
    for (int i = 0; i < count; ++i) out += alphabet[*rc::gen::inRange<std::size_t>(0, alphabet.size())];
    return out;
}

std::string any_uscc() {
    std::string code =
        any_of("123456789ANY", 1) + any_of("123459", 1) + any_of("0123456789", 6) + any_of(uscc_alphabet, 9);
    return code + uscc_check(code);
}

std::string any_person() {
    static const std::string check = "10X98765432";
    std::string digits = "110000" + std::to_string(*rc::gen::inRange(1900, 2020)) + any_of("0", 1) +
                         any_of("123456789", 1) + "1" + any_of("0123456789", 4);
    int sum = 0, power = 1;  // weight of the place i from the right: 2^i mod 11
    for (std::size_t i = 17; i-- > 0;) {
        power = power * 2 % 11;
        sum += (digits[i] - '0') * power;
    }
    return digits + check[static_cast<std::size_t>(sum % 11)];
}

/// Splits one line of a file whose fields may be quoted.
std::vector<std::string> fields(std::string_view line) {
    std::vector<std::string> out(1);
    bool quoted = false;
    for (char c : line) {
        if (c == '"') {
            quoted = !quoted;
        } else if (c == ',' && !quoted) {
            out.emplace_back();
        } else if (c != '\r') {
            out.back() += c;
        }
    }
    return out;
}

}  // namespace

TEST_CASE("rules 5.1: unified social credit codes") {
    for (const char* code :
         {"914403001922038216", "91440300708461136T", "91330100799655058B", "911100001000044477",
          "91100000100003962T", "911000001000013428", "91110108551385082Q", "11230500001755309F",
          "11420000MB15291767", "11320100MB1886843H"}) {
        CAPTURE(code);
        CHECK(is_valid_uscc(code));
        CHECK(is_valid_orgcode(orgcode_of(code)));
        Identified found = identify(code);
        CHECK(found.kind == IdentifierKind::uscc);
        CHECK(found.valid);
        CHECK(found.canonical == code);
        CHECK(found.reason_zh.empty());
        CHECK(repair_uscc(code) == code);
    }
    CHECK(division_of("914403001922038216") == "440300");
    CHECK(orgcode_of("914403001922038216") == "192203821");
}

TEST_CASE("rules 5.1: what is no valid code as written") {
    for (const char* bad :
         {"", "914403001922038217", "91440300708461136t", "9144030070846113T", "91440300708461136TT",
          "９１４４０３００１９２２０３８２１６", "91440300 708461136T", "91440300I08461136T",
          "91440300O08461136T", "91440300Z08461136T", "91440300S08461136T", "91440300V08461136T",
          "000000000000000000", "91440A00708461136T", "91440300708461136\xFF", "统一社会信用代码"}) {
        CAPTURE(bad);
        CHECK_FALSE(is_valid_uscc(bad));
        CHECK_FALSE(identify(bad).valid);
    }
}

TEST_CASE("an unknown division or organisation code part does not make a code invalid") {
    std::string code = "91999999MA0000000";
    code += uscc_check(code);
    REQUIRE_FALSE(is_valid_orgcode(orgcode_of(code)));
    CHECK(is_valid_uscc(code));
    CHECK(identify(code).valid);
    CHECK(identify(code).reason_zh == "有效；其中的组织机构代码（第9至17位）校验位不符，不影响使用");
}

TEST_CASE("the three databases by prefix") {
    auto base = [](std::string prefix) { return base_of(prefix + "4403001922038216"); };
    CHECK(base("91") == Base::enterprise);
    CHECK(base("93") == Base::enterprise);
    CHECK(base("92") == Base::individual_business);
    for (const char* prefix :
         {"11", "12", "13", "19", "31", "51", "52", "53", "71", "81", "N1", "Y1", "A1", "21"}) {
        CHECK(base(prefix) == Base::other_organisation);
    }
}

TEST_CASE("rules 5.2: resident identity numbers") {
    for (const char* specimen : {"11010519491231002X", "440524188001010014", "810000199408230021",
                                 "830000199201300022", "820000200009100032", "81000019980902013X"}) {
        CAPTURE(specimen);
        CHECK(is_valid_ric(specimen));
        CHECK(identify(specimen).kind == IdentifierKind::ric);
        CHECK(identify(specimen).valid);
    }
    for (const char* bad :
         {"110101199003070000", "110105194912310021", "11010519491231002x", "1101051949123100",
          "110000199002300011", "11000019901301001X", "111111199901101512", "810001199408230020",
          "000000000000000000", "11010519491231X02X"}) {
        CAPTURE(bad);
        CHECK_FALSE(is_valid_ric(bad));
        CHECK_FALSE(identify(bad).valid);
    }
    CHECK(birth_date_of("11010519491231002X").to_string() == "1949-12-31");
    CHECK(is_valid_ric("11010519491231002X", make_date(1949, 12, 31)));
    CHECK_FALSE(is_valid_ric("11010519491231002X", make_date(1949, 12, 30)));
    CHECK(identify("110101199003070000").kind == IdentifierKind::ric);
    CHECK(identify("110101199003070000").reason_zh == "身份证件号码的校验位不符，请核对证件");
    CHECK(identify("11000019901301001X").reason_zh == "身份证件号码中的出生日期不存在，请核对证件");
    CHECK(identify("111111199901101512").reason_zh == "身份证件号码的前6位不是行政区划代码，请核对证件");
}

TEST_CASE("foreigners' permanent residence numbers begin with 9") {
    std::string number = "91184019900101001";  // invented: place 11, nationality 840
    int matches = 0;
    for (char check : std::string("0123456789X")) matches += is_valid_ric(number + check);
    CHECK(matches == 1);
}

TEST_CASE("15 digits of before 1999 are read as a person's number with 19 and a check character") {
    Identified old = identify("110105491231004");
    CHECK(old.kind == IdentifierKind::ric);
    CHECK_FALSE(old.valid);
    CHECK(old.canonical == "110105194912310046");
    CHECK(old.reason_zh == "书写不规范，可更正：15位旧号换算为18位");
    // The check digit of a registration number holds by chance in one of ten: then it is read as one.
    CHECK(identify("110105491231002").kind == IdentifierKind::regno15);
    CHECK(repair_ric("110105491231002") == "11010519491231002X");
    CHECK(repair_ric("110105491331002") == "");
    CHECK(repair_ric("110100491231002") == "");  // nobody was registered in a whole prefecture
}

TEST_CASE("rules 5.3: organisation codes") {
    for (const char* code : {"192203821", "708461136", "799655058", "551385082"}) {
        CAPTURE(code);
        CHECK(is_valid_orgcode(code));
        CHECK(identify(code).kind == IdentifierKind::orgcode);
        std::string hyphenated = std::string(code).insert(8, "-");
        CHECK_FALSE(is_valid_orgcode(hyphenated));
        Identified found = identify(hyphenated);
        CHECK_FALSE(found.valid);
        CHECK(found.kind == IdentifierKind::orgcode);
        CHECK(found.canonical == code);
        CHECK(found.reason_zh == "书写不规范，可更正：去除连字符");
    }
    for (const char* bad : {"D21437422", "19220382A", "19220382", "1922038211", "000000000", "19220382１"}) {
        CAPTURE(bad);
        CHECK_FALSE(is_valid_orgcode(bad));
    }
    CHECK(identify("D21437422").kind == IdentifierKind::orgcode);
    CHECK(identify("D21437422").reason_zh == "组织机构代码的校验位不符，请核对原件");
    CHECK(repair_orgcode("ma3f7jd6-8") == "MA3F7JD68");
    CHECK(repair_orgcode("46685496-O") == "");
}

TEST_CASE("rules 5.4: registration numbers of 15 digits") {
    for (const char* code : {"440301103097413", "110108002734659", "440301103448669"}) {
        CAPTURE(code);
        CHECK(is_valid_regno15(code));
        CHECK(identify(code).kind == IdentifierKind::regno15);
        CHECK(identify(code).valid);
    }
    for (const char* bad : {"440301103097412", "110000002734519", "44030110309741", "4403011030974133",
                            "44030110309741X", "000000000000001"}) {
        CAPTURE(bad);
        CHECK_FALSE(is_valid_regno15(bad));
        CHECK_FALSE(identify(bad).valid);
    }
    CHECK(identify("440301103097412").reason_zh == "注册号的校验位不符；部分旧号没有校验位，请核对营业执照");
    CHECK(repair_regno15("44O3O1 103097413") == "440301103097413");
}

TEST_CASE("older numbers without a check digit are known by their form") {
    CHECK(identify("3202112102121").kind == IdentifierKind::regno13);
    CHECK(identify("3202112102121").valid);
    CHECK(identify("6901234567892").kind == IdentifierKind::other);  // a bar code
    CHECK(identify("320722NA000818X").kind == IdentifierKind::regno_coop);
    CHECK(identify("320722na000818x").canonical == "320722NA000818X");
    CHECK_FALSE(identify("320722na000818x").valid);
    CHECK(identify("320722NB000818X").kind == IdentifierKind::other);
    CHECK(identify("440300708461136").kind == IdentifierKind::regno15);
    CHECK(identify("37078369966124X").reason_zh ==
          "像是旧纳税人识别号（行政区划代码加组织机构代码），请改填统一社会信用代码");
}

TEST_CASE("slips are repaired and named") {
    struct Example {
        const char *written, *repaired, *what;
    };
    const Example examples[] = {
        {"91440300708461136t", "91440300708461136T", "小写字母改为大写"},
        {"９１４４０３００７０８４６１１３６Ｔ", "91440300708461136T", "全角字符改为半角"},
        {" 91440300 708461136T\xE3\x80\x80", "91440300708461136T", "去除空格"},
        {"91440300-70846113-6-T", "91440300708461136T", "去除连字符"},
        {"'91440300708461136T", "91440300708461136T", "去除引号"},
        {"9I4403OO7O846II36T", "91440300708461136T", "形近字符按校验位更正"},
        {"92350924MA2YOQR47J", "92350924MA2Y0QR47J", "形近字符按校验位更正"},
        {"91440300708461136t ", "91440300708461136T", "小写字母改为大写、去除空格"},
        {"1101051949123100 2×", "11010519491231002X", "去除空格、形近字符按校验位更正"},
    };
    for (const Example& example : examples) {
        CAPTURE(example.written);
        Identified found = identify(example.written);
        CHECK_FALSE(found.valid);
        CHECK(found.canonical == example.repaired);
        CHECK(found.reason_zh == "书写不规范，可更正：" + std::string(example.what));
    }
}

TEST_CASE("what no check digit proves is not repaired, and says why") {
    struct Example {
        const char *written, *reason;
    };
    const Example examples[] = {
        {"91110000600037341S", "统一社会信用代码不使用字母I、O、S、V、Z，其中出现了S，请核对原件"},
        {"9111000060003IOZSV",
         "统一社会信用代码不使用字母I、O、S、V、Z，其中出现了I、O、Z、S、V，请核对原件"},
        {"91350881MOOOOLE74P", "统一社会信用代码不使用字母I、O、S、V、Z，其中出现了O、O、O、O，请核对原件"},
        {"911100006000373411", "统一社会信用代码的校验位不符，可能有错字、漏字或换位，请核对原件"},
        {"91440A00708461136T", "统一社会信用代码的第3至8位应为6位数字的行政区划代码，请核对原件"},
        {"9144030070846136T", "统一社会信用代码应为18位，实为17位，请核对是否漏字或多字"},
        {"91440300708461136TT", "统一社会信用代码应为18位，实为19位，请核对是否漏字或多字"},
        {"", "没有填写代码"},
        {" ", "没有填写代码"},
        {"企合苏镇分字第0006", "含有代码不使用的字符，不是可以识别的代码，请核对"},
        {"12345", "不是可以识别的代码，请核对"},
    };
    for (const Example& example : examples) {
        CAPTURE(example.written);
        Identified found = identify(example.written);
        CHECK_FALSE(found.valid);
        CHECK(found.canonical.empty());
        CHECK(found.reason_zh == example.reason);
    }
    Identified endless = identify(std::string(1 << 20, '9'));
    CHECK(endless.kind == IdentifierKind::other);
    CHECK(endless.reason_zh == "内容过长，不是可以识别的代码，请核对");
    CHECK(repair_uscc(std::string(1 << 20, ' ') + "91440300708461136T").empty());
}

TEST_CASE("kinds have the names that the command line prints") {
    CHECK(kind_name(IdentifierKind::uscc) == "uscc");
    CHECK(kind_name(IdentifierKind::orgcode) == "orgcode");
    CHECK(kind_name(IdentifierKind::regno15) == "regno15");
    CHECK(kind_name(IdentifierKind::regno13) == "regno13");
    CHECK(kind_name(IdentifierKind::regno_coop) == "regno_coop");
    CHECK(kind_name(IdentifierKind::ric) == "ric");
    CHECK(kind_name(IdentifierKind::other) == "other");
}

TEST_CASE("property: one changed character of a valid code is never valid") {
    CHECK(rc::check([] {
        std::string code = any_uscc();
        RC_ASSERT(is_valid_uscc(code));
        auto place = *rc::gen::inRange<std::size_t>(0, 18);
        std::string changed = code;
        changed[place] = any_of(uscc_alphabet, 1)[0];
        RC_ASSERT(is_valid_uscc(changed) == (changed == code));
    }));
}

TEST_CASE("words around a code, and what no repair may do") {
    for (std::string_view written :
         {"统一社会信用代码：914403001922038216", "代码:914403001922038216", "914403001922038216（1-1）",
          "914403001922038216(副本)", "914403001922038216。", "9144030019\uE5C522038216"}) {
        CAPTURE(written);
        CHECK(identify(written).canonical == "914403001922038216");
        CHECK_FALSE(identify(written).valid);
        CHECK(repair_uscc(written) == "914403001922038216");
    }
    CHECK(identify("组织机构代码：19220382-1").canonical == "192203821");
    CHECK(identify("注册号：440301103097413").canonical == "440301103097413");
    for (std::string_view written :
         {"914403001922038216/914403001922038216", "914403001922038216 914403001922038216",
          "9144030019220382", "91440300192203821（6）", "91440300********16"}) {
        CAPTURE(written);
        CHECK(identify(written).canonical.empty());
    }
    // 0 for O passes the 31 check by chance, the organisation-code part tells that it is somebody else's.
    CHECK(is_valid_uscc("110000000010000002"));
    CHECK(identify("11000000001OOOOOO2").canonical.empty());
}

TEST_CASE("property: a repair never changes a valid code, undoes slips, and is final") {
    CHECK(rc::check([] {
        std::string code = *rc::gen::arbitrary<bool>() ? any_uscc() : any_person();
        Identified clean = identify(code);
        RC_ASSERT(clean.valid);
        RC_ASSERT(clean.canonical == code);
        // A look-alike is exchanged only where both check digits prove it.
        bool exact = clean.kind != IdentifierKind::uscc || is_valid_orgcode(orgcode_of(code));
        std::string slipped;
        for (char c : code) {
            switch (*rc::gen::inRange(0, 6)) {
                case 0:
                    slipped += ' ';
                    [[fallthrough]];
                case 1:
                    slipped += static_cast<char>(c >= 'A' ? c - 'A' + 'a' : c);
                    break;
                case 2:
                    append_utf8(slipped, static_cast<char32_t>(c) + 0xFEE0);
                    break;
                case 3:
                    slipped += !exact ? c : c == '0' ? 'O' : c == '1' ? 'I' : c;
                    break;
                default:
                    slipped += c;
            }
        }
        Identified found = identify(slipped);
        RC_ASSERT(found.canonical == code);
        RC_ASSERT(found.kind == clean.kind);
        RC_ASSERT(found.valid == (slipped == code));
    }));
    CHECK(rc::check([](const std::string& any) {
        for (auto repair : {repair_uscc, repair_orgcode, repair_regno15, repair_ric}) {
            std::string once = repair(any);
            RC_ASSERT(repair(once) == once);
        }
        Identified found = identify(any);
        RC_ASSERT(!found.valid || found.canonical == any);
    }));
}

TEST_CASE("every line of the test vectors") {
    const std::filesystem::path path = "../shared/data/identifier-vectors/vectors.csv";
    if (!std::filesystem::exists(path)) {
        MESSAGE("SKIPPED: no ../shared/data");
        return;
    }
    std::string file = read_file(path).value();
    int rows = 0;
    for (std::string_view line : split(file, '\n')) {
        auto field = fields(line);
        if (field.size() < 4 || field[0] == "value") continue;
        CAPTURE(line);
        Identified found = identify(field[0]);
        if (!field[2].empty() && field[1] != "other") {
            CHECK((found.valid && kind_name(found.kind) == field[1]) == (field[2] == "1"));
        }
        if (field[2].empty()) CHECK(kind_name(found.kind) == field[1]);
        if (!field[3].empty()) CHECK(found.canonical == field[3]);
        CHECK((found.valid || !found.reason_zh.empty()));
        ++rows;
    }
    CHECK(rows > 1000);
}
