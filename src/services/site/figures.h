// Figures of the site and the order of its lists, kept by a record::FigureKeeper: 1 M records take a second.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "record/keeper.h"
#include "rulebook/rulebook.h"
#include "store/store.h"
#include "subject/subject.h"

namespace mingxin::site {

/// A record in the lists, by position. Its content is disclosed when it is shown.
struct Listed {
    std::int64_t position = 0, event = 0;
    std::int32_t row = 0;
    std::int32_t decided = 0;  // days; 0: none
    std::int32_t unit = -1;    // index into Figures::units
    std::string id() const { return std::to_string(event) + "-" + std::to_string(row); }
};

/// What one item amounts to today.
struct ItemFigures {
    std::int64_t shown = 0;
    std::map<int, std::int64_t> by_severity;  // 1 轻微, 2 一般, 3 严重
    std::map<int, std::int64_t> by_month;     // year * 12 + month - 1 of the decision
    std::map<int, std::int64_t> by_unit;      // index into units
    std::vector<Listed> records;              // oldest position first
};

struct Figures {
    std::int64_t event = 0;  // the last one counted
    Date day;
    subject::BaseCounts subjects;
    std::int64_t last_subject = 0;  // greatest id
    std::int64_t received_this_week = 0;
    std::vector<std::pair<std::string, std::string>> units;  // code and name; empty: not registered
    std::map<std::int64_t, ItemFigures> items;               // by number
    const ItemFigures& of(const rulebook::Item& item) const;
};

/// Whether an item has a place in lists and tables: what is prominent always, what else is public when there
/// is any of it.
bool is_listed(const rulebook::Item& item, const ItemFigures& figures);

/// Keeps the newest ones. begin: a moment of the day to count at once.
std::unique_ptr<record::FigureKeeper> keep_figures(store::Database& database,
                                                   std::shared_ptr<const rulebook::Rulebook> rulebook,
                                                   std::int64_t tenant, Instant begin);

}  // namespace mingxin::site
