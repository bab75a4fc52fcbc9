// What is looked for in a text before it is submitted, passed and released: words of the rulebook, personal
// data, and what the subject's own records say. Thread-safe.
#pragma once
#include <string>
#include <vector>

#include "content/content.h"

namespace mingxin::content {

struct Finding {
    std::string rule;     // "W03", "P01"; "S01": the subject has public penalties
    bool reject = false;  // else a reviewer must answer it
    std::string
        place;     // "title", "summary", "body", "source", "unit", "facts", "change_note", "subject_code"
    int line = 0;  // of the body, from 1
    std::string excerpt;  // the words around; personal data masked
    std::string reason, remedy, basis;
};

/// Of each rule and word at most so many are told.
inline constexpr int kFindingsPerWord = 5;

/// Words and personal data, in the order of the text. Pure.
std::vector<Finding> check_words(const rulebook::Rulebook& rules, const Text& text, Date today);
/// The same, and what the public records of the subject say (honest models and agencies are told beside
/// their own record).
Result<std::vector<Finding>> check_text(store::ReadTx& tx, const Desk& desk, const Text& text, Date today);

/// A public article whose subject got penalties or entries in lists since it was released: whoever is
/// praised is looked at again.
struct Recheck {
    std::int64_t article = 0;
    std::string column, title, subject_code;
    Instant from;            // public
    std::int64_t fresh = 0;  // public now and not known at the release
};
/// Of the 500 newest public articles about a subject. A release anew, or a withdrawal, settles one.
Result<std::vector<Recheck>> rechecks(store::ReadTx& tx, const Desk& desk, Instant now);

/// Fault::content_rejected with the first rejection.
Result<void> refuse_rejected(const std::vector<Finding>& findings);
/// Also Fault::warning_unanswered when there are warnings and no note.
Result<void> refuse_unanswered(const std::vector<Finding>& findings, std::string_view note);

}  // namespace mingxin::content
