// The quality board through the gate, on both engines: figures and the rows behind them, closing, appeals,
// reports, and the score computed again from the journal alone.
#include "assess/assess.h"
#include "cli/testing/desk_town.h"
#include "oversight/oversight.h"
#include "record/keeper.h"
#include "record/tally.h"

using namespace mingxin;
using namespace mingxin::cli;
using namespace mingxin::cli::test;

namespace {

/// A firm, two penalties that are 40 days old, one returned, one repeated; and the head of the office.
struct Board {
    DeskTown town;
    api::Principal head;
    std::string period, batch;

    Board(const std::string& url, const std::string& engine) : town(url, engine) {
        const auto roles = access::roles_in_force(*town.platform->rules(), now_utc().date());
        head = DeskTown::of_role(roles, "credit_office_head", "he", "");
        town.registration(town.market);
        batch = town.penalties(town.market, {"鲁市监罚〔2026〕1号", "鲁市监罚〔2026〕2号", ""});
        town.penalties(town.market, {"鲁市监罚〔2026〕1号"});
        period = record::month_text(record::month_number(now_utc().date()));
    }
    Inputs of(Inputs more = {}) const {
        more.emplace_back("scheme", "assessment.double");
        more.emplace_back("period", period);
        return more;
    }
    assess::Stamp stamp(const std::string& who, Instant now) const {
        return {who, now, town.platform->rules(), town.platform->tenant()};
    }
    /// Some weeks from now, when the month is over.
    Instant later() const { return Instant{now_utc().us + std::int64_t{32} * 86'400'000'000}; }
    std::int64_t close(const std::string& who = "office:wang") {
        std::int64_t id = 0;
        must(town.writer->run([&](store::Tx& tx) -> Result<void> {
            id = TRY(assess::close(tx, "assessment.double", period, stamp(who, later()))).id;
            return {};
        }));
        return id;
    }
    std::string appeal(std::int64_t assessment, const std::string& indicator = "assess.timely") {
        return town.body("appeal.file",
                         {{"assessment", std::to_string(assessment)},
                          {"indicator", indicator},
                          {"reason", "平台升级期间无法接收，有截图为证"}},
                         town.market);
    }
    Inputs decision(const std::string& appeal, bool upheld) const {
        Inputs inputs = {
            {"appeal", appeal}, {"upheld", upheld ? "true" : "false"}, {"reason", "经核实属实，予以更正"}};
        if (upheld) inputs.insert(inputs.end(), {{"numerator", "2"}, {"denominator", "2"}});
        return inputs;
    }
    void check_clean() {
        const auto rebuilt = must(oversight::rebuild(town.platform->grounds(), false));
        for (const auto& damage : rebuilt.damages) MESSAGE(damage.place << " " << damage.what_zh);
        CHECK(rebuilt.clean());
    }
};

template <class Work>
void for_each(Work work) {
    store::for_each_engine_url([&](const std::string& url, const std::string& engine) {
        CAPTURE(engine);
        Board board(url, engine);
        work(board);
    });
}

}  // namespace

TEST_CASE("endpoint:assess.board ok: the office sees all units, a unit its own and the county") {
    for_each([](Board& one) {
        const std::string all = one.town.body("assess.board", one.of(), one.town.office);
        CHECK(has(all, "鲁山县市场监督管理局"));
        CHECK(has(all, "\"indicator\":\"assess.timely\",\"numerator\":0,\"denominator\":2,\"rate\":0"));
        CHECK(has(all, "\"indicator\":\"assess.compliant\",\"numerator\":3,\"denominator\":4,\"rate\":7500"));
        CHECK(has(all, "\"indicator\":\"assess.duplicate\",\"numerator\":1,\"denominator\":4,\"rate\":2500"));
        CHECK(value_in(all, "digest").size() == 64);
        const std::string own = one.town.body("assess.board", one.of(), one.town.market);
        CHECK(has(own, "鲁山县市场监督管理局"));
        const std::string other = one.town.body("assess.board", one.of(), one.town.tax);
        CHECK_FALSE(has(other, "鲁山县市场监督管理局"));
        CHECK(has(other, "\"units\":[]"));
        CHECK(has(other, "\"county\":{\"unit\":\"\""));
        one.check_clean();
    });
}

TEST_CASE("endpoint:assess.board refused: not allowed, no such scheme, no such period") {
    for_each([](Board& one) {
        CHECK(one.town.fault("assess.board", one.of(), one.town.keeper) ==
              code_of(Fault::permission_missing));
        CHECK(one.town.fault("assess.board", one.of(), one.town.anyone) == code_of(Fault::sign_in_required));
        CHECK(one.town.fault("assess.board", {{"scheme", "x"}, {"period", one.period}}, one.town.office) ==
              code_of(Fault::not_found));
        CHECK(one.town.fault("assess.board", {{"scheme", "assessment.double"}, {"period", "2026"}},
                             one.town.office) == code_of(Fault::bad_argument));
    });
}

TEST_CASE("endpoint:assess.figure ok: formula, parts, items, months") {
    for_each([](Board& one) {
        const Inputs inputs = one.of({{"indicator", "assess.late"}, {"unit", kMarket}});
        const std::string body = one.town.body("assess.figure", inputs, one.town.market);
        CHECK(has(body, "÷"));
        CHECK(value_in(body, "numerator") == "2");
        CHECK(std::stoi(value_in(body, "late_days")) > 20);  // 2 rows of 40 days
        CHECK(has(body, "\"item\":\"penalty\""));
        CHECK(count_in(body, "\"month\":") == 12);
    });
}

TEST_CASE("endpoint:assess.figure refused: another unit's, or unknown") {
    for_each([](Board& one) {
        const Inputs inputs = one.of({{"indicator", "assess.late"}, {"unit", kMarket}});
        CHECK(one.town.fault("assess.figure", inputs, one.town.tax) == code_of(Fault::permission_missing));
        CHECK(one.town.fault("assess.figure", one.of({{"indicator", "x"}}), one.town.office) ==
              code_of(Fault::not_found));
    });
}

TEST_CASE("endpoint:assess.trend ok: twelve months, the last one scored") {
    for_each([](Board& one) {
        const std::string body = one.town.body("assess.trend", one.of({{"unit", kMarket}}), one.town.office);
        CHECK(count_in(body, "\"month\":") == 12);
        CHECK(count_in(body, "\"score\":") == 1);
    });
}
TEST_CASE("endpoint:assess.trend refused: another unit's") {
    for_each([](Board& one) {
        CHECK(one.town.fault("assess.trend", one.of({{"unit", kMarket}}), one.town.tax) ==
              code_of(Fault::permission_missing));
    });
}

TEST_CASE("endpoint:assess.faults ok: the checks that fail most, of those who may be seen") {
    for_each([](Board& one) {
        const std::string all = one.town.body("assess.faults", {{"period", one.period}}, one.town.office);
        CHECK(has(all, "\"fault\":\"V01\""));
        CHECK(has(all, "必填项为空"));
        const std::string none = one.town.body("assess.faults", {{"period", one.period}}, one.town.tax);
        CHECK(has(none, "\"faults\":[]"));
    });
}
TEST_CASE("endpoint:assess.faults refused: an item that is none") {
    for_each([](Board& one) {
        CHECK(one.town.fault("assess.faults", {{"period", one.period}, {"item", "x"}}, one.town.office) ==
              code_of(Fault::item_unknown));
    });
}

TEST_CASE("endpoint:assess.rows ok: as many rows as the figure says, of each indicator and part") {
    // The endpoint:assess.export ok case stands with it: the same rows, as a file.
    for_each([](Board& one) {
        const rulebook::Rulebook& rules = *one.town.platform->rules();
        const assess::Period period = must(assess::parse_period(one.period));
        int listed = 0;
        for (const rulebook::Indicator* indicator : assess::indicators_of(rules, period)) {
            using rulebook::Measure;
            if (!rulebook::counts_rows(indicator->numerator) || indicator->numerator == Measure::filled)
                continue;
            CAPTURE(indicator->id);
            const Inputs inputs = one.of({{"indicator", indicator->id}, {"unit", kMarket}});
            const std::string figure = one.town.body("assess.figure", inputs, one.town.office);
            for (const char* part : {"numerator", "denominator"}) {
                Inputs rows = inputs;
                rows.emplace_back("part", part);
                const std::string body = one.town.body("assess.rows", rows, one.town.office);
                CHECK(value_in(body, "count") == value_in(figure, part));
                ++listed;
            }
        }
        CHECK(listed == 16);
        const Inputs late = one.of({{"indicator", "assess.late"}, {"part", "numerator"}});
        CHECK(has(one.town.body("assess.rows", late, one.town.market), one.batch + "-1"));
        CHECK(count_in(one.town.exported("assess.export", late, one.town.market), one.batch + "-") == 2);
        // By pages, and of the empty cells the row that was returned.
        Inputs page = late;
        page.emplace_back("limit", "1");
        const std::string first = one.town.body("assess.rows", page, one.town.market);
        page.emplace_back("page", value_in(first, "next"));
        CHECK(has(one.town.body("assess.rows", page, one.town.market), one.batch + "-2"));
        const Inputs empty = one.of({{"indicator", "assess.complete"}, {"part", "missing"}});
        const std::string cells = one.town.body("assess.rows", empty, one.town.office);
        CHECK(has(cells, one.batch + "-3"));
    });
}

TEST_CASE("endpoint:assess.rows refused: another unit's rows, and figures without rows") {
    // The endpoint:assess.export refused case: the export asks the same question.
    for_each([](Board& one) {
        const Inputs other = one.of({{"indicator", "assess.late"}, {"unit", kMarket}});
        CHECK(one.town.fault("assess.rows", other, one.town.tax) == code_of(Fault::permission_missing));
        const Inputs none = one.of({{"indicator", "assess.units_covered"}});
        CHECK(one.town.fault("assess.rows", none, one.town.office) == code_of(Fault::bad_argument));
        CHECK(one.town.fault("assess.rows", none, one.town.auditor) == code_of(Fault::permission_missing));
        Inputs file = other;
        file.emplace_back("format", "csv");
        CHECK(one.town.fault("assess.export", file, one.town.tax) == code_of(Fault::permission_missing));
        const Inputs unseen = one.of({{"indicator", "assess.late"}, {"part", "numerator"}});
        CHECK(value_in(one.town.body("assess.rows", unseen, one.town.tax), "count") == "0");
    });
}

TEST_CASE("endpoint:assessment.close ok: a month that is over, once") {
    for_each([](Board& one) {
        const std::string last = record::month_text(record::month_number(now_utc().date()) - 1);
        const Inputs inputs = {{"scheme", "assessment.double"}, {"period", last}};
        const std::string body = one.town.body("assessment.close", inputs, one.town.office);
        CHECK(value_in(body, "version") == "1");
        CHECK(one.town.fault("assessment.close", inputs, one.town.office) ==
              code_of(Fault::assessment_closed));
        one.check_clean();
    });
}
TEST_CASE("endpoint:assessment.close refused: a month that runs, a unit, a stretch") {
    for_each([](Board& one) {
        CHECK(one.town.fault("assessment.close", one.of(), one.town.office) ==
              code_of(Fault::assessment_open_period));
        CHECK(one.town.fault("assessment.close", one.of(), one.town.market) ==
              code_of(Fault::permission_missing));
        CHECK(one.town.fault("assessment.close",
                             {{"scheme", "assessment.double"}, {"period", "2026-01~2026-05"}},
                             one.town.office) == code_of(Fault::bad_argument));
    });
}

TEST_CASE("endpoint:assessment.show ok: what was closed, of those who may be seen") {
    for_each([](Board& one) {
        const std::string id = std::to_string(one.close());
        const std::string all = one.town.body("assessment.show", {{"assessment", id}}, one.town.office);
        CHECK(has(all, "鲁山县市场监督管理局"));
        const std::string list =
            one.town.body("assessment.list", {}, one.town.tax);  // endpoint:assessment.list ok
        CHECK(has(list, "\"id\":" + id));
        CHECK(value_in(list, "digest") == value_in(all, "digest"));
        CHECK_FALSE(has(one.town.body("assessment.show", {{"assessment", id}}, one.town.tax), "监督管理局"));
    });
}
TEST_CASE("endpoint:assessment.list ok: newest first") {
    for_each([](Board& one) {
        const std::string id = std::to_string(one.close());
        CHECK(has(one.town.body("assessment.list", {}, one.town.market), "\"id\":" + id));
    });
}
TEST_CASE("endpoint:assessment.list refused: who may not see figures") {
    for_each([](Board& one) {
        CHECK(one.town.fault("assessment.list", {}, one.town.keeper) == code_of(Fault::permission_missing));
    });
}
TEST_CASE("endpoint:assessment.show refused: none") {
    for_each([](Board& one) {
        CHECK(one.town.fault("assessment.show", {{"assessment", "1"}}, one.town.office) ==
              code_of(Fault::not_found));
    });
}

TEST_CASE("endpoint:appeal.file ok: and endpoint:appeal.list ok: the unit's own") {
    for_each([](Board& one) {
        const std::int64_t id = one.close();
        CHECK(value_in(one.appeal(id), "state") == "1");
        CHECK(value_in(one.town.body("appeal.list", {}, one.town.market), "count") == "1");
        CHECK(value_in(one.town.body("appeal.list", {{"open", "true"}}, one.head), "count") == "1");
        CHECK(value_in(one.town.body("appeal.list", {}, one.town.tax), "count") == "0");
        CHECK(
            has(one.town.exported("appeal.export", {}, one.head), "平台升级"));  // endpoint:appeal.export ok
        one.check_clean();
    });
}
TEST_CASE("endpoint:appeal.file refused: twice, late, of no figure, by the office") {
    for_each([](Board& one) {
        const std::string id = std::to_string(one.close());
        Inputs inputs = {
            {"assessment", id}, {"indicator", "assess.timely"}, {"reason", "平台升级期间无法接收"}};
        CHECK(one.town.fault("appeal.file", inputs, one.town.office) == code_of(Fault::permission_missing));
        CHECK(one.town.fault("appeal.file", inputs, one.town.tax) == code_of(Fault::not_found));
        one.appeal(std::stoll(id));
        CHECK(one.town.fault("appeal.file", inputs, one.town.market) == code_of(Fault::appeal_open));
        inputs[1].second = "x";
        CHECK(one.town.fault("appeal.file", inputs, one.town.market) == code_of(Fault::not_found));
        inputs[2].second = "短";
        CHECK(one.town.fault("appeal.file", inputs, one.town.market) == code_of(Fault::bad_argument));
        const Result<void> late = one.town.writer->run([&](store::Tx& tx) -> Result<void> {
            const Instant when{one.later().us + std::int64_t{30} * 86'400'000'000};
            TRY(assess::file_appeal(tx, std::stoll(id), kMarket, "assess.complete", "时限已过仍要申诉",
                                    one.stamp("clerk:zhang", when)));
            return {};
        });
        REQUIRE_FALSE(late.ok());
        CHECK(late.error().fault == Fault::appeal_late);
    });
}
TEST_CASE("endpoint:appeal.list refused: who may not see figures; endpoint:appeal.export refused") {
    for_each([](Board& one) {
        CHECK(one.town.fault("appeal.list", {}, one.town.keeper) == code_of(Fault::permission_missing));
        CHECK(one.town.fault("appeal.export", {{"format", "csv"}}, one.town.keeper) ==
              code_of(Fault::permission_missing));
    });
}

TEST_CASE("endpoint:appeal.decide ok: upheld gives a further version, and the first stays") {
    for_each([](Board& one) {
        const std::int64_t id = one.close();
        const std::string first =
            one.town.body("assessment.show", {{"assessment", std::to_string(id)}}, one.head);
        const std::string appeal = value_in(one.appeal(id), "id");
        const std::string other = value_in(one.appeal(id, "assess.complete"), "id");
        const std::string body = one.town.body("appeal.decide", one.decision(appeal, true), one.head);
        const std::string corrected = value_in(body, "corrected");
        const std::string second = one.town.body("assessment.show", {{"assessment", corrected}}, one.head);
        CHECK(has(second,
                  "\"indicator\":\"assess.timely\",\"numerator\":2,\"denominator\":2,\"rate\":10000,"
                  "\"corrected\":true"));
        CHECK(value_in(second, "version") == "2");
        CHECK(value_in(second, "digest") != value_in(first, "digest"));
        const std::string kept =
            one.town.body("assessment.show", {{"assessment", std::to_string(id)}}, one.head);
        CHECK(value_in(kept, "digest") == value_in(first, "digest"));
        CHECK(value_in(kept, "next") == corrected);
        // The other appeal goes on against the new version, and is dismissed.
        CHECK(value_in(one.town.body("appeal.decide", one.decision(other, false), one.head), "state") == "3");
        one.check_clean();
        // Changed behind the platform's back, it is found and named.
        {
            auto tx = must(one.town.platform->database().write());
            must(tx.execute({"test.tamper", "update assessment_appeal set state = 2 where event = $1"},
                            {std::int64_t{std::stoll(other)}}));
            must(tx.commit());
        }
        const auto damages = must(oversight::verify(one.town.platform->grounds(), {})).damages;
        REQUIRE(damages.size() == 1);
        CHECK(damages[0].place == "table assessment_appeal (" + other + ")");
    });
}

TEST_CASE("endpoint:appeal.decide refused: twice, by who closed it, without a figure") {
    for_each([](Board& one) {
        const std::int64_t id = one.close(one.head.name);
        const std::string appeal = value_in(one.appeal(id), "id");
        CHECK(one.town.fault("appeal.decide", one.decision(appeal, true), one.head) ==
              code_of(Fault::appeal_own));
        CHECK(one.town.fault("appeal.decide", one.decision(appeal, true), one.town.office) ==
              code_of(Fault::permission_missing));
        api::Principal other = one.head;
        other.name = "credit_office_head:lu";
        CHECK(one.town.fault("appeal.decide",
                             {{"appeal", appeal}, {"upheld", "true"}, {"reason", "经核实属实"}},
                             other) == code_of(Fault::bad_argument));
        one.town.body("appeal.decide", one.decision(appeal, false), other);
        CHECK(one.town.fault("appeal.decide", one.decision(appeal, false), other) ==
              code_of(Fault::appeal_decided));
        CHECK(one.town.fault("appeal.decide", one.decision("1", false), other) == code_of(Fault::not_found));
    });
}

TEST_CASE("endpoint:assess.report ok: a workbook and pages, of permits and penalties separately") {
    for_each([](Board& one) {
        for (const std::string format : {"xlsx", "pdf"}) {
            const std::string task = value_in(
                one.town.body("assess.report", one.of({{"format", format}}), one.town.office), "task");
            const std::string state = one.town.ended(task, one.town.office);
            REQUIRE_MESSAGE(value_in(state, "state") == "done", state);
            const auto reply = must(one.town.run("task.file", {{"id", task}}, one.town.office));
            const std::string file = must(read_file(reply.file));
            CHECK(file.substr(0, 4) == (format == "pdf" ? "%PDF" : "PK\x03\x04"));
            CHECK(file.size() > 5000);
        }
    });
}
TEST_CASE("endpoint:assess.report refused: a format that is none, not allowed") {
    for_each([](Board& one) {
        CHECK(one.town.fault("assess.report", one.of({{"format", "doc"}}), one.town.office) ==
              code_of(Fault::bad_argument));
        CHECK(one.town.fault("assess.report", one.of({{"format", "pdf"}}), one.town.keeper) ==
              code_of(Fault::permission_missing));
    });
}

TEST_CASE("the score from the journal alone, from sums and from rows: the same bytes as the closed one") {
    std::vector<std::string> per_engine;  // without the digest of the head, which holds random salts
    for_each([&](Board& one) {
        const std::int64_t id = one.close();
        const std::string appeal = value_in(one.appeal(id), "id");
        const std::string corrected =
            value_in(one.town.body("appeal.decide", one.decision(appeal, true), one.head), "corrected");
        // What comes after the head changes nothing.
        one.town.penalties(one.town.tax, {"鲁税罚〔2026〕9号"});
        auto tx = must(one.town.platform->database().read());
        const auto closed = must(assess::find_assessment(tx, std::stoll(corrected)));
        const assess::Document document = must(assess::document_of(tx, *closed));
        for (bool rows : {false, true}) {
            const assess::Replayed replayed = must(
                assess::replay(tx, *one.town.platform->rules(), document.head, document.period.to, rows));
            CHECK(replayed.differing.empty());
            const assess::Document again =
                must(assess::assess(*one.town.platform->rules(), document.scheme, document.period,
                                    replayed.months, document.head, document.corrections));
            CHECK(again.to_json() == document.to_json());
            CHECK(again.digest() == closed->digest);
        }
        per_engine.push_back(document.to_json());
    });
    for (const std::string& one : per_engine) CHECK(one == per_engine.front());
}
