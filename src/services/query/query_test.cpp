// What a check answers, as a table, and the endpoints through their handlers; on both engines.
#include "query/query.h"

#include <doctest/doctest.h>

#include "record/testing/registry.h"

using namespace mingxin;
using namespace mingxin::query;
using namespace mingxin::record::test;
using record::Entry;
using record::Facts;

namespace {

const Instant kNow = *parse_instant("2026-11-20T04:05:06.000000Z");
const Date kToday = day("2026-11-20");

Instant later_h(int hours) {
    return Instant{kNow.us + hours * 3'600'000'000ll};
}

Entry registration(int n, const std::string& name,
                   std::initializer_list<std::pair<const char*, std::string>> more = {}) {
    Entry entry = entry_of("registration", valid_code(n), {{"ENT_NAME", name}, {"USCC", valid_code(n)}},
                           {.key = n, .start = day("2015-03-02")});
    entry.creates_subject = true;
    for (const auto& [field, value] : more) {
        entry.values[field_of(*entry.item, field)] = value;
        if (std::string_view(field) == "FORMER_NAME") entry.former_name = value;
    }
    return entry;
}

Entry penalty(int n, int number, const char* decided) {
    return entry_of("penalty", valid_code(n),
                    {{"CF_WSH", "鲁市监罚〔2026〕" + std::to_string(number) + "号"}, {"CF_WFXW", "无证经营"}},
                    {.key = 1000 + number, .start = day(decided), .severity = 2});
}

/// Namesakes, former names, a shared older number, penalties within and beyond their term.
struct County {
    Registry registry;
    crypto::Sm2Key key = crypto::Sm2Key::generate();

    explicit County(store::Database& database) : registry(database) {
        registry.take({registration(1, "鲁山县澜禾商贸有限公司", {{"FORMER_NAME", "鲁山县旧禾商贸有限公司"}}),
                       registration(2, "鲁山县同名商店"), registration(3, "鲁山县同名商店"),
                       registration(4, "鲁山县旧禾商贸有限公司（普通合伙）"),
                       registration(5, "鲁山县甲有限公司", {{"REG_NO", "410423000000017"}}),
                       registration(6, "鲁山县乙有限公司", {{"REG_NO", "410423000000017"}}),
                       registration(7, "鲁山县丙有限公司", {{"REG_NO", "410423000000025"}}),
                       registration(8, "鲁山县再用有限公司", {{"FORMER_NAME", "鲁山县丙有限公司"}})},
                      kNow);
        registry.take({penalty(1, 1, "2026-09-01"), penalty(1, 2, "2012-01-01")}, later_h(1));
    }
    Answer check(const std::string& code, const std::string& name, Date today = kToday) {
        auto tx = must(registry.database().read());
        return must(check_one(tx, *rules(), kTenant, code, name, today));
    }
    std::string list(std::vector<std::string> lines, Format format) {
        auto tx = must(registry.database().read());
        std::size_t next = 0;
        std::string out;
        must(check_list(
            tx, *rules(), kTenant,
            [&](std::string& line) -> Result<bool> {
                if (next == lines.size()) return false;
                line = lines[next++];
                return true;
            },
            format, kToday, [&](std::string_view text) { out += text; }));
        return out;
    }
    Result<api::Reply> call(std::string_view id,
                            std::initializer_list<std::pair<const char*, std::string>> inputs,
                            Instant now = later_h(2)) {
        api::Input in;
        for (const auto& [name, value] : inputs) in.set(name, value);
        const api::Principal anyone;
        const api::Call call{anyone, now, "192.0.2.1", "zh", {}};
        for (const api::Endpoint& endpoint : endpoints(rules(), kTenant, &key.public_key())) {
            if (id != endpoint.id) continue;
            auto tx = must(registry.database().read());
            return std::get<api::ReadHandler>(endpoint.handler)(call, in, tx);
        }
        return fail(Fault::endpoint_unknown, std::string(id));
    }
    std::string body(std::string_view id, std::initializer_list<std::pair<const char*, std::string>> inputs) {
        return must(call(id, inputs)).body;
    }
};

void each(const std::function<void(County&)>& scenario) {
    store::for_each_engine([&](store::Database& database, const std::string&) {
        County county(database);
        scenario(county);
    });
}

bool holds(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a check finds one subject, none, or says that it can't tell") {
    struct Case {
        const char* what;
        std::string code, name;
        Status status;
        std::string found;  // code
        const char* reason;
    };
    std::string lower = valid_code(1);
    for (char& c : lower) c = static_cast<char>(std::tolower(c));
    std::string wrong = valid_code(1);
    wrong.back() = wrong.back() == '0' ? '1' : '0';
    const std::vector<Case> cases = {
        {"by code", valid_code(1), "", Status::found, valid_code(1), ""},
        {"a code in lower case with blanks", " " + lower + " ", "", Status::found, valid_code(1), ""},
        {"by name", "", "鲁山县澜禾商贸有限公司", Status::found, valid_code(1), ""},
        {"code and name agree", valid_code(1), "鲁山县澜禾商贸有限公司", Status::found, valid_code(1), ""},
        {"code and a former name", valid_code(1), "鲁山县旧禾商贸有限公司", Status::found, valid_code(1), ""},
        {"a former name alone", "", "鲁山县旧禾商贸有限公司", Status::found, valid_code(1), ""},
        {"code and name disagree", valid_code(1), "鲁山县甲有限公司", Status::ambiguous, valid_code(1),
         "不一致"},
        {"namesakes", "", "鲁山县同名商店", Status::ambiguous, "", "2个同名主体"},
        {"a namesake with its code", valid_code(3), "鲁山县同名商店", Status::found, valid_code(3), ""},
        {"the name of one, the former name of another", "", "鲁山县丙有限公司", Status::ambiguous, "",
         "2个同名主体"},
        {"a similar name is not the same", "", "鲁山县澜禾商贸公司", Status::not_found, "", "完全一致"},
        {"part of a name", "", "澜禾", Status::not_found, "", "完全一致"},
        {"an older number of one", "410423000000025", "", Status::found, valid_code(7), ""},
        {"an older number that two bore", "410423000000017", "", Status::ambiguous, "", "2个主体用过"},
        {"a right code that nobody has", valid_code(99), "", Status::not_found, "", "没有此代码"},
        {"a wrong code", wrong, "", Status::not_found, "", "代码有误"},
        {"a wrong code is not saved by a right name", wrong, "鲁山县澜禾商贸有限公司", Status::not_found, "",
         "代码有误"},
        {"nothing", "", "", Status::not_found, "", "没有填写"},
        {"blanks", "", "  ", Status::not_found, "", "没有填写"},
        {"a wildcard is a letter like others", "", "鲁山县%", Status::not_found, "", "完全一致"},
        {"a quote is a letter like others", "' or '1'='1", "", Status::not_found, "", "代码有误"},
    };
    each([&](County& county) {
        for (const Case& one : cases) {
            CAPTURE(one.what);
            const Answer answer = county.check(one.code, one.name);
            CHECK(answer.status == one.status);
            CHECK(answer.code == one.found);
            CHECK(answer.query == (one.code.empty() ? one.name : one.code));
            CHECK(holds(answer.reason_zh, one.reason));
            CHECK(answer.reason_zh.empty() == (one.status == Status::found));
            if (one.status != Status::found) CHECK(answer.counts.penalties == 0);
        }
        // Counted is what may be shown that day.
        CHECK(county.check(valid_code(1), "").counts.penalties == 1);
        CHECK(county.check(valid_code(2), "").counts.penalties == 0);
        CHECK(county.check(valid_code(1), "", day("2040-01-01")).counts.penalties == 0);
    });
}

TEST_CASE("a list is read with and without a header, and answered in its order") {
    each([](County& county) {
        const std::string header = "query,status,uscc,name,permits,penalties,lists\r\n";
        const std::string first =
            valid_code(1) + ",found," + valid_code(1) + ",鲁山县澜禾商贸有限公司,0,1,0\r\n";
        CHECK(county.list({valid_code(1)}, Format::csv) == header + first);
        CHECK(county.list({"\xEF\xBB\xBF名称,代码", "鲁山县澜禾商贸有限公司," + valid_code(1)},
                          Format::csv) == header + first);
        CHECK(county.list({"uscc\tname", valid_code(1) + "\t"}, Format::csv) == header + first);
        CHECK(county.list({"鲁山县同名商店", "", valid_code(1)}, Format::csv) ==
              header + "鲁山县同名商店,ambiguous,,,,,\r\n" + first);
        CHECK(county.list({"\"某,\"\"公司\"\"\""}, Format::csv) ==
              header + "\"某,\"\"公司\"\"\",not_found,,,,,\r\n");
        const std::string line = county.list({valid_code(1) + ",鲁山县甲有限公司"}, Format::ndjson);
        CHECK(holds(line, R"("status":"ambiguous")"));
        CHECK(holds(line, R"("reason":"代码与名称不一致)"));
        auto tx = must(county.registry.database().read());
        bool given = false;
        const auto broken = check_list(
            tx, *rules(), kTenant,
            [&](std::string& text) -> Result<bool> {
                text = "\xff\xfe";
                return !std::exchange(given, true);
            },
            Format::csv, kToday, [](std::string_view) {});
        REQUIRE_FALSE(broken.ok());
        CHECK(broken.error().fault == Fault::bad_encoding);
    });
}

TEST_CASE("the endpoint of a list takes 1000 and no more, and keeps the order") {
    each([](County& county) {
        auto list = [](int count) {
            std::string text;
            for (int i = 0; i < count; ++i)
                text += (i == 0 ? "[" : ",") + std::string(R"({"name":"无)") + std::to_string(i) + "\"}";
            return text + "]";
        };
        const std::string answers = county.body("check.list", {{"subjects", list(1000)}});
        std::size_t at = 0;
        for (int i = 0; i < 1000; ++i) {
            at = answers.find("\"query\":\"无" + std::to_string(i) + "\"", at);
            REQUIRE(at != std::string::npos);
        }
        CHECK(answers.find("\"query\"", at + 1) == std::string::npos);
        for (const std::string& bad : {list(1001), std::string("{}"), std::string("[1]"),
                                       std::string("[{\"code\":1}]"), std::string("["), std::string()}) {
            const auto refused = county.call("check.list", {{"subjects", bad}});
            REQUIRE_FALSE(refused.ok());
            CHECK(refused.error().fault == Fault::bad_argument);
        }
        const std::string both = "[{\"code\":\"" + valid_code(1) +
                                 "\",\"name\":\"鲁山县旧禾商贸有限公司\"},{},{\"name\":\"鲁山县同名商店\"}]";
        const std::string body = county.body("check.list", {{"subjects", both}});
        CHECK(holds(body, R"("status":"found","uscc":")" + valid_code(1)));
        CHECK(body.find("found") < body.find("not_found"));
        CHECK(body.find("not_found") < body.find("ambiguous"));
    });
}

TEST_CASE("a subject's page of facts: records within their term, former names, canonical code") {
    each([](County& county) {
        const std::string body = county.body("subject.show", {{"code", valid_code(1)}});
        CHECK(holds(body, "2026〕1号"));
        CHECK_FALSE(holds(body, "2026〕2号"));  // its term ended long ago
        CHECK(holds(body, R"("former_names":["鲁山县旧禾商贸有限公司"])"));
        CHECK(holds(body, R"("as_of":"2026-11-20")"));
        const auto none = county.call("subject.show", {{"code", valid_code(99)}});
        REQUIRE_FALSE(none.ok());
        CHECK(none.error().fault == Fault::not_found);
        CHECK(holds(county.body("subject.search", {{"q", "同名"}}), valid_code(3)));
        for (const char* limit : {"0", "101", "-1"}) {
            const auto refused = county.call("subject.search", {{"q", "同名"}, {"limit", limit}});
            REQUIRE_FALSE(refused.ok());
            CHECK(refused.error().fault == Fault::bad_argument);
        }
    });
}

TEST_CASE("looking back shows the public nothing that it may not see today") {
    each([](County& county) {
        // What has run out since.
        const std::string then =
            county.body("subject.show", {{"code", valid_code(1)}, {"known_at", "2026-11-20"}});
        CHECK(holds(then, "2026〕1号"));
        CHECK_FALSE(holds(then, "2026〕2号"));
        const auto much_later = must(county.call(
            "subject.show", {{"code", valid_code(1)}, {"known_at", "2026-11-21"}}, later_h(24 * 365 * 14)));
        CHECK_FALSE(holds(much_later.body, "2026〕1号"));
        // What was corrected since.
        auto before = must(county.registry.database().read());
        const std::int64_t held = county.registry.shown(valid_code(1), kToday).front().position;
        Entry corrected = penalty(1, 1, "2026-09-02");
        corrected.outcome = record::Outcome::updated;
        corrected.replaces = held;
        county.registry.take({corrected}, later_h(48));
        const auto after = must(
            county.call("subject.show", {{"code", valid_code(1)}, {"known_at", "2026-11-20"}}, later_h(72)));
        CHECK_FALSE(holds(after.body, "2026-09-01"));
        // Not known yet.
        const auto early =
            must(county.call("subject.show", {{"code", valid_code(1)}, {"known_at", "2026-11-19"}}));
        CHECK_FALSE(holds(early.body, "2026〕1号"));
    });
}

TEST_CASE("a record and its receipt by id; what is not shown is not there") {
    each([](County& county) {
        const std::string id = county.registry.shown(valid_code(1), kToday).front().id;
        CHECK(holds(county.body("record.show", {{"id", id}}), "2026〕1号"));
        for (const std::string& other : {id.substr(0, id.find('-')) + "-2", std::string("0-1"),
                                         std::string("9-9"), std::string("../1")}) {
            for (const char* endpoint : {"record.show", "record.receipt"}) {
                const auto refused = county.call(endpoint, {{"id", other}});
                REQUIRE_FALSE(refused.ok());
                CHECK(refused.error().fault == Fault::not_found);
            }
        }
    });
}
