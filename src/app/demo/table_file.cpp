#include "demo/table_file.h"

#include <unicode/ucnv.h>
#include <unicode/unistr.h>

#include "base/check.h"
#include "demo/output_file.h"
#include "demo/xlsx_file.h"

namespace mingxin::demo {
namespace {

constexpr std::size_t kBufferBytes = 256 << 10;

void append_cell(std::string& out, std::string_view cell) {
    if (cell.find_first_of(",\"\r\n") == std::string_view::npos) {
        out += cell;
        return;
    }
    out += '"';
    for (const char c : cell) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
}

/// CSV of RFC 4180.
class CsvFile final : public TableFile {
  public:
    CsvFile(OutputFile file, Format format) : file_(std::move(file)) {
        buffer_.reserve(kBufferBytes * 2);
        if (format == Format::utf8_bom) buffer_ = "\uFEFF";
        if (format != Format::gb18030) return;
        UErrorCode status = U_ZERO_ERROR;
        converter_.reset(ucnv_open("GB18030", &status));
        CHECK(U_SUCCESS(status));
    }

    Result<void> write(const std::vector<std::string>& cells) override {
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (i > 0) buffer_ += ',';
            append_cell(buffer_, cells[i]);
        }
        buffer_ += "\r\n";
        if (buffer_.size() < kBufferBytes) return {};
        return flush();
    }

    Result<void> finish() override {
        TRY(flush());
        return file_.finish();
    }

  private:
    Result<void> flush() {
        TRY(file_.write(converter_ ? converted() : buffer_));
        buffer_.clear();
        return {};
    }

    std::string converted() const {
        const auto text =
            icu::UnicodeString::fromUTF8(icu::StringPiece(buffer_.data(), static_cast<int>(buffer_.size())));
        std::string bytes(static_cast<std::size_t>(text.length()) * 4, '\0');
        UErrorCode status = U_ZERO_ERROR;
        const auto length = ucnv_fromUChars(converter_.get(), bytes.data(), static_cast<int>(bytes.size()),
                                            text.getBuffer(), text.length(), &status);
        CHECK(U_SUCCESS(status));  // GB18030 has every character
        bytes.resize(static_cast<std::size_t>(length));
        return bytes;
    }

    struct CloseConverter {
        void operator()(UConverter* converter) const { ucnv_close(converter); }
    };
    OutputFile file_;
    std::unique_ptr<UConverter, CloseConverter> converter_;  // empty: UTF-8
    std::string buffer_;
};

}  // namespace

std::string_view extension(Format format) {
    return format == Format::xlsx ? ".xlsx" : ".csv";
}

Result<std::unique_ptr<TableFile>> create_table_file(const std::filesystem::path& path, Format format) {
    OutputFile file = TRY(OutputFile::create(path));
    if (format == Format::xlsx) return create_xlsx_file(std::move(file));
    return std::unique_ptr<TableFile>(std::make_unique<CsvFile>(std::move(file), format));
}

}  // namespace mingxin::demo
