#include "gate/limiter.h"

#include <algorithm>
#include <bit>
#include <functional>

#include "crypto/crypto.h"

namespace mingxin::gate {
namespace {
constexpr int kTagBits = 20;
constexpr std::uint64_t kTimeMask = (1ull << (64 - kTagBits)) - 1;
constexpr std::size_t kWays = 4;

std::uint64_t mix(std::uint64_t value) {  // splitmix64
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ull;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebull;
    return value ^ (value >> 31);
}
}  // namespace

RateLimiter::RateLimiter(double per_s, int burst, std::size_t slots)
    : interval_us_(per_s > 0 ? static_cast<std::int64_t>(1e6 / per_s) : 0),
      tolerance_us_(interval_us_ * std::max(0, burst - 1)),
      mask_(std::bit_ceil(std::max(slots, kWays)) / kWays - 1),
      slots_(new std::atomic<std::uint64_t>[(mask_ + 1) * kWays]()) {
    crypto::random_bytes({reinterpret_cast<std::uint8_t*>(&seed_), sizeof seed_});
}

std::optional<std::int64_t> RateLimiter::take(std::string_view key, std::int64_t now_us) {
    if (interval_us_ == 0) {
        return std::nullopt;
    }
    std::uint64_t hash = mix(std::hash<std::string_view>{}(key) ^ seed_);
    std::uint64_t tag = hash >> (64 - kTagBits);
    std::atomic<std::uint64_t>* set = &slots_[(hash & mask_) * kWays];
    for (;;) {
        std::atomic<std::uint64_t>* slot = nullptr;
        std::uint64_t seen = 0;
        for (std::size_t way = 0; way < kWays; ++way) {
            std::uint64_t value = set[way].load(std::memory_order_relaxed);
            if (value >> (64 - kTagBits) == tag && (value & kTimeMask) != 0) {
                slot = &set[way];
                seen = value;
                break;
            }
            if (slot == nullptr || (value & kTimeMask) < (seen & kTimeMask)) {
                slot = &set[way];
                seen = value;
            }
        }
        bool known = seen >> (64 - kTagBits) == tag;
        auto arrival_us =
            known ? static_cast<std::int64_t>(seen & kTimeMask) : 0;  // theoretical, of the next
        if (arrival_us - now_us > tolerance_us_) {
            return arrival_us - now_us - tolerance_us_;
        }
        auto next_us = static_cast<std::uint64_t>(std::max(arrival_us, now_us) + interval_us_);
        std::uint64_t wanted = tag << (64 - kTagBits) | (next_us & kTimeMask);
        if (slot->compare_exchange_weak(seen, wanted, std::memory_order_relaxed)) {
            return std::nullopt;
        }
    }
}

std::string_view limited_network(std::string_view address) {
    if (address.find(':') == std::string_view::npos) {
        return address;
    }
    std::size_t groups = 0;
    for (std::size_t at = 0; at < address.size(); ++at) {
        if (address[at] != ':') {
            continue;
        }
        if (++groups == 4 || (at + 1 < address.size() && address[at + 1] == ':')) {
            return address.substr(0, at);
        }
    }
    return address;
}

}  // namespace mingxin::gate
