// Lists, exports, long tasks and the scope of who sees which batches, through the gate on both engines.
#include "cli/testing/desk_town.h"

using namespace mingxin;
using namespace mingxin::cli;
using namespace mingxin::cli::test;

namespace {

void for_each_town(const std::function<void(DeskTown&)>& scenario) {
    store::for_each_engine_url([&](const std::string& url, const std::string& name) {
        DeskTown town(url, name);
        scenario(town);
    });
}

/// All rows of a list by its pages of two, forwards, then back again; both ways must agree.
std::string walked(DeskTown& town, std::string_view list, Inputs filters, const api::Principal& who,
                   const std::string& key) {
    std::vector<std::string> forward, backward;
    filters.emplace_back("limit", "2");
    std::string page, last_page;
    const auto keys_of = [&](const std::string& body) {
        std::vector<std::string> keys;
        for (std::size_t at = body.find("\"" + key + "\":"); at != std::string::npos;
             at = body.find("\"" + key + "\":", at + 1)) {
            keys.push_back(value_in(body.substr(at), key));
        }
        return keys;
    };
    for (int i = 0; i < 50; ++i) {
        Inputs inputs = filters;
        if (!page.empty()) inputs.emplace_back("page", page);
        const std::string body = town.body(list, inputs, who);
        for (const std::string& one : keys_of(body)) forward.push_back(one);
        last_page = body;
        page = value_in(body, "next");
        if (page.empty()) break;
    }
    for (const std::string& one : keys_of(last_page)) backward.push_back(one);
    for (int i = 0; i < 50; ++i) {
        page = value_in(last_page, "previous");
        if (page.empty()) break;
        Inputs inputs = filters;
        inputs.emplace_back("page", page);
        last_page = town.body(list, inputs, who);
        std::vector<std::string> keys = keys_of(last_page);
        backward.insert(backward.begin(), keys.begin(), keys.end());
    }
    CHECK(forward == backward);
    std::string joined;
    for (const std::string& one : forward) joined += one + " ";
    return joined;
}

/// Five batches of the market, two of the tax office; rows of every outcome.
struct Filled {
    std::string registration, first, faulty, doubtful, last, of_tax;
    explicit Filled(DeskTown& town) {
        registration = town.registration(town.market, "5211");
        first =
            town.penalties(town.market, {"鲁市监罚〔2026〕1号", "鲁市监罚〔2026〕2号"}, false, "第一批.csv");
        faulty = town.penalties(town.market, {"鲁市监罚〔2026〕3号", "", ""}, false, "有错的.csv");
        doubtful = town.penalties(
            town.market, {"鲁市监罚〔2026〕4号", "鲁市监罚〔2026〕5号", "鲁市监罚〔2026〕6号"}, true);
        of_tax = town.penalties(town.tax, {"鲁税罚〔2026〕1号", ""}, false, "税务.csv");
        town.penalties(town.tax, {"鲁税罚〔2026〕2号"}, true);
        last = town.penalties(town.market, {"鲁市监罚〔2026〕7号"}, false, "最后.csv");
    }
};

}  // namespace

TEST_CASE("endpoint:batch.list ok: filters, order, pages both ways, count") {
    for_each_town([](DeskTown& town) {
        const Filled filled(town);
        const std::string all = walked(town, "batch.list", {}, town.office, "id");
        CHECK(count_in(all, " ") == 7);
        CHECK(all.starts_with(filled.last + " "));
        CHECK(walked(town, "batch.list", {{"order", "oldest"}}, town.office, "id")
                  .starts_with(filled.registration + " "));
        const auto only = [&](Inputs filters) {
            return walked(town, "batch.list", filters, town.office, "id");
        };
        CHECK(only({{"outcome", "rejected"}}) == filled.of_tax + " " + filled.faulty + " ");
        CHECK(only({{"item", "registration"}}) == filled.registration + " ");
        CHECK(count_in(only({{"unit", kTax}}), " ") == 2);
        CHECK(only({{"unit", kMarket}, {"outcome", "doubtful"}}) == filled.doubtful + " ");
        CHECK(only({{"q", "第一"}}) == filled.first + " ");
        CHECK(only({{"q", filled.first}}) == filled.first + " ");
        CHECK(only({{"q", "第一"}, {"unit", kTax}}) == "");
        const std::string today = now_utc().date().to_string();
        const std::string tomorrow = now_utc().date().plus_days(2).to_string();
        CHECK(count_in(only({{"from", now_utc().date().plus_days(-1).to_string()}, {"to", tomorrow}}), " ") ==
              7);
        CHECK(only({{"from", tomorrow}}) == "");
        CHECK(only({{"to", "2020-01-01"}}) == "");
        const std::string body = town.body("batch.list", {{"limit", "2"}}, town.office);
        CHECK(has(body, "\"count\":7,\"count_more\":false"));
        CHECK(has(body, "鲁山县税务局") == has(body, kTax));
        CHECK(count_in(town.body("batch.list", {{"before", filled.first}}, town.office), "\"id\":") == 1);
    });
}

TEST_CASE("endpoint:batch.list refused: limits, keys and filters that make no sense") {
    for_each_town([](DeskTown& town) {
        for (const auto& [name, value] : Inputs{{"limit", "0"},
                                                {"limit", "201"},
                                                {"order", "best"},
                                                {"page", "17"},
                                                {"page", "n:x"},
                                                {"page", "n:-1"},
                                                {"page", "p:-9223372036854775808"},
                                                {"outcome", "bad"},
                                                {"q", "一"}}) {
            CHECK_MESSAGE(
                town.fault("batch.list", {{name, value}}, town.office) == code_of(Fault::bad_argument), name);
        }
        CHECK(town.fault("batch.list", {}, town.anyone) == code_of(Fault::sign_in_required));
        CHECK(town.fault("batch.list", {}, town.keeper) == code_of(Fault::permission_missing));
    });
}

TEST_CASE("collect_view_all: who has it sees all units, who has not the own one, who has neither nothing") {
    for_each_town([](DeskTown& town) {
        const Filled filled(town);
        const auto batches = [&](const api::Principal& who) {
            return count_in(walked(town, "batch.list", {}, who, "id"), " ");
        };
        const auto waiting = [&](const api::Principal& who) {
            return count_in(walked(town, "doubtful.list", {}, who, "position"), " ");
        };
        CHECK(batches(town.office) == 7);
        CHECK(batches(town.market) == 5);
        CHECK(batches(town.tax) == 2);
        CHECK(batches(town.homeless) == 0);
        CHECK(waiting(town.office) == 4);
        CHECK(waiting(town.market) == 3);
        CHECK(waiting(town.tax) == 1);
        CHECK(waiting(town.homeless) == 0);
        CHECK(town.body("batch.list", {{"unit", kTax}}, town.market).starts_with("{\"batches\":[]"));
        CHECK(town.body("doubtful.list", {{"unit", kTax}}, town.market).starts_with("{\"rows\":[]"));
        for (const char* one : {"batch.show", "batch.findings"}) {
            CHECK(town.fault(one, {{"id", filled.faulty}}, town.office) == "");
            CHECK(town.fault(one, {{"id", filled.faulty}}, town.market) == "");
            CHECK(town.fault(one, {{"id", filled.faulty}}, town.tax) == code_of(Fault::not_found));
            CHECK(town.fault(one, {{"id", filled.faulty}}, town.homeless) == code_of(Fault::not_found));
        }
        CHECK(count_in(town.exported("batch.export", {}, town.office), "\r\n") == 8);
        CHECK(count_in(town.exported("batch.export", {}, town.tax), "\r\n") == 3);
        CHECK(count_in(town.exported("batch.export", {}, town.homeless), "\r\n") == 1);
        CHECK(count_in(town.exported("doubtful.export", {}, town.tax), "\r\n") == 2);
        CHECK(town.fault("finding.export", {{"format", "csv"}, {"batch", filled.faulty}}, town.tax) ==
              code_of(Fault::not_found));
    });
}

TEST_CASE("endpoint:batch.findings ok: the faulty rows, by fault, field and outcome") {
    for_each_town([](DeskTown& town) {
        const Filled filled(town);
        const auto rows = [&](Inputs filters) {
            filters.emplace_back("id", filled.faulty);
            return walked(town, "batch.findings", filters, town.market, "row");
        };
        CHECK(rows({}) == "2 3 ");
        CHECK(rows({{"fault", "V01"}}) == "2 3 ");
        CHECK(rows({{"fault", "V99"}}) == "");
        CHECK(rows({{"outcome", "rejected"}, {"field", "CF_WSH"}}) == "2 3 ");
        CHECK(rows({{"outcome", "accepted"}}) == "");
        CHECK(rows({{"after", "2"}}) == "3 ");
        CHECK(has(town.body("batch.findings", {{"id", filled.faulty}}, town.market), "\"line\":3"));
    });
}

TEST_CASE("endpoint:batch.findings refused: unknown field and outcome, another unit's batch") {
    for_each_town([](DeskTown& town) {
        const Filled filled(town);
        CHECK(town.fault("batch.findings", {{"id", filled.faulty}, {"field", "NONE"}}, town.market) ==
              code_of(Fault::bad_argument));
        CHECK(town.fault("batch.findings", {{"id", filled.faulty}, {"outcome", "odd"}}, town.market) ==
              code_of(Fault::bad_argument));
        CHECK(town.fault("batch.findings", {{"id", filled.faulty}}, town.tax) == code_of(Fault::not_found));
        // No key leads out of the batch, to what other units handed in.
        for (const char* name : {"page", "after"}) {
            const std::string most = std::to_string(INT64_MAX);
            for (const std::string& key : {most, std::to_string(INT64_MAX - 1), std::string("1000000")}) {
                const std::string value = name == std::string("page") ? "n:" + key : key;
                CHECK(town.body("batch.findings", {{"id", filled.faulty}, {name, value}}, town.market)
                          .starts_with("{\"rows\":[]"));
            }
        }
        for (const char* page : {"n:-1", "p:-9223372036854775808", "n:9223372036854775808"}) {
            CHECK(town.fault("batch.findings", {{"id", filled.faulty}, {"page", page}}, town.market) ==
                  code_of(Fault::bad_argument));
        }
    });
}

TEST_CASE("endpoint:doubtful.list ok: rows that wait, by batch, item, fault, unit and code") {
    for_each_town([](DeskTown& town) {
        const Filled filled(town);
        const auto rows = [&](Inputs filters) {
            return count_in(walked(town, "doubtful.list", filters, town.office, "position"), " ");
        };
        const std::string body = town.body("doubtful.list", {}, town.office);
        CHECK(rows({}) == 4);
        CHECK(rows({{"batch", filled.doubtful}}) == 3);
        CHECK(rows({{"batch", filled.doubtful}, {"unit", kTax}}) == 0);
        CHECK(rows({{"item", "penalty"}}) == 4);
        CHECK(rows({{"item", "permit"}}) == 0);
        CHECK(rows({{"fault", value_in(body, "fault")}}) == 4);
        CHECK(rows({{"fault", value_in(body, "fault")}, {"unit", kMarket}}) == 3);
        CHECK(rows({{"q", "91410423MAX000000X"}}) == 0);
        CHECK(rows({{"to", "2020-01-01"}}) == 0);
        CHECK(value_in(body, "count") == "4");
        CHECK(has(body, "\"unit_name\":\"鲁山县税务局\""));
        CHECK_FALSE(has(body, "张三"));
    });
}

TEST_CASE("endpoint:doubtful.list refused: unknown item and batch, the public") {
    for_each_town([](DeskTown& town) {
        CHECK(town.fault("doubtful.list", {{"item", "none"}}, town.office) == code_of(Fault::item_unknown));
        CHECK(town.fault("doubtful.list", {{"batch", "99999"}}, town.office) == code_of(Fault::not_found));
        CHECK(town.fault("doubtful.list", {}, town.anyone) == code_of(Fault::sign_in_required));
    });
}

TEST_CASE("endpoint:doubtful.candidates ok: the firm of that name, of a near one, of the number; and why") {
    for_each_town([](DeskTown& town) {
        const Filled filled(town);
        const auto candidates = [&](const std::string& row) {
            const std::string position = value_in(row, "position");
            return town.body("doubtful.candidates", {{"position", position}}, town.market);
        };
        const auto waiting = [&](const std::string& batch) {
            return town.body("doubtful.list", {{"batch", batch}}, town.market);
        };
        const std::string same = candidates(waiting(filled.doubtful));
        CHECK(value_in(same, "code") == kFirm);
        CHECK(value_in(same, "likeness") == "1.00");
        CHECK(value_in(same, "reason") == "与登记名称相同");
        CHECK(has(same, "\"differences\":[]"));
        town.firm = "鲁山县澜和商贸有限公司";
        const std::string near =
            candidates(waiting(town.penalties(town.market, {"鲁市监罚〔2026〕8号"}, true)));
        CHECK(value_in(near, "code") == kFirm);
        CHECK(value_in(near, "reason") == "名称相差1字：和→禾（同音）");
        const std::string of_code = candidates(waiting(town.penalties(town.market, {"鲁市监罚〔2026〕9号"})));
        CHECK(value_in(of_code, "code") == kFirm);
        CHECK(value_in(of_code, "reason") == "行中的代码或号码属于它；名称相差1字：和→禾（同音）");
        CHECK(count_in(of_code, "\"code\":") == 1);
        CHECK(count_in(town.body("record.list", {{"item", "penalty"}}, town.market), "澜和") == 0);  // R6
    });
}

TEST_CASE("endpoint:doubtful.candidates refused: no such row, another unit's, the public") {
    for_each_town([](DeskTown& town) {
        const Filled filled(town);
        const std::string row = town.body("doubtful.list", {{"batch", filled.doubtful}}, town.market);
        const Inputs inputs = {{"position", value_in(row, "position")}};
        CHECK(town.fault("doubtful.candidates", inputs, town.office) == "");
        CHECK(town.fault("doubtful.candidates", inputs, town.tax) == code_of(Fault::not_found));
        CHECK(town.fault("doubtful.candidates", {{"position", "1"}}, town.office) ==
              code_of(Fault::not_found));
        CHECK(town.fault("doubtful.candidates", inputs, town.anyone) == code_of(Fault::sign_in_required));
    });
}

TEST_CASE("endpoint:subject.list ok: by kind, state, name and code") {
    for_each_town([](DeskTown& town) {
        const Filled filled(town);
        const auto codes = [&](Inputs filters) {
            return walked(town, "subject.list", filters, town.market, "code");
        };
        CHECK(codes({}) == kFirm + " ");
        CHECK(codes({{"base", "enterprise"}, {"state", "存续"}, {"q", "澜禾"}}) == kFirm + " ");
        CHECK(codes({{"base", "other"}}) == "");
        CHECK(codes({{"state", "注销"}}) == "");
        CHECK(codes({{"q", "没有的"}}) == "");
        CHECK(codes({{"q", kFirm}}) == kFirm + " ");
        CHECK(has(town.body("subject.list", {}, town.market), "\"industry\":\"5211\""));
        CHECK(has(town.exported("subject.export", {}, town.market), "批发和零售业"));
    });
}

TEST_CASE("endpoint:subject.list refused: an unknown kind, the public") {
    for_each_town([](DeskTown& town) {
        CHECK(town.fault("subject.list", {{"base", "person"}}, town.market) == code_of(Fault::bad_argument));
        CHECK(town.fault("subject.list", {}, town.anyone) == code_of(Fault::sign_in_required));
    });
}

TEST_CASE("endpoint:record.list ok: what the public may see, by item, unit and subject") {
    for_each_town([](DeskTown& town) {
        const Filled filled(town);
        const auto ids = [&](Inputs filters) {
            return walked(town, "record.list", filters, town.market, "id");
        };
        CHECK(count_in(ids({{"item", "penalty"}}), " ") == 5);
        CHECK(ids({{"item", "penalty"}, {"unit", kTax}}) == filled.of_tax + "-1 ");
        CHECK(count_in(ids({{"unit", kMarket}}), " ") == 5);
        CHECK(ids({{"item", "registration"}, {"q", "澜禾"}}) == filled.registration + "-1 ");
        CHECK(ids({{"q", kFirm}, {"unit", kTax}}) == filled.of_tax + "-1 ");
        CHECK(ids({{"q", "没有的"}}) == "");
        CHECK(ids({{"severity", "3"}}) == "");
        CHECK(ids({{"to", "2020-01-01"}}) == "");
        const std::string body =
            town.body("record.list", {{"item", "penalty"}, {"order", "oldest"}}, town.market);
        CHECK(value_in(body, "id") == filled.first + "-1");
        CHECK(value_in(body, "count") == "5");
        CHECK_FALSE(has(body, "张三"));
        CHECK_FALSE(has(town.exported("record.export", {}, town.office), "张三"));
    });
}

TEST_CASE("endpoint:record.list refused: unknown item, a bad day, the public") {
    for_each_town([](DeskTown& town) {
        CHECK(town.fault("record.list", {{"item", "none"}}, town.market) == code_of(Fault::item_unknown));
        CHECK(town.fault("record.list", {{"from", "2026-02-30"}}, town.market) != "");
        CHECK(town.fault("record.list", {}, town.anyone) == code_of(Fault::sign_in_required));
    });
}

TEST_CASE("endpoint:report.list ok: the reports issued, by subject and number") {
    for_each_town([](DeskTown& town) {
        const Filled filled(town);
        must(town.run("report.issue", {{"code", kFirm}, {"purpose", "政府采购"}}, town.office));
        const std::string body = town.body("report.list", {}, town.office);
        CHECK(has(body, "政府采购"));
        CHECK(has(body, "credit_office_clerk:wang"));
        const std::string number = value_in(body, "number");
        const auto numbers = [&](Inputs filters) {
            return walked(town, "report.list", filters, town.office, "number");
        };
        CHECK(numbers({}) == number + " ");
        CHECK(numbers({{"q", kFirm}}) == number + " ");
        CHECK(numbers({{"q", number}}) == number + " ");
        CHECK(numbers({{"q", kMarket}}) == "");
        CHECK(numbers({{"to", "2020-01-01"}}) == "");
        CHECK(has(town.exported("report.export", {}, town.office), number));
    });
}

TEST_CASE("endpoint:report.list refused: a department clerk") {
    for_each_town([](DeskTown& town) {
        CHECK(town.fault("report.list", {}, town.market) == code_of(Fault::permission_missing));
    });
}

TEST_CASE("endpoint:event.list ok: who did what, by kind and by whom") {
    for_each_town([](DeskTown& town) {
        const Filled filled(town);
        const auto count = [&](Inputs filters) {
            filters.emplace_back("limit", "200");
            return value_in(town.body("event.list", filters, town.auditor), "count");
        };
        CHECK(count({{"kind", "batch.committed"}}) == "7");
        CHECK(count({{"kind", "batch.committed"}, {"who", "unit:" + kTax}}) == "2");
        CHECK(count({{"kind", "no.such"}}) == "0");
        const std::string all = walked(town, "event.list", {}, town.auditor, "seq");
        CHECK(all.ends_with(" 2 1 "));
        CHECK(has(town.body("event.list", {}, town.auditor), "批次入库"));
        CHECK(has(town.exported("event.export", {{"kind", "unit.added"}}, town.auditor), "登记单位"));
    });
}

TEST_CASE("endpoint:event.list refused: who may not verify") {
    for_each_town([](DeskTown& town) {
        CHECK(town.fault("event.list", {}, town.market) == code_of(Fault::permission_missing));
    });
}

TEST_CASE("endpoint:unit.export ok, endpoint:account.export ok: units and accounts filtered by text") {
    for_each_town([](DeskTown& town) {
        CHECK(walked(town, "unit.list", {}, town.office, "code") == kTax + " " + kMarket + " ");
        CHECK(walked(town, "unit.list", {{"q", "税务"}}, town.office, "code") == kTax + " ");
        CHECK(has(town.exported("unit.export", {{"order", "newest"}}, town.office), "鲁山县市场监督管理局"));
        for (const char* name : {"li.na", "wang.wu", "zhao.liu"}) {
            must(town.run("account.create", {{"name", name}, {"display", "某人"}, {"role", "auditor"}},
                          town.keeper));
        }
        CHECK(walked(town, "account.list", {}, town.keeper, "name") == "li.na wang.wu zhao.liu ");
        CHECK(walked(town, "account.list", {{"q", "wang"}, {"active", "true"}}, town.keeper, "name") ==
              "wang.wu ");
        CHECK(walked(town, "account.list", {{"role", "department_clerk"}}, town.keeper, "name") == "");
        CHECK(has(town.exported("account.export", {}, town.keeper), "zhao.liu,某人"));
    });
}

TEST_CASE(
    "endpoint:batch.export ok, endpoint:finding.export ok, endpoint:doubtful.export ok, "
    "endpoint:subject.export ok, "
    "endpoint:record.export ok, endpoint:report.export ok, endpoint:event.export ok, endpoint:unit.export "
    "ok, "
    "endpoint:account.export ok: as the list filters, in Chinese, audited with the number of rows") {
    for_each_town([](DeskTown& town) {
        const Filled filled(town);
        const std::string batches =
            town.exported("batch.export", {{"outcome", "rejected"}, {"order", "oldest"}}, town.office);
        CHECK(batches.starts_with("\xEF\xBB\xBF批次编号,文件名,目录项"));
        CHECK(count_in(batches, "\r\n") == 3);
        CHECK(batches.find("有错的.csv") < batches.find("税务.csv"));
        const std::string findings = town.exported("finding.export", {{"batch", filled.faulty}}, town.market);
        CHECK(count_in(findings, "\r\n") == 3);
        CHECK(has(findings, "V01"));
        CHECK(count_in(town.exported("record.export", {{"item", "penalty"}}, town.office), "\r\n") == 6);
        const std::string events = town.body("event.list", {{"kind", "list.exported"}}, town.auditor);
        CHECK(value_in(events, "count") == "3");
        auto tx = must(town.platform->database().read());
        const auto event = must(journal::find_event(tx, std::stoll(value_in(events, "seq"))));
        CHECK(
            has(event->payload,
                "\"list\":\"record.list\",\"format\":\"csv\",\"rows\":5,\"filters\":{\"item\":\"penalty\"}"));
    });
}

TEST_CASE(
    "endpoint:batch.export refused, endpoint:finding.export refused, endpoint:doubtful.export refused, "
    "endpoint:subject.export refused, endpoint:record.export refused, endpoint:report.export refused, "
    "endpoint:event.export refused, endpoint:unit.export refused, endpoint:account.export refused: without "
    "the "
    "list's permission, with filters that make no sense") {
    for_each_town([](DeskTown& town) {
        for (const char* id : {"batch.export", "doubtful.export", "subject.export", "record.export",
                               "report.export", "event.export", "unit.export", "account.export"}) {
            CHECK(town.fault(id, {{"format", "csv"}}, town.anyone) == code_of(Fault::sign_in_required));
        }
        CHECK(town.fault("finding.export", {{"format", "csv"}, {"batch", "1"}}, town.anyone) ==
              code_of(Fault::sign_in_required));
        for (const char* id : {"report.export", "event.export", "unit.export", "account.export"}) {
            CHECK(town.fault(id, {{"format", "csv"}}, town.market) == code_of(Fault::permission_missing));
        }
        CHECK(town.fault("batch.export", {{"format", "pdf"}}, town.office) == code_of(Fault::bad_argument));
        CHECK(town.fault("batch.export", {{"format", "csv"}, {"outcome", "odd"}}, town.office) ==
              code_of(Fault::bad_argument));
        CHECK(town.fault("record.export", {{"format", "csv"}, {"item", "none"}}, town.office) ==
              code_of(Fault::item_unknown));
    });
}

TEST_CASE("endpoint:site.copy ok: the site's own pages packed and signed, told by the journal") {
    for_each_town([](DeskTown& town) {
        const Filled filled(town);
        const std::string task = value_in(
            town.body("site.copy", {{"base", "https://credit.example.gov.cn/"}}, town.office), "task");
        const std::string state = town.ended(task, town.office);
        CHECK_MESSAGE(value_in(state, "state") == "done", state);
        CHECK(std::stoi(value_in(state, "rows")) >= 8);  // pages
        CHECK(has(state, "信用鲁山-静态页面-"));
        const std::string zip =
            must(read_file(must(town.run("task.file", {{"id", task}}, town.office)).file));
        CHECK(zip.starts_with("PK"));
        for (const char* name : {"index.html", "guides/repair.html", "manifest.json", "manifest.sig"}) {
            CHECK(has(zip, name));
        }
        for (const char* name : {"subjects/", "records/", "publicity/", "sign-in"}) CHECK(!has(zip, name));
        const std::string events = town.body("event.list", {{"kind", "site.copied"}}, town.auditor);
        auto tx = must(town.platform->database().read());
        const auto event = must(journal::find_event(tx, std::stoll(value_in(events, "seq"))));
        CHECK(event->principal == town.office.name);
        CHECK(value_in(event->payload, "base") == "https://credit.example.gov.cn");
        CHECK(value_in(event->payload, "pages") == value_in(state, "rows"));
        CHECK(value_in(event->payload, "manifest_sm3").size() == 64);
    });
}

TEST_CASE("endpoint:site.copy refused: who may not arrange columns, an address that is none") {
    for_each_town([](DeskTown& town) {
        CHECK(town.fault("site.copy", {}, town.anyone) == code_of(Fault::sign_in_required));
        CHECK(town.fault("site.copy", {}, town.market) == code_of(Fault::permission_missing));
        for (const char* base : {"credit.example.gov.cn", "https://", "javascript:alert(1)", "https://a b",
                                 "https://a\" onclick=\"b", "https://a?b=c", "https:///a"}) {
            CHECK(town.fault("site.copy", {{"base", base}}, town.office) == code_of(Fault::bad_argument));
        }
    });
}

TEST_CASE("endpoint:article.rechecks refused: the public, who has nothing to do with content") {
    for_each_town([](DeskTown& town) {
        CHECK(town.fault("article.rechecks", {}, town.anyone) == code_of(Fault::sign_in_required));
        CHECK(town.fault("article.rechecks", {}, town.market) == code_of(Fault::permission_missing));
    });
}

TEST_CASE("event kinds have Chinese names: every audited operation's too") {
    for_each_town([](DeskTown& town) {
        const std::string kinds = town.body("event.list", {{"limit", "1"}}, town.auditor);
        for (const api::Endpoint& endpoint : endpoints(town.parts)) {
            if (endpoint.audit != api::Audit::event) continue;
            CHECK_MESSAGE(has(kinds, "{\"kind\":\"" + std::string(endpoint.id) + "\""), endpoint.id);
        }
    });
}

TEST_CASE(
    "endpoint:task.list ok, endpoint:task.get ok, endpoint:task.cancel ok, endpoint:task.file ok: one's "
    "own") {
    for_each_town([](DeskTown& town) {
        const std::string task =
            value_in(town.body("unit.export", {{"format", "xlsx"}}, town.office), "task");
        const std::string state = town.ended(task, town.office);
        CHECK(value_in(state, "state") == "done");
        CHECK(value_in(state, "kind") == "export.units");
        CHECK(value_in(state, "rows") == "2");
        CHECK(has(town.body("task.list", {}, town.office), task));
        const api::Reply file = must(town.run("task.file", {{"id", task}}, town.office));
        CHECK(must(read_file(file.file)).starts_with("PK"));
        CHECK(file.headers.front().second.ends_with(".xlsx"));
        CHECK(value_in(town.body("task.cancel", {{"id", task}}, town.office), "state") == "done");
    });
}

TEST_CASE(
    "endpoint:task.list refused, endpoint:task.get refused, endpoint:task.cancel refused, endpoint:task.file "
    "refused: "
    "the public, another's task, without the permission of the list") {
    for_each_town([](DeskTown& town) {
        const std::string task = value_in(town.body("unit.export", {{"format", "csv"}}, town.office), "task");
        town.ended(task, town.office);
        for (const char* id : {"task.get", "task.cancel", "task.file"}) {
            CHECK(town.fault(id, {{"id", task}}, town.anyone) == code_of(Fault::sign_in_required));
            CHECK(town.fault(id, {{"id", task}}, DeskTown::of_role({}, "none", "nobody", "")) ==
                  code_of(Fault::permission_missing));
            CHECK(town.fault(id, {{"id", task}}, town.market) == code_of(Fault::not_found));
            CHECK(town.fault(id, {{"id", "00"}}, town.office) == code_of(Fault::not_found));
        }
        CHECK(town.fault("task.list", {}, town.anyone) == code_of(Fault::sign_in_required));
        CHECK_FALSE(has(town.body("task.list", {}, town.market), task));
        api::Principal demoted = town.office;
        demoted.permissions[static_cast<int>(api::Permission::unit_manage)] = false;
        CHECK(town.fault("task.file", {{"id", task}}, demoted) == code_of(Fault::permission_missing));
    });
}

TEST_CASE("endpoint:task.file refused: of a task that was cancelled there is none") {
    for_each_town([](DeskTown& town) {
        const std::string task =
            must(town.tasks->start({"test.wait", town.office.name, api::Permission::anyone, "a.csv",
                                    [](tasks::Run& run) -> Result<void> {
                                        while (!run.cancelled()) std::this_thread::yield();
                                        return tasks::stopped();
                                    }}));
        town.body("task.cancel", {{"id", task}}, town.office);
        CHECK(value_in(town.ended(task, town.office), "state") == "cancelled");
        CHECK(town.fault("task.file", {{"id", task}}, town.office) == code_of(Fault::not_found));
    });
}
