// Pictures: kept once by digest, their bytes beside the journal.
#include "base/text.h"
#include "content/check.h"
#include "content/content.h"
#include "content/content_json.h"
#include "content/content_sql.h"
#include "content/events.h"
#include "content/picture_file.h"
#include "crypto/crypto.h"

namespace mingxin::content {

namespace {

Picture picture_at(const store::Cursor& row) {
    Picture picture;
    picture.id = row.integer(0);
    picture.digest = row.text(1);
    picture.type = row.text(2);
    picture.width = static_cast<int>(row.integer(3));
    picture.height = static_cast<int>(row.integer(4));
    picture.bytes = row.integer(5);
    picture.alt = row.text(6);
    picture.source = row.text(7);
    picture.added_by = row.text(8);
    picture.added = Instant{row.integer(9)};
    picture.shown = row.integer(10) != 0;
    return picture;
}

std::string picture_payload(const PictureFile& file, std::string_view digest, std::string_view alt,
                            std::string_view source) {
    JsonWriter payload;
    payload.begin_object().field("digest", digest).field("type", file.type).field("width", file.width);
    payload.field("height", file.height).field("bytes", static_cast<std::int64_t>(file.bytes.size()));
    payload.field("alt", trim(alt)).field("source", trim(source)).end_object();
    return payload.take();
}

}  // namespace

Result<Picture> add_picture(store::Tx& tx, const Desk& desk, const Actor& actor, std::string_view file,
                            std::string_view alt, std::string_view source) {
    const PictureFile kept = TRY(clean_picture(file));
    if (trim(alt).empty() || character_count(alt) > 100 || character_count(source) > 100) {
        return fail(Fault::content_malformed, "请写明图片上有什么（1至100字）；来源最多100字");
    }
    Text told;
    told.title = alt;
    told.source = source;
    TRY(refuse_rejected(check_words(*desk.rules, told, actor.now.date())));
    const std::string digest = to_hex(crypto::digest(as_bytes(kept.bytes)));
    if (auto known = TRY(find_picture(tx, digest))) return std::move(*known);
    TRY(tx.insert(kPictureDataTable, {digest, as_bytes(kept.bytes)}));
    TRY(record(tx, desk, actor, events::kPictureAdded, picture_payload(kept, digest, alt, source)));
    return *TRY(find_picture(tx, digest));
}

Result<std::vector<Picture>> pictures(store::ReadTx& tx, std::int64_t before, int limit, Instant now) {
    std::vector<Picture> all;
    store::Cursor row = TRY(tx.query(sql::kPictures, {now.us, before, limit}));
    while (TRY(row.next())) all.push_back(picture_at(row));
    return all;
}

Result<std::optional<Picture>> find_picture(store::ReadTx& tx, std::string_view digest) {
    store::Cursor row = TRY(tx.query(sql::kFindPicture, {digest}));
    if (!TRY(row.next())) return std::optional<Picture>();
    return std::optional(picture_at(row));
}

Result<std::optional<PictureData>> picture_data(store::ReadTx& tx, std::string_view digest, bool public_only,
                                                Instant now) {
    if (public_only) {
        store::Cursor shown = TRY(tx.query(sql::kPictureShown, {now.us, digest}));
        if (!TRY(shown.next())) return std::optional<PictureData>();
    }
    store::Cursor row = TRY(tx.query(sql::kPictureData, {digest}));
    if (!TRY(row.next())) return std::optional<PictureData>();
    return std::optional(PictureData{std::string(as_text(row.blob(0))), std::string(row.text(1))});
}

std::span<const store::Table* const> tables() {
    static const store::Table* const all[] = {&kColumnTable,  &kArticleTable,    &kVersionTable,
                                              &kShowingTable, &kPictureUseTable, &kStepTable,
                                              &kPictureTable, &kDraftTable,      &kPictureDataTable};
    return all;
}

}  // namespace mingxin::content
