#include "collect/field_words.h"

#include <algorithm>

namespace mingxin::collect {

using rulebook::Absent;
using rulebook::Field;
using rulebook::FieldType;
using rulebook::Requirement;
using rulebook::Role;
using rulebook::Sharing;

namespace {

constexpr std::string_view kPerson = "自然人";
constexpr std::size_t kMostInComment = 12;  // values of a closed list; the sheet beside has all

bool is_code_of_unit(Role role) {
    return role == Role::uscc || role == Role::organ_code || role == Role::source_code;
}

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
    std::string text;
    for (const std::string& part : parts) text.append(text.empty() ? "" : between).append(part);
    return text;
}

/// The values that can be written today; what only persons have, not where persons are not collected.
std::vector<const rulebook::DomainValue*> values_in_force(const rulebook::Item& item, const Field& field,
                                                          Date today) {
    std::vector<const rulebook::DomainValue*> values;
    for (const rulebook::DomainValue& value : field.domain->values) {
        const bool of_persons =
            value.persons_only || (field.role == Role::subject_type && value.value == kPerson);
        if (value.validity.contains(today) && !value.needs_choice && (item.persons_allowed || !of_persons))
            values.push_back(&value);
    }
    return values;
}

std::string listed(const rulebook::Item& item, const Field& field, Date today) {
    std::vector<std::string> values;
    for (const rulebook::DomainValue* value : values_in_force(item, field, today))
        values.push_back(value->needs_text ? value->value + "-具体名称" : value->value);
    return joined(values, "、");
}

/// The checks that refuse a row because this field is empty.
std::string when_needed_zh(const rulebook::Item& item, int field, Date today) {
    std::vector<std::string> cases;
    for (const rulebook::CheckRule& check : item.checks) {
        const bool wants_it = check.field == field && check.holds.op == rulebook::Predicate::Op::present &&
                              check.holds.field == field && check.effect == rulebook::Effect::reject &&
                              check.algorithm == rulebook::Algorithm::none && check.validity.contains(today);
        if (wants_it) cases.push_back(check.title_zh + "（" + check.id + "）");
    }
    return cases.empty() ? std::string() : "留空会退回的情形：" + joined(cases, "、");
}

std::string_view absence_zh(Absent absent) {
    switch (absent) {
        case Absent::refuse:
        case Absent::refuse_unless_old:
            return "文件没有这一列时整份退回";
        case Absent::subject_type:
            return "整列删去时按统一社会信用代码判定";
        case Absent::unit_name:
            return "整列删去时按报送单位的名称补全";
        case Absent::unit_code:
            return "整列删去时按报送单位的代码补全";
        case Absent::organ_code:
            return "整列删去时按机关名称在单位名录中查得";
        case Absent::value:
        case Absent::leave:
            break;
    }
    return {};
}

std::string_view role_zh(Role role, bool persons_allowed) {
    switch (role) {
        case Role::organ_code:
        case Role::source_code:
            return "须是本平台单位名录中的单位";
        case Role::legal_certificate_no:
            return "只核对校验位并留下加密摘要，原号码不保存；可以不填";
        case Role::person_certificate_type:
        case Role::person_certificate_no:
            return persons_allowed ? "" : "本事项不归集自然人的信息，请留空";
        case Role::document_no:
            return "写决定书上的文号，不写标题";
        case Role::industry:
            return "写国民经济行业分类（GB/T 4754）的代码";
        default:
            return {};
    }
}

}  // namespace

std::string_view requirement_zh(const Field& field) {
    switch (field.requirement) {
        case Requirement::mandatory:
            return "必填";
        case Requirement::conditional:
            return "视情况必填";
        case Requirement::optional:
            break;
    }
    return "选填";
}

std::string_view type_zh(const Field& field) {
    switch (field.type) {
        case FieldType::date:
            return "日期";
        case FieldType::money:
            return "金额";
        case FieldType::enumeration:
            return "单选";
        case FieldType::set:
            return "多选";
        case FieldType::code:
            return "代码";
        case FieldType::text:
            break;
    }
    return "文本";
}

std::string_view sharing_zh(const Field& field) {
    switch (field.sharing) {
        case Sharing::open:
            return "社会公开";
        case Sharing::departments:
            return "政务共享";
        case Sharing::authorised:
            return "授权查询";
        case Sharing::sealed:
            break;
    }
    return "不提供";
}

std::string length_zh(const Field& field) {
    const std::string unit = field.type == FieldType::code ? "位" : "个字";
    if (field.max_length <= 0) return {};
    const std::string most = std::to_string(field.max_length);
    if (field.min_length == field.max_length) return most + unit;
    if (field.min_length <= 1) return "不超过" + most + unit;
    return std::to_string(field.min_length) + "至" + most + unit;
}

std::string values_zh(const rulebook::Item& item, const Field& field, Date today) {
    switch (field.type) {
        case FieldType::date:
            return "真实存在的日期，写成 2026/05/01；长期有效写 2099/12/31";
        case FieldType::money:
            return field.money_in_wan_yuan ? "以万元为单位的数字，最多六位小数，例如5000元写 0.5"
                                           : "以元为单位的数字，最多两位小数";
        case FieldType::enumeration:
            return listed(item, field, today);
        case FieldType::set:
            return listed(item, field, today) + "。可以填几个，用分号（;）隔开，因此没有下拉列表";
        case FieldType::code:
            return is_code_of_unit(field.role) ? "18位统一社会信用代码，末位是校验位" : "";
        case FieldType::text:
            break;
    }
    return {};
}

std::vector<std::string> choices_of(const rulebook::Item& item, const Field& field, Date today) {
    if (field.type != FieldType::enumeration) return {};
    std::vector<std::string> values;
    for (const rulebook::DomainValue* value : values_in_force(item, field, today)) {
        if (!value->needs_text) values.push_back(value->value);
    }
    return values;
}

std::string other_choice_zh(const Field& field) {
    if (!field.domain) return {};
    for (const rulebook::DomainValue& value : field.domain->values) {
        if (value.needs_text)
            return "列表以外只能填“" + value.value + "-具体名称”，例如“" + value.value +
                   "-备案”。确定要填列表以外的内容吗？";
    }
    return {};
}

std::string remarks_zh(const rulebook::Item& item, int field, Date today) {
    const Field& rule = item.fields[static_cast<std::size_t>(field)];
    std::vector<std::string> parts;
    const auto add = [&](std::string_view text) {
        if (!text.empty()) parts.emplace_back(text);
    };
    add(role_zh(rule.role, item.persons_allowed));
    const bool of_persons =
        rule.role == Role::person_certificate_type || rule.role == Role::person_certificate_no;
    if (item.persons_allowed || !of_persons) add(when_needed_zh(item, field, today));
    if (rule.default_field >= 0)
        add("留空时取“" + item.fields[static_cast<std::size_t>(rule.default_field)].name_zh + "”");
    if (!rule.default_value.empty()) add("留空时取“" + rule.default_value + "”");
    add(absence_zh(rule.absent));
    return joined(parts, "；");
}

std::string other_names_zh(const Field& field) {
    std::vector<std::string> names;
    for (const std::string& alias : field.aliases) {
        // Older codes are for programs.
        const bool is_code =
            alias.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == std::string::npos;
        if (!is_code) names.push_back(alias);
    }
    return names.empty() ? std::string() : "列名也可以写：" + joined(names, "、");
}

std::string basis_zh(const rulebook::Basis& basis) {
    return basis.text_zh() + (basis.unsure ? "（待核实）" : "");
}

std::string basis_zh(const rulebook::Item& item, int field, Date today) {
    std::vector<std::string> sources;
    for (const rulebook::CheckRule& check : item.checks) {
        if (check.field != field || !check.validity.contains(today)) continue;
        std::string source = basis_zh(check.basis);
        if (std::find(sources.begin(), sources.end(), source) == sources.end())
            sources.push_back(std::move(source));
    }
    return sources.empty() ? basis_zh(item.basis) : joined(sources, "；");
}

std::string marked_header(const Field& field) {
    return (field.requirement == Requirement::mandatory ? "*" : "") + field.name_zh;
}

std::string comment_zh(const rulebook::Item& item, int field, std::string_view example, Date today) {
    const Field& rule = item.fields[field];
    std::string text = rule.name_zh + "（" + rule.code + "）\n";
    text.append(requirement_zh(rule)).append("；").append(type_zh(rule));
    if (const std::string length = length_zh(rule); !length.empty()) text += "；" + length;
    const bool is_long = rule.domain && rule.domain->values.size() > kMostInComment;
    const std::string values =
        is_long ? "见“填写说明”" + std::string(rule.type == FieldType::set
                                                   ? "；可以填几个，用分号（;）隔开，因此没有下拉列表"
                                                   : "")
                : values_zh(item, rule, today);
    if (!values.empty()) text += "\n取值：" + values;
    if (const std::string remarks = remarks_zh(item, field, today); !remarks.empty()) text += "\n" + remarks;
    text.append("\n公开范围：").append(sharing_zh(rule));
    text += "\n依据：" + basis_zh(item, field, today);
    if (!example.empty()) text.append("\n例如：").append(example);
    return text;
}

}  // namespace mingxin::collect
