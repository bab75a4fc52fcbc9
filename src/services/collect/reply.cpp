#include "collect/reply.h"

#include <algorithm>
#include <map>

#include "base/check.h"
#include "base/text.h"
#include "workbook/xlsx_writer.h"

namespace mingxin::collect {

using workbook::CellStyle;
using workbook::OutCell;
using workbook::SheetLayout;
using workbook::XlsxWriter;
namespace {

constexpr std::size_t rows_at_once = 1024;
constexpr std::size_t most_fault_codes = 1000;

CellStyle style_of(rulebook::Effect effect) {
    switch (effect) {
        case rulebook::Effect::reject:
            return CellStyle::fault;
        case rulebook::Effect::repair:
            return CellStyle::good;
        case rulebook::Effect::doubtful:
        case rulebook::Effect::warn:
            break;
    }
    return CellStyle::warning;
}

CellStyle style_of(record::Outcome outcome) {
    switch (outcome) {
        case record::Outcome::accepted:
        case record::Outcome::updated:
            return CellStyle::good;
        case record::Outcome::rejected:
            return CellStyle::fault;
        case record::Outcome::duplicate:
        case record::Outcome::doubtful:
            break;
    }
    return CellStyle::warning;
}

// Counts for the second sheet.
struct Summary {
    struct Code {
        std::int64_t count = 0;
        std::string message_zh, remedy_zh;  // of the first one
    };
    std::map<record::Outcome, std::int64_t> outcomes;
    std::map<std::string, Code> codes;
    std::int64_t rows = 0;

    void add(const RowVerdict& verdict) {
        ++rows;
        ++outcomes[verdict.outcome];
        for (const CellFinding& finding : verdict.findings) {
            if (codes.size() >= most_fault_codes && !codes.contains(finding.fault)) continue;
            Code& code = codes[finding.fault];
            if (code.count++ == 0) code.message_zh = finding.message_zh, code.remedy_zh = finding.remedy_zh;
        }
    }
};

// The table again, row by row, with the verdicts beside.
class Reply {
  public:
    Reply(TableReader& reader, XlsxWriter& out) : reader_(reader), out_(out), width_(reader.header().size()) {
        const auto is_ours = [](std::string_view name) {
            return name == kOutcomeHeader || name == kRemarkHeader;
        };
        while (width_ > 1 && is_ours(reader.header()[width_ - 1])) --width_;
        width_ = std::min(width_, XlsxWriter::most_columns - 2);
    }

    Result<void> write(const std::function<bool(RowVerdict&)>& next) {
        TRY(begin_sheet());
        RowChunk chunk;
        RowVerdict verdict;
        bool more = next(verdict);
        for (;;) {
            TRY(reader_.read(chunk, rows_at_once));
            if (chunk.size() == 0) break;
            for (std::size_t i = 0; i < chunk.size(); ++i) {
                for (; more && verdict.line < chunk.row_number(i); more = next(verdict))
                    summary_.add(verdict);
                bool judged = more && verdict.line == chunk.row_number(i);
                if (out_.sheet_full()) TRY(begin_sheet());
                // The first sheet keeps the file's row numbers, blank rows included.
                if (sheets_ == 1 && chunk.row_number(i) <= XlsxWriter::most_rows)
                    out_.skip_to_row(chunk.row_number(i));
                TRY(write_row(chunk.cells(i), judged ? &verdict : nullptr));
                if (!judged) continue;
                summary_.add(verdict);
                more = next(verdict);
            }
        }
        return write_summary();
    }

  private:
    Result<void> begin_sheet() {
        SheetLayout layout;
        ++sheets_;
        layout.name = reader_.sheet_name().empty() ? "反馈" : reader_.sheet_name();
        if (sheets_ > 1) layout.name += "续" + std::to_string(sheets_);
        layout.column_widths.assign(width_, 18);
        layout.column_widths.push_back(12);
        layout.column_widths.push_back(60);
        const bool first = sheets_ == 1;
        layout.frozen_rows = first ? std::max(1, static_cast<int>(reader_.header_row())) : 1;
        layout.filter_row = layout.frozen_rows;
        TRY(out_.begin_sheet(std::move(layout)));
        if (first) TRY(write_titles());
        std::vector<OutCell> cells;
        for (std::size_t i = 0; i < width_; ++i) cells.push_back({reader_.header()[i], CellStyle::header});
        cells.push_back({kOutcomeHeader, CellStyle::header});
        cells.push_back({kRemarkHeader, CellStyle::header});
        return out_.write_row(cells);
    }

    Result<void> write_titles() {
        const RowChunk& rows = reader_.first_rows();
        for (std::size_t i = 0; i < rows.size() && rows.row_number(i) < reader_.header_row(); ++i) {
            out_.skip_to_row(rows.row_number(i));
            row_.assign(width_, OutCell{});
            for (std::size_t c = 0; c < std::min(rows.cells(i).size(), width_); ++c) {
                row_[c] = {rows.cells(i)[c].text, CellStyle::title};
            }
            TRY(out_.write_row(row_));
        }
        if (reader_.header_row() > 0) out_.skip_to_row(reader_.header_row());
        return {};
    }

    Result<void> write_row(std::span<const Cell> cells, const RowVerdict* verdict) {
        row_.assign(width_ + 2, OutCell{});
        for (std::size_t i = 0; i < std::min(cells.size(), width_); ++i) row_[i].text = cells[i].text;
        if (verdict == nullptr) return out_.write_row(row_);
        explain(*verdict);
        row_[width_] = {record::outcome_zh(verdict->outcome), style_of(verdict->outcome)};
        row_[width_ + 1] = {remarks_, CellStyle::remark};
        for (std::size_t i = 0; i < comments_.size(); ++i) {
            if (!comments_[i].empty()) row_[i].comment = comments_[i];
        }
        return out_.write_row(row_);
    }

    // Fills remarks_ and comments_ and the styles of the faulty cells.
    void explain(const RowVerdict& verdict) {
        remarks_.clear();
        comments_.assign(width_, {});
        int number = 0;
        for (const CellFinding& finding : verdict.findings) {
            bool placed = finding.column >= 0 && static_cast<std::size_t>(finding.column) < width_;
            if (!remarks_.empty()) remarks_ += '\n';
            if (verdict.findings.size() > 1) remarks_ += std::to_string(++number) + ". ";
            const std::string& name =
                placed ? reader_.header()[static_cast<std::size_t>(finding.column)] : none_;
            // Most messages name the column themselves.
            if (finding.message_zh.find(name) == std::string::npos) remarks_ += "【" + name + "】";
            const bool apart = finding.message_zh.ends_with("。") || finding.remedy_zh.empty();
            const std::string text =
                finding.message_zh + (apart ? "" : " ") + finding.remedy_zh + "（" + finding.fault + "）";
            remarks_ += text;
            if (!placed) continue;
            auto column = static_cast<std::size_t>(finding.column);
            std::string& comment = comments_[column];
            comment += (comment.empty() ? "" : "\n") + text;
            CellStyle style = style_of(finding.effect);
            // The gravest finding gives the colour.
            bool graver = row_[column].style == CellStyle::plain || row_[column].style == CellStyle::good ||
                          style == CellStyle::fault;
            if (graver) row_[column].style = style;
        }
    }

    Result<void> write_summary() {
        TRY(out_.begin_sheet({.name = "汇总", .column_widths = {16, 12, 60, 60}, .frozen_rows = 0}));
        auto line = [&](std::initializer_list<OutCell> cells) {
            return out_.write_row(std::span(cells.begin(), cells.size()));
        };
        TRY(line({{"处理结果", CellStyle::header}, {"行数", CellStyle::header}}));
        for (auto outcome : {record::Outcome::accepted, record::Outcome::updated, record::Outcome::duplicate,
                             record::Outcome::doubtful, record::Outcome::rejected}) {
            std::string count = std::to_string(summary_.outcomes[outcome]);
            TRY(line({{record::outcome_zh(outcome), style_of(outcome)}, {count, CellStyle::count}}));
        }
        std::string rows = std::to_string(summary_.rows);
        TRY(line({{"合计", CellStyle::title}, {rows, CellStyle::count}}));
        TRY(line({}));
        TRY(line({{"问题代码", CellStyle::header},
                  {"次数", CellStyle::header},
                  {"问题（第一处）", CellStyle::header},
                  {"改正办法", CellStyle::header}}));
        std::vector<std::pair<std::string, const Summary::Code*>> codes;
        for (auto& [code, told] : summary_.codes) codes.emplace_back(code, &told);
        std::stable_sort(codes.begin(), codes.end(),
                         [](auto& a, auto& b) { return a.second->count > b.second->count; });
        for (auto& [code, told] : codes) {
            std::string count = std::to_string(told->count);
            TRY(line({{code},
                      {count, CellStyle::count},
                      {told->message_zh, CellStyle::remark},
                      {told->remedy_zh, CellStyle::remark}}));
        }
        if (codes.empty()) TRY(line({{"没有发现问题", CellStyle::good}}));
        TRY(line({}));
        for (const std::string& note : reader_.notes_zh())
            TRY(line({{"文件说明", CellStyle::title}, {}, {note, CellStyle::remark}}));
        return {};
    }

    TableReader& reader_;
    XlsxWriter& out_;
    std::size_t width_;
    int sheets_ = 0;
    std::vector<OutCell> row_;
    const std::string none_;
    std::string remarks_;
    std::vector<std::string> comments_;
    Summary summary_;
};

}  // namespace

Result<void> try_reply(const std::filesystem::path& reply) {
    TRY(XlsxWriter::create(reply));
    return {};
}

Result<void> write_reply(const std::filesystem::path& file, const OpenOptions& options,
                         const std::filesystem::path& reply, const std::function<bool(RowVerdict&)>& next) {
    auto reader = TRY(open_table(file, options));
    auto out = TRY(XlsxWriter::create(reply));
    TRY(Reply(*reader, out).write(next));
    return out.finish();
}

}  // namespace mingxin::collect
