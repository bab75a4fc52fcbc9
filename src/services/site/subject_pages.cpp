// A subject, one kind of its records, a record.
#include <algorithm>
#include <charconv>
#include <map>

#include "base/json.h"
#include "base/text.h"
#include "journal/journal.h"
#include "site/pages.h"
#include "site/words.h"
#include "subject/subject.h"

namespace mingxin::site {
namespace {

using api::Call;
using api::FieldType;
using api::Input;
using api::Reply;
using api::Where;
using record::ShownRecord;
using rulebook::Role;

constexpr std::size_t kCards = 20, kCardsPerPage = 50;  // on the subject's page; on a page of one kind
constexpr std::size_t kPast = 14, kAhead = 8;           // of the life line

/// Everything that the subject's page is made from.
struct Dossier {
    subject::Subject subject;
    std::vector<ShownRecord> records;          // newest decision first
    std::map<std::string, std::string> units;  // by batch: who handed it in
    Date today;
    std::vector<const ShownRecord*> of(const rulebook::Item& item) const {
        std::vector<const ShownRecord*> own;
        for (const ShownRecord& shown : records) {
            if (shown.item == &item) own.push_back(&shown);
        }
        return own;
    }
    const std::string& unit_of(const ShownRecord& shown) const {
        static const std::string none;
        auto unit = units.find(shown.id.substr(0, shown.id.find('-')));
        return unit == units.end() ? none : unit->second;
    }
};

Result<Dossier> open_dossier(const Shared& site, const Call& call, store::ReadTx& tx,
                             subject::Subject subject) {
    Dossier dossier;
    dossier.today = call.today();
    dossier.records = TRY(
        record::disclose(tx, *site.deps.rulebook, site.deps.tenant, subject.code, {}, site.reading(call)));
    for (const ShownRecord& shown : dossier.records) {
        if (!shown.source_unit.empty()) continue;
        const std::string batch = shown.id.substr(0, shown.id.find('-'));
        if (!dossier.units.contains(batch)) dossier.units[batch] = TRY(submitting_unit(tx, shown.id));
    }
    dossier.subject = std::move(subject);
    return dossier;
}

/// What the opening sentence and the strip of answers tell.
struct Standing {
    std::int64_t permits = 0, penalties = 0, serious = 0, repairable = 0;
    std::optional<Date> next_expiry, last_end;
    const ShownRecord* newest = nullptr;
};

Standing standing_of(const Dossier& dossier, const rulebook::Rulebook& rulebook) {
    Standing standing;
    for (const ShownRecord& shown : dossier.records) {
        if (standing.newest == nullptr || standing.newest->received < shown.received) {
            standing.newest = &shown;
        }
        if (shown.item->adverse) {
            ++standing.penalties;
            standing.serious += shown.severity == 3 ? 1 : 0;
            const auto repair = repairable_from(shown, rulebook, dossier.today);
            standing.repairable += repair && *repair <= dossier.today ? 1 : 0;
            standing.last_end = std::max(standing.last_end, shown.shown_until);
        } else if (!shown.item->defines_subject && in_force(shown)) {
            ++standing.permits;
            const auto end = valid_until(shown);
            if (end && (!standing.next_expiry || *end < *standing.next_expiry)) standing.next_expiry = end;
        }
    }
    return standing;
}

std::string count_zh(std::int64_t number, const char* unit) {
    return grouped(number) + unit;
}

/// A sentence that can be repeated on the telephone.
std::string sentence(const Dossier& dossier, const Standing& standing) {
    std::string text = dossier.subject.state.empty() ? "本站还没有收到它的登记状态，"
                                                     : "登记状态为" + dossier.subject.state + "，";
    text += standing.permits == 0 ? "没有公示中的有效许可。"
                                  : "现有" + count_zh(standing.permits, "项") + "有效许可。";
    if (standing.penalties == 0) return text + "没有在公示期内的行政处罚。";
    text += "有" + count_zh(standing.penalties, "项") + "行政处罚在公示期内";
    if (standing.serious == standing.penalties) {
        text += standing.penalties > 1 ? "，均为严重失信" : "，为严重失信";
    } else if (standing.serious == 0) {
        text += standing.penalties > 1 ? "，均为一般失信" : "，为一般失信";
    } else {
        text += "，其中" + count_zh(standing.serious, "项") + "为严重失信";
    }
    if (standing.repairable == standing.penalties) {
        text += standing.penalties > 1 ? "，现在都可以申请修复" : "，现在就可以申请修复";
    } else if (standing.repairable > 0) {
        text += "，" + count_zh(standing.repairable, "项") + "现在就可以申请修复";
    }
    return text + "。";
}

void add_answer(Model& model, std::string_view question, const std::string& answer, std::string_view href,
                const std::string& ground_html) {
    model.add("answers")
        .set("question", question)
        .set("answer", answer)
        .set("href", href)
        .set("ground", ground_html);
}

void fill_answers(Model& model, const Dossier& dossier, const Standing& standing) {
    const auto& subject = dossier.subject;
    add_answer(model, "登记状态", subject.state.empty() ? "未收到" : subject.state, "",
               subject.established ? "成立" + age_zh(*subject.established, dossier.today)
                                   : std::string("没有收到成立日期"));
    add_answer(model, "有效许可", count_zh(standing.permits, "项"), standing.permits > 0 ? "#permit" : "",
               standing.next_expiry   ? "最近到期" + time_html(*standing.next_expiry)
               : standing.permits > 0 ? "都是长期有效"
                                      : "截至今天");
    add_answer(
        model, "公示中的处罚", count_zh(standing.penalties, "项"), standing.penalties > 0 ? "#penalty" : "",
        standing.last_end ? "最迟" + time_html(*standing.last_end) + "停止公示" : "已过公示期的不再显示");
    std::string when = "没有";
    if (standing.newest) {
        const Date day = standing.newest->received.date();
        when = day >= dossier.today ? "今天" : age_zh(day, dossier.today) + "前";
    }
    add_answer(model, "最近收到信息", when, "",
               standing.newest ? time_html(standing.newest->received.date()) + "，" +
                                     escape_html(standing.newest->item->title_zh)
                               : std::string());
}

/// A point of the life line.
struct Point {
    Date day;
    std::string kind, title, text;
};

std::vector<Point> points_of(const Dossier& dossier, const rulebook::Rulebook& rulebook) {
    std::vector<Point> points;
    const Date today = dossier.today;
    for (const ShownRecord& shown : dossier.records) {
        const std::string what = shortened(heading(shown), 24);
        if (shown.item->defines_subject || !shown.decided) continue;
        if (!shown.item->adverse) {
            points.push_back({*shown.decided, "good", "取得" + what, shown.organ});
            const auto end = valid_until(shown);
            if (end && *end >= today && in_force(shown)) points.push_back({*end, "ahead", "许可到期", what});
            continue;
        }
        const std::string result = result_zh(shown);
        points.push_back({*shown.decided, "note", result.substr(0, result.find("，")), what});
        const std::string which = date_zh(*shown.decided) + "的处罚";
        const auto repair = repairable_from(shown, rulebook, today);
        if (repair && *repair > today) points.push_back({*repair, "ahead", "可申请修复", which});
        if (shown.shown_until) points.push_back({*shown.shown_until, "ahead", "停止公示", which});
    }
    std::stable_sort(points.begin(), points.end(),
                     [](const Point& a, const Point& b) { return a.day < b.day; });
    return points;
}

void add_point(Model& model, const Point& point) {
    Model& entry = model.add("life");
    entry.set("kind", point.kind).set("day", time_html(point.day)).set("title", point.title);
    entry.set("text", point.text).flag("is_now", point.kind == "now");
}

void fill_life(Model& model, const Dossier& dossier, const rulebook::Rulebook& rulebook) {
    std::vector<Point> past, ahead;
    for (Point& point : points_of(dossier, rulebook)) {
        (point.kind == "ahead" ? ahead : past).push_back(std::move(point));
    }
    if (dossier.subject.established) add_point(model, {*dossier.subject.established, "", "成立", ""});
    if (past.size() > kPast) {
        const auto hidden = static_cast<std::int64_t>(past.size() - kPast);
        model.add("life").set("kind", "").set("title", "另有" + grouped(hidden) + "项较早的记录");
        past.erase(past.begin(), past.end() - kPast);
    }
    for (const Point& point : past) add_point(model, point);
    add_point(model, {dossier.today, "now", "今天", dossier.subject.state});
    if (ahead.size() > kAhead) ahead.resize(kAhead);
    for (const Point& point : ahead) add_point(model, point);
}

/// Registration first as facts, everything else as cards; what is negative comes first.
std::vector<const rulebook::Item*> items_in_order(const rulebook::Rulebook& rulebook) {
    std::vector<const rulebook::Item*> items;
    for (const auto& item : rulebook.items()) {
        if (!item->defines_subject) items.push_back(item.get());
    }
    std::stable_sort(items.begin(), items.end(), [](const rulebook::Item* a, const rulebook::Item* b) {
        return a->adverse > b->adverse;
    });
    return items;
}

void fill_group(Model& group, const rulebook::Item& item, const Dossier& dossier,
                const rulebook::Rulebook& rulebook, std::vector<const ShownRecord*> own, std::size_t most) {
    const auto total = static_cast<std::int64_t>(own.size());
    group.set("item", item.id).set("title", item.title_zh).set("count", total);
    group.flag("empty", own.empty()).flag("adverse_item", item.adverse);
    group.flag("more", own.size() > most).set("code", dossier.subject.code);
    if (own.size() > most) own.resize(most);
    for (const ShownRecord* shown : own) {
        fill_record(group.add("records"), *shown, rulebook, dossier.today, dossier.unit_of(*shown));
    }
}

void fill_registration(Model& model, const Dossier& dossier) {
    for (const ShownRecord& shown : dossier.records) {
        if (!shown.item->defines_subject) continue;
        Model& facts = model.add("registration");
        facts.set("id", shown.id).set("received", time_html(shown.received.date()));
        facts.set("source_unit", shown.source_unit.empty() ? dossier.unit_of(shown) : shown.source_unit);
        for (const record::ShownField& field : shown.fields) {
            const auto name = shown.item->field_with(Role::subject_name),
                       code = shown.item->field_with(Role::uscc);
            const auto& fields = shown.item->fields;
            if ((name >= 0 && fields[static_cast<std::size_t>(name)].code == field.code) ||
                (code >= 0 && fields[static_cast<std::size_t>(code)].code == field.code)) {
                continue;
            }
            const auto day = parse_date(field.value);
            facts.add("fields")
                .set("name", field.name_zh)
                .set("value", day ? time_html(*day) : escape_html(field.value))
                .flag("long", character_count(field.value) > 18);
        }
        return;
    }
}

/// schema.org, for search engines. No value can end the element: < is written as an escape.
std::string structured_data(const Shared& site, const subject::Subject& subject,
                            const std::vector<subject::FormerName>& former) {
    JsonWriter json;
    json.begin_object().field("@context", "https://schema.org").field("@type", "Organization");
    json.field("name", subject.name).field("identifier", subject.code);
    json.field("url", site.deps.public_url + "/subjects/" + subject.code);
    if (subject.established) json.field("foundingDate", subject.established->to_string());
    if (!former.empty()) {
        json.key("alternateName").begin_array();
        for (const auto& one : former) json.text(one.name);
        json.end_array();
    }
    json.end_object();
    std::string text = json.take();
    for (std::size_t at = 0; (at = text.find('<', at)) != std::string::npos; at += 6) {
        text.replace(at, 1, "\\u003c");
    }
    return text;
}

Result<void> fill_names(const Shared& site, Model& model, store::ReadTx& tx, const Dossier& dossier) {
    const auto& subject = dossier.subject;
    model.set("code", subject.code).set("name", subject.name).set("base", base_zh(subject.base));
    model.set("today", time_html(dossier.today));
    const auto former = TRY(subject::former_names(tx, site.deps.tenant, subject.code));
    std::string names;
    for (const subject::FormerName& one : former) names += (names.empty() ? "" : "、") + one.name;
    model.set("former_names", names).set("structured", structured_data(site, subject, former));
    return {};
}

Result<std::optional<subject::Subject>> find_subject(const Shared& site, const Input& in, store::ReadTx& tx) {
    auto subject = TRY(subject::find_by_code(tx, site.deps.tenant, in.text("code")));
    if (!subject) return fail(Fault::not_found, "没有代码为“" + std::string(in.text("code")) + "”的主体");
    return subject;
}

Result<Reply> show_subject(const Shared& site, const Call& call, const Input& in, store::ReadTx& tx) {
    auto subject = TRY(find_subject(site, in, tx));
    if (subject->code != in.text("code")) return Reply::redirect("/subjects/" + escape_url(subject->code));
    const rulebook::Rulebook& rulebook = *site.deps.rulebook;
    const Dossier dossier = TRY(open_dossier(site, call, tx, std::move(*subject)));
    const Standing standing = standing_of(dossier, rulebook);
    Model model;
    TRY(fill_names(site, model, tx, dossier));
    const std::string opening = sentence(dossier, standing);
    model.set("sentence", opening).set("description", dossier.subject.name + "，" + opening);
    fill_answers(model, dossier, standing);
    for (const rulebook::Item* item : items_in_order(rulebook)) {
        auto own = dossier.of(*item);
        model.add("sections")
            .set("anchor", item->id)
            .set("title", item->title_zh)
            .set("count", std::ssize(own));
        fill_group(model.add("groups"), *item, dossier, rulebook, std::move(own), kCards);
    }
    fill_registration(model, dossier);
    fill_life(model, dossier, rulebook);
    const auto head = TRY(journal::latest_head(tx));
    model.set("events", grouped(head ? head->size : 0));
    return site.page(call, "subject", dossier.subject.name, model);
}

/// All records of one kind, by pages.
Result<Reply> show_kind(const Shared& site, const Call& call, const Input& in, store::ReadTx& tx) {
    auto subject = TRY(find_subject(site, in, tx));
    const rulebook::Item* item = site.deps.rulebook->item(in.text("item"));
    if (item == nullptr) return fail(Fault::not_found, "没有这一类信息");
    const Dossier dossier = TRY(open_dossier(site, call, tx, std::move(*subject)));
    auto own = dossier.of(*item);
    auto from = own.begin();
    if (in.has("after")) {
        from = std::find_if(own.begin(), own.end(),
                            [&](const ShownRecord* shown) { return shown->id == in.text("after"); });
        from = from == own.end() ? own.begin() : from + 1;
    }
    const auto to = from + std::min<std::ptrdiff_t>(kCardsPerPage, own.end() - from);
    Model model;
    TRY(fill_names(site, model, tx, dossier));
    model.set("total", grouped(std::ssize(own))).set("item_title", item->title_zh).set("item", item->id);
    if (to != own.end()) model.set("next", (*(to - 1))->id);
    model.flag("has_before", from != own.begin());
    fill_group(model.add("groups"), *item, dossier, *site.deps.rulebook, {from, to}, kCardsPerPage);
    add_crumb(model, dossier.subject.name, "/subjects/" + dossier.subject.code);
    return site.page(call, "kind", dossier.subject.name + "：" + item->title_zh, model);
}

Result<Reply> show_record(const Shared& site, const Call& call, const Input& in, store::ReadTx& tx) {
    auto shown = TRY(
        record::disclose_one(tx, *site.deps.rulebook, site.deps.tenant, in.text("id"), site.reading(call)));
    if (!shown) return fail(Fault::not_found, "没有这条记录，或它已不在公示期内");
    Model model;
    fill_record(model, *shown, *site.deps.rulebook, call.today(),
                shown->source_unit.empty() ? TRY(submitting_unit(tx, shown->id)) : std::string());
    for (const record::ShownField& field : shown->fields) {
        const auto day = parse_date(field.value);
        model.add("fields")
            .set("name", field.name_zh)
            .set("value", day ? time_html(*day) : escape_html(field.value));
    }
    const std::size_t dash = shown->id.find('-');
    model.set("event", std::string_view(shown->id).substr(0, dash));
    model.set("row", dash == std::string::npos ? "" : std::string_view(shown->id).substr(dash + 1));
    const std::string name = TRY(subject_name(site, tx, shown->subject));
    model.set("subject_name", name);
    add_crumb(model, name, "/subjects/" + shown->subject);
    return site.page(call, "record", heading(*shown), model);
}

}  // namespace

Result<std::string> submitting_unit(store::ReadTx& tx, std::string_view record_id) {
    std::int64_t event = 0;
    std::from_chars(record_id.data(), record_id.data() + record_id.size(), event);
    auto batch = TRY(record::find_batch(tx, event));
    if (!batch) return std::string{};
    auto unit = TRY(access::find_unit(tx, batch->unit_code));
    return unit ? unit->name : std::string{};
}

Result<std::string> subject_name(const Shared& site, store::ReadTx& tx, std::string_view code) {
    auto subject = TRY(subject::find_by_code(tx, site.deps.tenant, code));
    return subject ? subject->name : std::string(code);
}

std::vector<api::Endpoint> subject_pages(Pages pages) {
    std::vector<api::Endpoint> list;
    const api::Field code{"code", FieldType::text, "统一社会信用代码",  "Code",
                          true,   Where::path,     "91410423MA3X941T6P"};
    list.push_back(public_page("site.subject", "/subjects/{code}", "主体信用信息", "A subject", {code},
                               [pages](const Call& call, const Input& in, store::ReadTx& tx) {
                                   return show_subject(*pages, call, in, tx);
                               }));
    list.push_back(public_page(
        "site.kind", "/subjects/{code}/{item}", "主体的一类信息", "One kind of a subject's records",
        {code,
         {"item", FieldType::text, "目录项", "Catalogue item", true, Where::path, "permit"},
         {"after", FieldType::text, "上一页最后一条", "Record that the page before ended with", false,
          Where::query, ""}},
        [pages](const Call& call, const Input& in, store::ReadTx& tx) {
            return show_kind(*pages, call, in, tx);
        }));
    list.push_back(public_page("site.record", "/records/{id}", "一条记录", "A record",
                               {{"id", FieldType::text, "记录编号", "Record id", true, Where::path, "17-5"}},
                               [pages](const Call& call, const Input& in, store::ReadTx& tx) {
                                   return show_record(*pages, call, in, tx);
                               }));
    return list;
}

}  // namespace mingxin::site
