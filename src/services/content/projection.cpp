// The only writer of the state tables: events of columns, articles and pictures.
#include <algorithm>

#include "content/content.h"
#include "content/content_json.h"
#include "content/content_sql.h"
#include "content/events.h"
#include "crypto/crypto.h"

namespace mingxin::content {

namespace {

using store::Value;

Value optional_day(const std::optional<Date>& date) {
    return date ? Value(std::int64_t{date->days}) : Value(nullptr);
}

class ContentProjection final : public journal::Projection {
  public:
    std::string_view name() const override { return "content"; }
    std::span<const store::Table* const> tables() const override {
        static const store::Table* const all[] = {&kColumnTable,  &kArticleTable,    &kVersionTable,
                                                  &kShowingTable, &kPictureUseTable, &kStepTable,
                                                  &kPictureTable};
        return all;
    }
    Result<void> begin_event(store::Tx& tx, const journal::Event& event) override { return apply(tx, event); }
    Result<void> row(store::Tx&, const journal::Event&, const journal::Row&) override { return {}; }
    Result<void> end_event(store::Tx&, const journal::Event&) override { return {}; }

    Result<void> check_sealed(store::ReadTx& tx, std::vector<journal::Damage>& damages) override {
        store::Cursor row = TRY(tx.scan(sql::kPicturesBesideData));
        while (TRY(row.next())) {
            const std::string place = "table content_picture_data (" + std::string(row.text(0)) + ")";
            if (row.is_null(1)) {
                damages.push_back({place, "账本中没有这张图片：它是另外加入的"});
            } else if (row.is_null(2)) {
                damages.push_back({place, "缺少这张图片：账本中有它的摘要"});
            } else if (to_hex(crypto::digest(row.blob(2))) != row.text(1)) {
                damages.push_back({place, "图片与账本中的摘要不符：内容被改动"});
            }
        }
        return {};
    }
};

/// One event as it is applied.
struct Applying {
    store::Tx& tx;
    const journal::Event& event;
    const Payload& payload;
    std::int64_t article = 0, version = 0;

    Result<void> step(std::string_view name, std::string_view note) const {
        return tx.insert(kStepTable,
                         {event.seq, article, version, name, event.principal, event.time.us, note});
    }
    Result<void> set(Stage stage, std::int64_t last_version) const {
        TRY(tx.execute(sql::kSetArticle,
                       {article, stage_name(stage), last_version, event.time.us, event.principal}));
        return {};
    }
};

Result<void> put_column(const Applying& at) {
    const Payload& column = at.payload;
    TRY(at.tx.execute(sql::kPutColumn,
                      {column.text("slug"), column.text("name"), column.text("name_en"), column.text("kind"),
                       column.text("about"), column.text("about_en"), column.integer("position"),
                       column.flag("on_home"), joined(column.texts("items")), at.event.seq}));
    return {};
}

Result<void> end_column_at(const Applying& at, bool ended) {
    TRY(at.tx.execute(sql::kEndColumn,
                      {at.payload.text("slug"), ended, at.payload.text("reason"), at.event.seq}));
    return {};
}

Result<void> put_version(const Applying& at) {
    const Text text = at.payload.object("text").as_text();
    const auto release_us = text.release_at ? Value(text.release_at->us) : Value(nullptr);
    TRY(at.tx.insert(kVersionTable, {at.article,
                                     at.version,
                                     at.event.seq,
                                     text.column,
                                     text.title,
                                     text.summary,
                                     text.cover,
                                     text.subject_code,
                                     optional_day(text.event_from),
                                     optional_day(text.event_to),
                                     text.yearly,
                                     text.change_note,
                                     release_us,
                                     optional_day(text.valid_until),
                                     "in_review",
                                     joined(at.payload.texts("writers")),
                                     at.event.time.us,
                                     "",
                                     nullptr,
                                     at.payload.text("note")}));
    for (const std::string& digest : at.payload.texts("pictures")) {
        TRY(at.tx.insert(kPictureUseTable, {digest, at.article, at.version}));
    }
    TRY(at.tx.execute(sql::kSetColumn, {at.article, text.column}));
    TRY(at.set(Stage::first_review, at.version));
    return at.step("submitted", at.payload.text("note"));
}

Result<void> release_version(const Applying& at) {
    VersionRow version = TRY(version_row(at.tx, at.article, at.version));
    Showing showing = showing_of(version, TRY(showings_of(at.tx, at.article)), at.event.time);
    TRY(at.tx.execute(sql::kCutShowings, {at.article, showing.from.us}));
    TRY(at.tx.insert(kShowingTable, {at.article, at.version, version.column, showing.from.us,
                                     showing.until.us, showing.first.us, showing.ended_by, ""}));
    TRY(at.tx.execute(sql::kSetVersion, {at.article, at.version, "released"}));
    TRY(at.set(Stage::none, at.version));
    return at.step("released", at.payload.text("note"));
}

Result<void> send_version_back(const Applying& at) {
    TRY(at.tx.execute(sql::kSetVersion, {at.article, at.version, "returned"}));
    TRY(at.set(Stage::returned, at.version));
    return at.step(at.payload.flag("recall") ? "recalled" : "returned", at.payload.text("note"));
}

Result<void> put_picture(const Applying& at) {
    const Payload& picture = at.payload;
    return at.tx.insert(kPictureTable,
                        {at.event.seq, picture.text("digest"), picture.text("type"), picture.integer("width"),
                         picture.integer("height"), picture.integer("bytes"), picture.text("alt"),
                         picture.text("source"), at.event.principal, at.event.time.us});
}

Result<void> apply_article(const Applying& at) {
    const std::string& kind = at.event.kind;
    if (kind == events::kOpened) {
        return at.tx.insert(kArticleTable, {at.article, at.payload.text("column"), stage_name(Stage::none), 0,
                                            at.event.time.us, at.event.principal});
    }
    if (kind == events::kSubmitted) return put_version(at);
    if (kind == events::kPassed) {
        TRY(at.tx.execute(sql::kPassVersion, {at.article, at.version, at.event.principal, at.event.time.us}));
        TRY(at.set(Stage::final_review, at.version));
        return at.step("passed", at.payload.text("note"));
    }
    if (kind == events::kReturned) return send_version_back(at);
    if (kind == events::kReleased) return release_version(at);
    if (kind == events::kDiscarded) return at.set(Stage::none, at.version);
    TRY(at.tx.execute(sql::kWithdrawShowings, {at.article, at.event.time.us, at.payload.text("reason")}));
    return at.step("withdrawn", at.payload.text("reason"));
}

/// By name: the gate's audit events bear names of endpoints, which begin with the same words.
bool is_ours(std::string_view kind) {
    static constexpr std::string_view all[] = {
        events::kColumnSaved, events::kColumnEnded, events::kColumnReopened, events::kOpened,
        events::kSubmitted,   events::kPassed,      events::kReturned,       events::kReleased,
        events::kWithdrawn,   events::kDiscarded,   events::kPictureAdded};
    return std::find(std::begin(all), std::end(all), kind) != std::end(all);
}

}  // namespace

Result<void> apply(store::Tx& tx, const journal::Event& event) {
    const std::string_view kind = event.kind;
    if (!is_ours(kind)) return {};
    const auto payload = Payload::parse(event.payload);
    if (!payload) {
        return fail(Fault::journal_damaged, "事项 " + std::to_string(event.seq) + " 的内容无法读取",
                    "content: payload of event " + std::to_string(event.seq));
    }
    const Applying at{tx, event, *payload, payload->integer("article"), payload->integer("version")};
    if (kind == events::kPictureAdded) return put_picture(at);
    if (kind == events::kColumnSaved) return put_column(at);
    if (kind.starts_with("column.")) return end_column_at(at, kind == events::kColumnEnded);
    return apply_article(at);
}

std::unique_ptr<journal::Projection> projection() {
    return std::make_unique<ContentProjection>();
}

}  // namespace mingxin::content
