#include <algorithm>
#include <cstring>

#include "base/text.h"
#include "collect/csv_split.h"
#include "collect/line_buffer.h"
#include "collect/reader_kinds.h"

namespace mingxin::collect {
namespace {

constexpr std::size_t sample_rows = 20;

std::string place(std::int64_t row, std::size_t column) {
    return "第 " + std::to_string(row) + " 行第 " + std::to_string(column + 1) + " 列（" +
           column_letters(column) + std::to_string(row) + "）";
}

std::string row_place(std::int64_t row) {
    return "第 " + std::to_string(row) + " 行";
}

std::string size_zh(std::size_t bytes) {
    return bytes >= 1u << 20 ? std::to_string(bytes >> 20) + " MB" : std::to_string(bytes) + " 字节";
}

// Collapses "" to " in place; the new size.
std::size_t undouble(char* text, std::size_t size) {
    std::size_t to = 0;
    for (std::size_t from = 0; from < size; ++from) {
        text[to++] = text[from];
        if (text[from] == '"') ++from;
    }
    return to;
}

class CsvReader final : public TableReader {
  public:
    CsvReader(TextSource source, const OpenOptions& options)
        : TableReader(FileFormat::csv), buffer_(std::move(source)), limits_(options.limits) {}

    Result<void> open(const OpenOptions& options) {
        buffer_.more(limits_.row_bytes);
        choose_separator(options);
        return find_header(options);
    }

    std::string format_zh() const override {
        std::string name = separator_ == '\t'  ? "制表符"
                           : separator_ == ',' ? "逗号"
                           : separator_ == ';' ? "分号"
                                               : "竖线";
        return "CSV（" + std::string(buffer_.source().encoding_name()) + "，" + name + "分隔）";
    }
    double progress() const override { return buffer_.source().progress(); }

    std::vector<std::string> notes_zh() const override {
        if (stray_rows_ == 0) return {};
        const std::string more = stray_rows_ > 1 ? "等 " + std::to_string(stray_rows_) + " 行" : "";
        return {"第 " + std::to_string(first_stray_row_) + " 行" + more +
                "的双引号不规范，已按原文读取，请核对。"};
    }

  protected:
    Result<void> fill(RowChunk& chunk, std::size_t max_rows) override {
        for (std::size_t rows = 0; rows < max_rows && !chunk.full();) {
            std::size_t taken = 0;
            if (!TRY(next_row(taken))) break;
            if (TRY(keep_row(chunk, taken))) ++rows;
            buffer_.take(taken);
        }
        return {};
    }

  private:
    // Splits the next row into fields_; false at the end of the file.
    Result<bool> next_row(std::size_t& taken) {
        for (;;) {
            std::string_view rest = buffer_.rest();
            bool bad = buffer_.last() && buffer_.source().bad();
            bool whole = buffer_.last() && !bad;
            if (rest.empty() && whole) return false;
            fields_.clear();
            CsvSplit split = CsvSplit::need_more;
            if (!rest.empty())
                split = split_csv_row(rest, whole, separator_, limits_.columns, fields_, taken);
            if (split == CsvSplit::row) {
                ++row_;
                return true;
            }
            if (split == CsvSplit::too_many) {
                return fail(Fault::too_many_columns,
                            row_place(row_ + 1) + "超过 " + std::to_string(limits_.columns) + " 列");
            }
            std::size_t column = fields_.empty() ? 0 : fields_.size() - 1;
            if (bad) {
                return fail(Fault::bad_encoding,
                            place(row_ + 1, column) + "：" + buffer_.source().bad_detail_zh());
            }
            if (whole) return fail(Fault::unclosed_quote, place(row_ + 1, column) + "的双引号没有结束");
            if (!buffer_.more(limits_.row_bytes)) return too_long(split);
        }
    }

    tl::unexpected<Error> too_long(CsvSplit split) const {
        if (split == CsvSplit::in_quotes) {
            return fail(Fault::unclosed_quote, place(row_ + 1, fields_.size() - 1) + "的双引号之后 " +
                                                   size_zh(limits_.row_bytes) + " 内没有结束");
        }
        return fail(Fault::row_too_long, row_place(row_ + 1) + "超过 " + size_zh(limits_.row_bytes));
    }

    // Copies the row into the chunk; false when it is blank.
    Result<bool> keep_row(RowChunk& chunk, std::size_t taken) {
        const char* from = buffer_.rest().data();
        if (std::memchr(from, 0, taken) != nullptr) return fail(Fault::nul_character, nul_place(from));
        char* text = chunk.text_room(taken);
        std::memcpy(text, from, taken);
        bool stray = false;
        for (std::size_t i = 0; i < fields_.size(); ++i) {
            const CsvField& field = fields_[i];
            std::size_t size = field.size;
            char* begin = text + field.begin;
            if (size > limits_.cell_bytes) {
                return fail(Fault::cell_too_long, place(row_, i) + "超过 " + size_zh(limits_.cell_bytes));
            }
            if (field.doubled_quotes) size = undouble(begin, size);
            stray = stray || field.stray_quote;
            // ="00123": how people keep Excel from reading a code as a number.
            if (size >= 3 && begin[0] == '=' && begin[1] == '"' && begin[size - 1] == '"')
                begin += 2, size -= 3;
            chunk.add_cell({{begin, size}, size == 0 ? CellKind::empty : CellKind::text});
        }
        if (stray && stray_rows_++ == 0) first_stray_row_ = row_;
        return chunk.end_row(row_);
    }

    std::string nul_place(const char* row) const {
        for (std::size_t i = 0; i < fields_.size(); ++i) {
            if (std::memchr(row + fields_[i].begin, 0, fields_[i].size) != nullptr) return place(row_, i);
        }
        return row_place(row_);
    }

    // The separator under which the first rows look most like a table with the wanted header.
    void choose_separator(const OpenOptions& options) {
        std::string_view text = buffer_.rest();
        if (text.starts_with("sep=") && text.size() > 5 && (text[5] == '\n' || text[5] == '\r')) {
            // A line that Excel itself understands and does not show.
            separator_ = text[4];
            buffer_.take(text[5] == '\r' && text.size() > 6 && text[6] == '\n' ? 7 : 6);
            return;
        }
        const auto words = comparable_words(options.header_words);
        std::tuple<std::size_t, std::size_t, std::size_t> best{0, 0, 0};
        for (char separator : {',', '\t', ';', '|'}) {
            auto score = score_of(text, separator, words);
            if (score > best) best = score, separator_ = separator;
        }
    }

    // Header words found; rows of the commonest width above one; that width.
    std::tuple<std::size_t, std::size_t, std::size_t> score_of(std::string_view text, char separator,
                                                               const std::vector<std::string>& words) {
        std::vector<std::size_t> widths;
        std::size_t found = 0, taken = 0;
        std::vector<Cell> cells;
        while (widths.size() < sample_rows && !text.empty() &&
               split_csv_row(text, buffer_.last(), separator, limits_.columns, fields_, taken) ==
                   CsvSplit::row) {
            cells.clear();
            for (auto& field : fields_)
                cells.push_back({text.substr(field.begin, field.size), CellKind::text});
            found = std::max(found, words_found(cells, words));
            widths.push_back(fields_.size());
            text.remove_prefix(taken);
        }
        std::size_t rows = 0, width = 0;
        for (std::size_t candidate : widths) {
            auto same = static_cast<std::size_t>(std::count(widths.begin(), widths.end(), candidate));
            if (candidate > 1 && std::pair(same, candidate) > std::pair(rows, width))
                rows = same, width = candidate;
        }
        return {found, rows, width};
    }

    LineBuffer buffer_;
    ReadLimits limits_;
    char separator_ = ',';
    std::vector<CsvField> fields_;
    std::int64_t row_ = 0;  // of the row in fields_
    std::int64_t stray_rows_ = 0, first_stray_row_ = 0;
};

}  // namespace

Result<std::unique_ptr<TableReader>> open_csv(const std::filesystem::path& path, const OpenOptions& options) {
    auto reader = std::make_unique<CsvReader>(TRY(TextSource::open(path)), options);
    TRY(reader->open(options));
    return std::unique_ptr<TableReader>(std::move(reader));
}

}  // namespace mingxin::collect
