#include "site/site.h"

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "crypto/crypto.h"
#include "listing/keyset.h"
#include "site/pages.h"
#include "site/words.h"

namespace mingxin::site {

namespace {

/// Path and query as asked without the wishes for large print and language.
std::string without_wishes(std::string_view target) {
    const std::size_t mark = target.find('?');
    std::string rest(target.substr(0, mark));
    if (mark == std::string_view::npos) return rest;
    char before = '?';
    for (std::string_view part : split(target.substr(mark + 1), '&')) {
        if (part.empty() || part.starts_with("reading=") || part.starts_with("lang=")) continue;
        rest.append(1, before).append(part);
        before = '&';
    }
    return rest;
}

/// Remembers how somebody likes to read, and leads back to where they were.
api::Reply switch_reading(const api::Call& call, std::string_view mode) {
    api::Reply reply = api::Reply::redirect(without_wishes(call.target));
    const bool other = mode == "elder" || mode == "kiosk";
    reply.headers.emplace_back("Set-Cookie",
                               std::string("mx_reading=").append(other ? mode : "") +
                                   "; Path=/; HttpOnly; SameSite=Lax; Max-Age=" + (other ? "31536000" : "0"));
    reply.headers.emplace_back("Cache-Control", "no-store");
    return reply;
}

/// Answers in the language that somebody chose, and remembers it.
Result<api::Reply> in_language(const api::ReadHandler& show, const api::Call& call, const api::Input& given,
                               store::ReadTx& tx) {
    const Language language = language_of(given.text("lang"));
    api::Call own = call;
    own.language = language_name(language);
    api::Reply reply = TRY(show(own, given, tx));
    const bool chinese = language == Language::zh;  // which is what everybody gets who chose nothing
    reply.headers.emplace_back(
        "Set-Cookie", std::string("mx_lang=") + (chinese ? "" : "en") +
                          "; Path=/; HttpOnly; SameSite=Lax; Max-Age=" + (chinese ? "0" : "31536000"));
    reply.headers.emplace_back("Cache-Control", "no-store");
    return reply;
}

/// Which entry of the navigation a page belongs to.
void mark_section(Model& model, std::string_view target) {
    const std::string_view path = target.substr(0, target.find('?'));
    for (const char* section : {"publicity", "guides", "statistics", "open", "journal", "desk", "columns"}) {
        const std::string prefix = std::string("/") + section;
        model.flag(std::string("in_") + section, path == prefix || path.starts_with(prefix + "/"));
    }
    model.flag("in_query", path == "/" || path.starts_with("/search") || path.starts_with("/subjects") ||
                               path.starts_with("/records"));
}

}  // namespace

const Messages& Shared::words(const api::Call& call) const {
    return messages.at(language_of(call.language));
}

namespace {
/// Who asks, and how they like to read.
void fill_reader(Model& model, const api::Call& call) {
    model.set("csrf", call.csrf_token).flag("elder", call.large_print());
    model.flag("kiosk", call.reading == api::Reading::kiosk);
    model.flag("signed_in", call.principal.signed_in()).set("display", call.principal.display_zh);
    model.flag("may_submit", call.principal.may(api::Permission::collect_submit));
    model.flag("may_issue", call.principal.may(api::Permission::report_issue));
}

/// Links to the same page in another dress or language. A page that was refused leads home.
void fill_alternates(Model& model, const Messages& words, const api::Call& call, int status) {
    const std::string here = status < 400 ? without_wishes(call.target) : "/";
    const std::string wish = here + (here.find('?') == std::string::npos ? "?" : "&");
    const bool english = words.language() == Language::en;
    model.flag("english", english).set("reading_link", wish + "reading=");
    model.set("language_link", wish + (english ? "lang=zh" : "lang=en")).set("stay_link", here);
    if (status < 400) model.set("canonical", here.substr(0, here.find('?')));
}

/// A terminal in a hall goes back to the first page, in Chinese, when whoever read is gone. The page tells it
/// half a minute before and offers to stay (WCAG 2.2.1); site.css knows when.
constexpr const char* kLeaves = "180; url=/?lang=zh";
}  // namespace

api::Reply Shared::page(const api::Call& call, std::string_view name, std::string_view title, Model& model,
                        int status) const {
    const Messages& texts = words(call);
    const bool home = name == "home";
    const std::string_view name_of_all = texts("page.title_end"_text);  // the site's name is Chinese
    model.mark("title", home && !name_of_all.empty() ? name_of_all : title).set("tag", tag);
    model.set("title_end", name_of_all.empty() ? deps.site_name : name_of_all);
    model.set("site_name", deps.site_name).set("public_url", deps.public_url);
    model.flag("copying", deps.copying);
    model.flag("home", home).flag("inner", !home).flag("searching", home || name == "search");
    fill_reader(model, call);
    fill_alternates(model, texts, call, status);
    mark_section(model, call.target);
    const bool leaves = call.reading == api::Reading::kiosk && (!home || texts.language() == Language::en);
    model.flag("leaves", leaves);
    api::Reply reply = api::Reply::html(templates.at(texts.language())->page(name, model), status);
    reply.headers.emplace_back("Vary", "Cookie");
    if (leaves) reply.headers.emplace_back("Refresh", kLeaves);
    return reply;
}

record::Reading Shared::reading(const api::Call& call) const {
    record::Reading reading;
    reading.purpose = "公示查询";  // as the trace of a look-up writes it
    reading.today = call.today();
    return reading;
}

Result<std::shared_ptr<const Figures>> Shared::counted(const api::Call& call, store::ReadTx& tx) const {
    auto counted = figures->get(tx, call.now);
    if (counted.ok()) return std::static_pointer_cast<const Figures>(*counted);
    if (counted.error().fault != Fault::busy) return fail(counted.error());
    return fail(Fault::busy, std::string(words(call)("figures.counting"_text)));
}

std::string Shared::parameter(const api::Call& call, std::string_view id) const {
    return deps.rulebook->parameter(id, call.today()).text;
}

api::Endpoint page_endpoint(const char* id, api::Method method, const char* path, api::Permission permission,
                            const char* zh, const char* en, std::vector<api::Field> in,
                            std::variant<api::ReadHandler, api::WriteHandler, api::LongHandler> handler) {
    if (auto* read = std::get_if<api::ReadHandler>(&handler); read != nullptr && method == api::Method::get) {
        in.push_back({"reading", api::FieldType::text, "阅读方式：elder、kiosk 或 normal",
                      "Reading mode: elder (large), kiosk or normal", false, api::Where::query, ""});
        in.push_back({"lang", api::FieldType::text, "语言：zh 或 en", "Language: zh or en", false,
                      api::Where::query, ""});
        handler = api::ReadHandler([show = std::move(*read)](const api::Call& call, const api::Input& given,
                                                             store::ReadTx& tx) -> Result<api::Reply> {
            if (given.has("reading")) return switch_reading(call, given.text("reading"));
            if (given.has("lang")) return in_language(show, call, given, tx);
            return show(call, given, tx);
        });
    }
    api::Endpoint endpoint(id, method, path, permission, api::Audit::metered, zh, en, std::move(in), {},
                           std::move(handler));
    endpoint.page = true;
    endpoint.reply_type = "text/html";
    return endpoint;
}

api::Endpoint public_page(const char* id, const char* path, const char* zh, const char* en,
                          std::vector<api::Field> in, api::ReadHandler handler) {
    return page_endpoint(id, api::Method::get, path, api::Permission::anyone, zh, en, std::move(in),
                         std::move(handler));
}

void add_crumb(Model& model, std::string_view title, std::string_view href) {
    model.add("crumbs").mark("crumb", title).set("href", href);
}

namespace {
/// How a telephone names and shows the site when it is put on the screen of applications.
std::string manifest_of(const std::string& site_name) {
    JsonWriter json;
    json.begin_object().field("name", site_name).field("short_name", site_name).field("lang", "zh-CN");
    json.field("start_url", "/").field("scope", "/").field("display", "minimal-ui");
    json.key("icons").begin_array().begin_object();
    json.field("src", "/static/icon.svg").field("sizes", "any").field("type", "image/svg+xml");
    json.end_object().end_array().end_object();
    return json.take();
}
}  // namespace

Result<Site> make_site(Deps deps) {
    auto shared = std::make_shared<Shared>();
    const std::filesystem::path folder = deps.web_folder;
    for (const Language language : kLanguages) {
        Messages messages = TRY(Messages::load(folder / "site/messages", language));
        shared->templates.emplace(language, TRY(Templates::load(folder / "site", messages)));
        shared->messages.emplace(language, std::move(messages));
    }
    // One sheet, so that one request brings all of the looks.
    std::string style;
    for (const char* part : {"shared/tokens.css", "shared/components.css", "site/site.css"}) {
        style += TRY(read_file(folder / part, 1 << 20));
    }
    shared->assets["site.css"] = {std::move(style), "text/css; charset=utf-8"};
    shared->assets["app.webmanifest"] = {manifest_of(deps.site_name), "application/manifest+json"};
    for (const char* picture : {"hills.svg", "hills_near.svg", "icon.svg"}) {
        shared->assets[picture] = {TRY(read_file(folder / "shared" / picture, 1 << 20)), "image/svg+xml"};
    }
    std::string all;
    for (const auto& [name, asset] : shared->assets) all += name + '\n' + asset.content;
    shared->tag = to_hex(crypto::digest(all)).substr(0, 16);
    std::string& sheet = shared->assets["site.css"].content;
    for (std::size_t at = 0; (at = sheet.find(".svg\")", at)) != std::string::npos; ++at) {
        sheet.insert(at + 4, "?v=" + shared->tag);
    }
    shared->figures = keep_figures(*deps.database, deps.rulebook, deps.tenant, listing::start_of(deps.today));
    shared->deps = std::move(deps);

    Pages pages = shared;
    Site site;
    for (auto* make : {static_files, public_pages, subject_pages, listing_pages, statistics_pages,
                       machine_pages, guide_pages, proof_pages, account_pages, desk_pages, content_pages}) {
        for (api::Endpoint& endpoint : make(pages)) {
            site.endpoints.push_back(std::move(endpoint));
        }
    }
    site.refusal_page = [pages](int status, const Error& error, std::string_view incident,
                                const api::Principal& principal, std::string_view csrf_token,
                                api::Reading reading, std::string_view language) {
        const api::Call call{principal, Instant{}, {}, language, csrf_token, "", reading};
        const FaultWords text = fault_words(pages->words(call), error.fault);
        Model model;
        model.set("code", error.code()).mark("what", text.title).mark("detail", error.detail_zh);
        model.mark("remedy", text.remedy).set("incident", incident).flag("missing", status == 404);
        return pages->page(call, "refusal", text.title, model, status);
    };
    return site;
}

}  // namespace mingxin::site
