// Database::backup: beside writers, into a file that appears whole or not at all.
#include <fcntl.h>
#include <unistd.h>

#include "store/connection.h"
#include "store/ddl.h"
#include "store/pool.h"

namespace mingxin::store {
namespace {

namespace fs = std::filesystem;

Result<void> sync_path(const fs::path& path, int flags) {
    const int fd = ::open(path.c_str(), flags | O_CLOEXEC);
    const bool synced = fd >= 0 && ::fsync(fd) == 0;
    if (fd >= 0) {
        ::close(fd);
    }
    if (!synced) {
        return fail(Fault::file_unwritable, path.string(), "fsync");
    }
    return {};
}

Result<void> copy_table(ReadTx& from, const Table& table, Tx& to) {
    const std::string text =
        "SELECT " + column_list(table) + " FROM " + table.name + " ORDER BY " + table.primary_key;
    Cursor rows = TRY(from.scan({"store_backup", text.c_str()}));
    BulkLoader loader = TRY(to.bulk(table, std::int64_t{1} << 40));
    std::vector<Value> row(table.columns.size());
    while (TRY(rows.next())) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            row[i] = rows.value(static_cast<int>(i));
        }
        TRY(loader.add(row));
    }
    TRY(loader.finish());
    return {};
}

Result<void> copy_tables(ReadTx& from, std::span<const Table* const> tables, const fs::path& file) {
    auto copy = TRY(Database::open(file.string()));
    TRY(copy->create(tables));
    Tx tx = TRY(copy->write());
    for (const Table* table : tables) {
        TRY(copy_table(from, *table, tx));
    }
    return tx.commit();
}

}  // namespace

Result<void> Database::backup(std::span<const Table* const> tables, const fs::path& file) {
    const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
    std::string pattern = (folder / ".mingxin-backup-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
        return fail(Fault::file_unwritable, file.string(), "mkdtemp " + pattern);
    }
    const fs::path work = pattern;
    auto done = [&]() -> Result<void> {
        const fs::path copy = work / "copy";
        ReadTx tx = TRY(read());
        TRY(engine() == Engine::sqlite ? backup_sqlite(tx.connection(), copy)
                                       : copy_tables(tx, tables, copy));
        TRY(sync_path(copy, O_RDONLY));
        std::error_code error;
        fs::rename(copy, file, error);
        if (error) {
            return fail(Fault::file_unwritable, file.string(), error.message());
        }
        return sync_path(folder, O_RDONLY | O_DIRECTORY);
    }();
    std::error_code ignored;
    fs::remove_all(work, ignored);
    return done;
}

}  // namespace mingxin::store
