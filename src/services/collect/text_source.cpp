#include "collect/text_source.h"

#include <fcntl.h>
#include <simdjson.h>
#include <sys/stat.h>
#include <unicode/ucnv.h>
#include <unicode/ustring.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/check.h"

namespace mingxin::collect {
namespace {

constexpr std::size_t raw_block = 64 * 1024;

bool is_tail(unsigned char c) {
    return (c & 0xC0) == 0x80;
}

// Bytes of the well-formed character at i, 0 when ill-formed, -1 when cut off by the end.
int character_bytes(const char* text, std::size_t i, std::size_t length) {
    auto at = [&](std::size_t n) { return static_cast<unsigned char>(text[n]); };
    unsigned char lead = at(i);
    if (lead < 0x80) return 1;
    int bytes = lead >= 0xC2 && lead <= 0xDF   ? 2
                : (lead & 0xF0) == 0xE0        ? 3
                : lead >= 0xF0 && lead <= 0xF4 ? 4
                                               : 0;
    if (bytes == 0) return 0;
    for (int n = 1; n < bytes; ++n) {
        if (i + static_cast<std::size_t>(n) >= length) return -1;
        unsigned char c = at(i + static_cast<std::size_t>(n));
        if (!is_tail(c)) return 0;
        if (n == 1 && ((lead == 0xE0 && c < 0xA0) || (lead == 0xED && c > 0x9F) ||
                       (lead == 0xF0 && c < 0x90) || (lead == 0xF4 && c > 0x8F))) {
            return 0;
        }
    }
    return bytes;
}

// Length without a character that the block's end cuts off.
std::size_t whole_characters(const char* text, std::size_t length) {
    for (std::size_t back = 1; back <= 3 && back <= length; ++back) {
        auto c = static_cast<unsigned char>(text[length - back]);
        if (is_tail(c)) continue;
        std::size_t bytes = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
        return bytes > back ? length - back : length;
    }
    return length;
}

std::size_t well_formed(const char* text, std::size_t length) {
    std::size_t i = 0;
    while (i < length) {
        int bytes = character_bytes(text, i, length);
        if (bytes <= 0) break;
        i += static_cast<std::size_t>(bytes);
    }
    return i;
}

// Chinese text that is not UTF-8 breaks at nearly every character; UTF-8 with a damaged place nearly nowhere.
bool looks_like_utf8(const char* text, std::size_t length) {
    std::size_t good = 0, bad = 0;
    for (std::size_t i = 0; i < length;) {
        int bytes = character_bytes(text, i, length);
        if (bytes == 3) ++good;
        if (bytes <= 0) ++bad;
        i += bytes <= 0 ? 1 : static_cast<std::size_t>(bytes);
    }
    return good > bad;
}

}  // namespace

Result<TextSource> TextSource::open(const std::filesystem::path& path) {
    TextSource out;
    out.fd_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat info {};
    if (out.fd_ < 0 || fstat(out.fd_, &info) != 0 || !S_ISREG(info.st_mode)) {
        return fail(Fault::file_unreadable, path.filename().string());
    }
    posix_fadvise(out.fd_, 0, 0, POSIX_FADV_SEQUENTIAL);
    out.size_ = static_cast<std::uint64_t>(info.st_size);
    out.raw_.resize(raw_block);
    out.raw_.resize(out.read_raw(out.raw_.data(), raw_block));
    std::string_view start = out.raw_;
    if (start.starts_with("\xEF\xBB\xBF")) {
        out.raw_at_ = 3;
        out.encoding_ = Encoding::utf8;
    } else if (start.starts_with("\xFF\xFE")) {
        out.raw_at_ = 2;
        out.convert_from(Encoding::utf16le);
    } else if (start.starts_with("\xFE\xFF")) {
        out.raw_at_ = 2;
        out.convert_from(Encoding::utf16be);
    }
    return out;
}

TextSource::TextSource(TextSource&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      size_(other.size_),
      consumed_(other.consumed_),
      encoding_(other.encoding_),
      end_(other.end_),
      bad_(other.bad_),
      bad_byte_(other.bad_byte_),
      raw_(std::move(other.raw_)),
      raw_at_(other.raw_at_),
      converter_(std::exchange(other.converter_, nullptr)),
      units_(std::move(other.units_)),
      converted_(std::move(other.converted_)),
      converted_at_(other.converted_at_) {}

TextSource::~TextSource() {
    if (fd_ >= 0) ::close(fd_);
    if (converter_ != nullptr) ucnv_close(converter_);
}

std::size_t TextSource::read_raw(char* to, std::size_t capacity) {
    std::size_t got = 0;
    while (got < capacity) {
        ssize_t n = ::read(fd_, to + got, capacity - got);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) {
            end_ = true;
            break;
        }
        got += static_cast<std::size_t>(n);
    }
    consumed_ += got;
    return got;
}

std::size_t TextSource::read(char* to, std::size_t capacity) {
    CHECK(capacity >= 4096);
    return encoding_ == Encoding::undecided || encoding_ == Encoding::utf8 ? read_utf8(to, capacity)
                                                                           : read_converted(to, capacity);
}

std::size_t TextSource::read_utf8(char* to, std::size_t capacity) {
    if (bad_) return 0;
    std::size_t length = std::min(raw_.size() - raw_at_, capacity);
    std::memcpy(to, raw_.data() + raw_at_, length);
    raw_at_ += length;
    if (raw_at_ == raw_.size()) {
        raw_.clear();
        raw_at_ = 0;
        if (!end_) length += read_raw(to + length, capacity - length);
    }
    bool last = end_ && raw_.empty();
    std::size_t whole = last ? length : whole_characters(to, length);
    if (whole < length) raw_.insert(raw_at_, to + whole, length - whole);
    if (simdjson::validate_utf8(to, whole)) {
        if (encoding_ == Encoding::undecided &&
            std::any_of(to, to + whole, [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {
            encoding_ = Encoding::utf8;
        }
        return whole;
    }
    return not_utf8(to, capacity, whole);
}

// The block breaks somewhere: the file is GB18030 after all, or damaged there.
std::size_t TextSource::not_utf8(char* to, std::size_t capacity, std::size_t length) {
    if (encoding_ == Encoding::undecided && !looks_like_utf8(to, length)) {
        std::size_t ascii = 0;
        while (static_cast<unsigned char>(to[ascii]) < 0x80) ++ascii;
        raw_.insert(raw_at_, to + ascii, length - ascii);
        convert_from(Encoding::gb18030);
        return ascii > 0 ? ascii : read_converted(to, capacity);
    }
    std::size_t good = well_formed(to, length);
    encoding_ = Encoding::utf8;
    bad_ = true;
    bad_byte_ = static_cast<unsigned char>(to[good]);
    return good;
}

void TextSource::convert_from(Encoding encoding) {
    encoding_ = encoding;
    UErrorCode status = U_ZERO_ERROR;
    converter_ = ucnv_open(encoding == Encoding::gb18030   ? "gb18030"
                           : encoding == Encoding::utf16le ? "UTF-16LE"
                                                           : "UTF-16BE",
                           &status);
    CHECK(U_SUCCESS(status));
    ucnv_setToUCallBack(converter_, UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
    CHECK(U_SUCCESS(status));
}

void TextSource::convert_block() {
    if (raw_at_ == raw_.size() && !end_) {
        raw_.resize(raw_block);
        raw_.resize(read_raw(raw_.data(), raw_block));
        raw_at_ = 0;
    }
    // A lead surrogate kept from the block before stays in front.
    std::size_t kept = units_.size();
    units_.resize(kept + raw_.size() - raw_at_ + 16);
    const char* from = raw_.data() + raw_at_;
    auto* target = reinterpret_cast<UChar*>(units_.data()) + kept;
    UErrorCode status = U_ZERO_ERROR;
    ucnv_toUnicode(converter_, &target, reinterpret_cast<UChar*>(units_.data()) + units_.size(), &from,
                   raw_.data() + raw_.size(), nullptr, end_, &status);
    raw_at_ = static_cast<std::size_t>(from - raw_.data());
    units_.resize(static_cast<std::size_t>(target - reinterpret_cast<UChar*>(units_.data())));
    bad_ = U_FAILURE(status) && status != U_BUFFER_OVERFLOW_ERROR;
    if (bad_) {
        char bytes[8];
        std::int8_t count = sizeof bytes;
        UErrorCode ignored = U_ZERO_ERROR;
        ucnv_getInvalidChars(converter_, bytes, &count, &ignored);
        if (count > 0) bad_byte_ = static_cast<unsigned char>(bytes[0]);
    }
    bool cut = !units_.empty() && U16_IS_LEAD(units_.back());
    std::size_t count = units_.size() - (cut ? 1 : 0);
    converted_.resize(count * 3);
    std::int32_t length = 0;
    status = U_ZERO_ERROR;
    u_strToUTF8(converted_.data(), static_cast<std::int32_t>(converted_.size()), &length,
                reinterpret_cast<const UChar*>(units_.data()), static_cast<std::int32_t>(count), &status);
    bad_ = bad_ || U_FAILURE(status);
    converted_.resize(static_cast<std::size_t>(std::max(length, 0)));
    converted_at_ = 0;
    units_.erase(0, count);
}

std::size_t TextSource::read_converted(char* to, std::size_t capacity) {
    while (converted_at_ == converted_.size() && !bad_ && !(end_ && raw_at_ == raw_.size())) convert_block();
    std::size_t length = std::min(capacity, converted_.size() - converted_at_);
    if (length < converted_.size() - converted_at_)
        length = whole_characters(converted_.data() + converted_at_, length);
    std::memcpy(to, converted_.data() + converted_at_, length);
    converted_at_ += length;
    return length;
}

std::string TextSource::bad_detail_zh() const {
    static constexpr char hex[] = "0123456789ABCDEF";
    std::string out = "字节 0x";
    out += hex[bad_byte_ >> 4];
    out += hex[bad_byte_ & 15];
    return "文件是 " + std::string(encoding_name()) + " 编码，这里却不是（" + out +
           "），可能是从别的文件粘贴或拼接而来";
}

std::string_view TextSource::encoding_name() const {
    switch (encoding_) {
        case Encoding::gb18030:
            return "GB18030";
        case Encoding::utf16le:
            return "UTF-16LE";
        case Encoding::utf16be:
            return "UTF-16BE";
        case Encoding::undecided:
        case Encoding::utf8:
            break;
    }
    return "UTF-8";
}

double TextSource::progress() const {
    return size_ == 0 ? 1.0 : static_cast<double>(std::min(consumed_, size_)) / static_cast<double>(size_);
}

}  // namespace mingxin::collect
