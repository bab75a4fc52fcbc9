#include "server/server.h"

#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "base/file.h"
#include "server/multipart.h"
#include "server/test_client.h"

using namespace mingxin;
using namespace mingxin::server::testing;

namespace {

/// Answers with what it was given, so that tests can see it.
class Echo final : public gate::Handler {
  public:
    std::string file_to_send;
    std::vector<std::thread> threads;
    ~Echo() override {
        for (auto& thread : threads) {
            thread.join();
        }
    }
    gate::BodyPlan plan(const gate::Request& request) override {
        gate::BodyPlan plan{.limit_bytes = 1 << 20};
        if (request.target == "/raw") {
            plan.to_file = true;
        } else if (request.target.starts_with("/public")) {
            plan.is_public = true;
            plan.to_file = request.target == "/public-raw";
        } else if (request.target == "/small") {
            plan.limit_bytes = 10;
        } else if (request.target == "/no") {
            plan.refusal = gate::refusal_response(Error{Fault::sign_in_required, {}, {}});
        }
        return plan;
    }
    void handle(const gate::Request& request, const std::shared_ptr<gate::Responder>& responder) override {
        gate::Response response;
        response.content_type = "text/plain";
        response.body = std::string(request.method) + " " + std::string(request.target) + " ";
        response.body += request.body;
        if (request.target == "/cookie") {
            response.body.append("<").append(request.cookie).append("><");
            response.body.append(request.forwarded_for).append(">");
        }
        for (const auto& part : request.parts) {
            response.body += "[" + part.name + "|" + part.file_name + "|" + part.value;
            if (!part.path.empty()) {
                response.body += "|" + read_file(part.path).value_or("?");
            }
            response.body += "]";
        }
        if (request.target == "/file") {
            response.file = file_to_send;
        }
        if (request.target == "/later") {
            threads.emplace_back([responder, response]() mutable {
                std::this_thread::sleep_for(std::chrono::milliseconds(50));
                responder->respond(std::move(response));
            });
            return;
        }
        responder->respond(std::move(response));
    }
};

server::Options quick() {
    server::Options options;
    options.listen = "127.0.0.1:0";
    options.threads = 2;
    options.limits.head_wait_ms = 400;
    options.limits.body_wait_ms = 400;
    options.limits.idle_wait_ms = 600;
    options.limits.grace_ms = 2000;
    return options;
}

struct Fixture {
    Echo echo;
    std::unique_ptr<server::Server> server;
    explicit Fixture(server::Options options = quick()) {
        auto started = server::Server::start(std::move(options), echo);
        REQUIRE(started.ok());
        server = std::move(*started);
    }
    std::uint16_t port() const { return server->port(); }
};

}  // namespace

TEST_CASE("server: GET, HEAD, keep-alive and pipelining") {
    Fixture fixture;
    std::string reply = ask(fixture.port(), get("/x?a=1"));
    CHECK_EQ(status_of(reply), "HTTP/1.1 200");
    CHECK(ends_with(reply, "\r\n\r\nGET /x?a=1 "));
    CHECK(reply.find("Connection: close") != std::string::npos);

    std::string head = ask(fixture.port(), "HEAD /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    CHECK(head.find("Content-Length: 8\r\n") != std::string::npos);
    CHECK(ends_with(head, "\r\n\r\n"));

    // Three in one segment, the middle one answered later: in order.
    std::string three =
        "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /later HTTP/1.1\r\nHost: a\r\n\r\n" + get("/3");
    std::string replies = ask(fixture.port(), three);
    CHECK_EQ(count(replies, "HTTP/1.1 200"), 3);
    CHECK(replies.find("GET /1 ") < replies.find("GET /later "));
    CHECK(replies.find("GET /later ") < replies.find("GET /3 "));

    // One byte at a time.
    Client slow(fixture.port());
    for (char c : get("/bytes")) {
        slow.send(std::string_view(&c, 1));
    }
    CHECK(ends_with(slow.receive(), "GET /bytes "));
    CHECK(ask(fixture.port(), "GET /old HTTP/1.0\r\n\r\n").find("GET /old ") != std::string::npos);
}

TEST_CASE("server: bodies by length, by chunks, as files and as forms") {
    Fixture fixture;
    std::string head = "POST /p HTTP/1.1\r\nHost: a\r\nConnection: close\r\n";
    CHECK(ends_with(ask(fixture.port(), head + "Content-Length: 5\r\n\r\nhello"), "POST /p hello"));
    std::string chunked = head + "Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n";
    CHECK(ends_with(ask(fixture.port(), chunked), "POST /p hello"));
    std::string raw = "POST /raw HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello";
    CHECK(ends_with(ask(fixture.port(), raw), "POST /raw [|||hello]"));

    std::string big(300'000, 'x');
    std::string form =
        "--b\r\nContent-Disposition: form-data; name=\"item\"\r\n\r\npenalty\r\n--b\r\n"
        "Content-Disposition: form-data; name=\"file\"; filename=\"处罚.csv\"\r\n"
        "Content-Type: text/csv\r\n\r\n" +
        big + "\r\n--b--\r\n";
    std::string request = head + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: " +
                          std::to_string(form.size()) + "\r\n\r\n" + form;
    CHECK(ends_with(ask(fixture.port(), request), "POST /p [item||penalty][file|处罚.csv||" + big + "]"));
    // A body, then a pipelined request.
    std::string two = "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello" + get("/next");
    std::string replies = ask(fixture.port(), two);
    CHECK(replies.find("POST /p hello") != std::string::npos);
    CHECK(ends_with(replies, "GET /next "));
    // 100-continue.
    Client client(fixture.port());
    client.send(head + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    CHECK_EQ(client.receive(25), "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("hello");
    CHECK(ends_with(client.receive(), "POST /p hello"));
    // Nothing is left behind.
    int left = 0;
    for (const auto& entry : std::filesystem::directory_iterator(quick().temporary_folder)) {
        left += entry.path().filename().string().starts_with("upload-") && entry.file_size() == big.size();
    }
    CHECK_EQ(left, 0);
}

TEST_CASE("server: every limit has its answer") {
    Fixture fixture;
    auto status = [&](const std::string& bytes) { return status_of(ask(fixture.port(), bytes)); };
    CHECK_EQ(status(get("/" + std::string(9000, 'a'))), "HTTP/1.1 414");
    CHECK_EQ(status("GET /" + std::string(40'000, 'a')), "HTTP/1.1 414");
    CHECK_EQ(status("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(20'000, 'a') + "\r\n\r\n"),
             "HTTP/1.1 431");
    std::string many = "GET / HTTP/1.1\r\nHost: a\r\n";
    for (int i = 0; i < 200; ++i) {
        many += "X-" + std::to_string(i) + ": 1\r\n";
    }
    CHECK_EQ(status(many + "\r\n"), "HTTP/1.1 431");
    CHECK_EQ(status("POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n"), "HTTP/1.1 413");
    CHECK_EQ(status("POST /small HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nb\r\nhello "
                    "world\r\n0\r\n\r\n"),
             "HTTP/1.1 413");
    CHECK_EQ(status("POST /no HTTP/1.1\r\nHost: a\r\nContent-Length: 99999\r\n\r\n"), "HTTP/1.1 401");
}

TEST_CASE("server: malformed and ambiguous requests are refused") {
    Fixture fixture;
    auto status = [&](const std::string& bytes) { return status_of(ask(fixture.port(), bytes)); };
    CHECK_EQ(status("nonsense\r\n\r\n"), "HTTP/1.1 400");
    CHECK_EQ(status("GET / HTTP/1.1\n\n"), "HTTP/1.1 400");
    CHECK_EQ(status("GET / HTTP/1.1\r\n\r\n"), "HTTP/1.1 400");  // no Host
    CHECK_EQ(status("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), "HTTP/1.1 400");
    CHECK_EQ(status("GET / HTTP/1.1\r\nHost: a\r\nX : 1\r\n\r\n"), "HTTP/1.1 400");
    CHECK_EQ(status("GET / HTTP/1.1\r\nHost: a\r\nCookie: a=b\r\n c=d\r\n\r\n"), "HTTP/1.1 400");  // folded
    CHECK_EQ(status("GET / HTTP/1.1\r\nHost: a b\r\n\r\n"), "HTTP/1.1 400");
    CHECK_EQ(status("GET / HTTP/1.1\r\nHost: a\"b\r\n\r\n"), "HTTP/1.1 400");
    CHECK_EQ(status("GET / HTTP/2.0\r\nHost: a\r\n\r\n"), "HTTP/1.1 505");
    std::string post = "POST /p HTTP/1.1\r\nHost: a\r\n";
    CHECK_EQ(status(post + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello"), "HTTP/1.1 400");
    CHECK_EQ(status(post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
             "HTTP/1.1 400");
    CHECK_EQ(status(post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"),
             "HTTP/1.1 400");
    CHECK_EQ(status(post + "Content-Length: -5\r\n\r\n"), "HTTP/1.1 400");
    CHECK_EQ(status(post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"), "HTTP/1.1 501");
    CHECK_EQ(status(post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n"), "HTTP/1.1 400");
    CHECK_EQ(status(post + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 5\r\n\r\nhello"),
             "HTTP/1.1 400");
}

TEST_CASE("server: the last chunk may come byte by byte") {
    Fixture fixture;
    for (const char* before : {"", "3\r\nabc\r\n"}) {
        Client client(fixture.port());
        client.send("POST /p HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n");
        client.send(before);
        for (char byte : std::string_view("0\r\n\r\n")) {
            usleep(20'000);
            client.send(std::string_view(&byte, 1));
        }
        CHECK(ends_with(client.receive(), *before != '\0' ? "POST /p abc" : "POST /p "));
    }
}

TEST_CASE("server: fields of a trailer are not those of the head") {
    Fixture fixture;
    std::string chunked =
        "POST /cookie HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
        "1\r\nx\r\n0\r\nCookie: mx_session=stolen\r\nX-Forwarded-For: 192.0.2.9\r\n\r\n";
    CHECK(ends_with(ask(fixture.port(), chunked), "POST /cookie x<><>"));
    std::string head =
        "POST /cookie HTTP/1.1\r\nHost: a\r\nConnection: close\r\nCookie: c=1\r\nContent-Length: 1\r\n\r\nx";
    CHECK(ends_with(ask(fixture.port(), head), "POST /cookie x<c=1><>"));
}

TEST_CASE("server: bodies of senders without a session are bounded together") {
    auto options = quick();
    options.limits.public_memory_bytes = 100;
    options.limits.public_disk_bytes = 100;
    Fixture fixture(options);
    auto post = [](const std::string& path, std::size_t size) {
        return "POST " + path +
               " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: " + std::to_string(size) +
               "\r\n\r\n" + std::string(size, 'x');
    };
    for (int i = 0; i < 3; ++i) {  // what is done leaves its room
        CHECK_EQ(status_of(ask(fixture.port(), post("/public", 90))), "HTTP/1.1 200");
        CHECK_EQ(status_of(ask(fixture.port(), post("/public", 101))), "HTTP/1.1 503");
        CHECK_EQ(status_of(ask(fixture.port(), post("/public-raw", 90))), "HTTP/1.1 200");
        CHECK_EQ(status_of(ask(fixture.port(), post("/public-raw", 101))), "HTTP/1.1 503");
    }
    CHECK_EQ(status_of(ask(fixture.port(), post("/p", 1000))), "HTTP/1.1 200");
}

TEST_CASE("server: at the limit the connection that was idle longest makes room") {
    auto options = quick();
    options.threads = 1;
    options.limits.connections = 3;
    options.limits.idle_wait_ms = 60'000;
    Fixture fixture(options);
    std::vector<std::unique_ptr<Client>> idle;
    for (int i = 0; i < 8; ++i) {
        idle.push_back(std::make_unique<Client>(fixture.port()));
    }
    CHECK(ends_with(ask(fixture.port(), get("/in")), "GET /in "));
    CHECK_EQ(idle.front()->receive(), "");
}

TEST_CASE("server: a head that never ends is cut, also behind a reply that was read late") {
    TemporaryFolder folder;
    Fixture fixture;
    fixture.echo.file_to_send = (folder.path() / "f").string();
    REQUIRE(write_file(fixture.echo.file_to_send, std::string(8 << 20, 'z')).ok());
    Client client(fixture.port());
    client.send("GET /file HTTP/1.1\r\nHost: a\r\n\r\nGET /later HTTP/1.1\r\nHost: a\r\n\r\nGET /x HT");
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    CHECK_EQ(count(client.receive(), "HTTP/1.1 408"), 1);
}

TEST_CASE("server: slow clients are told or cut, idle ones closed") {
    Fixture fixture;
    CHECK_EQ(status_of(ask(fixture.port(), "GET / HTTP/1.1\r\nHo")), "HTTP/1.1 408");
    CHECK_EQ(status_of(ask(fixture.port(), "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe")),
             "HTTP/1.1 408");
    CHECK_EQ(ask(fixture.port(), ""), "");
}

TEST_CASE("server: a file as body") {
    TemporaryFolder folder;
    Fixture fixture;
    fixture.echo.file_to_send = (folder.path() / "f").string();
    std::string content(700'001, 'z');
    REQUIRE(write_file(fixture.echo.file_to_send, content).ok());
    std::string reply = ask(fixture.port(), get("/file"));
    CHECK(reply.find("Content-Length: 700001\r\n") != std::string::npos);
    CHECK(ends_with(reply, "\r\n\r\n" + content));
    std::string two = ask(fixture.port(), "GET /file HTTP/1.1\r\nHost: a\r\n\r\n" + get("/after"));
    CHECK(ends_with(two, "GET /after "));
    fixture.echo.file_to_send = "/nonexistent";
    CHECK_EQ(status_of(ask(fixture.port(), get("/file"))), "HTTP/1.1 500");
}

TEST_CASE("server: stop drains replies under way; the port is then free; a taken port is told") {
    Fixture fixture;
    std::uint16_t port = fixture.port();
    Echo other;
    auto options = quick();
    options.listen = "127.0.0.1:" + std::to_string(port);
    auto second = server::Server::start(options, other);
    REQUIRE_FALSE(second.ok());
    CHECK_EQ(second.error().fault, Fault::listen_failed);

    Client idle(port), busy(port);
    busy.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    fixture.server->stop();
    CHECK(ends_with(busy.receive(), "GET /later "));
    CHECK_EQ(idle.receive(), "");
    CHECK(server::Server::start(options, other).ok());
    options.listen = "nonsense";
    CHECK_FALSE(server::Server::start(options, other).ok());
    options.certificate_pem = "/nonexistent";
    options.key_pem = "/nonexistent";
    auto no_certificate = server::Server::start(options, other);
    REQUIRE_FALSE(no_certificate.ok());
    CHECK_EQ(no_certificate.error().fault, Fault::certificate_unusable);
}

TEST_CASE("multipart: parts are the same however the bytes are cut") {
    struct Recorder final : server::MultipartParser::Sink {
        std::string text;
        Result<void> begin_part(std::string name, std::string file, bool is_file) override {
            text += name + (is_file ? "=" + file : "") + ":";
            return {};
        }
        Result<void> data(std::string_view bytes) override {
            text += bytes;
            return {};
        }
        Result<void> end_part() override {
            text += ";";
            return {};
        }
    };
    std::string body =
        "ignored\r\n--B\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n-\r\n--b\r\n--B\r\n"
        "content-disposition: FORM-DATA; filename=\"x;\\\"y\"; name=\"f\"\r\n\r\n\r\n--B--\r\nafter";
    for (std::size_t piece = 1; piece <= body.size(); ++piece) {
        Recorder recorder;
        server::MultipartParser parser("B", recorder);
        for (std::size_t at = 0; at < body.size(); at += piece) {
            REQUIRE(parser.push(std::string_view(body).substr(at, piece)).ok());
        }
        REQUIRE(parser.finish().ok());
        REQUIRE_EQ(recorder.text, "a:1\r\n-\r\n--b;f=x;\"y:;");
    }
    CHECK_EQ(server::MultipartParser::boundary_of("Multipart/Form-Data; charset=utf-8; boundary=\"a b\""),
             "a b");
    CHECK_EQ(server::MultipartParser::boundary_of("text/plain; boundary=x"), "");
    Recorder recorder;
    server::MultipartParser cut("B", recorder);
    REQUIRE(cut.push("--B\r\nContent-Disposition: form-data; name=a\r\n\r\n1").ok());
    CHECK_FALSE(cut.finish().ok());
    server::MultipartParser nameless("B", recorder);
    CHECK_FALSE(nameless.push("--B\r\nContent-Type: a/b\r\n\r\n").ok());
}
