// How the site writes dates, amounts and records. Pure. Internal to this folder.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "record/record.h"
#include "rulebook/rulebook.h"
#include "site/messages.h"
#include "site/templates.h"

namespace mingxin::site {

/// Chinese content for {{{...}}}: escaped, and marked on pages of another language.
std::string zh_html(const Messages& words, std::string_view text);
/// "2026年5月1日", "1 May 2026".
std::string date_text(const Messages& words, Date date);
/// "2026年5月", "May 2026".
std::string month_text(const Messages& words, int year, int month);
/// <time datetime="2026-05-01">2026年5月1日</time>, for {{{...}}}.
std::string time_html(const Messages& words, Date date);
/// The same with the time of day in Asia/Shanghai: 2026年5月1日 9时05分.
std::string time_html(const Messages& words, Instant instant);
/// "58,214".
std::string grouped(std::int64_t number);
/// "10年8个月", "25天": how long it is.
std::string age_text(const Messages& words, Date from, Date to);
std::string_view base_text(const Messages& words, int base);
/// An item's title in the language of the page; Chinese when there is no other.
std::string item_title(const Messages& words, const rulebook::Item& item);
/// "一般失信"; empty for records without a grade.
std::string_view grade_text(const Messages& words, int severity);
std::string_view outcome_text(const Messages& words, record::Outcome outcome);
/// Title and remedy of a fault in the language of the page; Chinese when there are no others.
struct FaultWords {
    std::string_view title, remedy;
};
FaultWords fault_words(const Messages& words, Fault fault);
/// A digest's first sixteen digits in groups of four.
std::string short_digest(std::string_view hex);
/// At most count characters, with … when cut.
std::string shortened(std::string_view text, std::size_t count);

/// The value that a record shows for what a field is for; empty: none.
std::string value_of(const record::ShownRecord& shown, rulebook::Role role);
/// What the record is about in a few words: what its item says beyond the roles that all items have (the act
/// that was punished, the licence), else the document's name.
std::string heading(const record::ShownRecord& shown);
/// "罚款8,000元", "警告": what was decided, piece by piece.
std::vector<std::string> decisions_of(const record::ShownRecord& shown);
/// "罚款8,000元，一般失信": what was decided and its grade, for {{{...}}}.
std::string result_html(const Messages& words, const record::ShownRecord& shown);
/// The first day on which an early end can be asked for; absent: rules name none.
std::optional<Date> repairable_from(const record::ShownRecord& shown, const rulebook::Rulebook& rulebook,
                                    Date today);
/// The last day of a permit's validity; absent: long-term or not told.
std::optional<Date> valid_until(const record::ShownRecord& shown);
/// Whether the act stands by its own state (a permit that is in force).
bool in_force(const record::ShownRecord& shown);

/// What cards and pages of a record show. unit_zh: who handed it in.
void fill_record(const Messages& words, Model& model, const record::ShownRecord& shown,
                 const rulebook::Rulebook& rulebook, Date today, const std::string& unit_zh);

}  // namespace mingxin::site
