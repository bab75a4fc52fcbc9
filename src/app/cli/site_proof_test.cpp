// Reports and the journal: issued, found, compared.
#include "cli/testing/site_town.h"

using namespace mingxin;
using namespace mingxin::cli::test;

TEST_CASE(
    "endpoint:site.report ok, endpoint:site.verify ok, endpoint:site.verify_file ok: issued, found, "
    "compared") {
    std::string page = town().get("/subjects/" + kFirm, town().office);
    CHECK(has(page, "出具PDF报告"));
    std::string token = between(page, "name=\"csrf\" value=\"", "\"");
    std::string reply = town().post("/subjects/" + kFirm + "/report",
                                    "csrf=" + token + "&purpose=" + escape_url("招标投标"), town().office);
    REQUIRE_EQ(status_of(reply), "HTTP/1.1 200");
    CHECK(has(reply, "Content-Type: application/pdf"));
    std::string number = between(reply, "filename=\"", ".pdf");
    std::string pdf = reply.substr(reply.find("\r\n\r\n") + 4);
    CHECK(pdf.starts_with("%PDF"));

    std::string found = town().get("/verify/" + number);
    check_page(found, "200");
    CHECK(has(found, "本平台出具过这一编号的报告"));
    CHECK(has(found, kFirm));
    std::string visitor;
    std::string own = town().token("/verify", visitor);
    auto compare = [&](const std::string& content) {
        return town().post_parts("/verify",
                                 Town::part("csrf", own) + Town::part("number", number) +
                                     Town::part("file", content, "report.pdf"),
                                 visitor);
    };
    CHECK(has(compare(pdf), "文件与出具时完全一致"));
    CHECK(has(compare(pdf + " "), "文件与出具时不一致"));
    // The file alone tells which report it is, or that it is none.
    auto alone = [&](const std::string& content) {
        return town().post_parts(
            "/verify", Town::part("csrf", own) + Town::part("file", content, "report.pdf"), visitor);
    };
    std::string recognised = alone(pdf);
    CHECK(has(recognised, "文件与出具时完全一致"));
    CHECK(has(recognised, number));
    check_page(alone(pdf + " "), "404");
    CHECK(has(alone(pdf + " "), "不是本平台出具的报告，或者已被改动"));
    CHECK(has(town().post_parts("/verify", Town::part("csrf", own) + Town::part("number", " " + number + " "),
                                visitor),
              "Location: /verify/" + number + "\r\n"));
}

TEST_CASE("endpoint:site.report refused: a clerk, without the form's token") {
    std::string token = town().token("/desk", town().clerk);
    check_page(town().post("/subjects/" + kFirm + "/report", "csrf=" + token, town().clerk), "403");
    check_page(town().post("/subjects/" + kFirm + "/report", "", town().office), "403");
    std::string office = town().token("/desk", town().office);
    CHECK_NE(status_of(town().post("/subjects/91410423MAX00099XX/report", "csrf=" + office, town().office)),
             "HTTP/1.1 200");
}

TEST_CASE("endpoint:site.verify_form ok, endpoint:site.verify refused, endpoint:site.verify_file refused") {
    check_page(town().get("/verify"), "200");
    std::string unknown = town().get("/verify/20261120093015ABCD2345");
    check_page(unknown, "404");
    CHECK(has(unknown, "请勿采信"));
    check_page(town().get("/verify/x"), "404");
    check_page(town().post_parts("/verify", Town::part("number", "x"), ""), "403");
}

TEST_CASE("endpoint:site.verify_form refused: another method") {
    CHECK_EQ(
        status_of(ask(town().server->port(), "PUT /verify HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")),
        "HTTP/1.1 405");
}

TEST_CASE("endpoint:site.journal ok: signed heads, the key, how to check") {
    std::string page = town().get("/journal");
    check_page(page, "200");
    CHECK(has(page, "BEGIN PUBLIC KEY"));
    CHECK(has(page, "verify_receipt.py"));
    std::string size = between(page, "data-size=\"", "\"");
    CHECK(has(town().get("/journal?before=" + size), "<h1>存证账本</h1>"));
    CHECK_FALSE(has(town().get("/journal?before=" + size), "data-size=\"" + size + "\""));
}

TEST_CASE("endpoint:site.journal refused: no number") {
    check_page(town().get("/journal?before=x"), "400");
}
