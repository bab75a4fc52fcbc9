// The rows behind a figure, and the appeals.
#include <algorithm>
#include <charconv>

#include "access/access.h"
#include "assess/assess_json.h"
#include "listing/keyset.h"
#include "record/record.h"
#include "record/tally.h"

namespace mingxin::assess {

using api::Field;
using api::FieldType;
using api::Permission;
using api::Where;
using listing::Asked;
using listing::Cell;
using listing::Visit;
using listing::Walk;
using listing::Walked;
using rulebook::Measure;

namespace {

using Rules = std::shared_ptr<const rulebook::Rulebook>;
constexpr std::int64_t kLookedAt = 50'000;  // rows of one page

// +item: by the unit, or by the numbers of the month; not by all batches of the item.
constexpr store::Sql kBatches{
    "assess.batches",
    "select id, first_position, rows, item, file_name from batch where tenant = $1 and id > $2 and id < $3 "
    "and first_position + rows > $4 and ($5 = '' or unit_code = $5) order by id"};
constexpr listing::Clock kBatchClock{
    {"assess.batch_probe", "select id, received_us from batch where id >= $1 order by id limit 1"},
    {"assess.batch_last", "select coalesce(max(id), 0) from batch"}};

struct BatchPlace {
    std::int64_t id = 0, first = 0, rows = 0;
    const rulebook::Item* item = nullptr;
    std::string file;
};

/// What is asked: rows that a measure counts, or those of the denominator that the numerator leaves out.
struct Question {
    const rulebook::Indicator* indicator = nullptr;
    const rulebook::AssessmentScheme* scheme = nullptr;
    const rulebook::Item* item = nullptr;  // of which alone
    Period period;
    std::string unit;
    std::string part;  // numerator, denominator, missing
};

/// How much one row adds to a measure.
std::int64_t share(Measure measure, record::Outcome outcome, const record::Tally& row) {
    using record::Outcome;
    const bool stored = outcome == Outcome::accepted || outcome == Outcome::updated;
    switch (measure) {
        case Measure::rows:
            return 1;
        case Measure::distinct:
            return outcome != Outcome::duplicate;
        case Measure::stored:
            return stored;
        case Measure::passed:
            return outcome != Outcome::rejected;
        case Measure::duplicate:
            return outcome == Outcome::duplicate;
        case Measure::linkable:
            return stored || outcome == Outcome::doubtful;
        case Measure::timed:
            return row.timed;
        case Measure::on_time:
            return row.on_time;
        case Measure::late:
            return row.late;
        case Measure::cells:
            return row.cells;
        case Measure::filled:
            return row.filled;
        case Measure::exact:
            return row.exact;
        case Measure::bad_code:
            return row.bad_code;
        default:
            return 0;
    }
}

bool belongs(const Question& question, record::Outcome outcome, const record::Tally& row) {
    const std::int64_t numerator = share(question.indicator->numerator, outcome, row);
    if (question.part == "numerator") return numerator > 0;
    const std::int64_t denominator = share(*question.indicator->denominator, outcome, row);
    return question.part == "denominator" ? denominator > 0 : denominator > numerator;
}

Result<Question> question_of(const rulebook::Rulebook& rules, const Asked& asked) {
    Question question;
    question.period = TRY(parse_period(asked.in.text("period")));
    const Date day = question.period.last_day();
    question.indicator = rulebook::indicator(rules, asked.in.text("indicator"), day);
    question.scheme = rulebook::assessment_scheme(rules, asked.in.text("scheme"), day);
    if (!question.indicator || !question.scheme) {
        return fail(Fault::not_found, std::string(asked.in.text(question.scheme ? "indicator" : "scheme")));
    }
    if (!rulebook::counts_rows(question.indicator->numerator)) {
        return fail(Fault::bad_argument, question.indicator->title_zh + "不以行计数，没有可列出的行");
    }
    question.part = asked.in.text("part");
    if (question.part.empty()) question.part = "missing";
    if (question.part != "numerator" && question.part != "denominator" && question.part != "missing") {
        return fail(Fault::bad_argument, "part 应为 numerator、denominator 或 missing");
    }
    if (asked.in.has("item")) {
        question.item = rules.item(asked.in.text("item"));
        if (!question.item) return fail(Fault::item_unknown, std::string(asked.in.text("item")));
    }
    const api::Principal::Scope scope = asked.who.scope();
    question.unit = asked.in.text("unit");
    if (question.unit.empty() && !scope.all) question.unit = scope.unit.empty() ? "-" : scope.unit;
    if (question.unit != "-" && !question.unit.empty() && !scope.covers(question.unit)) {
        return fail(Fault::permission_missing, question.unit);
    }
    return question;
}

Result<std::vector<BatchPlace>> batches_of(store::ReadTx& tx, const rulebook::Rulebook& rules,
                                           std::int64_t tenant, const Question& question,
                                           std::int64_t after) {
    api::Input days;
    days.set("from", record::first_day_of(question.period.from).to_string());
    days.set("to", question.period.last_day().to_string());
    const listing::Range range = TRY(listing::within_days(tx, kBatchClock, days, {}));
    std::vector<BatchPlace> places;
    if (range.empty()) return places;
    auto rows = TRY(tx.scan(kBatches, {tenant, range.low, range.high, after + 1, question.unit}));
    while (TRY(rows.next())) {
        const rulebook::Item* item = rules.item(rows.text(3));
        if (!item || !question.scheme->covers(*item) || (question.item && question.item != item)) continue;
        places.push_back(
            {rows.integer(0), rows.integer(1), rows.integer(2), item, std::string(rows.text(4))});
    }
    return places;
}

struct ShownRow {
    const BatchPlace& batch;
    std::int64_t row;
    const record::Entry& entry;
    const record::RowDue* due;
    Date received;
    record::Tally tally;
    std::string id() const { return std::to_string(batch.id) + "-" + std::to_string(row); }
    std::string faults() const {
        std::string text;
        for (const record::Finding& finding : entry.findings) {
            const auto* check = batch.item->check(finding.fault, received, finding.field);
            const std::string title = check ? check->title_zh : finding.fault;
            if (text.find(title) == text.npos) text += (text.empty() ? "" : "、") + title;
        }
        return text;
    }
};

void write_row(JsonWriter& json, const ShownRow& one) {
    json.begin_object().field("id", one.id()).field("batch", one.batch.id).field("row", one.row);
    json.field("file", one.batch.file).field("item", one.batch.item->id);
    json.field("item_title", one.batch.item->title_zh);
    json.field("outcome", record::outcome_name(one.entry.outcome));
    json.field("outcome_title", record::outcome_zh(one.entry.outcome));
    json.field("received", one.received.to_string());
    if (one.entry.facts.start) json.field("decided", one.entry.facts.start->to_string());
    if (one.due && one.due->due) {
        json.field("due", one.due->due->to_string()).field("late_days", one.due->late_days);
        json.field("provisional", one.due->provisional);
    }
    json.field("empty_cells", one.tally.cells - one.tally.filled).field("faults", one.faults());
    json.end_object();
}

void append_cells(std::vector<Cell>& cells, const ShownRow& one) {
    const bool timed = one.due && one.due->due;
    cells.insert(cells.end(), {{one.id()},
                               {one.batch.file},
                               {one.batch.item->title_zh},
                               {std::string(record::outcome_zh(one.entry.outcome))},
                               {one.entry.facts.start ? one.entry.facts.start->to_string() : ""},
                               {one.received.to_string()},
                               {timed ? one.due->due->to_string() : ""},
                               {timed ? std::to_string(one.due->late_days) : "", timed},
                               {std::to_string(one.tally.cells - one.tally.filled), true},
                               {one.faults()}});
}

record::Tally difference(const record::Tally& after, const record::Tally& before) {
    return {after.timed - before.timed,
            after.on_time - before.on_time,
            after.late - before.late,
            after.late_days - before.late_days,
            after.provisional - before.provisional,
            after.cells - before.cells,
            after.filled - before.filled,
            after.exact - before.exact,
            after.bad_code - before.bad_code};
}

/// The rows of one batch behind a position. Returns whether to go on; place: the last one looked at.
class BatchWalk {
  public:
    BatchWalk(const rulebook::Rulebook& rules, const Question& question, const Walk& walk, const Visit& visit)
        : rules_(rules), question_(question), walk_(walk), visit_(visit), left_(walk.most) {}

    Result<bool> run(store::ReadTx& tx, const BatchPlace& batch, std::int64_t after) {
        const auto event = TRY(journal::find_event(tx, batch.id));
        if (!event) return fail(Fault::journal_damaged, std::to_string(batch.id));
        const Date received = event->time.date();
        record::Tallier tallier(rules_, *batch.item, received);
        bool stop = false;
        const std::int64_t from = std::max<std::int64_t>(1, after - batch.first + 2);
        const auto walked = journal::for_each_row(
            tx, *event,
            [&](const journal::Row& row) -> Result<void> {
                place = batch.first + row.row - 1;
                ++looked;
                const auto outcome = static_cast<record::Outcome>(row.outcome);
                const record::Entry entry = TRY(record::decode(outcome, row.payload, rules_));
                const record::Tally before = tallier.tally();
                tallier.add(entry);
                const record::Tally own = difference(tallier.tally(), before);
                if (belongs(question_, outcome, own)) {
                    const record::RowDue* due =
                        entry.facts.start ? &tallier.due(*entry.facts.start) : nullptr;
                    stop = !TRY(show({batch, row.row, entry, due, received, own}));
                }
                stop = stop || (walk_.most < INT64_MAX && looked >= kLookedAt);
                return stop ? Result<void>(fail(Fault::task_stopped)) : Result<void>();
            },
            from);
        if (stop) return false;
        TRY(walked);
        return true;
    }

    std::int64_t place = 0, looked = 0;
    bool full = false;  // as many rows as were asked for

  private:
    Result<bool> show(const ShownRow& one) {
        const bool more = TRY(visit_({std::to_string(place), [&](JsonWriter& json) { write_row(json, one); },
                                      [&](std::vector<Cell>& cells) { append_cells(cells, one); }}));
        full = !more || --left_ <= 0;
        return !full;
    }
    const rulebook::Rulebook& rules_;
    const Question& question_;
    const Walk& walk_;
    const Visit& visit_;
    std::int64_t left_;
};

Result<Walked> walk_rows(const rulebook::Rulebook& rules, std::int64_t tenant, const Asked& asked,
                         store::ReadTx& tx, const Walk& walk, const Visit& visit) {
    if (walk.descending) return fail(Fault::bad_argument, "order");
    const Question question = TRY(question_of(rules, asked));
    std::int64_t after = 0;
    if (!walk.from.empty() &&
        std::from_chars(walk.from.data(), walk.from.data() + walk.from.size(), after).ec != std::errc()) {
        return fail(Fault::bad_argument, "page");
    }
    BatchWalk rows(rules, question, walk, visit);
    for (const BatchPlace& batch : TRY(batches_of(tx, rules, tenant, question, after))) {
        if (TRY(rows.run(tx, batch, after))) continue;
        Walked walked;
        if (!rows.full) walked.stopped_at = std::to_string(rows.place);
        return walked;
    }
    return Walked{};
}

const Field kSchemeFilter{"scheme", FieldType::text, "考核方案",         "scheme of assessment",
                          true,     Where::query,    "assessment.double"};

listing::Listing row_list(const Rules& rules, std::int64_t tenant) {
    return {
        .id = "assess.rows",
        .path = "/api/v1/assess/rows",
        .permission = Permission::collect_view,
        .zh = "一个数字背后的各行",
        .en = "The rows behind a figure",
        .rows_name = "rows",
        .filters = {kSchemeFilter,
                    {"period", FieldType::text, "月份、季度或起止月份", "month, quarter, or first and last",
                     true, Where::query, "2026-10"},
                    {"indicator", FieldType::text, "指标", "indicator", true, Where::query, "assess.timely"},
                    {"part", FieldType::text,
                     "numerator（分子）、denominator（分母）或 missing（分母中未计入分子的，缺省）",
                     "numerator, denominator, or missing: of the denominator, not in the numerator", false,
                     Where::query, "missing"},
                    {"unit", FieldType::text, "单位代码", "unit", false, Where::query, "11410423005599999L"},
                    {"item", FieldType::text, "目录项", "item", false, Where::query, "penalty"}},
        .fields = {{"id", FieldType::text, "批次和行", "batch and row", true},
                   {"batch", FieldType::integer, "批次", "batch", true},
                   {"row", FieldType::integer, "批次中的第几行", "row of the batch", true},
                   {"file", FieldType::text, "文件名", "file name", true},
                   {"item", FieldType::text, "目录项", "item", true},
                   {"item_title", FieldType::text, "目录项名称", "title of the item", true},
                   {"outcome", FieldType::text, "结果", "outcome", true},
                   {"outcome_title", FieldType::text, "结果的名称", "outcome in words", true},
                   {"received", FieldType::date, "收到日期", "received", true},
                   {"decided", FieldType::date, "决定日期", "decided"},
                   {"due", FieldType::date, "时限", "due"},
                   {"late_days", FieldType::integer, "超过时限的工作日数", "working days late"},
                   {"provisional", FieldType::boolean, "时限涉及尚未公布节假日的年份",
                    "the limit touches a year without notice of holidays"},
                   {"empty_cells", FieldType::integer, "空着的必填单元格", "mandatory cells empty", true},
                   {"faults", FieldType::text, "检查发现的问题", "what the checks found", true}},
        .newest_first = false,
        .refusals = {Fault::not_found, Fault::item_unknown},
        .walk = [rules, tenant](
                    const Asked& asked, store::ReadTx& tx, const Walk& walk,
                    const Visit& visit) { return walk_rows(*rules, tenant, asked, tx, walk, visit); },
        .export_id = "assess.export",
        .export_path = "/api/v1/exports/assess-rows",
        .export_zh = "导出一个数字背后的各行",
        .title_zh = "考核明细",
        .columns = {{"批次和行", 14},
                    {"文件名", 30},
                    {"目录项", 16},
                    {"结果", 18},
                    {"决定日期", 12},
                    {"收到日期", 12},
                    {"时限", 12},
                    {"迟报工作日", 12},
                    {"必填空格", 10},
                    {"检查发现的问题", 50}}};
}

// --- appeals

Result<Walked> walk_appeals(const Rules& rules, const Asked& asked, store::ReadTx& tx, const Walk& walk,
                            const Visit& visit) {
    const api::Principal::Scope scope = figure_scope(asked.who);
    listing::Select select("assess.appeals", "select event from assessment_appeal where event > ?",
                           {std::int64_t{0}});
    if (!scope.all) select.where("unit", "unit = ?", {scope.unit.empty() ? "-" : scope.unit});
    if (asked.in.has("assessment")) {
        select.where("of", "assessment = ?", {asked.in.integer("assessment", 0)});
    }
    if (asked.in.boolean("open")) select.where("open", "state = ?", {std::int64_t{1}});
    const listing::Range range = TRY(listing::behind(walk, {}));
    const auto names = TRY(unit_names(tx));
    TRY(listing::walk_rows(
        tx, select, "event", range, nullptr, walk.descending, walk.most,
        [&](store::Cursor& row) -> Result<bool> {
            const auto appeal = TRY(find_appeal(tx, row.integer(0)));
            if (!appeal) return true;
            const auto name = names.find(appeal->unit);
            const auto assessment = TRY(find_assessment(tx, appeal->assessment));
            const std::string period = assessment ? assessment->period : "";
            const auto* indicator = rulebook::indicator(*rules, appeal->indicator, asked.today());
            const std::string title = indicator ? indicator->title_zh : appeal->indicator;
            const std::string unit_name = name == names.end() ? "" : name->second;
            return visit(
                {std::to_string(appeal->id),
                 [&](JsonWriter& json) {
                     json.begin_object().field("id", appeal->id).field("assessment", appeal->assessment);
                     json.field("scheme", assessment ? assessment->scheme : "").field("period", period);
                     json.field("unit", appeal->unit).field("name", unit_name);
                     json.field("indicator", appeal->indicator).field("indicator_title", title);
                     json.field("reason", appeal->reason);
                     json.field("state", static_cast<std::int64_t>(appeal->state));
                     json.field("state_title", appeal_state_zh(appeal->state));
                     json.field("filed_by", appeal->filed_by).field("filed", appeal->filed.to_string());
                     json.field("answer", appeal->answer).field("decided_by", appeal->decided_by);
                     if (appeal->decided) json.field("decided", appeal->decided->to_string());
                     json.field("corrected", appeal->corrected).end_object();
                 },
                 [&](std::vector<Cell>& cells) {
                     cells.insert(cells.end(),
                                  {{std::to_string(appeal->id)},
                                   {period},
                                   {unit_name},
                                   {title},
                                   {appeal->reason},
                                   {std::string(appeal_state_zh(appeal->state))},
                                   {appeal->filed.to_local_string()},
                                   {appeal->answer},
                                   {appeal->decided ? appeal->decided->to_local_string() : std::string()}});
                 }});
        }));
    return Walked{};
}

listing::Listing appeal_list(const Rules& rules) {
    return {.id = "appeal.list",
            .path = "/api/v1/assess/appeals",
            .permission = Permission::assess_view,
            .zh = "单位的申诉，最近的在前",
            .en = "Appeals of units, newest first",
            .rows_name = "appeals",
            .filters = {{"assessment", FieldType::integer, "考核结果编号", "assessment", false, Where::query,
                         "9"},
                        {"open", FieldType::boolean, "只看等待处理的", "open ones only", false, Where::query,
                         "true"}},
            .fields = {{"id", FieldType::integer, "编号", "id", true},
                       {"assessment", FieldType::integer, "考核结果编号", "assessment", true},
                       {"scheme", FieldType::text, "考核方案", "scheme", true},
                       {"period", FieldType::text, "期间", "period", true},
                       {"unit", FieldType::text, "单位代码", "unit", true},
                       {"name", FieldType::text, "单位名称", "name of the unit", true},
                       {"indicator", FieldType::text, "指标", "indicator", true},
                       {"indicator_title", FieldType::text, "指标名称", "title of the indicator", true},
                       {"reason", FieldType::text, "理由", "reason", true},
                       {"state", FieldType::integer, "1 等待处理，2 成立，3 不成立",
                        "1 open, 2 upheld, 3 dismissed", true},
                       {"state_title", FieldType::text, "状态", "state in words", true},
                       {"filed_by", FieldType::text, "提出人", "who filed it", true},
                       {"filed", FieldType::text, "提出时间（UTC）", "when (UTC)", true},
                       {"answer", FieldType::text, "答复", "answer", true},
                       {"decided_by", FieldType::text, "处理人", "who decided", true},
                       {"decided", FieldType::text, "处理时间（UTC）", "when it was decided (UTC)"},
                       {"corrected", FieldType::integer, "更正后的考核结果，0为没有",
                        "corrected assessment; 0: none", true}},
            .walk = [rules](const Asked& asked, store::ReadTx& tx, const Walk& walk,
                            const Visit& visit) { return walk_appeals(rules, asked, tx, walk, visit); },
            .export_id = "appeal.export",
            .export_path = "/api/v1/exports/appeals",
            .export_zh = "导出申诉",
            .title_zh = "考核申诉",
            .columns = {{"编号", 10},
                        {"期间", 12},
                        {"单位", 30},
                        {"指标", 16},
                        {"理由", 50},
                        {"状态", 14},
                        {"提出时间", 20},
                        {"答复", 50},
                        {"处理时间", 20}}};
}

}  // namespace

std::vector<listing::Listing> lists(std::shared_ptr<const rulebook::Rulebook> rulebook, std::int64_t tenant) {
    std::vector<listing::Listing> all;
    all.push_back(row_list(rulebook, tenant));
    all.push_back(appeal_list(rulebook));
    return all;
}

}  // namespace mingxin::assess
