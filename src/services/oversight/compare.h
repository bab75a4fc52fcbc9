// Compares a state table with its rebuilt twin, row by row in primary key order. Internal to oversight.
#pragma once
#include <functional>
#include <vector>

#include "journal/journal.h"
#include "oversight/oversight.h"
#include "store/store.h"

namespace mingxin::oversight {

/// Every column in the table's order, ordered by primary key. The statement lives for ever (interned per
/// table).
const store::Sql& select_all(const store::Table& table);
const store::Sql& delete_all(const store::Table& table);

/// Appends a damage for each differing, additional or missing row (at most kMostDamages a table). Returns
/// rows compared.
inline constexpr std::size_t kMostDamages = 100;
Result<std::int64_t> compare_table(const store::Table& table, store::ReadTx& live, store::ReadTx& rebuilt,
                                   std::vector<journal::Damage>& damages, const Progress& progress,
                                   std::int64_t compared_before);
/// Tells how far a stage is; Fault::task_stopped when it shall end.
Result<void> tell_stage(const Progress& progress, Stage stage, std::int64_t done, std::int64_t all);

/// Replays the journal into scratch tables and compares; differs is called for each table that is not equal.
Result<Verdict> compare_with_journal(
    const Grounds& grounds, store::ReadTx& live, const Progress& progress,
    const std::function<Result<void>(const store::Table&, store::ReadTx&)>& differs);

}  // namespace mingxin::oversight
