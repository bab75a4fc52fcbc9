// Articles at the desk: rows that decisions read, drafts, what a text must be.
#include <algorithm>

#include "base/text.h"
#include "content/content.h"
#include "content/content_json.h"
#include "content/content_sql.h"
#include "content/events.h"
#include "content/markup.h"
#include "subject/identify.h"

namespace mingxin::content {

namespace {

std::optional<Date> day_at(const store::Cursor& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return Date{static_cast<std::int32_t>(row.integer(column))};
}

std::optional<Instant> instant_at(const store::Cursor& row, int column) {
    return row.is_null(column) ? std::nullopt : std::optional(Instant{row.integer(column)});
}

VersionRow version_at(const store::Cursor& row) {
    VersionRow version;
    version.number = row.integer(0);
    version.event = row.integer(1);
    version.column = row.text(2);
    version.title = row.text(3);
    version.state = row.text(4);
    version.writers = words_of(row.text(5));
    version.submitted = Instant{row.integer(6)};
    version.passed_by = row.text(7);
    version.passed = instant_at(row, 8);
    version.note = row.text(9);
    version.change_note = row.text(10);
    version.release_at = instant_at(row, 11);
    version.valid_until = day_at(row, 12);
    return version;
}

Stage stage_by_name(std::string_view name) {
    for (Stage stage : {Stage::first_review, Stage::final_review, Stage::returned}) {
        if (stage_name(stage) == name) return stage;
    }
    return Stage::none;
}

Result<void> malformed(std::string what) {
    return fail(Fault::content_malformed, std::move(what));
}

bool was_ever_seen(const std::vector<Showing>& showings, Instant now) {
    return std::any_of(showings.begin(), showings.end(),
                       [&](const Showing& showing) { return showing.seen_by(now); });
}

/// A column that takes this article: active, or the article was public before.
Result<Column> column_for(store::ReadTx& tx, std::string_view slug, bool was_seen) {
    auto column = TRY(find_column(tx, slug));
    if (!column) return fail(Fault::column_unknown, std::string(slug));
    if (column->ended && !was_seen) return fail(Fault::column_ended, column->name);
    return std::move(*column);
}

}  // namespace

std::string_view stage_name(Stage stage) {
    static constexpr std::string_view names[] = {"none", "draft", "first_review", "final_review", "returned"};
    return names[static_cast<std::size_t>(stage)];
}

std::string_view visibility_name(Visibility visibility) {
    static constexpr std::string_view names[] = {"never", "scheduled", "shown", "ended", "withdrawn"};
    return names[static_cast<std::size_t>(visibility)];
}

std::string_view person_of(std::string_view principal) {
    const std::size_t colon = principal.find(':');
    return colon == std::string_view::npos ? principal : principal.substr(colon + 1);
}

bool contains(const std::vector<std::string>& principals, std::string_view principal) {
    return std::any_of(principals.begin(), principals.end(),
                       [&](const std::string& one) { return person_of(one) == person_of(principal); });
}

Standing decide(std::span<const Showing> showings, Instant now) {
    Standing standing;
    const Showing* coming = nullptr;
    const Showing* seen = nullptr;
    for (const Showing& showing : showings) {
        if (showing.shown_at(now)) return {Visibility::shown, &showing};
        if (showing.from > now && showing.from < showing.until && (!coming || showing.from < coming->from)) {
            coming = &showing;
        }
        if (showing.seen_by(now) && (!seen || seen->until < showing.until)) seen = &showing;
    }
    if (coming != nullptr) return {Visibility::scheduled, coming};
    if (seen == nullptr) return standing;
    return {seen->ended_by == "withdrawn" ? Visibility::withdrawn : Visibility::ended, seen};
}

Result<journal::Event> record(store::Tx& tx, const Desk& desk, const Actor& actor, std::string_view kind,
                              std::string payload) {
    journal::Event event = TRY(journal::append(tx,
                                               {.kind = std::string(kind),
                                                .principal = actor.who.name,
                                                .payload = std::move(payload),
                                                .rulebook = desk.rules->digest()},
                                               actor.now));
    TRY(apply(tx, event));
    return event;
}

ArticleRow article_at(const store::Cursor& row) {
    ArticleRow article;
    article.id = row.integer(0);
    article.column = row.text(1);
    article.stage = stage_by_name(row.text(2));
    article.last_version = row.integer(3);
    article.changed = Instant{row.integer(4)};
    article.changed_by = row.text(5);
    article.draft_revision = row.integer(6);
    article.draft_saved_by = row.text(7);
    article.title = row.text(8);
    article.writers = words_of(row.text(9));
    article.cover = row.text(10);
    article.passed_by = row.text(11);
    if (article.stage == Stage::none && article.draft_revision > 0) article.stage = Stage::draft;
    return article;
}

Result<ArticleRow> article_row(store::ReadTx& tx, std::int64_t id) {
    store::Cursor row = TRY(tx.query(sql::kFindArticle, {id}));
    if (!TRY(row.next())) return fail(Fault::article_unknown, std::to_string(id));
    return article_at(row);
}

Result<VersionRow> version_row(store::ReadTx& tx, std::int64_t article, std::int64_t version) {
    store::Cursor row = TRY(tx.query(sql::kFindVersion, {article, version}));
    if (!TRY(row.next())) {
        return fail(Fault::article_unknown,
                    std::to_string(article) + " 的第" + std::to_string(version) + "稿");
    }
    return version_at(row);
}

Result<std::vector<VersionRow>> versions_of(store::ReadTx& tx, std::int64_t article) {
    std::vector<VersionRow> all;
    store::Cursor row = TRY(tx.query(sql::kVersionsOf, {article}));
    while (TRY(row.next())) all.push_back(version_at(row));
    return all;
}

Result<Text> text_of(store::ReadTx& tx, std::int64_t event) {
    const auto found = TRY(journal::find_event(tx, event));
    const auto payload = found ? Payload::parse(found->payload) : std::nullopt;
    if (!payload) return fail(Fault::payload_broken, "事项 " + std::to_string(event));
    return payload->object("text").as_text();
}

Showing showing_at(const store::Cursor& row) {
    return {row.integer(0),          Instant{row.integer(1)},  Instant{row.integer(2)},
            Instant{row.integer(3)}, std::string(row.text(4)), std::string(row.text(5))};
}

Result<std::vector<Showing>> showings_of(store::ReadTx& tx, std::int64_t article) {
    std::vector<Showing> all;
    store::Cursor row = TRY(tx.query(sql::kShowingsOf, {article}));
    while (TRY(row.next())) all.push_back(showing_at(row));
    return all;
}

Showing showing_of(const VersionRow& version, const std::vector<Showing>& before, Instant released) {
    Showing showing{version.number, released, kEndOfTime, {}, "", ""};
    if (version.release_at) showing.from = std::max(showing.from, *version.release_at);
    if (version.valid_until) {
        showing.until = *parse_minute(version.valid_until->plus_days(1).to_string() + "T00:00");
        showing.ended_by = "date";
    }
    showing.first = showing.from;
    for (const Showing& earlier : before) {
        if (earlier.from < std::min(earlier.until, showing.from)) {
            showing.first = std::min(showing.first, earlier.first);
        }
    }
    return showing;
}

Result<std::optional<DraftRow>> draft_row(store::ReadTx& tx, std::int64_t article) {
    store::Cursor row = TRY(tx.query(sql::kFindDraft, {article}));
    if (!TRY(row.next())) return std::optional<DraftRow>();
    DraftRow draft{
        row.integer(0), Instant{row.integer(1)}, std::string(row.text(2)), words_of(row.text(3)), {}};
    const auto payload = Payload::parse(row.text(4));
    if (!payload) return fail(Fault::payload_broken, "草稿 " + std::to_string(article));
    draft.text = payload->as_text();
    return std::optional(std::move(draft));
}

Result<std::int64_t> put_draft(store::Tx& tx, std::int64_t article, std::int64_t old_revision,
                               std::string_view saved_by, const std::vector<std::string>& writers,
                               const Text& text, Instant now) {
    const std::int64_t revision = std::max(now.us, old_revision + 1);
    TRY(tx.execute(sql::kPutDraft, {article, revision, text.column, text.title, now.us, saved_by,
                                    joined(writers), text_json(text)}));
    return revision;
}

Result<Done> done(store::ReadTx& tx, std::int64_t article, Instant now) {
    const ArticleRow row = TRY(article_row(tx, article));
    const std::vector<Showing> showings = TRY(showings_of(tx, article));
    return Done{article, row.stage, decide(showings, now).visibility, row.last_version, row.draft_revision};
}

std::vector<std::string> pictures_of(const Text& text) {
    std::vector<std::string> digests = pictures_in(text.body);
    if (!text.cover.empty() && std::find(digests.begin(), digests.end(), text.cover) == digests.end()) {
        digests.push_back(text.cover);
    }
    return digests;
}

Result<void> check_form(store::ReadTx& tx, const Text& text) {
    const struct {
        const char* name;
        std::string_view value;
        std::size_t most;
    } limits[] = {{"标题", text.title, 100},
                  {"摘要", text.summary, 300},
                  {"正文", text.body, 50'000},
                  {"来源", text.source, 100},
                  {"供稿单位", text.unit, 100},
                  {"更正说明", text.change_note, 300},
                  {"当事人同意的说明", text.consent, 300},
                  {"主体代码", text.subject_code, 18}};
    if (trim(text.title).empty()) return malformed("请填写标题");
    for (const auto& limit : limits) {
        if (character_count(limit.value) > limit.most) {
            return malformed(std::string(limit.name) + "最多" + std::to_string(limit.most) + "字，现有" +
                             std::to_string(character_count(limit.value)) + "字");
        }
    }
    if (text.facts.size() > 20) return malformed("要素最多20项");
    for (const Fact& fact : text.facts) {
        const std::size_t name = character_count(fact.name), value = character_count(fact.value);
        if (name == 0 || name > 20 || value == 0 || value > 200) {
            return malformed("要素的名称为1至20字，内容为1至200字：" + fact.name);
        }
    }
    if (!text.subject_code.empty() && !subject::is_valid_uscc(text.subject_code)) {
        return malformed("统一社会信用代码不正确：" + text.subject_code);
    }
    if (text.event_to && (!text.event_from || *text.event_to < *text.event_from)) {
        return malformed("活动的结束日期早于开始日期");
    }
    if (text.release_at && text.valid_until && text.valid_until->plus_days(1) <= text.release_at->date()) {
        return malformed("展示截止日期早于发布时间");
    }
    for (const std::string& digest : pictures_of(text)) {
        if (!TRY(find_picture(tx, digest))) return fail(Fault::picture_unknown, digest.substr(0, 16) + "…");
    }
    return {};
}

Result<void> check_whole(const Column& column, const Text& text, bool was_seen) {
    if (trim(text.summary).empty()) return malformed("请填写摘要：列表和搜索结果中显示它");
    if (trim(text.body).empty()) return malformed("请填写正文");
    if (column.kind == ColumnKind::agencies && text.subject_code.empty()) {
        return malformed("请填写机构的统一社会信用代码：页面会同时显示它的公示信息");
    }
    if (column.kind == ColumnKind::campaigns && !text.event_from) return malformed("请填写活动日期");
    if (column.kind == ColumnKind::cases && trim(text.consent).empty()) {
        return malformed("请说明文中的个人怎样同意公开，或写明没有提到个人");
    }
    if (was_seen && trim(text.change_note).empty()) {
        return malformed("这篇文章公开过，请填写更正说明：它会显示在文章下方");
    }
    return {};
}

Result<Done> save_draft(store::Tx& tx, const Desk& desk, const Actor& actor, std::int64_t article,
                        std::int64_t revision, const Text& text) {
    TRY(check_form(tx, text));
    const bool fresh = article == 0;
    const std::vector<Showing> showings = fresh ? std::vector<Showing>() : TRY(showings_of(tx, article));
    TRY(column_for(tx, text.column, was_ever_seen(showings, actor.now)));
    if (fresh) {
        store::Cursor next = TRY(tx.query(sql::kNextArticle));
        TRY(next.next());
        article = next.integer(0);
    }
    std::vector<std::string> writers;
    if (fresh) {
        if (revision != 0) return fail(Fault::content_changed, "这篇文章还没有草稿");
        JsonWriter payload;
        payload.begin_object().field("article", article).field("column", text.column).end_object();
        TRY(record(tx, desk, actor, events::kOpened, payload.take()));
    } else {
        const ArticleRow row = TRY(article_row(tx, article));
        if (row.stage == Stage::first_review || row.stage == Stage::final_review) {
            return fail(Fault::article_state, "正在审核，不能修改；可以先撤回送审");
        }
        if (row.draft_revision != revision) return fail(Fault::content_changed, row.title);
        // Who wrote what was sent back stays one of its writers.
        if (row.draft_revision > 0 || row.stage == Stage::returned) writers = row.writers;
    }
    if (!contains(writers, actor.who.name)) writers.push_back(actor.who.name);
    TRY(put_draft(tx, article, revision, actor.who.name, writers, text, actor.now));
    return done(tx, article, actor.now);
}

Result<Done> discard_draft(store::Tx& tx, const Desk& desk, const Actor& actor, std::int64_t article,
                           std::int64_t revision) {
    const ArticleRow row = TRY(article_row(tx, article));
    if (row.draft_revision == 0 && row.stage != Stage::returned) {
        return fail(Fault::article_state, "没有草稿可以放弃");
    }
    if (row.draft_revision != revision) return fail(Fault::content_changed, row.title);
    TRY(tx.execute(sql::kDropDraft, {article}));
    if (row.stage == Stage::returned) {
        JsonWriter payload;
        payload.begin_object().field("article", article).field("version", row.last_version).end_object();
        TRY(record(tx, desk, actor, events::kDiscarded, payload.take()));
    }
    return done(tx, article, actor.now);
}

}  // namespace mingxin::content
