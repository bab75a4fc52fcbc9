#include "site/words.h"

#include "base/text.h"

namespace mingxin::site {

using record::ShownRecord;
using rulebook::Role;

std::string date_zh(Date date) {
    const YearMonthDay parts = split(date);
    return std::to_string(parts.year) + "年" + std::to_string(parts.month) + "月" +
           std::to_string(parts.day) + "日";
}

std::string time_html(Date date) {
    return "<time datetime=\"" + date.to_string() + "\">" + date_zh(date) + "</time>";
}

std::string time_html(Instant instant) {
    const std::string local = instant.to_local_string();  // 2026-11-20 12:05:06
    const std::string hour = local[11] == '0' ? local.substr(12, 1) : local.substr(11, 2);
    return "<time datetime=\"" + local.substr(0, 10) + "T" + local.substr(11) + "+08:00\">" +
           date_zh(instant.date()) + " " + hour + "时" + local.substr(14, 2) + "分</time>";
}

std::string grouped(std::int64_t number) {
    std::string text = std::to_string(number);
    for (int at = static_cast<int>(text.size()) - 3; at > (number < 0 ? 1 : 0); at -= 3) {
        text.insert(static_cast<std::size_t>(at), ",");
    }
    return text;
}

std::string age_zh(Date from, Date to) {
    const YearMonthDay a = split(from), b = split(to);
    int months = (b.year - a.year) * 12 + b.month - a.month - (b.day < a.day ? 1 : 0);
    if (months < 1) return std::to_string(std::max(0, to.days - from.days)) + "天";
    std::string text = months >= 12 ? std::to_string(months / 12) + "年" : std::string();
    months %= 12;
    return months == 0 ? text : text + std::to_string(months) + "个月";
}

std::string_view base_zh(int base) {
    static constexpr std::string_view names[] = {"企业", "个体工商户", "其他组织"};
    return base >= 0 && base < 3 ? names[base] : "其他组织";
}

std::string short_digest(std::string_view hex) {
    std::string text;
    for (std::size_t at = 0; at < 16 && at < hex.size(); at += 4) {
        text.append(text.empty() ? "" : " ").append(hex.substr(at, 4));
    }
    return text;
}

std::string shortened(std::string_view text, std::size_t count) {
    std::size_t at = 0;
    for (std::size_t i = 0; i < count && at < text.size(); ++i) next_code_point(text, at);
    return at >= text.size() ? std::string(text) : std::string(text.substr(0, at)) + "…";
}

std::string value_of(const ShownRecord& shown, Role role) {
    const int field = shown.item->field_with(role);
    if (field < 0) return {};
    const std::string& code = shown.item->fields[static_cast<std::size_t>(field)].code;
    for (const record::ShownField& own : shown.fields) {
        if (own.code == code) return own.value;
    }
    return {};
}

std::string heading(const ShownRecord& shown) {
    constexpr std::size_t longest = 60;
    std::size_t at = 0;
    for (const rulebook::Field& field : shown.item->fields) {
        if (at < shown.fields.size() && shown.fields[at].code == field.code) {
            if (field.role == Role::none && !shown.item->defines_subject) {
                return shortened(shown.fields[at].value, longest);
            }
            ++at;
        }
    }
    return shortened(shown.title, longest);
}

std::string result_zh(const ShownRecord& shown) {
    std::string text;
    std::string fine = value_of(shown, Role::fine);
    if (!fine.empty()) {
        const std::size_t zeros = fine.find(".00元");
        if (zeros != std::string::npos) fine.replace(zeros, 6, "元");
    }
    const std::string kinds = value_of(shown, Role::kind);
    for (std::string_view kind : split(kinds, ';')) {
        text.append(text.empty() ? "" : "，").append(kind);
        if (kind == "罚款" && !fine.empty()) text.append(fine);
    }
    if (!shown.severity_zh.empty()) {
        text.append(text.empty() ? "" : "，").append(shown.severity_zh).append("失信");
    }
    return text;
}

std::optional<Date> repairable_from(const ShownRecord& shown, const rulebook::Rulebook& rulebook,
                                    Date today) {
    if (!shown.item->adverse || !shown.decided) return std::nullopt;
    const rulebook::PublicityTerm* term =
        rulebook.publicity_term(shown.item->publicity, shown.severity, today);
    if (term == nullptr || term->min_months <= 0) return std::nullopt;
    const Date from = shown.decided->plus_months(term->min_months);
    if (shown.shown_until && from > *shown.shown_until) return std::nullopt;
    return from;
}

std::optional<Date> valid_until(const ShownRecord& shown) {
    return shown.item->adverse ? std::nullopt : parse_date(value_of(shown, Role::valid_to));
}

bool in_force(const ShownRecord& shown) {
    const int field = shown.item->field_with(Role::state);
    if (field < 0) return true;
    const std::string& usual = shown.item->fields[static_cast<std::size_t>(field)].default_value;
    const std::string state = value_of(shown, Role::state);
    return usual.empty() || state.empty() || state == usual;
}

namespace {

void add_step(Model& model, const char* list, std::string_view kind, std::string_view title,
              const std::string& text_html) {
    Model& step = model.add(list);
    step.flag("done", kind == "done").flag("now", kind == "now").set("title", title).set("text", text_html);
}

/// The stages of a term with today among them.
void fill_steps(Model& model, const ShownRecord& shown, std::optional<Date> repair, Date today) {
    if (!shown.item->adverse || !shown.decided || !shown.shown_until) return;
    model.flag("has_steps", true);
    add_step(model, "steps", "done", "作出决定", time_html(*shown.decided));
    const bool open = repair && *repair <= today;
    if (open) add_step(model, "steps", "done", "可申请修复", time_html(*repair) + "起");
    std::string now = "正在公示";
    if (open) now = "已经可以申请修复";
    if (repair && !open) now = "还有" + std::to_string(repair->days - today.days) + "天可申请修复";
    add_step(model, "steps", "now", "今天", now);
    if (repair && !open) add_step(model, "steps", "", "可申请修复", time_html(*repair) + "起");
    add_step(model, "steps", "", "自动停止公示", "公示到" + time_html(*shown.shown_until));
    model.flag("repairable", open);
}

void fill_state(Model& model, const ShownRecord& shown) {
    if (shown.item->adverse) {
        model.set("badge", "公示中").set("badge_class", "note");
        return;
    }
    const std::string state = value_of(shown, Role::state);
    if (shown.item->defines_subject || state.empty()) return;
    model.set("badge", state).set("badge_class", in_force(shown) ? "good" : "");
}

}  // namespace

void fill_record(Model& model, const ShownRecord& shown, const rulebook::Rulebook& rulebook, Date today,
                 const std::string& unit_zh) {
    model.set("id", shown.id).set("heading", heading(shown)).set("document_no", shown.document_no);
    model.set("organ", shown.organ).set("subject", shown.subject);
    model.set("source_unit", shown.source_unit.empty() ? unit_zh : shown.source_unit);
    model.set("item_title", shown.item->title_zh).set("item_basis", shown.item->basis.text_zh());
    model.set("received", time_html(shown.received.date())).set("severity", shown.severity_zh);
    model.set("term_basis", shown.basis_zh).flag("adverse", shown.item->adverse);
    model.set("decided", shown.decided ? time_html(*shown.decided) : std::string());
    model.set("shown_until", shown.shown_until ? time_html(*shown.shown_until) : std::string("长期"));
    model.set("permit_no", value_of(shown, Role::permit_no));
    if (shown.item->adverse) {
        model.set("result", result_zh(shown));
    } else {
        const auto from = parse_date(value_of(shown, Role::valid_from));
        const auto to = valid_until(shown);
        std::string span = from ? time_html(*from) : std::string();
        const std::string end = value_of(shown, Role::valid_to);
        if (to) {
            span += "至" + time_html(*to);
        } else if (!end.empty()) {
            span += span.empty() ? "长期" : "起长期有效";
        }
        model.set("validity", span);
    }
    fill_state(model, shown);
    fill_steps(model, shown, repairable_from(shown, rulebook, today), today);
}

}  // namespace mingxin::site
