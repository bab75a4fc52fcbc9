#include "store/test_engines.h"

#include <doctest/doctest.h>

#include "base/file.h"

namespace mingxin::store {

void for_each_engine_url(const std::function<void(const std::string&, const std::string&)>& scenario) {
    INFO("engine: sqlite");
    const TemporaryFolder folder;
    scenario((folder.path() / "mingxin.db").string(), "sqlite");
}

void for_each_engine(const std::function<void(Database&, const std::string&)>& scenario) {
    for_each_engine_url([&](const std::string& url, const std::string& name) {
        auto database = Database::open(url);
        REQUIRE_MESSAGE(database.ok(), (database.ok() ? "" : database.error().log_text));
        scenario(**database, name);
    });
}

}  // namespace mingxin::store
