// The versions of a record side by side, and who received the old ones.
#include <algorithm>

#include "access/access.h"
#include "base/json.h"
#include "correction/correction.h"
#include "correction/correction_json.h"
#include "journal/journal.h"
#include "subject/subject.h"

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
using record::Standing;
using record::Version;

namespace {

using DeskPtr = std::shared_ptr<const Desk>;

constexpr store::Sql kExports{"correction.exports",
                              "select seq from event where kind = 'list.exported' and seq > $1 and seq < $2 "
                              "order by seq desc limit 200"};

const Field kRecord{"id", FieldType::text, "记录编号", "record id", true, Where::path, "17-5"};

record::Reading staff_reading(const Call& call) {
    return {.viewer = &call.principal,
            .purpose = "核对、更正本单位报送的记录",
            .basis = "行政处罚法第四十八条",
            .today = call.today()};
}

Result<std::vector<Version>> versions_of(const Desk& desk, const Call& call, store::ReadTx& tx,
                                         const Standing& one) {
    return record::versions(tx, *desk.rules, desk.tenant, one, staff_reading(call));
}

void write_version(JsonWriter& json, const Version& version) {
    const Standing& s = version.standing;
    json.begin_object().field("record", s.id).field("received", s.received.to_string());
    if (s.ended) json.field("ended", version.ended.to_string());
    json.field("state", s.withdrawn ? "withdrawn" : s.ended ? "replaced" : "standing").end_object();
}

/// Amounts are shown and written in yuan, whatever unit the files use: without the unit in brackets.
std::string name_of(const rulebook::Field& field) {
    if (field.type != rulebook::FieldType::money) return field.name_zh;
    return field.name_zh.substr(0, std::min(field.name_zh.find('('), field.name_zh.find("（")));
}

void write_fields(JsonWriter& json, const rulebook::Item& item, const std::vector<Version>& all) {
    const Version& newest = all.back();
    json.key("fields").begin_array();
    for (std::size_t i = 0; i < item.fields.size(); ++i) {
        const rulebook::Field& field = item.fields[i];
        if (field.sharing == rulebook::Sharing::sealed &&
            field.role != rulebook::Role::legal_certificate_no) {
            continue;
        }
        bool changed = false;
        json.begin_object().field("code", field.code).field("name", name_of(field));
        json.key("shown").begin_array();
        for (const Version& version : all) {
            json.text(version.shown[i]);
            changed = changed || version.shown[i] != newest.shown[i];
        }
        json.end_array().field("input", newest.inputs[i]);
        json.field("hidden", newest.inputs[i].empty() && !newest.shown[i].empty());
        json.field("amount", field.type == rulebook::FieldType::money).field("changed", changed).end_object();
    }
    json.end_array();
}

void write_correction(JsonWriter& json, const rulebook::Rulebook& rules, const record::Correction& one) {
    json.begin_object().field("id", one.id).field("event", one.event).field("kind", one.kind);
    json.field("kind_title", kind_zh(one.kind)).field("ground_title", ground_title(rules, one));
    json.field("record", one.record).field("successor", one.successor_record);
    json.field("document_no", one.document_no).field("reason", one.reason);
    if (one.decided) json.field("decided", one.decided->to_string());
    if (one.due) json.field("due", one.due->to_string());
    json.field("late_working_days", one.late_working_days).field("time", one.at.to_string());
    json.field("by", one.by).end_object();
}

Result<Reply> show_versions(const Desk& desk, const Call& call, const Input& in, store::ReadTx& tx) {
    const Standing asked = TRY(visible(tx, desk.tenant, call.principal, in.text("id")));
    const rulebook::Item* item = desk.rules->item(asked.item);
    if (!item) return fail(Fault::item_unknown);
    const std::vector<Version> all = TRY(versions_of(desk, call, tx, asked));
    const Standing& newest = all.back().standing;
    const auto subject = TRY(subject::find_by_code(tx, desk.tenant, newest.subject));
    const auto unit = TRY(access::find_unit(tx, newest.unit_code));
    const bool may = call.principal.may(Permission::record_correct);
    JsonWriter json;
    json.begin_object()
        .field("record", newest.id)
        .field("item", item->id)
        .field("item_title", item->title_zh);
    json.field("subject", newest.subject).field("subject_name", subject ? subject->name : std::string());
    json.field("unit", newest.unit_code).field("unit_name", unit ? unit->name : std::string());
    json.field("state", newest.withdrawn ? "withdrawn" : newest.ended ? "replaced" : "standing");
    json.field("first_received", newest.first_received.to_string());
    json.field("may_correct", may && !newest.ended);
    json.field("may_withdraw", may && !newest.ended && !item->defines_subject);
    json.field("may_restore", may && newest.withdrawn);
    json.key("versions").begin_array();
    for (const Version& version : all) write_version(json, version);
    json.end_array();
    write_fields(json, *item, all);
    json.key("corrections").begin_array();
    std::int64_t last = 0;
    for (const Version& version : all) {
        for (const record::Correction& one :
             TRY(record::corrections_of(tx, desk.tenant, version.standing.position))) {
            if (one.id <= last) continue;  // told with the version before
            last = one.id;
            write_correction(json, *desk.rules, one);
        }
    }
    json.end_array().end_object();
    return Reply::json(json.take());
}

/// Whether an export of records with these filters could hold the record.
bool may_hold(std::string_view payload, const rulebook::Item& item, const Standing& one) {
    const Export filters = export_in(payload);
    return filters.list == "record.list" && (filters.item.empty() || filters.item == item.id) &&
           (filters.unit.empty() || filters.unit == one.unit_code);
}

Result<void> add_exports(store::ReadTx& tx, const rulebook::Item& item, const Version& version,
                         std::vector<Recipient>& all) {
    const std::int64_t from = std::atoll(version.standing.id.c_str());
    std::vector<std::int64_t> events;
    {
        auto rows = TRY(tx.query(kExports, {from, INT64_MAX}));
        while (TRY(rows.next())) events.push_back(rows.integer(0));
    }
    for (std::int64_t seq : events) {
        const auto event = TRY(journal::find_event(tx, seq));
        if (!event || (version.standing.ended && event->time > version.ended)) continue;
        if (!may_hold(event->payload, item, version.standing)) continue;
        all.push_back({"export", std::to_string(seq), event->principal, {}, event->time});
    }
    return {};
}

Result<Reply> show_recipients(const Desk& desk, const Call& call, const Input& in, store::ReadTx& tx) {
    const Standing asked = TRY(visible(tx, desk.tenant, call.principal, in.text("id")));
    const rulebook::Item* item = desk.rules->item(asked.item);
    if (!item) return fail(Fault::item_unknown);
    JsonWriter json;
    json.begin_object().key("recipients").begin_array();
    for (const Version& version : TRY(versions_of(desk, call, tx, asked))) {
        const Standing& s = version.standing;
        if (!s.ended) continue;  // what still stands needs no telling
        std::vector<Recipient> all = TRY(desk.reports(tx, s.subject, s.id));
        TRY(add_exports(tx, *item, version, all));
        for (const Recipient& one : all) {
            json.begin_object().field("kind", one.kind).field("record", s.id).field("number", one.number);
            json.field("by", one.by).field("purpose", one.purpose).field("time", one.time.to_string());
            json.end_object();
        }
    }
    json.end_array().end_object();
    return Reply::json(json.take());
}

std::vector<Field> correction_fields() {
    return {{"id", FieldType::integer, "编号", "id", true},
            {"event", FieldType::integer, "账本事项号", "journal event", true},
            {"kind", FieldType::text, "withdraw、correct、restore 或 reissue", "what was done", true},
            {"kind_title", FieldType::text, "撤回、更正、恢复或重新作出", "the same in words", true},
            {"ground_title", FieldType::text, "撤回情形", "ground of a withdrawal", true},
            {"record", FieldType::text, "原记录", "old record", true},
            {"successor", FieldType::text, "代替它的记录", "what took its place", true},
            {"document_no", FieldType::text, "文书号", "document number", true},
            {"reason", FieldType::text, "理由", "reason", true},
            {"decided", FieldType::date, "文书日期", "date of the document"},
            {"due", FieldType::date, "撤回期限", "last day to withdraw"},
            {"late_working_days", FieldType::integer, "迟了几个工作日", "working days late", true},
            {"time", FieldType::text, "时间（UTC）", "when (UTC)", true},
            {"by", FieldType::text, "经办人", "who", true}};
}

std::vector<Field> version_fields() {
    return {
        {"record", FieldType::text, "记录编号", "record id", true},
        {"received", FieldType::text, "收到时间（UTC）", "received (UTC)", true},
        {"ended", FieldType::text, "被代替或撤回的时间（UTC）", "when it was replaced or withdrawn (UTC)"},
        {"state", FieldType::text, "standing、replaced 或 withdrawn", "how it stands", true}};
}

std::vector<Field> content_fields() {
    return {{"code", FieldType::text, "字段代码", "field code", true},
            {"name", FieldType::text, "字段名称", "field name", true},
            {"shown", FieldType::list, "各版的内容", "what each version says", true},
            {"input", FieldType::text, "现行一版填写的内容", "the newest version as written", true},
            {"hidden", FieldType::boolean, "有内容而不予显示", "holds what may not be shown", true},
            {"amount", FieldType::boolean, "金额，以元填写", "an amount in yuan", true},
            {"changed", FieldType::boolean, "各版不同", "the versions differ", true}};
}

}  // namespace

Result<Standing> visible(store::ReadTx& tx, std::int64_t tenant, const api::Principal& who,
                         std::string_view id) {
    auto found = TRY(record::find_standing(tx, tenant, id));
    if (!found) return fail(Fault::not_found, "没有记录 " + std::string(id));
    if (!who.scope().covers(found->unit_code)) return fail(Fault::record_foreign, "记录 " + std::string(id));
    return std::move(*found);
}

Endpoint versions_endpoint(DeskPtr desk) {
    const auto flag = [](const char* name, const char* zh, const char* en) {
        return Field{name, FieldType::boolean, zh, en, true};
    };
    Endpoint endpoint(
        "record.versions", Method::get, "/api/v1/records/{id}/versions", Permission::collect_view,
        Audit::metered, "本单位报送的一条记录的各版、差异和更正撤回经过",
        "The versions of a record of the own unit, what differs, and what was done to it", {kRecord},
        {{"record", FieldType::text, "最新一版的记录编号", "record id of the newest version", true},
         {"item", FieldType::text, "目录项", "item", true},
         {"item_title", FieldType::text, "目录项名称", "title of the item", true},
         {"subject", FieldType::text, "主体代码", "subject", true},
         {"subject_name", FieldType::text, "主体名称", "name of the subject", true},
         {"unit", FieldType::text, "报送单位代码", "unit", true},
         {"unit_name", FieldType::text, "报送单位", "name of the unit", true},
         {"state", FieldType::text, "standing、replaced 或 withdrawn", "how the newest stands", true},
         {"first_received", FieldType::text, "首次收到时间（UTC），迟报与否以此为准",
          "when its first version came (UTC): lateness is measured by it", true},
         flag("may_correct", "可以更正", "may be corrected by the caller"),
         flag("may_withdraw", "可以撤回", "may be withdrawn by the caller"),
         flag("may_restore", "可以恢复或重新作出", "may be restored or issued anew by the caller"),
         {"versions", FieldType::list, "各版，旧的在前", "versions, oldest first", true, Where::query, "",
          version_fields()},
         {"fields", FieldType::list, "字段", "fields", true, Where::query, "", content_fields()},
         {"corrections", FieldType::list, "更正与撤回", "corrections and withdrawals", true, Where::query, "",
          correction_fields()}},
        api::ReadHandler([desk](const Call& call, const Input& in, store::ReadTx& tx) {
            return show_versions(*desk, call, in, tx);
        }));
    endpoint.refusals = {Fault::not_found, Fault::record_foreign};
    return endpoint;
}

Endpoint recipients_endpoint(DeskPtr desk) {
    Endpoint endpoint(
        "record.recipients", Method::get, "/api/v1/records/{id}/recipients", Permission::collect_view,
        Audit::metered, "谁得到过被更正或撤回的旧版：所出具的报告和可能含有它的导出",
        "Who received versions that do not stand any more: reports, and exports that may hold them",
        {kRecord},
        {{"recipients",
          FieldType::list,
          "得到旧版的",
          "recipients",
          true,
          Where::query,
          "",
          {{"kind", FieldType::text, "report（报告）或 export（导出）", "report or export", true},
           {"record", FieldType::text, "哪一版", "which version", true},
           {"number", FieldType::text, "报告编号或账本事项号", "number of the report, or event", true},
           {"by", FieldType::text, "经办人", "who made it", true},
           {"purpose", FieldType::text, "用途", "purpose", true},
           {"time", FieldType::text, "时间（UTC）", "when (UTC)", true}}}},
        api::ReadHandler([desk](const Call& call, const Input& in, store::ReadTx& tx) {
            return show_recipients(*desk, call, in, tx);
        }));
    endpoint.refusals = {Fault::not_found, Fault::record_foreign};
    return endpoint;
}

}  // namespace mingxin::correction
