// Style sheet and pictures. Their addresses bear the version, so browsers keep them for a year.
#include "site/pages.h"

namespace mingxin::site {
namespace {

constexpr const char* kForEver = "public, max-age=31536000, immutable";
constexpr const char* kAnHour = "public, max-age=3600";

Result<api::Reply> send(const Shared& site, const api::Input& in) {
    auto asset = site.assets.find(in.text("name"));
    if (asset == site.assets.end()) return fail(Fault::not_found);
    api::Reply reply;
    reply.content_type = asset->second.type;
    reply.body = asset->second.content;
    reply.headers.emplace_back("ETag", "W/\"" + site.tag + "\"");
    reply.headers.emplace_back("Cache-Control", in.text("v") == site.tag ? kForEver : kAnHour);
    return reply;
}

}  // namespace

std::vector<api::Endpoint> static_files(Pages pages) {
    std::vector<api::Endpoint> list;
    list.push_back(public_page(
        "site.static", "/static/{name}", "样式和图形", "Style sheet and pictures",
        {{"name", api::FieldType::text, "文件名", "Name", true, api::Where::path, "site.css"},
         {"v", api::FieldType::text, "版本", "Version", false, api::Where::query, ""}},
        [pages](const api::Call&, const api::Input& in, store::ReadTx&) { return send(*pages, in); }));
    list.back().asset = true;
    return list;
}

}  // namespace mingxin::site
