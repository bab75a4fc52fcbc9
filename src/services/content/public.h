// What the public sees of content: lists, one article with its corrections, the addresses for machines. Every
// answer is decided by the instant handed in (content.h: Showing, decide). Thread-safe.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "content/content.h"
#include "content/markup.h"

namespace mingxin::content {

/// An article in a list: what one query gives, cover included.
struct ShownRow {
    std::int64_t article = 0, version = 0;
    std::string column, title, summary;
    std::string cover, cover_alt;  // digest; empty: none
    int cover_width = 0, cover_height = 0;
    std::string subject_code;
    std::optional<Date> event_from, event_to;
    bool yearly = false;
    Instant from, until, first;  // as Showing
    std::int64_t event = 0;      // whose payload holds the text
};

/// A place in a list: what comes behind it is older.
struct Place {
    Instant first = kEndOfTime;
    std::int64_t article = INT64_MAX;
};

/// Newest first; by when an article was first shown, so that a correction does not bring it up again.
Result<std::vector<ShownRow>> shown_in(store::ReadTx& tx, std::string_view column, const Place& before,
                                       int limit, Instant now);
Result<std::int64_t> count_shown(store::ReadTx& tx, std::string_view column, Instant now);
/// Of the columns that are on the home page and active.
Result<std::vector<ShownRow>> newest_shown(store::ReadTx& tx, int limit, Instant now);
/// Those with a day, by it; at most 1000.
Result<std::vector<ShownRow>> shown_events(store::ReadTx& tx, Instant now);
/// When the version was released, which may be long before it is shown; nullopt: never.
Result<std::optional<Instant>> released_at(store::ReadTx& tx, std::int64_t article, std::int64_t version);
/// About a subject, newest first.
Result<std::vector<ShownRow>> shown_about_subjects(store::ReadTx& tx, int limit, Instant now);
/// Numbers of all that is shown, newest first; at most 20,000.
Result<std::vector<std::int64_t>> all_shown(store::ReadTx& tx, Instant now);

/// A version that the public has seen.
struct PastVersion {
    std::int64_t version = 0;
    Instant from, until;
    std::string ended_by, reason;  // as Showing
    std::string change_note;
};

struct ShownArticle {
    Visibility visibility = Visibility::never;  // shown, ended or withdrawn
    std::int64_t id = 0;
    std::string column;
    Instant from, until, first;         // of the version shown, or shown last
    std::string reason;                 // of a withdrawal
    Text text;                          // only when shown
    std::string html;                   // its body; only when shown
    std::vector<PastVersion> versions;  // newest first; only when shown
};
/// nullopt when the public never saw it: such an article leaves no trace.
Result<std::optional<ShownArticle>> shown_article(store::ReadTx& tx, std::int64_t id, Instant now);

/// The text of a version that is or was public, for the change history of a list column; nullopt otherwise,
/// and always when the article is not shown now.
Result<std::optional<Text>> seen_version(store::ReadTx& tx, std::int64_t id, std::int64_t version,
                                         Instant now);

/// Where pictures of public articles are served.
inline constexpr const char* kPublicPictures = "/pictures/";

}  // namespace mingxin::content
