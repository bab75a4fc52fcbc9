// For tests: speaks raw bytes to a server on the loopback.
#pragma once
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <string_view>

namespace mingxin::server::testing {

class Client {
  public:
    explicit Client(std::uint16_t port) {
        socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
        timeval limit{5, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        REQUIRE_EQ(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    }
    ~Client() { ::close(socket_); }
    void send(std::string_view bytes) { ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL); }
    /// Everything until the server closes, or until size bytes came.
    std::string receive(std::size_t size = SIZE_MAX) {
        std::string all;
        char buffer[4096];
        while (all.size() < size) {
            ssize_t got = ::recv(socket_, buffer, sizeof buffer, 0);
            if (got <= 0) {
                break;
            }
            all.append(buffer, static_cast<std::size_t>(got));
        }
        return all;
    }

  private:
    int socket_;
};

inline std::string ask(std::uint16_t port, std::string_view bytes) {
    Client client(port);
    client.send(bytes);
    return client.receive();
}

inline std::string get(std::string_view target) {
    return "GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
}

inline std::string status_of(const std::string& reply) {
    return reply.substr(0, std::min<std::size_t>(12, reply.size()));
}

inline bool ends_with(const std::string& text, std::string_view end) {
    return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

inline int count(const std::string& text, std::string_view part) {
    int found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++found;
    }
    return found;
}

}  // namespace mingxin::server::testing
