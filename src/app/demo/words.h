// The vocabulary of the invented county. Tables of constant text; wholly thread-safe.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace mingxin::demo {

struct Trade {
    std::string_view company;     // "建材": …建材有限公司
    std::string_view individual;  // "建材经营部": …建材经营部
    std::string_view scope;       // 经营范围
    std::string_view industry;    // division of GB/T 4754
};

/// An act that needs a permit, and the unit that grants it.
struct PermitKind {
    std::string_view document;  // 行政许可决定文书名称
    std::string_view licence;   // 许可证书名称
    std::string_view kind;      // 许可类别
    std::string_view prefix;    // of 许可编号
    std::string_view content;
    int years = 0;  // 0: long-term
};

/// What a penalty consists of.
enum PenaltyPart : unsigned {
    warning = 1,
    criticism = 2,
    fine = 4,
    confiscation = 8,
    suspension = 16,
    revocation = 32,
    shutdown = 64
};

struct ViolationKind {
    std::string_view type;   // 违法行为类型
    std::string_view facts;  // follows "当事人"
    std::string_view basis;
    unsigned parts = 0;  // of PenaltyPart
    int fine_from_yuan = 0, fine_to_yuan = 0;
    std::string_view licence = {};  // suspended or revoked
};

struct Department {
    std::string_view name;    // after the place: "市场监督管理局"
    std::string_view letter;  // in document numbers: "市监"
    int permit_weight = 0;    // share of all permits
    int penalty_weight = 0;
    std::span<const PermitKind> permits;
    std::span<const ViolationKind> violations;
};

std::span<const Department> departments();
std::span<const Trade> trades();
/// Characters of trade names (字号), of given names, of towns; family names.
std::span<const std::string_view> trade_name_characters();
std::span<const std::string_view> given_name_characters();
std::span<const std::string_view> family_names();
std::span<const std::string_view> towns();
std::span<const std::string_view> streets();
/// 12,345 yuan -> 壹万贰仟叁佰肆拾伍元整; 0 < yuan < 10^12.
std::string amount_in_words(std::int64_t yuan);

}  // namespace mingxin::demo
