#include "cli/platform.h"

#include <boost/json.hpp>
#include <cstdlib>

#include "access/access.h"
#include "assess/assess.h"
#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "collect/mappings.h"
#include "content/content.h"
#include "record/record.h"
#include "report/report.h"
#include "rulebook/editions.h"

namespace mingxin::cli {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kInitKind = "platform.initialised";

fs::path config_file(const fs::path& data) {
    return data / "platform.json";
}
fs::path engine_file(const fs::path& data) {
    return data / "engine";
}
fs::path key_file(const fs::path& data) {
    return data / "keys" / "sm2.pem";
}
fs::path secret_file(const fs::path& data) {
    return data / "keys" / "secret.hex";
}

bool is_engine(std::string_view engine) {
    return engine == "sqlite" || engine.starts_with("postgresql://");
}

std::string config_json(const PlatformConfig& config) {
    JsonWriter json;
    json.begin_object().field("format", 1).field("division", config.division);
    json.field("site_name", config.site_name).end_object();
    return json.take() + "\n";
}

/// A file that a platform can't be without.
Result<std::string> needed_file(const fs::path& file) {
    auto content = read_file(file, 1 << 16);
    if (!content.ok()) return fail(Fault::config_broken, content.error().detail_zh, content.error().log_text);
    return content;
}

Result<PlatformConfig> read_config(const fs::path& data) {
    if (!fs::exists(config_file(data)) && !fs::exists(engine_file(data))) {
        return fail(Fault::no_platform, data.string());
    }
    const std::string text = TRY(needed_file(config_file(data)));
    // Apart from the rest: it may hold a password, and a restored platform may live on another engine.
    const std::string engine(trim(TRY(needed_file(engine_file(data)))));
    if (!is_engine(engine)) return fail(Fault::config_broken, engine_file(data).string());
    try {
        const boost::json::object object = boost::json::parse(text).as_object();
        const auto text_of = [&](const char* key) { return std::string(object.at(key).as_string()); };
        return PlatformConfig{text_of("division"), text_of("site_name"), engine};
    } catch (const std::exception& e) {
        return fail(Fault::config_broken, config_file(data).string(), e.what());
    }
}

Result<void> check_settings(const PlatformConfig& config, const rulebook::Rulebook& rules) {
    if (!rules.division(config.division)) {
        return fail(Fault::bad_argument, "--division " + config.division + " 不是行政区划代码");
    }
    if (config.site_name.empty() || character_count(config.site_name) > 50) {
        return fail(Fault::bad_argument, "--site-name 应为1至50个字");
    }
    if (!is_engine(config.engine)) {
        return fail(Fault::bad_argument, "--engine 应为 sqlite 或 postgresql://…");
    }
    return {};
}

Result<void> make_keys(const fs::path& data) {
    std::error_code error;
    fs::create_directories(data / "keys", error);
    fs::permissions(data / "keys", fs::perms::owner_all, error);
    if (error) return fail(Fault::file_unwritable, (data / "keys").string(), error.message());
    TRY(write_file(key_file(data), crypto::Sm2Key::generate().to_pem(), 0600));
    return write_file(secret_file(data), crypto::random_hex(32) + "\n", 0600);
}

}  // namespace

Result<fs::path> share_folder(const std::string& option) {
    std::vector<fs::path> places;
    if (!option.empty()) {
        places.emplace_back(option);
    } else if (const char* variable = std::getenv("MINGXIN_SHARE")) {
        places.emplace_back(variable);
    } else {
        std::error_code error;
        const fs::path binary = fs::read_symlink("/proc/self/exe", error);
        places.push_back(binary.parent_path().parent_path().parent_path());
        places.push_back(binary.parent_path().parent_path() / "share" / "mingxin");
        places.emplace_back("/usr/share/mingxin");
    }
    for (const fs::path& place : places) {
        if (fs::is_directory(place / "rules")) return place;
    }
    return fail(Fault::no_share, places.front().string());
}

std::string database_url(const fs::path& data, const std::string& engine) {
    return engine == "sqlite" ? (data / "mingxin.db").string() : engine;
}

std::vector<const store::Table*> all_tables() {
    std::vector<const store::Table*> all;
    const auto add = [&](std::span<const store::Table* const> tables) {
        all.insert(all.end(), tables.begin(), tables.end());
    };
    add(journal::tables());
    add(rulebook::tables());
    add(access::tables());
    add(subject::tables());
    add(record::tables());
    add(collect::tables());
    add(report::tables());
    add(content::tables());
    add(assess::tables());
    return all;
}

oversight::Projections Platform::projections() const {
    return [tenant = tenant_, rules = rulebook_] {
        std::vector<std::unique_ptr<journal::Projection>> all;
        all.push_back(rulebook::projection());
        all.push_back(access::projection());
        all.push_back(record::projection(tenant, rules));
        all.push_back(collect::projection());
        all.push_back(report::projection(tenant));
        all.push_back(content::projection());
        all.push_back(assess::projection());
        return all;
    };
}

Result<void> Platform::load_keys() {
    auto key = crypto::Sm2Key::from_pem(TRY(needed_file(key_file(data_))));
    if (!key.ok()) return fail(Fault::config_broken, key_file(data_).string(), key.error().log_text);
    key_ = std::make_unique<crypto::Sm2Key>(std::move(*key));
    const std::string hex = TRY(needed_file(secret_file(data_)));
    const auto secret = from_hex(trim(hex));
    if (!secret || secret->size() != 32) return fail(Fault::config_broken, secret_file(data_).string());
    secret_ = *secret;
    return {};
}

Result<std::unique_ptr<Platform>> Platform::create(const fs::path& data, const PlatformConfig& config,
                                                   const fs::path& share, Instant now) {
    if (fs::exists(config_file(data))) return fail(Fault::platform_exists, data.string());
    auto rules = TRY(rulebook::Rulebook::load(share / "rules"));
    TRY(check_settings(config, *rules));
    std::error_code error;
    fs::create_directories(data, error);
    if (error) return fail(Fault::file_unwritable, data.string(), error.message());
    TRY(make_keys(data));
    auto database = TRY(store::Database::open(database_url(data, config.engine)));
    TRY(database->create(all_tables()));
    database.reset();
    const std::string text = config_json(config);
    TRY(write_file(engine_file(data), config.engine + "\n", 0600));
    TRY(write_file(config_file(data), text));
    auto platform = TRY(open(data, share));
    TRY(platform->write(now, [&](store::Tx& tx) -> Result<void> {
        JsonWriter payload;
        payload.begin_object().field("division", config.division).field("site_name", config.site_name);
        payload.field("config", to_hex(crypto::digest(text)));
        payload.field("key", to_hex(platform->key().public_key().point())).end_object();
        TRY(journal::append(tx, {std::string(kInitKind), "operator", payload.take(), {}}, now));
        return {};
    }));
    TRY(platform->activate_rules(now));
    return platform;
}

Result<std::unique_ptr<Platform>> Platform::open(const fs::path& data, const fs::path& share) {
    std::unique_ptr<Platform> platform(new Platform);
    platform->data_ = data;
    platform->share_ = share;
    platform->config_ = TRY(read_config(data));
    platform->tenant_ = std::atoll(platform->config_.division.c_str());
    platform->rulebook_ = TRY(rulebook::Rulebook::load(share / "rules"));
    TRY(platform->load_keys());
    platform->database_ = TRY(store::Database::open(database_url(data, platform->config_.engine)));
    TRY(platform->choose_rules());
    return platform;
}

Result<void> Platform::choose_rules() {
    TRY(database_->create(rulebook::tables()));  // of a platform that is older than editions
    auto tx = TRY(database_->read());
    const auto digest = TRY(rulebook::active_digest(tx));
    if (!digest || digest == rulebook_->digest()) return {};
    const auto edition = TRY(rulebook::find_edition(tx, *digest));
    if (!edition || edition->proposed_by.empty()) return {};
    auto decided = rulebook::load_edition(tx, *digest);
    if (!decided.ok()) {  // older than this program: what it needs is not in it
        log_error("edition " + *digest + " not usable: " + decided.error().message_zh());
        return {};
    }
    rulebook_ = std::move(*decided);
    return {};
}

Result<std::string> Platform::url_of(const fs::path& data) {
    return database_url(data, TRY(read_config(data)).engine);
}

collect::Desk Platform::desk() const {
    return {*database_, rulebook_, *key_, secret_, origin(), tenant_};
}

oversight::Grounds Platform::grounds() const {
    return {*database_, key_->public_key(), projections(), heads_file(), all_tables()};
}

Result<void> Platform::write(Instant now, const std::function<Result<void>(store::Tx&)>& work) const {
    {
        auto tx = TRY(database_->write());
        TRY(work(tx));
        TRY(journal::seal(tx, *key_, origin(), now));
        TRY(tx.commit());
    }
    return publish_head();
}

Result<void> Platform::publish_head() const {
    auto tx = TRY(database_->read());
    return oversight::publish_heads(tx, heads_file());
}

Result<void> Platform::activate_rules(Instant now) const {
    {
        auto tx = TRY(database_->read());
        if (TRY(rulebook::active_digest(tx)) == rulebook_->digest()) return {};
    }
    return write(now, [&](store::Tx& tx) -> Result<void> {
        TRY(rulebook::activate(tx, *rulebook_, "operator", now));
        return {};
    });
}

Result<void> Platform::check_config(std::vector<journal::Damage>& damages) const {
    auto tx = TRY(database_->read());
    const auto first = TRY(journal::find_event(tx, 1));
    const std::string text = TRY(read_file(config_file(data_), 1 << 16));
    const std::string wanted = "\"config\":\"" + to_hex(crypto::digest(text)) + "\"";
    if (!first || first->kind != kInitKind || first->payload.find(wanted) == std::string::npos) {
        damages.push_back({"file platform.json", "配置文件与平台建立时的存证不符"});
    }
    return {};
}

}  // namespace mingxin::cli
