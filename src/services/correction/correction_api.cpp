// Operations on records of the own unit. Their events (record.withdrawn, batch.committed) are the audit.
#include <algorithm>

#include "base/json.h"
#include "correction/correction.h"
#include "correction/correction_json.h"

namespace mingxin::correction {

using api::Audit;
using api::Call;
using api::Endpoint;
using api::Field;
using api::FieldType;
using api::Input;
using api::Method;
using api::Permission;
using api::Reply;
using api::Where;
using record::Change;

namespace {

using DeskPtr = std::shared_ptr<const Desk>;

const Field kRecord{"id", FieldType::text, "记录编号", "record id", true, Where::path, "17-5"};
const Field kReason{"reason", FieldType::text, "理由，供工作人员查看",  "why, for staff",
                    true,     Where::body,     "法定代表人姓名录入有误"};
const Field kDocument{
    "document_no", FieldType::text, "所依据文书的文号",   "number of the document behind it",
    false,         Where::body,     "鲁政复决〔2026〕3号"};

Result<Reply> withdraw(const Desk& desk, const Call& call, const Input& in, store::Tx& tx) {
    record::Withdrawal order;
    order.ground = in.text("ground");
    order.reason = in.text("reason");
    order.document_no = in.text("document_no");
    if (in.has("decided")) order.decided = parse_date(in.text("decided"));
    order.records = TRY(texts_in(in.text("records")));
    const std::int64_t event =
        TRY(record::withdraw(tx, *desk.rules, desk.tenant, order, call.principal, call.now));
    std::int64_t late = 0;
    std::optional<Date> due;
    for (const std::string& id : order.records) {
        const auto standing = TRY(record::find_standing(tx, desk.tenant, id));
        const auto all = TRY(record::corrections_of(tx, desk.tenant, standing->position));
        late = std::max(late, all.back().late_working_days);
        if (all.back().due && (!due || *all.back().due < *due)) due = all.back().due;
    }
    JsonWriter json;
    json.begin_object().field("event", event);
    json.field("withdrawn", static_cast<std::int64_t>(order.records.size()));
    if (due) json.field("due", due->to_string());
    json.field("late_working_days", late).end_object();
    return Reply::json(json.take());
}

Endpoint withdraw_records(const DeskPtr& desk) {
    Endpoint endpoint("record.withdraw", Method::post, "/api/v1/withdrawals", Permission::record_correct,
                      Audit::metered, "撤回本单位报送的记录，立即停止公示，旧内容留存可查",
                      "Withdraws records of the own unit: shown to nobody from now on, kept in the history",
                      {{"records", FieldType::list, "记录编号，1至500个", "record ids, 1 to 500", true,
                        Where::body, "[\"17-5\"]"},
                       {"ground", FieldType::text, "撤回情形的编号", "id of the ground", true, Where::body,
                        "withdrawal.annulled"},
                       kReason,
                       kDocument,
                       {"decided", FieldType::date, "变更、撤销或确认决定的日期",
                        "date of the deciding document", false, Where::body, "2026-11-20"}},
                      {{"event", FieldType::integer, "账本事项号", "journal event", true},
                       {"withdrawn", FieldType::integer, "撤回的条数", "records withdrawn", true},
                       {"due", FieldType::date, "最早的撤回期限", "earliest last day to withdraw"},
                       {"late_working_days", FieldType::integer, "最多迟了几个工作日，0为按时",
                        "working days late at most, 0: in time", true}},
                      api::WriteHandler([desk](const Call& call, const Input& in, store::Tx& tx) {
                          return withdraw(*desk, call, in, tx);
                      }));
    endpoint.refusals = {Fault::withdrawal_malformed, Fault::not_found, Fault::record_foreign,
                         Fault::record_ended, Fault::record_withdrawn};
    return endpoint;
}

Result<Reply> change(const Desk& desk, Change kind, const Call& call, const Input& in, store::Tx& tx) {
    Order order;
    order.record = in.text("id");
    order.change = kind;
    order.values = TRY(values_in(in.text("values")));
    order.reason = in.text("reason");
    order.document_no = in.text("document_no");
    const Done done = TRY(desk.correct(call, tx, order));
    JsonWriter json;
    json.begin_object().field("record", done.record).field("batch", done.batch).key("notes").begin_array();
    for (const std::string& note : done.notes_zh) json.text(note);
    json.end_array().end_object();
    return Reply::json(json.take());
}

Endpoint change_endpoint(const DeskPtr& desk, Change kind, const char* id, const char* path, const char* zh,
                         const char* en, bool with_values) {
    std::vector<Field> in = {kRecord, kReason, kDocument};
    if (with_values) {
        in.push_back(
            {"values",
             FieldType::list,
             "改动的字段，其余不变；金额以元为单位",
             "the fields that change, the others stay; amounts in yuan",
             true,
             Where::body,
             "",
             {{"field", FieldType::text, "字段代码", "field code", true},
              {"value", FieldType::text, "新的内容，没有则清空", "what it is to say; absent: nothing"}}});
    }
    Endpoint endpoint(id, Method::post, path, Permission::record_correct, Audit::metered, zh, en,
                      std::move(in),
                      {{"record", FieldType::text, "新一版的记录编号", "record id of the new version", true},
                       {"batch", FieldType::integer, "批次编号", "batch", true},
                       {"notes", FieldType::list, "检查的提示", "what the checks note", true}},
                      api::WriteHandler([desk, kind](const Call& call, const Input& in, store::Tx& tx) {
                          return change(*desk, kind, call, in, tx);
                      }));
    endpoint.refusals = {Fault::not_found,           Fault::record_foreign,
                         Fault::record_ended,        Fault::correction_malformed,
                         Fault::correction_collides, Fault::item_not_in_force};
    if (kind == Change::correct) endpoint.refusals.push_back(Fault::record_withdrawn);
    if (kind != Change::correct) endpoint.refusals.push_back(Fault::record_not_withdrawn);
    if (with_values) {
        endpoint.refusals.push_back(Fault::correction_same);
        endpoint.refusals.push_back(Fault::correction_rejected);
    }
    return endpoint;
}

Endpoint grounds(const DeskPtr& desk) {
    return Endpoint(
        "withdrawal.grounds", Method::get, "/api/v1/withdrawal-grounds", Permission::collect_view,
        Audit::metered, "可以撤回记录的情形及期限",
        "On which grounds a record may be withdrawn, and the limits", {},
        {{"grounds",
          FieldType::list,
          "情形",
          "grounds",
          true,
          Where::query,
          "",
          {{"id", FieldType::text, "编号", "id", true},
           {"title", FieldType::text, "名称", "title in Chinese", true},
           {"title_en", FieldType::text, "英文名称", "title in English", true},
           {"public_text", FieldType::text, "向社会说明的理由", "what the public reads", true},
           {"needs_document", FieldType::boolean, "须填写文书号和日期", "document and date are needed", true},
           {"penalty_working_days", FieldType::integer, "行政处罚的撤回期限（工作日），0为没有规定",
            "limit for penalties in working days, 0: none", true},
           {"other_working_days", FieldType::integer, "其他记录的撤回期限（工作日），0为没有规定",
            "limit for other records, 0: none", true},
           {"basis", FieldType::text, "依据", "basis", true}}}},
        api::ReadHandler([desk](const Call& call, const Input&, store::ReadTx&) -> Result<Reply> {
            JsonWriter json;
            json.begin_object().key("grounds").begin_array();
            for (const rulebook::WithdrawalGround& one : desk->rules->withdrawal_grounds()) {
                if (!one.validity.contains(call.today())) continue;
                json.begin_object().field("id", one.id).field("title", one.title_zh);
                json.field("title_en", one.title_en).field("public_text", one.public_zh);
                json.field("needs_document", one.needs_document);
                json.field("penalty_working_days", one.penalty_working_days);
                json.field("other_working_days", one.other_working_days);
                json.field("basis", one.basis.text_zh()).end_object();
            }
            json.end_array().end_object();
            return Reply::json(json.take());
        }));
}

}  // namespace

std::vector<Endpoint> endpoints(DeskPtr desk) {
    std::vector<Endpoint> list;
    list.push_back(grounds(desk));
    list.push_back(withdraw_records(desk));
    list.push_back(
        change_endpoint(desk, Change::correct, "record.correct", "/api/v1/records/{id}/correct",
                        "更正本单位报送的一条记录：按目录重新检查，旧的一版留存",
                        "Corrects a record of the own unit; it is checked anew, the old one is kept", true));
    list.push_back(change_endpoint(desk, Change::restore, "record.restore", "/api/v1/records/{id}/restore",
                                   "恢复误撤回的记录，内容不变",
                                   "Restores a record that was withdrawn wrongly", false));
    list.push_back(change_endpoint(
        desk, Change::reissue, "record.reissue", "/api/v1/records/{id}/reissue",
        "以重新作出的决定代替撤回的记录，时限重新起算",
        "Puts a new decision in the place of a withdrawn one; it has a clock of its own", true));
    list.push_back(versions_endpoint(desk));
    list.push_back(recipients_endpoint(desk));
    return list;
}

}  // namespace mingxin::correction
