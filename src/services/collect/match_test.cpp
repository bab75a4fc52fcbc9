// Which subject a row belongs to (V15), and what becomes of a permit that another follows (V14); on both
// engines.
#include "collect/testing/town.h"
#include "subject/subject.h"

using namespace mingxin;
using namespace mingxin::collect;
using namespace mingxin::collect::test;

namespace {

std::string name_of(Town& town, int n) {
    auto tx = town.read();
    const auto subject = must(subject::find_by_code(tx, town.desk.tenant, code_of(n)));
    return subject ? subject->name : "";
}

std::string former_of(Town& town, int n) {
    auto tx = town.read();
    std::string names;
    for (const auto& former : must(subject::former_names(tx, town.desk.tenant, code_of(n)))) {
        names += (names.empty() ? "" : " ") + former.name;
    }
    return names;
}

}  // namespace

TEST_CASE("V15.name_conflict: a code under another name waits, whoever reports it, and attaches to nobody") {
    in_town([](Town& town) {
        town.take("registration", {registration(1), registration(2)});
        const Row wrong = changed(penalty(1), "CF_XDR_MC=平顶山市完全不同建材有限公司");
        const Outcome outcome =
            town.take("penalty", {wrong, changed(penalty(2), "CF_XDR_MC=鲁山县试验2 号商贸有限公司。")});
        CHECK(counts(outcome) == "2 1 0 0 1 0");  // blanks and a stop do not make another name
        const auto findings = town.findings(outcome);
        REQUIRE(findings.size() == 1);
        CHECK(findings[0].candidate == code_of(1));
        CHECK(findings[0].subject.empty());
        CHECK(town.shown(code_of(1), "penalty").empty());
        // A registration under another name without the former one waits too: codes are mistyped into valid
        // ones.
        CHECK(counts(town.take("registration", {changed(registration(1),
                                                        "ENT_NAME=鲁山县另一家有限公司")})) == "1 0 0 0 1 0");
        CHECK(name_of(town, 1) == firm_name(1));
        // Within one file as well.
        CHECK(
            counts(town.take("registration",
                             {registration(5), changed(registration(5), "ENT_NAME=鲁山县第三家有限公司")})) ==
            "2 1 0 0 1 0");
    });
}

TEST_CASE("two names in one field: either leads to the subject, with its code, and is a candidate without") {
    in_town([](Town& town) {
        const std::string first = "鲁山县试验1号商贸有限公司", second = "鲁山县粮油商店";
        const Row of_both = changed(registration(2), "ENT_NAME=鲁山县粮油站(第二名称:" + second + ")");
        town.take("registration",
                  {registration(1), of_both, changed(registration(3), "ENT_NAME=鲁山县饲料厂")});
        const auto candidate = [&](const std::string& name) {
            const auto waiting =
                town.findings(town.take("penalty", {changed(penalty(9), "CF_XDR_SHXYM=;CF_XDR_MC=" + name)}));
            REQUIRE(waiting.size() == 1);
            CHECK(waiting[0].subject.empty());
            return waiting[0].candidate;
        };
        CHECK(candidate(first + "（原名：鲁山县老店）") == code_of(1));
        CHECK(candidate("鲁山县老店（第二名称：" + first + "）") == code_of(1));
        CHECK(candidate(first + "（第二名称：鲁山县饲料厂）").empty());  // two subjects: no candidate
        CHECK(counts(town.take("penalty", {changed(penalty(2), "CF_XDR_MC=" + second)})) == "1 1 0 0 0 0");
    });
}

TEST_CASE("V15.name_only: a name alone attaches nothing, even where just one subject bears it") {
    in_town([](Town& town) {
        town.take("registration", {registration(1)});
        const Outcome outcome =
            town.take("penalty", {changed(penalty(1), "CF_XDR_SHXYM="),
                                  changed(penalty(2), "CF_XDR_SHXYM=;CF_XDR_MC=鲁山县没有的公司")});
        CHECK(counts(outcome) == "2 0 0 0 2 0");
        const auto findings = town.findings(outcome);
        REQUIRE(findings.size() == 2);
        CHECK(findings[0].findings.back().fault == "V15.name_only");
        CHECK(findings[0].candidate == code_of(1));  // for the person who decides
        CHECK(findings[1].candidate.empty());
        CHECK(town.shown(code_of(1), "penalty").empty());
        // Two of a name: no candidate is better than the other.
        town.take("registration", {changed(registration(3), "ENT_NAME=" + firm_name(1))});
        const Outcome namesakes =
            town.take("penalty", {changed(penalty(4), "CF_XDR_SHXYM=;CF_XDR_MC=" + firm_name(1))});
        CHECK(town.findings(namesakes)[0].candidate.empty());
        CHECK(town.count("select count(*) from record where item = 3") == 0);
    });
}

TEST_CASE("renaming: the registration tells the former name, under which records are still taken") {
    in_town([](Town& town) {
        town.take("registration", {registration(1)});
        const Row renamed = changed(
            registration(1), "ENT_NAME=鲁山县新名贸易有限公司;FORMER_NAME=鲁山县更早贸易行；" + firm_name(1));
        CHECK(counts(town.take("registration", {renamed})) == "1 0 1 0 0 0");
        CHECK(name_of(town, 1) == "鲁山县新名贸易有限公司");
        CHECK(former_of(town, 1) == (firm_name(1) < "鲁山县更早贸易行" ? firm_name(1) + " 鲁山县更早贸易行"
                                                                       : "鲁山县更早贸易行 " + firm_name(1)));
        // By its code under the old name, the new one, both in one cell; not under a third one.
        CHECK(counts(town.take(
                  "penalty", {penalty(1), changed(penalty(1), "CF_XDR_MC=鲁山县新名贸易有限公司;CF_WSH=二号"),
                              changed(penalty(1), "CF_XDR_MC=鲁山县新名贸易有限公司（原名：" + firm_name(1) +
                                                      "）;CF_WSH=三号"),
                              changed(penalty(1), "CF_XDR_MC=鲁山县第三名有限公司;CF_WSH=四号")})) ==
              "4 3 0 0 1 0");
        CHECK(town.shown(code_of(1), "penalty").size() == 3);
        auto tx = town.read();
        const auto matches = must(subject::find_by_name(tx, town.desk.tenant, firm_name(1)));
        REQUIRE(matches.size() == 1);
        CHECK(matches[0].former);
        CHECK(matches[0].subject.code == code_of(1));
        CHECK(must(subject::search(tx, town.desk.tenant, "新名贸易", 5)).size() == 1);
        CHECK(must(subject::search(tx, town.desk.tenant, "试验1号", 5)).empty());
    });
}

TEST_CASE("former names of a subject that is registered for the first time are known too") {
    in_town([](Town& town) {
        town.take("registration", {changed(registration(1), "FORMER_NAME=鲁山县旧名甲厂、鲁山县旧名乙厂"),
                                   changed(registration(2), "FORMER_NAME=" + firm_name(2))});
        CHECK(former_of(town, 1) == "鲁山县旧名乙厂 鲁山县旧名甲厂");
        CHECK(former_of(town, 2) == "");  // its own name is no former one
        CHECK(counts(town.take("penalty", {changed(penalty(1), "CF_XDR_MC=鲁山县旧名甲厂")})) ==
              "1 1 0 0 0 0");
        // Told again, it stands once.
        town.take("registration",
                  {changed(registration(1), "FORMER_NAME=鲁山县旧名甲厂;ADDRESS=鲁山县新址")});
        CHECK(former_of(town, 1) == "鲁山县旧名乙厂 鲁山县旧名甲厂");
        // In one file: the second row renames what the first made known.
        CHECK(counts(town.take(
                  "registration",
                  {registration(7), changed(registration(7), "ENT_NAME=鲁山县七号新名有限公司;FORMER_NAME=" +
                                                                 firm_name(7))})) == "2 1 1 0 0 0");
        CHECK(name_of(town, 7) == "鲁山县七号新名有限公司");
        CHECK(former_of(town, 7) == firm_name(7));
    });
}

TEST_CASE("older numbers lead to their subject when the name agrees, and to the doubtful queue when not") {
    in_town([](Town& town) {
        const std::string number = quality::test::completed("41042300000123", subject::is_valid_regno15);
        const std::string organisation(subject::orgcode_of(code_of(2)));
        town.take("registration", {changed(registration(1), "REG_NO=" + number), registration(2)});
        const Outcome outcome =
            town.take("penalty", {changed(penalty(1), "CF_XDR_SHXYM=;CF_XDR_GSZC=" + number),
                                  changed(penalty(2), "CF_XDR_SHXYM=;CF_XDR_ZZJG=" + organisation),
                                  changed(penalty(2), "CF_WSH=另一号;CF_XDR_SHXYM=" + organisation),
                                  changed(penalty(3), "CF_XDR_SHXYM=;CF_XDR_GSZC=" + number),
                                  changed(penalty(4), "CF_XDR_SHXYM=;CF_XDR_SWDJ=410423999999999")});
        CHECK(counts(outcome) == "5 3 0 0 2 0");
        CHECK(town.shown(code_of(1), "penalty").size() == 1);
        CHECK(town.shown(code_of(2), "penalty").size() == 2);
        for (const RowFindings& row : town.findings(outcome)) {
            if (row.row == 4) {
                CHECK(row.findings.back().fault == "V15.name_conflict");
                CHECK(row.candidate == code_of(1));
            }
            if (row.row == 5) CHECK(row.findings.back().fault == "V15.name_only");
        }
    });
}

TEST_CASE("V14: a later decision with the same permit number takes the place of the one before") {
    in_town([](Town& town) {
        CHECK(counts(town.take("permit", {permit(1)})) == "1 1 0 0 0 0");
        const Row extended = changed(permit(1), "XK_WSH=延续一号;XK_JDRQ=2026-11-01;XK_YXQZI=2036-10-11");
        const Outcome outcome = town.take("permit", {extended});
        CHECK(counts(outcome) == "1 0 1 0 0 0");
        CHECK(town.told(outcome) == std::vector<std::string>{"1:V14@XK_XKBH"});
        REQUIRE(town.shown(code_of(1), "permit").size() == 1);
        CHECK(town.shown(code_of(1), "permit")[0].document_no == "延续一号");
        // An older decision that comes late takes nobody's place.
        CHECK(counts(town.take("permit", {changed(permit(1), "XK_WSH=初次;XK_JDRQ=2021-10-12")})) ==
              "1 1 0 0 0 0");
        bool newest_is_live = false;
        for (const auto& shown : town.shown(code_of(1), "permit"))
            newest_is_live = newest_is_live || shown.document_no == "延续一号";
        CHECK(newest_is_live);
        // Another subject's permit of that number, and one without a number, are their own.
        CHECK(counts(town.take("permit", {changed(permit(2), "XK_XKBH=" + permit(1)["XK_XKBH"]),
                                          changed(permit(3), "XK_XKBH="),
                                          changed(permit(3), "XK_XKBH=;XK_WSH=又一号")})) == "3 3 0 0 0 0");
    });
}

TEST_CASE("V14 within one file: only the last of a chain stays") {
    in_town([](Town& town) {
        const Outcome outcome =
            town.take("permit", {permit(1), changed(permit(1), "XK_WSH=变更一号;XK_JDRQ=2026-10-20"),
                                 changed(permit(1), "XK_WSH=变更二号;XK_JDRQ=2026-10-30"), permit(2)});
        CHECK(counts(outcome) == "4 2 2 0 0 0");
        CHECK(town.told(outcome) == std::vector<std::string>{"2:V14@XK_XKBH", "3:V14@XK_XKBH"});
        REQUIRE(town.shown(code_of(1), "permit").size() == 1);
        CHECK(town.shown(code_of(1), "permit")[0].document_no == "变更二号");
        CHECK(town.shown(code_of(2), "permit").size() == 1);
    });
}
