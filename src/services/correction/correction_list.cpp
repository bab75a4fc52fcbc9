// The list of corrections and withdrawals.
#include "correction/correction.h"
#include "subject/subject.h"

namespace mingxin::correction {

using api::Field;
using api::FieldType;
using api::Where;
using listing::Asked;
using listing::Cell;
using listing::Visit;
using listing::Walk;
using listing::Walked;

namespace {

using Rules = std::shared_ptr<const rulebook::Rulebook>;

std::string day_text(const std::optional<Date>& day) {
    return day ? day->to_string() : std::string();
}

std::string title_of(const rulebook::Rulebook& rules, std::int64_t item) {
    const rulebook::Item* known = rules.item(item);
    return known ? known->title_zh : std::to_string(item);
}

void write_listed(JsonWriter& json, const rulebook::Rulebook& rules, const record::Correction& one,
                  std::string_view name) {
    json.begin_object().field("id", one.id).field("event", one.event).field("kind", one.kind);
    json.field("kind_title", kind_zh(one.kind)).field("ground_title", ground_title(rules, one));
    json.field("item_title", title_of(rules, one.item)).field("record", one.record);
    json.field("successor", one.successor_record).field("subject", one.subject);
    json.field("subject_name", name).field("unit", one.unit_code).field("document_no", one.document_no);
    json.field("reason", one.reason);
    if (one.decided) json.field("decided", one.decided->to_string());
    if (one.due) json.field("due", one.due->to_string());
    json.field("late_working_days", one.late_working_days).field("time", one.at.to_string());
    json.field("by", one.by).end_object();
}

void append_listed(std::vector<Cell>& cells, const rulebook::Rulebook& rules, const record::Correction& one,
                   std::string_view name) {
    cells.insert(cells.end(), {{std::string(kind_zh(one.kind))},
                               {ground_title(rules, one)},
                               {title_of(rules, one.item)},
                               {one.record},
                               {one.successor_record},
                               {one.subject},
                               {std::string(name)},
                               {one.unit_code},
                               {one.document_no},
                               {day_text(one.decided)},
                               {day_text(one.due)},
                               {std::to_string(one.late_working_days), true},
                               {one.reason},
                               {one.at.to_local_string()},
                               {one.by}});
}

Result<Walked> walk_list(const rulebook::Rulebook& rules, std::int64_t tenant, const Asked& asked,
                         store::ReadTx& tx, const Walk& walk, const Visit& visit) {
    return record::walk_corrections(
        tx, rules, tenant, asked, walk, [&](const record::Correction& one) -> Result<bool> {
            const std::string key = std::to_string(one.id);
            if (!walk.contents) return visit({key, {}, {}});
            const auto subject = TRY(subject::find_by_code(tx, tenant, one.subject));
            const std::string name = subject ? subject->name : std::string();
            return visit({key, [&](JsonWriter& json) { write_listed(json, rules, one, name); },
                          [&](std::vector<Cell>& cells) { append_listed(cells, rules, one, name); }});
        });
}

std::vector<Field> filters() {
    return {
        {"kind", FieldType::text, "withdraw（撤回）、correct（更正）、restore（恢复）或 reissue（重新作出）",
         "withdraw, correct, restore or reissue", false, Where::query, "withdraw"},
        {"item", FieldType::text, "目录项", "catalogue item", false, Where::query, "penalty"},
        {"unit", FieldType::text, "报送单位代码", "code of the submitting unit", false, Where::query,
         "11410423MB0000000X"},
        {"late", FieldType::boolean, "只列逾期撤回的", "only those withdrawn late", false, Where::query,
         "true"},
        {"from", FieldType::date, "日期不早于", "on this day or later", false, Where::query, "2026-11-01"},
        {"to", FieldType::date, "日期不晚于", "on this day or before", false, Where::query, "2026-11-30"},
        {"q", FieldType::text, "记录编号、统一社会信用代码，或名称中的文字",
         "record id, code of the subject, or part of its name", false, Where::query, "鲁山"}};
}

std::vector<Field> row_fields() {
    return {{"id", FieldType::integer, "编号", "id", true},
            {"event", FieldType::integer, "账本事项号", "journal event", true},
            {"kind", FieldType::text, "种类", "kind", true},
            {"kind_title", FieldType::text, "撤回、更正、恢复或重新作出", "kind in words", true},
            {"ground_title", FieldType::text, "撤回情形", "ground of a withdrawal", true},
            {"item_title", FieldType::text, "目录项名称", "title of the item", true},
            {"record", FieldType::text, "原记录", "old record", true},
            {"successor", FieldType::text, "代替它的记录", "what took its place", true},
            {"subject", FieldType::text, "主体代码", "code of the subject", true},
            {"subject_name", FieldType::text, "主体名称", "name of the subject", true},
            {"unit", FieldType::text, "报送单位代码", "submitting unit", true},
            {"document_no", FieldType::text, "文书号", "document number", true},
            {"reason", FieldType::text, "理由", "reason", true},
            {"decided", FieldType::date, "文书日期", "date of the document"},
            {"due", FieldType::date, "撤回期限", "last day to withdraw"},
            {"late_working_days", FieldType::integer, "迟了几个工作日，0为按时或没有期限",
             "working days late, 0: in time or no limit", true},
            {"time", FieldType::text, "时间（UTC）", "when (UTC)", true},
            {"by", FieldType::text, "经办人", "who", true}};
}

}  // namespace

std::string_view kind_zh(std::string_view kind) {
    if (kind == "withdraw") return "撤回";
    if (kind == "correct") return "更正";
    if (kind == "restore") return "恢复";
    return "重新作出";
}

std::string ground_title(const rulebook::Rulebook& rules, const record::Correction& one) {
    if (one.ground.empty()) return {};
    const auto* ground = rules.withdrawal_ground(one.ground, one.at.date());
    return ground ? ground->title_zh : one.ground;
}

listing::Listing list(Rules rules, std::int64_t tenant) {
    return {.id = "correction.list",
            .path = "/api/v1/corrections",
            .permission = api::Permission::collect_view,
            .zh = "列出记录的更正与撤回，最近的在前",
            .en = "Corrections and withdrawals of records, newest first",
            .rows_name = "corrections",
            .filters = filters(),
            .fields = row_fields(),
            .refusals = {Fault::item_unknown},
            .walk = [rules, tenant](
                        const Asked& asked, store::ReadTx& tx, const Walk& walk,
                        const Visit& visit) { return walk_list(*rules, tenant, asked, tx, walk, visit); },
            .export_id = "correction.export",
            .export_path = "/api/v1/exports/corrections",
            .export_zh = "导出更正与撤回",
            .title_zh = "更正与撤回",
            .columns = {{"种类", 10},
                        {"撤回情形", 24},
                        {"目录项", 14},
                        {"原记录", 12},
                        {"代替它的记录", 14},
                        {"主体代码", 22},
                        {"主体名称", 36},
                        {"报送单位", 22},
                        {"文书号", 24},
                        {"文书日期", 12},
                        {"撤回期限", 12},
                        {"逾期工作日", 12},
                        {"理由", 40},
                        {"时间", 20},
                        {"经办人", 24}}};
}

}  // namespace mingxin::correction
