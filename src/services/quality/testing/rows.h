// For tests: rows of the three items that nothing is wrong with, and one known fault for each way a cell can
// be wrong. Organisations and persons are invented; codes are completed by their own check digits.
#pragma once
#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "quality/quality.h"
#include "rulebook/rulebook.h"
#include "subject/identify.h"

namespace mingxin::quality::test {

using Row = std::map<std::string, std::string>;  // field code, cell

inline const Date kToday = *parse_date("2026-11-20");

inline std::shared_ptr<const rulebook::Rulebook> rules() {
    static const std::shared_ptr<const rulebook::Rulebook> book = [] {
        auto loaded = rulebook::Rulebook::load("rules");
        if (!loaded.ok()) FAIL(loaded.error().message_zh());
        return *loaded;
    }();
    return book;
}

/// body with the one last character that makes it valid.
inline std::string completed(std::string body, bool (*is_valid)(std::string_view)) {
    for (char c : std::string_view("0123456789ABCDEFGHJKLMNPQRTUWXY")) {
        const std::string code = body + c;
        if (is_valid(code)) return code;
    }
    FAIL("no check character for ", body);
    return {};
}

/// The n-th invented organisation; prefix: 91 enterprise, 92 individual business, 11 organ.
inline std::string code_of(int n, std::string_view prefix = "91") {
    std::string digits = std::to_string(n);
    digits.insert(0, 5 - digits.size(), '0');
    const std::string organisation = completed("MAX" + digits, subject::is_valid_orgcode);
    return completed(std::string(prefix) + "410423" + organisation, subject::is_valid_uscc);
}

/// An identity number of an invented person; the area was never issued.
inline std::string person_number(std::string_view birth_date, int n = 1) {
    std::string digits = std::to_string(n);
    digits.insert(0, 3 - digits.size(), '0');
    return completed("410000" + std::string(birth_date) + digits,
                     [](std::string_view code) { return subject::is_valid_ric(code); });
}

/// One that passes the check of a unified social credit code as well: one in 31 does.
inline std::string person_number_like_a_code(std::string_view birth_date) {
    for (int n = 100; n < 1000; ++n) {
        const std::string number = person_number(birth_date, n);
        if (subject::is_valid_uscc(number)) return number;
    }
    FAIL("no such number on ", std::string(birth_date));
    return {};
}

inline const std::string kUnitName = "鲁山县市场监督管理局";
inline std::string unit_code() {
    return code_of(1, "11");
}

inline std::string firm_name(int n) {
    return "鲁山县试验" + std::to_string(n) + "号商贸有限公司";
}

inline Row registration(int n) {
    return {{"ENT_NAME", firm_name(n)},
            {"USCC", code_of(n)},
            {"ENT_TYPE", "有限责任公司"},
            {"LEGAL_REP", "张三"},
            {"EST_DATE", "2015-03-02"},
            {"REG_CAPITAL", "100万元人民币"},
            {"ADDRESS", "河南省平顶山市鲁山县"},
            {"SCOPE", "日用百货销售"},
            {"STATE", "存续"}};
}

inline Row penalty(int n) {
    return {{"CF_XDR_MC", firm_name(n)},
            {"CF_XDR_LB", "法人及非法人组织"},
            {"CF_XDR_SHXYM", code_of(n)},
            {"CF_FRDB", "张三"},
            {"CF_WSH", "鲁市监罚〔2026〕" + std::to_string(n) + "号"},
            {"CF_WFXW", "无证经营"},
            {"CF_SY", "未取得许可从事经营活动"},
            {"CF_YJ", "《无证无照经营查处办法》第十三条"},
            {"CF_CFLB", "罚款"},
            {"CF_NR", "罚款人民币壹万元整"},
            {"CF_NR_FK", "1.000000"},
            {"CF_JDRQ", "2026/10/12"},
            {"CF_YXQ", "2099/12/31"},
            {"CF_GSJZQ", "2027/10/12"},
            {"CF_CFJG", kUnitName},
            {"CF_CFJGDM", unit_code()},
            {"CF_SJLY", kUnitName},
            {"CF_SJLYDM", unit_code()}};
}

inline Row permit(int n) {
    return {{"XK_XDR_MC", firm_name(n)},
            {"XK_XDR_LB", "法人及非法人组织"},
            {"XK_XDR_SHXYM", code_of(n)},
            {"XK_FRDB", "张三"},
            {"XK_XKWS", "食品经营许可决定书"},
            {"XK_WSH", "鲁市监许〔2026〕" + std::to_string(n) + "号"},
            {"XK_XKLB", "普通"},
            {"XK_XKZS", "食品经营许可证"},
            {"XK_XKBH", "JY1410423" + std::to_string(1000000 + n)},
            {"XK_NR", "食品销售"},
            {"XK_JDRQ", "2026/10/12"},
            {"XK_YXQZ", "2026/10/12"},
            {"XK_YXQZI", "2031/10/11"},
            {"XK_XKJG", kUnitName},
            {"XK_XKJGDM", unit_code()},
            {"XK_ZT", "有效"},
            {"XK_LYDW", kUnitName},
            {"XK_LYDWDM", unit_code()}};
}

/// A cell for a field of any item, by what the field is for and of which type it is; all days are the same.
inline std::string good_cell(const rulebook::Field& field, int n) {
    using rulebook::FieldType;
    using rulebook::Role;
    const bool needed = field.requirement == rulebook::Requirement::mandatory;
    switch (field.role) {
        case Role::subject_name:
            return firm_name(n);
        case Role::uscc:
            return code_of(n);
        case Role::subject_type:
            return "法人及非法人组织";
        case Role::organ_code:
        case Role::source_code:
            return unit_code();
        case Role::organ_name:
        case Role::source_name:
            return kUnitName;
        case Role::person_certificate_type:
            return needed ? "身份证" : "";
        case Role::person_certificate_no:
            return needed ? person_number("19800101") : "";
        case Role::valid_to:
            return "2031/10/11";
        case Role::publicity_end:
            return "2027/10/12";
        default:
            break;
    }
    if (field.type == FieldType::date) return "2026/10/12";
    if (field.type == FieldType::money) return "1200.50";
    if (field.domain != nullptr && field.domain->id != "certificate_type")
        return field.domain->values[0].value;
    if (field.domain != nullptr || field.type == FieldType::code) return "";
    if (field.role == Role::document_no && field.min_length < 2) {
        return "鲁试〔2026〕" + std::to_string(n) + "号";
    }
    if (field.min_length == 20) return "41042320261012" + std::to_string(100000 + n);
    return field.name_zh;
}

inline Row good_row(std::string_view item, int n) {
    if (item == "penalty") return penalty(n);
    if (item == "permit") return permit(n);
    if (item == "registration") return registration(n);
    Row row;
    for (const rulebook::Field& field : rules()->item(item)->fields) row[field.code] = good_cell(field, n);
    if (item == "commitment_broken") row["WN_LXZT"] = "部分履行";
    return row;
}

inline std::string repeated(std::string_view text, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += text;
    return out;
}

/// "CF_WSH=;CF_NR=无": cells that differ from the good row. A | stands for a ; inside a cell.
inline Row changed(Row row, std::string_view changes) {
    for (std::string_view change : split(changes, ';')) {
        if (change.empty()) continue;
        const std::size_t at = change.find('=');
        REQUIRE(at != std::string_view::npos);
        std::string value(change.substr(at + 1));
        for (char& c : value) c = c == '|' ? ';' : c;
        row[std::string(change.substr(0, at))] = value;
    }
    return row;
}

/// One way to be wrong, and all that must be said about it: "V01@CF_WSH", blank between several.
struct KnownFault {
    const char* item;
    std::string changes;
    std::string findings;
};

/// An enterprise code whose check character is wrong.
inline std::string wrong_code() {
    std::string code = code_of(1);
    code.back() = code.back() == '0' ? '1' : '0';
    return code;
}

/// V01 to V04, N01, N02: cells that are empty, or that the kind of party must not have.
inline std::vector<KnownFault> faults_of_presence() {
    const std::string adult = person_number("19800101"), minor = person_number("20120101");
    return {
        {"penalty", "CF_XDR_MC=", "V01@CF_XDR_MC"},
        {"penalty", "CF_XDR_LB=", "V01@CF_XDR_LB"},
        {"penalty", "CF_WSH=", "V01@CF_WSH"},
        {"penalty", "CF_WFXW=", "V01@CF_WFXW"},
        {"penalty", "CF_SY=", "V01@CF_SY"},
        {"penalty", "CF_YJ=", "V01@CF_YJ"},
        {"penalty", "CF_CFLB=;CF_NR_FK=", "V01@CF_CFLB"},
        {"penalty", "CF_NR= ", "V01@CF_NR"},
        {"penalty", "CF_JDRQ=", "V01@CF_JDRQ"},
        {"penalty", "CF_YXQ=", "V01@CF_YXQ"},
        {"penalty", "CF_CFJG=　", "V01@CF_CFJG"},
        {"penalty", "CF_CFJGDM=", "V01@CF_CFJGDM"},
        {"permit", "XK_WSH=;XK_XKBH=", "V01@XK_WSH"},
        {"permit", "XK_XKWS=", "V01@XK_XKWS"},
        {"permit", "XK_YXQZI=", "V01@XK_YXQZI"},
        {"permit", "XK_NR=", "V01@XK_NR"},
        {"registration", "ENT_NAME=", "V01@ENT_NAME"},
        {"registration", "USCC=", "V01@USCC"},
        {"penalty", "CF_XDR_LB=自然人;CF_XDR_SHXYM=;CF_FRDB=",
         "N01@CF_XDR_LB V02.certificate@CF_XDR_ZJHM V02.certificate@CF_XDR_ZJLX"},
        {"penalty", "CF_XDR_LB=自然人;CF_XDR_SHXYM=;CF_XDR_ZJLX=身份证;CF_XDR_ZJHM=" + adult,
         "N01@CF_XDR_LB V02.organisation_data@CF_FRDB"},
        {"permit", "XK_XDR_LB=公民;XK_XDR_SHXYM=;XK_FRDB=;XK_XDR_ZJLX=身份证;XK_XDR_ZJHM=" + adult,
         "N01@XK_XDR_LB"},
        {"penalty", "CF_XDR_LB=自然人;CF_XDR_SHXYM=;CF_FRDB=;CF_XDR_ZJLX=身份证;CF_XDR_ZJHM=" + minor,
         "N01@CF_XDR_LB N02@CF_XDR_ZJHM"},
        {"penalty", "CF_XDR_SHXYM=;CF_XDR_SWDJ=" + adult, "N01.number@CF_XDR_SWDJ V03.uscc@CF_XDR_SHXYM"},
        {"penalty", "CF_XDR_SHXYM=" + person_number_like_a_code("19800101"), "N01.number@CF_XDR_SHXYM"},
        {"registration", "USCC=" + person_number_like_a_code("19800102"), "N01.number@USCC"},
        {"permit", "XK_XDR_SHXYM=;XK_XDR_SHZZ=" + minor, "N01.number@XK_XDR_SHZZ V03.uscc@XK_XDR_SHXYM"},
        {"penalty", "CF_FRDB=", "V03.legal_representative@CF_FRDB"},
        {"permit", "XK_XDR_ZJLX=身份证", "V03.person_certificate@XK_XDR_ZJLX"},
        {"penalty", "CF_XDR_ZJLX=护照号;CF_XDR_ZJHM=E12345678",
         "V03.person_certificate@CF_XDR_ZJHM V03.person_certificate@CF_XDR_ZJLX"},
        {"penalty", "CF_XDR_LB=个体工商户;CF_FRDB=;CF_XDR_SHXYM=" + code_of(77, "92"),
         "V04.operator@CF_FRDB"},
        {"penalty", "CF_XDR_LB=个体工商户;CF_XDR_ZJLX=身份证;CF_XDR_SHXYM=" + code_of(77, "92"),
         "V04.person_certificate@CF_XDR_ZJLX"},
        {"permit", "XK_XDR_LB=个体户;XK_XDR_SYDW=141042300001;XK_XDR_SHXYM=" + code_of(77, "92"),
         "V04.other_code@XK_XDR_SYDW"},
    };
}

/// V05, V12: codes.
inline std::vector<KnownFault> faults_of_codes() {
    return {
        {"penalty", "CF_XDR_SHXYM=" + wrong_code(), "V05.uscc@CF_XDR_SHXYM"},
        {"registration", "USCC=9141042", "V05.uscc@USCC"},
        {"penalty", "CF_XDR_SHXYM=;CF_XDR_ZZJG=12345678-0", "V05.organisation_code@CF_XDR_ZZJG"},
        {"penalty", "CF_FR_ZJLX=身份证;CF_FR_ZJHM=410423198001010010", "V05.legal_certificate@CF_FR_ZJHM"},
        {"permit", "XK_FR_ZJHM=E12345678", "V05.legal_certificate_type@XK_FR_ZJLX"},
        {"permit", "XK_FR_ZJLX=护照号", "V05.legal_certificate_no@XK_FR_ZJHM"},
        {"permit",
         "XK_XDR_LB=自然人;XK_XDR_SHXYM=;XK_FRDB=;XK_XDR_ZJLX=身份证;XK_XDR_ZJHM=410423198001010010",
         "N01@XK_XDR_LB V05.person_certificate@XK_XDR_ZJHM"},
        {"penalty", "CF_CFJGDM=" + wrong_code(), "V05.organ_code@CF_CFJGDM"},
        {"penalty", "CF_SJLYDM=1141", "V05.organ_code@CF_SJLYDM"},
        {"penalty", "CF_CFJGDM=" + code_of(99, "11"), "V12.organ@CF_CFJGDM"},
        {"permit", "XK_LYDWDM=" + code_of(99, "11"), "V12.source@XK_LYDWDM"},
    };
}

/// V06 to V11: dates, amounts, closed lists, lengths.
inline std::vector<KnownFault> faults_of_values() {
    return {
        {"penalty", "CF_JDRQ=2026/02/30", "V06.date@CF_JDRQ"},
        {"penalty", "CF_YXQ=下月", "V06.date@CF_YXQ"},
        {"permit", "XK_YXQZ=2026-13-01", "V06.date@XK_YXQZ"},
        {"registration", "EST_DATE=2015/4/31", "V06.date@EST_DATE"},
        {"penalty", "CF_JDRQ=2026/11/21", "V06.future@CF_JDRQ"},
        {"permit", "XK_JDRQ=2027-01-01", "V06.future@XK_JDRQ"},
        {"registration", "EST_DATE=2026-11-21", "V06.future@EST_DATE"},
        {"permit", "XK_YXQZI=2026/10/11", "V06.order@XK_YXQZI"},
        {"penalty", "CF_YXQ=2026/10/11", "V06.before_decision@CF_YXQ"},
        {"penalty", "CF_GSJZQ=2026/10/11", "V06.before_decision@CF_GSJZQ"},
        {"penalty", "CF_NR_FK=", "V07.missing_fine@CF_NR_FK"},
        {"penalty", "CF_NR_FK=0.000000", "V07.not_positive@CF_NR_FK"},
        {"penalty", "CF_NR_FK=一些", "V07.amount@CF_NR_FK"},
        {"penalty", "CF_NR_FK=-1", "V07.amount@CF_NR_FK"},
        {"penalty", "CF_CFLB=罚款|没收违法所得", "V08.missing_amount@CF_NR_WFFF"},
        {"penalty", "CF_CFLB=罚款；没收非法财物;CF_NR_WFFF=若干", "V08.amount@CF_NR_WFFF"},
        {"penalty", "CF_CFLB=吊销许可证件;CF_NR_FK=;CF_NR_ZKDX=", "V09@CF_NR_ZKDX"},
        {"penalty", "CF_CFLB=罚款、暂扣许可证件;CF_NR_ZKDX=", "V09@CF_NR_ZKDX"},
        {"penalty", "CF_CFLB=罚金;CF_NR_FK=", "V10.unknown@CF_CFLB"},
        {"penalty", "CF_XDR_LB=公司", "V10.unknown@CF_XDR_LB"},
        {"permit", "XK_XKLB=许可", "V10.unknown@XK_XKLB"},
        {"permit", "XK_ZT=3", "V10.unknown@XK_ZT"},
        {"registration", "STATE=不知道", "V10.unknown@STATE"},
        {"penalty", "CF_CFLB=罚款|其他", "V10.other_text@CF_CFLB"},
        {"permit", "XK_XKLB=其他-", "V10.other_text@XK_XKLB"},
        {"penalty", "CF_CFLB=行政拘留;CF_NR_FK=", "V10.persons_only@CF_CFLB"},
        {"penalty", "CF_ZT=撤销", "V10.annulled@CF_ZT"},
        {"penalty", "CF_XDR_MC=鲁", "V11.length@CF_XDR_MC"},
        {"penalty", "CF_WSH=" + repeated("号", 129), "V11.length@CF_WSH"},
        {"registration", "SCOPE=" + repeated("售", 4001), "V11.length@SCOPE"},
        {"penalty", "CF_SY=无", "V11.placeholder@CF_SY"},
        {"permit", "XK_NR=---", "V11.placeholder@XK_NR"},
        {"permit", "XK_YXQZI=-", "V11.placeholder@XK_YXQZI"},
        {"penalty", "CF_YXQ=不详", "V11.placeholder@CF_YXQ"},
        {"registration", "ENT_NAME=null", "V11.placeholder@ENT_NAME"},
        {"penalty", "CF_SY=未取得\xEF\xBF\xBD许可", "V11.characters@CF_SY"},
    };
}

/// Each breaks one rule of rules/checks/checks.yaml in a row that is right otherwise; every one is a
/// rejection.
/// Of the items beside permits and penalties.
inline std::vector<KnownFault> faults_of_other_items() {
    return {
        {"severe_list", "MD_GZRQ=2026-10-13", "K7.notice@MD_GZRQ"},
        {"severe_list", "MD_YYJG=", "K7.objection@MD_YYJG"},
        {"severe_list", "MD_SDRQ=2026-10-11", "K7.delivery@MD_SDRQ"},
        {"severe_list", "MD_MC=本县失信榜", "V10.unknown@MD_MC"},
        {"severe_list", "MD_CS=限制市场或行业准入|停水停电", "V10.unknown@MD_CS"},
        {"severe_list", "MD_WSH=", "V01@MD_WSH"},
        {"abnormal_list", "YC_YCRQ=2026-10-11", "V06.before_decision@YC_YCRQ"},
        {"abnormal_list", "YC_LRYY=其他", "V10.other_text@YC_LRYY"},
        {"judgment_defaulter", "SX_LARQ=2026-10-13", "V06.filed@SX_LARQ"},
        {"criminal_judgment", "XP_SXRQ=2026-10-11", "V06.effective@XP_SXRQ"},
        {"criminal_judgment", "XP_ZT_LB=个体工商户;XP_ZT_SHXYM=" + code_of(77, "92"), "V16@XP_ZT_MC"},
        {"levy", "ZS_JE=一些", "V17@ZS_JE"},
        {"inspection", "JC_RQ=2027-01-01", "V06.future@JC_RQ"},
        {"commitment", "CN_LXZT=部分履行", "V18.broken@CN_LXZT"},
        {"commitment_broken", "WN_LXZT=全部履行", "V18.performed@WN_LXZT"},
        {"commitment", "CN_GK=不公开", "V18.publicity@CN_GK"},
        {"commitment", "CN_BM=410423", "V11.length@CN_BM"},
        {"self_declared", "ZY_CN=否", "V19@ZY_CN"},
        {"occupation", "", "N01.item@ZG_XM"},
    };
}

inline std::vector<KnownFault> rejections() {
    std::vector<KnownFault> all = faults_of_presence();
    for (const auto& more : {faults_of_codes(), faults_of_values(), faults_of_other_items()})
        all.insert(all.end(), more.begin(), more.end());
    return all;
}

/// Lawful rows about which something is to be said all the same.
inline std::vector<KnownFault> remarks() {
    const std::string full_width = [] {
        std::string wide = code_of(1);
        return "９" + wide.substr(1, 8) + "-" + wide.substr(9);
    }();
    return {
        {"penalty", "CF_XDR_SHXYM=;CF_XDR_GSZC=410423000000001",
         "V03.uscc@CF_XDR_SHXYM V05.registration_no@CF_XDR_GSZC"},
        {"penalty", "CF_XDR_SHXYM=;CF_XDR_SWDJ=41042312345678X", "V03.uscc@CF_XDR_SHXYM"},
        {"permit", "XK_XDR_LB=个体工商户;XK_XDR_SHXYM=;XK_XDR_SWDJ=410423123456789", "V04.uscc@XK_XDR_SHXYM"},
        {"penalty", "CF_XDR_LB=个体工商户", "V04.prefix@CF_XDR_SHXYM"},
        {"penalty", "CF_XDR_GSZC=410423000000001", "V05.registration_no@CF_XDR_GSZC"},
        {"registration", "REG_NO=410423000000001", "V05.registration_no@REG_NO"},
        {"penalty", "CF_XDR_ZZJG=12345678-0", "V05.organisation_code_aside@CF_XDR_ZZJG"},
        {"permit", "XK_XDR_SWDJ=12345", "V05.tax_no@XK_XDR_SWDJ"},
        {"penalty", "CF_XDR_SHXYM=" + full_width, "V05.repaired@CF_XDR_SHXYM"},
        {"registration", "USCC= " + to_upper_ascii(code_of(1)).substr(0, 9) + " " + code_of(1).substr(9),
         "V05.repaired@USCC"},
        {"penalty", "CF_XDR_SHXYM=410423000000003", "V05.moved@CF_XDR_SHXYM V05.registration_no@CF_XDR_GSZC"},
        {"permit", "XK_XDR_SHXYM=4104231100001", "V05.moved@XK_XDR_SHXYM"},
        {"penalty", "CF_GSJZQ=以后", "V06.publicity_end_date@CF_GSJZQ"},
        {"penalty", "CF_CFLB=警告", "V07.unexpected_fine@CF_NR_FK"},
        {"penalty", "CF_NR_WFFF=0.5", "V08.unexpected_amount@CF_NR_WFFF"},
        {"penalty", "CF_NR=罚款\x07一万元", "V11.blanks@CF_NR"},
        {"penalty", "CF_CFLB=暂扣或者吊销许可证、暂扣或者吊销执照;CF_NR_FK=;CF_NR_ZKDX=食品经营许可证",
         "V10.choice@CF_CFLB"},
        {"penalty", "CF_ZT=异议", "V10.old_state@CF_ZT"},
        {"penalty", "CF_SYFW=仅授权查询", "V10.use_scope@CF_SYFW"},
        {"permit", "XK_SYFW=1", "V10.use_scope@XK_SYFW"},
        {"severe_list", "MD_XF=否", "K7.letters@MD_XF"},
    };
}

/// Looks like a fault and is none: the boundary next to it.
inline std::vector<KnownFault> harmless() {
    return {
        {"penalty", "", ""},
        {"permit", "", ""},
        {"registration", "", ""},
        {"permit", "XK_WSH=", ""},  // the permit number takes its place
        {"permit", "XK_WSH=无", ""},
        {"penalty", "CF_GSJZQ=", ""},
        {"penalty", "CF_XDR_LB=个体工商户;CF_XDR_SHXYM=" + code_of(77, "92"), ""},
        {"penalty", "CF_XDR_ZZJG=" + completed("MAX00001", subject::is_valid_orgcode), ""},
        {"penalty", "CF_FR_ZJLX=身份证;CF_FR_ZJHM=" + person_number("19800101"), ""},
        {"permit", "XK_FR_ZJLX=护照号;XK_FR_ZJHM=E12345678", ""},
        {"penalty", "CF_JDRQ=2026/11/20;CF_YXQ=2026-11-20;CF_GSJZQ=2026.11.20", ""},
        {"permit", "XK_JDRQ=2026年11月20日;XK_YXQZ=2026/11/20;XK_YXQZI=2026/11/20", ""},
        {"permit", "XK_YXQZI=长期", ""},
        {"penalty", "CF_NR_FK=0.000001", ""},
        {"penalty", "CF_NR_FK=120.5", ""},
        {"penalty", "CF_CFLB=警告;CF_NR_FK=0", ""},
        {"penalty", "CF_CFLB=罚款|没收违法所得;CF_NR_WFFF=0", ""},
        {"penalty", "CF_CFLB=吊销许可证件;CF_NR_FK=;CF_NR_ZKDX=食品经营许可证JY14104230000001", ""},
        {"penalty", "CF_CFLB=其他-责令改正、限期拆除;CF_NR_FK=", ""},
        {"penalty", "CF_ZT=正常;CF_SYFW=公示", ""},
        {"permit", "XK_ZT=2", ""},
        {"permit", "XK_XKLB=06-备案", ""},
        {"penalty", "CF_XDR_MC=" + repeated("鲁", 200), ""},
        {"penalty", "CF_WSH=" + repeated("号", 128), ""},
        {"penalty", "BZ=无;CF_XDR_SYDW=/", ""},
        {"registration", "EST_DATE=2026-11-20;STATE=在业", ""},
        {"registration", "EST_DATE=;STATE=;SCOPE=", ""},
        {"severe_list", "MD_YY=否;MD_YYJG=", ""},
        {"abnormal_list", "YC_YCRQ=", ""},
        {"inspection", "JC_WSH=;JC_JL=", ""},
        {"honour", "RY_YXQ=", ""},
    };
}

}  // namespace mingxin::quality::test
