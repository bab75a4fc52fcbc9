// init, unit, account, demo, backup, restore.
#include <unistd.h>

#include "access/access.h"
#include "base/file.h"
#include "base/json.h"
#include "cli/commands.h"
#include "cli/demo_content.h"
#include "demo/demo.h"
#include "subject/identify.h"

namespace mingxin::cli {

namespace {

access::Stamp stamp_of(const Platform& platform, Instant now) {
    return {"operator", now, platform.rules()->digest()};
}

Result<void> add_unit(const Platform& platform, const std::string& code, const std::string& name) {
    if (!subject::is_valid_uscc(code)) {
        return fail(Fault::bad_argument, "--code " + code + " 不是有效的统一社会信用代码");
    }
    const Instant now = now_utc();
    return platform.write(now, [&](store::Tx& tx) -> Result<void> {
        TRY(access::add_unit(tx, code, name, stamp_of(platform, now)));
        return {};
    });
}

/// Adds an account; returns its first-use password.
Result<std::string> add_account(const Platform& platform, const AccountOptions& options) {
    const Instant now = now_utc();
    const access::Secret secret = access::first_use_secret();
    const std::vector<access::Role> roles = access::roles_in_force(*platform.rules(), now.date());
    const access::Account account{options.name, options.display, options.unit, options.role, true};
    TRY(platform.write(now, [&](store::Tx& tx) {
        return access::create_account(tx, roles, account, secret, stamp_of(platform, now));
    }));
    return secret.password;
}

}  // namespace

Result<std::unique_ptr<Platform>> Common::open() const {
    return Platform::open(data, TRY(share_folder(share)));
}

Result<int> init(const Common& common, PlatformConfig config) {
    auto platform = TRY(Platform::create(common.data, config, TRY(share_folder(common.share)), now_utc()));
    if (common.json) {
        JsonWriter json;
        json.begin_object().field("data", common.data).field("division", config.division);
        json.field("key_id", platform->key().public_key().key_id()).end_object();
        print_line(json.str());
    } else {
        print_line("平台已建立：" + common.data + "（" + config.site_name + "，" + config.division + "）");
    }
    return 0;
}

Result<int> unit_add(const Common& common, const std::string& code, const std::string& name) {
    auto platform = TRY(common.open());
    TRY(add_unit(*platform, code, name));
    if (common.json) {
        JsonWriter json;
        json.begin_object().field("code", code).field("name", name).end_object();
        print_line(json.str());
    } else {
        print_line("已登记单位：" + name + "（" + code + "）");
    }
    return 0;
}

Result<int> unit_list(const Common& common) {
    auto platform = TRY(common.open());
    auto tx = TRY(platform->database().read());
    JsonWriter json;
    json.begin_object().key("units").begin_array();
    for (const access::Unit& unit : TRY(access::units(tx))) {
        if (!common.json) print_line(unit.code + "  " + unit.name);
        json.begin_object().field("code", unit.code).field("name", unit.name).end_object();
    }
    json.end_array().end_object();
    if (common.json) print_line(json.str());
    return 0;
}

Result<int> account_add(const Common& common, const AccountOptions& options) {
    auto platform = TRY(common.open());
    const std::string password = TRY(add_account(*platform, options));
    if (common.json) {
        JsonWriter json;
        json.begin_object().field("account", options.name).field("first_password", password).end_object();
        print_line(json.str());
    } else {
        print_line("账号 " + options.name + " 已建立。首次登录密码（登录后须修改）：" + password);
    }
    return 0;
}

namespace {

/// The files of the demo county through the one door in, one after another; each is removed when it was
/// taken.
class DemoLoad {
  public:
    DemoLoad(const Platform& platform, const demo::Options& options)
        : platform_(platform), options_(options) {}

    Result<void> run() {
        for (const demo::Unit& unit : demo::units(options_)) TRY(add_unit(platform_, unit.code, unit.name));
        const auto folder = TRY(TemporaryFolder::create());
        TRY(demo::generate(options_, folder->path(), [&](const demo::File& file) { return take(file); }));
        TRY(write_logins());
        const Instant now = now_utc();
        return platform_.write(now, [&](store::Tx& tx) {
            return write_demo_content(tx, platform_.rules(), platform_.tenant(), now);
        });
    }
    std::int64_t files = 0;
    record::Batch total;

  private:
    Result<void> take(const demo::File& file) {
        collect::Order order;
        order.file = file.path;
        order.file_name = file.path.filename().string();
        order.item = file.item;
        order.unit_code = file.unit_code;
        order.submitted_by = "operator";
        order.now = now_utc();
        const collect::Outcome outcome = TRY(collect::collect(platform_.desk(), order));
        TRY(platform_.publish_head());
        ++files;
        total.rows += outcome.batch.rows;
        total.accepted += outcome.batch.accepted;
        total.updated += outcome.batch.updated;
        total.duplicate += outcome.batch.duplicate;
        total.doubtful += outcome.batch.doubtful;
        total.rejected += outcome.batch.rejected;
        std::error_code ignored;
        std::filesystem::remove(file.path, ignored);
        if (isatty(STDERR_FILENO)) {
            std::fprintf(stderr, "\r已归集%lld个文件，%lld行\x1b[K", static_cast<long long>(files),
                         static_cast<long long>(total.rows));
        }
        return {};
    }

    Result<void> write_logins() {
        std::string text = "首次登录账号（登录后须修改密码）：\n";
        const std::vector<demo::Unit> units = demo::units(options_);
        const AccountOptions accounts[] = {
            {"operator", "平台运维", "platform_operator", ""},
            {"office", "信用办", "credit_office_clerk", units.front().code},
            {"head", "信用办负责人", "credit_office_head", units.front().code},
            {"clerk", units.front().name + "填报员", "department_clerk", units.front().code},
            {"auditor", "审计员", "auditor", ""},
            {"writer", "内容编辑", "content_writer", ""},
            {"reviewer", "内容审核", "content_reviewer", ""},
            {"releaser", "内容签发", "content_releaser", ""}};
        for (const AccountOptions& account : accounts) {
            const std::string password = TRY(add_account(platform_, account));
            text += "  " + account.name + "  " + password + "  （" + account.display + "）\n";
        }
        return write_file(platform_.data() / "first-logins.txt", text, 0600);
    }

    const Platform& platform_;
    const demo::Options& options_;
};

}  // namespace

Result<int> make_demo(const Common& common, const std::string& size, std::uint64_t seed) {
    auto platform = TRY(common.open());
    const auto known_size = demo::size_by_name(size);
    if (!known_size) return fail(Fault::bad_argument, "--size 应为 small、county 或 city");
    demo::Options options;
    options.size = *known_size;
    options.seed = seed;
    options.division = platform->config().division;
    options.place = platform->rules()->division(options.division)->name;
    options.today = now_utc().date();
    DemoLoad load(*platform, options);
    TRY(load.run());
    if (isatty(STDERR_FILENO)) std::fputs("\r\x1b[K", stderr);
    const record::Batch& total = load.total;
    if (common.json) {
        JsonWriter json;
        json.begin_object()
            .field("files", load.files)
            .field("rows", total.rows)
            .field("accepted", total.accepted);
        json.field("updated", total.updated).field("duplicate", total.duplicate);
        json.field("doubtful", total.doubtful).field("rejected", total.rejected).end_object();
        print_line(json.str());
    } else {
        print_line("示范县已生成：" + std::to_string(load.files) + "个文件，" + std::to_string(total.rows) +
                   "行，入库" + std::to_string(total.accepted) + "，更新" + std::to_string(total.updated) +
                   "，重复" + std::to_string(total.duplicate) + "，存疑" + std::to_string(total.doubtful) +
                   "，退回" + std::to_string(total.rejected) + "。");
    }
    return 0;
}

Result<int> make_backup(const Common& common, const std::string& file) {
    auto platform = TRY(common.open());
    TRY(backup(*platform, file));
    if (common.json) {
        JsonWriter json;
        json.begin_object().field("file", file);
        json.field("bytes", static_cast<std::int64_t>(std::filesystem::file_size(file))).end_object();
        print_line(json.str());
    } else {
        print_line("已备份到 " + file + "。备份含签名私钥，请离线妥善保管。");
    }
    return 0;
}

Result<int> restore_backup(const Common& common, const std::string& file, const std::string& engine) {
    TRY(restore(file, common.data, engine));
    print_line(common.json ? "{\"restored\":true}" : "已恢复到 " + common.data + "，正在核验……");
    return verify(common);
}

}  // namespace mingxin::cli
