// The list of issued reports.
#include <algorithm>

#include "base/text.h"
#include "listing/keyset.h"
#include "report/report.h"
#include "subject/identify.h"

namespace mingxin::report {

using api::FieldType;
using api::Where;
using listing::Asked;
using listing::Cell;
using listing::Visit;
using listing::Walk;
using listing::Walked;

namespace {

struct Listed {
    std::string number, subject, name, by, purpose;
    Instant issued;
    std::int64_t records = 0, event = 0;
};

/// Numbers begin with the time of issue in Asia/Shanghai: "20261120...".
std::string number_from(Date day) {
    std::string text = day.to_string();
    std::erase(text, '-');
    return text;
}

/// Who issued it and what for stands in the event only.
Result<void> add_event(store::ReadTx& tx, Listed& one) {
    const auto event = TRY(journal::find_event(tx, one.event));
    if (!event) return {};
    one.by = event->principal;
    one.purpose = purpose_of(event->payload);
    return {};
}

Listed read_listed(const store::Cursor& row) {
    Listed one{.number = std::string(row.text(0)),
               .subject = std::string(row.text(1)),
               .name = std::string(row.text(2)),
               .by = {},
               .purpose = {},
               .issued = Instant{row.integer(3)}};
    const std::string_view records = row.text(4);
    one.records = records.empty() ? 0 : 1 + std::count(records.begin(), records.end(), ' ');
    one.event = row.integer(5);
    return one;
}

void write_listed(JsonWriter& json, const Listed& one) {
    json.begin_object()
        .field("number", one.number)
        .field("subject", one.subject)
        .field("subject_name", one.name);
    json.field("issued", one.issued.to_string()).field("by", one.by).field("purpose", one.purpose);
    json.field("records", one.records).field("event", one.event).end_object();
}

Result<Walked> walk_reports(std::int64_t tenant, const Asked& asked, store::ReadTx& tx, const Walk& walk,
                            const Visit& visit) {
    const auto from = TRY(listing::day_in(asked.in, "from")), to = TRY(listing::day_in(asked.in, "to"));
    std::string low = from ? number_from(*from) : "", high = to ? number_from(to->plus_days(1)) : "~";
    if (!walk.from.empty() && walk.descending) high = std::min(high, walk.from);
    if (!walk.from.empty() && !walk.descending) low = std::max(low, walk.from);
    const std::string text(trim(asked.in.text("q")));
    listing::Select select("report.list",
                           "select number, subject_code, subject_name, issued_us, records, event "
                           "from report_issued where tenant = ? and number > ? and number < ?",
                           {tenant, low, high});
    const auto number = canonical_number(text);
    const std::string code = subject::repair_uscc(text).empty() ? text : subject::repair_uscc(text);
    if (number) {
        select.where("number", "number = ?", {*number});
    } else if (!text.empty()) {
        select.where("subject", "subject_code = ?", {code});
    }
    auto rows = TRY(select.rows(tx, "number", walk.descending, walk.most));
    while (TRY(rows.next())) {
        Listed one = read_listed(rows);
        if (walk.contents) TRY(add_event(tx, one));
        const bool more = TRY(visit({one.number, [&](JsonWriter& json) { write_listed(json, one); },
                                     [&](std::vector<Cell>& cells) {
                                         cells.insert(cells.end(), {{one.number},
                                                                    {one.subject},
                                                                    {one.name},
                                                                    {one.issued.to_local_string()},
                                                                    {one.by},
                                                                    {one.purpose},
                                                                    {std::to_string(one.records), true},
                                                                    {std::to_string(one.event), true}});
                                     }}));
        if (!more) break;
    }
    return Walked{};
}

}  // namespace

listing::Listing list(std::int64_t tenant) {
    return {.id = "report.list",
            .path = "/api/v1/report-list",
            .permission = api::Permission::report_issue,
            .zh = "列出出具的信用报告，最近的在前",
            .en = "Issued reports, newest first",
            .rows_name = "reports",
            .filters = {{"from", FieldType::date, "出具日期不早于", "issued on this day or later", false,
                         Where::query, "2026-11-01"},
                        {"to", FieldType::date, "出具日期不晚于", "issued on this day or before", false,
                         Where::query, "2026-11-30"},
                        {"q", FieldType::text, "主体代码或报告编号", "code of the subject, or number", false,
                         Where::query, "91410423MA3X941T6P"}},
            .fields = {{"number", FieldType::text, "报告编号", "number", true},
                       {"subject", FieldType::text, "主体代码", "code of the subject", true},
                       {"subject_name", FieldType::text, "主体名称", "name of the subject", true},
                       {"issued", FieldType::text, "出具时间（UTC）", "issued (UTC)", true},
                       {"by", FieldType::text, "出具人", "who issued it", true},
                       {"purpose", FieldType::text, "用途", "purpose", true},
                       {"records", FieldType::integer, "所载记录条数", "records in it", true},
                       {"event", FieldType::integer, "账本事项号", "journal event", true}},
            .walk = [tenant](const Asked& asked, store::ReadTx& tx, const Walk& walk,
                             const Visit& visit) { return walk_reports(tenant, asked, tx, walk, visit); },
            .export_id = "report.export",
            .export_path = "/api/v1/exports/reports",
            .export_zh = "导出信用报告清单",
            .title_zh = "信用报告",
            .columns = {{"报告编号", 26},
                        {"主体代码", 22},
                        {"主体名称", 36},
                        {"出具时间", 20},
                        {"出具人", 24},
                        {"用途", 28},
                        {"记录条数", 10},
                        {"账本事项号", 12}}};
}

}  // namespace mingxin::report
