// The one door in: a file of a department becomes a Batch. read -> normalise -> check against the rulebook ->
// match to a subject -> commit -> reply. A batch commits in one piece with all its rows; until then nothing
// of it is stored.
#pragma once
#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/api.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/crypto.h"
#include "quality/quality.h"
#include "record/lists.h"
#include "record/record.h"
#include "rulebook/rulebook.h"
#include "store/store.h"

namespace mingxin::collect {

/// Where a batch runs: handed in by main, valid for the whole call.
struct Desk {
    store::Database& database;
    std::shared_ptr<const rulebook::Rulebook> rulebook;
    const crypto::Sm2Key& key;  // signs the tree head
    BytesView secret;           // keys the digests of certificate numbers
    std::string origin;         // "mingxin/410423"
    std::int64_t tenant = 0;
};

struct Progress {
    std::int64_t rows = 0;
    double part = 0;            // of the file read, 0..1
    std::string_view stage_zh;  // "读取与检查", "入库", "生成反馈"
};

struct Order {
    std::filesystem::path file;
    std::string file_name;        // as the sender named it
    std::string item;             // id of the catalogue item
    std::string unit_code;        // of the submitting unit; must be in the unit register
    std::string submitted_by;     // principal
    std::string idempotency_key;  // empty: none; the same key and unit give the first batch again
    std::optional<std::filesystem::path> mapping;  // YAML (docs/formats/mapping.md)
    std::optional<std::filesystem::path> reply;    // where to write the reply workbook
    Instant now;
    std::function<void(const Progress&)> progress;  // called from the calling thread, a few times a second
    const std::atomic<bool>* cancel = nullptr;      // set: stops before the commit, nothing stored
};

struct Outcome {
    record::Batch batch;
    double seconds = 0;
    bool repeated = false;              // an earlier batch with this idempotency key
    std::vector<std::string> notes_zh;  // about the file: hidden sheets skipped, columns not known ...
    std::string to_json() const;        // as the command line prints it
};

/// Takes a file whole. On failure (unreadable file, unknown unit or item, header without mandatory columns,
/// disk full) nothing was stored.
Result<Outcome> collect(const Desk& desk, const Order& order);

/// The findings of a batch read back from the journal, row by row, for pages and the API.
struct RowFindings {
    std::int64_t row = 0;   // of the batch, from 1
    std::int64_t line = 0;  // of the file, as the spreadsheet shows it
    record::Outcome outcome = record::Outcome::accepted;
    std::vector<record::Finding> findings;
    std::string subject, candidate;
};
/// Those of one row; day: of its receipt.
Result<RowFindings> row_findings(store::ReadTx& tx, const rulebook::Rulebook& rulebook,
                                 const record::FaultyRow& row, Date day);
Result<std::vector<RowFindings>> findings(store::ReadTx& tx, const rulebook::Rulebook& rulebook,
                                          std::int64_t batch, std::int64_t after_row, int limit);

}  // namespace mingxin::collect
