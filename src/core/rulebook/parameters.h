// The parameters that code asks for, by id; loading fails when rules/parameters.yaml lacks one. Values and
// sources are there.
#pragma once
#include <string_view>

namespace mingxin::rulebook {

inline constexpr std::string_view kLongTermDate = "legacy.long_term_date";              // text: "2099-12-31"
inline constexpr std::string_view kPersonMinAge = "person.min_age";                     // years
inline constexpr std::string_view kRejectSimplePerson = "intake.reject_simple_person";  // 0 or 1
inline constexpr std::string_view kRejectSimpleOrg = "intake.reject_simple_org";        // 0 or 1
inline constexpr std::string_view kSimpleMaxPersonYuan = "penalty.simple.max_person";   // yuan
inline constexpr std::string_view kSimpleMaxOrgYuan = "penalty.simple.max_org";         // yuan
/// 0 or 1: an organisation's fine up to penalty.simple.max_org with no kind but 罚款 and 警告 counts as 轻微.
inline constexpr std::string_view kSmallFineIsMinor = "severity.small_fine_is_minor";
inline constexpr std::string_view kSeriousFineYuan =
    "severity.serious_fine";  // yuan from which 严重; 0: none
inline constexpr std::string_view kCeilingYears = "period.ceiling_years.provincial";

inline constexpr std::string_view kCheckWorkingDays = "intake.check_working_days";  // working days

inline constexpr std::string_view kParameterIds[] = {
    kLongTermDate,     kPersonMinAge,     kRejectSimplePerson, kRejectSimpleOrg, kSimpleMaxPersonYuan,
    kSimpleMaxOrgYuan, kSmallFineIsMinor, kSeriousFineYuan,    kCeilingYears,    kCheckWorkingDays,
};

}  // namespace mingxin::rulebook
