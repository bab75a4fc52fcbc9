// Tables and statements of access. Internal to this folder.
#pragma once
#include "store/store.h"

namespace mingxin::access {

extern const store::Table kUnitTable, kAccountTable, kCredentialTable, kSessionTable;

namespace sql {
extern const store::Sql kFindUnit, kAllUnits;  // all_: small tables
extern const store::Sql kFindAccount, kAllAccounts, kSetDigest;
extern const store::Sql kFindCredential, kCredentialsBesideAccounts, kPutCredential, kDropCredential;
extern const store::Sql kFindSession, kTouchSession, kDropSession, kDropSessionsOf, kDropExpired;
}  // namespace sql

}  // namespace mingxin::access
