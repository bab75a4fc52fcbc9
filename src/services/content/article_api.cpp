// Articles as staff see them: the list, one with all that belongs to it, the text of a version.
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

constexpr std::int64_t kMostRows = 200;

std::string address(std::int64_t article) {
    return "/articles/" + std::to_string(article);
}

/// Beside the visibility: since when, until when, where.
void write_standing(JsonWriter& json, std::int64_t article, const Standing& standing, Instant now) {
    json.key("visibility").text(visibility_name(standing.visibility));
    if (standing.showing == nullptr) return;
    json.field("shown_from", standing.showing->from.to_string());
    if (standing.showing->until != kEndOfTime) json.field("shown_until", standing.showing->until.to_string());
    if (standing.showing->from <= now) json.field("url", address(article));
}

/// What is asked of the list.
struct Wish {
    std::string_view column, stage, visibility, text;
    bool mine = false, waiting = false;
};

bool is_wanted(const Wish& wish, const ArticleRow& row, const Standing& standing, const api::Principal& who) {
    if (!wish.column.empty() && row.column != wish.column) return false;
    if (!wish.stage.empty() && stage_name(row.stage) != wish.stage) return false;
    if (!wish.visibility.empty() && visibility_name(standing.visibility) != wish.visibility) return false;
    if (!wish.text.empty() && row.title.find(wish.text) == std::string::npos) return false;
    if (wish.mine && !contains(row.writers, who.name)) return false;
    return !wish.waiting || waiting_for(row, who).for_me;
}

using ShowingsByArticle = std::map<std::int64_t, std::vector<Showing>>;

struct RowsPage {
    std::vector<ArticleRow> rows;
    ShowingsByArticle showings;
};

/// The next rows below an id with their showings: two statements, however many.
Result<RowsPage> rows_below(store::ReadTx& tx, std::int64_t before) {
    RowsPage page;
    {
        store::Cursor row = TRY(tx.query(sql::kListArticles, {before, kMostRows}));
        while (TRY(row.next())) page.rows.push_back(article_at(row));
    }
    if (page.rows.empty()) return page;
    store::Cursor row = TRY(tx.query(sql::kShowingsBetween, {page.rows.back().id, page.rows.front().id}));
    while (TRY(row.next())) page.showings[row.integer(6)].push_back(showing_at(row));
    return page;
}

/// Names that a row needs, read once for the whole list.
struct Names {
    People people;
    std::map<std::string, std::string, std::less<>> columns;
    std::string column(std::string_view slug) const {
        const auto found = columns.find(slug);
        return found == columns.end() ? std::string(slug) : found->second;
    }
};

Result<Names> read_names(store::ReadTx& tx) {
    Names names{TRY(People::read(tx)), {}};
    for (const Column& column : TRY(columns(tx))) names.columns[column.slug] = column.name;
    return names;
}

void write_row(JsonWriter& json, const ArticleRow& row, const Standing& standing, const Names& names,
               const Call& call) {
    json.begin_object().field("id", row.id).field("column", row.column);
    json.field("column_name", names.column(row.column)).field("title", row.title);
    json.key("stage").text(stage_name(row.stage));
    write_standing(json, row.id, standing, call.now);
    json.field("version", row.last_version).field("changed", row.changed.to_string());
    json.field("changed_by", names.people.name(row.changed_by));
    names.people.write(json, "writers", row.writers);
    if (!row.cover.empty()) json.field("cover", row.cover);
    json.field("waits_for_me", waiting_for(row, call.principal).for_me).end_object();
}

/// How many articles wait for a step of this account.
Result<std::int64_t> waiting_count(store::ReadTx& tx, const api::Principal& who) {
    std::int64_t count = 0;
    store::Cursor row = TRY(tx.query(sql::kWaitingArticles));
    while (TRY(row.next())) count += waiting_for(article_at(row), who).for_me ? 1 : 0;
    return count;
}

Result<Reply> list_articles(const Call& call, const Input& in, store::ReadTx& tx) {
    const std::int64_t limit = in.integer("limit", 50);
    if (limit < 1 || limit > kMostRows) return fail(Fault::bad_argument, "limit 应为1至200");
    const Wish wish{in.text("column"), in.text("stage"),   in.text("visibility"),
                    in.text("text"),   in.boolean("mine"), in.boolean("waiting")};
    const Names names = TRY(read_names(tx));
    std::int64_t before = in.integer("before", INT64_MAX), found = 0;
    JsonWriter json;
    json.begin_object().key("articles").begin_array();
    for (bool more = true; more && found < limit;) {
        const RowsPage page = TRY(rows_below(tx, before));
        more = !page.rows.empty();
        for (const ArticleRow& row : page.rows) {
            if (found == limit) break;
            before = row.id;
            const auto own = page.showings.find(row.id);
            const Standing standing = own == page.showings.end() ? Standing() : decide(own->second, call.now);
            if (!is_wanted(wish, row, standing, call.principal)) continue;
            write_row(json, row, standing, names, call);
            ++found;
        }
    }
    json.end_array().field("waiting_count", TRY(waiting_count(tx, call.principal))).end_object();
    return Reply::json(json.take());
}

std::vector<Field> standing_fields() {
    return {{"visibility", FieldType::text, "never、scheduled、shown、ended 或 withdrawn",
             "what the public sees", true},
            {"shown_from", FieldType::text, "公开起（UTC）", "public from (UTC)"},
            {"shown_until", FieldType::text, "公开止（UTC）", "public until (UTC)"},
            {"url", FieldType::text, "公开页面", "public page"}};
}

std::vector<Field> with(std::vector<Field> fields, const std::vector<Field>& more) {
    fields.insert(fields.end(), more.begin(), more.end());
    return fields;
}

std::vector<Field> row_fields() {
    return with(
        {{"id", FieldType::integer, "文章编号", "article", true},
         {"column", FieldType::text, "栏目", "column", true},
         {"column_name", FieldType::text, "栏目名称", "name of the column", true},
         {"title", FieldType::text, "标题", "title", true},
         {"stage", FieldType::text, "none、draft、first_review、final_review 或 returned", "stage", true}},
        with(standing_fields(),
             {{"version", FieldType::integer, "最新一稿，0为没有", "newest version, 0: none", true},
              {"changed", FieldType::text, "最近一步的时间（UTC）", "last step (UTC)", true},
              {"changed_by", FieldType::text, "最近一步的人", "who did it", true},
              {"writers", FieldType::list, "撰写人", "writers", true},
              {"cover", FieldType::text, "封面图片的摘要", "digest of the cover"},
              {"waits_for_me", FieldType::boolean, "是否等待您处理", "whether it waits for you", true}}));
}

Endpoint article_list() {
    Endpoint endpoint(
        "article.list", Method::get, "/api/v1/content/articles", Permission::content_view, Audit::metered,
        "列出文章，最近新建的在前", "Articles, newest first",
        {{"column", FieldType::text, "栏目", "column", false, Where::query, "news"},
         {"stage", FieldType::text, "编审的步骤", "stage of the work", false, Where::query, "first_review"},
         {"visibility", FieldType::text, "公开的状态", "what the public sees", false, Where::query, "shown"},
         {"mine", FieldType::boolean, "只列本人撰写的", "written by me", false, Where::query, "true"},
         {"waiting", FieldType::boolean, "只列等待本人处理的", "waiting for me", false, Where::query, "true"},
         {"text", FieldType::text, "标题中的文字", "text in the title", false, Where::query, "诚信"},
         {"before", FieldType::integer, "只列编号小于它的", "ids below this one", false, Where::query, "100"},
         {"limit", FieldType::integer, "最多几篇（1至200）", "most articles (1 to 200)", false, Where::query,
          "50"}},
        {{"articles", FieldType::list, "文章", "articles", true, Where::query, "", row_fields()},
         {"waiting_count", FieldType::integer, "等待您处理的文章数", "articles that wait for you", true}},
        api::ReadHandler(list_articles));
    endpoint.refusals = {Fault::bad_argument};
    return endpoint;
}

/// What this account may do with the article now.
void write_may(JsonWriter& json, const ArticleRow& row, const Standing& standing, bool to_come,
               const api::Principal& who) {
    const bool edits = who.may(Permission::content_edit), releases = who.may(Permission::content_release);
    const bool first = row.stage == Stage::first_review, final = row.stage == Stage::final_review;
    const bool waits = waiting_for(row, who).for_me;
    json.key("may").begin_object();
    json.field("edit", edits && !first && !final);
    json.field("submit", edits && row.draft_revision > 0);
    json.field("recall", edits && (first || final) && contains(row.writers, who.name));
    json.field("discard",
               edits && !first && !final && (row.draft_revision > 0 || row.stage == Stage::returned));
    json.field("pass", first && waits);
    json.field("return", (first || final) && who.may(Permission::content_review));
    json.field("release", final && waits);
    json.field("withdraw", releases && (standing.visibility == Visibility::shown || to_come));
    json.end_object();
}

Result<void> write_working(JsonWriter& json, store::ReadTx& tx, std::int64_t article,
                           const std::vector<VersionRow>& versions, const People& people) {
    json.key("working").begin_object();
    if (const auto draft = TRY(draft_row(tx, article))) {
        json.field("revision", draft->revision).field("saved", draft->saved.to_string());
        json.field("saved_by", people.name(draft->saved_by)).key("text");
        write_text(json, draft->text);
        json.end_object();
        return {};
    }
    const VersionRow* base = versions.empty() ? nullptr : &versions.front();
    for (const VersionRow& version : versions) {
        if (version.state != "released") continue;
        base = &version;
        break;
    }
    json.field("revision", 0).key("text");
    write_text(json, base == nullptr ? Text() : TRY(text_of(tx, base->event)));
    json.end_object();
    return {};
}

Result<void> write_in_review(JsonWriter& json, store::ReadTx& tx, const Desk& desk, const ArticleRow& row,
                             const std::vector<VersionRow>& versions, const People& people,
                             const Call& call) {
    json.key("in_review");
    if ((row.stage != Stage::first_review && row.stage != Stage::final_review) || versions.empty()) {
        json.null();
        return {};
    }
    const VersionRow& version = versions.front();
    const Text text = TRY(text_of(tx, version.event));
    json.begin_object().field("version", version.number).field("submitted", version.submitted.to_string());
    people.write(json, "writers", version.writers);
    if (version.passed) {
        json.field("passed", version.passed->to_string()).field("passed_by", people.name(version.passed_by));
    }
    json.field("note", version.note).key("text");
    write_text(json, text);
    json.field("html", render_html(text.body, TRY(frames_of(tx, text.body, kConsolePictures))));
    json.key("findings");
    write_findings(json, TRY(check_text(tx, desk, text, call.today())));
    json.end_object();
    return {};
}

void write_versions(JsonWriter& json, const std::vector<VersionRow>& versions, const Standing& standing) {
    json.key("versions").begin_array();
    for (const VersionRow& version : versions) {
        json.begin_object().field("version", version.number).field("title", version.title);
        json.field("submitted", version.submitted.to_string()).field("state", version.state);
        const bool shown =
            standing.visibility == Visibility::shown && standing.showing->version == version.number;
        json.field("shown", shown).field("change_note", version.change_note).end_object();
    }
    json.end_array();
}

Result<void> write_steps(JsonWriter& json, store::ReadTx& tx, std::int64_t article, const People& people) {
    json.key("steps").begin_array();
    store::Cursor row = TRY(tx.query(sql::kStepsOf, {article}));
    while (TRY(row.next())) {
        json.begin_object().field("time", Instant{row.integer(0)}.to_string());
        json.field("by", people.name(row.text(1))).field("step", row.text(2));
        json.field("version", row.integer(3)).field("note", row.text(4)).end_object();
    }
    json.end_array();
    return {};
}

Result<Reply> show_article(const Desk& desk, const Call& call, const Input& in, store::ReadTx& tx) {
    const ArticleRow row = TRY(article_row(tx, in.integer("id", 0)));
    const std::vector<Showing> showings = TRY(showings_of(tx, row.id));
    const Standing standing = decide(showings, call.now);
    const std::vector<VersionRow> versions = TRY(versions_of(tx, row.id));
    const People people = TRY(People::read(tx));
    const auto column = TRY(find_column(tx, row.column));
    bool to_come = false;
    for (const Showing& showing : showings)
        to_come = to_come || std::max(showing.from, call.now) < showing.until;
    JsonWriter json;
    json.begin_object().field("id", row.id).field("column", row.column);
    json.field("column_name", column ? column->name : row.column);
    json.key("column_kind").text(column ? kind_name(column->kind) : "");
    json.field("column_state", column && column->ended ? "ended" : "active");
    json.key("stage").text(stage_name(row.stage));
    write_standing(json, row.id, standing, call.now);
    const Waiting waiting = waiting_for(row, call.principal);
    json.field("waits_for_me", waiting.for_me).field("why_not", waiting.why_not);
    TRY(write_working(json, tx, row.id, versions, people));
    TRY(write_in_review(json, tx, desk, row, versions, people, call));
    write_versions(json, versions, standing);
    TRY(write_steps(json, tx, row.id, people));
    write_may(json, row, standing, to_come, call.principal);
    json.end_object();
    return Reply::json(json.take());
}

std::vector<Field> may_fields() {
    std::vector<Field> fields;
    for (const char* step :
         {"edit", "submit", "recall", "discard", "pass", "return", "release", "withdraw"}) {
        fields.push_back(
            {step, FieldType::boolean, "是否可以这样做", "whether this account may do it", true});
    }
    return fields;
}

Field object_field(const char* name, const char* zh, const char* en, std::vector<Field> members) {
    return {name, FieldType::object, zh, en, true, Where::query, "", std::move(members)};
}
Field list_field(const char* name, const char* zh, const char* en, std::vector<Field> members) {
    return {name, FieldType::list, zh, en, true, Where::query, "", std::move(members)};
}

std::vector<Field> show_fields() {
    std::vector<Field> fields = {
        {"id", FieldType::integer, "文章编号", "article", true},
        {"column", FieldType::text, "栏目", "column", true},
        {"column_name", FieldType::text, "栏目名称", "name of the column", true},
        {"column_kind", FieldType::text, "栏目种类", "kind of the column", true},
        {"column_state", FieldType::text, "active 或 ended", "state of the column", true},
        {"stage", FieldType::text, "编审的步骤", "stage of the work", true},
        {"waits_for_me", FieldType::boolean, "是否等待您处理", "whether it waits for you", true},
        {"why_not", FieldType::text, "为什么不能由您处理", "why it can't be you", true}};
    fields = with(std::move(fields), standing_fields());
    fields.push_back(
        object_field("working", "编辑用的文字", "text to go on with",
                     {{"revision", FieldType::integer, "草稿的版本号，0为没有草稿", "revision", true},
                      {"saved", FieldType::text, "保存时间（UTC）", "saved (UTC)"},
                      {"saved_by", FieldType::text, "保存人", "who saved it"},
                      object_field("text", "文字", "text", text_fields(true))}));
    Field in_review =
        object_field("in_review", "正在审核的一稿", "version in review",
                     {{"version", FieldType::integer, "第几稿", "version", true},
                      {"submitted", FieldType::text, "提交时间（UTC）", "submitted (UTC)", true},
                      {"writers", FieldType::list, "撰写人", "writers", true},
                      {"passed", FieldType::text, "一审通过的时间（UTC）", "first review passed (UTC)"},
                      {"passed_by", FieldType::text, "一审人", "who passed it"},
                      {"note", FieldType::text, "给审核人的说明", "note for the reviewers", true},
                      object_field("text", "文字", "text", text_fields(true)),
                      {"html", FieldType::text, "排好版的正文", "rendered body", true},
                      list_field("findings", "检查结果", "findings", finding_fields())});
    in_review.nullable = true;
    fields.push_back(std::move(in_review));
    fields.push_back(list_field("versions", "各稿", "versions",
                                {{"version", FieldType::integer, "第几稿", "version", true},
                                 {"title", FieldType::text, "标题", "title", true},
                                 {"submitted", FieldType::text, "提交时间（UTC）", "submitted (UTC)", true},
                                 {"state", FieldType::text, "in_review、returned 或 released", "state", true},
                                 {"shown", FieldType::boolean, "是否公开中", "whether it is public", true},
                                 {"change_note", FieldType::text, "更正说明", "why it was changed", true}}));
    fields.push_back(
        list_field("steps", "经过", "steps",
                   {{"time", FieldType::text, "时间（UTC）", "time (UTC)", true},
                    {"by", FieldType::text, "谁", "who", true},
                    {"step", FieldType::text, "submitted、passed、returned、recalled、released 或 withdrawn",
                     "step", true},
                    {"version", FieldType::integer, "第几稿", "version", true},
                    {"note", FieldType::text, "意见", "note", true}}));
    fields.push_back(object_field("may", "您可以做的", "what this account may do", may_fields()));
    return fields;
}

Endpoint article_show(Shared desk) {
    Endpoint endpoint("article.show", Method::get, "/api/v1/content/articles/{id}", Permission::content_view,
                      Audit::metered, "一篇文章的草稿、各稿和经过", "An article: draft, versions, steps",
                      {{"id", FieldType::integer, "文章编号", "article", true, Where::path, "7"}},
                      show_fields(),
                      api::ReadHandler([desk](const Call& call, const Input& in, store::ReadTx& tx) {
                          return show_article(*desk, call, in, tx);
                      }));
    endpoint.refusals = {Fault::article_unknown};
    return endpoint;
}

Endpoint article_rechecks(Shared desk) {
    return Endpoint(
        "article.rechecks", Method::get, "/api/v1/content/rechecks", Permission::content_view, Audit::metered,
        "公开中的文章里，主体在签发以后又有了行政处罚或名单信息的，供复核",
        "Public articles whose subject got penalties or list entries since their release", {},
        {list_field("articles", "要复核的文章", "articles to look at again",
                    {{"id", FieldType::integer, "文章编号", "article", true},
                     {"title", FieldType::text, "标题", "title", true},
                     {"column_name", FieldType::text, "栏目名称", "name of the column", true},
                     {"subject_code", FieldType::text, "主体的统一社会信用代码", "code of the subject", true},
                     {"shown_from", FieldType::text, "公开起（UTC）", "public from (UTC)", true},
                     {"fresh", FieldType::integer, "签发以后新公示的处罚和名单信息数",
                      "penalties and list entries published since", true}})},
        api::ReadHandler([desk](const Call& call, const Input&, store::ReadTx& tx) -> Result<Reply> {
            const Names names = TRY(read_names(tx));
            JsonWriter json;
            json.begin_object().key("articles").begin_array();
            for (const Recheck& one : TRY(rechecks(tx, *desk, call.now))) {
                json.begin_object().field("id", one.article).field("title", one.title);
                json.field("column_name", names.column(one.column)).field("subject_code", one.subject_code);
                json.field("shown_from", one.from.to_string()).field("fresh", one.fresh).end_object();
            }
            json.end_array().end_object();
            return Reply::json(json.take());
        }));
}

Endpoint article_version(Shared desk) {
    Endpoint endpoint(
        "article.version", Method::get, "/api/v1/content/articles/{id}/versions/{version}",
        Permission::content_view, Audit::metered, "文章的某一稿", "A version of an article",
        {{"id", FieldType::integer, "文章编号", "article", true, Where::path, "7"},
         {"version", FieldType::integer, "第几稿", "version", true, Where::path, "1"}},
        {{"version", FieldType::integer, "第几稿", "version", true},
         object_field("text", "文字", "text", text_fields(true)),
         {"html", FieldType::text, "排好版的正文", "rendered body", true},
         list_field("findings", "检查结果", "findings", finding_fields())},
        api::ReadHandler([desk](const Call& call, const Input& in, store::ReadTx& tx) -> Result<Reply> {
            const VersionRow version = TRY(version_row(tx, in.integer("id", 0), in.integer("version", 0)));
            const Text text = TRY(text_of(tx, version.event));
            JsonWriter json;
            json.begin_object().field("version", version.number).key("text");
            write_text(json, text);
            json.field("html", render_html(text.body, TRY(frames_of(tx, text.body, kConsolePictures))));
            json.key("findings");
            write_findings(json, TRY(check_text(tx, *desk, text, call.today())));
            json.end_object();
            return Reply::json(json.take());
        }));
    endpoint.refusals = {Fault::article_unknown};
    return endpoint;
}

}  // namespace

std::vector<Endpoint> article_endpoints(Shared desk) {
    std::vector<Endpoint> all;
    all.push_back(article_list());
    all.push_back(article_show(desk));
    all.push_back(article_rechecks(desk));
    all.push_back(article_version(desk));
    return all;
}

}  // namespace mingxin::content
