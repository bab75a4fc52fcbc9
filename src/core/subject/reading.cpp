#include "subject/reading.h"

#include <unicode/ustring.h>
#include <unicode/utrans.h>

#include <mutex>
#include <unordered_map>

#include "base/check.h"
#include "base/text.h"

namespace mingxin::subject {
namespace {

constexpr std::uint32_t kFirstReading =
    0x110000;  // below: characters that are read as nothing but themselves

bool is_han(char32_t c) {
    return (c >= 0x3400 && c <= 0x9FFF) || (c >= 0x20000 && c <= 0x3FFFF);
}

/// A table of ICU, which keeps state while it runs: to be used under a lock.
class Table {
  public:
    explicit Table(std::u16string_view id) {
        UErrorCode status = U_ZERO_ERROR;
        table_ = utrans_openU(id.data(), static_cast<std::int32_t>(id.size()), UTRANS_FORWARD, nullptr, 0,
                              nullptr, &status);
        CHECK(U_SUCCESS(status));
    }

    std::string apply(std::string_view text) {
        UErrorCode status = U_ZERO_ERROR;
        std::u16string wide(8 * text.size() + 8, 0);  // a character may become several
        const auto capacity = static_cast<std::int32_t>(wide.size());
        std::int32_t length = 0;
        u_strFromUTF8WithSub(wide.data(), capacity, &length, text.data(),
                             static_cast<std::int32_t>(text.size()), 0xFFFD, nullptr, &status);
        std::int32_t limit = length;
        utrans_transUChars(table_, wide.data(), &length, capacity, 0, &limit, &status);
        if (U_FAILURE(status)) return std::string(text);
        std::string out(static_cast<std::size_t>(length) * 3, 0);
        u_strToUTF8(out.data(), static_cast<std::int32_t>(out.size()), &length, wide.data(), length, &status);
        CHECK(U_SUCCESS(status));
        out.resize(static_cast<std::size_t>(length));
        return out;
    }

  private:
    UTransliterator* table_ = nullptr;  // for as long as the process lives
};

/// Numbers of the readings that were met; grows to as many as there are characters at most.
class Readings {
  public:
    std::uint32_t of(char32_t c) {
        if (!is_han(c)) return c;
        const auto [known, added] = characters_.try_emplace(c, 0);
        if (!added) return known->second;
        std::string text;
        append_utf8(text, c);
        const std::string sound = table_.apply(text);
        // A character without a reading stays as it is.
        const auto next = static_cast<std::uint32_t>(kFirstReading + numbers_.size());
        known->second = sound == text ? c : numbers_.try_emplace(sound, next).first->second;
        return known->second;
    }

  private:
    Table table_{u"Han-Latin; Latin-ASCII"};
    std::unordered_map<char32_t, std::uint32_t> characters_;
    std::unordered_map<std::string, std::uint32_t> numbers_;
};

}  // namespace

std::string simplified(std::string_view name) {
    constexpr std::size_t longest_name = 1024;  // bytes; bounds the time
    if (name.size() > longest_name) return std::string(name);
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    static Table table(u"Traditional-Simplified");
    return table.apply(name);
}

std::vector<std::uint32_t> readings(std::u32string_view text) {
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    static Readings known;
    std::vector<std::uint32_t> numbers;
    numbers.reserve(text.size());
    for (const char32_t c : text) numbers.push_back(known.of(c));
    return numbers;
}

}  // namespace mingxin::subject
