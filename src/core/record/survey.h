// Everything that the public may be shown on a day, one after another: for figures and for lists of what is
// newest. The decision is publicity()'s, as in disclose(); contents are not read, they leave through
// disclose_one() alone.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "rulebook/rulebook.h"
#include "store/store.h"

namespace mingxin::record {

/// A record that may be shown, without its content.
struct Surveyed {
    std::int64_t position = 0, event = 0, row = 0;
    const rulebook::Item* item = nullptr;
    std::optional<Date> decided, shown_until;
    int severity = 0;
    Instant received;
    std::string_view unit_code;  // who handed it in; valid during the visit
    std::string id() const { return std::to_string(event) + "-" + std::to_string(row); }
};

/// Oldest position first. Constant memory; some 1 us per live record, so never per request.
Result<void> survey(store::ReadTx& tx, const rulebook::Rulebook& rulebook, std::int64_t tenant, Date today,
                    const std::function<void(const Surveyed&)>& visit);

/// A record among those of all items, by the number of the item and its position.
struct SurveyPlace {
    std::int64_t item = 0, position = 0;
};

/// A live record that is shown to the public differently under another rulebook or on another day.
struct PublicityChange {
    SurveyPlace place;
    std::int64_t event = 0, row = 0;
    const rulebook::Item* item = nullptr;  // of the later rulebook; of the earlier one where it lacks it
    std::string_view subject, unit_code;   // valid during the visit
    std::optional<Date> decided;
    bool was_shown = false, is_shown = false;
    std::optional<Date> was_until, is_until;
    std::string_view reason_zh;  // why it is not shown
    std::string id() const { return std::to_string(event) + "-" + std::to_string(row); }
};

/// A rulebook as it stands on a day.
struct RulesOn {
    const rulebook::Rulebook& rulebook;
    Date day;
};

/// What an edition of the rulebook, or the end of an item or of its basis, does to the records held; what
/// merely runs out between two days is no change. In the order of their places, those behind one; only items
/// that can differ are read. visit returns whether to go on.
Result<void> survey_changes(store::ReadTx& tx, std::int64_t tenant, const RulesOn& before,
                            const RulesOn& after, const SurveyPlace& behind,
                            const std::function<Result<bool>(const PublicityChange&)>& visit);

}  // namespace mingxin::record
