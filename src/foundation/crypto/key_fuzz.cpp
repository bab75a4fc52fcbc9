// Keys and signatures of any bytes: refused, never a crash; a signature of another text is none.
#include <cstdlib>

#include "base/bytes.h"
#include "crypto/crypto.h"

using namespace mingxin;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const crypto::Sm2Key key = crypto::Sm2Key::generate();
    const BytesView bytes(data, size);
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (key.public_key().verify(as_bytes("mingxin"), bytes)) std::abort();
    if (const auto point = crypto::Sm2PublicKey::from_point(bytes); point.ok()) {
        if (!crypto::Sm2PublicKey::from_pem(point->to_pem()).ok()) std::abort();
    }
    if (const auto read = crypto::Sm2PublicKey::from_pem(text); read.ok()) read->verify(bytes, bytes);
    if (const auto read = crypto::Sm2Key::from_pem(text); read.ok()) read->public_key();
    return 0;
}
