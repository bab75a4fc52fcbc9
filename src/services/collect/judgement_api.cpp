// Judging rows that wait, taking judgements back, and their list. The batch of a judgement and the event that
// takes one back are the audit: Audit::event would tell the same twice.
#include "base/json.h"
#include "collect/jobs.h"
#include "collect/judgement.h"
#include "collect/list_parts.h"

namespace mingxin::collect {

using api::Audit;
using api::Call;
using api::Endpoint;
using api::FieldType;
using api::Input;
using api::Method;
using api::Permission;
using api::Reply;
using api::Where;
using listing::Asked;
using listing::Cell;
using listing::Listing;
using listing::Visit;
using listing::Walk;
using listing::Walked;

namespace {

using Rules = std::shared_ptr<const rulebook::Rulebook>;

Judging judging_of(const rulebook::Rulebook& rules, std::int64_t tenant, const Call& call, const Input& in) {
    return {rules, tenant, call.principal, call.now, std::string(in.text("reason"))};
}

const api::Field kReason{"reason",
                         FieldType::text,
                         "理由，2至200字，不写个人信息",
                         "why, 2 to 200 characters, without personal data",
                         true,
                         Where::body,
                         "已与报送单位电话核实，系同一企业的曾用名"};

Endpoint doubtful_judge(const Rules& rules, std::int64_t tenant) {
    Endpoint endpoint(
        "doubtful.judge", Method::post, "/api/v1/judgements", Permission::collect_judge, Audit::metered,
        "核实存疑行：逐行指明属于哪个主体，不指明的退回报送单位；要么全部成立，要么都不成立",
        "Judges rows that wait: to whom each belongs, those without a subject go back to their unit; all or "
        "none",
        {{"rows",
          FieldType::list,
          "存疑行，1至200行",
          "1 to 200 rows",
          true,
          Where::body,
          "",
          {{"position", FieldType::integer, "存疑行的序号", "position of the row", true},
           {"subject", FieldType::text, "所属主体的统一社会信用代码，不填则退回",
            "code of the subject; absent: the row goes back"}}},
         kReason},
        {{"batches",
          FieldType::list,
          "核实形成的批次",
          "batches that the judgements became",
          true,
          Where::query,
          "",
          {{"id", FieldType::integer, "批次编号", "batch id", true}}},
         {"attached", FieldType::integer, "已关联的行数", "rows attached", true},
         {"known", FieldType::integer, "平台已有相同或更新的数据的行数",
          "rows about which the same or something newer is held", true},
         {"returned", FieldType::integer, "退回的行数", "rows that went back", true}},
        api::WriteHandler([rules, tenant](const Call& call, const Input& in, store::Tx& tx) -> Result<Reply> {
            const Judging judging = judging_of(*rules, tenant, call, in);
            const Judged judged = TRY(judge(tx, judging, TRY(decode_verdicts(in.text("rows")))));
            JsonWriter out;
            out.begin_object().key("batches").begin_array();
            for (const std::int64_t batch : judged.batches) {
                out.begin_object().field("id", batch).end_object();
            }
            out.end_array().field("attached", judged.attached).field("known", judged.known);
            out.field("returned", judged.returned).end_object();
            return Reply::json(out.take());
        }));
    endpoint.refusals = {Fault::judgement_unknown, Fault::judgement_made, Fault::judgement_impossible,
                         Fault::bad_argument};
    return endpoint;
}

Endpoint judgement_reverse(const Rules& rules, std::int64_t tenant) {
    Endpoint endpoint(
        "judgement.reverse", Method::post, "/api/v1/judgements/reversals", Permission::collect_judge,
        Audit::metered, "撤销对存疑行的核实：由此形成的记录即刻停用，该行重新等待核实",
        "Takes judgements back: the records that came of them end at once, the rows wait again",
        {{"rows",
          FieldType::list,
          "存疑行，1至200行",
          "1 to 200 rows",
          true,
          Where::body,
          "",
          {{"position", FieldType::integer, "存疑行的序号", "position of the row", true}}},
         kReason},
        {{"reversed", FieldType::integer, "撤销了几行的核实", "how many", true}},
        api::WriteHandler([rules, tenant](const Call& call, const Input& in, store::Tx& tx) -> Result<Reply> {
            std::vector<std::int64_t> positions;
            for (const Verdict& row : TRY(decode_verdicts(in.text("rows"))))
                positions.push_back(row.position);
            const Judging judging = judging_of(*rules, tenant, call, in);
            const std::int64_t reversed = TRY(reverse_judgements(tx, judging, positions));
            JsonWriter out;
            out.begin_object().field("reversed", reversed).end_object();
            return Reply::json(out.take());
        }));
    endpoint.refusals = {Fault::judgement_unknown, Fault::judgement_superseded, Fault::judgement_impossible,
                         Fault::bad_argument};
    return endpoint;
}

// --- the list

std::string name_in(const record::Doubtful& row) {
    const int field = row.item->field_with(rulebook::Role::subject_name);
    for (const record::ShownField& shown : row.fields) {
        if (field >= 0 && shown.code == row.item->fields[static_cast<std::size_t>(field)].code)
            return shown.value;
    }
    return {};
}

std::string_view verdict_zh(record::Outcome outcome) {
    switch (outcome) {
        case record::Outcome::accepted:
            return "关联入库";
        case record::Outcome::updated:
            return "关联并更新";
        case record::Outcome::duplicate:
            return "平台已有";
        default:
            return "退回";
    }
}

void write_judgement(JsonWriter& out, const record::Judgement& one, std::string_view unit_name) {
    out.begin_object().field("position", one.position).field("row", one.waited.position);
    out.field("record", std::to_string(one.batch) + "-" + std::to_string(one.row));
    out.field("outcome", record::outcome_name(one.outcome));
    if (!one.subject.empty()) out.field("subject", one.subject);
    out.field("name", name_in(one.waited)).field("item", one.waited.item->id);
    out.field("batch", one.waited.batch).field("line", one.waited.line);
    out.field("unit", one.waited.unit_code).field("unit_name", unit_name);
    out.field("by", one.judged_by).field("judged", one.judged.to_string());
    out.field("reason", one.reason).end_object();
}

std::vector<Cell> judgement_cells(const record::Judgement& one, const std::string& unit_name) {
    return {{one.judged.to_local_string()},
            {std::string(verdict_zh(one.outcome))},
            {name_in(one.waited)},
            {one.subject},
            {one.waited.item->title_zh},
            {unit_name},
            {std::to_string(one.waited.batch), true},
            {std::to_string(one.waited.line), true},
            {one.judged_by},
            {one.reason}};
}

Result<Walked> walk_list(const rulebook::Rulebook& rules, std::int64_t tenant, const Asked& asked,
                         store::ReadTx& tx, const Walk& walk, const Visit& visit) {
    UnitNames names(tx);
    return record::walk_judgements(
        tx, rules, tenant, asked, walk, [&](const record::Judgement& one) -> Result<bool> {
            if (!walk.contents) return visit({std::to_string(one.position), {}, {}});
            const std::string unit = TRY(names.of(one.waited.unit_code));
            return visit({std::to_string(one.position),
                          [&](JsonWriter& out) { write_judgement(out, one, unit); },
                          [&](std::vector<Cell>& cells) { cells = judgement_cells(one, unit); }});
        });
}

std::vector<api::Field> judgement_fields() {
    return {{"position", FieldType::integer, "核实的序号", "position of the judgement", true},
            {"row", FieldType::integer, "存疑行的序号", "position of the row that waited", true},
            {"record", FieldType::text, "核实形成的记录的编号", "id of the record that came of it", true},
            {"outcome", FieldType::text, "结果：accepted、updated 已关联，duplicate 平台已有，rejected 退回",
             "accepted and updated: attached; duplicate: held already; rejected: sent back", true},
            {"subject", FieldType::text, "关联到的主体", "to whom it was attached"},
            {"name", FieldType::text, "行中的主体名称", "name in the row", true},
            {"item", FieldType::text, "目录项", "catalogue item", true},
            {"batch", FieldType::integer, "原批次编号", "batch of the row", true},
            {"line", FieldType::integer, "原文件中的行号", "line of its file", true},
            {"unit", FieldType::text, "报送单位", "submitting unit", true},
            {"unit_name", FieldType::text, "报送单位名称", "name of the unit", true},
            {"by", FieldType::text, "核实人", "who judged", true},
            {"judged", FieldType::text, "核实时间（UTC）", "judged (UTC)", true},
            {"reason", FieldType::text, "理由", "why", true}};
}

}  // namespace

Listing judgement_list(const Rules& rules, std::int64_t tenant) {
    return {.id = "judgement.list",
            .path = "/api/v1/judgements",
            .permission = Permission::collect_view,
            .zh = "列出对存疑行的核实，最近的在前；撤销了的不在其中",
            .en = "Judgements on rows that waited, newest first; without those taken back",
            .rows_name = "judgements",
            .filters = {kUnitFilter,
                        kItemFilter,
                        {"outcome", FieldType::text, "只列：attached 已关联，returned 退回",
                         "only: attached, returned", false, Where::query, "returned"},
                        listing::received_from(),
                        listing::received_to()},
            .fields = judgement_fields(),
            .refusals = {Fault::item_unknown},
            .walk = [rules, tenant](
                        const Asked& asked, store::ReadTx& tx, const Walk& walk,
                        const Visit& visit) { return walk_list(*rules, tenant, asked, tx, walk, visit); },
            .export_id = "judgement.export",
            .export_path = "/api/v1/exports/judgements",
            .export_zh = "导出对存疑行的核实",
            .title_zh = "存疑核实",
            .columns = {{"核实时间", 20},
                        {"结果", 12},
                        {"行中的主体名称", 30},
                        {"关联到的主体", 22},
                        {"目录项", 14},
                        {"报送单位", 28},
                        {"原批次编号", 12},
                        {"原行号", 8},
                        {"核实人", 16},
                        {"理由", 48}}};
}

std::vector<Endpoint> judgement_endpoints(Rules rules, std::int64_t tenant) {
    std::vector<Endpoint> list;
    list.push_back(doubtful_judge(rules, tenant));
    list.push_back(judgement_reverse(rules, tenant));
    return list;
}

}  // namespace mingxin::collect
