// How long a record may be shown (rules 2.3): computed at the moment of reading from the term in force.
#include <algorithm>

#include "record/held.h"

namespace mingxin::record {

Publicity term_of(const rulebook::Rulebook& rulebook, const rulebook::Item& item, const Facts& facts,
                  Date today) {
    Publicity decision;
    if (!item.in_force(today)) {  // K1: outside the catalogue, or its basis repealed
        decision.reason_zh = "目录项已终止或其依据已废止，不再公示";
        return decision;
    }
    if (item.adverse && facts.severity == 0) {
        decision.reason_zh = "失信程度未确定，不予公示";
        return decision;
    }
    decision.term = rulebook.publicity_term(item.publicity, facts.severity, today);
    if (!decision.term || !decision.term->shown) {
        decision.reason_zh = "依规定不予公示";
        return decision;
    }
    const rulebook::PublicityTerm& term = *decision.term;
    if (term.until_valid_to) decision.until = facts.valid_to;
    if (term.max_months > 0) {
        if (!facts.start) {
            decision.reason_zh = "缺少起算日期，不予公示";
            return decision;
        }
        Date until = facts.start->plus_months(term.max_months);
        // The file may shorten the term, never below the minimum and never beyond the maximum.
        if (facts.stated_end && *facts.stated_end < until) {
            until = std::max(*facts.stated_end, facts.start->plus_months(term.min_months));
        }
        decision.until = decision.until ? std::min(*decision.until, until) : until;
    }
    if (item.adverse && !decision.until) {
        decision.reason_zh = "公示期限未确定，不予公示";  // nothing negative is ever shown without an end
        return decision;
    }
    if (facts.start && today < *facts.start) {
        decision.reason_zh = "尚未生效";
        return decision;
    }
    if (decision.until && *decision.until < today) {
        decision.reason_zh = "公示期已满，已自动停止公示";
        return decision;
    }
    decision.shown = true;
    return decision;
}

Publicity publicity(const rulebook::Rulebook& rulebook, const rulebook::Item& item, const Facts& facts,
                    Date today) {
    Publicity decision = term_of(rulebook, item, facts, today);
    if (decision.shown && item.sharing != rulebook::Sharing::open) {
        decision.shown = false;
        decision.reason_zh = "不属于社会公开的信息";
    }
    return decision;
}

}  // namespace mingxin::record
