// Seeded chance (SplitMix64): the same key gives the same throws on every machine.
#pragma once
#include <cstdint>
#include <span>

namespace mingxin::demo {

inline std::uint64_t mix(std::uint64_t x) {
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

class Dice {
  public:
    explicit Dice(std::uint64_t seed) : state_(seed) {}
    Dice(std::uint64_t seed, std::uint64_t a, std::uint64_t b = 0)
        : state_(mix(mix(seed ^ mix(a)) ^ mix(b + 1))) {}
    std::uint64_t next() { return mix(state_++); }
    /// 0 <= result < bound; bound > 0.
    std::uint64_t below(std::uint64_t bound) {
        return static_cast<std::uint64_t>((static_cast<unsigned __int128>(next()) * bound) >> 64);
    }
    bool per_mille(unsigned chance) { return below(1000) < chance; }
    template <class T>
    const T& pick(std::span<const T> values) {
        return values[below(values.size())];
    }

  private:
    std::uint64_t state_;
};

}  // namespace mingxin::demo
