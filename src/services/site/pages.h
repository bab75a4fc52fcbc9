// What the pages share. Internal to this folder.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "site/figures.h"
#include "site/messages.h"
#include "site/site.h"
#include "site/templates.h"

namespace mingxin::site {

struct Asset {
    std::string content, type;
};

struct Shared {
    Deps deps;
    std::map<Language, Messages> messages;
    std::map<Language, std::unique_ptr<Templates>> templates;
    std::map<std::string, Asset, std::less<>> assets;  // by name under /static/
    std::string tag;                                   // of all assets: changes when one does
    std::unique_ptr<record::FigureKeeper> figures;

    /// The texts in the caller's language.
    const Messages& words(const api::Call& call) const;
    /// The page of a template: title, navigation and the caller's standing are filled here. The last crumb is
    /// the title.
    api::Reply page(const api::Call& call, std::string_view name, std::string_view title, Model& model,
                    int status = 200) const;
    record::Reading reading(const api::Call& call) const;
    /// Fault::busy in the first seconds of a large platform.
    Result<std::shared_ptr<const Figures>> counted(const api::Call& call, store::ReadTx& tx) const;
    /// A parameter of the rulebook in force today, as text.
    std::string parameter(const api::Call& call, std::string_view id) const;
};
using Pages = std::shared_ptr<const Shared>;

/// An endpoint that is a page. Pages that are got also take ?reading=elder or normal, which they remember in
/// a cookie and lead back to themselves, and ?lang=en or zh, which they answer in and remember.
api::Endpoint page_endpoint(const char* id, api::Method method, const char* path, api::Permission permission,
                            const char* zh, const char* en, std::vector<api::Field> in,
                            std::variant<api::ReadHandler, api::WriteHandler, api::LongHandler> handler);
api::Endpoint public_page(const char* id, const char* path, const char* zh, const char* en,
                          std::vector<api::Field> in, api::ReadHandler handler);

std::vector<api::Endpoint> static_files(Pages pages);
std::vector<api::Endpoint> public_pages(Pages pages);
std::vector<api::Endpoint> subject_pages(Pages pages);
std::vector<api::Endpoint> listing_pages(Pages pages);
std::vector<api::Endpoint> statistics_pages(Pages pages);
std::vector<api::Endpoint> machine_pages(Pages pages);
std::vector<api::Endpoint> guide_pages(Pages pages);
std::vector<api::Endpoint> proof_pages(Pages pages);
std::vector<api::Endpoint> account_pages(Pages pages);
std::vector<api::Endpoint> desk_pages(Pages pages);
std::vector<api::Endpoint> content_pages(Pages pages);

/// A step of the way from the home page to this one.
void add_crumb(Model& model, std::string_view title, std::string_view href);
/// The newest records of an item of which at most wanted may still be shown, those before a position.
Result<std::vector<record::ShownRecord>> newest_records(const Shared& site, const api::Call& call,
                                                        store::ReadTx& tx, const rulebook::Item& item,
                                                        std::size_t wanted);
/// The name of a unit, by its place in the figures.
std::string unit_name(const Messages& words, const Figures& figures, int unit);
/// The newest articles of the columns that are on the home page, under "articles".
Result<void> fill_news(const Shared& site, const api::Call& call, store::ReadTx& tx, Model& model, int limit);
/// Paths of all columns and of all articles that are shown, without a slash before them.
Result<std::vector<std::string>> content_paths(const Shared& site, const api::Call& call, store::ReadTx& tx);
/// The name of the unit whose batch brought the record; empty when it is not in the register.
Result<std::string> submitting_unit(store::ReadTx& tx, std::string_view record_id);
/// Who a record is about, as the lists name it.
Result<std::string> subject_name(const Shared& site, store::ReadTx& tx, std::string_view code);

}  // namespace mingxin::site
