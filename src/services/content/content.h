// Content management: columns, articles with versions and reviews, pictures (docs/content.md).
//
// A text becomes public only when three different people took part: who wrote it, who passed the first
// review, who passed the final one and released it. What the public may see is decided at the moment of
// reading, by the clock of the call (Showing): a release may lie ahead, a showing ends by a date, by the next
// version or by a withdrawal, whether or not any job ran. Of what was never shown the public learns nothing.
//
// Columns, articles, versions, showings, steps and pictures are projections of the journal; a version's text
// stands in its event alone. Drafts are working copies of staff and no part of the journal: a text enters it
// at its submission, after the leak check. The bytes of pictures lie beside the journal, their digests in it.
// Functions are thread-safe; those that write change nothing unless the transaction commits.
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/api.h"
#include "base/result.h"
#include "base/time.h"
#include "journal/journal.h"
#include "rulebook/rulebook.h"
#include "store/store.h"

namespace mingxin::content {

/// content_column, content_article, content_version, content_showing, content_picture_use, content_step,
/// content_picture, and beside the journal content_draft, content_picture_data.
std::span<const store::Table* const> tables();
/// Rebuilds all of them but the last two; check_sealed compares the pictures' bytes with their digests.
std::unique_ptr<journal::Projection> projection();

enum class ColumnKind { articles, cases, policies, training, campaigns, agencies, lists, topics, records };
std::string_view kind_name(ColumnKind kind);  // "articles"
std::optional<ColumnKind> kind_by_name(std::string_view name);

struct Column {
    std::string slug;  // in addresses: /columns/policies; 2..40 of a-z 0-9 -, never changed
    std::string name, name_en, about, about_en;
    ColumnKind kind = ColumnKind::articles;
    int position = 0;                // order, 0..999
    bool on_home = false;            // its newest articles stand on the home page
    std::vector<std::string> items;  // kind records: the catalogue items whose public records it shows
    bool ended = false;              // takes nothing new
    std::string ended_reason;
    std::int64_t revision = 0;  // 0: not saved yet
};

struct Fact {
    std::string name, value;  // 文号, 平信用办〔2026〕3号
};

/// What a writer edits.
struct Text {
    std::string column;  // slug
    std::string title, summary;
    std::string body;          // markup.h
    std::string source, unit;  // 来源, 供稿单位
    std::string cover;         // digest of a picture; empty: none
    std::vector<Fact> facts;
    std::string subject_code;                  // kind agencies: whose page stands beside it
    std::optional<Date> event_from, event_to;  // kind campaigns
    bool yearly = false;                       // kept every year on these days
    std::optional<Instant> release_at;         // not before; whole minutes
    std::optional<Date> valid_until;           // shown up to and including this day
    std::string change_note;                   // why a version follows one that the public saw; is public
    std::string consent;                       // kind cases: how the persons named agreed; is not public
};

/// Where the work on an article stands.
enum class Stage { none, draft, first_review, final_review, returned };
std::string_view stage_name(Stage stage);
/// What the public sees of it at an instant.
enum class Visibility { never, scheduled, shown, ended, withdrawn };
std::string_view visibility_name(Visibility visibility);

/// From when until when a released version is what the public sees; empty when until <= from.
struct Showing {
    std::int64_t version = 0;
    Instant from, until;   // until: exclusive, the end of time when open
    Instant first;         // when the article was first shown
    std::string ended_by;  // "", "date", "version", "withdrawn"
    std::string reason;    // of the withdrawal
    bool shown_at(Instant now) const { return from <= now && now < until; }
    bool seen_by(Instant now) const { return from <= now && from < until; }
};
inline constexpr Instant kEndOfTime{INT64_MAX};

/// The one decision. showings: of one article, in any order.
struct Standing {
    Visibility visibility = Visibility::never;
    const Showing* showing = nullptr;  // the one shown, scheduled, or last seen
};
Standing decide(std::span<const Showing> showings, Instant now);

/// Who does something, when.
struct Actor {
    const api::Principal& who;
    Instant now;
};
/// Accounts, not roles, are people: "content_writer:li" and "content_reviewer:li" are one.
std::string_view person_of(std::string_view principal);

/// What decisions rest on; valid as long as they are used.
struct Desk {
    std::shared_ptr<const rulebook::Rulebook> rules;
    std::int64_t tenant = 0;
};

/// Fault::column_exists, column_unknown, content_changed (another revision stands), content_malformed,
/// item_unknown.
Result<Column> save_column(store::Tx& tx, const Desk& desk, const Actor& actor, const Column& column);
Result<Column> end_column(store::Tx& tx, const Desk& desk, const Actor& actor, std::string_view slug,
                          std::int64_t revision, bool ended, std::string_view reason);
/// By position and name.
Result<std::vector<Column>> columns(store::ReadTx& tx);
Result<std::optional<Column>> find_column(store::ReadTx& tx, std::string_view slug);

/// What a step leaves.
struct Done {
    std::int64_t id = 0;
    Stage stage = Stage::none;
    Visibility visibility = Visibility::never;
    std::int64_t version = 0;   // newest, 0: none
    std::int64_t revision = 0;  // of the draft, 0: none
};

/// Keeps a draft; article 0 begins a new one. revision: of the draft that was edited, 0 when there was none;
/// another one stands: Fault::content_changed, nothing is overwritten. Fault::content_malformed,
/// column_unknown, column_ended, article_unknown, article_state (in review), picture_unknown.
Result<Done> save_draft(store::Tx& tx, const Desk& desk, const Actor& actor, std::int64_t article,
                        std::int64_t revision, const Text& text);
/// Throws the draft away, and a returned version out of work. Versions stay.
Result<Done> discard_draft(store::Tx& tx, const Desk& desk, const Actor& actor, std::int64_t article,
                           std::int64_t revision);

/// The draft becomes a version in first review. Fault::content_malformed (something needed is missing),
/// content_rejected, column_ended, and those of save_draft.
Result<Done> submit(store::Tx& tx, const Desk& desk, const Actor& actor, std::int64_t article,
                    std::int64_t revision, std::string_view note);
/// First review. Fault::person_repeated, content_rejected, warning_unanswered, article_state.
Result<Done> pass(store::Tx& tx, const Desk& desk, const Actor& actor, std::int64_t article,
                  std::int64_t version, std::string_view note);
/// Final review and release; the same faults and column_ended.
Result<Done> release(store::Tx& tx, const Desk& desk, const Actor& actor, std::int64_t article,
                     std::int64_t version, std::string_view note);
/// Sends a version in review back, or (recall) takes it back, which only its writers may: its text becomes a
/// draft, whose writers stay those of the version. note: why, needed when it is sent back.
Result<Done> send_back(store::Tx& tx, const Desk& desk, const Actor& actor, std::int64_t article,
                       std::int64_t version, std::string_view note, bool recall);
/// Ends all showings, also those to come; reason is public. Fault::article_state when there are none.
Result<Done> withdraw(store::Tx& tx, const Desk& desk, const Actor& actor, std::int64_t article,
                      std::string_view reason);

struct Picture {
    std::int64_t id = 0;
    std::string digest;  // SM3 of the bytes kept, 64 hexadecimal characters
    std::string type;    // "image/png"
    int width = 0, height = 0;
    std::int64_t bytes = 0;
    std::string alt, source;  // what is to be seen, where it is from
    std::string added_by;     // principal
    Instant added;
    bool shown = false;  // something that the public sees holds it
};
/// Keeps a picture without its metadata (picture_file.h); the same one again is found, not kept twice.
/// Fault::picture_unusable, picture_too_large, content_malformed.
Result<Picture> add_picture(store::Tx& tx, const Desk& desk, const Actor& actor, std::string_view file,
                            std::string_view alt, std::string_view source);
Result<std::vector<Picture>> pictures(store::ReadTx& tx, std::int64_t before, int limit, Instant now);
Result<std::optional<Picture>> find_picture(store::ReadTx& tx, std::string_view digest);
/// Bytes and media type. public_only: nullopt unless something that the public sees now holds it.
struct PictureData {
    std::string bytes, type;
};
Result<std::optional<PictureData>> picture_data(store::ReadTx& tx, std::string_view digest, bool public_only,
                                                Instant now);

/// column.*, article.*, picture.*
std::vector<api::Endpoint> endpoints(std::shared_ptr<const Desk> desk);

}  // namespace mingxin::content
