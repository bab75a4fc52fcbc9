#include "cli/endpoints.h"

#include "cli/site_wiring.h"
#include "collect/correct.h"
#include "collect/template.h"
#include "content/content.h"
#include "correction/correction.h"
#include "exports/exports.h"
#include "oversight/oversight.h"
#include "query/query.h"
#include "subject/identify.h"

namespace mingxin::cli {

void add_tasks(Parts& parts, const Platform& platform, tasks::Tasks& tasks,
               const std::function<Instant()>& clock) {
    const std::string digest = platform.rules()->digest();
    parts.database = &platform.database();
    parts.tasks = &tasks;
    parts.export_desk = std::make_shared<const exports::Desk>(
        exports::Desk{&platform.database(), &tasks, parts.write, digest, clock});
    const auto verify = [&platform,
                         &tasks](const oversight::Progress& progress) -> Result<oversight::Verdict> {
        oversight::Grounds grounds = platform.grounds();
        grounds.scratch = tasks.folder();  // emptied at the start, should the platform be killed meanwhile
        oversight::Verdict verdict = TRY(oversight::verify(grounds, progress));
        TRY(platform.check_config(verdict.damages));
        return verdict;
    };
    parts.verify_desk = std::make_shared<const oversight::VerifyDesk>(
        oversight::VerifyDesk{&platform.database(), &tasks, verify, parts.write, clock, digest});
    assess::Desk assessing;
    assessing.rulebook = platform.rules();
    assessing.tenant = platform.tenant();
    assessing.database = &platform.database();
    assessing.tasks = &tasks;
    assessing.write = parts.write;
    assessing.now = clock;
    assessing.site_name = platform.config().site_name;
    assessing.issuer = parts.report_desk->issuer;
    parts.assess_desk = std::make_shared<const assess::Desk>(std::move(assessing));
    CopyDesk copying;
    copying.database = &platform.database();
    copying.tasks = &tasks;
    copying.key = &platform.key();
    copying.site_name = platform.config().site_name;
    copying.public_url = public_url_of(*parts.report_desk);
    copying.make = [&platform](const std::string& base) {
        return site::make_site(copying_deps(platform, base));
    };
    copying.write = parts.write;
    copying.now = clock;
    copying.rulebook_digest = digest;
    parts.copy_desk = std::make_shared<const CopyDesk>(std::move(copying));
}

namespace {

/// What correcting needs of the services beside it.
std::shared_ptr<const correction::Desk> correction_desk(const Parts& parts) {
    auto desk = std::make_shared<correction::Desk>();
    desk->rules = parts.rules;
    desk->tenant = parts.tenant;
    desk->correct = [jobs = parts.jobs](const api::Call& call, store::Tx& tx,
                                        const correction::Order& order) -> Result<correction::Done> {
        collect::CorrectionOrder wanted{order.record, order.change,      order.values,
                                        order.reason, order.document_no, call.now};
        collect::Corrected done = TRY(collect::correct(tx, jobs->desk(), wanted, call.principal));
        return correction::Done{done.batch, std::move(done.record), std::move(done.notes_zh)};
    };
    desk->reports = [tenant = parts.tenant](
                        store::ReadTx& tx, const std::string& subject,
                        const std::string& record) -> Result<std::vector<correction::Recipient>> {
        std::vector<correction::Recipient> all;
        for (report::Holding& one : TRY(report::holding(tx, tenant, subject, record))) {
            all.push_back(
                {"report", std::move(one.number), std::move(one.by), std::move(one.purpose), one.issued});
        }
        return all;
    };
    return desk;
}

}  // namespace

std::vector<listing::Listing> lists(const Parts& parts) {
    std::vector<listing::Listing> all = collect::lists(parts.rules, parts.jobs, parts.tenant);
    const auto add = [&](std::vector<listing::Listing> some) {
        for (listing::Listing& one : some) all.push_back(std::move(one));
    };
    add(query::lists(parts.rules, parts.tenant));
    add(access::lists(parts.roles));
    all.push_back(report::list(parts.tenant));
    all.push_back(correction::list(parts.rules, parts.tenant));
    add(assess::lists(parts.rules, parts.tenant));
    all.push_back(oversight::event_list());
    all.push_back(oversight::touched_list(parts.tenant));
    return all;
}

std::vector<api::Endpoint> endpoints(const Parts& parts) {
    std::vector<api::Endpoint> all;
    const auto add = [&](std::vector<api::Endpoint> some) {
        for (api::Endpoint& endpoint : some) all.push_back(std::move(endpoint));
    };
    add(query::endpoints(parts.rules, parts.tenant, parts.key));
    add(report::endpoints(parts.report_desk));
    add(collect::endpoints(parts.jobs));
    add(collect::row_endpoints(parts.rules, parts.jobs, parts.tenant));
    add(collect::template_endpoints(parts.rules));
    add(collect::mapping_endpoints(parts.rules));
    add(collect::judgement_endpoints(parts.rules, parts.tenant));
    add(correction::endpoints(correction_desk(parts)));
    add(content::endpoints(std::make_shared<const content::Desk>(content::Desk{parts.rules, parts.tenant})));
    for (listing::Listing& one : lists(parts)) all.push_back(listing::endpoint(std::move(one)));
    add(exports::endpoints(lists(parts), parts.export_desk));
    add(tasks::endpoints(parts.tasks));
    add(oversight::endpoints(parts.key));
    add(oversight::figure_endpoints(parts.tenant));
    add(oversight::desk_endpoints(parts.database, parts.rules, parts.tenant));
    add(oversight::verify_endpoints(parts.verify_desk));
    add(oversight::edition_endpoints(parts.edition_desk));
    add(assess::endpoints(parts.assess_desk));
    add(copy_endpoints(parts.copy_desk));
    add(system_endpoints(parts.system));
    add(access::endpoints(parts.roles, parts.rules ? parts.rules->digest() : std::string(), parts.write,
                          [](std::string_view code) { return subject::is_valid_uscc(code); }));
    return all;
}

}  // namespace mingxin::cli
