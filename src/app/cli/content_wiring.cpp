#include "cli/content_wiring.h"

#include "content/compare.h"
#include "content/public.h"

namespace mingxin::cli {
namespace {

site::ContentColumn column_of(const content::Column& column) {
    site::ContentColumn out;
    out.slug = column.slug;
    out.name = column.name;
    out.name_en = column.name_en;
    out.about = column.about;
    out.about_en = column.about_en;
    out.kind = content::kind_name(column.kind);
    out.items = column.items;
    out.ended = column.ended;
    out.ended_reason = column.ended_reason;
    return out;
}

site::ContentEntry entry_of(content::ShownRow row) {
    site::ContentEntry entry;
    entry.id = row.article;
    entry.column = std::move(row.column);
    entry.title = std::move(row.title);
    entry.summary = std::move(row.summary);
    entry.cover = std::move(row.cover);
    entry.cover_alt = std::move(row.cover_alt);
    entry.cover_width = row.cover_width;
    entry.cover_height = row.cover_height;
    entry.subject_code = std::move(row.subject_code);
    entry.event_from = row.event_from;
    entry.event_to = row.event_to;
    entry.yearly = row.yearly;
    entry.first = row.first;
    entry.changed = row.from;
    return entry;
}

std::vector<site::ContentEntry> entries_of(std::vector<content::ShownRow> rows) {
    std::vector<site::ContentEntry> entries;
    for (content::ShownRow& row : rows) entries.push_back(entry_of(std::move(row)));
    return entries;
}

/// The lines that a version of a list changed.
Result<void> fill_lines(store::ReadTx& tx, std::int64_t id, const content::PastVersion& older,
                        const content::PastVersion& newer, Instant now, site::ContentChange& change) {
    const auto before = TRY(content::seen_version(tx, id, older.version, now));
    const auto after = TRY(content::seen_version(tx, id, newer.version, now));
    if (!before || !after) return {};
    for (const content::Part& part : content::compare(*before, *after)) {
        if (part.place != "body" || part.text.empty() || part.kind == content::Part::Kind::same) continue;
        (part.kind == content::Part::Kind::added ? change.added : change.removed).push_back(part.text);
    }
    return {};
}

Result<std::vector<site::ContentChange>> changes_of(store::ReadTx& tx, const content::ShownArticle& shown,
                                                    bool with_lines, Instant now) {
    std::vector<site::ContentChange> changes;
    for (std::size_t i = 0; i < shown.versions.size(); ++i) {
        const content::PastVersion& version = shown.versions[i];
        if (version.ended_by == "withdrawn") {
            site::ContentChange gone;
            gone.when = version.until;
            gone.withdrawn = true;
            gone.note = version.reason;
            changes.push_back(std::move(gone));
        }
        if (i + 1 == shown.versions.size()) continue;  // the first one changed nothing
        site::ContentChange change;
        change.when = version.from;
        change.note = version.change_note;
        if (with_lines) TRY(fill_lines(tx, shown.id, shown.versions[i + 1], version, now, change));
        changes.push_back(std::move(change));
    }
    return changes;
}

void fill_text(site::ContentArticle& out, content::ShownArticle& shown) {
    content::Text& text = shown.text;
    out.title = std::move(text.title);
    out.summary = std::move(text.summary);
    out.html = std::move(shown.html);
    out.source = std::move(text.source);
    out.unit = std::move(text.unit);
    out.cover = std::move(text.cover);
    for (content::Fact& fact : text.facts)
        out.facts.emplace_back(std::move(fact.name), std::move(fact.value));
    out.subject_code = std::move(text.subject_code);
    out.event_from = text.event_from;
    out.event_to = text.event_to;
    out.valid_until = text.valid_until;
    out.yearly = text.yearly;
}

Result<std::optional<site::ContentArticle>> article_of(store::ReadTx& tx, std::int64_t id, Instant now) {
    auto shown = TRY(content::shown_article(tx, id, now));
    if (!shown) return std::optional<site::ContentArticle>();
    site::ContentArticle out;
    out.state = shown->visibility == content::Visibility::shown       ? site::ContentArticle::State::shown
                : shown->visibility == content::Visibility::withdrawn ? site::ContentArticle::State::withdrawn
                                                                      : site::ContentArticle::State::ended;
    out.id = shown->id;
    out.column = shown->column;
    out.first = shown->first;
    out.changed = shown->from;
    out.until = shown->until;
    out.reason = shown->reason;
    if (out.state != site::ContentArticle::State::shown) return std::optional(std::move(out));
    const auto column = TRY(content::find_column(tx, shown->column));
    const bool with_lines = column && column->kind == content::ColumnKind::lists;
    out.changes = TRY(changes_of(tx, *shown, with_lines, now));
    fill_text(out, *shown);
    if (!out.cover.empty()) {
        if (const auto picture = TRY(content::find_picture(tx, out.cover))) {
            out.cover_alt = picture->alt;
            out.cover_width = picture->width;
            out.cover_height = picture->height;
        }
    }
    return std::optional(std::move(out));
}

}  // namespace

site::Content content_of_site() {
    site::Content deps;
    deps.columns = [](store::ReadTx& tx) -> Result<std::vector<site::ContentColumn>> {
        std::vector<site::ContentColumn> all;
        for (const content::Column& column : TRY(content::columns(tx))) all.push_back(column_of(column));
        return all;
    };
    deps.list = [](store::ReadTx& tx, std::string_view column, const site::ContentPlace& before, int limit,
                   Instant now) -> Result<std::vector<site::ContentEntry>> {
        return entries_of(TRY(content::shown_in(tx, column, {before.first, before.id}, limit, now)));
    };
    deps.count = [](store::ReadTx& tx, std::string_view column, Instant now) {
        return content::count_shown(tx, column, now);
    };
    deps.newest = [](store::ReadTx& tx, int limit, Instant now) -> Result<std::vector<site::ContentEntry>> {
        return entries_of(TRY(content::newest_shown(tx, limit, now)));
    };
    deps.events = [](store::ReadTx& tx, Instant now) -> Result<std::vector<site::ContentEntry>> {
        return entries_of(TRY(content::shown_events(tx, now)));
    };
    deps.all = [](store::ReadTx& tx, Instant now) { return content::all_shown(tx, now); };
    deps.article = article_of;
    deps.picture = [](store::ReadTx& tx, std::string_view digest,
                      Instant now) -> Result<std::optional<site::ContentPicture>> {
        auto data = TRY(content::picture_data(tx, digest, true, now));
        if (!data) return std::optional<site::ContentPicture>();
        return std::optional(site::ContentPicture{std::move(data->bytes), std::move(data->type)});
    };
    return deps;
}

}  // namespace mingxin::cli
