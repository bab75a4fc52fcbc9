// Columns of a department's own through the gate, on both engines: suggested, remembered, applied, ended.
#include "cli/testing/desk_town.h"

using namespace mingxin;
using namespace mingxin::cli;
using namespace mingxin::cli::test;

namespace {

const char* const kFile =
    "企业名,18位代码,老板,状态情况,身份证\n鲁山县澜禾商贸有限公司,91410423MAX0001705,张三,在业,\n";
const char* const kColumns =
    R"([{"header":"企业名","field":"ENT_NAME"},{"header":"18位代码","field":"USCC"},)"
    R"({"header":"老板","field":"LEGAL_REP"},{"header":"状态情况","field":"STATE"},{"header":"身份证"}])";

void in_desk_town(const std::function<void(DeskTown&)>& scenario) {
    store::for_each_engine_url([&](const std::string& url, const std::string& engine) {
        DeskTown town(url, engine);
        scenario(town);
    });
}

std::string suggestion(DeskTown& town, const std::string& text, const api::Principal& who) {
    const std::filesystem::path file = town.folder.path() / "own.csv";
    must(write_file(file, text));
    return town.body("mapping.suggest", {{"item", "registration"}, {"file", file.string()}}, who);
}

}  // namespace

TEST_CASE(
    "endpoint:mapping.suggest ok, endpoint:mapping.save ok: asked once, then no more; the file goes in") {
    in_desk_town([](DeskTown& town) {
        const std::string asked = suggestion(town, kFile, town.market);
        CHECK(has(asked, "\"asks\":true"));
        CHECK(has(asked, "\"header\":\"18位代码\",\"field\":\"USCC\""));
        CHECK(has(asked, "\"samples\":[\"91410423MAX0001705\"]"));
        CHECK(has(asked, "\"confidence\":"));
        CHECK_FALSE(has(asked, "\"remembered\""));
        const std::string saved =
            town.body("mapping.save", {{"item", "registration"}, {"columns", kColumns}}, town.market);
        CHECK(has(saved, "\"header\":\"老板\",\"field\":\"LEGAL_REP\""));
        const std::string known = suggestion(town, kFile, town.market);
        CHECK(has(known, "\"asks\":false"));
        CHECK(has(known, "\"remembered\":" + value_in(saved, "id")));
        CHECK(has(suggestion(town, kFile, town.tax), "\"asks\":true"));  // of another unit
        const std::string batch = town.take(town.market, "registration", kFile);
        CHECK(has(town.body("batch.show", {{"id", batch}}, town.market), "\"accepted\":1"));
        const std::string sheet = town.body("batch.sheet", {{"id", batch}, {"lines", "2"}}, town.market);
        CHECK(has(sheet, "{\"header\":\"企业名\",\"field\":\"ENT_NAME\"}"));
        CHECK(has(sheet, "{\"header\":\"身份证\"}"));
        CHECK(has(town.body("event.list", {}, town.auditor), "记住列对应"));
        // The journal makes the same tables again.
        CHECK(must(oversight::verify(town.platform->grounds(), {})).damages.empty());
    });
}

TEST_CASE("mapping.suggest: a known header asks nothing; a person's number is neither shown nor guessed") {
    in_desk_town([](DeskTown& town) {
        const std::string number = "410000198001010010";
        const std::string known =
            suggestion(town, "主体名称,统一社会信用代码,序号\n甲公司,91410423MAX0001705,1\n", town.market);
        CHECK(has(known, "\"asks\":false"));
        CHECK(has(known, "\"known\":true"));
        std::string people = "企业名,老板的证\n";
        for (const char* birth : {"19800101", "19810203"}) {
            for (char last : std::string("0123456789X")) {
                const std::string one = "410000" + std::string(birth) + "001" + last;
                people += "鲁山县澜禾商贸有限公司," + one + "\n";
            }
        }
        const std::string told = suggestion(town, people, town.market);
        CHECK_FALSE(has(told, "\"header\":\"老板的证\",\"field\""));
        CHECK_FALSE(has(told, number.substr(0, 14) + "001"));
    });
}

TEST_CASE("endpoint:mapping.suggest refused: the public, whoever may not hand in, no table") {
    in_desk_town([](DeskTown& town) {
        const std::filesystem::path file = town.folder.path() / "own.csv";
        must(write_file(file, "%PDF"));
        const Inputs inputs = {{"item", "registration"}, {"file", file.string()}};
        CHECK(town.fault("mapping.suggest", inputs, town.anyone) == code_of(Fault::sign_in_required));
        CHECK(town.fault("mapping.suggest", inputs, town.auditor) == code_of(Fault::permission_missing));
        CHECK(town.fault("mapping.suggest", inputs, town.market) == code_of(Fault::unsupported_format));
        CHECK(town.fault("mapping.suggest", {{"item", "gossip"}, {"file", file.string()}}, town.market) ==
              code_of(Fault::item_unknown));
        CHECK(town.fault("mapping.suggest", {{"item", "registration"}}, town.market) ==
              code_of(Fault::field_missing));
    });
}

TEST_CASE("endpoint:mapping.save refused: without a unit, a field twice, a field that is none") {
    in_desk_town([](DeskTown& town) {
        const Inputs inputs = {{"item", "registration"}, {"columns", kColumns}};
        CHECK(town.fault("mapping.save", inputs, town.anyone) == code_of(Fault::sign_in_required));
        CHECK(town.fault("mapping.save", inputs, town.homeless) == code_of(Fault::unit_unknown));
        const auto save = [&](const std::string& columns) {
            return town.fault("mapping.save", {{"item", "registration"}, {"columns", columns}}, town.market);
        };
        CHECK(save(R"([{"header":"甲","field":"USCC"},{"header":"乙","field":"USCC"}])") ==
              code_of(Fault::mapping_malformed));
        CHECK(save(R"([{"header":"甲","field":"NIX"}])") == code_of(Fault::mapping_malformed));
        CHECK(save(R"([{"header":"甲","field":"USCC"}])") == code_of(Fault::columns_missing));
        CHECK(save("[]") == code_of(Fault::mapping_malformed));
        CHECK(has(town.body("mapping.list", {}, town.market), "\"mappings\":[]"));
    });
}

TEST_CASE("endpoint:mapping.list ok, endpoint:mapping.end ok: the own ones; ended, the file asks again") {
    in_desk_town([](DeskTown& town) {
        const std::string id = value_in(
            town.body("mapping.save", {{"item", "registration"}, {"columns", kColumns}}, town.market), "id");
        CHECK(has(town.body("mapping.list", {}, town.market), "\"id\":" + id));
        CHECK(has(town.body("mapping.list", {}, town.office), "\"unit\":\"" + kMarket + "\""));
        CHECK_FALSE(has(town.body("mapping.list", {}, town.tax), "\"id\":" + id));
        CHECK(has(town.body("mapping.end", {{"id", id}}, town.market), "\"id\":" + id));
        CHECK_FALSE(has(town.body("mapping.list", {}, town.market), "\"id\":" + id));
        CHECK(has(suggestion(town, kFile, town.market), "\"asks\":true"));
    });
}

TEST_CASE("endpoint:mapping.list refused, endpoint:mapping.end refused: the public, another unit, twice") {
    in_desk_town([](DeskTown& town) {
        const std::string id = value_in(
            town.body("mapping.save", {{"item", "registration"}, {"columns", kColumns}}, town.market), "id");
        CHECK(town.fault("mapping.list", {}, town.anyone) == code_of(Fault::sign_in_required));
        CHECK(town.fault("mapping.end", {{"id", id}}, town.anyone) == code_of(Fault::sign_in_required));
        CHECK(town.fault("mapping.end", {{"id", id}}, town.tax) == code_of(Fault::mapping_unknown));
        CHECK(town.fault("mapping.end", {{"id", "999999"}}, town.market) == code_of(Fault::mapping_unknown));
        CHECK(town.fault("mapping.end", {{"id", id}}, town.market).empty());
        CHECK(town.fault("mapping.end", {{"id", id}}, town.market) == code_of(Fault::mapping_unknown));
    });
}
