// A copy of the site's own pages as files, for a site that shows them without this platform (the upper
// level's). Pages are made by the endpoints themselves, in this process: those that the site's map names.
// What has a term is never copied: no record, no subject, no page that leads to one. Neither are pages with a
// form that writes. Links to what is not copied lead to the live site.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "crypto/crypto.h"
#include "site/site.h"
#include "store/store.h"

namespace mingxin::site {

struct CopyOrder {
    std::filesystem::path folder;  // is made, or replaces the copy that is there
    std::string base;              // address of the live site, without a slash at the end
    Instant now;
    const crypto::Sm2Key* key = nullptr;  // signs the manifest
};

struct Copied {
    std::int64_t pages = 0, files = 0, bytes = 0;
};

/// site was made with Deps::copying. The files are written beside the folder and take its place when all are
/// there; on failure an earlier copy stays as it was. manifest.json names every file with its SM3 digest,
/// manifest.sig is its SM2 signature (DER, base64). Fault::platform_exists: the folder holds something else;
/// file_unwritable.
Result<Copied> copy_site(const Site& site, store::Database& database, const CopyOrder& order);

}  // namespace mingxin::site
