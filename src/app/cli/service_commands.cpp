// collect, template, check, search, report.
#include <unistd.h>

#include "access/access.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/commands.h"
#include "collect/collect.h"
#include "collect/examples.h"
#include "collect/template.h"
#include "query/query.h"
#include "report/report.h"

namespace mingxin::cli {

namespace {

/// A bar on a terminal: part read, rows, stage.
std::function<void(const collect::Progress&)> progress_bar() {
    if (!isatty(STDERR_FILENO)) return {};
    return [](const collect::Progress& progress) {
        constexpr int kWidth = 30;
        const int filled = static_cast<int>(progress.part * kWidth);
        std::string bar = "\r[" + std::string(filled, '#') + std::string(kWidth - filled, '.') + "] ";
        bar += std::to_string(static_cast<int>(progress.part * 100)) + "% " + std::to_string(progress.rows) +
               "行 ";
        bar.append(progress.stage_zh);
        std::fputs((bar + "\x1b[K").c_str(), stderr);
    };
}

void print_outcome(const collect::Outcome& outcome) {
    const record::Batch& batch = outcome.batch;
    if (outcome.repeated) print_line("这一批此前已报送，以下为首次报送的结果。");
    print_line("批次 " + std::to_string(batch.id) + "：共" + std::to_string(batch.rows) + "行，入库" +
               std::to_string(batch.accepted) + "，更新" + std::to_string(batch.updated) + "，重复" +
               std::to_string(batch.duplicate) + "，存疑" + std::to_string(batch.doubtful) + "，退回" +
               std::to_string(batch.rejected) + "。");
    for (const auto& [fault, count] : batch.findings)
        print_line("  " + fault + "：" + std::to_string(count) + "处");
    for (const std::string& note : outcome.notes_zh) print_line("  说明：" + note);
}

}  // namespace

Result<int> collect_file(const Common& common, const CollectOptions& options) {
    auto platform = TRY(common.open());
    collect::Order order;
    order.file = options.file;
    order.file_name = std::filesystem::path(options.file).filename().string();
    order.item = options.item;
    order.unit_code = options.unit;
    order.submitted_by = "operator";
    order.idempotency_key = options.idempotency_key;
    if (!options.mapping.empty()) order.mapping = options.mapping;
    if (!options.reply.empty()) order.reply = options.reply;
    order.now = now_utc();
    order.progress = progress_bar();
    TRY(platform->database().create(all_tables()));  // of features that came after it was made
    TRY(platform->activate_rules(order.now));
    Result<collect::Outcome> outcome = collect::collect(platform->desk(), order);
    if (order.progress) std::fputs("\r\x1b[K", stderr);
    if (!outcome.ok()) return fail(outcome.error());
    // The batch stands by now; the next event publishes the head anew.
    if (const Result<void> published = platform->publish_head(); !published.ok()) {
        outcome->notes_zh.push_back("数据已经入库，但签名树头没有写到文件：" +
                                    published.error().message_zh());
    }
    if (common.json) {
        print_line(outcome->to_json());
    } else {
        print_outcome(*outcome);
    }
    return 0;
}

namespace {

Result<collect::SubmittingUnit> template_unit(const Common& common, const std::string& code) {
    if (code.empty()) return collect::invented_unit();
    if (common.data.empty())
        return fail(Fault::bad_argument, "--unit 要与 --data 一起使用：单位名录在平台中");
    auto platform = TRY(common.open());
    auto tx = TRY(platform->database().read());
    const auto unit = TRY(access::find_unit(tx, code));
    if (!unit) return fail(Fault::unit_unknown, code);
    return collect::SubmittingUnit{unit->code, unit->name};
}

}  // namespace

Result<int> make_template(const Common& common, const TemplateOptions& options) {
    const auto rules = TRY(rulebook::Rulebook::load(TRY(share_folder(common.share)) / "rules"));
    const Date today = now_utc().date();
    const rulebook::Item& item = *TRY(rules->item_in_force(options.item, today));
    const collect::SubmittingUnit unit = TRY(template_unit(common, options.unit));
    TRY(collect::write_template({*rules, item, unit, today}, options.output));
    if (common.json) {
        JsonWriter json;
        json.begin_object().field("item", item.id).field("file", options.output);
        json.field("fields", static_cast<std::int64_t>(item.fields.size()))
            .field("rulebook", rules->digest())
            .end_object();
        print_line(json.str());
        return 0;
    }
    print_line(item.title_zh + "模板已写入 " + options.output + "（" + std::to_string(item.fields.size()) +
               "列）");
    return 0;
}

Result<int> check_list(const Common& common, const std::string& format, const std::string& file) {
    auto platform = TRY(common.open());
    auto lines = TRY(LineReader::open(file));
    auto tx = TRY(platform->database().read());
    const auto kind = format == "ndjson" || common.json ? query::Format::ndjson : query::Format::csv;
    TRY(query::check_list(
        tx, *platform->rules(), platform->tenant(), [&](std::string& line) { return lines.next(line); }, kind,
        now_utc().date(), [](std::string_view text) { print(text); }));
    return 0;
}

Result<int> search(const Common& common, const std::string& text, int limit) {
    auto platform = TRY(common.open());
    auto tx = TRY(platform->database().read());
    const std::vector<subject::Subject> found = TRY(subject::search(tx, platform->tenant(), text, limit));
    if (!common.json) {
        for (const subject::Subject& subject : found) print_line(subject.code + "  " + subject.name);
        if (found.empty()) tell("没有名称中含“" + text + "”的主体。");
        return 0;
    }
    JsonWriter json;
    json.begin_object().key("subjects").begin_array();
    for (const subject::Subject& subject : found) {
        json.begin_object().field("code", subject.code).field("name", subject.name).end_object();
    }
    json.end_array().end_object();
    print_line(json.str());
    return 0;
}

report::Desk report_desk(const Platform& platform, const std::string& public_url) {
    const rulebook::Division* division = platform.rules()->division(platform.config().division);
    return {platform.database(),
            platform.rules(),
            platform.key(),
            platform.origin(),
            platform.tenant(),
            platform.config().site_name,
            (division ? division->name : std::string()) + "公共信用信息平台",
            public_url + "/verify/"};
}

Result<int> report(const Common& common, const std::string& code, const std::string& output,
                   const std::string& purpose, const std::string& public_url) {
    auto platform = TRY(common.open());
    const report::Desk desk = report_desk(*platform, public_url);
    const report::Issued issued = TRY(report::issue(desk, {code, purpose, "operator", now_utc()}));
    TRY(platform->publish_head());
    TRY(write_file(output, issued.pdf));
    TRY(write_file(output + ".sig", as_text(issued.signature)));
    TRY(write_file(output + ".pub.pem", platform->key().public_key().to_pem()));
    if (common.json) {
        JsonWriter json;
        json.begin_object().field("number", issued.number).field("code", issued.subject_code);
        json.field("name", issued.subject_name).field("file", output).field("digest", to_hex(issued.digest));
        json.field("signature_file", output + ".sig").field("public_key_file", output + ".pub.pem");
        json.field("event", issued.event).end_object();
        print_line(json.str());
        return 0;
    }
    print_line("报告 " + issued.number + "（" + issued.subject_name + "）已写入 " + output);
    print_line("验签：openssl dgst -sm3 -verify " + output + ".pub.pem -signature " + output +
               ".sig -sigopt distid:1234567812345678 " + output);
    return 0;
}

}  // namespace mingxin::cli
