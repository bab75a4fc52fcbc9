// The leak gate's detector: personal data in running text, as people write them (full width, grouped, with a
// country code). One detector for both doors: texts that are about to be published (content) and values of
// records when they are shown (record::mask_personal). Forms and check digits are code, the words that decide
// are rules (rules/content/words.yaml); docs/leak-gate.md tells kinds, masks and how well it does. Pure
// functions, thread-safe; any bytes are accepted.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "rulebook/rulebook.h"

namespace mingxin::subject {

enum class PersonalKind {
    resident_id,
    mobile,
    landline,
    bank_card,
    bank_account,
    home_address,
    minor,   // what tells that a person is under age: the name, the age, or the date of birth
    health,  // of a person
};

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
    std::size_t begin = 0, end = 0;  // bytes of the text: what is to be masked
    PersonalKind kind = PersonalKind::mobile;
    const rulebook::WordRule* rule = nullptr;  // that it was found by; numbers may have none
};

/// In the order of the text, not overlapping; at most limit. Never taken for personal data: unified social
/// credit codes, registration numbers, numbers of documents (…号) and licences (behind letters), amounts of
/// money, and what the rules in force on `today` leave out. Under age is who is so on that day.
std::vector<PersonalSpan> find_personal(std::string_view text, const rulebook::Rulebook& rulebook, Date today,
                                        std::size_t limit = 1000);
/// Only what needs no words: resident_id, mobile, bank_card.
std::vector<PersonalSpan> find_personal_numbers(std::string_view text, std::size_t limit = 1000);

/// What may be shown in the place of such a span: 410423************, 138****5678, 0375-*******, a home up to
/// its village or street, **岁.
std::string masked_personal(std::string_view span, PersonalKind kind);

}  // namespace mingxin::subject
