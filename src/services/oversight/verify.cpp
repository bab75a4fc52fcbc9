#include "oversight/compare.h"
#include "oversight/heads_file.h"
#include "oversight/oversight.h"

namespace mingxin::oversight {

namespace {

Result<void> check_database(const Grounds& grounds, std::vector<journal::Damage>& damages) {
    std::vector<const store::Table*> tables;
    for (const store::Table* table : journal::tables()) tables.push_back(table);
    for (const auto& projection : grounds.projections()) {
        for (const store::Table* table : projection->tables()) tables.push_back(table);
    }
    for (std::string& line : TRY(grounds.database.check_integrity(tables))) {
        damages.push_back({"database", std::move(line)});
    }
    return {};
}

}  // namespace

Result<Verdict> verify(const Grounds& grounds, const Progress& progress) {
    Verdict verdict;
    if (progress) progress("检查数据库文件", 0, 0);
    TRY(check_database(grounds, verdict.damages));
    auto live = TRY(grounds.database.read());
    auto damages = TRY(journal::verify(live, grounds.key, [&](std::int64_t done, std::int64_t all) {
        if (progress) progress("核验账本", done, all);
    }));
    verdict.damages.insert(verdict.damages.end(), damages.begin(), damages.end());
    TRY(check_heads_file(live, grounds.key, grounds.heads_file, verdict.damages));
    // State is compared even when the journal is damaged: the place of every difference helps the auditor. A
    // journal that can't be replayed is itself a finding, told above or here.
    Result<Verdict> compared = compare_with_journal(grounds, live, progress, {});
    if (!compared.ok()) {
        verdict.damages.push_back({"journal", "无法按账本重建数据表：" + compared.error().message_zh()});
        return verdict;
    }
    verdict.events = compared->events;
    verdict.rows_compared = compared->rows_compared;
    verdict.damages.insert(verdict.damages.end(), compared->damages.begin(), compared->damages.end());
    return verdict;
}

}  // namespace mingxin::oversight
