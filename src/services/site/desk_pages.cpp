// The desk of a unit: hand in a file, watch it being taken, read the findings, fetch the reply workbook,
// issue a report.
#include <algorithm>

#include "base/text.h"
#include "crypto/crypto.h"
#include "record/lists.h"
#include "site/pages.h"
#include "site/words.h"

namespace mingxin::site {
namespace {

using api::Call;
using api::FieldType;
using api::Input;
using api::LongHandler;
using api::Method;
using api::Permission;
using api::ReadHandler;
using api::Reply;
using api::Where;

constexpr std::int64_t kFileBytes = 2ll << 30;
constexpr int kBatches = 20;
constexpr int kRows = 100;

const char* kWorkbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

void fill_batch(const Messages& words, Model& model, const Shared& site, const record::Batch& batch) {
    const rulebook::Item* item = site.deps.rulebook->item(batch.item);
    model.set("id", batch.id).set("item", item != nullptr ? item_title(words, *item) : batch.item);
    model.set("file_name", batch.file_name).set("received", batch.received.to_local_string());
    model.set("rows", batch.rows).set("accepted", batch.accepted).set("updated", batch.updated);
    model.set("duplicate", batch.duplicate).set("doubtful", batch.doubtful).set("rejected", batch.rejected);
    model.set("unit", batch.unit_code);
}

Result<Reply> show_desk(const Shared& site, const Call& call, const Input& in, store::ReadTx& tx) {
    Model model;
    model.set("attempt", crypto::random_hex(16));
    for (const auto& item : site.deps.rulebook->items()) {
        if (item->in_force(call.today()) && !item->only_persons()) {
            model.add("items").set("item", item->id).set("name", item_title(site.words(call), *item));
        }
    }
    // Platform staff belong to no unit and choose one.
    const std::string& own = call.principal.unit_code;
    model.flag("chooses_unit", own.empty());
    for (const access::Unit& unit : TRY(access::units(tx))) {
        if (own.empty() || unit.code == own) {
            model.add("units").set("unit_code", unit.code).set("unit_name", unit.name);
        }
    }
    auto batches = TRY(record::batches(tx, site.deps.tenant, call.principal.scope(),
                                       in.integer("before", INT64_MAX), kBatches));
    for (const record::Batch& batch : batches) {
        fill_batch(site.words(call), model.add("batches"), site, batch);
    }
    model.flag("no_batches", batches.empty());
    if (static_cast<int>(batches.size()) == kBatches) {
        model.set("older", batches.back().id);
    }
    return site.page(call, "desk", site.words(call)("page.desk"_text), model);
}

Result<Reply> take_file(const Shared& site, const Call& call, const Input& in) {
    const std::string& own = call.principal.unit_code;
    auto upload = in.upload("file");
    std::string unit(own.empty() ? in.text("unit") : std::string_view(own));
    if (unit.empty()) {
        return fail(Fault::field_missing, std::string(site.words(call)("word.unit"_text)));
    }
    if (!own.empty() && in.has("unit") && in.text("unit") != own) {
        return fail(Fault::permission_missing, std::string(site.words(call)("desk.own_only"_text)));
    }
    TRY(site.deps.rulebook->item_in_force(in.text("item"), call.today()));
    Submission submission;
    submission.file = upload->path;
    submission.file_name = upload->file_name;
    submission.item = in.text("item");
    submission.unit_code = unit;
    submission.submitted_by = call.principal.name;
    submission.idempotency_key = in.text("attempt");
    std::string job = TRY(site.deps.submit(submission));
    // Platform staff hand in for many units: the page must know for which.
    return Reply::redirect("/desk/uploads/" + job +
                           (own.empty() ? "?unit=" + escape_url(unit) : std::string{}));
}

Result<Reply> show_upload(const Shared& site, const Call& call, const Input& in) {
    const Messages& words = site.words(call);
    const std::string& own = call.principal.unit_code;
    auto progress = site.deps.progress(in.text("job"), own.empty() ? in.text("unit") : std::string_view(own));
    if (!progress) {
        return fail(Fault::not_found, std::string(words("upload.unknown"_text)));
    }
    if (progress->state == Progress::State::done) {
        return Reply::redirect("/desk/batches/" + std::to_string(progress->batch));
    }
    Model model;
    model.set("file_name", progress->file_name);
    if (progress->state == Progress::State::failed) {
        const FaultWords text = fault_words(words, progress->error.fault);
        model.flag("failed", true).set("code", progress->error.code()).mark("what", text.title);
        model.mark("detail", progress->error.detail_zh).mark("remedy", text.remedy);
        return site.page(call, "upload", words("upload.failed"_text), model);
    }
    bool waiting = progress->state == Progress::State::waiting;
    // Whom a page that changes by itself disturbs can stop it.
    const bool watching = in.text("watch") != "off";
    model.flag("running", true).flag("watching", watching).set("rows", progress->rows);
    model.set("here", "/desk/uploads/" + escape_url(in.text("job")) + "?" +
                          (own.empty() ? "unit=" + escape_url(in.text("unit")) + "&" : std::string()));
    model.set("percent", static_cast<std::int64_t>(std::clamp(progress->part, 0.0, 1.0) * 100));
    model.mark("stage", waiting ? words("upload.waiting"_text) : std::string_view(progress->stage_zh));
    add_crumb(model, words("page.desk"_text), "/desk");
    Reply reply = site.page(call, "upload", words("upload.title"_text), model);
    if (watching) {
        reply.headers.emplace_back("Refresh", "3");
    }
    return reply;
}

/// The batch, if it lies in the caller's scope.
Result<record::Batch> own_batch(const Messages& words, const Call& call, const Input& in, store::ReadTx& tx) {
    auto batch = TRY(record::find_batch(tx, in.integer("batch", 0)));
    if (!batch || !call.principal.scope().covers(batch->unit_code)) {
        return fail(Fault::not_found, std::string(words("batch.unknown"_text)));
    }
    return std::move(*batch);
}

std::string field_name(const Messages& words, const rulebook::Item* item, int field) {
    bool known = item != nullptr && field >= 0 && field < static_cast<int>(item->fields.size());
    return known ? item->fields[static_cast<std::size_t>(field)].name_zh
                 : std::string(words("batch.whole_row"_text));
}

std::string_view rule_title(const rulebook::Rulebook& rulebook, std::string_view id) {
    const auto& rules = rulebook.rules();
    auto rule = std::find_if(rules.begin(), rules.end(), [&](const auto& one) { return one.id == id; });
    return rule == rules.end() ? id : std::string_view(rule->title_zh);
}

Result<Reply> show_batch(const Shared& site, const Call& call, const Input& in, store::ReadTx& tx) {
    const Messages& words = site.words(call);
    record::Batch batch = TRY(own_batch(words, call, in, tx));
    const rulebook::Item* item = site.deps.rulebook->item(batch.item);
    Model model;
    fill_batch(words, model, site, batch);
    const auto unit = TRY(access::find_unit(tx, batch.unit_code));
    model.set("unit_name", unit ? unit->name : std::string());
    model.set("batch", batch.id).flag("has_reply", site.deps.has_reply(batch.id));
    for (const auto& [fault, count] : batch.findings) {
        model.add("faults")
            .set("fault", fault)
            .set("fault_title", rule_title(*site.deps.rulebook, fault))
            .set("fault_count", count);
    }
    auto rows = TRY(site.deps.findings(tx, batch.id, in.integer("after", 0), kRows));
    for (const RowFindings& row : rows) {
        for (const record::Finding& finding : row.findings) {
            Model& entry = model.add("findings");
            entry.set("line", row.line)
                .set("outcome", outcome_text(words, row.outcome))
                .set("fault", finding.fault);
            entry.mark("field", field_name(words, item, finding.field));
            entry.set("message", finding.message_zh).set("remedy", finding.remedy_zh);
        }
    }
    model.flag("no_findings", rows.empty() && in.integer("after", 0) == 0);
    if (static_cast<int>(rows.size()) == kRows) {
        model.set("next_after", rows.back().row);
    }
    add_crumb(model, words("page.desk"_text), "/desk");
    return site.page(call, "batch", words("batch.title"_text, {{"id", std::to_string(batch.id)}}), model);
}

Result<Reply> send_reply(const Shared& site, const Call& call, const Input& in, store::ReadTx& tx) {
    const Messages& words = site.words(call);
    record::Batch batch = TRY(own_batch(words, call, in, tx));
    Reply reply;
    reply.content_type = kWorkbook;
    reply.body = TRY(site.deps.reply(batch.id));
    reply.headers.emplace_back("Content-Disposition",
                               "attachment; filename=\"reply-" + std::to_string(batch.id) + ".xlsx\"");
    return reply;
}

Result<Reply> issue_report(const Shared& site, const Call& call, const Input& in) {
    IssuedReport report =
        TRY(site.deps.issue_report(in.text("code"), in.text("purpose"), call.principal.name, call.now));
    Reply reply;
    reply.content_type = "application/pdf";
    reply.body = std::move(report.pdf);
    reply.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + report.number + ".pdf\"");
    return reply;
}

}  // namespace

std::vector<api::Endpoint> desk_pages(Pages pages) {
    std::vector<api::Endpoint> list;
    const api::Field batch{"batch", FieldType::integer, "批次", "Batch", true, Where::path, "17"};
    list.push_back(page_endpoint(
        "site.desk", Method::get, "/desk", Permission::collect_submit, "数据报送", "The desk",
        {{"before", FieldType::integer, "早于此批次", "Batches before", false, Where::query, "100"}},
        ReadHandler([pages](const Call& call, const Input& in, store::ReadTx& tx) {
            return show_desk(*pages, call, in, tx);
        })));
    list.push_back(page_endpoint(
        "site.submit", Method::post, "/desk/uploads", Permission::collect_submit, "报送文件",
        "Hands in a file",
        {{"file", FieldType::file, "文件", "File", true, Where::body},
         {"item", FieldType::text, "目录项", "Catalogue item", true, Where::body, "penalty"},
         {"unit", FieldType::text, "报送单位", "Unit", false, Where::body, "11410423MB0000000X"},
         {"attempt", FieldType::text, "本次提交的标识", "Marks one submission", false, Where::body}},
        LongHandler([pages](const Call& call, const Input& in) { return take_file(*pages, call, in); })));
    list.back().body_limit_bytes = kFileBytes;
    list.push_back(page_endpoint(
        "site.upload", Method::get, "/desk/uploads/{job}", Permission::collect_submit, "处理进度",
        "Progress of a file",
        {{"job", FieldType::text, "上传编号", "Upload", true, Where::path, "0f"},
         {"unit", FieldType::text, "报送单位", "Unit", false, Where::query},
         {"watch", FieldType::text, "off：不自动更新", "off: no refresh by itself", false, Where::query}},
        ReadHandler([pages](const Call& call, const Input& in, store::ReadTx&) {
            return show_upload(*pages, call, in);
        })));
    list.push_back(page_endpoint(
        "site.batch", Method::get, "/desk/batches/{batch}", Permission::collect_view, "批次结果", "A batch",
        {batch, {"after", FieldType::integer, "此行之后", "After this row", false, Where::query, "100"}},
        ReadHandler([pages](const Call& call, const Input& in, store::ReadTx& tx) {
            return show_batch(*pages, call, in, tx);
        })));
    api::Field audited_batch = batch;
    audited_batch.audited = true;
    list.push_back(page_endpoint("site.reply", Method::get, "/desk/batches/{batch}/reply",
                                 Permission::collect_view, "反馈文件", "The reply workbook", {audited_batch},
                                 ReadHandler([pages](const Call& call, const Input& in, store::ReadTx& tx) {
                                     return send_reply(*pages, call, in, tx);
                                 })));
    list.back().audit = api::Audit::event;  // the workbook repeats the file, certificate numbers included
    list.back().lengthy = true;
    list.push_back(page_endpoint(
        "site.report", Method::post, "/subjects/{code}/report", Permission::report_issue, "出具信用报告",
        "Issues a report",
        {{"code", FieldType::text, "统一社会信用代码", "Code", true, Where::path, "91410423MA3X941T6P"},
         {"purpose", FieldType::text, "用途", "Purpose", false, Where::body, "招标投标"}},
        LongHandler([pages](const Call& call, const Input& in) { return issue_report(*pages, call, in); })));
    return list;
}

}  // namespace mingxin::site
