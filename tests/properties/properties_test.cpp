// What can't be done with the platform (docs/architecture.md, R1 to R9), as properties of random input. R3 is
// the simulator's and the scenarios' as well, R5 and R2 wait for what they are about.
#include <rapidcheck.h>

#include <fstream>
#include <regex>

#include "base/text.h"
#include "support/world.h"

using namespace mingxin;
using namespace mingxin::tests;
namespace fs = std::filesystem;
using collect::test::Town;

namespace {

constexpr const char* kPersonWords[] = {"自然人", "公民", "个人", "自然人 ", "１", "自　然　人"};

/// One of a list.
template <class T, std::size_t n>
T one_of(const T (&list)[n]) {
    return list[*rc::gen::inRange<std::size_t>(0, n)];
}

std::int64_t stored(Town& town) {
    return town.count("select count(*) from record") + town.count("select count(*) from event_row");
}

}  // namespace

TEST_CASE("R1: no record without a catalogue item in force on its day, and no item without a basis") {
    TemporaryFolder folder;
    const auto rules_with = [&folder](const std::string& from, const std::string& to, bool basis) {
        const fs::path copy = folder.path() / "rules";
        fs::remove_all(copy);
        fs::copy("rules", copy, fs::copy_options::recursive);
        std::string text = must(read_file(copy / "items/penalty.yaml"));
        const std::string old = "    valid_from: 2014-10-01\n";
        REQUIRE(text.find(old) != std::string::npos);
        text.replace(text.find(old), old.size(), "    valid_from: " + from + "\n    valid_to: " + to + "\n");
        if (!basis)
            text = std::regex_replace(text, std::regex("    basis: \\{document: catalogue2024.*\n"), "");
        must(write_file(copy / "items/penalty.yaml", text));
        return rulebook::Rulebook::load(copy);
    };
    collect::test::in_town([&](Town& town) {
        CHECK(rc::check("an item that is not in force takes nothing", [&] {
            const Date today = collect::test::kNow.date();
            const Date from = today.plus_days(*rc::gen::inRange(-60, 60));
            const Date to = from.plus_days(*rc::gen::inRange(0, 60));
            const auto book = rules_with(from.to_string(), to.to_string(), true);
            // Checks and other rules may have validities of their own; a book that does not load takes
            // nothing.
            if (!book.ok()) RC_DISCARD("the rulebook is refused");
            town.desk.rulebook = *book;
            const std::int64_t before = stored(town);
            collect::Order order = town.order("penalty", {quality::test::penalty(*rc::gen::inRange(1, 50))});
            const auto outcome = town.send(order);
            const bool in_force = from <= today && today <= to;
            RC_ASSERT(outcome.ok() == in_force);
            RC_ASSERT((stored(town) > before) == in_force);
            if (!in_force) RC_ASSERT(outcome.error().fault == Fault::item_not_in_force);
        }));
        town.desk.rulebook = collect::test::rules();
        CHECK(rc::check("an item that is not in the catalogue takes nothing", [&](const std::string& item) {
            if (town.desk.rulebook->item(item)) RC_DISCARD("known");
            const std::int64_t before = stored(town);
            collect::Order order = town.order("penalty", {quality::test::penalty(1)});
            order.item = item;
            const auto outcome = town.send(order);
            RC_ASSERT_FALSE(outcome.ok());
            RC_ASSERT(outcome.error().fault == Fault::item_unknown);
            RC_ASSERT(stored(town) == before);
        }));
    });
    const auto without_basis = rules_with("2014-10-01", "2030-01-01", false);
    REQUIRE_FALSE(without_basis.ok());
    CHECK(without_basis.error().fault == Fault::rulebook_broken);
}

namespace {

struct Person {
    std::string name, number;
    Row row;
    std::string item;
};

/// A row about a natural person, in some disguise that leaves a sign of it: the word, a certificate, an
/// identity number in whatever column.
Person random_person() {
    Person person;
    const int n = *rc::gen::inRange(100, 999);
    const bool penal = *rc::gen::arbitrary<bool>();
    const std::string prefix = penal ? "CF_" : "XK_";
    person.item = penal ? "penalty" : "permit";
    static int count = 0;  // each its own name: what a failing case has stored must not fail the next ones
    person.name = "欧阳隐" + std::to_string(++count) + "之";
    person.number = quality::test::person_number(*rc::gen::arbitrary<bool>() ? "19800101" : "20150101", n);
    person.row = penal ? quality::test::penalty(n) : quality::test::permit(n);
    Row& row = person.row;
    row[prefix + "XDR_MC"] = person.name;
    row[prefix + "XDR_SHXYM"] = "";
    row[penal ? "CF_FRDB" : "XK_FRDB"] = *rc::gen::arbitrary<bool>() ? "" : person.name;
    const bool says_so = *rc::gen::arbitrary<bool>();
    if (says_so) {
        row[prefix + "XDR_LB"] = one_of(kPersonWords);
    } else if (*rc::gen::arbitrary<bool>()) {
        row.erase(prefix + "XDR_LB");
    }
    constexpr const char* kNumberColumns[] = {"XDR_ZJHM", "XDR_SHXYM", "XDR_GSZC", "XDR_ZZJG",
                                              "XDR_SWDJ", "XDR_SYDW",  "XDR_SHZZ"};
    if (!says_so || *rc::gen::arbitrary<bool>()) {
        const std::string column = prefix + one_of(kNumberColumns);
        if (column.ends_with("SHXYM") && *rc::gen::arbitrary<bool>()) {
            person.number = quality::test::person_number_like_a_code(person.number.substr(6, 8));
        }
        row[column] = person.number;
        if (*rc::gen::arbitrary<bool>()) row[prefix + "XDR_ZJLX"] = "身份证";
    }
    return person;
}

bool holds_text(const fs::path& folder, const std::string& text) {
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file()) continue;
        const auto content = read_file(entry.path());
        if (content.ok() && content->find(text) != std::string::npos) return true;
    }
    return false;
}

}  // namespace

TEST_CASE("R4: of a natural person nothing is stored or shown, however the row is dressed") {
    in_each_world("2026-11-20", [](World& world) {
        CHECK(rc::check("a person's row through collect", [&world] {
            const Person person = random_person();
            RC_LOG(collect::test::csv(person.item, {person.row}));
            const collect::Outcome outcome = world.take(person.item, {person.row});
            RC_ASSERT(outcome.batch.rejected == 1);
            const std::string all = world.dump();
            RC_ASSERT(all.find(person.name) == std::string::npos);
            RC_ASSERT(all.find(person.number) == std::string::npos);
            RC_ASSERT_FALSE(holds_text(world.platform().data(), person.name));
            RC_ASSERT_FALSE(holds_text(world.platform().data(), person.number));
            const std::string found = world.body("subject.search", {{"q", person.name}});
            RC_ASSERT(found.find(person.name) == std::string::npos);
        }));
        CHECK(world.count("select count(*) from subject") == 0);
    });
}

TEST_CASE("R6: a name alone attaches nothing, however well it fits") {
    collect::test::in_town([](Town& town) {
        std::vector<Row> known;
        for (int n = 1; n <= 5; ++n) known.push_back(quality::test::registration(n));
        town.take("registration", known);
        CHECK(rc::check("a row without a number", [&town] {
            const bool penal = *rc::gen::arbitrary<bool>();
            const std::string prefix = penal ? "CF_" : "XK_";
            const int n = *rc::gen::inRange(1, 8);
            Row row = penal ? quality::test::penalty(n) : quality::test::permit(n);
            const std::string forms[] = {quality::test::firm_name(n),
                                         " " + quality::test::firm_name(n),
                                         quality::test::firm_name(n) + "。",
                                         to_half_width(quality::test::firm_name(n)),
                                         "鲁山县",
                                         quality::test::firm_name(n) + "（原名：甲）"};
            row[prefix + "XDR_MC"] = forms[*rc::gen::inRange<std::size_t>(0, std::size(forms))];
            row[prefix + "XDR_SHXYM"] = one_of({"", " ", "无", "/"});
            const std::string before = town.everything();
            const std::int64_t records = town.count("select count(*) from record");
            const collect::Outcome outcome = town.take(penal ? "penalty" : "permit", {row});
            RC_ASSERT(outcome.batch.accepted + outcome.batch.updated == 0);
            RC_ASSERT(town.count("select count(*) from record") == records);
            RC_ASSERT(town.count("select count(*) from subject") == 5);
        }));
    });
}

TEST_CASE("R7: any change of any cell that is stored is found") {
    in_each_world("2026-11-20", [](World& world) {
        for (int n = 1; n <= 4; ++n) {
            world.take("registration", {quality::test::registration(n), quality::test::registration(n + 10)});
            world.take("penalty", {quality::test::penalty(n), quality::test::penalty(n)});
            world.take("permit", {quality::test::permit(n)});
        }
        world.printed(quality::test::code_of(1));
        REQUIRE(world.verify() == "");
        std::vector<const store::Table*> tables;
        for (auto part : {journal::tables(), subject::tables(), record::tables(), report::tables()})
            tables.insert(tables.end(), part.begin(), part.end());
        CHECK(rc::check("one cell altered", [&] {
            const store::Table& table = *tables[*rc::gen::inRange<std::size_t>(0, tables.size())];
            const std::int64_t rows = world.count("select count(*) from " + std::string(table.name));
            if (rows == 0) RC_DISCARD("an empty table");
            const store::Column& column =
                table.columns[*rc::gen::inRange<std::size_t>(0, table.columns.size())];
            const std::int64_t which = *rc::gen::inRange<std::int64_t>(0, rows);
            const std::string key = table.primary_key, name(column.name);
            if (key.find(',') != std::string::npos || key == name) RC_DISCARD("a key");
            store::Value id, value;
            {
                auto tx = world.read();
                auto cells = must(
                    tx.query(collect::test::sql_of("select " + key + ", " + name + " from " + table.name +
                                                   " order by " + key + " limit 1 offset $1"),
                             {which}));
                RC_ASSERT(must(cells.next()));
                if (cells.is_null(1)) RC_DISCARD("nothing in it");
                id = cells.value(0);
                value = cells.value(1);
                const bool is_integer = value.kind() == store::Value::Kind::integer;
                const std::string text = is_integer ? "" : std::string(as_text(value.view()));
                const bool is_blob = column.type == store::ColumnType::blob;
                std::string other = text;
                if (is_blob && !other.empty()) {
                    other[*rc::gen::inRange<std::size_t>(0, other.size())] ^=
                        static_cast<char>(1 << *rc::gen::inRange(0, 8));
                } else {
                    other += 'x';
                }
                const store::Value id_copy = id.kind() == store::Value::Kind::integer
                                                 ? store::Value(id.integer())
                                                 : store::Value(std::string_view(as_text(id.view())));
                const auto put = [&](const store::Value& content) {
                    auto change = must(world.platform().database().write());
                    must(change.execute(collect::test::sql_of("update " + std::string(table.name) + " set " +
                                                              name + " = $1 where " + key + " = $2"),
                                        {content, id_copy}));
                    must(change.commit());
                };
                const auto as_value = [&](const std::string& bytes) {
                    return is_blob ? store::Value(as_bytes(bytes)) : store::Value(std::string_view(bytes));
                };
                put(is_integer ? store::Value(value.integer() + 1) : as_value(other));
                const std::string found = world.verify();
                put(is_integer ? store::Value(value.integer()) : as_value(text));
                RC_LOG(std::string(table.name) + "." + name);
                RC_ASSERT(found != "");
            }
            RC_ASSERT(world.verify() == "");
        }));
    });
}

namespace {

const std::vector<Fault> kFaults = {
#define MINGXIN_FAULT(name, code, http, title, remedy) Fault::name,
#include "base/faults.def"
#undef MINGXIN_FAULT
};

bool has_han(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return (c & 0xE0) == 0xE0; });
}

void check_refusal(const Error& error) {
    const FaultText& text = fault_text(error.fault);
    RC_ASSERT(has_han(text.title_zh));
    RC_ASSERT(has_han(text.remedy_zh));
    RC_ASSERT(error.message_zh().find(text.title_zh) != std::string::npos);
    RC_ASSERT(error.message_zh().find(text.remedy_zh) != std::string::npos);
    const std::string json = gate::refusal_json(error);
    for (const char* part : {"\"code\":\"MX", "\"title\":\"", "\"remedy\":\""})
        RC_ASSERT(json.find(part) != std::string::npos);
}

}  // namespace

namespace {

/// What the gate lets through: UTF-8 without NUL.
std::string random_text() {
    std::string text;
    const char* const pieces[] = {"鲁", "山", "9141", "-",   "1",  "\'",      "%", "_",
                                  "\"", " ",  "<b>",  "../", "\n", "e\u0301", "😀"};
    for (int n = *rc::gen::inRange(0, 8); n > 0; --n) text += one_of(pieces);
    return text;
}

}  // namespace

TEST_CASE("R8: every refusal has a title, a reason and a remedy") {
    std::set<std::string> codes;
    for (Fault fault : kFaults) {
        const FaultText& text = fault_text(fault);
        CHECK(codes.insert(std::string(text.code)).second);
        CHECK(has_han(text.title_zh));
        CHECK(has_han(text.remedy_zh));
        CHECK(text.http_status >= 400);
        CHECK(text.http_status < 600);
    }
    in_each_world("2026-11-20", [](World& world) {
        world.take("registration", {quality::test::registration(1)});
        CHECK(rc::check("any endpoint with any input", [&world] {
            const auto& endpoints = world.endpoints();
            const api::Endpoint& endpoint = endpoints[*rc::gen::inRange<std::size_t>(0, endpoints.size())];
            Inputs inputs;
            for (const api::Field& field : endpoint.in) {
                if (field.type == api::FieldType::file) RC_DISCARD("files are the matter of collect");
                if (!field.required && *rc::gen::arbitrary<bool>()) continue;
                std::string value = random_text();
                if (field.type == api::FieldType::integer) value = std::to_string(*rc::gen::arbitrary<int>());
                if (field.type == api::FieldType::boolean) value = "true";
                if (field.type == api::FieldType::date)
                    value = "2026-11-" + std::to_string(*rc::gen::inRange(10, 40));
                if (field.type == api::FieldType::list) value = "[]";
                if (field.type == api::FieldType::object) value = "{}";
                inputs.emplace_back(field.name, value);
            }
            const auto reply = world.call(endpoint.id, inputs, official());
            RC_LOG(std::string(endpoint.id));
            if (reply.ok()) return;
            check_refusal(reply.error());
            RC_ASSERT(reply.error().fault != Fault::internal);
            RC_ASSERT(reply.error().fault != Fault::store_failed);
        }));
    });
}

TEST_CASE("R9: working days are those of the State Council's notices, counted one by one") {
    std::set<std::string> off, work;
    std::set<int> years;
    for (const auto& entry : fs::directory_iterator("rules/calendar")) {
        const std::string text = must(read_file(entry.path()));
        const std::size_t at = text.find("work:");
        const std::regex date("\\d{4}-\\d{2}-\\d{2}");
        for (auto it = std::sregex_iterator(text.begin(), text.end(), date); it != std::sregex_iterator();
             ++it) {
            const bool is_work = at != std::string::npos && static_cast<std::size_t>(it->position()) > at;
            (is_work ? work : off).insert(it->str());
        }
        years.insert(std::stoi(entry.path().stem().string()));
    }
    REQUIRE(years.size() >= 20);
    REQUIRE(off.size() > 400);
    REQUIRE(work.size() > 100);
    const auto works = [&](Date date) {
        const std::string text = date.to_string();
        if (work.contains(text)) return true;
        if (off.contains(text)) return false;
        const int weekday = (date.days % 7 + 11) % 7;  // 1970-01-01 was a Thursday, 4
        return weekday != 0 && weekday != 6;
    };
    const calendar::Calendar& calendar = collect::test::rules()->calendar();
    const Date first = day(std::to_string(*years.begin()) + "-01-01");
    const Date last = day(std::to_string(*years.rbegin()) + "-12-31");
    for (Date date = first; date <= last; date = date.plus_days(1)) {
        CHECK_MESSAGE(calendar.is_working_day(date) == works(date), date.to_string());
    }
    CHECK(rc::check("due and between, against counting", [&] {
        const Date start = first.plus_days(*rc::gen::inRange(0, last.days - first.days));
        const int n = *rc::gen::inRange(0, 120);
        Date date = start;
        for (int left = n; left > 0 && date <= last.plus_days(400);) {
            date = date.plus_days(1);
            left -= works(date);
        }
        const calendar::Due due = calendar.due(start, n);
        RC_ASSERT(due.date == date);
        RC_ASSERT(due.provisional == (date > last));
        RC_ASSERT(calendar.working_days_between(start, date) == n);
    }));
}
