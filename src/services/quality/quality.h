// Checks of a row against the rulebook: cells to canonical values and findings. Pure: no tables, no clock.
// What needs the tables (V12 organs, V13 duplicates, V15 names) is asked of collect, which owns the batch.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "record/record.h"
#include "rulebook/rulebook.h"

namespace mingxin::quality {

/// How a cell arrives at a field.
struct Source {
    enum class Read { cell, fine_in_text, kinds_in_text };
    int column = -1;          // of the file; -1: constant only
    std::string constant;     // used when the column is absent or its cell empty
    Read read = Read::cell;
    bool money_in_yuan = false;   // overrides the item's unit
};

/// One cell as the reader gives it.
struct Cell {
    std::string_view text;
    enum class Kind : std::uint8_t { empty, text, number, date, boolean, error, formula_without_value } kind = Kind::text;
};

struct CheckedRow {
    std::vector<std::string> values;         // by field of the item, canonical
    std::vector<record::Finding> findings;   // in field order
    record::Facts facts;
    bool rejected = false;
    bool name_only = false;                  // lawful, but nothing identifies the subject except its name
    /// The worst effect found.
    bool has_warning = false;
};

/// Checks rows of one item. Not thread-safe: one per thread.
class Checker {
  public:
    /// secret keys the digests of certificate numbers. sources is by field of the item.
    Checker(const rulebook::Rulebook& rulebook, const rulebook::Item& item, std::vector<Source> sources, Date today,
            BytesView secret);
    ~Checker();
    /// out is reused: its strings keep their memory.
    void check(std::span<const Cell> cells, CheckedRow& out);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// A finding of a check with its texts filled in; args replace {value}, {limit}, {reason}.
record::Finding make_finding(const rulebook::Item& item, std::string_view check_id, int field, std::string_view value = {},
                             std::string_view reason = {}, std::string_view limit = {});

/// V13: the key of a row.
std::int64_t record_key(const rulebook::Item& item, std::string_view subject_code, const std::vector<std::string>& values);

}  // namespace mingxin::quality
