#include "content/check.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "content/public.h"
#include "record/record.h"
#include "subject/personal_text.h"

namespace mingxin::content {

namespace {

constexpr std::size_t kAround = 12;  // characters of an excerpt before and behind

/// A text as words compare: half width, upper case, without blanks; with the place of each byte.
struct Folded {
    std::string text;
    std::vector<std::size_t> places;  // in the original, one more than bytes: the end
};

Folded folded(std::string_view text) {
    Folded out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = at;
        char32_t point = next_code_point(text, at);
        if (is_blank(point)) continue;
        if (point >= 0xFF01 && point <= 0xFF5E) point -= 0xFEE0;
        if (point >= 'a' && point <= 'z') point -= 32;
        const std::size_t before = out.text.size();
        append_utf8(out.text, point);
        out.places.resize(out.text.size(), begin);
        if (out.text.size() == before) break;
    }
    out.places.push_back(text.size());
    return out;
}

/// What texts are checked against.
struct Rules {
    const rulebook::Rulebook& book;
    Date today;
};

std::string excerpt(const Rules& rules, std::string_view text, std::size_t begin, std::size_t end,
                    std::string_view shown) {
    std::size_t from = begin;
    for (std::size_t n = 0; n < kAround && from > 0 && text[from - 1] != '\n'; ++n) {
        do --from;
        while (from > 0 && (static_cast<unsigned char>(text[from]) & 0xC0) == 0x80);
    }
    std::size_t to = end;
    for (std::size_t n = 0; n < kAround && to < text.size() && text[to] != '\n'; ++n)
        next_code_point(text, to);
    const auto masked = [&](std::size_t at, std::size_t stop) {
        return record::mask_personal(text.substr(at, stop - at), rules.book, rules.today);
    };
    const std::string before = masked(from, begin), behind = masked(end, to);
    return (from > 0 ? "…" : "") + before + std::string(shown) + behind + (to < text.size() ? "…" : "");
}

Finding finding_of(const rulebook::WordRule& rule, std::string_view place, std::string_view text,
                   std::size_t begin) {
    Finding finding{rule.id, rule.reject, std::string(place)};
    if (place == "body") {
        finding.line =
            1 + static_cast<int>(std::count(text.begin(), text.begin() + static_cast<long>(begin), '\n'));
    }
    finding.reason = rule.reason_zh;
    finding.remedy = rule.remedy_zh;
    finding.basis = rule.basis.text_zh();
    return finding;
}

/// Whether the word at a place stands within one of the longer words in which it is meant otherwise.
bool is_excepted(const rulebook::WordRule& rule, std::string_view text, std::size_t at, std::size_t size) {
    for (const std::string& longer : rule.except) {
        const std::size_t reach = longer.size() - std::min(longer.size(), size);
        const std::size_t from = at - std::min(at, reach);
        const std::string_view around = text.substr(from, at - from + std::max(longer.size(), size));
        const std::size_t found = around.find(longer);
        if (found != std::string_view::npos && from + found <= at &&
            at + size <= from + found + longer.size()) {
            return true;
        }
    }
    return false;
}

struct Placed {
    std::size_t at;
    Finding finding;
};

void find_words(const Rules& rules, const rulebook::WordRule& rule, std::string_view place,
                std::string_view text, const Folded& fold, std::map<std::string, int>& told,
                std::vector<Placed>& out) {
    for (const std::string& word : rule.words) {
        int& count = told[rule.id + " " + word];
        for (std::size_t at = 0; count < kFindingsPerWord; at += word.size()) {
            at = fold.text.find(word, at);
            if (at == std::string::npos) break;
            if (is_excepted(rule, fold.text, at, word.size())) continue;
            ++count;
            const std::size_t begin = fold.places[at], last = fold.places[at + word.size()];
            std::size_t end = begin;  // without blanks behind it
            for (std::size_t i = at; i < at + word.size(); ++i) end = std::max(end, fold.places[i]);
            next_code_point(text, end);
            Finding finding = finding_of(rule, place, text, begin);
            finding.excerpt = excerpt(rules, text, begin, std::min(end, last),
                                      text.substr(begin, std::min(end, last) - begin));
            out.push_back({begin, std::move(finding)});
        }
    }
}

void find_personal(const Rules& rules, const rulebook::WordRule& rule, std::string_view place,
                   std::string_view text, const std::vector<subject::PersonalSpan>& spans,
                   std::map<std::string, int>& told, std::vector<Placed>& out) {
    int& count = told[rule.id];
    for (const subject::PersonalSpan& span : spans) {
        if (span.rule != &rule || count >= kFindingsPerWord) continue;
        ++count;
        Finding finding = finding_of(rule, place, text, span.begin);
        const std::string masked =
            subject::masked_personal(text.substr(span.begin, span.end - span.begin), span.kind);
        finding.excerpt = excerpt(rules, text, span.begin, span.end, masked);
        out.push_back({span.begin, std::move(finding)});
    }
}

}  // namespace

std::vector<Finding> check_words(const rulebook::Rulebook& rules, const Text& text, Date today) {
    std::string facts;
    for (const Fact& fact : text.facts) facts += fact.name + "：" + fact.value + "\n";
    const std::pair<const char*, std::string_view> places[] = {{"title", text.title},
                                                               {"summary", text.summary},
                                                               {"body", text.body},
                                                               {"source", text.source},
                                                               {"unit", text.unit},
                                                               {"facts", facts},
                                                               {"change_note", text.change_note}};
    const Rules with{rules, today};
    std::vector<Finding> findings;
    std::map<std::string, int> told;
    for (const auto& [place, content] : places) {
        if (content.empty()) continue;
        const Folded fold = folded(content);
        const std::vector<subject::PersonalSpan> spans = subject::find_personal(content, rules, today);
        std::vector<Placed> here;
        for (const rulebook::WordRule& rule : rules.word_rules()) {
            if (!rule.validity.contains(today)) continue;
            if (rule.personal.empty()) {
                find_words(with, rule, place, content, fold, told, here);
            } else {
                find_personal(with, rule, place, content, spans, told, here);
            }
        }
        std::stable_sort(here.begin(), here.end(),
                         [](const Placed& a, const Placed& b) { return a.at < b.at; });
        for (Placed& one : here) findings.push_back(std::move(one.finding));
    }
    return findings;
}

Result<std::vector<Finding>> check_text(store::ReadTx& tx, const Desk& desk, const Text& text, Date today) {
    std::vector<Finding> findings = check_words(*desk.rules, text, today);
    if (text.subject_code.empty()) return findings;
    record::Reading reading;
    reading.purpose = "发布前核对";
    reading.today = today;
    const auto counts =
        TRY(record::disclose_counts(tx, *desk.rules, desk.tenant, text.subject_code, reading));
    if (counts.penalties + counts.lists == 0) return findings;
    Finding finding{"S01", false, "subject_code"};
    finding.excerpt = text.subject_code;
    finding.reason = "该主体现有" + std::to_string(counts.penalties) + "条公示中的行政处罚、" +
                     std::to_string(counts.lists) + "条名单信息";
    finding.remedy = "请核对是否适合宣传或推介；确需发布的，由审核人写明理由。文章旁会同时显示这些信息。";
    findings.push_back(std::move(finding));
    return findings;
}

Result<std::vector<Recheck>> rechecks(store::ReadTx& tx, const Desk& desk, Instant now) {
    constexpr int most = 500;
    std::vector<Recheck> found;
    for (const ShownRow& shown : TRY(shown_about_subjects(tx, most, now))) {
        record::Reading reading;
        reading.purpose = "公开后复核";
        reading.today = now.date();
        const auto held = [&]() -> Result<std::int64_t> {
            const auto counts =
                TRY(record::disclose_counts(tx, *desk.rules, desk.tenant, shown.subject_code, reading));
            return counts.penalties + counts.lists;
        };
        const std::int64_t now_held = TRY(held());
        if (now_held == 0) continue;
        reading.known_at = TRY(released_at(tx, shown.article, shown.version));
        reading.still_held = true;
        const std::int64_t fresh = now_held - TRY(held());
        if (fresh <= 0) continue;
        found.push_back({shown.article, shown.column, shown.title, shown.subject_code, shown.from, fresh});
    }
    return found;
}

Result<void> refuse_rejected(const std::vector<Finding>& findings) {
    for (const Finding& finding : findings) {
        if (finding.reject) return fail(Fault::content_rejected, finding.reason + "：" + finding.excerpt);
    }
    return {};
}

Result<void> refuse_unanswered(const std::vector<Finding>& findings, std::string_view note) {
    TRY(refuse_rejected(findings));
    if (!findings.empty() && trim(note).empty()) {
        return fail(Fault::warning_unanswered, findings.front().reason + "：" + findings.front().excerpt +
                                                   "（共" + std::to_string(findings.size()) + "条）");
    }
    return {};
}

}  // namespace mingxin::content
