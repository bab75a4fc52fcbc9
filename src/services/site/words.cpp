#include "site/words.h"

#include "base/text.h"

namespace mingxin::site {

using record::ShownRecord;
using rulebook::Role;

std::string zh_html(const Messages& words, std::string_view text) {
    if (text.empty() || words.language() == Language::zh) return escape_html(text);
    return "<span lang=\"zh\">" + escape_html(text) + "</span>";
}

namespace {
/// The month as dates write it: a number, or a name.
std::string month_name(const Messages& words, int month) {
    return std::string(split(words("date.month_names"_text), ' ')[static_cast<std::size_t>(month - 1)]);
}
}  // namespace

std::string date_text(const Messages& words, Date date) {
    const YearMonthDay parts = split(date);
    return words("date.day"_text, {{"year", std::to_string(parts.year)},
                                   {"month", month_name(words, parts.month)},
                                   {"day", std::to_string(parts.day)}});
}

std::string month_text(const Messages& words, int year, int month) {
    return words("date.month"_text, {{"year", std::to_string(year)}, {"month", month_name(words, month)}});
}

std::string time_html(const Messages& words, Date date) {
    return "<time datetime=\"" + date.to_string() + "\">" + date_text(words, date) + "</time>";
}

std::string time_html(const Messages& words, Instant instant) {
    const std::string local = instant.to_local_string();  // 2026-11-20 12:05:06
    const std::string hour = local[11] == '0' ? local.substr(12, 1) : local.substr(11, 2);
    return "<time datetime=\"" + local.substr(0, 10) + "T" + local.substr(11) + "+08:00\">" +
           words(
               "date.instant"_text,
               {{"day", date_text(words, instant.date())}, {"hour", hour}, {"minute", local.substr(14, 2)}}) +
           "</time>";
}

std::string grouped(std::int64_t number) {
    std::string text = std::to_string(number);
    for (int at = static_cast<int>(text.size()) - 3; at > (number < 0 ? 1 : 0); at -= 3) {
        text.insert(static_cast<std::size_t>(at), ",");
    }
    return text;
}

std::string age_text(const Messages& words, Date from, Date to) {
    const YearMonthDay a = split(from), b = split(to);
    const auto say = [&](Text one, Text many, int count) {
        return words(count == 1 ? one : many, {{"count", std::to_string(count)}});
    };
    int months = (b.year - a.year) * 12 + b.month - a.month - (b.day < a.day ? 1 : 0);
    if (months < 1) {
        return say("age.day"_text, "age.days"_text, std::max(0, static_cast<int>(to.days - from.days)));
    }
    const int years = months / 12;
    months %= 12;
    if (years == 0) return say("age.month"_text, "age.months"_text, months);
    const std::string text = say("age.year"_text, "age.years"_text, years);
    if (months == 0) return text;
    return words("age.both"_text,
                 {{"years", text}, {"months", say("age.month"_text, "age.months"_text, months)}});
}

std::string_view base_text(const Messages& words, int base) {
    if (base == 0) return words("base.enterprise"_text);
    return base == 1 ? words("base.individual"_text) : words("base.other"_text);
}

std::string item_title(const Messages& words, const rulebook::Item& item) {
    const std::string_view own = words.find("item." + item.id);
    if (!own.empty()) return std::string(own);
    return words.language() == Language::en && !item.title_en.empty() ? item.title_en : item.title_zh;
}

std::string_view grade_text(const Messages& words, int severity) {
    if (severity == 1) return words("grade.minor"_text);
    if (severity == 2) return words("grade.ordinary"_text);
    return severity == 3 ? words("grade.serious"_text) : std::string_view{};
}

std::string_view outcome_text(const Messages& words, record::Outcome outcome) {
    switch (outcome) {
        case record::Outcome::accepted:
            return words("outcome.accepted"_text);
        case record::Outcome::updated:
            return words("outcome.updated"_text);
        case record::Outcome::duplicate:
            return words("outcome.duplicate"_text);
        case record::Outcome::doubtful:
            return words("outcome.doubtful"_text);
        case record::Outcome::rejected:
            break;
    }
    return words("outcome.rejected"_text);
}

FaultWords fault_words(const Messages& words, Fault fault) {
    const FaultText& text = fault_text(fault);
    const std::string id = "fault." + std::string(text.code);
    const std::string_view title = words.find(id + ".title"), remedy = words.find(id + ".remedy");
    return {title.empty() ? text.title_zh : title, remedy.empty() ? text.remedy_zh : remedy};
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
    if (shown.item->heading_field >= 0) {
        const auto& chosen = shown.item->fields[static_cast<std::size_t>(shown.item->heading_field)];
        for (const record::ShownField& own : shown.fields) {
            if (own.code == chosen.code) return shortened(own.value, longest);
        }
    }
    std::size_t at = 0;
    for (const rulebook::Field& field : shown.item->fields) {
        if (at < shown.fields.size() && shown.fields[at].code == field.code) {
            if (field.role == Role::none && !shown.item->defines_subject) {
                return shortened(shown.fields[at].value, longest);
            }
            ++at;
        }
    }
    const std::string content = shown.item->defines_subject ? "" : value_of(shown, Role::content);
    return shortened(content.empty() ? shown.title : content, longest);
}

std::vector<std::string> decisions_of(const ShownRecord& shown) {
    std::string fine = value_of(shown, Role::fine);
    const std::size_t zeros = fine.find(".00元");  // as records write it
    if (zeros != std::string::npos) fine.erase(zeros, 3);
    std::vector<std::string> decisions;
    const std::string kinds = value_of(shown, Role::kind);
    for (std::string_view kind : split(kinds, ';')) {
        if (kind.empty()) continue;
        decisions.emplace_back(kind);
        if (kind == "罚款") decisions.back() += fine;  // as records write it
    }
    return decisions;
}

std::string result_html(const Messages& words, const ShownRecord& shown) {
    std::string text;
    const auto add = [&](std::string_view piece) {
        if (piece.empty()) return;
        text = text.empty() ? std::string(piece) : words("word.and"_text, {{"one", text}, {"other", piece}});
    };
    for (const std::string& decision : decisions_of(shown)) add(zh_html(words, decision));
    add(grade_text(words, shown.severity));
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
void fill_steps(const Messages& words, Model& model, const ShownRecord& shown, std::optional<Date> repair,
                Date today) {
    if (!shown.item->adverse || !shown.decided || !shown.shown_until) return;
    model.flag("has_steps", true);
    add_step(model, "steps", "done", words("step.decided"_text), time_html(words, *shown.decided));
    const bool open = repair && *repair <= today;
    const auto add_repair = [&](std::string_view kind) {
        add_step(model, "steps", kind, words("step.repair"_text),
                 words("step.from"_text, {{"day", time_html(words, *repair)}}));
    };
    if (open) add_repair("done");
    std::string now(words(open ? "step.repair_open"_text : "step.shown"_text));
    if (repair && !open) {
        now = words("step.repair_in"_text, {{"count", std::to_string(repair->days - today.days)}});
    }
    add_step(model, "steps", "now", words("word.today"_text), now);
    if (repair && !open) add_repair("");
    add_step(model, "steps", "", words("step.end"_text),
             words("step.until"_text, {{"day", time_html(words, *shown.shown_until)}}));
    model.flag("repairable", open);
}

void fill_state(const Messages& words, Model& model, const ShownRecord& shown) {
    if (shown.item->adverse) {
        model.mark("badge", words("badge.shown"_text)).set("badge_class", "note");
        return;
    }
    const std::string state = value_of(shown, Role::state);
    if (shown.item->defines_subject || state.empty()) return;
    model.mark("badge", state).set("badge_class", in_force(shown) ? "good" : "");
}

/// From when until when a permit is valid.
std::string validity_html(const Messages& words, const ShownRecord& shown) {
    const auto from = parse_date(value_of(shown, Role::valid_from));
    const auto to = valid_until(shown);
    const std::string from_html = from ? time_html(words, *from) : std::string();
    if (to) {
        const std::string to_html = time_html(words, *to);
        return from ? words("validity.span"_text, {{"from", from_html}, {"to", to_html}})
                    : words("validity.until"_text, {{"to", to_html}});
    }
    if (value_of(shown, Role::valid_to).empty()) return from_html;
    return from ? words("validity.from"_text, {{"from", from_html}})
                : std::string(words("word.long_term"_text));
}

}  // namespace

void fill_record(const Messages& words, Model& model, const ShownRecord& shown,
                 const rulebook::Rulebook& rulebook, Date today, const std::string& unit_zh) {
    model.set("id", shown.id).set("heading", heading(shown)).set("document_no", shown.document_no);
    model.set("organ", shown.organ).set("subject", shown.subject);
    model.set("source_unit", shown.source_unit.empty() ? unit_zh : shown.source_unit);
    model.set("item_title", item_title(words, *shown.item));
    model.set("item_basis", shown.item->basis.text_zh());
    model.set("received", time_html(words, shown.received.date()));
    model.set("term_basis", shown.basis_zh).flag("adverse", shown.item->adverse);
    model.set("decided", shown.decided ? time_html(words, *shown.decided) : std::string());
    model.set("shown_until", shown.shown_until ? time_html(words, *shown.shown_until)
                                               : std::string(words("word.long_term"_text)));
    model.set("permit_no", value_of(shown, Role::permit_no));
    if (shown.item->adverse) {
        model.set("result", result_html(words, shown));
    } else {
        model.set("validity", validity_html(words, shown));
    }
    fill_state(words, model, shown);
    fill_steps(words, model, shown, repairable_from(shown, rulebook, today), today);
}

}  // namespace mingxin::site
