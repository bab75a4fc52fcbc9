#include <argon2.h>

#include <array>

#include "base/check.h"
#include "crypto/crypto.h"

namespace mingxin::crypto {
namespace {

constexpr std::uint32_t kPasses = 2;
constexpr std::uint32_t kMemoryKib = 19456;
constexpr std::uint32_t kThreads = 1;
constexpr std::size_t kSaltSize = 16;
constexpr std::size_t kHashSize = 32;

}  // namespace

std::string hash_password(std::string_view password) {
    std::array<std::uint8_t, kSaltSize> salt;
    random_bytes(salt);
    std::array<char, 128> phc{};
    const int status = argon2id_hash_encoded(kPasses, kMemoryKib, kThreads, password.data(), password.size(),
                                             salt.data(), salt.size(), kHashSize, phc.data(), phc.size());
    CHECK(status == ARGON2_OK);
    return phc.data();
}

bool verify_password(std::string_view password, std::string_view phc) {
    return argon2id_verify(std::string(phc).c_str(), password.data(), password.size()) == ARGON2_OK;
}

}  // namespace mingxin::crypto
