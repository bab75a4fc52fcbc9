// Endpoints about the rows of batches: what a catalogue item asks for, the cells of faulty rows.
#include <set>

#include "base/json.h"
#include "collect/jobs.h"
#include "collect/sheet.h"
#include "collect/visible.h"

namespace mingxin::collect {

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

namespace {

constexpr std::int64_t kMostRows = 200;

using Rules = std::shared_ptr<const rulebook::Rulebook>;

std::string_view requirement_name(rulebook::Requirement requirement) {
    switch (requirement) {
        case rulebook::Requirement::mandatory:
            return "mandatory";
        case rulebook::Requirement::conditional:
            return "conditional";
        case rulebook::Requirement::optional:
            return "optional";
    }
    return "";
}

std::string_view type_name(rulebook::FieldType type) {
    switch (type) {
        case rulebook::FieldType::text:
            return "text";
        case rulebook::FieldType::date:
            return "date";
        case rulebook::FieldType::money:
            return "money";
        case rulebook::FieldType::enumeration:
            return "enumeration";
        case rulebook::FieldType::set:
            return "set";
        case rulebook::FieldType::code:
            return "code";
    }
    return "";
}

void write_item(JsonWriter& json, const rulebook::Item& item, Date today) {
    json.begin_object()
        .field("id", item.id)
        .field("title", item.title_zh)
        .field("about", item.about_zh)
        .field("class", item.catalogue_class->title_zh)
        .field("class_number", item.catalogue_class->number)
        .field("basis", item.basis.text_zh());
    json.field("provider", item.provider_zh)
        .field("sharing", rulebook::sharing_zh(item.sharing))
        .field("update_cycle", rulebook::update_cycle_zh(item.update_cycle));
    json.key("subjects").begin_array();
    for (rulebook::SubjectKind kind : item.subject_kinds) json.text(rulebook::subject_kind_zh(kind));
    json.end_array().field("adverse", item.adverse);
    json.field("due_working_days", item.due_working_days).key("fields").begin_array();
    for (const rulebook::Field& field : item.fields) {
        json.begin_object().field("code", field.code).field("name", field.name_zh);
        json.key("type").text(type_name(field.type));
        json.key("requirement").text(requirement_name(field.requirement));
        json.field("longest", field.max_length).key("values").begin_array();
        if (field.domain != nullptr) {
            for (const rulebook::DomainValue& value : field.domain->values) {
                if (value.validity.contains(today)) json.text(value.value);
            }
        }
        json.end_array().end_object();
    }
    json.end_array().key("checks").begin_array();
    std::set<std::string_view> told;
    for (const rulebook::CheckRule& check : item.checks) {
        if (!check.validity.contains(today) || !told.insert(check.id).second) continue;
        json.begin_object().field("fault", check.id).field("title", check.title_zh).end_object();
    }
    json.end_array().end_object();
}

Endpoint item_list(Rules rules) {
    const std::vector<Field> fields = {
        {"code", FieldType::text, "字段代码", "field code", true},
        {"name", FieldType::text, "字段名称", "field name", true},
        {"type", FieldType::text, "text、date、money、enumeration、set 或 code", "kind of value", true},
        {"requirement", FieldType::text, "mandatory、conditional 或 optional", "whether it must be filled",
         true},
        {"longest", FieldType::integer, "最多字数，0为不限", "most characters, 0: no limit", true},
        {"values", FieldType::list, "可选值，空为不限", "closed list of values; empty: any", true}};
    return Endpoint(
        "item.list", Method::get, "/api/v1/items", Permission::anyone, Audit::metered,
        "现行目录项及其字段，供填报", "Catalogue items in force and their fields", {},
        {{"items",
          FieldType::list,
          "目录项",
          "items",
          true,
          Where::query,
          "",
          {{"id", FieldType::text, "目录项", "catalogue item", true},
           {"title", FieldType::text, "名称", "title", true},
           {"about", FieldType::text, "内容", "what it tells", true},
           {"class", FieldType::text, "目录类别", "class of the catalogue", true},
           {"class_number", FieldType::integer, "目录类别的序号", "number of the class", true},
           {"basis", FieldType::text, "依据", "basis", true},
           {"provider", FieldType::text, "责任单位", "which units provide it", true},
           {"sharing", FieldType::text, "社会公开、政务共享或授权查询", "who may see it", true},
           {"update_cycle", FieldType::text, "更新周期", "how often it is handed in", true},
           {"subjects", FieldType::list, "涉及的主体", "kinds of subjects", true},
           {"adverse", FieldType::boolean, "是否为不利信息", "whether it is negative", true},
           {"due_working_days", FieldType::integer, "应在几个工作日内归集，0为没有规定",
            "working days to hand it in, 0: none set", true},
           {"fields", FieldType::list, "字段", "fields", true, Where::query, "", fields},
           {"checks",
            FieldType::list,
            "检查规则",
            "checks",
            true,
            Where::query,
            "",
            {{"fault", FieldType::text, "故障码", "fault code", true},
             {"title", FieldType::text, "名称", "title", true}}}}}},
        api::ReadHandler([rules](const Call& call, const Input&, store::ReadTx&) -> Result<Reply> {
            JsonWriter json;
            json.begin_object().key("items").begin_array();
            for (const auto& item : rules->items()) {
                if (item->in_force(call.today()) && !item->only_persons())
                    write_item(json, *item, call.today());
            }
            json.end_array().end_object();
            return Reply::json(json.take());
        }));
}

std::string sheet_json(const SheetExcerpt& sheet, const rulebook::Item& item) {
    JsonWriter json;
    json.begin_object().key("columns").begin_array();
    for (const SheetColumn& column : sheet.columns) {
        json.begin_object().field("header", column.header);
        if (column.field >= 0) json.field("field", item.fields[column.field].code);
        json.end_object();
    }
    json.end_array().key("rows").begin_array();
    for (const SheetRow& row : sheet.rows) {
        json.begin_object().field("line", row.line).key("cells").begin_array();
        for (const std::string& cell : row.cells) json.text(cell);
        json.end_array().end_object();
    }
    json.end_array().end_object();
    return json.take();
}

Endpoint batch_sheet(Rules rules, Jobs* jobs) {
    Endpoint endpoint(
        "batch.sheet", Method::get, "/api/v1/batches/{id}/sheet", Permission::collect_view, Audit::event,
        "查看报送文件中若干行的原样（随反馈工作簿保留7天）",
        "Some rows of the file as it was handed in (kept 7 days with the reply workbook)",
        {{"id", FieldType::integer, "批次编号", "batch id", true, Where::path, "17", {}, true},
         {"lines", FieldType::text, "行号，由小到大，以逗号分隔，最多200个",
          "line numbers, ascending, separated by commas, at most 200", true, Where::query, "3,7,12"}},
        {{"columns",
          FieldType::list,
          "列",
          "columns",
          true,
          Where::query,
          "",
          {{"header", FieldType::text, "表头", "header", true},
           {"field", FieldType::text, "字段代码", "field code"}}},
         {"rows",
          FieldType::list,
          "行",
          "rows",
          true,
          Where::query,
          "",
          {{"line", FieldType::integer, "文件中的行号", "line of the file", true},
           {"cells", FieldType::list, "各列的内容", "cells by column", true}}}},
        api::ReadHandler(
            [rules, jobs](const Call& call, const Input& in, store::ReadTx& tx) -> Result<Reply> {
                const auto lines = TRY(read_lines(in.text("lines"), kMostRows));
                const record::Batch batch = TRY(visible_batch(tx, call.principal, in.integer("id", 0)));
                const rulebook::Item* item = rules->item(batch.item);
                if (!item) return fail(Fault::not_found, batch.item);
                const auto mappings = TRY(mappings_of(tx, batch.unit_code, batch.item));
                const std::string reply = TRY(jobs->reply(batch.id));
                return Reply::json(
                    sheet_json(TRY(read_sheet(reply, *item, lines, mappings, batch.received)), *item));
            }));
    endpoint.lengthy = true;
    endpoint.refusals = {Fault::bad_argument, Fault::not_found, Fault::seal_broken};
    return endpoint;
}

}  // namespace

Result<record::Batch> visible_batch(store::ReadTx& tx, const api::Principal& principal, std::int64_t id) {
    auto batch = TRY(record::find_batch(tx, id));
    if (!batch || !principal.scope().covers(batch->unit_code)) return fail(Fault::not_found, "没有这个批次");
    return std::move(*batch);
}

std::vector<Endpoint> row_endpoints(Rules rules, Jobs* jobs, std::int64_t tenant) {
    std::vector<Endpoint> list;
    list.push_back(item_list(rules));
    list.push_back(batch_sheet(rules, jobs));
    list.push_back(doubtful_candidates(rules, tenant));
    return list;
}

}  // namespace mingxin::collect
