#include "crypto/crypto.h"

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <set>
#include <thread>

#include "base/file.h"

using namespace mingxin;
using namespace mingxin::crypto;

namespace {
Bytes hex(std::string_view text) {
    return from_hex(text).value();
}
bool run(const std::string& command) {
    return std::system((command + " >/dev/null 2>&1").c_str()) == 0;
}
}  // namespace

TEST_CASE("SM3 and SHA-256: published vectors") {
    CHECK_EQ(to_hex(digest("abc")), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    std::string four;
    for (int i = 0; i < 16; ++i) four += "abcd";
    CHECK_EQ(to_hex(digest(four)), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
    CHECK_EQ(to_hex(digest("abc", Hash::sha256)),
             "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK_EQ(to_hex(digest("", Hash::sha256)),
             "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    Hasher hasher;
    hasher.update("a").update("").update("bc");
    CHECK_EQ(hasher.finish(), digest("abc"));
    CHECK_EQ(hasher.update("abc").finish(), digest("abc"));
    CHECK_EQ(hasher.finish(), digest(""));
}

TEST_CASE("sm3_many: the same as digest() for every length and number") {
    std::string text;
    for (int i = 0; i < 3000; ++i) text += static_cast<char>(i * 31 + i / 7);
    for (std::size_t count : {0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 40, 300}) {
        std::vector<BytesView> messages;
        for (std::size_t i = 0; i < count; ++i) {
            messages.push_back(as_bytes(text).subspan(i, count == 300 ? i : (i * 7919) % 2500));
        }
        std::vector<Digest> digests(count);
        sm3_many(messages, digests);
        for (std::size_t i = 0; i < count; ++i) CHECK_EQ(to_hex(digests[i]), to_hex(digest(messages[i])));
    }
}

TEST_CASE("HMAC-SM3: GB/T 15852.2 example, and long and empty keys against the definition") {
    CHECK_EQ(to_hex(hmac_sm3(
                 hex("0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20"),
                 as_bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopqabcdbcdecdefdefgefgh"
                          "fghighijhijkijkljklmklmnlmnomnopnopq"))),
             "ca05e144ed05d1857840d1f318a4a8669e559fc8391f414485bfdf7bb408963a");
    for (std::size_t size : {0, 1, 63, 64, 65, 200}) {
        const Bytes key(size, 0x5c);
        Bytes inner(64, 0), outer(64, 0);
        const Digest shortened = digest(BytesView(key));
        const BytesView used = size > 64 ? BytesView(shortened) : BytesView(key);
        std::copy(used.begin(), used.end(), inner.begin());
        outer = inner;
        for (auto& byte : inner) byte ^= 0x36;
        for (auto& byte : outer) byte ^= 0x5c;
        const Digest first = Hasher().update(inner).update("text").finish();
        CHECK_EQ(hmac_sm3(key, as_bytes("text")), Hasher().update(outer).update(first).finish());
    }
}

TEST_CASE("SM4: the standard's block, RFC 8998 A.1, and every changed byte refused") {
    const Bytes key = hex("0123456789abcdeffedcba9876543210");
    EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
    EVP_CIPHER* ecb = EVP_CIPHER_fetch(nullptr, "SM4-ECB", nullptr);
    Bytes block(32);
    int size = 0;
    REQUIRE(EVP_EncryptInit_ex2(context, ecb, key.data(), nullptr, nullptr) == 1);
    REQUIRE(EVP_EncryptUpdate(context, block.data(), &size, key.data(), 16) == 1);
    EVP_CIPHER_free(ecb);
    EVP_CIPHER_CTX_free(context);
    CHECK_EQ(to_hex(BytesView(block).first(16)), "681edf34d206965e86b3e94f536e4246");

    const Bytes aad = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    const Bytes sealed =
        hex("00001234567800000000abcd"
            "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
            "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
            "83de3541e4c2b58177e065a9bf7b62ec");
    const auto plain = sm4_open(key, sealed, aad);
    REQUIRE(plain.ok());
    CHECK_EQ(to_hex(*plain),
             "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
             "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa");
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        Bytes changed = sealed;
        changed[i] ^= 1;
        const auto opened = sm4_open(key, changed, aad);
        REQUIRE(!opened.ok());
        CHECK(opened.error().fault == Fault::seal_broken);
    }
    CHECK(!sm4_open(key, sealed, BytesView(aad).first(19)).ok());
    CHECK(!sm4_open(hex("0123456789abcdeffedcba9876543211"), sealed, aad).ok());
    CHECK(!sm4_open(key, BytesView(sealed).first(27), aad).ok());
    std::set<Bytes> seen;
    for (std::size_t length : {0, 1, 15, 16, 17, 1000, 1000}) {
        const Bytes text(length, 'x');
        const Bytes again = sm4_seal(key, text, as_bytes("context"));
        CHECK(seen.insert(again).second);
        CHECK_EQ(sm4_open(key, again, as_bytes("context")).value(), text);
    }
}

TEST_CASE("SM2: sign, verify, refuse") {
    const Sm2Key key = Sm2Key::generate();
    const Bytes signature = key.sign(as_bytes("明信"));
    const Sm2PublicKey& open = key.public_key();
    CHECK(open.verify(as_bytes("明信"), signature));
    CHECK(!open.verify(as_bytes("明信 "), signature));
    for (std::size_t i = 0; i < signature.size(); ++i) {
        Bytes changed = signature;
        changed[i] ^= 0x10;
        CHECK(!open.verify(as_bytes("明信"), changed));
    }
    CHECK(!open.verify(as_bytes("明信"), {}));
    Bytes longer = signature;
    longer.push_back(0);
    CHECK(!open.verify(as_bytes("明信"), longer));
    CHECK(!Sm2Key::generate().public_key().verify(as_bytes("明信"), signature));

    CHECK_EQ(open.point().size(), 65);
    CHECK_EQ(open.key_id(), to_hex(digest(open.point())).substr(0, 16));
    const Sm2PublicKey again = Sm2PublicKey::from_point(open.point()).value();
    CHECK(again.verify(as_bytes("明信"), signature));
    CHECK_EQ(Sm2PublicKey::from_pem(open.to_pem())->point(), open.point());
    const Sm2Key reread = Sm2Key::from_pem(key.to_pem()).value();
    CHECK(open.verify(as_bytes("x"), reread.sign(as_bytes("x"))));
}

TEST_CASE("SM2: GB/T 32918.5 annex A.2 signature on the recommended curve") {
    const Bytes point =
        hex("0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
            "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13");
    const Bytes signature =
        hex("3046022100f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
            "022100b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa");
    CHECK(Sm2PublicKey::from_point(point)->verify(as_bytes("message digest"), signature));
}

TEST_CASE("SM2: bad keys") {
    Bytes point = Sm2Key::generate().public_key().point();
    point[40] ^= 1;
    CHECK(Sm2PublicKey::from_point(point).error().fault == Fault::bad_key);
    CHECK(!Sm2PublicKey::from_point(BytesView(point).first(33)).ok());
    CHECK(!Sm2PublicKey::from_pem("nonsense").ok());
    CHECK(!Sm2Key::from_pem("").ok());
    TemporaryFolder folder;
    const std::string other = folder.path() / "p256.pem";
    REQUIRE(run("openssl ecparam -name prime256v1 -genkey -noout -out " + other));
    CHECK(!Sm2Key::from_pem(read_file(other).value()).ok());
    const std::string locked = folder.path() / "locked.pem";
    REQUIRE(run("openssl genpkey -algorithm SM2 -aes128 -pass pass:x -out " + locked));
    CHECK(!Sm2Key::from_pem(read_file(locked).value()).ok());
}

TEST_CASE("SM2: both ways with OpenSSL's command line") {
    TemporaryFolder folder;
    const std::string at = folder.path().string() + "/";
    const std::string id = " -sigopt distid:1234567812345678 ";
    const Sm2Key key = Sm2Key::generate();
    REQUIRE(write_file(at + "ours.pub", key.public_key().to_pem()).ok());
    REQUIRE(write_file(at + "text", "报告").ok());
    REQUIRE(write_file(at + "ours.sig", as_text(key.sign(as_bytes("报告")))).ok());
    CHECK(run("openssl dgst -sm3 -verify " + at + "ours.pub" + id + "-signature " + at + "ours.sig " + at +
              "text"));
    REQUIRE(write_file(at + "text2", "报吿").ok());
    CHECK(!run("openssl dgst -sm3 -verify " + at + "ours.pub" + id + "-signature " + at + "ours.sig " + at +
               "text2"));

    REQUIRE(run("openssl ecparam -name SM2 -genkey -noout -out " + at + "theirs.pem"));
    REQUIRE(run("openssl dgst -sm3 -sign " + at + "theirs.pem" + id + "-out " + at + "theirs.sig " + at +
                "text"));
    const Sm2Key theirs = Sm2Key::from_pem(read_file(at + "theirs.pem").value()).value();
    CHECK(theirs.public_key().verify(as_bytes("报告"), as_bytes(read_file(at + "theirs.sig").value())));
}

TEST_CASE("SM2 signs from several threads") {
    const Sm2Key key = Sm2Key::generate();
    std::vector<std::thread> threads;
    std::atomic<int> good{0};
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&, i] {
            for (int n = 0; n < 20; ++n) {
                const std::string text = std::to_string(i) + "/" + std::to_string(n);
                good += key.public_key().verify(as_bytes(text), key.sign(as_bytes(text)));
            }
        });
    }
    for (auto& thread : threads) thread.join();
    CHECK_EQ(good, 80);
}

TEST_CASE("random bytes: different across calls, threads and forks; any size") {
    std::set<std::string> seen;
    for (int i = 0; i < 2000; ++i) CHECK(seen.insert(random_hex(16)).second);
    std::string other;
    std::thread([&] { other = random_hex(16); }).join();
    CHECK(seen.insert(other).second);
    Bytes large(100'000);
    random_bytes(large);
    CHECK(std::set<std::uint8_t>(large.begin(), large.end()).size() == 256);
    CHECK_EQ(random_hex(3).size(), 6);

    int ends[2];
    REQUIRE(pipe(ends) == 0);
    const pid_t child = fork();
    if (child == 0) {
        const std::string mine = random_hex(16);
        _exit(write(ends[1], mine.data(), 32) == 32 ? 0 : 1);
    }
    std::string childs(32, ' ');
    CHECK(read(ends[0], childs.data(), 32) == 32);
    waitpid(child, nullptr, 0);
    close(ends[0]);
    close(ends[1]);
    CHECK(childs != random_hex(16));
}

TEST_CASE("equal_constant_time") {
    CHECK(equal_constant_time(as_bytes("ab"), as_bytes("ab")));
    CHECK(!equal_constant_time(as_bytes("ab"), as_bytes("ac")));
    CHECK(!equal_constant_time(as_bytes("ab"), as_bytes("abc")));
    CHECK(equal_constant_time({}, {}));
}

TEST_CASE("passwords: Argon2id in PHC form") {
    const std::string phc = hash_password("正确的口令");
    CHECK(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    CHECK(verify_password("正确的口令", phc));
    CHECK(!verify_password("错误的口令", phc));
    CHECK(!verify_password("正确的口令", "$argon2id$v=19$nonsense"));
    CHECK(!verify_password("正确的口令", ""));
    CHECK(hash_password("正确的口令") != phc);
    // The reference implementation's own test vector (phc-winner-argon2, test.c).
    CHECK(verify_password("password",
                          "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ"
                          "$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"));
}

TEST_CASE("speed is told, never asserted") {
    const std::string text(716 * 256, 'x');
    std::vector<BytesView> messages;
    for (std::size_t i = 0; i < 256; ++i) messages.push_back(as_bytes(text).subspan(i * 716, 716));
    std::vector<Digest> digests(256);
    const auto rate = [&](auto&& work) {
        const auto start = std::chrono::steady_clock::now();
        for (int i = 0; i < 40; ++i) work();
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        return 40 * text.size() / took.count() / 1e6;
    };
    const double one = rate([&] {
        for (std::size_t i = 0; i < 256; ++i) digests[i] = digest(messages[i]);
    });
    const double many = rate([&] { sm3_many(messages, digests); });
    MESSAGE("SM3 of 716 bytes: one by one " << one << " MB/s, side by side " << many << " MB/s");
    CHECK_EQ(digests[255], digest(messages[255]));
}
