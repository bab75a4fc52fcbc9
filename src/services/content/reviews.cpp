// From a draft to the public and back: submission, two reviews, release, withdrawal.
#include <algorithm>

#include "base/text.h"
#include "content/check.h"
#include "content/content.h"
#include "content/content_json.h"
#include "content/content_sql.h"
#include "content/events.h"

namespace mingxin::content {

namespace {

constexpr std::size_t kNoteMost = 500, kReasonMost = 300;

Result<void> check_note(std::string_view note, std::size_t most) {
    if (character_count(note) <= most) return {};
    return fail(Fault::content_malformed, "意见最多" + std::to_string(most) + "字");
}

bool was_seen(const std::vector<Showing>& showings, Instant now) {
    return std::any_of(showings.begin(), showings.end(),
                       [&](const Showing& showing) { return showing.seen_by(now); });
}

/// An ended column takes nothing that the public has not seen.
Result<Column> open_column(store::ReadTx& tx, std::string_view slug, bool seen) {
    auto column = TRY(find_column(tx, slug));
    if (!column) return fail(Fault::column_unknown, std::string(slug));
    if (column->ended && !seen) return fail(Fault::column_ended, column->name);
    return std::move(*column);
}

/// The article with its newest version when that is in review at this stage.
struct InReview {
    ArticleRow article;
    VersionRow version;
};
Result<InReview> in_review(store::ReadTx& tx, std::int64_t article, std::int64_t version,
                           std::initializer_list<Stage> stages) {
    InReview found{TRY(article_row(tx, article)), {}};
    const bool there = std::find(stages.begin(), stages.end(), found.article.stage) != stages.end();
    if (!there || version != found.article.last_version) {
        return fail(Fault::article_state, "第" + std::to_string(version) + "稿不在这一步");
    }
    found.version = TRY(version_row(tx, article, version));
    return found;
}

std::string step_payload(std::int64_t article, std::int64_t version, std::string_view note) {
    JsonWriter payload;
    payload.begin_object().field("article", article).field("version", version);
    payload.field("note", trim(note)).end_object();
    return payload.take();
}

std::string submission(std::int64_t article, std::int64_t version, const DraftRow& draft,
                       std::string_view note) {
    JsonWriter payload;
    payload.begin_object().field("article", article).field("version", version).field("note", trim(note));
    payload.key("writers").begin_array();
    for (const std::string& writer : draft.writers) payload.text(writer);
    payload.end_array().key("pictures").begin_array();
    for (const std::string& digest : pictures_of(draft.text)) payload.text(digest);
    payload.end_array().key("text");
    write_text(payload, draft.text);
    payload.end_object();
    return payload.take();
}

}  // namespace

Result<Done> submit(store::Tx& tx, const Desk& desk, const Actor& actor, std::int64_t article,
                    std::int64_t revision, std::string_view note) {
    TRY(check_note(note, kNoteMost));
    const ArticleRow row = TRY(article_row(tx, article));
    auto draft = TRY(draft_row(tx, article));
    if (!draft) return fail(Fault::article_state, "没有草稿；请先保存修改，再提交审核");
    if (draft->revision != revision) return fail(Fault::content_changed, row.title);
    if (!contains(draft->writers, actor.who.name)) draft->writers.push_back(actor.who.name);
    const bool seen = was_seen(TRY(showings_of(tx, article)), actor.now);
    const Column column = TRY(open_column(tx, draft->text.column, seen));
    TRY(check_form(tx, draft->text));
    TRY(check_whole(column, draft->text, seen));
    TRY(refuse_rejected(TRY(check_text(tx, desk, draft->text, actor.now.date()))));
    TRY(record(tx, desk, actor, events::kSubmitted, submission(article, row.last_version + 1, *draft, note)));
    TRY(tx.execute(sql::kDropDraft, {article}));
    return done(tx, article, actor.now);
}

Result<Done> pass(store::Tx& tx, const Desk& desk, const Actor& actor, std::int64_t article,
                  std::int64_t version, std::string_view note) {
    TRY(check_note(note, kNoteMost));
    const InReview found = TRY(in_review(tx, article, version, {Stage::first_review}));
    if (contains(found.version.writers, actor.who.name)) {
        return fail(Fault::person_repeated, "您是这一稿的撰写人，不能进行一审");
    }
    const Text text = TRY(text_of(tx, found.version.event));
    TRY(refuse_unanswered(TRY(check_text(tx, desk, text, actor.now.date())), note));
    TRY(record(tx, desk, actor, events::kPassed, step_payload(article, version, note)));
    return done(tx, article, actor.now);
}

Result<Done> release(store::Tx& tx, const Desk& desk, const Actor& actor, std::int64_t article,
                     std::int64_t version, std::string_view note) {
    TRY(check_note(note, kNoteMost));
    const InReview found = TRY(in_review(tx, article, version, {Stage::final_review}));
    if (contains(found.version.writers, actor.who.name)) {
        return fail(Fault::person_repeated, "您是这一稿的撰写人，不能进行终审");
    }
    if (found.version.passed_by.empty() || contains({found.version.passed_by}, actor.who.name)) {
        return fail(Fault::person_repeated, "您已经做过这一稿的一审，终审须由另一个人进行");
    }
    const std::vector<Showing> showings = TRY(showings_of(tx, article));
    TRY(open_column(tx, found.version.column, was_seen(showings, actor.now)));
    const Showing showing = showing_of(found.version, showings, actor.now);
    if (showing.until <= showing.from) {
        return fail(Fault::article_state, "展示截止日期已过，请退回修改");
    }
    const Text text = TRY(text_of(tx, found.version.event));
    TRY(refuse_unanswered(TRY(check_text(tx, desk, text, actor.now.date())), note));
    TRY(record(tx, desk, actor, events::kReleased, step_payload(article, version, note)));
    return done(tx, article, actor.now);
}

Result<Done> send_back(store::Tx& tx, const Desk& desk, const Actor& actor, std::int64_t article,
                       std::int64_t version, std::string_view note, bool recall) {
    TRY(check_note(note, kNoteMost));
    const InReview found = TRY(in_review(tx, article, version, {Stage::first_review, Stage::final_review}));
    if (recall && !contains(found.version.writers, actor.who.name)) {
        return fail(Fault::article_state, "只有这一稿的撰写人可以撤回送审");
    }
    if (!recall && trim(note).empty()) return fail(Fault::content_malformed, "请写明退回的原因");
    JsonWriter payload;
    payload.begin_object().field("article", article).field("version", version).field("note", trim(note));
    payload.field("recall", recall).end_object();
    TRY(record(tx, desk, actor, events::kReturned, payload.take()));
    TRY(put_draft(tx, article, 0, actor.who.name, found.version.writers,
                  TRY(text_of(tx, found.version.event)), actor.now));
    return done(tx, article, actor.now);
}

Result<Done> withdraw(store::Tx& tx, const Desk& desk, const Actor& actor, std::int64_t article,
                      std::string_view reason) {
    TRY(check_note(reason, kReasonMost));
    if (trim(reason).empty()) return fail(Fault::content_malformed, "请写明撤回的原因，它会公开显示");
    const ArticleRow row = TRY(article_row(tx, article));
    const std::vector<Showing> showings = TRY(showings_of(tx, article));
    const bool any = std::any_of(showings.begin(), showings.end(), [&](const Showing& showing) {
        return std::max(showing.from, actor.now) < showing.until;
    });
    if (!any) return fail(Fault::article_state, "这篇文章没有公开，也没有待发布的稿");
    Text told;
    told.change_note = reason;
    TRY(refuse_rejected(check_words(*desk.rules, told, actor.now.date())));
    JsonWriter payload;
    payload.begin_object().field("article", article).field("version", row.last_version);
    payload.field("reason", trim(reason)).end_object();
    TRY(record(tx, desk, actor, events::kWithdrawn, payload.take()));
    return done(tx, article, actor.now);
}

}  // namespace mingxin::content
