#include "cli/cli.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <span>

#include "cli/commands.h"
#include "cli/wording.h"
#include "gate/http.h"

namespace mingxin::cli {

namespace {

using Run = std::function<Result<int>()>;

/// The command that was given; set by its callback.
struct Chosen {
    Run run;
};

void with_data(CLI::App& command, Common& common) {
    command.add_option("--data", common.data, "平台的数据目录")->required();
}

void with_json(CLI::App& command, Common& common) {
    command.add_flag("--json", common.json, "以 JSON 输出");
}

CLI::App* add(CLI::App& app, const char* name, const char* text, Common& common, bool data) {
    CLI::App* command = app.add_subcommand(name, text);
    if (data) with_data(*command, common);
    with_json(*command, common);
    return command;
}

void add_platform_commands(CLI::App& app, Common& common, Chosen& chosen) {
    static PlatformConfig config{"410423", "信用鲁山", "sqlite"};
    CLI::App* command = add(app, "init", "建立平台", common, true);
    command->add_option("--division", config.division, "行政区划代码")->capture_default_str();
    command->add_option("--site-name", config.site_name, "网站名称")->capture_default_str();
    command->add_option("--engine", config.engine, "sqlite 或 postgresql://…")->capture_default_str();
    command->callback([&] { chosen.run = [&] { return init(common, config); }; });

    static std::string code, name;
    CLI::App* unit = app.add_subcommand("unit", "单位登记簿")->require_subcommand(1);
    command = add(*unit, "add", "登记单位", common, true);
    command->add_option("--code", code, "统一社会信用代码")->required();
    command->add_option("--name", name, "单位全称")->required();
    command->callback([&] { chosen.run = [&] { return unit_add(common, code, name); }; });
    command = add(*unit, "list", "列出单位", common, true);
    command->callback([&] { chosen.run = [&] { return unit_list(common); }; });

    static AccountOptions account;
    CLI::App* accounts = app.add_subcommand("account", "工作人员账号")->require_subcommand(1);
    command = add(*accounts, "add", "建立账号，打印首次登录密码", common, true);
    command->add_option("--name", account.name, "登录名")->required();
    command->add_option("--display", account.display, "姓名或岗位")->required();
    command->add_option("--role", account.role, "角色，见 rules/roles.yaml")->required();
    command->add_option("--unit", account.unit, "所属单位的统一社会信用代码")->required();
    command->callback([&] { chosen.run = [&] { return account_add(common, account); }; });

    static std::string size = "county";
    static std::uint64_t seed = 1;
    command = add(app, "demo", "生成虚构的示范县并报送", common, true);
    check_word(*command->add_option("--size", size, "规模：small、county、city")->capture_default_str(),
               {"small", "county", "city"});
    check_number(*command->add_option("--seed", seed, "随机数种子，相同则结果相同")->capture_default_str(), 0,
                 INT64_MAX);
    command->callback([&] { chosen.run = [&] { return make_demo(common, size, seed); }; });

    static ServeOptions options;
    command = add(app, "serve", "启动网站和接口", common, true);
    command->add_option("--listen", options.listen, "监听的地址和端口")->capture_default_str();
    check_number(*command->add_option("--threads", options.threads, "线程数，0 为处理器个数减一，至少一个")
                      ->capture_default_str(),
                 0, 1024);
    command->add_option("--tls-certificate", options.certificate, "TLS 证书（PEM）");
    command->add_option("--tls-key", options.key, "TLS 私钥（PEM）");
    command->add_option("--public-url", options.public_url, "公众访问的网址，印在报告二维码中");
    command->callback([&] { chosen.run = [&] { return serve(common, options); }; });
}

void add_service_commands(CLI::App& app, Common& common, Chosen& chosen) {
    static CollectOptions options;
    CLI::App* command = add(app, "collect", "归集一个文件", common, true);
    command->add_option("--item", options.item, "目录项：registration、permit、penalty")->required();
    command->add_option("--unit", options.unit, "报送单位的统一社会信用代码")->required();
    command->add_option("--map", options.mapping, "映射文件（YAML）");
    command->add_option("--reply", options.reply, "反馈工作簿写到何处（.xlsx）");
    command->add_option("--key", options.idempotency_key, "幂等键：同一单位重复使用时返回首次的批次");
    command->add_option("FILE", options.file, "要归集的文件")->required();
    command->callback([&] { chosen.run = [&] { return collect_file(common, options); }; });

    static TemplateOptions made;
    command = add(app, "template", "写出一个目录项的填报模板（XLSX）；不需要平台", common, false);
    command->add_option("--item", made.item, "目录项：registration、permit、penalty")->required();
    command->add_option("-o,--output", made.output, "模板写到何处（.xlsx）")->required();
    command->add_option("--unit", made.unit, "示例以这个单位的名义书写，与 --data 一起使用");
    command->add_option("--data", common.data, "平台的数据目录");
    command->callback([&] { chosen.run = [&] { return make_template(common, made); }; });

    static std::string format = "csv", file;
    command = add(app, "check", "批量信用核查：每行一个代码和（或）名称", common, true);
    check_word(*command->add_option("--format", format, "结果的格式：csv 或 ndjson")->capture_default_str(),
               {"csv", "ndjson"});
    command->add_option("FILE", file, "文件，- 为标准输入")->required();
    command->callback([&] { chosen.run = [&] { return check_list(common, format, file); }; });

    static std::string text;
    static int limit = 20;
    command = add(app, "search", "按名称中的文字查询", common, true);
    command->add_option("TEXT", text, "至少2个字")->required();
    check_number(*command->add_option("--limit", limit, "最多条数，1至1000")->capture_default_str(), 1, 1000);
    command->callback([&] { chosen.run = [&] { return search(common, text, limit); }; });

    static std::string code, output, purpose, public_url = "http://127.0.0.1:8080";
    command = add(app, "report", "出具公共信用信息报告（PDF）", common, true);
    command->add_option("USCC", code, "统一社会信用代码")->required();
    command->add_option("-o,--output", output, "PDF 写到何处")->required();
    command->add_option("--purpose", purpose, "用途");
    command->add_option("--public-url", public_url, "公众访问的网址，印在二维码中")->capture_default_str();
    command->callback(
        [&] { chosen.run = [&] { return report(common, code, output, purpose, public_url); }; });
}

void add_site_commands(CLI::App& app, Common& common, Chosen& chosen) {
    static std::string folder, base = "http://127.0.0.1:8080";
    CLI::App* site = app.add_subcommand("site", "网站")->require_subcommand(1);
    CLI::App* command =
        add(*site, "export", "把网站自己的页面导出为静态文件，供上级网站使用；不含主体和记录", common, true);
    command->add_option("--to", folder, "导出到的文件夹，已有的导出会被替换")->required();
    command->add_option("--base", base, "本站的网址，查询和记录的链接指向它")->capture_default_str();
    command->callback([&] { chosen.run = [&] { return export_site(common, folder, base); }; });
}

void add_proof_commands(CLI::App& app, Common& common, Chosen& chosen) {
    CLI::App* journal = app.add_subcommand("journal", "账本")->require_subcommand(1);
    CLI::App* command = add(*journal, "head", "最新的签名树头", common, true);
    command->callback([&] { chosen.run = [&] { return journal_head(common); }; });
    static std::int64_t event = 0, row = 0;
    command = add(*journal, "prove", "一个事件或其中一行的凭据", common, true);
    check_number(*command->add_option("EVENT", event, "事件或批次编号")->required(), 1, INT64_MAX);
    check_number(*command->add_option("ROW", row, "批次中的第几行，从1起，不含表头"), 1, INT64_MAX);
    command->callback([&] { chosen.run = [&] { return journal_prove(common, event, row); }; });
    static std::int64_t old_size = 0, new_size = 0;
    command = add(*journal, "consistency", "两个树头之间的一致性证明", common, true);
    check_number(*command->add_option("OLD", old_size, "较早的树头的大小")->required(), 0, INT64_MAX);
    check_number(*command->add_option("NEW", new_size, "较新的树头的大小")->required(), 0, INT64_MAX);
    command->callback([&] { chosen.run = [&] { return journal_consistency(common, old_size, new_size); }; });
    static std::string hash = "sm3", file;
    command = add(*journal, "root", "计算树根：每行一个叶（十六进制）", common, false);
    check_word(*command->add_option("--hash", hash, "杂凑算法：sm3 或 sha256")->capture_default_str(),
               {"sm3", "sha256"});
    command->add_option("FILE", file, "文件，- 为标准输入")->required();
    command->callback([&] { chosen.run = [&] { return journal_root(hash, file); }; });

    static AssessOptions assessing;
    command = add(app, "assess", "只凭账本重新计算一个考核得分，与已确定的结果核对", common, true);
    check_number(*command->add_option("--assessment", assessing.assessment, "已确定的考核结果的编号"), 1,
                 INT64_MAX);
    command->add_option("--scheme", assessing.scheme, "考核方案，如 assessment.double");
    command->add_option("--period", assessing.period,
                        "月份、季度或起止月份：2026-10、2026-Q4、2026-01~2026-10");
    check_number(*command->add_option("--head", assessing.head, "只用账本的前几个事项，缺省为全部"), 1,
                 INT64_MAX);
    command->add_flag("--rows", assessing.rows, "逐行重算，不只采用批次事项中的汇总");
    command->callback([&] { chosen.run = [&] { return assess_again(common, assessing); }; });

    command = add(app, "verify", "核验全部数据未被改动", common, true);
    command->callback([&] { chosen.run = [&] { return verify(common); }; });
    static bool repair = false;
    command = add(app, "rebuild", "按账本重建数据表并比对", common, true);
    command->add_flag("--repair", repair, "把不符的数据表按账本重写");
    command->callback([&] { chosen.run = [&] { return rebuild(common, repair); }; });
    static std::string backup_file, engine;
    command = add(app, "backup", "备份到一个文件（含密钥）", common, true);
    command->add_option("FILE", backup_file, "备份文件")->required();
    command->callback([&] { chosen.run = [&] { return make_backup(common, backup_file); }; });
    command = add(app, "restore", "从备份恢复到空的数据目录", common, true);
    command->add_option("FILE", backup_file, "备份文件")->required();
    command->add_option("--engine", engine, "恢复到何处：sqlite 或 postgresql://…，缺省同原平台");
    command->callback([&] { chosen.run = [&] { return restore_backup(common, backup_file, engine); }; });
}

void add_plain_commands(CLI::App& app, Common& common, Chosen& chosen) {
    static std::vector<std::string> values;
    CLI::App* command =
        add(app, "identify", "识别代码和号码，每个一行 JSON；- 从标准输入逐行读", common, false);
    command->add_option("VALUE", values, "代码或号码")->required();
    command->callback([&] { chosen.run = [&] { return identify(values); }; });
    static std::string date;
    static int working_days = 0;
    command = add(app, "due", "从某日起第 N 个工作日", common, false);
    command->add_option("DATE", date, "起算日，YYYY-MM-DD")->required();
    check_number(*command->add_option("N", working_days, "工作日数，0至10000")->required(), 0, 10000);
    command->callback([&] { chosen.run = [&] { return due(common, date, working_days); }; });
    static std::string folder, older;
    CLI::App* rules = app.add_subcommand("rules", "规则库")->require_subcommand(1);
    command = add(*rules, "check", "检查规则文件", common, false);
    command->add_option("DIR", folder, "规则目录，缺省为本程序自带的");
    command->callback([&] { chosen.run = [&] { return rules_check(common, folder); }; });
    command = add(*rules, "list", "列出全部规则及其依据", common, false);
    command->callback([&] { chosen.run = [&] { return rules_list(common); }; });
    command = add(*rules, "diff", "比较两版规则库", common, false);
    command->add_option("--data", common.data, "数据目录：与它的现行版比较");
    command->add_option("NEWER", folder, "新版规则目录")->required();
    command->add_option("OLDER", older, "旧版规则目录；不填则为现行版或随程序安装的一版");
    command->callback([&] { chosen.run = [&] { return rules_diff(common, folder, older); }; });
    command = add(*rules, "propose", "提交一版规则库，由有审定权限的人启用", common, true);
    command->add_option("DIR", folder, "规则目录")->required();
    command->callback([&] { chosen.run = [&] { return rules_propose(common, folder); }; });
    command = add(app, "openapi", "打印接口说明（OpenAPI 3.1）", common, false);
    command->callback([&] { chosen.run = [&] { return openapi(common); }; });
}

/// One line for people; with --json also the document that the HTTP interface gives.
int refuse(const Common& common, const Error& error) {
    tell(error.message_zh());
    if (common.debug && !error.log_text.empty()) tell(error.log_text);
    if (common.json) print_line(gate::refusal_json(error));
    return 2;
}

}  // namespace

int run(int argc, char** argv) {
    CLI::App app("明信 mingxin：公共信用信息平台", "mingxin");
    set_wording(app);
    app.require_subcommand(1);
    app.fallthrough();
    Common common;
    Chosen chosen;
    app.add_flag("--debug", common.debug, "出错时一并打印给运维人员的内部信息");
    app.add_option("--share", common.share, "规则和页面所在的目录（含 rules、web）");
    add_platform_commands(app, common, chosen);
    add_service_commands(app, common, chosen);
    add_site_commands(app, common, chosen);
    add_proof_commands(app, common, chosen);
    add_plain_commands(app, common, chosen);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        if (e.get_exit_code() == 0) return app.exit(e);  // help was asked for
        const std::span<char*> words(argv, static_cast<std::size_t>(argc));
        common.json = std::any_of(words.begin(), words.end(),
                                  [](const char* word) { return std::string_view(word) == "--json"; });
        const int status = refuse(common, call_error(app, e));
        tell(usage_zh(app));
        return status;
    }
    const Result<int> status = chosen.run();
    return status.ok() ? *status : refuse(common, status.error());
}

}  // namespace mingxin::cli
