#include "collect/columns.h"

#include <yaml-cpp/yaml.h>

#include "base/check.h"
#include "base/file.h"
#include "collect/reply.h"

namespace mingxin::collect {

using quality::Source;
using rulebook::Absent;
using rulebook::Algorithm;
using rulebook::Field;
using rulebook::Requirement;

namespace {

constexpr std::uint64_t kLargestMapping = 1 << 20;

tl::unexpected<Error> broken(const YAML::Node& node, const std::string& what_zh) {
    return fail(Fault::mapping_broken, "第" + std::to_string(node.Mark().line + 1) + "行：" + what_zh);
}

int field_by_code(const rulebook::Item& item, std::string_view code) {
    for (std::size_t i = 0; i < item.fields.size(); ++i) {
        if (item.fields[i].code == code) return static_cast<int>(i);
    }
    return -1;
}

Result<Mapping::Column> read_column(const std::string& header, const YAML::Node& node,
                                    const rulebook::Item& item) {
    Mapping::Column column;
    column.header = header;
    if (node.IsScalar()) {
        column.field = node.Scalar();
    } else if (node.IsMap()) {
        for (const auto& entry : node) {
            const std::string key = entry.first.Scalar(), value = entry.second.Scalar();
            if (key == "field") {
                column.field = value;
            } else if (key == "unit" && (value == "yuan" || value == "wan_yuan")) {
                column.money_in_yuan = value == "yuan";
            } else if (key == "read" && value == "fine_in_text") {
                column.read = Source::Read::fine_in_text;
            } else {
                return broken(entry.first, "不认识“" + key + ": " + value +
                                               "”，可用 field、unit（yuan、wan_yuan）、read（fine_in_text）");
            }
        }
    }
    if (field_by_code(item, column.field) < 0) {
        return broken(node, "“" + column.field + "”不是" + item.title_zh + "的字段代码");
    }
    return column;
}

Result<Mapping> read_tree(const YAML::Node& root, const rulebook::Item& item) {
    Mapping mapping;
    if (!root.IsMap()) return broken(root, "应有 columns 和 constants 两节");
    for (const auto& section : root) {
        const std::string name = section.first.Scalar();
        if ((name != "columns" && name != "constants") || !section.second.IsMap()) {
            return broken(section.first, "不认识“" + name + "”，应为 columns 或 constants");
        }
        for (const auto& entry : section.second) {
            const std::string key = entry.first.Scalar();
            if (!entry.first.IsScalar() || key.empty()) return broken(entry.first, "冒号前应是一个列名");
            if (name == "columns" && entry.second.IsSequence()) {
                for (const YAML::Node& one : entry.second) {
                    mapping.columns.push_back(TRY(read_column(key, one, item)));
                }
            } else if (name == "columns") {
                mapping.columns.push_back(TRY(read_column(key, entry.second, item)));
            } else if (field_by_code(item, key) < 0) {
                return broken(entry.first, "“" + key + "”不是" + item.title_zh + "的字段代码");
            } else if (!entry.second.IsScalar()) {
                return broken(entry.first, "“" + key + "”应是一个值");
            } else {
                mapping.constants.emplace_back(key, entry.second.Scalar());
            }
        }
    }
    return mapping;
}

}  // namespace

Result<Mapping> read_mapping(const std::filesystem::path& file, const rulebook::Item& item) {
    const std::string text = TRY(read_file(file, kLargestMapping));
    try {
        return read_tree(YAML::Load(text), item);
    } catch (const YAML::Exception& e) {
        return fail(Fault::mapping_broken, "第" + std::to_string(e.mark.line + 1) + "行不是正确的YAML",
                    e.what());
    }
}

namespace {

/// Takes a column into the plan; a second column for a field that takes one is a fault of the file.
Result<void> take_column(ColumnPlan& plan, const rulebook::Item& item, int column, int field,
                         const std::string& header) {
    Source& source = plan.sources[field];
    const bool takes_many = item.fields[field].type == rulebook::FieldType::set || plan.old_version;
    if (!source.columns.empty() && !takes_many) {
        return fail(Fault::column_twice,
                    "“" + header + "”与另一列都对应“" + item.fields[field].name_zh + "”");
    }
    source.columns.push_back(column);
    if (rulebook::header_in_yuan(header)) source.money_in_yuan = true;
    plan.field_of_column[column] = field;
    return {};
}

Result<void> take_mapping(ColumnPlan& plan, const rulebook::Item& item,
                          const std::vector<std::string>& header, const Mapping& mapping) {
    for (const Mapping::Column& wanted : mapping.columns) {
        const std::string folded = rulebook::fold_header(wanted.header);
        const int field = field_by_code(item, wanted.field);
        for (std::size_t i = 0; i < header.size(); ++i) {
            if (rulebook::fold_header(header[i]) != folded) continue;
            plan.sources[field].columns.push_back(static_cast<int>(i));
            plan.sources[field].read = wanted.read;
            plan.sources[field].money_in_yuan = wanted.money_in_yuan;
            plan.field_of_column[i] = field;
            break;
        }
    }
    for (const auto& [code, value] : mapping.constants)
        plan.sources[field_by_code(item, code)].constant = value;
    return {};
}

std::string message_of(const rulebook::Item& item, Algorithm algorithm, int field, Date today) {
    const rulebook::CheckRule* check = quality::check_with(item, algorithm, today, field);
    CHECK(check != nullptr);  // the rulebook may not lack it
    const record::Finding finding = quality::make_finding(item, *check, field);
    return finding.message_zh + finding.remedy_zh;
}

/// Fields without a column: filled from the unit, left with a note, or the reason to refuse the file.
Result<void> settle_absent(ColumnPlan& plan, const rulebook::Item& item, const SubmittingUnit& unit,
                           Date today) {
    std::string missing;
    for (std::size_t i = 0; i < item.fields.size(); ++i) {
        const Field& field = item.fields[i];
        Source& source = plan.sources[i];
        if (!source.is_absent()) continue;
        const int index = static_cast<int>(i);
        const bool refused = field.absent == Absent::refuse ||
                             (field.absent == Absent::refuse_unless_old && !plan.old_version);
        if (refused) {
            missing += message_of(item, Algorithm::column, index, today);
        } else if (field.absent == Absent::unit_name) {
            source.constant = unit.name;
        } else if (field.absent == Absent::unit_code) {
            source.constant = unit.code;
        } else if (field.absent == Absent::leave && field.requirement != Requirement::optional) {
            plan.notes_zh.push_back(message_of(item, Algorithm::column_absent, index, today));
        }
    }
    if (!missing.empty()) return fail(Fault::columns_missing, missing);
    return {};
}

}  // namespace

Result<ColumnPlan> plan_columns(const rulebook::Item& item, const std::vector<std::string>& header,
                                const std::optional<Mapping>& mapping, const SubmittingUnit& unit,
                                Date today) {
    ColumnPlan plan;
    plan.sources.resize(item.fields.size());
    plan.field_of_column.assign(header.size(), -1);
    plan.old_version = item.is_old_version(header);
    if (mapping) TRY(take_mapping(plan, item, header, *mapping));
    std::string unknown;
    for (std::size_t i = 0; i < header.size(); ++i) {
        if (plan.field_of_column[i] >= 0 || header[i].empty()) continue;
        const int field = mapping ? field_by_code(item, header[i]) : item.field_by_header(header[i]);
        const bool taken =
            mapping && (mapping->is_whole || (field >= 0 && !plan.sources[field].columns.empty()));
        if (field < 0 || taken) {
            const bool ours = header[i] == kOutcomeHeader || header[i] == kRemarkHeader;
            if (!mapping && !ours) unknown += (unknown.empty() ? "" : "、") + header[i];
            continue;
        }
        TRY(take_column(plan, item, static_cast<int>(i), field, header[i]));
    }
    if (plan.old_version) {
        if (const auto* check = quality::check_with(item, Algorithm::old_version, today)) {
            plan.notes_zh.push_back(quality::make_finding(item, *check, -1).message_zh);
        }
    }
    if (!unknown.empty())
        plan.notes_zh.push_back("以下列不属于" + item.title_zh + "的目录字段，未采集：" + unknown);
    TRY(settle_absent(plan, item, unit, today));
    return plan;
}

std::vector<std::string> header_words(const rulebook::Item& item, const std::optional<Mapping>& mapping) {
    std::vector<std::string> words;
    if (mapping) {
        for (const Mapping::Column& column : mapping->columns) words.push_back(column.header);
    }
    for (const Field& field : item.fields) {
        words.push_back(field.code);
        words.push_back(field.name_zh);
        words.insert(words.end(), field.aliases.begin(), field.aliases.end());
    }
    return words;
}

}  // namespace mingxin::collect
