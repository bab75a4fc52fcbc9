// SM4-GCM (RFC 8998). OpenSSL 3.0 has SM4-CTR but no SM4-GCM, so GHASH (NIST SP 800-38D section 6.4) is here,
// in constant time: products of polynomials by integer multiplication with holes between the bits.
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/check.h"
#include "crypto/crypto.h"

namespace mingxin::crypto {
namespace {

constexpr std::size_t kKeySize = 16;
constexpr std::size_t kNonceSize = 12;
constexpr std::size_t kTagSize = 16;
using Block = std::array<std::uint8_t, 16>;

std::uint64_t read_be64(const std::uint8_t* bytes) {
    std::uint64_t value = 0;
    for (int i = 0; i < 8; ++i) value = value << 8 | bytes[i];
    return value;
}

void write_be64(std::uint8_t* bytes, std::uint64_t value) {
    for (int i = 7; i >= 0; --i, value >>= 8) bytes[i] = static_cast<std::uint8_t>(value);
}

// Low 64 bits of the carry-less product: each operand in four parts with three empty bits between two bits,
// so that carries die in the holes.
std::uint64_t multiply_low(std::uint64_t x, std::uint64_t y) {
    std::uint64_t product = 0;
    for (int part = 0; part < 4; ++part) {
        std::uint64_t sum = 0;
        for (int i = 0; i < 4; ++i) {
            sum ^= (x & (0x1111111111111111u << i)) * (y & (0x1111111111111111u << ((part - i) & 3)));
        }
        product |= sum & (0x1111111111111111u << part);
    }
    return product;
}

std::uint64_t reverse_bits(std::uint64_t x) {
    x = (x & 0x5555555555555555u) << 1 | (x >> 1 & 0x5555555555555555u);
    x = (x & 0x3333333333333333u) << 2 | (x >> 2 & 0x3333333333333333u);
    x = (x & 0x0f0f0f0f0f0f0f0fu) << 4 | (x >> 4 & 0x0f0f0f0f0f0f0f0fu);
    return __builtin_bswap64(x);
}

// The upper half comes from the product of the reversed operands.
std::uint64_t multiply_high(std::uint64_t x, std::uint64_t y) {
    return reverse_bits(multiply_low(reverse_bits(x), reverse_bits(y))) >> 1;
}

class Ghash {
  public:
    explicit Ghash(const Block& h) : h1_(read_be64(h.data())), h0_(read_be64(h.data() + 8)) {}

    /// data, filled up with zeros to whole blocks.
    void add(BytesView data) {
        while (!data.empty()) {
            Block block{};
            const std::size_t part = std::min(data.size(), block.size());
            std::memcpy(block.data(), data.data(), part);
            add_block(read_be64(block.data()), read_be64(block.data() + 8));
            data = data.subspan(part);
        }
    }
    void add_block(std::uint64_t high, std::uint64_t low) {
        y1_ ^= high;
        y0_ ^= low;
        multiply();
    }
    Block value() const {
        Block out;
        write_be64(out.data(), y1_);
        write_be64(out.data() + 8, y0_);
        return out;
    }

  private:
    void multiply() {
        // Karatsuba on 64-bit halves; GHASH's bits are reflected, hence the shift by one below.
        const std::uint64_t y2 = y0_ ^ y1_, h2 = h0_ ^ h1_;
        const std::uint64_t low = multiply_low(y0_, h0_), low_up = multiply_high(y0_, h0_);
        const std::uint64_t high = multiply_low(y1_, h1_), high_up = multiply_high(y1_, h1_);
        const std::uint64_t middle = multiply_low(y2, h2) ^ low ^ high;
        const std::uint64_t middle_up = multiply_high(y2, h2) ^ low_up ^ high_up;
        std::uint64_t v0 = low, v1 = low_up ^ middle, v2 = high ^ middle_up, v3 = high_up;
        v3 = v3 << 1 | v2 >> 63;
        v2 = v2 << 1 | v1 >> 63;
        v1 = v1 << 1 | v0 >> 63;
        v0 <<= 1;
        v2 ^= v0 ^ v0 >> 1 ^ v0 >> 2 ^ v0 >> 7;
        v1 ^= v0 << 63 ^ v0 << 62 ^ v0 << 57;
        v3 ^= v1 ^ v1 >> 1 ^ v1 >> 2 ^ v1 >> 7;
        v2 ^= v1 << 63 ^ v1 << 62 ^ v1 << 57;
        y0_ = v2;
        y1_ = v3;
    }

    std::uint64_t h1_, h0_;
    std::uint64_t y1_ = 0, y0_ = 0;
};

struct FreeCipher {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

// One key's counter mode, in a context kept per thread.
class CounterMode {
  public:
    explicit CounterMode(BytesView key) : key_(key) {}

    void start(const Block& counter) {
        static const EVP_CIPHER* const sm4 = EVP_CIPHER_fetch(nullptr, "SM4-CTR", nullptr);
        CHECK(sm4 != nullptr && context() != nullptr);
        CHECK(EVP_EncryptInit_ex2(context(), sm4, key_.data(), counter.data(), nullptr) == 1);
    }
    void run(BytesView in, std::uint8_t* out) {
        while (!in.empty()) {
            const std::size_t part = std::min<std::size_t>(in.size(), 1u << 30);
            int written = 0;
            CHECK(EVP_EncryptUpdate(context(), out, &written, in.data(), static_cast<int>(part)) == 1);
            CHECK(static_cast<std::size_t>(written) == part);
            in = in.subspan(part);
            out += part;
        }
    }
    /// The cipher of one block.
    Block encrypt(const Block& block) {
        const Block zero{};
        Block out;
        start(block);
        run(zero, out.data());
        return out;
    }

  private:
    static EVP_CIPHER_CTX* context() {
        thread_local const std::unique_ptr<EVP_CIPHER_CTX, FreeCipher> kept(EVP_CIPHER_CTX_new());
        return kept.get();
    }
    BytesView key_;
};

Block first_counter(BytesView nonce) {
    Block counter{};
    std::copy(nonce.begin(), nonce.end(), counter.begin());
    counter[15] = 1;
    return counter;
}

Block tag_of(CounterMode& cipher, const Block& mask, BytesView context, BytesView encrypted) {
    Ghash ghash(cipher.encrypt(Block{}));
    ghash.add(context);
    ghash.add(encrypted);
    ghash.add_block(std::uint64_t{context.size()} * 8, std::uint64_t{encrypted.size()} * 8);
    Block tag = ghash.value();
    for (std::size_t i = 0; i < tag.size(); ++i) tag[i] ^= mask[i];
    return tag;
}

// Leaves the cipher after the mask block, where the text's key stream begins.
Block start_text(CounterMode& cipher, BytesView nonce) {
    const Block zero{};
    Block mask;
    cipher.start(first_counter(nonce));
    cipher.run(zero, mask.data());
    return mask;
}

}  // namespace

Bytes sm4_seal(BytesView key, BytesView plain, BytesView context) {
    CHECK(key.size() == kKeySize);
    Bytes sealed(kNonceSize + plain.size() + kTagSize);
    const std::span<std::uint8_t> all(sealed);
    random_bytes(all.first(kNonceSize));
    CounterMode cipher(key);
    const Block mask = start_text(cipher, all.first(kNonceSize));
    cipher.run(plain, sealed.data() + kNonceSize);
    const Block tag = tag_of(cipher, mask, context, all.subspan(kNonceSize, plain.size()));
    std::copy(tag.begin(), tag.end(), sealed.end() - kTagSize);
    return sealed;
}

Result<Bytes> sm4_open(BytesView key, BytesView sealed, BytesView context) {
    CHECK(key.size() == kKeySize);
    if (sealed.size() < kNonceSize + kTagSize) return fail(Fault::seal_broken);
    const BytesView nonce = sealed.first(kNonceSize);
    const BytesView encrypted = sealed.subspan(kNonceSize, sealed.size() - kNonceSize - kTagSize);
    CounterMode cipher(key);
    const Block mask = cipher.encrypt(first_counter(nonce));
    const Block tag = tag_of(cipher, mask, context, encrypted);
    if (!equal_constant_time(tag, sealed.last(kTagSize))) return fail(Fault::seal_broken);
    Bytes plain(encrypted.size());
    start_text(cipher, nonce);
    cipher.run(encrypted, plain.data());
    return plain;
}

}  // namespace mingxin::crypto
