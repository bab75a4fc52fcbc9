#include "site/site.h"

#include "base/file.h"
#include "crypto/crypto.h"
#include "site/pages.h"

namespace mingxin::site {

api::Reply Shared::page(const api::Call& call, std::string_view name, std::string_view title, Model& model,
                        int status) const {
    model.set("title", title).set("site_name", deps.site_name).set("style_tag", style_tag);
    model.set("csrf", call.csrf_token);
    model.flag("home", name == "home");
    model.flag("signed_in", call.principal.signed_in()).set("display", call.principal.display_zh);
    model.flag("may_submit", call.principal.may(api::Permission::collect_submit));
    model.flag("may_issue", call.principal.may(api::Permission::report_issue));
    return api::Reply::html(templates->page(name, model), status);
}

record::Reading Shared::reading(const api::Call& call) const {
    record::Reading reading;
    reading.purpose = "公示查询";
    reading.today = call.today();
    return reading;
}

api::Endpoint page_endpoint(const char* id, api::Method method, const char* path, api::Permission permission,
                            const char* zh, const char* en, std::vector<api::Field> in,
                            std::variant<api::ReadHandler, api::WriteHandler, api::LongHandler> handler) {
    api::Endpoint endpoint(id, method, path, permission, api::Audit::metered, zh, en, std::move(in), {},
                           std::move(handler));
    endpoint.page = true;
    endpoint.reply_type = "text/html";
    return endpoint;
}

std::string date_zh(Date date) {
    YearMonthDay parts = split(date);
    return std::to_string(parts.year) + "年" + std::to_string(parts.month) + "月" +
           std::to_string(parts.day) + "日";
}

std::string_view base_zh(int base) {
    static constexpr std::string_view names[] = {"企业", "个体工商户", "其他组织"};
    return base >= 0 && base < 3 ? names[base] : "其他组织";
}

Result<Site> make_site(Deps deps) {
    auto shared = std::make_shared<Shared>();
    std::filesystem::path folder = deps.web_folder / "site";
    shared->templates = TRY(Templates::load(folder));
    shared->style = TRY(read_file(folder / "site.css", 1 << 20));
    shared->icon = TRY(read_file(folder / "icon.svg", 1 << 20));
    shared->style_tag = to_hex(crypto::digest(shared->style + shared->icon)).substr(0, 16);
    shared->deps = std::move(deps);

    Pages pages = shared;
    Site site;
    for (auto* make : {public_pages, proof_pages, account_pages, desk_pages}) {
        for (api::Endpoint& endpoint : make(pages)) {
            site.endpoints.push_back(std::move(endpoint));
        }
    }
    site.refusal_page = [pages](int status, const Error& error, std::string_view incident,
                                const api::Principal& principal, std::string_view csrf_token) {
        const FaultText& text = fault_text(error.fault);
        Model model;
        model.set("code", text.code).set("what", text.title_zh).set("detail", error.detail_zh);
        model.set("remedy", text.remedy_zh).set("incident", incident);
        api::Call call{principal, Instant{}, {}, "zh", csrf_token};
        return pages->page(call, "refusal", text.title_zh, model, status).body;
    };
    return site;
}

}  // namespace mingxin::site
