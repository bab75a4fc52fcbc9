#include "collect/shared_strings.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <filesystem>

#include "base/check.h"

namespace mingxin::collect {
namespace {
constexpr std::size_t memory_bytes = 8u << 20, block_bytes = 1u << 20;
constexpr std::size_t anchor_every = 16;
}  // namespace

SharedStrings::~SharedStrings() {
    if (fd_ < 0) return;
    if (base_ != nullptr) munmap(const_cast<char*>(base_), spilled_);
    ::close(fd_);
}

Result<void> SharedStrings::add(std::string_view text) {
    if (count_ % anchor_every == 0) anchors_.push_back(spilled_ + buffer_.size());
    ++count_;
    std::size_t length = text.size();
    for (; length >= 128; length >>= 7) buffer_ += static_cast<char>(length | 128);
    buffer_ += static_cast<char>(length);
    buffer_ += text;
    if (buffer_.size() >= (fd_ < 0 ? memory_bytes : block_bytes)) return spill();
    return {};
}

Result<void> SharedStrings::spill() {
    if (fd_ < 0) {
        std::error_code error;
        std::string name = (std::filesystem::temp_directory_path(error) / "mingxin-XXXXXX").string();
        fd_ = error ? -1 : mkostemp(name.data(), O_CLOEXEC);
        if (fd_ < 0) return fail(Fault::file_unwritable, "临时文件");
        ::unlink(name.c_str());
    }
    for (std::string_view left = buffer_; !left.empty();) {
        ssize_t n = ::write(fd_, left.data(), left.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return fail(Fault::file_unwritable, "临时文件：磁盘空间可能不足");
        left.remove_prefix(static_cast<std::size_t>(n));
    }
    spilled_ += buffer_.size();
    buffer_.clear();
    if (buffer_.capacity() > 2 * block_bytes) buffer_.shrink_to_fit();
    return {};
}

Result<void> SharedStrings::seal() {
    if (fd_ < 0) {
        base_ = buffer_.data();
        return {};
    }
    TRY(spill());
    void* mapped = mmap(nullptr, spilled_, PROT_READ, MAP_SHARED, fd_, 0);
    if (mapped == MAP_FAILED) return fail(Fault::internal, {}, "mmap of shared strings");
    base_ = static_cast<const char*>(mapped);
    return {};
}

std::string_view SharedStrings::text_at(std::uint64_t at, std::uint64_t& next) const {
    std::uint64_t length = 0;
    int shift = 0;
    unsigned char byte;
    do {
        byte = static_cast<unsigned char>(base_[at++]);
        length |= static_cast<std::uint64_t>(byte & 127) << shift;
        shift += 7;
    } while (byte & 128);
    next = at + length;
    return {base_ + at, length};
}

std::string_view SharedStrings::get(std::size_t index) {
    CHECK(index < count_);
    if (index < next_index_ || index - next_index_ > anchor_every) {
        next_index_ = index / anchor_every * anchor_every;
        next_at_ = anchors_[index / anchor_every];
    }
    for (; next_index_ < index; ++next_index_) text_at(next_at_, next_at_);
    ++next_index_;
    return text_at(next_at_, next_at_);
}

}  // namespace mingxin::collect
