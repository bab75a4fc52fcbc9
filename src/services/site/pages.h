// What the pages share. Internal to this folder.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "site/site.h"
#include "site/templates.h"

namespace mingxin::site {

struct Shared {
    Deps deps;
    std::unique_ptr<Templates> templates;
    std::string style, icon;  // static files
    std::string style_tag;    // their ETag

    /// The page of a template: title, navigation and the caller's standing are filled here.
    api::Reply page(const api::Call& call, std::string_view name, std::string_view title, Model& model,
                    int status = 200) const;
    record::Reading reading(const api::Call& call) const;
};
using Pages = std::shared_ptr<const Shared>;

/// An endpoint that is a page.
api::Endpoint page_endpoint(const char* id, api::Method method, const char* path, api::Permission permission,
                            const char* zh, const char* en, std::vector<api::Field> in,
                            std::variant<api::ReadHandler, api::WriteHandler, api::LongHandler> handler);

std::vector<api::Endpoint> public_pages(Pages pages);
std::vector<api::Endpoint> proof_pages(Pages pages);
std::vector<api::Endpoint> account_pages(Pages pages);
std::vector<api::Endpoint> desk_pages(Pages pages);

/// Fills what lists and the page of a record show. A record that names no source comes from who handed it in.
Result<void> fill_record(Model& model, const record::ShownRecord& shown, store::ReadTx& tx);
/// "2026年5月1日".
std::string date_zh(Date date);
std::string_view base_zh(int base);

}  // namespace mingxin::site
