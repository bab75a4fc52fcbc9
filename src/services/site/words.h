// How the site writes dates, amounts and records. Pure. Internal to this folder.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "record/record.h"
#include "rulebook/rulebook.h"
#include "site/templates.h"

namespace mingxin::site {

/// "2026年5月1日".
std::string date_zh(Date date);
/// <time datetime="2026-05-01">2026年5月1日</time>, for {{{...}}}.
std::string time_html(Date date);
/// The same with the time of day in Asia/Shanghai: 2026年5月1日 9时05分.
std::string time_html(Instant instant);
/// "58,214".
std::string grouped(std::int64_t number);
/// "10年8个月", "25天": how long it is.
std::string age_zh(Date from, Date to);
std::string_view base_zh(int base);
/// A digest's first sixteen digits in groups of four.
std::string short_digest(std::string_view hex);
/// At most count characters, with … when cut.
std::string shortened(std::string_view text, std::size_t count);

/// The value that a record shows for what a field is for; empty: none.
std::string value_of(const record::ShownRecord& shown, rulebook::Role role);
/// What the record is about in a few words: what its item says beyond the roles that all items have (the act
/// that was punished, the licence), else the document's name.
std::string heading(const record::ShownRecord& shown);
/// "罚款8,000元，一般失信": what was decided.
std::string result_zh(const record::ShownRecord& shown);
/// The first day on which an early end can be asked for; absent: rules name none.
std::optional<Date> repairable_from(const record::ShownRecord& shown, const rulebook::Rulebook& rulebook,
                                    Date today);
/// The last day of a permit's validity; absent: long-term or not told.
std::optional<Date> valid_until(const record::ShownRecord& shown);
/// Whether the act stands by its own state (a permit that is 有效).
bool in_force(const record::ShownRecord& shown);

/// What cards and pages of a record show. unit_zh: who handed it in.
void fill_record(Model& model, const record::ShownRecord& shown, const rulebook::Rulebook& rulebook,
                 Date today, const std::string& unit_zh);

}  // namespace mingxin::site
