// From disclosed records to the words of the report. Pure, but for the random part of a number.
#include "report/report.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "base/text.h"

namespace mingxin::report {

namespace {

constexpr std::string_view number_alphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
constexpr std::string_view number_letters = number_alphabet.substr(8);
constexpr std::size_t time_digits = 14, random_characters = 8;

char random_of(std::string_view alphabet) {
    std::uint8_t limit = static_cast<std::uint8_t>(256 / alphabet.size() * alphabet.size());
    for (;;) {
        std::array<std::uint8_t, 1> byte;
        crypto::random_bytes(byte);
        if (byte[0] < limit) return alphabet[byte[0] % alphabet.size()];  // else the draw would favour some
    }
}

/// Said once about the subject or the record as a whole, not again in each record's table.
bool is_said_elsewhere(rulebook::Role role) {
    using enum rulebook::Role;
    constexpr std::array roles{
        subject_name,           uscc,        registration_no, organisation_code, tax_no,      institution_no,
        social_organisation_no, former_name, source_name,     source_code,       document_no, publicity_end};
    return std::find(roles.begin(), roles.end(), role) != roles.end();
}

const rulebook::Field* field_of(const rulebook::Item& item, std::string_view code) {
    for (const rulebook::Field& field : item.fields) {
        if (field.code == code) return &field;
    }
    return nullptr;
}

std::vector<Fact> facts_of(const record::ShownRecord& record) {
    std::vector<Fact> facts;
    for (const record::ShownField& shown : record.fields) {
        const rulebook::Field* field = field_of(*record.item, shown.code);
        if (shown.value.empty() || (field != nullptr && is_said_elsewhere(field->role))) continue;
        std::string label = shown.name_zh;
        // The value is in yuan, whatever the unit of the column in departments' files.
        if (std::size_t unit = label.find("(万元)"); unit != std::string::npos) label.erase(unit);
        facts.push_back({label, shown.value});
    }
    return facts;
}

Entry entry_of(const record::ShownRecord& record) {
    Entry entry{.title = record.title.empty() ? record.item->title_zh : record.title,
                .document_number = record.document_no,
                .facts = facts_of(record),
                .source_unit = record.source_unit,
                .received = record.received.date().to_string(),
                .shown_until = record.shown_until ? record.shown_until->to_string() : "长期",
                .record_id = record.id};
    if (record.severity > 0) {
        entry.remarks.push_back(fmt::format("失信程度 {}　公示依据 {}", record.severity_zh, record.basis_zh));
    }
    return entry;
}

std::string newest_date(const std::vector<const record::ShownRecord*>& records) {
    Date newest{INT32_MIN};
    for (const auto* record : records)
        newest = std::max(newest, record->decided.value_or(record->received.date()));
    return records.empty() ? "" : newest.to_string();
}

/// The sections of the template, filled; also counts.
class Builder {
  public:
    using Items = std::vector<std::unique_ptr<rulebook::Item>>;
    Builder(const Material& material, const rulebook::ReportText& text, const Items& items,
            ReportModel& model)
        : material_(material), text_(text), items_(items), model_(model) {}

    void fill() {
        for (const rulebook::ReportSection& section : text_.sections) add_section(section);
        add_sources();
        add_overview();
    }

  private:
    std::vector<const record::ShownRecord*> records_of(std::string_view item) const {
        std::vector<const record::ShownRecord*> out;
        for (const record::ShownRecord& record : material_.records) {
            if (record.item->id == item) out.push_back(&record);
        }
        return out;
    }

    void add_section(const rulebook::ReportSection& of) {
        Section section{.title = of.title_zh};
        bool counted = false;
        for (const std::string& id : of.items) {
            const rulebook::Item* item = item_of(id);
            if (item == nullptr || item->sharing != rulebook::Sharing::open) continue;
            auto records = records_of(id);
            const std::string& title = item->title_zh;
            if (!records.empty() || item->prominent || item->defines_subject) {
                model_.counts.push_back(
                    {title, static_cast<std::int64_t>(records.size()), newest_date(records)});
                counted = true;
            }
            Group group{.title = title};
            for (const auto* record : records) {
                if (record->item->defines_subject && section.facts.empty()) {
                    describe_subject(section, *record);
                } else {
                    group.entries.push_back(entry_of(*record));
                }
            }
            if (!group.entries.empty()) section.groups.push_back(std::move(group));
        }
        if (!counted) model_.counts.push_back({short_title(of.title_zh), 0, ""});
        filled_.push_back(!section.empty());
        model_.sections.push_back(std::move(section));
    }

    const rulebook::Item* item_of(std::string_view id) const {
        for (const auto& item : items_) {
            if (item->id == id) return item.get();
        }
        return nullptr;
    }

    /// "四、严重失信主体名单信息" -> "严重失信主体名单"
    static std::string short_title(std::string_view title) {
        constexpr std::string_view mark = "、", ending = "信息";
        if (std::size_t at = title.find(mark); at <= 6) title.remove_prefix(at + mark.size());
        if (title.ends_with(ending)) title.remove_suffix(ending.size());
        return std::string(title);
    }

    void describe_subject(Section& section, const record::ShownRecord& registration) {
        section.facts = {{"主体名称", material_.subject.name}, {"统一社会信用代码", material_.subject.code}};
        std::string former;
        for (const subject::FormerName& name : material_.former_names)
            former += (former.empty() ? "" : "；") + name.name;
        if (!former.empty()) section.facts.push_back({"曾用名", former});
        for (Fact& fact : facts_of(registration)) section.facts.push_back(std::move(fact));
        section.provenance = entry_of(registration);
    }

    void add_sources() {
        struct Known {
            std::vector<std::string> items;
            Date newest{INT32_MIN};
        };
        std::map<std::string, Known> units;
        for (const record::ShownRecord& record : material_.records) {
            if (record.source_unit.empty()) continue;
            Known& known = units[record.source_unit];
            if (std::find(known.items.begin(), known.items.end(), record.item->title_zh) ==
                known.items.end()) {
                known.items.push_back(record.item->title_zh);
            }
            known.newest = std::max(known.newest, record.received.date());
        }
        for (const auto& [unit, known] : units) {
            model_.sources.push_back(
                {unit, fmt::format("{}", fmt::join(known.items, "、")), known.newest.to_string()});
        }
    }

    void add_overview() {
        const subject::Subject& subject = material_.subject;
        model_.overview.push_back({"登记状态", subject.registration == 0 ? "本平台未归集登记信息"
                                               : subject.state.empty()   ? "登记机关未提供"
                                                                         : subject.state});
        model_.overview.push_back(
            {"成立日期", subject.established ? subject.established->to_string() : "未提供"});
        model_.overview.push_back({"主体标识", label()});
    }

    std::string label() const {
        constexpr std::size_t honours = 2, severe_lists = 3;  // places in the template
        std::string label;
        if (filled_.size() > honours && filled_[honours]) label = "守信激励对象";
        if (filled_.size() > severe_lists && filled_[severe_lists])
            label += (label.empty() ? "" : "、") + std::string("失信惩戒对象");
        return label.empty() ? "无" : label;
    }

    const Material& material_;
    const rulebook::ReportText& text_;
    const Items& items_;
    ReportModel& model_;
    std::vector<bool> filled_;  // by section
};

}  // namespace

std::string new_number(Instant now) {
    std::string number = now.to_local_digits();
    for (std::size_t i = 1; i < random_characters; ++i) number += random_of(number_alphabet);
    number += random_of(number_letters);
    return number;
}

std::optional<std::string> canonical_number(std::string_view text) {
    std::string number = to_upper_ascii(to_half_width(trim(text)));
    if (number.size() != time_digits + random_characters) return std::nullopt;
    bool digits = std::all_of(number.begin(), number.begin() + time_digits,
                              [](char c) { return c >= '0' && c <= '9'; });
    bool drawn = std::all_of(number.begin() + time_digits, number.end(),
                             [](char c) { return number_alphabet.find(c) != std::string_view::npos; });
    if (!digits || !drawn) return std::nullopt;
    return number;
}

ReportModel build(const Material& material, const rulebook::ReportText& text,
                  const std::vector<std::unique_ptr<rulebook::Item>>& items, const std::string& number,
                  Instant now) {
    ReportModel model{
        .title = text.title_zh,
        .subtitle = "（法人和非法人组织版）",
        .number = number,
        .generated_at = now,
        .subject_name = material.subject.name,
        .subject_code = material.subject.code,
        .notes = text.explanation_zh,
        .nothing = text.empty_zh,
        .remedies = {"认为本报告内容有误、遗漏或者不应当公示的，可以向本平台或者数据提供单位提出异议。"
                     "异议处理期间该信息将加注标记，核实有误的即时更正。",
                     "符合条件的失信信息，可以依法申请信用修复；修复后终止公示，不再列入新的报告。",
                     "查询、异议和信用修复均不收取任何费用。"}};
    model.notes.insert(model.notes.end(), text.disclaimer_zh.begin(), text.disclaimer_zh.end());
    Builder(material, text, items, model).fill();
    return model;
}

}  // namespace mingxin::report
