// Verification from the console, the figures of the office's day and of the big screen, plans of the lists'
// statements.
#include "oversight/desk_figures.h"
#include "cli/testing/desk_town.h"
#include "listing/keyset.h"

using namespace mingxin;
using namespace mingxin::cli;
using namespace mingxin::cli::test;

namespace {

void for_each_town(const std::function<void(DeskTown&)>& scenario) {
    store::for_each_engine_url([&](const std::string& url, const std::string& name) {
        DeskTown town(url, name);
        scenario(town);
    });
}

/// Figures may be some seconds behind on a busy machine.
std::string eventually(DeskTown& town, std::string_view id, const api::Principal& who,
                       const std::string& part) {
    std::string body;
    for (int i = 0; i < 600; ++i) {
        const Result<api::Reply> reply = town.run(id, {}, who);
        if (reply.ok()) body = reply->body;
        if (has(body, part)) return body;
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    FAIL(part << " is not in " << body);
    return {};
}

constexpr oversight::Stage kStages[] = {oversight::Stage::database, oversight::Stage::journal,
                                        oversight::Stage::heads,    oversight::Stage::sealed,
                                        oversight::Stage::replay,   oversight::Stage::comparing};

}  // namespace

TEST_CASE(
    "endpoint:verify.start ok, endpoint:verify.last ok: a task; the verdict is kept for all who may verify") {
    for_each_town([](DeskTown& town) {
        town.penalties(town.market, {"鲁市监罚〔2026〕1号", ""});
        CHECK(value_in(town.body("verify.last", {}, town.office), "known") == "false");
        const std::string task = value_in(town.body("verify.start", {}, town.auditor), "task");
        const std::string state = town.ended(task, town.auditor);
        CHECK_MESSAGE(value_in(state, "state") == "done", state);
        const std::string last = town.body("verify.last", {}, town.office);
        CHECK(value_in(last, "known") == "true");
        CHECK_MESSAGE(value_in(last, "clean") == "true", last);
        CHECK(value_in(last, "by") == "auditor:zhou");
        CHECK(value_in(last, "busy") == "false");
        CHECK(std::stoll(value_in(last, "rows_compared")) > 3);
        CHECK(std::stoll(value_in(last, "event")) > std::stoll(value_in(last, "size")));
        // Rows added behind the platform's back are found and named.
        {
            auto tx = must(town.platform->database().write());
            must(tx.execute(
                {"test.tamper", "insert into unit (code, name, added_us) values ('X', '外来', 1)"}));
            must(tx.commit());
        }
        town.ended(value_in(town.body("verify.start", {}, town.office), "task"), town.office);
        const std::string damaged = town.body("verify.last", {}, town.auditor);
        CHECK(value_in(damaged, "clean") == "false");
        CHECK(value_in(damaged, "damage_count") == "1");
        CHECK(has(damaged, "table unit (X)"));
        CHECK(value_in(damaged, "by") == "credit_office_clerk:wang");
    });
}

TEST_CASE("endpoint:verify.start refused, endpoint:verify.last refused: who may not verify; one at a time") {
    for_each_town([](DeskTown& town) {
        CHECK(town.fault("verify.start", {}, town.market) == code_of(Fault::permission_missing));
        CHECK(town.fault("verify.last", {}, town.anyone) == code_of(Fault::sign_in_required));
        // Two tasks that wait keep both threads, so that the verification has to wait too.
        std::atomic<bool> go{false};
        for (int i = 0; i < 2; ++i) {
            must(town.tasks->start(
                {"test.wait", "nobody", api::Permission::anyone, "", [&go](tasks::Run& run) -> Result<void> {
                     while (!go && !run.cancelled()) std::this_thread::yield();
                     return {};
                 }}));
        }
        const std::string task = value_in(town.body("verify.start", {}, town.auditor), "task");
        CHECK(town.fault("verify.start", {}, town.office) == code_of(Fault::verify_running));
        CHECK(value_in(town.body("verify.last", {}, town.auditor), "running") == task);
        CHECK(value_in(town.body("verify.last", {}, town.office), "busy") == "true");
        CHECK(value_in(town.body("verify.last", {}, town.office), "running") == "");
        CHECK(value_in(town.body("task.cancel", {{"id", task}}, town.auditor), "state") == "cancelled");
        go = true;
        town.ended(value_in(town.body("verify.start", {}, town.office), "task"), town.office);
    });
}

TEST_CASE("verification stops at each stage that it is told to stop at, and changes nothing") {
    for_each_town([](DeskTown& town) {
        town.penalties(town.market, {"鲁市监罚〔2026〕1号"});
        must(town.platform->publish_head());
        for (const oversight::Stage wanted : kStages) {
            bool reached = false;
            const auto stopped =
                oversight::verify(town.platform->grounds(), [&](oversight::Stage stage, auto, auto) {
                    reached = reached || stage == wanted;
                    return stage != wanted;
                });
            CAPTURE(oversight::stage_zh(wanted));
            CHECK(reached);
            REQUIRE_FALSE(stopped.ok());
            CHECK(stopped.error().fault == Fault::task_stopped);
        }
        CHECK(must(oversight::verify(town.platform->grounds())).clean());
    });
}

TEST_CASE("a head that is published while verification runs is no roll-back") {
    for_each_town([](DeskTown& town) {
        town.penalties(town.market, {"鲁市监罚〔2026〕1号"});
        must(town.platform->publish_head());
        for (const oversight::Stage when : {oversight::Stage::journal, oversight::Stage::heads}) {
            bool written = false;
            const auto verdict =
                must(oversight::verify(town.platform->grounds(), [&](oversight::Stage stage, auto, auto) {
                    if (stage == when && !std::exchange(written, true)) {
                        must(town.platform->write(now_utc(), [](store::Tx& tx) -> Result<void> {
                            TRY(journal::append(tx, {"test.event", "operator", "{}", ""}, now_utc()));
                            return {};
                        }));
                    }
                    return true;
                }));
            CHECK(written);
            CHECK_MESSAGE(verdict.clean(), (verdict.clean() ? "" : verdict.damages.front().what_zh));
        }
    });
}

TEST_CASE("endpoint:desk.show ok: the day, what waits, the units, what ends soon; each in its scope") {
    for_each_town([](DeskTown& town) {
        town.registration(town.market);
        town.penalties(town.market, {"鲁市监罚〔2026〕1号", ""});
        town.penalties(town.market, {""});
        town.penalties(town.tax, {"鲁税罚〔2026〕1号"}, true);
        const std::string all =
            eventually(town, "desk.show", town.office, "\"today\":{\"batches\":4,\"rows\":5");
        CHECK(has(all, "\"refused_files\":1"));
        CHECK(has(all, "\"all_units\":true"));
        CHECK(has(all, "\"waiting\":{\"rows\":1,\"oldest\":"));
        CHECK(has(all, "\"fault\":\"V01\""));
        CHECK(has(all, "\"name\":\"鲁山县税务局\",\"batches\":1,\"rows\":1"));
        CHECK(count_in(all, "\"day\":\"") == 31);
        const std::string own =
            eventually(town, "desk.show", town.tax, "\"today\":{\"batches\":1,\"rows\":1");
        CHECK_FALSE(has(own, "市场监督"));
        CHECK(has(own, "\"all_units\":false"));
        const std::string none = eventually(town, "desk.show", town.homeless, "\"today\":{\"batches\":0");
        CHECK(has(none, "\"units\":[]"));
        CHECK(has(none, "\"waiting\":{\"rows\":0"));
    });
}

TEST_CASE("desk.show: records whose publicity ends soon are named, while they are shown") {
    for_each_town([](DeskTown& town) {
        const auto reading_day = now_utc();
        town.registration(town.market);
        town.penalties(town.market, {"鲁市监罚〔2026〕1号"});
        // Eleven months on, the term of one year nears its end.
        const Instant later{reading_day.us + std::int64_t{310} * 86'400 * 1'000'000};
        const auto figures = must(oversight::count_desk_figures(
            town.platform->database(), *town.platform->rules(), town.platform->tenant(), later));
        REQUIRE(figures.units.at(kMarket).ending.size() == 1);
        CHECK(figures.units.at(kMarket).ending_count == 1);
        const Instant now = now_utc();
        CHECK(must(oversight::count_desk_figures(town.platform->database(), *town.platform->rules(),
                                                 town.platform->tenant(), now))
                  .units.at(kMarket)
                  .ending.empty());
    });
}

TEST_CASE("endpoint:desk.show refused, endpoint:screen.show refused: the public, an operator") {
    for_each_town([](DeskTown& town) {
        for (const char* id : {"desk.show", "screen.show"}) {
            CHECK(town.fault(id, {}, town.anyone) == code_of(Fault::sign_in_required));
            CHECK(town.fault(id, {}, town.keeper) == code_of(Fault::permission_missing));
        }
    });
}

TEST_CASE("endpoint:screen.show ok: subjects, records by item, month, unit and industry, the newest") {
    for_each_town([](DeskTown& town) {
        town.registration(town.market, "C1311");
        town.penalties(town.market, {"鲁市监罚〔2026〕1号", "鲁市监罚〔2026〕2号"});
        const std::string body = eventually(town, "screen.show", town.tax, "\"item\":\"penalty\",\"title\"");
        CHECK(has(body, "\"enterprises\":1"));
        CHECK(has(body, "\"today\":{\"permits\":0,\"penalties\":2,\"records\":3}"));
        CHECK(has(body, "{\"section\":\"C\",\"title\":\"制造业\",\"subjects\":1}"));
        CHECK(has(body, "\"name\":\"鲁山县市场监督管理局\",\"records\":3"));
        CHECK(count_in(body, "\"month\":") == 24);
        CHECK(has(body, "\"subject_name\":\"鲁山县澜禾商贸有限公司\""));
        CHECK_FALSE(has(body, "张三"));
    });
}

TEST_CASE("the statements of the lists find their rows by key: no whole table, no sorting") {
    store::for_each_engine_url([](const std::string& url, const std::string& name) {
        if (name != "sqlite") return;
        DeskTown town(url, name);
        town.registration(town.market);
        const std::string batch = town.penalties(town.market, {"鲁市监罚〔2026〕1号", ""});
        const std::vector<Inputs> every = {
            {},
            {{"unit", kMarket}},
            {{"item", "penalty"}},
            {{"unit", kMarket}, {"item", "penalty"}},
            {{"from", "2026-01-01"}, {"to", "2099-01-01"}},
        };
        for (const char* list : {"batch.list", "doubtful.list", "record.list"}) {
            for (const Inputs& filters : every) {
                for (const char* order : {"newest", "oldest"}) {
                    Inputs inputs = filters;
                    inputs.emplace_back("order", order);
                    town.body(list, inputs, town.office);
                }
            }
        }
        for (const Inputs& more : {Inputs{{"q", "罚款"}}, Inputs{{"outcome", "rejected"}}})
            town.body("batch.list", more, town.office);
        for (const Inputs& more : {Inputs{{"fault", "V01"}}, Inputs{{"q", kFirm}}, Inputs{{"batch", batch}}})
            town.body("doubtful.list", more, town.office);
        for (const Inputs& more : {Inputs{{"q", "澜禾"}}, Inputs{{"q", kFirm}, {"unit", kMarket}}})
            town.body("record.list", more, town.office);
        for (const Inputs& more : {Inputs{}, Inputs{{"fault", "V01"}}, Inputs{{"outcome", "rejected"}}}) {
            Inputs inputs = more;
            inputs.emplace_back("id", batch);
            town.body("batch.findings", inputs, town.office);
        }
        for (const Inputs& more :
             {Inputs{}, Inputs{{"base", "enterprise"}}, Inputs{{"state", "存续"}}, Inputs{{"q", "澜禾"}}})
            town.body("subject.list", more, town.office);
        for (const Inputs& more : {Inputs{}, Inputs{{"q", kFirm}}})
            town.body("report.list", more, town.office);
        for (const Inputs& more : {Inputs{}, Inputs{{"kind", "unit.added"}}, Inputs{{"who", "operator"}}})
            town.body("event.list", more, town.auditor);
        auto tx = must(town.platform->database().read());
        int seen = 0;
        for (const store::Sql& sql : listing::statements()) {
            const std::string_view statement = sql.name;
            if (statement.starts_with("unit.") || statement.starts_with("account."))
                continue;  // small tables
            const std::string plan = store::plan_of(tx, sql);
            CAPTURE(sql.name);
            CAPTURE(plan);
            CHECK_FALSE(has(plan, "SCAN"));
            if (!has(sql.name, ".keys")) CHECK_FALSE(has(plan, "TEMP B-TREE"));  // a hundred at most
            ++seen;
        }
        CHECK(seen >= 40);
    });
}
