// The state tables again, from nothing but the journal, beside the live ones.
#include "base/check.h"
#include "base/file.h"
#include "oversight/compare.h"
#include "oversight/oversight.h"

namespace mingxin::oversight {

namespace {

constexpr std::int64_t kEventsPerCommit = 1000;
constexpr std::int64_t kRowsBetween = 4096;  // between two looks at whether to go on

std::vector<const store::Table*> state_tables(
    const std::vector<std::unique_ptr<journal::Projection>>& projections) {
    std::vector<const store::Table*> tables;
    for (const auto& projection : projections) {
        for (const store::Table* table : projection->tables()) tables.push_back(table);
    }
    return tables;
}

Result<void> apply_event(store::ReadTx& from, store::Tx& to, const journal::Event& event,
                         std::vector<std::unique_ptr<journal::Projection>>& projections, std::string& place,
                         const std::function<Result<void>()>& go_on) {
    const std::string event_place = "event " + std::to_string(event.seq);
    place = event_place;
    for (auto& projection : projections) TRY(projection->begin_event(to, event));
    if (event.row_count > 0) {
        TRY(journal::for_each_row(from, event, [&](const journal::Row& row) -> Result<void> {
            place = "row " + std::to_string(row.row) + " of " + event_place;
            for (auto& projection : projections) TRY(projection->row(to, event, row));
            return row.row % kRowsBetween == 0 ? go_on() : Result<void>();
        }));
        place = event_place;
    }
    for (auto& projection : projections) TRY(projection->end_event(to, event));
    return {};
}

/// All events of the journal onto empty state tables of scratch, a thousand events a transaction. place is
/// where it stopped, for a failure.
Result<std::int64_t> replay(store::ReadTx& from, store::Database& scratch,
                            std::vector<std::unique_ptr<journal::Projection>>& projections,
                            const Progress& progress, std::string& place) {
    auto head = TRY(journal::latest_head(from));
    const std::int64_t all = head ? head->size : 0;
    std::int64_t done = 0;
    auto to = std::make_unique<store::Tx>(TRY(scratch.write()));
    const auto played = journal::for_each_event(from, 1, [&](const journal::Event& event) -> Result<void> {
        const auto go_on = [&] { return tell_stage(progress, Stage::replay, done, all); };
        TRY(apply_event(from, *to, event, projections, place, go_on));
        if (++done % kEventsPerCommit == 0) {
            TRY(to->commit());
            to.reset();
            to = std::make_unique<store::Tx>(TRY(scratch.write()));
        }
        return tell_stage(progress, Stage::replay, done, all);
    });
    if (!played.ok()) {
        projections.clear();  // in the middle of a batch they hold loaders, which must not outlive `to`
        return fail(played.error());
    }
    TRY(to->commit());
    return done;
}

}  // namespace

Result<Verdict> compare_with_journal(
    const Grounds& grounds, store::ReadTx& live, const Progress& progress,
    const std::function<Result<void>(const store::Table&, store::ReadTx&)>& differs) {
    Verdict verdict;
    auto projections = grounds.projections();
    const std::vector<const store::Table*> tables = state_tables(projections);
    std::string place = "journal";
    const auto folder = TRY(TemporaryFolder::create(grounds.scratch));
    auto scratch = TRY(store::Database::open((folder->path() / "rebuilt.db").string()));
    TRY(scratch->create(tables));
    auto played = replay(live, *scratch, projections, progress, place);
    if (!played.ok()) {
        Error error = std::move(played).error();
        if (error.fault == Fault::task_stopped) return fail(std::move(error));
        error.detail_zh = place + (error.detail_zh.empty() ? "" : "：" + error.detail_zh);
        return fail(std::move(error));
    }
    verdict.events = *played;
    auto rebuilt = TRY(scratch->read());
    for (const store::Table* table : tables) {
        const std::size_t before = verdict.damages.size();
        verdict.rows_compared +=
            TRY(compare_table(*table, live, rebuilt, verdict.damages, progress, verdict.rows_compared));
        if (differs && verdict.damages.size() > before) TRY(differs(*table, rebuilt));
    }
    return verdict;
}

namespace {

/// Writes a table anew from the rebuilt one.
Result<void> restore_table(store::Tx& tx, const store::Table& table, store::ReadTx& rebuilt) {
    TRY(tx.execute(delete_all(table)));
    auto loader = TRY(tx.bulk(table, 1'000'000));
    auto rows = TRY(rebuilt.scan(select_all(table)));
    std::vector<store::Value> values(table.columns.size());
    while (TRY(rows.next())) {
        for (std::size_t i = 0; i < values.size(); ++i) values[i] = rows.value(static_cast<int>(i));
        TRY(loader.add(values));
    }
    TRY(loader.finish());
    return {};
}

}  // namespace

Result<Verdict> rebuild(const Grounds& grounds, bool repair, const Progress& progress) {
    if (!repair) {
        auto live = TRY(grounds.database.read());
        return compare_with_journal(grounds, live, progress, {});
    }
    auto tx = TRY(grounds.database.write());
    Verdict verdict = TRY(
        compare_with_journal(grounds, tx, progress, [&](const store::Table& table, store::ReadTx& rebuilt) {
            return restore_table(tx, table, rebuilt);
        }));
    TRY(tx.commit());
    return verdict;
}

}  // namespace mingxin::oversight
