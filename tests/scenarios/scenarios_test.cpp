// Runs tests/scenarios/*.txt, each on both engines. README.md there tells how they are written.
#include <fstream>
#include <functional>
#include <regex>

#include "base/text.h"
#include "support/world.h"

using namespace mingxin;
using namespace mingxin::tests;

namespace {

namespace fs = std::filesystem;

struct Step {
    int line = 0;
    std::string text;                // without given, when, then, and
    std::vector<std::string> below;  // indented lines
};

struct Scenario {
    std::string title;
    std::vector<Step> steps;
};

Scenario read_scenario(const fs::path& file) {
    Scenario scenario;
    std::ifstream in(file);
    std::string line;
    for (int number = 1; std::getline(in, line); ++number) {
        const std::string_view text = trim(line);
        if (text.empty() || text.starts_with('#')) continue;
        if (line.starts_with("  ")) {
            REQUIRE_MESSAGE(!scenario.steps.empty(), "line ", number, ": belongs to no step");
            scenario.steps.back().below.emplace_back(text.substr(text.find_first_not_of("-| ")));
            continue;
        }
        if (text.starts_with("Scenario: ")) {
            scenario.title = text.substr(10);
            continue;
        }
        const std::size_t blank = text.find(' ');
        const std::string_view word = text.substr(0, blank);
        REQUIRE_MESSAGE((word == "Given" || word == "When" || word == "Then" || word == "And"), "line ",
                        number, ": ", std::string(text));
        scenario.steps.push_back({number, std::string(text.substr(blank + 1)), {}});
    }
    REQUIRE_FALSE(scenario.title.empty());
    return scenario;
}

std::string item_of(const std::string& word) {
    for (const char* item : {"penalty", "permit", "registration"}) {
        if (word == item || word == std::string(item) + "s") return item;
    }
    return word == "penalties" ? "penalty" : "";
}

/// Runs the steps of one scenario in one world.
class Runner {
  public:
    explicit Runner(World& world) : world_(world) { add_steps(); }

    void run(const Scenario& scenario) {
        for (const Step& step : scenario.steps) {
            INFO("line " << step.line << ": " << step.text);
            bool known = false;
            for (const auto& [pattern, action] : steps_) {
                std::smatch parts;
                if (!std::regex_match(step.text, parts, pattern)) continue;
                known = true;
                action(parts, step);
                break;
            }
            CHECK_MESSAGE(known, "no such step");
        }
        CHECK(world_.verify() == "");
        CHECK(world_.rebuild() == "");
    }

  private:
    using Parts = std::smatch;

    void add(const char* pattern, std::function<void(const Parts&, const Step&)> action) {
        steps_.emplace_back(std::regex(pattern), std::move(action));
    }

    void add_steps() {
        add_time_and_subjects();
        add_files();
        add_outcomes();
        add_readings();
    }

    void add_time_and_subjects() {
        add("today is (\\S+)", [this](const Parts& p, const Step&) { go_to(p[1]); });
        add("(.+) is registered( as an individual business)?", [this](const Parts& p, const Step&) {
            const bool individual = p[2].matched;
            const int n = static_cast<int>(codes_.size()) + 1;
            codes_[p[1]] = quality::test::code_of(n, individual ? "92" : "91");
            Row row = quality::test::registration(n);
            row["ENT_NAME"] = p[1];
            row["USCC"] = codes_[p[1]];
            CHECK(collect::test::counts(world_.take("registration", {row})) == "1 1 0 0 0 0");
        });
        add("(.+) has (a|an individual business's) code but is not registered",
            [this](const Parts& p, const Step&) {
                codes_[p[1]] =
                    quality::test::code_of(static_cast<int>(codes_.size()) + 1, p[2] == "a" ? "91" : "92");
            });
        add("the platform stops and starts again", [this](const Parts&, const Step&) { world_.restart(); });
    }

    void add_files() {
        add("a file of (\\w+) arrives", [this](const Parts& p, const Step& step) {
            item_ = item_of(p[1]);
            REQUIRE_FALSE(item_.empty());
            std::vector<Row> rows;
            for (const std::string& line : step.below) rows.push_back(row_of(line));
            send(collect::test::csv(item_, rows));
        });
        add("a file of (\\w+) arrives that reads", [this](const Parts& p, const Step& step) {
            item_ = item_of(p[1]);
            std::string text;
            for (const std::string& line : step.below) text += with_codes(line) + "\r\n";
            send(text);
        });
        add("the same file arrives again", [this](const Parts&, const Step&) { send(last_file_); });
        add("the file is refused with (MX\\d+)", [this](const Parts& p, const Step&) {
            REQUIRE_FALSE(outcome_.has_value());
            CHECK(error_.code() == p[1].str());
            CHECK_FALSE(fault_text(error_.fault).remedy_zh.empty());
        });
    }

    void add_outcomes() {
        add("its rows are (.+)", [this](const Parts& p, const Step&) {
            REQUIRE_MESSAGE(outcome_.has_value(), error_.message_zh());
            std::string all;
            for (const std::string& one : row_outcomes()) all += (all.empty() ? "" : ", ") + one;
            CHECK(all == p[1].str());
        });
        add("row (\\d+) is told (\\S+)", [this](const Parts& p, const Step&) {
            const record::Finding finding = finding_of(std::stoi(p[1]), p[2]);
            CHECK_FALSE(finding.message_zh.empty());
            CHECK_FALSE(finding.remedy_zh.empty());
        });
        add("row (\\d+) is told (\\S+) citing (.+)", [this](const Parts& p, const Step&) {
            const std::string text = finding_of(std::stoi(p[1]), p[2]).message_zh;
            CHECK_MESSAGE(text.find(p[3].str()) != std::string::npos, text);
        });
        add("row (\\d+) waits, perhaps for (.+)", [this](const Parts& p, const Step&) {
            for (const collect::RowFindings& row : findings()) {
                if (row.row != std::stoi(p[1])) continue;
                CHECK(row.outcome == record::Outcome::doubtful);
                CHECK(row.subject.empty());
                CHECK(row.candidate == (p[2] == "nobody" ? "" : code(p[2])));
            }
        });
        add("nothing of \"(.+)\" is stored", [this](const Parts& p, const Step&) {
            CHECK(world_.dump().find(p[1].str()) == std::string::npos);
        });
        add("(\\d+) rows? waits? for a clerk", [this](const Parts& p, const Step&) {
            CHECK(world_.count("select count(*) from doubtful where decided_us = 0") == std::stoi(p[1]));
        });
    }

    void add_readings() {
        add("(?:on (\\S+) )?the public sees (no|\\d+) (\\w+) of (.+)", [this](const Parts& p, const Step&) {
            if (p[1].matched) go_to(p[1]);
            see(p[4], item_of(p[3]), p[2] == "no" ? 0 : std::stoul(p[2]));
        });
        add("the (\\w+) of (\\S+) reads (.+?)=(.*)", [this](const Parts& p, const Step&) {
            std::vector<std::string> values;
            for (const record::ShownRecord& shown : disclosed(p[2], item_of(p[1]))) {
                for (const record::ShownField& field : shown.fields) {
                    if (field.name_zh == p[3].str()) values.push_back(field.value);
                }
            }
            REQUIRE(values.size() == 1);
            CHECK(values[0] == p[4].str());
        });
        add("the (\\w+) of (\\S+) does not tell (.+)", [this](const Parts& p, const Step&) {
            const auto shown = disclosed(p[2], item_of(p[1]));
            CHECK_FALSE(shown.empty());
            for (const record::ShownRecord& record : shown) {
                for (const char* way : {"record.show", "site.record", "record.receipt"}) {
                    CHECK(world_.body(way, {{"id", record.id}}).find(p[3].str()) == std::string::npos);
                }
            }
        });
        add("the (\\w+) of (\\S+) is shown until (\\S+)", [this](const Parts& p, const Step&) {
            const auto shown = disclosed(p[2], item_of(p[1]));
            REQUIRE(shown.size() == 1);
            CHECK((shown[0].shown_until ? shown[0].shown_until->to_string() : "ever") == p[3].str());
        });
        add("the (\\w+) of (\\S+) is classed (\\S+)", [this](const Parts& p, const Step&) {
            const auto shown = disclosed(p[2], item_of(p[1]));
            REQUIRE(shown.size() == 1);
            CHECK(shown[0].severity_zh == p[3].str());
        });
        add("the code of (\\S+) belongs to (\\S+?)(?:, formerly (\\S+))?",
            [this](const Parts& p, const Step&) {
                auto tx = world_.read();
                const auto subject = must(subject::find_by_code(tx, world_.platform().tenant(), code(p[1])));
                REQUIRE(subject.has_value());
                CHECK(subject->name == p[2].str());
                std::string former;
                for (const auto& name :
                     must(subject::former_names(tx, world_.platform().tenant(), subject->code)))
                    former += name.name;
                CHECK(former == p[3].str());
            });
        add("nobody has the code of (\\S+)", [this](const Parts& p, const Step&) {
            auto tx = world_.read();
            CHECK_FALSE(must(subject::find_by_code(tx, world_.platform().tenant(), code(p[1]))).has_value());
        });
    }

    void go_to(const std::string& date) {
        const Instant then = noon(day(date));
        REQUIRE_MESSAGE(then >= world_.now, "time only goes on");
        world_.now = then;
    }

    std::string code(const std::string& name) const {
        const auto found = codes_.find(name);
        REQUIRE_MESSAGE(found != codes_.end(), name, " is not known to the scenario");
        return found->second;
    }

    /// "NAME; field=value; field=value": the good row of the item about NAME, decided today, with these
    /// cells.
    Row row_of(const std::string& line) const {
        const auto parts = split(line, ';');
        const std::string name(trim(parts[0]));
        Row row = quality::test::good_row(item_, 1);
        const rulebook::Item& item = *world_.rules().item(item_);
        const auto set = [&](rulebook::Role role, const std::string& value) {
            if (const int field = item.field_with(role); field >= 0) row[item.fields[field].code] = value;
        };
        set(rulebook::Role::subject_name, name);
        set(rulebook::Role::uscc, code(name));
        set(rulebook::Role::decision_date, world_.now.date().to_string());
        set(rulebook::Role::valid_from, world_.now.date().to_string());
        set(rulebook::Role::publicity_end, "");
        for (std::size_t i = 1; i < parts.size(); ++i) {
            const std::string part(trim(parts[i]));
            const std::size_t at = part.find('=');
            REQUIRE_MESSAGE(at != std::string::npos, part);
            const int field = item.field_by_header(part.substr(0, at));
            REQUIRE_MESSAGE(field >= 0, part, ": no such field");
            row[item.fields[field].code] = with_codes(part.substr(at + 1));
        }
        return row;
    }

    /// {NAME} stands for the code of NAME, {unit} for that of the department.
    std::string with_codes(std::string text) const {
        for (std::size_t at = text.find('{'); at != std::string::npos; at = text.find('{', at)) {
            const std::size_t end = text.find('}', at);
            REQUIRE(end != std::string::npos);
            const std::string name = text.substr(at + 1, end - at - 1);
            text.replace(at, end - at + 1, name == "unit" ? quality::test::unit_code() : code(name));
        }
        return text;
    }

    void send(const std::string& text) {
        last_file_ = text;
        outcome_.reset();
        Result<collect::Outcome> outcome = world_.send(world_.order(item_, text));
        if (outcome.ok()) {
            outcome_ = std::move(*outcome);
            collect::test::counts(*outcome_);
        } else {
            error_ = outcome.error();
        }
    }

    std::vector<std::string> row_outcomes() {
        std::vector<std::string> all;
        auto tx = world_.read();
        const auto event = must(journal::find_event(tx, outcome_->batch.id));
        must(journal::for_each_row(tx, *event, [&](const journal::Row& row) -> Result<void> {
            all.emplace_back(record::outcome_name(static_cast<record::Outcome>(row.outcome)));
            return {};
        }));
        return all;
    }

    std::vector<collect::RowFindings> findings() {
        REQUIRE_MESSAGE(outcome_.has_value(), error_.message_zh());
        auto tx = world_.read();
        return must(collect::findings(tx, world_.rules(), outcome_->batch.id, 0, 1000));
    }

    record::Finding finding_of(int row, const std::string& fault) {
        std::string told;
        for (const collect::RowFindings& one : findings()) {
            if (one.row != row) continue;
            for (const record::Finding& finding : one.findings) {
                if (finding.fault == fault) return finding;
                told += finding.fault + " ";
            }
        }
        FAIL_CHECK("row ", row, " is not told ", fault, " but: ", told);
        return {};
    }

    /// By every way out, and in a report.
    void see(const std::string& name, const std::string& item, std::size_t many) {
        REQUIRE_FALSE(item.empty());
        CHECK(world_.shown(code(name), item).size() == many);
        CHECK(world_.shown(code(name), item, official()).size() == many);
        std::set<std::string> all = world_.shown(code(name));
        CHECK(world_.printed(code(name)) == all);
    }

    std::vector<record::ShownRecord> disclosed(const std::string& name, const std::string& item) {
        auto tx = world_.read();
        return must(record::disclose(tx, world_.rules(), world_.platform().tenant(), code(name), item,
                                     {.purpose = "公示查询", .today = world_.now.date()}));
    }

    World& world_;
    std::vector<std::pair<std::regex, std::function<void(const Parts&, const Step&)>>> steps_;
    std::map<std::string, std::string> codes_;  // by name
    std::string item_ = "penalty", last_file_;
    std::optional<collect::Outcome> outcome_;
    Error error_;
};

}  // namespace

TEST_CASE("scenarios: what the files of tests/scenarios tell, on both engines") {
    std::set<fs::path> files;
    for (const auto& entry : fs::directory_iterator("tests/scenarios")) {
        if (entry.path().extension() == ".txt") files.insert(entry.path());
    }
    REQUIRE(files.size() >= 20);
    for (const fs::path& file : files) {
        const Scenario scenario = read_scenario(file);
        SUBCASE(file.filename().c_str()) {
            INFO(file.string() << ": " << scenario.title);
            in_each_world("2014-10-01", [&](World& world) { Runner(world).run(scenario); });
        }
    }
}
