// Cryptography on OpenSSL 3 and libargon2: SM3 (GB/T 32905), SHA-256, HMAC-SM3, SM4-GCM (GB/T 32907, RFC
// 8998), SM2 (GB/T 32918, SM3, user id "1234567812345678"), Argon2id (RFC 9106). Functions are thread-safe;
// objects are not unless they say so.
#pragma once
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace mingxin::crypto {

enum class Hash { sm3, sha256 };

/// Incremental hashing; reusable after finish().
class Hasher {
  public:
    explicit Hasher(Hash hash = Hash::sm3);
    ~Hasher();
    Hasher(Hasher&&) noexcept;
    Hasher& operator=(Hasher&&) noexcept;
    Hasher& update(BytesView data);
    Hasher& update(std::string_view text) { return update(as_bytes(text)); }
    Digest finish();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

Digest digest(BytesView data, Hash hash = Hash::sm3);
inline Digest digest(std::string_view text, Hash hash = Hash::sm3) {
    return digest(as_bytes(text), hash);
}
/// SM3 of many messages, side by side in vector lanes (AVX2, AVX-512): 4 to 8 times as fast as digest() for
/// eight or more messages of any lengths. digests has as many places as there are messages. Allocates
/// nothing.
void sm3_many(std::span<const BytesView> messages, std::span<Digest> digests);
Digest hmac_sm3(BytesView key, BytesView data);

/// From the operating system's generator, buffered; cheap for many small requests. Thread-safe.
void random_bytes(std::span<std::uint8_t> out);
/// size random bytes in lower-case hexadecimal.
std::string random_hex(std::size_t size);
/// False for different sizes; else takes the same time wherever they differ.
bool equal_constant_time(BytesView a, BytesView b);

/// SM4-GCM with a 16-byte key. sealed = 12-byte nonce, ciphertext, 16-byte tag. context is authenticated.
Bytes sm4_seal(BytesView key, BytesView plain, BytesView context);
/// Fault::seal_broken when key, context or any byte differs.
Result<Bytes> sm4_open(BytesView key, BytesView sealed, BytesView context);

/// An SM2 public key: the uncompressed point, 65 bytes 04 X Y. Immutable; its functions are thread-safe.
class Sm2PublicKey {
  public:
    /// Fault::bad_key unless it is a point of the curve.
    static Result<Sm2PublicKey> from_point(BytesView point);
    /// Fault::bad_key as well.
    static Result<Sm2PublicKey> from_pem(std::string_view pem);
    const Bytes& point() const { return point_; }
    /// SubjectPublicKeyInfo, as OpenSSL's command line reads it.
    std::string to_pem() const;
    /// First 16 hexadecimal characters of SM3(point).
    std::string key_id() const;
    /// signature is DER (SEQUENCE of r and s), as OpenSSL writes it.
    bool verify(BytesView message, BytesView signature) const;

  private:
    friend class Sm2Key;
    struct Impl;
    explicit Sm2PublicKey(std::shared_ptr<const Impl> impl);
    Bytes point_;
    std::shared_ptr<const Impl> impl_;
};

/// An SM2 key pair. sign() is thread-safe.
class Sm2Key {
  public:
    static Sm2Key generate();
    /// PKCS #8 or SEC 1, unencrypted; Fault::bad_key otherwise.
    static Result<Sm2Key> from_pem(std::string_view pem);
    Sm2Key(Sm2Key&&) noexcept;
    Sm2Key& operator=(Sm2Key&&) noexcept;
    ~Sm2Key();
    /// PKCS #8, unencrypted; the file that holds it has mode 0600.
    std::string to_pem() const;
    const Sm2PublicKey& public_key() const;
    /// DER signature over SM3(Z || message).
    Bytes sign(BytesView message) const;

  private:
    struct Impl;
    explicit Sm2Key(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

/// Argon2id in PHC form ("$argon2id$v=19$m=19456,t=2,p=1$..."), OWASP's minimum parameters. Takes some 20 ms
/// and 19 MiB on purpose.
std::string hash_password(std::string_view password);
/// False for a malformed phc too.
bool verify_password(std::string_view password, std::string_view phc);

}  // namespace mingxin::crypto
