// The reply to a department: its own table again, with what became of each row and every faulty cell marked.
#pragma once
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "collect/table_reader.h"
#include "record/record.h"
#include "rulebook/rulebook.h"

namespace mingxin::collect {

struct CellFinding {
    int column = -1;  // of the file, from 0; -1: the row as a whole
    std::string fault;
    rulebook::Effect effect = rulebook::Effect::reject;
    std::string message_zh, remedy_zh;
};

/// What became of one row of the file.
struct RowVerdict {
    std::int64_t line = 0;  // RowChunk::row_number
    record::Outcome outcome = record::Outcome::accepted;
    std::vector<CellFinding> findings;
};

/// The columns that a reply adds. A reply that was mended and sent again has them too: they are passed over.
inline constexpr std::string_view kOutcomeHeader = "处理结果", kRemarkHeader = "问题与改正办法";

/// Whether the reply can be written there; leaves nothing behind. Asked before a batch is stored.
Result<void> try_reply(const std::filesystem::path& reply);

/// Writes the workbook (XLSX) whole or not at all: the cells as text, faulty ones filled and commented, two
/// columns 处理结果 and 问题与改正办法 behind, a second sheet 汇总 with the counts. next gives the verdicts
/// in file order, false at the end. Memory is bounded whatever the size.
Result<void> write_reply(const std::filesystem::path& file, const OpenOptions& options,
                         const std::filesystem::path& reply, const std::function<bool(RowVerdict&)>& next);

}  // namespace mingxin::collect
