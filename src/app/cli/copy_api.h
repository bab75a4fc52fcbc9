// The copy of the site for the upper-level site as an operation of the API; site/copy.h makes it.
#pragma once
#include <functional>
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

namespace mingxin::cli {

/// http:// or https://, a host and perhaps a port and a path; without the slash at the end.
/// Fault::bad_argument.
Result<std::string> read_live_address(std::string_view text);

/// What a copy from the console runs with; valid as long as it may run.
struct CopyDesk {
    store::Database* database = nullptr;
    tasks::Tasks* tasks = nullptr;
    const crypto::Sm2Key* key = nullptr;
    std::string site_name, public_url;
    std::function<Result<site::Site>(const std::string& base)> make;  // with Deps::copying
    api::RunWrite write;
    std::function<Instant()> now;
    std::string rulebook_digest;
};
/// site.copy: POST /api/v1/site/copies answers with a task whose file is the packed copy. Each leaves an
/// event "site.copied" with the digest of its manifest. desk null: only described.
std::vector<api::Endpoint> copy_endpoints(std::shared_ptr<const CopyDesk> desk);

}  // namespace mingxin::cli
