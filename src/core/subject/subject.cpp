#include "subject/subject.h"

#include <algorithm>

#include "base/text.h"
#include "subject/identify.h"
#include "subject/name.h"
#include "subject/name_hash.h"
#include "subject/subject_row.h"
#include "subject/subject_sql.h"

namespace mingxin::subject {

using store::ColumnType;

const store::Table& subject_table() {
    static const store::Table table{.name = "subject",
                                    .columns = {{"id", ColumnType::integer},
                                                {"tenant", ColumnType::integer},
                                                {"code", ColumnType::text},
                                                {"name", ColumnType::text},
                                                {"name_hash", ColumnType::integer},
                                                {"base", ColumnType::integer},
                                                {"established", ColumnType::integer, true},
                                                {"state", ColumnType::text},
                                                {"registration", ColumnType::integer},
                                                {"industry", ColumnType::text}},
                                    .primary_key = "id",
                                    .indexes = {{"subject_code", "tenant, code", true},
                                                {"subject_name", "tenant, name_hash"},
                                                {"subject_organisation", "tenant, substr(code, 9, 9), code"},
                                                {"subject_base", "tenant, base, id"},
                                                {"subject_state", "tenant, state, id"}},
                                    .search_column = "name"};
    return table;
}

std::span<const store::Table* const> tables() {
    static const store::Table identifier{
        .name = "subject_identifier",
        .columns = {{"tenant", ColumnType::integer}, {"value", ColumnType::text}, {"code", ColumnType::text}},
        .primary_key = "tenant, value, code"};
    static const store::Table former{.name = "former_name",
                                     .columns = {{"tenant", ColumnType::integer},
                                                 {"code", ColumnType::text},
                                                 {"position", ColumnType::integer},
                                                 {"name", ColumnType::text},
                                                 {"name_hash", ColumnType::integer}},
                                     .primary_key = "tenant, code, position, name",
                                     .indexes = {{"former_name_hash", "tenant, name_hash"}}};
    static const store::Table* const all[] = {&subject_table(), &identifier, &former};
    return all;
}

std::int64_t name_hash(std::string_view normalised) {
    std::uint64_t hash = 14695981039346656037ull;  // FNV-1a: stable over machines and versions
    for (unsigned char byte : normalised) hash = (hash ^ byte) * 1099511628211ull;
    return static_cast<std::int64_t>(hash);
}

Subject read_subject(const store::Cursor& row) {
    Subject subject;
    subject.id = row.integer(0);
    subject.code = row.text(1);
    subject.name = row.text(2);
    subject.base = static_cast<int>(row.integer(3));
    if (!row.is_null(4)) subject.established = Date{static_cast<std::int32_t>(row.integer(4))};
    subject.state = row.text(5);
    subject.registration = row.integer(6);
    subject.industry = row.text(7);
    return subject;
}

namespace {

Result<std::optional<Subject>> find_exact(store::ReadTx& tx, std::int64_t tenant, std::string_view code) {
    auto rows = TRY(tx.query(sql::kFindByCode, {tenant, code}));
    if (!TRY(rows.next())) return std::optional<Subject>();
    return std::optional<Subject>(read_subject(rows));
}

}  // namespace

Result<std::optional<Subject>> find_by_code(store::ReadTx& tx, std::int64_t tenant, std::string_view code) {
    auto found = TRY(find_exact(tx, tenant, code));
    if (found) return found;
    std::string canonical = repair_uscc(code);
    if (canonical.empty() || canonical == code) return std::optional<Subject>();
    return find_exact(tx, tenant, canonical);
}

Result<std::vector<NameMatch>> find_by_name(store::ReadTx& tx, std::int64_t tenant, std::string_view name) {
    const std::string normalised = normalise_name(name);
    std::vector<NameMatch> matches;
    if (normalised.empty()) return matches;
    const std::int64_t hash = name_hash(normalised);
    auto rows = TRY(tx.query(sql::kFindByNameHash, {tenant, hash}));
    while (TRY(rows.next())) {
        Subject subject = read_subject(rows);
        if (normalise_name(subject.name) == normalised) matches.push_back({std::move(subject), false});
    }
    auto former = TRY(tx.query(sql::kFormerByNameHash, {tenant, hash}));
    while (TRY(former.next())) {
        if (normalise_name(former.text(1)) != normalised) continue;
        const std::string code(former.text(0));
        const bool known = std::any_of(matches.begin(), matches.end(),
                                       [&](const NameMatch& m) { return m.subject.code == code; });
        if (known) continue;
        auto subject = TRY(find_exact(tx, tenant, code));
        if (subject) matches.push_back({std::move(*subject), true});
    }
    return matches;
}

Result<std::vector<Subject>> find_by_identifier(store::ReadTx& tx, std::int64_t tenant,
                                                std::string_view value) {
    std::vector<std::string> codes;
    auto rows = TRY(tx.query(sql::kFindByIdentifier, {tenant, value}));
    while (TRY(rows.next())) codes.emplace_back(rows.text(0));
    if (codes.empty() && is_valid_orgcode(value)) {
        auto by_part = TRY(tx.query(sql::kFindByOrganisationCode, {tenant, value}));
        while (TRY(by_part.next())) codes.emplace_back(by_part.text(0));
    }
    std::vector<Subject> subjects;
    for (const std::string& code : codes) {
        auto subject = TRY(find_exact(tx, tenant, code));
        if (subject) subjects.push_back(std::move(*subject));
    }
    return subjects;
}

Result<std::vector<Subject>> search(store::ReadTx& tx, std::int64_t tenant, std::string_view text,
                                    int limit) {
    // More candidates than asked, so that the best of a common text come first; bounded, so that it stays
    // quick.
    const int candidates = std::max(limit, 64);
    std::vector<Subject> found;
    for (std::int64_t id : TRY(tx.search(subject_table(), text, candidates))) {
        auto rows = TRY(tx.query(sql::kFindById, {id}));
        if (TRY(rows.next())) found.push_back(read_subject(rows));
    }
    // The firm of exactly this name may lie beyond the candidates; people also know firms by the name that
    // they bore before, which the index does not hold.
    std::vector<std::int64_t> former;
    for (NameMatch& match : TRY(find_by_name(tx, tenant, text))) {
        if (match.former) former.push_back(match.subject.id);
        found.push_back(std::move(match.subject));
    }
    const std::string wanted = normalise_name(text);
    auto rank = [&](const Subject& subject) {
        const std::string name = normalise_name(subject.name);
        if (name == wanted) return 0;
        if (std::find(former.begin(), former.end(), subject.id) != former.end()) return 1;
        return name.starts_with(wanted) ? 2 : 3;
    };
    std::stable_sort(found.begin(), found.end(), [&](const Subject& a, const Subject& b) {
        const int rank_a = rank(a), rank_b = rank(b);
        if (rank_a != rank_b) return rank_a < rank_b;
        if (a.name.size() != b.name.size()) return a.name.size() < b.name.size();
        return a.id < b.id;
    });
    found.erase(std::unique(found.begin(), found.end(),
                            [](const Subject& a, const Subject& b) { return a.id == b.id; }),
                found.end());
    if (static_cast<int>(found.size()) > limit) found.resize(limit);
    return found;
}

Result<std::vector<FormerName>> former_names(store::ReadTx& tx, std::int64_t tenant, std::string_view code) {
    std::vector<FormerName> names;
    auto rows = TRY(tx.query(sql::kFormerByCode, {tenant, code}));
    while (TRY(rows.next())) {
        const std::string_view name = rows.text(0);  // each registration may tell it again
        const bool known =
            std::any_of(names.begin(), names.end(), [&](const FormerName& n) { return n.name == name; });
        if (!known) names.push_back({std::string(name), rows.integer(1)});
    }
    return names;
}

Result<bool> any(store::ReadTx& tx, std::int64_t tenant) {
    auto rows = TRY(tx.query(sql::kAny, {tenant}));
    return TRY(rows.next());
}

Result<BaseCounts> count(store::ReadTx& tx, std::int64_t tenant) {
    BaseCounts counts;
    auto rows = TRY(tx.query(sql::kCountByBase, {tenant}));
    while (TRY(rows.next())) {
        switch (static_cast<Base>(rows.integer(0))) {
            case Base::enterprise:
                counts.enterprises = rows.integer(1);
                break;
            case Base::individual_business:
                counts.individual_businesses = rows.integer(1);
                break;
            case Base::other_organisation:
                counts.other_organisations = rows.integer(1);
                break;
        }
    }
    return counts;
}

}  // namespace mingxin::subject
