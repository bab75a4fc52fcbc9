#include "demo/rows.h"

#include <array>
#include <utility>

namespace mingxin::demo {
namespace {

constexpr Column kRegistration[] = {{"主体名称", "主体名称"}, {"统一社会信用代码", "统一社会信用代码"},
                                    {"主体类型", "主体类型"}, {"法定代表人", "法定代表人"},
                                    {"成立日期", "成立日期"}, {"注册资本", "注册资本"},
                                    {"住所", "住所"},         {"经营范围", "经营范围"},
                                    {"登记状态", "登记状态"}, {"行业代码", "行业代码"}};
constexpr Column kPermit[] = {{"XK_XDR_MC", "行政相对人名称"},
                              {"XK_XDR_LB", "行政相对人类别"},
                              {"XK_XDR_SHXYM", "行政相对人代码_1 (统一社会信用代码)"},
                              {"XK_FRDB", "法定代表人"},
                              {"XK_FR_ZJLX", "法定代表人证件类型"},
                              {"XK_FR_ZJHM", "法定代表人证件号码"},
                              {"XK_XKWS", "行政许可决定文书名称"},
                              {"XK_WSH", "行政许可决定文书号"},
                              {"XK_XKLB", "许可类别"},
                              {"XK_XKZS", "许可证书名称"},
                              {"XK_XKBH", "许可编号"},
                              {"XK_NR", "许可内容"},
                              {"XK_JDRQ", "许可决定日期"},
                              {"XK_YXQZ", "有效期自"},
                              {"XK_YXQZI", "有效期至"},
                              {"XK_XKJG", "许可机关"},
                              {"XK_XKJGDM", "许可机关统一社会信用代码"},
                              {"XK_ZT", "当前状态"},
                              {"XK_LYDW", "数据来源单位"},
                              {"XK_LYDWDM", "数据来源单位统一社会信用代码"},
                              {"BZ", "备注"}};
constexpr Column kPenalty[] = {{"CF_XDR_MC", "行政相对人名称"},
                               {"CF_XDR_LB", "行政相对人类别"},
                               {"CF_XDR_SHXYM", "行政相对人代码_1 (统一社会信用代码)"},
                               {"CF_FRDB", "法定代表人"},
                               {"CF_FR_ZJLX", "法定代表人证件类型"},
                               {"CF_FR_ZJHM", "法定代表人证件号码"},
                               {"CF_WSH", "行政处罚决定书文号"},
                               {"CF_WFXW", "违法行为类型"},
                               {"CF_SY", "违法事实"},
                               {"CF_YJ", "处罚依据"},
                               {"CF_CFLB", "处罚类别"},
                               {"CF_NR", "处罚内容"},
                               {"CF_NR_FK", "罚款金额(万元)"},
                               {"CF_NR_WFFF", "没收违法所得、没收非法财物的金额(万元)"},
                               {"CF_NR_ZKDX", "暂扣或吊销证照名称及编号"},
                               {"CF_JDRQ", "处罚决定日期"},
                               {"CF_YXQ", "处罚有效期"},
                               {"CF_GSJZQ", "公示截止期"},
                               {"CF_CFJG", "处罚机关"},
                               {"CF_CFJGDM", "处罚机关统一社会信用代码"},
                               {"CF_SJLY", "数据来源单位"},
                               {"CF_SJLYDM", "数据来源单位统一社会信用代码"},
                               {"BZ", "备注"}};
static_assert(std::size(kRegistration) == RegistrationColumn::count_);
static_assert(std::size(kPermit) == PermitColumn::count_);
static_assert(std::size(kPenalty) == PenaltyColumn::count_);

constexpr std::pair<std::string_view, std::string_view> kBrackets[] = {
    {"〔", "〕"}, {"[", "]"}, {"（", "）"}, {"(", ")"}, {"【", "】"}, {"﹝", "﹞"}};

void append_digits(std::string& out, std::int64_t value, int digits) {
    char text[20];
    for (int i = digits; i-- > 0; value /= 10) text[i] = static_cast<char>('0' + value % 10);
    out.append(text, digits);
}

/// 鲁市监罚〔2024〕17号
void make_document_no(std::string& out, const County& county, const Act& act, std::string_view what,
                      int brackets) {
    out.assign(county.options().place, 0, 3);  // the first character of the place
    out.append(departments()[act.department].letter).append(what).append(kBrackets[brackets].first);
    append_digits(out, act.year, 4);
    out.append(kBrackets[brackets].second).append(std::to_string(act.number)).append("号");
}

/// Hundredths of a yuan as 万元 with six decimals, without the trailing zeros that people leave out.
void write_wan_yuan(std::string& out, std::int64_t yuan) {
    out = std::to_string(yuan / 10000);
    if (yuan % 10000 == 0) return;
    out += '.';
    append_digits(out, yuan % 10000, 4);
    while (out.back() == '0') out.pop_back();
}

std::string_view party_zh(Form form) {
    return form == Form::individual ? "个体工商户" : "法人及非法人组织";
}

void fill_party(const Organisation& organisation, Dice& dice, Row& row) {
    static_assert(int{PermitColumn::certificate_no} == int{PenaltyColumn::certificate_no});
    row[PermitColumn::name] = organisation.name;
    row[PermitColumn::party] = party_zh(organisation.form);
    row[PermitColumn::code] = organisation.code;
    row[PermitColumn::person] = organisation.person;
    if (dice.per_mille(250)) {
        row[PermitColumn::certificate_type] = "身份证";
        row[PermitColumn::certificate_no] = organisation.certificate;
    }
}

void clear(Row& row, std::size_t columns) {
    row.resize(columns);
    for (std::string& cell : row) cell.clear();
}

/// A round amount in the range: many small, few large.
std::int64_t throw_fine(const ViolationKind& violation, Dice& dice) {
    const auto span = static_cast<std::uint64_t>(violation.fine_to_yuan - violation.fine_from_yuan + 1);
    const std::uint64_t part = dice.below(1000) * dice.below(1000) / 1000;
    const std::int64_t yuan = violation.fine_from_yuan + static_cast<std::int64_t>(span * part / 1000);
    return yuan >= 1000 ? yuan / 100 * 100 : yuan;
}

void join(std::string& out, std::string_view separator, std::string_view part) {
    if (!out.empty()) out += separator;
    out += part;
}

void fill_punishment(const ViolationKind& violation, Dice& dice, std::int64_t number, Row& row) {
    using C = PenaltyColumn;
    std::string &kinds = row[C::kinds], &content = row[C::content];
    if (violation.parts & warning) join(kinds, ";", "警告"), join(content, "；", "警告");
    if (violation.parts & criticism) join(kinds, ";", "通报批评"), join(content, "；", "通报批评");
    if (violation.parts & fine) {
        const std::int64_t yuan = throw_fine(violation, dice);
        join(kinds, ";", "罚款");
        join(content, "；",
             dice.per_mille(500) ? "罚款人民币" + amount_in_words(yuan)
                                 : "罚款" + std::to_string(yuan) + "元");
        write_wan_yuan(row[C::fine], yuan);
    }
    if (violation.parts & confiscation) {
        const std::int64_t yuan = 20 + static_cast<std::int64_t>(dice.below(3000));
        join(kinds, ";", "没收违法所得");
        join(content, "；", "没收违法所得" + std::to_string(yuan) + "元");
        write_wan_yuan(row[C::confiscated], yuan);
    }
    if (violation.parts & shutdown) join(kinds, ";", "责令停产停业"), join(content, "；", "责令停产停业整顿");
    if (violation.parts & (suspension | revocation)) {
        const bool revoked = violation.parts & revocation;
        join(kinds, ";", revoked ? "吊销许可证件" : "暂扣许可证件");
        join(content, "；", revoked ? "吊销" : "暂扣");
        content += violation.licence;
        row[C::licence].append(violation.licence).append("JY1410423");
        append_digits(row[C::licence], number, 7);
    }
}

}  // namespace

std::string_view item_name(Item item) {
    static constexpr std::string_view names[] = {"registration", "permit", "penalty"};
    return names[static_cast<int>(item)];
}

std::vector<Column> columns(Item item) {
    switch (item) {
        case Item::registration:
            return {std::begin(kRegistration), std::end(kRegistration)};
        case Item::permit:
            return {std::begin(kPermit), std::end(kPermit)};
        case Item::penalty:
            return {std::begin(kPenalty), std::end(kPenalty)};
    }
    return {};
}

std::string write_date(Date date, Style::Dates form) {
    const YearMonthDay day = split(date);
    std::string out;
    out.reserve(20);
    const bool chinese = form == Style::Dates::chinese;
    const std::string_view separator = form == Style::Dates::dashes ? "-" : "/";
    append_digits(out, day.year, 4);
    out += chinese ? "年" : separator;
    append_digits(out, day.month, chinese && day.month < 10 ? 1 : 2);
    out += chinese ? "月" : separator;
    append_digits(out, day.day, chinese && day.day < 10 ? 1 : 2);
    if (chinese) out += "日";
    if (form == Style::Dates::day_time) out += " 0:00:00";
    return out;
}

void fill_registration(const County& county, std::int64_t organisation, int year, std::string_view state,
                       const Style& style, Row& row) {
    using C = RegistrationColumn;
    thread_local Organisation found;
    county.organisation(organisation, year, found);
    clear(row, C::count_);
    static constexpr std::string_view types[] = {"企业", "个体工商户", "农民专业合作社", "事业单位",
                                                 "社会团体"};
    row[C::name] = found.name;
    row[C::code] = found.code;
    row[C::type] = types[static_cast<int>(found.form)];
    row[C::person] = found.person;
    row[C::established] = write_date(found.established, style.dates);
    if (found.form != Form::institution) {
        row[C::capital] = std::to_string(found.capital_wan_yuan);
        row[C::capital] += found.trade % 3 == 0   ? "万元人民币"
                           : found.trade % 3 == 1 ? "万元"
                                                  : "(万元人民币)";
    }
    row[C::address] = found.address;
    row[C::scope] = trades()[found.trade].scope;
    row[C::state] = state;
    row[C::industry] = trades()[found.trade].industry;
}

void fill_permit(const County& county, const Act& act, std::int64_t organisation, const Style& style,
                 Dice& dice, Row& row) {
    using C = PermitColumn;
    thread_local Organisation found;
    county.organisation(organisation, act.year, found);
    clear(row, C::count_);
    fill_party(found, dice, row);
    const Unit& unit = county.units()[act.department];
    const PermitKind& permit = dice.pick(departments()[act.department].permits);
    const Date decided = county.day_of(act.year, dice);
    row[C::document] = permit.document;
    make_document_no(row[C::document_no], county, act, "许准字", style.brackets);
    row[C::kind] = permit.kind;
    row[C::licence] = permit.licence;
    row[C::number] = permit.prefix;
    append_digits(row[C::number], act.year, 4);
    append_digits(row[C::number], act.number, 7);
    row[C::content] = permit.content;
    row[C::decided] = write_date(decided, style.dates);
    row[C::from] = row[C::decided];
    row[C::to] = permit.years == 0
                     ? "2099/12/31"
                     : write_date(decided.plus_months(12 * permit.years).plus_days(-1), style.dates);
    row[C::organ] = row[C::source] = unit.name;
    row[C::organ_code] = row[C::source_code] = unit.code;
    row[C::state] = "1";
}

void fill_penalty(const County& county, const Act& act, std::int64_t organisation, const Style& style,
                  Dice& dice, Row& row) {
    using C = PenaltyColumn;
    thread_local Organisation found;
    county.organisation(organisation, act.year, found);
    clear(row, C::count_);
    fill_party(found, dice, row);
    const Unit& unit = county.units()[act.department];
    const ViolationKind& violation = dice.pick(departments()[act.department].violations);
    const Date decided = county.day_of(act.year, dice);
    make_document_no(row[C::document_no], county, act, "罚", style.brackets);
    row[C::violation] = violation.type;
    row[C::facts] =
        write_date(decided.plus_days(-10 - static_cast<int>(dice.below(60))), Style::Dates::chinese);
    row[C::facts].append("执法检查发现，当事人").append(violation.facts).append("。");
    row[C::basis] = violation.basis;
    fill_punishment(violation, dice, act.number, row);
    row[C::decided] = write_date(decided, style.dates);
    row[C::valid_to] = "2099/12/31";
    row[C::public_to] = write_date(decided.plus_months(12), style.dates);
    row[C::organ] = row[C::source] = unit.name;
    row[C::organ_code] = row[C::source_code] = unit.code;
}

}  // namespace mingxin::demo
