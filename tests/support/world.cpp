#include "support/world.h"

#include <boost/json.hpp>

#include "cli/commands.h"
#include "cli/site_wiring.h"

namespace mingxin::tests {

namespace json = boost::json;

api::Principal official() {
    api::Principal principal;
    principal.name = "credit_office_clerk:li";
    principal.unit_code = quality::test::unit_code();
    principal.session_id = "test";
    principal.permissions.assign(static_cast<int>(api::Permission::count_), true);
    return principal;
}

World::World(const std::string& url, const std::string& engine, Instant start)
    : now(start), engine_(engine), data_(folder_.path() / "data") {
    const cli::PlatformConfig config{"410423", "信用鲁山", engine == "sqlite" ? "sqlite" : url};
    platform_ = must(cli::Platform::create(data_, config, ".", start));
    must(platform_->write(start, [&](store::Tx& tx) -> Result<void> {
        TRY(access::add_unit(tx, quality::test::unit_code(), quality::test::kUnitName,
                             {"operator", start, platform_->rules()->digest()}));
        return {};
    }));
    wire();
}

World::~World() {
    unwire();
}

void World::wire() {
    desk_ = std::make_unique<collect::Desk>(platform_->desk());
    jobs_ = std::make_unique<collect::Jobs>(*desk_, folder_.path() / "jobs",
                                            collect::JobHooks{[this] { return now; }, {}});
    cli::Parts parts;
    parts.rules = platform_->rules();
    parts.tenant = platform_->tenant();
    parts.key = &platform_->key().public_key();
    parts.report_desk =
        std::make_shared<const report::Desk>(cli::report_desk(*platform_, "http://127.0.0.1:1"));
    parts.jobs = jobs_.get();
    parts.roles = access::roles_in_force(*platform_->rules(), now.date());
    parts.write = [this](const std::function<Result<void>(store::Tx&)>& work) {
        return platform_->write(now, work);
    };
    const auto clock = [this] { return now; };
    tasks_ = std::make_unique<tasks::Tasks>(folder_.path() / "tasks", clock);
    cli::add_tasks(parts, *platform_, *tasks_, clock);
    parts.edition_desk = std::make_shared<const oversight::EditionDesk>(
        oversight::EditionDesk{parts.write, parts.rules, [] {}});
    endpoints_ = cli::endpoints(parts);
    auto sign_in = std::make_shared<access::Desk>(platform_->database(), parts.write, parts.roles, "");
    auto site = must(site::make_site(cli::site_deps(*platform_, sign_in, parts.report_desk, *jobs_)));
    for (api::Endpoint& endpoint : site.endpoints) endpoints_.push_back(std::move(endpoint));
}

void World::unwire() {
    endpoints_.clear();
    tasks_.reset();
    jobs_.reset();
    desk_.reset();
}

void World::restart() {
    unwire();
    platform_.reset();
    platform_ = must(cli::Platform::open(data_, "."));
    wire();
}

collect::Order World::order(std::string_view item, std::string_view content) {
    const auto file = folder_.path() / ("file" + std::to_string(++files_ % 8));
    must(write_file(file, content));
    collect::Order order{.file = file,
                         .file_name = file.filename().string(),
                         .item = std::string(item),
                         .unit_code = quality::test::unit_code(),
                         .submitted_by = "clerk:zhang"};
    order.now = now;
    return order;
}

Result<collect::Outcome> World::send(collect::Order order) {
    auto outcome = TRY(collect::collect(*desk_, order));
    TRY(platform_->publish_head());
    return outcome;
}

collect::Outcome World::take(std::string_view item, const std::vector<Row>& rows) {
    return must(send(order(item, collect::test::csv(item, rows))));
}

Result<api::Reply> World::call(std::string_view id, const Inputs& inputs, const api::Principal& who) {
    for (const api::Endpoint& endpoint : endpoints_) {
        if (endpoint.id != id) continue;
        api::Input in;
        for (const auto& [name, value] : inputs) in.set(name, value);
        const api::Call call{who, now, "192.0.2.1", "zh", "token"};
        if (const auto* read = std::get_if<api::ReadHandler>(&endpoint.handler)) {
            auto tx = TRY(platform_->database().read());
            return (*read)(call, in, tx);
        }
        if (const auto* work = std::get_if<api::LongHandler>(&endpoint.handler)) return (*work)(call, in);
        std::optional<api::Reply> reply;
        TRY(platform_->write(now, [&](store::Tx& tx) -> Result<void> {
            reply = TRY(std::get<api::WriteHandler>(endpoint.handler)(call, in, tx));
            return {};
        }));
        return std::move(*reply);
    }
    FAIL("no endpoint ", std::string(id));
    return fail(Fault::endpoint_unknown);
}

std::string World::body(std::string_view id, const Inputs& inputs, const api::Principal& who) {
    return must(call(id, inputs, who)).body;
}

namespace {

/// "/records/17-5" in a page.
std::set<std::string> links(const std::string& page) {
    std::set<std::string> ids;
    const std::string mark = "/records/";
    for (std::size_t at = page.find(mark); at != std::string::npos; at = page.find(mark, at + 1)) {
        const std::size_t from = at + mark.size();
        ids.insert(page.substr(from, page.find_first_not_of("0123456789-", from) - from));
    }
    return ids;
}

}  // namespace

std::set<std::string> World::shown(const std::string& code, std::string_view item,
                                   const api::Principal& who) {
    std::set<std::string> all, wanted;
    std::map<std::string, std::int64_t> by_item;
    const json::value subject = json::parse(body("subject.show", {{"code", code}}, who));
    for (const json::value& record : subject.at("records").as_array()) {
        const std::string id(record.at("id").as_string()), of(record.at("item").as_string());
        all.insert(id);
        ++by_item[of];
        if (item.empty() || of == item) wanted.insert(id);
    }
    CHECK(links(body("site.subject", {{"code", code}}, who)) == all);
    const json::value checked =
        json::parse(body("check.list", {{"subjects", "[{\"code\":\"" + code + "\"}]"}}, who));
    const json::value& answer = checked.at("answers").at(0);
    CHECK(answer.at("penalties").as_int64() == by_item["penalty"]);
    CHECK(answer.at("permits").as_int64() == by_item["permit"]);
    for (const std::string& id : all) CHECK_MESSAGE(is_shown(id, who), id);
    return wanted;
}

bool World::is_shown(const std::string& id, const api::Principal& who) {
    const auto record = call("record.show", {{"id", id}}, who);
    const auto page = call("site.record", {{"id", id}}, who);
    if (record.ok()) {
        CHECK((page.ok() && page->status == 200));
    } else if (page.ok()) {  // nothing but the way to the record that replaced it, which may be shown
        CHECK(page->status == 303);
        CHECK(page->body.empty());
        const auto ids = links(page->headers.front().second);
        REQUIRE(ids.size() == 1);
        CHECK(*ids.begin() != id);
        CHECK(call("record.show", {{"id", *ids.begin()}}, who).ok());
    }
    CHECK(call("record.receipt", {{"id", id}}, who).ok() == record.ok());
    if (!record.ok()) CHECK(record.error().fault == Fault::not_found);
    return record.ok();
}

std::set<std::string> World::printed(const std::string& code) {
    const auto issued =
        must(report::issue(cli::report_desk(*platform_, "http://127.0.0.1:1"), {code, "", "operator", now}));
    must(platform_->publish_head());
    auto tx = read();
    const auto event = must(journal::find_event(tx, issued.event));
    REQUIRE(event.has_value());
    std::set<std::string> ids;
    const json::value payload = json::parse(event->payload);
    for (const json::value& id : payload.at("records").as_array()) ids.insert(std::string(id.as_string()));
    return ids;
}

namespace {

std::string told(const oversight::Verdict& verdict) {
    std::string text;
    for (const journal::Damage& damage : verdict.damages) text += damage.place + "：" + damage.what_zh + "\n";
    return text;
}

}  // namespace

std::string World::verify() {
    return told(must(oversight::verify(platform_->grounds())));
}

std::string World::rebuild() {
    return told(must(oversight::rebuild(platform_->grounds(), false)));
}

std::int64_t World::count(const std::string& statement) const {
    auto tx = read();
    auto rows = must(tx.query(collect::test::sql_of(statement)));
    REQUIRE(must(rows.next()));
    return rows.integer(0);
}

std::string World::dump() const {
    return tests::dump(platform_->database());
}

std::string dump(store::Database& database) {
    std::string text;
    auto tx = must(database.read());
    for (const store::Table* table : cli::all_tables()) {
        std::string columns;
        for (const store::Column& column : table->columns)
            columns += (columns.empty() ? "" : ", ") + std::string(column.name);
        text += "== " + std::string(table->name) + "\n";
        auto rows = must(tx.query(collect::test::sql_of("select " + columns + " from " + table->name +
                                                        " order by " + table->primary_key)));
        while (must(rows.next())) {
            for (int i = 0; i < rows.column_count(); ++i) {
                const store::Value value = rows.value(i);
                const bool is_integer = value.kind() == store::Value::Kind::integer;
                text += is_integer ? std::to_string(value.integer()) : std::string(as_text(value.view()));
                text += '|';
            }
            text += '\n';
        }
    }
    return text;
}

void in_each_world(std::string_view start_day, const std::function<void(World&)>& run) {
    store::for_each_engine_url([&](const std::string& url, const std::string& engine) {
        World world(url, engine, noon(day(start_day)));
        run(world);
    });
}

}  // namespace mingxin::tests
