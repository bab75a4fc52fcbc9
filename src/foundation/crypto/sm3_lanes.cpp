// SM3 (GB/T 32905-2016) of many messages at once: lane i of each vector belongs to message i. A lane that has
// finished its message takes the next one, so messages of different lengths keep all lanes busy.
#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "base/check.h"
#include "crypto/crypto.h"

#define MINGXIN_INLINE inline __attribute__((always_inline))

namespace mingxin::crypto {
namespace {

constexpr std::size_t kBlock = 64;
constexpr std::array<std::uint32_t, 8> kStart = {0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600,
                                                 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e};

template <int N>
struct Lanes {
    typedef std::uint32_t Vector __attribute__((vector_size(4 * N)));
};

constexpr std::array<std::uint32_t, 64> round_constants() {
    std::array<std::uint32_t, 64> constants{};
    for (int j = 0; j < 64; ++j) {
        constants[j] = std::rotl(j < 16 ? 0x79cc4519u : 0x7a879d8au, j % 32);
    }
    return constants;
}
constexpr std::array<std::uint32_t, 64> kRound = round_constants();

template <class V>
MINGXIN_INLINE V rotate(V x, int n) {
    return (x << n) | (x >> (32 - n));
}

template <bool early, class V>
MINGXIN_INLINE void one_round(V& a, V& b, V& c, V& d, V& e, V& f, V& g, V& h, std::uint32_t constant, V w,
                              V w4) {
    const V a12 = rotate(a, 12);
    const V ss1 = rotate(a12 + e + constant, 7);
    const V ff = early ? (a ^ b ^ c) : ((a & b) | ((a | b) & c));
    const V gg = early ? (e ^ f ^ g) : (((f ^ g) & e) ^ g);
    const V tt1 = ff + d + (ss1 ^ a12) + (w ^ w4);
    const V tt2 = gg + h + ss1 + w;
    // The caller turns the names by one instead of moving eight values.
    b = rotate(b, 9);
    d = tt1;
    f = rotate(f, 19);
    h = tt2 ^ rotate(tt2, 9) ^ rotate(tt2, 17);
}

template <bool early, class V>
MINGXIN_INLINE void four_rounds(V (&s)[8], const V* w, int j) {
    one_round<early>(s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], kRound[j], w[j], w[j + 4]);
    one_round<early>(s[3], s[0], s[1], s[2], s[7], s[4], s[5], s[6], kRound[j + 1], w[j + 1], w[j + 5]);
    one_round<early>(s[2], s[3], s[0], s[1], s[6], s[7], s[4], s[5], kRound[j + 2], w[j + 2], w[j + 6]);
    one_round<early>(s[1], s[2], s[3], s[0], s[5], s[6], s[7], s[4], kRound[j + 3], w[j + 3], w[j + 7]);
}

template <int N>
MINGXIN_INLINE void compress(typename Lanes<N>::Vector (&state)[8], const std::uint8_t* const (&blocks)[N]) {
    using V = typename Lanes<N>::Vector;
    V w[68];
    std::uint32_t words[16][N];
    for (int lane = 0; lane < N; ++lane) {
        for (int j = 0; j < 16; ++j) {
            std::uint32_t word;
            std::memcpy(&word, blocks[lane] + 4 * j, 4);
            words[j][lane] = std::endian::native == std::endian::little ? __builtin_bswap32(word) : word;
        }
    }
    std::memcpy(w, words, sizeof words);
    for (int j = 16; j < 68; ++j) {
        const V x = w[j - 16] ^ w[j - 9] ^ rotate(w[j - 3], 15);
        w[j] = x ^ rotate(x, 15) ^ rotate(x, 23) ^ rotate(w[j - 13], 7) ^ w[j - 6];
    }
    V s[8];
    for (int i = 0; i < 8; ++i) s[i] = state[i];
    for (int j = 0; j < 16; j += 4) four_rounds<true>(s, w, j);
    for (int j = 16; j < 64; j += 4) four_rounds<false>(s, w, j);
    for (int i = 0; i < 8; ++i) state[i] ^= s[i];
}

// What a lane still has to read: whole blocks of the message, then one or two blocks of end and padding.
struct Feed {
    const std::uint8_t* next = nullptr;
    std::size_t blocks = 0;  // whole blocks left at next
    std::size_t tail_blocks = 0;
    std::size_t message = 0;
    bool busy = false;
    std::uint8_t tail[2 * kBlock];

    void open(std::size_t index, BytesView data) {
        message = index;
        busy = true;
        next = data.data();
        blocks = data.size() / kBlock;
        const std::size_t rest = data.size() % kBlock;
        tail_blocks = rest + 9 <= kBlock ? 1 : 2;
        std::memset(tail, 0, sizeof tail);
        if (rest > 0) std::memcpy(tail, data.data() + data.size() - rest, rest);
        tail[rest] = 0x80;
        const std::uint64_t bits = std::uint64_t{data.size()} * 8;
        for (std::size_t i = 0; i < 8; ++i) {
            tail[tail_blocks * kBlock - 1 - i] = static_cast<std::uint8_t>(bits >> (8 * i));
        }
    }

    // The next block; *last says whether the message ends with it.
    const std::uint8_t* take(bool* last) {
        if (blocks == 0) {
            next = tail;
            blocks = tail_blocks;
            tail_blocks = 0;
        }
        const std::uint8_t* block = next;
        next += kBlock;
        --blocks;
        *last = blocks == 0 && tail_blocks == 0;
        return block;
    }
};

template <int N>
MINGXIN_INLINE void hash_all(std::span<const BytesView> messages, std::span<Digest> digests) {
    static constexpr std::uint8_t idle[kBlock] = {};
    typename Lanes<N>::Vector state[8] = {};
    Feed feeds[N];
    std::size_t given = 0;
    std::size_t busy = 0;
    const auto refill = [&](int lane) __attribute__((always_inline)) {
        feeds[lane].busy = given < messages.size();
        if (!feeds[lane].busy) return;
        feeds[lane].open(given, messages[given]);
        ++given;
        ++busy;
        for (int i = 0; i < 8; ++i) state[i][lane] = kStart[i];
    };
    for (int lane = 0; lane < N; ++lane) refill(lane);
    while (busy > 0) {
        const std::uint8_t* blocks[N];
        bool last[N] = {};
        for (int lane = 0; lane < N; ++lane) {
            blocks[lane] = feeds[lane].busy ? feeds[lane].take(&last[lane]) : idle;
        }
        compress<N>(state, blocks);
        for (int lane = 0; lane < N; ++lane) {
            if (!last[lane]) continue;
            Digest& out = digests[feeds[lane].message];
            for (int i = 0; i < 32; ++i) {
                out[i] = static_cast<std::uint8_t>(state[i / 4][lane] >> (24 - 8 * (i % 4)));
            }
            --busy;
            refill(lane);
        }
    }
}

using Run = void (*)(std::span<const BytesView>, std::span<Digest>);

void hash_all_4(std::span<const BytesView> messages, std::span<Digest> digests) {
    hash_all<4>(messages, digests);
}

#if defined(__x86_64__)
__attribute__((target("avx2,bmi2"))) void hash_all_8(std::span<const BytesView> messages,
                                                     std::span<Digest> digests) {
    hash_all<8>(messages, digests);
}

__attribute__((target("avx512f,avx512bw,avx512vl,avx2,bmi2"))) void hash_all_16(
    std::span<const BytesView> messages, std::span<Digest> digests) {
    hash_all<16>(messages, digests);
}
#endif

// The widest that the processor has and the messages fill.
Run choose(std::size_t messages) {
#if defined(__x86_64__)
    static const bool has_8 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
    static const bool has_16 = has_8 && __builtin_cpu_supports("avx512f") &&
                               __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
    if (has_16 && messages > 8) return hash_all_16;
    if (has_8 && messages > 4) return hash_all_8;
#endif
    (void)messages;
    return hash_all_4;
}

}  // namespace

void sm3_many(std::span<const BytesView> messages, std::span<Digest> digests) {
    CHECK(messages.size() == digests.size());
    if (messages.size() < 3) {  // mostly idle lanes would cost more
        for (std::size_t i = 0; i < messages.size(); ++i) digests[i] = digest(messages[i]);
        return;
    }
    choose(messages.size())(messages, digests);
}

}  // namespace mingxin::crypto
