#include "subject/lists.h"

#include "base/text.h"
#include "listing/keyset.h"
#include "subject/identify.h"
#include "subject/subject_row.h"
#include "subject/subject_sql.h"

namespace mingxin::subject {

using listing::Select;
using listing::Walked;

namespace {

constexpr std::string_view kBaseNames[] = {"enterprise", "individual_business", "other"};
constexpr store::Sql kByIndustry{
    "subject.by_industry", "select industry, count(*) from subject where tenant = $1 group by industry"};

Result<int> base_number(std::string_view name) {
    for (int i = 0; i < static_cast<int>(std::size(kBaseNames)); ++i) {
        if (kBaseNames[i] == name) return i;
    }
    return fail(Fault::bad_argument, "base 应为 enterprise、individual_business 或 other");
}

/// One subject by its code, else those whose name contains the text.
Result<listing::TextFilter> text_filter(store::ReadTx& tx, std::int64_t tenant, std::string_view text) {
    if (!trim(text).empty()) {
        if (const auto subject = TRY(find_by_code(tx, tenant, trim(text)))) {
            listing::TextFilter filter;
            filter.keys.emplace(1, subject->id);
            return filter;
        }
    }
    return listing::containing(tx, subject_table(), text);
}

}  // namespace

std::string_view base_name(int base) {
    return kBaseNames[base];
}

Result<Walked> walk_subjects(store::ReadTx& tx, std::int64_t tenant, const listing::Asked& asked,
                             const listing::Walk& walk,
                             const std::function<Result<bool>(const Subject&)>& visit) {
    const api::Input& in = asked.in;
    const std::string_view base = in.text("base"), state = in.text("state");
    const listing::Range range = TRY(listing::behind(walk, {}));
    const bool by_key = base.empty() && state.empty();
    Select select("subject.list",
                  std::string("select " MINGXIN_SUBJECT_COLUMNS " from subject where ") +
                      (by_key ? "+" : "") + "tenant = ?",
                  {tenant});
    if (!base.empty()) {
        select.where("base", state.empty() ? "base = ?" : "+base = ?", {TRY(base_number(base))});
    }
    if (!state.empty()) select.where("state", "state = ?", {state});
    const listing::TextFilter filter = TRY(text_filter(tx, tenant, in.text("q")));
    const bool checked = !filter.keys && !filter.folded.empty();
    TRY(listing::walk_rows(tx, select, "id", range, filter.selected(), walk.descending,
                           checked ? INT64_MAX : walk.most,
                           [&, left = walk.most](store::Cursor& row) mutable -> Result<bool> {
                               if (checked && !filter.matches(row.text(2))) return true;
                               if (left-- <= 0) return false;
                               return visit(read_subject(row));
                           }));
    return Walked{};
}

Result<std::map<std::string, std::int64_t>> count_by_industry(store::ReadTx& tx, std::int64_t tenant) {
    std::map<std::string, std::int64_t> counts;
    auto rows = TRY(tx.scan(kByIndustry, {tenant}));
    while (TRY(rows.next())) counts[std::string(rows.text(0))] += rows.integer(1);
    return counts;
}

}  // namespace mingxin::subject
