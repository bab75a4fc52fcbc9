// A copy of the site from the console: a task of who starts it, with the packed copy as its file.
#include "cli/copy_api.h"

#include <algorithm>

#include "base/json.h"
#include "journal/journal.h"
#include "site/copy.h"

namespace mingxin::cli {
namespace {

std::string payload_of(const site::Copy& copy, const std::string& base) {
    JsonWriter json;
    json.begin_object().field("base", base).field("pages", copy.pages);
    json.field("files", std::ssize(copy.files)).field("bytes", copy.bytes);
    json.field("manifest_sm3", to_hex(crypto::digest(copy.manifest))).end_object();
    return json.take();
}

Result<void> run_copy(const CopyDesk& desk, const std::string& owner, const std::string& base,
                      tasks::Run& run) {
    run.at(tasks::Stage::reading, 0, 0);
    const site::Site copied = TRY(desk.make(base));
    const site::CopyOrder order{base, desk.now(), desk.key, [&run](std::int64_t done, std::int64_t all) {
                                    run.at(tasks::Stage::reading, done, all);
                                    return !run.cancelled();
                                }};
    const site::Copy copy = TRY(site::make_copy(copied, *desk.database, order));
    run.at(tasks::Stage::packing, copy.pages, copy.pages);
    TRY(site::pack_copy(copy, run.file()));
    run.set_rows(copy.pages);
    return desk.write([&](store::Tx& tx) -> Result<void> {
        TRY(journal::append(tx, {"site.copied", owner, payload_of(copy, base), desk.rulebook_digest},
                            order.now));
        return {};
    });
}

Result<api::Reply> start_copy(const std::shared_ptr<const CopyDesk>& desk, const api::Call& call,
                              const api::Input& in) {
    const std::string base =
        TRY(read_live_address(in.has("base") ? in.text("base") : std::string_view(desk->public_url)));
    tasks::Order order;
    order.kind = "site.copy";
    order.owner = call.principal.name;
    order.permission = api::Permission::content_columns;
    order.file_name = desk->site_name + "-静态页面-" + call.now.to_local_digits() + ".zip";
    order.work = [desk, owner = order.owner, base](tasks::Run& run) {
        return run_copy(*desk, owner, base, run);
    };
    return tasks::started(TRY(desk->tasks->start(std::move(order))));
}

}  // namespace

Result<std::string> read_live_address(std::string_view text) {
    constexpr std::size_t longest = 200;
    const std::size_t scheme = text.starts_with("https://") ? 8 : text.starts_with("http://") ? 7 : 0;
    const auto alphanumeric = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    };
    const auto may_stand = [&](char c) {
        return alphanumeric(c) || std::string_view(".-:/_~").find(c) != std::string_view::npos;
    };
    if (scheme == 0 || text.size() > longest || text.size() == scheme || !alphanumeric(text[scheme]) ||
        !std::all_of(text.begin(), text.end(), may_stand)) {
        return fail(Fault::bad_argument,
                    "网址应以 http:// 或 https:// 开头，只含域名、端口和路径，例如 "
                    "https://credit.example.gov.cn");
    }
    while (text.ends_with('/')) text.remove_suffix(1);
    return std::string(text);
}

std::vector<api::Endpoint> copy_endpoints(std::shared_ptr<const CopyDesk> desk) {
    std::vector<api::Endpoint> list;
    list.push_back(api::Endpoint(
        "site.copy", api::Method::post, "/api/v1/site/copies", api::Permission::content_columns,
        api::Audit::metered,  // its event site.copied is the audit
        "把网站自己的页面做成静态文件包，供上级网站使用；不含主体和记录",
        "The site's own pages as a packed folder of static files; answers with a task to follow",
        {{"base", api::FieldType::text, "本站的网址，查询和记录的链接指向它；不填为平台的公开网址",
          "address of the live site that links lead to; the platform's own without it", false,
          api::Where::body, "https://credit.example.gov.cn"}},
        tasks::started_fields(), api::LongHandler([desk](const api::Call& call, const api::Input& in) {
            return start_copy(desk, call, in);
        })));
    list.back().reply_status = 202;
    list.back().refusals = {Fault::bad_argument, Fault::tasks_full};
    return list;
}

}  // namespace mingxin::cli
