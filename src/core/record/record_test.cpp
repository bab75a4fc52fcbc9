// Journal rows, publicity terms, the leak gate and disclose(), as tables. Properties over random histories
// stand in disclose_history_test.cpp.
#include "record/record.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "record/record_sql.h"
#include "record/testing/registry.h"

using namespace mingxin;
using namespace mingxin::record;
using namespace mingxin::record::test;
using rulebook::Effect;

namespace {

std::string any_text() {
    const auto point =
        rc::gen::oneOf(rc::gen::inRange<char32_t>(1, 0x80), rc::gen::inRange<char32_t>(0x4e00, 0x9fff),
                       rc::gen::inRange<char32_t>(0x1F300, 0x1F600));
    std::string out;
    for (char32_t one : *rc::gen::container<std::vector<char32_t>>(point)) append_utf8(out, one);
    return out;
}

std::optional<Date> any_date() {
    if (*rc::gen::arbitrary<bool>()) return std::nullopt;
    return Date{*rc::gen::inRange(-200'000, 200'000)};
}

Entry any_entry() {
    Entry entry;
    entry.outcome = *rc::gen::element(Outcome::accepted, Outcome::updated, Outcome::doubtful);
    entry.item = rules()->items()[*rc::gen::inRange<std::size_t>(0, 3)].get();
    entry.subject = any_text();
    entry.creates_subject = *rc::gen::arbitrary<bool>();
    entry.former_name = any_text();
    entry.candidate = any_text();
    entry.replaces = *rc::gen::inRange<std::int64_t>(0, 1'000'000);
    entry.facts = {.key = *rc::gen::arbitrary<std::int64_t>(),
                   .start = any_date(),
                   .valid_to = any_date(),
                   .stated_end = any_date(),
                   .severity = *rc::gen::inRange(0, 4)};
    for (const rulebook::Field& field : entry.item->fields) {
        const bool is_money = field.type == rulebook::FieldType::money;
        entry.values.push_back(is_money ? std::to_string(*rc::gen::inRange<std::int64_t>(0, INT64_MAX))
                                        : any_text());
    }
    if (*rc::gen::arbitrary<bool>()) {
        const int fields = static_cast<int>(entry.item->fields.size());
        entry.line = *rc::gen::inRange<std::int64_t>(1, 1'000'000);
        entry.findings.push_back({"V05.repaired", *rc::gen::inRange(-1, fields), Effect::repair, "", ""});
        entry.findings.push_back({"V15.name_only", 0, Effect::doubtful, "", ""});
    }
    return entry;
}

void assert_same(const Entry& back, const Entry& entry) {
    RC_ASSERT(back.values == entry.values);
    RC_ASSERT(back.subject == entry.subject);
    RC_ASSERT(back.former_name == entry.former_name);
    RC_ASSERT(back.candidate == entry.candidate);
    RC_ASSERT(back.replaces == entry.replaces);
    RC_ASSERT(back.facts.key == entry.facts.key);
    RC_ASSERT(back.facts.start == entry.facts.start);
    RC_ASSERT(back.facts.valid_to == entry.facts.valid_to);
    RC_ASSERT(back.facts.stated_end == entry.facts.stated_end);
    RC_ASSERT(back.facts.severity == entry.facts.severity);
    RC_ASSERT(back.findings.size() == entry.findings.size());
    for (std::size_t i = 0; i < entry.findings.size(); ++i) {
        RC_ASSERT(back.findings[i].fault == entry.findings[i].fault);
        RC_ASSERT(back.findings[i].field == entry.findings[i].field);
        RC_ASSERT(back.findings[i].effect == entry.findings[i].effect);
    }
}

}  // namespace

TEST_CASE("an entry comes back from its journal row as it went in") {
    CHECK(rc::check("encode, decode", [] {
        Entry entry = any_entry();
        std::string payload, again;
        encode(entry, payload);
        const Result<Entry> back = decode(entry.outcome, payload, *rules());
        RC_ASSERT(back.ok());
        encode(*back, again);
        RC_ASSERT(again == payload);
        assert_same(*back, entry);
        // What is compared for V13 is the values and nothing behind them.
        const std::string_view values = values_part(payload);
        RC_ASSERT(values.starts_with("\"values\":{"));
        RC_ASSERT(values.ends_with("}"));
        entry.findings.clear();
        entry.replaces += 1;
        entry.facts.severity = (entry.facts.severity + 1) % 4;
        encode(entry, again);
        RC_ASSERT(values_part(again) == values);
    }));
}

TEST_CASE("a rejected or repeated row keeps no value in the journal") {
    for (Outcome outcome : {Outcome::rejected, Outcome::duplicate}) {
        Entry entry =
            entry_of("penalty", "", {{"CF_XDR_MC", "某人"}, {"CF_XDR_ZJHM", "41000019800101001X"}}, {});
        entry.outcome = outcome;
        entry.findings.push_back({"N01", 1, Effect::reject, "某人的信息", "某人"});
        std::string payload;
        encode(entry, payload);
        CHECK(payload.find("某人") == std::string::npos);
        CHECK(payload.find("4100001980") == std::string::npos);
        CHECK(payload.find("N01") != std::string::npos);
        CHECK(decode(outcome, payload, *rules()).ok());
    }
}

TEST_CASE("a payload that is broken is told, never a crash") {
    for (const char* payload :
         {"", "{", "[]", "null", "{}", "{\"item\":7}", "{\"item\":\"gossip\"}",
          "{\"item\":\"penalty\",\"values\":[]}", "{\"item\":\"penalty\",\"values\":{\"CF_WSH\":[1]}}",
          "{\"item\":\"penalty\",\"facts\":1}", "{\"item\":\"penalty\",\"findings\":{}}",
          "{\"item\":\"penalty\",\"findings\":[1]}", "\xff\xfe"}) {
        CAPTURE(std::string(payload));
        const auto broken = decode(Outcome::accepted, payload, *rules());
        REQUIRE_FALSE(broken.ok());
        CHECK(broken.error().fault == Fault::payload_broken);
    }
}

/// The term that hides a minor penalty on a day.
std::string minor_term(const char* today) {
    for (const rulebook::PublicityTerm& term : rules()->publicity()) {
        if (term.set == "penalty" && term.severity == 1 && !term.shown && term.validity.contains(day(today)))
            return term.id;
    }
    return "";
}

TEST_CASE("rules 2.3: how long a penalty is shown, by class and by the term in force on the day of reading") {
    const rulebook::Item& penalty = *rules()->item("penalty");
    const struct {
        const char* term;  // by which it is decided
        int severity;
        const char* start;
        const char* stated_end;
        const char* today;
        bool shown;
        const char* until;
    } table[] = {
        // Order 36, from 2026-04-01: ordinary three months to a year, serious one to three years, minor
        // never.
        {"order36.minor", 1, "2026-11-19", "", "2026-11-20", false, ""},
        {"order36.ordinary", 2, "2025-11-20", "", "2026-11-20", true, "2026-11-20"},
        {"order36.ordinary", 2, "2025-11-19", "", "2026-11-20", false, "2026-11-19"},
        {"order36.ordinary", 2, "2026-11-20", "", "2026-11-20", true, "2027-11-20"},
        {"order36.ordinary", 2, "2026-11-21", "", "2026-11-20", false, ""},  // not yet in effect
        {"order36.ordinary", 2, "2026-01-01", "2099-12-31", "2026-11-20", true,
         "2027-01-01"},  // the file can't prolong
        {"order36.ordinary", 2, "2026-08-20", "2026-10-01", "2026-11-20", true,
         "2026-11-20"},  // nor go below three months
        {"order36.ordinary", 2, "2026-08-19", "2026-10-01", "2026-11-20", false, "2026-11-19"},
        {"order36.ordinary", 2, "2026-06-01", "2026-11-20", "2026-11-20", true,
         "2026-11-20"},  // but shorten between
        {"order36.ordinary", 2, "2026-06-01", "2026-11-19", "2026-11-20", false, "2026-11-19"},
        {"order36.ordinary", 2, "2025-02-28", "", "2026-04-01", false, "2026-02-28"},
        {"order36.serious", 3, "2023-11-20", "", "2026-11-20", true, "2026-11-20"},
        {"order36.serious", 3, "2023-11-19", "", "2026-11-20", false, "2026-11-19"},
        {"order36.serious", 3, "2025-11-20", "2026-01-01", "2026-11-20", true,
         "2026-11-20"},  // at least a year
        {"order36.serious", 3, "2025-11-19", "2026-01-01", "2026-11-20", false, "2026-11-19"},
        {"order36.serious", 3, "2024-02-29", "", "2026-11-20", true, "2027-02-28"},
        // Order 58, the day before: ordinary up to three years.
        {"order58.minor", 1, "2026-03-01", "", "2026-03-31", false, ""},
        {"order58.ordinary", 2, "2024-06-01", "", "2026-03-31", true, "2027-06-01"},
        {"order36.ordinary", 2, "2024-06-01", "", "2026-04-01", false, "2025-06-01"},
        {"order58.serious", 3, "2023-03-31", "", "2026-03-31", true, "2026-03-31"},
        {"order58.serious", 3, "2025-03-31", "2025-06-01", "2026-03-31", true, "2026-03-31"},
        {"order58.ordinary", 2, "2023-01-01", "", "2023-05-01", true, "2026-01-01"},
        // The notice of 2019, up to 2023-04-30.
        {"notice527.minor", 1, "2023-04-01", "", "2023-04-30", false, ""},
        {"notice527.ordinary", 2, "2022-04-30", "", "2023-04-30", true, "2023-04-30"},
        {"notice527.ordinary", 2, "2022-04-29", "", "2023-04-30", false, "2023-04-29"},
        {"notice527.serious", 3, "2020-04-30", "", "2023-04-30", true, "2023-04-30"},
        {"notice527.serious", 3, "2022-10-30", "2022-11-30", "2023-04-30", true,
         "2023-04-30"},  // at least six months
        {"notice527.serious", 3, "2022-10-29", "2022-11-30", "2023-04-30", false, "2023-04-29"},
    };
    for (const auto& row : table) {
        CAPTURE(std::string(row.term));
        CAPTURE(std::string(row.start));
        CAPTURE(std::string(row.today));
        const Facts facts{
            .start = maybe(row.start), .stated_end = maybe(row.stated_end), .severity = row.severity};
        const Publicity decision = publicity(*rules(), penalty, facts, day(row.today));
        CHECK((decision.term ? decision.term->id : minor_term(row.today)) == row.term);
        CHECK(decision.shown == row.shown);
        if (*row.until) CHECK(decision.until == maybe(row.until));
        CHECK(decision.reason_zh.empty() == row.shown);
    }
    // Nothing negative without a class, a start or a term.
    CHECK_FALSE(publicity(*rules(), penalty, {.start = day("2026-11-01")}, day("2026-11-20")).shown);
    CHECK_FALSE(publicity(*rules(), penalty, {.severity = 2}, day("2026-11-20")).shown);
    CHECK_FALSE(
        publicity(*rules(), penalty, {.start = day("2015-01-01"), .severity = 2}, day("2015-02-01")).shown);
}

TEST_CASE("permit.validity and registration.facts: to the end of the permit, and without end") {
    const rulebook::Item& permit = *rules()->item("permit");
    const Date today = day("2026-11-20");
    const auto shown = [&](const char* start, const char* valid_to) {
        const Publicity decision =
            publicity(*rules(), permit, {.start = maybe(start), .valid_to = maybe(valid_to)}, today);
        CHECK(decision.term->id == "permit.validity");
        return decision.shown;
    };
    CHECK(shown("2020-01-01", "2026-11-20"));
    CHECK_FALSE(shown("2020-01-01", "2026-11-19"));
    CHECK(shown("2020-01-01", ""));  // long-term
    CHECK_FALSE(shown("2026-11-21", ""));
    const Publicity facts = publicity(*rules(), *rules()->item("registration"), {}, today);
    CHECK(facts.shown);
    CHECK_FALSE(facts.until.has_value());
    CHECK(facts.term->id == "registration.facts");
}

TEST_CASE(
    "the leak gate masks identity, telephone and card numbers however they are written, and nothing else") {
    const std::string card = "6222020200011223344";
    const std::pair<std::string, std::string> table[] = {
        {"当事人身份证11010519491231002X。", "当事人身份证110105************。"},
        {"小写11010519491231002x也是", "小写110105************也是"},
        {"全角１１０１０５１９４９１２３１００２Ｘ", "全角１１０１０５************"},
        {"SFZ11010519491231002X", "SFZ110105************"},
        {"电话13812345678，李四", "电话138****5678，李四"},
        {"tel13812345678", "tel138****5678"},
        {"１３８１２３４５６７８", "１３８****５６７８"},
        {"13812345678与15912345678", "138****5678与159****5678"},
        {"旧号110105491231003。", "旧号110105*********。"},
        {"11010519491231002X", "110105************"},
        // Not personal: a unified social credit code, a document number, dates, amounts, other lengths.
        {"代码91410423MAX000012M的企业", "代码91410423MAX000012M的企业"},
        {"鲁市监罚〔2026〕12号", "鲁市监罚〔2026〕12号"},
        {"JY14104230000001", "JY14104230000001"},
        {"110105194912310021", "110105194912310021"},  // the check character is wrong
        {"2026112012345678", "2026112012345678"},
        {"12812345678", "12812345678"},
        {"138123456789", "138123456789"},
        {"", ""},
        {"没有数字", "没有数字"},
        {"截断\xEF", "截断\xEF"},
        {"截断\xEF\xBC", "截断\xEF\xBC"},
    };
    for (const auto& [text, expected] : table) {
        CAPTURE(text);
        CHECK(mask_personal(text) == expected);
    }
    int luhn = 0;  // completes the card number
    for (char check = '0'; check <= '9'; ++check) {
        const std::string number = card.substr(0, 18) + check;
        luhn += mask_personal("卡号" + number) == "卡号622202*************";
    }
    CHECK(luhn == 1);
    CHECK(rc::check("bytes without such numbers are left as they are", [](const std::string& bytes) {
        if (std::count_if(bytes.begin(), bytes.end(), [](char c) { return c >= '0' && c <= '9'; }) < 11) {
            RC_PRE(bytes.find('\xEF') == std::string::npos);
            RC_ASSERT(mask_personal(bytes) == bytes);
        }
    }));
}

TEST_CASE(
    "what may be seen of a record: by sharing class, viewer, purpose and basis; personal numbers never") {
    store::for_each_engine([](store::Database& database, const std::string&) {
        Registry registry(database);
        const std::string code = valid_code(1);
        Entry entry = entry_of("penalty", code,
                               {{"CF_XDR_MC", "鲁山县一号有限公司"},
                                {"CF_XDR_SHXYM", code},
                                {"CF_WSH", "一号"},
                                {"CF_FRDB", "张三"},
                                {"CF_FR_ZJLX", "身份证"},
                                {"CF_FR_ZJHM", "hmac-sm3:00"},
                                {"CF_XDR_SWDJ", "410423123456789"},
                                {"CF_XDR_GSZC", "11010519491231002X"},
                                {"CF_CFLB", "罚款;其他-打电话13812345678"},
                                {"CF_NR", "对11010519491231002X罚款"},
                                {"CF_NR_FK", "123456789"},
                                {"CF_YXQ", "2099-12-31"},
                                {"BZ", "内部"}},
                               {.key = 1, .start = day("2026-10-01"), .severity = 2});
        entry.creates_subject = true;
        registry.take({entry}, *parse_instant("2026-10-02T00:00:00.000000Z"));
        const auto fields = [&](const api::Principal* viewer, const char* purpose, const char* basis) {
            auto tx = must(database.read());
            const auto shown = must(
                disclose(tx, *rules(), kTenant, code, "penalty",
                         {.viewer = viewer, .purpose = purpose, .basis = basis, .today = day("2026-11-20")}));
            REQUIRE(shown.size() == 1);
            std::map<std::string, std::string> values;
            for (const ShownField& field : shown[0].fields) values[field.code] = field.value;
            return values;
        };
        const auto open = fields(nullptr, "公示查询", "");
        CHECK(open.at("CF_NR") == "对110105************罚款");
        CHECK(open.at("CF_XDR_GSZC") == "110105************");
        CHECK(open.at("CF_CFLB") == "罚款;其他-打电话138****5678");
        CHECK(open.at("CF_NR_FK") == "1,234,567.89元");
        CHECK(open.at("CF_YXQ") == "长期");
        CHECK(open.at("CF_XDR_SHXYM") == code);
        for (const char* hidden : {"CF_FRDB", "CF_FR_ZJLX", "CF_FR_ZJHM", "CF_XDR_SWDJ", "BZ"})
            CHECK_FALSE(open.contains(hidden));
        // R5: staff see departments' fields only with purpose and basis; sealed ones never.
        api::Principal clerk{.name = "clerk:zhang", .session_id = "s"};
        CHECK(fields(&clerk, "", "") == open);
        CHECK(fields(&clerk, "监管", "") == open);
        const auto inside = fields(&clerk, "监管", "某法第一条");
        CHECK(inside.at("CF_FRDB") == "张三");
        CHECK(inside.at("BZ") == "内部");
        for (const char* hidden : {"CF_FR_ZJLX", "CF_FR_ZJHM", "CF_XDR_SWDJ"})
            CHECK_FALSE(inside.contains(hidden));
        api::Principal nobody;
        CHECK(fields(&nobody, "监管", "某法第一条") == open);
    });
}

TEST_CASE("a replaced record leads to the one that stands in its place today") {
    store::for_each_engine([](store::Database& database, const std::string&) {
        Registry registry(database);
        const Instant now = *parse_instant("2026-10-02T00:00:00.000000Z");
        Entry entry =
            entry_of("registration", valid_code(1), {{"ENT_NAME", "鲁山县一号有限公司"}}, {.key = 1});
        entry.creates_subject = true;
        std::int64_t position = registry.take({entry}, now).front();
        entry.creates_subject = false;
        entry.outcome = Outcome::updated;
        for (int i = 0; i < 2; ++i) {
            entry.replaces = position;
            position = registry.take({entry}, now).front();
        }
        auto tx = must(database.read());
        CHECK(must(replaced_by(tx, kTenant, "1-1")) == "3-1");
        CHECK(must(replaced_by(tx, kTenant, "2-1")) == "3-1");
        CHECK_FALSE(must(replaced_by(tx, kTenant, "3-1")));
        CHECK_FALSE(must(replaced_by(tx, kTenant + 1, "1-1")));
        for (const char* id : {"", "x", "1-2", "9-1", "99999999999999999999-1"}) {
            CHECK_FALSE(must(replaced_by(tx, kTenant, id)));
        }
    });
}

TEST_CASE("an address that names no record gives nothing") {
    store::for_each_engine([](store::Database& database, const std::string&) {
        Registry registry(database);
        Entry entry =
            entry_of("registration", valid_code(1), {{"ENT_NAME", "鲁山县一号有限公司"}}, {.key = 1});
        entry.creates_subject = true;
        registry.take({entry}, *parse_instant("2026-10-02T00:00:00.000000Z"));
        auto tx = must(database.read());
        const Reading reading{.purpose = "公示查询", .today = day("2026-11-20")};
        CHECK(must(disclose_one(tx, *rules(), kTenant, "1-1", reading)).has_value());
        for (const char* id : {"", "1", "1-", "-1", "1-0", "1-2", "2-1", "1-1x", "x1-1", "1--1", "01-01 ",
                               "99999999999999999999-1", "1-99999999999999999999"}) {
            CAPTURE(std::string(id));
            CHECK_FALSE(must(disclose_one(tx, *rules(), kTenant, id, reading)).has_value());
        }
        // Another tenant's reader sees nothing.
        CHECK_FALSE(must(disclose_one(tx, *rules(), kTenant + 1, "1-1", reading)).has_value());
        CHECK(must(disclose(tx, *rules(), kTenant + 1, valid_code(1), "", reading)).empty());
    });
}

TEST_CASE("records are looked up by their subject or key, however many there are of an item") {
    store::for_each_engine([](store::Database& database, const std::string& engine) {
        if (engine != "sqlite") return;  // PostgreSQL plans by its statistics
        const Registry registry(database);
        auto tx = must(database.read());
        for (const auto& [sql, index] :
             {std::pair(sql::kBySubject, "record_subject (tenant=? AND subject=?)"),
              std::pair(sql::kByChain, "record_subject (tenant=? AND subject=?)"),
              std::pair(sql::kByKey, "record_key (tenant=? AND item=? AND key=?)")}) {
            CAPTURE(std::string(sql.name));
            CHECK(store::plan_of(tx, sql).find(index) != std::string::npos);
        }
    });
}
