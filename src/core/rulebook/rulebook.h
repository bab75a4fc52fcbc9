// The Rulebook: regulation as data. Loaded from the YAML files of rules/ in two passes (read all, then resolve
// references); the first broken reference stops the start, with file and line. Immutable and thread-safe after
// loading; its digest names the version, activating one is a journal event, each decision stores it.
// Facts: docs/formats/rules.md; every rule has an id, a basis and a validity and is ended, never deleted.
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

namespace mingxin::rulebook {

struct Basis {
    std::string document;  // "信用修复管理办法（国家发展改革委令第36号）"
    std::string article;   // "第八条"; may be empty
    bool unsure = false;   // the source is not confirmed: a parameter, shown as such
    std::string text_zh() const { return document + article; }
};

/// Calendar dates, both inclusive.
struct Validity {
    Date from;
    Date to;  // 9999-12-31 when open
    bool contains(Date date) const { return from <= date && date <= to; }
};

enum class FieldType { text, date, money, enumeration, set, code };

/// What a field is for, as far as the engine must know. Everything else is plain content.
enum class Role {
    none,
    subject_name,
    subject_type,      // 行政相对人类别
    uscc,
    registration_no,
    organisation_code,
    tax_no,
    institution_no,
    social_organisation_no,
    former_name,
    legal_representative,
    legal_certificate_type,
    legal_certificate_no,   // checked, then kept only as a keyed digest
    person_certificate_type,
    person_certificate_no,
    document_no,
    document_name,
    permit_no,
    kind,              // 处罚类别, 许可类别
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

/// A closed list of values, with the other spellings that are read as each.
struct DomainValue {
    std::string value;   // canonical: "罚款"
    std::string code;    // "02"
    std::vector<std::string> aliases;
    std::string group;   // penalty kinds: "fine", "confiscation", "suspension_revocation", "warning", ...
    int severity = 0;    // penalty kinds: 1 轻微, 2 一般, 3 严重 (Order 36)
    bool needs_text = false;      // 其他-<text>
    bool needs_choice = false;    // a combined old value that a person must split
    bool persons_only = false;
    Validity validity;
    Basis basis;
};

struct Domain {
    std::string id;
    std::string title_zh;
    std::vector<DomainValue> values;
    /// By canonical value, code or alias; with 其他-<text> the 其他 entry. nullptr when unknown.
    const DomainValue* find(std::string_view text) const;
    std::unordered_map<std::string, int> by_text;
};

struct Field {
    std::string code;     // "CF_WSH"
    std::string name_zh;  // "行政处罚决定书文号"
    std::vector<std::string> aliases;  // other headers: older codes and names
    FieldType type = FieldType::text;
    Role role = Role::none;
    Requirement requirement = Requirement::optional;
    int min_length = 0, max_length = 0;  // characters
    const Domain* domain = nullptr;      // enumeration, set
    bool money_in_wan_yuan = false;
    Sharing sharing = Sharing::open;
};

/// A total predicate over the values of one row and the date of the check.
struct Predicate {
    enum class Op { always, all, any, none_of, present, equals, in, has_group, before_or_on, starts_with };
    Op op = Op::always;
    int field = -1;
    int other_field = -1;       // before_or_on: field <= other_field; -1 with today: field <= today
    bool today = false;
    std::vector<std::string> values;
    std::vector<Predicate> parts;
};

enum class Effect { reject, doubtful, warn, repair };

/// The built-in algorithms that a check may name; everything else is a Predicate.
enum class Algorithm { none, required, identifier, date, money, domain, length, placeholder, characters, organ_known,
                       duplicate, permit_chain, name_conflict, name_only, natural_person, minor, not_collected };

/// One check: fault code, when it applies, what must hold, what is said. Messages may hold {field} {value} {limit}
/// {reason} {article}.
struct CheckRule {
    std::string id;       // "V07"; a fault code is the id or id.variant: "V07.missing_fine"
    std::string title_zh;
    Algorithm algorithm = Algorithm::none;
    Effect effect = Effect::reject;
    Predicate when;
    Predicate holds;
    int field = -1;       // the cell that is marked
    std::string message_zh, remedy_zh;
    Basis basis;
    Validity validity;
};

/// One catalogue item. Field order is the order of values everywhere.
struct Item {
    std::string id;         // "penalty"
    std::int64_t number = 0;  // stable, stored in tables
    std::string title_zh;   // "行政处罚"
    std::string class_zh;   // of the national catalogue: "行政管理信息"
    std::string section;    // of the report: "administrative"
    Basis basis;
    Validity validity;
    std::vector<Field> fields;
    std::vector<int> key_fields;   // V13: document number, subject, organ
    std::vector<CheckRule> checks;
    bool adverse = false;          // negative information: publicity terms apply
    bool defines_subject = false;  // registration: its rows create and change subjects
    bool persons_allowed = false;  // allow-list for natural persons; empty by default
    std::string publicity;         // id of the publicity rule set
    int due_working_days = 0;      // from the decision to publication; 0: none
    int field_with(Role role) const { return by_role[static_cast<int>(role)]; }
    int field_by_header(std::string_view header) const;  // code, name or alias, folded; -1 when unknown
    std::vector<int> by_role = std::vector<int>(static_cast<int>(Role::count_), -1);
    std::unordered_map<std::string, int> by_header;
};

/// 2.3: how long a class of record may be shown.
struct PublicityTerm {
    std::string id;
    std::string set;     // "penalty", "permit", "registration"
    int severity = 0;    // 0 for sets that know none
    bool shown = true;
    int min_months = 0;
    int max_months = 0;  // 0: without end (facts that are not negative)
    bool until_valid_to = false;  // ends with the act's own validity
    std::string start;   // "decision_date"
    std::string title_zh;
    Basis basis;
    Validity validity;
};

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

struct RuleInfo {  // for `rules list`
    std::string id, kind, title_zh, place;  // place: "items/penalty.yaml:12"
    Basis basis;
    Validity validity;
};

class Rulebook {
  public:
    /// Fault::rulebook_broken with file, line and what is wrong. Reports every problem of a pass, one a line.
    static Result<std::shared_ptr<const Rulebook>> load(const std::filesystem::path& folder);

    const std::string& digest() const;  // SM3 over the sorted files, hex
    const std::vector<std::unique_ptr<Item>>& items() const;
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
    /// The parameter in force on date; CHECK fails when the id is unknown (ids are resolved at load by the code's list).
    const Parameter& parameter(std::string_view id, Date date) const;
    const std::vector<RuleInfo>& rules() const;

  private:
    friend class Loader;
    struct Impl;
    explicit Rulebook(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;

  public:
    ~Rulebook();
};

}  // namespace mingxin::rulebook
