#include "listing/keyset.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <mutex>
#include <set>

#include "base/text.h"
#include "store/search_text.h"

namespace mingxin::listing {
namespace {

constexpr int kMostKeys = 10'000;
constexpr std::size_t kKeysAtOnce = 100;

/// Statements live for ever: their texts key the caches of the connections.
class Statements {
  public:
    const store::Sql& get(const std::string& name, const std::string& text) {
        const std::lock_guard lock(mutex_);
        const auto [found, added] = known_.try_emplace(text);
        if (added) {
            const std::string& kept = *names_.insert(names_.count(name) == 0 ? name : name + "'").first;
            found->second = {kept.c_str(), found->first.c_str()};
        }
        return found->second;
    }
    std::vector<store::Sql> all() {
        const std::lock_guard lock(mutex_);
        std::vector<store::Sql> list;
        for (const auto& [text, sql] : known_) list.push_back(sql);
        return list;
    }

  private:
    std::mutex mutex_;
    std::map<std::string, store::Sql> known_;
    std::set<std::string> names_;
};

Statements& known() {
    static Statements statements;
    return statements;
}

/// The first key whose time is not before us; beyond the last one where there is none.
Result<std::int64_t> first_key_at(store::ReadTx& tx, const Clock& clock, std::int64_t us) {
    std::int64_t low = 0, high = 1;
    {
        auto last = TRY(tx.query(clock.last));
        if (TRY(last.next())) high = last.integer(0) + 1;
    }
    while (low < high) {
        const std::int64_t middle = low + (high - low) / 2;
        auto row = TRY(tx.query(clock.probe, {middle}));
        if (!TRY(row.next()) || row.integer(1) >= us) {
            high = middle;
        } else {
            low = row.integer(0) + 1;
        }
    }
    return low;
}

}  // namespace

Result<Range> behind(const Walk& walk, Range range) {
    if (walk.from.empty()) return range;
    std::int64_t key = 0;
    const char* end = walk.from.data() + walk.from.size();
    const auto [at, error] = std::from_chars(walk.from.data(), end, key);
    if (error != std::errc() || at != end || key < 0) {
        return fail(Fault::bad_argument, "page 应为上一次结果中的 next 或 previous");
    }
    if (walk.descending) {
        range.high = std::min(range.high, key);
    } else {
        range.low = std::max(range.low, key);
    }
    return range;
}

Instant start_of(Date day) {
    return {(std::int64_t{day.days} * 86'400 - 8 * 3'600) * 1'000'000};
}

Result<std::optional<Date>> day_in(const api::Input& in, const char* name) {
    const std::string_view text = in.text(name);
    if (text.empty()) return std::optional<Date>();
    const auto day = parse_date(text);
    if (!day) return fail(Fault::bad_argument, std::string(name) + " 应为日期，例如 2026-05-01");
    return day;
}

Result<Range> within_days(store::ReadTx& tx, const Clock& clock, const api::Input& in, Range range) {
    const auto from = TRY(day_in(in, "from")), to = TRY(day_in(in, "to"));
    if (from) range.low = std::max(range.low, TRY(first_key_at(tx, clock, start_of(*from).us)) - 1);
    if (to) range.high = std::min(range.high, TRY(first_key_at(tx, clock, start_of(to->plus_days(1)).us)));
    return range;
}

Select::Select(std::string_view name, std::string_view head, std::vector<store::Value> values) : name_(name) {
    append(head, values);
}

Select& Select::where(std::string_view tag, std::string_view condition,
                      std::span<const store::Value> values) {
    name_.append(".").append(tag);
    text_ += " and ";
    append(condition, values);
    return *this;
}

void Select::append(std::string_view text, std::span<const store::Value> values) {
    std::size_t next = 0;
    for (char c : text) {
        if (c != '?') {
            text_ += c;
            continue;
        }
        values_.push_back(values[next++]);
        text_ += '$' + std::to_string(values_.size());
    }
}

Result<store::Cursor> Select::rows(store::ReadTx& tx, std::string_view order, bool descending,
                                   std::int64_t most) const {
    std::string text = text_ + " order by ";
    bool first = true;
    for (std::string_view column : split(order, ',')) {
        if (!first) text += ", ";
        first = false;
        text.append(trim(column)).append(descending ? " desc" : "");
    }
    std::vector<store::Value> values = values_;
    values.emplace_back(most);
    text += " limit $" + std::to_string(values.size());
    return tx.scan(known().get(name_ + (descending ? ".desc" : ""), text), values);
}

std::vector<store::Sql> statements() {
    return known().all();
}

Result<void> walk_rows(store::ReadTx& tx, const Select& select, std::string_view key_column, Range range,
                       const std::vector<std::int64_t>* keys, bool descending, std::int64_t most,
                       const VisitCursor& visit) {
    if (range.empty()) return {};
    const std::string column(key_column);
    if (!keys) {
        Select ranged = select;
        ranged.where("range", column + " > ? and " + column + " < ?", {range.low, range.high});
        auto rows = TRY(ranged.rows(tx, key_column, descending, most));
        while (TRY(rows.next())) {
            if (!TRY(visit(rows))) break;
        }
        return {};
    }
    std::vector<std::int64_t> wanted;
    for (std::int64_t key : *keys) {
        if (key > range.low && key < range.high) wanted.push_back(key);
    }
    if (descending) std::reverse(wanted.begin(), wanted.end());
    std::string marks = "?";
    for (std::size_t i = 1; i < kKeysAtOnce; ++i) marks += ", ?";
    const std::string condition = column + " in (" + marks + ")";
    for (std::size_t at = 0; at < wanted.size(); at += kKeysAtOnce) {
        std::vector<store::Value> values(kKeysAtOnce, store::Value(std::int64_t{-1}));
        for (std::size_t i = 0; i < kKeysAtOnce && at + i < wanted.size(); ++i) values[i] = wanted[at + i];
        Select some = select;
        some.where("keys", condition, values);
        auto rows = TRY(some.rows(tx, key_column, descending, INT64_MAX));
        while (TRY(rows.next())) {
            if (most-- <= 0 || !TRY(visit(rows))) return {};
        }
    }
    return {};
}

bool TextFilter::matches(std::string_view text) const {
    if (folded.empty()) return true;
    static thread_local std::string own;
    store::fold_search_text(text, own);
    return own.find(folded) != std::string::npos;
}

Result<TextFilter> containing(store::ReadTx& tx, const store::Table& table, std::string_view text) {
    TextFilter filter;
    if (trim(text).empty()) return filter;
    filter.folded = store::fold_search_text(text);
    auto keys = TRY(tx.search(table, text, kMostKeys));
    if (keys.size() < static_cast<std::size_t>(kMostKeys)) filter.keys = std::move(keys);
    return filter;
}

}  // namespace mingxin::listing
