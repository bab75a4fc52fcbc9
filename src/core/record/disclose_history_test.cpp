// R3, R4, R6 and as-of reading, over random histories: what disclose() shows is compared with an account of
// its own, a list written from rules 2.3 and not from the code.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>

#include "record/testing/registry.h"

using namespace mingxin;
using namespace mingxin::record;
using namespace mingxin::record::test;

namespace {

constexpr std::int64_t kHour_us = 3'600'000'000;

/// What was taken, as the account keeps it; code is empty when it was attached to nobody.
struct Taken {
    std::string code, item;
    Facts facts;
    std::int64_t received = 0, ended = 0;
};

/// Rules 2.3 again, for days from 2026-04-01 on.
bool may_be_public(const Taken& one, Date today) {
    if (one.item == "registration") return true;
    if (one.item == "permit") {
        return !(one.facts.start && today < *one.facts.start) &&
               !(one.facts.valid_to && *one.facts.valid_to < today);
    }
    if (one.facts.severity < 2 || !one.facts.start || today < *one.facts.start) return false;
    const int longest = one.facts.severity == 2 ? 12 : 36, shortest = one.facts.severity == 2 ? 3 : 12;
    Date end = one.facts.start->plus_months(longest);
    if (one.facts.stated_end) {
        end = std::min(end, std::max(*one.facts.stated_end, one.facts.start->plus_months(shortest)));
    }
    return today <= end;
}

const char* name_field(const std::string& item) {
    return item == "penalty" ? "CF_XDR_MC" : item == "permit" ? "XK_XDR_MC" : "ENT_NAME";
}

std::optional<Date> sometimes_a_day(int one_in) {
    if (*rc::gen::inRange(0, one_in) == 0) return std::nullopt;
    return Date{day("2026-11-20").days + *rc::gen::inRange(-1200, 400)};
}

Facts any_facts(const std::string& item, std::int64_t key) {
    return {.key = key,
            .start = sometimes_a_day(10),
            .valid_to = sometimes_a_day(2),
            .stated_end = sometimes_a_day(2),
            .severity = item == "penalty" ? *rc::gen::inRange(0, 4) : 0};
}

/// One random history of two subjects, and the account of it.
class History {
  public:
    History(Registry& registry, int first_code, Instant begin)
        : registry_(registry),
          codes_{valid_code(first_code), valid_code(first_code + 1)},
          begin_(begin),
          now_(begin) {}

    void take_a_batch() {
        now_.us += kHour_us;
        std::vector<Entry> entries;
        std::vector<Taken> taken;
        const std::string item = *rc::gen::element<std::string>("penalty", "permit", "registration");
        const int rows = *rc::gen::inRange(1, 7);
        for (int row = 0; row < rows; ++row) {
            const std::string& code = codes_[*rc::gen::inRange(0, 2)];
            const Facts facts = any_facts(item, now_.us + row);
            Entry entry = entry_of(item.c_str(), code, {{name_field(item), "鲁山县" + code}}, facts);
            decide(entry, code, holds(model_, code) || holds(taken, code));
            const bool attaches = entry.outcome == Outcome::accepted || entry.outcome == Outcome::updated;
            taken.push_back({attaches ? code : "", item, facts, now_.us, 0});
            entries.push_back(std::move(entry));
        }
        const auto positions = registry_.take(entries, now_);
        for (std::size_t i = 0; i < positions.size(); ++i) {
            by_position_[positions[i]] = model_.size();
            model_.push_back(taken[i]);
        }
    }

    /// Compares every way out with the account, on a random day as known at a random moment.
    void look() const {
        const Date today{day("2026-04-01").days + *rc::gen::inRange(0, 600)};
        std::optional<Instant> known_at;
        if (*rc::gen::arbitrary<bool>()) {
            const std::int64_t hours = (now_.us - begin_.us) / kHour_us;
            known_at = Instant{begin_.us + *rc::gen::inRange<std::int64_t>(0, hours + 2) * kHour_us};
        }
        for (const std::string& code : codes_) {
            const std::vector<std::int64_t> expected = expected_positions(code, today, known_at);
            std::vector<std::int64_t> got;
            for (const ShownRecord& shown : registry_.shown(code, today, known_at))
                got.push_back(shown.position);
            std::sort(got.begin(), got.end());
            RC_ASSERT(got == expected);
            look_one_by_one(code, expected, {.purpose = "公示查询", .today = today, .known_at = known_at});
        }
    }

    Instant now() const { return now_; }

  private:
    static bool holds(const std::vector<Taken>& list, const std::string& code) {
        return std::any_of(list.begin(), list.end(), [&](const Taken& one) { return one.code == code; });
    }

    /// What becomes of a row: mostly accepted, sometimes an update of a live record, rejected, or doubtful.
    void decide(Entry& entry, const std::string& code, bool known) {
        const int kind = *rc::gen::inRange(0, 10);
        if (kind <= 1) {  // R6: a doubtful row is attached to nobody
            entry.outcome = kind == 0 ? Outcome::rejected : Outcome::doubtful;
            if (kind == 1) entry.candidate = code;
            entry.subject.clear();
            return;
        }
        entry.creates_subject = !known;
        std::vector<std::int64_t> live;
        for (const auto& [position, index] : by_position_) {
            const Taken& one = model_[index];
            if (one.code == code && one.ended == 0 && one.item == entry.item->id) live.push_back(position);
        }
        if (kind > 4 || live.empty()) return;
        entry.outcome = Outcome::updated;
        entry.replaces = live[*rc::gen::inRange<std::size_t>(0, live.size())];
        model_[by_position_[entry.replaces]].ended = now_.us;
    }

    std::vector<std::int64_t> expected_positions(const std::string& code, Date today,
                                                 std::optional<Instant> known_at) const {
        std::vector<std::int64_t> expected;
        const std::int64_t at = known_at ? known_at->us : INT64_MAX;
        for (const auto& [position, index] : by_position_) {
            const Taken& one = model_[index];
            const bool live = one.ended == 0 || (known_at && one.ended > at);
            if (one.code == code && one.received <= at && live && may_be_public(one, today)) {
                expected.push_back(position);
            }
        }
        return expected;
    }

    /// The same decision by the counts and by each record's own address.
    void look_one_by_one(const std::string& code, const std::vector<std::int64_t>& expected,
                         const Reading& reading) const {
        auto tx = must(registry_.database().read());
        const auto is_penalty = [&](std::int64_t position) {
            return model_[by_position_.at(position)].item == "penalty";
        };
        RC_ASSERT(must(disclose_counts(tx, *rules(), kTenant, code, reading)).penalties ==
                  std::count_if(expected.begin(), expected.end(), is_penalty));
        for (const auto& [position, index] : by_position_) {
            auto rows = must(
                tx.query({"test.place", "select event, row from record where position = $1 and subject = $2"},
                         {position, code}));
            if (!must(rows.next())) continue;
            const std::string id = std::to_string(rows.integer(0)) + "-" + std::to_string(rows.integer(1));
            const auto alone = must(disclose_one(tx, *rules(), kTenant, id, reading));
            RC_ASSERT(alone.has_value() == std::binary_search(expected.begin(), expected.end(), position));
        }
    }

    Registry& registry_;
    std::string codes_[2];
    Instant begin_, now_;
    std::vector<Taken> model_;
    std::map<std::int64_t, std::size_t> by_position_;
};

}  // namespace

TEST_CASE(
    "R3, R4, R6 and as-of reading: over random histories, just what the rules allow is shown at every "
    "moment") {
    store::for_each_engine([](store::Database& database, const std::string& engine) {
        Registry registry(database);
        int left = engine == "sqlite" ? 40 : 8;  // each history is several durable commits
        int next_code = 100;
        Instant now = *parse_instant("2026-04-01T00:00:00.000000Z");
        CHECK(rc::check("histories on " + engine, [&] {
            if (left-- <= 0) return;
            History history(registry, next_code, now);
            next_code += 2;
            for (int batches = *rc::gen::inRange(1, 6); batches > 0; --batches) history.take_a_batch();
            for (int i = 0; i < 4; ++i) history.look();
            now = history.now();
        }));
    });
}
