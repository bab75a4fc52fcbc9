// Pass 2 of publicity terms, calendar, divisions, industries, roles and the report.
#include <algorithm>
#include <charconv>
#include <set>

#include "api/api.h"
#include "base/text.h"
#include "rulebook/loading.h"
#include "rulebook/parameters.h"

namespace mingxin::rulebook {

namespace {

bool overlap(const Validity& a, const Validity& b) {
    return a.from <= b.to && b.from <= a.to;
}

/// Negative information always ends, and not later than the provincial ceiling (rules 2.3).
void check_term(Loading& loading, const Entry& entry, const PublicityTerm& term) {
    auto ceiling = loading.book.parameters.find(kCeilingYears);
    if (term.severity < 0 || term.severity > 3) loading.problem(entry, *entry.tree, "severity 应为 0 至 3");
    if (term.start != "decision_date" && term.start != "valid_from" && term.start != "established") {
        loading.problem(entry, *entry.tree, "start 应为 decision_date、valid_from 或 established");
    }
    if (term.min_months < 0 || term.max_months < 0) loading.problem(entry, *entry.tree, "期限不得为负");
    if (term.severity == 0 || !term.shown) return;
    if (term.max_months == 0) loading.problem(entry, *entry.tree, "不利信息必须有最长公示期");
    if (term.min_months > term.max_months) loading.problem(entry, *entry.tree, "最短公示期长于最长公示期");
    if (ceiling != loading.book.parameters.end() && term.max_months > 12 * ceiling->second.back().number) {
        loading.problem(entry, *entry.tree, "最长公示期超过条例规定的上限");
    }
    for (const PublicityTerm& other : loading.book.publicity) {
        if (other.set == term.set && other.severity == term.severity &&
            overlap(other.validity, term.validity)) {
            loading.problem(entry, *entry.tree, "与 " + other.id + " 的有效期重叠");
        }
    }
}

int to_int(std::string_view text) {
    int value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

/// Lines of a table file named in YAML, without the header line, which must be as given.
struct TableRow {
    const SourceFile* file;
    int line;
    std::vector<std::string_view> cells;
};
std::vector<TableRow> table_rows(Loading& loading, std::string_view section, std::string_view header) {
    std::vector<TableRow> rows;
    for (const Entry& entry : loading.entries(section)) {
        Basis basis = loading.basis(entry);
        Entry listed = entry;
        listed.id = section;
        loading.list_rule(listed, "table", basis);
        const SourceFile* file = loading.file(entry.tree->text_of("file"));
        if (file == nullptr) {
            loading.problem(entry, *entry.tree->find("file"), "没有这个文件");
            continue;
        }
        std::size_t columns = split(header, ',').size();
        int line = 0;
        for (std::string_view text : split(file->content, '\n')) {
            ++line;
            if (line == 1 && text != header) loading.problem(*file, 1, "表头应为 " + std::string(header));
            if (line == 1 || text.empty() || text.starts_with('#')) continue;
            TableRow row{file, line, split(text, ',')};
            if (row.cells.size() != columns || row.cells[0].empty()) {
                loading.problem(*file, line, "列数不对");
            } else {
                rows.push_back(std::move(row));
            }
        }
    }
    return rows;
}

/// 河南省平顶山市鲁山县; the names that only group codes (市辖区, 县 ...) are left out.
void name_fully(std::map<std::string, Division, std::less<>>& divisions) {
    static const std::set<std::string_view> grouping = {"市辖区", "县", "省直辖县级行政区划",
                                                        "自治区直辖县级行政区划"};
    for (auto& [code, division] : divisions) {
        std::string province = code.substr(0, 2) + "0000", city = code.substr(0, 4) + "00";
        for (const std::string& upper :
             city == province ? std::vector{province} : std::vector{province, city}) {
            auto found = divisions.find(upper);
            if (upper == code || found == divisions.end() || grouping.contains(found->second.name)) continue;
            division.full_name += found->second.name;
        }
        division.full_name += division.name;
    }
}

}  // namespace

void build_publicity(Loading& loading) {
    for (const Entry& entry : loading.entries("publicity")) {
        const Tree& tree = *entry.tree;
        PublicityTerm term;
        term.id = entry.id;
        term.set = tree.text_of("set");
        term.severity = static_cast<int>(loading.number(entry, tree, "severity", 0));
        term.shown = tree.find("shown") == nullptr || flag(tree, "shown");
        term.min_months = static_cast<int>(loading.number(entry, tree, "min_months", 0));
        term.max_months = static_cast<int>(loading.number(entry, tree, "max_months", 0));
        term.until_valid_to = flag(tree, "until_valid_to");
        term.start = tree.text_of("start");
        term.title_zh = tree.text_of("title_zh");
        term.basis = loading.basis(entry);
        term.validity = entry.validity;
        check_term(loading, entry, term);
        loading.list_rule(entry, "publicity", term.basis);
        loading.book.publicity.push_back(std::move(term));
    }
    for (const Entry& entry : loading.entries("items")) {
        const Tree& set = *entry.tree->find("publicity");
        bool known = std::any_of(loading.book.publicity.begin(), loading.book.publicity.end(),
                                 [&](const PublicityTerm& term) { return term.set == set.text; });
        if (!known) loading.problem(entry, set, "公示规则 " + set.text + " 不存在");
    }
}

void build_calendar(Loading& loading) {
    std::map<int, const Entry*> years;
    std::map<Date, bool> days;
    for (const Entry& entry : loading.entries("calendar")) {
        int year = to_int(entry.tree->text_of("year"));
        if (!years.emplace(year, &entry).second) loading.problem(entry, *entry.tree, "年份重复");
        for (std::string_view key : {"off", "work"}) {
            for (const Tree& day : entry.tree->find(key)->children) {
                Date date = *parse_date(day.text);
                if (date.year() < year - 1 || date.year() > year + 1)
                    loading.problem(entry, day, "日期不属于该年通知");
                auto [place, added] = days.emplace(date, key == "off");
                if (!added && place->second != (key == "off"))
                    loading.problem(entry, day, day.text + " 前后矛盾");
            }
        }
    }
    int first = years.empty() ? 0 : years.begin()->first;
    int last = years.empty() ? -1 : years.rbegin()->first;
    if (years.empty()) loading.missing("calendar", "年份");
    if (last - first + 1 != static_cast<int>(years.size())) {
        const Entry& entry = *years.rbegin()->second;
        loading.problem(entry, *entry.tree, "年份不连续");
    }
    std::vector<calendar::Holiday> holidays;
    for (const auto& [date, off] : days) holidays.push_back({date, off});
    loading.book.calendar.emplace(std::move(holidays), first, last);
}

void build_tables(Loading& loading) {
    for (TableRow& row : table_rows(loading, "divisions", "code,name,abolished")) {
        Division division{std::string(row.cells[0]), std::string(row.cells[1])};
        division.abolished = row.cells[2] == "1";
        bool digits = division.code.size() == 6 && std::all_of(division.code.begin(), division.code.end(),
                                                               [](char c) { return c >= '0' && c <= '9'; });
        if (!digits || division.name.empty())
            loading.problem(*row.file, row.line, "区划代码应为六位数字并有名称");
        if (!loading.book.divisions.emplace(division.code, division).second) {
            loading.problem(*row.file, row.line, "区划代码重复");
        }
    }
    name_fully(loading.book.divisions);
    std::string section;  // its divisions follow it
    for (TableRow& row : table_rows(loading, "industries", "code,name")) {
        if (row.cells[0].size() == 1) section = row.cells[0];
        loading.book.industry_sections.emplace(row.cells[0], section);
        if (!loading.book.industries.emplace(row.cells[0], row.cells[1]).second) {
            loading.problem(*row.file, row.line, "行业代码重复");
        }
    }
}

void build_roles(Loading& loading) {
    for (const Entry& entry : loading.entries("roles")) {
        RoleRule role{entry.id, std::string(entry.tree->text_of("title_zh"))};
        role.permissions = texts(entry.tree->find("permissions"));
        role.basis = loading.basis(entry);
        role.validity = entry.validity;
        for (const Tree& permission : entry.tree->find("permissions")->children) {
            if (!api::permission_by_name(permission.text)) {
                loading.problem(entry, permission, "权限 " + permission.text + " 不存在");
            }
        }
        loading.list_rule(entry, "role", role.basis);
        loading.book.roles.push_back(std::move(role));
    }
}

void build_report(Loading& loading) {
    for (const Entry& entry : loading.entries("report")) {
        const Tree& tree = *entry.tree;
        ReportText& report = loading.book.report;
        report.title_zh = tree.text_of("title_zh");
        report.empty_zh = tree.text_of("empty_zh");
        report.explanation_zh = texts(tree.find("explanation_zh"));
        report.disclaimer_zh = texts(tree.find("disclaimer_zh"));
        report.basis = loading.basis(entry);
        for (const Tree& section : tree.find("sections")->children) {
            report.sections.push_back(
                {std::string(section.text_of("id")), std::string(section.text_of("title_zh")), {}});
        }
    }
    if (loading.book.report.sections.empty()) loading.missing("report", "sections");
}

}  // namespace mingxin::rulebook
