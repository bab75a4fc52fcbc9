// Sign-in and the desk where a unit hands in files.
#include "cli/testing/site_town.h"

using namespace mingxin;
using namespace mingxin::cli::test;

TEST_CASE("endpoint:site.sign_in_form ok, endpoint:site.sign_in ok, endpoint:site.sign_out ok") {
    std::string visitor;
    std::string token = town().token("/sign-in?next=%2Fjournal", visitor);
    std::string reply = town().post(
        "/sign-in", "csrf=" + token + "&account=zhang.san&next=%2Fjournal&password=correct+horse+battery",
        visitor);
    CHECK(has(reply, "Location: /journal\r\n"));
    CHECK(has(reply, "HttpOnly; SameSite=Strict"));
    std::string session = "mx_session=" + between(reply, "mx_session=", ";");
    CHECK(has(town().get("/", session), "已登录：张三"));
    std::string out = town().post("/sign-out", "csrf=" + town().token("/desk", session), session);
    CHECK(has(out, "mx_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0"));
    CHECK_FALSE(has(town().get("/", session), "已登录"));
}

TEST_CASE(
    "endpoint:site.sign_in refused, endpoint:site.sign_in_form refused, endpoint:site.sign_out refused") {
    std::string visitor;
    std::string token = town().token("/sign-in", visitor);
    std::string wrong = town().post("/sign-in", "csrf=" + token + "&account=li.si&password=wrong", visitor);
    check_page(wrong, "401");
    CHECK(has(wrong, "账号或密码不正确"));
    CHECK_EQ(between(wrong, "name=\"account\"", ">").find("wrong"), std::string::npos);
    std::string nobody = town().post("/sign-in", "csrf=" + token + "&account=nobody&password=wrong", visitor);
    CHECK_EQ(between(nobody, "role=\"alert\">", "</div>"), between(wrong, "role=\"alert\">", "</div>"));
    check_page(town().post("/sign-in", "account=li.si&password=wrong", visitor), "403");
    // A link can't lead elsewhere after sign-in.
    for (const char* next : {"https://evil.example", "//evil.example", "/\\evil.example"}) {
        const std::string form = town().get("/sign-in?next=" + escape_url(next));
        CHECK(has(form, "name=\"next\" value=\"/desk\""));
        CHECK_FALSE(has(form, "evil.example"));
    }
    check_page(town().post("/sign-out", "", town().clerk), "403");
}

TEST_CASE("endpoint:site.password_form ok, endpoint:site.password ok: the old session ends") {
    std::string old = town().office;
    std::string token = town().token("/account/password", old);
    std::string again = escape_url("yet another passphrase");
    std::string reply = town().post("/account/password",
                                    "csrf=" + token + "&old=" + escape_url("another long passphrase") +
                                        "&password=" + again + "&again=" + again,
                                    old);
    CHECK(has(reply, "Location: /desk\r\n"));
    town().office = "mx_session=" + between(reply, "mx_session=", ";");
    CHECK_EQ(status_of(town().get("/desk", old)), "HTTP/1.1 303");
    CHECK_EQ(status_of(town().get("/desk", town().office)), "HTTP/1.1 200");
}

TEST_CASE(
    "endpoint:site.password_form refused, endpoint:site.password refused: a visitor, a weak one, two that "
    "differ") {
    CHECK(has(town().get("/account/password"), "Location: /sign-in?next=%2Faccount%2Fpassword\r\n"));
    std::string token = town().token("/account/password", town().clerk);
    auto change = [&](const std::string& old, const std::string& to, const std::string& again) {
        return town().post(
            "/account/password",
            "csrf=" + token + "&old=" + escape_url(old) + "&password=" + to + "&again=" + again,
            town().clerk);
    };
    CHECK(has(change("correct horse battery", "aaaaaaaaaaaa", "bbbbbbbbbbbb"), "两次输入的新密码不一致"));
    CHECK(has(change("correct horse battery", "1234567890", "1234567890"), "过于常见"));
    CHECK(has(change("wrong", "a-good-new-one", "a-good-new-one"), "账号或密码不正确"));
}

TEST_CASE("endpoint:site.desk ok, endpoint:site.batch ok, endpoint:site.reply ok: what became of the file") {
    std::string desk = town().get("/desk", town().clerk);
    check_page(desk, "200");
    CHECK(has(desk, "<option value=\"penalty\">"));
    CHECK(has(desk, "鲁山县市场监督管理局"));
    CHECK(has(desk, "/desk/batches/" + town().batch));
    CHECK(has(desk, "Cache-Control: no-store\r\n"));
    std::string page = town().get("/desk/batches/" + town().batch, town().clerk);
    check_page(page, "200");
    CHECK(has(page, "<dt>入库</dt><dd>1</dd>"));
    CHECK(has(page, "<dt>退回</dt><dd>1</dd>"));
    CHECK(has(page, "行政处罚决定书文号"));
    std::string workbook = town().get("/desk/batches/" + town().batch + "/reply", town().clerk);
    CHECK(has(workbook, "filename=\"reply-" + town().batch + ".xlsx\""));
    CHECK(workbook.substr(workbook.find("\r\n\r\n") + 4).starts_with("PK"));
}

TEST_CASE("endpoint:site.desk refused, endpoint:site.batch refused, endpoint:site.reply refused") {
    CHECK(has(town().get("/desk"), "Location: /sign-in?next=%2Fdesk\r\n"));
    CHECK(has(town().get("/desk/batches/" + town().batch), "303"));
    check_page(town().get("/desk/batches/999999", town().clerk), "404");
    check_page(town().get("/desk/batches/x", town().clerk), "400");
    check_page(town().get("/desk/batches/999999/reply", town().clerk), "404");
}

TEST_CASE(
    "endpoint:site.submit ok, endpoint:site.upload ok: taken once, whoever sends it; a broken file tells "
    "why") {
    std::string token = town().token("/desk", town().office);
    std::string parts = Town::part("csrf", token) + Town::part("item", "penalty") +
                        Town::part("unit", kUnit) + Town::part("attempt", "once") +
                        Town::part("file", "PK\3\4 no zip", "broken.xlsx");
    std::string job = between(town().post_parts("/desk/uploads", parts, town().office), "Location: ", "\r\n");
    std::string page;
    for (int i = 0; i < 200 && !has(page, "文件未能入库"); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        page = town().get(job, town().office);
    }
    check_page(page, "200");
    CHECK(has(page, "MX21"));
    CHECK(has(page, "没有任何一行入库"));
    CHECK_EQ(status_of(town().get(job.substr(0, job.find('?')), town().clerk)),
             "HTTP/1.1 200");  // of the same unit
}

TEST_CASE("endpoint:site.submit refused, endpoint:site.upload refused") {
    std::string token = town().token("/desk", town().clerk);
    auto send = [&](const std::string& parts) {
        return town().post_parts("/desk/uploads", parts, town().clerk);
    };
    std::string file = Town::part("file", "a,b\n1,2\n", "a.csv"), csrf = Town::part("csrf", token);
    check_page(send(Town::part("item", "penalty") + file), "403");
    check_page(send(csrf + Town::part("item", "penalty")), "400");
    CHECK_NE(status_of(send(csrf + Town::part("item", "nonsense") + file)), "HTTP/1.1 303");
    check_page(send(csrf + Town::part("item", "penalty") + Town::part("unit", "11410423005590003L") + file),
               "403");
    CHECK_EQ(status_of(town().post_parts("/desk/uploads", Town::part("item", "penalty") + file, "")),
             "HTTP/1.1 401");
    check_page(town().get("/desk/uploads/00", town().clerk), "404");
}
