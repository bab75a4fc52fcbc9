// Rows of a reply workbook as the unit wrote them, for people who look at findings cell by cell. Internal to
// collect.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "collect/mappings.h"
#include "rulebook/rulebook.h"

namespace mingxin::collect {

struct SheetColumn {
    std::string header;  // as the file has it
    int field = -1;      // of the item; -1: passed over
};
struct SheetRow {
    std::int64_t line = 0;           // of the file that was handed in
    std::vector<std::string> cells;  // by column
};
struct SheetExcerpt {
    std::vector<SheetColumn> columns;  // without those that a reply adds
    std::vector<SheetRow> rows;
};

/// "3,5,9" as ascending numbers. Fault::bad_argument: no numbers, not ascending, more than most.
Result<std::vector<std::int64_t>> read_lines(std::string_view text, std::size_t most);
/// Those lines of a reply workbook, as far as it has them. Ascending. mappings: of the unit, by which the
/// file may have been read when it came.
Result<SheetExcerpt> read_sheet(std::string_view workbook, const rulebook::Item& item,
                                const std::vector<std::int64_t>& lines,
                                const std::vector<RememberedMapping>& mappings, Instant received);

}  // namespace mingxin::collect
