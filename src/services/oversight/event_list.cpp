// The list of the journal's events: who did what when. Payloads are not shown: they are the business of those
// whose lists they make.
#include "listing/keyset.h"
#include "oversight/oversight.h"

namespace mingxin::oversight {

using api::FieldType;
using api::Where;
using listing::Asked;
using listing::Cell;
using listing::Visit;
using listing::Walk;
using listing::Walked;

namespace {

constexpr listing::Clock kClock{
    {"event.clock", "select seq, time_us from event where seq >= $1 order by seq limit 1"},
    {"event.last", "select coalesce(max(seq), 0) from event"}};

struct Kind {
    std::string_view kind, title_zh;
};
/// What people read; a kind that is not here is shown by its own name.
constexpr Kind kKinds[] = {{"platform.initialised", "平台建立"},
                           {"assessment.closed", "考核结果确定"},
                           {"assessment.appealed", "单位对考核结果申诉"},
                           {"assessment.appeal_decided", "考核申诉处理"},
                           {"assessment.reported", "考核报告生成"},
                           {"rulebook.activated", "规则库启用"},
                           {"rulebook.proposed", "规则库提交审定"},
                           {"rulebook.declined", "规则库未予启用"},
                           {"unit.added", "登记单位"},
                           {"account.created", "开设账号"},
                           {"account.credential_set", "设置口令"},
                           {"session.opened", "登录"},
                           {"session.refused", "登录被拒"},
                           {"session.closed", "退出登录"},
                           {"batch.committed", "批次入库"},
                           {"record.withdrawn", "撤回记录"},
                           {"mapping.remembered", "记住列对应"},
                           {"mapping.ended", "停用列对应"},
                           {"doubtful.reversed", "撤销存疑核实"},
                           {"report.issued", "出具信用报告"},
                           {"list.exported", "导出列表"},
                           {"site.copied", "导出静态页面"},
                           {"journal.verified", "核验账本"},
                           {"column.saved", "保存栏目"},
                           {"column.ended", "停用栏目"},
                           {"column.reopened", "重新启用栏目"},
                           {"article.opened", "新建文章"},
                           {"article.submitted", "文章提交审核"},
                           {"article.passed", "文章一审通过"},
                           {"article.returned", "文章退回或收回"},
                           {"article.released", "签发文章"},
                           {"article.withdrawn", "撤回文章"},
                           {"article.discarded", "放弃文章的修改"},
                           {"picture.added", "上传图片"},
                           {"batch.submit", "报送文件"},
                           {"batch.sheet", "查看批次原表"},
                           {"batch.reply", "下载批次回执"},
                           {"site.reply", "在网站下载回执"},
                           {"job.cancel", "取消报送任务"},
                           {"task.file", "下载任务文件"},
                           {"report.issue", "申请信用报告"},
                           {"verify.start", "发起核验"}};

std::string_view title_of(std::string_view kind) {
    for (const Kind& known : kKinds) {
        if (known.kind == kind) return known.title_zh;
    }
    return kind;
}

struct Listed {
    std::int64_t seq = 0, rows = 0;
    Instant time;
    std::string kind, who, leaf;
};

void write_listed(JsonWriter& json, const Listed& one) {
    json.begin_object().field("seq", one.seq).field("time", one.time.to_string()).field("kind", one.kind);
    json.field("kind_title", title_of(one.kind)).field("who", one.who).field("rows", one.rows);
    json.field("leaf", one.leaf).end_object();
}

Result<Walked> walk_events(const Asked& asked, store::ReadTx& tx, const Walk& walk, const Visit& visit) {
    const std::string_view kind = asked.in.text("kind"), who = asked.in.text("who");
    listing::Range range = TRY(listing::behind(walk, {}));
    range = TRY(listing::within_days(tx, kClock, asked.in, range));
    listing::Select select("event.list",
                           "select seq, time_us, kind, principal, rows, leaf_hash from event where rows >= ?",
                           {0});
    if (!kind.empty()) select.where("kind", "kind = ?", {kind});
    if (!who.empty()) select.where("who", kind.empty() ? "principal = ?" : "principal || '' = ?", {who});
    TRY(listing::walk_rows(
        tx, select, "seq", range, nullptr, walk.descending, walk.most,
        [&](store::Cursor& row) -> Result<bool> {
            const Listed one{row.integer(0),           row.integer(4),           Instant{row.integer(1)},
                             std::string(row.text(2)), std::string(row.text(3)), to_hex(row.blob(5))};
            return visit({std::to_string(one.seq), [&](JsonWriter& json) { write_listed(json, one); },
                          [&](std::vector<Cell>& cells) {
                              cells.insert(cells.end(), {{std::to_string(one.seq), true},
                                                         {one.time.to_local_string()},
                                                         {std::string(title_of(one.kind))},
                                                         {one.kind},
                                                         {one.who},
                                                         {std::to_string(one.rows), true},
                                                         {one.leaf}});
                          }});
        }));
    return Walked{};
}

}  // namespace

listing::Listing event_list() {
    return {.id = "event.list",
            .path = "/api/v1/journal/events",
            .permission = api::Permission::journal_verify,
            .zh = "列出账本事项，最近的在前",
            .en = "Events of the journal, newest first",
            .rows_name = "events",
            .filters = {{"kind", FieldType::text, "事项种类", "kind of event", false, Where::query,
                         "batch.committed"},
                        {"who", FieldType::text, "由谁作出，例如 department_clerk:zhang.san", "who did it",
                         false, Where::query, "department_clerk:zhang.san"},
                        {"from", FieldType::date, "日期不早于", "on this day or later", false, Where::query,
                         "2026-11-01"},
                        {"to", FieldType::date, "日期不晚于", "on this day or before", false, Where::query,
                         "2026-11-30"}},
            .fields = {{"seq", FieldType::integer, "事项号", "number", true},
                       {"time", FieldType::text, "时间（UTC）", "time (UTC)", true},
                       {"kind", FieldType::text, "种类", "kind", true},
                       {"kind_title", FieldType::text, "种类名称", "title of the kind", true},
                       {"who", FieldType::text, "由谁作出", "who did it", true},
                       {"rows", FieldType::integer, "所含行数", "rows in it", true},
                       {"leaf", FieldType::text, "叶哈希（SM3，十六进制）", "leaf hash", true}},
            .walk = walk_events,
            .more_fields = {{"kinds",
                             FieldType::list,
                             "事项种类",
                             "kinds of events",
                             true,
                             Where::query,
                             "",
                             {{"kind", FieldType::text, "种类", "kind", true},
                              {"title", FieldType::text, "名称", "title", true}}}},
            .write_more = [](const Asked&, store::ReadTx&, JsonWriter& json) -> Result<void> {
                json.key("kinds").begin_array();
                for (const Kind& known : kKinds) {
                    json.begin_object().key("kind").text(known.kind);
                    json.key("title").text(known.title_zh).end_object();
                }
                json.end_array();
                return {};
            },
            .export_id = "event.export",
            .export_path = "/api/v1/exports/events",
            .export_zh = "导出账本事项",
            .title_zh = "账本事项",
            .columns = {{"事项号", 10},
                        {"时间", 20},
                        {"种类", 18},
                        {"种类代号", 24},
                        {"由谁作出", 28},
                        {"行数", 10},
                        {"叶哈希", 68}}};
}

}  // namespace mingxin::oversight
