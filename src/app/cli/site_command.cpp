// site export.
#include "base/json.h"
#include "cli/commands.h"
#include "cli/copy_api.h"
#include "cli/site_wiring.h"
#include "site/copy.h"

namespace mingxin::cli {

Result<int> export_site(const Common& common, const std::string& folder, const std::string& base) {
    const std::string live = TRY(read_live_address(base));
    auto platform = TRY(common.open());
    const site::Site site = TRY(site::make_site(copying_deps(*platform, live)));
    const site::Copy copy =
        TRY(site::make_copy(site, platform->database(), {live, now_utc(), &platform->key()}));
    TRY(site::write_copy(copy, folder));
    if (common.json) {
        JsonWriter json;
        json.begin_object().field("folder", folder).field("pages", copy.pages);
        json.field("files", std::ssize(copy.files)).field("bytes", copy.bytes).end_object();
        print_line(json.str());
    } else {
        print_line("已导出" + std::to_string(copy.pages) + "个页面、" +
                   std::to_string(std::ssize(copy.files)) + "个文件：" + folder + "。查询、主体和记录仍在 " +
                   live + "。");
    }
    return 0;
}

}  // namespace mingxin::cli
