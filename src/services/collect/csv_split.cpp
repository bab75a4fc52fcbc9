#include "collect/csv_split.h"

#include <bit>
#include <cstring>

namespace mingxin::collect {
namespace {

constexpr std::uint64_t ones = 0x0101010101010101, highs = 0x8080808080808080;

// A high bit for each byte of word that equals the byte repeated in pattern (and perhaps for bytes above it).
std::uint64_t equal_bytes(std::uint64_t word, std::uint64_t pattern) {
    std::uint64_t x = word ^ pattern;
    return (x - ones) & ~x & highs;
}

// First separator, LF or CR at or after i, else the size.
std::size_t field_end(std::string_view text, std::size_t i, char separator) {
    if constexpr (std::endian::native == std::endian::little) {
        const std::uint64_t separators = ones * static_cast<unsigned char>(separator);
        for (; i + 8 <= text.size(); i += 8) {
            std::uint64_t word;
            std::memcpy(&word, text.data() + i, 8);
            std::uint64_t hit = equal_bytes(word, separators) | equal_bytes(word, ones * '\n') |
                                equal_bytes(word, ones * '\r');
            if (hit != 0) return i + static_cast<std::size_t>(std::countr_zero(hit)) / 8;
        }
    }
    while (i < text.size() && text[i] != separator && text[i] != '\n' && text[i] != '\r') ++i;
    return i;
}

}  // namespace

CsvSplit split_csv_row(std::string_view text, bool last, char separator, std::size_t most_fields,
                       std::vector<CsvField>& fields, std::size_t& taken) {
    fields.clear();
    for (std::size_t at = 0;;) {
        if (fields.size() == most_fields) return CsvSplit::too_many;
        CsvField& field = fields.emplace_back();
        std::size_t begin = at, end = 0;
        if (at < text.size() && text[at] == '"') {
            for (std::size_t i = at + 1;;) {
                auto quote = static_cast<const char*>(std::memchr(text.data() + i, '"', text.size() - i));
                field.begin = static_cast<std::uint32_t>(begin + 1);
                if (quote == nullptr) return CsvSplit::in_quotes;
                end = static_cast<std::size_t>(quote - text.data());
                if (end + 1 == text.size() && !last) return CsvSplit::need_more;
                if (end + 1 == text.size() || text[end + 1] != '"') break;
                field.doubled_quotes = true;
                i = end + 2;
            }
            field.size = static_cast<std::uint32_t>(end - begin - 1);
            at = end + 1;
            if (at < text.size() && text[at] != separator && text[at] != '\n' && text[at] != '\r') {
                at = field_end(text, at, separator);
                field = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at - begin), false,
                         true};
            }
        } else {
            at = field_end(text, at, separator);
            field.begin = static_cast<std::uint32_t>(begin);
            field.size = static_cast<std::uint32_t>(at - begin);
        }
        if (at == text.size()) {
            taken = at;
            return last ? CsvSplit::row : CsvSplit::need_more;
        }
        if (text[at] == separator) {
            ++at;
            continue;
        }
        if (text[at] == '\r') {
            if (at + 1 == text.size() && !last) return CsvSplit::need_more;
            if (at + 1 < text.size() && text[at + 1] == '\n') ++at;
        }
        taken = at + 1;
        return CsvSplit::row;
    }
}

}  // namespace mingxin::collect
