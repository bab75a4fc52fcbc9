// The decisions: counts -> figures -> scores, and the canonical document.
#include "assess/assess.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "base/json.h"
#include "crypto/crypto.h"
#include "record/tally.h"

namespace mingxin::assess {

using rulebook::AssessmentScheme;
using rulebook::Indicator;
using rulebook::Measure;

namespace {

constexpr std::int64_t kMostMonths = 36;
constexpr std::int64_t kWhole = 10'000;  // hundredths of a percent

std::int64_t divide_half_up(std::int64_t numerator, std::int64_t denominator) {
    return (2 * numerator + denominator) / (2 * denominator);
}

/// Days within which an item of a cycle is to come again; 0: it comes when something changes.
int cycle_days(rulebook::UpdateCycle cycle) {
    switch (cycle) {
        case rulebook::UpdateCycle::on_change:
        case rulebook::UpdateCycle::daily:  // day by day as acts happen: a day without acts is no omission
            return 0;
        case rulebook::UpdateCycle::weekly:
            return 7;
        case rulebook::UpdateCycle::monthly:
            return 31;
        case rulebook::UpdateCycle::quarterly:
            return 92;
        case rulebook::UpdateCycle::half_yearly:
            return 184;
        case rulebook::UpdateCycle::yearly:
            return 366;
    }
    return 0;
}

}  // namespace

Date Period::last_day() const {
    return record::first_day_of(to + 1).plus_days(-1);
}

std::string Period::text() const {
    if (from == to) return record::month_text(from);
    if (to - from == 2 && from % 3 == 0) {
        return std::to_string(from / 12) + "-Q" + std::to_string(from % 12 / 3 + 1);
    }
    return record::month_text(from) + "~" + record::month_text(to);
}

Result<Period> parse_period(std::string_view text) {
    const std::size_t tilde = text.find('~');
    const auto from = record::parse_month(text.substr(0, tilde));
    if (from && tilde == text.npos) return Period{*from, *from};
    if (from) {
        const auto to = record::parse_month(text.substr(tilde + 1));
        if (to && *from <= *to && *to - *from < kMostMonths) return Period{*from, *to};
    }
    if (text.size() == 7 && text.substr(4, 2) == "-Q" && text[6] >= '1' && text[6] <= '4') {
        const auto first = record::parse_month(std::string(text.substr(0, 4)) + "-01");
        if (first) return Period{*first + 3 * (text[6] - '1'), *first + 3 * (text[6] - '1') + 2};
    }
    return fail(Fault::bad_argument,
                "期间应为月份（2026-11）、季度（2026-Q4）或不超过36个月的起止月份（2026-01~2026-11）");
}

void Counts::add(const Counts& other) {
    const std::int64_t own = (*this)[Measure::days_since], its = other[Measure::days_since];
    const bool known = (*this)[Measure::items_known] > 0, its_known = other[Measure::items_known] > 0;
    for (std::size_t i = 0; i < values.size(); ++i) values[i] += other.values[i];
    (*this)[Measure::days_since] = !known ? its : !its_known ? own : std::min(own, its);
}

std::optional<std::int64_t> Figure::rate() const {
    if (denominator <= 0) return std::nullopt;
    return divide_half_up(numerator * kWhole, denominator);
}

const Figure* UnitResult::figure(std::string_view indicator) const {
    for (const Figure& one : figures) {
        if (one.indicator == indicator) return &one;
    }
    return nullptr;
}

namespace {

void add_rows(Counts& counts, const MonthCounts& month) {
    counts[Measure::rows] += month.rows;
    counts[Measure::distinct] += month.rows - month.duplicate;
    counts[Measure::stored] += month.accepted + month.updated;
    counts[Measure::passed] += month.rows - month.rejected;
    counts[Measure::duplicate] += month.duplicate;
    counts[Measure::linkable] += month.accepted + month.updated + month.doubtful;
    counts[Measure::timed] += month.timed;
    counts[Measure::on_time] += month.on_time;
    counts[Measure::late] += month.late;
    counts[Measure::cells] += month.cells;
    counts[Measure::filled] += month.filled;
    counts[Measure::exact] += month.exact;
    counts[Measure::bad_code] += month.bad_code;
}

}  // namespace

CountsByItem count(const rulebook::Rulebook& rulebook, const AssessmentScheme& scheme, const Period& period,
                   std::span<const MonthCounts> months) {
    CountsByItem all;
    std::map<std::pair<std::string, std::int64_t>, Instant> last;
    for (const MonthCounts& month : months) {
        const rulebook::Item* item = rulebook.item(month.item);
        if (month.month > period.to || item == nullptr || !scheme.covers(*item)) continue;
        const std::pair key(month.unit, month.item);
        Counts& counts = all[key];
        last[key] = std::max(last[key], month.last);
        counts[Measure::items_known] = 1;
        if (month.month < period.from) continue;
        add_rows(counts, month);
        if (month.rows > 0) counts[Measure::items_reported] = 1;
    }
    for (auto& [key, counts] : all) {
        const int cycle = cycle_days(rulebook.item(key.second)->update_cycle);
        const Instant at = last[key];
        const int days = at.us == 0 ? 9999 : period.last_day().days - at.date().days;
        counts[Measure::days_since] = std::max(0, days);
        if (cycle == 0) continue;
        counts[Measure::items_cycled] = 1;
        counts[Measure::items_fresh] = days <= cycle;
    }
    return all;
}

Figure figure_of(const Indicator& indicator, const Counts& counts) {
    Figure figure{indicator.id, counts[indicator.numerator], 0};
    figure.denominator = indicator.denominator ? counts[*indicator.denominator] : 0;
    return figure;
}

std::vector<const Indicator*> indicators_of(const rulebook::Rulebook& rulebook, const Period& period) {
    std::vector<const Indicator*> all;
    for (const Indicator& one : rulebook.indicators()) {
        if (one.validity.contains(period.last_day())) all.push_back(&one);
    }
    return all;
}

namespace {

void rate(const std::vector<const Indicator*>& indicators, const AssessmentScheme& scheme,
          UnitResult& result) {
    std::int64_t points = 0, weights = 0;
    for (const AssessmentScheme::Weight& weight : scheme.weights) {
        const Figure* figure = result.figure(weight.indicator);
        const auto indicator = std::find_if(indicators.begin(), indicators.end(), [&](const Indicator* one) {
            return one->id == weight.indicator;
        });
        if (figure == nullptr || indicator == indicators.end()) continue;
        const auto rate = figure->rate();
        if (!rate) continue;
        points += weight.weight * ((*indicator)->higher_is_better ? *rate : kWhole - *rate);
        weights += weight.weight;
    }
    if (weights == 0) return;
    result.score = divide_half_up(points, weights);
    for (const rulebook::Grade& grade : scheme.grades) {
        if (*result.score < grade.from) continue;
        result.grade = grade.id;
        break;
    }
}

UnitResult result_of(std::string unit, const std::vector<const Indicator*>& indicators,
                     const Counts& counts) {
    UnitResult result{std::move(unit), {}, {}, {}};
    for (const Indicator* indicator : indicators) result.figures.push_back(figure_of(*indicator, counts));
    return result;
}

/// Puts a correction in place, in the unit's figure and in the county's sum.
Result<void> correct(Document& document, const Correction& correction) {
    const auto unit = std::find_if(document.units.begin(), document.units.end(),
                                   [&](const UnitResult& one) { return one.unit == correction.unit; });
    if (unit == document.units.end()) return fail(Fault::not_found, correction.unit);
    for (Figure& figure : unit->figures) {
        if (figure.indicator != correction.indicator) continue;
        for (Figure& sum : document.county.figures) {
            if (sum.indicator != correction.indicator) continue;
            sum.numerator += correction.numerator - figure.numerator;
            sum.denominator += correction.denominator - figure.denominator;
        }
        figure.numerator = correction.numerator;
        figure.denominator = correction.denominator;
        return {};
    }
    return fail(Fault::not_found, correction.indicator);
}

}  // namespace

Result<Document> assess(const rulebook::Rulebook& rulebook, std::string_view scheme_id, const Period& period,
                        std::span<const MonthCounts> months, std::int64_t head,
                        std::vector<Correction> corrections) {
    const AssessmentScheme* scheme = rulebook::assessment_scheme(rulebook, scheme_id, period.last_day());
    if (scheme == nullptr) return fail(Fault::not_found, std::string(scheme_id));
    const auto indicators = indicators_of(rulebook, period);
    Document document{scheme->id, period, head, rulebook.digest(), std::move(corrections), {}, {}};
    std::map<std::string, Counts> by_unit;
    for (const auto& [key, counts] : count(rulebook, *scheme, period, months)) by_unit[key.first].add(counts);
    Counts county;
    for (auto& [unit, counts] : by_unit) {
        counts[Measure::units_known] = 1;
        counts[Measure::units_reported] = counts[Measure::rows] > 0;
        county.add(counts);
        document.units.push_back(result_of(unit, indicators, counts));
    }
    document.county = result_of({}, indicators, county);
    for (const Correction& correction : document.corrections) TRY(correct(document, correction));
    rate(indicators, *scheme, document.county);
    for (UnitResult& unit : document.units) rate(indicators, *scheme, unit);
    return document;
}

namespace {

void write_result(JsonWriter& json, const UnitResult& result) {
    json.begin_object();
    if (!result.unit.empty()) json.field("unit", result.unit);
    json.key("figures").begin_array();
    for (const Figure& figure : result.figures) {
        json.begin_array().text(figure.indicator).integer(figure.numerator).integer(figure.denominator);
        json.end_array();
    }
    json.end_array();
    if (result.score) json.field("score", *result.score).field("grade", result.grade);
    json.end_object();
}

namespace json = boost::json;

UnitResult read_result(const json::object& object) {
    UnitResult result;
    if (const json::value* unit = object.if_contains("unit")) result.unit = unit->as_string();
    for (const json::value& value : object.at("figures").as_array()) {
        const json::array& figure = value.as_array();
        result.figures.push_back(
            {std::string(figure.at(0).as_string()), figure.at(1).as_int64(), figure.at(2).as_int64()});
    }
    if (const json::value* score = object.if_contains("score")) {
        result.score = score->as_int64();
        result.grade = object.at("grade").as_string();
    }
    return result;
}

Result<Document> read_object(const json::object& object) {
    Document document;
    document.scheme = object.at("scheme").as_string();
    document.period = TRY(parse_period(std::string_view(object.at("period").as_string())));
    document.head = object.at("head").as_int64();
    document.rulebook = object.at("rulebook").as_string();
    for (const json::value& value : object.at("corrections").as_array()) {
        const json::object& one = value.as_object();
        document.corrections.push_back({one.at("appeal").as_int64(), std::string(one.at("unit").as_string()),
                                        std::string(one.at("indicator").as_string()),
                                        one.at("numerator").as_int64(), one.at("denominator").as_int64()});
    }
    document.county = read_result(object.at("county").as_object());
    for (const json::value& unit : object.at("units").as_array()) {
        document.units.push_back(read_result(unit.as_object()));
    }
    return document;
}

}  // namespace

std::string Document::to_json() const {
    JsonWriter out;
    out.begin_object().field("format", 1).field("scheme", scheme).field("period", period.text());
    out.field("head", head).field("rulebook", rulebook).key("corrections").begin_array();
    for (const Correction& one : corrections) {
        out.begin_object().field("appeal", one.appeal).field("unit", one.unit);
        out.field("indicator", one.indicator).field("numerator", one.numerator);
        out.field("denominator", one.denominator).end_object();
    }
    out.end_array().key("county");
    write_result(out, county);
    out.key("units").begin_array();
    for (const UnitResult& unit : units) write_result(out, unit);
    out.end_array().end_object();
    return out.take();
}

std::string Document::digest() const {
    return to_hex(crypto::digest(to_json()));
}

Result<Document> read_document(std::string_view text) {
    try {
        return read_object(json::parse(text).as_object());
    } catch (const std::exception& e) {
        return fail(Fault::journal_damaged, "考核结果的内容无法读取", e.what());
    }
}

}  // namespace mingxin::assess
