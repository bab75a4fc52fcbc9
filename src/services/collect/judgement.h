// What a person decides of rows that wait: to whom each belongs, or that it goes back to its unit. One call
// is decided as a whole: when one of its rows cannot be judged so, none is. Rows of one unit and item become
// one batch without a file (record/judgement.h), dated, with the reason and the name of who decided; it can
// be taken back. Functions are thread-safe; they change nothing unless the transaction commits.
#pragma once
#include <string>
#include <vector>

#include "api/api.h"
#include "base/result.h"
#include "base/time.h"
#include "record/judgement.h"
#include "rulebook/rulebook.h"
#include "store/store.h"

namespace mingxin::collect {

struct Verdict {
    std::int64_t position = 0;  // of the row that waits
    std::string subject;        // unified social credit code; empty: the row goes back to its unit
};

struct Judging {
    const rulebook::Rulebook& rulebook;
    std::int64_t tenant = 0;
    const api::Principal& who;
    Instant now;
    std::string reason;  // 2 to 200 characters, without personal data
};

struct Judged {
    std::vector<std::int64_t> batches;
    /// attached: as a new record or in the place of an older one; known: the platform held it already, or
    /// holds something newer about the same act.
    std::int64_t attached = 0, known = 0, returned = 0;
};

/// From JSON: [{"position":17,"subject":"9141..."}]. Fault::bad_argument.
Result<std::vector<Verdict>> decode_verdicts(std::string_view rows);

constexpr std::size_t kMostJudged = 200;

/// Fault::judgement_unknown, judgement_made, judgement_impossible (with the row and why).
Result<Judged> judge(store::Tx& tx, const Judging& judging, std::vector<Verdict> verdicts);
/// Takes the judgements on these rows back: they wait again, their records end. How many. Fault::
/// judgement_unknown, judgement_superseded, judgement_impossible (the reason).
Result<std::int64_t> reverse_judgements(store::Tx& tx, const Judging& judging,
                                        const std::vector<std::int64_t>& positions);

}  // namespace mingxin::collect
