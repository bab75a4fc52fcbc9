// For tests: an empty platform and the little of collect that disclosing needs.
#pragma once
#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "record/record.h"
#include "store/test_engines.h"
#include "subject/identify.h"

namespace mingxin::record::test {

inline constexpr std::int64_t kTenant = 410423;

template <class T>
T must(Result<T> result) {
    REQUIRE_MESSAGE(result.ok(), (result.ok() ? "" : result.error().message_zh() + result.error().log_text));
    return std::move(*result);
}
inline void must(Result<void> result) {
    REQUIRE_MESSAGE(result.ok(), (result.ok() ? "" : result.error().message_zh() + result.error().log_text));
}

inline std::shared_ptr<const rulebook::Rulebook> rules() {
    static const auto loaded = must(rulebook::Rulebook::load("rules"));
    return loaded;
}

inline Date day(const char* text) {
    return *parse_date(text);
}
inline std::optional<Date> maybe(const char* text) {
    return parse_date(text);
}

inline std::string valid_code(int n) {
    std::string digits = std::to_string(n);
    digits.insert(0, 8 - digits.size(), '0');
    for (char a : std::string_view("0123456789X")) {
        if (!subject::is_valid_orgcode(digits + a)) continue;
        for (char b : std::string_view("0123456789ABCDEFGHJKLMNPQRTUWXY")) {
            const std::string code = "91410423" + digits + a + b;
            if (subject::is_valid_uscc(code)) return code;
        }
    }
    FAIL("no code for ", n);
    return {};
}

inline int field_of(const rulebook::Item& item, std::string_view code) {
    const int field = item.field_by_header(code);
    REQUIRE(field >= 0);
    return field;
}

/// An empty platform and the little of collect that disclosing needs: entries go through the writer into a
/// batch.
class Registry {
  public:
    explicit Registry(store::Database& database) : database_(database), key_(crypto::Sm2Key::generate()) {
        must(database.create(journal::tables()));
        must(database.create(subject::tables()));
        must(database.create(record::tables()));
    }

    /// Takes the entries as one batch; their positions in order.
    std::vector<std::int64_t> take(const std::vector<Entry>& entries, Instant now) {
        auto tx = must(database_.write());
        auto rows = must(journal::BatchWriter::begin(tx, static_cast<std::int64_t>(entries.size())));
        auto writer = must(Writer::begin(tx, kTenant, static_cast<std::int64_t>(entries.size())));
        std::vector<std::int64_t> positions;
        std::string payload;
        Batch batch{.id = rows.seq(), .item = entries.front().item->id, .unit_code = "u", .received = now};
        for (const Entry& entry : entries) {
            positions.push_back(rows.next_position());
            encode(entry, payload);
            must(rows.add(static_cast<std::uint8_t>(entry.outcome), payload));
            must(writer.apply(entry, positions.back(), batch.id, ++batch.rows, now));
        }
        must(rows.finish({std::string(kBatchKind), "clerk:zhang", encode_batch(batch), rules()->digest()},
                         now));
        must(writer.finish(batch, entries.front().item->number));
        must(journal::seal(tx, key_, "mingxin/410423", now));
        must(tx.commit());
        return positions;
    }

    std::vector<ShownRecord> shown(std::string_view code, Date today, std::optional<Instant> known_at = {},
                                   std::string_view item = {}) {
        auto tx = must(database_.read());
        return must(disclose(tx, *rules(), kTenant, code, item,
                             {.purpose = "公示查询", .today = today, .known_at = known_at}));
    }

    store::Database& database() { return database_; }

  private:
    store::Database& database_;
    crypto::Sm2Key key_;
};

inline Entry entry_of(const char* item_id, std::string_view code,
                      std::initializer_list<std::pair<const char*, std::string>> values, Facts facts) {
    Entry entry{.outcome = Outcome::accepted,
                .line = 2,
                .item = rules()->item(item_id),
                .subject = std::string(code),
                .facts = facts};
    entry.values.resize(entry.item->fields.size());
    for (const auto& [field, value] : values) entry.values[field_of(*entry.item, field)] = value;
    return entry;
}

}  // namespace mingxin::record::test
