// The bytes of a text file as UTF-8: recognises UTF-8 (with or without BOM), UTF-16 with BOM and GB18030,
// reads in blocks. Not thread-safe.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

struct UConverter;

namespace mingxin::collect {

class TextSource {
  public:
    /// Fault::file_unreadable.
    static Result<TextSource> open(const std::filesystem::path& path);
    TextSource(TextSource&&) noexcept;
    TextSource& operator=(TextSource&&) = delete;
    ~TextSource();

    /// Up to capacity (at least 4096) bytes of well-formed UTF-8, cut anywhere between characters. 0: the
    /// end, or an ill-formed byte (bad() is then true): everything before it has been given out.
    std::size_t read(char* to, std::size_t capacity);
    bool bad() const { return bad_; }
    /// The offending byte, as "0xFF", and the encoding in which it makes no sense.
    std::string bad_detail_zh() const;
    /// "UTF-8", "GB18030", "UTF-16LE", "UTF-16BE".
    std::string_view encoding_name() const;
    double progress() const;

  private:
    enum class Encoding { undecided, utf8, gb18030, utf16le, utf16be };
    TextSource() = default;
    std::size_t read_raw(char* to, std::size_t capacity);
    std::size_t read_utf8(char* to, std::size_t capacity);
    std::size_t read_converted(char* to, std::size_t capacity);
    void convert_from(Encoding encoding);
    void convert_block();
    std::size_t not_utf8(char* to, std::size_t capacity, std::size_t length);

    int fd_ = -1;
    std::uint64_t size_ = 0, consumed_ = 0;
    Encoding encoding_ = Encoding::undecided;
    bool end_ = false, bad_ = false;
    unsigned char bad_byte_ = 0;
    std::string raw_;  // bytes read but not yet given out or converted
    std::size_t raw_at_ = 0;
    UConverter* converter_ = nullptr;
    std::u16string units_;
    std::string converted_;
    std::size_t converted_at_ = 0;
};

}  // namespace mingxin::collect
