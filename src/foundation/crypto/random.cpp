#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <pthread.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>

#include "base/check.h"
#include "crypto/crypto.h"

namespace mingxin::crypto {
namespace {

// A forked child must not hand out the bytes that its parent holds buffered.
std::atomic<unsigned> forks{0};

unsigned watch_forks() {
    CHECK(pthread_atfork(nullptr, nullptr, [] { forks.fetch_add(1, std::memory_order_relaxed); }) == 0);
    return 0;
}

struct Buffer {
    std::array<std::uint8_t, 4096> bytes;
    std::size_t used = sizeof bytes;
    unsigned fork = 0;

    ~Buffer() { OPENSSL_cleanse(bytes.data(), bytes.size()); }

    void take(std::span<std::uint8_t> out) {
        const unsigned now = forks.load(std::memory_order_relaxed);
        if (bytes.size() - used < out.size() || fork != now) {
            CHECK(RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1);
            used = 0;
            fork = now;
        }
        std::memcpy(out.data(), bytes.data() + used, out.size());
        std::memset(bytes.data() + used, 0, out.size());  // what was given is not kept
        used += out.size();
    }
};

}  // namespace

void random_bytes(std::span<std::uint8_t> out) {
    static const unsigned watched = watch_forks();
    thread_local Buffer buffer;
    (void)watched;
    while (!out.empty()) {
        const std::size_t part = std::min<std::size_t>(out.size(), 256);
        buffer.take(out.first(part));
        out = out.subspan(part);
    }
}

std::string random_hex(std::size_t size) {
    Bytes bytes(size);
    random_bytes(bytes);
    return to_hex(bytes);
}

}  // namespace mingxin::crypto
