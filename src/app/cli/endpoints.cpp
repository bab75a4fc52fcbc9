#include "cli/endpoints.h"

#include "content/content.h"
#include "oversight/oversight.h"
#include "query/query.h"
#include "subject/identify.h"

namespace mingxin::cli {

std::vector<api::Endpoint> endpoints(const Parts& parts) {
    std::vector<api::Endpoint> all;
    const auto add = [&](std::vector<api::Endpoint> some) {
        for (api::Endpoint& endpoint : some) all.push_back(std::move(endpoint));
    };
    add(query::endpoints(parts.rules, parts.tenant, parts.key));
    add(report::endpoints(parts.report_desk));
    add(collect::endpoints(parts.rules, parts.jobs));
    add(collect::row_endpoints(parts.rules, parts.jobs, parts.tenant));
    add(content::endpoints(std::make_shared<const content::Desk>(content::Desk{parts.rules, parts.tenant})));
    add(oversight::endpoints(parts.key));
    add(oversight::figure_endpoints(parts.tenant));
    add(system_endpoints(parts.system));
    add(access::endpoints(parts.roles, parts.rules ? parts.rules->digest() : std::string(), parts.write,
                          [](std::string_view code) { return subject::is_valid_uscc(code); }));
    return all;
}

}  // namespace mingxin::cli
