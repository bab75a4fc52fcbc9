// The lists of batches, of the faulty rows of a batch, and of the rows that wait for a decision.
#include "collect/jobs.h"
#include "collect/list_parts.h"
#include "collect/visible.h"
#include "record/lists.h"

namespace mingxin::collect {

using api::Field;
using api::FieldType;
using api::Permission;
using api::Where;
using listing::Asked;
using listing::Cell;
using listing::Listing;
using listing::Row;
using listing::Visit;
using listing::Walk;
using listing::Walked;

namespace {

using Rules = std::shared_ptr<const rulebook::Rulebook>;

/// "before" of an earlier version of the API: the first page begins below it.
Walk from_before(const Asked& asked, Walk walk) {
    if (walk.from.empty() && walk.descending && asked.in.has("before")) walk.from = asked.in.text("before");
    return walk;
}

std::string title_of(const rulebook::Rulebook& rules, std::string_view item_id) {
    const rulebook::Item* item = rules.item(item_id);
    return item ? item->title_zh : std::string(item_id);
}

Cell number(std::int64_t value) {
    return {std::to_string(value), true};
}

}  // namespace

std::vector<api::Field> batch_fields() {
    return {
        {"id", FieldType::integer, "批次编号", "batch id", true},
        {"item", FieldType::text, "目录项", "catalogue item", true},
        {"unit", FieldType::text, "报送单位", "submitting unit", true},
        {"unit_name", FieldType::text, "报送单位名称", "name of the unit", true},
        {"submitted_by", FieldType::text, "报送人", "who handed it in", true},
        {"file", FieldType::text, "文件名", "file name", true},
        {"received", FieldType::text, "收到时间（UTC）", "received (UTC)", true},
        {"rows", FieldType::integer, "总行数", "rows", true},
        {"accepted", FieldType::integer, "入库", "accepted", true},
        {"updated", FieldType::integer, "更新", "updated", true},
        {"duplicate", FieldType::integer, "重复", "duplicates", true},
        {"doubtful", FieldType::integer, "存疑", "doubtful", true},
        {"rejected", FieldType::integer, "退回", "rejected", true},
        {"findings",
         FieldType::list,
         "各类问题的个数",
         "findings by fault",
         true,
         Where::query,
         "",
         {{"fault", FieldType::text, "故障码", "fault code", true},
          {"count", FieldType::integer, "个数", "how many", true}}},
        {"has_reply", FieldType::boolean, "是否有反馈工作簿", "whether the reply workbook is kept", true}};
}

void write_batch(JsonWriter& json, const record::Batch& batch, std::string_view unit_name, bool has_reply) {
    json.begin_object().field("id", batch.id).field("item", batch.item).field("unit", batch.unit_code);
    json.field("unit_name", unit_name).field("submitted_by", batch.submitted_by);
    json.field("file", batch.file_name)
        .field("received", batch.received.to_string())
        .field("rows", batch.rows);
    json.field("accepted", batch.accepted)
        .field("updated", batch.updated)
        .field("duplicate", batch.duplicate);
    json.field("doubtful", batch.doubtful).field("rejected", batch.rejected).key("findings").begin_array();
    for (const auto& [fault, count] : batch.findings) {
        json.begin_object().field("fault", fault).field("count", count).end_object();
    }
    json.end_array().field("has_reply", has_reply).end_object();
}

namespace {

Result<Walked> walk_batch_list(const rulebook::Rulebook& rules, const Jobs& jobs, std::int64_t tenant,
                               const Asked& asked, store::ReadTx& tx, const Walk& walk, const Visit& visit) {
    UnitNames names(tx);
    return record::walk_batches(
        tx, tenant, asked, from_before(asked, walk), [&](const record::Batch& batch) -> Result<bool> {
            const std::string unit = walk.contents ? TRY(names.of(batch.unit_code)) : std::string();
            return visit({std::to_string(batch.id),
                          [&](JsonWriter& json) { write_batch(json, batch, unit, jobs.has_reply(batch.id)); },
                          [&](std::vector<Cell>& cells) {
                              cells.push_back(number(batch.id));
                              cells.insert(cells.end(), {{batch.file_name},
                                                         {title_of(rules, batch.item)},
                                                         {unit},
                                                         {batch.unit_code},
                                                         {batch.submitted_by},
                                                         {batch.received.to_local_string()}});
                              for (std::int64_t count : {batch.rows, batch.accepted, batch.updated,
                                                         batch.duplicate, batch.doubtful, batch.rejected}) {
                                  cells.push_back(number(count));
                              }
                          }});
        });
}

Listing batch_list(const Rules& rules, Jobs* jobs, std::int64_t tenant) {
    return {
        .id = "batch.list",
        .path = "/api/v1/batches",
        .permission = Permission::collect_view,
        .zh = "列出批次，最近的在前；没有查看全部批次的权限时只列本单位的",
        .en = "Batches, newest first; of the own unit only without collect_view_all",
        .rows_name = "batches",
        .filters = {kUnitFilter,
                    kItemFilter,
                    {"outcome", FieldType::text, "rejected（有退回）、doubtful（有存疑）或 clean（都没有）",
                     "rejected, doubtful or clean", false, Where::query, "rejected"},
                    listing::received_from(),
                    listing::received_to(),
                    {"q", FieldType::text, "文件名中的文字，或批次编号", "part of the file name, or the id",
                     false, Where::query, "处罚"},
                    {"before", FieldType::integer, "只列编号小于它的批次", "ids below this one", false,
                     Where::query, "100"}},
        .fields = batch_fields(),
        .walk =
            [rules, jobs, tenant](const Asked& asked, store::ReadTx& tx, const Walk& walk,
                                  const Visit& visit) {
                return walk_batch_list(*rules, *jobs, tenant, asked, tx, walk, visit);
            },
        .export_id = "batch.export",
        .export_path = "/api/v1/exports/batches",
        .export_zh = "导出批次列表",
        .title_zh = "批次",
        .columns = {{"批次编号", 10},
                    {"文件名", 32},
                    {"目录项", 14},
                    {"报送单位", 28},
                    {"报送单位代码", 22},
                    {"报送人", 20},
                    {"收到时间", 20},
                    {"行数", 8},
                    {"入库", 8},
                    {"更新", 8},
                    {"重复", 8},
                    {"存疑", 8},
                    {"退回", 8}}};
}

// --- findings

std::string field_title(const rulebook::Item& item, int field) {
    return field < 0 ? "整行" : item.fields[static_cast<std::size_t>(field)].name_zh;
}

void write_findings(JsonWriter& json, const rulebook::Item& item, const std::vector<record::Finding>& list) {
    json.key("findings").begin_array();
    for (const record::Finding& finding : list) {
        json.begin_object().field("fault", finding.fault);
        if (finding.field >= 0) json.field("field", item.fields[finding.field].code);
        json.field("message", finding.message_zh).field("remedy", finding.remedy_zh).end_object();
    }
    json.end_array();
}

Result<record::FindingFilter> finding_filter(const rulebook::Item& item, const api::Input& in) {
    record::FindingFilter filter{in.text("fault"), in.text("outcome")};
    if (in.text("field").empty()) return filter;
    for (std::size_t i = 0; i < item.fields.size(); ++i) {
        if (item.fields[i].code == in.text("field")) filter.field = static_cast<int>(i);
    }
    if (filter.field == -2) return fail(Fault::bad_argument, "没有字段 " + std::string(in.text("field")));
    return filter;
}

Result<Walked> walk_finding_list(const rulebook::Rulebook& rules, const Asked& asked, store::ReadTx& tx,
                                 Walk walk, const Visit& visit) {
    // An export names the batch in its body.
    const record::Batch batch =
        TRY(visible_batch(tx, asked.who, asked.in.integer(asked.in.has("id") ? "id" : "batch", 0)));
    const rulebook::Item* item = rules.item(batch.item);
    if (!item) return fail(Fault::not_found, batch.item);
    if (walk.from.empty() && !walk.descending && asked.in.has("after")) walk.from = asked.in.text("after");
    const record::FindingFilter filter = TRY(finding_filter(*item, asked.in));
    TRY(record::walk_findings(tx, batch.id, filter, walk, [&](const record::FaultyRow& row) -> Result<bool> {
        RowFindings one;
        if (walk.contents) one = TRY(row_findings(tx, rules, row, batch.received.date()));
        return visit({std::to_string(row.row),
                      [&](JsonWriter& json) {
                          json.begin_object().field("row", one.row).field("line", one.line);
                          json.key("outcome").text(record::outcome_name(one.outcome));
                          write_findings(json, *item, one.findings);
                          json.end_object();
                      },
                      [&](std::vector<Cell>& cells) {
                          for (const record::Finding& finding : one.findings) {
                              cells.push_back(number(one.line));
                              cells.insert(cells.end(), {{std::string(record::outcome_zh(one.outcome))},
                                                         {field_title(*item, finding.field)},
                                                         {finding.message_zh},
                                                         {finding.remedy_zh},
                                                         {finding.fault}});
                          }
                      }});
    }));
    return Walked{};
}

std::vector<Field> finding_fields() {
    return {{"fault", FieldType::text, "故障码", "fault code", true},
            {"field", FieldType::text, "字段代码", "field code"},
            {"message", FieldType::text, "问题", "what is wrong", true},
            {"remedy", FieldType::text, "改正办法", "what to do", true}};
}

Listing finding_list(const Rules& rules) {
    return {.id = "batch.findings",
            .path = "/api/v1/batches/{id}/findings",
            .permission = Permission::collect_view,
            .zh = "逐行查询一个批次的问题",
            .en = "Findings of a batch, row by row",
            .rows_name = "rows",
            .filters = {{"id", FieldType::integer, "批次编号", "batch id", true, Where::path, "17"},
                        {"fault", FieldType::text, "只列有这种问题的行", "rows with this fault", false,
                         Where::query, "V07"},
                        {"field", FieldType::text, "只列这个字段有问题的行",
                         "rows with a finding in this field", false, Where::query, "CF_WSH"},
                        {"outcome", FieldType::text,
                         "只列这样处理的行：accepted、updated、duplicate、doubtful、"
                         "rejected",
                         "rows with this outcome", false, Where::query, "rejected"},
                        {"after", FieldType::integer, "从这一行之后开始", "rows after this one", false,
                         Where::query, "0"}},
            .fields = {{"row", FieldType::integer, "批次中的第几行", "row of the batch", true},
                       {"line", FieldType::integer, "文件中的行号", "line of the file", true},
                       {"outcome", FieldType::text, "处理结果", "outcome", true},
                       {"findings", FieldType::list, "问题", "findings", true, Where::query, "",
                        finding_fields()}},
            .newest_first = false,
            .limit = 100,
            .refusals = {Fault::not_found},
            .walk = [rules](const Asked& asked, store::ReadTx& tx, const Walk& walk,
                            const Visit& visit) { return walk_finding_list(*rules, asked, tx, walk, visit); },
            .export_id = "finding.export",
            .export_path = "/api/v1/exports/findings",
            .export_zh = "导出一个批次的问题",
            .title_zh = "问题",
            .columns = {
                {"行号", 8}, {"处理结果", 10}, {"字段", 24}, {"问题", 48}, {"改正办法", 48}, {"故障码", 12}}};
}

// --- rows that wait

void write_doubtful(JsonWriter& json, const record::Doubtful& one, std::string_view unit_name) {
    json.begin_object().field("position", one.position).field("batch", one.batch).field("row", one.row);
    json.field("line", one.line).field("item", one.item->id);
    json.field("unit", one.unit_code).field("unit_name", unit_name);
    json.field("received", one.received.to_string());
    if (!one.candidate.empty()) json.field("candidate", one.candidate);
    write_findings(json, *one.item, one.findings);
    json.key("fields").begin_array();
    for (const record::ShownField& field : one.fields) {
        json.begin_object().field("code", field.code).field("name", field.name_zh);
        json.field("value", field.value).end_object();
    }
    json.end_array().end_object();
}

void doubtful_cells(std::vector<Cell>& cells, const record::Doubtful& one, const std::string& unit_name) {
    std::string reasons, remedies, content;
    for (const record::Finding& finding : one.findings) {
        reasons += finding.message_zh;
        remedies += finding.remedy_zh;
    }
    for (const record::ShownField& field : one.fields) {
        content += (content.empty() ? "" : "；") + field.name_zh + "：" + field.value;
    }
    cells.push_back(number(one.batch));
    cells.push_back(number(one.line));
    cells.insert(cells.end(), {{one.item->title_zh},
                               {unit_name},
                               {one.received.to_local_string()},
                               {one.candidate},
                               {reasons},
                               {remedies},
                               {content}});
}

Result<Walked> walk_doubtful_list(const rulebook::Rulebook& rules, std::int64_t tenant, const Asked& asked,
                                  store::ReadTx& tx, const Walk& walk, const Visit& visit) {
    UnitNames names(tx);
    return record::walk_doubtful(
        tx, rules, tenant, asked, from_before(asked, walk),
        [&](const record::Doubtful& found) -> Result<bool> {
            if (!walk.contents) return visit({std::to_string(found.position), {}, {}});
            record::Doubtful one = found;
            for (record::Finding& finding : one.findings) {
                quality::fill_texts(*one.item, one.received.date(), finding);
            }
            const std::string unit = TRY(names.of(one.unit_code));
            return visit({std::to_string(one.position),
                          [&](JsonWriter& json) { write_doubtful(json, one, unit); },
                          [&](std::vector<Cell>& cells) { doubtful_cells(cells, one, unit); }});
        });
}

std::vector<Field> doubtful_fields() {
    return {{"position", FieldType::integer, "序号", "position", true},
            {"batch", FieldType::integer, "批次编号", "batch id", true},
            {"row", FieldType::integer, "批次中的第几行", "row of the batch", true},
            {"line", FieldType::integer, "文件中的行号", "line of the file", true},
            {"item", FieldType::text, "目录项", "catalogue item", true},
            {"unit", FieldType::text, "报送单位", "submitting unit", true},
            {"unit_name", FieldType::text, "报送单位名称", "name of the unit", true},
            {"received", FieldType::text, "收到时间（UTC）", "received (UTC)", true},
            {"candidate", FieldType::text, "可能的主体代码", "code that it may belong to"},
            {"findings",
             FieldType::list,
             "存疑的原因",
             "why it is doubtful",
             true,
             Where::query,
             "",
             {{"fault", FieldType::text, "故障码", "fault code", true},
              {"field", FieldType::text, "字段代码", "field code"},
              {"message", FieldType::text, "问题", "what is wrong", true},
              {"remedy", FieldType::text, "改正办法", "what to do", true}}},
            {"fields",
             FieldType::list,
             "可公开的内容",
             "what may be public of it",
             true,
             Where::query,
             "",
             {{"code", FieldType::text, "字段代码", "field code", true},
              {"name", FieldType::text, "字段名称", "field name", true},
              {"value", FieldType::text, "内容", "value", true}}}};
}

Listing doubtful_list(const Rules& rules, std::int64_t tenant) {
    return {.id = "doubtful.list",
            .path = "/api/v1/doubtful-rows",
            .permission = Permission::collect_view,
            .zh = "列出等待人工核实的存疑行，最近的在前",
            .en = "Rows that wait for a decision, newest first",
            .rows_name = "rows",
            .filters = {kUnitFilter,
                        kItemFilter,
                        {"fault", FieldType::text, "存疑的原因（故障码）", "why: fault code", false,
                         Where::query, "V12"},
                        {"batch", FieldType::integer, "批次编号", "batch id", false, Where::query, "17"},
                        listing::received_from(),
                        listing::received_to(),
                        {"q", FieldType::text, "可能的主体代码", "code that it may belong to", false,
                         Where::query, "91410423MA3X941T6P"},
                        {"before", FieldType::integer, "只列序号小于它的行", "positions below this one",
                         false, Where::query, "100"}},
            .fields = doubtful_fields(),
            .refusals = {Fault::not_found, Fault::item_unknown},
            .walk =
                [rules, tenant](const Asked& asked, store::ReadTx& tx, const Walk& walk, const Visit& visit) {
                    return walk_doubtful_list(*rules, tenant, asked, tx, walk, visit);
                },
            .export_id = "doubtful.export",
            .export_path = "/api/v1/exports/doubtful-rows",
            .export_zh = "导出存疑行",
            .title_zh = "存疑行",
            .columns = {{"批次编号", 10},
                        {"行号", 8},
                        {"目录项", 14},
                        {"报送单位", 28},
                        {"收到时间", 20},
                        {"可能的主体代码", 22},
                        {"原因", 40},
                        {"改正办法", 40},
                        {"可公开的内容", 80}}};
}

}  // namespace

std::vector<Listing> lists(Rules rules, Jobs* jobs, std::int64_t tenant) {
    std::vector<Listing> all;
    all.push_back(batch_list(rules, jobs, tenant));
    all.push_back(finding_list(rules));
    all.push_back(doubtful_list(rules, tenant));
    all.push_back(judgement_list(rules, tenant));
    return all;
}

}  // namespace mingxin::collect
