// Personal data in running text: resident identity numbers, mobile numbers, bank cards, home addresses, as
// people write them (full width, grouped, with a country code). For texts that are about to be published;
// shown values of records are masked by record::mask_personal(). Pure functions, thread-safe.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mingxin::subject {

enum class PersonalKind { resident_id, mobile, bank_card, home_address };

/// "resident_id", ...: as rules name it.
std::string_view personal_kind_name(PersonalKind kind);

/// Of digits, half width, an upper-case X at the end where there is one.
/// A resident identity number whose check digit holds, or one of 15 digits with a date of birth (GB 11643);
/// no code or number of an organisation.
bool is_resident_number(std::string_view digits);
/// 11 digits of a mobile line.
bool is_mobile_number(std::string_view digits);
/// The check digit of cards (ISO/IEC 7812-1, annex B).
bool passes_luhn(std::string_view digits);

struct PersonalSpan {
    std::size_t begin = 0, end = 0;  // bytes of the text
    PersonalKind kind = PersonalKind::mobile;
};

/// In the order of the text, not overlapping; at most limit. text is well-formed UTF-8. Never taken for
/// personal data: unified social credit codes, registration numbers, numbers of documents (…号) and licences
/// (behind letters), amounts of money.
std::vector<PersonalSpan> find_personal(std::string_view text, std::size_t limit = 1000);

/// What may be repeated of such a span: the first characters of a number, the first of an address, then ****.
std::string masked_personal(std::string_view span, PersonalKind kind);

}  // namespace mingxin::subject
