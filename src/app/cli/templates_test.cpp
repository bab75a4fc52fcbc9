// Templates through the gate, on both engines.
#include "cli/testing/desk_town.h"

using namespace mingxin;
using namespace mingxin::cli;
using namespace mingxin::cli::test;

namespace {

void in_desk_town(const std::function<void(DeskTown&)>& scenario) {
    store::for_each_engine_url([&](const std::string& url, const std::string& engine) {
        DeskTown town(url, engine);
        scenario(town);
    });
}

std::string header_of(const api::Reply& reply, const std::string& name) {
    for (const auto& [key, value] : reply.headers) {
        if (key == name) return value;
    }
    return {};
}

}  // namespace

TEST_CASE("endpoint:item.template ok: a workbook for anybody, of every item; by whom it is asked shows") {
    in_desk_town([](DeskTown& town) {
        for (const auto& item : town.parts.rules->items()) {
            if (item->only_persons()) continue;
            const api::Reply reply = must(town.run("item.template", {{"item", item->id}}, town.anyone));
            CHECK(reply.body.starts_with("PK"));
            CHECK(has(header_of(reply, "Content-Disposition"), "filename=\"" + item->id + ".xlsx\""));
            const std::string own = town.body("item.template", {{"item", item->id}}, town.market);
            CHECK(own.starts_with("PK"));
            CHECK(own != reply.body);
            CHECK(town.body("item.template", {{"item", item->id}}, town.homeless).starts_with("PK"));
        }
        // The template as it is holds nothing to be taken.
        const std::filesystem::path file = town.folder.path() / "template.xlsx";
        must(write_file(file, town.body("item.template", {{"item", "penalty"}}, town.market)));
        const std::string job = value_in(
            town.body("batch.submit", {{"item", "penalty"}, {"file", file.string()}}, town.market), "job");
        std::string state;
        for (int i = 0; i < 1200 && !has(state, "\"failed\""); ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
            state = town.body("job.show", {{"id", job}}, town.market);
        }
        CHECK(has(state, code_of(Fault::empty_table)));
    });
}

TEST_CASE("endpoint:item.template refused: an item that is not there, fields that are not documented") {
    in_desk_town([](DeskTown& town) {
        CHECK(town.fault("item.template", {{"item", "gossip"}}, town.anyone) == code_of(Fault::item_unknown));
        CHECK(town.fault("item.template", {{"item", "penalty"}, {"unit", kMarket}}, town.anyone) ==
              code_of(Fault::field_unknown));
    });
}
