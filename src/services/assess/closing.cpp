// Assessments that the office closes, and the appeals of units against them: events and their projection.
#include <algorithm>
#include <boost/json.hpp>

#include "assess/assess.h"
#include "base/json.h"
#include "base/text.h"
#include "record/keeper.h"
#include "rulebook/editions.h"

namespace mingxin::assess {
namespace {

namespace json = boost::json;
using store::ColumnType;

const store::Table kAssessments{"assessment",
                                {{"event", ColumnType::integer},
                                 {"scheme", ColumnType::text},
                                 {"period", ColumnType::text},
                                 {"version", ColumnType::integer},
                                 {"head", ColumnType::integer},
                                 {"digest", ColumnType::text},
                                 {"previous", ColumnType::integer},
                                 {"next", ColumnType::integer},
                                 {"closed_by", ColumnType::text},
                                 {"closed_us", ColumnType::integer}},
                                "event",
                                {{"assessment_period", "scheme, period, version", true}}};
const store::Table kAppeals{
    "assessment_appeal",
    {{"event", ColumnType::integer},
     {"assessment", ColumnType::integer},
     {"unit", ColumnType::text},
     {"indicator", ColumnType::text},
     {"state", ColumnType::integer},
     {"reason", ColumnType::text},
     {"filed_by", ColumnType::text},
     {"filed_us", ColumnType::integer},
     {"answer", ColumnType::text},
     {"decided_by", ColumnType::text},
     {"decided_us", ColumnType::integer},
     {"corrected", ColumnType::integer}},
    "event",
    {{"assessment_appeal_of", "assessment, unit, indicator"}, {"assessment_appeal_unit", "unit, event"}}};
const store::Table* const kTables[] = {&kAssessments, &kAppeals};

#define MINGXIN_ASSESSMENT_COLUMNS \
    "event, scheme, period, version, head, digest, previous, next, closed_by, closed_us"
const store::Sql kAll{"assess.all",
                      "SELECT " MINGXIN_ASSESSMENT_COLUMNS " FROM assessment ORDER BY event DESC"};
const store::Sql kOne{"assess.one", "SELECT " MINGXIN_ASSESSMENT_COLUMNS " FROM assessment WHERE event = $1"};
const store::Sql kOfPeriod{"assess.of_period",
                           "SELECT event FROM assessment WHERE scheme = $1 AND period = $2"};
const store::Sql kNext{"assess.next", "UPDATE assessment SET next = $2 WHERE event = $1"};
const store::Sql kAppeal{
    "assess.appeal",
    "SELECT event, assessment, unit, indicator, state, reason, filed_by, filed_us, answer, "
    "decided_by, decided_us, corrected FROM assessment_appeal WHERE event = $1"};
const store::Sql kOpenAppeal{"assess.open_appeal",
                             "SELECT event FROM assessment_appeal WHERE assessment = $1 AND unit = $2 AND "
                             "indicator = $3 AND state = 1"};
const store::Sql kDecide{"assess.decide",
                         "UPDATE assessment_appeal SET state = $2, answer = $3, decided_by = $4, "
                         "decided_us = $5, corrected = $6 WHERE event = $1"};
/// Appeals against the versions of one assessment that wait still go on against the newest.
const store::Sql kMoveAppeals{
    "assess.move_appeals",
    "UPDATE assessment_appeal SET assessment = $2 WHERE assessment = $1 AND state = 1"};

class Payload {
  public:
    static Result<Payload> read(const journal::Event& event) {
        json::error_code broken;
        json::value value = json::parse(event.payload, broken);
        if (broken || !value.is_object()) {
            return fail(Fault::journal_damaged, "事项 " + std::to_string(event.seq) + " 的内容无法读取");
        }
        return Payload(std::move(value));
    }
    std::string text(std::string_view key) const {
        const json::value* value = value_.as_object().if_contains(key);
        return value && value->is_string() ? std::string(value->as_string()) : std::string();
    }
    std::int64_t integer(std::string_view key) const {
        const json::value* value = value_.as_object().if_contains(key);
        return value && value->is_int64() ? value->as_int64() : 0;
    }

  private:
    explicit Payload(json::value value) : value_(std::move(value)) {}
    json::value value_;
};

class AssessmentProjection : public journal::Projection {
  public:
    std::string_view name() const override { return "assess"; }
    std::span<const store::Table* const> tables() const override { return kTables; }
    Result<void> begin_event(store::Tx& tx, const journal::Event& event) override {
        if (event.kind == kClosedKind) return closed(tx, event);
        if (event.kind == kAppealedKind) return appealed(tx, event);
        if (event.kind == kAppealDecidedKind) return decided(tx, event);
        return {};
    }
    Result<void> row(store::Tx&, const journal::Event&, const journal::Row&) override { return {}; }
    Result<void> end_event(store::Tx&, const journal::Event&) override { return {}; }

  private:
    static Result<void> closed(store::Tx& tx, const journal::Event& event) {
        const Payload payload = TRY(Payload::read(event));
        const std::int64_t previous = payload.integer("previous");
        if (previous != 0) {
            TRY(tx.execute(kNext, {previous, event.seq}));
            TRY(tx.execute(kMoveAppeals, {previous, event.seq}));
        }
        return tx.insert(kAssessments,
                         {event.seq, payload.text("scheme"), payload.text("period"),
                          payload.integer("version"), payload.integer("head"), payload.text("digest"),
                          previous, std::int64_t{0}, event.principal, event.time.us});
    }
    static Result<void> appealed(store::Tx& tx, const journal::Event& event) {
        const Payload payload = TRY(Payload::read(event));
        return tx.insert(kAppeals,
                         {event.seq, payload.integer("assessment"), payload.text("unit"),
                          payload.text("indicator"), std::int64_t{1}, payload.text("reason"), event.principal,
                          event.time.us, "", "", std::int64_t{0}, std::int64_t{0}});
    }
    static Result<void> decided(store::Tx& tx, const journal::Event& event) {
        const Payload payload = TRY(Payload::read(event));
        const std::int64_t corrected = payload.integer("corrected");
        TRY(tx.execute(kDecide, {payload.integer("appeal"), std::int64_t{corrected != 0 ? 2 : 3},
                                 payload.text("reason"), event.principal, event.time.us, corrected}));
        return {};
    }
};

Assessment read_assessment(const store::Cursor& row) {
    Assessment one;
    one.id = row.integer(0);
    one.scheme = row.text(1);
    one.period = row.text(2);
    one.version = row.integer(3);
    one.head = row.integer(4);
    one.digest = row.text(5);
    one.previous = row.integer(6);
    one.next = row.integer(7);
    one.closed_by = row.text(8);
    one.closed = Instant{row.integer(9)};
    return one;
}

Result<Assessment> append_closed(store::Tx& tx, const Document& document, std::int64_t version,
                                 std::int64_t previous, const Stamp& stamp) {
    JsonWriter out;
    out.begin_object().field("scheme", document.scheme).field("period", document.period.text());
    out.field("version", version).field("previous", previous).field("head", document.head);
    out.field("digest", document.digest()).key("document").raw(document.to_json()).end_object();
    const journal::EventDraft draft{std::string(kClosedKind), stamp.principal, out.take(),
                                    stamp.rulebook->digest()};
    const journal::Event event = TRY(journal::append(tx, draft, stamp.now));
    TRY(AssessmentProjection().begin_event(tx, event));
    return *TRY(find_assessment(tx, event.seq));
}

Result<void> check_reason(std::string_view reason) {
    constexpr std::int64_t kMost = 1000;
    const auto length = static_cast<std::int64_t>(character_count(trim(reason)));
    if (length < 5 || length > kMost) return fail(Fault::bad_argument, "理由应为5至1000个字");
    return {};
}

}  // namespace

std::span<const store::Table* const> tables() {
    return kTables;
}

std::unique_ptr<journal::Projection> projection() {
    return std::make_unique<AssessmentProjection>();
}

std::string_view appeal_state_zh(AppealState state) {
    switch (state) {
        case AppealState::open:
            return "等待处理";
        case AppealState::upheld:
            return "成立，已更正";
        case AppealState::dismissed:
            return "不成立";
    }
    return "";
}

Result<std::vector<Assessment>> assessments(store::ReadTx& tx) {
    std::vector<Assessment> all;
    auto rows = TRY(tx.scan(kAll));
    while (TRY(rows.next())) all.push_back(read_assessment(rows));
    return all;
}

Result<std::optional<Assessment>> find_assessment(store::ReadTx& tx, std::int64_t id) {
    auto rows = TRY(tx.query(kOne, {id}));
    if (!TRY(rows.next())) return std::optional<Assessment>();
    return std::optional<Assessment>(read_assessment(rows));
}

Result<Document> document_of(store::ReadTx& tx, const Assessment& assessment) {
    const auto event = TRY(journal::find_event(tx, assessment.id));
    if (!event) return fail(Fault::not_found, std::to_string(assessment.id));
    json::error_code broken;
    const json::value payload = json::parse(event->payload, broken);
    const json::value* document =
        !broken && payload.is_object() ? payload.as_object().if_contains("document") : nullptr;
    if (document == nullptr) {
        return fail(Fault::journal_damaged, "事项 " + std::to_string(assessment.id) + " 的内容无法读取");
    }
    return read_document(json::serialize(*document));
}

Result<std::optional<Appeal>> find_appeal(store::ReadTx& tx, std::int64_t id) {
    auto row = TRY(tx.query(kAppeal, {id}));
    if (!TRY(row.next())) return std::optional<Appeal>();
    Appeal one;
    one.id = row.integer(0);
    one.assessment = row.integer(1);
    one.unit = row.text(2);
    one.indicator = row.text(3);
    one.state = static_cast<AppealState>(row.integer(4));
    one.reason = row.text(5);
    one.filed_by = row.text(6);
    one.filed = Instant{row.integer(7)};
    one.answer = row.text(8);
    one.decided_by = row.text(9);
    if (row.integer(10) != 0) one.decided = Instant{row.integer(10)};
    one.corrected = row.integer(11);
    return std::optional<Appeal>(std::move(one));
}

Result<Assessment> close(store::Tx& tx, std::string_view scheme, std::string_view period_text,
                         const Stamp& stamp) {
    const Period period = TRY(parse_period(period_text));
    const bool quarter = period.to - period.from == 2 && period.from % 3 == 0;
    if (period.from != period.to && !quarter) return fail(Fault::bad_argument, "只能按月或按季度确定");
    if (stamp.now.date() <= period.last_day()) return fail(Fault::assessment_open_period, period.text());
    {
        auto rows = TRY(tx.query(kOfPeriod, {scheme, period.text()}));
        if (TRY(rows.next())) return fail(Fault::assessment_closed, period.text());
    }
    const std::int64_t head = TRY(record::newest_event(tx));
    const auto months = TRY(read_months(tx, stamp.tenant, period.to));
    const Document document = TRY(assess(*stamp.rulebook, scheme, period, months, head));
    return append_closed(tx, document, 1, 0, stamp);
}

Result<Appeal> file_appeal(store::Tx& tx, std::int64_t id, std::string_view unit, std::string_view indicator,
                           std::string_view reason, const Stamp& stamp) {
    const auto assessment = TRY(find_assessment(tx, id));
    if (!assessment) return fail(Fault::not_found, std::to_string(id));
    if (assessment->next != 0) return fail(Fault::assessment_superseded, std::to_string(assessment->next));
    TRY(check_reason(reason));
    const Document document = TRY(document_of(tx, *assessment));
    const auto own = std::find_if(document.units.begin(), document.units.end(),
                                  [&](const UnitResult& one) { return one.unit == unit; });
    if (own == document.units.end() || own->figure(indicator) == nullptr) {
        return fail(Fault::not_found, std::string(indicator));
    }
    const auto* scheme =
        rulebook::assessment_scheme(*stamp.rulebook, document.scheme, document.period.last_day());
    const int days = scheme ? scheme->appeal_working_days : 0;
    const calendar::Due due = stamp.rulebook->calendar().due(assessment->closed.date(), days);
    if (stamp.now.date() > due.date) return fail(Fault::appeal_late, due.date.to_string());
    {
        auto rows = TRY(tx.query(kOpenAppeal, {id, unit, indicator}));
        if (TRY(rows.next())) return fail(Fault::appeal_open);
    }
    JsonWriter out;
    out.begin_object().field("assessment", id).field("unit", unit).field("indicator", indicator);
    out.field("reason", trim(reason)).end_object();
    const journal::EventDraft draft{std::string(kAppealedKind), stamp.principal, out.take(),
                                    stamp.rulebook->digest()};
    const journal::Event event = TRY(journal::append(tx, draft, stamp.now));
    TRY(AssessmentProjection().begin_event(tx, event));
    return *TRY(find_appeal(tx, event.seq));
}

namespace {

/// The next version, with one more correction, computed with the rules and the head of the first.
Result<Assessment> append_corrected(store::Tx& tx, const Appeal& appeal, const Figure& figure,
                                    const Stamp& stamp) {
    const auto assessment = TRY(find_assessment(tx, appeal.assessment));
    if (!assessment) return fail(Fault::not_found, std::to_string(appeal.assessment));
    const Document old = TRY(document_of(tx, *assessment));
    std::shared_ptr<const rulebook::Rulebook> rulebook = stamp.rulebook;
    if (rulebook->digest() != old.rulebook) rulebook = TRY(rulebook::load_edition(tx, old.rulebook));
    const auto* indicator = rulebook::indicator(*rulebook, appeal.indicator, old.period.last_day());
    const bool days = indicator != nullptr && !indicator->denominator;
    if (figure.numerator < 0 || figure.denominator < 0 || (!days && figure.numerator > figure.denominator) ||
        (days && figure.denominator != 0)) {
        return fail(Fault::bad_argument, "更正后的分子、分母应为非负整数，分子不大于分母");
    }
    std::vector<Correction> corrections = old.corrections;
    corrections.push_back({appeal.id, appeal.unit, appeal.indicator, figure.numerator, figure.denominator});
    const auto months = TRY(read_months(tx, stamp.tenant, old.period.to));
    const Document document =
        TRY(assess(*rulebook, old.scheme, old.period, months, old.head, std::move(corrections)));
    return append_closed(tx, document, assessment->version + 1, assessment->id, stamp);
}

}  // namespace

Result<Appeal> decide_appeal(store::Tx& tx, std::int64_t id, std::optional<Figure> corrected,
                             std::string_view reason, const Stamp& stamp) {
    const auto appeal = TRY(find_appeal(tx, id));
    if (!appeal) return fail(Fault::not_found, std::to_string(id));
    if (appeal->state != AppealState::open) return fail(Fault::appeal_decided);
    if (appeal->filed_by == stamp.principal) return fail(Fault::appeal_own);
    // Who closed the first version; the later ones come of decisions like this one.
    auto assessment = TRY(find_assessment(tx, appeal->assessment));
    while (assessment && assessment->previous != 0) {
        assessment = TRY(find_assessment(tx, assessment->previous));
    }
    if (assessment && assessment->closed_by == stamp.principal) return fail(Fault::appeal_own);
    TRY(check_reason(reason));
    JsonWriter out;
    out.begin_object().field("appeal", id).field("upheld", corrected.has_value());
    out.field("reason", trim(reason));
    std::optional<Assessment> next;
    if (corrected) next = TRY(append_corrected(tx, *appeal, *corrected, stamp));
    if (next) out.field("corrected", next->id);
    out.end_object();
    const journal::EventDraft draft{std::string(kAppealDecidedKind), stamp.principal, out.take(),
                                    stamp.rulebook->digest()};
    const journal::Event event = TRY(journal::append(tx, draft, stamp.now));
    TRY(AssessmentProjection().begin_event(tx, event));
    return *TRY(find_appeal(tx, id));
}

}  // namespace mingxin::assess
