#include "demo/county.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "demo/words.h"

namespace mingxin::demo {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";  // GB 32100

int alphabet_index(char c) {
    static const auto table = [] {
        std::array<std::int8_t, 128> values{};
        for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
            values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::int8_t>(i);
        }
        return values;
    }();
    return table[static_cast<unsigned char>(c)];
}

/// GB 11714: check character over eight characters 0-9A-Z.
char organisation_check(std::string_view body) {
    static constexpr int weights[] = {3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (std::size_t i = 0; i < body.size(); ++i) {
        sum += weights[i] * (body[i] <= '9' ? body[i] - '0' : body[i] - 'A' + 10);
    }
    const int check = 11 - sum % 11;
    return check == 10 ? 'X' : check == 11 ? '0' : static_cast<char>('0' + check);
}

/// GB 32100: check character over seventeen.
char code_check(std::string_view body) {
    int sum = 0, weight = 1;
    for (const char c : body) {
        sum += alphabet_index(c) * weight;
        weight = weight * 3 % 31;
    }
    return kAlphabet[(31 - sum % 31) % 31];
}

/// GB 11643 with area 410000, which is of a province and never given to a person.
void make_certificate(Dice& dice, int oldest_year, std::string& out) {
    static constexpr int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    const int year = oldest_year + static_cast<int>(dice.below(32));
    const int month = 1 + static_cast<int>(dice.below(12)), day = 1 + static_cast<int>(dice.below(28));
    const int serial = 1 + static_cast<int>(dice.below(998));
    out = "410000";
    const auto append = [&](int value, int digits) {
        for (int unit = digits == 4 ? 1000 : digits == 3 ? 100 : 10; unit > 0; unit /= 10) {
            out += static_cast<char>('0' + value / unit % 10);
        }
    };
    append(year, 4);
    append(month, 2);
    append(day, 2);
    append(serial, 3);
    int sum = 0;
    for (int i = 0; i < 17; ++i) sum += weights[i] * (out[i] - '0');
    out += "10X98765432"[sum % 11];
}

Form form_of(Dice& dice) {
    const auto throw_ = dice.below(100);
    if (throw_ < 56) return Form::company;
    if (throw_ < 92) return Form::individual;
    if (throw_ < 96) return Form::cooperative;
    return throw_ < 98 ? Form::institution : Form::association;
}

std::string_view kind_of(Form form) {
    static constexpr std::string_view kinds[] = {"91", "92", "93", "12", "51"};
    return kinds[static_cast<int>(form)];
}

/// What of a name follows from the number, so that no two organisations get the same by accident.
struct NameNumber {
    std::uint64_t pair = 0;   // of characters of the trade name
    std::uint64_t round = 0;  // how often all pairs of all trades were used up before
    int trade = 0;
};

NameNumber name_number(std::int64_t number, std::uint64_t seed) {
    // An affine permutation: neighbours in number get unlike names.
    const std::uint64_t characters = trade_name_characters().size(), pairs = characters * characters;
    const std::uint64_t all = pairs * trades().size();
    const std::uint64_t permuted = (static_cast<std::uint64_t>(number) % all * 610639 + seed % 4999) % all;
    return {permuted % pairs, static_cast<std::uint64_t>(number) / all, static_cast<int>(permuted / pairs)};
}

/// The trade name (字号): two characters, sometimes a third.
void append_trade_name(std::string& out, const NameNumber& number, Dice& dice, bool renamed) {
    const auto characters = trade_name_characters();
    out += characters[number.pair % characters.size()];
    out += characters[number.pair / characters.size()];
    if (number.round > 0) {
        out += characters[number.round % characters.size()];
    } else if (dice.per_mille(350)) {
        out += dice.pick(characters);
    }
    if (renamed) out += "新";
}

void compose_name(Organisation& out, std::string_view place, const NameNumber& number, Dice dice,
                  bool renamed) {
    const Trade& trade = trades()[out.trade];
    out.name = place;
    append_trade_name(out.name, number, dice, renamed);
    switch (out.form) {
        case Form::company:
            out.name += trade.company;
            out.name += dice.per_mille(30)    ? "股份有限公司"
                        : dice.per_mille(100) ? "有限责任公司"
                                              : "有限公司";
            break;
        case Form::individual:
            out.name += trade.individual;
            break;
        case Form::cooperative:
            out.name += dice.per_mille(500) ? "种植专业合作社" : "养殖专业合作社";
            break;
        case Form::institution:
            out.name += dice.per_mille(600) ? "实验学校" : "卫生院";
            break;
        case Form::association:
            out.name.append(trade.company).append("协会");
            break;
    }
}

}  // namespace

std::string make_code(std::string_view kind, std::string_view division, std::string_view letters,
                      std::int64_t number) {
    std::string code;
    code.reserve(18);
    code.append(kind).append(division).append(letters);
    std::array<char, 5> digits;
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
        *digit = kAlphabet[number % 31];
        number /= 31;
    }
    CHECK(number == 0);
    code.append(digits.data(), digits.size());
    code += organisation_check(std::string_view(code).substr(8));
    code += code_check(code);
    CHECK(code.size() == 18);
    return code;
}

std::string make_person(Dice& dice) {
    std::string name(dice.pick(family_names()));
    name += dice.pick(given_name_characters());
    if (dice.per_mille(600)) name += dice.pick(given_name_characters());
    return name;
}

County::County(Options options)
    : options_(std::move(options)),
      city_(options_.division.substr(0, 4) + "00"),
      organisations_(volume(options_.size).organisations) {
    std::int64_t number = 1;
    for (const Department& department : departments()) {
        units_.push_back({make_code("11", options_.division, "MBY", number++),
                          options_.place + std::string(department.name)});
    }
}

std::int64_t County::known_by(int year) const {
    // Four in ten are older than the ten years; the others come in equal parts.
    const int years = std::clamp(year - first_year() + 1, 0, 10);
    return organisations_ * 4 / 10 + organisations_ * 6 * years / 100;
}

int County::renamed_in(std::int64_t number) const {
    Dice dice(options_.seed, 11, number);
    if (!dice.per_mille(20)) return 0;
    const int year = first_year() + 2 + static_cast<int>(dice.below(8));
    return number < known_by(year - 1) ? year : 0;
}

int County::gone_in(std::int64_t number) const {
    Dice dice(options_.seed, 12, number);
    if (!dice.per_mille(90)) return 0;
    const int year = first_year() + 3 + static_cast<int>(dice.below(7));
    return number < known_by(year - 1) ? year : 0;
}

Date County::day_of(int year, Dice& dice) const {
    const Date first = *make_date(year, 1, 1);
    const int days = std::min(365, options_.today.days - first.days);
    return first.plus_days(static_cast<int>(dice.below(std::max(days, 1))));
}

void County::organisation(std::int64_t number, int year, Organisation& out) const {
    Dice dice(options_.seed, 7, number);
    out.form = form_of(dice);
    const NameNumber of_name = name_number(number, options_.seed);
    out.trade = of_name.trade;
    const bool by_city_bureau = dice.per_mille(30);
    out.code = make_code(kind_of(out.form), by_city_bureau ? city_ : options_.division, "MAY", number);
    const int renamed = renamed_in(number);
    compose_name(out, options_.place, of_name, Dice(options_.seed, 13, number),
                 renamed != 0 && year >= renamed);
    out.person = make_person(dice);
    make_certificate(dice, 1955, out.certificate);
    out.address = options_.place;
    out.address += dice.pick(towns());
    out.address += dice.pick(streets());
    out.address += std::to_string(1 + dice.below(480));
    out.address += "号";
    const std::int64_t before = known_by(first_year() - 1);
    if (number < before) {
        out.established = make_date(first_year(), 1, 1)->plus_days(-1 - static_cast<int>(dice.below(6000)));
    } else {
        int founded = first_year();
        while (founded < last_year() && number >= known_by(founded)) ++founded;
        out.established = day_of(founded, dice);
    }
    static constexpr int capitals[] = {3, 5, 10, 30, 50, 100, 200, 500, 1000, 2000, 5000};
    out.capital_wan_yuan = capitals[dice.below(std::size(capitals))];
}

}  // namespace mingxin::demo
