// A file becomes a batch, whole or not at all; on both engines.
#include <iconv.h>

#include <map>
#include <random>

#include "collect/testing/town.h"

using namespace mingxin;
using namespace mingxin::collect;
using namespace mingxin::collect::test;
using quality::test::KnownFault;

namespace {

std::vector<Row> registrations(int from, int count) {
    std::vector<Row> rows;
    for (int n = from; n < from + count; ++n) rows.push_back(registration(n));
    return rows;
}

std::string converted(std::string_view text, const char* encoding) {
    iconv_t converter = iconv_open(encoding, "UTF-8");
    REQUIRE(converter != reinterpret_cast<iconv_t>(-1));
    std::string out(text.size() * 2 + 16, '\0');
    char* in = const_cast<char*>(text.data());
    char* to = out.data();
    std::size_t left = text.size(), room = out.size();
    REQUIRE(iconv(converter, &in, &left, &to, &room) == 0);
    iconv_close(converter);
    out.resize(out.size() - room);
    return out;
}

std::string ndjson(std::string_view item, const std::vector<Row>& rows) {
    std::string text;
    for (const Row& row : rows) {
        text += '{';
        bool first = true;
        for (const std::string& code : header_of(*rules()->item(item), rows)) {
            text += (first ? "\"" : ",\"") + code + "\":\"" + (row.contains(code) ? row.at(code) : "") + "\"";
            first = false;
        }
        text += "}\n";
    }
    return text;
}

}  // namespace

TEST_CASE("rows = accepted + updated + duplicate + doubtful + rejected, each for its reason") {
    in_town([](Town& town) {
        CHECK(counts(town.take("registration", registrations(1, 10))) == "10 10 0 0 0 0");
        std::vector<Row> rows;
        for (int n = 1; n <= 4; ++n) rows.push_back(penalty(n));
        rows.push_back(penalty(1));                                                     // 5 repeats row 1
        rows.push_back(changed(penalty(2), "CF_NR=罚款人民币贰万元整;CF_NR_FK=2"));     // 6 changes row 2
        rows.push_back(changed(penalty(7), "CF_XDR_MC=平顶山市完全不同建材有限公司"));  // 7 another's code
        rows.push_back(changed(penalty(8), "CF_XDR_SHXYM="));                           // 8 a name alone
        rows.push_back(changed(penalty(9), "CF_WSH="));                                 // 9
        const Outcome outcome = town.take("penalty", rows);
        CHECK(counts(outcome) == "9 4 1 1 2 1");
        CHECK(town.told(outcome) == std::vector<std::string>{"5:V13.duplicate@", "6:V13.update@",
                                                             "7:V15.name_conflict@CF_XDR_MC",
                                                             "8:V15.name_only@CF_XDR_MC", "9:V01@CF_WSH"});
        CHECK(outcome.batch.findings ==
              std::vector<std::pair<std::string, std::int64_t>>{{"V01", 1},
                                                                {"V13.duplicate", 1},
                                                                {"V13.update", 1},
                                                                {"V15.name_conflict", 1},
                                                                {"V15.name_only", 1}});
        // What is shown is what was taken: the later of two, once; nothing of the doubtful and the refused.
        REQUIRE(town.shown(code_of(2), "penalty").size() == 1);
        bool has_new = false;
        for (const auto& field : town.shown(code_of(2), "penalty")[0].fields) {
            has_new = has_new || (field.code == "CF_NR_FK" && field.value == "20,000.00元");
        }
        CHECK(has_new);
        CHECK(town.shown(code_of(1), "penalty").size() == 1);
        for (int n : {7, 8, 9}) CHECK(town.shown(code_of(n), "penalty").empty());
        CHECK(town.count("select count(*) from doubtful") == 2);
        // Every finding has a message and a remedy, also when it is read back.
        for (const RowFindings& row : town.findings(outcome)) {
            CHECK(row.line == row.row + 1);
            for (const record::Finding& finding : row.findings) {
                CHECK_FALSE(finding.message_zh.empty());
                CHECK_FALSE(finding.remedy_zh.empty());
            }
        }
    });
}

TEST_CASE("a file sent again is counted anew: its rows are duplicates, and nothing is added") {
    in_town([](Town& town) {
        const std::vector<Row> rows = registrations(1, 30);
        const Outcome first = town.take("registration", rows);
        const std::string before = std::to_string(town.count("select count(*) from record")) + " " +
                                   std::to_string(town.count("select count(*) from subject"));
        const Outcome again = town.take("registration", rows);
        CHECK(counts(again) == "30 0 0 30 0 0");
        CHECK(again.batch.id != first.batch.id);
        CHECK_FALSE(again.repeated);
        CHECK(before == std::to_string(town.count("select count(*) from record")) + " " +
                            std::to_string(town.count("select count(*) from subject")));
        // One changed among them is one update; the record that it replaces is ended, not deleted.
        std::vector<Row> later = rows;
        later[4]["ADDRESS"] = "河南省平顶山市鲁山县尧山大道1号";
        CHECK(counts(town.take("registration", later)) == "30 0 1 29 0 0");
        CHECK(town.count("select count(*) from record") == 31);
        CHECK(town.count("select count(*) from record where ended_us > 0") == 1);
        CHECK(town.shown(code_of(5)).size() == 1);
    });
}

TEST_CASE("an idempotency key gives the first batch again, per unit") {
    in_town([](Town& town) {
        town.add_unit(code_of(2, "11"), "鲁山县城市管理局");
        Order order = town.order("registration", registrations(1, 3));
        order.idempotency_key = "k-1";
        const Outcome first = must(town.send(order));
        const std::int64_t events = town.count("select count(*) from event");
        const Outcome again = must(town.send(order));
        CHECK(again.repeated);
        CHECK(again.batch.id == first.batch.id);
        CHECK(counts(again) == counts(first));
        CHECK(town.count("select count(*) from event") == events);
        // Another content under the same key is not stored either: the key names the first one.
        Order other = town.order("registration", registrations(7, 2));
        other.idempotency_key = "k-1";
        CHECK(must(town.send(other)).batch.id == first.batch.id);
        CHECK(town.count("select count(*) from subject") == 3);
        other.unit_code = code_of(2, "11");
        CHECK(counts(must(town.send(other))) == "2 2 0 0 0 0");
        order.idempotency_key = "k-2";
        CHECK(counts(must(town.send(order))) == "3 0 0 3 0 0");
    });
}

TEST_CASE("in one file: repetitions and changes of its own rows, in file order") {
    in_town([](Town& town) {
        std::vector<Row> rows;
        for (int i = 0; i < 5; ++i) {
            rows.push_back(changed(penalty(1), "CF_NR_FK=" + std::to_string(1 + i / 2)));
        }
        const Outcome outcome = town.take("penalty", rows);  // 1 1 2 2 3
        CHECK(counts(outcome) == "5 1 2 2 0 0");
        CHECK(town.count("select count(*) from record where ended_us = 0") == 1);
        CHECK(town.shown(code_of(1), "penalty").size() == 1);
        // Each ended record names the one that took its place.
        CHECK(town.count(
                  "select count(*) from record a join record b on a.ended_by = b.position where a.ended_us = "
                  "b.received_us and a.position < b.position") == 2);
    });
}

TEST_CASE("a natural person's row is refused with the article and nothing of the person is stored anywhere") {
    const std::string number = quality::test::person_number("19810203"), name = "欧阳测试甲";
    store::for_each_engine_url([&](const std::string& url, const std::string& engine) {
        {
            auto database = must(store::Database::open(url));
            Town town(*database);
            const Row person = changed(
                penalty(1), "CF_XDR_LB=自然人;CF_XDR_SHXYM=;CF_FRDB=;CF_XDR_ZJLX=身份证;CF_XDR_MC=" + name +
                                ";CF_XDR_ZJHM=" + number);
            Row untyped = person;
            untyped["CF_XDR_LB"] = "";
            Row in_code_column = changed(person, "CF_XDR_SHXYM=" + number + ";CF_XDR_ZJHM=");
            const Outcome outcome = town.take("penalty", {penalty(2), person, untyped, in_code_column});
            CHECK(counts(outcome) == "4 1 0 0 0 3");
            const auto findings = town.findings(outcome);
            REQUIRE(findings.size() == 3);
            CHECK(findings[0].findings.back().fault == "N01");
            CHECK(findings[0].findings.back().message_zh.find("个人信息保护法") != std::string::npos);
            CHECK(findings[0].findings.back().message_zh.find("第三十四条") != std::string::npos);
            const std::string all = town.everything();
            CHECK(all.find(firm_name(2)) != std::string::npos);
            CHECK(all.find(number) == std::string::npos);
            CHECK(all.find(number.substr(0, 17)) == std::string::npos);
            CHECK(all.find(name) == std::string::npos);
        }
        if (engine != "sqlite") return;
        int files = 0;
        for (const char* suffix : {"", "-wal", "-journal"}) {
            if (!std::filesystem::exists(url + suffix)) continue;
            const std::string raw = *read_file(url + suffix);
            ++files;
            CHECK(raw.find(number) == std::string::npos);
            CHECK(raw.find(name) == std::string::npos);
        }
        CHECK(files >= 1);
    });
}

TEST_CASE("a legal representative's certificate number is checked, then kept only as a keyed digest") {
    const std::string number = quality::test::person_number("19700809");
    in_town([&](Town& town) {
        const Outcome outcome = town.take(
            "penalty", {changed(penalty(1), "CF_FR_ZJLX=身份证;CF_FR_ZJHM=" + number),
                        changed(penalty(2), "CF_FR_ZJLX=身份证;CF_FR_ZJHM= " + number.substr(0, 6) + " " +
                                                number.substr(6)),
                        changed(penalty(3), "CF_XDR_SHXYM=;CF_FR_ZJLX=身份证;CF_FR_ZJHM=" + number),
                        changed(penalty(4), "CF_FR_ZJLX=身份证;CF_FR_ZJHM=" + number.substr(0, 17))});
        CHECK(counts(outcome) == "4 2 0 0 1 1");
        const std::string all = town.everything();
        CHECK(all.find(number) == std::string::npos);
        CHECK(all.find(number.substr(0, 17)) == std::string::npos);
        std::size_t digests = 0;
        for (std::size_t at = all.find("hmac-sm3:"); at != std::string::npos;
             at = all.find("hmac-sm3:", at + 1))
            ++digests;
        CHECK(digests == 3);
        for (const auto& field : town.shown(code_of(1))[0].fields) {
            CHECK(field.code != "CF_FR_ZJHM");
            CHECK(field.value.find("hmac") == std::string::npos);
        }
    });
}

TEST_CASE(
    "what can't be taken leaves nothing behind: unknown unit, unknown item, item not in force, broken "
    "files") {
    in_town([](Town& town) {
        const std::string before = town.everything();
        const auto refused = [&](const Order& order) {
            const Result<Outcome> result = town.send(order);
            REQUIRE_FALSE(result.ok());
            CHECK(town.everything() == before);
            CHECK_FALSE(result.error().message_zh().empty());
            return result.error();
        };
        Order order = town.order("registration", registrations(1, 3));
        order.unit_code = code_of(9, "11");
        CHECK(refused(order).fault == Fault::unit_unknown);
        CHECK(refused(town.order("gossip", "a,b\n1,2\n")).fault == Fault::item_unknown);
        order = town.order("penalty", {penalty(1)});
        order.now = *parse_instant("2001-01-01T00:00:00.000000Z");
        CHECK(refused(order).fault == Fault::item_not_in_force);
        CHECK(refused(town.order("penalty", "")).fault == Fault::empty_table);
        CHECK(refused(town.order("penalty", csv("penalty", {penalty(1)}).substr(0, 60) + "\r\n")).fault ==
              Fault::columns_missing);
        order.file = "no such file";
        order.now = kNow;
        CHECK(refused(order).fault == Fault::file_unreadable);
        // A header and no row.
        const std::string whole = csv("penalty", {penalty(1)});
        CHECK(refused(town.order("penalty", whole.substr(0, whole.find('\n') + 1))).fault ==
              Fault::empty_table);
    });
}

TEST_CASE("a reader's error in row 5000 stores nothing; the corrected file is taken whole") {
    in_town([](Town& town) {
        const std::vector<Row> rows = registrations(1, 5200);
        std::string text = ndjson("registration", rows);
        std::size_t line = 0;
        for (int i = 0; i < 4999; ++i) line = text.find('\n', line) + 1;
        std::string broken = text;
        broken.insert(line + 1, "oops ");
        const std::int64_t events = town.count("select count(*) from event");
        const Result<Outcome> result = town.send(town.order("registration", broken));
        REQUIRE_FALSE(result.ok());
        CHECK(result.error().fault == Fault::bad_json_line);
        CHECK(result.error().detail_zh.find("5000") != std::string::npos);
        CHECK(town.count("select count(*) from event") == events);
        CHECK(town.count("select count(*) from event_row") == 0);
        CHECK(town.count("select count(*) from subject") == 0);
        CHECK(town.count("select count(*) from record") == 0);
        CHECK(counts(town.take("registration", text)) == "5200 5200 0 0 0 0");
    });
}

TEST_CASE("cancelling stops before the commit") {
    in_town([](Town& town) {
        std::atomic<bool> cancel = false;
        Order order = town.order("registration", registrations(1, 5000));
        order.cancel = &cancel;
        order.progress = [&](const Progress& progress) {
            CHECK(progress.part >= 0);
            CHECK(progress.part <= 1);
            if (progress.rows > 0) cancel = true;
        };
        const Result<Outcome> result = town.send(order);
        REQUIRE_FALSE(result.ok());
        CHECK(result.error().fault == Fault::batch_cancelled);
        CHECK(town.count("select count(*) from event where kind = 'batch.committed'") == 0);
        CHECK(town.count("select count(*) from subject") == 0);
        order.cancel = nullptr;
        CHECK(counts(must(town.send(order))) == "5000 5000 0 0 0 0");
    });
}

TEST_CASE("the same table in other encodings and forms says the same") {
    in_town([](Town& town) {
        std::vector<Row> rows = registrations(1, 40);
        rows[3]["ENT_NAME"] = "鲁山县㙍、镕“引号”,逗号有限公司";
        rows[3]["SCOPE"] = "第一行\"引号\"，第二部分;分号";
        const std::string text = csv("registration", rows);
        CHECK(counts(town.take("registration", text)) == "40 40 0 0 0 0");
        const std::pair<const char*, std::string> forms[] = {
            {"UTF-8 with mark", "\xEF\xBB\xBF" + text},
            {"GB18030", converted(text, "GB18030")},
            {"GB18030 with mark", "\x84\x31\x95\x33" + converted(text, "GB18030")},
            {"UTF-16LE with mark", "\xFF\xFE" + converted(text, "UTF-16LE")},
            {"UTF-16BE with mark", "\xFE\xFF" + converted(text, "UTF-16BE")},
        };
        for (const auto& [name, form] : forms) {
            CAPTURE(std::string(name));
            CHECK(counts(town.take("registration", form)) == "40 0 0 40 0 0");
        }
        std::vector<Row> plain = registrations(1, 40);
        plain.erase(plain.begin() + 3);
        CHECK(counts(town.take("registration", ndjson("registration", plain))) == "39 0 0 39 0 0");
    });
}

TEST_CASE(
    "sixty faults in one file of each item: all found in their cells, none false; corrected, all are taken") {
    in_town([](Town& town) {
        std::mt19937 dice(60);
        std::map<std::string, std::vector<KnownFault>> faults;
        std::size_t total = 0;
        for (const KnownFault& fault : quality::test::rejections())
            faults[fault.item].push_back(fault), ++total;
        CHECK(total >= 60);
        for (const auto& known : town.desk.rulebook->items()) {
            const std::string& item = known->id;
            if (known->only_persons()) continue;
            CAPTURE(item);
            std::vector<Row> rows, corrected;
            std::vector<std::string> expected;
            auto fault = faults[item].begin();
            for (int n = 1; fault != faults[item].end() || n <= 30; ++n) {
                corrected.push_back(quality::test::good_row(item, n));
                const bool is_faulty = fault != faults[item].end() && dice() % 2 == 0;
                rows.push_back(changed(corrected.back(), is_faulty ? fault->changes : ""));
                if (is_faulty) expected.push_back(std::to_string(n) + ":" + (fault++)->findings);
            }
            const Outcome outcome = town.take(item, rows);
            CHECK(outcome.batch.rejected == static_cast<std::int64_t>(expected.size()));
            CHECK(outcome.batch.accepted == static_cast<std::int64_t>(rows.size() - expected.size()));
            const std::vector<std::string> told = town.told(outcome);
            for (const std::string& one : expected) {
                CAPTURE(one);
                CHECK(std::find(told.begin(), told.end(), one) != told.end());
            }
            CHECK(told.size() == expected.size());
            const Outcome again = town.take(item, corrected);
            CHECK(again.batch.rejected == 0);
            CHECK(again.batch.doubtful == 0);
            CHECK(again.batch.updated == 0);
            CHECK(again.batch.accepted == static_cast<std::int64_t>(expected.size()));
        }
    });
}

TEST_CASE("a clock that was set back does not part the tables from the journal") {
    in_town([](Town& town) {
        town.take("registration", registrations(1, 2));
        Order order = town.order("registration", registrations(3, 2));
        order.now = Instant{kNow.us - 3'600'000'000};
        must(town.send(order));
        CHECK(town.count("select count(*) from record r join event e on e.seq = r.event where r.received_us "
                         "<> e.time_us") == 0);
        CHECK(town.count("select count(*) from record") == 4);
    });
}

TEST_CASE("the outcome as the command line prints it") {
    in_town([](Town& town) {
        const Outcome outcome = town.take("penalty", {penalty(1), changed(penalty(2), "CF_WSH=")});
        const std::string json = outcome.to_json();
        CHECK(json.find("\"batch\":\"" + std::to_string(outcome.batch.id) + "\"") != std::string::npos);
        CHECK(json.find(
                  "\"rows\":2,\"accepted\":1,\"updated\":0,\"duplicate\":0,\"doubtful\":0,\"rejected\":1") !=
              std::string::npos);
        CHECK(json.find("\"findings\":{\"V01\":1}") != std::string::npos);
        auto tx = town.read();
        const auto stored = must(record::find_batch(tx, outcome.batch.id));
        REQUIRE(stored.has_value());
        CHECK(stored->rows == 2);
        CHECK(stored->rejected == 1);
        CHECK(stored->findings == outcome.batch.findings);
        CHECK(must(record::batches(tx, town.desk.tenant, {false, unit_code()}, INT64_MAX, 10)).size() == 1);
        CHECK(must(record::batches(tx, town.desk.tenant, {false, code_of(3, "11")}, INT64_MAX, 10)).empty());
        CHECK(must(record::batches(tx, town.desk.tenant, {false, ""}, INT64_MAX, 10)).empty());
        CHECK(must(record::batches(tx, town.desk.tenant, {true, ""}, INT64_MAX, 10)).size() == 1);
    });
}
