#include "demo/dirt.h"

#include <span>
#include <string>

#include "base/text.h"

namespace mingxin::demo {
namespace {

/// Where an item has what; -1: it has none.
struct Places {
    int name, code, decided, fine, organ_code, kinds, party, person;
    std::span<const int> mandatory;
};

const Places& places(Item item) {
    using R = RegistrationColumn;
    using X = PermitColumn;
    using C = PenaltyColumn;
    static constexpr int registration[] = {R::name, R::code};
    static constexpr int permit[] = {X::name, X::document_no, X::content, X::decided, X::kind, X::organ};
    static constexpr int penalty[] = {C::name, C::document_no, C::facts, C::basis, C::decided, C::content};
    static constexpr Places all[] = {
        {R::name, R::code, R::established, -1, -1, -1, -1, R::person, registration},
        {X::name, X::code, X::decided, -1, X::organ_code, X::kind, X::party, X::person, permit},
        {C::name, C::code, C::decided, C::fine, C::organ_code, C::kinds, C::party, C::person, penalty}};
    return all[static_cast<int>(item)];
}

void to_full_width(std::string& cell) {
    std::string wide;
    for (const char c : cell)
        append_utf8(wide, c > ' ' && c <= '~' ? U'\uFF01' + (c - '!') : static_cast<char32_t>(c));
    cell = std::move(wide);
}

void to_lower(std::string& cell) {
    for (char& c : cell) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// 0.5 (万元) -> 伍仟元整: what the cell means, written as in the decision.
void to_words(std::string& cell) {
    const std::size_t point = cell.find('.');
    std::string digits = cell.substr(0, point);
    std::string decimals = point == std::string::npos ? "" : cell.substr(point + 1);
    decimals.resize(4, '0');
    cell = "人民币" + amount_in_words(std::stoll(digits + decimals));
}

/// Another check character, so that the code is wrong by one.
void break_code(std::string& code) {
    code.back() = code.back() == '1' ? '2' : '1';
}

/// The name of another organisation under this code.
void change_name(std::string& name) {
    name.insert(name.size() / 3 / 2 * 3, "兴盛");
}

}  // namespace

void add_slip(Item item, Dice& dice, Row& row) {
    const Places& at = places(item);
    static constexpr std::string_view blanks[] = {" ", "\u3000", "\u00A0", "\t"};
    switch (dice.below(6)) {
        case 0:
            to_full_width(row[at.code]);
            break;
        case 1:
            to_lower(row[at.code]);
            break;
        case 2:
            row[at.name] += dice.pick(std::span<const std::string_view>(blanks));
            break;
        case 3:
            row[at.code].insert(8, " ");
            break;
        case 4:
            if (at.fine >= 0 && !row[at.fine].empty()) to_words(row[at.fine]);
            break;
        default:
            row[at.name].insert(0, "\u3000");
    }
}

void add_fault(Item item, Date today, Dice& dice, Row& row) {
    const Places& at = places(item);
    static constexpr std::string_view placeholders[] = {"无", "-", "/", "null", "不详", "***"};
    const auto mandatory = at.mandatory;
    switch (dice.below(item == Item::registration ? 4 : 9)) {
        case 0:
            row[dice.pick(mandatory)].clear();
            break;
        case 1:
            row[dice.pick(mandatory)] = dice.pick(std::span<const std::string_view>(placeholders));
            break;
        case 2:
            break_code(row[at.code]);
            break;
        case 3:
            row[at.decided] = row[at.decided].substr(0, 4) + "/02/30";
            break;
        case 4:
            row[at.decided] = write_date(today.plus_days(20), Style::Dates::slashes);
            break;
        case 5:
            row[at.kinds] = "其他";
            break;
        case 6:
            row[at.organ_code] =
                make_code("11", "410499", "MBX", static_cast<std::int64_t>(dice.below(1000)));
            break;
        case 7:
            change_name(row[at.name]);
            break;
        default:  // a natural person, of whom nothing is collected
            row[at.name] = make_person(dice);
            row[at.party] = "自然人";
            row[at.code].clear();
            row[at.person].clear();
    }
}

}  // namespace mingxin::demo
