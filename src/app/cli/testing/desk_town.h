// For tests: a county behind a gate, on the engine that is asked for: two units with a clerk each, the credit
// office, an account of no unit; batches with rows of every outcome.
#pragma once
#include <doctest/doctest.h>

#include <thread>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/endpoints.h"
#include "gate/gate.h"
#include "gate/writer.h"
#include "store/test_engines.h"

namespace mingxin::cli::test {

inline const std::string kMarket = "11410423005599999L", kTax = "11410423005590003L";
inline const std::string kFirm = "91410423MAX0001705";

template <class T>
T must(Result<T> result) {
    if (!result.ok()) FAIL(result.error().message_zh() << " " << result.error().log_text);
    return std::move(*result);
}
inline void must(Result<void> result) {
    if (!result.ok()) FAIL(result.error().message_zh() << " " << result.error().log_text);
}
inline bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}
/// The value of the first member of this name; empty: there is none.
inline std::string value_in(const std::string& json, const std::string& key) {
    std::size_t at = json.find("\"" + key + "\":");
    if (at == std::string::npos) return {};
    at += key.size() + 3;
    if (json[at] == '"') return json.substr(at + 1, json.find('"', at + 1) - at - 1);
    return json.substr(at, json.find_first_of(",}", at) - at);
}
inline int count_in(const std::string& text, const std::string& part) {
    int count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
}

using Inputs = std::vector<std::pair<std::string, std::string>>;

class DeskTown {
  public:
    /// url: as for_each_engine_url gives it.
    DeskTown(const std::string& url, const std::string& engine) {
        platform =
            must(Platform::create(folder.path() / "data",
                                  {"410423", "信用鲁山", engine == "sqlite" ? engine : url}, ".", now_utc()));
        writer = std::make_unique<gate::Writer>(platform->database(), [this](store::Tx& tx) {
            return journal::seal(tx, platform->key(), platform->origin(), now_utc());
        });
        must(writer->run([](store::Tx& tx) -> Result<void> {
            TRY(access::add_unit(tx, kMarket, "鲁山县市场监督管理局", {"operator", now_utc(), ""}));
            TRY(access::add_unit(tx, kTax, "鲁山县税务局", {"operator", now_utc(), ""}));
            return {};
        }));
        desk = std::make_unique<collect::Desk>(platform->desk());
        jobs = std::make_unique<collect::Jobs>(*desk, folder.path() / "jobs", collect::JobHooks{now_utc, {}});
        tasks = std::make_unique<tasks::Tasks>(folder.path() / "tasks", now_utc);
        gate::Options options;
        options.secret = Bytes(32, 7);
        options.roles = access::roles_in_force(*platform->rules(), now_utc().date());
        parts.rules = platform->rules();
        parts.tenant = platform->tenant();
        parts.key = &platform->key().public_key();
        parts.report_desk =
            std::make_shared<const report::Desk>(report_desk(*platform, "http://127.0.0.1:1"));
        parts.jobs = jobs.get();
        parts.roles = options.roles;
        parts.write = [this](const std::function<Result<void>(store::Tx&)>& work) {
            return writer->run(work);
        };
        add_tasks(parts, *platform, *tasks);
        parts.edition_desk = std::make_shared<const oversight::EditionDesk>(
            oversight::EditionDesk{parts.write, parts.rules, [this] { ++activated; }});
        gate = std::make_unique<gate::Gate>(platform->database(), *writer, endpoints(parts), options);
        market = of_role(options.roles, "department_clerk", "zhang", kMarket);
        tax = of_role(options.roles, "department_clerk", "li", kTax);
        office = of_role(options.roles, "credit_office_clerk", "wang", "");
        homeless = of_role(options.roles, "department_clerk", "zhao", "");
        keeper = of_role(options.roles, "platform_operator", "sun", "");
        auditor = of_role(options.roles, "auditor", "zhou", "");
    }
    ~DeskTown() {
        gate->stop();
        writer->stop();
        tasks.reset();
    }

    static api::Principal of_role(const std::vector<access::Role>& roles, const std::string& role,
                                  const std::string& name, const std::string& unit) {
        api::Principal principal;
        principal.name = role + ":" + name;
        principal.unit_code = unit;
        principal.session_id = "test";
        for (const access::Role& one : roles) {
            if (one.id != role) continue;
            for (api::Permission permission : one.permissions) {
                principal.permissions[static_cast<int>(permission)] = true;
            }
        }
        return principal;
    }

    /// Hands a file in and waits for its batch; returns its id.
    std::string take(const api::Principal& who, const std::string& item, const std::string& text,
                     const std::string& name = "in.csv") {
        const std::filesystem::path file = folder.path() / name;
        must(write_file(file, text));
        const std::string job =
            value_in(body("batch.submit", {{"item", item}, {"file", file.string()}}, who), "job");
        for (int i = 0; i < 1200; ++i) {
            const std::string state = body("job.show", {{"id", job}}, who);
            if (has(state, "\"done\"")) return value_in(state, "batch");
            REQUIRE_MESSAGE(!has(state, "\"failed\""), state);
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
        FAIL("the job does not end");
        return {};
    }
    std::string registration(const api::Principal& who, const std::string& industry = "") {
        return take(who, "registration",
                    "主体名称,统一社会信用代码,登记状态,行业代码\n鲁山县澜禾商贸有限公司," + kFirm +
                        ",存续," + industry + "\n");
    }
    /// rows: document numbers; an empty one is a row that is refused. doubtful: without a code.
    std::string penalties(const api::Principal& who, const std::vector<std::string>& numbers,
                          bool doubtful = false, const std::string& file_name = "in.csv") {
        const std::string day = now_utc().date().plus_days(-40).to_string();
        std::string text =
            "CF_XDR_MC,CF_XDR_LB,CF_XDR_SHXYM,CF_FRDB,CF_WSH,CF_WFXW,CF_SY,CF_YJ,CF_CFLB,CF_NR,CF_NR_FK,CF_"
            "JDRQ,"
            "CF_YXQ,CF_CFJG,CF_CFJGDM\n";
        for (const std::string& number : numbers) {
            text += firm + ",法人及非法人组织," + (doubtful ? std::string() : kFirm) + ",张三," + number +
                    ",无证经营,未取得许可从事经营活动,《无证无照经营查处办法》第十三条,罚款,"
                    "罚款人民币壹万元整,1.000000," +
                    day + ",2099/12/31,鲁山县市场监督管理局," + kMarket + "\n";
        }
        return take(who, "penalty", text, file_name);
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
    /// Waits until a task of this caller has ended.
    std::string ended(const std::string& task, const api::Principal& who) {
        for (int i = 0; i < 1200; ++i) {
            std::string state = body("task.get", {{"id", task}}, who);
            if (value_in(state, "stage") == "ended") return state;
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
        FAIL("the task does not end");
        return {};
    }
    /// The text of the file that an export makes.
    std::string exported(std::string_view id, Inputs inputs, const api::Principal& who) {
        inputs.emplace_back("format", "csv");
        const std::string task = value_in(body(id, inputs, who), "task");
        const std::string state = ended(task, who);
        REQUIRE_MESSAGE(value_in(state, "state") == "done", state);
        return must(read_file(must(run("task.file", {{"id", task}}, who)).file));
    }

    std::string firm = "鲁山县澜禾商贸有限公司";  // against whom the penalties are
    TemporaryFolder folder;
    std::unique_ptr<Platform> platform;
    std::unique_ptr<gate::Writer> writer;
    std::unique_ptr<collect::Desk> desk;
    std::unique_ptr<collect::Jobs> jobs;
    std::unique_ptr<tasks::Tasks> tasks;
    Parts parts;
    std::unique_ptr<gate::Gate> gate;
    const api::Principal anyone;
    int activated = 0;  // how often an edition was put into force
    api::Principal market, tax, office, homeless, keeper, auditor;
};

inline std::string code_of(Fault fault) {
    return std::string(fault_text(fault).code);
}

}  // namespace mingxin::cli::test
