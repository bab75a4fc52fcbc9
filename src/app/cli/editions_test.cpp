// Editions of the rulebook through the gate, on both engines: seen, compared, decided upon by a second
// person.
#include "rulebook/editions.h"
#include "cli/testing/desk_town.h"

using namespace mingxin;
using namespace mingxin::cli;
using namespace mingxin::cli::test;

namespace {

/// The rules of this checkout with a text of one file replaced.
std::shared_ptr<const rulebook::Rulebook> rules_with(const std::string& path, std::string_view old,
                                                     std::string_view with) {
    std::vector<rulebook::RuleFile> files = must(rulebook::Rulebook::load("rules"))->files();
    for (rulebook::RuleFile& file : files) {
        if (file.path != path) continue;
        const std::size_t at = file.content.find(old);
        REQUIRE(at != std::string::npos);
        file.content.replace(at, old.size(), with);
    }
    return must(rulebook::Rulebook::load(std::move(files)));
}

/// A town with penalties of five years, an edition in which a penalty is shown for less long, and the head of
/// the office.
struct Editions {
    DeskTown town;
    std::shared_ptr<const rulebook::Rulebook> shorter =
        rules_with("publicity.yaml", "max_months: {parameter: period.ordinary.max_months}", "max_months: 6");
    api::Principal head;

    Editions(const std::string& url, const std::string& engine) : town(url, engine) {
        const auto roles = access::roles_in_force(*town.platform->rules(), now_utc().date());
        head = DeskTown::of_role(roles, "credit_office_head", "he", "");
        town.registration(town.market);
        town.penalties(town.market, {"鲁市监罚〔2026〕1号", "鲁市监罚〔2026〕2号"});
    }
    void propose(const rulebook::Rulebook& book, const std::string& who = "operator") {
        must(town.writer->run([&](store::Tx& tx) {
            return rulebook::propose(tx, *town.platform->rules(), book, who, now_utc());
        }));
    }
    Inputs of(const rulebook::Rulebook& book) const { return {{"edition", book.digest()}}; }
};

template <class Work>
void for_each(Work work) {
    store::for_each_engine_url([&](const std::string& url, const std::string& engine) {
        CAPTURE(engine);
        Editions editions(url, engine);
        work(editions);
    });
}

}  // namespace

TEST_CASE("endpoint:edition.list ok: the one in force, and the one that waits") {
    for_each([](Editions& one) {
        one.propose(*one.shorter);
        const std::string body = one.town.body("edition.list", {}, one.town.auditor);
        CHECK(count_in(body, "\"digest\"") == 2);
        CHECK(has(body, "等待审定"));
        CHECK(has(body, "现行"));
        CHECK(has(body, one.shorter->digest()));
    });
}

TEST_CASE("endpoint:edition.list refused: who may not see it") {
    for_each([](Editions& one) {
        CHECK(one.town.fault("edition.list", {}, one.town.market) == code_of(Fault::permission_missing));
        CHECK(one.town.fault("edition.list", {}, one.town.anyone) == code_of(Fault::sign_in_required));
    });
}

TEST_CASE("endpoint:edition.changes ok: rule by rule, what was and what will be") {
    for_each([](Editions& one) {
        one.propose(*one.shorter);
        const std::string body = one.town.body("edition.changes", one.of(*one.shorter), one.town.office);
        CHECK(has(body, "\"id\":\"order36.ordinary\""));
        CHECK(has(body, "修改"));
        CHECK(has(body, "\"path\":\"max_months\""));
        CHECK(has(body, "\"after\":\"6\""));
        // Of the one in force, when no other was before it: nothing.
        const std::string own =
            one.town.body("edition.changes", one.of(*one.town.platform->rules()), one.town.office);
        CHECK(has(own, "\"changes\":[]"));
    });
}

TEST_CASE("endpoint:edition.changes refused: unknown, not allowed") {
    for_each([](Editions& one) {
        CHECK(one.town.fault("edition.changes", one.of(*one.shorter), one.town.office) ==
              code_of(Fault::not_found));
        CHECK(one.town.fault("edition.changes", one.of(*one.shorter), one.town.market) ==
              code_of(Fault::permission_missing));
    });
}

TEST_CASE("endpoint:edition.touched ok: the records whose publicity changes, in the list and in the file") {
    for_each([](Editions& one) {
        one.propose(*one.shorter);
        const std::string body = one.town.body("edition.touched", one.of(*one.shorter), one.head);
        CHECK(value_in(body, "count") == "2");
        CHECK(count_in(body, "公示期改变") == 2);
        CHECK(has(body, kFirm));
        const std::string file = one.town.exported("edition.export", one.of(*one.shorter), one.head);
        CHECK(count_in(file, "公示期改变") == 2);
        // The endpoint:edition.export ok case stands with it: the same rows, as a file.
        const Inputs first = {{"edition", one.shorter->digest()}, {"limit", "1"}};
        const std::string page = one.town.body("edition.touched", first, one.head);
        CHECK(count_in(page, "公示期改变") == 1);
        CHECK(value_in(page, "next") != "");
        // The repeal of a document takes off what stands on it, and says why.
        auto repealed = rules_with(
            "documents.yaml", "（2024年版）（发改财金规〔2024〕203号）, valid_from: 2024-02-01}",
            "（2024年版）（发改财金规〔2024〕203号）, valid_from: 2024-02-01, valid_to: 2025-01-01}");
        one.propose(*repealed);
        const std::string ended = one.town.body("edition.touched", one.of(*repealed), one.head);
        CHECK(value_in(ended, "count") == "3");  // the registration as well
        CHECK(count_in(ended, "停止公示") == 3);
        CHECK(has(ended, "依据已废止"));
    });
}

TEST_CASE("endpoint:edition.export ok: the rows of the list as a file") {
    for_each([](Editions& one) {
        one.propose(*one.shorter);
        CHECK(has(one.town.exported("edition.export", one.of(*one.shorter), one.head), kFirm));
    });
}

TEST_CASE("endpoint:edition.touched refused: unknown edition, newest first, not allowed") {
    for_each([](Editions& one) {
        CHECK(one.town.fault("edition.touched", one.of(*one.shorter), one.head) == code_of(Fault::not_found));
        one.propose(*one.shorter);
        CHECK(one.town.fault("edition.touched", {{"edition", one.shorter->digest()}, {"order", "descending"}},
                             one.head) != "");
        CHECK(one.town.fault("edition.touched", one.of(*one.shorter), one.town.market) ==
              code_of(Fault::permission_missing));
    });
}

TEST_CASE("endpoint:edition.export refused: not allowed") {
    for_each([](Editions& one) {
        CHECK(one.town.fault("edition.export", {{"edition", one.shorter->digest()}, {"format", "csv"}},
                             one.town.market) == code_of(Fault::permission_missing));
    });
}

TEST_CASE("endpoint:edition.approve ok: in force, once, and the platform is told") {
    for_each([](Editions& one) {
        one.propose(*one.shorter);
        must(one.town.run("edition.approve", one.of(*one.shorter), one.head));
        CHECK(one.town.activated == 1);
        const std::string body = one.town.body("edition.list", {}, one.head);
        CHECK(has(body, "已被取代"));
        CHECK(has(body, "credit_office_head:he"));
        auto tx = must(one.town.platform->database().read());
        CHECK(must(rulebook::active_digest(tx)) == one.shorter->digest());
        // Of the one in force now: what it changed.
        CHECK(has(one.town.body("edition.changes", one.of(*one.shorter), one.head), "\"after\":\"6\""));
    });
}

TEST_CASE("endpoint:edition.approve refused: its own proposal, twice, not allowed") {
    for_each([](Editions& one) {
        CHECK(one.town.fault("edition.approve", one.of(*one.shorter), one.head) == code_of(Fault::not_found));
        one.propose(*one.shorter, one.head.name);
        CHECK(one.town.fault("edition.approve", one.of(*one.shorter), one.head) ==
              code_of(Fault::edition_own));
        CHECK(one.town.fault("edition.approve", one.of(*one.shorter), one.town.office) ==
              code_of(Fault::permission_missing));
        CHECK(one.town.fault("edition.approve", one.of(*one.town.platform->rules()), one.head) ==
              code_of(Fault::edition_not_open));
        CHECK(one.town.activated == 0);
    });
}

TEST_CASE("endpoint:edition.decline ok: set aside, with the reason") {
    for_each([](Editions& one) {
        one.propose(*one.shorter);
        must(one.town.run("edition.decline", {{"edition", one.shorter->digest()}, {"reason", "没有依据"}},
                          one.head));
        const std::string body = one.town.body("edition.list", {}, one.head);
        CHECK(has(body, "未予启用"));
        CHECK(has(body, "没有依据"));
        one.propose(*one.shorter);  // may be proposed again
    });
}

TEST_CASE("endpoint:edition.decline refused: without a reason, not waiting, not allowed") {
    for_each([](Editions& one) {
        one.propose(*one.shorter);
        CHECK(one.town.fault("edition.decline", one.of(*one.shorter), one.head) ==
              code_of(Fault::field_missing));
        const Inputs given = {{"edition", one.shorter->digest()}, {"reason", "无"}};
        CHECK(one.town.fault("edition.decline", given, one.town.office) ==
              code_of(Fault::permission_missing));
        must(one.town.run("edition.decline", given, one.head));
        CHECK(one.town.fault("edition.decline", given, one.head) == code_of(Fault::edition_not_open));
    });
}
