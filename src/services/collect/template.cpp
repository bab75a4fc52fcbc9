#include "collect/template.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "collect/examples.h"
#include "collect/field_words.h"
#include "collect/table_reader.h"
#include "workbook/xlsx_writer.h"

namespace mingxin::collect {

using rulebook::Effect;
using rulebook::Field;
using rulebook::FieldType;
using workbook::CellStyle;
using workbook::OutCell;
using workbook::SheetLayout;
using workbook::XlsxWriter;

namespace {

constexpr double kNarrowest = 12, kWidest = 44;
constexpr int kLongText = 1000;  // characters: such columns are wide

double width_of(const Field& field) {
    const double header = static_cast<double>(character_count(marked_header(field))) * 2 + 3;
    double content = 16;
    if (field.type == FieldType::code) content = field.max_length >= 18 ? 22 : 16;
    if (field.type == FieldType::text) content = field.max_length >= kLongText ? kWidest : 26;
    return std::clamp(std::max(std::min(header, 28.0), content), kNarrowest, kWidest);
}

CellStyle format_of(const Field& field) {
    if (field.type == FieldType::date) return CellStyle::date;
    return field.type == FieldType::money ? CellStyle::amount : CellStyle::plain;
}

std::string_view effect_zh(const rulebook::CheckRule& check) {
    if (check.algorithm == rulebook::Algorithm::column) return "整份退回";
    switch (check.effect) {
        case Effect::reject:
            return "该行退回";
        case Effect::doubtful:
            return "存疑，等待核实";
        case Effect::repair:
            return "自动更正";
        case Effect::warn:
            break;
    }
    return "提醒";
}

/// A text of a check as it is said of no cell in particular.
std::string plain_words(std::string text) {
    for (auto [mark, word] : {std::pair{"“{field}”列", "该列"}, std::pair{"“{field}”", "该列"},
                              std::pair{"{field}", "该列"}, std::pair{"{value}", "所填内容"}}) {
        for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark))
            text.replace(at, std::string_view(mark).size(), word);
    }
    return text;
}

class Writer {
  public:
    Writer(const Template& made, XlsxWriter& out)
        : made_(made),
          item_(made.item),
          out_(out),
          examples_(example_rows(made.rulebook, made.item, made.unit, made.today)) {}

    Result<void> write() {
        TRY(write_data());
        TRY(write_guide());
        return write_examples();
    }

  private:
    Result<void> write_data() {
        SheetLayout layout{.name = "数据", .column_widths = {}};
        for (const Field& field : item_.fields) {
            layout.column_widths.push_back(width_of(field));
            layout.column_styles.push_back(format_of(field));
        }
        TRY(out_.begin_sheet(layout));
        TRY(write_header(true));
        for (const auto& row : made_.rows) TRY(write_cells(row));
        for (std::size_t i = 0; i < item_.fields.size(); ++i) {
            const Field& field = item_.fields[i];
            out_.add_choices(i, 2, XlsxWriter::most_rows, choices_of(item_, field, made_.today),
                             other_choice_zh(field));
        }
        return {};
    }

    Result<void> write_header(bool with_comments) {
        std::vector<std::string> texts;
        for (std::size_t i = 0; i < item_.fields.size(); ++i) {
            texts.push_back(marked_header(item_.fields[i]));
            texts.push_back(with_comments ? comment_zh(item_, static_cast<int>(i), example_of(i), made_.today)
                                          : std::string());
        }
        std::vector<OutCell> cells;
        for (std::size_t i = 0; i < texts.size(); i += 2)
            cells.push_back({texts[i], CellStyle::header, texts[i + 1]});
        return out_.write_row(cells);
    }

    Result<void> write_cells(const std::vector<std::string>& row) {
        std::vector<OutCell> cells;
        for (const std::string& text : row) cells.push_back({text});
        return out_.write_row(cells);
    }

    /// The first row that fills it.
    std::string example_of(std::size_t field) const {
        for (const auto& row : examples_) {
            if (!row[field].empty()) return row[field];
        }
        return {};
    }

    Result<void> line(std::initializer_list<std::string_view> texts, CellStyle style) {
        std::vector<OutCell> cells;
        for (std::string_view text : texts) cells.push_back({text, style});
        return out_.write_row(cells);
    }

    Result<void> write_guide() {
        TRY(out_.begin_sheet({.name = "填写说明",
                              .column_widths = {30, 18, 12, 8, 16, 50, 12, 60, 50, 40},
                              .frozen_rows = 2}));
        TRY(line({std::string(kNotDataMark) + item_.title_zh + "填写说明；依据：" + basis_zh(item_.basis)},
                 CellStyle::title));
        TRY(line({"列名", "字段代码", "是否必填", "类型", "长度", "取值", "公开范围", "说明", "依据", "例如"},
                 CellStyle::header));
        for (std::size_t i = 0; i < item_.fields.size(); ++i) {
            const Field& field = item_.fields[i];
            std::string remarks = remarks_zh(item_, static_cast<int>(i), made_.today);
            if (const std::string names = other_names_zh(field); !names.empty())
                remarks += (remarks.empty() ? "" : "；") + names;
            TRY(line({field.name_zh, field.code, requirement_zh(field), type_zh(field), length_zh(field),
                      values_zh(item_, field, made_.today), sharing_zh(field), remarks,
                      basis_zh(item_, static_cast<int>(i), made_.today), example_of(i)},
                     CellStyle::remark));
        }
        TRY(write_steps());
        return write_checks();
    }

    Result<void> write_steps() {
        TRY(line({}, CellStyle::plain));
        TRY(line({"怎样报送"}, CellStyle::title));
        std::vector<std::string> steps = {
            "在“数据”工作表中填写，一行一条。列名前有 * "
            "的必填；列的先后可以调整，用不到的选填列可以删去，列名请勿改动。",
            "鼠标停在列名上，可以看到这一列的要求。请不要合并单元格：合并后只读左上角一格，其余按空白处理。",
            "保存为 .xlsx，登录工作台，在“报送文件”中选择“" + item_.title_zh +
                "”后上传；也可以调用接口 POST /api/v1/batches，或用 mingxin collect --item " + item_.id +
                "。",
            "平台逐格检查：合格的行入库，退回的行附原因和改法，存疑的行等待核实。下载反馈工作簿，在标出的单元"
            "格改好后再次报送；已经入库的行会按重复跳过。"};
        if (item_.due_working_days > 0) {
            steps.push_back("请在作出决定之日起" + std::to_string(item_.due_working_days) +
                            "个工作日内报送。");
        }
        if (!item_.persons_allowed) steps.push_back("本事项不归集自然人的信息，请勿填入自然人的行。");
        for (std::size_t i = 0; i < steps.size(); ++i)
            TRY(line({std::to_string(i + 1) + ". " + steps[i]}, CellStyle::plain));
        return {};
    }

    Result<void> write_checks() {
        TRY(line({}, CellStyle::plain));
        TRY(line({"哪些会被退回或提醒"}, CellStyle::title));
        TRY(line({"情况", "规则编号", "结果", "", "", "涉及的列", "", "改正办法", "依据"},
                 CellStyle::header));
        std::set<std::string_view> told;
        for (const rulebook::CheckRule& check : item_.checks) {
            if (!check.validity.contains(made_.today) || !told.insert(check.id).second) continue;
            TRY(line({check.title_zh, check.id, effect_zh(check), "", "", columns_of(check.id), "",
                      plain_words(check.remedy_zh), basis_zh(check.basis)},
                     CellStyle::remark));
        }
        return {};
    }

    std::string columns_of(std::string_view id) const {
        std::string names;
        for (const rulebook::CheckRule& check : item_.checks) {
            if (check.id != id || check.field < 0 || !check.validity.contains(made_.today)) continue;
            names.append(names.empty() ? "" : "、").append(item_.fields[check.field].name_zh);
        }
        return names;
    }

    Result<void> write_examples() {
        SheetLayout layout{.name = "示例", .column_widths = {}, .frozen_rows = 2};
        for (const Field& field : item_.fields) layout.column_widths.push_back(width_of(field));
        TRY(out_.begin_sheet(layout));
        TRY(line({std::string(kNotDataMark) + "以下各行是示例，主体、代码和人员都是虚构的，请勿报送"},
                 CellStyle::title));
        TRY(write_header(false));
        for (const auto& row : examples_) TRY(write_cells(row));
        return {};
    }

    const Template& made_;
    const rulebook::Item& item_;
    XlsxWriter& out_;
    const std::vector<std::vector<std::string>> examples_;
};

}  // namespace

Result<void> write_template(const Template& made, const std::filesystem::path& file) {
    if (made.item.only_persons()) {
        return fail(Fault::item_not_in_force, made.item.title_zh + "只涉及自然人，未列入归集范围，没有模板");
    }
    auto out = TRY(XlsxWriter::create(file));
    TRY(Writer(made, out).write());
    return out.finish();
}

}  // namespace mingxin::collect
