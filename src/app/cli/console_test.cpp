// The console's files over the gate: types, compressed copies, caching, policy, addresses of its pages.
#include <doctest/doctest.h>

#include "base/file.h"
#include "cli/console_wiring.h"
#include "gate/gate.h"
#include "gate/writer.h"
#include "store/store.h"

using namespace mingxin;
using namespace mingxin::cli;

namespace {

void must(Result<void> result) {
    if (!result.ok()) FAIL(result.error().message_zh() << " " << result.error().log_text);
}

struct Served {
    TemporaryFolder folder;
    std::unique_ptr<store::Database> database;
    std::unique_ptr<gate::Writer> writer;
    std::unique_ptr<gate::Gate> gate;

    explicit Served(bool built) {
        if (built) {
            std::filesystem::create_directories(folder.path() / "assets");
            must(write_file(folder.path() / "index.html",
                            "<html class=\"%READING%\"><title>%SITE_NAME%</title>"));
            must(write_file(folder.path() / "assets/index-1.js", "export {};"));
            must(write_file(folder.path() / "assets/index-1.js.gz", "packed"));
            must(write_file(folder.path() / "assets/icon-2.svg", "<svg/>"));
        }
        auto opened = store::Database::open((folder.path() / "db").string());
        REQUIRE(opened.ok());
        database = std::move(*opened);
        writer = std::make_unique<gate::Writer>(*database, [](store::Tx&) { return Result<void>(); });
        gate::Options options;
        options.secret = Bytes(32, 7);
        gate = std::make_unique<gate::Gate>(*database, *writer,
                                            console_endpoints(folder.path(), "信用<鲁山>"), options);
    }
    ~Served() {
        gate->stop();
        writer->stop();
    }
    gate::Response get(std::string_view target, std::string_view encoding = {}, std::string_view tag = {},
                       std::string_view method = "GET", std::string_view cookie = {}) const {
        gate::Request request;
        request.method = method;
        request.target = target;
        request.host = "town";
        request.accept_encoding = encoding;
        request.if_none_match = tag;
        request.cookie = cookie;
        request.address = "192.0.2.7";
        return gate->handle(request);
    }
};

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}
std::string tag_of(const std::string& headers) {
    const std::size_t at = headers.find("ETag: ") + 6;
    return headers.substr(at, headers.find("\r\n", at) - at);
}

}  // namespace

TEST_CASE(
    "endpoint:console.home ok, endpoint:console.page ok, endpoint:console.page_of ok, "
    "endpoint:console.part_of ok: the shell, whatever the page") {
    const Served served(true);
    for (const char* path : {"/console/", "/console/batches?q=1", "/console/batches/17", "/console/a/b/c"}) {
        const gate::Response page = served.get(path);
        CHECK(page.status == 200);
        CHECK(page.body == "<html class=\"\"><title>信用&lt;鲁山&gt;</title>");
        CHECK(has(page.headers, "Cache-Control: no-cache"));
        CHECK(has(page.common_headers, "script-src 'self'"));
        CHECK(has(page.common_headers, "default-src 'none'"));
        CHECK_FALSE(has(page.common_headers, "unsafe"));
        CHECK(served.get(path, {}, tag_of(page.headers)).status == 304);
        CHECK(has(served.get(path, {}, {}, "GET", "mx_reading=elder").body, "<html class=\"elder\">"));
    }
}

TEST_CASE(
    "endpoint:console.home refused, endpoint:console.page refused, endpoint:console.page_of refused, "
    "endpoint:console.part_of refused: not built, not to be written to, too deep") {
    const Served served(false);
    for (const char* path : {"/console/", "/console/batches", "/console/batches/17", "/console/a/b/c"}) {
        const gate::Response page = served.get(path);
        CHECK(page.status == 404);
        CHECK(has(page.body, "tools/console"));
        CHECK(served.get(path, {}, {}, "POST").status == 405);
    }
    CHECK(served.get("/console/a/b/c/d").status == 404);
}

TEST_CASE(
    "endpoint:console.entry ok and endpoint:console.entry refused: leads to the console, takes nothing") {
    const Served served(true);
    const gate::Response reply = served.get("/console");
    CHECK(reply.status == 303);
    CHECK(has(reply.headers, "Location: /console/\r\n"));
    CHECK(served.get("/console", {}, {}, "POST").status == 405);
}

TEST_CASE("endpoint:console.asset ok: type, kept for ever, compressed for who takes it") {
    const Served served(true);
    const gate::Response script = served.get("/console/assets/index-1.js");
    CHECK(script.status == 200);
    CHECK(script.content_type == "text/javascript; charset=utf-8");
    CHECK(has(script.headers, "immutable"));
    CHECK(has(script.headers, "Vary: Accept-Encoding"));
    CHECK(script.file.ends_with("index-1.js"));
    CHECK_FALSE(has(script.headers, "Content-Encoding"));
    const gate::Response packed = served.get("/console/assets/index-1.js", "br, gzip;q=0.8");
    CHECK(packed.file.ends_with("index-1.js.gz"));
    CHECK(has(packed.headers, "Content-Encoding: gzip\r\n"));
    CHECK(served.get("/console/assets/index-1.js", "gzip;q=0").file.ends_with(".js"));
    CHECK(served.get("/console/assets/icon-2.svg", "gzip").file.ends_with(".svg"));
    CHECK(served.get("/console/assets/icon-2.svg").content_type == "image/svg+xml");
}

TEST_CASE("endpoint:console.asset refused: only what was built, by its own name") {
    const Served served(true);
    for (const char* path : {"/console/assets/other.js", "/console/assets/index-1.js.gz",
                             "/console/assets/..%2Findex.html", "/console/assets/..%2F..%2Fetc%2Fpasswd"}) {
        CHECK(served.get(path).status == 404);
    }
}
