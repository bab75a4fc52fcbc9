#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <unordered_map>

#include "base/text.h"
#include "collect/line_buffer.h"
#include "collect/reader_kinds.h"

namespace mingxin::collect {
namespace {

constexpr std::size_t key_lookahead_lines = 1000;

std::string row_place(std::int64_t row) {
    return "第 " + std::to_string(row) + " 行";
}

// What a person can do about it; simdjson's own texts are for programmers.
std::string json_reason_zh(simdjson::error_code error) {
    switch (error) {
        case simdjson::UNCLOSED_STRING:
            return "引号没有结束";
        case simdjson::UNESCAPED_CHARS:
            return "文字中有未转义的控制字符";
        case simdjson::INCOMPLETE_ARRAY_OR_OBJECT:
            return "大括号没有结束";
        case simdjson::NUMBER_ERROR:
            return "数字写法不正确或过大，请加引号写成文字";
        case simdjson::STRING_ERROR:
            return "文字中的转义不正确";
        case simdjson::INCORRECT_TYPE:
            return "不是一个 JSON 对象";
        default:
            return "不是正确的 JSON";
    }
}

class NdjsonReader final : public TableReader {
  public:
    NdjsonReader(TextSource source, const OpenOptions& options)
        : TableReader(FileFormat::ndjson), buffer_(std::move(source)), limits_(options.limits) {}

    Result<void> open(const OpenOptions& options) {
        TRY(learn_keys());
        std::vector<Cell> cells;
        for (auto& name : names_) cells.push_back({name, CellKind::text});
        set_header(names_, 0, words_found(cells, comparable_words(options.header_words)));
        return {};
    }

    std::string format_zh() const override {
        return "NDJSON（" + std::string(buffer_.source().encoding_name()) + "）";
    }
    double progress() const override { return buffer_.source().progress(); }
    std::vector<std::string> notes_zh() const override { return {}; }

  protected:
    Result<void> fill(RowChunk& chunk, std::size_t max_rows) override {
        for (std::size_t rows = 0; rows < max_rows && !chunk.full();) {
            std::string_view line;
            std::size_t taken = 0;
            if (!TRY(next_line(0, line, taken))) break;
            ++row_;
            if (!trim(line).empty() && TRY(keep_line(line, chunk))) ++rows;
            buffer_.take(taken);
        }
        return {};
    }

  private:
    // The line that begins at `from` of the rest; false at the end.
    Result<bool> next_line(std::size_t from, std::string_view& line, std::size_t& taken) {
        for (;;) {
            std::string_view rest = buffer_.rest().substr(from);
            auto end = rest.find('\n');
            if (end != rest.npos) {
                line = rest.substr(0, end);
                taken = end + 1;
                return true;
            }
            if (buffer_.last()) {
                if (buffer_.source().bad()) {
                    return fail(Fault::bad_encoding,
                                row_place(row_ + 1) + "：" + buffer_.source().bad_detail_zh());
                }
                line = rest;
                taken = rest.size();
                return !rest.empty();
            }
            if (!buffer_.more(limits_.row_bytes)) {
                return fail(Fault::row_too_long,
                            row_place(row_ + 1) + "超过 " + std::to_string(limits_.row_bytes >> 20) + " MB");
            }
        }
    }

    tl::unexpected<Error> bad(std::string_view why) const {
        return fail(Fault::bad_json_line, row_place(row_) + "：" + std::string(why));
    }

    // The keys of the first lines, in order of appearance: the header. Reads no further than the buffer
    // holds.
    Result<void> learn_keys() {
        std::size_t from = 0, lines = 0, taken = 0;
        std::string_view line;
        for (; lines < key_lookahead_lines; ++lines, from += taken) {
            if (lines > 0 && !buffer_.last() && buffer_.rest().find('\n', from) == std::string_view::npos)
                break;
            if (!TRY(next_line(from, line, taken))) break;
            ++row_;
            if (trim(line).empty()) continue;
            TRY(each_value(line, [&](std::string_view key, auto&&) -> Result<void> {
                if (keys_.contains(std::string(key))) return {};
                if (names_.size() == limits_.columns) {
                    return fail(Fault::too_many_columns,
                                row_place(row_) + "超过 " + std::to_string(limits_.columns) + " 个键");
                }
                keys_.emplace(key, names_.size());
                names_.emplace_back(key);
                return {};
            }));
        }
        row_ = 0;
        if (names_.empty()) return fail(Fault::empty_table);
        return {};
    }

    // Calls visit(key, value) for each member of the object in the line.
    template <class Visit>
    Result<void> each_value(std::string_view line, Visit&& visit) {
        if (std::memchr(line.data(), 0, line.size()) != nullptr) {
            return fail(Fault::nul_character, row_place(row_));
        }
        simdjson::ondemand::document document;
        simdjson::ondemand::object object;
        auto error =
            parser_.iterate(line.data(), line.size(), line.size() + simdjson::SIMDJSON_PADDING).get(document);
        if (error == simdjson::SUCCESS) error = document.get_object().get(object);
        if (error != simdjson::SUCCESS) return bad(json_reason_zh(error));
        for (auto member : object) {
            simdjson::ondemand::value value;
            std::string_view key;
            error = member.unescaped_key().get(key);
            if (error == simdjson::SUCCESS) error = member.value().get(value);
            if (error != simdjson::SUCCESS) return bad(json_reason_zh(error));
            TRY(visit(key, value));
        }
        const char* left = nullptr;
        if (document.current_location().get(left) == simdjson::SUCCESS)
            return bad("一行只能有一个 JSON 对象");
        return {};
    }

    Result<bool> keep_line(std::string_view line, RowChunk& chunk) {
        row_cells_.assign(names_.size(), Cell{{}, CellKind::empty});
        seen_.assign(names_.size(), false);
        TRY(each_value(line, [&](std::string_view key, simdjson::ondemand::value value) -> Result<void> {
            auto found = keys_.find(std::string(key));
            if (found == keys_.end()) {
                return fail(Fault::late_json_key,
                            row_place(row_) + "的键“" + std::string(key.substr(0, 100)) + "”");
            }
            if (seen_[found->second]) return bad("键“" + std::string(key.substr(0, 100)) + "”重复");
            seen_[found->second] = true;
            auto cell = TRY(cell_of(value, key, chunk));
            row_cells_[found->second] = cell;
            return {};
        }));
        for (const Cell& cell : row_cells_) chunk.add_cell(cell);
        return chunk.end_row(row_);
    }

    Result<Cell> cell_of(simdjson::ondemand::value value, std::string_view key, RowChunk& chunk) const {
        simdjson::ondemand::json_type type;
        auto error = value.type().get(type);
        Cell cell{{}, CellKind::empty};
        bool flag = false;
        std::string_view text;
        if (error == simdjson::SUCCESS) switch (type) {
                case simdjson::ondemand::json_type::string:
                    error = value.get_string().get(text);
                    cell = {text, text.empty() ? CellKind::empty : CellKind::text};
                    break;
                case simdjson::ondemand::json_type::number:
                    // As written: a number never passes through floating point here.
                    text = trim(value.raw_json_token());
                    error = value.get_number().error();
                    cell = {text, CellKind::number};
                    break;
                case simdjson::ondemand::json_type::boolean:
                    error = value.get_bool().get(flag);
                    cell = {flag ? "TRUE" : "FALSE", CellKind::boolean};
                    break;
                case simdjson::ondemand::json_type::null:
                    error = value.is_null().get(flag);  // "nulo": an error, not false
                    if (error == simdjson::SUCCESS && !flag) error = simdjson::TAPE_ERROR;
                    break;
                default:
                    return bad("键“" + std::string(key.substr(0, 100)) + "”的值不能是对象或数组");
            }
        if (error != simdjson::SUCCESS) return bad(json_reason_zh(error));
        if (cell.text.size() > limits_.cell_bytes) {
            return fail(Fault::cell_too_long,
                        row_place(row_) + "的键“" + std::string(key.substr(0, 100)) + "”");
        }
        if (cell.text.find('\0') != cell.text.npos) return fail(Fault::nul_character, row_place(row_));
        cell.text = chunk.keep(cell.text);
        return cell;
    }

    LineBuffer buffer_;
    ReadLimits limits_;
    simdjson::ondemand::parser parser_;
    std::vector<std::string> names_;
    std::unordered_map<std::string, std::size_t> keys_;
    std::vector<Cell> row_cells_;
    std::vector<bool> seen_;
    std::int64_t row_ = 0;
};

}  // namespace

Result<std::unique_ptr<TableReader>> open_ndjson(const std::filesystem::path& path,
                                                 const OpenOptions& options) {
    auto reader = std::make_unique<NdjsonReader>(TRY(TextSource::open(path)), options);
    TRY(reader->open(options));
    return std::unique_ptr<TableReader>(std::move(reader));
}

}  // namespace mingxin::collect
