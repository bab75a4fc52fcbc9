// Every page over a real platform and a real socket, as a browser meets it.
#include "cli/site_wiring.h"

#include <doctest/doctest.h>

#include <thread>

#include "base/file.h"
#include "base/text.h"
#include "cli/commands.h"
#include "gate/gate.h"
#include "gate/writer.h"
#include "server/server.h"
#include "server/test_client.h"

using namespace mingxin;
using namespace mingxin::cli;
using namespace mingxin::server::testing;

namespace {

const std::string kUnit = "11410423005599999L";
const std::string kFirm = "91410423MAX0001705";

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
bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}
std::string between(const std::string& text, std::string_view before, std::string_view after) {
    std::size_t at = text.find(before);
    REQUIRE_MESSAGE(at != std::string::npos, text);
    at += before.size();
    return text.substr(at, text.find(after, at) - at);
}

std::string penalty_file() {
    const std::string day = now_utc().date().plus_days(-40).to_string();
    const std::string head =
        "CF_XDR_MC,CF_XDR_LB,CF_XDR_SHXYM,CF_FRDB,CF_WSH,CF_WFXW,CF_SY,CF_YJ,CF_CFLB,CF_NR,CF_NR_FK,"
        "CF_JDRQ,CF_YXQ,CF_CFJG,CF_CFJGDM\n";
    auto row = [&](const std::string& number) {
        return "鲁山县澜禾商贸有限公司,法人及非法人组织," + kFirm + ",张三," + number +
               ",无证经营,<b>未取得许可</"
               "b>从事经营活动,《无证无照经营查处办法》第十三条,罚款,罚款人民币壹万元整,"
               "1.000000," +
               day + ",2099/12/31,鲁山县市场监督管理局," + kUnit + "\n";
    };
    return head + row("鲁市监罚〔2026〕1号") + row("");
}

/// A county with a unit, a firm and a clerk, served on the loopback.
class Town {
  public:
    Town() {
        platform =
            must(Platform::create(folder.path() / "data", {"410423", "信用鲁山", "sqlite"}, ".", now_utc()));
        writer = std::make_unique<gate::Writer>(platform->database(), [this](store::Tx& tx) {
            return journal::seal(tx, platform->key(), platform->origin(), now_utc());
        });
        auto write = [this](const std::function<Result<void>(store::Tx&)>& work) {
            return writer->run(work);
        };
        gate::Options options;
        options.secret = Bytes(32, 7);
        options.roles = access::roles_in_force(*platform->rules(), now_utc().date());
        options.sign_in_burst = 1000;
        must(writer->run([&](store::Tx& tx) -> Result<void> {
            access::Stamp stamp{"operator", now_utc(), ""};
            TRY(access::add_unit(tx, kUnit, "鲁山县市场监督管理局", stamp));
            TRY(access::create_account(tx, options.roles, {"zhang.san", "张三", kUnit, "department_clerk"},
                                       secret, stamp));
            return access::create_account(tx, options.roles, {"li.si", "李四", "", "credit_office_clerk"},
                                          secret, stamp);
        }));
        desk = std::make_unique<collect::Desk>(platform->desk());
        jobs = std::make_unique<collect::Jobs>(*desk, folder.path() / "jobs", collect::JobHooks{now_utc, {}});
        auto sign_in = std::make_shared<access::Desk>(platform->database(), write, options.roles, "");
        auto reports = std::make_shared<const report::Desk>(report_desk(*platform, "http://127.0.0.1:1"));
        site = must(site::make_site(site_deps(*platform, sign_in, reports, *jobs)));
        options.refusal_page = refusal_page(site);
        gate = std::make_unique<gate::Gate>(platform->database(), *writer, site.endpoints, options);
        server::Options listening;
        listening.listen = "127.0.0.1:0";
        listening.threads = 2;
        server = must(server::Server::start(listening, *gate));
        clerk = sign_in_first("zhang.san", "correct horse battery");
        office = sign_in_first("li.si", "another long passphrase");
        submit("registration",
               "主体名称,统一社会信用代码,法定代表人\n鲁山县澜禾商贸有限公司," + kFirm + ",张三\n");
        batch = submit("penalty", penalty_file());
    }
    ~Town() {
        server->stop();
        gate->stop();
        writer->stop();
    }

    std::string get(const std::string& path, const std::string& session = {}) const {
        return ask(server->port(),
                   "GET " + path + " HTTP/1.1\r\nHost: town\r\nConnection: close\r\nAccept: text/html\r\n" +
                       cookie(session) + "\r\n");
    }
    std::string post(const std::string& path, const std::string& body, const std::string& session,
                     const std::string& type = "application/x-www-form-urlencoded") const {
        return ask(server->port(),
                   "POST " + path + " HTTP/1.1\r\nHost: town\r\nConnection: close\r\nContent-Type: " + type +
                       "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + cookie(session) +
                       "\r\n" + body);
    }
    /// The form token of a page, and for visitors the cookie that goes with it.
    std::string token(const std::string& path, std::string& session) const {
        std::string page = get(path, session);
        if (session.empty()) {
            session = "mx_visitor=" + between(page, "mx_visitor=", ";");
        }
        return between(page, "name=\"csrf\" value=\"", "\"");
    }
    static std::string part(const std::string& name, const std::string& value, const std::string& file = {}) {
        return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"" +
               (file.empty() ? "" : "; filename=\"" + file + "\"") + "\r\n\r\n" + value + "\r\n";
    }
    std::string post_parts(const std::string& path, const std::string& parts,
                           const std::string& session) const {
        return post(path, parts + "--b--\r\n", session, "multipart/form-data; boundary=b");
    }
    std::string submit(const std::string& item, const std::string& text) {
        std::string parts =
            part("csrf", token("/desk", clerk)) + part("item", item) + part("file", text, "in.csv");
        std::string reply = post_parts("/desk/uploads", parts, clerk);
        std::string job = between(reply, "Location: ", "\r\n");
        for (int i = 0; i < 200; ++i) {
            std::string page = get(job, clerk);
            if (has(page, "Location: /desk/batches/")) {
                return between(page, "Location: /desk/batches/", "\r\n");
            }
            REQUIRE_MESSAGE(has(page, "正在处理"), page);
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
        FAIL("the file is not taken");
        return {};
    }

    TemporaryFolder folder;
    access::Secret secret = access::first_use_secret();
    std::unique_ptr<Platform> platform;
    std::unique_ptr<gate::Writer> writer;
    std::unique_ptr<collect::Desk> desk;
    std::unique_ptr<collect::Jobs> jobs;
    site::Site site;
    std::unique_ptr<gate::Gate> gate;
    std::unique_ptr<server::Server> server;
    std::string clerk, office, batch;

  private:
    static std::string cookie(const std::string& session) {
        return session.empty() ? "" : "Cookie: " + session + "\r\n";
    }
    /// First sign-in, then the change of password that it asks for.
    std::string sign_in_first(const std::string& account, const std::string& password) const {
        std::string visitor;
        std::string token_ = token("/sign-in", visitor);
        std::string reply = post(
            "/sign-in", "csrf=" + token_ + "&account=" + account + "&password=" + secret.password, visitor);
        REQUIRE(has(reply, "Location: /account/password\r\n"));
        std::string session = "mx_session=" + between(reply, "mx_session=", ";");
        std::string changed = post("/account/password",
                                   "csrf=" + token("/account/password", session) + "&old=" + secret.password +
                                       "&password=" + escape_url(password) + "&again=" + escape_url(password),
                                   session);
        REQUIRE(has(changed, "Location: /desk\r\n"));
        return "mx_session=" + between(changed, "mx_session=", ";");
    }
};

Town& town() {
    static Town instance;
    return instance;
}

/// What holds of every page.
void check_page(const std::string& reply, std::string_view status) {
    CHECK_EQ(status_of(reply), "HTTP/1.1 " + std::string(status));
    CHECK(has(reply, "<html lang=\"zh-CN\">"));
    CHECK(has(reply, "<h1>"));
    CHECK_FALSE(has(reply, "<script"));
    CHECK_FALSE(has(reply, " style="));
    CHECK_FALSE(has(reply, "{{"));
    CHECK_FALSE(has(reply, "<b>"));  // of the file: values are escaped
    CHECK(has(reply, "Content-Security-Policy: default-src 'none'"));
}

}  // namespace

TEST_CASE("endpoint:site.home ok: one search box and what is known") {
    std::string page = town().get("/");
    check_page(page, "200");
    CHECK(has(page, "name=\"q\""));
    CHECK(has(page, "<dt>企业</dt><dd>1</dd>"));
    CHECK(has(page, "Cache-Control: no-cache\r\n"));
}

TEST_CASE("endpoint:site.home refused: another method") {
    CHECK_EQ(status_of(town().post("/", "", "")), "HTTP/1.1 405");
}

TEST_CASE("endpoint:site.search ok: by text, by code, by slips in a code") {
    std::string page = town().get("/search?q=" + escape_url("澜禾"));
    check_page(page, "200");
    CHECK(has(page, "<a href=\"/subjects/" + kFirm + "\">鲁山县澜禾商贸有限公司</a>"));
    CHECK(has(town().get("/search?q=" + kFirm), "Location: /subjects/" + kFirm + "\r\n"));
    CHECK(has(town().get("/search?q=91410423max0001705"), "Location: /subjects/" + kFirm + "\r\n"));
    CHECK(has(town().get("/search?q=" + escape_url("不存在的公司")), "没有找到与“不存在的公司”"));
    CHECK(has(town().get("/search?q=" + escape_url("<i>x")), "&lt;i&gt;x"));
    CHECK(has(town().get("/search"), "Location: /\r\n"));
    CHECK_EQ(status_of(town().get("/search?q=x&utm_source=elsewhere")), "HTTP/1.1 200");
}

TEST_CASE("endpoint:site.search refused: one character, a person's number, broken text") {
    CHECK(has(town().get("/search?q=" + escape_url("澜")), "至少输入两个字"));
    std::string person = town().get("/search?q=11010519491231002X");
    check_page(person, "200");
    CHECK(has(person, "不提供按居民身份号码的查询"));
    CHECK_FALSE(has(person, "11010519491231002X"));
    check_page(town().get("/search?q=%FF"), "400");
}

TEST_CASE("endpoint:site.subject ok: what may be shown, with its source and its term") {
    std::string page = town().get("/subjects/" + kFirm);
    check_page(page, "200");
    CHECK(has(page, "<h1>鲁山县澜禾商贸有限公司</h1>"));
    CHECK(has(page, "鲁市监罚〔2026〕1号"));
    CHECK(has(page, "<dt>公示至</dt>"));
    std::string registration = page.substr(0, page.find("行政许可"));  // names no source: who handed it in
    CHECK(has(registration, "<dd>鲁山县市场监督管理局，"));
    CHECK(has(page, "没有可公示的行政许可信息"));
    CHECK(has(page, "信息有误？"));
    CHECK_FALSE(has(page, "张三"));
    CHECK_FALSE(has(page, "出具PDF报告"));
    CHECK(has(town().get("/subjects/91410423max0001705"), "Location: /subjects/" + kFirm + "\r\n"));
}

TEST_CASE("endpoint:site.subject refused: an unknown code, a way out of the site") {
    check_page(town().get("/subjects/91410423MAX00099XX"), "404");
    check_page(town().get("/subjects/..%2F..%2Fetc%2Fpasswd"), "404");
    check_page(town().get("/nothing/here"), "404");
}

TEST_CASE("endpoint:site.record ok: fields, source, term, receipt, objection") {
    std::string page = town().get("/records/" + town().batch + "-1");
    check_page(page, "200");
    CHECK(has(page, "&lt;b&gt;未取得许可&lt;/b&gt;"));
    CHECK(has(page, "/api/v1/records/" + town().batch + "-1/receipt"));
    CHECK(has(page, "第 " + town().batch + " 号事项的第 1 行"));
    CHECK(has(page, "鲁山县市场监督管理局"));
    CHECK(has(page, "公示期依据"));
    CHECK(has(page, "不收取任何费用"));
}

TEST_CASE("endpoint:site.record refused: a rejected row, no id") {
    check_page(town().get("/records/" + town().batch + "-2"), "404");
    check_page(town().get("/records/x"), "404");
}

TEST_CASE("endpoint:site.about ok, endpoint:site.style ok, endpoint:site.icon ok") {
    std::string page = town().get("/about?record=1-1");
    check_page(page, "200");
    CHECK(has(page, "id=\"objection\""));
    std::string style = town().get("/static/site.css");
    CHECK(has(style, "Content-Type: text/css"));
    std::string tag = between(style, "ETag: ", "\r\n");
    std::string again = ask(town().server->port(),
                            "GET /static/site.css HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                            "If-None-Match: " +
                                tag + "\r\n\r\n");
    CHECK_EQ(status_of(again), "HTTP/1.1 304");
    CHECK(has(town().get("/static/icon.svg"), "image/svg+xml"));
}

TEST_CASE(
    "endpoint:site.about refused, endpoint:site.style refused, endpoint:site.icon refused: what is not "
    "there") {
    CHECK_EQ(status_of(town().post("/about", "", "")), "HTTP/1.1 405");
    CHECK_EQ(status_of(town().get("/static/")), "HTTP/1.1 404");
    CHECK_EQ(status_of(town().get("/static/..%2fsite%2fpage.html")), "HTTP/1.1 404");
    CHECK_EQ(status_of(town().post("/static/site.css", "", "")), "HTTP/1.1 405");
    CHECK_EQ(status_of(town().post("/static/icon.svg", "", "")), "HTTP/1.1 405");
}

TEST_CASE(
    "endpoint:site.report ok, endpoint:site.verify ok, endpoint:site.verify_file ok: issued, found, "
    "compared") {
    std::string page = town().get("/subjects/" + kFirm, town().office);
    CHECK(has(page, "出具PDF报告"));
    std::string token = between(page, "name=\"csrf\" value=\"", "\"");
    std::string reply = town().post("/subjects/" + kFirm + "/report",
                                    "csrf=" + token + "&purpose=" + escape_url("招标投标"), town().office);
    REQUIRE_EQ(status_of(reply), "HTTP/1.1 200");
    CHECK(has(reply, "Content-Type: application/pdf"));
    std::string number = between(reply, "filename=\"", ".pdf");
    std::string pdf = reply.substr(reply.find("\r\n\r\n") + 4);
    CHECK(pdf.starts_with("%PDF"));

    std::string found = town().get("/verify/" + number);
    check_page(found, "200");
    CHECK(has(found, "本平台出具过这一编号的报告"));
    CHECK(has(found, kFirm));
    std::string visitor;
    std::string own = town().token("/verify", visitor);
    auto compare = [&](const std::string& content) {
        return town().post_parts("/verify",
                                 Town::part("csrf", own) + Town::part("number", number) +
                                     Town::part("file", content, "report.pdf"),
                                 visitor);
    };
    CHECK(has(compare(pdf), "文件与出具时完全一致"));
    CHECK(has(compare(pdf + " "), "文件与出具时不一致"));
    CHECK(has(town().post_parts("/verify", Town::part("csrf", own) + Town::part("number", " " + number + " "),
                                visitor),
              "Location: /verify/" + number + "\r\n"));
}

TEST_CASE("endpoint:site.report refused: a clerk, without the form's token") {
    std::string token = town().token("/desk", town().clerk);
    check_page(town().post("/subjects/" + kFirm + "/report", "csrf=" + token, town().clerk), "403");
    check_page(town().post("/subjects/" + kFirm + "/report", "", town().office), "403");
    std::string office = town().token("/desk", town().office);
    CHECK_NE(status_of(town().post("/subjects/91410423MAX00099XX/report", "csrf=" + office, town().office)),
             "HTTP/1.1 200");
}

TEST_CASE("endpoint:site.verify_form ok, endpoint:site.verify refused, endpoint:site.verify_file refused") {
    check_page(town().get("/verify"), "200");
    std::string unknown = town().get("/verify/20261120093015ABCD2345");
    check_page(unknown, "404");
    CHECK(has(unknown, "请勿采信"));
    check_page(town().get("/verify/x"), "404");
    check_page(town().post_parts("/verify", Town::part("number", "x"), ""), "403");
}

TEST_CASE("endpoint:site.verify_form refused: another method") {
    CHECK_EQ(
        status_of(ask(town().server->port(), "PUT /verify HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")),
        "HTTP/1.1 405");
}

TEST_CASE("endpoint:site.journal ok: signed heads, the key, how to check") {
    std::string page = town().get("/journal");
    check_page(page, "200");
    CHECK(has(page, "BEGIN PUBLIC KEY"));
    CHECK(has(page, "verify_receipt.py"));
    std::string size = between(page, "<th scope=\"row\">", "<");
    CHECK(has(town().get("/journal?before=" + size), "<h1>存证账本</h1>"));
    CHECK_FALSE(has(town().get("/journal?before=" + size), "<th scope=\"row\">" + size + "<"));
}

TEST_CASE("endpoint:site.journal refused: no number") {
    check_page(town().get("/journal?before=x"), "400");
}

TEST_CASE("endpoint:site.sign_in_form ok, endpoint:site.sign_in ok, endpoint:site.sign_out ok") {
    std::string visitor;
    std::string token = town().token("/sign-in?next=%2Fjournal", visitor);
    std::string reply = town().post(
        "/sign-in", "csrf=" + token + "&account=zhang.san&next=%2Fjournal&password=correct+horse+battery",
        visitor);
    CHECK(has(reply, "Location: /journal\r\n"));
    CHECK(has(reply, "HttpOnly; SameSite=Strict"));
    std::string session = "mx_session=" + between(reply, "mx_session=", ";");
    CHECK(has(town().get("/", session), "已登录：张三"));
    std::string out = town().post("/sign-out", "csrf=" + town().token("/desk", session), session);
    CHECK(has(out, "mx_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0"));
    CHECK_FALSE(has(town().get("/", session), "已登录"));
}

TEST_CASE(
    "endpoint:site.sign_in refused, endpoint:site.sign_in_form refused, endpoint:site.sign_out refused") {
    std::string visitor;
    std::string token = town().token("/sign-in", visitor);
    std::string wrong = town().post("/sign-in", "csrf=" + token + "&account=li.si&password=wrong", visitor);
    check_page(wrong, "401");
    CHECK(has(wrong, "账号或密码不正确"));
    CHECK_EQ(between(wrong, "name=\"account\"", ">").find("wrong"), std::string::npos);
    std::string nobody = town().post("/sign-in", "csrf=" + token + "&account=nobody&password=wrong", visitor);
    CHECK_EQ(between(nobody, "role=\"alert\">", "</div>"), between(wrong, "role=\"alert\">", "</div>"));
    check_page(town().post("/sign-in", "account=li.si&password=wrong", visitor), "403");
    // A link can't lead elsewhere after sign-in.
    for (const char* next : {"https://evil.example", "//evil.example", "/\\evil.example"}) {
        CHECK(has(town().get("/sign-in?next=" + escape_url(next)), "name=\"next\" value=\"/desk\""));
    }
    check_page(town().post("/sign-out", "", town().clerk), "403");
}

TEST_CASE("endpoint:site.password_form ok, endpoint:site.password ok: the old session ends") {
    std::string old = town().office;
    std::string token = town().token("/account/password", old);
    std::string again = escape_url("yet another passphrase");
    std::string reply = town().post("/account/password",
                                    "csrf=" + token + "&old=" + escape_url("another long passphrase") +
                                        "&password=" + again + "&again=" + again,
                                    old);
    CHECK(has(reply, "Location: /desk\r\n"));
    town().office = "mx_session=" + between(reply, "mx_session=", ";");
    CHECK_EQ(status_of(town().get("/desk", old)), "HTTP/1.1 303");
    CHECK_EQ(status_of(town().get("/desk", town().office)), "HTTP/1.1 200");
}

TEST_CASE(
    "endpoint:site.password_form refused, endpoint:site.password refused: a visitor, a weak one, two that "
    "differ") {
    CHECK(has(town().get("/account/password"), "Location: /sign-in?next=%2Faccount%2Fpassword\r\n"));
    std::string token = town().token("/account/password", town().clerk);
    auto change = [&](const std::string& old, const std::string& to, const std::string& again) {
        return town().post(
            "/account/password",
            "csrf=" + token + "&old=" + escape_url(old) + "&password=" + to + "&again=" + again,
            town().clerk);
    };
    CHECK(has(change("correct horse battery", "aaaaaaaaaaaa", "bbbbbbbbbbbb"), "两次输入的新密码不一致"));
    CHECK(has(change("correct horse battery", "1234567890", "1234567890"), "过于常见"));
    CHECK(has(change("wrong", "a-good-new-one", "a-good-new-one"), "账号或密码不正确"));
}

TEST_CASE("endpoint:site.desk ok, endpoint:site.batch ok, endpoint:site.reply ok: what became of the file") {
    std::string desk = town().get("/desk", town().clerk);
    check_page(desk, "200");
    CHECK(has(desk, "<option value=\"penalty\">"));
    CHECK(has(desk, "鲁山县市场监督管理局"));
    CHECK(has(desk, "/desk/batches/" + town().batch));
    CHECK(has(desk, "Cache-Control: no-store\r\n"));
    std::string page = town().get("/desk/batches/" + town().batch, town().clerk);
    check_page(page, "200");
    CHECK(has(page, "<dt>入库</dt><dd>1</dd>"));
    CHECK(has(page, "<dt>退回</dt><dd>1</dd>"));
    CHECK(has(page, "行政处罚决定书文号"));
    std::string workbook = town().get("/desk/batches/" + town().batch + "/reply", town().clerk);
    CHECK(has(workbook, "filename=\"reply-" + town().batch + ".xlsx\""));
    CHECK(workbook.substr(workbook.find("\r\n\r\n") + 4).starts_with("PK"));
}

TEST_CASE("endpoint:site.desk refused, endpoint:site.batch refused, endpoint:site.reply refused") {
    CHECK(has(town().get("/desk"), "Location: /sign-in?next=%2Fdesk\r\n"));
    CHECK(has(town().get("/desk/batches/" + town().batch), "303"));
    check_page(town().get("/desk/batches/999999", town().clerk), "404");
    check_page(town().get("/desk/batches/x", town().clerk), "400");
    check_page(town().get("/desk/batches/999999/reply", town().clerk), "404");
}

TEST_CASE(
    "endpoint:site.submit ok, endpoint:site.upload ok: taken once, whoever sends it; a broken file tells "
    "why") {
    std::string token = town().token("/desk", town().office);
    std::string parts = Town::part("csrf", token) + Town::part("item", "penalty") +
                        Town::part("unit", kUnit) + Town::part("attempt", "once") +
                        Town::part("file", "PK\3\4 no zip", "broken.xlsx");
    std::string job = between(town().post_parts("/desk/uploads", parts, town().office), "Location: ", "\r\n");
    std::string page;
    for (int i = 0; i < 200 && !has(page, "文件未能入库"); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        page = town().get(job, town().office);
    }
    check_page(page, "200");
    CHECK(has(page, "MX21"));
    CHECK(has(page, "没有任何一行入库"));
    CHECK_EQ(status_of(town().get(job.substr(0, job.find('?')), town().clerk)),
             "HTTP/1.1 200");  // of the same unit
}

TEST_CASE("endpoint:site.submit refused, endpoint:site.upload refused") {
    std::string token = town().token("/desk", town().clerk);
    auto send = [&](const std::string& parts) {
        return town().post_parts("/desk/uploads", parts, town().clerk);
    };
    std::string file = Town::part("file", "a,b\n1,2\n", "a.csv"), csrf = Town::part("csrf", token);
    check_page(send(Town::part("item", "penalty") + file), "403");
    check_page(send(csrf + Town::part("item", "penalty")), "400");
    CHECK_NE(status_of(send(csrf + Town::part("item", "nonsense") + file)), "HTTP/1.1 303");
    check_page(send(csrf + Town::part("item", "penalty") + Town::part("unit", "11410423005590003L") + file),
               "403");
    CHECK_EQ(status_of(town().post_parts("/desk/uploads", Town::part("item", "penalty") + file, "")),
             "HTTP/1.1 401");
    check_page(town().get("/desk/uploads/00", town().clerk), "404");
}
