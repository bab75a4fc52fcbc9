// Verification from the console: a task of who starts it; its verdict is an event of the journal, so that the
// newest one is known after a restart too, and to everybody who may verify.
#include <algorithm>
#include <mutex>
#include <optional>

#include "base/json.h"
#include "oversight/oversight.h"

namespace mingxin::oversight {

using api::Audit;
using api::Call;
using api::Endpoint;
using api::FieldType;
using api::Input;
using api::Method;
using api::Permission;
using api::Reply;
using api::Where;

namespace {

constexpr std::string_view kVerifiedKind = "journal.verified";
constexpr std::size_t kDamagesKept = 100;
constexpr store::Sql kNewest{"journal.newest_of_kind",
                             "select seq from event where kind = $1 order by seq desc limit 1"};

/// The last verdict, and who has one under way. Thread-safe.
class Verification : public std::enable_shared_from_this<Verification> {
  public:
    explicit Verification(std::shared_ptr<const VerifyDesk> desk) : desk_(std::move(desk)) {}

    Result<std::string> start(const std::string& owner);
    /// As JSON members: the verdict, and what is under way.
    Result<std::string> last(store::ReadTx& tx, const api::Principal& who);

  private:
    struct Last {
        std::int64_t event = 0;  // 0: the journal could not take it
        Instant time;
        std::string by, payload;
    };
    Result<void> run(const std::string& owner, tasks::Run& run);
    bool busy() const {
        if (task_.empty()) return false;
        const auto task = desk_->tasks->find(task_, owner_);
        return task && (task->state == tasks::State::waiting || task->state == tasks::State::running);
    }

    std::shared_ptr<const VerifyDesk> desk_;
    std::mutex mutex_;
    std::string task_, owner_;
    std::optional<Last> kept_;  // a verdict that the journal could not take
};

tasks::Stage task_stage(Stage stage) {
    switch (stage) {
        case Stage::database:
            return tasks::Stage::database;
        case Stage::journal:
            return tasks::Stage::journal;
        case Stage::heads:
            return tasks::Stage::heads;
        case Stage::sealed:
            return tasks::Stage::sealed;
        case Stage::replay:
            return tasks::Stage::replay;
        case Stage::comparing:
            return tasks::Stage::comparing;
    }
    return tasks::Stage::ended;
}

std::string payload_of(const Verdict& verdict, std::int64_t size, double took_s) {
    JsonWriter json;
    json.begin_object().field("clean", verdict.clean()).field("seconds", static_cast<std::int64_t>(took_s));
    json.field("events", verdict.events).field("rows_compared", verdict.rows_compared).field("size", size);
    json.field("damage_count", static_cast<std::int64_t>(verdict.damages.size()))
        .key("damages")
        .begin_array();
    for (std::size_t i = 0; i < std::min(kDamagesKept, verdict.damages.size()); ++i) {
        const journal::Damage& damage = verdict.damages[i];
        json.begin_object().field("place", damage.place).field("what", damage.what_zh).end_object();
    }
    json.end_array().end_object();
    return json.take();
}

Result<std::int64_t> journal_size(store::Database& database) {
    auto tx = TRY(database.read());
    const auto head = TRY(journal::latest_head(tx));
    return head ? head->size : 0;
}

Result<std::string> Verification::start(const std::string& owner) {
    const std::lock_guard lock(mutex_);
    if (busy()) return fail(Fault::verify_running);
    tasks::Order order;
    order.kind = "journal.verify";
    order.owner = owner;
    order.permission = Permission::journal_verify;
    // A task may outlive the endpoints.
    order.work = [self = shared_from_this(), owner](tasks::Run& task) { return self->run(owner, task); };
    task_ = TRY(desk_->tasks->start(std::move(order)));
    owner_ = owner;
    return task_;
}

Result<void> Verification::run(const std::string& owner, tasks::Run& run) {
    const double from_s = monotonic_s();
    const std::int64_t size = TRY(journal_size(*desk_->database));
    const Verdict verdict = TRY(desk_->verify([&](Stage stage, std::int64_t done, std::int64_t all) {
        run.at(task_stage(stage), done, all);
        return !run.cancelled();
    }));
    Last last{0, desk_->now(), owner, payload_of(verdict, size, monotonic_s() - from_s)};
    const Result<void> written = desk_->write([&](store::Tx& tx) -> Result<void> {
        TRY(journal::append(tx, {std::string(kVerifiedKind), owner, last.payload, desk_->rulebook_digest},
                            last.time));
        return {};
    });
    if (written.ok()) return {};
    // A journal that takes no more events is worth a verdict all the more.
    const std::lock_guard lock(mutex_);
    kept_ = std::move(last);
    return {};
}

Result<std::string> Verification::last(store::ReadTx& tx, const api::Principal& who) {
    std::optional<Last> last;
    {
        auto rows = TRY(tx.query(kNewest, {kVerifiedKind}));
        if (TRY(rows.next())) last = Last{rows.integer(0), {}, {}, {}};
    }
    if (last) {
        const auto event = TRY(journal::find_event(tx, last->event));
        if (!event) return fail(Fault::event_unknown);
        last = Last{event->seq, event->time, event->principal, event->payload};
    }
    const std::lock_guard lock(mutex_);
    if (kept_ && (!last || last->time < kept_->time)) last = kept_;
    JsonWriter json;
    json.begin_object().field("known", last.has_value());
    if (last) {
        json.field("time", last->time.to_string()).field("by", last->by).field("event", last->event);
    }
    const bool running = desk_->tasks && busy();
    if (running && owner_ == who.name) json.field("running", task_);
    json.field("busy", running).end_object();
    std::string text = json.take();
    if (!last) return text;
    // Its own members follow: the payload is an object of this program.
    if (!last->payload.starts_with("{\"clean\":") || !last->payload.ends_with('}')) {
        return fail(Fault::journal_damaged);
    }
    text.back() = ',';
    return text.append(last->payload, 1);
}

std::vector<api::Field> last_fields() {
    return {{"known", FieldType::boolean, "是否有过核验", "whether there was one", true},
            {"time", FieldType::text, "完成时间（UTC）", "when it ended (UTC)"},
            {"by", FieldType::text, "由谁发起", "who started it"},
            {"event", FieldType::integer, "记载结果的账本事项号，0为未能记入账本",
             "event of the verdict; 0: none"},
            {"clean", FieldType::boolean, "没有发现问题", "whether nothing was found"},
            {"seconds", FieldType::integer, "用时（秒）", "seconds"},
            {"events", FieldType::integer, "重建的事件数", "events replayed"},
            {"rows_compared", FieldType::integer, "比对的数据行数", "rows of state tables compared"},
            {"size", FieldType::integer, "开始时的事件数", "events at its start"},
            {"damage_count", FieldType::integer, "发现的问题数", "how much was found"},
            {"damages",
             FieldType::list,
             "发现的问题，最多100处",
             "what was found, at most 100",
             false,
             Where::query,
             "",
             {{"place", FieldType::text, "位置", "place", true},
              {"what", FieldType::text, "问题", "what is wrong", true}}},
            {"running", FieldType::text, "自己正在进行的核验的任务编号", "task of the caller's own one"},
            {"busy", FieldType::boolean, "是否正在核验", "whether one is under way", true}};
}

}  // namespace

std::vector<Endpoint> verify_endpoints(std::shared_ptr<const VerifyDesk> desk) {
    auto verification =
        std::make_shared<Verification>(desk ? std::move(desk) : std::make_shared<const VerifyDesk>());
    std::vector<Endpoint> list;
    list.push_back(Endpoint("verify.start", Method::post, "/api/v1/journal/verifications",
                            Permission::journal_verify, Audit::event,
                            "核验账本和数据表，得到可查询进度的任务",
                            "Verifies the platform; answers with a task", {}, tasks::started_fields(),
                            api::LongHandler([verification](const Call& call, const Input&) -> Result<Reply> {
                                return tasks::started(TRY(verification->start(call.principal.name)));
                            })));
    list.back().reply_status = 202;
    list.back().refusals = {Fault::verify_running, Fault::tasks_full};
    list.push_back(Endpoint(
        "verify.last", Method::get, "/api/v1/journal/verifications/last", Permission::journal_verify,
        Audit::metered, "最近一次核验的结果", "The verdict of the newest verification", {}, last_fields(),
        api::ReadHandler([verification](const Call& call, const Input&, store::ReadTx& tx) -> Result<Reply> {
            return Reply::json(TRY(verification->last(tx, call.principal)));
        })));
    list.back().refusals = {Fault::journal_damaged};
    return list;
}

}  // namespace mingxin::oversight
