// What the platform must have become, told by a program of its own: the law of rules.md written down a second
// time, in the simplest way, sharing nothing with the product but the calendar of <chrono>.
#pragma once
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace mingxin::tests::sim {

using Day = std::chrono::sys_days;

/// Kinds of penalties by what the law calls them.
enum class Kind { none, warning, small_fine, fine, revocation };

struct Fact {
    std::string item, code, document, content;  // content: all that may differ between two rows of a document
    std::string permit_number;
    Kind kind = Kind::none;
    Day decided{};
    std::optional<Day> valid_to, stated_end;
    // What became of it.
    std::string id;
    std::int64_t received_us = 0, ended_us = 0;  // 0: stands
};

enum class Became { accepted, updated, duplicate, doubtful, rejected };

struct Company {
    std::string name;
    std::set<std::string> former;
};

class Model {
  public:
    /// What becomes of a row about a fact that is told under this name; empty code: only a name.
    Became take(const Fact& fact, const std::string& name, const std::string& id, std::int64_t now_us);
    /// A registration that tells a new name beside the known one.
    Became rename(const Fact& registration, const std::string& new_name, const std::string& id,
                  std::int64_t now_us);

    /// Whether a fact may be shown to the public on a day, as far as its contents go.
    static bool in_term(const Fact& fact, Day today);
    /// Ids shown of a code on a day, of what was known and stood at an instant.
    std::set<std::string> shown(const std::string& code, Day today, std::int64_t known_us) const;
    const std::map<std::string, Company>& companies() const { return companies_; }
    const std::vector<Fact>& facts() const { return facts_; }
    const Fact& fact(const std::string& id) const;

    std::int64_t became[5] = {};

  private:
    Became decide(const Fact& fact, const std::string& name, const std::string& id, std::int64_t now_us);
    Became attach(const Fact& fact, const std::string& id, std::int64_t now_us);

    std::map<std::string, Company> companies_;  // by code
    std::vector<Fact> facts_;                   // in the order of arrival
};

}  // namespace mingxin::tests::sim
