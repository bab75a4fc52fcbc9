#include "access/access.h"
#include "base/json.h"
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

Endpoint batch_show(Jobs* jobs) {
    return Endpoint(
        "batch.show", Method::get, "/api/v1/batches/{id}", Permission::collect_view, Audit::metered,
        "查询一个批次", "One batch",
        {{"id", FieldType::integer, "批次编号", "batch id", true, Where::path, "17"}}, batch_fields(),
        api::ReadHandler([jobs](const Call& call, const Input& in, store::ReadTx& tx) -> Result<Reply> {
            const record::Batch batch = TRY(visible_batch(tx, call.principal, in.integer("id", 0)));
            const auto unit = TRY(access::find_unit(tx, batch.unit_code));
            JsonWriter json;
            write_batch(json, batch, unit ? unit->name : "", jobs->has_reply(batch.id));
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

std::vector<Endpoint> endpoints(Jobs* jobs) {
    std::vector<Endpoint> list;
    list.push_back(batch_submit(jobs));
    list.push_back(batch_show(jobs));
    list.back().refusals = {Fault::not_found};
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
