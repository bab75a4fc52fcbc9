#include "cli/console_wiring.h"

#include <map>
#include <memory>

#include "base/file.h"
#include "base/text.h"
#include "crypto/crypto.h"

namespace mingxin::cli {
namespace {

namespace fs = std::filesystem;
using api::Call;
using api::Endpoint;
using api::FieldType;
using api::Input;
using api::Method;
using api::Permission;
using api::Reply;
using api::Where;

std::string_view type_of(const fs::path& file) {
    static const std::map<std::string, std::string_view, std::less<>> types{
        {".js", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".woff2", "font/woff2"},
        {".json", "application/json; charset=utf-8"}};
    const auto found = types.find(file.extension().string());
    return found == types.end() ? "application/octet-stream" : found->second;
}

/// What was built; read once.
struct Console {
    struct Asset {
        std::string_view type;
        std::string file, gzip_file;
    };
    struct Shell {
        std::string html, tag;
    };
    Shell shell, large_print;  // empty: not built
    std::map<std::string, Asset, std::less<>> assets;
};

void fill(std::string& html, std::string_view mark, std::string_view text) {
    for (std::size_t at = 0; (at = html.find(mark, at)) != std::string::npos; at += text.size()) {
        html.replace(at, mark.size(), text);
    }
}

Console::Shell shell_of(std::string html, std::string_view site_name, std::string_view reading) {
    fill(html, "%SITE_NAME%", escape_html(site_name));
    fill(html, "%READING%", reading);
    std::string tag = "\"" + to_hex(crypto::digest(html)).substr(0, 16) + "\"";
    return {std::move(html), std::move(tag)};
}

Console read_console(const fs::path& built, std::string_view site_name) {
    Console console;
    auto html = read_file(built / "index.html", 1 << 20);
    if (!html.ok()) return console;
    console.shell = shell_of(*html, site_name, "");
    console.large_print = shell_of(*html, site_name, "elder");
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(built / "assets", error)) {
        const fs::path& file = entry.path();
        if (file.extension() == ".gz") continue;
        const fs::path gzip = file.string() + ".gz";
        console.assets[file.filename().string()] = {type_of(file), fs::absolute(file).string(),
                                                    fs::exists(gzip) ? fs::absolute(gzip).string() : ""};
    }
    return console;
}

Result<Reply> shell(const Console& console, bool large_print) {
    const Console::Shell& shown = large_print ? console.large_print : console.shell;
    if (shown.html.empty()) {
        return fail(Fault::not_found, "工作台还没有构建，请在安装目录运行 tools/console 后重新启动");
    }
    Reply reply = Reply::html(shown.html);
    reply.headers.emplace_back("ETag", shown.tag);
    reply.headers.emplace_back("Cache-Control", "no-cache");
    return reply;
}

Result<Reply> asset(const Console& console, std::string_view name) {
    const auto found = console.assets.find(name);
    if (found == console.assets.end()) return fail(Fault::not_found);
    Reply reply;
    reply.content_type = found->second.type;
    reply.file = found->second.file;
    reply.gzip_file = found->second.gzip_file;
    // Names carry a digest of the content.
    reply.headers.emplace_back("Cache-Control", "public, max-age=31536000, immutable");
    return reply;
}

Endpoint as_page(Endpoint endpoint) {
    endpoint.page = endpoint.scripted = true;
    endpoint.reply_type = "text/html";
    return endpoint;
}

std::vector<api::Field> segments(int count) {
    static constexpr const char* names[] = {"a", "b", "c"};
    std::vector<api::Field> fields;
    for (int i = 0; i < count; ++i) {
        fields.push_back({names[i], FieldType::text, "页面", "Page", true, Where::path, "batches"});
    }
    return fields;
}

/// The shell under addresses of one, two and three parts.
std::vector<Endpoint> page_endpoints(const std::shared_ptr<const Console>& console) {
    const api::ReadHandler shown = [console](const Call& call, const Input&, store::ReadTx&) {
        return shell(*console, call.large_print());
    };
    const auto metered = api::Audit::metered;
    std::vector<Endpoint> list;
    list.push_back(as_page({"console.home",
                            Method::get,
                            "/console/",
                            Permission::anyone,
                            metered,
                            "工作台",
                            "The console",
                            segments(0),
                            {},
                            shown}));
    list.push_back(as_page({"console.page",
                            Method::get,
                            "/console/{a}",
                            Permission::anyone,
                            metered,
                            "工作台的页面",
                            "A page of the console",
                            segments(1),
                            {},
                            shown}));
    list.push_back(as_page({"console.page_of",
                            Method::get,
                            "/console/{a}/{b}",
                            Permission::anyone,
                            metered,
                            "工作台的页面",
                            "A page of the console about one thing",
                            segments(2),
                            {},
                            shown}));
    list.push_back(as_page({"console.part_of",
                            Method::get,
                            "/console/{a}/{b}/{c}",
                            Permission::anyone,
                            metered,
                            "工作台的页面",
                            "A part of such a page",
                            segments(3),
                            {},
                            shown}));
    return list;
}

}  // namespace

std::vector<Endpoint> console_endpoints(const fs::path& built, std::string_view site_name) {
    auto console = std::make_shared<const Console>(read_console(built, site_name));
    std::vector<Endpoint> list = page_endpoints(console);
    list.push_back(as_page({"console.entry",
                            Method::get,
                            "/console",
                            Permission::anyone,
                            api::Audit::metered,
                            "工作台的入口",
                            "Leads to the console",
                            {},
                            {},
                            api::ReadHandler([](const Call&, const Input&, store::ReadTx&) -> Result<Reply> {
                                return Reply::redirect("/console/");
                            })}));
    list.push_back(as_page({"console.asset",
                            Method::get,
                            "/console/assets/{name}",
                            Permission::anyone,
                            api::Audit::metered,
                            "工作台的文件",
                            "A file of the console",
                            {{"name", FieldType::text, "文件名", "File name", true, Where::path, "index.js"}},
                            {},
                            api::ReadHandler([console](const Call&, const Input& in, store::ReadTx&) {
                                return asset(*console, in.text("name"));
                            })}));
    list.back().asset = true;
    return list;
}

}  // namespace mingxin::cli
