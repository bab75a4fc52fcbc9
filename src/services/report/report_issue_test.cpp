// Issuing and verifying on both engines, with the real rulebook.
#include <doctest/doctest.h>

#include <cstdlib>

#include "access/access.h"
#include "base/file.h"
#include "base/text.h"
#include "report/report.h"
#include "store/test_engines.h"

using namespace mingxin;
using namespace mingxin::report;
using record::Outcome;

namespace {

constexpr const char* code = "91410423MAX000012M";
constexpr const char* unit_code = "11410423005599990E";
constexpr const char* name = "鲁山县报告试验有限责任公司";
const Instant noon = *parse_instant("2026-11-20T04:05:06.000000Z");

template <class T>
T must(Result<T> result) {
    REQUIRE_MESSAGE(result.ok(), (result.ok() ? "" : result.error().message_zh() + result.error().log_text));
    return std::move(*result);
}
void must(Result<void> result) {
    REQUIRE_MESSAGE(result.ok(), (result.ok() ? "" : result.error().message_zh() + result.error().log_text));
}

std::shared_ptr<const rulebook::Rulebook> rules() {
    static const auto loaded = must(rulebook::Rulebook::load("rules"));
    return loaded;
}

using Values = std::vector<std::pair<std::string, std::string>>;  // field code, value

/// A platform with an empty journal, and the little of collect that a report needs.
class Platform {
  public:
    explicit Platform(store::Database& database) : key_(crypto::Sm2Key::generate()) {
        must(database.create(journal::tables()));
        must(database.create(subject::tables()));
        must(database.create(record::tables()));
        must(database.create(access::tables()));
        must(database.create(report::tables()));
        desk = std::make_shared<const Desk>(Desk{.database = database,
                                                 .rulebook = rules(),
                                                 .key = key_,
                                                 .origin = "mingxin/410423",
                                                 .tenant = 410423,
                                                 .site_name = "信用鲁山",
                                                 .issuer = "鲁山县公共信用信息平台",
                                                 .verify_url = "https://credit.example.gov.cn/verify/"});
    }

    /// A batch of one row; returns the position of its record.
    std::int64_t take(const char* item_id, const Values& values, record::Facts facts,
                      std::int64_t replaces = 0) {
        record::Entry entry{.outcome = replaces > 0 ? Outcome::updated : Outcome::accepted,
                            .line = 2,
                            .item = rules()->item(item_id),
                            .subject = code,
                            .creates_subject = std::string_view(item_id) == "registration",
                            .replaces = replaces,
                            .facts = facts};
        entry.values.resize(entry.item->fields.size());
        for (const auto& [field, value] : values) {
            int at = entry.item->field_by_header(field);
            REQUIRE(at >= 0);
            entry.values[static_cast<std::size_t>(at)] = value;
        }
        std::string payload;
        record::encode(entry, payload);
        record::Batch batch{
            .item = item_id, .unit_code = unit_code, .rows = 1, .accepted = 1, .received = noon};
        auto tx = must(desk->database.write());
        auto writer = must(journal::BatchWriter::begin(tx, 1));
        must(writer.add(static_cast<std::uint8_t>(entry.outcome), payload));
        journal::Event event = must(writer.finish(
            {std::string(record::kBatchKind), "clerk:zhang", record::encode_batch(batch), rules()->digest()},
            noon));
        auto projection = record::projection(desk->tenant, rules());
        must(projection->begin_event(tx, event));
        must(projection->row(tx, event, {1, static_cast<std::uint8_t>(entry.outcome), payload}));
        must(projection->end_event(tx, event));
        must(journal::seal(tx, key_, desk->origin, noon));
        must(tx.commit());
        return event.first_position;
    }

    void register_subject() {
        {
            auto tx = must(desk->database.write());
            must(access::add_unit(tx, unit_code, "鲁山县市场监督管理局",
                                  {.principal = "operator", .now = noon}));
            must(journal::seal(tx, key_, desk->origin, noon));
            must(tx.commit());
        }
        take("registration",
             {{"ENT_NAME", name},
              {"USCC", code},
              {"EST_DATE", "2012-06-01"},
              {"STATE", "存续"},
              {"ADDRESS", "鲁山县向阳路1号"}},
             {.key = 1});
    }
    std::int64_t penalise(std::int64_t replaces = 0) {
        return take("penalty",
                    {{"CF_XDR_MC", name},
                     {"CF_XDR_SHXYM", code},
                     {"CF_WSH", "平环鲁罚〔2026〕7号"},
                     {"CF_CFLB", "罚款"},
                     {"CF_NR", "罚款壹万伍仟元整"},
                     {"CF_NR_FK", "1500000"},
                     {"CF_JDRQ", "2026-05-02"},
                     {"CF_CFJG", "平顶山市生态环境局鲁山分局"},
                     {"CF_SJLY", "平顶山市生态环境局鲁山分局"}},
                    {.key = 2, .start = parse_date("2026-05-02"), .severity = 2}, replaces);
    }

    Issued issue(Instant now = noon) {
        return must(report::issue(
            *desk, {.code = code, .purpose = "政府采购", .principal = "clerk:zhang", .now = now}));
    }
    std::optional<Verification> verify(const std::string& number) {
        auto tx = must(desk->database.read());
        return must(report::verify(tx, *desk->rulebook, desk->tenant, number));
    }
    std::int64_t events() {
        auto tx = must(desk->database.read());
        auto newest = must(journal::events(tx, INT64_MAX, 1));
        return newest.empty() ? 0 : newest[0].seq;
    }
    const crypto::Sm2PublicKey& public_key() const { return key_.public_key(); }

    std::shared_ptr<const Desk> desk;

  private:
    crypto::Sm2Key key_;
};

std::string text_of(const std::string& pdf) {
    TemporaryFolder folder;
    must(write_file(folder.path() / "r.pdf", pdf));
    std::string base = (folder.path() / "r").string();
    if (std::system(("pdftotext " + base + ".pdf " + base + ".txt").c_str()) != 0) {
        MESSAGE("skipped: pdftotext is not installed");
        return {};
    }
    return remove_blanks(must(read_file(base + ".txt")));
}

}  // namespace

TEST_CASE("issue: facts as disclosed, signed, journalled; verified by number") {
    store::for_each_engine([](store::Database& database, const std::string&) {
        Platform platform(database);
        platform.register_subject();
        platform.penalise();
        Issued issued = platform.issue();
        CHECK(issued.number.starts_with("20261120120506"));
        CHECK(issued.digest == crypto::digest(issued.pdf));
        CHECK(platform.public_key().verify(as_bytes(issued.pdf), issued.signature));
        if (std::string text = text_of(issued.pdf); !text.empty()) {
            for (const char* part :
                 {name, code, "政府采购", "平环鲁罚〔2026〕7号", "15,000.00元", "二、行政管理信息",
                  "九、其他信息", "一般", "2027-05-02", "（法人和非法人组织版）", "罚款金额15,000.00元",
                  "鲁山县市场监督管理局"}) {
                CHECK_MESSAGE(text.find(part) != std::string::npos, std::string(part));
            }
            CHECK(text.find(issued.number) != std::string::npos);
        }

        auto found = platform.verify(" " + issued.number);
        REQUIRE(found);
        CHECK(found->subject_code == code);
        CHECK(found->subject_name == name);
        CHECK(found->issued == noon);
        CHECK(found->digest == issued.digest);
        CHECK(found->signature == issued.signature);
        CHECK(found->key_id == platform.public_key().key_id());
        CHECK(found->event == issued.event);
        CHECK(found->records == 2);
        CHECK(found->changed_since == 0);
        CHECK_FALSE(platform.verify("20261120120506AAAAAAAA"));
        CHECK_FALSE(platform.verify("' or 1=1 --"));

        auto tx = must(database.read());
        auto event = must(journal::find_event(tx, issued.event));
        REQUIRE(event);
        CHECK(event->kind == "report.issued");
        CHECK(event->principal == "clerk:zhang");
        CHECK(event->payload.find(issued.number) != std::string::npos);
        CHECK(must(journal::verify(tx, platform.public_key())).empty());
    });
}

TEST_CASE("a record corrected after the issue is counted; the end of its term alone is not") {
    store::for_each_engine([](store::Database& database, const std::string&) {
        Platform platform(database);
        platform.register_subject();
        std::int64_t penalty = platform.penalise();
        Issued issued = platform.issue();
        // A year later the penalty's term has ended: a new report has it no more, the old one was right.
        Issued later = platform.issue(*parse_instant("2027-11-20T04:05:06.000000Z"));
        CHECK(platform.verify(later.number)->records == 1);
        CHECK(platform.verify(issued.number)->changed_since == 0);
        platform.penalise(penalty);
        CHECK(platform.verify(issued.number)->changed_since == 1);
        CHECK(platform.verify(later.number)->changed_since == 0);
    });
}

TEST_CASE("the projection rebuilds the table from the journal") {
    store::for_each_engine([](store::Database& database, const std::string&) {
        Platform platform(database);
        platform.register_subject();
        Issued issued = platform.issue();
        std::string before = platform.verify(issued.number)->to_json();
        auto tx = must(database.write());
        CHECK(must(tx.execute(store::Sql{"report.test_clear", "DELETE FROM report_issued"})) == 1);
        auto projection = report::projection(platform.desk->tenant);
        CHECK(projection->name() == "report");
        must(journal::for_each_event(tx, 1, [&](const journal::Event& event) -> Result<void> {
            TRY(projection->begin_event(tx, event));
            return projection->end_event(tx, event);
        }));
        must(tx.commit());
        CHECK(platform.verify(issued.number)->to_json() == before);
    });
}

TEST_CASE("an unknown subject, a long purpose: refused, and nothing is journalled") {
    store::for_each_engine([](store::Database& database, const std::string&) {
        Platform platform(database);
        platform.register_subject();
        std::int64_t before = platform.events();
        auto refused = report::issue(*platform.desk,
                                     {.code = "91410423MAX00002XX", .principal = "operator", .now = noon});
        REQUIRE_FALSE(refused.ok());
        CHECK(refused.error().fault == Fault::report_subject_unknown);
        std::string purpose;
        for (int i = 0; i < 101; ++i) purpose += "字";
        refused = report::issue(*platform.desk,
                                {.code = code, .purpose = purpose, .principal = "operator", .now = noon});
        REQUIRE_FALSE(refused.ok());
        CHECK(refused.error().fault == Fault::bad_argument);
        CHECK(platform.events() == before);
    });
}

TEST_CASE("personal numbers in a purpose are masked on paper and in the journal") {
    store::for_each_engine([](store::Database& database, const std::string&) {
        Platform platform(database);
        platform.register_subject();
        Issued issued = must(report::issue(
            *platform.desk,
            {.code = code, .purpose = "联系 13812345678", .principal = "operator", .now = noon}));
        auto tx = must(database.read());
        CHECK(must(journal::find_event(tx, issued.event))->payload.find("13812345678") == std::string::npos);
        CHECK(text_of(issued.pdf).find("13812345678") == std::string::npos);
    });
}

namespace {

const api::Endpoint& endpoint(const std::vector<api::Endpoint>& list, std::string_view id) {
    for (const api::Endpoint& candidate : list) {
        if (candidate.id == id) return candidate;
    }
    FAIL("no endpoint");
    return list.front();
}

Result<api::Reply> run(const Platform& platform, std::string_view id, const api::Input& in) {
    auto list = endpoints(platform.desk);
    api::Principal clerk{.name = "clerk:zhang"};
    api::Call call{.principal = clerk, .now = noon};
    const auto& handler = endpoint(list, id).handler;
    if (const auto* with_own_transactions = std::get_if<api::LongHandler>(&handler))
        return (*with_own_transactions)(call, in);
    auto tx = must(platform.desk->database.read());
    return std::get<api::ReadHandler>(handler)(call, in, tx);
}

}  // namespace

TEST_CASE("endpoint:report.issue ok, endpoint:report.verify ok") {
    store::for_each_engine([](store::Database& database, const std::string&) {
        Platform platform(database);
        platform.register_subject();
        api::Input in;
        in.set("code", code);
        auto reply = must(run(platform, "report.issue", in));
        CHECK(reply.content_type == "application/pdf");
        CHECK(reply.body.starts_with("%PDF-1.5"));
        std::string number;
        for (const auto& [header, value] : reply.headers) {
            if (header == "X-Report-Number") number = value;
        }
        api::Input asked;
        asked.set("number", number);
        auto answer = must(run(platform, "report.verify", asked));
        CHECK(answer.body.find(to_hex(crypto::digest(reply.body))) != std::string::npos);
        CHECK(answer.body.find(name) != std::string::npos);
    });
}

TEST_CASE("endpoint:report.issue refused, endpoint:report.verify refused") {
    store::for_each_engine([](store::Database& database, const std::string&) {
        Platform platform(database);
        api::Input in;
        in.set("code", code);
        auto refused = run(platform, "report.issue", in);
        REQUIRE_FALSE(refused.ok());
        CHECK(refused.error().fault == Fault::report_subject_unknown);
        in.set("number", "20261120120506K7QM4XTA");
        refused = run(platform, "report.verify", in);
        REQUIRE_FALSE(refused.ok());
        CHECK(refused.error().fault == Fault::report_number_unknown);
    });
    // Issuing is for staff; anyone may verify.
    auto list = endpoints(nullptr);
    CHECK(endpoint(list, "report.issue").permission == api::Permission::report_issue);
    CHECK(endpoint(list, "report.verify").permission == api::Permission::anyone);
}
