// The public JSON of a subject and of a record.
#include "base/json.h"
#include "query/query.h"
#include "query/query_json.h"
#include "subject/identify.h"

namespace mingxin::query {

using record::ShownRecord;

std::string_view base_zh(int base) {
    switch (static_cast<subject::Base>(base)) {
        case subject::Base::enterprise:
            return "企业";
        case subject::Base::individual_business:
            return "个体工商户";
        case subject::Base::other_organisation:
            return "其他组织";
    }
    return "";
}

void write_record(JsonWriter& json, const ShownRecord& record) {
    json.begin_object().field("id", record.id).field("item", record.item->id).field("title", record.title);
    json.field("document_no", record.document_no)
        .field("organ", record.organ)
        .field("source", record.source_unit);
    if (record.decided) json.field("decided", record.decided->to_string());
    json.field("received", record.received.to_string());
    if (record.shown_until) json.field("shown_until", record.shown_until->to_string());
    if (record.severity != 0) json.key("severity").text(record.severity_zh);
    json.field("term_basis", record.basis_zh);
    json.key("fields").begin_array();
    for (const record::ShownField& field : record.fields) {
        json.begin_object()
            .field("code", field.code)
            .field("name", field.name_zh)
            .field("value", field.value);
        json.end_object();
    }
    json.end_array();
    json.field("receipt", "/api/v1/records/" + record.id + "/receipt").end_object();
}

Result<std::string> subject_json(store::ReadTx& tx, const rulebook::Rulebook& rulebook, std::int64_t tenant,
                                 const subject::Subject& subject, const record::Reading& reading) {
    const std::vector<ShownRecord> records =
        TRY(record::disclose(tx, rulebook, tenant, subject.code, {}, reading));
    JsonWriter json;
    json.begin_object().field("code", subject.code).field("name", subject.name);
    json.key("base").text(base_zh(subject.base));
    if (subject.established) json.field("established", subject.established->to_string());
    if (!subject.state.empty()) json.field("state", subject.state);
    json.key("former_names").begin_array();
    for (const subject::FormerName& former : TRY(subject::former_names(tx, tenant, subject.code))) {
        json.text(former.name);
    }
    json.end_array();
    json.key("records").begin_array();
    for (const ShownRecord& record : records) write_record(json, record);
    json.end_array();
    json.field("as_of", reading.today.to_string());
    json.field("notice",
               "信息由所列单位提供；没有记录不等于不存在。如有异议，可向信息提供单位或本平台提出。");
    json.end_object();
    return json.take();
}

}  // namespace mingxin::query
