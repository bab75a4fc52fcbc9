// The monthly report and the quarterly assessment: a workbook with a sheet for each part, and A4 pages.
#include <array>

#include <fmt/format.h>

#include "assess/assess_json.h"
#include "typeset/typeset.h"
#include "workbook/xlsx_writer.h"

namespace mingxin::assess {

using rulebook::Indicator;
using typeset::Sheet;
using workbook::CellStyle;
using workbook::OutCell;

namespace {

std::string rate_text(const Figure& figure, const Indicator& indicator) {
    if (!indicator.denominator) return std::to_string(figure.numerator) + "天";
    const auto rate = figure.rate();
    return rate ? points_text(rate) + "%" : "—";
}

std::string grade_title(const rulebook::Rulebook& rulebook, const Document& document,
                        const UnitResult& result) {
    const auto* scheme = rulebook::assessment_scheme(rulebook, document.scheme, document.period.last_day());
    if (scheme == nullptr) return result.grade;
    for (const rulebook::Grade& grade : scheme->grades) {
        if (grade.id == result.grade) return grade.title_zh;
    }
    return "—";
}

std::string name_of(const ReportText& text, const UnitResult& result) {
    if (result.unit.empty()) return "全县合计";
    const auto name = text.unit_names.find(result.unit);
    return name == text.unit_names.end() ? result.unit : name->second;
}

std::string weight_text(const rulebook::Rulebook& rulebook, const Document& document) {
    const auto* scheme = rulebook::assessment_scheme(rulebook, document.scheme, document.period.last_day());
    std::string words;
    if (scheme == nullptr) return words;
    for (const auto& weight : scheme->weights) {
        const auto* one = rulebook::indicator(rulebook, weight.indicator, document.period.last_day());
        words += (words.empty() ? "" : "、") + (one ? one->title_zh : weight.indicator) + " " +
                 std::to_string(weight.weight);
    }
    return "得分 = Σ 权重 × 指标 ÷ Σ 权重（没有可计算内容的指标不计；越低越好的指标取 100% "
           "减去它；每一步四舍五入到百分之一）。权重：" +
           words + "。";
}

std::vector<std::string> foot_of(const rulebook::Rulebook& rulebook, const ReportPart& part) {
    const Document& document = part.document;
    return {weight_text(rulebook, document),
            "计算依据：账本前 " + std::to_string(document.head) + " 个事项；规则库 " + document.rulebook,
            "结果摘要（SM3）：" + part.digest,
            "任何人可用账本重新计算：mingxin assess --scheme " + document.scheme + " --period " +
                document.period.text() + " --head " + std::to_string(document.head)};
}

class Book {
  public:
    Book(workbook::XlsxWriter& out, const rulebook::Rulebook& rulebook, const ReportText& text)
        : out_(out), rulebook_(rulebook), text_(text) {}

    Result<void> part(const ReportPart& part) {
        const auto indicators = indicators_of(rulebook_, part.document.period);
        workbook::SheetLayout layout{
            .name = part.title_zh, .column_widths = {34, 10, 10}, .frozen_rows = 4, .filter_row = 4};
        for (std::size_t i = 0; i < indicators.size(); ++i) {
            layout.column_widths.insert(layout.column_widths.end(), {12, 10, 10});
        }
        TRY(out_.begin_sheet(std::move(layout)));
        TRY(line({text_.issuer + " " + part.title_zh + " " + part.document.period.text()}, CellStyle::title));
        TRY(line({text_.state_zh + "生成时间 " + text_.now.to_local_string()}, CellStyle::plain));
        TRY(line({}, CellStyle::plain));
        std::vector<std::string> head{"单位", "得分", "等次"};
        for (const Indicator* one : indicators) {
            head.push_back(one->title_zh);
            head.emplace_back(one->denominator ? "分子" : "天数");
            head.emplace_back("分母");
        }
        TRY(line(head, CellStyle::header));
        for (const UnitResult& unit : part.document.units) TRY(result(part.document, indicators, unit));
        TRY(result(part.document, indicators, part.document.county));
        TRY(line({}, CellStyle::plain));
        for (const std::string& foot : foot_of(rulebook_, part)) TRY(line({foot}, CellStyle::plain));
        return {};
    }

    Result<void> formulas(const Period& period) {
        TRY(out_.begin_sheet({.name = "公式", .column_widths = {24, 90, 14, 44}}));
        TRY(line({"指标", "公式", "目标", "依据"}, CellStyle::header));
        for (const Indicator* one : indicators_of(rulebook_, period)) {
            const std::string target =
                one->denominator ? points_text(one->target) + "%" : std::to_string(one->target) + "天";
            TRY(line({one->title_zh, one->formula_zh, target,
                      one->basis.text_zh() + (one->basis.unsure ? "（待核实）" : "")},
                     CellStyle::remark));
        }
        return {};
    }

  private:
    Result<void> result(const Document& document, const std::vector<const Indicator*>& indicators,
                        const UnitResult& one) {
        texts_ = {name_of(text_, one), points_text(one.score), grade_title(rulebook_, document, one)};
        std::vector<CellStyle> styles{CellStyle::plain, one.score ? CellStyle::amount : CellStyle::plain,
                                      CellStyle::plain};
        for (const Indicator* indicator : indicators) {
            const Figure* figure = one.figure(indicator->id);
            const Figure shown = figure ? *figure : Figure{};
            texts_.push_back(rate_text(shown, *indicator));
            texts_.push_back(std::to_string(shown.numerator));
            texts_.push_back(std::to_string(shown.denominator));
            styles.insert(styles.end(), {CellStyle::plain, CellStyle::count, CellStyle::count});
        }
        std::vector<OutCell> cells;
        for (std::size_t i = 0; i < texts_.size(); ++i) cells.push_back({texts_[i], styles[i]});
        return out_.write_row(cells);
    }

    Result<void> line(const std::vector<std::string>& texts, CellStyle style) {
        std::vector<OutCell> cells;
        for (const std::string& text : texts) cells.push_back({text, style});
        return out_.write_row(cells);
    }

    workbook::XlsxWriter& out_;
    const rulebook::Rulebook& rulebook_;
    const ReportText& text_;
    std::vector<std::string> texts_;
};

// --- pages

constexpr typeset::Colour kInk{0.11, 0.13, 0.16}, kMuted{0.40, 0.44, 0.49}, kAccent{0.09, 0.29, 0.45},
    kLine{0.83, 0.85, 0.88}, kBand{0.949, 0.960, 0.971};

class Pages {
  public:
    Pages(const rulebook::Rulebook& rulebook, std::span<const ReportPart> parts, const ReportText& text)
        : rulebook_(rulebook), parts_(parts), text_(text), title_(title()) {}

    Result<std::string> print() const {
        std::string created = text_.now.to_local_string();
        created[10] = 'T';
        return Sheet::compose(
            {.title = title_,
             .author = text_.issuer,
             .subject = {},
             .keywords = {},
             .created = created + "+08:00"},
            [this](Sheet& sheet, int page, int count) { furniture(sheet, page, count); },
            [this](Sheet& sheet) {
                cover(sheet);
                for (const ReportPart& part : parts_) table(sheet, part);
                formulas(sheet);
            });
    }

  private:
    std::string title() const {
        const Period& period = parts_.front().document.period;
        return parts_.front().title_zh + (period.from == period.to ? "月度监测报告" : "考核报告");
    }

    static typeset::TextStyle style(double size_pt, typeset::Colour colour,
                                    typeset::Align align = typeset::Align::left) {
        typeset::TextStyle made;
        made.size_pt = size_pt;
        made.colour = colour;
        made.align = align;
        return made;
    }
    static typeset::TextStyle bold(double size_pt, typeset::Colour colour,
                                   typeset::Align align = typeset::Align::left) {
        typeset::TextStyle made = style(size_pt, colour, align);
        made.face = typeset::Face::bold;
        return made;
    }

    void furniture(Sheet& sheet, int page, int count) const {
        const double foot = Sheet::height_pt - 46, width = Sheet::text_width_pt;
        sheet.fill(Sheet::left_pt, foot, width, 0.5, kLine);
        sheet.text_at({text_.issuer + "　" + title_, style(7.8, kMuted), Sheet::left_pt, width * 0.7},
                      foot + 6);
        sheet.text_at({fmt::format("第 {} 页　共 {} 页", page, count),
                       style(7.8, kMuted, typeset::Align::right), Sheet::left_pt + width * 0.7, width * 0.3},
                      foot + 6);
    }

    void cover(Sheet& sheet) const {
        const double left = Sheet::left_pt, width = Sheet::text_width_pt;
        sheet.fill(0, 0, Sheet::width_pt, 6, kAccent);
        sheet.move_to(50);
        sheet.row({{text_.site_name, bold(11, kAccent), left, width}}, {.below_pt = 10});
        typeset::TextStyle big = bold(22, kInk);
        big.face = typeset::Face::title;
        sheet.row({{title_, big, left, width}}, {.below_pt = 6});
        sheet.row({{"期间 " + parts_.front().document.period.text() + "　" + text_.state_zh,
                    style(9.5, kMuted), left, width}},
                  {.below_pt = 3});
        sheet.row(
            {{"生成时间 " + text_.now.to_local_string() + "（北京时间）", style(9.5, kMuted), left, width}},
            {.below_pt = 8});
        sheet.fill(left, sheet.y_pt(), width, 1.2, kAccent);
    }

    /// The indicators that the score is made of, and how late.
    std::vector<const Indicator*> columns(const Document& document) const {
        std::vector<const Indicator*> all;
        const auto* scheme =
            rulebook::assessment_scheme(rulebook_, document.scheme, document.period.last_day());
        if (scheme == nullptr) return all;
        for (const auto& weight : scheme->weights) {
            const auto* one = rulebook::indicator(rulebook_, weight.indicator, document.period.last_day());
            if (one != nullptr && all.size() < 7) all.push_back(one);
        }
        return all;
    }

    static void cells_row(Sheet& sheet, const std::vector<std::string>& texts,
                          const typeset::TextStyle& first, const typeset::TextStyle& rest,
                          const typeset::RowLook& look) {
        constexpr double kName = 150;
        const double each = (Sheet::text_width_pt - kName) / static_cast<double>(texts.size() - 1);
        std::vector<typeset::Cell> cells;
        double x = Sheet::left_pt;
        for (std::size_t i = 0; i < texts.size(); ++i) {
            const double width = i == 0 ? kName : each;
            cells.push_back({texts[i], i == 0 ? first : rest, x + 4, width - 8});
            x += width;
        }
        sheet.place(sheet.shape(cells, look));
    }

    void result_row(Sheet& sheet, const Document& document, const std::vector<const Indicator*>& shown,
                    const UnitResult& one, bool sum) const {
        std::vector<std::string> texts{name_of(text_, one)};
        for (const Indicator* indicator : shown) {
            const Figure* figure = one.figure(indicator->id);
            const Figure it = figure ? *figure : Figure{};
            texts.push_back(
                rate_text(it, *indicator) +
                (indicator->denominator ? fmt::format("\n{}/{}", it.numerator, it.denominator) : ""));
        }
        texts.push_back(one.score ? points_text(one.score) : "—");
        texts.push_back(one.score ? grade_title(rulebook_, document, one) : "—");
        const auto right = typeset::Align::right;
        typeset::RowLook look{.above_pt = 3.5, .below_pt = 3.5, .fill = {}, .rule = kLine};
        if (sum) look.fill = kBand;
        cells_row(sheet, texts, sum ? bold(8.5, kInk) : style(8.5, kInk),
                  sum ? bold(8, kInk, right) : style(8, kInk, right), look);
    }

    void table(Sheet& sheet, const ReportPart& part) const {
        const double left = Sheet::left_pt, width = Sheet::text_width_pt;
        sheet.gap(16);
        sheet.reserve(120);
        sheet.bookmark(part.title_zh);
        sheet.row({{part.title_zh, bold(13, kInk), left, width}}, {.below_pt = 6});
        const auto shown = columns(part.document);
        std::vector<std::string> head{"单位"};
        for (const Indicator* one : shown) head.push_back(one->title_zh);
        head.insert(head.end(), {"得分", "等次"});
        sheet.begin_table([&sheet, head](bool) {
            cells_row(sheet, head, bold(8.5, kMuted), bold(8.5, kMuted, typeset::Align::right),
                      {.above_pt = 4, .below_pt = 4, .fill = kBand, .rule = {}});
        });
        for (const UnitResult& unit : part.document.units) {
            result_row(sheet, part.document, shown, unit, false);
        }
        result_row(sheet, part.document, shown, part.document.county, true);
        sheet.end_table();
        sheet.gap(6);
        for (const std::string& foot : foot_of(rulebook_, part)) {
            sheet.row({{foot, style(7.8, kMuted), left, width}}, {.below_pt = 2});
        }
    }

    void formulas(Sheet& sheet) const {
        const double left = Sheet::left_pt, width = Sheet::text_width_pt;
        sheet.gap(16);
        sheet.reserve(80);
        sheet.bookmark("公式");
        sheet.row({{"公式", bold(13, kInk), left, width}}, {.below_pt = 6});
        for (const Indicator* one : indicators_of(rulebook_, parts_.front().document.period)) {
            sheet.row({{one->title_zh, bold(8.5, kInk), left, 96},
                       {one->formula_zh + "　依据：" + one->basis.text_zh() +
                            (one->basis.unsure ? "（待核实）" : ""),
                        style(8.5, kInk), left + 100, width - 100}},
                      {.above_pt = 3, .below_pt = 3, .fill = {}, .rule = kLine});
        }
    }

    const rulebook::Rulebook& rulebook_;
    std::span<const ReportPart> parts_;
    const ReportText& text_;
    std::string title_;
};

}  // namespace

Result<void> write_workbook(const std::filesystem::path& file, const rulebook::Rulebook& rulebook,
                            std::span<const ReportPart> parts, const ReportText& text) {
    auto out = TRY(workbook::XlsxWriter::create(file));
    Book book(out, rulebook, text);
    for (const ReportPart& part : parts) TRY(book.part(part));
    TRY(book.formulas(parts.front().document.period));
    return out.finish();
}

Result<std::string> render_pdf(const rulebook::Rulebook& rulebook, std::span<const ReportPart> parts,
                               const ReportText& text) {
    return Pages(rulebook, parts, text).print();
}

}  // namespace mingxin::assess
