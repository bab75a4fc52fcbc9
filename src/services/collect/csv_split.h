// Splits one row of separated values (RFC 4180, read leniently). Pure, thread-safe.
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

namespace mingxin::collect {

struct CsvField {
    std::uint32_t begin = 0, size = 0;  // in the row's text, without the quotes around
    bool doubled_quotes = false;        // "" stands for "
    bool stray_quote = false;           // text after a closing quote: taken as written, quotes and all
};

enum class CsvSplit : std::uint8_t { row, need_more, in_quotes, too_many };

/// The first row of text. last: nothing follows the text. row: fields hold it and taken is its length with
/// the line end (LF, CRLF or CR). need_more, in_quotes: the text ends inside the row (inside quotes, in the
/// last of fields). too_many: more than most_fields.
CsvSplit split_csv_row(std::string_view text, bool last, char separator, std::size_t most_fields,
                       std::vector<CsvField>& fields, std::size_t& taken);

}  // namespace mingxin::collect
