#include "access/access_sql.h"

namespace mingxin::access {

using store::ColumnType;

const store::Table kUnitTable{
    "unit",
    {{"code", ColumnType::text}, {"name", ColumnType::text}, {"added_us", ColumnType::integer}},
    "code",
    {}};

const store::Table kAccountTable{"account",
                                 {{"name", ColumnType::text},
                                  {"display_zh", ColumnType::text},
                                  {"unit_code", ColumnType::text},
                                  {"role", ColumnType::text},
                                  {"active", ColumnType::integer},
                                  {"credential_digest", ColumnType::blob, true}},
                                 "name",
                                 {}};

// Sealed: not rebuilt from the journal, only checked against the digest there.
const store::Table kCredentialTable{
    "credential",
    {{"account", ColumnType::text}, {"phc", ColumnType::text}, {"must_change", ColumnType::integer}},
    "account",
    {}};

const store::Table kSessionTable{"session",
                                 {{"id", ColumnType::text},
                                  {"account", ColumnType::text},
                                  {"opened_us", ColumnType::integer},
                                  {"used_us", ColumnType::integer},
                                  {"must_change", ColumnType::integer}},
                                 "id",
                                 {{"session_account", "account"}}};

namespace sql {
const store::Sql kFindUnit{"access.find_unit", "SELECT code, name, added_us FROM unit WHERE code = $1"};
const store::Sql kAllUnits{"access.all_units", "SELECT code, name, added_us FROM unit ORDER BY code"};
const store::Sql kFindAccount{
    "access.find_account",
    "SELECT name, display_zh, unit_code, role, active, credential_digest FROM account "
    "WHERE name = $1"};
const store::Sql kAllAccounts{"access.all_accounts",
                              "SELECT name, display_zh, unit_code, role, active FROM account ORDER BY name"};
const store::Sql kSetDigest{"access.set_digest", "UPDATE account SET credential_digest = $2 WHERE name = $1"};
const store::Sql kFindCredential{"access.find_credential",
                                 "SELECT phc, must_change FROM credential WHERE account = $1"};
const store::Sql kCredentialsBesideAccounts{
    "access.credentials_beside_accounts",
    "SELECT coalesce(a.name, c.account), a.credential_digest, c.phc, c.must_change FROM account a "
    "FULL JOIN credential c ON c.account = a.name ORDER BY 1"};
const store::Sql kPutCredential{"access.put_credential",
                                "INSERT INTO credential (account, phc, must_change) VALUES ($1, $2, $3)"};
const store::Sql kDropCredential{"access.drop_credential", "DELETE FROM credential WHERE account = $1"};
const store::Sql kFindSession{
    "access.find_session",
    "SELECT s.account, s.opened_us, s.used_us, s.must_change, a.display_zh, a.unit_code, a.role, a.active "
    "FROM session s JOIN account a ON a.name = s.account WHERE s.id = $1"};
const store::Sql kTouchSession{"access.touch_session", "UPDATE session SET used_us = $2 WHERE id = $1"};
const store::Sql kDropSession{"access.drop_session", "DELETE FROM session WHERE id = $1"};
const store::Sql kDropSessionsOf{"access.drop_sessions_of", "DELETE FROM session WHERE account = $1"};
const store::Sql kDropExpired{"access.drop_expired",
                              "DELETE FROM session WHERE opened_us < $1 OR used_us < $2"};
}  // namespace sql

}  // namespace mingxin::access
