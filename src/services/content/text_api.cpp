// Texts being written: keeping a draft, checking, looking at it, comparing two versions.
#include "content/api_parts.h"
#include "content/compare.h"

namespace mingxin::content {

using api::Audit;
using api::Call;
using api::Endpoint;
using api::Field;
using api::FieldType;
using api::Input;
using api::Method;
using api::Permission;
using api::Reply;
using api::Where;

namespace {

constexpr std::int64_t kTextMost_bytes = 512 << 10;

Endpoint article_save(Shared desk) {
    std::vector<Field> in = {{"article", FieldType::integer, "文章编号，新建时不填",
                              "article; absent: a new one", false, Where::body, "7"},
                             {"revision", FieldType::integer, "所编辑的草稿的版本号，没有草稿为0",
                              "revision of the draft, 0: none", true, Where::body, "0"}};
    for (Field& field : text_fields(true)) in.push_back(std::move(field));
    Endpoint endpoint(
        "article.save", Method::post, "/api/v1/content/articles", Permission::content_edit, Audit::metered,
        "保存文章的草稿", "Keeps the draft of an article", std::move(in),
        {{"id", FieldType::integer, "文章编号", "article", true},
         {"revision", FieldType::integer, "草稿的版本号", "revision of the draft", true},
         {"saved", FieldType::text, "保存时间（UTC）", "saved (UTC)", true}},
        api::WriteHandler([desk](const Call& call, const Input& in, store::Tx& tx) -> Result<Reply> {
            const Text text = TRY(read_text(in));
            const Done done = TRY(save_draft(tx, *desk, {call.principal, call.now}, in.integer("article", 0),
                                             in.integer("revision", 0), text));
            JsonWriter json;
            json.begin_object().field("id", done.id).field("revision", done.revision);
            json.field("saved", call.now.to_string()).end_object();
            return Reply::json(json.take());
        }));
    endpoint.body_limit_bytes = kTextMost_bytes;
    endpoint.refusals = {Fault::content_malformed, Fault::content_changed, Fault::column_unknown,
                         Fault::column_ended,      Fault::article_unknown, Fault::article_state,
                         Fault::picture_unknown};
    return endpoint;
}

Endpoint article_check(Shared desk) {
    std::vector<Field> in = {{"article", FieldType::integer, "文章编号", "article", false, Where::body, "7"}};
    for (Field& field : text_fields(false)) in.push_back(std::move(field));
    Endpoint endpoint(
        "article.check", Method::post, "/api/v1/content/check", Permission::content_view, Audit::metered,
        "检查敏感词和个人信息，不保存", "Looks for words and personal data; keeps nothing", std::move(in),
        {{"findings", FieldType::list, "检查结果", "findings", true, Where::query, "", finding_fields()}},
        api::ReadHandler([desk](const Call& call, const Input& in, store::ReadTx& tx) -> Result<Reply> {
            const Text text = TRY(read_text(in));
            JsonWriter json;
            json.begin_object().key("findings");
            write_findings(json, TRY(check_text(tx, *desk, text, call.today())));
            json.end_object();
            return Reply::json(json.take());
        }));
    endpoint.body_limit_bytes = kTextMost_bytes;
    endpoint.lengthy = true;
    endpoint.refusals = {Fault::content_malformed};
    return endpoint;
}

Endpoint article_preview() {
    Endpoint endpoint(
        "article.preview", Method::post, "/api/v1/content/preview", Permission::content_view, Audit::metered,
        "正文排版后的样子，不保存", "How a body will look; keeps nothing",
        {{"body", FieldType::text, "正文", "body", false, Where::body, "## 一、基本情况"}},
        {{"html", FieldType::text, "排好版的正文", "rendered body", true}},
        api::ReadHandler([](const Call&, const Input& in, store::ReadTx& tx) -> Result<Reply> {
            JsonWriter json;
            json.begin_object().field(
                "html", render_html(in.text("body"), TRY(frames_of(tx, in.text("body"), kConsolePictures))));
            json.end_object();
            return Reply::json(json.take());
        }));
    endpoint.body_limit_bytes = kTextMost_bytes;
    endpoint.lengthy = true;
    return endpoint;
}

/// 0: the draft.
Result<Text> text_of_version(store::ReadTx& tx, std::int64_t article, std::int64_t version) {
    if (version != 0) return text_of(tx, TRY(version_row(tx, article, version)).event);
    auto draft = TRY(draft_row(tx, article));
    if (!draft) return fail(Fault::article_state, "没有草稿可以比较");
    return std::move(draft->text);
}

std::string_view part_name(Part::Kind kind) {
    switch (kind) {
        case Part::Kind::added:
            return "added";
        case Part::Kind::removed:
            return "removed";
        case Part::Kind::same:
            break;
    }
    return "same";
}

Endpoint article_compare() {
    Endpoint endpoint(
        "article.compare", Method::get, "/api/v1/content/articles/{id}/compare", Permission::content_view,
        Audit::metered, "比较文章的两稿", "What changed between two versions",
        {{"id", FieldType::integer, "文章编号", "article", true, Where::path, "7"},
         {"old", FieldType::integer, "较早的一稿", "older version", true, Where::query, "1"},
         {"new", FieldType::integer, "较新的一稿，0为草稿", "newer version; 0: the draft", true, Where::query,
          "0"}},
        {{"parts",
          FieldType::list,
          "各部分",
          "parts",
          true,
          Where::query,
          "",
          {{"place", FieldType::text, "所在的栏", "field of the text", true},
           {"kind", FieldType::text, "same、added 或 removed", "same, added or removed", true},
           {"text", FieldType::text, "文字", "text", true}}}},
        api::ReadHandler([](const Call&, const Input& in, store::ReadTx& tx) -> Result<Reply> {
            const std::int64_t article = TRY(article_row(tx, in.integer("id", 0))).id;
            const Text before = TRY(text_of_version(tx, article, in.integer("old", 0)));
            const Text after = TRY(text_of_version(tx, article, in.integer("new", 0)));
            JsonWriter json;
            json.begin_object().key("parts").begin_array();
            for (const Part& part : compare(before, after)) {
                json.begin_object().field("place", part.place).key("kind").text(part_name(part.kind));
                json.field("text", part.text).end_object();
            }
            json.end_array().end_object();
            return Reply::json(json.take());
        }));
    endpoint.lengthy = true;
    endpoint.refusals = {Fault::article_unknown, Fault::article_state};
    return endpoint;
}

}  // namespace

std::vector<Endpoint> text_endpoints(Shared desk) {
    std::vector<Endpoint> all;
    all.push_back(article_save(desk));
    all.push_back(article_check(desk));
    all.push_back(article_preview());
    all.push_back(article_compare());
    return all;
}

}  // namespace mingxin::content
