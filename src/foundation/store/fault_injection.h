// For tests only: lets one statement fail as if the engine had refused it. Process-wide.
#pragma once
#include <cstdint>

namespace mingxin::store {

/// The nth statement from now (1 = the next), in any transaction of the process, fails with
/// Fault::store_failed; 0 switches injection off. Statements are queries, executions, bulk rows and finishes,
/// savepoints and commits.
void inject_failure(std::int64_t nth);

/// Whether this statement is the one; called once per statement.
bool take_injected_failure();

}  // namespace mingxin::store
