#include "site/copy.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <thread>

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "tasks/tasks.h"
#include "workbook/zip_writer.h"

namespace mingxin::site {
namespace {

constexpr std::string_view kManifest = "manifest.json", kSignature = "manifest.sig";
constexpr int kTries = 1200, kPause_ms = 250;  // five minutes
constexpr const char* kFormat = "mingxin-site-copy-1";

/// The endpoint that answers a path, and the values of the path's parameters.
struct Route {
    const api::Endpoint* endpoint = nullptr;
    api::Input input;
};

/// Whether a path is of a pattern; fills the parameters.
bool fits(std::string_view pattern, std::string_view path, api::Input& input) {
    const auto wanted = split(pattern, '/'), given = split(path, '/');
    if (wanted.size() != given.size()) return false;
    for (std::size_t at = 0; at < wanted.size(); ++at) {
        if (wanted[at].starts_with('{')) {
            input.set(std::string(wanted[at].substr(1, wanted[at].size() - 2)), std::string(given[at]));
        } else if (wanted[at] != given[at]) {
            return false;
        }
    }
    return true;
}

std::optional<Route> find_route(const Site& site, std::string_view path) {
    std::optional<Route> found;
    for (const api::Endpoint& endpoint : site.endpoints) {
        Route route{&endpoint, {}};
        if (endpoint.method != api::Method::get || !fits(endpoint.path, path, route.input)) continue;
        const bool fixed = std::string_view(endpoint.path).find('{') == std::string_view::npos;
        if (!found || fixed) found = std::move(route);
    }
    return found;
}

/// Where a page lies in the copy: "/" is index.html, "/guides/query" is guides/query.html.
std::string file_of(std::string_view path) {
    if (path == "/") return "index.html";
    const std::string name(path.substr(1));
    return name.starts_with("static/") ? name : name + ".html";
}

/// What shows a record or a subject has a term, and a form needs the platform: those stay where they are
/// live.
bool may_be_copied(std::string_view path, std::string_view page) {
    if (path == "/publicity" || path.starts_with("/publicity/")) return false;
    for (const std::string_view sign : {"=\"/records/", "=\"/subjects/", "method=\"post\""}) {
        if (page.find(sign) != std::string_view::npos) return false;
    }
    return true;
}

/// Rewrites the addresses of a page. Views and references are the copier's.
class Links {
  public:
    Links(const std::set<std::string>& pages, const std::string& base) : pages_(pages), base_(base) {}

    /// html with links to copied pages made relative to file, all others leading to the live site. Files
    /// under /static/ that it names are added to assets.
    std::string rewrite(std::string_view html, std::string_view file, std::set<std::string>& assets) const {
        std::string out;
        std::size_t done = 0;
        for (std::size_t at = 0; (at = html.find("=\"/", done)) != std::string_view::npos;) {
            const std::size_t from = at + 2, to = html.find('"', from);
            out.append(html.substr(done, from - done));
            const std::size_t name = html.find_last_of(" \n", at) + 1;
            const std::string_view attribute = html.substr(name, at - name);
            const std::string_view address = html.substr(from, to - from);
            const bool link = attribute == "href" || attribute == "src" || attribute == "action";
            out.append(link ? address_in(address, file, assets) : std::string(address));
            done = to;
        }
        return out.append(html.substr(done));
    }

  private:
    std::string address_in(std::string_view address, std::string_view file,
                           std::set<std::string>& assets) const {
        const std::size_t end = std::min(address.find_first_of("?#"), address.size());
        const std::string path(address.substr(0, end));
        std::string up;
        for (const char c : file) up += c == '/' ? "../" : "";
        if (path.starts_with("/static/")) {
            assets.insert(path);
            return up + file_of(path);
        }
        const bool asks = address.substr(end).starts_with('?');
        if (pages_.contains(path) && !asks) return up + file_of(path) + std::string(address.substr(end));
        return escape_html(base_) + std::string(address);
    }

    const std::set<std::string>& pages_;
    const std::string& base_;
};

class Copier {
  public:
    Copier(const Site& site, store::Database& database, const CopyOrder& order)
        : site_(site), database_(database), order_(order) {}

    Result<Copy> run() {
        std::map<std::string, std::string> made;  // page by path
        const std::vector<std::string> paths = TRY(find_paths());
        for (std::int64_t done = 0; const std::string& path : paths) {
            TRY(tell(done++, std::ssize(paths)));
            std::string page = TRY(ask(path));
            if (!may_be_copied(path, page)) continue;
            pages_.insert(path);
            made.emplace(path, std::move(page));
        }
        const Links links(pages_, order_.base);
        std::set<std::string> assets;
        Copy copy;
        for (const auto& [path, page] : made) {
            const std::string file = file_of(path);
            copy.files[file] = links.rewrite(page, file, assets);
        }
        // The sheet names its pictures by itself.
        for (const char* picture : {"hills.svg", "hills_near.svg"}) {
            assets.insert(std::string("/static/") + picture);
        }
        for (const std::string& asset : assets) copy.files[file_of(asset)] = TRY(ask(asset));
        copy.pages = std::ssize(pages_);
        for (const auto& [name, content] : copy.files) copy.bytes += std::ssize(content);
        copy.manifest = manifest_of(copy);
        copy.signature = to_base64(order_.key->sign(as_bytes(copy.manifest))) + "\n";
        return copy;
    }

  private:
    /// The site's own pages, as its map names them.
    Result<std::vector<std::string>> find_paths() const {
        std::vector<std::string> paths;
        const std::string map = TRY(ask("/sitemap/0"));
        constexpr std::string_view open = "<loc>", close = "</loc>";
        for (std::size_t at = 0; (at = map.find(open, at)) != std::string::npos;) {
            at += open.size();
            const std::string address = map.substr(at, map.find(close, at) - at);
            const std::size_t host = address.find("://");
            const std::size_t path = address.find('/', host == std::string::npos ? 0 : host + 3);
            if (path != std::string::npos) paths.push_back(address.substr(path));
        }
        return paths;
    }

    Result<void> tell(std::int64_t done, std::int64_t all) const {
        if (order_.progress && !order_.progress(done, all)) return tasks::stopped();
        return {};
    }

    /// The same, however long a large platform counts after the start.
    Result<std::string> ask(const std::string& path) const {
        for (int tries = 0;; ++tries) {
            auto body = ask_once(path);
            if (body.ok() || body.error().fault != Fault::busy || tries == kTries) return body;
            TRY(tell(0, 0));
            std::this_thread::sleep_for(std::chrono::milliseconds(kPause_ms));
        }
    }

    /// What the site answers to anybody who asks for a path.
    Result<std::string> ask_once(const std::string& path) const {
        auto route = find_route(site_, path);
        if (!route) return fail(Fault::not_found, path);
        const auto* read = std::get_if<api::ReadHandler>(&route->endpoint->handler);
        if (read == nullptr || route->endpoint->permission != api::Permission::anyone) {
            return fail(Fault::not_found, path);
        }
        static const api::Principal nobody;
        const api::Call call{nobody, order_.now, {}, "zh", {}, path};
        store::ReadTx tx = TRY(database_.read());
        api::Reply reply = TRY((*read)(call, route->input, tx));
        if (reply.status != 200) return fail(Fault::not_found, path);
        return std::move(reply.body);
    }

    std::string manifest_of(const Copy& copy) const {
        JsonWriter json;
        json.begin_object().field("format", kFormat).field("base", order_.base);
        json.field("made", order_.now.to_string()).field("key_id", order_.key->public_key().key_id());
        json.field("public_key", order_.key->public_key().to_pem()).key("files").begin_array();
        for (const auto& [name, content] : copy.files) {
            json.begin_object().field("path", name).field("bytes", std::ssize(content));
            json.field("sm3", to_hex(crypto::digest(content))).end_object();
        }
        json.end_array().end_object();
        return json.take();
    }

    const Site& site_;
    store::Database& database_;
    const CopyOrder& order_;
    std::set<std::string> pages_;  // paths
};

/// Every file, the manifest and its signature last.
template <class Put>
Result<void> for_each_file(const Copy& copy, const Put& put) {
    for (const auto& [name, content] : copy.files) TRY(put(name, content));
    TRY(put(kManifest, copy.manifest));
    return put(kSignature, copy.signature);
}

Result<void> write_into(const Copy& copy, const std::filesystem::path& folder) {
    return for_each_file(copy, [&](std::string_view name, std::string_view content) -> Result<void> {
        std::error_code error;
        std::filesystem::create_directories((folder / name).parent_path(), error);
        if (error) return file_fault(Fault::file_unwritable, folder / name, error.value());
        return write_file(folder / name, content);
    });
}

Result<void> take_place(const std::filesystem::path& fresh, const std::filesystem::path& folder,
                        const std::filesystem::path& old) {
    std::error_code error, ignored;
    const bool there = std::filesystem::exists(folder, error);
    if (there) std::filesystem::rename(folder, old, error);
    if (error) return file_fault(Fault::file_unwritable, folder, error.value());
    std::filesystem::rename(fresh, folder, error);
    if (!error) return {};
    if (there) std::filesystem::rename(old, folder, ignored);
    return file_fault(Fault::file_unwritable, folder, error.value());
}

}  // namespace

Result<Copy> make_copy(const Site& site, store::Database& database, const CopyOrder& order) {
    return Copier(site, database, order).run();
}

Result<void> write_copy(const Copy& copy, const std::filesystem::path& to) {
    std::error_code error;
    const std::filesystem::path folder = std::filesystem::absolute(to / "", error).parent_path();
    const bool there = std::filesystem::exists(folder, error) && !std::filesystem::is_empty(folder, error);
    if (there && !std::filesystem::exists(folder / kManifest, error)) {
        return fail(Fault::platform_exists, folder.string());
    }
    const std::string mark = crypto::random_hex(4);
    std::filesystem::path fresh = folder, old = folder;
    fresh += ".new-" + mark;
    old += ".old-" + mark;
    Result<void> written = write_into(copy, fresh);
    if (written.ok()) written = take_place(fresh, folder, old);
    std::filesystem::remove_all(written.ok() ? old : fresh, error);
    return written;
}

Result<void> pack_copy(const Copy& copy, const std::filesystem::path& zip) {
    auto writer = TRY(workbook::ZipWriter::create(zip));
    TRY(for_each_file(copy, [&](std::string_view name, std::string_view content) -> Result<void> {
        TRY(writer.begin(name));
        TRY(writer.write(content));
        return writer.end();
    }));
    return writer.finish();
}

}  // namespace mingxin::site
