#include "rulebook/rulebook.h"

#include <algorithm>

#include "base/check.h"
#include "base/text.h"
#include "rulebook/book.h"

namespace mingxin::rulebook {

std::string fold_value(std::string_view text) {
    return to_upper_ascii(remove_blanks(to_half_width(text)));
}

std::string fold_header(std::string_view header) {
    std::string folded = fold_value(header);
    std::erase_if(folded, [](char c) { return c == '*' || c == ':'; });
    return folded;
}

bool header_in_yuan(std::string_view header) {
    std::string folded = fold_header(header);
    return folded.ends_with("(元)") || folded.ends_with("(人民币元)") || folded.ends_with("单位元)");
}

const DomainValue* Domain::find(std::string_view text) const {
    auto found = by_text.find(std::string(text));
    if (found != by_text.end()) return &values[found->second];
    std::string folded = fold_value(text);
    found = by_text.find(folded);
    if (found != by_text.end()) return &values[found->second];
    // 其他-<text>: the words before the first hyphen of any kind, colon or bracket.
    std::size_t cut = std::string::npos;
    for (std::string_view mark : {"-", "—", "–", "－", ":", "("}) cut = std::min(cut, folded.find(mark));
    if (cut == std::string::npos) return nullptr;
    found = by_text.find(folded.substr(0, cut));
    if (found == by_text.end() || !values[found->second].needs_text) return nullptr;
    return &values[found->second];
}

std::string_view subject_kind_zh(SubjectKind kind) {
    switch (kind) {
        case SubjectKind::organisation:
            return "法人及非法人组织";
        case SubjectKind::individual_business:
            return "个体工商户";
        case SubjectKind::natural_person:
            return "自然人";
    }
    return "";
}

std::string_view update_cycle_zh(UpdateCycle cycle) {
    switch (cycle) {
        case UpdateCycle::on_change:
            return "有变化时";
        case UpdateCycle::daily:
            return "每日";
        case UpdateCycle::weekly:
            return "每周";
        case UpdateCycle::monthly:
            return "每月";
        case UpdateCycle::quarterly:
            return "每季度";
        case UpdateCycle::half_yearly:
            return "每半年";
        case UpdateCycle::yearly:
            return "每年";
    }
    return "";
}

std::string_view sharing_zh(Sharing sharing) {
    switch (sharing) {
        case Sharing::open:
            return "社会公开";
        case Sharing::departments:
            return "政务共享";
        case Sharing::authorised:
            return "授权查询";
        case Sharing::sealed:
            return "不对外提供";
    }
    return "";
}

bool Item::is_about(SubjectKind kind) const {
    return std::find(subject_kinds.begin(), subject_kinds.end(), kind) != subject_kinds.end();
}

bool Item::only_persons() const {
    return subject_kinds.size() == 1 && subject_kinds[0] == SubjectKind::natural_person;
}

int Item::field_by_header(std::string_view header) const {
    auto found = by_header.find(fold_header(header));
    return found == by_header.end() ? -1 : found->second;
}

bool Item::is_old_version(const std::vector<std::string>& headers) const {
    bool has = false;
    for (const std::string& header : headers) {
        std::string folded = fold_header(header);
        has = has || std::find(old_has.begin(), old_has.end(), folded) != old_has.end();
        if (std::find(old_lacks.begin(), old_lacks.end(), folded) != old_lacks.end()) return false;
    }
    return has;
}

const CheckRule* Item::check(std::string_view id, Date date, int field) const {
    const CheckRule* found = nullptr;
    for (const CheckRule& rule : checks) {
        if (rule.id != id || !rule.validity.contains(date)) continue;
        if (rule.field == field) return &rule;
        if (found == nullptr) found = &rule;
    }
    return found;
}

Rulebook::Rulebook(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Rulebook::~Rulebook() = default;

const std::string& Rulebook::digest() const {
    return impl_->digest;
}
const std::vector<RuleFile>& Rulebook::files() const {
    return impl_->files;
}
const Edition& Rulebook::edition() const {
    return impl_->edition;
}
const std::vector<std::unique_ptr<CatalogueClass>>& Rulebook::classes() const {
    return impl_->classes;
}
const std::vector<std::unique_ptr<Item>>& Rulebook::items() const {
    return impl_->items;
}

const Item* Rulebook::item(std::string_view id) const {
    for (const auto& item : impl_->items) {
        if (item->id == id) return item.get();
    }
    return nullptr;
}

const Item* Rulebook::item(std::int64_t number) const {
    for (const auto& item : impl_->items) {
        if (item->number == number) return item.get();
    }
    return nullptr;
}

Result<const Item*> Rulebook::item_in_force(std::string_view id, Date date) const {
    const Item* found = item(id);
    if (found == nullptr) {
        constexpr std::size_t kNamed = 3;  // all of the catalogue would hide what is said
        std::string known;
        for (std::size_t i = 0; i < std::min(kNamed, impl_->items.size()); ++i) {
            const Item& one = *impl_->items[i];
            known += (known.empty() ? "" : "、") + one.id + "（" + one.title_zh + "）";
        }
        if (impl_->items.size() > kNamed) known += "等" + std::to_string(impl_->items.size()) + "项";
        return fail(Fault::item_unknown, std::string(id) + "；现有 " + known);
    }
    if (!found->validity.contains(date)) {
        return fail(Fault::item_not_in_force, found->title_zh + "的有效期为 " +
                                                  found->validity.from.to_string() + " 至 " +
                                                  found->validity.to.to_string());
    }
    if (!found->in_force(date)) {
        return fail(Fault::item_not_in_force, found->title_zh + "的依据" + found->basis.document + "已于 " +
                                                  found->basis.validity.to.to_string() + " 废止");
    }
    return found;
}

const Domain* Rulebook::domain(std::string_view id) const {
    auto found = impl_->domains.find(id);
    return found == impl_->domains.end() ? nullptr : found->second.get();
}

const std::vector<PublicityTerm>& Rulebook::publicity() const {
    return impl_->publicity;
}

const PublicityTerm* Rulebook::publicity_term(std::string_view set, int severity, Date date) const {
    for (const PublicityTerm& term : impl_->publicity) {
        if (term.set == set && term.severity == severity && term.validity.contains(date)) {
            return term.shown ? &term : nullptr;
        }
    }
    return nullptr;
}

const calendar::Calendar& Rulebook::calendar() const {
    return *impl_->calendar;
}

const Division* Rulebook::division(std::string_view code) const {
    auto found = impl_->divisions.find(code);
    return found == impl_->divisions.end() ? nullptr : &found->second;
}

std::int64_t Rulebook::division_count() const {
    return static_cast<std::int64_t>(impl_->divisions.size());
}

std::string_view Rulebook::industry(std::string_view code) const {
    auto found = impl_->industries.find(code);
    return found == impl_->industries.end() ? std::string_view() : std::string_view(found->second);
}

std::string_view Rulebook::industry_section(std::string_view code) const {
    const bool with_letter = !code.empty() && (code[0] < '0' || code[0] > '9');
    auto found = impl_->industry_sections.find(code.substr(0, with_letter ? 1 : 2));
    return found == impl_->industry_sections.end() ? std::string_view() : std::string_view(found->second);
}

const Parameter& Rulebook::parameter(std::string_view id, Date date) const {
    auto found = impl_->parameters.find(id);
    CHECK(found != impl_->parameters.end());
    const std::vector<Parameter>& versions = found->second;  // without gaps, the last open (checked at load)
    for (const Parameter& version : versions) {
        if (version.validity.contains(date)) return version;
    }
    return versions.front();
}

const std::vector<RuleInfo>& Rulebook::rules() const {
    return impl_->rules;
}
const std::vector<RoleRule>& Rulebook::roles() const {
    return impl_->roles;
}

const RoleRule* Rulebook::role(std::string_view id) const {
    for (const RoleRule& role : impl_->roles) {
        if (role.id == id) return &role;
    }
    return nullptr;
}

const ReportText& Rulebook::report() const {
    return impl_->report;
}

const std::vector<WordRule>& Rulebook::word_rules() const {
    return impl_->word_rules;
}
const Lexicon& Rulebook::lexicon() const {
    return impl_->lexicon;
}
const std::vector<Indicator>& Rulebook::indicators() const {
    return impl_->indicators;
}
const std::vector<AssessmentScheme>& Rulebook::assessment_schemes() const {
    return impl_->assessment_schemes;
}
const std::vector<Campaign>& Rulebook::campaigns() const {
    return impl_->campaigns;
}

const std::vector<WithdrawalGround>& Rulebook::withdrawal_grounds() const {
    return impl_->withdrawal_grounds;
}

const WithdrawalGround* Rulebook::withdrawal_ground(std::string_view id, Date date) const {
    for (const WithdrawalGround& ground : impl_->withdrawal_grounds) {
        if (ground.id == id && ground.validity.contains(date)) return &ground;
    }
    return nullptr;
}

bool Rulebook::is_placeholder(std::string_view value) const {
    // Folding leaves digits and ideographs as they are: what most cells begin with tells enough.
    std::size_t at = 0;
    const char32_t first = value.empty() ? 0 : next_code_point(value, at);
    const bool kept = (first >= '0' && first <= '9') || (first >= 0x4E00 && first <= 0x9FFF);
    if (kept && impl_->placeholder_starts.find(first) == std::u32string::npos) return false;
    std::string folded = fold_value(value);
    if (impl_->placeholders.contains(folded)) return true;
    std::u32string points = to_code_points(folded);
    return !points.empty() && impl_->placeholder_runs.find(points[0]) != std::u32string::npos &&
           points.find_first_not_of(points[0]) == std::u32string::npos;
}

}  // namespace mingxin::rulebook
