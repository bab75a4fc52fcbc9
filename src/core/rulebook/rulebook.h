// The Rulebook: regulation as data. Loaded from the YAML files of rules/ in two passes (read all, then
// resolve references); the first broken reference stops the start, with file and line. Immutable and
// thread-safe after loading; its digest names the version, activating one is a journal event, each decision
// stores it. Facts: docs/formats/rules.md; every rule has an id, a basis and a validity and is ended, never
// deleted.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "calendar/calendar.h"
#include "rulebook/lexicon.h"

namespace mingxin::rulebook {

/// Calendar dates, both inclusive.
struct Validity {
    Date from;
    Date to;  // 9999-12-31 when open
    bool contains(Date date) const { return from <= date && date <= to; }
};

struct Basis {
    std::string document;  // "信用修复管理办法（国家发展改革委令第36号）"
    std::string article;   // "第八条"; may be empty
    bool unsure = false;   // the source is not confirmed: a parameter, shown as such
    Validity validity;     // of the document: beyond it the document is repealed
    std::string text_zh() const { return document + article; }
};

enum class FieldType { text, date, money, enumeration, set, code };

/// What a field is for, as far as the engine must know. Everything else is plain content.
enum class Role {
    none,
    subject_name,
    subject_type,  // 行政相对人类别
    uscc,
    registration_no,
    organisation_code,
    tax_no,
    institution_no,
    social_organisation_no,
    former_name,
    legal_representative,
    legal_certificate_type,
    legal_certificate_no,  // checked, then kept only as a keyed digest
    person_certificate_type,
    person_certificate_no,
    document_no,
    document_name,
    permit_no,
    kind,  // 处罚类别, 许可类别
    content,
    fine,
    confiscated,
    decision_date,
    established,
    valid_from,
    valid_to,
    publicity_end,
    state,
    organ_name,
    organ_code,
    industry,  // GB/T 4754
    source_name,
    source_code,
    address,
    capital,
    scope,
    remark,
    count_
};

/// 社会公开, 政务共享, 授权查询, and never leaving the platform (certificate digests).
enum class Sharing { open = 1, departments = 2, authorised = 3, sealed = 4 };
enum class Requirement { mandatory, conditional, optional };

/// What happens when a file has no column for a field at all (an empty cell is the matter of V01).
/// refuse: the file is refused with one finding, V01.column. leave: the field stays empty, told once about
/// the file when it is mandatory or conditional (V01.column_absent). refuse_unless_old: refuse, but leave in
/// a file of the old version. The rest fills every row: subject_type by the code (92: individual business),
/// unit_name and unit_code from the submitting unit, organ_code from the unit register by the organ's name,
/// value from Field::default_value.
enum class Absent { leave, refuse, refuse_unless_old, subject_type, unit_name, unit_code, organ_code, value };

/// A closed list of values, with the other spellings that are read as each.
struct DomainValue {
    std::string value;  // canonical: "罚款"
    std::string code;   // "02"
    std::vector<std::string> aliases;
    std::string group;  // penalty kinds: "fine", "confiscation", "suspension_revocation", "warning", ...
    int severity = 0;   // penalty kinds: 1 轻微, 2 一般, 3 严重 (Order 36)
    bool needs_text = false;    // 其他-<text>
    bool needs_choice = false;  // a combined old value that a person must split
    bool persons_only = false;
    Validity validity;
    Basis basis;
};

struct Domain {
    std::string id;
    std::string title_zh;
    std::vector<DomainValue> values;
    /// By canonical value, code or alias, folded; with 其他-<text> the 其他 entry. nullptr when unknown.
    /// Several kinds in one cell are joined by ; (or ；); ask for the whole cell first, then for its parts
    /// also split at 、,
    const DomainValue* find(std::string_view text) const;
    std::unordered_map<std::string, int> by_text;
};

struct Field {
    std::string code;                  // "CF_WSH"
    std::string name_zh;               // "行政处罚决定书文号"
    std::vector<std::string> aliases;  // other headers: older codes and names
    FieldType type = FieldType::text;
    Role role = Role::none;
    Requirement requirement = Requirement::optional;
    int min_length = 0, max_length = 0;  // characters
    const Domain* domain = nullptr;      // enumeration, set
    bool money_in_wan_yuan = false;
    Sharing sharing = Sharing::open;
    Absent absent = Absent::leave;
    std::string example;                 // a cell as it may be written, for people; empty: none
    std::string default_value;           // for an empty cell and for Absent::value; empty: none
    int default_field = -1;              // an empty cell takes this field's value (XK_WSH from XK_XKBH)
    const Domain* old_domain = nullptr;  // of the old version where its codes mean something else (XK_ZT)
};

/// A total predicate over the canonical values of one row (dates YYYY-MM-DD, money in fen, enumerations as
/// DomainValue::value) and the date of the check. A comparison with an empty value does not hold, except
/// before_or_on, which holds: an empty date is the matter of V01. A set: equals and in hold when any member
/// does.
struct Predicate {
    enum class Op { always, all, any, none_of, present, equals, in, has_group, before_or_on, starts_with };
    Op op = Op::always;
    int field = -1;
    int other_field = -1;  // before_or_on: field <= other_field; -1 with today: field <= today
    bool today = false;
    std::vector<std::string> values;
    std::vector<Predicate> parts;
};

enum class Effect { reject, doubtful, warn, repair };

/// The built-in algorithms that a check may name; everything else is a Predicate. With CheckRule::field -1
/// they look at every field that they can concern (required: the mandatory ones; date: the dates; length:
/// all; ...).
enum class Algorithm {
    none,
    required,             // V01: mandatory cell empty
    identifier,           // V05: by the field's role, rules 5; {reason}
    date,                 // V06: a day that exists
    money,                // V07: readable, not negative, at most six decimals of 万元
    domain,               // V10: value not in the closed list; {limit} names the list
    length,               // V11: {limit} characters
    placeholder,          // V11: 无, /, null ... in a mandatory field
    characters,           // V11: U+FFFD, unassigned: text that lost its encoding
    broken_cell,          // V11: a formula without its result, or an error value of the spreadsheet
    organ_known,          // V12: code in the unit register
    duplicate,            // V13: identical row (skipped)
    permit_chain,         // V14
    name_conflict,        // V15: code is known under another name
    name_only,            // V15: no code leads to a subject
    natural_person,       // the item is not on the allow-list for persons
    minor,                // under 18 on the day of the act
    not_collected,        // simple procedure where the province does not collect it (parameter intake.*)
    column,               // V01: the file has no column for a field with Absent::refuse; refuses the file
    column_absent,        // V01: the file has no column for a mandatory or conditional field that may lack
    identifier_repaired,  // V05: a code was repaired to its canonical form (O/0, I/1, blanks, hyphen)
    identifier_moved,     // V05: an older number in the column of the unified code
    blanks,               // V11: control characters removed, blanks trimmed
    subject_kind,         // V16: the item does not concern this kind of subject
    other_text,           // V10: 其他 without a text after the hyphen
    choice,               // V10: a combined old value that a person must split
    persons_only,         // V10: a kind that only persons can receive
    update,               // V13: same key, newer content
    update_unproven,      // V13: the same, but what stands for the document number is a title
    withdrawn,            // V13: its source withdrew the record with this key
    old_version,          // the file has the old version's header; told once
};

/// One check: fault code, when it applies, what must hold, what is said. Messages may hold {field} {value}
/// {limit} {reason} {article}. Several checks of an item may share an id when they mark different fields. A
/// check whose marked field has no column in the file is not run: V01.column or V01.column_absent said it
/// once.
struct CheckRule {
    std::string id;  // "V07"; a fault code is the id or id.variant: "V07.missing_fine"
    std::string title_zh;
    Algorithm algorithm = Algorithm::none;
    Effect effect = Effect::reject;
    Predicate when;
    Predicate holds;
    int field = -1;  // the cell that is marked
    std::string message_zh, remedy_zh;
    Basis basis;
    Validity validity;
};

/// A class of the national catalogue (rules 4.1): 行政管理信息.
struct CatalogueClass {
    std::string id;           // "administration"
    std::int64_t number = 0;  // 1..13
    std::string title_zh;
    Basis basis;
    Validity validity;
};

/// Whom an item may speak of.
enum class SubjectKind { organisation, individual_business, natural_person };
/// 法人及非法人组织, 个体工商户, 自然人: as the domain subject_type says it.
std::string_view subject_kind_zh(SubjectKind kind);

/// How often a providing unit hands an item in.
enum class UpdateCycle { on_change, daily, weekly, monthly, quarterly, half_yearly, yearly };
std::string_view update_cycle_zh(UpdateCycle cycle);  // "每月"
std::string_view sharing_zh(Sharing sharing);         // "社会公开"

/// One catalogue item. Field order is the order of values everywhere.
struct Item {
    std::string id;           // "penalty"
    std::int64_t number = 0;  // stable, stored in tables
    std::string title_zh;     // "行政处罚"
    std::string title_en;     // empty: not given
    std::string about_zh;     // what it tells
    const CatalogueClass* catalogue_class = nullptr;
    std::string section;      // of the report: "administrative"
    std::string provider_zh;  // 责任单位: which units provide it
    Sharing sharing = Sharing::open;
    UpdateCycle update_cycle = UpdateCycle::on_change;
    std::vector<SubjectKind> subject_kinds;
    Basis basis;
    Validity validity;
    std::vector<Field> fields;
    std::vector<int> key_fields;            // V13: document number, subject, organ
    std::vector<int> key_without_document;  // and these where the row has no document number
    bool prominent = false;  // named on pages also where there is none of it: permits, penalties
    int heading_field = -1;  // what a record is headed with; -1: its first field without a role
    std::vector<CheckRule> checks;
    bool adverse = false;          // negative information: publicity terms apply
    int severity = 0;              // of every record of it: 1 轻微, 2 一般, 3 严重; 0: by its kinds
    bool self_declared = false;    // the subject says it of itself; shown as such
    bool defines_subject = false;  // registration: its rows create and change subjects
    bool persons_allowed = false;  // allow-list for natural persons; empty by default
    std::string publicity;         // id of the publicity rule set
    int due_working_days = 0;      // from the decision to publication; 0: none
    /// Rules 1.3: a header with one of old_has and none of old_lacks (folded) is the old version.
    std::vector<std::string> old_has, old_lacks;
    int field_with(Role role) const { return by_role[static_cast<int>(role)]; }
    bool is_about(SubjectKind kind) const;
    /// Only natural persons: no row of it is taken while it is not on their allow-list.
    bool only_persons() const;
    /// The item is valid and the document that it stands on is not repealed (R1). What is not in force is
    /// neither collected nor shown any more.
    bool in_force(Date date) const { return validity.contains(date) && date <= basis.validity.to; }
    /// By code, name or alias, folded (fold_header); -1 when unknown. Several columns may lead to one field
    /// (CF_CFLB1, CF_CFLB2): a set takes all, another field the first that is not empty.
    int field_by_header(std::string_view header) const;
    bool is_old_version(const std::vector<std::string>& headers) const;
    /// The check in force on date with this id; with field >= 0 the one that marks it, if any does. nullptr:
    /// none.
    const CheckRule* check(std::string_view id, Date date, int field = -1) const;
    std::vector<int> by_role = std::vector<int>(static_cast<int>(Role::count_), -1);
    std::unordered_map<std::string, int> by_header;
};

/// 2.3: how long a class of record may be shown.
struct PublicityTerm {
    std::string id;
    std::string set;   // "penalty", "permit", "registration"
    int severity = 0;  // 0 for sets that know none
    bool shown = true;
    int min_months = 0;
    int max_months = 0;           // 0: without end (facts that are not negative)
    bool until_valid_to = false;  // ends with the act's own validity
    std::string start;            // "decision_date"
    std::string title_zh;
    Basis basis;
    Validity validity;
};

/// Header cells compare by this: half-width, without blanks and the marks * and :, upper case.
std::string fold_header(std::string_view header);
/// Amounts under this header are in yuan, not in 万元: "罚款金额（元）".
bool header_in_yuan(std::string_view header);

struct Division {
    std::string code, name;
    std::string full_name;  // 河南省平顶山市鲁山县
    bool abolished = false;
};

struct Parameter {
    std::string id;
    std::int64_t number = 0;
    std::string text;
    Basis basis;
    Validity validity;
};

/// Permissions by their names in api/api.h.
struct RoleRule {
    std::string id;        // "department_clerk"
    std::string title_zh;  // "部门填报员"
    std::vector<std::string> permissions;
    Basis basis;
    Validity validity;
};

struct ReportSection {
    std::string id;                  // "basic": Item::section
    std::string title_zh;            // "一、基础信息"
    std::vector<std::string> items;  // catalogue items that feed it, in order; empty: none collected yet
};

/// The words of the credit report (rules 8.1, 8.2).
struct ReportText {
    std::string title_zh;
    std::string empty_zh;                 // said in a section without records
    std::vector<ReportSection> sections;  // in the order of the template
    std::vector<std::string> explanation_zh, disclaimer_zh;
    Basis basis;
};

/// What a text must not hold when it is to be published (docs/content.md): words, or personal data of a kind
/// (docs/leak-gate.md), for which the words are those that tell it.
struct WordRule {
    std::string id;  // "W03"
    std::string title_zh;
    std::vector<std::string> words;    // as they are met: half-width, without blanks, upper case
    std::vector<std::string> except;   // longer words in which one of them is meant otherwise
    std::string personal;              // kind of subject/personal_text.h: "mobile"; empty: plain words
    std::string form;                  // of that kind, where it has several: "age"
    std::vector<std::string> unless;   // before it: then it is something else
    std::vector<std::string> with;     // one must follow a word
    std::vector<std::string> persons;  // one must stand beside it, or a name
    bool hidden = false;               // masked in shown values as well; numbers always are
    bool reject = false;               // else a reviewer must answer it
    std::string reason_zh, remedy_zh;
    Basis basis;
    Validity validity;
};

/// A day or month of the year that is kept every year: 3月15日, 9月.
struct Campaign {
    std::string id;
    std::string title_zh, title_en, about_zh;
    int from_month = 0, from_day = 0, to_month = 0, to_day = 0;
    Basis basis;
    Validity validity;
};

/// Why the source of a record may withdraw it, and in how many working days after the decision that ends its
/// ground (行政处罚法 art. 48 and 85).
struct WithdrawalGround {
    std::string id;  // "withdrawal.annulled"
    std::string title_zh, title_en;
    std::string public_zh;         // what the public reads in the place of the record
    bool needs_document = false;   // number and date of the deciding document
    int penalty_working_days = 0;  // for administrative penalties; 0: no limit
    int other_working_days = 0;    // for everything else
    Basis basis;
    Validity validity;
    int working_days(const Item& item) const {
        return item.id == "penalty" ? penalty_working_days : other_working_days;
    }
};
struct Indicator;         // indicators.h
struct AssessmentScheme;  // indicators.h

/// One entry of the rulebook, for `rules list` and for comparing editions.
struct RuleInfo {
    std::string id, kind, title_zh, place;  // place: "items/penalty.yaml:12"
    Basis basis;
    Validity validity;
    /// Everything that the entry says, flat: "fields.CF_WSH.length", "[0, 128]".
    std::vector<std::pair<std::string, std::string>> facets;
};

/// A file of the rulebook: its path below the folder, with /, and its bytes.
struct RuleFile {
    std::string path, content;
};

/// What the edition is called: "2025年版".
struct Edition {
    std::string title_zh;
    Basis basis;
};

class Rulebook {
  public:
    /// Fault::rulebook_broken with file, line and what is wrong. Reports every problem of a pass, one a line.
    static Result<std::shared_ptr<const Rulebook>> load(const std::filesystem::path& folder);
    /// The same from files that were kept (the journal keeps those of every edition that was put into force).
    static Result<std::shared_ptr<const Rulebook>> load(std::vector<RuleFile> files);

    const std::string& digest() const;           // SM3 over the sorted files, hex
    const std::vector<RuleFile>& files() const;  // sorted by path
    const Edition& edition() const;
    const std::vector<std::unique_ptr<CatalogueClass>>& classes() const;  // by number
    const std::vector<std::unique_ptr<Item>>& items() const;              // by number
    const Item* item(std::string_view id) const;
    const Item* item(std::int64_t number) const;
    /// Like item(), but Fault::item_unknown / item_not_in_force with the remedy.
    Result<const Item*> item_in_force(std::string_view id, Date date) const;
    const Domain* domain(std::string_view id) const;
    const std::vector<PublicityTerm>& publicity() const;
    /// The term in force on date for a set and severity; nullptr: not shown.
    const PublicityTerm* publicity_term(std::string_view set, int severity, Date date) const;
    const calendar::Calendar& calendar() const;
    const Division* division(std::string_view code) const;
    /// GB/T 4754; empty when unknown.
    std::string_view industry(std::string_view code) const;
    /// The section ("C") that a code lies in, as departments write it: "C", "13", "1311", "C1311"; empty when
    /// unknown.
    std::string_view industry_section(std::string_view code) const;
    /// The parameter in force on date; CHECK fails when the id is unknown (ids are resolved at load by the
    /// code's list).
    const Parameter& parameter(std::string_view id, Date date) const;
    const std::vector<RuleInfo>& rules() const;
    const std::vector<RoleRule>& roles() const;
    const RoleRule* role(std::string_view id) const;
    const ReportText& report() const;
    const std::vector<WordRule>& word_rules() const;
    const Lexicon& lexicon() const;  // of the word rules with personal
    const std::vector<Campaign>& campaigns() const;
    const std::vector<WithdrawalGround>& withdrawal_grounds() const;
    /// In force on date; nullptr: no such ground.
    const WithdrawalGround* withdrawal_ground(std::string_view id, Date date) const;
    const std::vector<Indicator>& indicators() const;
    const std::vector<AssessmentScheme>& assessment_schemes() const;
    /// Cells that say nothing: 无, /, null, 0000 ... (V11). value is trimmed.
    bool is_placeholder(std::string_view value) const;
    std::int64_t division_count() const;

  private:
    friend class Loader;
    struct Impl;
    explicit Rulebook(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;

  public:
    ~Rulebook();
};

}  // namespace mingxin::rulebook
