// Editions of the rulebook for the credit office: which there are, what a new one changes in the rules and in
// what the public sees, and the decision of a second person (B1, B2).
#include <charconv>

#include "base/json.h"
#include "listing/keyset.h"
#include "oversight/oversight.h"
#include "record/survey.h"
#include "rulebook/editions.h"
#include "subject/subject.h"

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
using listing::Asked;
using listing::Cell;
using listing::Visit;
using listing::Walk;
using listing::Walked;
using rulebook::EditionInfo;
using rulebook::EditionState;

namespace {

using Desk = std::shared_ptr<const EditionDesk>;
using Rules = std::shared_ptr<const rulebook::Rulebook>;

const Field kDigest{"edition",
                    FieldType::text,
                    "规则库摘要",
                    "digest of the edition",
                    true,
                    Where::path,
                    "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"};

void write_edition(JsonWriter& json, const EditionInfo& one) {
    json.begin_object().field("digest", one.digest).field("title", one.title_zh);
    json.field("state", static_cast<std::int64_t>(one.state));
    json.field("state_title", rulebook::edition_state_zh(one.state)).field("event", one.event);
    json.field("proposed_by", one.proposed_by).field("proposed", one.proposed.to_string());
    json.field("decided_by", one.decided_by);
    if (one.decided) json.field("decided", one.decided->to_string());
    json.field("reason", one.reason).end_object();
}

Endpoint list_editions() {
    return Endpoint(
        "edition.list", Method::get, "/api/v1/editions", Permission::rules_view, Audit::metered,
        "规则库各版，最近的在前", "Editions of the rulebook, newest first", {},
        {{"editions",
          FieldType::list,
          "各版",
          "editions",
          true,
          Where::query,
          "",
          {{"digest", FieldType::text, "摘要", "digest", true},
           {"title", FieldType::text, "名称", "title", true},
           {"state", FieldType::integer, "1 等待审定，2 现行，3 已被取代，4 未予启用",
            "1 proposed, 2 in force, 3 superseded, 4 declined", true},
           {"state_title", FieldType::text, "状态", "state in words", true},
           {"event", FieldType::integer, "存有规则文件的账本事项", "event that keeps its files", true},
           {"proposed_by", FieldType::text, "提交人，空为随程序安装", "who proposed it; empty: the program",
            true},
           {"proposed", FieldType::text, "提交时间（UTC）", "when (UTC)", true},
           {"decided_by", FieldType::text, "审定人", "who decided", true},
           {"decided", FieldType::text, "审定时间（UTC）", "when it was decided (UTC)"},
           {"reason", FieldType::text, "未予启用的理由", "why it was declined", true}}}},
        api::ReadHandler([](const Call&, const Input&, store::ReadTx& tx) -> Result<Reply> {
            JsonWriter json;
            json.begin_object().key("editions").begin_array();
            for (const EditionInfo& one : TRY(rulebook::editions(tx))) write_edition(json, one);
            json.end_array().end_object();
            return Reply::json(json.take());
        }));
}

void write_change(JsonWriter& json, const rulebook::RuleChange& change) {
    json.begin_object().field("difference", rulebook::difference_zh(change.difference));
    json.field("kind", change.kind).field("id", change.id).field("title", change.title_zh);
    json.field("basis", change.basis_zh).field("valid_from", change.validity.from.to_string());
    json.field("valid_to", change.validity.to.to_string()).key("facets").begin_array();
    for (const rulebook::FacetChange& facet : change.facets) {
        json.begin_object().field("path", facet.path).field("before", facet.before);
        json.field("after", facet.after).end_object();
    }
    json.end_array().end_object();
}

/// The edition that an edition is measured against: of the one in force the one that it took the place of,
/// of any other the one in force.
Result<Rules> measure_of(store::ReadTx& tx, const EditionInfo& edition) {
    std::optional<EditionInfo> best;
    for (EditionInfo& one : TRY(rulebook::editions(tx))) {
        const bool fits = edition.state == EditionState::in_force
                              ? one.state == EditionState::superseded && one.decided && edition.decided &&
                                    *one.decided <= *edition.decided
                              : one.state == EditionState::in_force;
        if (fits && one.digest != edition.digest && (!best || best->decided < one.decided))
            best = std::move(one);
    }
    if (!best) return rulebook::load_edition(tx, edition.digest);
    return rulebook::load_edition(tx, best->digest);
}

Result<EditionInfo> edition_of(store::ReadTx& tx, std::string_view digest) {
    auto edition = TRY(rulebook::find_edition(tx, digest));
    if (!edition) return fail(Fault::not_found, std::string(digest.substr(0, 12)));
    return std::move(*edition);
}

Endpoint show_changes() {
    const std::vector<Field> facets = {{"path", FieldType::text, "内容的位置", "place in the rule", true},
                                       {"before", FieldType::text, "原为", "before", true},
                                       {"after", FieldType::text, "改为", "after", true}};
    Endpoint endpoint(
        "edition.changes", Method::get, "/api/v1/editions/{edition}", Permission::rules_view, Audit::metered,
        "一版规则库与现行版（现行版则与上一版）的差异",
        "What an edition changes against the one in force; of that one, against the one before", {kDigest},
        {{"title", FieldType::text, "名称", "title", true},
         {"against", FieldType::text, "比较的版本", "compared with", true},
         {"changes",
          FieldType::list,
          "差异",
          "changes",
          true,
          Where::query,
          "",
          {{"difference", FieldType::text, "新增、终止、修改或删除", "added, ended, changed or removed",
            true},
           {"kind", FieldType::text, "规则种类", "kind of rule", true},
           {"id", FieldType::text, "编号", "id", true},
           {"title", FieldType::text, "名称", "title", true},
           {"basis", FieldType::text, "依据", "basis", true},
           {"valid_from", FieldType::date, "有效期自", "valid from", true},
           {"valid_to", FieldType::date, "有效期至", "valid to", true},
           {"facets", FieldType::list, "改动的内容", "what differs", true, Where::query, "", facets}}}},
        api::ReadHandler([](const Call&, const Input& in, store::ReadTx& tx) -> Result<Reply> {
            const EditionInfo edition = TRY(edition_of(tx, in.text("edition")));
            const Rules own = TRY(rulebook::load_edition(tx, edition.digest));
            const Rules other = TRY(measure_of(tx, edition));
            JsonWriter json;
            json.begin_object().field("title", edition.title_zh).field("against", other->edition().title_zh);
            json.key("changes").begin_array();
            for (const rulebook::RuleChange& change : rulebook::compare(*other, *own)) {
                write_change(json, change);
            }
            json.end_array().end_object();
            return Reply::json(json.take());
        }));
    endpoint.refusals = {Fault::not_found};
    return endpoint;
}

/// approve and decline: by somebody else than who proposed it.
Endpoint approve_edition(const Desk& desk) {
    Endpoint endpoint("edition.approve", Method::post, "/api/v1/editions/{edition}/approve",
                      Permission::rules_approve, Audit::metered, "审定启用一版规则库",
                      "Puts a proposed edition into force", {kDigest},
                      {{"digest", FieldType::text, "启用的规则库", "edition in force", true}},
                      api::LongHandler([desk](const Call& call, const Input& in) -> Result<Reply> {
                          TRY(desk->write([&](store::Tx& tx) -> Result<void> {
                              TRY(edition_of(tx, in.text("edition")));
                              const Rules proposed = TRY(rulebook::load_edition(tx, in.text("edition")));
                              return rulebook::approve(tx, *proposed, call.principal.name, call.now);
                          }));
                          desk->activated();
                          JsonWriter json;
                          json.begin_object().field("digest", in.text("edition")).end_object();
                          return Reply::json(json.take());
                      }));
    endpoint.refusals = {Fault::not_found, Fault::edition_not_open, Fault::edition_own};
    return endpoint;
}

Endpoint decline_edition(const Desk& desk) {
    Endpoint endpoint(
        "edition.decline", Method::post, "/api/v1/editions/{edition}/decline", Permission::rules_approve,
        Audit::metered, "不启用一版规则库", "Sets a proposed edition aside",
        {kDigest, {"reason", FieldType::text, "理由", "why", true, Where::body, "尚未收到国家正式文件"}},
        {{"digest", FieldType::text, "不启用的规则库", "the edition", true}},
        api::WriteHandler([desk](const Call& call, const Input& in, store::Tx& tx) -> Result<Reply> {
            TRY(edition_of(tx, in.text("edition")));
            TRY(rulebook::decline(tx, in.text("edition"), in.text("reason"), call.principal.name,
                                  desk->rulebook->digest(), call.now));
            JsonWriter json;
            json.begin_object().field("digest", in.text("edition")).end_object();
            return Reply::json(json.take());
        }));
    endpoint.refusals = {Fault::not_found, Fault::edition_not_open, Fault::edition_own};
    return endpoint;
}

// --- what the public then sees differently

std::string_view effect_zh(const record::PublicityChange& change) {
    if (change.was_shown && !change.is_shown) return "停止公示";
    return change.is_shown && !change.was_shown ? "开始公示" : "公示期改变";
}

std::string day_text(const std::optional<Date>& day) {
    return day ? day->to_string() : std::string();
}

void write_touched(JsonWriter& json, const record::PublicityChange& change, std::string_view name) {
    json.begin_object().field("id", change.id()).field("item", change.item->id);
    json.field("item_title", change.item->title_zh).field("effect", effect_zh(change));
    json.field("subject", change.subject).field("subject_name", name).field("unit", change.unit_code);
    if (change.decided) json.field("decided", change.decided->to_string());
    if (change.was_shown && change.was_until) json.field("was_until", change.was_until->to_string());
    if (change.is_shown && change.is_until) json.field("is_until", change.is_until->to_string());
    json.field("reason", change.reason_zh).end_object();
}

/// "12-34567": item and position.
Result<record::SurveyPlace> place_of(std::string_view key) {
    record::SurveyPlace place;
    if (key.empty()) return place;
    const std::size_t dash = key.find('-');
    const char* end = key.data() + key.size();
    if (dash != key.npos && std::from_chars(key.data(), key.data() + dash, place.item).ec == std::errc() &&
        std::from_chars(key.data() + dash + 1, end, place.position).ec == std::errc()) {
        return place;
    }
    return fail(Fault::bad_argument, "page");
}

Result<Walked> walk_touched(std::int64_t tenant, const Asked& asked, store::ReadTx& tx, const Walk& walk,
                            const Visit& visit) {
    if (walk.descending) return fail(Fault::bad_argument, "order");
    const EditionInfo edition = TRY(edition_of(tx, asked.in.text("edition")));
    const Rules own = TRY(rulebook::load_edition(tx, edition.digest));
    const auto since = TRY(listing::day_in(asked.in, "since"));
    const Rules other = since ? own : TRY(measure_of(tx, edition));
    const Date today = asked.today();
    std::int64_t left = walk.most;
    const auto show = [&](const record::PublicityChange& change) -> Result<bool> {
        if (left-- <= 0) return false;
        const std::string key =
            std::to_string(change.place.item) + "-" + std::to_string(change.place.position);
        if (!walk.contents) return visit({key, {}, {}});
        const auto subject = TRY(subject::find_by_code(tx, tenant, change.subject));
        const std::string name = subject ? subject->name : std::string();
        return visit({key, [&](JsonWriter& json) { write_touched(json, change, name); },
                      [&](std::vector<Cell>& cells) {
                          cells.insert(cells.end(), {{change.id()},
                                                     {change.item->title_zh},
                                                     {std::string(effect_zh(change))},
                                                     {std::string(change.subject)},
                                                     {name},
                                                     {std::string(change.unit_code)},
                                                     {day_text(change.decided)},
                                                     {change.was_shown ? day_text(change.was_until) : ""},
                                                     {change.is_shown ? day_text(change.is_until) : ""},
                                                     {std::string(change.reason_zh)}});
                      }});
    };
    TRY(record::survey_changes(tx, tenant, {*other, since.value_or(today)}, {*own, today},
                               TRY(place_of(walk.from)), show));
    return Walked{};
}

}  // namespace

std::vector<Endpoint> edition_endpoints(std::shared_ptr<const EditionDesk> desk) {
    std::vector<Endpoint> list;
    list.push_back(list_editions());
    list.push_back(show_changes());
    list.push_back(approve_edition(desk));
    list.push_back(decline_edition(desk));
    return list;
}

listing::Listing touched_list(std::int64_t tenant) {
    return {
        .id = "edition.touched",
        .path = "/api/v1/edition-records",
        .permission = Permission::rules_view,
        .zh = "一版规则库使哪些记录的公示改变",
        .en = "Records that the public sees differently under an edition",
        .rows_name = "records",
        .filters = {{"edition", FieldType::text, "规则库摘要", "digest of the edition", true, Where::query,
                     kDigest.example},
                    {"since", FieldType::date, "同一版规则自此日以来因目录项终止或依据废止的改变",
                     "of this edition alone: what ended since that day", false, Where::query, "2026-11-01"}},
        .fields = {{"id", FieldType::text, "记录编号", "record", true},
                   {"item", FieldType::text, "目录项", "item", true},
                   {"item_title", FieldType::text, "目录项名称", "title of the item", true},
                   {"effect", FieldType::text, "停止公示、开始公示或公示期改变", "what changes", true},
                   {"subject", FieldType::text, "统一社会信用代码", "subject", true},
                   {"subject_name", FieldType::text, "主体名称", "name", true},
                   {"unit", FieldType::text, "报送单位代码", "unit", true},
                   {"decided", FieldType::date, "决定日期", "decided"},
                   {"was_until", FieldType::date, "原公示至", "was shown until"},
                   {"is_until", FieldType::date, "现公示至", "is shown until"},
                   {"reason", FieldType::text, "不公示的理由", "why it is not shown", true}},
        .newest_first = false,
        .refusals = {Fault::not_found, Fault::bad_argument},
        .walk = [tenant](const Asked& asked, store::ReadTx& tx, const Walk& walk,
                         const Visit& visit) { return walk_touched(tenant, asked, tx, walk, visit); },
        .export_id = "edition.export",
        .export_path = "/api/v1/exports/edition-records",
        .export_zh = "导出一版规则库影响的记录",
        .title_zh = "规则库影响的记录",
        .columns = {{"记录编号", 14},
                    {"目录项", 20},
                    {"变化", 12},
                    {"统一社会信用代码", 22},
                    {"主体名称", 40},
                    {"报送单位", 22},
                    {"决定日期", 12},
                    {"原公示至", 12},
                    {"现公示至", 12},
                    {"理由", 40}}};
}

}  // namespace mingxin::oversight
