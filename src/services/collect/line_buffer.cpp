#include "collect/line_buffer.h"

#include <cstring>

namespace mingxin::collect {
namespace {
constexpr std::size_t first_capacity = 256 * 1024, readable_beyond = 64, least_room = 4096;
}

LineBuffer::LineBuffer(TextSource source)
    : source_(std::move(source)),
      bytes_(std::make_unique_for_overwrite<char[]>(first_capacity + readable_beyond)),
      capacity_(first_capacity) {}

bool LineBuffer::more(std::size_t limit) {
    std::size_t kept = end_ - begin_;
    if (kept >= limit) return false;
    std::size_t wanted = capacity_ - kept < capacity_ / 2 ? capacity_ * 2 : capacity_;
    if (wanted != capacity_) {
        auto larger = std::make_unique_for_overwrite<char[]>(wanted + readable_beyond);
        std::memcpy(larger.get(), bytes_.get() + begin_, kept);
        bytes_ = std::move(larger);
        capacity_ = wanted;
    } else if (begin_ > 0) {
        std::memmove(bytes_.get(), bytes_.get() + begin_, kept);
    }
    begin_ = 0;
    end_ = kept;
    static_assert(first_capacity / 2 >= least_room);
    std::size_t got = source_.read(bytes_.get() + end_, capacity_ - end_);
    end_ += got;
    if (got == 0) last_ = true;
    return true;
}

}  // namespace mingxin::collect
