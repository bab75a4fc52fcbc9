// A copy of the site's own pages as files, for a site that shows them without this platform (the upper
// level's). Pages are made by the endpoints themselves, in this process: those that the site's map names.
// What has a term is never copied: no record, no subject, no page that leads to one. Neither are pages with a
// form that writes. Links to what is not copied lead to the live site.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/api.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/crypto.h"
#include "site/site.h"
#include "store/store.h"
#include "tasks/tasks.h"

namespace mingxin::site {

struct CopyOrder {
    std::string base;  // address of the live site, as read_live_address() gives it
    Instant now;
    const crypto::Sm2Key* key = nullptr;  // signs the manifest
    /// Called before each page; returns whether to go on, otherwise Fault::task_stopped.
    std::function<bool(std::int64_t done, std::int64_t all)> progress = {};
};

/// manifest.json names every other file with its SM3 digest, manifest.sig is its SM2 signature (DER, base64).
struct Copy {
    std::map<std::string, std::string> files;  // content by name
    std::int64_t pages = 0, bytes = 0;         // bytes: without the manifest
    std::int64_t content_files() const;        // without the manifest
};

/// http:// or https://, a host and perhaps a port and a path; without the slash at the end.
/// Fault::bad_argument.
Result<std::string> read_live_address(std::string_view text);

/// site was made with Deps::copying.
Result<Copy> make_copy(const Site& site, store::Database& database, const CopyOrder& order);

/// The files are written beside the folder and take its place when all are there; on failure an earlier copy
/// stays as it was. Fault::platform_exists: the folder holds something else; file_unwritable.
Result<void> write_copy(const Copy& copy, const std::filesystem::path& folder);

/// As a zip file. Fault::file_unwritable.
Result<void> pack_copy(const Copy& copy, const std::filesystem::path& zip);

/// What a copy from the console runs with; valid as long as it may run.
struct CopyDesk {
    store::Database* database = nullptr;
    tasks::Tasks* tasks = nullptr;
    const crypto::Sm2Key* key = nullptr;
    std::string site_name, public_url;
    std::function<Result<Site>(const std::string& base)> make;  // with Deps::copying
    api::RunWrite write;
    std::function<Instant()> now;
    std::string rulebook_digest;
};
/// site.copy: POST /api/v1/site/copies answers with a task whose file is the packed copy. Each leaves an
/// event "site.copied" with the digest of its manifest. desk null: only described.
std::vector<api::Endpoint> copy_endpoints(std::shared_ptr<const CopyDesk> desk);

}  // namespace mingxin::site
