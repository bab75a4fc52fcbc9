// What machines read: robots.txt, the sitemap of all subjects, an Atom feed of what was published last.
#include "base/text.h"
#include "site/pages.h"
#include "site/words.h"
#include "subject/walk.h"

namespace mingxin::site {
namespace {

using api::Call;
using api::FieldType;
using api::Input;
using api::Reply;
using api::Where;

constexpr std::int64_t kIdsPerMap = 20'000;  // the format allows 50,000 addresses
constexpr std::size_t kEntries = 30;
constexpr const char* kXml = "application/xml; charset=utf-8";

Reply document(std::string body, const char* type) {
    Reply reply;
    reply.content_type = type;
    reply.body = std::move(body);
    return reply;
}

Reply robots(const Shared& site) {
    return document(
        "User-agent: *\nDisallow: /search\nDisallow: /desk\nDisallow: /sign-in\n"
        "Disallow: /account/\nDisallow: /api/\nSitemap: " +
            site.deps.public_url + "/sitemap.xml\n",
        "text/plain; charset=utf-8");
}

Result<Reply> sitemap_index(const Shared& site, const Call& call, store::ReadTx& tx) {
    const auto figures = TRY(site.counted(call, tx));
    std::string xml =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n";
    const std::int64_t maps = (figures->last_subject + kIdsPerMap - 1) / kIdsPerMap;
    for (std::int64_t map = 0; map <= maps; ++map) {
        xml += "<sitemap><loc>" + escape_html(site.deps.public_url) + "/sitemap/" + std::to_string(map) +
               "</loc></sitemap>\n";
    }
    return document(xml + "</sitemapindex>\n", kXml);
}

/// 0: the site's own pages; from 1 on subjects.
Result<Reply> sitemap(const Shared& site, const Call& call, const Input& in, store::ReadTx& tx) {
    const std::int64_t map = in.integer("map", -1);
    const std::int64_t last = TRY(subject::last_id(tx, site.deps.tenant));
    if (map < 0 || (map > 0 && (map - 1) > last / kIdsPerMap)) return fail(Fault::not_found);
    std::vector<std::string> paths;
    if (map == 0) {
        paths = {"",
                 "publicity/permit",
                 "publicity/penalty",
                 "statistics",
                 "open",
                 "guides",
                 "guides/query",
                 "guides/objection",
                 "guides/repair",
                 "guides/verify",
                 "journal",
                 "verify",
                 "about",
                 "accessibility"};
        for (std::string& path : TRY(content_paths(site, call, tx))) paths.push_back(std::move(path));
    } else {
        paths = TRY(subject::codes_between(tx, site.deps.tenant, (map - 1) * kIdsPerMap, map * kIdsPerMap));
    }
    std::string xml =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n";
    const std::string before =
        "<url><loc>" + escape_html(site.deps.public_url) + (map == 0 ? "/" : "/subjects/");
    for (const std::string& path : paths) xml.append(before).append(path).append("</loc></url>\n");
    return document(xml + "</urlset>\n", kXml);
}

Result<Reply> feed(const Shared& site, const Call& call, const Input& in, store::ReadTx& tx) {
    const Messages& words = site.words(call);
    const rulebook::Item* item = site.deps.rulebook->item(in.text("item"));
    if (item == nullptr || item->defines_subject)
        return fail(Fault::not_found, std::string(words("publicity.unknown"_text)));
    const auto records = TRY(newest_records(site, call, tx, *item, kEntries));
    const std::string& base = site.deps.public_url;
    const std::string self = base + "/feeds/" + item->id;
    std::string xml =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" "
        "xml:lang=\"zh-CN\">\n<id>" +
        escape_html(self) + "</id>\n<title>" +
        escape_html(
            words("feed.title"_text, {{"who", site.deps.site_name}, {"what", item_title(words, *item)}})) +
        "</title>\n<link rel=\"self\" href=\"" + escape_html(self) + "\"/>\n<link href=\"" +
        escape_html(base + "/publicity/" + item->id) + "\"/>\n<updated>" +
        (records.empty() ? Instant{} : records.front().received).to_string() + "</updated>\n<author><name>" +
        escape_html(site.deps.site_name) + "</name></author>\n";
    for (const record::ShownRecord& shown : records) {
        const std::string address = escape_html(base + "/records/" + shown.id);
        const std::string name = TRY(subject_name(site, tx, shown.subject));
        xml += "<entry><id>" + address + "</id><title>" +
               escape_html(words("feed.title"_text, {{"who", name}, {"what", heading(shown)}})) +
               "</title><link href=\"" + address + "\"/><updated>" + shown.received.to_string() +
               "</updated><summary>" +
               escape_html(words("word.and"_text, {{"one", shown.organ}, {"other", shown.document_no}})) +
               "</summary></entry>\n";
    }
    return document(xml + "</feed>\n", "application/atom+xml; charset=utf-8");
}

}  // namespace

std::vector<api::Endpoint> machine_pages(Pages pages) {
    std::vector<api::Endpoint> list;
    list.push_back(public_page(
        "site.robots", "/robots.txt", "给搜索引擎的说明", "For search engines", {},
        [pages](const Call&, const Input&, store::ReadTx&) -> Result<Reply> { return robots(*pages); }));
    list.push_back(public_page("site.sitemap_index", "/sitemap.xml", "网站地图", "Index of the sitemap", {},
                               [pages](const Call& call, const Input&, store::ReadTx& tx) {
                                   return sitemap_index(*pages, call, tx);
                               }));
    list.push_back(
        public_page("site.sitemap", "/sitemap/{map}", "网站地图的一部分", "A part of the sitemap",
                    {{"map", FieldType::integer, "序号，从0开始", "Number, from 0", true, Where::path, "1"}},
                    [pages](const Call& call, const Input& in, store::ReadTx& tx) {
                        return sitemap(*pages, call, in, tx);
                    }));
    list.back().lengthy = true;
    list.push_back(public_page(
        "site.feed", "/feeds/{item}", "最新公示的订阅源（Atom）", "Atom feed of what was published last",
        {{"item", FieldType::text, "目录项", "Catalogue item", true, Where::path, "penalty"}},
        [pages](const Call& call, const Input& in, store::ReadTx& tx) {
            return feed(*pages, call, in, tx);
        }));
    return list;
}

}  // namespace mingxin::site
