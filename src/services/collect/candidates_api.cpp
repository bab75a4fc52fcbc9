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
using rulebook::Role;

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

std::string value_in(const rulebook::Item& item, const std::vector<record::ShownField>& fields, Role role) {
    const int field = item.field_with(role);
    for (const record::ShownField& shown : fields) {
        if (field >= 0 && shown.code == item.fields[static_cast<std::size_t>(field)].code) {
            return shown.value;
        }
    }
    return {};
}

std::string name_in(const record::Doubtful& row) {
    return value_in(*row.item, row.fields, Role::subject_name);
}

/// What tells subjects apart: as the row says it, and as the register does.
struct Evidence {
    Role role;
    const char* name_zh;
    std::string row, subject;
};

Result<std::vector<Evidence>> evidence(store::ReadTx& tx, const rulebook::Rulebook& rules,
                                       std::int64_t tenant, Date today, const record::Doubtful& row,
                                       const subject::Subject& subject) {
    std::vector<Evidence> all = {
        {Role::subject_name, "名称", {}, {}},      {Role::uscc, "统一社会信用代码", {}, {}},
        {Role::registration_no, "注册号", {}, {}}, {Role::organisation_code, "组织机构代码", {}, {}},
        {Role::tax_no, "税务登记号", {}, {}},      {Role::legal_representative, "法定代表人", {}, {}},
        {Role::address, "住所", {}, {}},           {Role::established, "成立日期", {}, {}},
        {Role::state, "登记状态", {}, {}}};
    const auto item = std::find_if(rules.items().begin(), rules.items().end(),
                                   [](const auto& one) { return one->defines_subject; });
    std::vector<record::ShownRecord> registered;
    if (item != rules.items().end()) {
        record::Reading reading;
        reading.today = today;
        registered = TRY(record::disclose(tx, rules, tenant, subject.code, (*item)->id, reading));
    }
    for (Evidence& one : all) {
        one.row = value_in(*row.item, row.fields, one.role);
        if (!registered.empty()) one.subject = value_in(**item, registered.front().fields, one.role);
        if (one.role == Role::subject_name) one.subject = subject.name;
        if (one.role == Role::uscc) one.subject = subject.code;
    }
    std::erase_if(all, [](const Evidence& one) { return one.row.empty() && one.subject.empty(); });
    return all;
}

void write_candidate(JsonWriter& json, const subject::Suggestion& one, const std::vector<Evidence>& facts) {
    json.begin_object();
    subject::write_suggestion(json, one);
    json.key("evidence").begin_array();
    for (const Evidence& fact : facts) {
        json.begin_object().field("name", fact.name_zh).field("row", fact.row);
        json.field("subject", fact.subject).end_object();
    }
    json.end_array().end_object();
}

std::vector<api::Field> candidate_fields() {
    std::vector<api::Field> fields = subject::suggestion_fields();
    fields.push_back({"evidence",
                      FieldType::list,
                      "逐项对照：行中所写与登记信息，没有的为空",
                      "side by side: as the row says and as registered, empty where there is none",
                      true,
                      Where::query,
                      "",
                      {{"name", FieldType::text, "对照的内容", "what is compared", true},
                       {"row", FieldType::text, "行中所写", "in the row", true},
                       {"subject", FieldType::text, "登记信息", "as registered", true}}});
    return fields;
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
          "subjects, the likest first, at most 5", true, Where::query, "", candidate_fields()}},
        api::ReadHandler([rules, tenant](const Call& call, const Input& in,
                                         store::ReadTx& tx) -> Result<Reply> {
            const auto row = TRY(visible_row(tx, *rules, tenant, call, in.integer("position", 0)));
            JsonWriter json;
            json.begin_object().key("candidates").begin_array();
            for (const subject::Suggestion& one : TRY(candidates(tx, tenant, row))) {
                write_candidate(json, one, TRY(evidence(tx, *rules, tenant, call.today(), row, one.subject)));
            }
            json.end_array().end_object();
            return Reply::json(json.take());
        }));
    endpoint.refusals = {Fault::not_found};
    return endpoint;
}

}  // namespace mingxin::collect
