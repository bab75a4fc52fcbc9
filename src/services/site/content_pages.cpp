// Columns and articles: lists, the calendar of the year, agencies beside their own record, one article with
// its corrections, pictures, a feed for each column.
#include <algorithm>
#include <charconv>

#include "base/json.h"
#include "base/text.h"
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

constexpr int kPerPage = 20, kFeedEntries = 30;
constexpr std::size_t kRecordsEach = 10;

/// In the language of the page when there is such a text.
std::string_view name_of(const Messages& words, const ContentColumn& column) {
    return words.language() == Language::en && !column.name_en.empty() ? column.name_en : column.name;
}
std::string_view about_of(const Messages& words, const ContentColumn& column) {
    return words.language() == Language::en && !column.about_en.empty() ? column.about_en : column.about;
}

Result<ContentColumn> column_of(const Shared& site, const Call& call, store::ReadTx& tx,
                                std::string_view slug) {
    for (ContentColumn& column : TRY(site.deps.content.columns(tx))) {
        if (column.slug == slug) return std::move(column);
    }
    return fail(Fault::not_found, std::string(site.words(call)("content.no_column"_text)));
}

std::string days_html(const Messages& words, Date from, const std::optional<Date>& to) {
    if (!to || *to == from) return time_html(words, from);
    return words("content.from_to"_text, {{"from", time_html(words, from)}, {"to", time_html(words, *to)}});
}

void fill_entry(const Messages& words, Model& model, const ContentEntry& entry) {
    model.set("id", entry.id).set("entry_title", entry.title).set("summary", entry.summary);
    model.set("when", time_html(words, entry.first.date()));
    if (entry.event_from) model.set("days", days_html(words, *entry.event_from, entry.event_to));
    if (entry.cover.empty()) return;
    model.set("cover", entry.cover)
        .set("cover_width", entry.cover_width)
        .set("cover_height", entry.cover_height);
}

/// "1795000000000000-17": the place behind an entry.
std::string place_text(const ContentEntry& entry) {
    return std::to_string(entry.first.us) + "-" + std::to_string(entry.id);
}
std::optional<ContentPlace> read_place(std::string_view text) {
    ContentPlace place;
    const char* end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), end, place.first.us);
    if (first.ec != std::errc() || first.ptr == end || *first.ptr != '-') return std::nullopt;
    const auto id = std::from_chars(first.ptr + 1, end, place.id);
    return id.ec == std::errc() && id.ptr == end ? std::optional(place) : std::nullopt;
}

/// A page of a list; the pager leads on by the place behind its last entry.
Result<std::vector<ContentEntry>> page_of(const Shared& site, const Call& call, const Input& in,
                                          store::ReadTx& tx, const ContentColumn& column, Model& model) {
    const auto place = in.has("before") ? read_place(in.text("before")) : std::optional(ContentPlace());
    if (!place) return fail(Fault::not_found);
    auto entries = TRY(site.deps.content.list(tx, column.slug, *place, kPerPage + 1, call.now));
    if (entries.size() > kPerPage) {
        entries.pop_back();
        model.set("next", place_text(entries.back()));
    }
    model.flag("has_before", in.has("before")).flag("empty", entries.empty());
    return entries;
}

/// What its own public record says of an agency, beside what it says of itself.
Result<void> fill_own_record(const Shared& site, const Call& call, store::ReadTx& tx, Model& model,
                             std::string_view code) {
    const auto subject = TRY(subject::find_by_code(tx, site.deps.tenant, code));
    model.set("code", code).flag("known", subject.has_value());
    if (!subject) return {};
    const auto counts = TRY(record::disclose_counts(tx, *site.deps.rulebook, site.deps.tenant, subject->code,
                                                    site.reading(call)));
    const Messages& words = site.words(call);
    model.set("subject_name", subject->name).mark("subject_state", subject->state);
    if (subject->established) model.set("established", time_html(words, *subject->established));
    model.set("penalties", counts.penalties).set("permits", counts.permits);
    model.flag("has_penalties", counts.penalties > 0);
    return {};
}

/// A day or a month that is kept every year, and what the county does, month by month.
struct CalendarRow {
    int month = 0, day = 0;
    std::string title, about, days;  // days: HTML
    std::string href;
};

std::string yearly_days(const Messages& words, int year, const rulebook::Campaign& campaign) {
    const auto from = make_date(year, campaign.from_month, campaign.from_day);
    const auto to = make_date(year, campaign.to_month, campaign.to_day);
    return from && to ? days_html(words, *from, to) : std::string();
}

Result<void> fill_calendar(const Shared& site, const Call& call, store::ReadTx& tx,
                           const ContentColumn& column, Model& model) {
    const Messages& words = site.words(call);
    const Date today = call.today();
    const int year = today.year();
    std::vector<CalendarRow> rows;
    for (const rulebook::Campaign& campaign : site.deps.rulebook->campaigns()) {
        if (!campaign.validity.contains(today)) continue;
        const bool english = words.language() == Language::en;
        rows.push_back({campaign.from_month, campaign.from_day,
                        english ? campaign.title_en : campaign.title_zh,
                        english ? std::string() : campaign.about_zh, yearly_days(words, year, campaign), ""});
    }
    for (const ContentEntry& entry : TRY(site.deps.content.events(tx, call.now))) {
        const YearMonthDay from = split(*entry.event_from);
        if (entry.column != column.slug || (from.year != year && !entry.yearly)) continue;
        rows.push_back({from.month, from.day, entry.title, entry.summary,
                        days_html(words, *entry.event_from, entry.event_to),
                        "/articles/" + std::to_string(entry.id)});
    }
    std::stable_sort(rows.begin(), rows.end(), [](const CalendarRow& a, const CalendarRow& b) {
        return std::pair(a.month, a.day) < std::pair(b.month, b.day);
    });
    for (auto row = rows.begin(); row != rows.end();) {
        Model& month = model.add("months");
        const int number = row->month;
        month.set("month", month_text(words, year, number))
            .set("month_number", number)
            .flag("now", number == split(today).month);
        for (; row != rows.end() && row->month == number; ++row) {
            Model& one = month.add("events");
            one.mark("event", row->title)
                .mark("about", row->about)
                .set("days", row->days)
                .set("href", row->href);
        }
    }
    model.set("year", year).flag("empty", rows.empty());
    return {};
}

/// The newest public records of the items that a column is bound to.
Result<void> fill_records(const Shared& site, const Call& call, store::ReadTx& tx,
                          const ContentColumn& column, Model& model) {
    const Messages& words = site.words(call);
    for (const std::string& id : column.items) {
        const rulebook::Item* item = site.deps.rulebook->item(id);
        if (item == nullptr) continue;
        Model& group = model.add("items");
        group.set("item", id)
            .mark("item_title", item_title(words, *item))
            .flag("listed", !item->defines_subject);
        const auto records = newest_records(site, call, tx, *item, kRecordsEach);
        if (!records.ok() && records.error().fault != Fault::busy) return fail(records.error());
        group.flag("counting", !records.ok());
        if (!records.ok()) continue;
        for (const record::ShownRecord& shown : *records) {
            Model& one = group.add("records");
            one.set("id", shown.id).set("what", heading(shown));
            one.set("who", TRY(subject_name(site, tx, shown.subject))).set("subject", shown.subject);
            one.set("when", time_html(words, shown.received.date()));
        }
        group.flag("none", records->empty());
    }
    return {};
}

Result<Reply> show_column(const Shared& site, const Call& call, const Input& in, store::ReadTx& tx) {
    const Messages& words = site.words(call);
    const ContentColumn column = TRY(column_of(site, call, tx, in.text("slug")));
    Model model;
    model.set("slug", column.slug)
        .mark("name", name_of(words, column))
        .mark("about", about_of(words, column));
    model.mark("description", about_of(words, column)).set("column_feed", column.slug);
    model.flag("ended", column.ended).mark("ended_reason", column.ended_reason);
    add_crumb(model, words("content.columns"_text), "/columns");
    if (column.kind == "campaigns") TRY(fill_calendar(site, call, tx, column, model));
    if (column.kind == "records") {
        TRY(fill_records(site, call, tx, column, model));
    } else if (column.kind != "campaigns") {
        for (const ContentEntry& entry : TRY(page_of(site, call, in, tx, column, model))) {
            Model& one = model.add("entries");
            fill_entry(words, one, entry);
            if (column.kind == "agencies") TRY(fill_own_record(site, call, tx, one, entry.subject_code));
        }
    }
    const char* name = column.kind == "campaigns"  ? "calendar"
                       : column.kind == "records"  ? "column_records"
                       : column.kind == "agencies" ? "agencies"
                                                   : "column";
    return site.page(call, name, name_of(words, column), model);
}

Result<Reply> show_columns(const Shared& site, const Call& call, store::ReadTx& tx) {
    const Messages& words = site.words(call);
    Model model;
    bool any_ended = false;
    for (const ContentColumn& column : TRY(site.deps.content.columns(tx))) {
        any_ended = any_ended || column.ended;
        const std::int64_t shown = TRY(site.deps.content.count(tx, column.slug, call.now));
        Model& one = model.add(column.ended ? "ended_columns" : "columns");
        one.set("slug", column.slug)
            .mark("name", name_of(words, column))
            .mark("about", about_of(words, column));
        one.set("count", words("content.count"_text, {{"count", grouped(shown)}}));
        one.flag("counted", column.kind != "records" && column.kind != "campaigns");
    }
    model.flag("has_ended", any_ended);
    return site.page(call, "columns", words("content.columns"_text), model);
}

/// schema.org; no value can end the element: < is written as an escape.
std::string structured(const Shared& site, const ContentArticle& article, std::string_view column) {
    JsonWriter json;
    json.begin_object().field("@context", "https://schema.org").field("@type", "Article");
    json.field("headline", article.title)
        .field("description", article.summary)
        .field("articleSection", column);
    json.field("inLanguage", "zh-CN").field("datePublished", article.first.to_string());
    json.field("dateModified", article.changed.to_string());
    json.field("url", site.deps.public_url + "/articles/" + std::to_string(article.id));
    if (!article.cover.empty()) json.field("image", site.deps.public_url + "/pictures/" + article.cover);
    json.key("publisher").begin_object().field("@type", "GovernmentOrganization");
    json.field("name", site.deps.site_name).end_object().end_object();
    std::string text = json.take();
    for (std::size_t at = 0; (at = text.find('<', at)) != std::string::npos; at += 6)
        text.replace(at, 1, "\\u003c");
    return text;
}

void fill_changes(const Messages& words, Model& model, const ContentArticle& article) {
    for (const ContentChange& change : article.changes) {
        Model& one = model.add("changes");
        one.set("when", time_html(words, change.when.date())).set("note", change.note);
        one.flag("withdrawn", change.withdrawn)
            .flag("lines", !change.added.empty() || !change.removed.empty());
        for (const std::string& line : change.removed) one.add("removed").set("line", line);
        for (const std::string& line : change.added) one.add("added").set("line", line);
    }
    model.flag("changed", !article.changes.empty());
}

/// What was taken out of the public: since when and why, and nothing of the text.
Reply show_gone(const Shared& site, const Call& call, const ContentArticle& article,
                const ContentColumn& column) {
    const Messages& words = site.words(call);
    const bool withdrawn = article.state == ContentArticle::State::withdrawn;
    Model model;
    model.flag("withdrawn", withdrawn).set("when", time_html(words, article.until.date()));
    model.set("reason", article.reason).set("slug", column.slug).mark("name", name_of(words, column));
    return site.page(call, "article_gone",
                     withdrawn ? words("content.withdrawn"_text) : words("content.ended"_text), model, 410);
}

Result<Reply> show_article(const Shared& site, const Call& call, const Input& in, store::ReadTx& tx) {
    const Messages& words = site.words(call);
    const auto article = TRY(site.deps.content.article(tx, in.integer("id", 0), call.now));
    if (!article) return fail(Fault::not_found, std::string(words("content.no_article"_text)));
    const ContentColumn column = TRY(column_of(site, call, tx, article->column));
    if (article->state != ContentArticle::State::shown) return show_gone(site, call, *article, column);
    Model model;
    model.set("id", article->id).set("article_title", article->title).set("summary", article->summary);
    model.set("html", article->html).set("source", article->source).set("unit", article->unit);
    model.set("released", time_html(words, article->first.date()));
    if (article->changed != article->first) model.set("updated", time_html(words, article->changed.date()));
    if (article->valid_until) model.set("valid_until", time_html(words, *article->valid_until));
    if (article->event_from) model.set("days", days_html(words, *article->event_from, article->event_to));
    model.flag("yearly", article->yearly).flag("has_facts", !article->facts.empty());
    for (const auto& [name, value] : article->facts) model.add("facts").set("fact", name).set("value", value);
    if (!article->cover.empty()) {
        model.set("cover", article->cover).set("cover_alt", article->cover_alt);
        model.set("cover_width", article->cover_width).set("cover_height", article->cover_height);
    }
    if (!article->subject_code.empty()) {
        model.flag("about_subject", true);
        TRY(fill_own_record(site, call, tx, model, article->subject_code));
    }
    fill_changes(words, model, *article);
    model.mark("description", article->summary).set("structured", structured(site, *article, column.name));
    add_crumb(model, words("content.columns"_text), "/columns");
    add_crumb(model, name_of(words, column), "/columns/" + column.slug);
    return site.page(call, "article", article->title, model);
}

Result<Reply> send_picture(const Shared& site, const Call& call, const Input& in, store::ReadTx& tx) {
    auto picture = TRY(site.deps.content.picture(tx, in.text("digest"), call.now));
    if (!picture) return fail(Fault::not_found, std::string(site.words(call)("content.no_picture"_text)));
    Reply reply;
    reply.content_type = picture->type;
    reply.body = std::move(picture->bytes);
    // The address names the bytes; a day, so that what is withdrawn leaves the caches too.
    reply.headers.emplace_back("Cache-Control", "public, max-age=86400, immutable");
    return reply;
}

Result<Reply> column_feed(const Shared& site, const Call& call, const Input& in, store::ReadTx& tx) {
    const Messages& words = site.words(call);
    const ContentColumn column = TRY(column_of(site, call, tx, in.text("slug")));
    const auto entries = TRY(site.deps.content.list(tx, column.slug, {}, kFeedEntries, call.now));
    const std::string& base = site.deps.public_url;
    const std::string self = escape_html(base + "/columns/" + column.slug + "/feed");
    Instant updated{0};
    for (const ContentEntry& entry : entries) updated = std::max(updated, entry.changed);
    std::string xml =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" "
        "xml:lang=\"zh-CN\">\n<id>" +
        self + "</id>\n<title>" +
        escape_html(words("feed.title"_text, {{"who", site.deps.site_name}, {"what", column.name}})) +
        "</title>\n<link rel=\"self\" href=\"" + self + "\"/>\n<link href=\"" +
        escape_html(base + "/columns/" + column.slug) + "\"/>\n<updated>" + updated.to_string() +
        "</updated>\n<author><name>" + escape_html(site.deps.site_name) + "</name></author>\n";
    for (const ContentEntry& entry : entries) {
        const std::string address = escape_html(base + "/articles/" + std::to_string(entry.id));
        xml += "<entry><id>" + address + "</id><title>" + escape_html(entry.title) + "</title><link href=\"" +
               address + "\"/><published>" + entry.first.to_string() + "</published><updated>" +
               entry.changed.to_string() + "</updated><summary>" + escape_html(entry.summary) +
               "</summary></entry>\n";
    }
    Reply reply;
    reply.content_type = "application/atom+xml; charset=utf-8";
    reply.body = xml + "</feed>\n";
    return reply;
}

}  // namespace

Result<void> fill_news(const Shared& site, const Call& call, store::ReadTx& tx, Model& model, int limit) {
    const Messages& words = site.words(call);
    const auto entries = TRY(site.deps.content.newest(tx, limit, call.now));
    for (const ContentEntry& entry : entries) fill_entry(words, model.add("articles"), entry);
    model.flag("has_articles", !entries.empty());
    return {};
}

Result<std::vector<std::string>> content_paths(const Shared& site, const Call& call, store::ReadTx& tx) {
    std::vector<std::string> paths = {"columns"};
    for (const ContentColumn& column : TRY(site.deps.content.columns(tx)))
        paths.push_back("columns/" + column.slug);
    for (std::int64_t id : TRY(site.deps.content.all(tx, call.now)))
        paths.push_back("articles/" + std::to_string(id));
    return paths;
}

std::vector<api::Endpoint> content_pages(Pages pages) {
    const api::Field slug = {"slug", FieldType::text, "栏目", "Column", true, Where::path, "news"};
    std::vector<api::Endpoint> list;
    list.push_back(public_page("site.columns", "/columns", "全部栏目", "All columns", {},
                               [pages](const Call& call, const Input&, store::ReadTx& tx) {
                                   return show_columns(*pages, call, tx);
                               }));
    list.push_back(public_page(
        "site.column", "/columns/{slug}", "一个栏目的文章", "The articles of a column",
        {slug, {"before", FieldType::text, "从这之后开始", "Place to go on from", false, Where::query, ""}},
        [pages](const Call& call, const Input& in, store::ReadTx& tx) {
            return show_column(*pages, call, in, tx);
        }));
    list.push_back(public_page("site.column_feed", "/columns/{slug}/feed", "栏目的订阅源（Atom）",
                               "Atom feed of a column", {slug},
                               [pages](const Call& call, const Input& in, store::ReadTx& tx) {
                                   return column_feed(*pages, call, in, tx);
                               }));
    list.push_back(public_page("site.article", "/articles/{id}", "一篇文章", "An article",
                               {{"id", FieldType::integer, "编号", "Number", true, Where::path, "7"}},
                               [pages](const Call& call, const Input& in, store::ReadTx& tx) {
                                   return show_article(*pages, call, in, tx);
                               }));
    list.push_back(public_page("site.picture", "/pictures/{digest}", "公开文章的图片",
                               "A picture of a public article",
                               {{"digest", FieldType::text, "摘要", "Digest", true, Where::path, ""}},
                               [pages](const Call& call, const Input& in, store::ReadTx& tx) {
                                   return send_picture(*pages, call, in, tx);
                               }));
    return list;
}

}  // namespace mingxin::site
