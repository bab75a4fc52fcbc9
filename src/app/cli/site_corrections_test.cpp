// What the public is shown of a withdrawn record: that it was withdrawn, when, by whom and why; nothing else.
#include "cli/testing/site_town.h"

using namespace mingxin;
using namespace mingxin::cli::test;

namespace {

api::Principal office_of(Town& town) {
    api::Principal who;
    who.name = "credit_office_clerk:li.si";
    who.session_id = "test";
    for (const access::Role& role : access::roles_in_force(*town.platform->rules(), now_utc().date())) {
        if (role.id != "credit_office_clerk") continue;
        for (api::Permission one : role.permissions) who.permissions[static_cast<int>(one)] = true;
    }
    return who;
}

}  // namespace

TEST_CASE(
    "a withdrawn record: its page tells that and why; the site, its data and a report show nothing of it") {
    Town own;
    const std::string id = own.batch + "-1", number = "鲁市监罚〔2026〕1号";
    REQUIRE(has(own.get("/records/" + id), number));
    const auto issued =
        must(own.gate->run_local("report.issue", {{"code", kFirm}, {"purpose", "投标"}}, office_of(own)));
    std::string report;
    for (const auto& [name, value] : issued.headers) {
        if (name == "X-Report-Number") report = value;
    }
    must(own.gate->run_local("record.withdraw",
                             {{"records", "[\"" + id + "\"]"},
                              {"ground", "withdrawal.annulled"},
                              {"reason", "复议机关认为处罚过重"},
                              {"document_no", "鲁政复决〔2026〕3号"},
                              {"decided", now_utc().date().to_string()}},
                             office_of(own)));
    const std::string page = own.get("/records/" + id);
    check_page(page, "410");
    CHECK(has(page, "该记录已由鲁山县市场监督管理局于"));
    CHECK(has(page, "该记录所依据的决定已被依法撤销"));
    CHECK_FALSE(has(page, number));
    CHECK_FALSE(has(page, kFirm));
    CHECK_FALSE(has(page, "澜禾"));
    CHECK_FALSE(has(page, "处罚过重"));
    REQUIRE(own.eventually("/", "<dt>公示中的行政处罚</dt><dd><a href=\"/publicity/penalty\">0</a>"));
    for (const std::string& path : std::vector<std::string>{
             "/", "/subjects/" + kFirm, "/publicity/penalty", "/search?q=" + escape_url("澜禾"),
             "/statistics", "/api/v1/subjects/" + kFirm, "/journal", "/verify/" + report}) {
        CAPTURE(path);
        const std::string shown = own.get(path);
        CHECK_FALSE(has(shown, number));
        CHECK_FALSE(has(shown, "/records/" + id));
        CHECK_FALSE(has(shown, "无证经营"));
    }
    const std::string verified = own.get("/verify/" + report);
    CHECK(has(verified, "其中1条记录已更正、撤销或修复"));
    CHECK(has(verified, "其中1条已由报送单位撤回"));
    // Restored under a new number: the old address leads to it.
    must(own.gate->run_local("record.restore", {{"id", id}, {"reason", "误撤"}}, office_of(own)));
    CHECK(has(own.get("/records/" + id), "Location: /records/"));
    CHECK_FALSE(has(own.get("/verify/" + report), "已更正、撤销或修复"));
}
