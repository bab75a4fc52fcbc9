// One file holds everything: the tables as a SQLite database, and in it the small files of the data
// directory.
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "cli/platform.h"

namespace mingxin::cli {

namespace fs = std::filesystem;

namespace {

/// What lies beside the database, with the permissions that it gets back.
struct KeptFile {
    const char* name;
    unsigned mode;
};
constexpr KeptFile kFiles[] = {{"platform.json", 0644},
                               {"engine", 0600},
                               {"heads.jsonl", 0644},
                               {"keys/sm2.pem", 0600},
                               {"keys/secret.hex", 0600}};

const store::Table& file_table() {
    static const store::Table table{
        .name = "backup_file",
        .columns = {{"name", store::ColumnType::text}, {"content", store::ColumnType::blob}},
        .primary_key = "name"};
    return table;
}

constexpr store::Sql kReadFile{"backup.read_file", "select content from backup_file where name = $1"};

Result<std::string> kept_file(store::ReadTx& tx, const std::string& name) {
    auto rows = tx.query(kReadFile, {name});
    if (!rows.ok())  // a database, but not a backup: it has no such table
        return fail(Fault::backup_broken, name, rows.error().log_text);
    if (!TRY(rows->next())) return fail(Fault::backup_broken, name);
    return std::string(as_text(rows->blob(0)));
}

/// Every row of every table from one database to the other, in one transaction.
Result<void> copy_tables(store::Database& from, store::Database& to) {
    auto source = TRY(from.read());
    auto target = TRY(to.write());
    for (const store::Table* table : all_tables()) {
        const std::string columns = [&] {
            std::string text;
            for (const store::Column& column : table->columns)
                text += (text.empty() ? "" : ", ") + std::string(column.name);
            return text;
        }();
        const std::string name = std::string("backup.copy.") + table->name;
        const std::string text =
            "select " + columns + " from " + table->name + " order by " + table->primary_key;
        const store::Sql select{name.c_str(), text.c_str()};
        auto rows = TRY(source.scan(select));
        auto loader = TRY(target.bulk(*table, 1'000'000));
        std::vector<store::Value> values(table->columns.size());
        while (TRY(rows.next())) {
            for (std::size_t i = 0; i < values.size(); ++i) values[i] = rows.value(static_cast<int>(i));
            TRY(loader.add(values));
        }
        TRY(loader.finish());
    }
    return target.commit();
}

/// The whole backup, beside the place where it is to stand.
Result<void> write_backup(const Platform& platform, const fs::path& making) {
    // The files as they were before the tables: a head that is published meanwhile would lie beyond them, and
    // the restored platform would look like one whose tables were turned back. Heads that lack are published
    // again.
    std::vector<std::pair<const KeptFile*, std::string>> files;
    for (const KeptFile& kept : kFiles) {
        if (!fs::exists(platform.data() / kept.name)) continue;
        files.emplace_back(&kept, TRY(read_file(platform.data() / kept.name)));
    }
    std::error_code ignored;
    TRY(platform.database().backup(all_tables(), making));
    fs::permissions(making, fs::perms::owner_read | fs::perms::owner_write, ignored);
    {
        auto database = TRY(store::Database::open(making.string()));
        const store::Table* const tables[] = {&file_table()};
        TRY(database->create(tables));
        auto tx = TRY(database->write());
        for (const auto& [kept, content] : files) {
            TRY(tx.insert(file_table(), {kept->name, as_bytes(content)}));
        }
        TRY(tx.commit());
    }
    return {};
}

}  // namespace

Result<void> backup(const Platform& platform, const fs::path& file) {
    if (fs::exists(file)) return fail(Fault::bad_argument, file.string() + " 已存在，不覆盖旧备份");
    const fs::path making = file.string() + ".part";
    std::error_code ignored, error;
    const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
    if (::access(folder.c_str(), W_OK | X_OK) != 0)  // told under the file's own name
        return file_fault(Fault::file_unwritable, file, errno);
    fs::remove(making, ignored);
    if (const Result<void> made = write_backup(platform, making); !made.ok()) {
        fs::remove(making, ignored);
        return fail(made.error());
    }
    fs::rename(making, file, error);
    if (error) return fail(Fault::file_unwritable, file.string(), error.message());
    return {};
}

Result<void> restore(const fs::path& file, const fs::path& data, const std::string& engine) {
    if (!fs::exists(file)) return file_fault(Fault::file_unreadable, file, ENOENT);
    if (fs::exists(data) && !fs::is_empty(data)) return fail(Fault::platform_exists, data.string());
    // The backup itself is only read; opening a SQLite file may write beside it.
    const auto folder = TRY(TemporaryFolder::create());
    const fs::path copy = folder->path() / "backup.db";
    std::error_code error;
    fs::copy_file(file, copy, error);
    if (error) return fail(Fault::file_unreadable, file.string(), error.message());
    auto opened = store::Database::open(copy.string());
    if (!opened.ok()) return fail(Fault::backup_broken, file.string(), opened.error().log_text);
    auto source = std::move(*opened);
    const fs::path making = data.string() + ".restoring";
    fs::remove_all(making, error);
    fs::create_directories(making / "keys", error);
    if (error) return fail(Fault::file_unwritable, making.string(), error.message());
    fs::permissions(making / "keys", fs::perms::owner_all, error);
    {
        auto tx = TRY(source->read());
        for (const KeptFile& kept : kFiles) {
            TRY(write_file(making / kept.name, TRY(kept_file(tx, kept.name)), kept.mode));
        }
    }
    if (!engine.empty()) TRY(write_file(making / "engine", engine + "\n", 0600));
    const std::string url = database_url(making, std::string(trim(TRY(read_file(making / "engine")))));
    {
        auto target = TRY(store::Database::open(url));
        TRY(target->create(all_tables()));
        TRY(copy_tables(*source, *target));
    }
    fs::remove(data, error);
    fs::rename(making, data, error);
    if (error) return fail(Fault::file_unwritable, data.string(), error.message());
    return {};
}

}  // namespace mingxin::cli
