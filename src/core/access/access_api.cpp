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

api::Endpoint list_units_endpoint() {
    return {
        "unit.list",
        api::Method::get,
        "/api/v1/units",
        api::Permission::unit_manage,
        api::Audit::metered,
        "列出已登记的报送单位",
        "Lists the registered units",
        {},
        {{"units", FieldType::list, "单位", "Units", true, Where::body, "", kUnitFields}},
        api::ReadHandler([](const api::Call&, const api::Input&, store::ReadTx& tx) -> Result<api::Reply> {
            JsonWriter json;
            json.begin_object().key("units").begin_array();
            for (const Unit& unit : TRY(units(tx))) {
                write_unit(json, unit);
            }
            json.end_array().end_object();
            return api::Reply::json(json.take());
        })};
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
    all.push_back(list_units_endpoint());
    all.push_back(create_account_endpoint(shared, write));
    all.push_back(reset_password_endpoint(shared, write));
    return all;
}

}  // namespace mingxin::access
