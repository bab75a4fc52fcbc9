#include "sim/model.h"

#include <algorithm>
#include <stdexcept>

namespace mingxin::tests::sim {

namespace {

using namespace std::chrono;

/// The same day n months on, or the last of that month.
Day months_on(Day from, int n) {
    const year_month_day start(from);
    const year_month month = year_month(start.year(), start.month()) + months(n);
    const year_month_day same(month.year(), month.month(), start.day());
    return same.ok() ? Day(same) : Day(year_month_day_last(month.year(), month_day_last(month.month())));
}

Day date(int y, unsigned m, unsigned d) {
    return Day(year(y) / month(m) / std::chrono::day(d));
}

struct Term {
    int least, most;  // months
};

/// Rules 2.3: the regulation in force on the day of reading.
Term term(bool serious, Day today) {
    if (today >= date(2026, 4, 1)) return serious ? Term{12, 36} : Term{3, 12};  // Order 36
    if (today >= date(2023, 5, 1)) return serious ? Term{12, 36} : Term{3, 36};  // Order 58
    return serious ? Term{6, 36} : Term{3, 12};                                  // the notice of 2019
}

}  // namespace

bool Model::in_term(const Fact& fact, Day today) {
    if (today < fact.decided) return false;
    if (fact.item == "registration") return true;
    if (fact.item == "permit") return !fact.valid_to || today <= *fact.valid_to;
    if (fact.kind == Kind::warning || fact.kind == Kind::small_fine) return false;
    const auto [least, most] = term(fact.kind == Kind::revocation, today);
    Day until = months_on(fact.decided, most);
    if (fact.stated_end && *fact.stated_end < until) {
        until = std::max(*fact.stated_end, months_on(fact.decided, least));
    }
    return today <= until;
}

std::set<std::string> Model::shown(const std::string& code, Day today, std::int64_t known_us) const {
    std::set<std::string> ids;
    for (const Fact& fact : facts_) {
        const bool stood = fact.received_us <= known_us && (fact.ended_us == 0 || fact.ended_us > known_us);
        if (fact.code == code && stood && in_term(fact, today)) ids.insert(fact.id);
    }
    return ids;
}

const Fact& Model::fact(const std::string& id) const {
    for (const Fact& fact : facts_) {
        if (fact.id == id) return fact;
    }
    throw std::out_of_range("no fact " + id);
}

Became Model::take(const Fact& fact, const std::string& name, const std::string& id, std::int64_t now_us) {
    const Became what = decide(fact, name, id, now_us);
    ++became[static_cast<int>(what)];
    return what;
}

Became Model::decide(const Fact& fact, const std::string& name, const std::string& id, std::int64_t now_us) {
    if (fact.document.empty()) return Became::rejected;
    if (fact.code.empty()) return Became::doubtful;
    const auto known = companies_.find(fact.code);
    if (known == companies_.end()) {
        companies_[fact.code].name = name;
    } else if (known->second.name != name && !known->second.former.contains(name)) {
        return Became::doubtful;
    }
    return attach(fact, id, now_us);
}

Became Model::rename(const Fact& registration, const std::string& new_name, const std::string& id,
                     std::int64_t now_us) {
    Company& company = companies_.at(registration.code);
    if (company.name != new_name) company.former.insert(company.name);
    company.former.erase(new_name);
    company.name = new_name;
    const Became what = attach(registration, id, now_us);
    ++became[static_cast<int>(what)];
    return what;
}

Became Model::attach(const Fact& fact, const std::string& id, std::int64_t now_us) {
    Fact taken = fact;
    taken.id = id;
    taken.received_us = now_us;
    const auto end = [&](Fact& former) {
        former.ended_us = now_us;
        facts_.push_back(taken);
        return Became::updated;
    };
    Fact* told = nullptr;  // V13: the last that was told of the same document
    for (Fact& former : facts_) {
        if (former.item == fact.item && former.code == fact.code && former.document == fact.document)
            told = &former;
    }
    if (told && told->content == fact.content) return Became::duplicate;  // even where V14 ended it
    if (told && told->ended_us == 0) return end(*told);
    Fact* newest = nullptr;  // V14: the newest permit of the number that is not newer than this one
    for (Fact& former : facts_) {
        if (fact.permit_number.empty() || former.ended_us != 0 || former.item != "permit" ||
            former.code != fact.code || former.permit_number != fact.permit_number ||
            former.decided > fact.decided)
            continue;
        if (!newest || former.decided >= newest->decided) newest = &former;
    }
    if (newest) return end(*newest);
    facts_.push_back(taken);
    return Became::accepted;
}

}  // namespace mingxin::tests::sim
