#include <algorithm>

#include "access/access.h"
#include "base/json.h"

namespace mingxin::access {
namespace {

using api::Field;
using api::FieldType;
using api::Where;

struct Shared {
    std::vector<Role> roles;
    std::string rulebook_digest;
    std::function<bool(std::string_view)> is_valid_code;

    Stamp stamp(const api::Call& call) const { return {call.principal.name, call.now, rulebook_digest}; }
};

/// Who hands in but keeps no register of units does so for one unit; without one it would be for all.
bool needs_unit(std::span<const Role> roles, std::string_view role_id) {
    for (const Role& role : roles) {
        auto has = [&](api::Permission permission) {
            return std::find(role.permissions.begin(), role.permissions.end(), permission) !=
                   role.permissions.end();
        };
        if (role.id == role_id) {
            return has(api::Permission::collect_submit) && !has(api::Permission::unit_manage);
        }
    }
    return false;
}

void write_unit(JsonWriter& json, const Unit& unit) {
    json.begin_object().field("code", unit.code).field("name", unit.name);
    json.field("added", unit.added.to_string()).end_object();
}

const std::vector<Field> kUnitFields = {
    {"code", FieldType::text, "统一社会信用代码", "Unified social credit code", true, Where::body,
     "11410423MB0000000X"},
    {"name", FieldType::text, "单位名称", "Name", true, Where::body, "某县市场监督管理局"},
    {"added", FieldType::text, "登记时间", "When it was registered", true, Where::body,
     "2026-11-20T04:05:06.000007Z"},
};

api::Endpoint add_unit_endpoint(std::shared_ptr<const Shared> shared) {
    api::Endpoint endpoint(
        "unit.add", api::Method::post, "/api/v1/units", api::Permission::unit_manage, api::Audit::metered,
        "登记一个报送单位", "Registers a unit that may hand in data",
        {{"code", FieldType::text, "统一社会信用代码", "Unified social credit code", true, Where::body,
          "11410423MB0000000X"},
         {"name", FieldType::text, "单位名称", "Name", true, Where::body, "某县市场监督管理局"}},
        kUnitFields,
        api::WriteHandler(
            [shared](const api::Call& call, const api::Input& input, store::Tx& tx) -> Result<api::Reply> {
                if (!shared->is_valid_code(input.text("code"))) {
                    return fail(Fault::account_malformed,
                                "统一社会信用代码不正确：" + std::string(input.text("code")));
                }
                Unit unit = TRY(add_unit(tx, input.text("code"), input.text("name"), shared->stamp(call)));
                JsonWriter json;
                write_unit(json, unit);
                return api::Reply::json(json.take());
            }));
    endpoint.refusals = {Fault::unit_exists, Fault::account_malformed};
    return endpoint;
}

api::Endpoint create_account_endpoint(std::shared_ptr<const Shared> shared, api::RunWrite write) {
    api::Endpoint endpoint(
        "account.create", api::Method::post, "/api/v1/accounts", api::Permission::account_manage,
        api::Audit::metered, "开设一个工作账号", "Creates a staff account with a first-use password",
        {{"name", FieldType::text, "账号", "Account name", true, Where::body, "zhang.san"},
         {"display", FieldType::text, "显示名称", "Name shown", true, Where::body, "市场监管局填报员"},
         {"unit", FieldType::text, "所属单位代码，平台人员为空", "Code of the unit; empty for platform staff",
          false, Where::body, "11410423MB0000000X"},
         {"role", FieldType::text, "角色", "Role", true, Where::body, "department_clerk"}},
        {{"name", FieldType::text, "账号", "Account name", true, Where::body, "zhang.san"},
         {"password", FieldType::text, "首次使用密码，仅显示一次", "First-use password, shown once", true,
          Where::body, "bq7xr2mhw9ktzy4d8nca"}},
        api::LongHandler([shared, write](const api::Call& call,
                                         const api::Input& input) -> Result<api::Reply> {
            if (input.text("unit").empty() && needs_unit(shared->roles, input.text("role"))) {
                return fail(Fault::field_missing, "所属单位代码（unit）");
            }
            Secret secret = first_use_secret();
            Account account{std::string(input.text("name")), std::string(input.text("display")),
                            std::string(input.text("unit")), std::string(input.text("role"))};
            Stamp stamp = shared->stamp(call);
            TRY(write(
                [&](store::Tx& tx) { return create_account(tx, shared->roles, account, secret, stamp); }));
            JsonWriter json;
            json.begin_object().field("name", account.name).field("password", secret.password).end_object();
            return api::Reply::json(json.take());
        }));
    endpoint.refusals = {Fault::account_exists, Fault::account_malformed, Fault::unit_unknown,
                         Fault::role_unknown};
    return endpoint;
}

/// Who is signed in, for programs that run in a browser: also the form token that their calls must carry.
api::Endpoint show_session_endpoint(std::shared_ptr<const Shared> shared) {
    return {
        "session.show",
        api::Method::get,
        "/api/v1/session",
        api::Permission::anyone,
        api::Audit::metered,
        "当前登录的账号和权限",
        "The account that is signed in, and what it may do",
        {},
        {{"signed_in", FieldType::boolean, "是否已登录", "Whether somebody is signed in", true},
         {"account", FieldType::text, "账号", "Account name", true},
         {"display", FieldType::text, "显示名称", "Name shown", true},
         {"role", FieldType::text, "角色", "Role", true},
         {"role_title", FieldType::text, "角色名称", "Title of the role", true},
         {"unit", FieldType::text, "所属单位代码，平台人员为空", "Code of the unit; empty for platform staff",
          true},
         {"unit_name", FieldType::text, "所属单位", "Name of the unit", true},
         {"permissions", FieldType::list, "权限", "Permissions", true},
         {"form_token", FieldType::text, "提交修改时放在 X-CSRF-Token 中", "To be sent as X-CSRF-Token",
          true}},
        api::ReadHandler([shared](const api::Call& call, const api::Input&,
                                  store::ReadTx& tx) -> Result<api::Reply> {
            const api::Principal& who = call.principal;
            const bool signed_in = who.signed_in();
            const std::size_t colon = signed_in ? who.name.find(':') : std::string::npos;
            const std::string role = colon == std::string::npos ? "" : who.name.substr(0, colon);
            std::string title, unit_name;
            for (const Role& known : shared->roles) {
                if (known.id == role) title = known.title_zh;
            }
            if (!who.unit_code.empty()) {
                const auto unit = TRY(find_unit(tx, who.unit_code));
                if (unit) unit_name = unit->name;
            }
            JsonWriter json;
            json.begin_object().field("signed_in", signed_in);
            json.field("account", colon == std::string::npos ? "" : who.name.substr(colon + 1));
            json.field("display", who.display_zh).field("role", role).field("role_title", title);
            json.field("unit", who.unit_code).field("unit_name", unit_name).key("permissions").begin_array();
            for (int i = 0; i < static_cast<int>(api::Permission::count_); ++i) {
                const auto permission = static_cast<api::Permission>(i);
                if (permission != api::Permission::anyone && who.may(permission)) {
                    json.text(api::permission_name(permission));
                }
            }
            json.end_array().field("form_token", call.csrf_token).end_object();
            return api::Reply::json(json.take());
        })};
}

api::Endpoint reset_password_endpoint(std::shared_ptr<const Shared> shared, api::RunWrite write) {
    api::Endpoint endpoint(
        "account.reset_password", api::Method::post, "/api/v1/accounts/{name}/password-resets",
        api::Permission::account_manage, api::Audit::metered, "重置忘记的密码",
        "Gives a forgotten password anew and ends the account's sessions",
        {{"name", FieldType::text, "账号", "Account name", true, Where::path, "zhang.san"}},
        {{"name", FieldType::text, "账号", "Account name", true, Where::body, "zhang.san"},
         {"password", FieldType::text, "首次使用密码，仅显示一次", "First-use password, shown once", true,
          Where::body, "bq7xr2mhw9ktzy4d8nca"}},
        api::LongHandler([shared, write](const api::Call& call,
                                         const api::Input& input) -> Result<api::Reply> {
            Secret secret = first_use_secret();
            Stamp stamp = shared->stamp(call);
            TRY(write([&](store::Tx& tx) { return reset_password(tx, input.text("name"), secret, stamp); }));
            JsonWriter json;
            json.begin_object()
                .field("name", input.text("name"))
                .field("password", secret.password)
                .end_object();
            return api::Reply::json(json.take());
        }));
    endpoint.refusals = {Fault::account_unknown};
    return endpoint;
}

}  // namespace

// Their events (unit.added, account.created ...) are the audit: Audit::event would tell the same twice.
std::vector<api::Endpoint> endpoints(std::vector<Role> roles, std::string rulebook_digest,
                                     api::RunWrite write,
                                     std::function<bool(std::string_view)> is_valid_code) {
    auto shared = std::make_shared<const Shared>(
        Shared{std::move(roles), std::move(rulebook_digest), std::move(is_valid_code)});
    std::vector<api::Endpoint> all;
    all.push_back(add_unit_endpoint(shared));
    all.push_back(show_session_endpoint(shared));
    all.push_back(create_account_endpoint(shared, write));
    all.push_back(reset_password_endpoint(shared, write));
    return all;
}

}  // namespace mingxin::access
