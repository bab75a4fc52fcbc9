#include "subject/identify.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/check.h"
#include "base/text.h"

namespace mingxin::subject {

namespace {

// ---- the standards

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

bool all_digits(std::string_view text) {
    for (char c : text) {
        if (!is_digit(c)) return false;
    }
    return true;
}

int number(std::string_view digits) {
    int value = 0;
    for (char c : digits) value = value * 10 + (c - '0');
    return value;
}

constexpr std::string_view uscc_alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

constexpr std::array<std::int8_t, 256> uscc_values = [] {
    std::array<std::int8_t, 256> values{};
    values.fill(-1);
    for (std::size_t i = 0; i < uscc_alphabet.size(); ++i) {
        values[static_cast<unsigned char>(uscc_alphabet[i])] = static_cast<std::int8_t>(i);
    }
    return values;
}();

int uscc_value(char c) {
    return uscc_values[static_cast<unsigned char>(c)];
}

/// Department and type are letters or digits, the division is digits. Department 0 does not exist: without
/// this rule eighteen zeros would be a code.
bool may_hold_uscc(std::size_t place, char c) {
    if (place == 0) return uscc_value(c) > 0;
    return place >= 2 && place < 8 ? is_digit(c) : uscc_value(c) >= 0;
}

bool may_hold_orgcode(std::size_t place, char c) {
    return is_digit(c) || (place < 8 ? is_upper(c) : c == 'X');
}

bool may_hold_regno15(std::size_t, char c) {
    return is_digit(c);
}

bool may_hold_ric(std::size_t place, char c) {
    return is_digit(c) || (place == 17 && c == 'X');
}

/// First two digits of a GB/T 2260 division that was ever assigned to a province; 10 stands for the State
/// organs in codes of organisations.
bool is_province(int number) {
    constexpr std::uint64_t in_1x = 0x1Full << 11, in_2x = 0x7ull << 21, in_3x = 0x7Full << 31,
                            in_4x = 0x3Full << 41, in_5x = 0x1Full << 50;
    if (number >= 61 && number <= 65) return true;
    if (number == 71 || number == 81 || number == 82) return true;
    return number < 60 && ((in_1x | in_2x | in_3x | in_4x | in_5x) >> number & 1) != 0;
}

bool is_registration_division(std::string_view six) {
    return all_digits(six) && (six.starts_with("10") || is_province(number(six.substr(0, 2))));
}

/// Structure of GB/T 2260 only, because abolished areas stay in the numbers of the living: after a
/// municipality 00 to 03, after another province 00 to 70 or 90.
bool is_birth_area(std::string_view six) {
    int province = number(six.substr(0, 2)), prefecture = number(six.substr(2, 2));
    if (province == 71 || (province >= 81 && province <= 83)) return six.substr(2) == "0000";
    if (!is_province(province)) return false;
    if (province == 11 || province == 12 || province == 31 || province == 50) return prefecture <= 3;
    return prefecture <= 70 || prefecture == 90;
}

std::optional<Date> birth_date(std::string_view eight) {
    int year = number(eight.substr(0, 4));
    if (year < 1800 || year > 2099) return std::nullopt;
    return make_date(year, number(eight.substr(4, 2)), number(eight.substr(6, 2)));
}

char ric_check(std::string_view seventeen) {
    constexpr int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (std::size_t i = 0; i < 17; ++i) sum += (seventeen[i] - '0') * weights[i];
    return "10X98765432"[sum % 11];
}

/// Foreigners' permanent residence, since 2023: 9, place of application (2), nationality (3), birth date.
bool is_foreigner(std::string_view ric) {
    return ric[0] == '9';
}

/// The code of an organisation that reads as a birth date, or the other way round, happens; then what the
/// rest of the structure says decides.
bool has_uscc_structure(std::string_view code) {
    constexpr std::pair<char, std::string_view> types_by_department[] = {
        {'1', "1239"}, {'2', "19"}, {'3', "123459"}, {'4', "19"}, {'5', "1239"}, {'6', "129"},
        {'7', "129"},  {'8', "19"}, {'9', "123"},    {'A', "19"}, {'N', "1239"}, {'Y', "1"}};
    for (auto [department, types] : types_by_department) {
        if (code[0] != department) continue;
        return types.find(code[1]) != std::string_view::npos && is_registration_division(code.substr(2, 6)) &&
               is_valid_orgcode(code.substr(8, 9));
    }
    return false;
}

// ---- writing slips

enum Slip : unsigned {
    full_width = 1,
    lower_case = 2,
    blanks = 4,
    hyphens = 8,
    quotes = 16,
    look_alikes = 32,
    old_form = 64,
    words = 128
};

struct Cleaned {
    std::string text;  // UTF-8
    unsigned slips = 0;
};

bool is_hyphen(char32_t c) {
    return c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xFE58 || c == 0xFE63;
}

/// What a font of one computer only can show; never part of a code.
bool is_private_use(char32_t c) {
    return c >= 0xE000 && c <= 0xF8FF;
}

bool is_quote(char32_t c) {
    return c == '\'' || c == '"' || c == '`' || (c >= 0x2018 && c <= 0x201F);
}

/// No code is longer than this, however it is written.
constexpr std::size_t longest_value = 256;

Cleaned clean(std::string_view value) {
    Cleaned out;
    for (std::size_t i = 0; i < value.size();) {
        char32_t c = next_code_point(value, i);
        if (c >= 0xFF01 && c <= 0xFF5E) {
            c -= 0xFEE0;
            out.slips |= full_width;
        }
        if (is_blank(c) || is_private_use(c)) {
            out.slips |= blanks;
        } else if (is_hyphen(c)) {
            out.slips |= hyphens;
        } else if (is_quote(c)) {
            out.slips |= quotes;
        } else if (c >= 'a' && c <= 'z') {
            out.text += static_cast<char>(c - 'a' + 'A');
            out.slips |= lower_case;
        } else if (c == 0xD7) {  // the multiplication sign is a common X
            out.text += 'X';
            out.slips |= look_alikes;
        } else {
            append_utf8(out.text, c);
        }
    }
    return out;
}

/// The code without the words around it: "统一社会信用代码：91...", "91...（1-1）" (the number of a licence's
/// copy).
std::string_view bare(std::string_view value) {
    constexpr std::size_t longest_label = 60, longest_suffix = 16;  // bytes
    for (std::string_view colon : {":", "："}) {
        const std::size_t at = value.rfind(colon);
        if (at == std::string_view::npos || at > longest_label) continue;
        const std::string_view label = value.substr(0, at);
        const bool in_words =
            std::none_of(label.begin(), label.end(), [](char c) { return is_digit(c) || is_upper(c); });
        if (in_words) value.remove_prefix(at + colon.size());
    }
    value = trim(value);
    for (std::string_view mark : {".", "。", ",", "，", ";", "；"}) {
        if (value.ends_with(mark)) value.remove_suffix(mark.size());
    }
    for (auto [open, close] : {std::pair<std::string_view, std::string_view>{"(", ")"}, {"（", "）"}}) {
        const std::size_t at = value.rfind(open);
        if (!value.ends_with(close) || at == std::string_view::npos || value.size() - at > longest_suffix)
            continue;
        value.remove_suffix(value.size() - at);
    }
    return value;
}

char look_alike(char c) {
    switch (c) {
        case 'O':
        case 'Q':
            return '0';
        case 'I':
        case 'L':
            return '1';
        case 'Z':
            return '2';
        case 'S':
            return '5';
        case 'B':
            return '8';
        default:
            return c;
    }
}

struct Form {
    std::size_t length;
    bool (*may_hold)(std::size_t place, char c);
    bool (*is_valid)(std::string_view value);
};

constexpr Form uscc_form{18, may_hold_uscc, is_valid_uscc};
constexpr Form orgcode_form{9, may_hold_orgcode, is_valid_orgcode};
constexpr Form regno15_form{15, may_hold_regno15, is_valid_regno15};
constexpr Form ric_form{18, may_hold_ric, [](std::string_view value) { return is_valid_ric(value); }};

struct Repair {
    std::string code;  // empty: none
    unsigned slips = 0;
};

Repair repair(const Cleaned& cleaned, const Form& form) {
    if (cleaned.text.size() != form.length) return {};
    Repair out{cleaned.text, cleaned.slips};
    for (std::size_t i = 0; i < out.code.size(); ++i) {
        if (form.may_hold(i, out.code[i])) continue;
        out.code[i] = look_alike(out.code[i]);
        out.slips |= look_alikes;
    }
    if (!form.is_valid(out.code)) return {};
    // One check digit lets one wrong reading of 31 pass, and the code would be somebody else's: where a
    // character was exchanged, the organisation-code part must hold as well.
    const bool exchanged =
        (out.slips & look_alikes) != 0 && out.code.size() == 18 && form.is_valid == is_valid_uscc;
    return exchanged && !is_valid_orgcode(orgcode_of(out.code)) ? Repair{} : out;
}

std::string repair(std::string_view value, const Form& form) {
    if (form.is_valid(value)) return std::string(value);
    if (value.size() > longest_value) return {};
    std::string code = repair(clean(value), form).code;
    return code.empty() ? repair(clean(bare(value)), form).code : code;
}

/// The 15 digits of GB 11643-1989: a year of two digits, no check. Persons were registered in counties and
/// districts, never in a whole prefecture (..00), while registration organs are.
std::string from_old_ric(std::string_view fifteen) {
    if (fifteen.size() != 15 || !all_digits(fifteen) || fifteen.substr(4, 2) == "00") return {};
    std::string out = std::string(fifteen.substr(0, 6)) + "19" + std::string(fifteen.substr(6));
    out += ric_check(out);
    return is_valid_ric(out) ? out : std::string();
}

std::string slips_zh(unsigned slips) {
    constexpr std::pair<unsigned, std::string_view> texts[] = {
        {full_width, "全角字符改为半角"},
        {lower_case, "小写字母改为大写"},
        {blanks, "去除空格"},
        {hyphens, "去除连字符"},
        {quotes, "去除引号"},
        {look_alikes, "形近字符按校验位更正"},
        {old_form, "15位旧号换算为18位"},
        {words, "去除代码以外的文字"},
    };
    std::string out;
    for (auto [slip, text] : texts) {
        if ((slips & slip) == 0) continue;
        if (!out.empty()) out += "、";
        out += text;
    }
    return out;
}

Identified repaired(IdentifierKind kind, Repair repair) {
    return {kind, false, std::move(repair.code), "书写不规范，可更正：" + slips_zh(repair.slips)};
}

// ---- reasons

std::string_view noun_zh(IdentifierKind kind) {
    switch (kind) {
        case IdentifierKind::uscc:
            return "统一社会信用代码";
        case IdentifierKind::orgcode:
            return "组织机构代码";
        case IdentifierKind::ric:
            return "身份证件号码";
        default:
            return "注册号";
    }
}

Identified invalid(IdentifierKind kind, std::string_view what) {
    return {kind, false, "", std::string(noun_zh(kind)).append(what)};
}

Identified wrong_uscc(std::string_view text) {
    std::string letters;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i < 2 || i >= 8 ? uscc_value(text[i]) >= 0 : is_digit(text[i])) continue;
        if (is_upper(text[i]) && uscc_value(text[i]) < 0) {
            letters += letters.empty() ? "" : "、";
            letters += text[i];
        } else {
            return invalid(IdentifierKind::uscc, "的第3至8位应为6位数字的行政区划代码，请核对原件");
        }
    }
    if (!letters.empty()) {
        return invalid(IdentifierKind::uscc,
                       "不使用字母I、O、S、V、Z，其中出现了" + letters + "，请核对原件");
    }
    if (text[0] == '0') return invalid(IdentifierKind::uscc, "的第1位（登记管理部门）不能为0，请核对原件");
    return invalid(IdentifierKind::uscc, "的校验位不符，可能有错字、漏字或换位，请核对原件");
}

Identified wrong_ric(std::string_view text) {
    if (!is_foreigner(text) && !is_birth_area(text.substr(0, 6))) {
        return invalid(IdentifierKind::ric, "的前6位不是行政区划代码，请核对证件");
    }
    if (!birth_date(text.substr(6, 8))) {
        return invalid(IdentifierKind::ric, "中的出生日期不存在，请核对证件");
    }
    return invalid(IdentifierKind::ric, "的校验位不符，请核对证件");
}

/// 18 characters that are neither: a person's number if it has the form of one and a date where its date
/// stands.
bool reads_as_ric(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!may_hold_ric(i, text[i])) return false;
    }
    if (has_uscc_structure(text)) return false;
    return birth_date(text.substr(6, 8)) || (text[0] != '9' && is_birth_area(text.substr(0, 6)) &&
                                             (text.substr(6, 2) == "19" || text.substr(6, 2) == "20"));
}

Identified wrong_length(std::string_view text) {
    std::string_view start = text.substr(0, 8);
    bool like_uscc = text.size() >= 16 && text.size() <= 20 && may_hold_uscc(0, start[0]) &&
                     may_hold_uscc(1, start[1]) && is_registration_division(start.substr(2));
    if (like_uscc) {
        return invalid(IdentifierKind::uscc,
                       "应为18位，实为" + std::to_string(text.size()) + "位，请核对是否漏字或多字");
    }
    return {IdentifierKind::other, false, "", "不是可以识别的代码，请核对"};
}

Identified wrong_15(std::string_view text) {
    if (all_digits(text)) {
        return invalid(IdentifierKind::regno15, "的校验位不符；部分旧号没有校验位，请核对营业执照");
    }
    if (is_registration_division(text.substr(0, 6)) && is_valid_orgcode(text.substr(6))) {
        return {IdentifierKind::other, false, "",
                "像是旧纳税人识别号（行政区划代码加组织机构代码），请改填统一社会信用代码"};
    }
    return {IdentifierKind::other, false, "", "不是可以识别的代码，请核对"};
}

Identified explain(std::string_view text) {
    for (char c : text) {
        if (!is_digit(c) && !is_upper(c)) {
            return {IdentifierKind::other, false, "", "含有代码不使用的字符，不是可以识别的代码，请核对"};
        }
    }
    switch (text.size()) {
        case 0:
            return {IdentifierKind::other, false, "", "没有填写代码"};
        case 9:
            if (!may_hold_orgcode(8, text[8])) {
                return invalid(IdentifierKind::orgcode, "的第9位（校验位）应为数字或X，请核对原件");
            }
            return invalid(IdentifierKind::orgcode, "的校验位不符，请核对原件");
        case 15:
            return wrong_15(text);
        case 18:
            return reads_as_ric(text) ? wrong_ric(text) : wrong_uscc(text);
        default:
            return wrong_length(text);
    }
}

// ---- valid as written

std::string_view remark(IdentifierKind kind, std::string_view value) {
    switch (kind) {
        case IdentifierKind::uscc:
            return is_valid_orgcode(value.substr(8, 9))
                       ? ""
                       : "有效；其中的组织机构代码（第9至17位）校验位不符，不影响使用";
        case IdentifierKind::regno13:
            return "13位旧注册号，没有校验位，只核对了格式";
        case IdentifierKind::regno_coop:
            return "农民专业合作社旧注册号，没有公开的校验方法，只核对了格式";
        default:
            return "";
    }
}

std::optional<IdentifierKind> valid_kind(std::string_view value) {
    switch (value.size()) {
        case 9:
            if (is_valid_orgcode(value)) return IdentifierKind::orgcode;
            break;
        case 13:
            if (is_valid_regno13(value)) return IdentifierKind::regno13;
            break;
        case 15:
            if (is_valid_regno15(value)) return IdentifierKind::regno15;
            if (is_valid_regno_coop(value)) return IdentifierKind::regno_coop;
            break;
        case 18: {
            bool uscc = is_valid_uscc(value), ric = is_valid_ric(value);
            if (uscc && (!ric || has_uscc_structure(value))) return IdentifierKind::uscc;
            if (ric) return IdentifierKind::ric;
            break;
        }
        default:
            break;
    }
    return std::nullopt;
}

Identified identify_slips(const Cleaned& cleaned) {
    if (auto kind = valid_kind(cleaned.text)) return repaired(*kind, {cleaned.text, cleaned.slips});
    for (const Form* form : {&uscc_form, &ric_form, &regno15_form, &orgcode_form}) {
        Repair found = repair(cleaned, *form);
        if (auto kind = valid_kind(found.code)) return repaired(*kind, std::move(found));
    }
    if (std::string ric = from_old_ric(cleaned.text); !ric.empty()) {
        return repaired(IdentifierKind::ric, {std::move(ric), cleaned.slips | old_form});
    }
    return explain(cleaned.text);
}

}  // namespace

std::string_view kind_name(IdentifierKind kind) {
    switch (kind) {
        case IdentifierKind::uscc:
            return "uscc";
        case IdentifierKind::orgcode:
            return "orgcode";
        case IdentifierKind::regno15:
            return "regno15";
        case IdentifierKind::regno13:
            return "regno13";
        case IdentifierKind::regno_coop:
            return "regno_coop";
        case IdentifierKind::ric:
            return "ric";
        case IdentifierKind::other:
            return "other";
    }
    CHECK(false);
}

bool is_valid_uscc(std::string_view value) {
    // 3^(i-1) mod 31; with weight 1 for the check character the sum of a valid code is a multiple of 31.
    constexpr int weights[] = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1};
    if (value.size() != 18) return false;
    int sum = 0, any = 0;
    for (std::size_t i = 0; i < 18; ++i) {
        int digit = uscc_value(value[i]);
        any |= digit;
        sum += digit * weights[i];
    }
    if (any < 0 || sum % 31 != 0 || value[0] == '0') return false;
    return all_digits(value.substr(2, 6));
}

bool is_valid_orgcode(std::string_view value) {
    constexpr int weights[] = {3, 7, 9, 10, 5, 8, 4, 2};
    // The usual placeholder has a right check digit.
    if (value.size() != 9 || value == "000000000") return false;
    int sum = 0;
    for (std::size_t i = 0; i < 8; ++i) {
        if (!may_hold_orgcode(i, value[i])) return false;
        sum += (is_digit(value[i]) ? value[i] - '0' : value[i] - 'A' + 10) * weights[i];
    }
    return value[8] == "0X987654321"[sum % 11];
}

bool is_valid_regno15(std::string_view value) {
    if (value.size() != 15 || !all_digits(value) || !is_registration_division(value.substr(0, 6)))
        return false;
    int product = 10;  // ISO 7064 MOD 11,10
    for (std::size_t i = 0; i < 14; ++i) {
        int total = (product + (value[i] - '0')) % 10;
        product = (total == 0 ? 10 : total) * 2 % 11;
    }
    return (product + (value[14] - '0')) % 10 == 1;
}

bool is_valid_regno13(std::string_view value) {
    return value.size() == 13 && all_digits(value) && is_registration_division(value.substr(0, 6));
}

bool is_valid_regno_coop(std::string_view value) {
    return value.size() == 15 && is_registration_division(value.substr(0, 6)) && value.substr(6, 2) == "NA" &&
           all_digits(value.substr(8, 6)) && (is_digit(value[14]) || value[14] == 'X');
}

bool is_valid_ric(std::string_view value, std::optional<Date> today) {
    if (value.size() != 18 || !all_digits(value.substr(0, 17)) || value[17] != ric_check(value)) return false;
    if (!is_foreigner(value) && !is_birth_area(value.substr(0, 6))) return false;
    auto born = birth_date(value.substr(6, 8));
    return born && (!today || *born <= *today);
}

Identified identify(std::string_view value) {
    if (auto kind = valid_kind(value))
        return {*kind, true, std::string(value), std::string(remark(*kind, value))};
    if (value.size() > longest_value)
        return {IdentifierKind::other, false, "", "内容过长，不是可以识别的代码，请核对"};
    Identified found = identify_slips(clean(value));
    const std::string_view code = bare(value);
    if (!found.canonical.empty() || code.size() == value.size()) return found;
    Cleaned cleaned = clean(code);
    cleaned.slips |= words;
    Identified inside = identify_slips(cleaned);
    return inside.canonical.empty() ? found : inside;
}

std::string repair_uscc(std::string_view value) {
    return repair(value, uscc_form);
}
std::string repair_orgcode(std::string_view value) {
    return repair(value, orgcode_form);
}
std::string repair_regno15(std::string_view value) {
    return repair(value, regno15_form);
}

std::string repair_ric(std::string_view value) {
    std::string out = repair(value, ric_form);
    return out.empty() && value.size() <= longest_value ? from_old_ric(clean(value).text) : out;
}

Base base_of(std::string_view uscc) {
    CHECK(uscc.size() == 18);
    std::string_view prefix = uscc.substr(0, 2);
    if (prefix == "91" || prefix == "93") return Base::enterprise;
    if (prefix == "92") return Base::individual_business;
    return Base::other_organisation;
}

std::string_view division_of(std::string_view uscc) {
    CHECK(uscc.size() == 18);
    return uscc.substr(2, 6);
}

std::string_view orgcode_of(std::string_view uscc) {
    CHECK(uscc.size() == 18);
    return uscc.substr(8, 9);
}

Date birth_date_of(std::string_view ric) {
    CHECK(is_valid_ric(ric));
    return *birth_date(ric.substr(6, 8));
}

}  // namespace mingxin::subject
