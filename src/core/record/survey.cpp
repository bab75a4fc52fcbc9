#include "record/survey.h"

#include <algorithm>
#include <set>
#include <vector>

#include "record/record.h"

namespace mingxin::record {
namespace {

constexpr store::Sql kOfItem{
    "record.survey_item",
    "select r.position, r.event, r.row, r.start, r.valid_to, r.stated_end, r.severity, r.subject, "
    "b.unit_code from record r left join batch b on b.id = r.event "
    "where r.tenant = $1 and r.item = $2 and r.position > $3 and r.ended_us = 0 order by r.position"};
constexpr store::Sql kLive{
    "record.survey",
    "select r.position, r.item, r.event, r.row, r.start, r.valid_to, r.stated_end, r.severity, "
    "r.received_us, b.unit_code from record r left join batch b on b.id = r.event "
    "where r.tenant = $1 and r.ended_us = 0 order by r.position"};

std::optional<Date> day(const store::Cursor& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return Date{static_cast<std::int32_t>(row.integer(column))};
}

}  // namespace

Result<void> survey(store::ReadTx& tx, const rulebook::Rulebook& rulebook, std::int64_t tenant, Date today,
                    const std::function<void(const Surveyed&)>& visit) {
    auto rows = TRY(tx.scan(kLive, {tenant}));
    Surveyed one;
    Facts facts;
    while (TRY(rows.next())) {
        one.item = rulebook.item(rows.integer(1));
        if (!one.item) continue;
        facts.start = day(rows, 4);
        facts.valid_to = day(rows, 5);
        facts.stated_end = day(rows, 6);
        facts.severity = static_cast<int>(rows.integer(7));
        const Publicity decision = publicity(rulebook, *one.item, facts, today);
        if (!decision.shown) continue;
        one.position = rows.integer(0);
        one.event = rows.integer(2);
        one.row = rows.integer(3);
        one.decided = facts.start;
        one.shown_until = decision.until;
        one.severity = facts.severity;
        one.received = Instant{rows.integer(8)};
        one.unit_code = rows.text(9);
        visit(one);
    }
    return {};
}

namespace {

/// Shown by a rulebook on its day, but for what time alone brings: the terms are those of the later day.
Publicity shown_by(const RulesOn& rules, std::int64_t item_number, const Facts& facts, Date later) {
    const rulebook::Item* item = rules.rulebook.item(item_number);
    if (item == nullptr) return {};
    if (!item->in_force(rules.day)) return publicity(rules.rulebook, *item, facts, rules.day);
    if (item->in_force(later)) return publicity(rules.rulebook, *item, facts, later);
    // In force then and not any more: would it be shown today if it still were?
    Publicity then = publicity(rules.rulebook, *item, facts, rules.day);
    if (then.until && *then.until < later) then.shown = false;
    return then;
}

bool same_terms(const rulebook::PublicityTerm& a, const rulebook::PublicityTerm& b) {
    return a.set == b.set && a.severity == b.severity && a.shown == b.shown && a.min_months == b.min_months &&
           a.max_months == b.max_months && a.until_valid_to == b.until_valid_to &&
           a.validity.from == b.validity.from && a.validity.to == b.validity.to;
}

std::vector<rulebook::PublicityTerm> terms_of(const rulebook::Rulebook& rulebook, std::string_view set) {
    std::vector<rulebook::PublicityTerm> terms;
    for (const rulebook::PublicityTerm& term : rulebook.publicity()) {
        if (term.set == set) terms.push_back(term);
    }
    return terms;
}

/// Whether any record of the item may be shown differently: most items need not be looked through.
bool may_differ(const RulesOn& before, const RulesOn& after, std::int64_t number) {
    const rulebook::Item *was = before.rulebook.item(number), *is = after.rulebook.item(number);
    if (was == nullptr || is == nullptr) return was != is;
    if (was->in_force(before.day) != is->in_force(after.day)) return true;
    if (was->sharing != is->sharing || was->adverse != is->adverse) return true;
    const auto own = terms_of(before.rulebook, was->publicity), now = terms_of(after.rulebook, is->publicity);
    return !std::equal(own.begin(), own.end(), now.begin(), now.end(), same_terms);
}

std::set<std::int64_t> numbers_of(const RulesOn& before, const RulesOn& after) {
    std::set<std::int64_t> numbers;
    for (const RulesOn* rules : {&before, &after}) {
        for (const auto& item : rules->rulebook.items()) numbers.insert(item->number);
    }
    return numbers;
}

}  // namespace

Result<void> survey_changes(store::ReadTx& tx, std::int64_t tenant, const RulesOn& before,
                            const RulesOn& after, const SurveyPlace& behind,
                            const std::function<Result<bool>(const PublicityChange&)>& visit) {
    for (std::int64_t number : numbers_of(before, after)) {
        if (number < behind.item || !may_differ(before, after, number)) continue;
        const std::int64_t from = number == behind.item ? behind.position : 0;
        auto rows = TRY(tx.scan(kOfItem, {tenant, number, from}));
        while (TRY(rows.next())) {
            Facts facts;
            facts.start = day(rows, 3);
            facts.valid_to = day(rows, 4);
            facts.stated_end = day(rows, 5);
            facts.severity = static_cast<int>(rows.integer(6));
            const Publicity was = shown_by(before, number, facts, after.day);
            const Publicity is = shown_by(after, number, facts, after.day);
            if (was.shown == is.shown && (!is.shown || was.until == is.until)) continue;
            PublicityChange one;
            one.place = {number, rows.integer(0)};
            one.event = rows.integer(1);
            one.row = rows.integer(2);
            one.item = after.rulebook.item(number);
            if (one.item == nullptr) one.item = before.rulebook.item(number);
            one.subject = rows.text(7);
            one.unit_code = rows.text(8);
            one.decided = facts.start;
            one.was_shown = was.shown;
            one.is_shown = is.shown;
            one.was_until = was.until;
            one.is_until = is.until;
            one.reason_zh = is.reason_zh;
            if (!TRY(visit(one))) return {};
        }
    }
    return {};
}

}  // namespace mingxin::record
