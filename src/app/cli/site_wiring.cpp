#include "cli/site_wiring.h"

#include "cli/content_wiring.h"
#include "cli/endpoints.h"

namespace mingxin::cli {
namespace {

site::Progress progress_of(const collect::Job& job) {
    site::Progress progress;
    switch (job.state) {
        case collect::JobState::waiting:
            progress.state = site::Progress::State::waiting;
            break;
        case collect::JobState::running:
            progress.state = site::Progress::State::running;
            break;
        case collect::JobState::done:
            progress.state = site::Progress::State::done;
            break;
        case collect::JobState::failed:
            progress.state = site::Progress::State::failed;
            break;
    }
    progress.file_name = job.file_name;
    progress.stage_zh = job.progress.stage_zh;
    progress.rows = job.progress.rows;
    progress.part = job.progress.part;
    progress.batch = job.outcome ? job.outcome->batch.id : 0;
    progress.error = job.error.value_or(Error{});
    return progress;
}

void add_collect(site::Deps& deps, collect::Jobs& jobs) {
    deps.submit = [&jobs](const site::Submission& submission) {
        collect::Order order;
        order.file = submission.file;
        order.file_name = submission.file_name;
        order.item = submission.item;
        order.unit_code = submission.unit_code;
        order.submitted_by = submission.submitted_by;
        order.idempotency_key = submission.idempotency_key;
        return jobs.submit(std::move(order));
    };
    deps.progress = [&jobs](std::string_view id, std::string_view unit) -> std::optional<site::Progress> {
        auto job = jobs.find(id, unit);
        return job ? std::optional(progress_of(*job)) : std::nullopt;
    };
    deps.reply = [&jobs](std::int64_t batch) { return jobs.reply(batch); };
    deps.has_reply = [&jobs](std::int64_t batch) { return jobs.has_reply(batch); };
    deps.findings = [rules = deps.rulebook](store::ReadTx& tx, std::int64_t batch, std::int64_t after_row,
                                            int limit) -> Result<std::vector<site::RowFindings>> {
        std::vector<site::RowFindings> rows;
        for (collect::RowFindings& row : TRY(collect::findings(tx, *rules, batch, after_row, limit))) {
            rows.push_back({row.row, row.line, row.outcome, std::move(row.findings)});
        }
        return rows;
    };
}

void add_report(site::Deps& deps, std::shared_ptr<const report::Desk> desk) {
    deps.verify_report = [desk](store::ReadTx& tx,
                                std::string_view number) -> Result<std::optional<site::ReportFacts>> {
        auto found = TRY(report::verify(tx, *desk->rulebook, desk->tenant, number));
        if (!found) {
            return std::optional<site::ReportFacts>{};
        }
        return std::optional(site::ReportFacts{found->number, found->subject_code, found->subject_name,
                                               found->issued, found->digest, found->key_id, found->event,
                                               found->records, found->changed_since, found->corrected,
                                               found->withdrawn});
    };
    deps.find_report = [desk](store::ReadTx& tx, const Digest& digest) {
        return report::find_by_digest(tx, desk->tenant, digest);
    };
    deps.issue_report = [desk](std::string_view code, std::string_view purpose, std::string_view principal,
                               Instant now) -> Result<site::IssuedReport> {
        report::Issued issued =
            TRY(report::issue(*desk, {std::string(code), std::string(purpose), std::string(principal), now}));
        return site::IssuedReport{std::move(issued.number), std::move(issued.pdf)};
    };
}

/// What every page needs.
site::Deps common_deps(const Platform& platform, const std::string& public_url) {
    site::Deps deps;
    deps.database = &platform.database();
    deps.site_name = platform.config().site_name;
    deps.rulebook = platform.rules();
    deps.tenant = platform.tenant();
    deps.today = now_utc().date();
    deps.origin = platform.origin();
    deps.key = &platform.key().public_key();
    deps.web_folder = platform.share() / "web";
    deps.public_url = public_url;
    const gate::Options limits;
    deps.requests_per_s = static_cast<std::int64_t>(limits.requests_per_s);
    deps.burst = limits.burst;
    for (api::Endpoint& endpoint : endpoints(Parts{})) {
        if (endpoint.permission == api::Permission::anyone && !endpoint.page) {
            deps.operations.push_back(std::move(endpoint));
        }
    }
    deps.content = content_of_site();
    return deps;
}

}  // namespace

std::string public_url_of(const report::Desk& desk) {
    return desk.verify_url.substr(0, desk.verify_url.rfind("/verify/"));
}

site::Deps site_deps(const Platform& platform, std::shared_ptr<access::Desk> sign_in_desk,
                     std::shared_ptr<const report::Desk> report_desk, collect::Jobs& jobs) {
    site::Deps deps = common_deps(platform, public_url_of(*report_desk));
    deps.desk = std::move(sign_in_desk);
    add_collect(deps, jobs);
    add_report(deps, std::move(report_desk));
    return deps;
}

site::Deps copying_deps(const Platform& platform, const std::string& public_url) {
    site::Deps deps = common_deps(platform, public_url);
    deps.copying = true;
    return deps;
}

std::function<api::Reply(const gate::RefusalPage&)> refusal_page(const site::Site& site) {
    return [page = site.refusal_page](const gate::RefusalPage& refusal) {
        return page(refusal.status, refusal.error, refusal.incident, refusal.principal, refusal.csrf_token,
                    refusal.reading, refusal.language);
    };
}

}  // namespace mingxin::cli
