// Findings with their texts.
#include "base/text.h"
#include "quality/predicate.h"
#include "quality/quality.h"

namespace mingxin::quality {

using rulebook::CheckRule;

namespace {

constexpr std::size_t kLongestValue = 60;  // characters of a cell that a message repeats

std::string shortened(std::string_view value) {
    if (value.size() <= kLongestValue) return std::string(value);
    std::string out;
    std::size_t position = 0, count = 0;
    while (position < value.size() && count < kLongestValue) {
        append_utf8(out, next_code_point(value, position));
        ++count;
    }
    return position < value.size() ? out + "…" : out;
}

std::string filled(std::string_view text, std::string_view field_zh, const MessageParts& parts,
                   const CheckRule& check) {
    std::string out;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t open = text.find('{', at);
        const std::size_t close = open == std::string_view::npos ? open : text.find('}', open);
        if (close == std::string_view::npos) break;
        out.append(text.substr(at, open - at));
        const std::string_view name = text.substr(open + 1, close - open - 1);
        if (name == "field") {
            out.append(field_zh);
        } else if (name == "value") {
            out.append(shortened(parts.value));
        } else if (name == "reason") {
            out.append(parts.reason);
        } else if (name == "limit") {
            out.append(parts.limit);
        } else if (name == "article") {
            out.append(check.basis.text_zh());
        }
        at = close + 1;
    }
    out.append(text.substr(at));
    return out;
}

/// The text without the clauses that tell what only the row could: "（… {reason} …）" and "：{reason}" up to
/// the next stop. What a rulebook puts in another place is left as it is.
std::string without_details(std::string text) {
    for (const char* detail : {"{reason}", "{limit}"}) {
        for (std::size_t at = text.find(detail); at != std::string::npos; at = text.find(detail)) {
            const std::size_t bracket = text.rfind("（", at), closing = text.find("）", at);
            const bool bracketed = bracket != std::string::npos && closing != std::string::npos &&
                                   text.find("）", bracket) == closing;
            const std::size_t colon = text.rfind("：", at);
            if (bracketed) {
                text.erase(bracket, closing + std::string_view("）").size() - bracket);
            } else if (colon != std::string::npos) {
                text.erase(colon, std::min({text.find("。", at), text.find("；", at), text.find("（", at),
                                            text.size()}) -
                                      colon);
            } else {
                break;
            }
        }
    }
    return text;
}

}  // namespace

record::Finding make_finding(const rulebook::Item& item, const CheckRule& check, int field,
                             const MessageParts& parts) {
    record::Finding finding;
    finding.fault = check.id;
    finding.field = field >= 0 ? field : check.field;
    finding.effect = check.effect;
    const std::string_view field_zh =
        finding.field >= 0 ? std::string_view(item.fields[finding.field].name_zh) : "本行";
    finding.message_zh = filled(check.message_zh, field_zh, parts, check);
    finding.remedy_zh = filled(check.remedy_zh, field_zh, parts, check);
    return finding;
}

const CheckRule* check_with(const rulebook::Item& item, rulebook::Algorithm algorithm, Date today,
                            int field) {
    const CheckRule* general = nullptr;
    for (const CheckRule& check : item.checks) {
        if (check.algorithm != algorithm || !check.validity.contains(today)) continue;
        if (field >= 0 && check.field == field) return &check;
        if (check.field < 0 && !general) general = &check;
        if (field < 0 && !general) general = &check;
    }
    return general;
}

bool holds_when(const CheckRule& check, const rulebook::Item& item, const std::vector<std::string>& values,
                Date today) {
    return holds(check.when, item, values, today.to_string());
}

void fill_texts(const rulebook::Item& item, Date day, record::Finding& finding) {
    const CheckRule* check = item.check(finding.fault, day, finding.field);
    if (!check) return;
    // The journal keeps no cell values: the message says where to look instead.
    CheckRule general = *check;
    general.message_zh = without_details(general.message_zh);
    general.remedy_zh = without_details(general.remedy_zh);
    record::Finding texts = make_finding(item, general, finding.field, {"（见原表）", "与规则不符", "规定"});
    finding.message_zh = std::move(texts.message_zh);
    finding.remedy_zh = std::move(texts.remedy_zh);
}

}  // namespace mingxin::quality
