#include "demo/table_file.h"

#include <unicode/ucnv.h>
#include <unicode/unistr.h>

#include "base/check.h"

namespace mingxin::demo {
namespace {

constexpr std::size_t kBufferBytes = 1 << 20;

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
struct CloseConverter {
    void operator()(UConverter* converter) const { ucnv_close(converter); }
};

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

}  // namespace

struct TableFile::Impl {
    std::filesystem::path path;
    std::unique_ptr<std::FILE, CloseFile> file;
    std::unique_ptr<UConverter, CloseConverter> converter;  // empty: UTF-8
    std::string buffer;

    Error unwritable() const { return {Fault::file_unwritable, path.string(), {}}; }

    std::string converted() const {
        const auto text =
            icu::UnicodeString::fromUTF8(icu::StringPiece(buffer.data(), static_cast<int>(buffer.size())));
        std::string bytes(static_cast<std::size_t>(text.length()) * 4, '\0');
        UErrorCode status = U_ZERO_ERROR;
        const auto length = ucnv_fromUChars(converter.get(), bytes.data(), static_cast<int>(bytes.size()),
                                            text.getBuffer(), text.length(), &status);
        CHECK(U_SUCCESS(status));  // GB18030 has every character
        bytes.resize(static_cast<std::size_t>(length));
        return bytes;
    }

    Result<void> flush() {
        const std::string bytes = converter ? converted() : std::string();
        const std::string& out = converter ? bytes : buffer;
        if (std::fwrite(out.data(), 1, out.size(), file.get()) != out.size()) return fail(unwritable());
        buffer.clear();
        return {};
    }
};

TableFile::TableFile(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TableFile::TableFile(TableFile&&) noexcept = default;
TableFile::~TableFile() = default;

Result<TableFile> TableFile::create(const std::filesystem::path& path, Format format) {
    auto impl = std::make_unique<Impl>();
    impl->path = path;
    impl->file.reset(std::fopen(path.c_str(), "wb"));
    if (!impl->file) return fail(impl->unwritable());
    if (format == Format::gb18030) {
        UErrorCode status = U_ZERO_ERROR;
        impl->converter.reset(ucnv_open("GB18030", &status));
        CHECK(U_SUCCESS(status));
    }
    impl->buffer.reserve(kBufferBytes + (64 << 10));
    if (format == Format::utf8_bom) impl->buffer = "\uFEFF";
    return TableFile(std::move(impl));
}

Result<void> TableFile::write(const std::vector<std::string>& cells) {
    std::string& out = impl_->buffer;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i > 0) out += ',';
        append_cell(out, cells[i]);
    }
    out += "\r\n";
    return out.size() < kBufferBytes ? Result<void>() : impl_->flush();
}

Result<void> TableFile::finish() {
    TRY(impl_->flush());
    if (std::fclose(impl_->file.release()) != 0) return fail(impl_->unwritable());
    return {};
}

}  // namespace mingxin::demo
