#include "base/text.h"
#include "content/api_parts.h"
#include "content/content_sql.h"

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

std::vector<Field> column_fields() {
    return {{"slug", FieldType::text, "网址名称", "name in addresses", true},
            {"name", FieldType::text, "名称", "name", true},
            {"name_en", FieldType::text, "英文名称", "English name", true},
            {"kind", FieldType::text, "种类", "kind", true},
            {"about", FieldType::text, "说明", "what it is for", true},
            {"about_en", FieldType::text, "英文说明", "what it is for, in English", true},
            {"position", FieldType::integer, "顺序", "order", true},
            {"on_home", FieldType::boolean, "最新文章是否上首页", "newest articles on the home page", true},
            {"items", FieldType::list, "绑定的目录项", "catalogue items it is bound to", true},
            {"state", FieldType::text, "active 或 ended", "active or ended", true},
            {"ended_reason", FieldType::text, "停用的原因", "why it was ended", true},
            {"revision", FieldType::integer, "版本号", "revision", true},
            {"shown", FieldType::integer, "公开中的文章数", "articles that are public now", true},
            {"in_work", FieldType::integer, "编审中的文章数", "articles in work", true},
            {"url", FieldType::text, "公开页面", "public page", true}};
}

using Counts = std::map<std::string, std::int64_t, std::less<>>;

Result<Counts> counts(store::ReadTx& tx, const store::Sql& sql, std::initializer_list<store::Value> values) {
    Counts all;
    store::Cursor row = TRY(tx.query(sql, values));
    while (TRY(row.next())) all[std::string(row.text(0))] = row.integer(1);
    return all;
}

std::int64_t of(const Counts& counts, std::string_view slug) {
    const auto found = counts.find(slug);
    return found == counts.end() ? 0 : found->second;
}

void write_column(JsonWriter& json, const Column& column, const Counts& shown, const Counts& in_work) {
    json.begin_object()
        .field("slug", column.slug)
        .field("name", column.name)
        .field("name_en", column.name_en);
    json.key("kind").text(kind_name(column.kind)).field("about", column.about);
    json.field("about_en", column.about_en).field("position", column.position);
    json.field("on_home", column.on_home).key("items").begin_array();
    for (const std::string& item : column.items) json.text(item);
    json.end_array().field("state", column.ended ? "ended" : "active");
    json.field("ended_reason", column.ended_reason).field("revision", column.revision);
    json.field("shown", of(shown, column.slug)).field("in_work", of(in_work, column.slug));
    json.field("url", "/columns/" + column.slug).end_object();
}

Result<Reply> column_reply(store::ReadTx& tx, const Column& column, Instant now) {
    JsonWriter json;
    write_column(json, column, TRY(counts(tx, sql::kColumnsShown, {now.us})),
                 TRY(counts(tx, sql::kColumnsInWork, {})));
    return Reply::json(json.take());
}

Endpoint column_list() {
    return Endpoint(
        "column.list", Method::get, "/api/v1/content/columns", Permission::content_view, Audit::metered,
        "列出网站的栏目", "Columns of the site", {},
        {{"columns", FieldType::list, "栏目", "columns", true, Where::query, "", column_fields()}},
        api::ReadHandler([](const Call& call, const Input&, store::ReadTx& tx) -> Result<Reply> {
            const Counts shown = TRY(counts(tx, sql::kColumnsShown, {call.now.us}));
            const Counts in_work = TRY(counts(tx, sql::kColumnsInWork, {}));
            JsonWriter json;
            json.begin_object().key("columns").begin_array();
            for (const Column& column : TRY(columns(tx))) write_column(json, column, shown, in_work);
            json.end_array().end_object();
            return Reply::json(json.take());
        }));
}

Result<Column> read_column(const Input& in) {
    Column column;
    column.slug = in.text("slug");
    column.name = trim(in.text("name"));
    column.name_en = trim(in.text("name_en"));
    const auto kind = kind_by_name(in.text("kind"));
    if (!kind) return fail(Fault::content_malformed, "没有这种栏目：" + std::string(in.text("kind")));
    column.kind = *kind;
    column.about = trim(in.text("about"));
    column.about_en = trim(in.text("about_en"));
    const std::int64_t position = in.integer("position", 0);
    if (position < 0 || position > 999) return fail(Fault::content_malformed, "顺序为0至999");
    column.position = static_cast<int>(position);
    column.on_home = in.boolean("on_home");
    column.items = read_texts(in.text("items"));
    column.revision = in.integer("revision", 0);
    return column;
}

Endpoint column_save(Shared desk) {
    Endpoint endpoint(
        "column.save", Method::post, "/api/v1/content/columns", Permission::content_columns, Audit::metered,
        "新建或修改栏目", "Makes a column, or changes one",
        {{"slug", FieldType::text, "网址名称，2至40个小写字母、数字和横线，不能再改",
          "name in addresses: 2 to 40 of a-z 0-9 -, never changed", true, Where::body, "news"},
         {"revision", FieldType::integer, "读到的版本号，新建为0", "revision that was read; 0: a new one",
          true, Where::body, "0"},
         {"name", FieldType::text, "名称，最多20字", "name", true, Where::body, "信用动态"},
         {"name_en", FieldType::text, "英文名称", "English name", false, Where::body, "News"},
         {"kind", FieldType::text,
          "articles、cases、policies、training、campaigns、agencies、lists、topics 或 records", "kind", true,
          Where::body, "articles"},
         {"about", FieldType::text, "说明，最多200字", "what it is for", false, Where::body,
          "本县信用工作的新进展"},
         {"about_en", FieldType::text, "英文说明", "what it is for, in English", false, Where::body},
         {"position", FieldType::integer, "顺序，0至999", "order, 0 to 999", false, Where::body, "10"},
         {"on_home", FieldType::boolean, "最新文章是否上首页", "newest articles on the home page", false,
          Where::body, "true"},
         {"items", FieldType::list, "公示栏绑定的目录项", "catalogue items that a records column shows",
          false, Where::body}},
        column_fields(),
        api::WriteHandler([desk](const Call& call, const Input& in, store::Tx& tx) -> Result<Reply> {
            const Column column = TRY(read_column(in));
            const Column saved = TRY(save_column(tx, *desk, {call.principal, call.now}, column));
            return column_reply(tx, saved, call.now);
        }));
    endpoint.refusals = {Fault::column_exists,     Fault::column_unknown, Fault::content_changed,
                         Fault::content_malformed, Fault::item_unknown,   Fault::item_not_in_force};
    return endpoint;
}

api::WriteHandler ending(Shared desk, bool ended) {
    return [desk, ended](const Call& call, const Input& in, store::Tx& tx) -> Result<Reply> {
        const Column column = TRY(end_column(tx, *desk, {call.principal, call.now}, in.text("slug"),
                                             in.integer("revision", 0), ended, in.text("reason")));
        return column_reply(tx, column, call.now);
    };
}

std::vector<Field> ending_fields() {
    return {
        {"slug", FieldType::text, "网址名称", "name in addresses", true, Where::path, "news"},
        {"revision", FieldType::integer, "读到的版本号", "revision that was read", true, Where::body, "12"},
        {"reason", FieldType::text, "原因，最多200字", "why", true, Where::body, "并入信用动态"}};
}

Endpoint column_end(Shared desk) {
    Endpoint endpoint("column.end", Method::post, "/api/v1/content/columns/{slug}/end",
                      Permission::content_columns, Audit::metered, "停用栏目：不再发布新文章",
                      "Ends a column: nothing new is published in it", ending_fields(), column_fields(),
                      ending(desk, true));
    endpoint.refusals = {Fault::column_unknown, Fault::content_changed, Fault::content_malformed,
                         Fault::article_state};
    return endpoint;
}

Endpoint column_reopen(Shared desk) {
    Endpoint endpoint("column.reopen", Method::post, "/api/v1/content/columns/{slug}/reopen",
                      Permission::content_columns, Audit::metered, "恢复已停用的栏目",
                      "Opens an ended column again", ending_fields(), column_fields(), ending(desk, false));
    endpoint.refusals = {Fault::column_unknown, Fault::content_changed, Fault::content_malformed,
                         Fault::article_state};
    return endpoint;
}

}  // namespace

// Their events (column.saved, column.ended ...) are the audit: Audit::event would tell the same twice.
std::vector<Endpoint> column_endpoints(Shared desk) {
    std::vector<Endpoint> all;
    all.push_back(column_list());
    all.push_back(column_save(desk));
    all.push_back(column_end(desk));
    all.push_back(column_reopen(desk));
    return all;
}

}  // namespace mingxin::content
