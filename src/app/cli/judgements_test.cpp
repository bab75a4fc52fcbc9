// Rows that wait, judged by a person through the gate, on both engines: attached, returned, taken back.
#include "cli/testing/desk_town.h"

using namespace mingxin;
using namespace mingxin::cli;
using namespace mingxin::cli::test;

namespace {

void in_desk_town(const std::function<void(DeskTown&)>& scenario) {
    store::for_each_engine_url([&](const std::string& url, const std::string& engine) {
        DeskTown town(url, engine);
        town.registration(town.market);
        scenario(town);
        // The journal makes the same tables again, and nothing was altered.
        CHECK(must(oversight::verify(town.platform->grounds(), {})).damages.empty());
    });
}

const std::string kReason = "已与报送单位电话核实";

/// The positions of the rows that wait, oldest first.
std::vector<std::string> waiting(DeskTown& town, const api::Principal& who) {
    std::vector<std::string> positions;
    const std::string body = town.body("doubtful.list", {{"order", "oldest"}}, who);
    for (std::size_t at = body.find("{\"position\":"); at != std::string::npos;
         at = body.find("{\"position\":", at + 1))
        positions.push_back(value_in(body.substr(at), "position"));
    return positions;
}

Inputs verdicts(const std::vector<std::string>& positions, const std::string& subject,
                const std::string& reason = kReason) {
    std::string rows;
    for (const std::string& position : positions) {
        rows += (rows.empty() ? "[{" : ",{") + ("\"position\":" + position) +
                (subject.empty() ? "}" : ",\"subject\":\"" + subject + "\"}");
    }
    return {{"rows", rows + "]"}, {"reason", reason}};
}

/// The public's records of the firm, by document number.
int shown(DeskTown& town, const std::string& document) {
    return count_in(town.body("subject.show", {{"code", kFirm}}, town.anyone), document);
}

std::string judged(DeskTown& town, const std::vector<std::string>& positions, const std::string& subject) {
    return town.body("doubtful.judge", verdicts(positions, subject), town.office);
}

}  // namespace

TEST_CASE("endpoint:doubtful.judge ok, endpoint:judgement.list ok: attached, with name, reason and receipt") {
    in_desk_town([](DeskTown& town) {
        const std::string batch = town.penalties(town.market, {"鲁市监罚〔2026〕7号"}, true);
        CHECK(shown(town, "鲁市监罚〔2026〕7号") == 0);  // a name attaches nothing (R6)
        const std::string reply = judged(town, waiting(town, town.office), kFirm);
        CHECK(has(reply, "\"attached\":1,\"known\":0,\"returned\":0"));
        CHECK(shown(town, "鲁市监罚〔2026〕7号") > 0);
        CHECK(waiting(town, town.office).empty());
        const std::string list = town.body("judgement.list", {}, town.market);
        CHECK(value_in(list, "outcome") == "accepted");
        CHECK(value_in(list, "subject") == kFirm);
        CHECK(value_in(list, "batch") == batch);
        CHECK(value_in(list, "by") == town.office.name);
        CHECK(value_in(list, "reason") == kReason);
        const std::string record = value_in(list, "record");
        CHECK(has(town.body("record.show", {{"id", record}}, town.anyone), "鲁市监罚〔2026〕7号"));
        CHECK(has(town.body("record.receipt", {{"id", record}}, town.anyone), "\"row\""));
        // Another unit sees nothing of it; the unit whose row it was sees the batch of the judgement.
        CHECK(has(town.body("judgement.list", {}, town.tax), "\"judgements\":[]"));
        CHECK(has(town.body("batch.list", {}, town.market), "存疑核实"));
        CHECK(town.exported("judgement.export", {{"outcome", "attached"}}, town.office).find("关联入库") !=
              std::string::npos);
        CHECK(has(town.body("judgement.list", {{"outcome", "returned"}}, town.office), "\"judgements\":[]"));
    });
}

TEST_CASE("doubtful.judge: a row goes back to its unit; it is not stored and the unit reads why") {
    in_desk_town([](DeskTown& town) {
        town.penalties(town.market, {"鲁市监罚〔2026〕8号", "鲁市监罚〔2026〕9号"}, true);
        CHECK(has(judged(town, waiting(town, town.office), ""), "\"returned\":2"));
        CHECK(shown(town, "鲁市监罚") == 0);
        const std::string list = town.body("judgement.list", {{"outcome", "returned"}}, town.market);
        CHECK(count_in(list, "\"outcome\":\"rejected\"") == 2);
        CHECK(count_in(list, kReason) == 2);
    });
}

TEST_CASE("doubtful.judge: what the unit handed in meanwhile stands; two rows of one act become one record") {
    in_desk_town([](DeskTown& town) {
        town.penalties(town.market, {"鲁市监罚〔2026〕10号"}, true);
        town.penalties(town.market, {"鲁市监罚〔2026〕11号"}, true, "a.csv");
        town.penalties(town.market, {"鲁市监罚〔2026〕11号"}, true, "b.csv");
        town.penalties(town.market, {"鲁市监罚〔2026〕10号"});  // with its code: attached by itself
        const auto rows = waiting(town, town.office);
        REQUIRE(rows.size() == 3);
        CHECK(has(judged(town, rows, kFirm), "\"attached\":1,\"known\":2,\"returned\":0"));
        CHECK(has(town.body("subject.show", {{"code", kFirm}}, town.anyone), "鲁市监罚〔2026〕11号"));
        CHECK(waiting(town, town.office).empty());
    });
}

TEST_CASE(
    "endpoint:judgement.reverse ok: the record ends at once, the row waits again and may go elsewhere") {
    in_desk_town([](DeskTown& town) {
        town.penalties(town.market, {"鲁市监罚〔2026〕12号"}, true);
        const auto rows = waiting(town, town.office);
        judged(town, rows, kFirm);
        const std::string record = value_in(town.body("judgement.list", {}, town.office), "record");
        CHECK(has(town.body("judgement.reverse", verdicts(rows, ""), town.office), "\"reversed\":1"));
        CHECK(shown(town, "鲁市监罚〔2026〕12号") == 0);
        CHECK(town.fault("record.show", {{"id", record}}, town.anyone) == code_of(Fault::not_found));
        CHECK(waiting(town, town.office) == rows);
        CHECK(has(town.body("judgement.list", {}, town.office), "\"judgements\":[]"));
        CHECK(has(town.body("event.list", {}, town.auditor), "撤销存疑核实"));
        // The same row, handed in with its code, is no repetition of what was taken back.
        const std::string again = town.penalties(town.market, {"鲁市监罚〔2026〕12号"});
        CHECK(has(town.body("batch.show", {{"id", again}}, town.market), "\"accepted\":1"));
        // And the row that waits says the same as what is held now.
        CHECK(has(judged(town, rows, kFirm), "\"known\":1"));
    });
}

TEST_CASE("judgement.reverse: what the judged row had replaced stands again") {
    in_desk_town([](DeskTown& town) {
        // A title instead of a document number proves no update (V13.unproven): a person decides.
        town.penalties(town.market, {"行政处罚决定书"});
        std::string text =
            "CF_XDR_MC,CF_XDR_LB,CF_XDR_SHXYM,CF_FRDB,CF_WSH,CF_WFXW,CF_SY,CF_YJ,CF_CFLB,CF_NR,"
            "CF_NR_FK,CF_JDRQ,CF_YXQ,CF_CFJG,CF_CFJGDM\n" +
            town.firm + ",法人及非法人组织," + kFirm +
            ",张三,行政处罚决定书,无照经营,未取得营业执照从事经营活动,"
            "《无证无照经营查处办法》第十三条,罚款,罚款人民币贰万元整,2.000000," +
            now_utc().date().plus_days(-40).to_string() + ",2099/12/31,鲁山县市场监督管理局," + kMarket +
            "\n";
        town.take(town.market, "penalty", text, "second.csv");
        const auto rows = waiting(town, town.office);
        REQUIRE(rows.size() == 1);
        CHECK(has(judged(town, rows, kFirm), "\"attached\":1"));
        CHECK(shown(town, "贰万元") == 1);
        CHECK(shown(town, "壹万元") == 0);
        town.body("judgement.reverse", verdicts(rows, ""), town.office);
        CHECK(shown(town, "贰万元") == 0);
        CHECK(shown(town, "壹万元") == 1);
    });
}

TEST_CASE("endpoint:doubtful.judge refused: no right, no reason, judged before, nobody of that code") {
    in_desk_town([](DeskTown& town) {
        town.penalties(town.market, {"鲁市监罚〔2026〕13号"}, true);
        const auto rows = waiting(town, town.office);
        const auto fault = [&](const Inputs& inputs, const api::Principal& who) {
            return town.fault("doubtful.judge", inputs, who);
        };
        CHECK(fault(verdicts(rows, kFirm), town.anyone) == code_of(Fault::sign_in_required));
        CHECK(fault(verdicts(rows, kFirm), town.market) == code_of(Fault::permission_missing));
        CHECK(fault(verdicts(rows, kFirm, "无"), town.office) == code_of(Fault::judgement_impossible));
        CHECK(fault(verdicts(rows, kFirm, "已电话13812345678核实"), town.office) ==
              code_of(Fault::judgement_impossible));
        CHECK(fault(verdicts(rows, "91410423MAX0001713"), town.office) ==
              code_of(Fault::judgement_impossible));
        CHECK(fault(verdicts({rows[0], rows[0]}, kFirm), town.office) ==
              code_of(Fault::judgement_impossible));
        CHECK(fault(verdicts({"1"}, kFirm), town.office) == code_of(Fault::judgement_unknown));
        // All or none: the second row does not exist, so the first one still waits.
        CHECK(fault(verdicts({rows[0], "999999"}, kFirm), town.office) == code_of(Fault::judgement_unknown));
        CHECK(waiting(town, town.office) == rows);
        judged(town, rows, kFirm);
        CHECK(fault(verdicts(rows, kFirm), town.office) == code_of(Fault::judgement_made));
    });
}

TEST_CASE(
    "doubtful.judge: a registration and a choice that only the unit can make are returned, not attached") {
    in_desk_town([](DeskTown& town) {
        town.take(town.market, "registration",
                  "主体名称,统一社会信用代码,登记状态\n鲁山县别名商贸有限公司," + kFirm + ",存续\n");
        const auto rows = waiting(town, town.office);
        REQUIRE(rows.size() == 1);
        CHECK(town.fault("doubtful.judge", verdicts(rows, kFirm), town.office) ==
              code_of(Fault::judgement_impossible));
        CHECK(has(judged(town, rows, ""), "\"returned\":1"));
    });
}

TEST_CASE(
    "endpoint:judgement.reverse refused, endpoint:judgement.list refused, endpoint:judgement.export ok, "
    "endpoint:judgement.export refused: the public, a unit, what newer data took the place of") {
    in_desk_town([](DeskTown& town) {
        town.penalties(town.market, {"鲁市监罚〔2026〕14号"}, true);
        const auto rows = waiting(town, town.office);
        CHECK(town.fault("judgement.reverse", verdicts(rows, ""), town.office) ==
              code_of(Fault::judgement_unknown));  // it still waits
        judged(town, rows, kFirm);
        CHECK(town.fault("judgement.reverse", verdicts(rows, ""), town.anyone) ==
              code_of(Fault::sign_in_required));
        CHECK(town.fault("judgement.reverse", verdicts(rows, ""), town.market) ==
              code_of(Fault::permission_missing));
        CHECK(town.fault("judgement.list", {}, town.anyone) == code_of(Fault::sign_in_required));
        CHECK(town.fault("judgement.list", {{"outcome", "some"}}, town.office) ==
              code_of(Fault::bad_argument));
        CHECK(town.fault("judgement.export", {{"format", "csv"}}, town.anyone) ==
              code_of(Fault::sign_in_required));
        CHECK(has(town.exported("judgement.export", {}, town.market), "鲁山县澜禾商贸有限公司"));
        // The unit hands a correction in: it stands on the judged record.
        std::string text =
            "CF_XDR_MC,CF_XDR_LB,CF_XDR_SHXYM,CF_FRDB,CF_WSH,CF_WFXW,CF_SY,CF_YJ,CF_CFLB,CF_NR,"
            "CF_NR_FK,CF_JDRQ,CF_YXQ,CF_CFJG,CF_CFJGDM\n" +
            town.firm + ",法人及非法人组织," + kFirm +
            ",张三,鲁市监罚〔2026〕14号,无证经营,未取得许可从事经营活动,"
            "《无证无照经营查处办法》第十三条,罚款,罚款人民币叁万元整,3.000000," +
            now_utc().date().plus_days(-40).to_string() + ",2099/12/31,鲁山县市场监督管理局," + kMarket +
            "\n";
        town.take(town.market, "penalty", text, "correction.csv");
        CHECK(shown(town, "叁万元") == 1);
        CHECK(town.fault("judgement.reverse", verdicts(rows, ""), town.office) ==
              code_of(Fault::judgement_superseded));
    });
}

TEST_CASE("a judged record is withdrawn and restored: it keeps the clock of the row that waited") {
    in_desk_town([](DeskTown& town) {
        town.penalties(town.market, {"鲁市监罚〔2026〕15号"}, true);
        const auto rows = waiting(town, town.office);
        judged(town, rows, kFirm);
        const std::string record = value_in(town.body("judgement.list", {}, town.office), "record");
        town.body(
            "record.withdraw",
            {{"records", "[\"" + record + "\"]"}, {"ground", "withdrawal.mistaken"}, {"reason", "误报"}},
            town.market);
        CHECK(shown(town, "鲁市监罚〔2026〕15号") == 0);
        CHECK(town.fault("judgement.reverse", verdicts(rows, ""), town.office) ==
              code_of(Fault::judgement_superseded));
        town.body("record.restore", {{"id", record}, {"reason", "误撤"}}, town.market);
        CHECK(shown(town, "鲁市监罚〔2026〕15号") > 0);
        CHECK(waiting(town, town.office).empty());
    });
}
