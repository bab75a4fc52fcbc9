// Sign-in, sign-out, change of password.
#include <algorithm>

#include "base/text.h"
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

/// Only a path of this site; anything else would let a link lead elsewhere after sign-in.
std::string safe_next(std::string_view next) {
    // Browsers drop tabs and line ends from an address, and read a backslash as a slash: "/\t/elsewhere".
    bool plain =
        std::all_of(next.begin(), next.end(), [](char c) { return c > 0x20 && c < 0x7f && c != '\\'; });
    bool local = plain && next.size() > 1 && next[0] == '/' && next[1] != '/';
    return local ? std::string(next) : "/desk";
}

bool is_told_on_the_form(Fault fault) {
    return fault == Fault::sign_in_refused || fault == Fault::sign_in_delayed ||
           fault == Fault::password_weak || fault == Fault::field_missing;
}

/// The form again, with what went wrong.
Result<Reply> told(const Shared& site, const Call& call, std::string_view name, Text title, Model& model,
                   const Error& error) {
    if (!is_told_on_the_form(error.fault)) {
        return fail(error);
    }
    const Messages& words = site.words(call);
    const FaultWords text = fault_words(words, error.fault);
    model.mark("wrong", text.title).mark("wrong_detail", error.detail_zh).mark("wrong_remedy", text.remedy);
    return site.page(call, name, words(title), model, fault_text(error.fault).http_status);
}

Result<Reply> sign_in(const Shared& site, const Call& call, const Input& in) {
    std::string next = safe_next(in.text("next"));
    auto signed_in = site.deps.desk->sign_in(in.text("account"), in.text("password"), call.address, call.now);
    if (!signed_in.ok()) {
        Model model;
        model.set("next", next).set("account", in.text("account"));
        return told(site, call, "sign_in", "word.sign_in"_text, model, signed_in.error());
    }
    Reply reply = Reply::redirect(signed_in->must_change_password ? "/account/password" : next);
    reply.session_token = signed_in->token;
    return reply;
}

Result<Reply> change_password(const Shared& site, const Call& call, const Input& in) {
    Model model;
    if (in.text("password") != in.text("again")) {
        return told(site, call, "password", "word.change_password"_text, model,
                    Error{Fault::password_weak, std::string(site.words(call)("password.differ"_text)), {}});
    }
    auto changed = site.deps.desk->change_password(call.principal, in.text("old"), in.text("password"),
                                                   call.address, call.now);
    if (!changed.ok()) {
        return told(site, call, "password", "word.change_password"_text, model, changed.error());
    }
    Reply reply = Reply::redirect("/desk");
    reply.session_token = changed->token;
    return reply;
}

}  // namespace

std::vector<api::Endpoint> account_pages(Pages pages) {
    std::vector<api::Endpoint> list;
    list.push_back(page_endpoint(
        "site.sign_in_form", Method::get, "/sign-in", Permission::anyone, "登录页", "Sign-in form",
        {{"next", FieldType::text, "登录后前往", "Where to go then", false, Where::query, "/desk"}},
        ReadHandler([pages](const Call& call, const Input& in, store::ReadTx&) -> Result<Reply> {
            Model model;
            const std::string next = safe_next(in.text("next"));
            const std::string here = "/sign-in?next=" + escape_url(next);
            Call safe = call;  // no link of the page repeats where somebody else wanted it to lead
            safe.target = here;
            model.set("next", next);
            return pages->page(safe, "sign_in", pages->words(call)("word.sign_in"_text), model);
        })));
    list.push_back(page_endpoint(
        "site.sign_in", Method::post, "/sign-in", Permission::anyone, "登录", "Signs in",
        {{"account", FieldType::text, "账号", "Account", true, Where::body, "zhang.san"},
         {"password", FieldType::text, "密码", "Password", true, Where::body},
         {"next", FieldType::text, "登录后前往", "Where to go then", false, Where::body, "/desk"}},
        LongHandler([pages](const Call& call, const Input& in) { return sign_in(*pages, call, in); })));
    list.back().sign_in = true;
    list.push_back(page_endpoint("site.sign_out", Method::post, "/sign-out", Permission::anyone, "退出登录",
                                 "Signs out", {},
                                 LongHandler([pages](const Call& call, const Input&) -> Result<Reply> {
                                     TRY(pages->deps.desk->sign_out(call.principal.session_id, call.now));
                                     Reply reply = Reply::redirect("/");
                                     reply.session_token = "";
                                     return reply;
                                 })));
    list.push_back(page_endpoint(
        "site.password_form", Method::get, "/account/password", Permission::anyone, "修改密码页",
        "Password form", {},
        ReadHandler([pages](const Call& call, const Input&, store::ReadTx&) -> Result<Reply> {
            if (!call.principal.signed_in()) {
                return fail(Fault::sign_in_required);
            }
            Model model;
            return pages->page(call, "password", pages->words(call)("word.change_password"_text), model);
        })));
    list.push_back(
        page_endpoint("site.password", Method::post, "/account/password", Permission::anyone, "修改密码",
                      "Changes the password",
                      {{"old", FieldType::text, "原密码", "Old password", true, Where::body},
                       {"password", FieldType::text, "新密码", "New password", true, Where::body},
                       {"again", FieldType::text, "再输一次新密码", "New password again", true, Where::body}},
                      LongHandler([pages](const Call& call, const Input& in) {
                          return change_password(*pages, call, in);
                      })));
    list.back().sign_in = true;
    return list;
}

}  // namespace mingxin::site
