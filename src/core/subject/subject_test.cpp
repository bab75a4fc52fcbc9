// The subject library's look-ups go through an index each, however many subjects there are.
#include "subject/subject.h"

#include <doctest/doctest.h>

#include "store/test_engines.h"
#include "subject/subject_sql.h"

using namespace mingxin;
using namespace mingxin::subject;

TEST_CASE(
    "subjects are looked up by code, name, organisation code and older numbers, never by walking the table") {
    store::for_each_engine([](store::Database& database, const std::string& engine) {
        if (engine != "sqlite") return;  // PostgreSQL plans by its statistics
        REQUIRE(database.create(tables()).ok());
        auto tx = database.read();
        REQUIRE(tx.ok());
        for (const store::Sql& sql :
             {sql::kFindByCode, sql::kFindById, sql::kFindByNameHash, sql::kFormerByNameHash,
              sql::kFormerByCode, sql::kFindByIdentifier, sql::kFindByOrganisationCode}) {
            const std::string plan = store::plan_of(*tx, sql);
            CAPTURE(std::string(sql.name) + ": " + plan);
            CHECK(plan.starts_with("SEARCH"));
            CHECK((plan.find("=? AND") != std::string::npos || plan.find("rowid=?") != std::string::npos));
        }
    });
}
