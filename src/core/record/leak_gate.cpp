// The leak gate on free text: what subject/personal_text.h finds does not leave in a shown value (rules 9.6,
// C13).
#include "record/record.h"
#include "subject/personal_text.h"

namespace mingxin::record {

namespace {

std::string masked(std::string_view text, const std::vector<subject::PersonalSpan>& spans) {
    std::string out;
    std::size_t copied = 0;
    for (const subject::PersonalSpan& span : spans) {
        out.append(text.substr(copied, span.begin - copied));
        out.append(subject::masked_personal(text.substr(span.begin, span.end - span.begin), span.kind));
        copied = span.end;
    }
    out.append(text.substr(copied));
    return out;
}

constexpr std::size_t kMost = 100'000;  // spans of one text

bool is_number(subject::PersonalKind kind) {
    return kind != subject::PersonalKind::home_address && kind != subject::PersonalKind::minor &&
           kind != subject::PersonalKind::health;
}

}  // namespace

std::string mask_personal(std::string_view text) {
    return masked(text, subject::find_personal_numbers(text, kMost));
}

std::string mask_personal(std::string_view text, const rulebook::Rulebook& rulebook, Date today) {
    auto spans = subject::find_personal(text, rulebook, today, kMost);
    std::erase_if(spans, [](const subject::PersonalSpan& span) {
        return !is_number(span.kind) && !(span.rule != nullptr && span.rule->hidden);
    });
    return masked(text, spans);
}

}  // namespace mingxin::record
