#include "api/api.h"

#include <doctest/doctest.h>

#include "api/openapi.h"

using namespace mingxin;
using namespace mingxin::api;

namespace {
Endpoint subject_endpoint() {
    Endpoint endpoint("subject.show", Method::get, "/api/v1/subjects/{code}", Permission::anyone,
                      Audit::metered, "按代码查询主体", "A subject by code",
                      {{"code", FieldType::text, "代码", "Code", true, Where::path, "91410423MA40000003"},
                       {"limit", FieldType::integer, "条数", "Rows", false, Where::query, "20"}},
                      {{"name", FieldType::text, "名称", "Name", true},
                       {"records",
                        FieldType::list,
                        "记录",
                        "Records",
                        true,
                        Where::body,
                        "",
                        {{"id", FieldType::integer, "编号", "Id", true, Where::body, "7"}}}},
                      ReadHandler{});
    endpoint.refusals = {Fault::not_found};
    return endpoint;
}
}  // namespace

TEST_CASE("permissions have stable names") {
    for (int i = 0; i < static_cast<int>(Permission::count_); ++i) {
        auto permission = static_cast<Permission>(i);
        CHECK_EQ(permission_by_name(permission_name(permission)), permission);
    }
    CHECK_FALSE(permission_by_name("root").has_value());
    Principal nobody;
    CHECK(nobody.may(Permission::anyone));
    CHECK_FALSE(nobody.may(Permission::collect_submit));
    CHECK_FALSE(nobody.signed_in());
}

TEST_CASE("an input holds what was set") {
    Input input;
    input.set("n", "42");
    input.set("word", "4x");
    input.set("yes", "true");
    input.set_upload("file", {"/p", "表.xlsx"});
    CHECK_EQ(input.integer("n", -1), 42);
    CHECK_EQ(input.integer("word", -1), -1);
    CHECK_EQ(input.integer("absent", -1), -1);
    CHECK(input.boolean("yes"));
    CHECK_FALSE(input.boolean("absent"));
    CHECK(input.has("file"));
    CHECK_EQ(input.upload("file")->file_name, "表.xlsx");
    CHECK_FALSE(input.upload("n").has_value());
    CHECK_EQ(Reply::redirect("/x").status, 303);
}

TEST_CASE("openapi: deterministic, with fields, refusals and permission") {
    std::vector<Endpoint> list{subject_endpoint()};
    Endpoint upload("batch.submit", Method::post, "/api/v1/batches", Permission::collect_submit, Audit::event,
                    "报送", "Submit", {{"file", FieldType::file, "文件", "File", true, Where::body}}, {},
                    LongHandler{});
    Endpoint page("home", Method::get, "/", Permission::anyone, Audit::metered, "首页", "Home", {}, {},
                  ReadHandler{});
    page.page = true;
    list.push_back(upload);
    list.push_back(page);
    std::string text = openapi_json(list);
    CHECK_EQ(text, openapi_json(list));
    auto contains = [&](std::string_view part) { return text.find(part) != std::string::npos; };
    CHECK(contains(R"("openapi":"3.1.0")"));
    CHECK(contains(R"("/api/v1/subjects/{code}":{"get":{"operationId":"subject.show")"));
    CHECK(contains(R"("name":"code","in":"path","required":true)"));
    CHECK(contains(R"("examples":[20])"));
    CHECK(contains("multipart/form-data"));
    CHECK(contains(R"("x-permission":"collect_submit")"));
    CHECK(contains("MX1404"));
    CHECK(contains("MX1002"));
    CHECK_FALSE(contains("首页"));
}
