#include "workbook/csv_writer.h"

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <utility>

#include "base/file.h"

namespace mingxin::workbook {
namespace {

constexpr std::size_t kFlush_bytes = 64 * 1024;
/// What spreadsheets take for the beginning of a formula, in East Asia also in full width.
constexpr std::string_view kFormulas[] = {"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"};

}  // namespace

void append_csv_cell(std::string& out, std::string_view text, bool number) {
    const bool formula =
        !number && std::any_of(std::begin(kFormulas), std::end(kFormulas),
                               [&](std::string_view sign) { return text.starts_with(sign); });
    const bool quoted = text.find_first_of(",\"\r\n") != std::string_view::npos;
    if (quoted) out += '"';
    if (formula) out += '\'';
    for (char c : text) {
        if (c == '"') out += '"';
        out += c;
    }
    if (quoted) out += '"';
}

Result<CsvWriter> CsvWriter::create(const std::filesystem::path& path) {
    std::FILE* file = std::fopen(path.c_str(), "wbe");
    if (file == nullptr) return file_fault(Fault::file_unwritable, path, errno);
    CsvWriter writer(file, path.filename().string());
    writer.text_ = "\xEF\xBB\xBF";
    return writer;
}

CsvWriter::CsvWriter(CsvWriter&& other) noexcept
    : file_(std::exchange(other.file_, nullptr)),
      name_(std::move(other.name_)),
      text_(std::move(other.text_)),
      first_(other.first_) {}

CsvWriter::~CsvWriter() {
    if (file_ != nullptr) std::fclose(file_);
}

void CsvWriter::cell(std::string_view text, bool number) {
    if (!first_) text_ += ',';
    first_ = false;
    append_csv_cell(text_, text, number);
}

Result<void> CsvWriter::end_row() {
    text_ += "\r\n";
    first_ = true;
    return flush(kFlush_bytes);
}

Result<void> CsvWriter::flush(std::size_t above) {
    if (text_.size() <= above) return {};
    if (std::fwrite(text_.data(), 1, text_.size(), file_) != text_.size()) {
        return file_fault(Fault::file_unwritable, name_, errno);
    }
    text_.clear();
    return {};
}

Result<void> CsvWriter::finish() {
    TRY(flush(0));
    const int closed = std::fclose(std::exchange(file_, nullptr));
    if (closed != 0) return file_fault(Fault::file_unwritable, name_, errno);
    return {};
}

}  // namespace mingxin::workbook
