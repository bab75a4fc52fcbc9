#include "quality/cell_value.h"

#include "base/text.h"
#include "quality/value_parse.h"
#include "subject/identify.h"

namespace mingxin::quality {

using rulebook::Role;

CellValue read_date(const Cell& cell, std::string_view long_term, bool date_1904) {
    const ParsedDate parsed = parse_any_date(cell.text, cell.kind == Cell::Kind::number, date_1904);
    switch (parsed.verdict) {
        case DateVerdict::ok:
            return {parsed.long_term ? std::string(long_term) : parsed.date.to_string(), {}};
        case DateVerdict::absent:
            return {};
        default:
            return {{}, std::string(reason_zh(parsed.verdict))};
    }
}

namespace {

CellValue money_value(const ParsedMoney& parsed) {
    if (parsed.verdict == MoneyVerdict::ok) return {std::to_string(parsed.fen), {}};
    return {{}, std::string(reason_zh(parsed.verdict))};  // empty for absent
}

}  // namespace

CellValue read_money(std::string_view text, bool in_wan_yuan) {
    return money_value(parse_money(text, in_wan_yuan ? MoneyUnit::wan_yuan : MoneyUnit::yuan));
}

CellValue read_fine_in_text(std::string_view text) {
    return money_value(fine_in_text(text));
}

namespace {

/// As written, but half width, upper case and without blanks: what is kept of a number that fails its check.
std::string plain_code(std::string_view text) {
    return to_upper_ascii(remove_blanks(to_half_width(text)));
}

/// What stands there instead, for a clerk; empty when nobody can say.
std::string_view other_number_zh(const subject::Identified& found) {
    if (found.canonical.empty()) return {};
    switch (found.kind) {
        case subject::IdentifierKind::uscc:
            return "所填的是统一社会信用代码";
        case subject::IdentifierKind::orgcode:
            return "所填的是组织机构代码";
        case subject::IdentifierKind::regno15:
        case subject::IdentifierKind::regno13:
            return "所填的是工商注册号（旧号）";
        case subject::IdentifierKind::regno_coop:
            return "所填的是农民专业合作社注册号（旧号）";
        case subject::IdentifierKind::ric:
            return "所填的是身份证件号码";
        case subject::IdentifierKind::other:
            break;
    }
    return {};
}

CodeValue repaired_code(std::string_view text, std::string repaired, std::string_view expected_zh) {
    if (repaired.empty()) {
        const subject::Identified found = subject::identify(text);
        if (const auto other = other_number_zh(found); !other.empty())
            return {plain_code(text), std::string(other), false};
        const bool told = !found.valid && !found.reason_zh.empty();
        return {plain_code(text), told ? found.reason_zh : "不是" + std::string(expected_zh), false};
    }
    const bool changed = repaired != text;
    return {std::move(repaired), {}, changed};
}

CodeValue registration_number(std::string_view text) {
    std::string code = plain_code(text);
    std::string repaired = subject::repair_regno15(text);
    if (!repaired.empty()) return {repaired, {}, repaired != text};
    const bool fifteen_digits =
        code.size() == 15 && code.find_first_not_of("0123456789") == std::string::npos;
    return {std::move(code), fifteen_digits ? "校验位不符" : "", false};
}

CodeValue tax_number(std::string_view text) {
    std::string code = plain_code(text);
    const std::size_t size = code.size();
    const bool usual = size == 15 || size == 17 || size == 18 || size == 20;
    return {std::move(code), usual ? "" : "长度不符", false};
}

}  // namespace

CodeValue read_code(Role role, std::string_view text) {
    switch (role) {
        case Role::uscc:
        case Role::organ_code:
        case Role::source_code:
            if (subject::is_valid_uscc(text)) return {std::string(text), {}, false};
            return repaired_code(text, subject::repair_uscc(text), "统一社会信用代码");
        case Role::organisation_code:
            return repaired_code(text, subject::repair_orgcode(text), "组织机构代码");
        case Role::person_certificate_no:
        case Role::legal_certificate_no:
            return repaired_code(text, subject::repair_ric(text), "公民身份号码");
        case Role::registration_no:
            return registration_number(text);
        case Role::tax_no:
            return tax_number(text);
        default:
            return {plain_code(text), {}, false};  // old forms without a published check
    }
}

TextValue read_plain_text(std::string_view text, std::string& out) {
    TextValue result;
    if (!is_utf8(text) || text.find("\xEF\xBF\xBD") != std::string_view::npos) {
        result.broken = true;
        out.clear();
        return result;
    }
    bool has_control = false;
    for (unsigned char c : text) has_control = has_control || c < 0x20 || c == 0x7f;
    if (!has_control) {
        out = to_nfc(text);
        return result;
    }
    std::string cleaned;
    for (unsigned char c : text) {
        if (c >= 0x20 && c != 0x7f) {
            cleaned += static_cast<char>(c);
        } else if ((c == '\n' || c == '\r' || c == '\t') && !cleaned.empty() && cleaned.back() != ' ') {
            cleaned += ' ';
        } else {
            result.repaired = true;
        }
    }
    out = to_nfc(trim(cleaned));
    return result;
}

namespace {

std::vector<std::string_view> split_at(std::string_view text,
                                       std::initializer_list<std::string_view> separators) {
    std::vector<std::string_view> parts;
    std::size_t begin = 0, at = 0;
    const auto take = [&](std::size_t end) {
        const std::string_view part = trim(text.substr(begin, end - begin));
        if (!part.empty()) parts.push_back(part);
    };
    while (at < text.size()) {
        std::size_t length = 0;
        for (std::string_view separator : separators) {
            if (text.substr(at).starts_with(separator)) length = separator.size();
        }
        if (length == 0) {
            ++at;
            continue;
        }
        take(at);
        at += length;
        begin = at;
    }
    take(text.size());
    return parts;
}

}  // namespace

std::vector<std::string_view> split_set(std::string_view text) {
    return split_at(text, {";", "；"});
}

std::vector<std::string_view> split_list(std::string_view text) {
    return split_at(text, {"、", ",", "，", "/", "／", " ", "　", "+", "＋"});
}

}  // namespace mingxin::quality
