// What a loaded rulebook holds; filled by the loader (load_*.cpp), read through Rulebook.
#pragma once
#include <map>
#include <set>

#include "rulebook/indicators.h"
#include "rulebook/rulebook.h"

namespace mingxin::rulebook {

struct Book {
    std::string digest;
    std::vector<RuleFile> files;
    Edition edition;
    std::map<std::string, Basis, std::less<>> documents;   // by id; article empty
    std::vector<std::unique_ptr<CatalogueClass>> classes;  // by number
    std::vector<std::unique_ptr<Item>> items;              // by number
    std::map<std::string, std::unique_ptr<Domain>, std::less<>> domains;
    std::vector<PublicityTerm> publicity;
    std::map<std::string, std::vector<Parameter>, std::less<>> parameters;  // by id, each by validity
    std::optional<calendar::Calendar> calendar;
    std::map<std::string, Division, std::less<>> divisions;
    std::map<std::string, std::string, std::less<>> industries;
    std::map<std::string, std::string, std::less<>> industry_sections;  // by section and division
    std::vector<RoleRule> roles;
    ReportText report;
    std::vector<WordRule> word_rules;
    std::vector<Campaign> campaigns;
    std::vector<WithdrawalGround> withdrawal_grounds;
    std::vector<Indicator> indicators;
    std::vector<AssessmentScheme> assessment_schemes;
    std::set<std::string, std::less<>> placeholders;  // folded
    std::u32string placeholder_runs;
    std::u32string placeholder_starts;  // first characters of both
    std::vector<RuleInfo> rules;
};

struct Rulebook::Impl : Book {
    explicit Impl(Book book) : Book(std::move(book)), lexicon(word_rules) {}
    Lexicon lexicon;
};

/// How values of closed lists and placeholders compare: half-width, without blanks, upper case.
std::string fold_value(std::string_view text);

}  // namespace mingxin::rulebook
