// A platform that lives through some years of an invented town: batches with all that files hold, failures in
// the middle, stops, backups, readings. After each step the model (model.h) says what must be true. The seed
// is told; MINGXIN_SIM_SEED runs one seed again, MINGXIN_SIM_ROUNDS and MINGXIN_SIM_STEPS make it longer.
#include <cstdlib>
#include <random>

#include "report/report.h"
#include "sim/model.h"
#include "store/fault_injection.h"
#include "support/world.h"

using namespace mingxin;
using namespace mingxin::tests;
using namespace mingxin::tests::sim;

namespace {

constexpr int kCompanies = 10;

Day sys(Date date) {
    return Day(std::chrono::days(date.days));
}

class Simulation {
  public:
    Simulation(World& world, std::uint64_t seed) : world_(world), dice_(seed) {}

    void run(int steps) {
        for (int step = 1; step <= steps; ++step) {
            INFO("step " << step << " on " << world_.now.date().to_string());
            one_step();
            check_counts();
            if (step % 15 == 0) check_proofs();
        }
        check_proofs();
        check_backup();
    }

  private:
    struct Sent {
        Row row;
        Fact fact;
        std::string name;
        bool renames = false;
    };
    struct Printed {
        std::string number;
        std::set<std::string> ids;
    };

    std::int64_t roll(std::int64_t below) {
        return static_cast<std::int64_t>(dice_() % static_cast<std::uint64_t>(below));
    }
    bool chance(int percent) { return roll(100) < percent; }

    void one_step() {
        const std::int64_t what = roll(100);
        if (what < 45) {
            send(batch());
        } else if (what < 52) {
            send({renaming()});
        } else if (what < 60) {
            fail_on_the_way();
        } else if (what < 65) {
            world_.restart();
        } else if (what < 85) {
            read();
        } else if (what < 90) {
            report();
        } else {
            world_.now.us += roll(60) * 86'400'000'000 + roll(80'000) * 1'000'000;
        }
    }

    std::string code(std::int64_t n) const {
        return quality::test::code_of(static_cast<int>(n) + 1, n % 4 == 3 ? "92" : "91");
    }
    std::string name(std::int64_t n) const {
        const auto known = model_.companies().find(code(n));
        return known != model_.companies().end() ? known->second.name
                                                 : quality::test::firm_name(static_cast<int>(n) + 1);
    }
    Date some_day() { return world_.now.date().plus_days(-static_cast<int>(roll(500))); }

    std::vector<Sent> batch() {
        const std::int64_t item = roll(10);
        std::vector<Sent> rows;
        for (std::int64_t n = 1 + roll(8); n > 0; --n) {
            rows.push_back(item < 2   ? registration(roll(kCompanies))
                           : item < 6 ? permit(roll(kCompanies))
                                      : penalty(roll(kCompanies)));
        }
        return rows;
    }

    Sent registration(std::int64_t n) {
        Sent sent{quality::test::registration(static_cast<int>(n) + 1), {}, name(n)};
        const std::string address = "河南省平顶山市鲁山县第" + std::to_string(roll(3)) + "街";
        sent.row["USCC"] = code(n);
        sent.row["ADDRESS"] = address;
        sent.fact.item = "registration";
        sent.fact.document = "USCC";
        sent.fact.decided = sys(day("2015-03-02"));
        spoil(sent, n, "ENT_NAME", "", "USCC");
        sent.fact.content = sent.name + "|" + address;
        return sent;
    }

    Sent renaming() {
        if (model_.companies().empty()) return registration(0);
        auto any = model_.companies().begin();
        std::advance(any, roll(static_cast<std::int64_t>(model_.companies().size())));
        Sent sent{
            quality::test::registration(1), {}, quality::test::firm_name(100 + static_cast<int>(roll(200)))};
        sent.renames = true;
        sent.row["ENT_NAME"] = sent.name;
        sent.row["USCC"] = any->first;
        sent.row["FORMER_NAME"] = any->second.name;
        sent.fact.item = "registration";
        sent.fact.code = any->first;
        sent.fact.document = "USCC";
        sent.fact.decided = sys(day("2015-03-02"));
        sent.fact.content = sent.name + "|" + any->second.name;
        return sent;
    }

    Sent permit(std::int64_t n) {
        Sent sent{quality::test::permit(static_cast<int>(n) + 1), {}, name(n)};
        const Date decided = some_day(), until = world_.now.date().plus_days(static_cast<int>(roll(900)));
        const std::string number = chance(30) ? "" : "JY" + std::to_string(roll(2));
        const bool for_ever = chance(20);
        sent.fact.item = "permit";
        sent.fact.document = "许" + std::to_string(roll(4));
        sent.fact.permit_number = number;
        sent.fact.decided = sys(decided);
        if (!for_ever) sent.fact.valid_to = sys(until);
        sent.row["XK_XDR_LB"] = n % 4 == 3 ? "个体工商户" : "法人及非法人组织";
        sent.row["XK_XDR_SHXYM"] = code(n);
        sent.row["XK_WSH"] = sent.fact.document;
        sent.row["XK_XKBH"] = number;
        sent.row["XK_JDRQ"] = sent.row["XK_YXQZ"] = decided.to_string();
        sent.row["XK_YXQZI"] = for_ever ? (chance(50) ? "长期" : "2099-12-31") : until.to_string();
        spoil(sent, n, "XK_XDR_MC", "XK_WSH", "XK_XDR_SHXYM");
        sent.fact.content =
            sent.name + "|" + number + "|" + decided.to_string() + "|" + (for_ever ? "" : until.to_string());
        return sent;
    }

    Sent penalty(std::int64_t n) {
        Sent sent{quality::test::penalty(static_cast<int>(n) + 1), {}, name(n)};
        const Date decided = some_day();
        sent.fact.item = "penalty";
        sent.fact.document = "罚" + std::to_string(roll(5));
        sent.fact.decided = sys(decided);
        sent.fact.kind = static_cast<Kind>(1 + roll(4));
        std::string stated;
        if (chance(40)) {
            const Date end = decided.plus_days(static_cast<int>(roll(1500)));
            sent.fact.stated_end = sys(end);
            stated = end.to_string();
        }
        const char* const kinds[] = {"", "警告", "罚款", "罚款", "罚款、吊销许可证件"};
        const char* const fines[] = {"", "", "0.1", "1", "1"};
        const int kind = static_cast<int>(sent.fact.kind);
        sent.row["CF_XDR_LB"] = n % 4 == 3 ? "个体工商户" : "法人及非法人组织";
        sent.row["CF_XDR_SHXYM"] = code(n);
        sent.row["CF_WSH"] = sent.fact.document;
        sent.row["CF_CFLB"] = kinds[kind];
        sent.row["CF_NR"] = "处以" + std::string(kinds[kind]);
        sent.row["CF_NR_FK"] = fines[kind];
        sent.row["CF_NR_ZKDX"] = sent.fact.kind == Kind::revocation ? "食品经营许可证JY14104230000001" : "";
        sent.row["CF_JDRQ"] = decided.to_string();
        sent.row["CF_GSJZQ"] = stated;
        spoil(sent, n, "CF_XDR_MC", "CF_WSH", "CF_XDR_SHXYM");
        sent.fact.content = sent.name + "|" + std::to_string(kind) + "|" + decided.to_string() + "|" + stated;
        return sent;
    }

    /// Whose it is said to be: mostly rightly; else under a former or a wrong name, without a code, without
    /// the document's number.
    void spoil(Sent& sent, std::int64_t n, const char* name_field, const char* document_field,
               const char* code_field) {
        sent.fact.code = code(n);
        const std::int64_t what = roll(20);
        const auto known = model_.companies().find(sent.fact.code);
        if (what == 0) {
            sent.name = "鲁山县别家" + std::to_string(roll(3)) + "号有限公司";
        } else if (what == 1 && *document_field) {
            sent.row[code_field] = "";
            sent.fact.code.clear();
        } else if (what == 2 && *document_field) {
            sent.row[document_field] = "";
            sent.row["XK_XKBH"] = "";  // it would stand in
            sent.fact.document.clear();
        } else if (what == 3 && *document_field && known != model_.companies().end() &&
                   !known->second.former.empty()) {
            sent.name = *known->second.former.begin();
        }
        sent.row[name_field] = sent.name;
    }

    void send(const std::vector<Sent>& rows) {
        const std::string item = rows.front().fact.item;
        std::vector<Row> cells;
        for (const Sent& sent : rows) cells.push_back(sent.row);
        const collect::Outcome outcome = world_.take(item, cells);
        CAPTURE(collect::test::counts(outcome));
        std::vector<Became> expected;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const std::string id = std::to_string(outcome.batch.id) + "-" + std::to_string(i + 1);
            const Sent& sent = rows[i];
            expected.push_back(sent.renames ? model_.rename(sent.fact, sent.name, id, world_.now.us)
                                            : model_.take(sent.fact, sent.name, id, world_.now.us));
        }
        auto tx = world_.read();
        const auto event = must(journal::find_event(tx, outcome.batch.id));
        REQUIRE(event.has_value());
        REQUIRE(event->row_count == static_cast<std::int64_t>(rows.size()));
        must(journal::for_each_row(tx, *event, [&](const journal::Row& row) -> Result<void> {
            const Sent& sent = rows[static_cast<std::size_t>(row.row - 1)];
            INFO("row " << row.row << " of batch " << outcome.batch.id << ", " << sent.fact.code << " "
                        << sent.fact.document << " " << sent.fact.content);
            CHECK(row.outcome == static_cast<int>(expected[static_cast<std::size_t>(row.row - 1)]) + 1);
            return {};
        }));
    }

    /// Nothing of a batch that does not end is stored.
    void fail_on_the_way() {
        const std::vector<Sent> rows = batch();
        const std::string item = rows.front().fact.item;
        std::vector<Row> cells;
        for (const Sent& sent : rows) cells.push_back(sent.row);
        std::string text = collect::test::csv(item, cells);
        const std::string before = world_.dump();
        const std::int64_t how = roll(3);
        if (how == 0) text += "\"an open quote";
        collect::Order order = world_.order(item, text);
        const std::atomic<bool> cancelled{true};
        if (how == 1) order.cancel = &cancelled;
        // Some statement among those that a batch needs; the batch may be over before.
        if (how == 2) store::inject_failure(1 + roll(60));
        auto outcome = collect::collect(world_.platform().desk(), order);
        store::inject_failure(0);
        if (outcome.ok()) {
            CHECK(how == 2);
            for (std::size_t i = 0; i < rows.size(); ++i) {
                model_.take(rows[i].fact, rows[i].name,
                            std::to_string(outcome->batch.id) + "-" + std::to_string(i + 1), world_.now.us);
            }
            must(world_.platform().publish_head());
            return;
        }
        CHECK_FALSE(outcome.error().message_zh().empty());
        CHECK(world_.dump() == before);
    }

    void read() {
        const std::string whose = code(roll(kCompanies));
        if (!model_.companies().contains(whose)) {
            CHECK_FALSE(world_.call("subject.show", {{"code", whose}}).ok());
            return;
        }
        INFO("reading " << whose);
        const std::set<std::string> shown = model_.shown(whose, sys(world_.now.date()), INT64_MAX - 1);
        CHECK(world_.shown(whose) == shown);
        // One address of any record, shown or not.
        const Fact& any =
            model_.facts()[static_cast<std::size_t>(roll(static_cast<std::int64_t>(model_.facts().size())))];
        CHECK(world_.is_shown(any.id) == (any.ended_us == 0 && Model::in_term(any, sys(world_.now.date()))));
        read_the_past(whose, shown);
    }

    void read_the_past(const std::string& whose, const std::set<std::string>& shown_now) {
        const Date past = world_.now.date().plus_days(-static_cast<int>(roll(700)));
        const Instant end_of_day{(std::int64_t{past.days + 1} * 86400 - 8 * 3600) * 1'000'000 - 1};
        // An official with purpose and basis sees what stood on that day, whatever came later.
        const api::Principal clerk = official();
        const record::Reading reading{
            .viewer = &clerk, .purpose = "核实", .basis = "测试依据", .today = past, .known_at = end_of_day};
        std::set<std::string> got;
        {
            auto tx = world_.read();
            for (const auto& shown :
                 must(record::disclose(tx, world_.rules(), world_.platform().tenant(), whose, "", reading)))
                got.insert(shown.id);
        }
        CHECK(got == model_.shown(whose, sys(past), end_of_day.us));
        // The public gets no more by asking for a past day than it gets today.
        const std::string body =
            world_.body("subject.show", {{"code", whose}, {"known_at", past.to_string()}});
        for (const Fact& fact : model_.facts()) {
            if (fact.code != whose) continue;
            const bool told = body.find("\"id\":\"" + fact.id + "\"") != std::string::npos;
            CHECK_MESSAGE(told == (shown_now.contains(fact.id) && fact.received_us <= end_of_day.us),
                          fact.id);
        }
    }

    void report() {
        const std::string whose = code(roll(kCompanies));
        if (!model_.companies().contains(whose)) return;
        const std::set<std::string> ids = world_.printed(whose);
        CHECK(ids == model_.shown(whose, sys(world_.now.date()), INT64_MAX - 1));
        auto tx = world_.read();
        const std::string payload = must(journal::events(tx, INT64_MAX, 1)).front().payload;
        const std::size_t at = payload.find("\"number\":\"") + 10;
        printed_.push_back({payload.substr(at, payload.find('"', at) - at), ids});
        for (const Printed& one : printed_) {
            const auto verified =
                must(report::verify(tx, world_.rules(), world_.platform().tenant(), one.number));
            REQUIRE(verified.has_value());
            std::int64_t changed = 0;
            for (const std::string& id : one.ids) changed += model_.fact(id).ended_us != 0;
            CHECK(verified->records == static_cast<std::int64_t>(one.ids.size()));
            CHECK(verified->changed_since == changed);
        }
    }

    void check_counts() {
        const auto count = [this](const char* statement) { return world_.count(statement); };
        CHECK(count("select count(*) from record") == model_.became[0] + model_.became[1]);
        CHECK(count("select count(*) from record where ended_us = 0") == model_.became[0]);
        CHECK(count("select count(*) from doubtful") == model_.became[3]);
        std::int64_t rows = 0;
        for (std::int64_t n : model_.became) rows += n;
        // The files of the rulebook are rows too, of the event that put it into force.
        CHECK(count("select count(*) from event_row") ==
              rows + static_cast<std::int64_t>(world_.rules().files().size()));
        CHECK(count("select count(*) from subject") == static_cast<std::int64_t>(model_.companies().size()));
    }

    void check_proofs() {
        CHECK(world_.verify() == "");
        CHECK(world_.rebuild() == "");
    }

    /// A backup restored elsewhere, on SQLite whatever the engine, is the same, cell by cell, and verifies.
    void check_backup() {
        const auto file = world_.folder() / "backup", data = world_.folder() / "restored";
        must(cli::backup(world_.platform(), file));
        must(cli::restore(file, data, "sqlite"));
        auto restored = must(cli::Platform::open(data, "."));
        CHECK(dump(restored->database()) == world_.dump());
        CHECK(must(oversight::verify(restored->grounds())).damages.empty());
    }

    World& world_;
    std::mt19937_64 dice_;
    Model model_;
    std::vector<Printed> printed_;
};

std::int64_t variable(const char* name, std::int64_t otherwise) {
    const char* text = std::getenv(name);
    return text && *text ? std::atoll(text) : otherwise;
}

}  // namespace

TEST_CASE("simulator: years of a town, against an independent model") {
    const std::int64_t rounds = variable("MINGXIN_SIM_ROUNDS", 2);
    const int steps = static_cast<int>(variable("MINGXIN_SIM_STEPS", 90));
    const std::int64_t first = variable("MINGXIN_SIM_SEED", std::random_device{}());
    for (std::int64_t round = 0; round < rounds; ++round) {
        const std::int64_t seed = first + round;
        MESSAGE("seed: MINGXIN_SIM_SEED=" << seed << ", " << steps << " steps");
        INFO("MINGXIN_SIM_SEED=" << seed);
        in_each_world("2023-01-15",
                      [&](World& world) { Simulation(world, static_cast<std::uint64_t>(seed)).run(steps); });
    }
}
