// The lists of units and of accounts. Both tables are small: texts are looked for row by row.
#include <map>

#include "access/access.h"
#include "listing/keyset.h"
#include "store/search_text.h"

namespace mingxin::access {
namespace {

using api::Field;
using api::FieldType;
using api::Where;
using listing::Asked;
using listing::Cell;
using listing::Listing;
using listing::Select;
using listing::Visit;
using listing::Walk;
using listing::Walked;

constexpr std::int64_t kMostRows = 1000;

/// Rows in the order of a text key, from the walk's place on.
Result<store::Cursor> rows_from(store::ReadTx& tx, Select select, const char* key, const Walk& walk,
                                std::string_view high) {
    const std::string column(key);
    const std::string_view low = walk.descending ? std::string_view() : std::string_view(walk.from);
    if (walk.descending && !walk.from.empty()) high = walk.from;
    select.where("range", column + " > ? and " + column + " < ?", {low, high});
    return select.rows(tx, key, walk.descending, INT64_MAX);
}

constexpr std::string_view kAfterAll = "~";  // codes and names are ASCII letters and digits

void write_unit(JsonWriter& json, const Unit& unit) {
    json.begin_object().field("code", unit.code).field("name", unit.name);
    json.field("added", unit.added.to_string()).end_object();
}

Result<Walked> walk_units(const Asked& asked, store::ReadTx& tx, const Walk& walk, const Visit& visit) {
    const listing::TextFilter filter{store::fold_search_text(asked.in.text("q")), std::nullopt};
    auto rows = TRY(
        rows_from(tx, Select("unit.list", "select code, name, added_us from unit where added_us > ?", {0}),
                  "code", walk, kAfterAll));
    std::int64_t left = walk.most;
    while (left > 0 && TRY(rows.next())) {
        const Unit unit{std::string(rows.text(0)), std::string(rows.text(1)), Instant{rows.integer(2)}};
        if (!filter.matches(unit.name) && !filter.matches(unit.code)) continue;
        --left;
        const bool more = TRY(
            visit({unit.code, [&](JsonWriter& json) { write_unit(json, unit); },
                   [&](std::vector<Cell>& cells) {
                       cells.insert(cells.end(), {{unit.code}, {unit.name}, {unit.added.to_local_string()}});
                   }}));
        if (!more) break;
    }
    return Walked{};
}

Listing unit_list() {
    return {.id = "unit.list",
            .path = "/api/v1/units",
            .permission = api::Permission::unit_manage,
            .zh = "列出已登记的报送单位",
            .en = "Lists the registered units",
            .rows_name = "units",
            .filters = {{"q", FieldType::text, "名称或代码中的文字", "part of the name or code", false,
                         Where::query, "市场"}},
            .fields = {{"code", FieldType::text, "统一社会信用代码", "Unified social credit code", true},
                       {"name", FieldType::text, "单位名称", "Name", true},
                       {"added", FieldType::text, "登记时间", "When it was registered", true}},
            .newest_first = false,
            .limit = kMostRows,
            .most = kMostRows,
            .walk = walk_units,
            .export_id = "unit.export",
            .export_path = "/api/v1/exports/units",
            .export_zh = "导出报送单位",
            .title_zh = "报送单位",
            .columns = {{"统一社会信用代码", 22}, {"单位名称", 40}, {"登记时间", 20}}};
}

struct AccountRow {
    Account account;
    std::string unit_name, role_title;
};

void write_account(JsonWriter& json, const AccountRow& row) {
    const Account& one = row.account;
    json.begin_object().field("name", one.name).field("display", one.display_zh);
    json.field("unit", one.unit_code).field("unit_name", row.unit_name).field("role", one.role);
    json.field("active", one.active).end_object();
}

Select account_select(const api::Input& in) {
    Select select("account.list",
                  "select a.name, a.display_zh, a.unit_code, a.role, a.active, u.name from account a "
                  "left join unit u on u.code = a.unit_code where a.active >= ?",
                  {0});
    if (in.has("unit")) select.where("unit", "a.unit_code = ?", {in.text("unit")});
    if (!in.text("role").empty()) select.where("role", "a.role = ?", {in.text("role")});
    if (in.has("active")) select.where("active", "a.active = ?", {in.boolean("active")});
    return select;
}

Result<Walked> walk_accounts(const std::vector<Role>& roles, const Asked& asked, store::ReadTx& tx,
                             const Walk& walk, const Visit& visit) {
    const listing::TextFilter filter{store::fold_search_text(asked.in.text("q")), std::nullopt};
    auto rows = TRY(rows_from(tx, account_select(asked.in), "a.name", walk, kAfterAll));
    std::int64_t left = walk.most;
    while (left > 0 && TRY(rows.next())) {
        AccountRow row;
        row.account = {std::string(rows.text(0)), std::string(rows.text(1)), std::string(rows.text(2)),
                       std::string(rows.text(3)), rows.integer(4) != 0};
        row.unit_name = rows.text(5);
        const Account& one = row.account;
        if (!filter.matches(one.name) && !filter.matches(one.display_zh)) continue;
        --left;
        for (const Role& role : roles) {
            if (role.id == one.role) row.role_title = role.title_zh;
        }
        const bool more = TRY(visit({one.name, [&](JsonWriter& json) { write_account(json, row); },
                                     [&](std::vector<Cell>& cells) {
                                         cells.insert(cells.end(), {{one.name},
                                                                    {one.display_zh},
                                                                    {row.unit_name},
                                                                    {one.unit_code},
                                                                    {row.role_title},
                                                                    {one.active ? "启用" : "停用"}});
                                     }}));
        if (!more) break;
    }
    return Walked{};
}

void write_roles(JsonWriter& json, const std::vector<Role>& roles) {
    json.key("roles").begin_array();
    for (const Role& one : roles) {
        json.begin_object().field("id", one.id).field("title", one.title_zh);
        json.key("permissions").begin_array();
        for (api::Permission permission : one.permissions) json.text(api::permission_name(permission));
        json.end_array().end_object();
    }
    json.end_array();
}

Listing account_list(const std::vector<Role>& roles) {
    const std::vector<Field> role = {{"id", FieldType::text, "角色", "Role", true},
                                     {"title", FieldType::text, "角色名称", "Title", true},
                                     {"permissions", FieldType::list, "权限", "Permissions", true}};
    return {.id = "account.list",
            .path = "/api/v1/accounts",
            .permission = api::Permission::account_manage,
            .zh = "列出工作账号和可授予的角色",
            .en = "Lists the staff accounts, and the roles that there are",
            .rows_name = "accounts",
            .filters = {{"unit", FieldType::text, "所属单位代码", "code of the unit", false, Where::query,
                         "11410423MB0000000X"},
                        {"role", FieldType::text, "角色", "role", false, Where::query, "department_clerk"},
                        {"active", FieldType::boolean, "是否启用", "whether it may sign in", false,
                         Where::query, "true"},
                        {"q", FieldType::text, "账号或显示名称中的文字", "part of the name", false,
                         Where::query, "zhang"}},
            .fields = {{"name", FieldType::text, "账号", "Account name", true},
                       {"display", FieldType::text, "显示名称", "Name shown", true},
                       {"unit", FieldType::text, "所属单位代码，平台人员为空",
                        "Code of the unit; empty for platform staff", true},
                       {"unit_name", FieldType::text, "所属单位", "Name of the unit", true},
                       {"role", FieldType::text, "角色", "Role", true},
                       {"active", FieldType::boolean, "是否启用", "Whether it may sign in", true}},
            .newest_first = false,
            .limit = kMostRows,
            .most = kMostRows,
            .walk = [roles](const Asked& asked, store::ReadTx& tx, const Walk& walk,
                            const Visit& visit) { return walk_accounts(roles, asked, tx, walk, visit); },
            .more_fields = {{"roles", FieldType::list, "角色", "Roles", true, Where::query, "", role}},
            .write_more = [roles](const Asked&, store::ReadTx&, JsonWriter& json) -> Result<void> {
                write_roles(json, roles);
                return {};
            },
            .export_id = "account.export",
            .export_path = "/api/v1/exports/accounts",
            .export_zh = "导出工作账号",
            .title_zh = "工作账号",
            .columns = {{"账号", 20},
                        {"显示名称", 24},
                        {"所属单位", 32},
                        {"所属单位代码", 22},
                        {"角色", 18},
                        {"状态", 8}}};
}

}  // namespace

std::vector<Listing> lists(std::vector<Role> roles) {
    std::vector<Listing> all;
    all.push_back(unit_list());
    all.push_back(account_list(roles));
    return all;
}

}  // namespace mingxin::access
