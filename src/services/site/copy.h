// A copy of the site's own pages as files, for a site that shows them without this platform (the upper
// level's). Pages are made by the endpoints themselves, in this process: those that the site's map names.
// What has a term is never copied: no record, no subject, no page that leads to one. Neither are pages with a
// form that writes. Links to what is not copied lead to the live site.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "crypto/crypto.h"
#include "site/site.h"
#include "store/store.h"

namespace mingxin::site {

struct CopyOrder {
    std::string base;  // address of the live site, without a slash at the end
    Instant now;
    const crypto::Sm2Key* key = nullptr;  // signs the manifest
    /// Called before each page; returns whether to go on, otherwise Fault::task_stopped.
    std::function<bool(std::int64_t done, std::int64_t all)> progress = {};
};

/// manifest.json names every other file with its SM3 digest, manifest.sig is its SM2 signature (DER, base64).
struct Copy {
    std::map<std::string, std::string> files;  // content by name
    std::string manifest, signature;
    std::int64_t pages = 0, bytes = 0;  // bytes of the files
};

/// site was made with Deps::copying.
Result<Copy> make_copy(const Site& site, store::Database& database, const CopyOrder& order);

/// The files are written beside the folder and take its place when all are there; on failure an earlier copy
/// stays as it was. Fault::platform_exists: the folder holds something else; file_unwritable.
Result<void> write_copy(const Copy& copy, const std::filesystem::path& folder);

/// As a zip file. Fault::file_unwritable.
Result<void> pack_copy(const Copy& copy, const std::filesystem::path& zip);

}  // namespace mingxin::site
