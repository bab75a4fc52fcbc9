// Checks of a row against the rulebook: cells to canonical values and findings. Pure: no tables, no clock.
// What needs the tables (V12 organs, V13 duplicates, V15 names) is asked of collect, which owns the batch.
#pragma once
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "record/record.h"
#include "rulebook/rulebook.h"

namespace mingxin::quality {

/// How a field is filled from a row of the file.
struct Source {
    enum class Read { cell, fine_in_text };
    std::vector<int> columns;  // of the file; a set takes all, another field the first that is not empty
    std::string constant;      // used when there is no column or its cell is empty
    Read read = Read::cell;
    bool money_in_yuan = false;  // overrides the item's unit
    bool is_absent() const { return columns.empty() && constant.empty(); }
};

/// The unit register as the checks need it: codes by name and names by code. Immutable while in use.
struct UnitRegister {
    std::unordered_map<std::string, std::string> name_by_code;
    std::unordered_map<std::string, std::string> code_by_name;  // by normalised name
};

/// One cell as the reader gives it.
struct Cell {
    std::string_view text;
    enum class Kind : std::uint8_t {
        empty,
        text,
        number,
        date,
        boolean,
        error,
        formula_without_value
    } kind = Kind::text;
};

struct CheckedRow {
    std::vector<std::string> values;        // by field of the item, canonical
    std::vector<record::Finding> findings;  // in field order
    record::Facts facts;
    bool rejected = false;
    bool name_only = false;  // lawful, but nothing identifies the subject except its name
};

/// What is true of a file as a whole.
struct FileTraits {
    bool old_version = false;  // its header is the old one (rules 1.3)
    bool date_1904 = false;    // the workbook counts days from 1904
};

/// Checks rows of one item. Not thread-safe: one per thread.
class Checker {
  public:
    /// secret keys the digests of certificate numbers. sources is by field of the item. What is
    /// referred to must outlive the checker.
    Checker(const rulebook::Rulebook& rulebook, const rulebook::Item& item, std::vector<Source> sources,
            const UnitRegister& units, FileTraits traits, Date today, BytesView secret);
    ~Checker();
    /// out is reused: its strings keep their memory.
    void check(std::span<const Cell> cells, CheckedRow& out);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// What a message speaks of besides the field.
struct MessageParts {
    std::string_view value, reason, limit;
};
/// A finding of a check with its texts filled in. field -1: the check's own field.
record::Finding make_finding(const rulebook::Item& item, const rulebook::CheckRule& check, int field,
                             const MessageParts& parts = {});
/// The check in force that runs this algorithm, for this field before any field; nullptr when the item has
/// none.
const rulebook::CheckRule* check_with(const rulebook::Item& item, rulebook::Algorithm algorithm, Date today,
                                      int field = -1);
/// Whether the check applies to the row (its when).
bool holds_when(const rulebook::CheckRule& check, const rulebook::Item& item,
                const std::vector<std::string>& values, Date today);
/// The texts of a finding read back from the journal, which keeps no cell values.
void fill_texts(const rulebook::Item& item, Date day, record::Finding& finding);

/// Whether a text can be the number of a decision: it ends in a number, with or without 号 and what may
/// follow it (之一, a bracket). The title of a page or of a document is none, so that two rows under it may
/// be two decisions. Form: 党政机关公文格式 (GB/T 9704), 7.2.5; numbers of licences end in a digit or letter.
bool is_document_number(std::string_view text);

/// V13: the key of a row.
std::int64_t record_key(const rulebook::Item& item, std::string_view subject_code,
                        const std::vector<std::string>& values);

}  // namespace mingxin::quality
