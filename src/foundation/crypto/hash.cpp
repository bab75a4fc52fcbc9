// Digests through OpenSSL's EVP: algorithms are fetched once, contexts are kept per thread.
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "base/check.h"
#include "crypto/crypto.h"

namespace mingxin::crypto {
namespace {

struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};
using DigestContext = std::unique_ptr<EVP_MD_CTX, FreeContext>;
using MacContext = std::unique_ptr<EVP_MAC_CTX, FreeContext>;

// Fetched algorithms live as long as the process.
const EVP_MD* algorithm(Hash hash) {
    static const EVP_MD* const sm3 = EVP_MD_fetch(nullptr, "SM3", nullptr);
    static const EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    const EVP_MD* found = hash == Hash::sm3 ? sm3 : sha256;
    CHECK(found != nullptr);
    return found;
}

MacContext new_hmac_sm3() {
    static EVP_MAC* const hmac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    CHECK(hmac != nullptr);
    MacContext context(EVP_MAC_CTX_new(hmac));
    CHECK(context != nullptr);
    char name[] = "SM3";
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
                                 OSSL_PARAM_construct_end()};
    CHECK(EVP_MAC_CTX_set_params(context.get(), params) == 1);
    return context;
}

}  // namespace

struct Hasher::Impl {
    const EVP_MD* algorithm;
    DigestContext context;
    bool begun = false;
};

Hasher::Hasher(Hash hash) : impl_(new Impl{algorithm(hash), DigestContext(EVP_MD_CTX_new())}) {
    CHECK(impl_->context != nullptr);
}
Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

Hasher& Hasher::update(BytesView data) {
    if (!impl_->begun) {
        CHECK(EVP_DigestInit_ex2(impl_->context.get(), impl_->algorithm, nullptr) == 1);
        impl_->begun = true;
    }
    CHECK(EVP_DigestUpdate(impl_->context.get(), data.data(), data.size()) == 1);
    return *this;
}

Digest Hasher::finish() {
    update(BytesView());
    Digest out;
    CHECK(EVP_DigestFinal_ex(impl_->context.get(), out.data(), nullptr) == 1);
    impl_->begun = false;
    return out;
}

Digest digest(BytesView data, Hash hash) {
    thread_local Hasher sm3(Hash::sm3);
    thread_local Hasher sha256(Hash::sha256);
    return (hash == Hash::sm3 ? sm3 : sha256).update(data).finish();
}

Digest hmac_sm3(BytesView key, BytesView data) {
    thread_local const MacContext context = new_hmac_sm3();
    // A null key would mean "the key of before".
    static const std::uint8_t nothing = 0;
    Digest out;
    std::size_t size = 0;
    CHECK(EVP_MAC_init(context.get(), key.empty() ? &nothing : key.data(), key.size(), nullptr) == 1);
    CHECK(EVP_MAC_update(context.get(), data.data(), data.size()) == 1);
    CHECK(EVP_MAC_final(context.get(), out.data(), &size, out.size()) == 1 && size == out.size());
    return out;
}

bool equal_constant_time(BytesView a, BytesView b) {
    return a.size() == b.size() && (a.empty() || CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0);
}

}  // namespace mingxin::crypto
