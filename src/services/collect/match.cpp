#include "collect/match.h"

#include <algorithm>

#include "base/check.h"
#include "base/text.h"
#include "crypto/crypto.h"
#include "subject/identify.h"
#include "subject/name.h"

namespace mingxin::collect {

using record::Entry;
using record::Outcome;
using rulebook::Algorithm;
using rulebook::Role;

namespace {

/// Eight bytes at a time, mixed by multiplication; seeded, so not to be prepared against.
std::uint64_t hash_of(std::string_view text, std::uint64_t seed) {
    std::uint64_t hash = seed ^ (text.size() * 0x9E3779B97F4A7C15ull);
    const char* at = text.data();
    std::size_t left = text.size();
    const auto mix = [&hash](std::uint64_t word) {
        const unsigned __int128 product =
            static_cast<unsigned __int128>(hash ^ word ^ 0xA0761D6478BD642Full) * 0xE7037ED1A0B428DBull;
        hash = static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
    };
    for (; left >= 8; at += 8, left -= 8) {
        std::uint64_t word;
        __builtin_memcpy(&word, at, 8);
        mix(word);
    }
    std::uint64_t word = 0;
    __builtin_memcpy(&word, at, left);
    mix(word);
    mix(seed);
    return hash;
}

/// Of the content that V13 compares: values that are equal field by field.
std::uint64_t hash_of(const std::vector<std::string>& values, std::uint64_t seed) {
    std::uint64_t hash = seed;
    for (const std::string& value : values) hash = hash_of(value, hash);
    return hash;
}

/// The names in a cell of former names.
std::vector<std::string_view> names_told(std::string_view cell) {
    std::vector<std::string_view> names;
    while (!cell.empty()) {
        std::size_t end = cell.size(), width = 0;
        for (std::string_view separator : {";", "；", "、", ",", "，"}) {
            const std::size_t at = cell.find(separator);
            if (at < end) end = at, width = separator.size();
        }
        const std::string_view name = trim(cell.substr(0, end));
        if (!name.empty()) names.push_back(name);
        cell.remove_prefix(end + width);
    }
    return names;
}

constexpr Role kOtherNumbers[] = {Role::organisation_code, Role::registration_no, Role::tax_no,
                                  Role::institution_no, Role::social_organisation_no};

}  // namespace

Matcher::Matcher(store::Tx& tx, std::int64_t tenant, const rulebook::Item& item, Date today)
    : tx_(&tx), tenant_(tenant), item_(&item), today_(today) {
    crypto::random_bytes({reinterpret_cast<std::uint8_t*>(&seed_), sizeof seed_});
}

Result<Matcher> Matcher::create(store::Tx& tx, std::int64_t tenant, const rulebook::Item& item, Date today) {
    Matcher matcher(tx, tenant, item, today);
    matcher.has_subjects_ = TRY(subject::any(tx, tenant));
    matcher.has_records_ = TRY(record::any(tx, tenant, item.number));
    return matcher;
}

std::string_view Matcher::value_with(const Entry& entry, Role role) const {
    const int field = item_->field_with(role);
    return field < 0 ? std::string_view() : std::string_view(entry.values[field]);
}

Result<void> Matcher::decide(quality::CheckedRow& row, Entry& entry) {
    entry.item = item_;
    entry.outcome = row.rejected ? Outcome::rejected : Outcome::accepted;
    entry.subject.clear();
    entry.candidate.clear();
    entry.former_name.clear();
    entry.creates_subject = false;
    entry.replaces = 0;
    entry.values.swap(row.values);
    entry.findings.swap(row.findings);
    entry.facts = row.facts;
    if (row.rejected) return {};
    if (row.name_only) return doubt_name_only(entry, {});
    TRY(attach(entry));
    if (entry.outcome != Outcome::accepted) return {};
    const bool held = std::any_of(
        entry.findings.begin(), entry.findings.end(),
        [](const record::Finding& finding) { return finding.effect == rulebook::Effect::doubtful; });
    if (held) {
        hold(entry);
        return {};
    }
    entry.facts.key = quality::record_key(*item_, entry.subject, entry.values);
    return compare_with_former(entry, Proof::needed);
}

Result<void> Matcher::settle(Entry& entry) {
    entry.outcome = Outcome::accepted;
    entry.candidate.clear();
    entry.former_name.clear();
    entry.creates_subject = false;
    entry.replaces = 0;
    entry.findings.clear();
    entry.facts.key = quality::record_key(*item_, entry.subject, entry.values);
    return compare_with_former(entry, Proof::given);
}

Result<void> Matcher::attach(Entry& entry) {
    const std::string_view code = value_with(entry, Role::uscc);
    if (!code.empty()) return attach_by_code(entry, code);
    return attach_by_number(entry);
}

Result<bool> Matcher::is_name_of(const subject::Subject& subject, const Entry& entry) {
    const std::string_view name = value_with(entry, Role::subject_name);
    if (name == subject.name) return true;
    const std::string known = subject::normalise_name(subject.name);
    if (subject::normalise_name(name) == known) return true;
    const auto former = TRY(subject::former_names(*tx_, tenant_, subject.code));
    // "甲公司（原名：乙公司）": any of the names in the field may be the one we know.
    for (const std::string& part : subject::names_in(name)) {
        const std::string wanted = subject::normalise_name(part);
        if (wanted == known) return true;
        for (const subject::FormerName& old : former) {
            if (subject::normalise_name(old.name) == wanted) return true;
        }
    }
    // The registry itself holds two names in one field.
    const std::vector<std::string> own = subject::names_in(subject.name);
    const std::string wanted = subject::normalise_name(name);
    return std::any_of(own.begin(), own.end(),
                       [&](const std::string& one) { return subject::normalise_name(one) == wanted; });
}

Result<void> Matcher::attach_by_code(Entry& entry, std::string_view code) {
    const std::string_view name = value_with(entry, Role::subject_name);
    entry.subject.assign(code);
    // A registration that tells the former name which is known here is a renaming, told by the registering
    // organ.
    take_former_names(entry);
    const auto renames = [&entry](const auto& is_known_name) {
        const auto told = split(entry.former_name, ';');
        return std::any_of(told.begin(), told.end(), is_known_name);
    };
    if (const KnownSubject* known = subjects_.find(hash_of(code, seed_))) {
        const auto is_known_name = [&](std::string_view one) {
            return hash_of(subject::normalise_name(one), seed_) == known->name_hash;
        };
        if (!is_known_name(name) && !renames(is_known_name)) {
            doubt(entry, Algorithm::name_conflict, "本批中另一行以同一代码报送了不同名称", name, code);
        }
        return {};
    }
    std::optional<subject::Subject> subject;
    if (has_subjects_) subject = TRY(subject::find_by_code(*tx_, tenant_, code));
    if (!subject) {
        entry.creates_subject = true;
        return {};
    }
    if (TRY(is_name_of(*subject, entry))) return {};
    const std::string known = subject::normalise_name(subject->name);
    if (renames([&known](std::string_view one) { return subject::normalise_name(one) == known; })) return {};
    doubt(entry, Algorithm::name_conflict, "平台中该代码登记的名称是“" + subject->name + "”", name, code);
    return {};
}

void Matcher::take_former_names(Entry& entry) const {
    if (!item_->defines_subject) return;
    const std::string name = subject::normalise_name(value_with(entry, Role::subject_name));
    for (std::string_view told : names_told(value_with(entry, Role::former_name))) {
        if (subject::normalise_name(told) == name) continue;
        if (!entry.former_name.empty()) entry.former_name += ';';
        entry.former_name += told;
    }
}

Result<void> Matcher::attach_by_number(Entry& entry) {
    std::string_view unknown;
    for (Role role : kOtherNumbers) {
        const std::string_view number = value_with(entry, role);
        if (number.empty()) continue;
        if (!has_subjects_) {
            if (unknown.empty()) unknown = number;
            continue;
        }
        const auto found = TRY(subject::find_by_identifier(*tx_, tenant_, number));
        if (found.empty()) {
            if (unknown.empty()) unknown = number;
            continue;
        }
        if (found.size() == 1 && TRY(is_name_of(found.front(), entry))) {
            entry.subject = found.front().code;
            return {};
        }
        doubt(entry, Algorithm::name_conflict, "该号码对应的主体名称是“" + found.front().name + "”",
              value_with(entry, Role::subject_name), found.front().code);
        return {};
    }
    return doubt_name_only(entry, unknown);
}

Result<void> Matcher::doubt_name_only(Entry& entry, std::string_view unknown_number) {
    const std::string_view name = value_with(entry, Role::subject_name);
    // "甲公司（第二名称：乙公司）": each of them is asked for.
    std::vector<std::string> codes, names;
    if (has_subjects_) names = subject::names_in(name);
    if (names.size() > 1) names.insert(names.begin(), std::string(name));
    for (const std::string& part : names) {
        for (subject::NameMatch& match : TRY(subject::find_by_name(*tx_, tenant_, part))) {
            if (std::find(codes.begin(), codes.end(), match.subject.code) == codes.end())
                codes.push_back(std::move(match.subject.code));
        }
    }
    std::string candidate, reason = "平台中没有名称完全一致的主体";
    if (codes.size() == 1) {
        candidate = codes.front();
        reason = "平台中有一个同名主体" + candidate;
    } else if (!codes.empty()) {
        reason = "平台中有" + std::to_string(codes.size()) + "个同名主体";
    }
    if (!unknown_number.empty()) {
        reason += "；所填号码" + std::string(unknown_number) + "在平台中没有对应的主体";
    }
    doubt(entry, Algorithm::name_only, reason, name, candidate);
    return {};
}

void Matcher::hold(Entry& entry) {
    entry.outcome = Outcome::doubtful;
    entry.candidate = entry.subject;
    entry.subject.clear();
    entry.creates_subject = false;
}

void Matcher::doubt(Entry& entry, Algorithm algorithm, std::string_view reason, std::string_view value,
                    std::string_view candidate) {
    const rulebook::CheckRule* check =
        quality::check_with(*item_, algorithm, today_, item_->field_with(Role::subject_name));
    CHECK(check != nullptr);  // the rulebook may not lack it
    const int field = item_->field_with(Role::subject_name);
    entry.findings.push_back(quality::make_finding(*item_, *check, field, {value, reason, {}}));
    entry.outcome = Outcome::doubtful;
    entry.candidate.assign(candidate);
    entry.subject.clear();
    entry.creates_subject = false;
}

/// Adds the finding when the row's document number proves no decision.
bool Matcher::is_unproven(Entry& entry) const {
    const int field = item_->field_with(Role::document_no);
    if (field < 0 || quality::is_document_number(entry.values[field])) return false;
    const auto* check = quality::check_with(*item_, Algorithm::update_unproven, today_, field);
    if (!check) return false;
    entry.findings.push_back(quality::make_finding(*item_, *check, field, {entry.values[field], {}, {}}));
    return true;
}

Result<void> Matcher::compare_with_former(Entry& entry, Proof proof) {
    std::int64_t former = 0;
    bool same = false, ended = false;  // ended: its place was taken by a later permit
    if (target_ != 0) return take_place_of_target(entry);
    if (const KnownRecord* known = records_.find(static_cast<std::uint64_t>(entry.facts.key))) {
        former = known->position;
        same = known->content_hash == hash_of(entry.values, seed_);
        ended = ended_.contains(former);
    } else if (has_records_) {
        auto existing = TRY(record::find_by_key(*tx_, tenant_, item_->number, entry.facts.key));
        if (existing) {
            former = existing->position;
            ended = existing->ended || ended_.contains(former);
            if (existing->withdrawn && is_withdrawn(entry)) return {};
            record::encode(entry, scratch_);
            same = record::values_part(existing->payload) == record::values_part(scratch_);
        }
    }
    if (former == 0 || (ended && !same)) return follow_permit_chain(entry);
    if (!same && proof == Proof::needed && is_unproven(entry)) {
        hold(entry);
        return {};
    }
    entry.replaces = former;
    entry.outcome = same ? Outcome::duplicate : Outcome::updated;
    const Algorithm algorithm = same ? Algorithm::duplicate : Algorithm::update;
    if (const auto* check = quality::check_with(*item_, algorithm, today_)) {
        entry.findings.push_back(quality::make_finding(*item_, *check, -1));
    }
    return {};
}

// What its source withdrew does not come back by a file (R3).
bool Matcher::is_withdrawn(Entry& entry) const {
    const auto* check = quality::check_with(*item_, Algorithm::withdrawn, today_);
    if (!check) return false;
    entry.findings.push_back(quality::make_finding(*item_, *check, -1));
    entry.outcome = Outcome::rejected;
    entry.subject.clear();
    entry.creates_subject = false;
    return true;
}

Result<void> Matcher::take_place_of_target(Entry& entry) {
    const auto existing = TRY(record::find_by_key(*tx_, tenant_, item_->number, entry.facts.key));
    if (existing && !existing->ended && existing->position != target_) {
        return fail(Fault::correction_collides, "它们的主体、文书号等关键内容相同");
    }
    record::encode(entry, scratch_);
    const std::string former = TRY(journal::row_payload(*tx_, target_));
    const bool same = record::values_part(former) == record::values_part(scratch_);
    entry.replaces = target_;
    entry.outcome = same ? Outcome::duplicate : Outcome::updated;
    return {};
}

// V14: a permit that changes, prolongs or ends another takes its place when both bear the same permit number.
// A decision older than the one held takes nobody's place: history may come in any order.
Result<void> Matcher::follow_permit_chain(Entry& entry) {
    const rulebook::CheckRule* check = quality::check_with(*item_, Algorithm::permit_chain, today_);
    const std::string_view number = value_with(entry, Role::permit_no);
    if (!check || number.empty() || entry.creates_subject || !entry.facts.start) return {};
    if (!quality::holds_when(*check, *item_, entry.values, today_)) return {};
    const auto former = TRY(find_former_permit(entry, number));
    if (!former) return {};
    entry.replaces = former->position;
    entry.outcome = Outcome::updated;
    entry.findings.push_back(
        quality::make_finding(*item_, *check, item_->field_with(Role::permit_no), {number, {}, {}}));
    return {};
}

/// The newest decision that is not newer than this one, of those that still stand: in the tables and in this
/// batch.
Result<std::optional<record::Permit>> Matcher::find_former_permit(const Entry& entry,
                                                                  std::string_view number) {
    std::optional<record::Permit> newest;
    if (has_records_) {
        newest =
            TRY(record::find_permit(*tx_, tenant_, entry.subject, *item_, number, *entry.facts.start,
                                    [this](std::int64_t position) { return ended_.contains(position); }));
    }
    for (std::size_t* at = last_permits_.find(permit_hash(entry)); at && *at != SIZE_MAX;) {
        const record::Permit& taken = permits_[*at].permit;
        if (ended_.contains(taken.position)) {
            *at = permits_[*at].before;  // never looked at again
            continue;
        }
        at = &permits_[*at].before;
        if (taken.decided > *entry.facts.start) continue;
        if (!newest || taken.decided > newest->decided ||
            (taken.decided == newest->decided && taken.position > newest->position))
            newest = taken;
    }
    return newest;
}

std::uint64_t Matcher::permit_hash(const Entry& entry) const {
    return hash_of(value_with(entry, Role::permit_no), hash_of(entry.subject, seed_));
}

void Matcher::remember(const Entry& entry, std::int64_t position) {
    if (entry.outcome != Outcome::accepted && entry.outcome != Outcome::updated) return;
    if (entry.creates_subject || !entry.former_name.empty()) {
        const std::string name = subject::normalise_name(value_with(entry, Role::subject_name));
        subjects_.put(hash_of(entry.subject, seed_), {hash_of(name, seed_)});
    }
    records_.put(static_cast<std::uint64_t>(entry.facts.key), {position, hash_of(entry.values, seed_)});
    if (entry.facts.start && !value_with(entry, Role::permit_no).empty()) {
        const std::uint64_t hash = permit_hash(entry);
        const std::size_t* last = last_permits_.find(hash);
        permits_.push_back({{position, *entry.facts.start}, last ? *last : SIZE_MAX});
        last_permits_.put(hash, permits_.size() - 1);
    }
    const bool is_permit = item_->field_with(Role::permit_no) >= 0;
    if (is_permit && entry.outcome == Outcome::updated) ended_.insert(entry.replaces);
}

}  // namespace mingxin::collect
