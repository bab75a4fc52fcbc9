// Counts and durations per endpoint, without locks; printed in the text format of Prometheus. Thread-safe.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mingxin::gate {

class Meter {
  public:
    /// ids are the endpoints, in an order of the caller; one more row counts requests without an endpoint.
    explicit Meter(std::vector<std::string> ids);
    /// endpoint: index of the id, or -1.
    void count(int endpoint, int status, std::int64_t duration_us);
    std::string text() const;

    static constexpr std::array<std::int64_t, 10> kBounds_us{100,    300,     1'000,   3'000,     10'000,
                                                             30'000, 100'000, 300'000, 1'000'000, 10'000'000};

  private:
    struct alignas(64) Row {
        std::array<std::atomic<std::int64_t>, 6> by_class{};  // status / 100
        std::array<std::atomic<std::int64_t>, kBounds_us.size() + 1> buckets{};
        std::atomic<std::int64_t> sum_us{};
    };
    std::vector<std::string> ids_;
    std::unique_ptr<Row[]> rows_;
};

}  // namespace mingxin::gate
