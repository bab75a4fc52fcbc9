#include "content/public.h"

#include <algorithm>

#include "content/api_parts.h"
#include "content/content_sql.h"
#include "content/events.h"

namespace mingxin::content {

namespace {

ShownRow shown_at(const store::Cursor& row) {
    ShownRow shown;
    shown.article = row.integer(0);
    shown.version = row.integer(1);
    shown.column = row.text(2);
    shown.from = Instant{row.integer(3)};
    shown.until = Instant{row.integer(4)};
    shown.first = Instant{row.integer(5)};
    shown.title = row.text(6);
    shown.summary = row.text(7);
    if (!row.is_null(9)) {
        shown.cover = row.text(8);
        shown.cover_alt = row.text(9);
        shown.cover_width = static_cast<int>(row.integer(10));
        shown.cover_height = static_cast<int>(row.integer(11));
    }
    shown.subject_code = row.text(12);
    if (!row.is_null(13)) shown.event_from = Date{static_cast<std::int32_t>(row.integer(13))};
    if (!row.is_null(14)) shown.event_to = Date{static_cast<std::int32_t>(row.integer(14))};
    shown.yearly = row.integer(15) != 0;
    shown.event = row.integer(16);
    return shown;
}

Result<std::vector<ShownRow>> rows(store::ReadTx& tx, const store::Sql& sql,
                                   std::initializer_list<store::Value> values) {
    std::vector<ShownRow> all;
    store::Cursor row = TRY(tx.query(sql, values));
    while (TRY(row.next())) all.push_back(shown_at(row));
    return all;
}

/// Of the showings those that have begun: what lies ahead is not told, nor that a next version will follow.
std::vector<Showing> begun(std::vector<Showing> showings, Instant now) {
    std::erase_if(showings, [&](const Showing& showing) { return !showing.seen_by(now); });
    for (Showing& showing : showings) {
        if (showing.ended_by != "version" || showing.until <= now) continue;
        showing.until = kEndOfTime;
        showing.ended_by.clear();
    }
    return showings;
}

}  // namespace

Result<std::vector<ShownRow>> shown_in(store::ReadTx& tx, std::string_view column, const Place& before,
                                       int limit, Instant now) {
    return rows(tx, sql::kPublicList, {now.us, column, before.first.us, before.article, limit});
}

Result<std::int64_t> count_shown(store::ReadTx& tx, std::string_view column, Instant now) {
    store::Cursor row = TRY(tx.query(sql::kPublicCount, {now.us, column}));
    TRY(row.next());
    return row.integer(0);
}

Result<std::vector<ShownRow>> newest_shown(store::ReadTx& tx, int limit, Instant now) {
    return rows(tx, sql::kPublicNewest, {now.us, limit});
}

Result<std::vector<ShownRow>> shown_events(store::ReadTx& tx, Instant now) {
    return rows(tx, sql::kPublicEvents, {now.us});
}

Result<std::optional<Instant>> released_at(store::ReadTx& tx, std::int64_t article, std::int64_t version) {
    store::Cursor row = TRY(tx.query(sql::kReleasedAt, {article, version}));
    if (!TRY(row.next())) return std::optional<Instant>();
    return std::optional(Instant{row.integer(0)});
}

Result<std::vector<ShownRow>> shown_about_subjects(store::ReadTx& tx, int limit, Instant now) {
    return rows(tx, sql::kPublicAbout, {now.us, limit});
}

Result<std::vector<std::int64_t>> all_shown(store::ReadTx& tx, Instant now) {
    std::vector<std::int64_t> all;
    store::Cursor row = TRY(tx.query(sql::kPublicAll, {now.us}));
    while (TRY(row.next())) all.push_back(row.integer(0));
    return all;
}

Result<std::optional<ShownArticle>> shown_article(store::ReadTx& tx, std::int64_t id, Instant now) {
    const std::vector<Showing> showings = begun(TRY(showings_of(tx, id)), now);
    const Standing standing = decide(showings, now);
    if (standing.showing == nullptr) return std::optional<ShownArticle>();
    const VersionRow version = TRY(version_row(tx, id, standing.showing->version));
    ShownArticle article;
    article.visibility = standing.visibility;
    article.id = id;
    article.column = version.column;
    article.from = standing.showing->from;
    article.until = standing.showing->until;
    article.first = standing.showing->first;
    article.reason = standing.showing->reason;
    if (standing.visibility != Visibility::shown) return std::optional(std::move(article));
    article.text = TRY(text_of(tx, version.event));
    article.html = render_html(article.text.body, TRY(frames_of(tx, article.text.body, kPublicPictures)));
    const std::vector<VersionRow> versions = TRY(versions_of(tx, id));
    for (const Showing& showing : showings) {
        PastVersion past{showing.version, showing.from, showing.until, showing.ended_by, showing.reason, {}};
        for (const VersionRow& one : versions) {
            if (one.number == showing.version) past.change_note = one.change_note;
        }
        article.versions.push_back(std::move(past));
    }
    std::sort(article.versions.begin(), article.versions.end(),
              [](const PastVersion& a, const PastVersion& b) { return a.from > b.from; });
    return std::optional(std::move(article));
}

Result<std::optional<Text>> seen_version(store::ReadTx& tx, std::int64_t id, std::int64_t version,
                                         Instant now) {
    const std::vector<Showing> showings = begun(TRY(showings_of(tx, id)), now);
    const bool shown = decide(showings, now).visibility == Visibility::shown;
    const bool seen = std::any_of(showings.begin(), showings.end(), [&](const Showing& showing) {
        return showing.version == version && showing.ended_by != "withdrawn";
    });
    if (!shown || !seen) return std::optional<Text>();
    return std::optional(TRY(text_of(tx, TRY(version_row(tx, id, version)).event)));
}

}  // namespace mingxin::content
