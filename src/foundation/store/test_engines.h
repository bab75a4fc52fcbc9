// For tests: runs a scenario on an empty SQLite file and in an empty schema of a PostgreSQL server.
// The server: MINGXIN_TEST_POSTGRESQL=postgresql://... when set, else one that the first test process starts
// in a temporary folder; all test processes of the user share it, and it stops by itself some seconds after
// the last of them has ended, however it ended. Without PostgreSQL installed, that half is skipped with a
// message.
#pragma once
#include <functional>
#include <string>

#include "store/store.h"

namespace mingxin::store {

/// name: "sqlite" or "postgresql"; failures of doctest assertions inside name it. Both are gone afterwards.
void for_each_engine(const std::function<void(Database& database, const std::string& name)>& scenario);
/// The same for scenarios that open the database themselves, perhaps more than once. Keep it closed at the
/// end.
void for_each_engine_url(
    const std::function<void(const std::string& url, const std::string& name)>& scenario);

/// How SQLite means to find the rows of a statement: its query plan, one line a step.
std::string plan_of(ReadTx& tx, const Sql& sql);

}  // namespace mingxin::store
