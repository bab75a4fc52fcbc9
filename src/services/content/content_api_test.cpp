// The endpoints through their handlers, on both engines. Permissions are the gate's:
// tests/http_surface_test.py asks each path with each role.
#include "base/file.h"
#include "content/testing/newsroom.h"

using namespace mingxin;
using namespace mingxin::content;
using namespace mingxin::content::test;

namespace {

using Inputs = std::initializer_list<std::pair<const char*, std::string>>;

/// A newsroom that is spoken to as the gate would.
struct Office {
    Newsroom& room;
    std::vector<api::Endpoint> all = endpoints(std::make_shared<const Desk>(room.desk));

    Result<std::string> ask(std::string_view id, const std::string& by, Inputs inputs, Instant now = kNow) {
        api::Input in;
        for (const auto& [name, value] : inputs) in.set(name, value);
        return run(id, by, in, now);
    }
    Result<std::string> run(std::string_view id, const std::string& by, const api::Input& in,
                            Instant now = kNow) {
        const api::Principal who = person(by);
        const api::Call call{who, now, "192.0.2.1", "zh", {}};
        for (const api::Endpoint& endpoint : all) {
            if (id != endpoint.id) continue;
            if (const auto* read = std::get_if<api::ReadHandler>(&endpoint.handler)) {
                auto tx = must(room.database().read());
                auto reply = (*read)(call, in, tx);
                if (!reply.ok()) return fail(reply.error());
                return reply->body;
            }
            return room.write<std::string>([&](store::Tx& tx) -> Result<std::string> {
                return TRY(std::get<api::WriteHandler>(endpoint.handler)(call, in, tx)).body;
            });
        }
        return fail(Fault::endpoint_unknown, std::string(id));
    }
    std::int64_t save(const std::string& title) {
        return number(must(ask("article.save", "wang",
                               {{"revision", "0"},
                                {"column", "news"},
                                {"title", title},
                                {"summary", "摘要"},
                                {"body", "正文"},
                                {"facts", R"([{"name":"文号","value":"一号"}])"}})),
                      "id");
    }
    static std::int64_t number(const std::string& json, const std::string& key) {
        const auto payload = Payload::parse(json);
        REQUIRE(payload);
        return payload->integer(key);
    }
    /// Of the draft.
    std::string revision(std::int64_t id) {
        const auto shown = Payload::parse(must(ask("article.show", "wang", {{"id", std::to_string(id)}})));
        return std::to_string(shown->object("working").integer("revision"));
    }
    std::string submitted(const std::string& title) {
        const std::int64_t id = save(title);
        must(ask("article.submit", "wang", {{"id", std::to_string(id)}, {"revision", revision(id)}}));
        return std::to_string(id);
    }
    std::string passed(const std::string& title) {
        const std::string id = submitted(title);
        must(ask("article.pass", "li", {{"id", id}, {"version", "1"}}));
        return id;
    }
    std::string released(const std::string& title) {
        const std::string id = passed(title);
        must(ask("article.release", "zhao", {{"id", id}, {"version", "1"}}));
        return id;
    }
};

void in_office(const std::function<void(Office&)>& scenario) {
    in_newsroom([&](Newsroom& room) {
        Office office{room};
        scenario(office);
    });
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE(
    "endpoint:column.save ok, endpoint:column.list ok, endpoint:column.end ok, endpoint:column.reopen ok") {
    in_office([](Office& office) {
        const std::string made = must(office.ask("column.save", "li",
                                                 {{"slug", "policies"},
                                                  {"revision", "0"},
                                                  {"name", "政策法规"},
                                                  {"kind", "policies"},
                                                  {"position", "3"}}));
        CHECK(has(made, R"("state":"active")"));
        CHECK(has(made, R"("url":"/columns/policies")"));
        office.released("动态");
        office.save("草稿");
        const std::string list = must(office.ask("column.list", "li", {}));
        CHECK(has(list, R"("slug":"news")"));
        CHECK(has(list, R"("shown":1,"in_work":1)"));
        const std::string revision = std::to_string(Office::number(made, "revision"));
        const std::string ended = must(office.ask(
            "column.end", "li", {{"slug", "policies"}, {"revision", revision}, {"reason", "合并"}}));
        CHECK(has(ended, R"("state":"ended","ended_reason":"合并")"));
        CHECK(has(must(office.ask("column.reopen", "li",
                                  {{"slug", "policies"},
                                   {"revision", std::to_string(Office::number(ended, "revision"))},
                                   {"reason", "恢复"}})),
                  R"("state":"active")"));
    });
}

TEST_CASE(
    "endpoint:column.save refused, endpoint:column.list refused, endpoint:column.end refused, "
    "endpoint:column.reopen refused") {
    in_office([](Office& office) {
        const auto save = [&](const char* kind, const char* position) {
            return fault_of(office.ask("column.save", "li",
                                       {{"slug", "x-y"},
                                        {"revision", "0"},
                                        {"name", "甲"},
                                        {"kind", kind},
                                        {"position", position}}));
        };
        CHECK(save("gossip", "0") == Fault::content_malformed);
        CHECK(save("articles", "1000") == Fault::content_malformed);
        CHECK(save("records", "0") == Fault::content_malformed);
        for (const char* id : {"column.end", "column.reopen"}) {
            CHECK(fault_of(office.ask(id, "li", {{"slug", "none"}, {"revision", "1"}, {"reason", "x"}})) ==
                  Fault::column_unknown);
        }
        for (const api::Endpoint& endpoint : office.all) {
            CHECK(endpoint.permission != api::Permission::anyone);  // nobody from outside
        }
    });
}

TEST_CASE("endpoint:article.save ok, endpoint:article.show ok, endpoint:article.list ok") {
    in_office([](Office& office) {
        const std::string draft = std::to_string(office.save("草稿一"));
        const std::string review = office.submitted("在审");
        const std::string shown = office.released("公开");
        const std::string list = must(office.ask("article.list", "li", {}));
        CHECK(list.find("公开") < list.find("草稿一"));
        CHECK(has(list, R"("waiting_count":1)"));
        CHECK(has(list, R"("column_name":"信用动态")"));
        CHECK(has(list, R"("writers":["wang"])"));
        const auto only = [&](const char* key, const std::string& value, const char* by = "li") {
            return must(office.ask("article.list", by, {{key, value}}));
        };
        CHECK(has(only("stage", "first_review"), "在审"));
        CHECK_FALSE(has(only("stage", "first_review"), "草稿一"));
        CHECK(has(only("visibility", "shown"), "公开"));
        CHECK_FALSE(has(only("visibility", "shown"), "在审"));
        CHECK(has(only("waiting", "true"), "在审"));
        CHECK_FALSE(has(only("waiting", "true", "wang"), "在审"));
        CHECK_FALSE(has(only("mine", "true"), "草稿一"));
        CHECK(has(only("text", "稿一"), "草稿一"));
        CHECK_FALSE(has(only("column", "none"), "草稿一"));
        CHECK_FALSE(has(only("before", review), "在审"));
        CHECK(has(only("limit", "1"), "公开"));
        CHECK_FALSE(has(only("limit", "1"), "在审"));

        const std::string one = must(office.ask("article.show", "li", {{"id", review}}));
        CHECK(has(one, R"("stage":"first_review","visibility":"never")"));
        CHECK(has(one, R"("pass":true,"return":true,"release":false,"withdraw":false)"));
        CHECK(has(one, R"("html":"<p>正文</p>\n")"));
        CHECK(has(one, R"("step":"submitted")"));
        const std::string own = must(office.ask("article.show", "wang", {{"id", review}}));
        CHECK(has(own, R"("pass":false)"));
        CHECK(has(own, R"("recall":true)"));
        CHECK(has(own, "一审须由另一个人进行"));
        CHECK(has(must(office.ask("article.show", "wang", {{"id", draft}})), R"("in_review":null)"));
        CHECK(has(must(office.ask("article.show", "wang", {{"id", shown}})), R"("url":"/articles/)" + shown));
        CHECK(has(must(office.ask("article.show", "wang", {{"id", shown}})),
                  R"("facts":[{"name":"文号","value":"一号"}])"));
    });
}

TEST_CASE("endpoint:article.save refused, endpoint:article.show refused, endpoint:article.list refused") {
    in_office([](Office& office) {
        CHECK(fault_of(office.ask(
                  "article.save", "wang",
                  {{"revision", "0"}, {"column", "news"}, {"title", "x"}, {"release_at", "明天"}})) ==
              Fault::content_malformed);
        CHECK(fault_of(office.ask("article.save", "wang",
                                  {{"revision", "0"}, {"column", "none"}, {"title", "x"}})) ==
              Fault::column_unknown);
        CHECK(fault_of(office.ask("article.show", "wang", {{"id", "99"}})) == Fault::article_unknown);
        CHECK(fault_of(office.ask("article.list", "wang", {{"limit", "0"}})) == Fault::bad_argument);
    });
}

TEST_CASE(
    "endpoint:article.version ok, endpoint:article.compare ok, endpoint:article.check ok, "
    "endpoint:article.preview ok") {
    in_office([](Office& office) {
        const std::string id = office.released("公开");
        CHECK(has(must(office.ask("article.version", "li", {{"id", id}, {"version", "1"}})),
                  R"("text":{"column":"news","title":"公开")"));
        must(office.ask("article.save", "wang",
                        {{"article", id},
                         {"revision", "0"},
                         {"column", "news"},
                         {"title", "改"},
                         {"body", "正文\n加一行"}}));
        const std::string parts =
            must(office.ask("article.compare", "li", {{"id", id}, {"old", "1"}, {"new", "0"}}));
        CHECK(has(
            parts,
            R"({"place":"title","kind":"removed","text":"公开"},{"place":"title","kind":"added","text":"改"})"));
        CHECK(has(
            parts,
            R"({"place":"body","kind":"same","text":"正文"},{"place":"body","kind":"added","text":"加一行"})"));
        const std::string checked =
            must(office.ask("article.check", "wang", {{"title", "老赖"}, {"body", "手机13812345678"}}));
        CHECK(has(checked, R"("rule":"W04","effect":"warn","place":"title")"));
        CHECK(has(checked, R"("rule":"P02")"));
        CHECK_FALSE(has(checked, "13812345678"));
        CHECK(has(must(office.ask("article.preview", "wang", {{"body", "<b>"}})), "&lt;b&gt;"));
    });
}

TEST_CASE(
    "endpoint:article.version refused, endpoint:article.compare refused, endpoint:article.check refused, "
    "endpoint:article.preview refused") {
    in_office([](Office& office) {
        const std::string id = office.released("公开");
        CHECK(fault_of(office.ask("article.version", "li", {{"id", id}, {"version", "2"}})) ==
              Fault::article_unknown);
        CHECK(fault_of(office.ask("article.compare", "li", {{"id", id}, {"old", "1"}, {"new", "0"}})) ==
              Fault::article_state);
        CHECK(fault_of(office.ask("article.compare", "li", {{"id", "99"}, {"old", "1"}, {"new", "1"}})) ==
              Fault::article_unknown);
        CHECK(fault_of(office.ask("article.check", "wang", {{"release_at", "25:00"}})) ==
              Fault::content_malformed);
        for (const api::Endpoint& endpoint : office.all) {
            if (std::string_view(endpoint.id) == "article.preview") {
                CHECK(endpoint.permission == api::Permission::content_view);
            }
        }
    });
}

TEST_CASE(
    "endpoint:article.submit ok, endpoint:article.pass ok, endpoint:article.release ok, "
    "endpoint:article.withdraw ok, endpoint:article.return ok, endpoint:article.recall ok, "
    "endpoint:article.discard ok") {
    in_office([](Office& office) {
        const std::string id = office.released("全程");
        CHECK(has(
            must(office.ask("article.withdraw", "zhao", {{"id", id}, {"reason", "内容有误"}}, later_h(1))),
            R"("visibility":"withdrawn")"));
        const std::string back = office.submitted("退回");
        CHECK(
            has(must(office.ask("article.return", "li", {{"id", back}, {"version", "1"}, {"note", "补充"}})),
                R"("stage":"returned")"));
        CHECK(has(must(office.ask("article.discard", "wang",
                                  {{"id", back}, {"revision", office.revision(std::atoll(back.c_str()))}})),
                  R"("stage":"none","visibility":"never","version":1,"revision":0)"));
        const std::string recalled = office.passed("撤回送审");
        CHECK(has(must(office.ask("article.recall", "wang", {{"id", recalled}, {"version", "1"}})),
                  R"("stage":"returned")"));
    });
}

TEST_CASE(
    "endpoint:article.submit refused, endpoint:article.pass refused, endpoint:article.release refused, "
    "endpoint:article.withdraw refused, endpoint:article.return refused, endpoint:article.recall refused, "
    "endpoint:article.discard refused") {
    in_office([](Office& office) {
        const std::string id = office.submitted("在审");
        CHECK(fault_of(office.ask("article.submit", "wang", {{"id", id}, {"revision", "1"}})) ==
              Fault::article_state);
        CHECK(fault_of(office.ask("article.discard", "wang", {{"id", id}, {"revision", "1"}})) ==
              Fault::article_state);
        CHECK(fault_of(office.ask("article.pass", "wang", {{"id", id}, {"version", "1"}})) ==
              Fault::person_repeated);
        CHECK(fault_of(office.ask("article.release", "zhao", {{"id", id}, {"version", "1"}})) ==
              Fault::article_state);
        CHECK(fault_of(office.ask("article.return", "li", {{"id", id}, {"version", "2"}, {"note", "x"}})) ==
              Fault::article_state);
        CHECK(fault_of(office.ask("article.recall", "li", {{"id", id}, {"version", "1"}})) ==
              Fault::article_state);
        CHECK(fault_of(office.ask("article.withdraw", "zhao", {{"id", id}, {"reason", "x"}})) ==
              Fault::article_state);
        CHECK(fault_of(office.ask("article.withdraw", "zhao", {{"id", "99"}, {"reason", "x"}})) ==
              Fault::article_unknown);
    });
}

TEST_CASE("endpoint:article.rechecks ok: what is public and settled is not among them") {
    in_office([](Office& office) {
        office.released("公开的");
        CHECK(must(office.ask("article.rechecks", "zhao", {})) == R"({"articles":[]})");
    });
}

TEST_CASE("endpoint:picture.add ok, endpoint:picture.list ok, endpoint:picture.show ok") {
    in_office([](Office& office) {
        TemporaryFolder folder;
        must(write_file(folder.path() / "p.png", png(4, 3)));
        api::Input in;
        in.set("alt", "现场");
        in.set_upload("file", {(folder.path() / "p.png").string(), "p.png"});
        const std::string added = must(office.run("picture.add", "wang", in));
        CHECK(has(added, R"("type":"image/png","width":4,"height":3)"));
        const std::string digest = Payload::parse(added)->text("digest");
        CHECK(must(office.ask("picture.show", "li", {{"digest", digest}})) == png(4, 3));
        CHECK(has(must(office.ask("picture.list", "li", {{"limit", "5"}})), digest));
    });
}

TEST_CASE("endpoint:picture.add refused, endpoint:picture.list refused, endpoint:picture.show refused") {
    in_office([](Office& office) {
        TemporaryFolder folder;
        must(write_file(folder.path() / "p.png", "no picture"));
        api::Input in;
        in.set("alt", "现场");
        CHECK(fault_of(office.run("picture.add", "wang", in)) == Fault::field_missing);
        in.set_upload("file", {(folder.path() / "p.png").string(), "p.png"});
        CHECK(fault_of(office.run("picture.add", "wang", in)) == Fault::picture_unusable);
        must(write_file(folder.path() / "p.png", std::string(kPictureMost_bytes + 1, 'x')));
        CHECK(fault_of(office.run("picture.add", "wang", in)) == Fault::picture_too_large);
        CHECK(fault_of(office.ask("picture.list", "wang", {{"limit", "201"}})) == Fault::bad_argument);
        CHECK(fault_of(office.ask("picture.show", "wang", {{"digest", std::string(64, 'a')}})) ==
              Fault::picture_unknown);
    });
}
