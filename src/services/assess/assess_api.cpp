// The board, one figure with its formula, the trend, the rules that fail most; closing, appeals, reports.
#include <algorithm>

#include "assess/assess_json.h"
#include "base/file.h"
#include "record/keeper.h"
#include "record/tally.h"

namespace mingxin::assess {

using api::Audit;
using api::Call;
using api::Endpoint;
using api::Field;
using api::FieldType;
using api::Input;
using api::Method;
using api::Permission;
using api::Reply;
using api::Where;
using rulebook::Measure;

namespace {

using DeskPtr = std::shared_ptr<const Desk>;
constexpr int kTrendMonths = 12;

Field scheme_field(Where where = Where::query) {
    return {"scheme", FieldType::text, "考核方案", "scheme of assessment", true, where, "assessment.double"};
}
Field period_field(Where where = Where::query) {
    return {"period",
            FieldType::text,
            "月份、季度或起止月份：2026-11、2026-Q4、2026-01~2026-11",
            "month, quarter, or first and last month",
            true,
            where,
            "2026-10"};
}
Field unit_field() {
    return {"unit", FieldType::text, "单位代码，不填为全县", "unit; absent: the county",
            false,  Where::query,    "11410423005599999L"};
}
Field indicator_field(Where where = Where::query) {
    return {"indicator", FieldType::text, "指标", "indicator", true, where, "assess.timely"};
}
Field list_of(const char* name, const char* zh, const char* en, std::vector<Field> members) {
    return {name, FieldType::list, zh, en, true, Where::query, "", std::move(members)};
}
Field integer(const char* name, const char* zh, const char* en, bool required = true) {
    return {name, FieldType::integer, zh, en, required};
}
Field text(const char* name, const char* zh, const char* en, bool required = true) {
    return {name, FieldType::text, zh, en, required};
}

/// The unit that is asked about, when the caller may see it. Another unit's figures are not told.
Result<std::string> unit_of(const Call& call, const Input& in) {
    std::string unit(in.text("unit"));
    if (!unit.empty() && !figure_scope(call.principal).covers(unit)) {
        return fail(Fault::permission_missing, unit);
    }
    return unit;
}

Result<Document> live(const Desk& desk, store::ReadTx& tx, std::string_view scheme, const Period& period) {
    const auto months = TRY(read_months(tx, desk.tenant, period.to));
    return assess(*desk.rulebook, scheme, period, months, TRY(record::newest_event(tx)));
}

Result<Reply> show_board(const Desk& desk, const Call& call, const Input& in, store::ReadTx& tx) {
    const Period period = TRY(parse_period(in.text("period")));
    const Document document = TRY(live(desk, tx, in.text("scheme"), period));
    JsonWriter json;
    json.begin_object().key("schemes").begin_array();
    for (const auto& scheme : desk.rulebook->assessment_schemes()) {
        if (!scheme.validity.contains(period.last_day())) continue;
        json.begin_object().field("id", scheme.id).field("title", scheme.title_zh);
        json.field("title_en", scheme.title_en).end_object();
    }
    json.end_array();
    write_board(json, *desk.rulebook, document, figure_scope(call.principal), TRY(unit_names(tx)));
    json.end_object();
    return Reply::json(json.take());
}

std::vector<Field> schemes_and_board() {
    std::vector<Field> fields = board_fields();
    fields.insert(fields.begin(), list_of("schemes", "可选的方案", "schemes to choose from",
                                          {text("id", "编号", "id"), text("title", "名称", "title"),
                                           text("title_en", "名称（英文）", "title in English")}));
    return fields;
}

// --- one figure

void write_figure(JsonWriter& json, const Figure& figure) {
    json.field("numerator", figure.numerator).field("denominator", figure.denominator);
    if (const auto rate = figure.rate()) json.field("rate", *rate);
}

/// The counts of a unit, or of the county, added up over items; and by item.
struct Split {
    Counts sum;
    std::map<std::int64_t, Counts> items;
};
Split split(const CountsByItem& counts, std::string_view unit) {
    Split result;
    std::map<std::string_view, Counts> units;
    for (const auto& [key, one] : counts) {
        if (!unit.empty() && key.first != unit) continue;
        units[key.first].add(one);
        result.items[key.second].add(one);
    }
    for (auto& [code, one] : units) {
        one[Measure::units_known] = 1;
        one[Measure::units_reported] = one[Measure::rows] > 0;
        result.sum.add(one);
    }
    return result;
}

void write_months(JsonWriter& json, const rulebook::Rulebook& rulebook,
                  const rulebook::AssessmentScheme& scheme, const rulebook::Indicator& indicator,
                  std::span<const MonthCounts> months, const Period& period, std::string_view unit) {
    json.key("months").begin_array();
    for (std::int64_t month = period.to - kTrendMonths + 1; month <= period.to; ++month) {
        const CountsByItem counts = count(rulebook, scheme, {month, month}, months);
        json.begin_object().field("month", record::month_text(month));
        write_figure(json, figure_of(indicator, split(counts, unit).sum));
        const Figure county = figure_of(indicator, split(counts, {}).sum);
        if (const auto rate = county.rate()) json.field("county", *rate);
        json.end_object();
    }
    json.end_array();
}

Result<Reply> show_figure(const Desk& desk, const Call& call, const Input& in, store::ReadTx& tx) {
    const Period period = TRY(parse_period(in.text("period")));
    const std::string unit = TRY(unit_of(call, in));
    const auto* scheme = rulebook::assessment_scheme(*desk.rulebook, in.text("scheme"), period.last_day());
    const auto* indicator = rulebook::indicator(*desk.rulebook, in.text("indicator"), period.last_day());
    if (scheme == nullptr || indicator == nullptr) {
        return fail(Fault::not_found, std::string(in.text(scheme ? "indicator" : "scheme")));
    }
    const auto months = TRY(read_months(tx, desk.tenant, period.to));
    const Split counts = split(count(*desk.rulebook, *scheme, period, months), unit);
    JsonWriter json;
    json.begin_object().field("indicator", indicator->id).field("title", indicator->title_zh);
    json.field("title_en", indicator->title_en).field("formula", indicator->formula_zh);
    json.field("formula_en", indicator->formula_en).field("basis", indicator->basis.text_zh());
    json.field("numerator_zh", measure_zh(indicator->numerator));
    json.field("numerator_en", measure_en(indicator->numerator));
    json.field("denominator_zh", indicator->denominator ? measure_zh(*indicator->denominator) : "");
    json.field("denominator_en", indicator->denominator ? measure_en(*indicator->denominator) : "");
    write_figure(json, figure_of(*indicator, counts.sum));
    std::int64_t late_days = 0, provisional = 0;
    for (const MonthCounts& month : months) {
        const rulebook::Item* item = desk.rulebook->item(month.item);
        if (month.month < period.from || !item || !scheme->covers(*item)) continue;
        if (!unit.empty() && month.unit != unit) continue;
        late_days += month.late_days;
        provisional += month.provisional;
    }
    json.field("late_days", late_days).field("provisional", provisional).key("items").begin_array();
    for (const auto& [number, one] : counts.items) {
        const rulebook::Item* item = desk.rulebook->item(number);
        json.begin_object().field("item", item->id).field("item_title", item->title_zh);
        write_figure(json, figure_of(*indicator, one));
        json.end_object();
    }
    json.end_array();
    write_months(json, *desk.rulebook, *scheme, *indicator, months, period, unit);
    json.end_object();
    return Reply::json(json.take());
}

std::vector<Field> figure_parts() {
    return {integer("numerator", "分子（天数指标为天数）", "numerator, or the days"),
            integer("denominator", "分母", "denominator"),
            integer("rate", "百分之一个百分点", "hundredths of a percent", false)};
}

std::vector<Field> with_parts(std::vector<Field> fields) {
    for (Field& part : figure_parts()) fields.push_back(std::move(part));
    return fields;
}

std::vector<Field> figure_fields() {
    std::vector<Field> month = with_parts({text("month", "月份", "month")});
    month.push_back(integer("county", "全县的", "of the county", false));
    std::vector<Field> fields = {text("indicator", "指标", "indicator"),
                                 text("title", "名称", "title"),
                                 text("title_en", "名称（英文）", "title in English"),
                                 text("formula", "公式", "formula"),
                                 text("formula_en", "公式（英文）", "formula in English"),
                                 text("basis", "依据", "basis"),
                                 text("numerator_zh", "分子是什么", "what the numerator is, in Chinese"),
                                 text("numerator_en", "分子是什么（英文）", "what the numerator is"),
                                 text("denominator_zh", "分母是什么", "what the denominator is, in Chinese"),
                                 text("denominator_en", "分母是什么（英文）", "what the denominator is")};
    fields = with_parts(std::move(fields));
    fields.push_back(
        integer("late_days", "迟报行超过时限的工作日数之和", "working days beyond the limit, summed"));
    fields.push_back(integer("provisional", "时限涉及尚未公布节假日的年份的行数",
                             "rows whose limit touches a year without notice of holidays"));
    fields.push_back(list_of(
        "items", "各目录项", "by item",
        with_parts({text("item", "目录项", "item"), text("item_title", "目录项名称", "title of the item")})));
    fields.push_back(list_of("months", "近12个月", "twelve months", std::move(month)));
    return fields;
}

// --- the trend of scores

Result<Reply> show_trend(const Desk& desk, const Call& call, const Input& in, store::ReadTx& tx) {
    const Period period = TRY(parse_period(in.text("period")));
    const std::string unit = TRY(unit_of(call, in));
    const auto months = TRY(read_months(tx, desk.tenant, period.to));
    JsonWriter json;
    json.begin_object().key("months").begin_array();
    for (std::int64_t month = period.to - kTrendMonths + 1; month <= period.to; ++month) {
        const Document document = TRY(assess(*desk.rulebook, in.text("scheme"), {month, month}, months, 0));
        json.begin_object().field("month", record::month_text(month));
        for (const UnitResult& one : document.units) {
            if (one.unit == unit && one.score) json.field("score", *one.score);
        }
        if (document.county.score) json.field("county", *document.county.score);
        json.end_object();
    }
    json.end_array().end_object();
    return Reply::json(json.take());
}

// --- the rules that fail most

Result<Reply> show_faults(const Desk& desk, const Call& call, const Input& in, store::ReadTx& tx) {
    const Period period = TRY(parse_period(in.text("period")));
    std::string unit = TRY(unit_of(call, in));
    const api::Principal::Scope scope = figure_scope(call.principal);
    if (unit.empty() && !scope.all) unit = scope.unit.empty() ? "-" : std::string(scope.unit);
    std::int64_t number = 0;
    if (in.has("item")) {
        const rulebook::Item* item = desk.rulebook->item(in.text("item"));
        if (item == nullptr) return fail(Fault::item_unknown, std::string(in.text("item")));
        number = item->number;
    }
    const auto names = TRY(unit_names(tx));
    JsonWriter json;
    json.begin_object().key("faults").begin_array();
    for (const FaultCount& one : TRY(read_faults(tx, desk.tenant, period, unit, number))) {
        const auto& rules = desk.rulebook->rules();
        const auto rule =
            std::find_if(rules.begin(), rules.end(), [&](const auto& rule) { return rule.id == one.fault; });
        const auto name = names.find(one.unit);
        json.begin_object().field("unit", one.unit).field("name", name == names.end() ? "" : name->second);
        json.field("fault", one.fault).field("title", rule == rules.end() ? one.fault : rule->title_zh);
        json.field("count", one.count).end_object();
    }
    json.end_array().end_object();
    return Reply::json(json.take());
}

// --- closed assessments

void write_assessment(JsonWriter& json, const Assessment& one, const rulebook::Rulebook& rulebook) {
    json.begin_object().field("id", one.id).field("scheme", one.scheme).field("period", one.period);
    std::string title = one.scheme;
    for (const auto& scheme : rulebook.assessment_schemes()) {
        if (scheme.id == one.scheme) title = scheme.title_zh;
    }
    json.field("title", title).field("version", one.version).field("head", one.head);
    json.field("digest", one.digest).field("previous", one.previous).field("next", one.next);
    json.field("closed_by", one.closed_by).field("closed", one.closed.to_string()).end_object();
}

std::vector<Field> assessment_fields() {
    return {integer("id", "编号，即账本事项", "id: its event"),
            text("scheme", "考核方案", "scheme"),
            text("period", "期间", "period"),
            text("title", "方案名称", "title of the scheme"),
            integer("version", "第几版", "version"),
            integer("head", "计算时账本的事项数", "events of the journal that it rests on"),
            text("digest", "结果的摘要（SM3）", "digest of the document (SM3)"),
            integer("previous", "上一版，0为没有", "version before; 0: none"),
            integer("next", "更正后的一版，0为没有", "corrected version; 0: none"),
            text("closed_by", "确定人", "who closed it"),
            text("closed", "确定时间（UTC）", "when (UTC)")};
}

Stamp stamp_of(const Desk& desk, const Call& call) {
    return {call.principal.name, call.now, desk.rulebook, desk.tenant};
}

Result<Reply> list_assessments(const Desk& desk, store::ReadTx& tx) {
    JsonWriter json;
    json.begin_object().key("assessments").begin_array();
    for (const Assessment& one : TRY(assessments(tx))) write_assessment(json, one, *desk.rulebook);
    json.end_array().end_object();
    return Reply::json(json.take());
}

Result<Reply> show_assessment(const Desk& desk, const Call& call, const Input& in, store::ReadTx& tx) {
    const auto one = TRY(find_assessment(tx, in.integer("assessment", 0)));
    if (!one) return fail(Fault::not_found, std::string(in.text("assessment")));
    const Document document = TRY(document_of(tx, *one));
    JsonWriter json;
    json.begin_object().key("assessment");
    write_assessment(json, *one, *desk.rulebook);
    write_board(json, *desk.rulebook, document, figure_scope(call.principal), TRY(unit_names(tx)));
    json.end_object();
    return Reply::json(json.take());
}

void add_figures(std::vector<Endpoint>& all, const DeskPtr& desk) {
    const auto add = [&](const char* id, const char* path, const char* zh, const char* en,
                         std::vector<Field> in, std::vector<Field> out, auto handler) {
        Endpoint endpoint(
            id, Method::get, path, Permission::assess_view, Audit::metered, zh, en, std::move(in),
            std::move(out),
            api::ReadHandler([desk, handler](const Call& call, const Input& in, store::ReadTx& tx) {
                return handler(*desk, call, in, tx);
            }));
        endpoint.refusals = {Fault::bad_argument, Fault::not_found};
        endpoint.lengthy = true;
        all.push_back(std::move(endpoint));
    };
    add("assess.board", "/api/v1/assess/board", "质量看板：各单位各项指标和得分",
        "Quality board: units by indicators, with scores", {scheme_field(), period_field()},
        schemes_and_board(), show_board);
    add("assess.figure", "/api/v1/assess/figure", "一个数字：公式、分子分母、各目录项和近12个月",
        "One figure: formula, parts, items, twelve months",
        {scheme_field(), period_field(), indicator_field(), unit_field()}, figure_fields(), show_figure);
    add("assess.trend", "/api/v1/assess/trend", "得分近12个月的变化", "Scores of twelve months",
        {scheme_field(), period_field(), unit_field()},
        {list_of("months", "各月", "months",
                 {text("month", "月份", "month"),
                  integer("score", "得分，百分之一分", "score in hundredths of a point", false),
                  integer("county", "全县得分", "score of the county", false)})},
        show_trend);
    add("assess.faults", "/api/v1/assess/faults", "各单位最常违反的检查规则",
        "The checks that fail most, by unit",
        {period_field(),
         unit_field(),
         {"item", FieldType::text, "目录项", "item", false, Where::query, "penalty"}},
        {list_of("faults", "规则", "checks",
                 {text("unit", "单位代码", "unit"), text("name", "单位名称", "name"),
                  text("fault", "故障码", "fault code"), text("title", "名称", "title"),
                  integer("count", "次数", "how often")})},
        show_faults);
}

Endpoint close_assessment(const DeskPtr& desk) {
    Field scheme = scheme_field(Where::body), period = period_field(Where::body);
    scheme.audited = period.audited = true;
    Endpoint endpoint(
        "assessment.close", Method::post, "/api/v1/assess/assessments", Permission::assess_close,
        Audit::metered, "确定一个月或一个季度的考核结果", "Closes the assessment of a month or a quarter",
        {scheme, period}, assessment_fields(),
        api::WriteHandler([desk](const Call& call, const Input& in, store::Tx& tx) -> Result<Reply> {
            const Assessment one =
                TRY(close(tx, in.text("scheme"), in.text("period"), stamp_of(*desk, call)));
            JsonWriter json;
            write_assessment(json, one, *desk->rulebook);
            return Reply::json(json.take());
        }));
    endpoint.refusals = {Fault::bad_argument, Fault::not_found, Fault::assessment_open_period,
                         Fault::assessment_closed};
    return endpoint;
}

const Field kAssessment{"assessment", FieldType::integer, "考核结果编号", "assessment", true, Where::path,
                        "9"};

void add_closed(std::vector<Endpoint>& all, const DeskPtr& desk) {
    all.push_back(close_assessment(desk));
    all.push_back(Endpoint("assessment.list", Method::get, "/api/v1/assess/assessments",
                           Permission::assess_view, Audit::metered, "已确定的考核结果，最近的在前",
                           "Closed assessments, newest first", {},
                           {list_of("assessments", "考核结果", "assessments", assessment_fields())},
                           api::ReadHandler([desk](const Call&, const Input&, store::ReadTx& tx) {
                               return list_assessments(*desk, tx);
                           })));
    std::vector<Field> fields = board_fields();
    fields.insert(fields.begin(), Field{"assessment", FieldType::object, "考核结果", "the assessment", true,
                                        Where::query, "", assessment_fields()});
    Endpoint show("assessment.show", Method::get, "/api/v1/assess/assessments/{assessment}",
                  Permission::assess_view, Audit::metered, "一份考核结果", "One assessment", {kAssessment},
                  std::move(fields),
                  api::ReadHandler([desk](const Call& call, const Input& in, store::ReadTx& tx) {
                      return show_assessment(*desk, call, in, tx);
                  }));
    show.refusals = {Fault::not_found};
    all.push_back(std::move(show));
}

// --- appeals

Result<Reply> answer_appeal(const Appeal& appeal) {
    JsonWriter json;
    json.begin_object().field("id", appeal.id).field("state", static_cast<std::int64_t>(appeal.state));
    json.field("state_title", appeal_state_zh(appeal.state)).field("corrected", appeal.corrected);
    json.end_object();
    return Reply::json(json.take());
}

std::vector<Field> appeal_reply() {
    return {integer("id", "申诉编号", "id"),
            integer("state", "1 等待处理，2 成立，3 不成立", "1 open, 2 upheld, 3 dismissed"),
            text("state_title", "状态", "state in words"),
            integer("corrected", "更正后的考核结果，0为没有", "corrected assessment; 0: none")};
}

Field reason_field() {
    return {"reason",
            FieldType::text,
            "理由，5至1000个字",
            "why, 5 to 1000 characters",
            true,
            Where::body,
            "系统升级期间平台无法接收，已有记录可查"};
}

Endpoint file_one(const DeskPtr& desk) {
    Endpoint endpoint(
        "appeal.file", Method::post, "/api/v1/assess/assessments/{assessment}/appeals",
        Permission::assess_appeal, Audit::metered, "单位对一个数字提出申诉",
        "Appeal of the own unit against a figure",
        {kAssessment, indicator_field(Where::body), reason_field()}, appeal_reply(),
        api::WriteHandler([desk](const Call& call, const Input& in, store::Tx& tx) -> Result<Reply> {
            if (call.principal.unit_code.empty()) return fail(Fault::permission_missing);
            return answer_appeal(
                TRY(file_appeal(tx, in.integer("assessment", 0), call.principal.unit_code,
                                in.text("indicator"), in.text("reason"), stamp_of(*desk, call))));
        }));
    endpoint.refusals = {Fault::not_found, Fault::bad_argument, Fault::assessment_superseded,
                         Fault::appeal_late, Fault::appeal_open};
    return endpoint;
}

Endpoint decide_one(const DeskPtr& desk) {
    Endpoint endpoint(
        "appeal.decide", Method::post, "/api/v1/assess/appeals/{appeal}/decision", Permission::assess_decide,
        Audit::metered, "处理一件申诉；成立的给出更正后的分子和分母，生成新的一版结果",
        "Decides upon an appeal; upheld with a corrected figure, it gives a further version",
        {{"appeal", FieldType::integer, "申诉编号", "appeal", true, Where::path, "9"},
         {"upheld", FieldType::boolean, "是否成立", "whether it is upheld", true, Where::body, "false"},
         {"numerator", FieldType::integer, "更正后的分子", "corrected numerator", false, Where::body, "9"},
         {"denominator", FieldType::integer, "更正后的分母", "corrected denominator", false, Where::body,
          "9"},
         reason_field()},
        appeal_reply(),
        api::WriteHandler([desk](const Call& call, const Input& in, store::Tx& tx) -> Result<Reply> {
            std::optional<Figure> corrected;
            if (in.boolean("upheld")) {
                if (!in.has("numerator") || !in.has("denominator")) {
                    return fail(Fault::bad_argument, "申诉成立时须给出更正后的分子和分母");
                }
                corrected = Figure{{}, in.integer("numerator", 0), in.integer("denominator", 0)};
            }
            return answer_appeal(TRY(decide_appeal(tx, in.integer("appeal", 0), corrected, in.text("reason"),
                                                   stamp_of(*desk, call))));
        }));
    endpoint.refusals = {Fault::not_found, Fault::bad_argument, Fault::appeal_decided, Fault::appeal_own};
    return endpoint;
}

// --- reports

/// The document of a scheme and period: the newest closed version, else what it is now.
Result<ReportPart> part_of(const Desk& desk, store::ReadTx& tx, const std::string& scheme_id,
                           const Period& period, std::string& state_zh) {
    const auto* scheme = rulebook::assessment_scheme(*desk.rulebook, scheme_id, period.last_day());
    if (scheme == nullptr) return fail(Fault::not_found, scheme_id);
    for (const Assessment& one : TRY(assessments(tx))) {
        if (one.scheme != scheme_id || one.period != period.text() || one.next != 0) continue;
        state_zh += scheme->title_zh + "：已确定（第" + std::to_string(one.version) + "版，编号" +
                    std::to_string(one.id) + "）　";
        return ReportPart{scheme->title_zh, TRY(document_of(tx, one)), one.digest};
    }
    state_zh += scheme->title_zh + "：未确定，为生成时的数字　";
    ReportPart part{scheme->title_zh, TRY(live(desk, tx, scheme_id, period)), {}};
    part.digest = part.document.digest();
    return part;
}

/// The scheme, and of 双公示 permissions and penalties each for itself.
std::vector<std::string> parts_of(std::string_view scheme) {
    if (scheme != "assessment.double") return {std::string(scheme)};
    return {"assessment.double", "assessment.permit", "assessment.penalty"};
}

Result<void> make_report(const Desk& desk, const api::Principal& who, const std::string& scheme,
                         const Period& period, bool pdf, tasks::Run& run) {
    run.at(tasks::Stage::reading, 0, 0);
    ReportText words{desk.site_name, desk.issuer, {}, desk.now(), {}};
    std::vector<ReportPart> parts;
    {
        auto tx = TRY(desk.database->read());
        words.unit_names = TRY(unit_names(tx));
        for (const std::string& one : parts_of(scheme)) {
            parts.push_back(TRY(part_of(desk, tx, one, period, words.state_zh)));
            if (run.cancelled()) return tasks::stopped();
        }
    }
    const api::Principal::Scope scope = figure_scope(who);
    for (ReportPart& part : parts) {
        std::erase_if(part.document.units, [&](const UnitResult& one) { return !scope.covers(one.unit); });
    }
    run.at(tasks::Stage::packing, 0, 0);
    if (pdf) {
        TRY(write_file(run.file(), TRY(render_pdf(*desk.rulebook, parts, words))));
    } else {
        TRY(write_workbook(run.file(), *desk.rulebook, parts, words));
    }
    run.set_rows(static_cast<std::int64_t>(parts.front().document.units.size()));
    return desk.write([&](store::Tx& tx) -> Result<void> {
        JsonWriter json;
        json.begin_object().field("scheme", scheme).field("period", period.text());
        json.field("format", pdf ? "pdf" : "xlsx").field("digest", parts.front().digest);
        json.end_object();
        TRY(journal::append(tx, {"assessment.reported", who.name, json.take(), desk.rulebook->digest()},
                            desk.now()));
        return {};
    });
}

Result<Reply> start_report(const DeskPtr& desk, const Call& call, const Input& in) {
    const Period period = TRY(parse_period(in.text("period")));
    const std::string scheme(in.text("scheme"));
    const auto* known = rulebook::assessment_scheme(*desk->rulebook, scheme, period.last_day());
    if (known == nullptr) return fail(Fault::not_found, scheme);
    const bool pdf = in.text("format") == "pdf";
    if (!pdf && in.text("format") != "xlsx") return fail(Fault::bad_argument, "format 应为 xlsx 或 pdf");
    tasks::Order order;
    order.kind = "assess.report";
    order.owner = call.principal.name;
    order.permission = Permission::assess_view;
    order.file_name = known->title_zh + (period.from == period.to ? "月度监测报告-" : "考核报告-") +
                      period.text() + (pdf ? ".pdf" : ".xlsx");
    order.work = [desk, who = call.principal, scheme, period, pdf](tasks::Run& run) {
        return make_report(*desk, who, scheme, period, pdf, run);
    };
    return tasks::started(TRY(desk->tasks->start(std::move(order))));
}

Endpoint report_endpoint(const DeskPtr& desk) {
    Endpoint endpoint("assess.report", Method::post, "/api/v1/assess/reports", Permission::assess_view,
                      Audit::metered, "生成月度监测报告或季度考核报告（XLSX 或 PDF）",
                      "The monthly report or quarterly assessment as a file; answers with a task to follow",
                      {scheme_field(Where::body),
                       period_field(Where::body),
                       {"format", FieldType::text, "xlsx 或 pdf", "xlsx or pdf", true, Where::body, "xlsx"}},
                      tasks::started_fields(), api::LongHandler([desk](const Call& call, const Input& in) {
                          return start_report(desk, call, in);
                      }));
    endpoint.reply_status = 202;
    endpoint.refusals = {Fault::bad_argument, Fault::not_found, Fault::tasks_full};
    return endpoint;
}

}  // namespace

std::vector<Endpoint> endpoints(std::shared_ptr<const Desk> desk) {
    std::vector<Endpoint> all;
    add_figures(all, desk);
    add_closed(all, desk);
    all.push_back(file_one(desk));
    all.push_back(decide_one(desk));
    all.push_back(report_endpoint(desk));
    return all;
}

}  // namespace mingxin::assess
