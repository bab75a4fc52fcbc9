// For tests: a platform with one unit and nothing in it, and files made of rows.
#pragma once
#include <doctest/doctest.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "access/access.h"
#include "base/file.h"
#include "collect/collect.h"
#include "collect/mappings.h"
#include "quality/testing/rows.h"
#include "store/test_engines.h"

namespace mingxin::collect::test {

using quality::test::changed;
using quality::test::code_of;
using quality::test::firm_name;
using quality::test::kUnitName;
using quality::test::penalty;
using quality::test::permit;
using quality::test::registration;
using quality::test::Row;
using quality::test::rules;
using quality::test::unit_code;

inline const Instant kNow = *parse_instant("2026-11-20T04:05:06.000000Z");

template <class T>
T must(Result<T> result) {
    REQUIRE_MESSAGE(result.ok(), (result.ok() ? "" : result.error().message_zh() + result.error().log_text));
    return std::move(*result);
}
inline void must(Result<void> result) {
    REQUIRE_MESSAGE(result.ok(), (result.ok() ? "" : result.error().message_zh() + result.error().log_text));
}

inline std::string csv_cell(const std::string& text) {
    if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
    std::string quoted = "\"";
    for (char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
}

/// The field codes that any of the rows has, in the item's order.
inline std::vector<std::string> header_of(const rulebook::Item& item, const std::vector<Row>& rows) {
    std::vector<std::string> header;
    for (const rulebook::Field& field : item.fields) {
        for (const Row& row : rows) {
            if (!row.contains(field.code)) continue;
            header.push_back(field.code);
            break;
        }
    }
    return header;
}

inline std::string csv(std::string_view item, const std::vector<Row>& rows) {
    const std::vector<std::string> header = header_of(*rules()->item(item), rows);
    std::string text;
    for (const std::string& code : header) text += (text.empty() ? "" : ",") + code;
    text += "\r\n";
    for (const Row& row : rows) {
        std::string line;
        for (const std::string& code : header) {
            const auto cell = row.find(code);
            if (&code != &header.front()) line += ',';
            if (cell != row.end()) line += csv_cell(cell->second);
        }
        text += line + "\r\n";
    }
    return text;
}

/// A statement made up by a test; names and texts of statements live for ever.
inline store::Sql sql_of(const std::string& statement) {
    static std::set<std::string> known;
    const char* text = known.insert(statement).first->c_str();
    return {text, text};
}

class Town {
  public:
    explicit Town(store::Database& database)
        : key_(crypto::Sm2Key::generate()),
          desk{.database = database,
               .rulebook = rules(),
               .key = key_,
               .secret = as_bytes("a secret of the tests"),
               .origin = "mingxin/410423",
               .tenant = 410423} {
        must(database.create(all_tables()));
        add_unit(unit_code(), kUnitName);
    }

    static std::vector<const store::Table*> all_tables() {
        std::vector<const store::Table*> tables;
        for (auto part :
             {journal::tables(), access::tables(), subject::tables(), record::tables(), collect::tables()}) {
            tables.insert(tables.end(), part.begin(), part.end());
        }
        return tables;
    }

    void add_unit(const std::string& code, const std::string& name) {
        auto tx = must(desk.database.write());
        must(access::add_unit(tx, code, name, {"operator", kNow, rules()->digest()}));
        must(journal::seal(tx, key_, desk.origin, kNow));
        must(tx.commit());
    }

    Order order(std::string_view item, std::string_view content) {
        const auto file = folder_.path() / ("file" + std::to_string(++files_));
        must(write_file(file, content));
        Order order{.file = file,
                    .file_name = file.filename().string(),
                    .item = std::string(item),
                    .unit_code = unit_code(),
                    .submitted_by = "clerk:zhang"};
        order.now = kNow;
        return order;
    }
    Order order(std::string_view item, const std::vector<Row>& rows) { return order(item, csv(item, rows)); }

    Result<Outcome> send(const Order& order) { return collect(desk, order); }
    Outcome take(std::string_view item, const std::vector<Row>& rows) {
        return must(send(order(item, rows)));
    }
    Outcome take(std::string_view item, std::string_view content) { return must(send(order(item, content))); }

    store::ReadTx read() { return must(desk.database.read()); }

    std::vector<RowFindings> findings(const Outcome& outcome) {
        auto tx = read();
        return must(collect::findings(tx, *rules(), outcome.batch.id, 0, 1'000'000));
    }
    /// "3:V01@CF_WSH V13.update@": row and what was told of it; repairs and the like included.
    std::vector<std::string> told(const Outcome& outcome) {
        std::vector<std::string> all;
        const rulebook::Item& item = *rules()->item(outcome.batch.item);
        for (const RowFindings& row : findings(outcome)) {
            std::set<std::string> list;
            for (const record::Finding& finding : row.findings) {
                list.insert(finding.fault + "@" +
                            (finding.field >= 0 ? item.fields[finding.field].code : ""));
            }
            std::string text;
            for (const std::string& one : list) text += (text.empty() ? "" : " ") + one;
            all.push_back(std::to_string(row.row) + ":" + text);
        }
        return all;
    }

    std::vector<record::ShownRecord> shown(std::string_view code, std::string_view item = {}) {
        auto tx = read();
        const record::Reading reading{.purpose = "公示查询", .today = kNow.date()};
        return must(record::disclose(tx, *rules(), desk.tenant, code, item, reading));
    }

    /// Every cell of every table as text, one a line.
    std::string everything() {
        std::string text;
        auto tx = read();
        for (const store::Table* table : all_tables()) {
            std::string columns;
            for (const store::Column& column : table->columns) {
                columns += (columns.empty() ? "" : ", ") + std::string(column.name);
            }
            const std::string statement = "select " + columns + " from " + table->name;
            auto rows = must(tx.query(sql_of(statement)));
            while (must(rows.next())) {
                for (int i = 0; i < rows.column_count(); ++i) {
                    const store::Value value = rows.value(i);
                    const bool is_integer = value.kind() == store::Value::Kind::integer;
                    text += is_integer ? std::to_string(value.integer()) : std::string(as_text(value.view()));
                    text += '\n';
                }
            }
        }
        return text;
    }
    std::int64_t count(const std::string& statement) {
        auto tx = read();
        auto rows = must(tx.query(sql_of(statement)));
        REQUIRE(must(rows.next()));
        return rows.integer(0);
    }

    const crypto::Sm2Key& key() const { return key_; }

  private:
    crypto::Sm2Key key_;
    TemporaryFolder folder_;
    int files_ = 0;

  public:
    Desk desk;
};

/// "rows accepted updated duplicate doubtful rejected"
inline std::string counts(const Outcome& outcome) {
    const record::Batch& b = outcome.batch;
    CHECK(b.rows == b.accepted + b.updated + b.duplicate + b.doubtful + b.rejected);
    std::string text;
    for (std::int64_t n : {b.rows, b.accepted, b.updated, b.duplicate, b.doubtful, b.rejected}) {
        text += (text.empty() ? "" : " ") + std::to_string(n);
    }
    return text;
}

inline void in_town(const std::function<void(Town&)>& scenario) {
    store::for_each_engine([&](store::Database& database, const std::string&) {
        Town town(database);
        scenario(town);
    });
}

}  // namespace mingxin::collect::test
