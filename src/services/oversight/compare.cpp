#include "oversight/compare.h"

#include <compare>
#include <map>
#include <memory>
#include <mutex>

#include "base/text.h"

namespace mingxin::oversight {

namespace {

constexpr std::int64_t kRowsBetween = 4096;  // between two looks at whether to go on

struct Statements {
    std::string select_name, select_text, delete_name, delete_text;
    store::Sql select{}, remove{};
};

const Statements& statements_of(const store::Table& table) {
    static std::mutex mutex;
    static std::map<std::string, std::unique_ptr<Statements>> known;
    std::lock_guard lock(mutex);
    std::unique_ptr<Statements>& entry = known[table.name];
    if (entry) return *entry;
    entry = std::make_unique<Statements>();
    std::string columns;
    for (const store::Column& column : table.columns) {
        if (!columns.empty()) columns += ", ";
        columns += column.name;
    }
    entry->select_name = std::string("oversight.select.") + table.name;
    entry->select_text = "select " + columns + " from " + table.name + " order by " + table.primary_key;
    entry->delete_name = std::string("oversight.delete.") + table.name;
    entry->delete_text = std::string("delete from ") + table.name;
    entry->select = {entry->select_name.c_str(), entry->select_text.c_str()};
    entry->remove = {entry->delete_name.c_str(), entry->delete_text.c_str()};
    return *entry;
}

std::strong_ordering order(const store::Value& a, const store::Value& b) {
    if (a.kind() != b.kind()) return a.kind() <=> b.kind();
    if (a.kind() == store::Value::Kind::integer) return a.integer() <=> b.integer();
    if (a.kind() == store::Value::Kind::null) return std::strong_ordering::equal;
    return as_text(a.view()) <=> as_text(b.view());
}

/// Columns of the primary key, as indexes.
std::vector<int> key_columns(const store::Table& table) {
    std::vector<int> columns;
    for (std::string_view name : split(table.primary_key, ',')) {
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            if (trim(name) == table.columns[i].name) columns.push_back(static_cast<int>(i));
        }
    }
    return columns;
}

std::string key_text(const store::Cursor& row, const std::vector<int>& key) {
    std::string text;
    for (int column : key) {
        if (!text.empty()) text += ", ";
        const store::Value value = row.value(column);
        text += value.kind() == store::Value::Kind::integer ? std::to_string(value.integer())
                                                            : std::string(as_text(value.view()));
    }
    return text;
}

std::strong_ordering order_of_keys(const store::Cursor& a, const store::Cursor& b,
                                   const std::vector<int>& key) {
    for (int column : key) {
        const auto result = order(a.value(column), b.value(column));
        if (result != std::strong_ordering::equal) return result;
    }
    return std::strong_ordering::equal;
}

/// Names of the columns that differ.
std::string differing(const store::Table& table, const store::Cursor& a, const store::Cursor& b) {
    std::string names;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        const int column = static_cast<int>(i);
        if (order(a.value(column), b.value(column)) == std::strong_ordering::equal) continue;
        if (!names.empty()) names += "、";
        names += table.columns[i].name;
    }
    return names;
}

}  // namespace

const store::Sql& select_all(const store::Table& table) {
    return statements_of(table).select;
}
const store::Sql& delete_all(const store::Table& table) {
    return statements_of(table).remove;
}

Result<void> tell_stage(const Progress& progress, Stage stage, std::int64_t done, std::int64_t all) {
    if (progress && !progress(stage, done, all)) return fail(Fault::task_stopped);
    return {};
}

std::string_view stage_zh(Stage stage) {
    static constexpr std::string_view names[] = {"检查数据库文件", "核验账本",   "核对已公布的树头",
                                                 "核对封存的内容", "按账本重建", "比对数据表"};
    return names[static_cast<int>(stage)];
}

Result<std::int64_t> compare_table(const store::Table& table, store::ReadTx& live, store::ReadTx& rebuilt,
                                   std::vector<journal::Damage>& damages, const Progress& progress,
                                   std::int64_t compared_before) {
    const std::vector<int> key = key_columns(table);
    auto a = TRY(live.scan(select_all(table)));
    auto b = TRY(rebuilt.scan(select_all(table)));
    bool has_a = TRY(a.next()), has_b = TRY(b.next());
    std::int64_t compared = 0;
    std::size_t found = 0;
    const auto tell = [&](const store::Cursor& row, std::string what_zh) {
        if (found++ < kMostDamages) {
            damages.push_back(
                {"table " + std::string(table.name) + " (" + key_text(row, key) + ")", std::move(what_zh)});
        }
    };
    TRY(tell_stage(progress, Stage::comparing, compared_before, 0));
    while (has_a || has_b) {
        if (++compared % kRowsBetween == 0) {
            TRY(tell_stage(progress, Stage::comparing, compared_before + compared, 0));
        }
        const auto keys = !has_a   ? std::strong_ordering::greater
                          : !has_b ? std::strong_ordering::less
                                   : order_of_keys(a, b, key);
        if (keys == std::strong_ordering::less) {
            tell(a, "账本中没有这一行：它是另外加入的");
            has_a = TRY(a.next());
        } else if (keys == std::strong_ordering::greater) {
            tell(b, "缺少这一行：账本中有而数据表中没有");
            has_b = TRY(b.next());
        } else {
            const std::string names = differing(table, a, b);
            if (!names.empty()) tell(a, "与账本不符的列：" + names);
            has_a = TRY(a.next());
            has_b = TRY(b.next());
        }
    }
    if (found > kMostDamages) {
        damages.push_back(
            {"table " + std::string(table.name), "另有" + std::to_string(found - kMostDamages) + "处不符"});
    }
    return compared;
}

}  // namespace mingxin::oversight
