// What a unit said its columns are is remembered, applied, ended, and rebuilt from the journal; on both
// engines.
#include "collect/mappings.h"

#include "collect/testing/town.h"

using namespace mingxin;
using namespace mingxin::collect;
using namespace mingxin::collect::test;

namespace {

const access::Stamp kStamp{"department_clerk:zhang", kNow, "digest"};

/// Headers of a department's own for what penalty() holds.
std::vector<RememberedColumn> own_columns() {
    return {{"企业名", "CF_XDR_MC"},
            {"性质", "CF_XDR_LB"},
            {"主体代码", "CF_XDR_SHXYM"},
            {"老板", "CF_FRDB"},
            {"文书", "CF_WSH"},
            {"类型", "CF_WFXW"},
            {"事情", "CF_SY"},
            {"法条", "CF_YJ"},
            {"方式", "CF_CFLB"},
            {"怎么罚的", "CF_NR"},
            {"罚了多少", "CF_NR_FK", true},
            {"哪天定的", "CF_JDRQ"},
            {"管到哪天", "CF_YXQ"},
            {"公示到哪天", "CF_GSJZQ"},
            {"谁罚的", "CF_CFJG"},
            {"谁罚的代码", "CF_CFJGDM"},
            {"序号", ""}};
}

std::string own_csv(int from, int count) {
    std::string text;
    for (const RememberedColumn& column : own_columns()) text += (text.empty() ? "" : ",") + column.header;
    for (int n = from; n < from + count; ++n) {
        Row row = penalty(n);
        row["CF_NR_FK"] = "12000";
        text += "\r\n";
        for (const RememberedColumn& column : own_columns())
            text += (column.field.empty() ? std::to_string(n) : csv_cell(row[column.field]) + ",");
    }
    return text + "\r\n";
}

SubmittingUnit unit_of_town() {
    return {unit_code(), kUnitName};
}

/// Remembers within a transaction of its own.
Result<RememberedMapping> remember(Town& town, const std::vector<RememberedColumn>& columns,
                                   std::string_view item = "penalty", Instant now = kNow) {
    auto tx = must(town.desk.database.write());
    access::Stamp stamp = kStamp;
    stamp.now = now;
    auto saved = remember_mapping(tx, *rules(), *rules()->item(item), unit_of_town(), columns, stamp);
    if (!saved.ok()) return saved;
    must(journal::seal(tx, town.key(), town.desk.origin, now));
    must(tx.commit());
    return saved;
}

std::string refused(Town& town, const std::vector<RememberedColumn>& columns) {
    const auto saved = remember(town, columns);
    REQUIRE_FALSE(saved.ok());
    return saved.error().message_zh();
}

}  // namespace

TEST_CASE("mapping: a file that is refused goes in once its columns are remembered, and says so") {
    in_town([](Town& town) {
        const auto before = town.send(town.order("penalty", own_csv(1, 3)));
        REQUIRE_FALSE(before.ok());
        CHECK(before.error().fault == Fault::columns_missing);
        const RememberedMapping saved = must(remember(town, own_columns()));
        const Outcome outcome = town.take("penalty", own_csv(1, 3));
        CHECK(counts(outcome) == "3 3 0 0 0 0");
        REQUIRE_FALSE(outcome.notes_zh.empty());
        CHECK(outcome.notes_zh[0].find("列对应（" + std::to_string(saved.id) + "）") != std::string::npos);
        CHECK(outcome.notes_zh[0].find("企业名→行政相对人名称") != std::string::npos);
        CHECK(outcome.notes_zh[0].find("未采集的列：序号") != std::string::npos);
        // The fine was said to be in yuan.
        bool found = false;
        for (const auto& field : town.shown(code_of(1))[0].fields)
            found = found || (field.code == "CF_NR_FK" && field.value.find("12,000.00") != std::string::npos);
        CHECK(found);
        // The order of columns makes no difference, the reply's own columns neither; another set does.
        CHECK(header_set({"甲", "*乙"}) == header_set({"乙", "甲", "", "处理结果", "问题与改正办法"}));
        CHECK(header_set({"甲", "乙"}) != header_set({"甲", "乙", "丙"}));
        std::string other = own_csv(4, 1);
        other.replace(other.find("序号"), std::string("序号").size(), "行号");
        CHECK_FALSE(town.send(town.order("penalty", other)).ok());
    });
}

TEST_CASE("mapping: of the unit and item that it was said for, and of no other") {
    in_town([](Town& town) {
        must(remember(town, own_columns()));
        town.add_unit(code_of(2, "11"), "鲁山县税务局");
        Order order = town.order("penalty", own_csv(1, 1));
        order.unit_code = code_of(2, "11");
        CHECK_FALSE(town.send(order).ok());
        CHECK_FALSE(town.send(town.order("permit", own_csv(1, 1))).ok());
        order.unit_code = unit_code();
        CHECK(town.send(order).ok());
    });
}

TEST_CASE("mapping: a later one takes the place of the earlier, ending one ends it; the history stays") {
    in_town([](Town& town) {
        const RememberedMapping first = must(remember(town, own_columns()));
        std::vector<RememberedColumn> columns = own_columns();
        columns[10].money_in_yuan = false;
        const Instant later{kNow.us + 1'000'000};
        const RememberedMapping second = must(remember(town, columns, "penalty", later));
        {
            auto tx = town.read();
            const auto all = must(mappings_of(tx, unit_code(), "penalty"));
            REQUIRE(all.size() == 2);
            CHECK(all[0].id == second.id);
            CHECK(all[0].ended.us == 0);
            CHECK(all[1].ended == later);
            CHECK(must(mappings_in_force(tx, {false, unit_code()})).size() == 1);
            CHECK(must(mappings_in_force(tx, {true, ""})).size() == 1);
            CHECK(must(mappings_in_force(tx, {false, code_of(3, "11")})).empty());
            std::vector<std::string> headers;
            for (const auto& column : columns) headers.push_back(column.header);
            const rulebook::Item& item = *rules()->item("penalty");
            CHECK(mapping_for(all, item, headers, kNow)->id == first.id);
            CHECK(mapping_for(all, item, headers, later)->id == second.id);
            CHECK(mapping_for(all, item, headers, Instant{kNow.us - 1}) == nullptr);
        }
        auto tx = must(town.desk.database.write());
        access::Stamp stamp = kStamp;
        stamp.now = Instant{later.us + 1};
        CHECK(end_mapping(tx, {false, code_of(3, "11")}, second.id, stamp).error().fault ==
              Fault::mapping_unknown);
        CHECK(end_mapping(tx, {false, unit_code()}, first.id, stamp).error().fault == Fault::mapping_unknown);
        CHECK(must(end_mapping(tx, {false, unit_code()}, second.id, stamp)).ended == stamp.now);
        CHECK(end_mapping(tx, {true, ""}, second.id, stamp).error().fault == Fault::mapping_unknown);
        CHECK(must(mappings_in_force(tx, {true, ""})).empty());
    });
}

TEST_CASE("mapping: what can not be remembered, and why") {
    in_town([](Town& town) {
        const std::int64_t events = town.count("select count(*) from event");
        CHECK(refused(town, {}).find("MX2147") == 0);
        CHECK(refused(town, {{"企业名", ""}}).find("没有一列") != std::string::npos);
        CHECK(refused(town, {{"企业名", "CF_NIX"}}).find("CF_NIX") != std::string::npos);
        CHECK(refused(town, {{"甲", "CF_WSH"}, {"甲 ", "CF_SY"}}).find("两次") != std::string::npos);
        CHECK(refused(town, {{"甲", "CF_WSH"}, {"乙", "CF_WSH"}}).find("两列") != std::string::npos);
        CHECK(refused(town, {{"甲", "CF_WSH", true}}).find("不是金额") != std::string::npos);
        CHECK(refused(town, {{std::string(700, 'x'), "CF_WSH"}}).find("200") != std::string::npos);
        // The first row was no header: a person's number would stand in the journal for ever.
        CHECK(refused(town, {{quality::test::person_number("19800101"), "CF_XDR_ZJHM"}}).find("表头") !=
              std::string::npos);
        std::vector<RememberedColumn> columns = own_columns();
        columns[4].field = "";  // no column for a mandatory field
        CHECK(refused(town, columns).find("行政处罚决定书文号") != std::string::npos);
        CHECK(town.count("select count(*) from event") == events);
        CHECK(town.count("select count(*) from column_mapping") == 0);
        // Two columns may fill a set; a certificate number is taken when a person says so.
        columns = own_columns();
        columns[16] = {"另一种", "CF_CFLB"};
        columns.push_back({"老板的号", "CF_FR_ZJHM"});
        CHECK(remember(town, columns).ok());
    });
}

TEST_CASE("mapping: the table is rebuilt from the journal, cell by cell") {
    in_town([](Town& town) {
        must(remember(town, own_columns()));
        std::vector<RememberedColumn> columns = own_columns();
        columns[10].money_in_yuan = false;
        const RememberedMapping second = must(remember(town, columns, "penalty", Instant{kNow.us + 5}));
        {
            auto tx = must(town.desk.database.write());
            access::Stamp stamp = kStamp;
            stamp.now = Instant{kNow.us + 9};
            must(end_mapping(tx, {true, ""}, second.id, stamp));
            must(journal::seal(tx, town.key(), town.desk.origin, stamp.now));
            must(tx.commit());
        }
        const auto rows = [&] {
            auto tx = town.read();
            std::string text;
            for (const auto& one : must(mappings_of(tx, unit_code(), "penalty")))
                text += std::to_string(one.id) + encode_mapping(one) + one.saved_by + one.saved.to_string() +
                        one.ended.to_string() + "\n";
            return text;
        };
        const std::string live = rows();
        CHECK(live.find("zhang") != std::string::npos);
        auto tx = must(town.desk.database.write());
        REQUIRE(tx.execute(sql_of("delete from column_mapping")).ok());
        auto rebuilt = projection();
        std::vector<journal::Event> events;
        must(journal::for_each_event(tx, 1, [&](const journal::Event& event) -> Result<void> {
            events.push_back(event);
            return {};
        }));
        for (const journal::Event& event : events) must(rebuilt->begin_event(tx, event));
        must(tx.commit());
        CHECK(rows() == live);
    });
}

TEST_CASE("mapping: as JSON and back; what is none") {
    RememberedMapping mapping;
    mapping.unit_code = unit_code();
    mapping.item = "penalty";
    mapping.columns = own_columns();
    const auto back = decode_mapping(encode_mapping(mapping));
    REQUIRE(back.has_value());
    CHECK(encode_mapping(*back) == encode_mapping(mapping));
    CHECK(back->columns[10].money_in_yuan);
    for (const char* text : {"", "[]", "{\"columns\":1}", "{\"columns\":[1]}", "{"})
        CHECK_FALSE(decode_mapping(text).has_value());
    for (const char* text : {"", "{}", "[1]", "["}) CHECK_FALSE(decode_columns(text).has_value());
}
