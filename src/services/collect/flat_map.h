// A small open-addressing map from 64-bit keys that are already well mixed to a small value: what a batch
// must remember of its own rows costs a few bytes a row, not a heap node. Key 0 stands for an empty slot, so
// 0 and 1 are one key: two rows in 2^64. Internal to collect; not thread-safe.
#pragma once
#include <cstdint>
#include <vector>

namespace mingxin::collect {

template <class T>
class FlatMap {
  public:
    T* find(std::uint64_t key) {
        if (slots_.empty()) return nullptr;
        Slot& slot = slot_of(key == 0 ? 1 : key);
        return slot.key == 0 ? nullptr : &slot.value;
    }
    /// Adds or replaces.
    void put(std::uint64_t key, const T& value) {
        if ((size_ + 1) * 4 > slots_.size() * 3) grow();
        if (key == 0) key = 1;
        Slot& slot = slot_of(key);
        if (slot.key == 0) ++size_;
        slot = {key, value};
    }
    std::size_t size() const { return size_; }

  private:
    struct Slot {
        std::uint64_t key = 0;
        T value{};
    };
    /// That of the key, or the empty one where it would go.
    Slot& slot_of(std::uint64_t key) {
        std::size_t i = key & mask_;
        while (slots_[i].key != 0 && slots_[i].key != key) i = (i + 1) & mask_;
        return slots_[i];
    }
    void grow() {
        std::vector<Slot> old = std::move(slots_);
        slots_.assign(old.empty() ? 1024 : old.size() * 2, Slot{});
        mask_ = slots_.size() - 1;
        for (const Slot& slot : old) {
            if (slot.key != 0) slot_of(slot.key) = slot;
        }
    }
    std::vector<Slot> slots_;
    std::size_t mask_ = 0, size_ = 0;
};

}  // namespace mingxin::collect
