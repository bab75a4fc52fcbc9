// Hands the website what the other services do.
#pragma once
#include <memory>

#include "access/access.h"
#include "cli/platform.h"
#include "collect/jobs.h"
#include "gate/gate.h"
#include "report/report.h"
#include "site/site.h"

namespace mingxin::cli {

/// All arguments must outlive the site.
site::Deps site_deps(const Platform& platform, std::shared_ptr<access::Desk> sign_in_desk,
                     std::shared_ptr<const report::Desk> report_desk, collect::Jobs& jobs);

/// Where the public finds the site, without a slash at the end: what stands before the address of
/// verification.
std::string public_url_of(const report::Desk& desk);

/// The site's own pages alone, made to be copied: nobody signs in, nothing is handed in. platform must
/// outlive the site. public_url: of the live site, without a slash at the end.
site::Deps copying_deps(const Platform& platform, const std::string& public_url);

/// For gate::Options::refusal_page.
std::function<api::Reply(const gate::RefusalPage&)> refusal_page(const site::Site& site);

}  // namespace mingxin::cli
