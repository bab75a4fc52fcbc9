// The look of the report: one accent colour, hairlines instead of boxes, a page that can be read in a minute.
#include <algorithm>
#include <array>
#include <span>

#include <fmt/format.h>

#include "report/model.h"
#include "typeset/typeset.h"

namespace mingxin::report {

using namespace typeset;

namespace {

constexpr Colour ink{0.11, 0.13, 0.16};
constexpr Colour muted{0.40, 0.44, 0.49};
constexpr Colour accent{0.09, 0.29, 0.45};
constexpr Colour hairline{0.83, 0.85, 0.88};
constexpr Colour band{0.949, 0.960, 0.971};
constexpr Colour paper{1, 1, 1};

constexpr double left = Sheet::left_pt, right = Sheet::right_pt, width = Sheet::text_width_pt;
constexpr double inset = 8;  // of text inside a table

constexpr TextStyle body{.size_pt = 9.5, .colour = ink};
constexpr TextStyle label{.size_pt = 8.5, .colour = muted};
constexpr TextStyle small{.size_pt = 7.8, .colour = muted};

const RowLook table_row{.above_pt = 3.5, .below_pt = 3.5, .rule = hairline};

TextStyle with(TextStyle style, Align align) {
    style.align = align;
    return style;
}

TextStyle running(Align align) {
    TextStyle style = with(small, align);
    style.one_line = true;
    return style;
}

TextStyle bold(double size_pt, Colour colour) {
    return {.face = Face::bold, .size_pt = size_pt, .colour = colour};
}

class Printer {
  public:
    explicit Printer(const ReportModel& model) : model_(model) {}

    Result<std::string> print() const {
        DocumentInfo info{.title = model_.title + " " + model_.subject_name,
                          .author = model_.issuer,
                          .subject = model_.subject_code,
                          .keywords = model_.number,
                          .created = created()};
        return Sheet::compose(
            info, [this](Sheet& sheet, int page, int count) { furniture(sheet, page, count); },
            [this](Sheet& sheet) {
                cover(sheet);
                notes(sheet);
                overview(sheet);
                for (const Section& part : model_.sections) section(sheet, part);
                closing(sheet);
            });
    }

  private:
    std::string created() const {
        std::string local = model_.generated_at.to_local_string();
        local[10] = 'T';
        return local + "+08:00";
    }

    void furniture(Sheet& sheet, int page, int count) const {
        if (page > 1) {
            sheet.text_at(
                {model_.title + "　" + model_.subject_name, running(Align::left), left, width * 0.62}, 36);
            sheet.text_at(
                {"报告编号　" + model_.number, running(Align::right), left + width * 0.62, width * 0.38}, 36);
            sheet.fill(left, 52, width, 0.5, hairline);
        }
        double foot = Sheet::height_pt - 46;
        sheet.fill(left, foot, width, 0.5, hairline);
        sheet.text_at({model_.issuer, running(Align::left), left, width * 0.6}, foot + 6);
        sheet.text_at({fmt::format("第 {} 页　共 {} 页", page, count), running(Align::right),
                       left + width * 0.6, width * 0.4},
                      foot + 6);
    }

    void cover(Sheet& sheet) const {
        sheet.fill(0, 0, Sheet::width_pt, 6, accent);
        sheet.move_to(50);
        sheet.row({{model_.site_name,
                    {.face = Face::bold, .size_pt = 11, .colour = accent, .tracking_pt = 1},
                    left,
                    width}},
                  {.below_pt = 18});
        TextStyle title{.face = Face::title, .size_pt = 27, .colour = ink, .tracking_pt = 2.5};
        sheet.row({{model_.title, title, left, width}});
        sheet.row(
            {{model_.subtitle, {.size_pt = 11.5, .colour = muted, .tracking_pt = 0.5}, left - 5.5, width}},
            {.above_pt = 3, .below_pt = 18});

        constexpr double qr_size = 104;
        double facts_width = width - qr_size - 18;
        sheet.fill(left, sheet.y_pt(), width, 1.2, accent);
        double top = sheet.y_pt();
        sheet.row({{model_.subject_name, bold(16, ink), left, facts_width}}, {.above_pt = 13, .below_pt = 8});
        cover_fact(sheet, "统一社会信用代码", model_.subject_code, facts_width);
        cover_fact(sheet, "报告编号", model_.number, facts_width);
        cover_fact(sheet, "生成时间", model_.generated_at.to_local_string() + "（北京时间）", facts_width);
        cover_fact(sheet, "出具单位", model_.issuer, facts_width);
        if (!model_.purpose.empty()) cover_fact(sheet, "用途", model_.purpose, facts_width);
        double qr_x = right - qr_size;
        sheet.qr(model_.verify_url, qr_x, top + 12, qr_size, ink);
        sheet.text_at({"扫码核验真伪", with(small, Align::centre), qr_x, qr_size}, top + 12 + qr_size - 2);
        sheet.move_to(std::max(sheet.y_pt() + 12, top + qr_size + 32));
        sheet.fill(left, sheet.y_pt(), width, 0.5, hairline);
    }

    void cover_fact(Sheet& sheet, const char* name, const std::string& value, double facts_width) const {
        constexpr double label_width = 96;
        sheet.row(
            {{name, label, left, label_width}, {value, body, left + label_width, facts_width - label_width}},
            {.above_pt = 2.5, .below_pt = 2.5});
    }

    void heading(Sheet& sheet, const std::string& title, double keep_pt) const {
        sheet.gap(18);
        sheet.reserve(34 + keep_pt);
        sheet.bookmark(title);
        sheet.fill(left, sheet.y_pt() + 4.2, 3, 12.6, accent);
        sheet.row({{title, bold(13, ink), left + 11, width - 11}}, {.below_pt = 8});
    }

    void notes(Sheet& sheet) const {
        heading(sheet, "报告说明", 60);
        for (std::size_t i = 0; i < model_.notes.size(); ++i) {
            sheet.row(
                {{fmt::format("{}.", i + 1), body, left, 16}, {model_.notes[i], body, left + 16, width - 16}},
                {.below_pt = 3.5});
        }
        if (model_.sources.empty()) return;
        sheet.gap(8);
        sheet.reserve(60);
        static constexpr std::array<Column, 3> columns{{{0.42}, {0.38}, {0.20, Align::right}}};
        table_head(sheet, columns, {"数据提供单位", "信息类别", "数据最新日期"});
        for (const Source& source : model_.sources) {
            std::array texts{source.unit, source.items, source.newest};
            sheet.place(sheet.shape(cells(columns, texts, body), table_row));
        }
        sheet.end_table();
    }

    struct Column {
        double share;  // of the width
        Align align = Align::left;
    };

    static std::vector<Cell> cells(std::span<const Column> columns, std::span<const std::string> texts,
                                   const TextStyle& style) {
        std::vector<Cell> out;
        double x = left;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            double column = width * columns[i].share;
            out.push_back({texts[i], with(style, columns[i].align), x + inset, column - 2 * inset});
            x += column;
        }
        return out;
    }

    static void table_head(Sheet& sheet, std::span<const Column> columns, std::vector<std::string> titles) {
        sheet.begin_table([&sheet, columns, titles = std::move(titles)](bool) {
            sheet.place(sheet.shape(cells(columns, titles, bold(8.5, muted)),
                                    {.above_pt = 4, .below_pt = 4, .fill = band}));
        });
    }

    void overview(Sheet& sheet) const {
        heading(sheet, "报告概要", 120);
        facts(sheet, model_.overview);
        sheet.gap(10);
        count_table(sheet);
    }

    // Two counts a row, in reading order down the left half and then down the right one.
    void count_table(Sheet& sheet) const {
        static constexpr std::array<Column, 6> columns{{{0.21},
                                                        {0.08, Align::right},
                                                        {0.15, Align::right},
                                                        {0.32},
                                                        {0.08, Align::right},
                                                        {0.16, Align::right}}};
        std::vector<ShapedRow> rows;
        std::size_t half = (model_.counts.size() + 1) / 2;
        for (std::size_t i = 0; i < half; ++i) {
            std::vector<Cell> row;
            for (std::size_t at : {i, i + half}) {
                if (at >= model_.counts.size()) continue;
                const Count& count = model_.counts[at];
                std::array<std::string, 6> texts;
                std::size_t first = at == i ? 0 : 3;
                texts[first] = count.title;
                texts[first + 1] = fmt::format("{}", count.count);
                texts[first + 2] = count.newest.empty() ? "—" : count.newest;
                TextStyle style{.size_pt = body.size_pt, .colour = count.count > 0 ? ink : muted};
                auto all = cells(columns, texts, style);
                row.insert(row.end(), all.begin() + static_cast<std::ptrdiff_t>(first),
                           all.begin() + static_cast<std::ptrdiff_t>(first) + 3);
            }
            rows.push_back(sheet.shape(row, table_row));
        }
        sheet.reserve(24 + total_height(rows));
        table_head(sheet, columns, {"信息类别", "条数", "最近日期", "信息类别", "条数", "最近日期"});
        for (const ShapedRow& row : rows) sheet.place(row);
        sheet.end_table();
    }

    void section(Sheet& sheet, const Section& section) const {
        heading(sheet, section.title, 30);
        if (section.empty()) {
            sheet.row({{model_.nothing, TextStyle{.size_pt = 9.5, .colour = muted}, left + 11, width - 11}});
            return;
        }
        facts(sheet, section.facts);
        if (section.provenance) sheet.place(provenance(sheet, *section.provenance));
        for (const Group& group : section.groups) {
            if (group.entries.empty()) continue;
            if (!section.facts.empty()) sheet.gap(10);
            for (std::size_t i = 0; i < group.entries.size(); ++i) entry(sheet, group, i);
        }
    }

    void group_title(Sheet& sheet, const Group& group) const {
        sheet.row({{group.title, bold(10.5, accent), left, width * 0.5},
                   {fmt::format("共 {} 条", group.entries.size()), with(label, Align::right),
                    left + width * 0.5, width * 0.5}},
                  {.above_pt = 4, .below_pt = 5});
    }

    void entry(Sheet& sheet, const Group& group, std::size_t index) const {
        const Entry& entry = group.entries[index];
        std::vector<ShapedRow> rows = fact_rows(sheet, entry.facts);
        rows.push_back(provenance(sheet, entry));
        double height_pt = (index == 0 ? 48 : 26) + total_height(rows);
        // A record moves whole to the next page where that leaves little blank, else it breaks between its
        // rows.
        constexpr double blank_pt = 180;
        double first_rows_pt =
            height_pt - total_height(std::span(rows).subspan(std::min<std::size_t>(2, rows.size())));
        bool moves_whole = sheet.room_pt() <= blank_pt;
        sheet.reserve(moves_whole ? std::min(height_pt, blank_pt) : std::min(first_rows_pt, blank_pt));
        if (index == 0) group_title(sheet, group);
        sheet.begin_table(
            [&sheet, &entry, index](bool continued) { entry_head(sheet, entry, index, continued); });
        for (const ShapedRow& row : rows) sheet.place(row);
        sheet.end_table();
        sheet.gap(10);
    }

    static double total_height(std::span<const ShapedRow> rows) {
        double height_pt = 0;
        for (const ShapedRow& row : rows) height_pt += row.height_pt();
        return height_pt;
    }

    static void entry_head(Sheet& sheet, const Entry& entry, std::size_t index, bool continued) {
        constexpr double number_width = 30;
        bool numbered = !entry.document_number.empty();
        double title_width = width - number_width - 2 * inset - (numbered ? 190 : 0);
        std::vector<Cell> cells{
            {fmt::format("{}", index + 1), bold(9.5, accent), left + inset, number_width - inset},
            {entry.title + (continued ? "（续）" : ""), bold(9.5, ink), left + number_width, title_width}};
        if (numbered) {
            cells.push_back({entry.document_number, with(label, Align::right), right - inset - 186, 186});
        }
        sheet.place(sheet.shape(cells, {.above_pt = 4.5, .below_pt = 4.5, .fill = band}));
    }

    static ShapedRow provenance(Sheet& sheet, const Entry& entry) {
        std::string line;
        if (!entry.source_unit.empty()) line = "提供单位 " + entry.source_unit + "　";
        line += "归集日期 " + entry.received + "　公示截止 " + entry.shown_until + "　记录编号 " +
                entry.record_id;
        for (const std::string& remark : entry.remarks) line += "\n" + remark;
        std::array cells{Cell{line, small, left + inset, width - 2 * inset}};
        return sheet.shape(cells, {.above_pt = 4, .below_pt = 5, .rule = hairline});
    }

    void facts(Sheet& sheet, const std::vector<Fact>& facts) const {
        for (const ShapedRow& row : fact_rows(sheet, facts)) sheet.place(row);
    }

    // Short facts stand two in a row, long ones alone.
    static std::vector<ShapedRow> fact_rows(Sheet& sheet, const std::vector<Fact>& facts) {
        constexpr double half = width / 2, label_width = 96,
                         value_ems = (half - label_width - 2 * inset) / body.size_pt;
        auto is_short = [](const Fact& fact) {
            return estimated_ems(fact.value) <= value_ems &&
                   estimated_ems(fact.label) * label.size_pt <= label_width - 10 &&
                   fact.value.find('\n') == std::string::npos;
        };
        std::vector<ShapedRow> rows;
        for (std::size_t i = 0; i < facts.size(); ++i) {
            bool pair = i + 1 < facts.size() && is_short(facts[i]) && is_short(facts[i + 1]);
            double value_width = (pair ? half : width) - label_width - 2 * inset;
            std::vector<Cell> cells{{facts[i].label, label, left + inset, label_width - 10},
                                    {facts[i].value, body, left + inset + label_width, value_width}};
            if (pair) {
                const Fact& next = facts[++i];
                cells.push_back({next.label, label, left + half + inset, label_width - 10});
                cells.push_back(
                    {next.value, body, left + half + inset + label_width, half - label_width - 2 * inset});
            }
            rows.push_back(sheet.shape(cells, table_row));
        }
        return rows;
    }

    void closing(Sheet& sheet) const {
        heading(sheet, "异议、更正与信用修复", 80);
        for (const std::string& remedy : model_.remedies) {
            sheet.row({{"·", body, left, 16}, {remedy, body, left + 16, width - 16}}, {.below_pt = 3.5});
        }
        constexpr double box = 128, qr_size = 104;
        sheet.gap(16);
        sheet.reserve(box + 4);
        double top = sheet.y_pt();
        sheet.fill(left, top, width, box, band);
        sheet.fill(left + 12, top + 12, qr_size, qr_size, paper);
        sheet.qr(model_.verify_url, left + 12, top + 12, qr_size, ink);
        double x = left + qr_size + 30, column = right - x - 12;
        sheet.text_at({"核验本报告", bold(11, accent), x, column}, top + 14);
        sheet.text_at({"扫描二维码或打开下列网址，核对报告编号、主体名称、生成时间和文件摘要（SM3）。"
                       "报告文件另附 SM2 电子签名，可离线验证。",
                       label, x, column},
                      top + 34);
        sheet.text_at({model_.number, bold(10.5, ink), x, column}, top + 70);
        sheet.link(model_.verify_url, x, top + 90, column, 26);
        sheet.text_at({model_.verify_url, label, x, column}, top + 90);
        sheet.move_to(top + box);
        sheet.gap(10);
        sheet.row({{"— 报告正文结束 —", with(small, Align::centre), left, width}});
    }

    const ReportModel& model_;
};

}  // namespace

bool Section::empty() const {
    return facts.empty() && std::all_of(groups.begin(), groups.end(),
                                        [](const Group& group) { return group.entries.empty(); });
}

Result<std::string> render_pdf(const ReportModel& model) {
    return Printer(model).print();
}

}  // namespace mingxin::report
