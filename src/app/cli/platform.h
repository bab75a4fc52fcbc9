// A platform as it lies in its data directory: configuration, keys, database, rulebook. Opened once per
// process.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "collect/collect.h"
#include "crypto/crypto.h"
#include "journal/journal.h"
#include "oversight/oversight.h"
#include "rulebook/rulebook.h"
#include "store/store.h"

namespace mingxin::cli {

struct PlatformConfig {
    std::string division;   // "410423"
    std::string site_name;  // "信用鲁山"
    std::string engine;     // "sqlite" or "postgresql://..."
};

/// rules/ and web/ of this installation: --share, MINGXIN_SHARE, beside the binary's source tree,
/// /usr/share/mingxin.
Result<std::filesystem::path> share_folder(const std::string& option);

/// Where the tables are.
std::string database_url(const std::filesystem::path& data, const std::string& engine);

/// All tables: the journal's and the projections'.
std::vector<const store::Table*> all_tables();

class Platform {
  public:
    /// Makes the directory, the keys, the tables and the first events. Fault::platform_exists when it holds
    /// one.
    static Result<std::unique_ptr<Platform>> create(const std::filesystem::path& data,
                                                    const PlatformConfig& config,
                                                    const std::filesystem::path& share, Instant now);
    static Result<std::unique_ptr<Platform>> open(const std::filesystem::path& data,
                                                  const std::filesystem::path& share);

    /// Where the tables of a platform are that perhaps can't be opened.
    static Result<std::string> url_of(const std::filesystem::path& data);

    const PlatformConfig& config() const { return config_; }
    const std::filesystem::path& data() const { return data_; }
    const std::filesystem::path& share() const { return share_; }
    store::Database& database() const { return *database_; }
    const std::shared_ptr<const rulebook::Rulebook>& rules() const { return rulebook_; }
    const crypto::Sm2Key& key() const { return *key_; }
    BytesView secret() const { return secret_; }
    std::int64_t tenant() const { return tenant_; }
    std::string origin() const { return "mingxin/" + config_.division; }
    std::filesystem::path heads_file() const { return data_ / "heads.jsonl"; }

    collect::Desk desk() const;
    oversight::Grounds grounds() const;
    oversight::Projections projections() const;
    /// Runs work in one write transaction, seals and commits it and publishes the head.
    Result<void> write(Instant now, const std::function<Result<void>(store::Tx&)>& work) const;
    Result<void> publish_head() const;
    /// Puts the rulebook that came with the program into force when another one is, unless people put that
    /// one into force: then the platform runs with theirs, and the program's waits to be proposed.
    Result<void> activate_rules(Instant now) const;
    /// The configuration file is as the journal says it was made. Appends what is wrong.
    Result<void> check_config(std::vector<journal::Damage>& damages) const;

  private:
    Platform() = default;
    Result<void> load_keys();
    Result<void> choose_rules();
    std::filesystem::path data_, share_;
    PlatformConfig config_;
    std::unique_ptr<store::Database> database_;
    std::shared_ptr<const rulebook::Rulebook> rulebook_;
    std::unique_ptr<crypto::Sm2Key> key_;
    Bytes secret_;
    std::int64_t tenant_ = 0;
};

/// One file with everything: tables, configuration, published heads and keys (mode 0600).
Result<void> backup(const Platform& platform, const std::filesystem::path& file);
/// Into a data directory that is empty or not there; engine empty: as in the backup.
Result<void> restore(const std::filesystem::path& file, const std::filesystem::path& data,
                     const std::string& engine);

}  // namespace mingxin::cli
