// The row check: cells -> canonical values -> findings. Hot path: a million rows a batch; strings are reused.
#include <algorithm>
#include <charconv>
#include <optional>

#include "base/check.h"
#include "base/text.h"
#include "crypto/crypto.h"
#include "quality/cell_value.h"
#include "quality/predicate.h"
#include "quality/quality.h"
#include "rulebook/parameters.h"
#include "subject/identify.h"
#include "subject/name.h"

namespace mingxin::quality {

using record::Finding;
using rulebook::Absent;
using rulebook::Algorithm;
using rulebook::CheckRule;
using rulebook::Effect;
using rulebook::Field;
using rulebook::FieldType;
using rulebook::Requirement;
using rulebook::Role;
using rulebook::SubjectKind;

namespace {

const std::string_view kNaturalPerson = subject_kind_zh(SubjectKind::natural_person);
const std::string_view kIndividualBusiness = subject_kind_zh(SubjectKind::individual_business);
const std::string_view kOrganisation = subject_kind_zh(SubjectKind::organisation);
constexpr int kAlgorithms = static_cast<int>(Algorithm::old_version) + 1;

}  // namespace

struct Checker::Impl {
    const rulebook::Rulebook& rulebook;
    const rulebook::Item& item;
    std::vector<Source> sources;
    const UnitRegister& units;
    FileTraits traits;
    Date today;
    std::string today_text;
    Bytes secret;
    std::string long_term;
    std::int64_t small_fine_fen = 0;    // up to here a mere fine counts as simple procedure; 0: never
    std::int64_t serious_fine_fen = 0;  // from here a fine is 严重; 0: never
    bool reject_simple = false;         // simple-procedure penalties are not collected here
    int min_age = 18;

    /// By field, then by algorithm: the checks that speak for it, the field's own first; resolved once.
    std::vector<std::vector<std::vector<const CheckRule*>>> checks;
    std::vector<const CheckRule*> predicates;

    // Of the row at hand.
    std::span<const Cell> cells;
    CheckedRow* out = nullptr;
    std::string joined;    // of several columns
    int moved_field = -1;  // an older number stood in another field's column
    std::string moved_value;

    Impl(const rulebook::Rulebook& rulebook, const rulebook::Item& item, std::vector<Source> sources,
         const UnitRegister& units, FileTraits traits, Date today, BytesView secret)
        : rulebook(rulebook),
          item(item),
          sources(std::move(sources)),
          units(units),
          traits(traits),
          today(today),
          today_text(today.to_string()),
          secret(secret.begin(), secret.end()) {
        CHECK(this->sources.size() == item.fields.size());
        const auto number = [&](std::string_view id) { return rulebook.parameter(id, today).number; };
        long_term = rulebook.parameter(rulebook::kLongTermDate, today).text;
        if (number(rulebook::kSmallFineIsMinor) != 0)
            small_fine_fen = number(rulebook::kSimpleMaxOrgYuan) * 100;
        serious_fine_fen = number(rulebook::kSeriousFineYuan) * 100;
        reject_simple = number(rulebook::kRejectSimpleOrg) != 0;
        min_age = static_cast<int>(number(rulebook::kPersonMinAge));
        checks.assign(item.fields.size(), std::vector<std::vector<const CheckRule*>>(kAlgorithms));
        for (const CheckRule& check : item.checks) {
            if (!check.validity.contains(today)) continue;
            if (check.algorithm == Algorithm::none) {
                predicates.push_back(&check);
                continue;
            }
            for (std::size_t i = 0; i < item.fields.size(); ++i) {
                auto& list = checks[i][static_cast<int>(check.algorithm)];
                if (check.field == static_cast<int>(i)) list.insert(list.begin(), &check);
                if (check.field < 0) list.push_back(&check);
            }
        }
    }

    /// The check that applies to the row at hand; fields before this one are read already.
    const CheckRule* check_of(Algorithm algorithm, int field) const {
        for (const CheckRule* check : checks[field][static_cast<int>(algorithm)]) {
            if (holds(check->when, item, out->values, today_text)) return check;
        }
        return nullptr;
    }

    /// Adds the finding of the check that applies, if any does.
    const CheckRule* add(Algorithm algorithm, int field, const MessageParts& parts = {}) {
        const CheckRule* check = check_of(algorithm, field);
        if (check) add(make_finding(item, *check, field, parts));
        return check;
    }

    void add(Finding finding) {
        if (finding.effect == Effect::reject) out->rejected = true;
        out->findings.push_back(std::move(finding));
    }

    Cell cell_of(int field);
    bool says_nothing(int field, std::string_view text) const;
    bool is_broken(int field, const Cell& cell);
    void read_field(int field);
    void canonical_value(int field, const Cell& cell, std::string& value);
    void read_text(int field, std::string_view text, std::string& value);
    void read_code(int field, std::string_view text, std::string& value);
    bool move_old_number(int field, std::string_view text, std::string_view plain);
    void read_money(int field, std::string_view text, std::string& value);
    void read_enumeration(int field, std::string_view text, std::string& value);
    void read_set(int field, std::string_view text, std::string& value);
    const rulebook::DomainValue* member(int field, std::string_view text);
    void fill_absent();
    std::optional<SubjectKind> subject_kind() const;
    void check_subject_kind();
    int field_of_person() const;
    void refuse_person(int field);
    void check_kinds();
    void digest_certificate();
    void check_organs();
    void check_identity();
    void run_predicates();
    void compute_facts();
    int severity_of_kinds() const;
    std::string& value_with(Role role) { return out->values[item.field_with(role)]; }
    bool has(Role role) const {
        return item.field_with(role) >= 0 && !out->values[item.field_with(role)].empty();
    }
};

// The first cell that says something; of a set all that do.
Cell Checker::Impl::cell_of(int field) {
    const Source& source = sources[field];
    const bool takes_all = item.fields[field].type == FieldType::set && source.columns.size() > 1;
    Cell cell;
    cell.kind = Cell::Kind::empty;
    joined.clear();
    for (int column : source.columns) {
        if (column >= static_cast<int>(cells.size())) continue;
        Cell candidate = cells[column];
        candidate.text = trim(candidate.text);
        if (candidate.text.empty()) continue;
        if (!takes_all) {
            if (cell.text.empty()) cell = candidate;
            // Of several columns the first that says something: a dash gives way to a column behind it.
            if (source.columns.size() > 1 && says_nothing(field, candidate.text)) continue;
            return candidate;
        }
        if (!joined.empty()) joined += ';';
        joined.append(candidate.text);
        cell = {joined, Cell::Kind::text};
    }
    if (cell.text.empty() && !source.constant.empty()) cell = {source.constant, Cell::Kind::text};
    return cell;
}

// Empty, or a placeholder. A zero is an amount where an amount is asked for, and a code where the domain has
// it (0 正常 of the old template).
bool Checker::Impl::says_nothing(int field, std::string_view text) const {
    if (text.empty()) return true;
    if (!rulebook.is_placeholder(text)) return false;
    const Field& rule = item.fields[field];
    if (rule.type == FieldType::money) return text.find_first_of('0') == std::string_view::npos;
    const bool is_old = traits.old_version && rule.old_domain && rule.old_domain->find(text);
    return !is_old && !(rule.domain && rule.domain->find(text));
}

// What a spreadsheet shows instead of a value is no value, whatever the field; #N/A counts as a placeholder.
bool Checker::Impl::is_broken(int field, const Cell& cell) {
    if (cell.kind == Cell::Kind::formula_without_value) {
        return add(Algorithm::broken_cell, field, {cell.text, "是公式，文件中没有保存它的计算结果"}) !=
               nullptr;
    }
    if (cell.kind != Cell::Kind::error || rulebook.is_placeholder(cell.text)) return false;
    return add(Algorithm::broken_cell, field, {cell.text, "是错误值“" + std::string(cell.text) + "”"}) !=
           nullptr;
}

void Checker::Impl::read_field(int field) {
    const Field& rule = item.fields[field];
    std::string& value = out->values[field];
    value.clear();
    Cell cell = cell_of(field);
    if (says_nothing(field, cell.text) && rule.default_field >= 0) {
        const Cell other = cell_of(rule.default_field);
        if (!says_nothing(rule.default_field, other.text)) cell = other;
    }
    const bool needed = rule.requirement == Requirement::mandatory && !sources[field].is_absent();
    if (is_broken(field, cell)) return;
    if (!cell.text.empty() && says_nothing(field, cell.text)) {
        if (needed && add(Algorithm::placeholder, field, {cell.text})) return;
        cell = {};
    }
    if (cell.text.empty() && !rule.default_value.empty()) cell = {rule.default_value, Cell::Kind::text};
    if (!cell.text.empty()) {
        canonical_value(field, cell, value);
    } else if (needed) {
        add(Algorithm::required, field);
    }
}

void Checker::Impl::canonical_value(int field, const Cell& cell, std::string& value) {
    switch (item.fields[field].type) {
        case FieldType::text:
            return read_text(field, cell.text, value);
        case FieldType::code:
            return read_code(field, cell.text, value);
        case FieldType::money:
            return read_money(field, cell.text, value);
        case FieldType::enumeration:
            return read_enumeration(field, cell.text, value);
        case FieldType::set:
            return read_set(field, cell.text, value);
        case FieldType::date: {
            const CellValue read = read_date(cell, long_term, traits.date_1904);
            if (!read.reason_zh.empty()) {
                add(Algorithm::date, field, {cell.text, read.reason_zh});
            } else {
                value = read.text;
            }
            return;
        }
    }
}

void Checker::Impl::read_text(int field, std::string_view text, std::string& value) {
    const TextValue read = read_plain_text(text, value);
    if (read.broken) {
        add(Algorithm::characters, field, {text});
        return;
    }
    if (read.repaired) add(Algorithm::blanks, field, {text});
    const Field& rule = item.fields[field];
    // A character is at most four bytes and at least one: most cells need no counting.
    const bool maybe_long = rule.max_length > 0 && value.size() > static_cast<std::size_t>(rule.max_length);
    const bool maybe_short =
        rule.min_length > 1 && value.size() < static_cast<std::size_t>(rule.min_length) * 4;
    if (!maybe_long && !maybe_short) return;
    const int count = static_cast<int>(character_count(value));
    if ((rule.max_length > 0 && count > rule.max_length) || count < rule.min_length) {
        const std::string limit = std::to_string(count < rule.min_length ? rule.min_length : rule.max_length);
        add(Algorithm::length, field, {text, count < rule.min_length ? "太短" : "太长", limit});
        value.clear();
    }
}

// An older number in the column of the unified social credit code, where that is not mandatory, goes to the
// field it belongs to: it still leads to the subject.
bool Checker::Impl::move_old_number(int field, std::string_view text, std::string_view plain) {
    const Field& rule = item.fields[field];
    if (rule.role != Role::uscc || rule.requirement == Requirement::mandatory) return false;
    const subject::Identified found = subject::identify(text);
    // 15 digits whose check fails can still be an older number (rules 5.4): said, not refused.
    const bool unchecked = found.kind == subject::IdentifierKind::regno15;
    if (found.canonical.empty() && !unchecked) return false;
    Role role = Role::none;
    if (found.kind == subject::IdentifierKind::orgcode) role = Role::organisation_code;
    if (found.kind == subject::IdentifierKind::regno15 || found.kind == subject::IdentifierKind::regno13 ||
        found.kind == subject::IdentifierKind::regno_coop) {
        role = Role::registration_no;
    }
    const int target = role == Role::none ? -1 : item.field_with(role);
    if (target < 0) return false;
    moved_field = target;
    moved_value = found.canonical.empty() ? plain : found.canonical;
    add(Algorithm::identifier_moved, field, {text, item.fields[target].name_zh + moved_value});
    if (found.canonical.empty()) add(Algorithm::identifier, target, {text, found.reason_zh});
    return true;
}

void Checker::Impl::read_code(int field, std::string_view text, std::string& value) {
    CodeValue read = quality::read_code(item.fields[field].role, text);
    value = std::move(read.text);
    if (!read.reason_zh.empty() && move_old_number(field, text, value)) {
        value.clear();
        return;
    }
    if (!read.reason_zh.empty()) {
        const CheckRule* check = add(Algorithm::identifier, field, {text, read.reason_zh});
        if (check && check->effect == Effect::reject) value.clear();
        return;
    }
    if (read.repaired) add(Algorithm::identifier_repaired, field, {text, value});
}

void Checker::Impl::read_money(int field, std::string_view text, std::string& value) {
    const Source& source = sources[field];
    const bool in_wan_yuan = item.fields[field].money_in_wan_yuan && !source.money_in_yuan;
    const CellValue read = source.read == Source::Read::fine_in_text ? read_fine_in_text(text)
                                                                     : quality::read_money(text, in_wan_yuan);
    if (!read.reason_zh.empty()) {
        add(Algorithm::money, field, {text, read.reason_zh});
    } else {
        value = read.text;
    }
}

const rulebook::DomainValue* Checker::Impl::member(int field, std::string_view text) {
    const Field& rule = item.fields[field];
    const rulebook::DomainValue* found = nullptr;
    if (traits.old_version && rule.old_domain) found = rule.old_domain->find(text);
    if (!found) found = rule.domain->find(text);
    if (!found) {
        add(Algorithm::domain, field, {text, {}, rule.domain->title_zh});
    } else if (found->needs_choice) {
        add(Algorithm::choice, field, {text});
    }
    return found;
}

namespace {

/// The text behind 其他-; dashes of all widths are met.
std::string_view text_after_dash(std::string_view text) {
    for (std::string_view dash : {"-", "－", "—", "–", ":", "："}) {
        const std::size_t at = text.find(dash);
        if (at != std::string_view::npos) return trim(text.substr(at + dash.size()));
    }
    return {};
}

void append_member(std::string& value, const rulebook::DomainValue& entry, std::string_view extra) {
    std::string member = entry.value;
    if (!extra.empty()) (member += '-') += extra;
    if (value.empty()) {
        value = member;
        return;
    }
    for (std::string_view known : split(value, ';')) {
        if (known == member) return;
    }
    (value += ';') += member;
}

}  // namespace

void Checker::Impl::read_enumeration(int field, std::string_view text, std::string& value) {
    const rulebook::DomainValue* entry = member(field, text);
    if (!entry) return;
    if (entry->needs_choice) {
        value.assign(text);  // kept as it was written, for the person who chooses
        return;
    }
    const std::string_view extra = entry->needs_text ? text_after_dash(text) : std::string_view();
    if (entry->needs_text && extra.empty()) add(Algorithm::other_text, field, {text});
    append_member(value, *entry, extra);
}

// 罚款;没收违法所得: the whole cell first, then its parts, also split at 、 and commas.
void Checker::Impl::read_set(int field, std::string_view text, std::string& value) {
    const Field& rule = item.fields[field];
    if (rule.domain->find(text)) return read_enumeration(field, text, value);
    for (std::string_view part : split_set(text)) {
        if (rule.domain->find(part)) {
            read_enumeration(field, part, value);
            continue;
        }
        const std::vector<std::string_view> finer = split_list(part);
        const bool all_known =
            finer.size() > 1 && std::all_of(finer.begin(), finer.end(), [&](std::string_view p) {
                return rule.domain->find(p) != nullptr;
            });
        if (!all_known) {
            read_enumeration(field, part, value);
            continue;
        }
        for (std::string_view p : finer) read_enumeration(field, p, value);
    }
}

// Columns that a whole file may lack, filled from what is known (Absent).
void Checker::Impl::fill_absent() {
    for (std::size_t i = 0; i < item.fields.size(); ++i) {
        const Field& rule = item.fields[i];
        std::string& value = out->values[i];
        if (!value.empty() || !sources[i].is_absent()) continue;
        if (rule.absent == Absent::value) {
            value = rule.default_value;
        } else if (rule.absent == Absent::subject_type && has(Role::uscc)) {
            const bool individual =
                subject::base_of(value_with(Role::uscc)) == subject::Base::individual_business;
            value = individual ? kIndividualBusiness : kOrganisation;
        } else if (rule.absent == Absent::organ_code && has(Role::organ_name)) {
            auto known = units.code_by_name.find(subject::normalise_name(value_with(Role::organ_name)));
            if (known != units.code_by_name.end()) value = known->second;
        }
    }
}

/// What kind of subject the row is about: as it says, else by its unified code.
std::optional<SubjectKind> Checker::Impl::subject_kind() const {
    const int type = item.field_with(Role::subject_type), uscc = item.field_with(Role::uscc);
    for (SubjectKind kind :
         {SubjectKind::organisation, SubjectKind::individual_business, SubjectKind::natural_person}) {
        if (type >= 0 && out->values[type] == rulebook::subject_kind_zh(kind)) return kind;
    }
    if (uscc < 0 || out->values[uscc].empty()) return std::nullopt;
    return subject::base_of(out->values[uscc]) == subject::Base::individual_business
               ? SubjectKind::individual_business
               : SubjectKind::organisation;
}

// V16. Rows about persons are the matter of refuse_person, which keeps nothing of them.
void Checker::Impl::check_subject_kind() {
    const auto kind = subject_kind();
    const int field = item.field_with(Role::subject_name);
    if (!kind || field < 0 || item.is_about(*kind) || item.only_persons()) return;
    if (*kind == SubjectKind::natural_person && !item.persons_allowed) return;
    std::string allowed;
    for (SubjectKind one : item.subject_kinds) {
        (allowed += allowed.empty() ? "" : "、") += rulebook::subject_kind_zh(one);
    }
    add(Algorithm::subject_kind, field, {rulebook::subject_kind_zh(*kind), {}, allowed});
}

/// The field that tells that the row is about a natural person: the kind of party, or, where no unified code
/// leads to an organisation, a citizen's number in the place of one of an organisation. -1: none.
int Checker::Impl::field_of_person() const {
    if (item.persons_allowed) return -1;
    if (item.only_persons()) return item.field_with(Role::subject_name);
    const int type = item.field_with(Role::subject_type);
    if (type >= 0 && out->values[type] == kNaturalPerson) return type;
    const int uscc = item.field_with(Role::uscc);
    if (uscc < 0) return -1;
    // One citizen's number in 31 passes the check of a unified code; none of an organisation's parts fits
    // then.
    const std::string& code = out->values[uscc];
    if (!code.empty()) {
        if (!subject::is_valid_ric(code) || !subject::is_valid_uscc(code)) return -1;
        const bool fits = subject::is_valid_orgcode(subject::orgcode_of(code)) &&
                          rulebook.division(subject::division_of(code)) != nullptr;
        return fits ? -1 : uscc;
    }
    for (Role role : {Role::registration_no, Role::organisation_code, Role::tax_no, Role::institution_no,
                      Role::social_organisation_no}) {
        const int field = item.field_with(role);
        if (field >= 0 && subject::is_valid_ric(out->values[field])) return field;
    }
    return -1;
}

// A natural person's row is refused with the article, and nothing of it is kept.
void Checker::Impl::refuse_person(int field) {
    const int number_field = item.field_with(Role::person_certificate_no);
    const std::string number = number_field < 0 ? std::string() : out->values[number_field];
    const auto act = parse_date(has(Role::decision_date) ? value_with(Role::decision_date) : today_text);
    if (subject::is_valid_ric(number) && act &&
        subject::birth_date_of(number).plus_months(12 * min_age) > *act) {
        add(Algorithm::minor, number_field, {{}, {}, std::to_string(min_age)});
    }
    const CheckRule* check = add(Algorithm::natural_person, field);
    CHECK(check != nullptr && check->effect == Effect::reject);  // the rulebook may not lack it
    for (std::string& value : out->values) value.clear();
}

// Kinds that only persons receive, and procedures that are not collected here.
void Checker::Impl::check_kinds() {
    const int field = item.field_with(Role::kind);
    if (field < 0 || !item.fields[field].domain || out->values[field].empty()) return;
    for (std::string_view part : split(out->values[field], ';')) {
        const rulebook::DomainValue* entry = item.fields[field].domain->find(part);
        if (entry && entry->persons_only) add(Algorithm::persons_only, field, {part});
    }
    if (item.adverse && reject_simple && severity_of_kinds() == 1) add(Algorithm::not_collected, field);
}

// The legal representative's certificate number was checked; only a keyed digest is kept.
void Checker::Impl::digest_certificate() {
    const int field = item.field_with(Role::legal_certificate_no);
    if (field < 0 || out->values[field].empty()) return;
    std::string& number = out->values[field];
    number = "hmac-sm3:" + to_hex(crypto::hmac_sm3(secret, as_bytes(number)));
}

// V12: the organ that decided is in the unit register.
void Checker::Impl::check_organs() {
    for (Role role : {Role::organ_code, Role::source_code}) {
        const int field = item.field_with(role);
        if (field < 0 || out->values[field].empty()) continue;
        if (!units.name_by_code.contains(out->values[field])) {
            add(Algorithm::organ_known, field, {out->values[field]});
            out->values[field].clear();
        }
    }
}

// Without any code the name alone would have to do, and a name alone never attaches anything (R6).
void Checker::Impl::check_identity() {
    const bool identified = has(Role::uscc) || has(Role::registration_no) || has(Role::organisation_code) ||
                            has(Role::tax_no) || has(Role::institution_no) ||
                            has(Role::social_organisation_no);
    out->name_only = !identified && !out->rejected;
}

void Checker::Impl::run_predicates() {
    for (const CheckRule* check : predicates) {
        if (check->field >= 0 && sources[check->field].is_absent() && out->values[check->field].empty())
            continue;
        if (!holds(check->when, item, out->values, today_text)) continue;
        if (holds(check->holds, item, out->values, today_text)) continue;
        // A cell that is already refused, or whose number was moved, is not blamed twice.
        const bool blamed =
            std::any_of(out->findings.begin(), out->findings.end(), [&](const Finding& finding) {
                const bool settled = finding.effect == Effect::reject ||
                                     (moved_field >= 0 && finding.effect == Effect::repair);
                return finding.field == check->field && settled && check->field >= 0;
            });
        if (blamed) continue;
        // What was written, not what was made of it: the clerk looks for it in the file.
        std::string_view value = check->field >= 0 ? cell_of(check->field).text : std::string_view();
        if (value.empty() && check->field >= 0) value = out->values[check->field];
        add(make_finding(item, *check, check->field, {value}));
    }
}

// The class of Order 36: the most serious kind decides; a small mere fine counts as simple procedure.
int Checker::Impl::severity_of_kinds() const {
    const int field = item.field_with(Role::kind);
    if (field < 0 || !item.fields[field].domain) return 0;
    int worst = 0;
    bool only_fine = true;
    for (std::string_view part : split(out->values[field], ';')) {
        const rulebook::DomainValue* entry = item.fields[field].domain->find(part);
        if (!entry) continue;
        worst = std::max(worst, entry->severity);
        only_fine = only_fine && (entry->group == "fine" || entry->group == "warning");
    }
    const int fine_field = item.field_with(Role::fine);
    if (worst != 2 || fine_field < 0) return worst;
    const std::string& fine = out->values[fine_field];
    std::int64_t fine_fen = 0;
    std::from_chars(fine.data(), fine.data() + fine.size(), fine_fen);
    if (serious_fine_fen > 0 && fine_fen >= serious_fine_fen) return 3;
    if (only_fine && fine_fen > 0 && fine_fen <= small_fine_fen) return 1;
    return worst;
}

void Checker::Impl::compute_facts() {
    const auto date_with = [&](Role role) -> std::optional<Date> {
        const int field = item.field_with(role);
        if (field < 0 || out->values[field].empty() || out->values[field] == long_term) return std::nullopt;
        return parse_date(out->values[field]);
    };
    out->facts.start = date_with(Role::decision_date);
    out->facts.valid_to = date_with(Role::valid_to);
    out->facts.stated_end = date_with(Role::publicity_end);
    out->facts.severity = item.severity;
    if (item.adverse && item.severity == 0) out->facts.severity = severity_of_kinds();
}

Checker::Checker(const rulebook::Rulebook& rulebook, const rulebook::Item& item, std::vector<Source> sources,
                 const UnitRegister& units, FileTraits traits, Date today, BytesView secret)
    : impl_(std::make_unique<Impl>(rulebook, item, std::move(sources), units, traits, today, secret)) {}
Checker::~Checker() = default;

void Checker::check(std::span<const Cell> cells, CheckedRow& out) {
    Impl& c = *impl_;
    c.cells = cells;
    c.out = &out;
    out.values.resize(c.item.fields.size());
    out.findings.clear();
    out.facts = {};
    out.rejected = false;
    out.name_only = false;
    c.moved_field = -1;
    for (std::size_t i = 0; i < c.item.fields.size(); ++i) c.read_field(static_cast<int>(i));
    if (c.moved_field >= 0 && out.values[c.moved_field].empty()) out.values[c.moved_field] = c.moved_value;
    c.fill_absent();
    c.check_organs();
    c.check_subject_kind();
    c.check_kinds();
    c.run_predicates();
    if (const int field = c.field_of_person(); field >= 0) c.refuse_person(field);
    c.digest_certificate();
    if (out.rejected) return;
    c.check_identity();
    c.compute_facts();
}

}  // namespace mingxin::quality
