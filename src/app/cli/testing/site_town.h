// For tests: a county with a unit, a firm and two clerks, its pages served on the loopback.
#pragma once
#include <doctest/doctest.h>

#include <thread>

#include "base/file.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/endpoints.h"
#include "cli/site_wiring.h"
#include "gate/gate.h"
#include "gate/writer.h"
#include "server/server.h"
#include "server/test_client.h"

namespace mingxin::cli::test {

using server::testing::ask;
using server::testing::status_of;

inline const std::string kUnit = "11410423005599999L";
inline const std::string kFirm = "91410423MAX0001705";

template <class T>
T must(Result<T> result) {
    if (!result.ok()) {
        FAIL(result.error().message_zh() << " " << result.error().log_text);
    }
    return std::move(*result);
}
inline void must(Result<void> result) {
    if (!result.ok()) {
        FAIL(result.error().message_zh() << " " << result.error().log_text);
    }
}
inline bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}
inline std::string between(const std::string& text, std::string_view before, std::string_view after) {
    std::size_t at = text.find(before);
    REQUIRE_MESSAGE(at != std::string::npos, text);
    at += before.size();
    return text.substr(at, text.find(after, at) - at);
}

inline std::string penalty_file() {
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
        gate = std::make_unique<gate::Gate>(platform->database(), *writer,
                                            all_endpoints(reports, write, options), options);
        server::Options listening;
        listening.listen = "127.0.0.1:0";
        listening.threads = 2;
        server = must(server::Server::start(listening, *gate));
        clerk = sign_in_first("zhang.san", "correct horse battery");
        office = sign_in_first("li.si", "another long passphrase");
        submit("registration",
               "主体名称,统一社会信用代码,法定代表人\n鲁山县澜禾商贸有限公司," + kFirm + ",赵六\n");
        batch = submit("penalty", penalty_file());
        REQUIRE(eventually("/", "<dt>公示中的行政处罚</dt><dd><a href=\"/publicity/penalty\">1</a>"));
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
    /// Figures may be some seconds behind on a busy machine.
    bool eventually(const std::string& path, std::string_view text) const {
        for (int i = 0; i < 200; ++i) {
            if (has(get(path), text)) return true;
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
        return false;
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
    /// The pages, and the API that they lead to.
    std::vector<api::Endpoint> all_endpoints(const std::shared_ptr<const report::Desk>& reports,
                                             const api::RunWrite& write, const gate::Options& options) const {
        Parts parts;
        parts.rules = platform->rules();
        parts.tenant = platform->tenant();
        parts.key = &platform->key().public_key();
        parts.report_desk = reports;
        parts.jobs = jobs.get();
        parts.roles = options.roles;
        parts.write = write;
        std::vector<api::Endpoint> all = endpoints(parts);
        all.insert(all.end(), site.endpoints.begin(), site.endpoints.end());
        return all;
    }
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

inline Town& town() {
    static Town instance;
    return instance;
}

/// What holds of every page.
inline void check_page(const std::string& reply, std::string_view status) {
    CHECK_EQ(status_of(reply), "HTTP/1.1 " + std::string(status));
    CHECK(has(reply, "<html lang=\"zh-CN\""));
    CHECK(has(reply, "<h1>"));
    CHECK(has(reply, "name=\"q\""));  // a search box on every page
    CHECK_FALSE(has(reply, "<script>"));
    CHECK_FALSE(has(reply, "<script src"));
    CHECK_FALSE(has(reply, " style="));
    CHECK_FALSE(has(reply, "{{"));
    CHECK_FALSE(has(reply, "<b>"));  // of the file: values are escaped
    CHECK(has(reply, "Content-Security-Policy: default-src 'none'"));
}

}  // namespace mingxin::cli::test
