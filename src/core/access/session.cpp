#include <algorithm>
#include <array>

#include "access/access.h"
#include "access/access_sql.h"
#include "base/json.h"
#include "base/text.h"
#include "crypto/crypto.h"

namespace mingxin::access {
namespace {

constexpr std::int64_t kTouch_us = 60'000'000;
constexpr std::int64_t kLongestWait_s = 15 * 60;
constexpr int kFreeFailures = 2;
constexpr std::int64_t kLongestAccountWait_s = 60;
constexpr int kFreeAccountFailures = 20;  // from all addresses together

/// What is stored of a token; also the public handle of a session.
std::string session_id_of(std::string_view token) {
    return to_hex(crypto::digest(token));
}

std::string principal_name(const Account& account) {
    return account.role + ":" + account.name;
}

std::string session_payload(std::string_view account) {
    JsonWriter payload;
    payload.begin_object().field("account", account).end_object();
    return payload.take();
}

}  // namespace

Result<std::optional<Session>> find_session(store::ReadTx& tx, std::span<const Role> roles,
                                            std::string_view token, Instant now) {
    if (token.size() != 64) {
        return std::optional<Session>{};
    }
    std::string id = session_id_of(token);
    store::Cursor cursor = TRY(tx.query(sql::kFindSession, {id}));
    if (!TRY(cursor.next())) {
        return std::optional<Session>{};
    }
    std::int64_t opened_us = cursor.integer(1), used_us = cursor.integer(2);
    if (cursor.integer(7) == 0 || now.us >= opened_us + kSessionLimit_us ||
        now.us >= used_us + kIdleLimit_us) {
        return std::optional<Session>{};
    }
    Session session;
    session.must_change_password = cursor.integer(3) != 0;
    session.needs_touch = now.us >= used_us + kTouch_us;
    std::string_view role_id = cursor.text(6);
    session.principal.name = std::string(role_id) + ":" + std::string(cursor.text(0));
    session.principal.display_zh = cursor.text(4);
    session.principal.unit_code = cursor.text(5);
    session.principal.session_id = std::move(id);
    if (session.must_change_password) {
        return std::optional(std::move(session));
    }
    for (const Role& role : roles) {
        if (role.id == role_id) {
            for (api::Permission permission : role.permissions) {
                session.principal.permissions[static_cast<std::size_t>(permission)] = true;
            }
        }
    }
    return std::optional(std::move(session));
}

Result<void> touch(store::Tx& tx, std::string_view session_id, Instant now) {
    TRY(tx.execute(sql::kTouchSession, {session_id, now.us}));
    return {};
}

std::string SignInDelay::key(std::string_view account, std::string_view address) {
    std::string text(account);
    return text.append("\n").append(address);
}

std::int64_t SignInDelay::wait_s(std::string_view account, std::string_view address, Instant now) const {
    std::lock_guard lock(mutex_);
    auto own = entries_.find(key(account, address));
    auto all = accounts_.find(std::string(account));
    std::int64_t until_us = own == entries_.end() ? 0 : own->second.until.us;
    if (all != accounts_.end() && (own == entries_.end() || !own->second.known)) {
        until_us = std::max(until_us, all->second.until.us);
    }
    return until_us <= now.us ? 0 : (until_us - now.us + 999'999) / 1'000'000;
}

SignInDelay::Entry& SignInDelay::entry(Entries& entries, const std::string& name) {
    if (entries.size() >= limit_ && !entries.contains(name)) {
        // The one that was quiet longest begins anew.
        entries.erase(std::min_element(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
            return a.second.last < b.second.last;
        }));
    }
    return entries[name];
}

void SignInDelay::count(Entry& entry, Instant now, int free, std::int64_t longest_s) {
    ++entry.failures;
    entry.last = now;
    if (entry.failures > free) {
        std::int64_t wait_s =
            std::min<std::int64_t>(longest_s, 2ll << std::min(entry.failures - free - 1, 20));
        entry.until = Instant{now.us + wait_s * 1'000'000};
    }
}

void SignInDelay::failed(std::string_view account, std::string_view address, Instant now) {
    std::lock_guard lock(mutex_);
    count(entry(accounts_, std::string(account)), now, kFreeAccountFailures, kLongestAccountWait_s);
    count(entry(entries_, key(account, address)), now, kFreeFailures, kLongestWait_s);
}

void SignInDelay::succeeded(std::string_view account, std::string_view address, Instant now) {
    std::lock_guard lock(mutex_);
    accounts_.erase(std::string(account));
    entry(entries_, key(account, address)) = {.last = now, .known = true};
}

Desk::Desk(store::Database& database, api::RunWrite write, std::vector<Role> roles,
           std::string rulebook_digest)
    : database_(database),
      write_(std::move(write)),
      roles_(std::move(roles)),
      rulebook_digest_(std::move(rulebook_digest)),
      nobody_phc_(crypto::hash_password(crypto::random_hex(16))) {}

/// The account's name is told only when it exists: what people type by mistake is often a password.
Result<void> Desk::refused(std::string_view known_account, Instant now) {
    return write_([&](store::Tx& tx) -> Result<void> {
        TRY(journal::append(tx,
                            {.kind = "session.refused",
                             .principal = "anyone",
                             .payload = session_payload(known_account),
                             .rulebook = rulebook_digest_},
                            now));
        return {};
    });
}

/// The account, if there is one, and its Argon2id string, checked against the journal.
Result<std::pair<std::optional<Account>, std::string>> Desk::stored(std::string_view account,
                                                                    bool& must_change) {
    std::optional<Account> found;
    std::string phc;
    Bytes digest;
    store::ReadTx tx = TRY(database_.read());  // one snapshot of account and credential
    {
        store::Cursor row = TRY(tx.query(sql::kFindAccount, {account}));
        if (TRY(row.next())) {
            found = Account{std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)),
                            std::string(row.text(3)), row.integer(4) != 0};
            digest.assign(row.blob(5).begin(), row.blob(5).end());
        }
    }
    if (found) {
        store::Cursor row = TRY(tx.query(sql::kFindCredential, {account}));
        if (TRY(row.next())) {
            phc = row.text(0);
            must_change = row.integer(1) != 0;
        }
        if (!crypto::equal_constant_time(credential_digest(account, phc, must_change), digest)) {
            return fail(Fault::credential_damaged, {},
                        "credential of " + found->name + " differs from its event");
        }
    }
    return std::pair(std::move(found), std::move(phc));
}

Result<Account> Desk::verified(std::string_view account, std::string_view password, std::string_view address,
                               Instant now, bool& must_change) {
    if (std::int64_t wait_s = delay_.wait_s(account, address, now); wait_s > 0) {
        return fail(Fault::sign_in_delayed, "请等待 " + std::to_string(wait_s) + " 秒");
    }
    auto [found, phc] = TRY(stored(account, must_change));
    bool right = crypto::verify_password(password, found ? phc : nobody_phc_);
    if (!right || !found || !found->active) {
        delay_.failed(account, address, now);
        TRY(refused(found ? std::string_view(found->name) : std::string_view{}, now));
        return fail(Fault::sign_in_refused);
    }
    delay_.succeeded(account, address, now);
    return *found;
}

Result<Desk::SignedIn> Desk::sign_in(std::string_view name, std::string_view password,
                                     std::string_view address, Instant now) {
    SignedIn result;
    Account account = TRY(verified(name, password, address, now, result.must_change_password));
    result.token = crypto::random_hex(32);
    TRY(write_([&](store::Tx& tx) -> Result<void> {
        TRY(tx.execute(sql::kDropExpired, {now.us - kSessionLimit_us, now.us - kIdleLimit_us}));
        TRY(tx.insert(kSessionTable, {session_id_of(result.token), account.name, now.us, now.us,
                                      result.must_change_password}));
        TRY(journal::append(tx,
                            {.kind = "session.opened",
                             .principal = principal_name(account),
                             .payload = session_payload(account.name),
                             .rulebook = rulebook_digest_},
                            now));
        return {};
    }));
    return result;
}

Result<void> Desk::sign_out(std::string_view session_id, Instant now) {
    return write_([&](store::Tx& tx) -> Result<void> {
        std::string account, role;
        {
            store::Cursor row = TRY(tx.query(sql::kFindSession, {session_id}));
            if (!TRY(row.next())) {
                return {};
            }
            account = row.text(0);
            role = row.text(6);
        }
        TRY(tx.execute(sql::kDropSession, {session_id}));
        TRY(journal::append(tx,
                            {.kind = "session.closed",
                             .principal = role + ":" + account,
                             .payload = session_payload(account),
                             .rulebook = rulebook_digest_},
                            now));
        return {};
    });
}

Result<Desk::SignedIn> Desk::change_password(const api::Principal& principal, std::string_view old_password,
                                             std::string_view new_password, std::string_view address,
                                             Instant now) {
    std::size_t colon = principal.name.find(':');
    if (principal.session_id.empty() || colon == std::string::npos) {
        return fail(Fault::sign_in_required);
    }
    std::string name = principal.name.substr(colon + 1);
    if (auto weakness = password_weakness_zh(name, new_password)) {
        return fail(Fault::password_weak, *weakness);
    }
    if (old_password == new_password) {
        return fail(Fault::password_weak, "新密码不能与原密码相同");
    }
    bool must_change = false;
    Account account = TRY(verified(name, old_password, address, now, must_change));
    std::string phc = crypto::hash_password(new_password);
    SignedIn result{crypto::random_hex(32), false};
    TRY(write_([&](store::Tx& tx) -> Result<void> {
        Stamp stamp{principal_name(account), now, rulebook_digest_};
        TRY(put_credential(tx, account.name, phc, false, stamp));
        TRY(tx.execute(sql::kDropSessionsOf, {account.name}));
        TRY(tx.insert(kSessionTable, {session_id_of(result.token), account.name, now.us, now.us, false}));
        TRY(journal::append(tx,
                            {.kind = "session.opened",
                             .principal = principal_name(account),
                             .payload = session_payload(account.name),
                             .rulebook = rulebook_digest_},
                            now));
        return {};
    }));
    return result;
}

std::optional<std::string> password_weakness_zh(std::string_view account, std::string_view password) {
    static constexpr std::array<std::string_view, 24> common{
        "1234567890",    "0123456789",  "12345678901",  "123456789012",  "1111111111",  "0000000000",
        "8888888888",    "6666666666",  "password12",   "password123",   "passw0rd123", "qwertyuiop",
        "1qaz2wsx3edc",  "qwer1234567", "asdfghjkl123", "abc1234567",    "abcd123456",  "a123456789",
        "woaini1314520", "5201314520",  "admin123456",  "administrator", "iloveyou123", "qwerty123456"};
    if (!is_utf8(password) || character_count(password) < 10) {
        return "新密码少于10个字符";
    }
    if (password.size() > 256) {
        return "新密码超过256个字节";
    }
    std::string lower = to_upper_ascii(password), name = to_upper_ascii(account);
    if (lower.find(name) != std::string::npos) {
        return "新密码含有账号名称";
    }
    for (std::string_view word : common) {
        if (lower == to_upper_ascii(word)) {
            return "新密码过于常见";
        }
    }
    if (std::all_of(password.begin(), password.end(), [&](char c) { return c == password.front(); })) {
        return "新密码由同一个字符组成";
    }
    return std::nullopt;
}

}  // namespace mingxin::access
