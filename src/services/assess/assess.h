// The quality of what units hand in (rules 11): figures by unit, item and month, a score that anybody can
// compute again from the journal, assessments that the office closes, and the units' appeals against them.
//
// Figures are integers: numerator, denominator, and a rate in hundredths of a percent, rounded half up. A
// score is a document in canonical JSON (docs/formats/assessment.md) with the head of the journal and the
// digest of the rulebook that it was computed with; its SM3 digest is the same on any machine. Closed
// assessments are never changed: an appeal that is upheld gives a further version. Functions are thread-safe.
#pragma once
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/api.h"
#include "base/result.h"
#include "base/time.h"
#include "journal/journal.h"
#include "listing/listing.h"
#include "rulebook/indicators.h"
#include "rulebook/rulebook.h"
#include "store/store.h"
#include "tasks/tasks.h"

namespace mingxin::assess {

// --- the words

/// Months (year * 12 + month - 1), both included.
struct Period {
    std::int64_t from = 0, to = 0;
    Date last_day() const;
    std::string text() const;  // "2026-11", "2026-Q4", "2026-01~2026-03"
    auto operator<=>(const Period&) const = default;
};
/// A month, a quarter or "from~to" of at most 36 months. Fault::bad_argument.
Result<Period> parse_period(std::string_view text);

/// What was counted of a unit, or of one of its items.
struct Counts {
    std::array<std::int64_t, static_cast<std::size_t>(rulebook::Measure::count_)> values{};
    std::int64_t& operator[](rulebook::Measure measure) { return values[static_cast<std::size_t>(measure)]; }
    std::int64_t operator[](rulebook::Measure measure) const {
        return values[static_cast<std::size_t>(measure)];
    }
    /// Days since the last submission: the smaller one.
    void add(const Counts& other);
};

/// A row of the table tally: what came of a unit under an item in a month.
struct MonthCounts {
    std::string unit;
    std::int64_t item = 0, month = 0;
    std::int64_t rows = 0, accepted = 0, updated = 0, duplicate = 0, doubtful = 0, rejected = 0;
    std::int64_t timed = 0, on_time = 0, late = 0, late_days = 0, provisional = 0;
    std::int64_t cells = 0, filled = 0, exact = 0, bad_code = 0;
    Instant last;  // with content; 0: none
};

struct Figure {
    std::string indicator;
    std::int64_t numerator = 0, denominator = 0;
    /// Hundredths of a percent, rounded half up; absent: nothing to be measured.
    std::optional<std::int64_t> rate() const;
};

/// What an upheld appeal put in place of a figure.
struct Correction {
    std::int64_t appeal = 0;  // number of its event
    std::string unit, indicator;
    std::int64_t numerator = 0, denominator = 0;
};

struct UnitResult {
    std::string unit;  // empty: the county
    std::vector<Figure> figures;
    std::optional<std::int64_t> score;  // hundredths of a point; absent: nothing to be measured
    std::string grade;                  // id
    const Figure* figure(std::string_view indicator) const;
};

/// A score document.
struct Document {
    std::string scheme;
    Period period;
    std::int64_t head = 0;  // events of the journal that it was computed from
    std::string rulebook;   // digest
    std::vector<Correction> corrections;
    UnitResult county;
    std::vector<UnitResult> units;  // by code
    std::string to_json() const;    // canonical
    std::string digest() const;     // SM3 of to_json(), hex
};
Result<Document> read_document(std::string_view json);

// --- the decisions; pure

/// The counts of a period by unit and item number, of the items that the scheme covers. months: all up to its
/// end, in any order.
using CountsByItem = std::map<std::pair<std::string, std::int64_t>, Counts>;
CountsByItem count(const rulebook::Rulebook& rulebook, const rulebook::AssessmentScheme& scheme,
                   const Period& period, std::span<const MonthCounts> months);
Figure figure_of(const rulebook::Indicator& indicator, const Counts& counts);
/// The indicators in force on the last day of a period.
std::vector<const rulebook::Indicator*> indicators_of(const rulebook::Rulebook& rulebook,
                                                      const Period& period);
/// The document over these counts. Fault::not_found for a scheme that is not in force then.
Result<Document> assess(const rulebook::Rulebook& rulebook, std::string_view scheme, const Period& period,
                        std::span<const MonthCounts> months, std::int64_t head,
                        std::vector<Correction> corrections = {});

// --- what is read

/// Of all units, the months up to last.
Result<std::vector<MonthCounts>> read_months(store::ReadTx& tx, std::int64_t tenant, std::int64_t last);
struct FaultCount {
    std::string unit, fault;
    std::int64_t count = 0;
};
/// Most first by unit. item 0: of all.
Result<std::vector<FaultCount>> read_faults(store::ReadTx& tx, std::int64_t tenant, const Period& period,
                                            std::string_view unit, std::int64_t item);

/// The figures as the events of the journal up to head give them, without any table, in scratch. recount:
/// from the rows themselves, each batch under the rulebook that it names; batches whose rows do not give what
/// their event says are named.
struct Replayed {
    std::vector<MonthCounts> months;
    std::int64_t batches = 0;
    std::vector<std::int64_t> differing;
};
Result<Replayed> replay(store::ReadTx& tx, const rulebook::Rulebook& rulebook, std::int64_t head,
                        std::int64_t last_month, bool recount);

// --- assessments and appeals

inline constexpr std::string_view kClosedKind = "assessment.closed";
inline constexpr std::string_view kAppealedKind = "assessment.appealed";
inline constexpr std::string_view kAppealDecidedKind = "assessment.appeal_decided";

/// assessment, assessment_appeal.
std::span<const store::Table* const> tables();
std::unique_ptr<journal::Projection> projection();

struct Assessment {
    std::int64_t id = 0;  // number of its event
    std::string scheme, period, digest, closed_by;
    std::int64_t version = 1, head = 0;
    std::int64_t previous = 0, next = 0;  // versions; 0: none
    Instant closed;
};
Result<std::vector<Assessment>> assessments(store::ReadTx& tx);
Result<std::optional<Assessment>> find_assessment(store::ReadTx& tx, std::int64_t id);
/// Fault::not_found.
Result<Document> document_of(store::ReadTx& tx, const Assessment& assessment);

enum class AppealState { open = 1, upheld = 2, dismissed = 3 };
std::string_view appeal_state_zh(AppealState state);
struct Appeal {
    std::int64_t id = 0, assessment = 0;
    std::string unit, indicator, reason, filed_by, answer, decided_by;
    AppealState state = AppealState::open;
    Instant filed;
    std::optional<Instant> decided;
    std::int64_t corrected = 0;  // the version that it led to; 0: none
};
Result<std::optional<Appeal>> find_appeal(store::ReadTx& tx, std::int64_t id);

/// Who does it, when, under which rules.
struct Stamp {
    std::string principal;
    Instant now;
    std::shared_ptr<const rulebook::Rulebook> rulebook;
    std::int64_t tenant = 0;
};
/// Closes a month or a quarter that is over. Fault::assessment_open_period, assessment_closed.
Result<Assessment> close(store::Tx& tx, std::string_view scheme, std::string_view period, const Stamp& stamp);
/// By a unit against one of its figures. Fault::assessment_superseded, appeal_late, appeal_open, not_found.
Result<Appeal> file_appeal(store::Tx& tx, std::int64_t assessment, std::string_view unit,
                           std::string_view indicator, std::string_view reason, const Stamp& stamp);
/// corrected: what takes the place of the figure when it is upheld; absent: it is dismissed.
/// Fault::appeal_decided, appeal_own, bad_argument.
Result<Appeal> decide_appeal(store::Tx& tx, std::int64_t appeal, std::optional<Figure> corrected,
                             std::string_view reason, const Stamp& stamp);

// --- reports

/// The report of a document: for each part a sheet, or pages.
struct ReportPart {
    std::string title_zh;
    Document document;   // maybe of some units only
    std::string digest;  // of the whole
};
struct ReportText {
    std::string site_name, issuer;
    std::string state_zh;  // "已确定（第2版）", "未确定"
    Instant now;
    std::map<std::string, std::string> unit_names;
};
Result<void> write_workbook(const std::filesystem::path& file, const rulebook::Rulebook& rulebook,
                            std::span<const ReportPart> parts, const ReportText& text);
/// The same as PDF.
Result<std::string> render_pdf(const rulebook::Rulebook& rulebook, std::span<const ReportPart> parts,
                               const ReportText& text);

/// What the endpoints run with; valid as long as they may run.
struct Desk {
    std::shared_ptr<const rulebook::Rulebook> rulebook;
    std::int64_t tenant = 0;
    store::Database* database = nullptr;  // of reports
    tasks::Tasks* tasks = nullptr;
    api::RunWrite write;
    std::function<Instant()> now;
    std::string site_name, issuer;
};
std::vector<api::Endpoint> endpoints(std::shared_ptr<const Desk> desk);
/// The rows behind a figure; the appeals.
std::vector<listing::Listing> lists(std::shared_ptr<const rulebook::Rulebook> rulebook, std::int64_t tenant);

}  // namespace mingxin::assess
