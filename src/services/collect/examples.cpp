#include "collect/examples.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "quality/quality.h"
#include "rulebook/parameters.h"
#include "subject/identify.h"
#include "subject/name.h"

namespace mingxin::collect {

using rulebook::Field;
using rulebook::FieldType;
using rulebook::Requirement;
using rulebook::Role;

namespace {

constexpr std::string_view kCheckCharacters = "0123456789ABCDEFGHJKLMNPQRTUWXY";
constexpr std::string_view kIndividualBusiness = "个体工商户", kPerson = "自然人";
constexpr std::array<std::string_view, kExamples> kOrdinals = {"一", "二", "三"};
constexpr std::array<std::string_view, kExamples> kPersons = {"张三", "李四", "王五"};
constexpr int kDaysBetween = 3, kDaysAgo = 30, kYearsStanding = 6, kYearsValid = 5;

std::string completed(const std::string& body, bool (*is_valid)(std::string_view)) {
    for (char c : kCheckCharacters) {
        if (is_valid(body + c)) return body + c;
    }
    return body;
}

std::string number_text(int number, std::size_t digits) {
    std::string text = std::to_string(number);
    return text.size() < digits ? std::string(digits - text.size(), '0') + text : text;
}

std::string made_code(std::string_view kind, std::string_view division, int number) {
    const std::string body = completed("MAX9" + number_text(number, 4), subject::is_valid_orgcode);
    return completed(std::string(kind).append(division) + body, subject::is_valid_uscc);
}

bool is_citizen_number(std::string_view text) {
    return subject::is_valid_ric(text);
}
bool is_registration_number(std::string_view text) {
    return subject::is_valid_regno15(text);
}

/// 2026/05/01, as the data standard writes days.
std::string written(Date date) {
    std::string text = date.to_string();
    std::replace(text.begin(), text.end(), '-', '/');
    return text;
}

/// One row: what each field may hold, tried until no check has anything to say.
class Example {
  public:
    Example(const rulebook::Rulebook& rulebook, const rulebook::Item& item, const SubmittingUnit& unit,
            Date today, int number)
        : rulebook_(rulebook), item_(item), unit_(unit), today_(today), number_(number) {
        division_ = unit.code.size() == 18 ? unit.code.substr(2, 6) : "410423";
        const rulebook::Division* known = rulebook.division(division_);
        place_ = known ? known->name : "某县";
        decided_ = today.plus_days(-kDaysAgo - kDaysBetween * number);
        choose_party();
    }

    std::vector<std::string> row() {
        for (std::size_t i = 0; i < item_.fields.size(); ++i) {
            ways_.push_back(ways_of(item_.fields[i]));
            way_.push_back(is_shown(static_cast<int>(i)) && !ways_[i].empty() ? 0 : -1);
        }
        identify_party();
        settle();
        return cells();
    }

  private:
    void choose_party() {
        const int type = item_.field_with(Role::subject_type);
        const rulebook::Domain* domain = type < 0 ? nullptr : item_.fields[type].domain;
        const bool individual = number_ == kExamples - 1 && domain &&
                                domain->find(kIndividualBusiness) != nullptr &&
                                item_.is_about(rulebook::SubjectKind::individual_business);
        party_type_ = individual ? kIndividualBusiness : std::string_view();
        party_code_ = made_code(individual ? "92" : "91", division_, number_ + 1);
        party_name_ = place_ + "示例" + std::string(kOrdinals[number_]) +
                      (individual ? "号便民商店" : "号商贸有限公司");
    }

    /// Mandatory fields, those that nobody would leave out, and in the first row what else the public may
    /// see.
    bool is_shown(int field) const {
        const Field& rule = item_.fields[field];
        if (rule.requirement == Requirement::mandatory) return true;
        switch (rule.role) {
            case Role::uscc:
            case Role::subject_name:
            case Role::subject_type:
            case Role::legal_representative:
            case Role::document_no:
            case Role::document_name:
            case Role::permit_no:
            case Role::kind:
            case Role::content:
            case Role::decision_date:
            case Role::established:
            case Role::valid_from:
            case Role::valid_to:
            case Role::publicity_end:
            case Role::state:
            case Role::organ_name:
            case Role::organ_code:
            case Role::source_name:
            case Role::source_code:
            case Role::industry:
            case Role::address:
            case Role::capital:
            case Role::scope:
                return true;
            case Role::none:
                return number_ == 0 && rule.type == FieldType::text &&
                       rule.requirement == Requirement::optional && rule.sharing == rulebook::Sharing::open;
            default:
                return false;
        }
    }

    /// Where the item has no unified code, another number leads to the party.
    void identify_party() {
        if (item_.field_with(Role::uscc) >= 0) return;
        for (Role role : {Role::organisation_code, Role::registration_no, Role::tax_no, Role::institution_no,
                          Role::social_organisation_no, Role::person_certificate_no}) {
            const int field = item_.field_with(role);
            if (field < 0 || ways_[field].empty()) continue;
            way_[field] = 0;
            return;
        }
    }

    /// Where a check has something to say, the cell is written another way, or left blank, or filled.
    void settle() {
        constexpr int kMostRounds = 60;
        quality::UnitRegister units;
        units.name_by_code.emplace(unit_.code, unit_.name);
        units.code_by_name.emplace(subject::normalise_name(unit_.name), unit_.code);
        std::vector<quality::Source> sources(item_.fields.size());
        for (std::size_t i = 0; i < sources.size(); ++i) sources[i].columns = {static_cast<int>(i)};
        quality::Checker checker(rulebook_, item_, sources, units, {}, today_, as_bytes("examples"));
        quality::CheckedRow checked;
        for (int round = 0; round < kMostRounds; ++round) {
            const std::vector<std::string> row = cells();
            std::vector<quality::Cell> read;
            for (const std::string& cell : row) {
                read.push_back({cell, cell.empty() ? quality::Cell::Kind::empty : quality::Cell::Kind::text});
            }
            checker.check(read, checked);
            std::set<int> told;
            for (const record::Finding& finding : checked.findings) told.insert(finding.field);
            told.erase(-1);
            if (told.empty()) return;
            for (int field : told) try_other_way(field);
        }
    }

    void try_other_way(int field) {
        const bool may_be_blank = item_.fields[field].requirement != Requirement::mandatory;
        const int count = static_cast<int>(ways_[field].size());
        if (++way_[field] >= count) way_[field] = may_be_blank || count == 0 ? -1 : 0;
    }

    std::vector<std::string> cells() const {
        std::vector<std::string> row;
        for (std::size_t i = 0; i < ways_.size(); ++i) {
            row.push_back(way_[i] < 0 ? std::string() : ways_[i][static_cast<std::size_t>(way_[i])]);
        }
        return row;
    }

    std::vector<std::string> ways_of(const Field& field) const;
    std::vector<std::string> numbers_of(Role role) const;
    std::vector<std::string> ways_by_type(const Field& field) const;
    std::string long_number(int length) const;
    std::vector<std::string> days_of(Role role) const;
    std::vector<std::string> members_of(const Field& field) const;
    std::string text_of(const Field& field) const;

    const rulebook::Rulebook& rulebook_;
    const rulebook::Item& item_;
    const SubmittingUnit& unit_;
    Date today_, decided_;
    int number_;
    std::string division_, place_, party_name_, party_code_;
    std::string_view party_type_;
    std::vector<std::vector<std::string>> ways_;  // by field, the first is preferred
    std::vector<int> way_;                        // the one taken; -1: blank
};

std::vector<std::string> Example::ways_of(const Field& field) const {
    switch (field.role) {
        case Role::subject_name:
            return {party_name_};
        case Role::legal_representative:
            return {std::string(kPersons[number_])};
        case Role::organ_name:
        case Role::source_name:
            return {unit_.name};
        case Role::organ_code:
        case Role::source_code:
            return {unit_.code};
        case Role::document_no:
            if (field.min_length > 14) return {long_number(field.min_length)};
            return {"示例〔" + std::to_string(decided_.year()) + "〕" + std::to_string(number_ + 1) + "号"};
        case Role::address:
            return {place_ + "示例路" + std::to_string(number_ + 1) + "号"};
        case Role::industry:
            for (int code = 51; code < 98; ++code) {
                if (!rulebook_.industry(std::to_string(code)).empty()) return {std::to_string(code)};
            }
            return {};
        default:
            break;
    }
    std::vector<std::string> numbers = numbers_of(field.role);
    return numbers.empty() ? ways_by_type(field) : numbers;
}

/// Division, day, serial: as commitments are numbered (rules 12.1).
std::string Example::long_number(int length) const {
    std::string day = decided_.to_string();
    std::erase(day, '-');
    return division_ + day + number_text(number_ + 1, static_cast<std::size_t>(length) - 14);
}

std::vector<std::string> Example::numbers_of(Role role) const {
    switch (role) {
        case Role::uscc:
        case Role::tax_no:
            return {party_code_};
        case Role::organisation_code:
            return {std::string(subject::orgcode_of(party_code_))};
        case Role::registration_no:
            return {completed(division_ + number_text(99990001 + number_, 8), is_registration_number)};
        case Role::institution_no:
        case Role::social_organisation_no:
            return {"1" + division_ + number_text(number_ + 1, 5)};
        case Role::legal_certificate_no:
        case Role::person_certificate_no:
            // Of a province as a whole: no such number was ever given to a person.
            return {completed(division_.substr(0, 2) + "000019800101" + number_text(number_ + 1, 3),
                              is_citizen_number)};
        default:
            return {};
    }
}

std::vector<std::string> Example::ways_by_type(const Field& field) const {
    const std::string number = number_text(decided_.year() * 1000 + number_ + 1, 7);
    switch (field.type) {
        case FieldType::date:
            return days_of(field.role);
        case FieldType::money:
            return {field.money_in_wan_yuan ? "1.2" : "12000", "0"};
        case FieldType::enumeration:
        case FieldType::set:
            return members_of(field);
        case FieldType::code:
            if (!field.example.empty()) return {field.example};
            return {number_text(decided_.year() * 1000 + number_ + 1,
                                static_cast<std::size_t>(std::max(field.min_length, 7)))};
        case FieldType::text:
            break;
    }
    if (field.role == Role::permit_no) return {"SL" + number};
    return {text_of(field)};
}

std::vector<std::string> Example::days_of(Role role) const {
    const std::string decided = written(decided_), next_year = written(decided_.plus_months(12));
    const std::string end = written(decided_.plus_months(12 * kYearsValid).plus_days(-1));
    const std::string for_ever = rulebook_.parameter(rulebook::kLongTermDate, today_).text;
    switch (role) {
        case Role::established:
            return {written(decided_.plus_months(-12 * kYearsStanding)), decided};
        case Role::valid_to:
            return {number_ == 0 ? written(*parse_date(for_ever)) : end, end, next_year};
        case Role::publicity_end:
            return {next_year, decided, end};
        default:
            return {decided, next_year, end, written(decided_.plus_months(-12 * kYearsStanding))};
    }
}

/// Members that stand for themselves; which comes first goes by the row, so that a drop-down's values are
/// met. Of a set the second row has two.
std::vector<std::string> Example::members_of(const Field& field) const {
    std::vector<std::string> members;
    for (const rulebook::DomainValue& value : field.domain->values) {
        const bool plain = value.validity.contains(today_) && !value.needs_text && !value.needs_choice &&
                           !value.persons_only;
        if (plain && (item_.persons_allowed || value.value != kPerson)) members.push_back(value.value);
    }
    if (field.role == Role::subject_type && !party_type_.empty()) {
        std::stable_partition(members.begin(), members.end(),
                              [&](const std::string& value) { return value == party_type_; });
    } else if (field.role == Role::kind && !members.empty()) {
        std::rotate(members.begin(), members.begin() + number_ % static_cast<int>(members.size()),
                    members.end());
    }
    if (field.type == FieldType::set && number_ == 1 && members.size() > 1) {
        members.insert(members.begin(), members[0] + ";" + members[1]);
    }
    return members;
}

std::string Example::text_of(const Field& field) const {
    std::string text = field.example;
    if (text.empty()) {
        const std::string name = field.name_zh.substr(0, field.name_zh.find_first_of('('));
        text = name + "示例" + std::string(kOrdinals[number_]);
    }
    while (character_count(text) < static_cast<std::size_t>(field.min_length)) text += "示例";
    const std::u32string characters = to_code_points(text);
    if (field.max_length <= 0 || characters.size() <= static_cast<std::size_t>(field.max_length)) return text;
    text.clear();
    for (int i = 0; i < field.max_length; ++i) append_utf8(text, characters[static_cast<std::size_t>(i)]);
    return text;
}

}  // namespace

SubmittingUnit invented_unit() {
    return {made_code("11", "410423", 100), "鲁山县示例管理局"};
}

std::vector<std::vector<std::string>> example_rows(const rulebook::Rulebook& rulebook,
                                                   const rulebook::Item& item, const SubmittingUnit& unit,
                                                   Date today) {
    std::vector<std::vector<std::string>> rows;
    for (int number = 0; number < kExamples; ++number) {
        rows.push_back(Example(rulebook, item, unit, today, number).row());
    }
    return rows;
}

}  // namespace mingxin::collect
