// Columns: a clerk makes, changes, ends and reopens them.
#include <algorithm>

#include "base/text.h"
#include "content/content.h"
#include "content/content_json.h"
#include "content/content_sql.h"
#include "content/events.h"

namespace mingxin::content {

namespace {

constexpr std::string_view kKinds[] = {"articles", "cases", "policies", "training", "campaigns",
                                       "agencies", "lists", "topics",   "records"};

Column column_at(const store::Cursor& row) {
    Column column;
    column.slug = row.text(0);
    column.name = row.text(1);
    column.name_en = row.text(2);
    column.kind = kind_by_name(row.text(3)).value_or(ColumnKind::articles);
    column.about = row.text(4);
    column.about_en = row.text(5);
    column.position = static_cast<int>(row.integer(6));
    column.on_home = row.integer(7) != 0;
    column.items = words_of(row.text(8));
    column.ended = row.integer(9) != 0;
    column.ended_reason = row.text(10);
    column.revision = row.integer(11);
    return column;
}

bool is_slug(std::string_view slug) {
    const bool plain = std::all_of(slug.begin(), slug.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
    return plain && slug.size() >= 2 && slug.size() <= 40 && !slug.starts_with('-') && !slug.ends_with('-');
}

Result<void> malformed(const char* what) {
    return fail(Fault::content_malformed, what);
}

Result<void> check_column(const Desk& desk, const Column& column, Date today) {
    if (!is_slug(column.slug)) return malformed("网址名称用2至40个小写字母、数字和横线");
    if (trim(column.name).empty() || character_count(column.name) > 20) return malformed("栏目名称为1至20字");
    if (character_count(column.name_en) > 60) return malformed("英文名称最多60个字符");
    if (character_count(column.about) > 200) return malformed("栏目说明最多200字");
    if (character_count(column.about_en) > 400) return malformed("英文说明最多400个字符");
    if (column.position < 0 || column.position > 999) return malformed("顺序为0至999");
    if ((column.kind == ColumnKind::records) == column.items.empty()) {
        return malformed("公示栏须绑定目录项，其他栏目不能绑定");
    }
    for (const std::string& item : column.items) TRY(desk.rules->item_in_force(item, today));
    for (const auto& [place, text] : {std::pair("名称", column.name), std::pair("说明", column.about)}) {
        if (text.find('\n') != std::string::npos) {
            return fail(Fault::content_malformed, std::string("栏目") + place + "不能换行");
        }
    }
    return {};
}

std::string column_payload(const Column& column) {
    JsonWriter payload;
    payload.begin_object().field("slug", column.slug).field("name", trim(column.name));
    payload.field("name_en", trim(column.name_en)).key("kind").text(kind_name(column.kind));
    payload.field("about", trim(column.about)).field("about_en", trim(column.about_en));
    payload.field("position", column.position).field("on_home", column.on_home).key("items").begin_array();
    for (const std::string& item : column.items) payload.text(item);
    payload.end_array().end_object();
    return payload.take();
}

Result<bool> is_used(store::ReadTx& tx, std::string_view slug) {
    store::Cursor row = TRY(tx.query(sql::kColumnUsed, {slug}));
    return TRY(row.next());
}

}  // namespace

std::string_view kind_name(ColumnKind kind) {
    return kKinds[static_cast<std::size_t>(kind)];
}

std::optional<ColumnKind> kind_by_name(std::string_view name) {
    for (std::size_t i = 0; i < std::size(kKinds); ++i) {
        if (kKinds[i] == name) return static_cast<ColumnKind>(i);
    }
    return std::nullopt;
}

Result<std::vector<Column>> columns(store::ReadTx& tx) {
    std::vector<Column> all;
    store::Cursor row = TRY(tx.query(sql::kAllColumns));
    while (TRY(row.next())) all.push_back(column_at(row));
    return all;
}

Result<std::optional<Column>> find_column(store::ReadTx& tx, std::string_view slug) {
    store::Cursor row = TRY(tx.query(sql::kFindColumn, {slug}));
    if (!TRY(row.next())) return std::optional<Column>();
    return std::optional(column_at(row));
}

Result<Column> save_column(store::Tx& tx, const Desk& desk, const Actor& actor, const Column& column) {
    TRY(check_column(desk, column, actor.now.date()));
    const auto stored = TRY(find_column(tx, column.slug));
    if (!stored && column.revision != 0) return fail(Fault::column_unknown, column.slug);
    if (stored && column.revision == 0)
        return fail(Fault::column_exists, column.slug + "（" + stored->name + "）");
    if (stored && stored->revision != column.revision) return fail(Fault::content_changed, stored->name);
    if (stored && stored->kind != column.kind && TRY(is_used(tx, column.slug))) {
        return fail(Fault::content_malformed, "栏目已有文章，不能改变种类");
    }
    TRY(record(tx, desk, actor, events::kColumnSaved, column_payload(column)));
    return *TRY(find_column(tx, column.slug));
}

Result<Column> end_column(store::Tx& tx, const Desk& desk, const Actor& actor, std::string_view slug,
                          std::int64_t revision, bool ended, std::string_view reason) {
    const auto stored = TRY(find_column(tx, slug));
    if (!stored) return fail(Fault::column_unknown, std::string(slug));
    if (stored->revision != revision) return fail(Fault::content_changed, stored->name);
    if (stored->ended == ended) {
        return fail(Fault::article_state, ended ? "栏目已经停用" : "栏目没有停用");
    }
    if (trim(reason).empty() || character_count(reason) > 200) {
        return fail(Fault::content_malformed, "请写明原因，最多200字");
    }
    JsonWriter payload;
    payload.begin_object().field("slug", slug).field("reason", ended ? trim(reason) : std::string_view());
    payload.field("note", trim(reason)).end_object();
    TRY(record(tx, desk, actor, ended ? events::kColumnEnded : events::kColumnReopened, payload.take()));
    return *TRY(find_column(tx, slug));
}

}  // namespace mingxin::content
