// The gate over real sockets, on both engines.
#include "gate/gate.h"

#include <doctest/doctest.h>

#include <thread>

#include "base/file.h"
#include "gate/cookies.h"
#include "gate/decode.h"
#include "gate/limiter.h"
#include "journal/journal.h"
#include "server/server.h"
#include "server/test_client.h"
#include "store/test_engines.h"

using namespace mingxin;
using namespace mingxin::server::testing;
using api::Audit;
using api::Call;
using api::Endpoint;
using api::FieldType;
using api::Input;
using api::Method;
using api::Permission;
using api::Reply;
using api::Where;

namespace {

const store::Table kNoteTable{"note", {{"text", store::ColumnType::text}}, "text", {}};
const store::Sql kAllNotes{"test.notes", "SELECT text FROM note ORDER BY text"};

template <class T>
T must(Result<T> result) {
    if (!result.ok()) {
        FAIL(result.error().message_zh() << " " << result.error().log_text);
    }
    return std::move(*result);
}
void must(Result<void> result) {
    if (!result.ok()) {
        FAIL(result.error().message_zh() << " " << result.error().log_text);
    }
}

struct Platform {
    store::Database& database;
    crypto::Sm2Key key = crypto::Sm2Key::generate();
    std::vector<access::Role> roles{{"clerk", "填报员", {Permission::collect_submit}}};
    access::Secret secret = access::first_use_secret();
    std::atomic<int> commits = 0;
    gate::Writer writer;
    std::unique_ptr<access::Desk> desk;
    std::unique_ptr<gate::Gate> gate;
    std::unique_ptr<server::Server> server;

    explicit Platform(store::Database& database, gate::Options options = {})
        : database(database), writer(database, [this](store::Tx& tx) {
              ++commits;
              return journal::seal(tx, key, "mingxin/410423", now_utc());
          }) {
        const store::Table* const own[] = {&kNoteTable};
        must(database.create(own));
        must(database.create(journal::tables()));
        must(database.create(access::tables()));
        must(run_write()([&](store::Tx& tx) {
            return access::create_account(tx, roles, {"zhang.san", "张三", "", "clerk"}, secret,
                                          {"operator", now_utc(), ""});
        }));
        desk = std::make_unique<access::Desk>(database, run_write(), roles, "");
        options.secret = Bytes(32, 7);
        options.roles = roles;
        gate = std::make_unique<gate::Gate>(database, writer, endpoints(), options);
        server::Options listening;
        listening.listen = "127.0.0.1:0";
        listening.threads = 2;
        server = must(server::Server::start(listening, *gate));
    }
    ~Platform() {
        server->stop();
        gate->stop();
        writer.stop();
    }
    api::RunWrite run_write() {
        return [this](const std::function<Result<void>(store::Tx&)>& work) { return writer.run(work); };
    }
    std::string exchange(const std::string& request) { return ask(server->port(), request); }
    std::vector<std::string> notes() {
        auto tx = must(database.read());
        auto cursor = must(tx.query(kAllNotes));
        std::vector<std::string> all;
        while (must(cursor.next())) {
            all.emplace_back(cursor.text(0));
        }
        return all;
    }
    std::vector<journal::Event> events() {
        auto tx = must(database.read());
        return must(journal::events(tx, INT64_MAX, 1000));
    }
    /// A session whose password was changed.
    std::string token() {
        auto first = must(desk->sign_in("zhang.san", secret.password, "192.0.2.1", now_utc()));
        auto tx = must(database.read());
        auto session = must(access::find_session(tx, roles, first.token, now_utc()));
        return must(desk->change_password(session->principal, secret.password, "correct horse battery",
                                          "192.0.2.1", now_utc()))
            .token;
    }
    std::vector<Endpoint> endpoints();
};

std::vector<Endpoint> Platform::endpoints() {
    std::vector<Endpoint> list;
    list.emplace_back(
        "test.echo", Method::get, "/api/echo/{name}", Permission::anyone, Audit::metered, "回声", "Echo",
        std::vector<api::Field>{{"name", FieldType::text, "名", "name", true, Where::path},
                                {"n", FieldType::integer, "数", "n"},
                                {"d", FieldType::date, "日", "d"}},
        std::vector<api::Field>{}, api::ReadHandler([](const Call&, const Input& in, store::ReadTx&) {
            return Result<Reply>(Reply::json("{\"name\":\"" + std::string(in.text("name")) +
                                             "\",\"n\":" + std::to_string(in.integer("n", -1)) + "}"));
        }));
    list.emplace_back(
        "test.note", Method::post, "/api/notes", Permission::anyone, Audit::event, "记", "Note",
        std::vector<api::Field>{{"text", FieldType::text, "文", "text", true, Where::body},
                                {"kind", FieldType::text, "类", "kind", false, Where::body, "", {}, true},
                                {"list",
                                 FieldType::list,
                                 "表",
                                 "list",
                                 false,
                                 Where::body,
                                 "",
                                 {{"n", FieldType::text, "名", "name", false, Where::body}}}},
        std::vector<api::Field>{},
        api::WriteHandler([](const Call&, const Input& in, store::Tx& tx) -> Result<Reply> {
            TRY(tx.insert(kNoteTable, {in.text("text")}));
            if (in.text("text") == "bad") {
                return fail(Fault::bad_argument, "bad");
            }
            if (in.text("text") == "throw") {
                throw std::runtime_error("secret inside");
            }
            return Reply::json("{}");
        }));
    list.emplace_back(
        "test.upload", Method::post, "/api/files", Permission::collect_submit, Audit::event, "传", "Upload",
        std::vector<api::Field>{{"file", FieldType::file, "文件", "file", true, Where::body}},
        std::vector<api::Field>{}, api::LongHandler([](const Call&, const Input& in) -> Result<Reply> {
            return Reply::json(in.upload("file")->file_name + "=" + TRY(read_file(in.upload("file")->path)));
        }));
    list.back().body_limit_bytes = 1 << 20;
    auto page = [&](const char* id, Method method, const char* path, Permission permission) {
        list.emplace_back(id, method, path, permission, Audit::metered, "页", "Page",
                          std::vector<api::Field>{}, std::vector<api::Field>{},
                          api::ReadHandler([](const Call& call, const Input&, store::ReadTx&) {
                              return Result<Reply>(Reply::html("<p>token=" + std::string(call.csrf_token) +
                                                               ";" + call.principal.name));
                          }));
        list.back().page = true;
    };
    page("test.form", Method::get, "/form", Permission::anyone);
    page("test.send", Method::post, "/form", Permission::anyone);
    page("test.inner", Method::get, "/inner", Permission::collect_submit);
    page("test.asset", Method::get, "/asset", Permission::anyone);
    list.back().asset = true;
    list.emplace_back(
        "test.sign_in", Method::post, "/sign-in", Permission::anyone, Audit::metered, "登录", "Sign in",
        std::vector<api::Field>{{"password", FieldType::text, "密码", "password", true, Where::body}},
        std::vector<api::Field>{},
        api::LongHandler([this](const Call& call, const Input& in) -> Result<Reply> {
            Reply reply = Reply::redirect("/inner");
            reply.session_token =
                TRY(desk->sign_in("zhang.san", in.text("password"), call.address, call.now)).token;
            return reply;
        }));
    list.back().page = true;
    list.back().sign_in = true;
    return list;
}

std::string post(const std::string& path, const std::string& type, const std::string& body,
                 const std::string& more = {}) {
    return "POST " + path + " HTTP/1.1\r\nHost: site.example\r\nConnection: close\r\nContent-Type: " + type +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + more + "\r\n" + body;
}
std::string get_with(const std::string& path, const std::string& more) {
    return "GET " + path + " HTTP/1.1\r\nHost: site.example\r\nConnection: close\r\n" + more + "\r\n";
}
bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}
std::string between(const std::string& text, std::string_view before, std::string_view after) {
    std::size_t at = text.find(before);
    REQUIRE(at != std::string::npos);
    at += before.size();
    return text.substr(at, text.find(after, at) - at);
}

void each(const std::function<void(Platform&)>& scenario) {
    store::for_each_engine([&](store::Database& database, const std::string&) {
        Platform platform(database);
        scenario(platform);
    });
}

}  // namespace

TEST_CASE("gate: finds, decodes strictly, answers with codes") {
    each([](Platform& platform) {
        auto at = [&](const std::string& target) { return platform.exchange(get(target)); };
        CHECK(ends_with(at("/api/echo/%E6%98%8E%20a?n=7&d=2026-02-28"), "{\"name\":\"明 a\",\"n\":7}"));
        auto refused = [&](const std::string& target, std::string_view status, std::string_view code) {
            std::string reply = at(target);
            CHECK_EQ(status_of(reply), "HTTP/1.1 " + std::string(status));
            CHECK(has(reply, "\"code\":\"" + std::string(code) + "\""));
            CHECK(has(reply, "\"remedy\":\""));
        };
        refused("/api/echo/x?m=1", "400", "MX1401");
        refused("/api/echo/x?n=1&n=2", "400", "MX1403");
        refused("/api/echo/x?n=1x", "400", "MX1403");
        refused("/api/echo/x?d=2026-02-30", "400", "MX1403");
        refused("/api/echo/%FF", "400", "MX1403");
        refused("/api/echo/%4", "400", "MX1403");
        refused("/api/echo/a%00b", "400", "MX1403");
        refused("/api/echo", "404", "MX2601");
        refused("/api/echo/a/b", "404", "MX2601");
        refused("/api/echo/../../etc/passwd", "404", "MX2601");
        refused("/..%2f..%2fetc%2fpasswd", "404", "MX2601");
        refused("/api/echo/", "404", "MX2601");
        refused("/api/notes", "405", "MX2602");
        // The same before a body is read.
        CHECK(has(platform.exchange(post("/nowhere", "text/plain", "x")), "MX2601"));
        CHECK(has(platform.exchange(post("/api/echo/x", "text/plain", "x")), "Allow: GET, HEAD\r\n"));
        CHECK(has(platform.exchange("GET /api/echo/x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx"),
                  "MX2703"));
        CHECK(has(platform.exchange("BAD\r\n\r\n"), "X-Content-Type-Options: nosniff\r\n"));
        CHECK(has(at("/api/notes"), "Allow: POST\r\n"));
        CHECK_EQ(status_of(
                     platform.exchange("DELETE /api/notes HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")),
                 "HTTP/1.1 405");
        std::string head =
            platform.exchange("HEAD /api/echo/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        CHECK(has(head, "Content-Length: 19\r\n"));
        CHECK(ends_with(head, "\r\n\r\n"));
        CHECK(has(at("/api/echo/x"), "X-Content-Type-Options: nosniff\r\n"));
        CHECK(has(at("/form"), "frame-ancestors 'none'"));
        CHECK_FALSE(has(at("/form"), "unsafe-inline"));
    });
}

TEST_CASE("gate: writes are journalled with what is documented as safe; a failed one leaves nothing") {
    each([](Platform& platform) {
        std::size_t before = platform.events().size();
        auto note = [&](const std::string& body) {
            return platform.exchange(post("/api/notes", "application/json", body));
        };
        CHECK_EQ(status_of(note(R"({"text":"秘密","kind":"公开"})")), "HTTP/1.1 200");
        auto events = platform.events();
        REQUIRE_EQ(events.size(), before + 1);
        CHECK_EQ(events[0].kind, "test.note");
        CHECK_EQ(events[0].principal, "anyone");
        CHECK_EQ(events[0].payload, R"({"kind":"公开"})");
        CHECK_EQ(status_of(note(R"({"text":"bad"})")), "HTTP/1.1 400");
        std::string thrown = note(R"({"text":"throw"})");
        CHECK_EQ(status_of(thrown), "HTTP/1.1 500");
        CHECK(has(thrown, "\"incident\":\""));
        CHECK_FALSE(has(thrown, "secret inside"));
        CHECK(has(note(R"({"text":1})"), "MX1403"));
        CHECK(has(note(R"({"text":"a","x":1})"), "MX1401"));
        CHECK(has(note(R"({})"), "MX1402"));
        CHECK(has(note(R"([])"), "MX1403"));
        CHECK(has(note(R"({"text":"a","list":[{"n":1}]})"), "MX1403"));
        CHECK(has(note(R"({"text":"a","list":[{"m":"1"}]})"), "MX1401"));
        // A list is checked in whichever form it comes.
        const std::string form = "application/x-www-form-urlencoded";
        CHECK(has(platform.exchange(post("/api/notes", form, "text=a&list=[{\"n\":1}]")), "MX1403"));
        CHECK(has(platform.exchange(post("/api/notes", form, "text=a&list=nothing")), "MX1403"));
        CHECK(has(platform.exchange(post("/api/notes", form, "text=a&list=[{\"n\":\"a\\u0000b\"}]")),
                  "MX1403"));
        CHECK(has(note("{\"text\":\"a\",\"" + std::string(63, 'x') + "中\":1}"), "MX1401"));
        CHECK(has(note(std::string(10'000, '[')), "MX1403"));
        CHECK_EQ(status_of(platform.exchange(post("/api/notes", "text/plain", "text=a"))), "HTTP/1.1 415");
        CHECK_EQ(status_of(note("{\"text\":\"" + std::string(70'000, 'x') + "\"}")), "HTTP/1.1 413");
        CHECK_EQ(platform.notes(), std::vector<std::string>{"秘密"});
        CHECK_EQ(platform.events().size(), before + 1);
        auto tx = must(platform.database.read());
        CHECK(must(journal::verify(tx, platform.key.public_key())).empty());
    });
}

TEST_CASE("gate: waiting writes share a commit") {
    each([](Platform& platform) {
        platform.commits = 0;
        std::optional<store::Tx> hold(must(platform.database.write()));
        std::vector<std::thread> clients;
        std::atomic<int> good = 0;
        for (int i = 0; i < 20; ++i) {
            clients.emplace_back([&, i] {
                std::string text = i == 7 ? "bad" : "n" + std::to_string(i);
                auto reply = platform.gate->run_local("test.note", {{"text", text}}, api::Principal{});
                good += reply.ok();
            });
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
        hold.reset();
        for (auto& client : clients) {
            client.join();
        }
        CHECK_EQ(good.load(), 19);
        CHECK_EQ(platform.notes().size(), 19);
        CHECK_LE(platform.commits.load(), 3);
    });
}

TEST_CASE("gate: default deny, sessions, form tokens") {
    each([](Platform& platform) {
        CHECK(has(platform.exchange(get("/inner")), "303"));
        CHECK(has(platform.exchange(get("/inner")), "Location: /sign-in?next=%2Finner\r\n"));
        CHECK_EQ(status_of(platform.exchange(post("/api/files", "text/csv", "a,b"))), "HTTP/1.1 401");

        // Without a session: the token is bound to a cookie of the visitor.
        std::string form = platform.exchange(get("/form"));
        std::string cookie = "Cookie: mx_visitor=" + between(form, "mx_visitor=", ";") + "\r\n";
        std::string token = between(form, "token=", ";");
        CHECK(has(form, "HttpOnly; SameSite=Strict"));
        const std::string type = "application/x-www-form-urlencoded";
        auto send = [&](const std::string& body, const std::string& more) {
            return status_of(platform.exchange(post("/form", type, body, more)));
        };
        CHECK_EQ(send("csrf=" + token, cookie), "HTTP/1.1 200");
        CHECK_EQ(send("csrf=" + token, ""), "HTTP/1.1 403");
        CHECK_EQ(send("", cookie), "HTTP/1.1 403");
        CHECK_EQ(send("csrf=" + token, "Cookie: mx_visitor=00000000000000000000000000000000\r\n"),
                 "HTTP/1.1 403");
        CHECK_EQ(send("csrf=" + token, cookie + "Origin: https://evil.example\r\n"), "HTTP/1.1 403");
        CHECK_EQ(send("csrf=" + token, cookie + "Origin: null\r\n"), "HTTP/1.1 403");
        CHECK_EQ(send("csrf=" + token, cookie + "Sec-Fetch-Site: cross-site\r\n"), "HTTP/1.1 403");
        CHECK_EQ(send("csrf=" + token, cookie + "Origin: http://site.example\r\n"), "HTTP/1.1 200");
        CHECK_EQ(send("csrf=" + token + "&x=1", cookie), "HTTP/1.1 400");

        // First sign-in: nothing but the change of password.
        std::string signed_in = platform.exchange(
            post("/sign-in", type, "csrf=" + token + "&password=" + platform.secret.password, cookie));
        CHECK_EQ(status_of(signed_in), "HTTP/1.1 303");
        std::string session = "Cookie: mx_session=" + between(signed_in, "mx_session=", ";") + "\r\n";
        CHECK(has(platform.exchange(get_with("/inner", session)), "Location: /account/password\r\n"));
        CHECK(has(platform.exchange(post("/api/files", "text/csv", "a,b", session)), "MX1704"));
    });
}

TEST_CASE("gate: a session opens what its role may, and only for forms of ours") {
    each([](Platform& platform) {
        std::string session = "Cookie: a=b; mx_session=" + platform.token() + "\r\n";
        std::string inner = platform.exchange(get_with("/inner", session));
        CHECK(has(inner, "clerk:zhang.san"));
        CHECK(has(inner, "Cache-Control: no-store\r\n"));
        std::string token = "X-CSRF-Token: " + between(inner, "token=", ";") + "\r\n";
        std::string form =
            "--b\r\nContent-Disposition: form-data; name=\"file\"; "
            "filename=\"a.csv\"\r\n\r\nx,y\r\n--b--\r\n";
        const std::string type = "multipart/form-data; boundary=b";
        CHECK_EQ(status_of(platform.exchange(post("/api/files", type, form, session))), "HTTP/1.1 403");
        CHECK(ends_with(platform.exchange(post("/api/files", type, form, session + token)), "a.csv=x,y"));
        CHECK(ends_with(platform.exchange(post("/api/files", "text/csv", "raw", session + token)), "=raw"));
        CHECK_EQ(platform.events()[0].kind, "test.upload");
        CHECK_EQ(platform.events()[0].principal, "clerk:zhang.san");
        // Somebody else's or an invented session is none.
        CHECK_EQ(status_of(platform.exchange(
                     get_with("/inner", "Cookie: mx_session=" + std::string(64, '0') + "\r\n"))),
                 "HTTP/1.1 303");
        // Behind a proxy with TLS the cookie has another name: a plain one, set by an attacker, is not read.
        CHECK_EQ(status_of(platform.exchange(get_with("/inner", session + "X-Forwarded-Proto: https\r\n"))),
                 "HTTP/1.1 303");
        // An expired one neither.
        auto tx = must(platform.database.write());
        must(tx.execute(store::Sql{"test.expire", "UPDATE session SET used_us = used_us - $1"},
                        {access::kIdleLimit_us}));
        must(tx.commit());
        CHECK_EQ(status_of(platform.exchange(get_with("/inner", session))), "HTTP/1.1 303");
    });
}

TEST_CASE("gate: commands run the same endpoints") {
    each([](Platform& platform) {
        api::Principal nobody;
        CHECK(platform.gate->run_local("test.note", {{"text", "甲"}}, nobody).ok());
        auto fault = [&](const char* id, std::vector<std::pair<std::string, std::string>> inputs) {
            auto reply = platform.gate->run_local(id, inputs, nobody);
            REQUIRE_FALSE(reply.ok());
            return reply.error().fault;
        };
        CHECK_EQ(fault("test.nothing", {}), Fault::endpoint_unknown);
        CHECK_EQ(fault("test.note", {}), Fault::field_missing);
        CHECK_EQ(fault("test.note", {{"text", "a"}, {"x", ""}}), Fault::field_unknown);
        CHECK_EQ(fault("test.note", {{"text", "bad"}}), Fault::bad_argument);
        CHECK_EQ(fault("test.upload", {{"file", "/dev/null"}}), Fault::sign_in_required);
        CHECK_EQ(must(platform.gate->run_local("test.echo", {{"name", "x"}, {"n", "3"}}, nobody)).body,
                 "{\"name\":\"x\",\"n\":3}");
        CHECK_EQ(platform.notes(), std::vector<std::string>{"甲"});
    });
}

TEST_CASE("gate: rate limits per address, behind a proxy too; metrics on the loopback only") {
    store::for_each_engine([](store::Database& database, const std::string&) {
        gate::Options options;
        options.requests_per_s = 0.1;
        options.burst = 3;
        options.sign_in_burst = 2;
        Platform platform(database, options);
        for (int i = 0; i < 10; ++i) {
            CHECK_EQ(status_of(platform.exchange(get("/api/echo/x"))), "HTTP/1.1 200");
        }
        auto from = [&](const std::string& address) {
            return platform.exchange(
                get_with("/api/echo/x", "X-Forwarded-For: 10.0.0.1, " + address + "\r\n"));
        };
        for (int i = 0; i < 3; ++i) {
            CHECK_EQ(status_of(from("192.0.2.7")), "HTTP/1.1 200");
        }
        std::string limited = from("192.0.2.7");
        CHECK_EQ(status_of(limited), "HTTP/1.1 429");
        CHECK(has(limited, "Retry-After: 1"));
        for (int i = 0; i < 10; ++i) {  // what a browser keeps is not counted
            CHECK_EQ(
                status_of(platform.exchange(get_with("/asset", "X-Forwarded-For: 10.0.0.1, 192.0.2.7\r\n"))),
                "HTTP/1.1 200");
        }
        CHECK_EQ(status_of(from("192.0.2.8")), "HTTP/1.1 200");
        auto sign_in = [&] {
            return status_of(
                platform.exchange(post("/sign-in", "application/x-www-form-urlencoded", "password=x")));
        };
        CHECK_EQ(sign_in(), "HTTP/1.1 403");
        CHECK_EQ(sign_in(), "HTTP/1.1 403");
        CHECK_EQ(sign_in(), "HTTP/1.1 429");
        std::string metrics = platform.exchange(get("/metrics"));
        CHECK(has(metrics, "mingxin_requests_total{endpoint=\"test.echo\",status=\"2xx\"} 14"));
        CHECK(has(metrics, "mingxin_request_seconds_count{endpoint=\"test.echo\"} 15"));
        CHECK_EQ(status_of(platform.exchange(get_with("/metrics", "X-Forwarded-For: 192.0.2.9\r\n"))),
                 "HTTP/1.1 404");
    });
}

TEST_CASE("rate limiter: a bucket per key, bounded, refilling") {
    gate::RateLimiter limiter(10, 5, 64);
    std::int64_t now_us = 1'000'000'000;
    for (int i = 0; i < 5; ++i) {
        CHECK_FALSE(limiter.take("a", now_us).has_value());
    }
    auto wait_us = limiter.take("a", now_us);
    REQUIRE(wait_us.has_value());
    CHECK_EQ(*wait_us, 100'000);
    CHECK_FALSE(limiter.take("a", now_us + 100'000).has_value());
    CHECK(limiter.take("a", now_us + 100'000).has_value());
    CHECK_FALSE(limiter.take("b", now_us).has_value());
    gate::RateLimiter none(0, 0);
    CHECK_FALSE(none.take("a", now_us).has_value());
    CHECK_EQ(gate::limited_network("192.0.2.7"), "192.0.2.7");
    CHECK_EQ(gate::limited_network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2");
    CHECK_EQ(gate::limited_network("2001:db8::6"), "2001:db8");
}

TEST_CASE("cookies and form tokens") {
    CHECK_EQ(gate::cookie_value("a=1; bb=2; b=3", "b"), "3");
    CHECK_EQ(gate::cookie_value("a=1", "b"), "");
    CHECK_EQ(gate::set_cookie_line("s", "x", true),
             "Set-Cookie: __Host-s=x; Path=/; HttpOnly; SameSite=Strict; Secure\r\n");
    CHECK(has(gate::set_cookie_line("s", "", false), "Max-Age=0"));
    Bytes secret(32, 1), other(32, 2);
    CHECK_EQ(gate::form_token(secret, "a"), gate::form_token(secret, "a"));
    CHECK_NE(gate::form_token(secret, "a"), gate::form_token(secret, "b"));
    CHECK_NE(gate::form_token(secret, "a"), gate::form_token(other, "a"));
    CHECK_EQ(must(gate::decode_url("a%20b+c", true)), "a b c");
    CHECK_EQ(must(gate::decode_url("a+c", false)), "a+c");
}
