#include "gate/meter.h"

#include <algorithm>

namespace mingxin::gate {

Meter::Meter(std::vector<std::string> ids) : ids_(std::move(ids)), rows_(new Row[ids_.size() + 1]) {
    ids_.emplace_back("none");
}

void Meter::count(int endpoint, int status, std::int64_t duration_us) {
    Row& row = rows_[endpoint < 0 ? ids_.size() - 1 : static_cast<std::size_t>(endpoint)];
    row.by_class[static_cast<std::size_t>(std::clamp(status / 100, 0, 5))].fetch_add(
        1, std::memory_order_relaxed);
    std::size_t bucket = 0;
    while (bucket < kBounds_us.size() && duration_us > kBounds_us[bucket]) {
        ++bucket;
    }
    row.buckets[bucket].fetch_add(1, std::memory_order_relaxed);
    row.sum_us.fetch_add(duration_us, std::memory_order_relaxed);
}

std::string Meter::text() const {
    auto seconds = [](std::int64_t us) {
        std::string digits = std::to_string(us % 1'000'000);
        return std::to_string(us / 1'000'000) + "." + std::string(6 - digits.size(), '0') + digits;
    };
    std::string requests = "# TYPE mingxin_requests_total counter\n";
    std::string durations = "# TYPE mingxin_request_seconds histogram\n";
    for (std::size_t i = 0; i < ids_.size(); ++i) {
        const Row& row = rows_[i];
        std::string label = "endpoint=\"" + ids_[i] + "\"";
        std::int64_t all = 0;
        for (std::size_t status = 1; status < row.by_class.size(); ++status) {
            if (auto n = row.by_class[status].load(std::memory_order_relaxed); n > 0) {
                requests += "mingxin_requests_total{" + label + ",status=\"" + std::to_string(status) +
                            "xx\"} " + std::to_string(n) + "\n";
                all += n;
            }
        }
        if (all == 0) {
            continue;
        }
        std::int64_t below = 0;
        for (std::size_t bucket = 0; bucket <= kBounds_us.size(); ++bucket) {
            below += row.buckets[bucket].load(std::memory_order_relaxed);
            std::string bound = bucket < kBounds_us.size() ? seconds(kBounds_us[bucket]) : "+Inf";
            durations += "mingxin_request_seconds_bucket{" + label + ",le=\"" + bound + "\"} " +
                         std::to_string(below) + "\n";
        }
        durations += "mingxin_request_seconds_sum{" + label + "} " +
                     seconds(row.sum_us.load(std::memory_order_relaxed)) + "\n";
        durations += "mingxin_request_seconds_count{" + label + "} " + std::to_string(below) + "\n";
    }
    return requests + durations;
}

}  // namespace mingxin::gate
