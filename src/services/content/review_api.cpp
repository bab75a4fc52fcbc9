// The steps from a draft to the public and back.
#include "content/api_parts.h"

namespace mingxin::content {

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

Field id_field() {
    return {"id", FieldType::integer, "文章编号", "article", true, Where::path, "7"};
}
Field version_field() {
    return {"version", FieldType::integer, "第几稿", "version", true, Where::body, "1"};
}
Field revision_field() {
    return {"revision", FieldType::integer, "草稿的版本号",    "revision of the draft",
            true,       Where::body,        "1795000000000000"};
}
Field note_field(const char* zh, const char* en, bool required = false) {
    return {"note", FieldType::text, zh, en, required, Where::body};
}

Actor actor(const Call& call) {
    return {call.principal, call.now};
}

Endpoint article_submit(Shared desk) {
    Endpoint endpoint(
        "article.submit", Method::post, "/api/v1/content/articles/{id}/submit", Permission::content_edit,
        Audit::metered, "把草稿提交审核", "Submits the draft for review",
        {id_field(), revision_field(), note_field("给审核人的说明", "note for the reviewers")}, done_fields(),
        api::WriteHandler([desk](const Call& call, const Input& in, store::Tx& tx) -> Result<Reply> {
            return done_reply(TRY(submit(tx, *desk, actor(call), in.integer("id", 0),
                                         in.integer("revision", 0), in.text("note"))));
        }));
    endpoint.refusals = {Fault::article_unknown,   Fault::article_state,    Fault::content_changed,
                         Fault::content_malformed, Fault::content_rejected, Fault::column_ended,
                         Fault::column_unknown,    Fault::picture_unknown};
    return endpoint;
}

Endpoint article_recall(Shared desk) {
    Endpoint endpoint(
        "article.recall", Method::post, "/api/v1/content/articles/{id}/recall", Permission::content_edit,
        Audit::metered, "撤回送审，改为草稿", "Takes a submission back: it becomes a draft again",
        {id_field(), version_field(), note_field("说明", "note")}, done_fields(),
        api::WriteHandler([desk](const Call& call, const Input& in, store::Tx& tx) -> Result<Reply> {
            return done_reply(TRY(send_back(tx, *desk, actor(call), in.integer("id", 0),
                                            in.integer("version", 0), in.text("note"), true)));
        }));
    endpoint.refusals = {Fault::article_unknown, Fault::article_state, Fault::content_malformed};
    return endpoint;
}

Endpoint article_discard(Shared desk) {
    Endpoint endpoint(
        "article.discard", Method::post, "/api/v1/content/articles/{id}/discard", Permission::content_edit,
        Audit::metered, "放弃草稿", "Throws the draft away", {id_field(), revision_field()}, done_fields(),
        api::WriteHandler([desk](const Call& call, const Input& in, store::Tx& tx) -> Result<Reply> {
            return done_reply(
                TRY(discard_draft(tx, *desk, actor(call), in.integer("id", 0), in.integer("revision", 0))));
        }));
    endpoint.refusals = {Fault::article_unknown, Fault::article_state, Fault::content_changed};
    return endpoint;
}

Endpoint article_pass(Shared desk) {
    Endpoint endpoint(
        "article.pass", Method::post, "/api/v1/content/articles/{id}/pass", Permission::content_review,
        Audit::metered, "一审通过", "Passes the first review",
        {id_field(), version_field(),
         note_field("意见，检查有提醒时必填", "note; needed when there are warnings")},
        done_fields(),
        api::WriteHandler([desk](const Call& call, const Input& in, store::Tx& tx) -> Result<Reply> {
            return done_reply(TRY(pass(tx, *desk, actor(call), in.integer("id", 0), in.integer("version", 0),
                                       in.text("note"))));
        }));
    endpoint.refusals = {Fault::article_unknown,  Fault::article_state,      Fault::person_repeated,
                         Fault::content_rejected, Fault::warning_unanswered, Fault::content_malformed};
    return endpoint;
}

Endpoint article_return(Shared desk) {
    Endpoint endpoint(
        "article.return", Method::post, "/api/v1/content/articles/{id}/return", Permission::content_review,
        Audit::metered, "退回修改", "Sends a version back",
        {id_field(), version_field(), note_field("退回的原因", "why", true)}, done_fields(),
        api::WriteHandler([desk](const Call& call, const Input& in, store::Tx& tx) -> Result<Reply> {
            return done_reply(TRY(send_back(tx, *desk, actor(call), in.integer("id", 0),
                                            in.integer("version", 0), in.text("note"), false)));
        }));
    endpoint.refusals = {Fault::article_unknown, Fault::article_state, Fault::content_malformed};
    return endpoint;
}

Endpoint article_release(Shared desk) {
    Endpoint endpoint(
        "article.release", Method::post, "/api/v1/content/articles/{id}/release", Permission::content_release,
        Audit::metered, "终审通过并发布", "Passes the final review and releases",
        {id_field(), version_field(),
         note_field("意见，检查有提醒时必填", "note; needed when there are warnings")},
        done_fields(),
        api::WriteHandler([desk](const Call& call, const Input& in, store::Tx& tx) -> Result<Reply> {
            return done_reply(TRY(release(tx, *desk, actor(call), in.integer("id", 0),
                                          in.integer("version", 0), in.text("note"))));
        }));
    endpoint.refusals = {Fault::article_unknown,  Fault::article_state,      Fault::person_repeated,
                         Fault::content_rejected, Fault::warning_unanswered, Fault::content_malformed,
                         Fault::column_ended};
    return endpoint;
}

Endpoint article_withdraw(Shared desk) {
    Endpoint endpoint(
        "article.withdraw", Method::post, "/api/v1/content/articles/{id}/withdraw",
        Permission::content_release, Audit::metered, "撤回已公开的文章", "Takes an article out of the public",
        {id_field(), {"reason", FieldType::text, "原因，公开显示", "why; is public", true, Where::body}},
        done_fields(),
        api::WriteHandler([desk](const Call& call, const Input& in, store::Tx& tx) -> Result<Reply> {
            return done_reply(TRY(withdraw(tx, *desk, actor(call), in.integer("id", 0), in.text("reason"))));
        }));
    endpoint.refusals = {Fault::article_unknown, Fault::article_state, Fault::content_malformed,
                         Fault::content_rejected};
    return endpoint;
}

}  // namespace

// Their events (article.submitted, article.released ...) are the audit: Audit::event would tell the same
// twice.
std::vector<Endpoint> review_endpoints(Shared desk) {
    std::vector<Endpoint> all;
    all.push_back(article_submit(desk));
    all.push_back(article_recall(desk));
    all.push_back(article_discard(desk));
    all.push_back(article_pass(desk));
    all.push_back(article_return(desk));
    all.push_back(article_release(desk));
    all.push_back(article_withdraw(desk));
    return all;
}

}  // namespace mingxin::content
