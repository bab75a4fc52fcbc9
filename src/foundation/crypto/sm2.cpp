#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/pem.h>

#include "base/check.h"
#include "crypto/crypto.h"

namespace mingxin::crypto {
namespace {

constexpr std::string_view kUserId = "1234567812345678";  // GB/T 35276 default identity
constexpr std::size_t kPointSize = 65;

struct Free {
    void operator()(BIO* bio) const { BIO_free(bio); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

const EVP_MD* sm3() {
    static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SM3", nullptr);
    CHECK(fetched != nullptr);
    return fetched;
}

Owned<EVP_PKEY_CTX> sm2_context() {
    Owned<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_name(nullptr, "SM2", nullptr));
    CHECK(context != nullptr);
    return context;
}

// A digest context bound to the user id; the EVP_PKEY_CTX lives beside it.
struct Signing {
    Owned<EVP_PKEY_CTX> key_context;
    Owned<EVP_MD_CTX> context;
};

Signing begin_signing(EVP_PKEY* key) {
    Signing signing{Owned<EVP_PKEY_CTX>(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr)),
                    Owned<EVP_MD_CTX>(EVP_MD_CTX_new())};
    CHECK(signing.key_context != nullptr && signing.context != nullptr);
    CHECK(EVP_PKEY_CTX_set1_id(signing.key_context.get(), kUserId.data(), kUserId.size()) == 1);
    EVP_MD_CTX_set_pkey_ctx(signing.context.get(), signing.key_context.get());
    return signing;
}

// Never asks on the terminal for a pass phrase.
int no_pass_phrase(char*, int, int, void*) {
    return 0;
}

Result<Bytes> point_of(EVP_PKEY* key) {
    char group[32] = {};
    if (key == nullptr ||
        EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group, nullptr) != 1 ||
        std::string_view(group) != "SM2") {
        ERR_clear_error();
        return fail(Fault::bad_key);
    }
    Bytes point(kPointSize);
    std::size_t size = 0;
    Owned<EVP_PKEY_CTX> check(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
    if (check == nullptr || EVP_PKEY_public_check(check.get()) != 1 ||
        EVP_PKEY_set_utf8_string_param(key, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, "uncompressed") !=
            1 ||
        EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size(), &size) !=
            1 ||
        size != kPointSize || point[0] != 4) {
        ERR_clear_error();
        return fail(Fault::bad_key);
    }
    return point;
}

std::string text_of(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return std::string(data, static_cast<std::size_t>(size));
}

Owned<BIO> reading(std::string_view text) {
    CHECK(text.size() < (1u << 30));
    Owned<BIO> bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    CHECK(bio != nullptr);
    return bio;
}

}  // namespace

struct Sm2PublicKey::Impl {
    Bytes point;
    Owned<EVP_PKEY> key;
};

Sm2PublicKey::Sm2PublicKey(std::shared_ptr<const Impl> impl) : point_(impl->point), impl_(std::move(impl)) {}

Result<Sm2PublicKey> Sm2PublicKey::from_point(BytesView point) {
    if (point.size() != kPointSize || point[0] != 4) return fail(Fault::bad_key);
    char group[] = "SM2";
    Bytes copy(point.begin(), point.end());
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, copy.data(), copy.size()),
        OSSL_PARAM_construct_end()};
    const auto context = sm2_context();
    EVP_PKEY* raw = nullptr;
    CHECK(EVP_PKEY_fromdata_init(context.get()) == 1);
    if (EVP_PKEY_fromdata(context.get(), &raw, EVP_PKEY_PUBLIC_KEY, params) != 1) {
        ERR_clear_error();
        return fail(Fault::bad_key);
    }
    Owned<EVP_PKEY> key(raw);
    TRY(point_of(key.get()));
    return Sm2PublicKey(std::make_shared<const Impl>(Impl{std::move(copy), std::move(key)}));
}

Result<Sm2PublicKey> Sm2PublicKey::from_pem(std::string_view pem) {
    const auto bio = reading(pem);
    const Owned<EVP_PKEY> key(PEM_read_bio_PUBKEY(bio.get(), nullptr, no_pass_phrase, nullptr));
    return from_point(TRY(point_of(key.get())));
}

std::string Sm2PublicKey::to_pem() const {
    const Owned<BIO> bio(BIO_new(BIO_s_mem()));
    CHECK(bio != nullptr && PEM_write_bio_PUBKEY(bio.get(), impl_->key.get()) == 1);
    return text_of(bio.get());
}

std::string Sm2PublicKey::key_id() const {
    return to_hex(digest(point_)).substr(0, 16);
}

bool Sm2PublicKey::verify(BytesView message, BytesView signature) const {
    const Signing signing = begin_signing(impl_->key.get());
    CHECK(EVP_DigestVerifyInit(signing.context.get(), nullptr, sm3(), nullptr, impl_->key.get()) == 1);
    const bool good = EVP_DigestVerify(signing.context.get(), signature.data(), signature.size(),
                                       message.data(), message.size()) == 1;
    if (!good) ERR_clear_error();
    return good;
}

struct Sm2Key::Impl {
    Owned<EVP_PKEY> key;
    Sm2PublicKey public_key;

    static Result<std::unique_ptr<Impl>> make(Owned<EVP_PKEY> key) {
        auto public_key = TRY(Sm2PublicKey::from_point(TRY(point_of(key.get()))));
        return std::unique_ptr<Impl>(new Impl{std::move(key), std::move(public_key)});
    }
};

Sm2Key::Sm2Key(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Sm2Key::Sm2Key(Sm2Key&&) noexcept = default;
Sm2Key& Sm2Key::operator=(Sm2Key&&) noexcept = default;
Sm2Key::~Sm2Key() = default;

Sm2Key Sm2Key::generate() {
    const auto context = sm2_context();
    EVP_PKEY* raw = nullptr;
    CHECK(EVP_PKEY_keygen_init(context.get()) == 1 && EVP_PKEY_generate(context.get(), &raw) == 1);
    auto impl = Impl::make(Owned<EVP_PKEY>(raw));
    CHECK(impl.ok());
    return Sm2Key(std::move(*impl));
}

Result<Sm2Key> Sm2Key::from_pem(std::string_view pem) {
    const auto bio = reading(pem);
    Owned<EVP_PKEY> key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_pass_phrase, nullptr));
    auto impl = TRY(Impl::make(std::move(key)));
    const Owned<EVP_PKEY_CTX> check(EVP_PKEY_CTX_new_from_pkey(nullptr, impl->key.get(), nullptr));
    if (check == nullptr || EVP_PKEY_pairwise_check(check.get()) != 1) {
        ERR_clear_error();
        return fail(Fault::bad_key);
    }
    return Sm2Key(std::move(impl));
}

std::string Sm2Key::to_pem() const {
    const Owned<BIO> bio(BIO_new(BIO_s_secmem()));
    CHECK(bio != nullptr);
    CHECK(PEM_write_bio_PKCS8PrivateKey(bio.get(), impl_->key.get(), nullptr, nullptr, 0, nullptr, nullptr) ==
          1);
    return text_of(bio.get());
}

const Sm2PublicKey& Sm2Key::public_key() const {
    return impl_->public_key;
}

Bytes Sm2Key::sign(BytesView message) const {
    const Signing signing = begin_signing(impl_->key.get());
    CHECK(EVP_DigestSignInit(signing.context.get(), nullptr, sm3(), nullptr, impl_->key.get()) == 1);
    std::size_t size = 0;
    CHECK(EVP_DigestSign(signing.context.get(), nullptr, &size, message.data(), message.size()) == 1);
    Bytes signature(size);
    CHECK(EVP_DigestSign(signing.context.get(), signature.data(), &size, message.data(), message.size()) ==
          1);
    signature.resize(size);
    return signature;
}

}  // namespace mingxin::crypto
