#include "quality/predicate.h"

#include <algorithm>

#include "base/text.h"

namespace mingxin::quality {

using rulebook::Predicate;

namespace {

/// Calls visit for each member of a set, or once for another field; true as soon as visit is.
template <class Visit>
bool any_member(const rulebook::Field& field, std::string_view value, Visit visit) {
    if (field.type != rulebook::FieldType::set) return visit(value);
    while (!value.empty()) {
        const std::size_t end = std::min(value.find(';'), value.size());
        if (visit(value.substr(0, end))) return true;
        value.remove_prefix(std::min(end + 1, value.size()));
    }
    return false;
}

bool is_one_of(std::string_view value, const std::vector<std::string>& list) {
    return std::find(list.begin(), list.end(), value) != list.end();
}

bool has_group(const rulebook::Field& field, std::string_view value, const std::vector<std::string>& groups) {
    if (!field.domain) return false;
    return any_member(field, value, [&](std::string_view member) {
        const rulebook::DomainValue* entry = field.domain->find(member);
        return entry && is_one_of(entry->group, groups);
    });
}

}  // namespace

bool holds(const Predicate& p, const rulebook::Item& item, const std::vector<std::string>& values,
           std::string_view today) {
    using Op = Predicate::Op;
    const auto part_holds = [&](const Predicate& part) { return holds(part, item, values, today); };
    const std::string_view value = p.field >= 0 ? std::string_view(values[p.field]) : std::string_view();
    switch (p.op) {
        case Op::always:
            return true;
        case Op::all:
            return std::all_of(p.parts.begin(), p.parts.end(), part_holds);
        case Op::any:
            return std::any_of(p.parts.begin(), p.parts.end(), part_holds);
        case Op::none_of:
            return std::none_of(p.parts.begin(), p.parts.end(), part_holds);
        case Op::present:
            return !value.empty();
        case Op::equals:
        case Op::in:
            return !value.empty() && any_member(item.fields[p.field], value, [&](std::string_view member) {
                return is_one_of(member, p.values);
            });
        case Op::has_group:
            return !value.empty() && has_group(item.fields[p.field], value, p.values);
        case Op::before_or_on: {
            const std::string_view other = p.today ? today : std::string_view(values[p.other_field]);
            return value.empty() || other.empty() || value <= other;  // YYYY-MM-DD orders as text
        }
        case Op::starts_with:
            return std::any_of(p.values.begin(), p.values.end(),
                               [&](const std::string& prefix) { return value.starts_with(prefix); });
    }
    return false;
}

}  // namespace mingxin::quality
