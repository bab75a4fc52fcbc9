// A subject, one kind of its records, a record.
#include <algorithm>
#include <charconv>
#include <map>

#include "base/json.h"
#include "base/text.h"
#include "journal/journal.h"
#include "record/effects.h"
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
    std::vector<std::pair<const rulebook::Item*, std::int64_t>> others;  // in the order of the sections
    std::optional<Date> next_expiry, last_end;
    const ShownRecord* newest = nullptr;
};

/// Registration first as facts, everything else as cards; what is negative comes first.
std::vector<const rulebook::Item*> items_in_order(const rulebook::Rulebook& rulebook) {
    std::vector<const rulebook::Item*> items;
    for (const auto& item : rulebook.items()) {
        if (!item->defines_subject && item->sharing == rulebook::Sharing::open) items.push_back(item.get());
    }
    const auto place = [](const rulebook::Item* item) { return std::pair(!item->adverse, !item->prominent); };
    std::stable_sort(items.begin(), items.end(),
                     [&](const rulebook::Item* a, const rulebook::Item* b) { return place(a) < place(b); });
    return items;
}

Standing standing_of(const Dossier& dossier, const rulebook::Rulebook& rulebook) {
    Standing standing;
    for (const rulebook::Item* item : items_in_order(rulebook)) {
        const auto own = std::ssize(dossier.of(*item));
        if (!item->prominent && own > 0) standing.others.emplace_back(item, own);
    }
    for (const ShownRecord& shown : dossier.records) {
        if (standing.newest == nullptr || standing.newest->received < shown.received) {
            standing.newest = &shown;
        }
        if (!shown.item->prominent) continue;
        if (shown.item->adverse) {
            ++standing.penalties;
            standing.serious += shown.severity == 3 ? 1 : 0;
            const auto repair = repairable_from(shown, rulebook, dossier.today);
            standing.repairable += repair && *repair <= dossier.today ? 1 : 0;
            standing.last_end = std::max(standing.last_end, shown.shown_until);
        } else if (in_force(shown)) {
            ++standing.permits;
            const auto end = valid_until(shown);
            if (end && (!standing.next_expiry || *end < *standing.next_expiry)) standing.next_expiry = end;
        }
    }
    return standing;
}

std::string count_text(const Messages& words, std::int64_t number) {
    return words("subject.count"_text, {{"count", grouped(number)}});
}

/// How serious the penalties are that the opening sentence counts.
std::string grade_clause(const Messages& words, const Standing& standing) {
    const bool many = standing.penalties > 1;
    if (standing.serious == standing.penalties) {
        return std::string(words(many ? "standing.all_serious"_text : "standing.serious"_text));
    }
    if (standing.serious == 0) {
        return std::string(words(many ? "standing.all_ordinary"_text : "standing.ordinary"_text));
    }
    return words("standing.some_serious"_text, {{"count", grouped(standing.serious)}});
}

/// For how many of them an early end can be asked for.
std::string repair_clause(const Messages& words, const Standing& standing) {
    if (standing.repairable == 0) return {};
    if (standing.repairable < standing.penalties) {
        return words("standing.some_repairable"_text, {{"count", grouped(standing.repairable)}});
    }
    return std::string(
        words(standing.penalties > 1 ? "standing.all_repairable"_text : "standing.repairable"_text));
}

/// What else is known, item by item.
std::string others_sentence(const Messages& words, const Standing& standing) {
    std::string list;
    for (const auto& [item, number] : standing.others) {
        const std::string one = words("standing.other"_text, {{"item", escape_html(item_title(words, *item))},
                                                              {"count", grouped(number)}});
        list = list.empty() ? one : words("standing.other_and"_text, {{"one", list}, {"other", one}});
    }
    return list.empty() ? list : words("standing.others"_text, {{"list", list}});
}

/// A sentence that can be repeated on the telephone. state: as text or as HTML.
std::string sentence(const Messages& words, const Standing& standing, const std::string& state) {
    std::string text = state.empty() ? std::string(words("standing.state_none"_text))
                                     : words("standing.state"_text, {{"state", state}});
    text += standing.permits == 0 ? std::string(words("standing.permits_none"_text))
                                  : words("standing.permits"_text, {{"count", grouped(standing.permits)}});
    const std::string others = others_sentence(words, standing);
    if (standing.penalties == 0) return text + std::string(words("standing.penalties_none"_text)) + others;
    text += words("standing.penalties"_text, {{"count", grouped(standing.penalties)}});
    text += grade_clause(words, standing) + repair_clause(words, standing);
    return text + std::string(words("standing.end"_text)) + others;
}

void add_answer(Model& model, std::string_view question, const std::string& answer, std::string_view href,
                const std::string& ground_html) {
    model.add("answers")
        .set("question", question)
        .mark("answer", answer)
        .set("href", href)
        .set("ground", ground_html);
}

/// When the newest record came, and what it was.
void add_newest(const Messages& words, Model& model, const Dossier& dossier, const ShownRecord* newest) {
    if (newest == nullptr) {
        add_answer(model, words("answer.newest"_text), std::string(words("word.none"_text)), "", "");
        return;
    }
    const Date day = newest->received.date();
    const std::string when = day >= dossier.today
                                 ? std::string(words("word.today"_text))
                                 : words("answer.ago"_text, {{"age", age_text(words, day, dossier.today)}});
    add_answer(model, words("answer.newest"_text), when, "",
               words("answer.newest_what"_text, {{"day", time_html(words, day)},
                                                 {"item", escape_html(item_title(words, *newest->item))}}));
}

void fill_answers(const Messages& words, Model& model, const Dossier& dossier, const Standing& standing) {
    const auto& subject = dossier.subject;
    const std::string none;
    add_answer(model, words("answer.state"_text),
               subject.state.empty() ? std::string(words("answer.state_none"_text)) : subject.state, "",
               subject.established
                   ? words("answer.age"_text, {{"age", age_text(words, *subject.established, dossier.today)}})
                   : std::string(words("answer.age_none"_text)));
    const Text without_end = standing.permits > 0 ? "answer.without_end"_text : "answer.as_of"_text;
    add_answer(model, words("answer.permits"_text), count_text(words, standing.permits),
               standing.permits > 0 ? "#permit" : "",
               standing.next_expiry
                   ? words("answer.next_expiry"_text, {{"day", time_html(words, *standing.next_expiry)}})
                   : std::string(words(without_end)));
    add_answer(model, words("answer.penalties"_text), count_text(words, standing.penalties),
               standing.penalties > 0 ? "#penalty" : "",
               standing.last_end
                   ? words("answer.last_end"_text, {{"day", time_html(words, *standing.last_end)}})
                   : std::string(words("answer.no_penalties"_text)));
    add_newest(words, model, dossier, standing.newest);
}

/// A point of the life line.
struct Point {
    Date day;
    std::string kind, title_html, text_html;
};

/// What a penalty brings: the decision, from when repair can be asked for, the end of its term.
void add_penalty(const Messages& words, std::vector<Point>& points, const ShownRecord& shown,
                 const std::string& what, const rulebook::Rulebook& rulebook, Date today) {
    const auto decisions = decisions_of(shown);
    const std::string title = decisions.empty() ? std::string(grade_text(words, shown.severity))
                                                : zh_html(words, decisions.front());
    points.push_back({*shown.decided, "note", title, what});
    const Text of = shown.item->prominent ? "life.of_penalty"_text : "life.of_record"_text;
    const std::string which = words(of, {{"day", date_text(words, *shown.decided)},
                                         {"item", escape_html(item_title(words, *shown.item))}});
    const auto repair = repairable_from(shown, rulebook, today);
    if (repair && *repair > today) {
        points.push_back({*repair, "ahead", std::string(words("step.repair"_text)), which});
    }
    if (shown.shown_until) {
        points.push_back({*shown.shown_until, "ahead", std::string(words("life.end"_text)), which});
    }
}

std::vector<Point> points_of(const Messages& words, const Dossier& dossier,
                             const rulebook::Rulebook& rulebook) {
    std::vector<Point> points;
    const Date today = dossier.today;
    for (const ShownRecord& shown : dossier.records) {
        if (shown.item->defines_subject || !shown.decided) continue;
        const std::string what = zh_html(words, shortened(heading(shown), 24));
        if (shown.item->adverse) {
            add_penalty(words, points, shown, what, rulebook, today);
            continue;
        }
        const std::string title =
            shown.item->prominent
                ? words("life.permit"_text, {{"what", what}})
                : words("life.record"_text,
                        {{"what", what}, {"item", escape_html(item_title(words, *shown.item))}});
        points.push_back({*shown.decided, "good", title, zh_html(words, shown.organ)});
        const auto end = valid_until(shown);
        if (end && *end >= today && in_force(shown)) {
            const Text ends = shown.item->prominent ? "life.permit_end"_text : "life.record_end"_text;
            points.push_back({*end, "ahead", std::string(words(ends)), what});
        }
    }
    std::stable_sort(points.begin(), points.end(),
                     [](const Point& a, const Point& b) { return a.day < b.day; });
    return points;
}

void add_point(const Messages& words, Model& model, const Point& point) {
    Model& entry = model.add("life");
    entry.set("kind", point.kind).set("day", time_html(words, point.day)).set("title", point.title_html);
    entry.set("text", point.text_html).flag("is_now", point.kind == "now");
}

void fill_life(const Messages& words, Model& model, const Dossier& dossier,
               const rulebook::Rulebook& rulebook) {
    std::vector<Point> past, ahead;
    for (Point& point : points_of(words, dossier, rulebook)) {
        (point.kind == "ahead" ? ahead : past).push_back(std::move(point));
    }
    if (dossier.subject.established) {
        add_point(words, model,
                  {*dossier.subject.established, "", std::string(words("life.founded"_text)), ""});
    }
    if (past.size() > kPast) {
        const auto hidden = static_cast<std::int64_t>(past.size() - kPast);
        model.add("life")
            .set("kind", "")
            .set("title", words("life.earlier"_text, {{"count", grouped(hidden)}}));
        past.erase(past.begin(), past.end() - kPast);
    }
    for (const Point& point : past) add_point(words, model, point);
    add_point(
        words, model,
        {dossier.today, "now", std::string(words("word.today"_text)), zh_html(words, dossier.subject.state)});
    if (ahead.size() > kAhead) ahead.resize(kAhead);
    for (const Point& point : ahead) add_point(words, model, point);
}

void fill_group(const Messages& words, Model& group, const rulebook::Item& item, const Dossier& dossier,
                const rulebook::Rulebook& rulebook, std::vector<const ShownRecord*> own, std::size_t most) {
    const auto total = static_cast<std::int64_t>(own.size());
    group.set("item", item.id).set("title", item_title(words, item)).set("count", total);
    group.flag("empty", own.empty()).flag("adverse_item", item.adverse);
    group.flag("more", own.size() > most).set("code", dossier.subject.code);
    if (own.size() > most) own.resize(most);
    for (const ShownRecord* shown : own) {
        fill_record(words, group.add("records"), *shown, rulebook, dossier.today, dossier.unit_of(*shown));
    }
}

void fill_registration(const Messages& words, Model& model, const Dossier& dossier) {
    for (const ShownRecord& shown : dossier.records) {
        if (!shown.item->defines_subject) continue;
        Model& facts = model.add("registration");
        facts.set("id", shown.id).set("received", time_html(words, shown.received.date()));
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
                .set("value", day ? time_html(words, *day) : zh_html(words, field.value))
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

Result<void> fill_names(const Shared& site, const Messages& words, Model& model, store::ReadTx& tx,
                        const Dossier& dossier) {
    const auto& subject = dossier.subject;
    model.set("code", subject.code).set("name", subject.name).set("base", base_text(words, subject.base));
    model.set("today", time_html(words, dossier.today));
    const auto former = TRY(subject::former_names(tx, site.deps.tenant, subject.code));
    std::string names;
    for (const subject::FormerName& one : former)
        names += (names.empty() ? "" : "、") + one.name;  // between names
    model.set("former_names", names).set("structured", structured_data(site, subject, former));
    return {};
}

Result<std::optional<subject::Subject>> find_subject(const Shared& site, const Messages& words,
                                                     const Input& in, store::ReadTx& tx) {
    auto subject = TRY(subject::find_by_code(tx, site.deps.tenant, in.text("code")));
    if (!subject) return fail(Fault::not_found, words("subject.not_found"_text, {{"code", in.text("code")}}));
    return subject;
}

Result<Reply> show_subject(const Shared& site, const Call& call, const Input& in, store::ReadTx& tx) {
    const Messages& words = site.words(call);
    auto subject = TRY(find_subject(site, words, in, tx));
    if (subject->code != in.text("code")) return Reply::redirect("/subjects/" + escape_url(subject->code));
    const rulebook::Rulebook& rulebook = *site.deps.rulebook;
    const Dossier dossier = TRY(open_dossier(site, call, tx, std::move(*subject)));
    const Standing standing = standing_of(dossier, rulebook);
    Model model;
    TRY(fill_names(site, words, model, tx, dossier));
    const std::string& state = dossier.subject.state;
    model.set("sentence", sentence(words, standing, zh_html(words, state)));
    model.mark("description",
               words("subject.description"_text,
                     {{"name", dossier.subject.name}, {"sentence", sentence(words, standing, state)}}));
    fill_answers(words, model, dossier, standing);
    for (const rulebook::Item* item : items_in_order(rulebook)) {
        auto own = dossier.of(*item);
        if (own.empty() && !item->prominent) continue;
        model.add("sections")
            .set("anchor", item->id)
            .set("title", item_title(words, *item))
            .set("count", std::ssize(own));
        fill_group(words, model.add("groups"), *item, dossier, rulebook, std::move(own), kCards);
    }
    fill_registration(words, model, dossier);
    fill_life(words, model, dossier, rulebook);
    const auto head = TRY(journal::latest_head(tx));
    model.set("events", grouped(head ? head->size : 0));
    return site.page(call, "subject", dossier.subject.name, model);
}

/// All records of one kind, by pages.
Result<Reply> show_kind(const Shared& site, const Call& call, const Input& in, store::ReadTx& tx) {
    const Messages& words = site.words(call);
    auto subject = TRY(find_subject(site, words, in, tx));
    const rulebook::Item* item = site.deps.rulebook->item(in.text("item"));
    if (item == nullptr) return fail(Fault::not_found, std::string(words("kind.unknown"_text)));
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
    TRY(fill_names(site, words, model, tx, dossier));
    model.set("total", grouped(std::ssize(own))).set("item", item->id);
    model.set("item_title", item_title(words, *item));
    if (to != own.end()) model.set("next", (*(to - 1))->id);
    model.flag("has_before", from != own.begin());
    fill_group(words, model.add("groups"), *item, dossier, *site.deps.rulebook, {from, to}, kCardsPerPage);
    add_crumb(model, dossier.subject.name, "/subjects/" + dossier.subject.code);
    return site.page(
        call, "kind",
        words("kind.page_title"_text, {{"name", dossier.subject.name}, {"item", item_title(words, *item)}}),
        model);
}

/// In the place of what its source withdrew: that and why, nothing of its content (行政处罚法 art. 48).
Result<Reply> show_withdrawn(const Shared& site, const Call& call, const Input& in, store::ReadTx& tx) {
    const Messages& words = site.words(call);
    const auto statement = TRY(
        record::withdrawal_statement(tx, *site.deps.rulebook, site.deps.tenant, in.text("id"), call.today()));
    if (!statement) return fail(Fault::not_found, std::string(words("record.not_found"_text)));
    const auto unit = TRY(access::find_unit(tx, statement->unit_code));
    Model model;
    model.set("unit", unit ? unit->name : statement->unit_code);
    model.set("when", time_html(words, statement->withdrawn)).set("reason", statement->public_zh);
    return site.page(call, "record_gone", words("record.withdrawn"_text), model, 410);
}

Result<Reply> show_record(const Shared& site, const Call& call, const Input& in, store::ReadTx& tx) {
    auto shown = TRY(
        record::disclose_one(tx, *site.deps.rulebook, site.deps.tenant, in.text("id"), site.reading(call)));
    const Messages& words = site.words(call);
    if (!shown) {  // an address that was handed on leads to what replaced the record
        const auto newer = TRY(record::replaced_by(tx, site.deps.tenant, in.text("id")));
        const bool seen = newer && TRY(record::disclose_one(tx, *site.deps.rulebook, site.deps.tenant, *newer,
                                                            site.reading(call)));
        if (seen) return Reply::redirect("/records/" + *newer);
        return show_withdrawn(site, call, in, tx);
    }
    Model model;
    fill_record(words, model, *shown, *site.deps.rulebook, call.today(),
                shown->source_unit.empty() ? TRY(submitting_unit(tx, shown->id)) : std::string());
    for (const record::ShownField& field : shown->fields) {
        const auto day = parse_date(field.value);
        model.add("fields")
            .set("name", field.name_zh)
            .set("value", day ? time_html(words, *day) : zh_html(words, field.value));
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
