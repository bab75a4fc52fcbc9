#include <algorithm>
#include <charconv>

#include "collect/reader_kinds.h"
#include "collect/workbook_parts.h"
#include "collect/xml_reader.h"

namespace mingxin::collect {
namespace {

constexpr std::size_t looked_at_sheets = 50, looked_at_rows = 20, most_hidden_areas = 64;

// What the sheets of one workbook share.
struct Book {
    ZipArchive archive;
    Workbook workbook;
    SharedStrings strings;
    std::vector<bool> date_styles;
    ReadLimits limits;
};

// What was met in the rows, for the notes.
struct Met {
    std::int64_t formulas = 0, formulas_without_value = 0, hidden_rows = 0, errors = 0;
    std::string first_formula, first_formula_without_value, first_error;
    std::int64_t first_hidden_row = 0;
    std::size_t first_hidden_column = SIZE_MAX;  // that holds something
};

enum class CellType : std::uint8_t { number, shared, text, boolean, error, date };

bool is_true(std::string_view attribute) {
    return attribute == "1" || attribute == "true";
}

CellType type_of(std::string_view t) {
    if (t.empty() || t == "n") return CellType::number;
    if (t == "s") return CellType::shared;
    if (t == "b") return CellType::boolean;
    if (t == "e") return CellType::error;
    if (t == "d") return CellType::date;
    return CellType::text;  // inlineStr, str
}

// The rows of one sheet, in pieces.
class SheetRows : public XmlReader::Handler {
  public:
    SheetRows(Book& book, ZipStream stream) : book_(book), reader_(std::move(stream), *this) {}

    // As TableReader::fill.
    Result<void> read(RowChunk& chunk, std::size_t max_rows) {
        chunk_ = &chunk;
        wanted_ = chunk.size() + max_rows;
        if (done_) return {};
        auto run = reader_.run();
        if (!run.ok()) {
            // Expat's own complaint knows no row; the place reached helps to find the damage.
            Error error = run.error();
            if (error.fault == Fault::damaged_workbook && row_ > 0)
                error.detail_zh += "（第 " + std::to_string(row_) + " 行之后）";
            return fail(std::move(error));
        }
        if (reader_.finished()) done_ = true;
        return {};
    }

    const Met& met() const { return met_; }
    double progress() const { return done_ ? 1 : reader_.progress(); }

    void start(std::string_view name, XmlAttributes attributes) override {
        if (name == "c") return start_cell(attributes);
        if (name == "v") {
            has_value_ = true;
            into_ = cell_open_ ? &value_ : nullptr;
        } else if (name == "t") {
            has_value_ = true;
            into_ = cell_open_ && phonetic_ == 0 ? &value_ : nullptr;
        } else if (name == "f") {
            has_formula_ = true;
            into_ = cell_open_ ? &formula_ : nullptr;
        } else if (name == "row") {
            start_row(attributes);
        } else if (name == "rPh") {
            ++phonetic_;
        } else if (name == "col" && is_true(xml_attribute(attributes, "hidden"))) {
            start_hidden_column(attributes);
        }
    }

    void end(std::string_view name) override {
        if (name == "c")
            end_cell();
        else if (name == "v" || name == "t" || name == "f")
            into_ = nullptr;
        else if (name == "row")
            end_row();
        else if (name == "rPh")
            --phonetic_;
        else if (name == "sheetData") {
            done_ = true;  // what follows was looked at by read_merged_areas
            reader_.pause();
        }
    }

    void text(std::string_view piece) override {
        if (into_ == nullptr) return;
        into_->append(piece);
        if (into_->size() > book_.limits.cell_bytes) {
            refuse(Fault::cell_too_long,
                   here() + "超过 " + std::to_string(book_.limits.cell_bytes >> 10) + " KB");
        }
    }

  private:
    std::string reference() const { return column_letters(column_) + std::to_string(row_); }
    std::string here() const {
        return "第 " + std::to_string(row_) + " 行第 " + std::to_string(column_ + 1) + " 列（" + reference() +
               "）";
    }
    void refuse(Fault fault, std::string detail) { reader_.refuse(fail(fault, std::move(detail))); }

    void start_row(XmlAttributes attributes) {
        std::string_view number = xml_attribute(attributes, "r");
        std::int64_t row = row_ + 1;
        if (!number.empty()) std::from_chars(number.data(), number.data() + number.size(), row);
        if (row <= row_ || row > INT32_MAX) {
            return refuse(Fault::damaged_workbook,
                          "工作表的行号不按顺序，在第 " + std::to_string(row_) + " 行之后");
        }
        row_ = row;
        next_column_ = 0;
        row_bytes_ = 0;
        cells_.clear();
        hidden_ = is_true(xml_attribute(attributes, "hidden"));
    }

    void start_hidden_column(XmlAttributes attributes) {
        std::string_view first = xml_attribute(attributes, "min"), last = xml_attribute(attributes, "max");
        std::size_t from = 0, to = 0;
        std::from_chars(first.data(), first.data() + first.size(), from);
        std::from_chars(last.data(), last.data() + last.size(), to);
        if (from > 0 && from <= to) hidden_columns_.emplace_back(from - 1, to - 1);
        if (hidden_columns_.size() > most_hidden_areas) hidden_columns_.pop_back();
    }

    void meet_hidden_columns() {
        for (auto [first, last] : hidden_columns_) {
            for (std::size_t i = first; i < std::min(last + 1, cells_.size()); ++i) {
                if (cells_[i].kind == CellKind::empty) continue;
                met_.first_hidden_column = std::min(met_.first_hidden_column, i);
            }
        }
    }

    void start_cell(XmlAttributes attributes) {
        std::string_view reference, type;
        style_ = 0;
        for (; *attributes != nullptr; attributes += 2) {
            std::string_view name = attributes[0], value = attributes[1];
            if (name == "r")
                reference = value;
            else if (name == "t")
                type = value;
            else if (name == "s")
                std::from_chars(value.data(), value.data() + value.size(), style_);
        }
        column_ = next_column_;
        std::int64_t row = 0;
        if (!reference.empty() &&
            (!parse_reference(reference, row, column_) || row != row_ || column_ < next_column_)) {
            return refuse(Fault::damaged_workbook, "第 " + std::to_string(row_) + " 行的单元格位置不正确");
        }
        next_column_ = column_ + 1;
        type_ = type_of(type);
        value_.clear();
        formula_.clear();
        has_value_ = has_formula_ = false;
        cell_open_ = row_ > 0;
        into_ = nullptr;
    }

    void end_cell() {
        if (!cell_open_) return;
        cell_open_ = false;
        Cell cell = read_cell();
        if (cell.kind == CellKind::empty) return;
        if (column_ >= book_.limits.columns) {
            return refuse(Fault::too_many_columns, "第 " + std::to_string(row_) + " 行超过 " +
                                                       std::to_string(book_.limits.columns) + " 列（" +
                                                       reference() + "）");
        }
        row_bytes_ += cell.text.size();
        if (row_bytes_ > book_.limits.row_bytes) {
            return refuse(Fault::row_too_long, "第 " + std::to_string(row_) + " 行超过 " +
                                                   std::to_string(book_.limits.row_bytes >> 20) + " MB");
        }
        if (cells_.size() <= column_) cells_.resize(column_ + 1, Cell{{}, CellKind::empty});
        cells_[column_] = {chunk_->keep(cell.text), cell.kind};
    }

    // The cell as it is to be handed out; its text lies in value_, formula_ or the shared texts.
    Cell read_cell() {
        if (has_formula_ && !count_formula()) return {formula_, CellKind::formula_without_value};
        switch (type_) {
            case CellType::shared:
                return shared_cell();
            case CellType::boolean:
                return {value_ == "1" || value_ == "true" ? "TRUE" : "FALSE",
                        value_.empty() ? CellKind::empty : CellKind::boolean};
            case CellType::error:
                if (met_.errors++ == 0) met_.first_error = reference();
                return {value_, value_.empty() ? CellKind::empty : CellKind::error};
            case CellType::text:
                unescape_text(value_);
                return {value_, value_.empty() ? CellKind::empty : CellKind::text};
            case CellType::date:
                return iso_date();
            case CellType::number:
                return number_cell();
        }
        return {{}, CellKind::empty};
    }

    // false when the workbook holds no computed value.
    bool count_formula() {
        bool computed = has_value_;
        auto& count = computed ? met_.formulas : met_.formulas_without_value;
        if (count++ == 0) (computed ? met_.first_formula : met_.first_formula_without_value) = reference();
        if (!computed) formula_.insert(0, "=");
        return computed;
    }

    Cell shared_cell() {
        std::size_t index = 0;
        auto [end, error] = std::from_chars(value_.data(), value_.data() + value_.size(), index);
        if (value_.empty()) return {{}, CellKind::empty};
        if (error != std::errc{} || end != value_.data() + value_.size() || index >= book_.strings.size()) {
            refuse(Fault::damaged_workbook, here() + "引用的共享文字不存在");
            return {{}, CellKind::empty};
        }
        std::string_view text = book_.strings.get(index);
        return {text, text.empty() ? CellKind::empty : CellKind::text};
    }

    Cell iso_date() {
        if (auto mark = value_.find('T'); mark != value_.npos) value_[mark] = ' ';
        if (value_.ends_with(" 00:00:00")) value_.resize(value_.size() - 9);
        return {value_, value_.empty() ? CellKind::empty : CellKind::date};
    }

    Cell number_cell() {
        if (value_.empty()) return {{}, CellKind::empty};
        if (style_ < book_.date_styles.size() && book_.date_styles[style_]) {
            std::string date = shown_date(value_, book_.workbook.date_1904);
            if (!date.empty()) {
                value_ = std::move(date);
                return {value_, CellKind::date};
            }
        }
        value_ = shown_number(value_);
        return {value_, CellKind::number};
    }

    void end_row() {
        for (const Cell& cell : cells_) chunk_->add_cell(cell);
        if (!chunk_->end_row(row_)) return;
        if (!hidden_columns_.empty()) meet_hidden_columns();
        if (hidden_ && met_.hidden_rows++ == 0) met_.first_hidden_row = row_;
        if (chunk_->size() >= wanted_ || chunk_->full()) reader_.pause();
    }

    Book& book_;
    XmlReader reader_;
    RowChunk* chunk_ = nullptr;
    std::size_t wanted_ = 0;
    bool done_ = false;
    std::int64_t row_ = 0;
    std::uint32_t column_ = 0, next_column_ = 0;
    std::size_t style_ = 0, row_bytes_ = 0;
    CellType type_ = CellType::number;
    std::string value_, formula_;
    std::string* into_ = nullptr;
    bool has_value_ = false, has_formula_ = false, cell_open_ = false, hidden_ = false;
    int phonetic_ = 0;
    std::vector<Cell> cells_;
    std::vector<std::pair<std::size_t, std::size_t>> hidden_columns_;
    Met met_;
};

Result<std::unique_ptr<SheetRows>> open_rows(Book& book, const Sheet& sheet) {
    const ZipEntry* entry = book.archive.find(sheet.part);
    if (entry == nullptr) return fail(Fault::damaged_workbook, "缺少工作表“" + sheet.name + "”的内容");
    const InflateLimits limits{book.limits.inflated_bytes, book.limits.ratio};
    return std::make_unique<SheetRows>(book, TRY(book.archive.stream(*entry, limits)));
}

class XlsxReader final : public TableReader {
  public:
    explicit XlsxReader(std::unique_ptr<Book> book) : TableReader(FileFormat::xlsx), book_(std::move(book)) {}

    Result<void> open(const OpenOptions& options) {
        sheet_ = TRY(choose_sheet(options));
        merged_ = TRY(read_merged_areas(book_->archive, *sheet_, book_->limits));
        rows_ = TRY(open_rows(*book_, *sheet_));
        return find_header(options);
    }

    std::string format_zh() const override { return "XLSX"; }
    const std::string& sheet_name() const override { return sheet_->name; }
    bool date_1904() const override { return book_->workbook.date_1904; }
    double progress() const override { return rows_->progress(); }

    std::string merged_area(std::int64_t row, std::size_t column) const override {
        const MergedArea* area = merged_.covering(row, column);
        return area == nullptr ? std::string() : area->name();
    }

    std::vector<std::string> notes_zh() const override {
        std::vector<std::string> out;
        for (const Sheet& sheet : book_->workbook.sheets) {
            const bool told = std::find(not_data_.begin(), not_data_.end(), &sheet) == not_data_.end();
            if (&sheet != sheet_ && told)
                out.push_back((sheet.hidden ? "隐藏的工作表“" : "工作表“") + sheet.name + "”没有读取。");
        }
        const Met& met = rows_->met();
        if (std::string note = merged_note(); !note.empty()) out.push_back(std::move(note));
        if (met.formulas > 0) {
            out.push_back("有 " + std::to_string(met.formulas) + " 个公式（最先在 " + met.first_formula +
                          "），按文件中保存的计算结果读取。");
        }
        if (met.formulas_without_value > 0) {
            out.push_back("有 " + std::to_string(met.formulas_without_value) +
                          " 个公式没有保存计算结果（最先在 " + met.first_formula_without_value +
                          "），请在 Excel 中打开并保存，或粘贴为数值。");
        }
        if (met.errors > 0) {
            out.push_back("有 " + std::to_string(met.errors) + " 个单元格是错误值（最先在 " +
                          met.first_error + "）。");
        }
        if (met.hidden_rows > 0) {
            out.push_back("有 " + std::to_string(met.hidden_rows) + " 个隐藏行（最先是第 " +
                          std::to_string(met.first_hidden_row) + " 行），已照常读取。");
        }
        if (met.first_hidden_column != SIZE_MAX) {
            out.push_back("有隐藏列（最先是 " + column_letters(met.first_hidden_column) +
                          " 列），已照常读取。");
        }
        return out;
    }

  protected:
    Result<void> fill(RowChunk& chunk, std::size_t max_rows) override { return rows_->read(chunk, max_rows); }

  private:
    // A merged title above the header is as it should be.
    std::string merged_note() const {
        std::string names;
        std::int64_t count = merged_.total - static_cast<std::int64_t>(merged_.areas.size()), named = 0;
        for (const MergedArea& area : merged_.areas) {
            if (area.last_row <= header_row()) continue;
            ++count;
            if (named++ < 3) names += (names.empty() ? "" : "、") + area.name();
        }
        if (count == 0) return {};
        return "有 " + std::to_string(count) + " 处合并单元格（" + names + (count > 3 ? "等" : "") +
               "），内容只算在左上角的单元格，其余按空白读取，请取消合并后逐格填写。";
    }

    // The visible sheet whose first rows have most of the header's words; the first non-empty one when none
    // has any.
    Result<const Sheet*> choose_sheet(const OpenOptions& options) {
        const auto words = comparable_words(options.header_words);
        const Sheet* best = nullptr;
        const Sheet* first = nullptr;
        std::size_t best_found = 0, visible = 0;
        for (const Sheet& sheet : book_->workbook.sheets) {
            if (sheet.hidden || ++visible > looked_at_sheets) continue;
            RowChunk chunk;
            auto rows = TRY(open_rows(*book_, sheet));
            TRY(rows->read(chunk, looked_at_rows));
            if (is_marked(chunk)) {
                not_data_.push_back(&sheet);
                continue;
            }
            if (first == nullptr) first = &sheet;
            if (best == nullptr && chunk.size() > 0) best = &sheet;
            for (std::size_t i = 0; i < chunk.size(); ++i) {
                std::size_t found = words_found(chunk.cells(i), words);
                if (found > best_found) best = &sheet, best_found = found;
            }
        }
        if (first == nullptr && !not_data_.empty()) {
            return fail(Fault::no_visible_sheet, "只有模板自带的说明和示例，没有数据表");
        }
        if (first == nullptr) return fail(Fault::no_visible_sheet);
        return best == nullptr ? first : best;
    }

    static bool is_marked(const RowChunk& chunk) {
        return chunk.size() > 0 && !chunk.cells(0).empty() &&
               chunk.cells(0)[0].text.starts_with(kNotDataMark);
    }

    std::unique_ptr<Book> book_;
    const Sheet* sheet_ = nullptr;
    std::vector<const Sheet*> not_data_;  // by their own mark
    MergedAreas merged_;
    std::unique_ptr<SheetRows> rows_;
};

}  // namespace

Result<std::unique_ptr<TableReader>> open_xlsx(const std::filesystem::path& path,
                                               const OpenOptions& options) {
    auto book = std::make_unique<Book>();
    book->archive = TRY(ZipArchive::open(path));
    book->limits = options.limits;
    book->workbook = TRY(read_workbook(book->archive, options.limits));
    book->date_styles = TRY(read_date_styles(book->archive, book->workbook, options.limits));
    TRY(read_shared_strings(book->archive, book->workbook, options.limits, book->strings));
    auto reader = std::make_unique<XlsxReader>(std::move(book));
    TRY(reader->open(options));
    return std::unique_ptr<TableReader>(std::move(reader));
}

}  // namespace mingxin::collect
