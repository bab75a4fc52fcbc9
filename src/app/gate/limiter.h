// A rate limit per address with bounded memory and without locks: the generic cell rate algorithm (ITU-T
// I.371), the same as a token bucket, needs one number per address, kept with a tag in one atomic word of a
// fixed table. An address that finds no place takes the one of the address that was quiet longest.
// Thread-safe.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace mingxin::gate {

class RateLimiter {
  public:
    /// per_s 0 or less: no limit. slots is rounded up to a power of two.
    RateLimiter(double per_s, int burst, std::size_t slots = 1 << 14);
    /// Counts one request of this key at now_us (any steady origin, not negative). nullopt: let pass;
    /// otherwise the microseconds to wait.
    std::optional<std::int64_t> take(std::string_view key, std::int64_t now_us);

  private:
    std::int64_t interval_us_, tolerance_us_;
    std::size_t mask_;
    std::uint64_t seed_;  // so that nobody can choose addresses that collide
    std::unique_ptr<std::atomic<std::uint64_t>[]> slots_;
};

/// What is limited as one client: an IPv4 address, or the /64 network of an IPv6 address.
std::string_view limited_network(std::string_view address);

}  // namespace mingxin::gate
