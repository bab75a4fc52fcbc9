// Corrections by the source through the gate, on both engines: withdrawn, corrected, restored, issued anew;
// what everybody else then sees; the journal makes the same tables again.
#include "cli/testing/desk_town.h"
#include "record/effects.h"

using namespace mingxin;
using namespace mingxin::cli;
using namespace mingxin::cli::test;

namespace {

const std::string kNumber = "鲁市监罚〔2026〕1号";

void in_desk_town(const std::function<void(DeskTown&)>& scenario) {
    store::for_each_engine_url([&](const std::string& url, const std::string& engine) {
        DeskTown town(url, engine);
        town.registration(town.market);
        scenario(town);
    });
}

std::string day_before(int days) {
    return now_utc().date().plus_days(-days).to_string();
}
Inputs withdrawal(const std::string& records, const std::string& decided = day_before(0)) {
    return {{"records", records},
            {"ground", "withdrawal.annulled"},
            {"reason", "行政复议决定撤销原处罚"},
            {"document_no", "鲁政复决〔2026〕3号"},
            {"decided", decided}};
}
std::string quoted(const std::string& id) {
    return "[\"" + id + "\"]";
}
/// Verify and rebuild agree with what was written live.
void check_proof(DeskTown& town) {
    const auto damages = must(oversight::verify(town.platform->grounds(), {})).damages;
    for (const auto& damage : damages) FAIL_CHECK(damage.place << " " << damage.what_zh);
}
record::Standing standing(DeskTown& town, const std::string& id) {
    auto tx = must(town.platform->database().read());
    return *must(record::find_standing(tx, town.platform->tenant(), id));
}
/// All that the public and the staff of other units can reach of a number: lists, look-ups, exports.
std::string everything_shown(DeskTown& town) {
    return town.body("record.list", {}, town.tax) +
           town.body("subject.show", {{"code", kFirm}}, town.anyone) +
           town.exported("record.export", {}, town.office);
}

}  // namespace

TEST_CASE("endpoint:record.withdraw ok: shown nowhere any more, kept in the history, told in the journal") {
    in_desk_town([](DeskTown& town) {
        const std::string id = town.penalties(town.market, {kNumber}) + "-1";
        REQUIRE(has(everything_shown(town), kNumber));
        const std::string done = town.body("record.withdraw", withdrawal(quoted(id)), town.market);
        CHECK(value_in(done, "withdrawn") == "1");
        CHECK(value_in(done, "late_working_days") == "0");
        CHECK_FALSE(has(everything_shown(town), kNumber));
        CHECK(town.fault("record.show", {{"id", id}}, town.anyone) == code_of(Fault::not_found));
        CHECK(town.fault("record.receipt", {{"id", id}}, town.anyone) == code_of(Fault::not_found));
        const std::string history = town.body("record.versions", {{"id", id}}, town.market);
        CHECK(value_in(history, "state") == "withdrawn");
        CHECK(has(history, kNumber));
        CHECK(has(history, "行政复议决定撤销原处罚"));
        CHECK(has(history, "原决定被依法撤销"));
        CHECK(has(town.body("event.list", {}, town.auditor), "撤回记录"));
        // A file does not bring it back.
        const std::string again = town.penalties(town.market, {kNumber});
        CHECK(has(town.body("batch.show", {{"id", again}}, town.market), "\"rejected\":1"));
        CHECK(has(town.body("batch.findings", {{"id", again}}, town.market), "V13.withdrawn"));
        CHECK_FALSE(has(everything_shown(town), kNumber));
        check_proof(town);
    });
}

TEST_CASE("record.withdraw: late is told by working days; many at once; by mistake there is no limit") {
    in_desk_town([](DeskTown& town) {
        const std::string batch = town.penalties(town.market, {"鲁市监罚〔2026〕1号", "鲁市监罚〔2026〕2号"});
        const std::string both = "[\"" + batch + "-1\",\"" + batch + "-2\"]";
        const std::string done = town.body("record.withdraw", withdrawal(both, day_before(30)), town.office);
        CHECK(value_in(done, "withdrawn") == "2");
        const auto& calendar = town.platform->rules()->calendar();
        const auto times = record::timeliness(calendar, now_utc().date().plus_days(-30), 3, now_utc().date());
        CHECK(times.late_working_days > 10);
        CHECK(value_in(done, "late_working_days") == std::to_string(times.late_working_days));
        CHECK(value_in(done, "due") == times.due->to_string());
        CHECK(value_in(town.body("correction.list", {{"late", "true"}}, town.market), "count") == "2");
        const std::string other = town.penalties(town.market, {"鲁市监罚〔2026〕3号"}) + "-1";
        const Inputs mistaken = {
            {"records", quoted(other)}, {"ground", "withdrawal.mistaken"}, {"reason", "重复报送"}};
        CHECK(value_in(town.body("record.withdraw", mistaken, town.market), "late_working_days") == "0");
        CHECK(value_in(town.body("correction.list", {{"late", "true"}}, town.market), "count") == "2");
        check_proof(town);
    });
}

TEST_CASE(
    "endpoint:record.withdraw refused: twice, of another unit, without a document, too early, unknown") {
    in_desk_town([](DeskTown& town) {
        const std::string id = town.penalties(town.market, {kNumber}) + "-1";
        const auto fault = [&](const Inputs& inputs, const api::Principal& who) {
            return town.fault("record.withdraw", inputs, who);
        };
        CHECK(fault(withdrawal(quoted(id)), town.anyone) == code_of(Fault::sign_in_required));
        CHECK(fault(withdrawal(quoted(id)), town.auditor) == code_of(Fault::permission_missing));
        CHECK(fault(withdrawal(quoted(id)), town.tax) == code_of(Fault::record_foreign));
        CHECK(fault(withdrawal(quoted(id)), town.homeless) == code_of(Fault::record_foreign));
        CHECK(fault(withdrawal(quoted("999999-1")), town.market) == code_of(Fault::not_found));
        CHECK(fault(withdrawal("[]"), town.market) == code_of(Fault::withdrawal_malformed));
        CHECK(fault(withdrawal("[\"" + id + "\",\"" + id + "\"]"), town.market) ==
              code_of(Fault::withdrawal_malformed));
        CHECK(fault(withdrawal(quoted(id), day_before(-1)), town.market) ==
              code_of(Fault::withdrawal_malformed));  // tomorrow
        CHECK(fault(withdrawal(quoted(id), day_before(100)), town.market) ==
              code_of(Fault::withdrawal_malformed));  // before the penalty itself
        CHECK(fault({{"records", quoted(id)}, {"ground", "withdrawal.annulled"}, {"reason", "撤销"}},
                    town.market) == code_of(Fault::withdrawal_malformed));
        CHECK(fault({{"records", quoted(id)}, {"ground", "gossip"}, {"reason", "撤销"}}, town.market) ==
              code_of(Fault::withdrawal_malformed));
        CHECK(has(everything_shown(town), kNumber));  // none of it did anything
        CHECK(fault(withdrawal(quoted(id)), town.market).empty());
        CHECK(fault(withdrawal(quoted(id)), town.market) == code_of(Fault::record_withdrawn));
        check_proof(town);
    });
}

TEST_CASE("endpoint:record.correct ok: checked anew, both versions kept, the clock not reset") {
    in_desk_town([](DeskTown& town) {
        const std::string id = town.penalties(town.market, {kNumber}) + "-1";
        const record::Standing before = standing(town, id);
        const std::string done = town.body("record.correct",
                                           {{"id", id},
                                            {"reason", "罚款数额录入有误"},
                                            {"values", R"([{"field":"CF_NR_FK","value":"8000"}])"}},
                                           town.market);
        const std::string newer = value_in(done, "record");
        const record::Standing after = standing(town, newer);
        CHECK(after.received > before.received);
        CHECK(after.first_received == before.received);
        CHECK(standing(town, id).successor == newer);
        CHECK(has(town.body("record.show", {{"id", newer}}, town.anyone), "8,000.00元"));
        CHECK_FALSE(has(everything_shown(town), "10,000.00元"));
        const std::string history = town.body("record.versions", {{"id", newer}}, town.market);
        CHECK(has(history, "\"shown\":[\"10,000.00元\",\"8,000.00元\"]"));
        CHECK(has(history, "\"input\":\"8000.00\""));
        CHECK(has(history, "罚款数额录入有误"));
        CHECK(value_in(history, "first_received") == before.received.to_string());
        // Another number for the document: the key changes, the clock does not.
        const std::string third =
            value_in(town.body("record.correct",
                               {{"id", newer},
                                {"reason", "文号有误"},
                                {"values", R"([{"field":"CF_WSH","value":"鲁市监罚〔2026〕9号"}])"}},
                               town.market),
                     "record");
        CHECK(standing(town, third).first_received == before.received);
        CHECK_FALSE(has(everything_shown(town), kNumber));
        // The same file again: the first number is that of no record that stands, and told as known.
        check_proof(town);
    });
}

TEST_CASE("an update by file does not reset the clock either") {
    in_desk_town([](DeskTown& town) {
        const std::string first = town.penalties(town.market, {kNumber}) + "-1";
        town.firm = "鲁山县澜禾商贸有限公司 ";  // blanks are trimmed: no other content
        const record::Standing before = standing(town, first);
        const std::string day = now_utc().date().plus_days(-40).to_string();
        const std::string text =
            "CF_XDR_MC,CF_XDR_LB,CF_XDR_SHXYM,CF_FRDB,CF_WSH,CF_WFXW,CF_SY,CF_YJ,CF_CFLB,CF_NR,CF_NR_FK,"
            "CF_JDRQ,CF_YXQ,CF_CFJG,CF_CFJGDM\n鲁山县澜禾商贸有限公司,法人及非法人组织," +
            kFirm + ",张三," + kNumber +
            ",无证经营,未取得许可从事经营活动,《无证无照经营查处办法》第十三条,罚款,罚款,0.900000," + day +
            ",2099/12/31,鲁山县市场监督管理局," + kMarket + "\n";
        const std::string second = town.take(town.market, "penalty", text) + "-1";
        CHECK(standing(town, first).successor == second);
        CHECK(standing(town, second).first_received == before.received);
        check_proof(town);
    });
}

TEST_CASE(
    "endpoint:record.correct refused: stale, foreign, nothing changed, refused by a check, another record's "
    "number") {
    in_desk_town([](DeskTown& town) {
        const std::string batch = town.penalties(town.market, {kNumber, "鲁市监罚〔2026〕2号"});
        const std::string id = batch + "-1";
        const auto fault = [&](const std::string& record, const std::string& values,
                               const api::Principal& who) {
            return town.fault("record.correct", {{"id", record}, {"reason", "有误"}, {"values", values}},
                              who);
        };
        const std::string fine = R"([{"field":"CF_NR_FK","value":"8000"}])";
        CHECK(fault(id, fine, town.anyone) == code_of(Fault::sign_in_required));
        CHECK(fault(id, fine, town.auditor) == code_of(Fault::permission_missing));
        CHECK(fault(id, fine, town.tax) == code_of(Fault::record_foreign));
        CHECK(fault("999999-1", fine, town.market) == code_of(Fault::not_found));
        CHECK(fault(id, "[]", town.market) == code_of(Fault::correction_same));
        CHECK(fault(id, R"([{"field":"CF_NR_FK","value":"10000"}])", town.market) ==
              code_of(Fault::correction_same));
        CHECK(fault(id, R"([{"field":"NIX","value":"1"}])", town.market) ==
              code_of(Fault::correction_malformed));
        CHECK(fault(id, R"([{"field":"CF_JDRQ","value":"2026-02-30"}])", town.market) ==
              code_of(Fault::correction_rejected));
        CHECK(fault(id, R"([{"field":"CF_WSH"}])", town.market) == code_of(Fault::correction_rejected));
        CHECK(fault(id, R"([{"field":"CF_XDR_LB","value":"自然人"}])", town.market) ==
              code_of(Fault::correction_rejected));  // R4
        CHECK(fault(id, R"([{"field":"CF_WSH","value":"鲁市监罚〔2026〕2号"}])", town.market) ==
              code_of(Fault::correction_collides));
        CHECK(standing(town, id).successor.empty());
        CHECK(fault(id, fine, town.market).empty());
        CHECK(fault(id, fine, town.market) ==
              code_of(Fault::record_ended));  // of a version that was replaced
        check_proof(town);
    });
}

TEST_CASE(
    "endpoint:record.restore ok, endpoint:record.reissue ok: back with its clock; a new act with its own") {
    in_desk_town([](DeskTown& town) {
        const std::string batch = town.penalties(town.market, {kNumber, "鲁市监罚〔2026〕2号"});
        const std::string one = batch + "-1", two = batch + "-2";
        const record::Standing before = standing(town, one);
        town.body("record.withdraw", withdrawal("[\"" + one + "\",\"" + two + "\"]"), town.market);
        const std::string back = value_in(
            town.body("record.restore", {{"id", one}, {"reason", "撤回了不该撤回的一条"}}, town.market),
            "record");
        CHECK(standing(town, back).first_received == before.received);
        CHECK(standing(town, one).successor == back);
        CHECK(has(everything_shown(town), kNumber));
        {
            auto tx = must(town.platform->database().read());
            CHECK(must(record::fate_of(tx, town.platform->tenant(), one)) == record::Fate::stands);
            CHECK(must(record::fate_of(tx, town.platform->tenant(), two)) == record::Fate::withdrawn);
        }
        const std::string anew = value_in(
            town.body(
                "record.reissue",
                {{"id", two},
                 {"reason", "重新作出处罚决定"},
                 {"values",
                  R"([{"field":"CF_WSH","value":"鲁市监罚〔2026〕8号"},{"field":"CF_NR_FK","value":"9000"}])"}},
                town.market),
            "record");
        CHECK(standing(town, anew).first_received == standing(town, anew).received);
        CHECK(standing(town, two).successor == anew);
        CHECK(has(everything_shown(town), "鲁市监罚〔2026〕8号"));
        CHECK_FALSE(has(everything_shown(town), "鲁市监罚〔2026〕2号"));
        const std::string list = town.body("correction.list", {}, town.market);
        for (const char* kind : {"withdraw", "restore", "reissue"}) {
            CHECK(has(list, "\"kind\":\"" + std::string(kind) + "\""));
        }
        // What was restored may be withdrawn again.
        CHECK(town.fault("record.withdraw", withdrawal(quoted(back)), town.market).empty());
        CHECK_FALSE(has(everything_shown(town), kNumber));
        check_proof(town);
    });
}

TEST_CASE("endpoint:record.restore refused, endpoint:record.reissue refused: what stands, what is foreign") {
    in_desk_town([](DeskTown& town) {
        const std::string id = town.penalties(town.market, {kNumber}) + "-1";
        const Inputs restore = {{"id", id}, {"reason", "误撤"}};
        const Inputs anew = {{"id", id}, {"reason", "重新作出"}, {"values", "[]"}};
        CHECK(town.fault("record.restore", restore, town.anyone) == code_of(Fault::sign_in_required));
        CHECK(town.fault("record.reissue", anew, town.anyone) == code_of(Fault::sign_in_required));
        CHECK(town.fault("record.restore", restore, town.market) == code_of(Fault::record_not_withdrawn));
        CHECK(town.fault("record.reissue", anew, town.market) == code_of(Fault::record_not_withdrawn));
        town.body("record.withdraw", withdrawal(quoted(id)), town.market);
        CHECK(town.fault("record.restore", restore, town.tax) == code_of(Fault::record_foreign));
        CHECK(town.fault("record.reissue", anew, town.market) == code_of(Fault::correction_same));
        CHECK(town.fault("record.restore", {{"id", id}, {"reason", " "}}, town.market) ==
              code_of(Fault::correction_malformed));
        CHECK(town.fault("record.restore", restore, town.market).empty());
        CHECK(town.fault("record.restore", restore, town.market) == code_of(Fault::record_ended));
    });
}

TEST_CASE(
    "endpoint:record.versions refused, endpoint:record.recipients refused, "
    "endpoint:withdrawal.grounds refused, endpoint:correction.list refused, "
    "endpoint:correction.export refused") {
    in_desk_town([](DeskTown& town) {
        const std::string id = town.penalties(town.market, {kNumber}) + "-1";
        for (const char* endpoint : {"record.versions", "record.recipients"}) {
            CAPTURE(endpoint);
            CHECK(town.fault(endpoint, {{"id", id}}, town.anyone) == code_of(Fault::sign_in_required));
            CHECK(town.fault(endpoint, {{"id", id}}, town.tax) == code_of(Fault::record_foreign));
            CHECK(town.fault(endpoint, {{"id", "999999-1"}}, town.market) == code_of(Fault::not_found));
        }
        CHECK(town.fault("withdrawal.grounds", {}, town.anyone) == code_of(Fault::sign_in_required));
        CHECK(town.fault("correction.list", {}, town.anyone) == code_of(Fault::sign_in_required));
        CHECK(town.fault("correction.list", {{"item", "gossip"}}, town.market) ==
              code_of(Fault::item_unknown));
        CHECK(town.fault("correction.export", {{"format", "csv"}}, town.anyone) ==
              code_of(Fault::sign_in_required));
    });
}

TEST_CASE(
    "endpoint:record.versions ok, endpoint:record.recipients ok, endpoint:withdrawal.grounds ok: a report "
    "that "
    "held the record") {
    in_desk_town([](DeskTown& town) {
        const std::string id = town.penalties(town.market, {kNumber}) + "-1";
        const auto report = town.run("report.issue", {{"code", kFirm}, {"purpose", "招标投标"}}, town.office);
        std::string number;
        for (const auto& [name, value] : must(report).headers) {
            if (name == "X-Report-Number") number = value;
        }
        town.exported("record.export", {{"item", "penalty"}}, town.office);
        town.exported("record.export", {{"item", "permit"}}, town.office);
        CHECK(town.body("record.recipients", {{"id", id}}, town.market) == "{\"recipients\":[]}");
        CHECK(value_in(town.body("report.verify", {{"number", number}}, town.anyone), "changed_since") ==
              "0");
        town.body("record.withdraw", withdrawal(quoted(id)), town.market);
        const std::string told = town.body("record.recipients", {{"id", id}}, town.market);
        CHECK(has(told, number));
        CHECK(has(told, "招标投标"));
        CHECK(count_in(told, "\"kind\":\"report\"") == 1);
        CHECK(count_in(told, "\"kind\":\"export\"") == 1);
        const std::string verified = town.body("report.verify", {{"number", number}}, town.anyone);
        CHECK(value_in(verified, "changed_since") == "1");
        CHECK(value_in(verified, "withdrawn") == "1");
        CHECK_FALSE(has(verified, kNumber));
        town.body("record.restore", {{"id", id}, {"reason", "误撤"}}, town.office);
        CHECK(value_in(town.body("report.verify", {{"number", number}}, town.anyone), "changed_since") ==
              "0");
        const std::string grounds = town.body("withdrawal.grounds", {}, town.market);
        CHECK(has(grounds, "withdrawal.annulled"));
        CHECK(has(grounds, "行政处罚法"));
        const std::string history = town.body("record.versions", {{"id", id}}, town.market);
        CHECK(count_in(history, "\"state\":\"withdrawn\"") == 0);
        CHECK(has(history, "\"may_correct\":true"));
    });
}

TEST_CASE("endpoint:correction.list ok, endpoint:correction.export ok: the own ones, filtered, as a file") {
    in_desk_town([](DeskTown& town) {
        const std::string id = town.penalties(town.market, {kNumber}) + "-1";
        town.body("record.withdraw", withdrawal(quoted(id)), town.market);
        const auto count = [&](Inputs inputs, const api::Principal& who) {
            return value_in(town.body("correction.list", inputs, who), "count");
        };
        CHECK(count({}, town.market) == "1");
        CHECK(count({}, town.office) == "1");
        CHECK(count({}, town.tax) == "0");
        CHECK(count({{"kind", "correct"}}, town.market) == "0");
        CHECK(count({{"item", "penalty"}, {"kind", "withdraw"}}, town.market) == "1");
        CHECK(count({{"q", id}}, town.market) == "1");
        CHECK(count({{"q", kFirm}}, town.market) == "1");
        CHECK(count({{"q", "澜禾"}}, town.market) == "1");
        CHECK(count({{"q", "青禾"}}, town.market) == "0");
        CHECK(count({{"from", day_before(-2)}}, town.market) == "0");
        CHECK(count({{"unit", kTax}}, town.office) == "0");
        CHECK(count({{"unit", kMarket}}, town.office) == "1");
        const std::string file = town.exported("correction.export", {}, town.market);
        CHECK(has(file, "撤回情形"));
        CHECK(has(file, id));
        CHECK(has(file, "鲁政复决〔2026〕3号"));
    });
}

TEST_CASE("record.correct: a personal number in a reason is masked before it is kept") {
    in_desk_town([](DeskTown& town) {
        const std::string id = town.penalties(town.market, {kNumber}) + "-1";
        Inputs order = withdrawal(quoted(id));
        order[2].second = "当事人电话13800138000来函";
        town.body("record.withdraw", order, town.market);
        CHECK_FALSE(has(town.body("correction.list", {}, town.market), "13800138000"));
    });
}
