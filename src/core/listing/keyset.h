// What the walks of lists are made of: statements grown from conditions, ranges of integer keys, days turned
// into keys, texts turned into keys. Internal to those who describe lists. Pure but for the reading.
#pragma once
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "listing/listing.h"
#include "store/store.h"

namespace mingxin::listing {

/// Integer keys with low < key < high.
struct Range {
    std::int64_t low = -1, high = INT64_MAX;
    bool empty() const { return high - 1 <= low; }
};

/// The range behind walk.from in its direction, of keys that range holds. Fault::bad_argument for a key that
/// is none.
Result<Range> behind(const Walk& walk, Range range);

/// How a table whose times never go back against its keys finds a key by time.
struct Clock {
    store::Sql probe;  // "select KEY, TIME from T where KEY >= $1 order by KEY limit 1"
    store::Sql last;   // "select coalesce(max(KEY), 0) from T"
};
/// Narrowed to what came on the days "from" to "to" of in (Asia/Shanghai, both whole). A binary search by the
/// primary key: some forty look-ups at a million rows. Fault::bad_argument for what is no date.
Result<Range> within_days(store::ReadTx& tx, const Clock& clock, const api::Input& in, Range range);
/// The first instant of a day in Asia/Shanghai.
Instant start_of(Date day);
/// The date that a filter holds. Fault::bad_argument.
Result<std::optional<Date>> day_in(const api::Input& in, const char* name);

/// A select that grows. Values are views: what they view must outlive it.
class Select {
  public:
    /// head: "select ... from ... where tenant = ?", with one value per question mark.
    Select(std::string_view name, std::string_view head, std::vector<store::Value> values);
    /// condition: "item = ?"; tag makes the statement's name.
    Select& where(std::string_view tag, std::string_view condition, std::span<const store::Value> values);
    Select& where(std::string_view tag, std::string_view condition,
                  std::initializer_list<store::Value> values) {
        return where(tag, condition, std::span(values.begin(), values.size()));
    }
    /// order: "b.id, r.position", each in the direction given.
    Result<store::Cursor> rows(store::ReadTx& tx, std::string_view order, bool descending,
                               std::int64_t most) const;

  private:
    void append(std::string_view text, std::span<const store::Value> values);
    std::string name_, text_;
    std::vector<store::Value> values_;
};
/// The statements that were made so far, for tests of their plans.
std::vector<store::Sql> statements();

/// Rows of a statement one after another; visit returns whether to go on.
using VisitCursor = std::function<Result<bool>(store::Cursor&)>;
/// keys: only these (sorted upwards), in steps of a hundred; else by the range, with the conditions
/// key_column > low and key_column < high. Ordered by key_column, at most most rows.
Result<void> walk_rows(store::ReadTx& tx, const Select& select, std::string_view key_column, Range range,
                       const std::vector<std::int64_t>* keys, bool descending, std::int64_t most,
                       const VisitCursor& visit);

/// Rows of a table whose search column contains a text. Of few, keys holds all of them; where many do,
/// looking at each row is quicker: then keys is absent.
struct TextFilter {
    std::string folded;  // empty: any row
    std::optional<std::vector<std::int64_t>> keys;
    bool matches(std::string_view text) const;
    const std::vector<std::int64_t>* selected() const { return keys ? &*keys : nullptr; }
};
/// Fault::bad_argument for a text of one character.
Result<TextFilter> containing(store::ReadTx& tx, const store::Table& table, std::string_view text);

}  // namespace mingxin::listing
