#include "site/figures.h"

#include <chrono>

#include "access/access.h"
#include "base/log.h"
#include "journal/journal.h"
#include "record/survey.h"
#include "subject/walk.h"

namespace mingxin::site {
namespace {

constexpr double kFirst_s = 0.5;   // after a start readers wait so long for the first count
constexpr double kQuick_s = 0.05;  // counting that takes no longer is waited for

Result<std::int64_t> newest_event(store::ReadTx& tx) {
    auto head = TRY(journal::latest_head(tx));
    return head ? head->size : 0;
}

Result<std::shared_ptr<const Figures>> count(store::Database& database, const rulebook::Rulebook& rulebook,
                                             std::int64_t tenant, Date day) {
    auto tx = TRY(database.read());
    auto figures = std::make_shared<Figures>();
    figures->event = TRY(newest_event(tx));
    figures->day = day;
    figures->subjects = TRY(subject::count(tx, tenant));
    figures->last_subject = TRY(subject::last_id(tx, tenant));
    std::map<std::string, int, std::less<>> unit_index;
    TRY(record::survey(tx, rulebook, tenant, day, [&](const record::Surveyed& one) {
        ItemFigures& item = figures->items[one.item->number];
        auto unit = unit_index.find(one.unit_code);
        if (unit == unit_index.end()) {
            unit = unit_index.emplace(one.unit_code, static_cast<int>(unit_index.size())).first;
            figures->units.emplace_back(one.unit_code, std::string());
        }
        ++item.shown;
        ++item.by_unit[unit->second];
        if (one.severity != 0) ++item.by_severity[one.severity];
        if (one.decided) {
            const YearMonthDay parts = split(*one.decided);
            ++item.by_month[parts.year * 12 + parts.month - 1];
        }
        if (one.received.date() > day.plus_days(-7)) ++figures->received_this_week;
        if (one.item->defines_subject) return;  // never listed
        item.records.push_back({one.position, one.event, static_cast<std::int32_t>(one.row),
                                one.decided ? one.decided->days : 0, unit->second});
    }));
    for (auto& [code, name] : figures->units) {
        auto unit = TRY(access::find_unit(tx, code));
        name = unit ? unit->name : std::string();
    }
    return std::shared_ptr<const Figures>(std::move(figures));
}

}  // namespace

const ItemFigures& Figures::of(const rulebook::Item& item) const {
    static const ItemFigures none;
    auto found = items.find(item.number);
    return found == items.end() ? none : found->second;
}

FigureKeeper::FigureKeeper(store::Database& database, std::shared_ptr<const rulebook::Rulebook> rulebook,
                           std::int64_t tenant, Date today)
    : database_(database),
      rulebook_(std::move(rulebook)),
      tenant_(tenant),
      wanted_event_(0),
      wanted_day_(today),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

FigureKeeper::~FigureKeeper() = default;

void FigureKeeper::run(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (wanted_.wait(lock, stop, [&] {
        return wanted_event_ >= 0 &&
               (!figures_ || figures_->event < wanted_event_ || figures_->day != wanted_day_);
    })) {
        const Date day = wanted_day_;
        lock.unlock();
        const double from_s = monotonic_s();
        auto counted = count(database_, *rulebook_, tenant_, day);
        const double took_s = monotonic_s() - from_s;
        if (!counted.ok()) log_error("site: figures: " + counted.error().message_zh());
        lock.lock();
        took_s_ = took_s;
        ++rounds_;
        if (counted.ok()) {
            figures_ = std::move(*counted);
            failure_ = {};
        } else {
            failure_ = fail(counted.error());
            wanted_event_ = -1;  // until somebody asks again
        }
        counted_.notify_all();
        // At most a tenth of one core, however often batches come.
        if (took_s > kQuick_s)
            wanted_.wait_for(lock, stop, std::chrono::duration<double>(took_s * 9), [] { return false; });
    }
}

Result<std::shared_ptr<const Figures>> FigureKeeper::get(store::ReadTx& tx, Date today) {
    const std::int64_t event = TRY(newest_event(tx));
    std::unique_lock lock(mutex_);
    const auto fresh = [&] { return figures_ && figures_->event >= event && figures_->day == today; };
    if (fresh()) return figures_;
    wanted_event_ = std::max(wanted_event_, event);
    wanted_day_ = today;
    wanted_.notify_all();
    const std::int64_t round = rounds_;
    if (!figures_) {
        const auto done = [&] { return figures_ || rounds_ > round; };
        // One reader finds out that it takes long; it does not hold up the threads of all.
        if (!slow_start_)
            slow_start_ = !counted_.wait_for(lock, std::chrono::duration<double>(kFirst_s), done);
        if (!figures_ && rounds_ > round) return fail(failure_.error());
        if (!figures_) return fail(Fault::busy);
    } else if (took_s_ < kQuick_s) {
        counted_.wait_for(lock, std::chrono::duration<double>(kQuick_s * 4), fresh);
    }
    return figures_;
}

}  // namespace mingxin::site
