// Organisations and units of the invented county, each computed from its number alone.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "demo/demo.h"
#include "demo/dice.h"

namespace mingxin::demo {

enum class Form { company, individual, cooperative, institution, association };

struct Organisation {
    std::string code, name;
    std::string person;       // 法定代表人 or operator
    std::string certificate;  // 18 digits, province-level area
    std::string address;
    Form form = Form::company;
    int trade = 0;
    Date established;
    std::int64_t capital_wan_yuan = 0;
};

class County {
  public:
    explicit County(Options options);

    const Options& options() const { return options_; }
    const std::vector<Unit>& units() const { return units_; }
    int first_year() const { return options_.today.year() - 9; }
    int last_year() const { return options_.today.year(); }
    /// Organisations are numbered by the year in which they are registered: those known at the end of a year
    /// are 0 .. known_by(year) - 1. Those before first_year() come first.
    std::int64_t known_by(int year) const;
    /// As it is called in that year: two in a hundred are renamed once. out is reused: its strings keep
    /// memory.
    void organisation(std::int64_t number, int year, Organisation& out) const;
    /// The year in which an organisation is renamed; 0: never.
    int renamed_in(std::int64_t number) const;
    /// The year at whose end an organisation is deregistered; 0: it still exists.
    int gone_in(std::int64_t number) const;
    /// A day of the year that has come.
    Date day_of(int year, Dice& dice) const;

  private:
    Options options_;
    std::string city_;  // its division code
    std::vector<Unit> units_;
    std::int64_t organisations_;
};

/// 统一社会信用代码: two letters of department and type, division, an invented subject body, check
/// characters.
std::string make_code(std::string_view kind, std::string_view division, std::string_view letters,
                      std::int64_t number);
/// An invented person: name of two to four characters.
std::string make_person(Dice& dice);

}  // namespace mingxin::demo
