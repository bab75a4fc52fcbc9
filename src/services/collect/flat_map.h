// A small open-addressing map from 64-bit keys that are already well mixed to a small value: what a batch
// must remember of its own rows costs a few bytes a row, not a heap node. Internal to collect; not
// thread-safe.
#pragma once
#include <cstdint>
#include <vector>

namespace mingxin::collect {

template <class T>
class FlatMap {
  public:
    T* find(std::uint64_t key) {
        if (slots_.empty()) return nullptr;
        for (std::size_t i = key & mask_;; i = (i + 1) & mask_) {
            if (!slots_[i].used) return nullptr;
            if (slots_[i].key == key) return &slots_[i].value;
        }
    }
    /// Adds or replaces.
    void put(std::uint64_t key, const T& value) {
        if ((size_ + 1) * 4 > slots_.size() * 3) grow();
        std::size_t i = key & mask_;
        while (slots_[i].used && slots_[i].key != key) i = (i + 1) & mask_;
        if (!slots_[i].used) ++size_;
        slots_[i] = {key, value, true};
    }
    std::size_t size() const { return size_; }

  private:
    struct Slot {
        std::uint64_t key = 0;
        T value{};
        bool used = false;
    };
    void grow() {
        std::vector<Slot> old = std::move(slots_);
        slots_.assign(old.empty() ? 1024 : old.size() * 2, Slot{});
        mask_ = slots_.size() - 1;
        size_ = 0;
        for (const Slot& slot : old) {
            if (slot.used) put(slot.key, slot.value);
        }
    }
    std::vector<Slot> slots_;
    std::size_t mask_ = 0, size_ = 0;
};

}  // namespace mingxin::collect
