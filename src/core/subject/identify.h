// The numbers that organisations and persons are known by, read as they are written and repaired where the
// check digit proves the repair: GB 32100-2015 (unified social credit code, USCC), GB 11714 (organisation
// code), GS 15-2006 (15-digit registration number), GB 11643 (resident identity number); rules 5.1 to 5.5.
// The iron rule: a valid code is never changed. Pure functions, thread-safe; any bytes are accepted.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace mingxin::subject {

enum class IdentifierKind {
    uscc,
    orgcode,
    regno15,
    regno13,     // registration numbers before 2007: no check digit
    regno_coop,  // farmers' cooperatives before 2015, 410423NA000123X: no published check
    ric,         // resident identity number: personal data
    other,
};

/// "uscc", "orgcode", ...
std::string_view kind_name(IdentifierKind kind);

struct Identified {
    IdentifierKind kind = IdentifierKind::other;
    bool valid = false;     // strictly as written; for kinds without a check digit: the form is right
    std::string canonical;  // the value itself when valid, what a repair makes of it, or empty
    /// Chinese, for a clerk: why it is invalid, what the repair changed, or what to know about a valid one.
    /// Never repeats the value.
    std::string reason_zh;
};

/// The best reading of an unlabelled value.
Identified identify(std::string_view value);

/// Strict, as written: half width, upper case, no blanks or hyphens. An unknown division or an
/// organisation-code part that fails its own check does not make a USCC invalid: real ones exist.
bool is_valid_uscc(std::string_view value);
bool is_valid_orgcode(std::string_view value);
bool is_valid_regno15(std::string_view value);
bool is_valid_regno13(std::string_view value);
bool is_valid_regno_coop(std::string_view value);
/// 18 characters; residents, residents of Hong Kong, Macao and Taiwan (81, 82, 83), and foreigners' permanent
/// residence (9...). The birth date exists and, when today is given, is not after it.
bool is_valid_ric(std::string_view value, std::optional<Date> today = std::nullopt);

/// The valid code that value was meant to be, or empty. Repaired: full width, lower case, blanks, hyphens,
/// quotes, a label before it (代码：), a copy's number behind it (（1-1）); and look-alikes (O to 0, I to 1,
/// Z to 2, S to 5, ...) where the place can't hold the character and the check digit then holds. A valid
/// value comes back as it is.
std::string repair_uscc(std::string_view value);
std::string repair_orgcode(std::string_view value);
std::string repair_regno15(std::string_view value);
/// Also turns the 15 digits of before 1999 into 18.
std::string repair_ric(std::string_view value);

/// The three databases, by the prefix of a USCC (rules 5.1). Stored as integers: values are fixed.
enum class Base { enterprise = 0, individual_business = 1, other_organisation = 2 };

/// uscc must be valid; the views point into it.
Base base_of(std::string_view uscc);
std::string_view division_of(std::string_view uscc);  // GB/T 2260, at registration; may be abolished since
std::string_view orgcode_of(std::string_view uscc);   // 9 characters
/// ric must be valid.
Date birth_date_of(std::string_view ric);

}  // namespace mingxin::subject
