// To whom a row that waits may belong: for the person who decides. Nothing is attached by it (R6).
#include <algorithm>

#include "collect/visible.h"
#include "record/lists.h"
#include "subject/suggestion_json.h"

namespace mingxin::collect {

using api::Audit;
using api::Call;
using api::FieldType;
using api::Input;
using api::Method;
using api::Permission;
using api::Reply;
using api::Where;

namespace {

constexpr int kMostCandidates = 5;

using Rules = std::shared_ptr<const rulebook::Rulebook>;

/// The row that waits at this position, when it lies in the scope of the caller. Fault::not_found.
Result<record::Doubtful> visible_row(store::ReadTx& tx, const rulebook::Rulebook& rules, std::int64_t tenant,
                                     const Call& call, std::int64_t position) {
    std::optional<record::Doubtful> found;
    listing::Walk walk;
    walk.from = std::to_string(position + 1);
    walk.most = 1;
    TRY(record::walk_doubtful(tx, rules, tenant, {call.principal, call.now, {}}, walk,
                              [&](const record::Doubtful& one) -> Result<bool> {
                                  if (one.position == position) found = one;
                                  return false;
                              }));
    if (!found) return fail(Fault::not_found, "没有这个等待核实的行");
    return std::move(*found);
}

std::string name_in(const record::Doubtful& row) {
    const int field = row.item->field_with(rulebook::Role::subject_name);
    for (const record::ShownField& shown : row.fields) {
        if (field >= 0 && shown.code == row.item->fields[static_cast<std::size_t>(field)].code) {
            return shown.value;
        }
    }
    return {};
}

/// The one that the row's numbers lead to stands first; then those of near names.
Result<std::vector<subject::Suggestion>> candidates(store::ReadTx& tx, std::int64_t tenant,
                                                    const record::Doubtful& row) {
    const std::string name = name_in(row);
    auto list = TRY(subject::suggest(tx, tenant, name, kMostCandidates));
    if (row.candidate.empty()) return list;
    const auto stored = TRY(subject::find_by_code(tx, tenant, row.candidate));
    if (!stored) return list;
    auto first = TRY(subject::compare_names(tx, tenant, name, *stored));
    if (first.likeness < 1) first.reason_zh = "行中的代码或号码属于它；" + first.reason_zh;
    std::erase_if(list, [&](const subject::Suggestion& one) { return one.subject.id == stored->id; });
    list.insert(list.begin(), std::move(first));
    if (list.size() > kMostCandidates) list.pop_back();
    return list;
}

}  // namespace

api::Endpoint doubtful_candidates(Rules rules, std::int64_t tenant) {
    api::Endpoint endpoint(
        "doubtful.candidates", Method::get, "/api/v1/doubtful-rows/{position}/candidates",
        Permission::collect_view, Audit::metered,
        "一个存疑行可能属于哪些主体及理由，供核实的人参考，不会据此关联",
        "To whom a row that waits may belong, and why; for the person who decides, nothing is attached by it",
        {{"position", FieldType::integer, "存疑行的序号", "position of the row", true, Where::path, "17"}},
        {{"candidates", FieldType::list, "主体，最可能的在前，最多5个",
          "subjects, the likest first, at most 5", true, Where::query, "", subject::suggestion_fields()}},
        api::ReadHandler(
            [rules, tenant](const Call& call, const Input& in, store::ReadTx& tx) -> Result<Reply> {
                const auto row = TRY(visible_row(tx, *rules, tenant, call, in.integer("position", 0)));
                JsonWriter json;
                json.begin_object().key("candidates").begin_array();
                for (const subject::Suggestion& one : TRY(candidates(tx, tenant, row))) {
                    json.begin_object();
                    subject::write_suggestion(json, one);
                    json.end_object();
                }
                json.end_array().end_object();
                return Reply::json(json.take());
            }));
    endpoint.refusals = {Fault::not_found};
    return endpoint;
}

}  // namespace mingxin::collect
