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

}  // namespace mingxin::record
