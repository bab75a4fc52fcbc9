// site export.
#include "base/json.h"
#include "cli/commands.h"
#include "cli/site_wiring.h"
#include "site/copy.h"

namespace mingxin::cli {

Result<int> export_site(const Common& common, const std::string& folder, const std::string& base) {
    if (!base.starts_with("http://") && !base.starts_with("https://")) {
        return fail(Fault::bad_argument, "--base " + base + " 应以 http:// 或 https:// 开头");
    }
    auto platform = TRY(common.open());
    const std::string live = base.ends_with('/') ? base.substr(0, base.size() - 1) : base;
    const site::Site site = TRY(site::make_site(copying_deps(*platform, live)));
    const site::CopyOrder order{folder, live, now_utc(), &platform->key()};
    const site::Copied copied = TRY(site::copy_site(site, platform->database(), order));
    if (common.json) {
        JsonWriter json;
        json.begin_object().field("folder", folder).field("pages", copied.pages);
        json.field("files", copied.files).field("bytes", copied.bytes).end_object();
        print_line(json.str());
    } else {
        print_line("已导出" + std::to_string(copied.pages) + "个页面、" + std::to_string(copied.files) +
                   "个文件：" + folder + "。查询、主体和记录仍在 " + live + "。");
    }
    return 0;
}

}  // namespace mingxin::cli
