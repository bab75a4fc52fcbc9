// The lists of subjects and of records for staff: what the public may see of them, with filters.
#include "query/query.h"
#include "query/query_json.h"
#include "record/lists.h"
#include "subject/lists.h"

namespace mingxin::query {

using api::Field;
using api::FieldType;
using api::Permission;
using api::Where;
using listing::Asked;
using listing::Cell;
using listing::Listing;
using listing::Visit;
using listing::Walk;
using listing::Walked;

namespace {

using Rules = std::shared_ptr<const rulebook::Rulebook>;

std::string day_text(const std::optional<Date>& day) {
    return day ? day->to_string() : std::string();
}

void write_subject(JsonWriter& json, const subject::Subject& one) {
    json.begin_object().field("code", one.code).field("name", one.name);
    json.key("base").text(subject::base_name(one.base));
    if (one.established) json.field("established", one.established->to_string());
    if (!one.state.empty()) json.field("state", one.state);
    if (!one.industry.empty()) json.field("industry", one.industry);
    json.end_object();
}

Result<Walked> walk_subject_list(const rulebook::Rulebook& rules, std::int64_t tenant, const Asked& asked,
                                 store::ReadTx& tx, const Walk& walk, const Visit& visit) {
    return subject::walk_subjects(tx, tenant, asked, walk, [&](const subject::Subject& one) {
        return visit({std::to_string(one.id), [&](JsonWriter& json) { write_subject(json, one); },
                      [&](std::vector<Cell>& cells) {
                          cells.insert(cells.end(),
                                       {{one.code},
                                        {one.name},
                                        {std::string(base_zh(one.base))},
                                        {day_text(one.established)},
                                        {one.state},
                                        {one.industry},
                                        {std::string(rules.industry(rules.industry_section(one.industry)))}});
                      }});
    });
}

Listing subject_list(const Rules& rules, std::int64_t tenant) {
    return {
        .id = "subject.list",
        .path = "/api/v1/subject-list",
        .permission = Permission::collect_view,
        .zh = "列出主体，最近收录的在前",
        .en = "Subjects, the newest first",
        .rows_name = "subjects",
        .filters = {{"base", FieldType::text,
                     "enterprise（企业）、individual_business（个体工商户）或 other（其他组织）",
                     "enterprise, individual_business or other", false, Where::query, "enterprise"},
                    {"state", FieldType::text, "登记状态", "registration state", false, Where::query, "存续"},
                    {"q", FieldType::text, "名称中的文字，或统一社会信用代码",
                     "part of the name, or the code", false, Where::query, "鲁山"}},
        .fields = {{"code", FieldType::text, "统一社会信用代码", "unified social credit code", true},
                   {"name", FieldType::text, "名称", "name", true},
                   {"base", FieldType::text, "所属库", "database", true},
                   {"established", FieldType::date, "成立日期", "established"},
                   {"state", FieldType::text, "登记状态", "registration state"},
                   {"industry", FieldType::text, "行业代码", "industry (GB/T 4754)"}},
        .walk = [rules, tenant](
                    const Asked& asked, store::ReadTx& tx, const Walk& walk,
                    const Visit& visit) { return walk_subject_list(*rules, tenant, asked, tx, walk, visit); },
        .export_id = "subject.export",
        .export_path = "/api/v1/exports/subjects",
        .export_zh = "导出主体",
        .title_zh = "主体",
        .columns = {{"统一社会信用代码", 22},
                    {"名称", 40},
                    {"类别", 12},
                    {"成立日期", 12},
                    {"登记状态", 12},
                    {"行业代码", 10},
                    {"行业门类", 24}}};
}

// --- records

void write_listed(JsonWriter& json, const record::ShownRecord& one, std::string_view name) {
    json.begin_object()
        .field("id", one.id)
        .field("item", one.item->id)
        .field("item_title", one.item->title_zh);
    json.field("title", one.title).field("document_no", one.document_no);
    json.field("subject", one.subject).field("subject_name", name).field("organ", one.organ);
    if (one.decided) json.field("decided", one.decided->to_string());
    json.field("received", one.received.to_string());
    if (one.shown_until) json.field("shown_until", one.shown_until->to_string());
    if (one.severity != 0) json.field("severity", one.severity);
    json.end_object();
}

Result<Walked> walk_record_list(const rulebook::Rulebook& rules, std::int64_t tenant, const Asked& asked,
                                store::ReadTx& tx, const Walk& walk, const Visit& visit) {
    record::Reading reading;
    reading.viewer = &asked.who;
    reading.purpose = "公示查询";
    reading.today = asked.today();
    return record::walk_records(
        tx, rules, tenant, asked, reading, walk, [&](const record::ShownRecord& one) -> Result<bool> {
            const std::string key = std::to_string(one.position);
            if (!walk.contents) return visit({key, {}, {}});
            const auto subject = TRY(subject::find_by_code(tx, tenant, one.subject));
            const std::string name = subject ? subject->name : std::string();
            return visit({key, [&](JsonWriter& json) { write_listed(json, one, name); },
                          [&](std::vector<Cell>& cells) {
                              std::string content;
                              for (const record::ShownField& field : one.fields) {
                                  content +=
                                      (content.empty() ? "" : "；") + field.name_zh + "：" + field.value;
                              }
                              cells.insert(cells.end(), {{one.id},
                                                         {one.item->title_zh},
                                                         {one.title},
                                                         {one.document_no},
                                                         {one.subject},
                                                         {name},
                                                         {one.organ},
                                                         {one.source_unit},
                                                         {day_text(one.decided)},
                                                         {one.received.to_local_string()},
                                                         {day_text(one.shown_until)},
                                                         {std::string(one.severity_zh)},
                                                         {content}});
                          }});
        });
}

Listing record_list(const Rules& rules, std::int64_t tenant) {
    return {.id = "record.list",
            .path = "/api/v1/record-list",
            .permission = Permission::collect_view,
            .zh = "列出可公示的记录，最近收到的在前",
            .en = "Public records, those received last first",
            .rows_name = "records",
            .filters = {{"item", FieldType::text, "目录项", "catalogue item", false, Where::query, "penalty"},
                        {"unit", FieldType::text, "报送单位代码", "code of the submitting unit", false,
                         Where::query, "11410423MB0000000X"},
                        {"severity", FieldType::integer, "失信程度：1轻微、2一般、3严重",
                         "class of dishonesty", false, Where::query, "2"},
                        listing::received_from(),
                        listing::received_to(),
                        {"q", FieldType::text, "主体的统一社会信用代码，或名称中的文字",
                         "code of the subject, or part of its name", false, Where::query, "鲁山"}},
            .fields = {{"id", FieldType::text, "记录编号", "record id", true},
                       {"item", FieldType::text, "目录项", "catalogue item", true},
                       {"item_title", FieldType::text, "目录项名称", "title of the item", true},
                       {"title", FieldType::text, "标题", "title", true},
                       {"document_no", FieldType::text, "文书号", "document number", true},
                       {"subject", FieldType::text, "主体代码", "code of the subject", true},
                       {"subject_name", FieldType::text, "主体名称", "name of the subject", true},
                       {"organ", FieldType::text, "作出机关", "deciding organ", true},
                       {"decided", FieldType::date, "决定日期", "date of the decision"},
                       {"received", FieldType::text, "收到时间（UTC）", "received (UTC)", true},
                       {"shown_until", FieldType::date, "公示截止日期", "shown until"},
                       {"severity", FieldType::integer, "失信程度", "class of dishonesty"}},
            .refusals = {Fault::item_unknown},
            .walk =
                [rules, tenant](const Asked& asked, store::ReadTx& tx, const Walk& walk, const Visit& visit) {
                    return walk_record_list(*rules, tenant, asked, tx, walk, visit);
                },
            .export_id = "record.export",
            .export_path = "/api/v1/exports/records",
            .export_zh = "导出可公示的记录",
            .title_zh = "记录",
            .columns = {{"记录编号", 12},
                        {"目录项", 14},
                        {"标题", 28},
                        {"文书号", 28},
                        {"主体代码", 22},
                        {"主体名称", 36},
                        {"作出机关", 28},
                        {"数据来源单位", 28},
                        {"决定日期", 12},
                        {"收到时间", 20},
                        {"公示截止日期", 14},
                        {"失信程度", 10},
                        {"公开的内容", 80}}};
}

}  // namespace

std::vector<Listing> lists(Rules rules, std::int64_t tenant) {
    std::vector<Listing> all;
    all.push_back(subject_list(rules, tenant));
    all.push_back(record_list(rules, tenant));
    return all;
}

}  // namespace mingxin::query
