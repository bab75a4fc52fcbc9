// Which column of a file fills which field: by header text, by a mapping file, or from what is known of the
// unit. Internal to collect.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "quality/quality.h"
#include "rulebook/rulebook.h"

namespace mingxin::collect {

/// A mapping file (docs/formats/mapping.md): headers of one department's files to fields of an item.
struct Mapping {
    struct Column {
        std::string header, field;
        quality::Source::Read read = quality::Source::Read::cell;
        bool money_in_yuan = false;
    };
    std::vector<Column> columns;
    std::vector<std::pair<std::string, std::string>> constants;  // field, value
    bool is_whole = false;  // no other column is taken, not even one whose header is a field code
};
/// Fault::mapping_broken with the line and what is wrong.
Result<Mapping> read_mapping(const std::filesystem::path& file, const rulebook::Item& item);

struct SubmittingUnit {
    std::string code, name;
};

struct ColumnPlan {
    std::vector<quality::Source> sources;  // by field
    std::vector<int> field_of_column;      // -1: the column is not used
    bool old_version = false;
    std::vector<std::string> notes_zh;
};
/// Fault::columns_missing names the columns that the file must have and lacks; Fault::column_twice a header
/// that stands twice for one field that takes one.
Result<ColumnPlan> plan_columns(const rulebook::Item& item, const std::vector<std::string>& header,
                                const std::optional<Mapping>& mapping, const SubmittingUnit& unit,
                                Date today);

/// Header words by which the header row of a workbook is found.
std::vector<std::string> header_words(const rulebook::Item& item, const std::optional<Mapping>& mapping);

}  // namespace mingxin::collect
