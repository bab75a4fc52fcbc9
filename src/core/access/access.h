// Who may come in: the register of units, accounts with roles, passwords and sessions.
//
// Units and accounts are projections of the journal (unit.added, account.created, account.credential_set). A
// password's Argon2id string lies only in the sealed table credential; its SM3 digest stands in the event, so
// that a row changed behind the platform's back is found at the next sign-in. Sessions are ephemeral: only
// the SM3 digest of a token is stored; opening, refusing and closing are audit events (session.opened,
// session.refused, session.closed). GB/T 22239-2019 level 3: 8.1.4.1 (identity), 8.1.4.2 (access). Functions
// are thread-safe; those that write change nothing unless the transaction commits.
#pragma once
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "api/api.h"
#include "base/result.h"
#include "base/time.h"
#include "journal/journal.h"
#include "listing/listing.h"
#include "rulebook/rulebook.h"
#include "store/store.h"

namespace mingxin::access {

/// unit, account, credential, session.
std::span<const store::Table* const> tables();
/// Rebuilds unit and account.
std::unique_ptr<journal::Projection> projection();

struct Unit {
    std::string code;  // unified social credit code, 18 characters
    std::string name;
    Instant added;
};

struct Account {
    std::string name;  // 3..32 of a-z 0-9 . -
    std::string display_zh;
    std::string unit_code;  // empty: of the platform itself
    std::string role;       // id in rules/roles.yaml
    bool active = true;
};

/// A role as it is in force: what its accounts may do.
struct Role {
    std::string id, title_zh;
    std::vector<api::Permission> permissions;
};
std::vector<Role> roles_in_force(const rulebook::Rulebook& rulebook, Date date);

/// What stands in an event beside its payload.
struct Stamp {
    std::string principal;  // who does it
    Instant now;
    std::string rulebook;  // digest, hex; may be empty
};

/// The caller checked that code is a valid unified social credit code. Fault::unit_exists, account_malformed.
Result<Unit> add_unit(store::Tx& tx, std::string_view code, std::string_view name, const Stamp& stamp);
Result<std::optional<Unit>> find_unit(store::ReadTx& tx, std::string_view code);
/// By code.
Result<std::vector<Unit>> units(store::ReadTx& tx);

/// A password as it is kept; making one takes some 30 ms.
struct Secret {
    std::string password;  // shown once
    std::string phc;
};
/// A random one for first use: 20 characters without look-alikes.
Secret first_use_secret();

/// The account must change the password of secret at its first sign-in. Fault::account_exists,
/// account_malformed, unit_unknown, role_unknown.
Result<void> create_account(store::Tx& tx, std::span<const Role> roles, const Account& account,
                            const Secret& secret, const Stamp& stamp);
/// Replaces the credential of an account and tells its digest in an event.
Result<void> put_credential(store::Tx& tx, std::string_view account, std::string_view phc, bool must_change,
                            const Stamp& stamp);
/// SM3 over account, phc and must_change.
Digest credential_digest(std::string_view account, std::string_view phc, bool must_change);
/// Gives a forgotten password anew and ends the account's sessions. Fault::account_unknown.
Result<void> reset_password(store::Tx& tx, std::string_view account, const Secret& secret,
                            const Stamp& stamp);
Result<std::optional<Account>> find_account(store::ReadTx& tx, std::string_view name);
Result<std::vector<Account>> accounts(store::ReadTx& tx);

inline constexpr std::int64_t kIdleLimit_us = 30ll * 60 * 1'000'000;
inline constexpr std::int64_t kSessionLimit_us = 12ll * 3600 * 1'000'000;

/// A session that holds now.
struct Session {
    api::Principal principal;           // name "<role>:<account>"
    bool must_change_password = false;  // then the principal has no permissions
    bool needs_touch = false;           // last use is stored only once a minute: call touch()
};

/// The session of a token as the cookie gave it; nullopt: none, expired, or its account is not active.
Result<std::optional<Session>> find_session(store::ReadTx& tx, std::span<const Role> roles,
                                            std::string_view token, Instant now);
/// Stores that the session was used.
Result<void> touch(store::Tx& tx, std::string_view session_id, Instant now);

/// Growing delays after failed sign-ins, per account and address, in bounded memory. An account that is tried
/// from many addresses is slowed down as a whole, but not for addresses from which its owner signed in:
/// guessing must not shut the owner out. Thread-safe.
class SignInDelay {
  public:
    explicit SignInDelay(std::size_t limit = 10'000) : limit_(limit) {}
    /// Seconds to wait still; 0: may try.
    std::int64_t wait_s(std::string_view account, std::string_view address, Instant now) const;
    /// The third failure costs 2 s, each further one twice as much, up to 15 minutes. For the account as a
    /// whole it begins with the 21st and ends at 1 minute.
    void failed(std::string_view account, std::string_view address, Instant now);
    void succeeded(std::string_view account, std::string_view address, Instant now);

  private:
    struct Entry {
        int failures = 0;
        Instant until, last;
        bool known = false;  // signed in from here
    };
    static std::string key(std::string_view account, std::string_view address);
    using Entries = std::unordered_map<std::string, Entry>;
    Entry& entry(Entries& entries, const std::string& name);
    static void count(Entry& entry, Instant now, int free, std::int64_t longest_s);
    mutable std::mutex mutex_;
    std::size_t limit_;
    Entries entries_, accounts_;
};

/// Signing in and out: opens its own transactions, for the worker pool (Argon2id). Thread-safe.
class Desk {
  public:
    Desk(store::Database& database, api::RunWrite write, std::vector<Role> roles,
         std::string rulebook_digest);

    struct SignedIn {
        std::string token;  // for the cookie
        bool must_change_password = false;
    };
    /// Fault::sign_in_refused (the same for an unknown account and a wrong password), sign_in_delayed,
    /// credential_damaged.
    Result<SignedIn> sign_in(std::string_view account, std::string_view password, std::string_view address,
                             Instant now);
    /// Ends a session, by Principal::session_id.
    Result<void> sign_out(std::string_view session_id, Instant now);
    /// Also ends all sessions of the account and opens a new one. Fault::sign_in_refused when the old one is
    /// wrong, password_weak.
    Result<SignedIn> change_password(const api::Principal& principal, std::string_view old_password,
                                     std::string_view new_password, std::string_view address, Instant now);

  private:
    Result<void> refused(std::string_view known_account, Instant now);
    Result<std::pair<std::optional<Account>, std::string>> stored(std::string_view account,
                                                                  bool& must_change);
    Result<Account> verified(std::string_view account, std::string_view password, std::string_view address,
                             Instant now, bool& must_change);
    store::Database& database_;
    api::RunWrite write_;
    std::vector<Role> roles_;
    std::string rulebook_digest_;
    std::string nobody_phc_;  // verified in place of an unknown account's, so that both take as long
    SignInDelay delay_;
};

/// nullopt: strong enough. Otherwise what to do (NIST SP 800-63B: length and a list of common ones, no rules
/// of composition).
std::optional<std::string> password_weakness_zh(std::string_view account, std::string_view password);

/// The units and the accounts, by code and by name.
std::vector<listing::Listing> lists(std::vector<Role> roles);

/// unit.add, session.show, account.create, account.reset_password. is_valid_code: of
/// a unified social credit code.
std::vector<api::Endpoint> endpoints(std::vector<Role> roles, std::string rulebook_digest,
                                     api::RunWrite write,
                                     std::function<bool(std::string_view)> is_valid_code);

}  // namespace mingxin::access
