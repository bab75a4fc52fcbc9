// Home, search, subject, record, about; the style sheet and the icon.
#include <charconv>

#include "base/text.h"
#include "site/pages.h"
#include "subject/identify.h"
#include "subject/subject.h"

namespace mingxin::site {
namespace {

using api::Call;
using api::Field;
using api::FieldType;
using api::Input;
using api::Method;
using api::Permission;
using api::ReadHandler;
using api::Reply;
using api::Where;

constexpr int kMostResults = 50;

Result<Reply> show_home(const Shared& site, const Call& call, store::ReadTx& tx) {
    Model model;
    auto counts = TRY(subject::count(tx, site.deps.tenant));
    model.set("enterprises", counts.enterprises).set("individuals", counts.individual_businesses);
    model.set("others", counts.other_organisations);
    return site.page(call, "home", site.deps.site_name, model);
}

/// A number leads straight to its subject: one by code, or several that bore an older number.
Result<std::vector<subject::Subject>> find_number(const Shared& site, store::ReadTx& tx,
                                                  std::string_view text) {
    std::vector<subject::Subject> found;
    if (auto by_code = TRY(subject::find_by_code(tx, site.deps.tenant, text))) {
        found.push_back(std::move(*by_code));
        return found;
    }
    return subject::find_by_identifier(tx, site.deps.tenant, text);
}

void fill_results(Model& model, const std::vector<subject::Subject>& found) {
    for (const subject::Subject& subject : found) {
        Model& entry = model.add("results");
        entry.set("code", subject.code).set("name", subject.name).set("base", base_zh(subject.base));
        entry.set("state", subject.state);
    }
}

Result<Reply> show_search(const Shared& site, const Call& call, const Input& in, store::ReadTx& tx) {
    std::string text(trim(in.text("q")));
    Model model;
    if (text.empty()) {
        return Reply::redirect("/");
    }
    subject::Identified number = subject::identify(text);
    if (number.kind == subject::IdentifierKind::ric && !number.canonical.empty()) {
        // The number is not repeated on the page.
        model.flag("person", true);
        return site.page(call, "search", "查询结果", model);
    }
    model.set("q", text);
    std::vector<subject::Subject> found = TRY(find_number(site, tx, text));
    if (found.size() == 1) {
        return Reply::redirect("/subjects/" + escape_url(found.front().code));
    }
    if (found.empty()) {
        if (character_count(text) < 2) {
            model.flag("too_short", true);
            return site.page(call, "search", "查询结果", model);
        }
        found = TRY(subject::search(tx, site.deps.tenant, text, kMostResults));
    }
    fill_results(model, found);
    model.set("count", static_cast<std::int64_t>(found.size())).flag("none", found.empty());
    model.flag("cut", found.size() == kMostResults);
    if (found.empty() && !number.reason_zh.empty() && number.kind != subject::IdentifierKind::other) {
        model.set("hint", number.reason_zh);
    }
    return site.page(call, "search", "查询结果", model);
}

Result<Reply> show_subject(const Shared& site, const Call& call, const Input& in, store::ReadTx& tx) {
    auto subject = TRY(subject::find_by_code(tx, site.deps.tenant, in.text("code")));
    if (!subject) {
        return fail(Fault::not_found, "没有代码为“" + std::string(in.text("code")) + "”的主体");
    }
    if (subject->code != in.text("code")) {
        return Reply::redirect("/subjects/" + escape_url(subject->code));
    }
    Model model;
    model.set("code", subject->code).set("name", subject->name).set("base", base_zh(subject->base));
    model.set("state", subject->state);
    if (subject->established) {
        model.set("established", date_zh(*subject->established));
    }
    std::string names;
    for (const subject::FormerName& former :
         TRY(subject::former_names(tx, site.deps.tenant, subject->code))) {
        names += (names.empty() ? "" : "、") + former.name;
    }
    model.set("former_names", names).set("today", date_zh(call.today()));
    auto records = TRY(
        record::disclose(tx, *site.deps.rulebook, site.deps.tenant, subject->code, {}, site.reading(call)));
    // By catalogue item, in the catalogue's order.
    for (const auto& item : site.deps.rulebook->items()) {
        std::vector<const record::ShownRecord*> own;
        for (const record::ShownRecord& shown : records) {
            if (shown.item == item.get()) {
                own.push_back(&shown);
            }
        }
        Model& group = model.add("groups");
        group.set("item", item->id)
            .set("title", item->title_zh)
            .set("count", static_cast<std::int64_t>(own.size()));
        group.flag("empty", own.empty());
        for (const record::ShownRecord* shown : own) {
            TRY(fill_record(group.add("records"), *shown, tx));
        }
    }
    return site.page(call, "subject", subject->name, model);
}

Result<Reply> show_record(const Shared& site, const Call& call, const Input& in, store::ReadTx& tx) {
    auto shown = TRY(
        record::disclose_one(tx, *site.deps.rulebook, site.deps.tenant, in.text("id"), site.reading(call)));
    if (!shown) {
        return fail(Fault::not_found, "没有这条记录，或它已不在公示期内");
    }
    Model model;
    TRY(fill_record(model, *shown, tx));
    for (const record::ShownField& field : shown->fields) {
        model.add("fields").set("name", field.name_zh).set("value", field.value);
    }
    std::size_t dash = shown->id.find('-');
    model.set("event", std::string_view(shown->id).substr(0, dash));
    model.set("row", dash == std::string::npos ? "" : std::string_view(shown->id).substr(dash + 1));
    if (auto subject = TRY(subject::find_by_code(tx, site.deps.tenant, shown->subject))) {
        model.set("subject_name", subject->name);
    }
    return site.page(call, "record", shown->title, model);
}

Reply static_file(std::string content, const char* type, const std::string& tag) {
    Reply reply;
    reply.content_type = type;
    reply.body = std::move(content);
    reply.headers.emplace_back("ETag", "\"" + tag + "\"");
    reply.headers.emplace_back("Cache-Control", "public, max-age=86400");
    return reply;
}

}  // namespace

namespace {
/// The name of the unit whose batch brought the record; empty when it is not in the register.
Result<std::string> submitting_unit(store::ReadTx& tx, std::string_view record_id) {
    std::int64_t event = 0;
    std::from_chars(record_id.data(), record_id.data() + record_id.size(), event);
    auto batch = TRY(record::find_batch(tx, event));
    if (!batch) {
        return std::string{};
    }
    auto unit = TRY(access::find_unit(tx, batch->unit_code));
    return unit ? unit->name : std::string{};
}
}  // namespace

Result<void> fill_record(Model& model, const record::ShownRecord& shown, store::ReadTx& tx) {
    model.set("id", shown.id).set("title_zh", shown.title).set("document_no", shown.document_no);
    model.set("organ", shown.organ);
    model
        .set("source_unit",
             shown.source_unit.empty() ? TRY(submitting_unit(tx, shown.id)) : shown.source_unit)
        .set("subject", shown.subject);
    model.set("item_title", shown.item->title_zh).set("item_basis", shown.item->basis.text_zh());
    model.set("received", date_zh(shown.received.date())).set("severity", shown.severity_zh);
    model.set("term_basis", shown.basis_zh).flag("adverse", shown.item->adverse);
    model.set("decided", shown.decided ? date_zh(*shown.decided) : std::string{});
    model.set("shown_until", shown.shown_until ? date_zh(*shown.shown_until) : std::string("长期"));
    return {};
}

std::vector<api::Endpoint> public_pages(Pages pages) {
    std::vector<api::Endpoint> list;
    auto add = [&](const char* id, const char* path, const char* zh, const char* en, std::vector<Field> in,
                   ReadHandler handler) {
        list.push_back(page_endpoint(id, Method::get, path, Permission::anyone, zh, en, std::move(in),
                                     std::move(handler)));
    };
    add("site.home", "/", "首页", "Home", {},
        [pages](const Call& call, const Input&, store::ReadTx& tx) { return show_home(*pages, call, tx); });
    add("site.search", "/search", "查询结果", "Search results",
        {{"q", FieldType::text, "名称或代码", "Name or code", false, Where::query, "鲁山"}},
        [pages](const Call& call, const Input& in, store::ReadTx& tx) {
            return show_search(*pages, call, in, tx);
        });
    add("site.subject", "/subjects/{code}", "主体信用信息", "A subject",
        {{"code", FieldType::text, "统一社会信用代码", "Code", true, Where::path, "91410423MA3X941T6P"}},
        [pages](const Call& call, const Input& in, store::ReadTx& tx) {
            return show_subject(*pages, call, in, tx);
        });
    add("site.record", "/records/{id}", "一条记录", "A record",
        {{"id", FieldType::text, "记录编号", "Record id", true, Where::path, "17-5"}},
        [pages](const Call& call, const Input& in, store::ReadTx& tx) {
            return show_record(*pages, call, in, tx);
        });
    add("site.about", "/about", "说明、异议与更正", "About, objection and correction", {},
        [pages](const Call& call, const Input&, store::ReadTx&) -> Result<Reply> {
            Model model;
            return pages->page(call, "about", "说明、异议与更正", model);
        });
    add("site.style", "/static/site.css", "样式", "Style sheet", {},
        [pages](const Call&, const Input&, store::ReadTx&) -> Result<Reply> {
            return static_file(pages->style, "text/css; charset=utf-8", pages->style_tag);
        });
    add("site.icon", "/static/icon.svg", "图标", "Icon", {},
        [pages](const Call&, const Input&, store::ReadTx&) -> Result<Reply> {
            return static_file(pages->icon, "image/svg+xml", pages->style_tag);
        });
    return list;
}

}  // namespace mingxin::site
