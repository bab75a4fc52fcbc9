// Pass 2 of items and their fields.
#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "rulebook/loading.h"

namespace mingxin::rulebook {

namespace {

template <class E>
struct Name {
    const char* name;
    E value;
};

constexpr Name<Role> kRoles[] = {
    {"none", Role::none},
    {"subject_name", Role::subject_name},
    {"subject_type", Role::subject_type},
    {"uscc", Role::uscc},
    {"registration_no", Role::registration_no},
    {"organisation_code", Role::organisation_code},
    {"tax_no", Role::tax_no},
    {"institution_no", Role::institution_no},
    {"social_organisation_no", Role::social_organisation_no},
    {"former_name", Role::former_name},
    {"legal_representative", Role::legal_representative},
    {"legal_certificate_type", Role::legal_certificate_type},
    {"legal_certificate_no", Role::legal_certificate_no},
    {"person_certificate_type", Role::person_certificate_type},
    {"person_certificate_no", Role::person_certificate_no},
    {"document_no", Role::document_no},
    {"document_name", Role::document_name},
    {"permit_no", Role::permit_no},
    {"kind", Role::kind},
    {"content", Role::content},
    {"fine", Role::fine},
    {"confiscated", Role::confiscated},
    {"decision_date", Role::decision_date},
    {"established", Role::established},
    {"valid_from", Role::valid_from},
    {"valid_to", Role::valid_to},
    {"publicity_end", Role::publicity_end},
    {"state", Role::state},
    {"organ_name", Role::organ_name},
    {"organ_code", Role::organ_code},
    {"industry", Role::industry},
    {"source_name", Role::source_name},
    {"source_code", Role::source_code},
    {"address", Role::address},
    {"capital", Role::capital},
    {"scope", Role::scope},
    {"remark", Role::remark},
};
static_assert(std::size(kRoles) == static_cast<std::size_t>(Role::count_), "every role has a name");

constexpr Name<FieldType> kTypes[] = {
    {"text", FieldType::text}, {"date", FieldType::date}, {"money", FieldType::money},
    {"code", FieldType::code}, {"set", FieldType::set},   {"enumeration", FieldType::enumeration},
};
constexpr Name<Requirement> kRequirements[] = {
    {"mandatory", Requirement::mandatory},
    {"conditional", Requirement::conditional},
    {"optional", Requirement::optional},
};
constexpr Name<Sharing> kSharings[] = {
    {"open", Sharing::open},
    {"departments", Sharing::departments},
    {"authorised", Sharing::authorised},
    {"sealed", Sharing::sealed},
};
constexpr Name<SubjectKind> kSubjectKinds[] = {
    {"organisation", SubjectKind::organisation},
    {"individual_business", SubjectKind::individual_business},
    {"natural_person", SubjectKind::natural_person},
};
constexpr Name<UpdateCycle> kUpdateCycles[] = {
    {"on_change", UpdateCycle::on_change}, {"daily", UpdateCycle::daily},
    {"weekly", UpdateCycle::weekly},       {"monthly", UpdateCycle::monthly},
    {"quarterly", UpdateCycle::quarterly}, {"half_yearly", UpdateCycle::half_yearly},
    {"yearly", UpdateCycle::yearly},
};
constexpr Name<Absent> kAbsents[] = {
    {"leave", Absent::leave},
    {"refuse", Absent::refuse},
    {"refuse_unless_old", Absent::refuse_unless_old},
    {"subject_type", Absent::subject_type},
    {"unit_name", Absent::unit_name},
    {"unit_code", Absent::unit_code},
    {"organ_code", Absent::organ_code},
    {"value", Absent::value},
};

class ItemBuilder {
  public:
    ItemBuilder(Loading& loading, const Entry& entry, Item& item)
        : loading_(loading), entry_(entry), item_(item) {}

    void build() {
        const Tree& tree = *entry_.tree;
        item_.id = entry_.id;
        item_.number = loading_.number(entry_, tree, "number", 0);
        item_.title_zh = tree.text_of("title_zh");
        item_.section = tree.text_of("section");
        item_.basis = loading_.basis(entry_);
        item_.validity = entry_.validity;
        build_catalogue_entry(tree);
        item_.adverse = flag(tree, "adverse");
        item_.defines_subject = flag(tree, "defines_subject");
        item_.persons_allowed = flag(tree, "persons_allowed");
        item_.publicity = tree.text_of("publicity");
        item_.due_working_days = static_cast<int>(loading_.number(entry_, tree, "due_working_days", 0));
        if (const Tree* old = tree.find("old_version")) {
            for (std::string& header : texts(old->find("has"))) item_.old_has.push_back(fold_header(header));
            for (std::string& header : texts(old->find("lacks")))
                item_.old_lacks.push_back(fold_header(header));
        }
        for (const Tree& field : tree.find("fields")->children) build_field_or_set(field);
        for (const auto& [field, prefix] : written_) resolve_default(*field, prefix);
        build_key(tree.find("key_fields"), item_.key_fields);
        build_key(tree.find("key_without_document"), item_.key_without_document);
        if (const Tree* heading = tree.find("heading")) {
            item_.heading_field = field_by_code(*heading, heading->text);
        }
        add_to_report();
    }

  private:
    template <class E, std::size_t n>
    E choice(const Tree& tree, std::string_view key, const Name<E> (&names)[n], E otherwise) {
        const Tree* value = tree.find(key);
        if (value == nullptr) return otherwise;
        for (const Name<E>& name : names) {
            if (value->text == name.name) return name.value;
        }
        loading_.problem(entry_, *value, std::string(key) + " 的取值 " + value->text + " 不认识");
        return otherwise;
    }

    const Domain* domain(const Tree& tree, std::string_view key) {
        const Tree* value = tree.find(key);
        if (value == nullptr) return nullptr;
        auto found = loading_.book.domains.find(value->text);
        if (found != loading_.book.domains.end()) return found->second.get();
        loading_.problem(entry_, *value, "值域 " + value->text + " 不存在");
        return nullptr;
    }

    /// What the catalogue says of the item as a whole (GB/T 39440; rules 4.1).
    void build_catalogue_entry(const Tree& tree) {
        item_.title_en = tree.text_of("title_en");
        item_.about_zh = tree.text_of("about_zh");
        item_.prominent = flag(tree, "prominent");
        item_.provider_zh = tree.text_of("provider_zh");
        item_.sharing = choice(tree, "sharing", kSharings, Sharing::sealed);
        item_.update_cycle = choice(tree, "update_cycle", kUpdateCycles, UpdateCycle::on_change);
        item_.self_declared = flag(tree, "self_declared");
        item_.severity = static_cast<int>(loading_.number(entry_, tree, "severity", 0));
        if (item_.severity < 0 || item_.severity > 3 || (item_.severity > 0 && !flag(tree, "adverse"))) {
            loading_.problem(entry_, tree, "severity 应为 1 至 3，且只用于不利信息（adverse: true）");
        }
        const Tree& name = *tree.find("class");
        for (const auto& known : loading_.book.classes) {
            if (known->id == name.text) item_.catalogue_class = known.get();
        }
        if (item_.catalogue_class == nullptr) loading_.problem(entry_, name, "目录没有类别 " + name.text);
        item_.subject_kinds = {SubjectKind::organisation, SubjectKind::individual_business};
        const Tree* kinds = tree.find("subject_kinds");
        if (kinds == nullptr) return;
        item_.subject_kinds.clear();
        for (const Tree& kind : kinds->children) {
            auto known = std::find_if(std::begin(kSubjectKinds), std::end(kSubjectKinds),
                                      [&](const auto& one) { return kind.text == one.name; });
            if (known != std::end(kSubjectKinds))
                item_.subject_kinds.push_back(known->value);
            else
                loading_.problem(entry_, kind, "subject_kinds 的取值 " + kind.text + " 不认识");
        }
        if (item_.subject_kinds.empty()) loading_.problem(entry_, *kinds, "subject_kinds 不得为空");
    }

    /// {use: party, prefix: QZ_}: the fields of a set, their codes behind the prefix.
    void build_field_or_set(const Tree& tree) {
        const Tree* use = tree.find("use");
        if (use == nullptr) return build_field(tree, "");
        const std::vector<Entry>& sets = loading_.entries("field_sets");
        auto found =
            std::find_if(sets.begin(), sets.end(), [&](const Entry& set) { return set.id == use->text; });
        if (found == sets.end()) return loading_.problem(entry_, *use, "字段组 " + use->text + " 不存在");
        for (const Tree& field : found->tree->find("fields")->children) {
            build_field(field, tree.text_of("prefix"));
        }
    }

    void build_field(const Tree& tree, std::string_view prefix) {
        if (tree.text_of("code").empty() || tree.text_of("name_zh").empty()) {
            return loading_.problem(entry_, tree, "缺少 code 或 name_zh");
        }
        written_.emplace_back(&tree, prefix);
        Field field;
        field.code = std::string(prefix).append(tree.text_of("code"));
        field.name_zh = tree.text_of("name_zh");
        field.aliases = texts(tree.find("aliases"));
        field.type = choice(tree, "type", kTypes, FieldType::text);
        field.role = choice(tree, "role", kRoles, Role::none);
        field.requirement = choice(tree, "requirement", kRequirements, Requirement::optional);
        field.sharing = choice(tree, "sharing", kSharings, Sharing::open);
        field.absent = choice(tree, "absent", kAbsents,
                              field.requirement == Requirement::mandatory ? Absent::refuse : Absent::leave);
        field.domain = domain(tree, "domain");
        field.old_domain = domain(tree, "old_domain");
        field.money_in_wan_yuan = flag(tree, "wan_yuan");
        field.default_value = tree.text_of("default");
        field.example = tree.text_of("example");
        build_length(tree, field);
        bool listed = field.type == FieldType::enumeration || field.type == FieldType::set;
        if (listed != (field.domain != nullptr) && (tree.find("domain") == nullptr || !listed)) {
            loading_.problem(entry_, tree, field.code + "：enumeration 和 set 必须有 domain，其他类型不得有");
        }
        if (field.absent == Absent::value && field.default_value.empty()) {
            loading_.problem(entry_, tree, field.code + "：absent: value 需要 default");
        }
        if (!field.default_value.empty() && field.domain != nullptr &&
            field.domain->find(field.default_value) == nullptr) {
            loading_.problem(entry_, tree, field.code + "：default 不在值域中");
        }
        int index = static_cast<int>(item_.fields.size());
        add_headers(tree, field, index);
        int& holder = item_.by_role[static_cast<int>(field.role)];
        if (field.role != Role::none && holder >= 0) {
            loading_.problem(entry_, tree, field.code + "：角色已属于 " + item_.fields[holder].code);
        } else if (field.role != Role::none) {
            holder = index;
        }
        item_.fields.push_back(std::move(field));
    }

    void build_length(const Tree& tree, Field& field) {
        const Tree* length = tree.find("length");
        if (length == nullptr) return;
        std::vector<int> bounds;
        for (const Tree& bound : length->children) {
            int value = -1;
            std::from_chars(bound.text.data(), bound.text.data() + bound.text.size(), value);
            bounds.push_back(value);
        }
        if (bounds.size() != 2 || bounds[0] < 0 || bounds[1] < 1 || bounds[0] > bounds[1]) {
            return loading_.problem(entry_, *length, "length 应为 [最少, 最多]");
        }
        field.min_length = bounds[0];
        field.max_length = bounds[1];
    }

    void add_headers(const Tree& tree, const Field& field, int index) {
        std::vector<std::string> headers = field.aliases;
        headers.insert(headers.end(), {field.code, field.name_zh});
        for (const std::string& header : headers) {
            auto [place, added] = item_.by_header.emplace(fold_header(header), index);
            if (!added && place->second != index) {
                loading_.problem(entry_, tree,
                                 "表头 " + header + " 已属于 " + item_.fields[place->second].code);
            }
        }
    }

    int field_by_code(const Tree& at, std::string_view code) {
        for (std::size_t i = 0; i < item_.fields.size(); ++i) {
            if (item_.fields[i].code == code) return static_cast<int>(i);
        }
        loading_.problem(entry_, at, "没有字段 " + std::string(code));
        return -1;
    }

    void resolve_default(const Tree& tree, std::string_view prefix) {
        const Tree* from = tree.find("default_from");
        if (from == nullptr) return;
        int field = field_by_code(*from, std::string(prefix).append(tree.text_of("code")));
        if (field >= 0)
            item_.fields[field].default_field = field_by_code(*from, std::string(prefix) + from->text);
    }

    void build_key(const Tree* list, std::vector<int>& fields) {
        if (list == nullptr) return;
        for (const Tree& code : list->children) {
            int field = field_by_code(code, code.text);
            if (field >= 0) fields.push_back(field);
        }
    }

    void add_to_report() {
        for (ReportSection& section : loading_.book.report.sections) {
            if (section.id == item_.section) return section.items.push_back(item_.id);
        }
        loading_.problem(entry_, *entry_.tree->find("section"), "报告没有 " + item_.section + " 部分");
    }

    Loading& loading_;
    const Entry& entry_;
    Item& item_;
    std::vector<std::pair<const Tree*, std::string_view>> written_;  // fields as they stand, with prefixes
};

}  // namespace

std::optional<Role> role_by_name(std::string_view name) {
    for (const Name<Role>& role : kRoles) {
        if (role.name == name) return role.value;
    }
    return std::nullopt;
}

void build_classes(Loading& loading) {
    auto& classes = loading.book.classes;
    for (const Entry& entry : loading.entries("classes")) {
        CatalogueClass one{entry.id, loading.number(entry, *entry.tree, "number", 0),
                           std::string(entry.tree->text_of("title_zh")), loading.basis(entry),
                           entry.validity};
        const bool taken = std::any_of(classes.begin(), classes.end(),
                                       [&](const auto& other) { return other->number == one.number; });
        if (taken || one.number < 1)
            loading.problem(entry, *entry.tree->find("number"), "number 应为未用过的正整数");
        loading.list_rule(entry, "class", one.basis);
        classes.push_back(std::make_unique<CatalogueClass>(std::move(one)));
    }
    std::sort(classes.begin(), classes.end(),
              [](const auto& a, const auto& b) { return a->number < b->number; });
}

void build_items(Loading& loading) {
    std::vector<const Entry*> entries;
    for (const Entry& entry : loading.entries("items")) entries.push_back(&entry);
    auto number = [&](const Entry* entry) { return loading.number(*entry, *entry->tree, "number", 0); };
    std::stable_sort(entries.begin(), entries.end(),
                     [&](const Entry* a, const Entry* b) { return number(a) < number(b); });
    for (const Entry* entry : entries) {
        auto item = std::make_unique<Item>();
        ItemBuilder(loading, *entry, *item).build();
        bool taken = !loading.book.items.empty() && loading.book.items.back()->number == item->number;
        if (taken || item->number < 1)
            loading.problem(*entry, *entry->tree->find("number"), "number 应为未用过的正整数");
        loading.list_rule(*entry, "item", item->basis);
        loading.book.items.push_back(std::move(item));
    }
}

}  // namespace mingxin::rulebook
