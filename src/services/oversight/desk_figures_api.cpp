// The office's day and the big screen.
#include <algorithm>
#include <functional>

#include "base/json.h"
#include "oversight/desk_figures.h"
#include "oversight/oversight.h"

namespace mingxin::oversight {

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

namespace {

constexpr std::size_t kFaultsShown = 10, kEndingShown = 20, kUnitsShown = 20;

/// What the endpoints run with.
struct Shown {
    std::shared_ptr<const rulebook::Rulebook> rulebook;
    std::int64_t tenant = 0;
    std::unique_ptr<record::FigureKeeper> keeper;
};
using ShownPtr = std::shared_ptr<const Shown>;

Result<std::shared_ptr<const DeskFigures>> figures_of(const Shown& shown, const Call& call,
                                                      store::ReadTx& tx) {
    return std::static_pointer_cast<const DeskFigures>(TRY(shown.keeper->get(tx, call.now)));
}

Field integer(const char* name, const char* zh, const char* en) {
    return {name, FieldType::integer, zh, en, true};
}
Field text(const char* name, const char* zh, const char* en, bool required = true) {
    return {name, FieldType::text, zh, en, required};
}
Field list(const char* name, const char* zh, const char* en, std::vector<Field> members) {
    return {name, FieldType::list, zh, en, true, Where::query, "", std::move(members)};
}
Field object(const char* name, const char* zh, const char* en, std::vector<Field> members) {
    return {name, FieldType::object, zh, en, true, Where::query, "", std::move(members)};
}

/// The figures of the units that the caller may see, added up.
struct Sum {
    std::array<DayFigures, kDays> days{};
    std::map<std::string, std::int64_t> faults;
    record::Waiting waiting;
    std::int64_t ending_count = 0;
    std::vector<Ending> ending;
};

Sum sum_of(const DeskFigures& figures, api::Principal::Scope scope) {
    Sum sum;
    for (const auto& [code, unit] : figures.units) {
        if (!scope.covers(code)) continue;
        for (std::size_t i = 0; i < kDays; ++i) sum.days[i].add(unit.days[i]);
        for (const auto& [fault, count] : unit.faults) sum.faults[fault] += count;
        if (unit.waiting.rows > 0 && (sum.waiting.rows == 0 || unit.waiting.oldest < sum.waiting.oldest)) {
            sum.waiting.oldest = unit.waiting.oldest;
        }
        sum.waiting.rows += unit.waiting.rows;
        sum.waiting.before += unit.waiting.before;
        sum.ending_count += unit.ending_count;
        sum.ending.insert(sum.ending.end(), unit.ending.begin(), unit.ending.end());
    }
    std::stable_sort(sum.ending.begin(), sum.ending.end(),
                     [](const Ending& a, const Ending& b) { return a.until < b.until; });
    if (sum.ending.size() > kEndingShown) sum.ending.resize(kEndingShown);
    return sum;
}

void write_day(JsonWriter& json, const DayFigures& day) {
    json.field("batches", day.batches).field("rows", day.rows).field("accepted", day.accepted);
    json.field("updated", day.updated).field("duplicate", day.duplicate).field("doubtful", day.doubtful);
    json.field("rejected", day.rejected).field("refused_files", day.refused_files);
}

std::vector<Field> day_fields() {
    return {integer("batches", "批次", "batches"),
            integer("rows", "行数", "rows"),
            integer("accepted", "入库", "accepted"),
            integer("updated", "更新", "updated"),
            integer("duplicate", "重复", "duplicates"),
            integer("doubtful", "存疑", "doubtful"),
            integer("rejected", "退回", "rejected"),
            integer("refused_files", "没有一行入库的文件", "files of which no row was taken")};
}

void write_waiting(JsonWriter& json, const record::Waiting& waiting, const DeskFigures& figures) {
    json.begin_object().field("rows", waiting.rows);
    const bool any = waiting.rows > 0;
    if (any) json.field("oldest", waiting.oldest.to_string());
    json.field("oldest_days", any ? figures.day.days - waiting.oldest.date().days : 0);
    json.field("overdue", waiting.before).field("due_working_days", figures.due_working_days).end_object();
}

std::string fault_title(const rulebook::Rulebook& rulebook, std::string_view id) {
    const auto& rules = rulebook.rules();
    const auto rule = std::find_if(rules.begin(), rules.end(), [&](const auto& one) { return one.id == id; });
    return rule == rules.end() ? std::string(id) : rule->title_zh;
}

template <class Key>
std::vector<std::pair<Key, std::int64_t>> most_first(const std::map<Key, std::int64_t>& counts,
                                                     std::size_t most) {
    std::vector<std::pair<Key, std::int64_t>> sorted(counts.begin(), counts.end());
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    if (sorted.size() > most) sorted.resize(most);
    return sorted;
}

void write_unit(JsonWriter& json, const std::string& code, const UnitFigures& unit, Date today) {
    DayFigures sum;
    for (const DayFigures& day : unit.days) sum.add(day);
    json.begin_object().field("code", code).field("name", unit.name).field("batches", sum.batches);
    json.field("rows", sum.rows).field("rejected", sum.rejected).field("waiting", unit.waiting.rows);
    if (unit.last) {
        json.field("last", unit.last->to_string()).field("last_days", today.days - unit.last->date().days);
    }
    json.field("silent", sum.batches == 0).end_object();
}

/// Records by their ids, as the public sees them; write writes one.
Result<void> write_records(const Shown& shown, const Call& call, store::ReadTx& tx, JsonWriter& json,
                           const char* name, const std::vector<std::string>& ids,
                           const std::function<void(const record::ShownRecord&)>& write) {
    record::Reading reading;
    reading.purpose = "公示查询";
    reading.today = call.today();
    json.key(name).begin_array();
    for (const std::string& id : ids) {
        const auto record = TRY(record::disclose_one(tx, *shown.rulebook, shown.tenant, id, reading));
        if (!record) continue;  // withdrawn since it was counted
        const auto subject = TRY(subject::find_by_code(tx, shown.tenant, record->subject));
        json.begin_object().field("id", record->id).field("item", record->item->id);
        json.field("item_title", record->item->title_zh).field("title", record->title);
        json.field("subject", record->subject).field("subject_name", subject ? subject->name : std::string());
        write(*record);
        json.end_object();
    }
    json.end_array();
    return {};
}

std::vector<Field> record_fields(std::vector<Field> more) {
    std::vector<Field> fields = {text("id", "记录编号", "record id"),
                                 text("item", "目录项", "catalogue item"),
                                 text("item_title", "目录项名称", "title of the item"),
                                 text("title", "标题", "title"),
                                 text("subject", "主体代码", "code of the subject"),
                                 text("subject_name", "主体名称", "name of the subject")};
    fields.insert(fields.end(), more.begin(), more.end());
    return fields;
}

void write_days(JsonWriter& json, const Sum& sum, const DeskFigures& figures) {
    json.key("days").begin_array();
    for (int i = 0; i < kDays; ++i) {
        json.begin_object().field("day", figures.day.plus_days(i - kDays + 1).to_string());
        write_day(json, sum.days[static_cast<std::size_t>(i)]);
        json.end_object();
    }
    json.end_array();
}

Result<Reply> show_desk(const Shown& shown, const Call& call, store::ReadTx& tx) {
    const auto figures = TRY(figures_of(shown, call, tx));
    const api::Principal::Scope scope = call.principal.scope();
    const Sum sum = sum_of(*figures, scope);
    JsonWriter json;
    json.begin_object().field("day", figures->day.to_string()).field("counted", figures->counted.to_string());
    json.field("all_units", scope.all).key("today").begin_object();
    write_day(json, sum.days.back());
    json.end_object().key("waiting");
    write_waiting(json, sum.waiting, *figures);
    write_days(json, sum, *figures);
    json.key("faults").begin_array();
    for (const auto& [fault, count] : most_first(sum.faults, kFaultsShown)) {
        json.begin_object().field("fault", fault).field("title", fault_title(*shown.rulebook, fault));
        json.field("count", count).end_object();
    }
    json.end_array().key("units").begin_array();
    for (const auto& [code, unit] : figures->units) {
        if (scope.covers(code) && !unit.name.empty()) write_unit(json, code, unit, figures->day);
    }
    json.end_array().key("ending").begin_object().field("count", sum.ending_count).field("days", kDays);
    std::vector<std::string> ids;
    for (const Ending& one : sum.ending) ids.push_back(one.id);
    TRY(write_records(shown, call, tx, json, "records", ids, [&](const record::ShownRecord& record) {
        if (record.shown_until) json.field("shown_until", record.shown_until->to_string());
    }));
    json.end_object().end_object();
    return Reply::json(json.take());
}

std::vector<Field> desk_fields() {
    std::vector<Field> with_day = day_fields();
    with_day.insert(with_day.begin(), {"day", FieldType::date, "日期", "day", true});
    return {{"day", FieldType::date, "今天", "today", true},
            text("counted", "统计时间（UTC）", "when they were counted (UTC)"),
            {"all_units", FieldType::boolean, "是否为全部单位", "whether of all units", true},
            object("today", "今天的批次", "batches of today", day_fields()),
            object("waiting", "等待核实的存疑行", "rows that wait for a decision",
                   {integer("rows", "行数", "rows"),
                    text("oldest", "最早的收到时间（UTC）", "oldest (UTC)", false),
                    integer("oldest_days", "最早的已等待天数", "days that the oldest waits"),
                    integer("overdue", "已超过核查时限的行数", "rows beyond the working days allowed"),
                    integer("due_working_days", "核查时限（工作日）", "working days allowed")}),
            list("days", "近30天", "the last 30 days", std::move(with_day)),
            list("faults", "近30天最多的问题", "most frequent faults of 30 days",
                 {text("fault", "故障码", "fault code"), text("title", "名称", "title"),
                  integer("count", "个数", "how many")}),
            list("units", "各单位近30天", "units, of 30 days",
                 {text("code", "单位代码", "code"),
                  text("name", "单位名称", "name"),
                  integer("batches", "批次", "batches"),
                  integer("rows", "行数", "rows"),
                  integer("rejected", "退回", "rejected"),
                  integer("waiting", "等待核实的行数", "rows that wait"),
                  text("last", "最近一批的时间（UTC）", "newest batch (UTC)", false),
                  {"last_days", FieldType::integer, "距最近一批的天数", "days since then"},
                  {"silent", FieldType::boolean, "30天内没有报送", "nothing for 30 days", true}}),
            object("ending", "即将停止公示的记录", "records whose publicity ends soon",
                   {integer("count", "条数", "how many"), integer("days", "几天之内", "within these days"),
                    list("records", "最近到期的", "the nearest",
                         record_fields({{"shown_until", FieldType::date, "公示截止日期", "shown until"}}))})};
}

// --- the big screen

void write_item_counts(JsonWriter& json, const rulebook::Rulebook& rulebook,
                       const std::map<std::int64_t, std::int64_t>& counts, bool titles) {
    json.begin_array();
    for (const auto& [number, count] : counts) {
        const rulebook::Item* item = rulebook.item(number);
        if (!item) continue;
        json.begin_object().field("item", item->id);
        if (titles) json.field("title", item->title_zh);
        json.field("records", count).end_object();
    }
    json.end_array();
}

void write_months(JsonWriter& json, const rulebook::Rulebook& rulebook, const DeskFigures& figures) {
    const YearMonthDay today = split(figures.day);
    const int last = today.year * 12 + today.month - 1;
    json.key("months").begin_array();
    for (int month = last - kMonths + 1; month <= last; ++month) {
        const Date first = *make_date(month / 12, month % 12 + 1, 1);
        json.begin_object().field("month", first.to_string().substr(0, 7)).key("items");
        const auto found = figures.months.find(month);
        write_item_counts(
            json, rulebook,
            found == figures.months.end() ? std::map<std::int64_t, std::int64_t>() : found->second, false);
        json.end_object();
    }
    json.end_array();
}

void write_units_and_industries(JsonWriter& json, const rulebook::Rulebook& rulebook,
                                const DeskFigures& figures) {
    std::map<std::string, std::int64_t> shown;
    for (const auto& [code, unit] : figures.units) {
        if (unit.shown > 0 && !unit.name.empty()) shown[code] = unit.shown;
    }
    json.key("units").begin_array();
    for (const auto& [code, count] : most_first(shown, kUnitsShown)) {
        json.begin_object().field("code", code).field("name", figures.units.at(code).name);
        json.field("records", count).end_object();
    }
    json.end_array().key("industries").begin_array();
    for (const auto& [section, count] : most_first(figures.sections, figures.sections.size())) {
        json.begin_object().field("section", section);
        json.field("title", section.empty() ? "未填写" : rulebook.industry(section));
        json.field("subjects", count).end_object();
    }
    json.end_array();
}

std::int64_t count_of(const rulebook::Rulebook& rulebook, const std::map<std::int64_t, std::int64_t>& counts,
                      std::string_view item_id) {
    const rulebook::Item* item = rulebook.item(item_id);
    const auto found = item ? counts.find(item->number) : counts.end();
    return found == counts.end() ? 0 : found->second;
}

Result<Reply> show_screen(const Shown& shown, const Call& call, store::ReadTx& tx) {
    const auto figures = TRY(figures_of(shown, call, tx));
    const rulebook::Rulebook& rulebook = *shown.rulebook;
    std::int64_t received = 0;
    for (const auto& [item, count] : figures->today) received += count;
    JsonWriter json;
    json.begin_object().field("counted", figures->counted.to_string()).field("day", figures->day.to_string());
    json.key("subjects").begin_object().field("enterprises", figures->subjects.enterprises);
    json.field("individual_businesses", figures->subjects.individual_businesses);
    json.field("other_organisations", figures->subjects.other_organisations).end_object();
    json.field("events", figures->event).key("today").begin_object();
    json.field("permits", count_of(rulebook, figures->today, "permit"));
    json.field("penalties", count_of(rulebook, figures->today, "penalty")).field("records", received);
    json.end_object().key("items");
    write_item_counts(json, rulebook, figures->items, true);
    write_months(json, rulebook, *figures);
    write_units_and_industries(json, rulebook, *figures);
    TRY(write_records(shown, call, tx, json, "newest", figures->newest,
                      [&](const record::ShownRecord& record) {
                          json.field("organ", record.organ);
                          if (record.decided) json.field("decided", record.decided->to_string());
                          json.field("received", record.received.to_string());
                      }));
    json.end_object();
    return Reply::json(json.take());
}

std::vector<Field> screen_fields() {
    const std::vector<Field> month_item = {text("item", "目录项", "catalogue item"),
                                           integer("records", "记录", "records")};
    return {text("counted", "统计时间（UTC）", "when they were counted (UTC)"),
            {"day", FieldType::date, "今天", "today", true},
            object("subjects", "收录的主体", "subjects",
                   {integer("enterprises", "企业", "enterprises"),
                    integer("individual_businesses", "个体工商户", "individual businesses"),
                    integer("other_organisations", "其他组织", "other organisations")}),
            integer("events", "账本事件", "events of the journal"),
            object("today", "今天收到的", "received today",
                   {integer("permits", "行政许可", "permits"), integer("penalties", "行政处罚", "penalties"),
                    integer("records", "全部记录", "all records")}),
            list("items", "各目录项", "by item",
                 {text("item", "目录项", "catalogue item"), text("title", "名称", "title"),
                  integer("records", "记录", "records")}),
            list("months", "近24个月，按决定日期", "24 months, by decision",
                 {text("month", "月份", "month"), list("items", "各目录项", "by item", month_item)}),
            list("units", "各单位", "by unit",
                 {text("code", "单位代码", "code"), text("name", "单位名称", "name"),
                  integer("records", "记录", "records")}),
            list("industries", "各行业门类的主体", "subjects by section of industry",
                 {text("section", "门类", "section"), text("title", "名称", "title"),
                  integer("subjects", "主体", "subjects")}),
            list("newest", "最近公示的", "newest public records",
                 record_fields({text("organ", "作出机关", "deciding organ"),
                                {"decided", FieldType::date, "决定日期", "date of the decision"},
                                text("received", "收到时间（UTC）", "received (UTC)")}))};
}

}  // namespace

std::vector<Endpoint> desk_endpoints(store::Database* database,
                                     std::shared_ptr<const rulebook::Rulebook> rulebook,
                                     std::int64_t tenant) {
    auto made = std::make_shared<Shown>();
    if (database) made->keeper = keep_desk_figures(*database, rulebook, tenant);
    made->rulebook = std::move(rulebook);
    made->tenant = tenant;
    const ShownPtr shown = made;
    std::vector<Endpoint> all;
    all.push_back(Endpoint("desk.show", Method::get, "/api/v1/desk-figures", Permission::collect_view,
                           Audit::metered, "今天的工作：批次、存疑行、各单位、即将停止公示的记录",
                           "The office's day in figures", {}, desk_fields(),
                           api::ReadHandler([shown](const Call& call, const Input&, store::ReadTx& tx) {
                               return show_desk(*shown, call, tx);
                           })));
    all.push_back(Endpoint("screen.show", Method::get, "/api/v1/screen-figures", Permission::collect_view,
                           Audit::metered, "大屏：全平台可公开的统计", "Figures for the big screen", {},
                           screen_fields(),
                           api::ReadHandler([shown](const Call& call, const Input&, store::ReadTx& tx) {
                               return show_screen(*shown, call, tx);
                           })));
    for (Endpoint& endpoint : all) endpoint.lengthy = true;
    return all;
}

}  // namespace mingxin::oversight
