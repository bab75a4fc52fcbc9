#include "base/json.h"
#include "base/text.h"
#include "collect/jobs.h"
#include "collect/visible.h"

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

namespace {

constexpr std::int64_t kLargestUpload = std::int64_t{2} << 30;
constexpr int kMostListed = 200;

using Rules = std::shared_ptr<const rulebook::Rulebook>;

std::string_view state_name(JobState state) {
    switch (state) {
        case JobState::waiting:
            return "waiting";
        case JobState::running:
            return "running";
        case JobState::done:
            return "done";
        case JobState::failed:
            return "failed";
    }
    return "";
}

void write_batch(JsonWriter& json, const record::Batch& batch, const Jobs& jobs) {
    json.begin_object().field("id", batch.id).field("item", batch.item).field("unit", batch.unit_code);
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
    json.end_array().field("has_reply", jobs.has_reply(batch.id)).end_object();
}

std::vector<api::Field> batch_fields() {
    return {
        {"id", FieldType::integer, "批次编号", "batch id", true},
        {"item", FieldType::text, "目录项", "catalogue item", true},
        {"unit", FieldType::text, "报送单位", "submitting unit", true},
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

Endpoint batch_submit(Jobs* jobs) {
    Endpoint endpoint(
        "batch.submit", Method::post, "/api/v1/batches", Permission::collect_submit, Audit::event,
        "报送一个文件，得到可查询进度的任务", "Hand in a file; answers with a job to follow",
        {{"item",
          FieldType::text,
          "目录项：registration、permit、penalty",
          "catalogue item",
          true,
          Where::body,
          "penalty",
          {},
          true},
         {"file", FieldType::file, "XLSX、CSV 或 NDJSON 文件", "XLSX, CSV or NDJSON file", true, Where::body},
         {"idempotency_key",
          FieldType::text,
          "幂等键：重复使用时得到首次的批次",
          "idempotency key",
          false,
          Where::body,
          "2026-11-20-0001",
          {},
          true}},
        {{"job", FieldType::text, "任务编号", "job id", true}},
        api::LongHandler([jobs](const Call& call, const Input& in) -> Result<Reply> {
            const auto upload = in.upload("file");
            if (!upload) return fail(Fault::bad_argument, "file");
            Order order;
            order.file = upload->path;
            order.file_name = upload->file_name;
            order.item = in.text("item");
            order.unit_code = call.principal.unit_code;
            order.submitted_by = call.principal.name;
            order.idempotency_key = in.text("idempotency_key");
            JsonWriter json;
            json.begin_object().field("job", TRY(jobs->submit(std::move(order)))).end_object();
            Reply reply = Reply::json(json.take());
            reply.status = 202;
            return reply;
        }));
    endpoint.body_limit_bytes = kLargestUpload;
    endpoint.reply_status = 202;
    endpoint.refusals = {Fault::jobs_full, Fault::file_unwritable};
    return endpoint;
}

std::string job_json(const Job& job) {
    JsonWriter json;
    json.begin_object().field("job", job.id).key("state").text(state_name(job.state));
    json.field("rows", job.progress.rows).key("part").decimal(job.progress.part, 3);
    json.key("stage").text(job.progress.stage_zh);
    if (job.outcome) {
        json.field("batch", job.outcome->batch.id).key("notes").begin_array();
        for (const std::string& note : job.outcome->notes_zh) json.text(note);
        json.end_array();
    }
    if (job.error) json.key("code").text(job.error->code()).field("message", job.error->message_zh());
    json.end_object();
    return json.take();
}

Endpoint job_show(Jobs* jobs) {
    return Endpoint(
        "job.show", Method::get, "/api/v1/jobs/{id}", Permission::collect_view, Audit::metered,
        "查询报送任务的进度", "Progress of a job",
        {{"id", FieldType::text, "任务编号", "job id", true, Where::path,
          "0f1e2d3c4b5a69788796a5b4c3d2e1f0"}},
        {{"job", FieldType::text, "任务编号", "job id", true},
         {"state", FieldType::text, "waiting、running、done 或 failed", "waiting, running, done or failed",
          true},
         {"rows", FieldType::integer, "已处理行数", "rows so far", true},
         {"part", FieldType::number, "进度（0至1）", "part done, 0 to 1", true},
         {"stage", FieldType::text, "阶段", "stage", true},
         {"batch", FieldType::integer, "完成后的批次编号", "batch id when done"},
         {"notes", FieldType::list, "关于文件的说明", "notes about the file"},
         {"code", FieldType::text, "失败时的故障码", "fault code when failed"},
         {"message", FieldType::text, "失败原因和改正办法", "why it failed and what to do"}},
        api::ReadHandler([jobs](const Call& call, const Input& in, store::ReadTx&) -> Result<Reply> {
            const auto job = jobs->find(in.text("id"), call.principal.unit_code);
            if (!job) return fail(Fault::not_found, "没有这个任务；平台重启后请在批次列表中查看结果");
            return Reply::json(job_json(*job));
        }));
}

Endpoint job_cancel(Jobs* jobs) {
    return Endpoint("job.cancel", Method::post, "/api/v1/jobs/{id}/cancel", Permission::collect_submit,
                    Audit::event, "取消尚未入库的报送任务", "Cancel a job before its commit",
                    {{"id",
                      FieldType::text,
                      "任务编号",
                      "job id",
                      true,
                      Where::path,
                      "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
                      {},
                      true}},
                    {{"job", FieldType::text, "任务编号", "job id", true}},
                    api::LongHandler([jobs](const Call& call, const Input& in) -> Result<Reply> {
                        if (!jobs->cancel(in.text("id"), call.principal.unit_code))
                            return fail(Fault::not_found, "没有这个任务");
                        JsonWriter json;
                        json.begin_object().field("job", in.text("id")).end_object();
                        return Reply::json(json.take());
                    }));
}

Endpoint batch_list(Jobs* jobs) {
    return Endpoint(
        "batch.list", Method::get, "/api/v1/batches", Permission::collect_view, Audit::metered,
        "列出本单位的批次，最近的在前", "Batches of the own unit, newest first",
        {{"before", FieldType::integer, "只列编号小于它的批次", "ids below this one", false, Where::query,
          "100"},
         {"limit", FieldType::integer, "最多条数（1至200）", "most results (1 to 200)", false, Where::query,
          "50"}},
        {{"batches", FieldType::list, "批次", "batches", true, Where::query, "", batch_fields()}},
        api::ReadHandler([jobs](const Call& call, const Input& in, store::ReadTx& tx) -> Result<Reply> {
            const std::int64_t limit = in.integer("limit", 50);
            if (limit < 1 || limit > kMostListed) return fail(Fault::bad_argument, "limit 应为1至200");
            JsonWriter json;
            json.begin_object().key("batches").begin_array();
            for (const record::Batch& batch :
                 TRY(record::batches(tx, call.principal.unit_code, in.integer("before", INT64_MAX),
                                     static_cast<int>(limit)))) {
                write_batch(json, batch, *jobs);
            }
            json.end_array().end_object();
            return Reply::json(json.take());
        }));
}

Endpoint batch_show(Jobs* jobs) {
    return Endpoint(
        "batch.show", Method::get, "/api/v1/batches/{id}", Permission::collect_view, Audit::metered,
        "查询一个批次", "One batch",
        {{"id", FieldType::integer, "批次编号", "batch id", true, Where::path, "17"}}, batch_fields(),
        api::ReadHandler([jobs](const Call& call, const Input& in, store::ReadTx& tx) -> Result<Reply> {
            JsonWriter json;
            write_batch(json, TRY(visible_batch(tx, call.principal, in.integer("id", 0))), *jobs);
            return Reply::json(json.take());
        }));
}

void write_findings(JsonWriter& json, const rulebook::Item& item, const RowFindings& row) {
    json.begin_object().field("row", row.row).field("line", row.line);
    json.key("outcome").text(record::outcome_name(row.outcome));
    json.key("findings").begin_array();
    for (const record::Finding& finding : row.findings) {
        json.begin_object().field("fault", finding.fault);
        if (finding.field >= 0) json.field("field", item.fields[finding.field].code);
        json.field("message", finding.message_zh).field("remedy", finding.remedy_zh).end_object();
    }
    json.end_array().end_object();
}

Endpoint batch_findings(Rules rules) {
    return Endpoint(
        "batch.findings", Method::get, "/api/v1/batches/{id}/findings", Permission::collect_view,
        Audit::metered, "逐行查询一个批次的问题", "Findings of a batch, row by row",
        {{"id", FieldType::integer, "批次编号", "batch id", true, Where::path, "17"},
         {"after", FieldType::integer, "从这一行之后开始", "rows after this one", false, Where::query, "0"},
         {"limit", FieldType::integer, "最多行数（1至200）", "most rows (1 to 200)", false, Where::query,
          "100"}},
        {{"rows",
          FieldType::list,
          "有问题的行",
          "rows with findings",
          true,
          Where::query,
          "",
          {{"row", FieldType::integer, "批次中的第几行", "row of the batch", true},
           {"line", FieldType::integer, "文件中的行号", "line of the file", true},
           {"outcome", FieldType::text, "处理结果", "outcome", true},
           {"findings",
            FieldType::list,
            "问题",
            "findings",
            true,
            Where::query,
            "",
            {{"fault", FieldType::text, "故障码", "fault code", true},
             {"field", FieldType::text, "字段代码", "field code"},
             {"message", FieldType::text, "问题", "what is wrong", true},
             {"remedy", FieldType::text, "改正办法", "what to do", true}}}}}},
        api::ReadHandler([rules](const Call& call, const Input& in, store::ReadTx& tx) -> Result<Reply> {
            const std::int64_t limit = in.integer("limit", 100);
            if (limit < 1 || limit > kMostListed) return fail(Fault::bad_argument, "limit 应为1至200");
            const record::Batch batch = TRY(visible_batch(tx, call.principal, in.integer("id", 0)));
            const rulebook::Item* item = rules->item(batch.item);
            if (!item) return fail(Fault::not_found, batch.item);
            JsonWriter json;
            json.begin_object().key("rows").begin_array();
            for (const RowFindings& row :
                 TRY(findings(tx, *rules, batch.id, in.integer("after", 0), static_cast<int>(limit)))) {
                write_findings(json, *item, row);
            }
            json.end_array().end_object();
            return Reply::json(json.take());
        }));
}

Endpoint batch_reply(Jobs* jobs) {
    Endpoint endpoint(
        "batch.reply", Method::get, "/api/v1/batches/{id}/reply", Permission::collect_view, Audit::event,
        "下载批次的反馈工作簿（保留7天）", "The reply workbook of a batch (kept 7 days)",
        {{"id", FieldType::integer, "批次编号", "batch id", true, Where::path, "17", {}, true}}, {},
        api::ReadHandler([jobs](const Call& call, const Input& in, store::ReadTx& tx) -> Result<Reply> {
            const record::Batch batch = TRY(visible_batch(tx, call.principal, in.integer("id", 0)));
            Reply reply;
            reply.content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            reply.body = TRY(jobs->reply(batch.id));
            reply.headers.emplace_back("Content-Disposition", "attachment; filename=\"reply-" +
                                                                  std::to_string(batch.id) + ".xlsx\"");
            return reply;
        }));
    endpoint.reply_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    return endpoint;
}

}  // namespace

std::vector<Endpoint> endpoints(Rules rulebook, Jobs* jobs) {
    std::vector<Endpoint> list;
    list.push_back(batch_submit(jobs));
    list.push_back(batch_list(jobs));
    list.back().refusals = {Fault::bad_argument};
    list.push_back(batch_show(jobs));
    list.back().refusals = {Fault::not_found};
    list.push_back(batch_findings(rulebook));
    list.back().refusals = {Fault::bad_argument, Fault::not_found};
    list.push_back(batch_reply(jobs));
    list.back().refusals = {Fault::not_found, Fault::seal_broken};
    list.back().lengthy = true;
    list.push_back(job_show(jobs));
    list.back().refusals = {Fault::not_found};
    list.push_back(job_cancel(jobs));
    list.back().refusals = {Fault::not_found};
    return list;
}

}  // namespace mingxin::collect
