#include "access/access.h"

#include <algorithm>
#include <boost/json.hpp>

#include "access/access_sql.h"
#include "base/json.h"
#include "base/text.h"
#include "crypto/crypto.h"

namespace mingxin::access {
namespace {

constexpr std::string_view kUnitAdded = "unit.added";
constexpr std::string_view kAccountCreated = "account.created";
constexpr std::string_view kCredentialSet = "account.credential_set";

class AccessProjection final : public journal::Projection {
  public:
    std::string_view name() const override { return "access"; }
    std::span<const store::Table* const> tables() const override {
        static const store::Table* const all[] = {&kUnitTable, &kAccountTable};
        return all;
    }
    Result<void> begin_event(store::Tx& tx, const journal::Event& event) override {
        if (event.kind != kUnitAdded && event.kind != kAccountCreated && event.kind != kCredentialSet) {
            return {};
        }
        boost::json::error_code ec;
        boost::json::value payload = boost::json::parse(event.payload, ec);
        if (ec || !payload.is_object()) {
            return broken(event);
        }
        auto text = [&](const char* key) {
            const boost::json::value* value = payload.as_object().if_contains(key);
            return value != nullptr && value->is_string() ? std::string_view(value->as_string())
                                                          : std::string_view{};
        };
        if (event.kind == kUnitAdded) {
            return tx.insert(kUnitTable, {text("code"), text("name"), event.time.us});
        }
        if (event.kind == kAccountCreated) {
            return tx.insert(kAccountTable,
                             {text("account"), text("display"), text("unit"), text("role"), 1, nullptr});
        }
        auto digest = digest_from_hex(text("digest"));
        if (!digest) {
            return broken(event);
        }
        TRY(tx.execute(sql::kSetDigest, {text("account"), *digest}));
        return {};
    }
    Result<void> row(store::Tx&, const journal::Event&, const journal::Row&) override { return {}; }
    Result<void> end_event(store::Tx&, const journal::Event&) override { return {}; }
    Result<void> check_sealed(store::ReadTx& tx, std::vector<journal::Damage>& damages) override {
        store::Cursor row = TRY(tx.scan(sql::kCredentialsBesideAccounts));
        while (TRY(row.next())) {
            const bool there = !row.is_null(2), wanted = !row.is_null(1);
            const std::string place = "table credential (" + std::string(row.text(0)) + ")";
            if (there != wanted) {
                damages.push_back(
                    {place, there ? "账本中没有这一口令：它是另外加入的" : "缺少这一行：账本中有它的摘要"});
            } else if (there) {
                const bool must_change = row.integer(3) == 1;
                const Digest digest = credential_digest(row.text(0), row.text(2), must_change);
                if (to_hex(row.blob(1)) != to_hex(digest) || (row.integer(3) & ~std::int64_t{1}) != 0) {
                    damages.push_back({place, "口令与账本中的摘要不符：phc 或 must_change 被改动"});
                }
            }
        }
        return {};
    }

  private:
    static Result<void> broken(const journal::Event& event) {
        return fail(Fault::journal_damaged, "事项 " + std::to_string(event.seq) + " 的内容无法读取",
                    "access: payload of event " + std::to_string(event.seq));
    }
};

/// Appends the event and applies it.
Result<void> record(store::Tx& tx, std::string_view kind, std::string payload, const Stamp& stamp) {
    journal::Event event = TRY(journal::append(tx,
                                               {.kind = std::string(kind),
                                                .principal = stamp.principal,
                                                .payload = std::move(payload),
                                                .rulebook = stamp.rulebook},
                                               stamp.now));
    return AccessProjection().begin_event(tx, event);
}

bool is_account_name(std::string_view name) {
    return name.size() >= 3 && name.size() <= 32 && std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
           });
}

/// Is shown on pages and kept for ever: whole characters, no control characters, of reasonable length.
bool is_name(std::string_view name) {
    return !name.empty() && is_utf8(name) && character_count(name) <= 200 &&
           std::none_of(name.begin(), name.end(),
                        [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

Unit unit_at(const store::Cursor& cursor) {
    return {std::string(cursor.text(0)), std::string(cursor.text(1)), Instant{cursor.integer(2)}};
}

Account account_at(const store::Cursor& cursor) {
    return {std::string(cursor.text(0)), std::string(cursor.text(1)), std::string(cursor.text(2)),
            std::string(cursor.text(3)), cursor.integer(4) != 0};
}

}  // namespace

std::span<const store::Table* const> tables() {
    static const store::Table* const all[] = {&kUnitTable, &kAccountTable, &kCredentialTable, &kSessionTable};
    return all;
}

std::unique_ptr<journal::Projection> projection() {
    return std::make_unique<AccessProjection>();
}

std::vector<Role> roles_in_force(const rulebook::Rulebook& rulebook, Date date) {
    std::vector<Role> roles;
    for (const rulebook::RoleRule& rule : rulebook.roles()) {
        if (!rule.validity.contains(date)) {
            continue;
        }
        Role role{rule.id, rule.title_zh, {}};
        for (const std::string& name : rule.permissions) {
            if (auto permission = api::permission_by_name(name)) {
                role.permissions.push_back(*permission);
            }
        }
        roles.push_back(std::move(role));
    }
    return roles;
}

Result<Unit> add_unit(store::Tx& tx, std::string_view code, std::string_view name, const Stamp& stamp) {
    std::string kept_name = to_nfc(trim(name));
    bool plain = std::all_of(code.begin(), code.end(),
                             [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
    if (code.size() != 18 || !plain || !is_name(kept_name)) {
        return fail(Fault::account_malformed, "单位代码 " + std::string(code));
    }
    if (TRY(find_unit(tx, code))) {
        return fail(Fault::unit_exists, std::string(code));
    }
    JsonWriter payload;
    payload.begin_object().field("code", code).field("name", kept_name).end_object();
    TRY(record(tx, kUnitAdded, payload.take(), stamp));
    return *TRY(find_unit(tx, code));
}

Result<std::optional<Unit>> find_unit(store::ReadTx& tx, std::string_view code) {
    store::Cursor cursor = TRY(tx.query(sql::kFindUnit, {code}));
    if (!TRY(cursor.next())) {
        return std::optional<Unit>{};
    }
    return std::optional<Unit>(unit_at(cursor));
}

Result<std::vector<Unit>> units(store::ReadTx& tx) {
    std::vector<Unit> all;
    store::Cursor cursor = TRY(tx.query(sql::kAllUnits));
    while (TRY(cursor.next())) {
        all.push_back(unit_at(cursor));
    }
    return all;
}

Result<void> put_credential(store::Tx& tx, std::string_view account, std::string_view phc, bool must_change,
                            const Stamp& stamp) {
    TRY(tx.execute(sql::kDropCredential, {account}));
    TRY(tx.execute(sql::kPutCredential, {account, phc, must_change}));
    JsonWriter payload;
    payload.begin_object().field("account", account);
    payload.field("digest", to_hex(credential_digest(account, phc, must_change))).end_object();
    return record(tx, kCredentialSet, payload.take(), stamp);
}

Digest credential_digest(std::string_view account, std::string_view phc, bool must_change) {
    crypto::Hasher hasher;
    hasher.update(account).update(std::string_view("\n", 1)).update(phc);
    return hasher.update(std::string_view(must_change ? "\n1" : "\n0")).finish();
}

Secret first_use_secret() {
    static constexpr std::string_view letters = "abcdefghjkmnpqrstuvwxyz23456789";  // 31: no i l o 0 1
    std::string password;
    while (password.size() < 20) {
        std::uint8_t byte = 0;
        crypto::random_bytes({&byte, 1});
        if (byte < 31 * 8) {  // an even share for each
            password += letters[byte % 31];
        }
    }
    std::string phc = crypto::hash_password(password);
    return {std::move(password), std::move(phc)};
}

Result<void> create_account(store::Tx& tx, std::span<const Role> roles, const Account& account,
                            const Secret& secret, const Stamp& stamp) {
    std::string display = to_nfc(trim(account.display_zh));
    if (!is_account_name(account.name) || !is_name(display)) {
        return fail(Fault::account_malformed, "账号 " + account.name);
    }
    if (std::none_of(roles.begin(), roles.end(), [&](const Role& role) { return role.id == account.role; })) {
        std::string known;
        for (const Role& role : roles) {
            known += (known.empty() ? "" : "、") + role.id;
        }
        return fail(Fault::role_unknown, account.role + "；可选：" + known);
    }
    if (!account.unit_code.empty() && !TRY(find_unit(tx, account.unit_code))) {
        return fail(Fault::unit_unknown, account.unit_code);
    }
    if (TRY(find_account(tx, account.name))) {
        return fail(Fault::account_exists, account.name);
    }
    JsonWriter payload;
    payload.begin_object().field("account", account.name).field("display", display);
    payload.field("unit", account.unit_code).field("role", account.role).end_object();
    TRY(record(tx, kAccountCreated, payload.take(), stamp));
    return put_credential(tx, account.name, secret.phc, true, stamp);
}

Result<void> reset_password(store::Tx& tx, std::string_view account, const Secret& secret,
                            const Stamp& stamp) {
    if (!TRY(find_account(tx, account))) {
        return fail(Fault::account_unknown, std::string(account));
    }
    TRY(tx.execute(sql::kDropSessionsOf, {account}));
    return put_credential(tx, account, secret.phc, true, stamp);
}

Result<std::optional<Account>> find_account(store::ReadTx& tx, std::string_view name) {
    store::Cursor cursor = TRY(tx.query(sql::kFindAccount, {name}));
    if (!TRY(cursor.next())) {
        return std::optional<Account>{};
    }
    return std::optional<Account>(account_at(cursor));
}

Result<std::vector<Account>> accounts(store::ReadTx& tx) {
    std::vector<Account> all;
    store::Cursor cursor = TRY(tx.query(sql::kAllAccounts));
    while (TRY(cursor.next())) {
        all.push_back(account_at(cursor));
    }
    return all;
}

}  // namespace mingxin::access
