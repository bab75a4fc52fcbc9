#include "collect/judgement.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "collect/match.h"
#include "journal/journal.h"
#include "quality/quality.h"
#include "subject/identify.h"
#include "subject/personal_text.h"

namespace mingxin::collect {

using record::Entry;
using record::WaitingRow;
using rulebook::Role;

namespace {

constexpr std::size_t kShortestReason = 2, kLongestReason = 200;

tl::unexpected<Error> impossible(const WaitingRow& waiting, std::string_view why_zh) {
    return fail(Fault::judgement_impossible, "批次" + std::to_string(waiting.row.batch) + "第" +
                                                 std::to_string(waiting.row.line) + "行：" +
                                                 std::string(why_zh));
}

Result<void> check_reason(const Judging& judging) {
    const std::size_t length = character_count(trim(judging.reason));
    if (length < kShortestReason || length > kLongestReason)
        return fail(Fault::judgement_impossible, "请写明理由，2至200个字");
    if (!subject::find_personal(judging.reason, judging.rulebook, judging.now.date(), 1).empty())
        return fail(Fault::judgement_impossible, "理由中有个人的号码、住址等信息，请删去");
    return {};
}

/// A row that waits, in the reach of who decides.
Result<WaitingRow> waiting_row(store::Tx& tx, const Judging& judging, std::int64_t position) {
    auto waiting = TRY(record::find_waiting(tx, judging.rulebook, judging.tenant, position));
    if (!waiting || !judging.who.scope().covers(waiting->row.unit_code))
        return fail(Fault::judgement_unknown, std::to_string(position));
    return std::move(*waiting);
}

/// Which of the row's doubts a person's word does not settle.
Result<void> check_settles(const WaitingRow& waiting, Date today) {
    const rulebook::Item& item = *waiting.row.item;
    if (!item.in_force(today)) return impossible(waiting, item.title_zh + "已不在目录中，只能退回");
    if (item.defines_subject) {
        return impossible(waiting,
                          "登记信息决定主体的名称，不能由人工关联；请退回，由登记机关注明曾用名后重新报送");
    }
    for (const record::Finding& finding : waiting.entry.findings) {
        const auto* check = item.check(finding.fault, waiting.row.received.date(), finding.field);
        if (check && check->algorithm == rulebook::Algorithm::choice)
            return impossible(waiting, "有旧版合并取值，须由报送单位按决定书原文选定；请退回");
    }
    return {};
}

rulebook::SubjectKind kind_of(const subject::Subject& subject) {
    return subject.base == static_cast<int>(subject::Base::individual_business)
               ? rulebook::SubjectKind::individual_business
               : rulebook::SubjectKind::organisation;
}

/// To whom the row is attached. A code that it states itself and that is another's gives way; the row as it
/// came stays in the journal.
Result<void> attach(store::Tx& tx, const Judging& judging, const WaitingRow& waiting, std::string_view code,
                    Entry& entry) {
    TRY(check_settles(waiting, judging.now.date()));
    const auto found = TRY(subject::find_by_code(tx, judging.tenant, code));
    if (!found) return impossible(waiting, "平台中没有代码为" + std::string(code) + "的主体");
    if (!entry.item->is_about(kind_of(*found))) {
        return impossible(waiting, std::string(rulebook::subject_kind_zh(kind_of(*found))) + "不是" +
                                       entry.item->title_zh + "涉及的主体");
    }
    entry.subject = found->code;
    const int stated = entry.item->field_with(Role::uscc);
    if (stated >= 0 && !entry.values[stated].empty()) entry.values[stated] = found->code;
    return {};
}

/// When the content of a record came: that of a judged row when it came first, not when it was judged.
Result<std::int64_t> arrival(store::Tx& tx, const Judging& judging, std::int64_t position) {
    const std::string payload = TRY(journal::row_payload(tx, position));
    const Entry entry = TRY(record::decode(record::Outcome::accepted, payload, judging.rulebook));
    return entry.judges != 0 ? entry.judges : position;
}

struct Case {
    WaitingRow waiting;
    std::string subject;  // empty: returned
};

/// The cases of one unit and item, as one batch.
class JudgementBatch {
  public:
    JudgementBatch(store::Tx& tx, const Judging& judging) : tx_(tx), judging_(judging) {}

    Result<record::Batch> run(const std::vector<Case>& cases, Instant now) {
        const WaitingRow& first = cases.front().waiting;
        auto matcher = TRY(Matcher::create(tx_, judging_.tenant, *first.row.item, now.date()));
        auto rows = TRY(journal::BatchWriter::begin(tx_, 0));
        auto writer = TRY(record::Writer::begin(tx_, judging_.tenant, 0));
        first_position_ = rows.next_position();
        record::Batch batch;
        batch.id = rows.seq();
        batch.item = first.row.item->id;
        batch.unit_code = first.row.unit_code;
        batch.file_name = "存疑核实";
        batch.format = record::kJudgementFormat;
        batch.submitted_by = judging_.who.name;
        batch.reason = trim(judging_.reason);
        batch.received = now;
        std::string payload;
        for (const Case& one : cases) {
            Entry entry = one.waiting.entry;
            TRY(settle(matcher, one, entry));
            const std::int64_t position = rows.next_position();
            record::encode(entry, payload);
            TRY(rows.add(static_cast<std::uint8_t>(entry.outcome), payload));
            TRY(writer.apply(entry, position, batch.id, ++batch.rows, now));
            matcher.remember(entry, position);
            count(batch, entry.outcome);
        }
        const std::string unit = judging_.who.unit_code;
        TRY(rows.finish({std::string(record::kBatchKind), unit.empty() ? judging_.who.name : "unit:" + unit,
                         record::encode_batch(batch), judging_.rulebook.digest()},
                        now));
        TRY(writer.finish(batch, first.row.item->number));
        return batch;
    }

  private:
    Result<void> settle(Matcher& matcher, const Case& one, Entry& entry) {
        entry.judges = one.waiting.row.position;
        entry.findings.clear();
        if (one.subject.empty()) {
            entry.outcome = record::Outcome::rejected;
            entry.candidate.clear();
            return {};
        }
        TRY(attach(tx_, judging_, one.waiting, one.subject, entry));
        TRY(matcher.settle(entry));
        // What the unit handed in later about the same act stands.
        if (entry.outcome == record::Outcome::updated && entry.replaces < first_position_ &&
            TRY(arrival(tx_, judging_, entry.replaces)) > entry.judges) {
            entry.outcome = record::Outcome::duplicate;
        }
        return {};
    }

    static void count(record::Batch& batch, record::Outcome outcome) {
        if (outcome == record::Outcome::accepted) ++batch.accepted;
        if (outcome == record::Outcome::updated) ++batch.updated;
        if (outcome == record::Outcome::duplicate) ++batch.duplicate;
        if (outcome == record::Outcome::rejected) ++batch.rejected;
    }

    store::Tx& tx_;
    const Judging& judging_;
    std::int64_t first_position_ = 0;
};

/// Each row once, in the order in which they came.
Result<void> put_in_order(std::vector<Verdict>& verdicts) {
    if (verdicts.empty() || verdicts.size() > kMostJudged)
        return fail(Fault::judgement_impossible, "一次可核实1至200行");
    std::sort(verdicts.begin(), verdicts.end(),
              [](const Verdict& a, const Verdict& b) { return a.position < b.position; });
    const auto twice =
        std::adjacent_find(verdicts.begin(), verdicts.end(),
                           [](const Verdict& a, const Verdict& b) { return a.position == b.position; });
    if (twice != verdicts.end()) return fail(Fault::judgement_impossible, "同一行列了两次");
    return {};
}

/// The journal's clock never goes back; the tables follow it.
Result<Instant> journal_time(store::ReadTx& tx, Instant now) {
    const auto last = TRY(journal::events(tx, INT64_MAX, 1));
    return last.empty() ? now : std::max(now, last.front().time);
}

}  // namespace

Result<Judged> judge(store::Tx& tx, const Judging& judging, std::vector<Verdict> verdicts) {
    TRY(check_reason(judging));
    TRY(put_in_order(verdicts));
    std::map<std::pair<std::string, std::int64_t>, std::vector<Case>> groups;
    for (Verdict& verdict : verdicts) {
        WaitingRow waiting = TRY(waiting_row(tx, judging, verdict.position));
        if (waiting.judged_by != 0) {
            return fail(Fault::judgement_made, "批次" + std::to_string(waiting.row.batch) + "第" +
                                                   std::to_string(waiting.row.line) + "行");
        }
        auto& group = groups[{waiting.row.unit_code, waiting.row.item->number}];
        group.push_back({std::move(waiting), std::move(verdict.subject)});
    }
    Judged judged;
    for (const auto& [key, cases] : groups) {
        const Instant now = TRY(journal_time(tx, judging.now));
        const record::Batch batch = TRY(JudgementBatch(tx, judging).run(cases, now));
        judged.batches.push_back(batch.id);
        judged.attached += batch.accepted + batch.updated;
        judged.known += batch.duplicate;
        judged.returned += batch.rejected;
    }
    return judged;
}

Result<std::int64_t> reverse_judgements(store::Tx& tx, const Judging& judging,
                                        const std::vector<std::int64_t>& positions) {
    TRY(check_reason(judging));
    std::vector<Verdict> rows;
    for (const std::int64_t position : positions) rows.push_back({position, {}});
    TRY(put_in_order(rows));
    std::vector<WaitingRow> judged;
    for (const Verdict& row : rows) judged.push_back(TRY(waiting_row(tx, judging, row.position)));
    // The newest first: of two judgements on the same act the later one replaced the record of the earlier.
    std::sort(judged.begin(), judged.end(),
              [](const WaitingRow& a, const WaitingRow& b) { return a.judged_by > b.judged_by; });
    for (const WaitingRow& one : judged) {
        const record::Reversal reversal = TRY(record::plan_reversal(tx, judging.rulebook, one));
        const journal::Event event = TRY(journal::append(
            tx,
            {std::string(record::kReversedKind), judging.who.name,
             record::encode_reversal(reversal, trim(judging.reason)), judging.rulebook.digest()},
            judging.now));
        TRY(record::apply_reversal(tx, event));
    }
    return static_cast<std::int64_t>(judged.size());
}

}  // namespace mingxin::collect
