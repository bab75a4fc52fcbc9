// Every endpoint of the services through the gate, on a real platform: what it answers, and what it refuses
// to whom.
#include "cli/endpoints.h"

#include <doctest/doctest.h>

#include <fstream>
#include <thread>

#include "base/file.h"
#include "cli/commands.h"
#include "gate/gate.h"
#include "gate/writer.h"

using namespace mingxin;
using namespace mingxin::cli;

namespace {

const char* const kUnit = "11410423005599999L";
const char* const kFirm = "91410423MAX0001705";

template <class T>
T must(Result<T> result) {
    if (!result.ok()) FAIL(result.error().message_zh() << " " << result.error().log_text);
    return std::move(*result);
}
void must(Result<void> result) {
    if (!result.ok()) FAIL(result.error().message_zh() << " " << result.error().log_text);
}

using Inputs = std::vector<std::pair<std::string, std::string>>;

/// A county with one unit, one firm and one public penalty, behind a gate.
struct County {
    TemporaryFolder folder;
    std::unique_ptr<Platform> platform;
    std::unique_ptr<gate::Writer> writer;
    std::unique_ptr<collect::Desk> desk;
    std::unique_ptr<collect::Jobs> jobs;
    std::unique_ptr<tasks::Tasks> tasks;
    std::unique_ptr<gate::Gate> gate;
    const api::Principal anyone;
    api::Principal clerk, operator_, stranger;
    std::string batch, penalty_id;

    County() {
        platform =
            must(Platform::create(folder.path() / "data", {"410423", "信用鲁山", "sqlite"}, ".", now_utc()));
        writer = std::make_unique<gate::Writer>(platform->database(), [this](store::Tx& tx) {
            return journal::seal(tx, platform->key(), platform->origin(), now_utc());
        });
        must(writer->run([](store::Tx& tx) -> Result<void> {
            TRY(access::add_unit(tx, kUnit, "鲁山县市场监督管理局", {"operator", now_utc(), ""}));
            return {};
        }));
        desk = std::make_unique<collect::Desk>(platform->desk());
        jobs = std::make_unique<collect::Jobs>(*desk, folder.path() / "jobs", collect::JobHooks{now_utc, {}});
        gate::Options options;
        options.secret = Bytes(32, 7);
        options.roles = access::roles_in_force(*platform->rules(), now_utc().date());
        Parts parts;
        parts.rules = platform->rules();
        parts.tenant = platform->tenant();
        parts.key = &platform->key().public_key();
        parts.report_desk =
            std::make_shared<const report::Desk>(report_desk(*platform, "http://127.0.0.1:1"));
        parts.jobs = jobs.get();
        parts.roles = options.roles;
        parts.system = system_of(*platform, now_utc(), [] { return std::string("of the gate"); });
        parts.write = [this](const std::function<Result<void>(store::Tx&)>& work) {
            return writer->run(work);
        };
        gate = std::make_unique<gate::Gate>(platform->database(), *writer, endpoints(parts), options);
        clerk = with({api::Permission::collect_submit, api::Permission::collect_view},
                     "department_clerk:zhang", kUnit);
        stranger = with({api::Permission::collect_submit, api::Permission::collect_view},
                        "department_clerk:li", "11410423005590003L");
        operator_ = with(
            {api::Permission::unit_manage, api::Permission::account_manage, api::Permission::report_issue},
            "operator", "");
        take("registration", "主体名称,统一社会信用代码,法定代表人\n鲁山县澜禾商贸有限公司," +
                                 std::string(kFirm) + ",张三\n");
        batch = take("penalty", penalty_file());
        penalty_id = batch + "-1";
    }
    ~County() {
        gate->stop();
        writer->stop();
    }
    static api::Principal with(std::initializer_list<api::Permission> permissions, std::string name,
                               std::string unit) {
        api::Principal principal;
        principal.name = std::move(name);
        principal.unit_code = std::move(unit);
        principal.session_id = "test";
        for (api::Permission permission : permissions)
            principal.permissions[static_cast<int>(permission)] = true;
        return principal;
    }
    static std::string penalty_file() {
        const std::string day = now_utc().date().plus_days(-40).to_string();
        return "CF_XDR_MC,CF_XDR_LB,CF_XDR_SHXYM,CF_FRDB,CF_WSH,CF_WFXW,CF_SY,CF_YJ,CF_CFLB,CF_NR,CF_NR_FK,"
               "CF_JDRQ,"
               "CF_YXQ,CF_CFJG,CF_CFJGDM\n鲁山县澜禾商贸有限公司,法人及非法人组织," +
               std::string(kFirm) +
               ",张三,鲁市监罚〔2026〕1号,无证经营,未取得许可从事经营活动,《无证无照经营查处办法》第十三条,"
               "罚款,"
               "罚款人民币壹万元整,1.000000," +
               day + ",2099/12/31,鲁山县市场监督管理局," + kUnit + "\n" +
               "鲁山县澜禾商贸有限公司,法人及非法人组织," + std::string(kFirm) +
               ",张三,,无证经营,无证,《办法》,罚款,罚款,1," + day + ",2099/12/31,鲁山县市场监督管理局," +
               kUnit + "\n";
    }
    /// Hands a file in through the endpoint and waits for its batch.
    std::string take(const std::string& item, const std::string& text) {
        const std::filesystem::path file = folder.path() / "in.csv";
        must(write_file(file, text));
        const std::string job =
            id_in(must(run("batch.submit", {{"item", item}, {"file", file.string()}}, clerk)).body, "job");
        for (int i = 0; i < 200; ++i) {
            const std::string state = must(run("job.show", {{"id", job}}, clerk)).body;
            if (state.find("\"done\"") != std::string::npos) return id_in(state, "batch");
            REQUIRE_MESSAGE(state.find("\"failed\"") == std::string::npos, state);
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
        FAIL("the job does not end");
        return {};
    }
    static std::string id_in(const std::string& json, const std::string& key) {
        std::size_t at = json.find("\"" + key + "\":");
        REQUIRE(at != std::string::npos);
        at += key.size() + 3;
        if (json[at] == '"') ++at;
        return json.substr(at, json.find_first_of("\",}", at) - at);
    }
    Result<api::Reply> run(std::string_view id, const Inputs& inputs, const api::Principal& who) {
        return gate->run_local(id, inputs, who);
    }
    std::string body(std::string_view id, const Inputs& inputs, const api::Principal& who) {
        return must(run(id, inputs, who)).body;
    }
    /// The code of the fault with which it is refused; empty when it is not.
    std::string fault(std::string_view id, const Inputs& inputs, const api::Principal& who) {
        const Result<api::Reply> reply = run(id, inputs, who);
        return reply.ok() ? "" : std::string(reply.error().code());
    }
};

County& county() {
    static County instance;
    return instance;
}

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}
std::string code_of(Fault fault) {
    return std::string(fault_text(fault).code);
}

}  // namespace

TEST_CASE("endpoint:subject.show ok: facts and public records, nothing of departments") {
    const std::string body = county().body("subject.show", {{"code", kFirm}}, county().anyone);
    CHECK(holds(body, "鲁山县澜禾商贸有限公司"));
    CHECK(holds(body, "鲁市监罚〔2026〕1号"));
    CHECK(holds(body, "10,000.00元"));
    CHECK(holds(body, "\"shown_until\""));
    CHECK_FALSE(holds(body, "CF_FRDB"));  // shared between departments only
    CHECK_FALSE(holds(body, "hmac"));
}

TEST_CASE("endpoint:subject.show refused: unknown code") {
    CHECK(county().fault("subject.show", {{"code", "91410423MAX00099XX"}}, county().anyone) ==
          code_of(Fault::not_found));
    CHECK(county().fault("subject.show", {{"code", kFirm}, {"known_at", "2026-02-30"}}, county().anyone) !=
          "");
}

TEST_CASE("endpoint:subject.search ok: by contained text") {
    CHECK(holds(county().body("subject.search", {{"q", "澜禾"}}, county().anyone), kFirm));
    CHECK_FALSE(holds(county().body("subject.search", {{"q", "不存在的"}}, county().anyone), kFirm));
}

TEST_CASE("endpoint:subject.search refused: one character, too many results") {
    CHECK(county().fault("subject.search", {{"q", "澜"}}, county().anyone) != "");
    CHECK(county().fault("subject.search", {{"q", "澜禾"}, {"limit", "101"}}, county().anyone) != "");
}

TEST_CASE("endpoint:subject.suggest ok: a slip, a part left out; nobody near") {
    for (const char* name :
         {"鲁山县澜和商贸有限公司", "鲁山澜禾商贸公司", "澜禾商贸有限公司（原名：甲乙丙丁）"}) {
        CAPTURE(name);
        CHECK(holds(county().body("subject.suggest", {{"name", name}}, county().anyone), kFirm));
    }
    CHECK_FALSE(holds(county().body("subject.suggest", {{"name", "云南昭通货运"}}, county().anyone), kFirm));
    const std::string told =
        county().body("subject.suggest", {{"name", "鲁山县澜和商贸有限公司"}}, county().anyone);
    CHECK(holds(told,
                "\"former\":false,\"differences\":[{\"asked\":\"和\",\"known\":\"禾\"}],"
                "\"reason\":\"名称相差1字：和→禾（同音）\""));
}

TEST_CASE("endpoint:subject.suggest refused: one character, too many results") {
    CHECK(county().fault("subject.suggest", {{"name", "澜"}}, county().anyone) ==
          code_of(Fault::bad_argument));
    CHECK(county().fault("subject.suggest", {{"name", "澜禾商贸"}, {"limit", "21"}}, county().anyone) ==
          code_of(Fault::bad_argument));
}

TEST_CASE("endpoint:record.show ok: one record by its id") {
    CHECK(holds(county().body("record.show", {{"id", county().penalty_id}}, county().anyone), "无证经营"));
}

TEST_CASE("endpoint:record.show refused: rejected row, foreign form of id") {
    for (const std::string& id :
         {county().batch + "-2", std::string("0-1"), std::string("x"), std::string("1-1-1")}) {
        CHECK(county().fault("record.show", {{"id", id}}, county().anyone) == code_of(Fault::not_found));
    }
}

TEST_CASE("endpoint:record.receipt ok: proves the row and withholds what is not public") {
    const std::string body = county().body("record.receipt", {{"id", county().penalty_id}}, county().anyone);
    CHECK(holds(body, "mingxin.receipt"));
    CHECK(holds(body, "\"digest\""));
    CHECK_FALSE(holds(body, "张三"));
    CHECK_FALSE(holds(body, "zhang"));  // the account that handed it in
    const std::filesystem::path file = county().folder.path() / "receipt.json";
    must(write_file(file, body));
    const std::string command = "python3 tools/verify_receipt.py " + file.string() + " > /dev/null";
    CHECK(std::system(command.c_str()) == 0);
}

TEST_CASE("endpoint:record.receipt refused: what is not shown has no public receipt") {
    CHECK(county().fault("record.receipt", {{"id", county().batch + "-2"}}, county().anyone) ==
          code_of(Fault::not_found));
}

TEST_CASE("endpoint:check.list ok: by code, by name, in the order asked") {
    const std::string list = R"([{"name":"鲁山县澜禾商贸有限公司"},{"code":"91410423MAX00099XX"}])";
    const std::string body = county().body("check.list", {{"subjects", list}}, county().anyone);
    CHECK(holds(body, "\"found\""));
    CHECK(holds(body, "\"penalties\":1"));
    CHECK(body.find("\"found\"") < body.find("\"not_found\""));
}

TEST_CASE("endpoint:check.list refused: not a list") {
    CHECK(county().fault("check.list", {{"subjects", "{}"}}, county().anyone) != "");
}

TEST_CASE("endpoint:batch.submit ok: a job, then a batch") {
    const std::string batch =
        county().take("registration", "主体名称,统一社会信用代码,法定代表人\n鲁山县澜禾商贸有限公司," +
                                          std::string(kFirm) + ",张三\n");
    CHECK(holds(county().body("batch.show", {{"id", batch}}, county().clerk), "\"duplicate\":1"));
}

TEST_CASE("endpoint:batch.submit refused: the public, and without a file") {
    CHECK(county().fault("batch.submit", {{"item", "penalty"}, {"file", "README.md"}}, county().anyone) ==
          code_of(Fault::sign_in_required));
    CHECK(county().fault("batch.submit", {{"item", "penalty"}}, county().clerk) != "");
}

TEST_CASE("endpoint:batch.list ok: own batches only") {
    CHECK(holds(county().body("batch.list", {}, county().clerk), "in.csv"));
    CHECK_FALSE(holds(county().body("batch.list", {}, county().stranger), "in.csv"));
}

TEST_CASE("endpoint:batch.list refused: the public, a limit out of range") {
    CHECK(county().fault("batch.list", {}, county().anyone) == code_of(Fault::sign_in_required));
    CHECK(county().fault("batch.list", {{"limit", "0"}}, county().clerk) != "");
}

TEST_CASE("endpoint:batch.show ok: the counts") {
    CHECK(holds(county().body("batch.show", {{"id", county().batch}}, county().clerk), "\"rejected\":1"));
    CHECK(holds(county().body("batch.show", {{"id", county().batch}}, county().clerk), "\"has_reply\":true"));
}

TEST_CASE("endpoint:batch.show refused: another unit's batch is not there") {
    CHECK(county().fault("batch.show", {{"id", county().batch}}, county().stranger) ==
          code_of(Fault::not_found));
}

TEST_CASE("endpoint:batch.findings ok: row, field, message, remedy") {
    const std::string body = county().body("batch.findings", {{"id", county().batch}}, county().clerk);
    CHECK(holds(body, "\"fault\":\"V01\""));
    CHECK(holds(body, "\"field\":\"CF_WSH\""));
    CHECK(holds(body, "\"line\":3"));
    CHECK(holds(body, "\"remedy\":\"请"));
}

TEST_CASE("endpoint:batch.findings refused: another unit") {
    CHECK(county().fault("batch.findings", {{"id", county().batch}}, county().stranger) ==
          code_of(Fault::not_found));
}

TEST_CASE("endpoint:batch.reply ok: the workbook, sealed on disk") {
    const std::string body = county().body("batch.reply", {{"id", county().batch}}, county().clerk);
    CHECK(body.starts_with("PK"));
    for (const auto& file : std::filesystem::directory_iterator(county().folder.path() / "jobs")) {
        CHECK_FALSE(must(read_file(file.path())).starts_with("PK"));
    }
}

TEST_CASE("endpoint:batch.reply refused: another unit, the public") {
    CHECK(county().fault("batch.reply", {{"id", county().batch}}, county().stranger) ==
          code_of(Fault::not_found));
    CHECK(county().fault("batch.reply", {{"id", county().batch}}, county().anyone) ==
          code_of(Fault::sign_in_required));
}

TEST_CASE("endpoint:job.show ok and endpoint:job.show refused: only for its unit; a broken file tells why") {
    const std::filesystem::path file = county().folder.path() / "broken.xlsx";
    must(write_file(file, "PK\3\4 no zip"));
    const std::string job = County::id_in(
        county().body("batch.submit", {{"item", "penalty"}, {"file", file.string()}}, county().clerk), "job");
    std::string state;
    for (int i = 0; i < 200 && !holds(state, "\"failed\""); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        state = county().body("job.show", {{"id", job}}, county().clerk);
    }
    CHECK(holds(state, "\"code\":\"MX21"));
    CHECK(county().fault("job.show", {{"id", job}}, county().stranger) == code_of(Fault::not_found));
}

TEST_CASE("endpoint:job.cancel ok: stops what is not committed; a finished batch stays") {
    const std::filesystem::path file = county().folder.path() / "again.csv";
    must(write_file(file, "主体名称,统一社会信用代码\n鲁山县澜禾商贸有限公司," + std::string(kFirm) + "\n"));
    const std::string job = County::id_in(
        county().body("batch.submit", {{"item", "registration"}, {"file", file.string()}}, county().clerk),
        "job");
    CHECK(holds(county().body("job.cancel", {{"id", job}}, county().clerk), job));
}

TEST_CASE("endpoint:job.cancel refused: unknown job, another unit") {
    CHECK(county().fault("job.cancel", {{"id", "00"}}, county().clerk) == code_of(Fault::not_found));
}

TEST_CASE("endpoint:journal.head ok and endpoint:journal.heads ok: signed heads, newest first") {
    const std::string head = county().body("journal.head", {}, county().anyone);
    CHECK(holds(head, "\"signature\""));
    CHECK(holds(county().body("journal.heads", {}, county().anyone), County::id_in(head, "root")));
}

TEST_CASE(
    "endpoint:journal.head refused and endpoint:journal.heads refused: fields that are not documented") {
    CHECK(county().fault("journal.head", {{"size", "1"}}, county().anyone) != "");
    CHECK(county().fault("journal.heads", {{"before", "many"}}, county().anyone) != "");
}

TEST_CASE("endpoint:journal.key ok: as PEM and as a point") {
    CHECK(holds(county().body("journal.key", {}, county().anyone), "BEGIN PUBLIC KEY"));
}

TEST_CASE("endpoint:journal.key refused: fields that are not documented") {
    CHECK(county().fault("journal.key", {{"private", "1"}}, county().anyone) != "");
}

TEST_CASE("endpoint:journal.consistency ok: between two signed sizes") {
    const std::string heads = county().body("journal.heads", {}, county().anyone);
    const std::string newest = County::id_in(heads, "size"), before = County::id_in(heads, "previous_size");
    CHECK(holds(county().body("journal.consistency", {{"old", before}, {"new", newest}}, county().anyone),
                "mingxin.consistency"));
}

TEST_CASE("endpoint:journal.consistency refused: sizes without a head") {
    CHECK(county().fault("journal.consistency", {{"old", "900"}, {"new", "901"}}, county().anyone) != "");
}

TEST_CASE("endpoint:journal.receipt ok: of a batch, without its payload") {
    const std::string batch = County::id_in(county().body("batch.list", {}, county().clerk), "id");
    const std::string receipt = county().body("journal.receipt", {{"event", batch}}, county().anyone);
    CHECK(holds(receipt, "mingxin.receipt"));
    CHECK(holds(receipt, "\"payload\":null"));
}

TEST_CASE("endpoint:journal.receipt refused: events that are neither batch nor report, or are not there") {
    for (const char* event : {"1", "900000"}) {
        CHECK(county().fault("journal.receipt", {{"event", event}}, county().anyone) ==
              code_of(Fault::not_found));
    }
}

TEST_CASE("endpoint:unit.add ok, endpoint:unit.list ok: by who manages units") {
    county().body("unit.add", {{"code", "11410423005590003L"}, {"name", "鲁山县税务局"}}, county().operator_);
    CHECK(holds(county().body("unit.list", {}, county().operator_), "鲁山县税务局"));
}

TEST_CASE("endpoint:unit.add refused, endpoint:unit.list refused: a clerk, a wrong code") {
    CHECK(county().fault("unit.add", {{"code", kUnit}, {"name", "某局"}}, county().clerk) ==
          code_of(Fault::permission_missing));
    CHECK(county().fault("unit.add", {{"code", "11410423005599998L"}, {"name", "某局"}},
                         county().operator_) != "");
    CHECK(county().fault("unit.list", {}, county().anyone) == code_of(Fault::sign_in_required));
}

TEST_CASE(
    "endpoint:account.create ok, endpoint:account.reset_password ok: a first-use password, shown once") {
    const Inputs account = {
        {"name", "wang.wu"}, {"display", "王五"}, {"role", "department_clerk"}, {"unit", kUnit}};
    CHECK(holds(county().body("account.create", account, county().operator_), "password"));
    CHECK(holds(county().body("account.reset_password", {{"name", "wang.wu"}}, county().operator_),
                "password"));
}

TEST_CASE(
    "endpoint:account.create refused, endpoint:account.reset_password refused: a clerk, an unknown role") {
    const Inputs account = {{"name", "zhao.liu"}, {"display", "赵六"}, {"role", "emperor"}, {"unit", kUnit}};
    CHECK(county().fault("account.create", account, county().operator_) == code_of(Fault::role_unknown));
    CHECK(county().fault("account.create",
                         {{"name", "zhao.liu"}, {"display", "赵六"}, {"role", "department_clerk"}},
                         county().operator_) == code_of(Fault::field_missing));
    CHECK(county().fault("account.create", account, county().clerk) == code_of(Fault::permission_missing));
    CHECK(county().fault("account.reset_password", {{"name", "wang.wu"}}, county().clerk) ==
          code_of(Fault::permission_missing));
}

TEST_CASE("endpoint:session.show ok: who is signed in, what they may do") {
    const std::string body = county().body("session.show", {}, county().clerk);
    CHECK(holds(body, "\"signed_in\":true"));
    CHECK(holds(body, "\"account\":\"zhang\""));
    CHECK(holds(body, "\"role_title\":\"部门填报员\""));
    CHECK(holds(body, "鲁山县市场监督管理局"));
    CHECK(holds(body, "[\"collect_submit\",\"collect_view\"]"));
    const std::string nobody = county().body("session.show", {}, county().anyone);
    CHECK(holds(nobody, "\"permissions\":[]"));
}

TEST_CASE("endpoint:session.show refused: fields that are not documented") {
    CHECK(county().fault("session.show", {{"account", "zhang"}}, county().clerk) ==
          code_of(Fault::field_unknown));
}

TEST_CASE("endpoint:account.list ok: accounts with their units, and the roles; no passwords") {
    const Inputs account = {
        {"name", "zheng.wang"}, {"display", "郑望"}, {"role", "department_clerk"}, {"unit", kUnit}};
    const std::string secret =
        County::id_in(county().body("account.create", account, county().operator_), "password");
    const std::string body = county().body("account.list", {}, county().operator_);
    CHECK(holds(body, "\"zheng.wang\""));
    CHECK(holds(body, "\"unit_name\":\"鲁山县市场监督管理局\""));
    CHECK(holds(body, "\"id\":\"auditor\""));
    CHECK_FALSE(holds(body, secret));
    CHECK_FALSE(holds(body, "argon2"));
}

TEST_CASE("endpoint:account.list refused: a clerk, the public") {
    CHECK(county().fault("account.list", {}, county().clerk) == code_of(Fault::permission_missing));
    CHECK(county().fault("account.list", {}, county().anyone) == code_of(Fault::sign_in_required));
}

TEST_CASE("endpoint:item.list ok: items in force, their fields and checks") {
    const std::string body = county().body("item.list", {}, county().anyone);
    CHECK(holds(body, "\"id\":\"penalty\""));
    CHECK(holds(body, "\"code\":\"CF_WSH\""));
    CHECK(holds(body, "\"requirement\":\"mandatory\""));
    CHECK(holds(body, "\"fault\":\"V01\""));
}

TEST_CASE("endpoint:item.list refused: fields that are not documented") {
    CHECK(county().fault("item.list", {{"item", "penalty"}}, county().anyone) ==
          code_of(Fault::field_unknown));
}

TEST_CASE("endpoint:batch.sheet ok: the lines asked for, as they were handed in") {
    const std::string body =
        county().body("batch.sheet", {{"id", county().batch}, {"lines", "3,900"}}, county().clerk);
    CHECK(holds(body, "{\"header\":\"CF_WSH\",\"field\":\"CF_WSH\"}"));
    CHECK(holds(body, "\"line\":3"));
    CHECK(holds(body, "\"《办法》\""));
    CHECK_FALSE(holds(body, "\"line\":2"));
    CHECK_FALSE(holds(body, "处理结果"));  // what the reply added is no part of the file
}

TEST_CASE("endpoint:batch.sheet refused: another unit, the public, lines that are none") {
    const Inputs asked = {{"id", county().batch}, {"lines", "3"}};
    CHECK(county().fault("batch.sheet", asked, county().stranger) == code_of(Fault::not_found));
    CHECK(county().fault("batch.sheet", asked, county().anyone) == code_of(Fault::sign_in_required));
    for (const char* lines : {"x", "3,2", "0", "3;4", ",3", "3,,4"}) {
        CHECK(county().fault("batch.sheet", {{"id", county().batch}, {"lines", lines}}, county().clerk) ==
              code_of(Fault::bad_argument));
    }
}

TEST_CASE("endpoint:doubtful.list ok: rows that wait, of the own unit only, without what is not public") {
    // The code is of the firm, the name of nobody.
    std::string file = County::penalty_file();
    file = file.substr(0, file.find('\n', file.find('\n') + 1) + 1);
    const std::string name = "鲁山县澜禾商贸有限公司";
    file.replace(file.find(name), name.size(), "鲁山县另一家商贸有限公司");
    const std::string batch = county().take("penalty", file);
    const std::string body = county().body("doubtful.list", {}, county().clerk);
    CHECK(holds(body, "\"batch\":" + batch));
    CHECK(holds(body, "鲁山县另一家商贸有限公司"));
    CHECK(holds(body, "\"fault\":\"V15"));
    CHECK_FALSE(holds(body, "张三"));
    CHECK_FALSE(holds(county().body("doubtful.list", {}, county().stranger), "另一家"));
    const std::string before = County::id_in(body, "position");
    CHECK_FALSE(
        holds(county().body("doubtful.list", {{"before", before}}, county().clerk), "\"batch\":" + batch));
}

TEST_CASE("endpoint:doubtful.list refused: the public, a limit out of range") {
    CHECK(county().fault("doubtful.list", {}, county().anyone) == code_of(Fault::sign_in_required));
    CHECK(county().fault("doubtful.list", {{"limit", "201"}}, county().clerk) ==
          code_of(Fault::bad_argument));
}

TEST_CASE("endpoint:figures.show ok: what is held") {
    const std::string body = county().body("figures.show", {}, county().anyone);
    CHECK(holds(body, "\"enterprises\":1,"));
    CHECK(std::stoi(County::id_in(body, "records")) >= 2);
}

TEST_CASE("endpoint:figures.show refused: fields that are not documented") {
    CHECK(county().fault("figures.show", {{"item", "penalty"}}, county().anyone) ==
          code_of(Fault::field_unknown));
}

TEST_CASE("endpoint:system.show ok: for the operator") {
    const api::Principal operating =
        County::with({api::Permission::platform_operate}, "platform_operator:o", "");
    const std::string body = county().body("system.show", {}, operating);
    CHECK(holds(body, "\"division\":\"410423\""));
    CHECK(holds(body, "\"engine\":\"sqlite\""));
    CHECK(std::stoll(County::id_in(body, "data_bytes")) > 0);
    CHECK(std::stoll(County::id_in(body, "memory_bytes")) > 0);
    CHECK(holds(body, "\"metrics\":\"of the gate\""));
}

TEST_CASE("endpoint:system.show refused: a clerk, the public") {
    CHECK(county().fault("system.show", {}, county().clerk) == code_of(Fault::permission_missing));
    CHECK(county().fault("system.show", {}, county().anyone) == code_of(Fault::sign_in_required));
}
