// Events of content, and the rows that decisions read. Internal to this folder.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "content/content.h"

namespace mingxin::content {

namespace events {
inline constexpr std::string_view kColumnSaved = "column.saved", kColumnEnded = "column.ended",
                                  kColumnReopened = "column.reopened";
inline constexpr std::string_view kOpened = "article.opened", kSubmitted = "article.submitted",
                                  kPassed = "article.passed", kReturned = "article.returned",
                                  kReleased = "article.released", kWithdrawn = "article.withdrawn",
                                  kDiscarded = "article.discarded";
inline constexpr std::string_view kPictureAdded = "picture.added";
}  // namespace events

/// Applies an event of this folder; others change nothing. The only writer of the state tables.
Result<void> apply(store::Tx& tx, const journal::Event& event);
/// Appends the event and applies it.
Result<journal::Event> record(store::Tx& tx, const Desk& desk, const Actor& actor, std::string_view kind,
                              std::string payload);

struct ArticleRow {
    std::int64_t id = 0;
    std::string column, title, cover, changed_by;
    Stage stage = Stage::none;  // draft when there is one and nothing else is in work
    std::int64_t last_version = 0;
    Instant changed;
    std::int64_t draft_revision = 0;  // 0: none
    std::string draft_saved_by;
    std::vector<std::string> writers;  // of the draft, else of the newest version
    std::string passed_by;             // who passed the newest version's first review
};
/// Fault::article_unknown.
Result<ArticleRow> article_row(store::ReadTx& tx, std::int64_t id);
ArticleRow article_at(const store::Cursor& row);

struct VersionRow {
    std::int64_t number = 0, event = 0;
    std::string column, title, state, change_note, note;
    std::vector<std::string> writers;
    Instant submitted;
    std::string passed_by;
    std::optional<Instant> passed, release_at;
    std::optional<Date> valid_until;
};
/// Fault::article_unknown when there is no such version.
Result<VersionRow> version_row(store::ReadTx& tx, std::int64_t article, std::int64_t version);
/// Newest first.
Result<std::vector<VersionRow>> versions_of(store::ReadTx& tx, std::int64_t article);
/// The text of a version, out of its event.
Result<Text> text_of(store::ReadTx& tx, std::int64_t event);

/// By version.
Result<std::vector<Showing>> showings_of(store::ReadTx& tx, std::int64_t article);
Showing showing_at(const store::Cursor& row);
/// What a release at an instant makes of a version: it begins then or when the text says, and ends after the
/// text's last day. before: the article's earlier showings.
Showing showing_of(const VersionRow& version, const std::vector<Showing>& before, Instant released);

struct DraftRow {
    std::int64_t revision = 0;
    Instant saved;
    std::string saved_by;
    std::vector<std::string> writers;
    Text text;
};
Result<std::optional<DraftRow>> draft_row(store::ReadTx& tx, std::int64_t article);
/// Drafts are no part of the journal: this writes the row at once. Returns its revision, which grows with
/// each save and is never met again.
Result<std::int64_t> put_draft(store::Tx& tx, std::int64_t article, std::int64_t old_revision,
                               std::string_view saved_by, const std::vector<std::string>& writers,
                               const Text& text, Instant now);

/// Where an article stands after a step.
Result<Done> done(store::ReadTx& tx, std::int64_t article, Instant now);

bool contains(const std::vector<std::string>& principals, std::string_view principal);  // as people

/// Lengths and forms. Fault::content_malformed, picture_unknown.
Result<void> check_form(store::ReadTx& tx, const Text& text);
/// What must be there at a submission. was_seen: the public saw a version. Fault::content_malformed.
Result<void> check_whole(const Column& column, const Text& text, bool was_seen);
/// The digests that a text holds, each once.
std::vector<std::string> pictures_of(const Text& text);

}  // namespace mingxin::content
