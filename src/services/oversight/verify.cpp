#include "base/text.h"
#include "oversight/compare.h"
#include "oversight/heads_file.h"
#include "oversight/oversight.h"

namespace mingxin::oversight {

namespace {

Result<void> check_database(const Grounds& grounds, std::vector<journal::Damage>& damages) {
    for (store::Flaw& flaw : TRY(grounds.database.check_integrity(grounds.tables))) {
        damages.push_back({std::move(flaw.place), "数据库自检：" + std::move(flaw.text)});
    }
    return {};
}

/// Places and texts may hold damaged bytes.
void make_readable(std::vector<journal::Damage>& damages) {
    for (journal::Damage& damage : damages) {
        damage.place = to_readable(damage.place);
        damage.what_zh = to_readable(damage.what_zh);
    }
}

/// What can't be read because it was altered is a finding, and so is what fails once damage was found; a lost
/// connection is not.
Result<void> told(const Result<void>& checked, Verdict& verdict) {
    if (checked.ok()) return {};
    const Error& error = checked.error();
    if (error.fault == Fault::task_stopped) return fail(error);
    const bool journal = error.fault == Fault::journal_damaged;
    if (!journal && error.fault != Fault::store_corrupt && verdict.clean()) return fail(error);
    verdict.damages.push_back(
        {journal ? "journal" : "database", "核验到这里停住，其余未能核验：" + error.message_zh()});
    return {};
}

Result<void> check_journal(const Grounds& grounds, store::ReadTx& live, const Progress& progress,
                           Verdict& verdict) {
    auto damages = TRY(journal::verify(live, grounds.key, [&](std::int64_t done, std::int64_t all) {
        return !progress || progress(Stage::journal, done, all);
    }));
    verdict.damages.insert(verdict.damages.end(), damages.begin(), damages.end());
    return {};
}

Result<void> check_sealed(const Grounds& grounds, store::ReadTx& live, Verdict& verdict) {
    for (const auto& projection : grounds.projections()) {
        TRY(projection->check_sealed(live, verdict.damages));
    }
    return {};
}

/// State is compared even when the journal is damaged: the place of every difference helps the auditor. A
/// journal that can't be replayed is itself a finding.
Result<void> check_state(const Grounds& grounds, store::ReadTx& live, const Progress& progress,
                         Verdict& verdict) {
    Result<Verdict> compared = compare_with_journal(grounds, live, progress, {});
    if (!compared.ok()) {
        const Error& error = compared.error();
        // No room, no connection: that says nothing of the journal.
        const bool elsewhere = error.fault == Fault::store_full || error.fault == Fault::store_busy ||
                               error.fault == Fault::store_unavailable ||
                               error.fault == Fault::file_unwritable;
        if (error.fault == Fault::task_stopped || (elsewhere && verdict.clean())) return fail(error);
        verdict.damages.push_back({"journal", "按账本重建到这里停住，数据表未能与账本比对：" +
                                                  error.detail_zh + "（" +
                                                  std::string(fault_text(error.fault).title_zh) + "）"});
        return {};
    }
    verdict.events = compared->events;
    verdict.rows_compared = compared->rows_compared;
    verdict.damages.insert(verdict.damages.end(), compared->damages.begin(), compared->damages.end());
    return {};
}

}  // namespace

Verdict verdict_on_closed(const std::string& database_url, const Error& why) {
    Verdict verdict;
    if (why.fault == Fault::store_corrupt) {
        for (store::Flaw& flaw : store::Database::check_closed(database_url)) {
            verdict.damages.push_back({std::move(flaw.place), "数据库打不开：" + std::move(flaw.text)});
        }
    }
    if (verdict.damages.empty()) verdict.damages.push_back({"platform", why.message_zh()});
    make_readable(verdict.damages);
    return verdict;
}

Result<Verdict> verify(const Grounds& grounds, const Progress& progress) {
    Verdict verdict;
    TRY(tell_stage(progress, Stage::database, 0, 0));
    TRY(told(check_database(grounds, verdict.damages), verdict));
    // The published heads first: what is published beside us is in the database before, so the snapshot has
    // every head that was read; the other way round a newer one would look like a database rolled back.
    const auto published = published_bytes(grounds.heads_file);
    // Each part on a snapshot of its own would see other states; a part that fails ends the snapshot for all.
    auto live = TRY(grounds.database.read());
    TRY(told(check_journal(grounds, live, progress, verdict), verdict));
    TRY(tell_stage(progress, Stage::heads, 0, 0));
    TRY(told(check_heads(live, grounds.key, grounds.heads_file, published, verdict.damages), verdict));
    TRY(tell_stage(progress, Stage::sealed, 0, 0));
    TRY(told(check_sealed(grounds, live, verdict), verdict));
    TRY(check_state(grounds, live, progress, verdict));
    make_readable(verdict.damages);
    return verdict;
}

}  // namespace mingxin::oversight
