#include "access/access.h"

#include <doctest/doctest.h>

#include "access/access_sql.h"
#include "crypto/crypto.h"
#include "store/test_engines.h"

using namespace mingxin;
using namespace mingxin::access;

namespace {

const Instant kNow{1'795'000'000'000'000};
constexpr std::string_view kUnitCode = "11410423MB0000000X";

Instant later_s(std::int64_t seconds) {
    return {kNow.us + seconds * 1'000'000};
}

const std::vector<Role> kRoles{
    {"clerk", "填报员", {api::Permission::collect_submit, api::Permission::collect_view}},
    {"auditor", "审计员", {api::Permission::journal_verify}}};

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
template <class T>
Fault fault_of(const Result<T>& result) {
    REQUIRE_FALSE(result.ok());
    return result.error().fault;
}

struct Platform {
    store::Database& database;
    crypto::Sm2Key key = crypto::Sm2Key::generate();
    Secret secret = first_use_secret();

    explicit Platform(store::Database& database) : database(database) {
        must(database.create(journal::tables()));
        must(database.create(access::tables()));
    }
    api::RunWrite write() {
        return [this](const std::function<Result<void>(store::Tx&)>& work) -> Result<void> {
            store::Tx tx = TRY(database.write());
            TRY(work(tx));
            TRY(journal::seal(tx, key, "mingxin/410423", kNow));
            return tx.commit();
        };
    }
    Stamp stamp() const { return {"operator", kNow, ""}; }
    void add_clerk() {
        must(write()([&](store::Tx& tx) -> Result<void> {
            TRY(add_unit(tx, kUnitCode, "某县市场监督管理局", stamp()));
            return create_account(tx, kRoles, {"zhang.san", "张三", std::string(kUnitCode), "clerk"}, secret,
                                  stamp());
        }));
    }
    std::vector<std::string> kinds() {
        std::vector<std::string> all;
        auto tx = must(database.read());
        must(journal::for_each_event(tx, 1, [&](const journal::Event& event) -> Result<void> {
            all.push_back(event.kind);
            return {};
        }));
        return all;
    }
    std::optional<Session> session(std::string_view token, Instant now) {
        auto tx = must(database.read());
        return must(find_session(tx, kRoles, token, now));
    }
};

}  // namespace

TEST_CASE("access: units are registered once, from the journal") {
    store::for_each_engine([](store::Database& database, const std::string&) {
        Platform platform(database);
        must(platform.write()([&](store::Tx& tx) -> Result<void> {
            Unit unit = must(add_unit(tx, kUnitCode, " 某县市场监督管理局 ", platform.stamp()));
            CHECK_EQ(unit.name, "某县市场监督管理局");
            CHECK_EQ(fault_of(add_unit(tx, kUnitCode, "别名", platform.stamp())), Fault::unit_exists);
            CHECK_EQ(fault_of(add_unit(tx, "123", "甲", platform.stamp())), Fault::account_malformed);
            CHECK_EQ(fault_of(add_unit(tx, "11410423mb0000000x", "甲", platform.stamp())),
                     Fault::account_malformed);
            CHECK_EQ(fault_of(add_unit(tx, "11410423MB00000018", " ", platform.stamp())),
                     Fault::account_malformed);
            return {};
        }));
        auto tx = must(database.read());
        CHECK_EQ(must(units(tx)).size(), 1);
        CHECK_EQ(must(find_unit(tx, kUnitCode))->added.us, kNow.us);
        CHECK_FALSE(must(find_unit(tx, "X")).has_value());
        auto event = must(journal::find_event(tx, 1));
        CHECK_EQ(event->kind, "unit.added");
        CHECK_EQ(event->principal, "operator");
    });
}

TEST_CASE("access: the projection gives the same tables again from the events") {
    store::for_each_engine([](store::Database& database, const std::string&) {
        Platform platform(database);
        platform.add_clerk();
        auto tx = must(database.write());
        store::Sql clear_units{"test.clear_units", "DELETE FROM unit"},
            clear{"test.clear_accounts", "DELETE FROM account"};
        must(tx.execute(clear_units));
        must(tx.execute(clear));
        auto again = projection();
        std::vector<journal::Event> all;
        must(journal::for_each_event(tx, 1, [&](const journal::Event& event) -> Result<void> {
            all.push_back(event);
            return {};
        }));
        for (const auto& event : all) {
            must(again->begin_event(tx, event));
        }
        must(tx.commit());
        auto read = must(database.read());
        CHECK_EQ(must(units(read)).size(), 1);
        CHECK_EQ(must(find_account(read, "zhang.san"))->role, "clerk");
        Desk desk(database, platform.write(), kRoles, "");
        CHECK(desk.sign_in("zhang.san", platform.secret.password, "192.0.2.1", kNow).ok());
    });
}

TEST_CASE("access: accounts are checked") {
    store::for_each_engine([](store::Database& database, const std::string&) {
        Platform platform(database);
        platform.add_clerk();
        auto tx = must(database.write());
        auto create = [&](const char* name, const char* unit, const char* role) {
            return create_account(tx, kRoles, {name, "某人", unit, role}, platform.secret, platform.stamp());
        };
        CHECK_EQ(fault_of(create("zhang.san", "", "clerk")), Fault::account_exists);
        CHECK_EQ(fault_of(create("li", "", "clerk")), Fault::account_malformed);
        CHECK_EQ(fault_of(create("Li.Si", "", "clerk")), Fault::account_malformed);
        CHECK_EQ(fault_of(create("li.si", "11410423MB00000018", "clerk")), Fault::unit_unknown);
        CHECK_EQ(fault_of(create("li.si", "", "king")), Fault::role_unknown);
        CHECK(create("li.si", "", "auditor").ok());
        CHECK_EQ(fault_of(reset_password(tx, "nobody", platform.secret, platform.stamp())),
                 Fault::account_unknown);
    });
}

TEST_CASE("access: no password, its hash or a token in the journal") {
    store::for_each_engine([](store::Database& database, const std::string&) {
        Platform platform(database);
        platform.add_clerk();
        Desk desk(database, platform.write(), kRoles, "");
        auto signed_in = must(desk.sign_in("zhang.san", platform.secret.password, "192.0.2.1", kNow));
        CHECK_FALSE(desk.sign_in("a-password-typed-as-name", "x", "192.0.2.1", kNow).ok());
        auto tx = must(database.read());
        must(journal::for_each_event(tx, 1, [&](const journal::Event& event) -> Result<void> {
            CHECK(event.payload.find(platform.secret.password) == std::string::npos);
            CHECK(event.payload.find("argon2") == std::string::npos);
            CHECK(event.payload.find(signed_in.token) == std::string::npos);
            CHECK(event.payload.find("typed-as-name") == std::string::npos);
            CHECK(event.payload.find("192.0.2") == std::string::npos);
            return {};
        }));
    });
}

TEST_CASE("access: first use, change of password, sessions and their ends") {
    store::for_each_engine([](store::Database& database, const std::string&) {
        Platform platform(database);
        platform.add_clerk();
        Desk desk(database, platform.write(), kRoles, "");
        auto first = must(desk.sign_in("zhang.san", platform.secret.password, "192.0.2.1", kNow));
        CHECK(first.must_change_password);
        auto session = platform.session(first.token, kNow);
        REQUIRE(session.has_value());
        CHECK(session->must_change_password);
        CHECK_FALSE(session->principal.may(api::Permission::collect_submit));
        CHECK_EQ(session->principal.name, "clerk:zhang.san");
        CHECK_EQ(session->principal.unit_code, kUnitCode);

        auto change = [&](const char* from, const char* to) {
            return desk.change_password(session->principal, from, to, "192.0.2.1", kNow);
        };
        const std::string old = platform.secret.password;
        CHECK_EQ(fault_of(change(old.c_str(), "short")), Fault::password_weak);
        CHECK_EQ(fault_of(change(old.c_str(), "my-zhang.san-1")), Fault::password_weak);
        CHECK_EQ(fault_of(change(old.c_str(), "1234567890")), Fault::password_weak);
        CHECK_EQ(fault_of(change(old.c_str(), old.c_str())), Fault::password_weak);
        CHECK_EQ(fault_of(change("wrong password", "明信平台的新密码真长")), Fault::sign_in_refused);
        auto second = must(change(old.c_str(), "明信平台的新密码真长"));
        CHECK_FALSE(platform.session(first.token, kNow).has_value());  // no fixation: the old token is dead
        session = platform.session(second.token, kNow);
        REQUIRE(session.has_value());
        CHECK(session->principal.may(api::Permission::collect_submit));
        CHECK_FALSE(session->principal.may(api::Permission::account_manage));
        CHECK_EQ(fault_of(desk.sign_in("zhang.san", old, "192.0.2.1", kNow)), Fault::sign_in_refused);
        CHECK_FALSE(
            must(desk.sign_in("zhang.san", "明信平台的新密码真长", "192.0.2.1", kNow)).must_change_password);

        must(desk.sign_out(session->principal.session_id, kNow));
        CHECK_FALSE(platform.session(second.token, kNow).has_value());
        must(desk.sign_out("unknown", kNow));
        auto kinds = platform.kinds();
        CHECK_EQ(std::count(kinds.begin(), kinds.end(), "session.opened"), 3);
        CHECK_EQ(std::count(kinds.begin(), kinds.end(), "session.refused"), 2);
        CHECK_EQ(std::count(kinds.begin(), kinds.end(), "session.closed"), 1);
        CHECK_EQ(std::count(kinds.begin(), kinds.end(), "account.credential_set"), 2);
    });
}

TEST_CASE("access: a session ends when idle for 30 minutes, and after 12 hours at the latest") {
    store::for_each_engine([](store::Database& database, const std::string&) {
        Platform platform(database);
        platform.add_clerk();
        Desk desk(database, platform.write(), kRoles, "");
        auto token = must(desk.sign_in("zhang.san", platform.secret.password, "192.0.2.1", kNow)).token;
        CHECK_FALSE(platform.session(token, later_s(59))->needs_touch);
        CHECK(platform.session(token, later_s(29 * 60))->needs_touch);
        CHECK_FALSE(platform.session(token, later_s(30 * 60)).has_value());
        std::string id = platform.session(token, kNow)->principal.session_id;
        for (int minute = 20; minute < 12 * 60; minute += 20) {
            must(platform.write()([&](store::Tx& tx) { return touch(tx, id, later_s(minute * 60)); }));
            REQUIRE(platform.session(token, later_s(minute * 60 + 60)).has_value());
        }
        CHECK_FALSE(platform.session(token, later_s(12 * 3600)).has_value());
        CHECK_FALSE(platform.session("", kNow).has_value());
        CHECK_FALSE(platform.session(std::string(64, 'a'), kNow).has_value());
        CHECK_FALSE(platform.session(id, kNow).has_value());  // what is stored opens nothing
    });
}

TEST_CASE("access: a reset ends sessions; a changed credential row is found") {
    store::for_each_engine([](store::Database& database, const std::string&) {
        Platform platform(database);
        platform.add_clerk();
        Desk desk(database, platform.write(), kRoles, "");
        auto token = must(desk.sign_in("zhang.san", platform.secret.password, "192.0.2.1", kNow)).token;
        Secret anew = first_use_secret();
        must(platform.write()(
            [&](store::Tx& tx) { return reset_password(tx, "zhang.san", anew, platform.stamp()); }));
        CHECK_FALSE(platform.session(token, kNow).has_value());
        CHECK(must(desk.sign_in("zhang.san", anew.password, "192.0.2.1", kNow)).must_change_password);
        {
            auto tx = must(database.write());
            store::Sql alter{"test.alter", "UPDATE credential SET phc = $1"};
            must(tx.execute(alter, {platform.secret.phc}));
            must(tx.commit());
        }
        CHECK_EQ(fault_of(desk.sign_in("zhang.san", platform.secret.password, "192.0.2.1", kNow)),
                 Fault::credential_damaged);
    });
}

TEST_CASE("access: failures cost growing time, per account and address") {
    SignInDelay delay(100);
    auto fail_once = [&](Instant now) { delay.failed("zhang.san", "192.0.2.1", now); };
    fail_once(kNow);
    fail_once(kNow);
    CHECK_EQ(delay.wait_s("zhang.san", "192.0.2.1", kNow), 0);
    fail_once(kNow);
    CHECK_EQ(delay.wait_s("zhang.san", "192.0.2.1", kNow), 2);
    CHECK_EQ(delay.wait_s("zhang.san", "192.0.2.2", kNow), 0);
    CHECK_EQ(delay.wait_s("li.si", "192.0.2.1", kNow), 0);
    CHECK_EQ(delay.wait_s("zhang.san", "192.0.2.1", later_s(2)), 0);
    for (int i = 0; i < 40; ++i) {
        fail_once(later_s(2));
    }
    CHECK_EQ(delay.wait_s("zhang.san", "192.0.2.1", later_s(2)), 900);
    delay.succeeded("zhang.san", "192.0.2.1", later_s(2));
    CHECK_EQ(delay.wait_s("zhang.san", "192.0.2.1", later_s(2)), 0);
    for (int i = 0; i < 20; ++i) {  // one failure each from many addresses
        CHECK_EQ(delay.wait_s("zhang.san", "198.51.100." + std::to_string(i), later_s(3)), 0);
        delay.failed("zhang.san", "198.51.100." + std::to_string(i), later_s(3));
    }
    delay.failed("zhang.san", "198.51.100.20", later_s(3));
    CHECK_EQ(delay.wait_s("zhang.san", "198.51.100.21", later_s(3)), 2);
    for (int i = 0; i < 40; ++i) {
        delay.failed("zhang.san", "198.51.100.22", later_s(3));
    }
    CHECK_EQ(delay.wait_s("zhang.san", "198.51.100.21", later_s(3)), 60);
    CHECK_EQ(delay.wait_s("zhang.san", "192.0.2.1", later_s(3)), 0);  // the owner's own place
    for (int i = 0; i < 1000; ++i) {                                  // bounded: the newest is always counted
        std::string address = std::to_string(i);
        for (int n = 0; n < 3; ++n) {
            delay.failed("x" + address, address, kNow);
        }
        CHECK_EQ(delay.wait_s("x" + address, address, kNow), 2);
    }

    store::for_each_engine([](store::Database& database, const std::string&) {
        Platform platform(database);
        platform.add_clerk();
        Desk desk(database, platform.write(), kRoles, "");
        for (int i = 0; i < 3; ++i) {
            CHECK_EQ(fault_of(desk.sign_in("zhang.san", "wrong", "192.0.2.1", kNow)), Fault::sign_in_refused);
        }
        std::size_t events = platform.kinds().size();
        CHECK_EQ(fault_of(desk.sign_in("zhang.san", platform.secret.password, "192.0.2.1", kNow)),
                 Fault::sign_in_delayed);
        CHECK_EQ(platform.kinds().size(),
                 events);  // refused without a look: no event, the journal can't be flooded
        CHECK(desk.sign_in("zhang.san", platform.secret.password, "192.0.2.9", kNow).ok());
    });
}

TEST_CASE("access: first-use passwords differ and are strong") {
    Secret a = first_use_secret(), b = first_use_secret();
    CHECK_NE(a.password, b.password);
    CHECK_EQ(a.password.size(), 20);
    CHECK(crypto::verify_password(a.password, a.phc));
    CHECK_FALSE(password_weakness_zh("zhang.san", a.password).has_value());
    CHECK(password_weakness_zh("zhang.san", std::string(300, 'x')).has_value());
    CHECK(password_weakness_zh("zhang.san", "aaaaaaaaaaaa").has_value());
}
