#include "content/content_sql.h"

/// What the public sees at $1: Showing::shown_at(), where a list is found by the database.
#define MINGXIN_SHOWN "s.from_us <= $1 AND s.until_us > $1"

#define MINGXIN_ARTICLE                                                                                  \
    "SELECT a.id, coalesce(d.column_slug, a.column_slug), a.stage, a.last_version, a.changed_us, "       \
    "a.changed_by, d.revision, d.saved_by, coalesce(d.title, v.title), coalesce(d.writers, v.writers), " \
    "v.cover, v.passed_by FROM content_article a LEFT JOIN content_draft d ON d.article = a.id "         \
    "LEFT JOIN content_version v ON v.article = a.id AND v.number = a.last_version "

#define MINGXIN_VERSION                                                                                    \
    "SELECT number, event, column_slug, title, state, writers, submitted_us, passed_by, passed_us, note, " \
    "change_note, release_us, valid_until_day FROM content_version "

#define MINGXIN_PUBLIC                                                                                    \
    "SELECT s.article, s.version, s.column_slug, s.from_us, s.until_us, s.first_us, v.title, v.summary, " \
    "v.cover, p.alt, p.width, p.height, v.subject_code, v.event_from_day, v.event_to_day, v.yearly, "     \
    "v.event FROM content_showing s JOIN content_version v ON v.article = s.article AND "                 \
    "v.number = s.version LEFT JOIN content_picture p ON p.digest = v.cover "

namespace mingxin::content {

using enum store::ColumnType;

const store::Table kColumnTable{"content_column",
                                {{"slug", text},
                                 {"name", text},
                                 {"name_en", text},
                                 {"kind", text},
                                 {"about", text},
                                 {"about_en", text},
                                 {"position", integer},
                                 {"on_home", integer},
                                 {"items", text},  // ids, a blank between
                                 {"ended", integer},
                                 {"ended_reason", text},
                                 {"revision", integer}},  // number of the event that made it so
                                "slug",
                                {}};
const store::Table kArticleTable{"content_article",
                                 {{"id", integer},
                                  {"column_slug", text},
                                  {"stage", text},
                                  {"last_version", integer},
                                  {"changed_us", integer},
                                  {"changed_by", text}},
                                 "id",
                                 {{"content_article_stage", "stage, id"}}};
const store::Table kVersionTable{"content_version",
                                 {{"article", integer},
                                  {"number", integer},
                                  {"event", integer},  // whose payload holds the text
                                  {"column_slug", text},
                                  {"title", text},
                                  {"summary", text},
                                  {"cover", text},
                                  {"subject_code", text},
                                  {"event_from_day", integer, true},
                                  {"event_to_day", integer, true},
                                  {"yearly", integer},
                                  {"change_note", text},
                                  {"release_us", integer, true},
                                  {"valid_until_day", integer, true},
                                  {"state", text},    // in_review, returned, released
                                  {"writers", text},  // principals, a blank between
                                  {"submitted_us", integer},
                                  {"passed_by", text},
                                  {"passed_us", integer, true},
                                  {"note", text}},
                                 "article, number",
                                 {}};
const store::Table kShowingTable{"content_showing",
                                 {{"article", integer},
                                  {"version", integer},
                                  {"column_slug", text},
                                  {"from_us", integer},
                                  {"until_us", integer},
                                  {"first_us", integer},
                                  {"ended_by", text},
                                  {"reason", text}},
                                 "article, version",
                                 {{"content_showing_column", "column_slug, first_us, article"},
                                  {"content_showing_first", "first_us, article"}}};
const store::Table kPictureUseTable{"content_picture_use",
                                    {{"digest", text}, {"article", integer}, {"version", integer}},
                                    "digest, article, version",
                                    {}};
const store::Table kStepTable{"content_step",
                              {{"id", integer},  // number of the event
                               {"article", integer},
                               {"version", integer},
                               {"step", text},
                               {"principal", text},
                               {"at_us", integer},
                               {"note", text}},
                              "id",
                              {{"content_step_article", "article, id"}}};
const store::Table kPictureTable{"content_picture",
                                 {{"id", integer},  // number of the event
                                  {"digest", text},
                                  {"type", text},
                                  {"width", integer},
                                  {"height", integer},
                                  {"bytes", integer},
                                  {"alt", text},
                                  {"source", text},
                                  {"added_by", text},
                                  {"added_us", integer}},
                                 "id",
                                 {{"content_picture_digest", "digest", true}}};
const store::Table kDraftTable{"content_draft",
                               {{"article", integer},
                                {"revision", integer},
                                {"column_slug", text},
                                {"title", text},
                                {"saved_us", integer},
                                {"saved_by", text},
                                {"writers", text},
                                {"text", text}},  // JSON
                               "article",
                               {}};
const store::Table kPictureDataTable{
    "content_picture_data", {{"digest", text}, {"data", blob}}, "digest", {}};

namespace sql {

#define MINGXIN_COLUMN                                                                                   \
    "SELECT slug, name, name_en, kind, about, about_en, position, on_home, items, ended, ended_reason, " \
    "revision FROM content_column "
const store::Sql kAllColumns{"content.all_columns", MINGXIN_COLUMN "ORDER BY position, name, slug"};
const store::Sql kFindColumn{"content.find_column", MINGXIN_COLUMN "WHERE slug = $1"};
const store::Sql kPutColumn{
    "content.put_column",
    "INSERT INTO content_column (slug, name, name_en, kind, about, about_en, position, on_home, items, "
    "ended, "
    "ended_reason, revision) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, '', $10) ON CONFLICT (slug) DO "
    "UPDATE SET name = excluded.name, name_en = excluded.name_en, kind = excluded.kind, about = "
    "excluded.about, "
    "about_en = excluded.about_en, position = excluded.position, on_home = excluded.on_home, "
    "items = excluded.items, revision = excluded.revision"};
const store::Sql kEndColumn{
    "content.end_column",
    "UPDATE content_column SET ended = $2, ended_reason = $3, revision = $4 WHERE slug = $1"};
const store::Sql kColumnsShown{"content.columns_shown",
                               "SELECT s.column_slug, count(*) FROM content_showing s WHERE " MINGXIN_SHOWN
                               " GROUP BY s.column_slug"};
const store::Sql kColumnsInWork{
    "content.columns_in_work",
    "SELECT coalesce(d.column_slug, a.column_slug), count(*) FROM content_article a LEFT JOIN content_draft "
    "d "
    "ON d.article = a.id WHERE a.stage <> 'none' OR d.article IS NOT NULL GROUP BY 1"};

const store::Sql kNextArticle{"content.next_article", "SELECT coalesce(max(id), 0) + 1 FROM content_article"};
const store::Sql kFindArticle{"content.find_article", MINGXIN_ARTICLE "WHERE a.id = $1"};
const store::Sql kListArticles{
    "content.list_articles", MINGXIN_ARTICLE
    "WHERE a.id < $1 AND (a.last_version > 0 OR d.article IS NOT NULL) ORDER BY a.id DESC LIMIT $2"};
const store::Sql kWaitingArticles{
    "content.waiting_articles",
    MINGXIN_ARTICLE "WHERE a.stage IN ('first_review', 'final_review', 'returned') ORDER BY a.id DESC"};
const store::Sql kSetArticle{"content.set_article",
                             "UPDATE content_article SET stage = $2, last_version = $3, changed_us = $4, "
                             "changed_by = $5 WHERE id = $1"};
const store::Sql kSetColumn{"content.set_column",
                            "UPDATE content_article SET column_slug = $2 WHERE id = $1"};
const store::Sql kColumnUsed{"content.column_used",
                             "SELECT 1 FROM content_article WHERE column_slug = $1 UNION ALL SELECT 1 FROM "
                             "content_version WHERE column_slug = $1 UNION ALL SELECT 1 FROM content_draft "
                             "WHERE column_slug = $1 LIMIT 1"};

const store::Sql kFindDraft{
    "content.find_draft",
    "SELECT revision, saved_us, saved_by, writers, text FROM content_draft WHERE article = $1"};
const store::Sql kDropDraft{"content.drop_draft", "DELETE FROM content_draft WHERE article = $1"};
const store::Sql kPutDraft{
    "content.put_draft",
    "INSERT INTO content_draft (article, revision, column_slug, title, saved_us, saved_by, writers, text) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (article) DO UPDATE SET revision = "
    "excluded.revision, "
    "column_slug = excluded.column_slug, title = excluded.title, saved_us = excluded.saved_us, "
    "saved_by = excluded.saved_by, writers = excluded.writers, text = excluded.text"};

const store::Sql kFindVersion{"content.find_version", MINGXIN_VERSION "WHERE article = $1 AND number = $2"};
const store::Sql kVersionsOf{"content.versions_of",
                             MINGXIN_VERSION "WHERE article = $1 ORDER BY number DESC"};
const store::Sql kSetVersion{"content.set_version",
                             "UPDATE content_version SET state = $3 WHERE article = $1 AND number = $2"};
const store::Sql kPassVersion{
    "content.pass_version",
    "UPDATE content_version SET passed_by = $3, passed_us = $4 WHERE article = $1 AND number = $2"};

#define MINGXIN_SHOWING \
    "SELECT version, from_us, until_us, first_us, ended_by, reason, article FROM content_showing "
const store::Sql kShowingsOf{"content.showings_of", MINGXIN_SHOWING "WHERE article = $1 ORDER BY version"};
const store::Sql kShowingsBetween{
    "content.showings_between", MINGXIN_SHOWING "WHERE article BETWEEN $1 AND $2 ORDER BY article, version"};
const store::Sql kCutShowings{"content.cut_showings",
                              "UPDATE content_showing SET until_us = $2, ended_by = 'version' WHERE "
                              "article = $1 AND until_us > $2"};
const store::Sql kWithdrawShowings{"content.withdraw_showings",
                                   "UPDATE content_showing SET until_us = $2, ended_by = 'withdrawn', "
                                   "reason = $3 WHERE article = $1 AND until_us > $2"};

const store::Sql kStepsOf{
    "content.steps_of",
    "SELECT at_us, principal, step, version, note FROM content_step WHERE article = $1 ORDER BY id DESC"};

const store::Sql kReleasedAt{"content.released_at",
                             "SELECT at_us FROM content_step WHERE article = $1 AND version = $2 AND step = "
                             "'released' ORDER BY id DESC LIMIT 1"};

#define MINGXIN_PICTURE \
    "SELECT p.id, p.digest, p.type, p.width, p.height, p.bytes, p.alt, p.source, p.added_by, p.added_us"
const store::Sql kFindPicture{"content.find_picture",
                              MINGXIN_PICTURE ", 0 FROM content_picture p WHERE p.digest = $1"};
const store::Sql kPictures{
    "content.pictures", MINGXIN_PICTURE
    ", CASE WHEN EXISTS (SELECT 1 FROM content_picture_use u JOIN content_showing s ON s.article = u.article "
    "AND "
    "s.version = u.version WHERE u.digest = p.digest AND " MINGXIN_SHOWN
    ") THEN 1 ELSE 0 END FROM content_picture p WHERE p.id < $2 ORDER BY p.id DESC LIMIT $3"};
const store::Sql kPictureData{"content.picture_data",
                              "SELECT b.data, p.type FROM content_picture_data b JOIN content_picture p ON "
                              "p.digest = b.digest WHERE b.digest = $1"};
const store::Sql kPictureShown{
    "content.picture_shown",
    "SELECT 1 FROM content_picture_use u JOIN content_showing s ON s.article = u.article AND s.version = "
    "u.version WHERE u.digest = $2 AND " MINGXIN_SHOWN " LIMIT 1"};
const store::Sql kPicturesBesideData{
    "content.pictures_beside_data",
    "SELECT coalesce(p.digest, b.digest), p.digest, b.data FROM content_picture p FULL JOIN "
    "content_picture_data b ON b.digest = p.digest ORDER BY 1"};

const store::Sql kPublicList{"content.public_list",
                             MINGXIN_PUBLIC "WHERE s.column_slug = $2 AND " MINGXIN_SHOWN
                                            " AND (s.first_us < $3 OR (s.first_us = $3 AND s.article < $4)) "
                                            "ORDER BY s.first_us DESC, s.article DESC LIMIT $5"};
const store::Sql kPublicNewest{
    "content.public_newest", MINGXIN_PUBLIC
    "JOIN content_column c ON c.slug = s.column_slug AND c.on_home = 1 AND c.ended = 0 "
    "WHERE " MINGXIN_SHOWN " ORDER BY s.first_us DESC, s.article DESC LIMIT $2"};
const store::Sql kPublicEvents{
    "content.public_events",
    MINGXIN_PUBLIC "WHERE " MINGXIN_SHOWN
                   " AND v.event_from_day IS NOT NULL ORDER BY v.event_from_day, s.article LIMIT 1000"};
const store::Sql kPublicAll{"content.public_all",
                            "SELECT s.article FROM content_showing s WHERE " MINGXIN_SHOWN
                            " ORDER BY s.first_us DESC, s.article DESC LIMIT 20000"};
const store::Sql kPublicAbout{"content.public_about", MINGXIN_PUBLIC
                              "WHERE " MINGXIN_SHOWN
                              " AND v.subject_code <> '' ORDER BY s.first_us DESC, s.article DESC LIMIT $2"};
const store::Sql kPublicCount{"content.public_count",
                              "SELECT count(*) FROM content_showing s WHERE " MINGXIN_SHOWN
                              " AND s.column_slug = $2"};

}  // namespace sql

}  // namespace mingxin::content
