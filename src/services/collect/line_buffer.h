// A window on a text file: the part not yet taken, grown only as far as one row needs. Not thread-safe.
#pragma once
#include <memory>
#include <string_view>

#include "collect/text_source.h"

namespace mingxin::collect {

class LineBuffer {
  public:
    explicit LineBuffer(TextSource source);
    /// What is read and not taken; readable 64 bytes beyond its end.
    std::string_view rest() const { return {bytes_.get() + begin_, end_ - begin_}; }
    /// No more comes after rest().
    bool last() const { return last_; }
    void take(std::size_t bytes) { begin_ += bytes; }
    /// Reads on; false when rest() has grown to limit bytes already.
    bool more(std::size_t limit);
    const TextSource& source() const { return source_; }

  private:
    TextSource source_;
    std::unique_ptr<char[]> bytes_;
    std::size_t capacity_ = 0, begin_ = 0, end_ = 0;
    bool last_ = false;
};

}  // namespace mingxin::collect
