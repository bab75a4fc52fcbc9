#include <deque>
#include <unordered_set>

#include "base/check.h"
#include "base/text.h"
#include "subject/identify.h"
#include "subject/name.h"
#include "subject/name_hash.h"
#include "subject/subject.h"
#include "subject/subject_sql.h"

namespace mingxin::subject {

// Rows loaded in bulk can't be read or changed before finish(); so changes of existing rows wait until then,
// in order.
struct Writer::Impl {
    struct LaterChange {
        std::string code, name, state, industry, former_name;
        std::vector<std::string> identifiers;
        std::optional<Date> established;
        std::int64_t position = 0;
        bool registers = false;
    };
    store::Tx* tx;
    std::int64_t tenant;
    store::BulkLoader loader;
    std::deque<LaterChange> later;

    Impl(store::Tx& tx, std::int64_t tenant, store::BulkLoader loader)
        : tx(&tx), tenant(tenant), loader(std::move(loader)) {}
};

Writer::Writer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Writer::Writer(Writer&&) noexcept = default;
Writer::~Writer() = default;

Result<Writer> Writer::begin(store::Tx& tx, std::int64_t tenant, std::int64_t expected_rows) {
    auto loader = TRY(tx.bulk(subject_table(), expected_rows));
    return Writer(std::make_unique<Impl>(tx, tenant, std::move(loader)));
}

Result<void> Writer::apply(const Change& change, std::int64_t position) {
    Impl& w = *impl_;
    if (change.creates) {
        const store::Value established =
            change.established ? store::Value(std::int64_t{change.established->days}) : store::Value();
        const store::Value row[] = {position,
                                    w.tenant,
                                    change.code,
                                    change.name,
                                    name_hash(normalise_name(change.name)),
                                    static_cast<int>(base_of(change.code)),
                                    established,
                                    change.state,
                                    change.registers ? position : std::int64_t{0},
                                    change.industry};
        TRY(w.loader.add(row));
    }
    const bool changes_existing = change.registers && !change.creates;
    if (changes_existing || !change.former_name.empty() || !change.identifiers.empty()) {
        Impl::LaterChange later{std::string(change.code),
                                std::string(change.name),
                                std::string(change.state),
                                std::string(change.industry),
                                std::string(change.former_name),
                                {},
                                change.established,
                                position,
                                changes_existing};
        later.identifiers.assign(change.identifiers.begin(), change.identifiers.end());
        w.later.push_back(std::move(later));
    }
    return {};
}

namespace {

Result<void> register_again(store::Tx& tx, std::int64_t tenant, std::string_view code, std::string_view name,
                            std::optional<Date> established, std::string_view state,
                            std::string_view industry, std::int64_t position) {
    auto found = TRY(find_by_code(tx, tenant, code));
    // The row that made it known comes earlier in the journal, unless somebody altered it.
    if (!found) return fail(Fault::journal_damaged, "没有主体 " + std::string(code));
    if (found->name != name) TRY(tx.update_searchable(subject_table(), found->id, name));
    const store::Value day = established ? store::Value(std::int64_t{established->days}) : store::Value();
    TRY(tx.execute(sql::kRegister,
                   {tenant, code, name_hash(normalise_name(name)), day, state, position, industry}));
    return {};
}

}  // namespace

Result<void> Writer::finish() {
    Impl& w = *impl_;
    TRY(w.loader.finish());
    for (const Impl::LaterChange& later : w.later) {
        if (later.registers) {
            TRY(register_again(*w.tx, w.tenant, later.code, later.name, later.established, later.state,
                               later.industry, later.position));
        }
        for (std::string_view former : split(later.former_name, ';')) {
            if (former.empty()) continue;
            TRY(w.tx->execute(sql::kAddFormer, {w.tenant, later.code, later.position, former,
                                                name_hash(normalise_name(former))}));
        }
        for (const std::string& value : later.identifiers) {
            TRY(w.tx->execute(sql::kAddIdentifier, {w.tenant, value, later.code}));
        }
    }
    w.later.clear();
    return {};
}

}  // namespace mingxin::subject
