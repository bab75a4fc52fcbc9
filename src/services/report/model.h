// What a public credit information report says (national template 2022, rules 8.1), ready to be printed: only
// facts, no score. Everything is text for people, NFC UTF-8.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace mingxin::report {

struct Fact {
    std::string label, value;
};

/// One disclosed record.
struct Entry {
    std::string title;            // "排污许可证核发"
    std::string document_number;  // may be empty
    std::vector<Fact> facts;
    std::vector<std::string> remarks;  // annotations: "异议处理中", "已更正"
    std::string source_unit;           // may be empty
    std::string received;              // 2026-11-20
    std::string shown_until;           // 2027-11-20 or 长期
    std::string record_id;
};

/// The records of one catalogue item.
struct Group {
    std::string title;  // "行政许可"
    std::vector<Entry> entries;
};

struct Section {
    std::string title;                // "一、基础信息"
    std::vector<Fact> facts;          // of the subject itself; only the first section has them
    std::optional<Entry> provenance;  // where the facts come from; its own facts are not printed
    std::vector<Group> groups;
    bool empty() const;
};

struct Count {
    std::string title;
    std::int64_t count = 0;
    std::string newest;  // date of the newest record; empty when there is none
};

struct Source {
    std::string unit, items;
    std::string newest;  // when its newest data arrived
};

struct ReportModel {
    std::string title;      // "公共信用信息报告"
    std::string subtitle;   // "（法人和非法人组织版）"
    std::string site_name;  // "信用鲁山"
    std::string issuer;     // "鲁山县公共信用信息平台"
    std::string number;     // 22 characters
    Instant generated_at;
    std::string subject_name, subject_code;
    std::string purpose;             // may be empty
    std::vector<std::string> notes;  // 报告说明
    std::vector<Source> sources;
    std::vector<Fact> overview;
    std::vector<Count> counts;
    std::vector<Section> sections;
    std::string nothing;                // said in a section without records
    std::vector<std::string> remedies;  // how to object, correct and repair
    std::string verify_url;  // of this report; printed as a QR code, so at most some hundred bytes, not empty
};

/// The report as PDF, A4, with embedded fonts and extractable text. The same model gives the same bytes.
/// Takes some milliseconds a page; thread-safe. Errors: report_font_missing,
/// report_not_rendered.
Result<std::string> render_pdf(const ReportModel& model);

}  // namespace mingxin::report
