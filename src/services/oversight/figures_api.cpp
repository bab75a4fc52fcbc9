// How much is held: the live figures of the console.
#include <memory>
#include <mutex>

#include "base/json.h"
#include "oversight/oversight.h"
#include "record/record.h"
#include "subject/subject.h"

namespace mingxin::oversight {

namespace {

constexpr std::int64_t kKept_us = 60'000'000;

/// The figures as they were counted last. Counting reads whole tables (seconds at ten million records): once
/// a minute at most, by one caller, while the others get the figures from before. Thread-safe.
class Figures {
  public:
    explicit Figures(std::int64_t tenant) : tenant_(tenant) {}

    Result<std::string> json(store::ReadTx& tx, Instant now) {
        const auto head = TRY(journal::latest_head(tx));
        const std::int64_t events = head ? head->size : 0;
        std::unique_lock lock(mutex_);
        const bool stale = events != events_ && now.us - counted_.us > kKept_us;
        if (!json_.empty() && (!stale || counting_)) return json_;
        counting_ = true;
        lock.unlock();
        Result<std::string> fresh = counted(tx, now, events);
        lock.lock();
        counting_ = false;
        json_ = TRY(std::move(fresh));
        events_ = events;
        counted_ = now;
        return json_;
    }

  private:
    Result<std::string> counted(store::ReadTx& tx, Instant now, std::int64_t events) const {
        const subject::BaseCounts subjects = TRY(subject::count(tx, tenant_));
        const record::Counts records = TRY(record::count(tx, tenant_));
        JsonWriter json;
        json.begin_object().field("enterprises", subjects.enterprises);
        json.field("individual_businesses", subjects.individual_businesses);
        json.field("other_organisations", subjects.other_organisations);
        json.field("records", records.records).field("doubtful", records.doubtful);
        json.field("events", events).field("counted", now.to_string()).end_object();
        return json.take();
    }
    std::int64_t tenant_;
    std::mutex mutex_;
    std::string json_;
    std::int64_t events_ = 0;
    bool counting_ = false;
    Instant counted_;
};

}  // namespace

std::vector<api::Endpoint> figure_endpoints(std::int64_t tenant) {
    using api::FieldType;
    auto figures = std::make_shared<Figures>(tenant);
    api::Endpoint endpoint(
        "figures.show", api::Method::get, "/api/v1/figures", api::Permission::anyone, api::Audit::metered,
        "平台收录的主体、记录和事件数", "How many subjects, records and events the platform holds", {},
        {{"enterprises", FieldType::integer, "企业", "enterprises", true},
         {"individual_businesses", FieldType::integer, "个体工商户", "individual businesses", true},
         {"other_organisations", FieldType::integer, "其他组织", "other organisations", true},
         {"records", FieldType::integer, "有效记录", "live records", true},
         {"doubtful", FieldType::integer, "待核实的存疑行", "rows that wait for a decision", true},
         {"events", FieldType::integer, "账本事件", "events of the journal", true},
         {"counted", FieldType::text, "统计时间（UTC）", "when they were counted (UTC)", true}},
        api::ReadHandler(
            [figures](const api::Call& call, const api::Input&, store::ReadTx& tx) -> Result<api::Reply> {
                return api::Reply::json(TRY(figures->json(tx, call.now)));
            }));
    endpoint.lengthy = true;
    std::vector<api::Endpoint> list;
    list.push_back(std::move(endpoint));
    return list;
}

}  // namespace mingxin::oversight
