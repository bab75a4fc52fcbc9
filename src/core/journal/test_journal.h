// For tests of this folder and of those after it: small journals.
#pragma once
#include <doctest/doctest.h>

#include <string>

#include "journal/journal.h"

namespace mingxin::journal {

template <class T>
T must(Result<T> result) {
    REQUIRE_MESSAGE(result.ok(), result.error().message_zh(), " ", result.error().log_text);
    return std::move(*result);
}
inline void must(Result<void> result) {
    REQUIRE_MESSAGE(result.ok(), result.error().message_zh(), " ", result.error().log_text);
}

inline Instant at(std::int64_t seconds) {
    return {seconds * 1'000'000};
}

inline std::string row_text(std::int64_t batch, std::int64_t row) {
    return R"({"name":"鲁山县第)" + std::to_string(batch) + "批第" + std::to_string(row) +
           R"(号有限公司","code":"x"})";
}

/// count events in one transaction, sealed.
inline void append_sealed(store::Database& database, const crypto::Sm2Key& key, int count, Instant time) {
    auto tx = must(database.write());
    for (int i = 0; i < count; ++i) {
        must(append(tx, {"unit.added", "operator", R"({"n":)" + std::to_string(i) + "}", "ab12"}, time));
    }
    must(seal(tx, key, "mingxin/410423", time));
    must(tx.commit());
}

/// One batch of so many rows, sealed.
inline void append_batch(store::Database& database, const crypto::Sm2Key& key, int rows, Instant time) {
    auto tx = must(database.write());
    auto batch = must(BatchWriter::begin(tx, rows));
    for (int i = 0; i < rows; ++i)
        must(batch.add(static_cast<std::uint8_t>(i % 4), row_text(batch.seq(), i + 1)));
    must(batch.finish({"batch.committed", "clerk:zhang", R"({"item":"permit"})", "ab12"}, time));
    must(seal(tx, key, "mingxin/410423", time));
    must(tx.commit());
}

}  // namespace mingxin::journal
