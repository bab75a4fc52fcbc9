// Computing a score again from the journal alone.
#include "assess/assess.h"
#include "base/json.h"
#include "cli/commands.h"
#include "record/keeper.h"
#include "rulebook/editions.h"

namespace mingxin::cli {
namespace {

/// What is to be computed: named by a closed assessment, or directly.
struct Task {
    std::string scheme, period, rulebook, digest;  // digest: to be met; empty: none
    std::int64_t head = 0;
    std::vector<assess::Correction> corrections;
};

Result<Task> task_of(store::ReadTx& tx, const AssessOptions& options) {
    Task task{options.scheme, options.period, {}, {}, options.head, {}};
    if (options.assessment == 0) return task;
    const auto closed = TRY(assess::find_assessment(tx, options.assessment));
    if (!closed) return fail(Fault::not_found, std::to_string(options.assessment));
    const assess::Document document = TRY(assess::document_of(tx, *closed));
    return Task{document.scheme, document.period.text(), document.rulebook,
                closed->digest,  document.head,          document.corrections};
}

void print_result(const Common& common, const assess::Document& document, const assess::Replayed& replayed,
                  const Task& task, bool recounted) {
    const std::string digest = document.digest();
    if (common.json) {
        JsonWriter json;
        json.begin_object().field("digest", digest).field("head", document.head);
        json.field("batches", replayed.batches).field("recounted", recounted);
        json.key("differing").begin_array();
        for (std::int64_t event : replayed.differing) json.integer(event);
        json.end_array();
        if (!task.digest.empty()) json.field("same", digest == task.digest);
        json.key("document").raw(document.to_json()).end_object();
        return print_line(json.str());
    }
    for (const assess::UnitResult& unit : document.units) {
        const std::int64_t score = unit.score.value_or(0);
        print_line(unit.unit + "\t" +
                   (unit.score ? std::to_string(score / 100) + "." + std::to_string(score / 10 % 10) +
                                     std::to_string(score % 10)
                               : "无可计算") +
                   "\t" + unit.grade);
    }
    print_line("摘要 " + digest + "，账本前 " + std::to_string(document.head) + " 个事项，" +
               std::to_string(replayed.batches) + " 个批次" + (recounted ? "，逐行重算" : ""));
    for (std::int64_t event : replayed.differing) {
        print_line("批次 " + std::to_string(event) + " 的各行与它的汇总不符");
    }
    if (!task.digest.empty())
        print_line(digest == task.digest ? "与已确定的结果一致。" : "与已确定的结果不一致！");
}

}  // namespace

Result<int> assess_again(const Common& common, const AssessOptions& options) {
    auto platform = TRY(common.open());
    auto tx = TRY(platform->database().read());
    Task task = TRY(task_of(tx, options));
    if (task.scheme.empty() || task.period.empty()) {
        return fail(Fault::bad_argument, "请给出 --assessment，或 --scheme 和 --period");
    }
    if (task.head == 0) task.head = TRY(record::newest_event(tx));
    std::shared_ptr<const rulebook::Rulebook> rulebook = platform->rules();
    if (!task.rulebook.empty() && task.rulebook != rulebook->digest()) {
        rulebook = TRY(rulebook::load_edition(tx, task.rulebook));
    }
    const assess::Period period = TRY(assess::parse_period(task.period));
    const assess::Replayed replayed = TRY(assess::replay(tx, *rulebook, task.head, period.to, options.rows));
    const assess::Document document =
        TRY(assess::assess(*rulebook, task.scheme, period, replayed.months, task.head, task.corrections));
    print_result(common, document, replayed, task, options.rows);
    const bool same = task.digest.empty() || document.digest() == task.digest;
    return same && replayed.differing.empty() ? 0 : 1;
}

}  // namespace mingxin::cli
