// TLS with a certificate made for the test, spoken to with OpenSSL's client.
#include <doctest/doctest.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <functional>
#include <memory>

#include "base/file.h"
#include "server/server.h"
#include "server/test_client.h"

using namespace mingxin;

namespace {

std::string pem_of(const std::function<int(BIO*)>& write) {
    std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), BIO_free);
    REQUIRE_EQ(write(bio.get()), 1);
    char* data = nullptr;
    long size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

/// A self-signed certificate and its key.
void make_certificate(const std::filesystem::path& certificate_pem, const std::filesystem::path& key_pem) {
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key.get());
    REQUIRE_GT(X509_sign(certificate.get(), key.get(), EVP_sha256()), 0);
    REQUIRE(write_file(certificate_pem,
                       pem_of([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate.get()); }))
                .ok());
    REQUIRE(write_file(key_pem, pem_of([&](BIO* bio) {
                           return PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr,
                                                           nullptr);
                       }))
                .ok());
}

class Echo final : public gate::Handler {
  public:
    gate::BodyPlan plan(const gate::Request&) override { return {.limit_bytes = 100}; }
    void handle(const gate::Request& request, const std::shared_ptr<gate::Responder>& responder) override {
        gate::Response response;
        response.content_type = "text/plain";
        response.body = std::string(request.tls ? "tls " : "plain ") + std::string(request.target);
        responder->respond(std::move(response));
    }
};

/// What the server answers over TLS of exactly this version; empty when there is no handshake.
std::string ask_tls(std::uint16_t port, int version, std::string_view request) {
    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
    SSL_CTX_set_security_level(context.get(), 0);
    SSL_CTX_set_min_proto_version(context.get(), version);
    SSL_CTX_set_max_proto_version(context.get(), version);
    int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE_EQ(::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    std::unique_ptr<SSL, decltype(&SSL_free)> ssl(SSL_new(context.get()), SSL_free);
    SSL_set_fd(ssl.get(), socket);
    std::string reply;
    if (SSL_connect(ssl.get()) == 1) {
        SSL_write(ssl.get(), request.data(), static_cast<int>(request.size()));
        char buffer[4096];
        for (int got; (got = SSL_read(ssl.get(), buffer, sizeof buffer)) > 0;) {
            reply.append(buffer, static_cast<std::size_t>(got));
        }
    }
    ::close(socket);
    ERR_clear_error();
    return reply;
}

}  // namespace

TEST_CASE("server: TLS 1.2 and 1.3, nothing older, no plain text on its port") {
    TemporaryFolder folder;
    server::Options options;
    options.listen = "127.0.0.1:0";
    options.threads = 1;
    options.limits.head_wait_ms = 1000;
    options.certificate_pem = folder.path() / "certificate.pem";
    options.key_pem = folder.path() / "key.pem";
    make_certificate(options.certificate_pem, options.key_pem);
    Echo echo;
    auto server = server::Server::start(options, echo);
    REQUIRE(server.ok());
    CHECK((*server)->tls());
    std::uint16_t port = (*server)->port();
    std::string two =
        "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    for (int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        std::string reply = ask_tls(port, version, two);
        CHECK(reply.find("tls /1") != std::string::npos);
        CHECK(server::testing::ends_with(reply, "tls /2"));
    }
    CHECK_EQ(ask_tls(port, TLS1_1_VERSION, two), "");
    CHECK(server::testing::ask(port, two).find("plain") == std::string::npos);
    // A key that does not belong to the certificate.
    make_certificate(folder.path() / "other.pem", options.key_pem);
    auto mismatched = server::Server::start(options, echo);
    REQUIRE_FALSE(mismatched.ok());
    CHECK_EQ(mismatched.error().fault, Fault::certificate_unusable);
}
