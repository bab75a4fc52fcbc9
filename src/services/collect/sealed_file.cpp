#include "collect/sealed_file.h"

#include <cstring>
#include <fstream>

#include "crypto/crypto.h"

namespace mingxin::collect {

namespace {

constexpr std::size_t kPiece = 1 << 20;
constexpr std::uint32_t kLargestSealed = kPiece + 64;

// The last piece says so: a file that is cut off does not open.
std::string piece_context(const std::string& context, std::int64_t index, bool last) {
    return context + " piece " + std::to_string(index) + (last ? " last" : "");
}

}  // namespace

Result<void> seal_file(const std::filesystem::path& plain, const std::filesystem::path& sealed, BytesView key,
                       const std::string& context) {
    std::ifstream in(plain, std::ios::binary);
    std::ofstream out(sealed, std::ios::binary | std::ios::trunc);
    if (!in) return fail(Fault::file_unreadable, plain.filename().string());
    std::string piece(kPiece, '\0');
    for (std::int64_t index = 0;; ++index) {
        in.read(piece.data(), kPiece);
        const std::size_t size = static_cast<std::size_t>(in.gcount());
        const bool last = in.peek() == std::ifstream::traits_type::eof();
        const std::string bound = piece_context(context, index, last);
        const Bytes closed =
            crypto::sm4_seal(key, as_bytes(std::string_view(piece.data(), size)), as_bytes(bound));
        const std::uint32_t length = static_cast<std::uint32_t>(closed.size());
        out.write(reinterpret_cast<const char*>(&length), sizeof length);
        out.write(reinterpret_cast<const char*>(closed.data()), static_cast<std::streamsize>(closed.size()));
        if (last) break;
    }
    out.flush();
    if (!out) return fail(Fault::file_unwritable, sealed.filename().string());
    return {};
}

Result<std::string> open_sealed_file(const std::filesystem::path& sealed, BytesView key,
                                     const std::string& context) {
    std::ifstream in(sealed, std::ios::binary);
    std::string plain;
    Bytes closed;
    for (std::int64_t index = 0;; ++index) {
        std::uint32_t length = 0;
        if (!in.read(reinterpret_cast<char*>(&length), sizeof length) || length > kLargestSealed) {
            return fail(Fault::seal_broken, sealed.filename().string());
        }
        closed.resize(length);
        if (!in.read(reinterpret_cast<char*>(closed.data()), length)) {
            return fail(Fault::seal_broken, sealed.filename().string());
        }
        const bool last = in.peek() == std::ifstream::traits_type::eof();
        const Bytes piece = TRY(crypto::sm4_open(key, closed, as_bytes(piece_context(context, index, last))));
        plain.append(as_text(piece));
        if (last) return plain;
    }
}

}  // namespace mingxin::collect
