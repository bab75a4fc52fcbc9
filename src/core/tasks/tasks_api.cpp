// Endpoints of tasks: one's own only.
#include "base/json.h"
#include "base/text.h"
#include "tasks/tasks.h"

namespace mingxin::tasks {
namespace {

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

constexpr const char* kGone = "没有这个任务；平台重启后任务不再保留，请重新发起";

void write_task(JsonWriter& json, const Task& task) {
    json.begin_object().field("id", task.id).field("kind", task.kind);
    json.key("state").text(state_name(task.state)).key("stage").text(stage_name(task.stage));
    json.field("done", task.done).field("all", task.all).field("started", task.started.to_string());
    if (task.ended) json.field("ended", task.ended->to_string());
    json.field("has_file", task.file_bytes > 0);
    if (!task.file_name.empty()) json.field("file_name", task.file_name);
    if (task.file_bytes > 0) json.field("file_bytes", task.file_bytes).field("rows", task.rows);
    if (task.error) json.key("code").text(task.error->code()).field("message", task.error->message_zh());
    json.end_object();
}

std::string task_json(const Task& task) {
    JsonWriter json;
    write_task(json, task);
    return json.take();
}

std::vector<Field> task_fields() {
    return {{"id", FieldType::text, "任务编号", "task id", true},
            {"kind", FieldType::text, "种类，例如 export.batches、journal.verify", "kind", true},
            {"state", FieldType::text, "waiting、running、done、failed 或 cancelled",
             "waiting, running, done, failed or cancelled", true},
            {"stage", FieldType::text, "所处阶段", "stage", true},
            {"done", FieldType::integer, "本阶段已完成的数量", "done of the stage", true},
            {"all", FieldType::integer, "本阶段的总数，0为未知", "all of the stage, 0: not known", true},
            {"started", FieldType::text, "发起时间（UTC）", "when it was asked for (UTC)", true},
            {"ended", FieldType::text, "结束时间（UTC）", "ended (UTC)"},
            {"has_file", FieldType::boolean, "结果文件是否可下载", "whether its file is there", true},
            {"file_name", FieldType::text, "文件名", "file name"},
            {"file_bytes", FieldType::integer, "文件字节数", "bytes of the file"},
            {"rows", FieldType::integer, "文件中的行数", "rows in the file"},
            {"code", FieldType::text, "失败时的故障码", "fault code when failed"},
            {"message", FieldType::text, "失败原因和改正办法", "why it failed and what to do"}};
}

Field id_field(bool audited) {
    return {
        "id", FieldType::text, "任务编号", "task id", true, Where::path, "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
        {},   audited};
}

Endpoint task_list(Tasks* tasks) {
    return Endpoint(
        "task.list", Method::get, "/api/v1/tasks", Permission::task_view, Audit::metered,
        "列出自己的任务，最近的在前", "The caller's own tasks, newest first", {},
        {{"tasks", FieldType::list, "任务", "tasks", true, Where::query, "", task_fields()}},
        api::ReadHandler([tasks](const Call& call, const Input&, store::ReadTx&) -> Result<Reply> {
            JsonWriter json;
            json.begin_object().key("tasks").begin_array();
            for (const Task& task : tasks->list(call.principal.name)) write_task(json, task);
            json.end_array().end_object();
            return Reply::json(json.take());
        }));
}

Endpoint task_get(Tasks* tasks) {
    return Endpoint(
        "task.get", Method::get, "/api/v1/tasks/{id}", Permission::task_view, Audit::metered,
        "查询自己的一个任务", "One of the caller's own tasks", {id_field(false)}, task_fields(),
        api::ReadHandler([tasks](const Call& call, const Input& in, store::ReadTx&) -> Result<Reply> {
            const auto task = tasks->find(in.text("id"), call.principal.name);
            if (!task) return fail(Fault::not_found, kGone);
            return Reply::json(task_json(*task));
        }));
}

Endpoint task_cancel(Tasks* tasks) {
    return Endpoint("task.cancel", Method::post, "/api/v1/tasks/{id}/cancel", Permission::task_view,
                    Audit::metered, "取消自己的一个任务", "Cancels one of the caller's own tasks",
                    {id_field(false)}, task_fields(),
                    api::LongHandler([tasks](const Call& call, const Input& in) -> Result<Reply> {
                        const auto task = tasks->cancel(in.text("id"), call.principal.name);
                        if (!task) return fail(Fault::not_found, kGone);
                        return Reply::json(task_json(*task));
                    }));
}

Endpoint task_file(Tasks* tasks) {
    Endpoint endpoint(
        "task.file", Method::get, "/api/v1/tasks/{id}/file", Permission::task_view, Audit::event,
        "下载自己的任务的结果文件（保留24小时）", "The file of one of the caller's own tasks (kept 24 hours)",
        {id_field(true)}, {},
        api::ReadHandler([tasks](const Call& call, const Input& in, store::ReadTx&) -> Result<Reply> {
            const File file = TRY(tasks->file(in.text("id"), call.principal));
            Reply reply;
            reply.content_type = "application/octet-stream";  // its name tells what it is
            reply.file = file.path.string();
            reply.headers.emplace_back("Content-Disposition",
                                       "attachment; filename*=UTF-8''" + escape_url(file.name));
            reply.headers.emplace_back("Cache-Control", "no-store");
            return reply;
        }));
    endpoint.reply_type = "application/octet-stream";
    return endpoint;
}

}  // namespace

std::vector<Endpoint> endpoints(Tasks* tasks) {
    std::vector<Endpoint> list;
    list.push_back(task_list(tasks));
    list.push_back(task_get(tasks));
    list.push_back(task_cancel(tasks));
    list.push_back(task_file(tasks));
    for (Endpoint& endpoint : list) {
        if (std::string_view(endpoint.id) != "task.list") endpoint.refusals = {Fault::not_found};
    }
    return list;
}

Reply started(std::string_view id) {
    JsonWriter json;
    json.begin_object().field("task", id).end_object();
    Reply reply = Reply::json(json.take());
    reply.status = 202;
    return reply;
}

std::vector<Field> started_fields() {
    return {{"task", FieldType::text, "任务编号", "task id", true}};
}

}  // namespace mingxin::tasks
