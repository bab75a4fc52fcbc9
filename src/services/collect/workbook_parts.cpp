#include "collect/workbook_parts.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <unordered_map>

#include "collect/xml_reader.h"

namespace mingxin::collect {
namespace {

constexpr std::uint64_t small_part_bytes = 64u << 20;  // of the lists: workbook, relations, styles
constexpr std::size_t most_styles = 1u << 20, most_areas = 100'000;

InflateLimits small_part(const ReadLimits& limits) {
    return {std::min(small_part_bytes, limits.inflated_bytes), limits.ratio};
}

struct Relation {
    std::string type, target;
};

// Relations of a part: Id -> type and target.
class RelationList : public XmlReader::Handler {
  public:
    std::unordered_map<std::string, Relation> by_id;
    void start(std::string_view name, XmlAttributes attributes) override {
        if (name != "Relationship" || by_id.size() > 65535) return;
        by_id[std::string(xml_attribute(attributes, "Id"))] = {
            std::string(xml_attribute(attributes, "Type")), std::string(xml_attribute(attributes, "Target"))};
    }
    void end(std::string_view) override {}
    void text(std::string_view) override {}
};

class SheetList : public XmlReader::Handler {
  public:
    struct Found {
        std::string name, relation;
        bool hidden;
    };
    std::vector<Found> sheets;
    bool date_1904 = false;
    void start(std::string_view name, XmlAttributes attributes) override {
        if (name == "workbookPr") {
            auto value = xml_attribute(attributes, "date1904");
            date_1904 = value == "1" || value == "true";
        } else if (name == "sheet" && sheets.size() < 65535) {
            auto state = xml_attribute(attributes, "state");
            // "id" alone would also find sheetId's neighbour r:id by its local name, which is what is wanted.
            sheets.push_back({std::string(xml_attribute(attributes, "name")),
                              std::string(xml_attribute(attributes, "id")),
                              state == "hidden" || state == "veryHidden"});
        }
    }
    void end(std::string_view) override {}
    void text(std::string_view) override {}
};

class StyleList : public XmlReader::Handler {
  public:
    std::unordered_map<std::string, bool> own_formats;
    std::vector<bool> date_styles;
    void start(std::string_view name, XmlAttributes attributes) override {
        if (name == "numFmt" && own_formats.size() < most_styles) {
            own_formats[std::string(xml_attribute(attributes, "numFmtId"))] =
                is_date_format(xml_attribute(attributes, "formatCode"));
        } else if (name == "cellXfs") {
            in_cell_styles_ = true;
        } else if (name == "xf" && in_cell_styles_ && date_styles.size() < most_styles) {
            std::string id(xml_attribute(attributes, "numFmtId"));
            auto own = own_formats.find(id);
            date_styles.push_back(own != own_formats.end() ? own->second : built_in(id));
        }
    }
    void end(std::string_view name) override {
        if (name == "cellXfs") in_cell_styles_ = false;
    }
    void text(std::string_view) override {}

  private:
    static bool built_in(const std::string& id) {
        int n = 0;
        std::from_chars(id.data(), id.data() + id.size(), n);
        return (n >= 14 && n <= 22) || (n >= 27 && n <= 36) || (n >= 45 && n <= 47) || (n >= 50 && n <= 58);
    }
    bool in_cell_styles_ = false;
};

class SharedStringList : public XmlReader::Handler {
  public:
    SharedStringList(SharedStrings& out, std::size_t most_bytes) : out_(out), most_bytes_(most_bytes) {}
    XmlReader* reader = nullptr;
    void start(std::string_view name, XmlAttributes) override {
        if (name == "si") text_.clear();
        if (name == "rPh") ++phonetic_;
        in_text_ = name == "t" && phonetic_ == 0;
    }
    void end(std::string_view name) override {
        if (name == "rPh") --phonetic_;
        if (name == "t") in_text_ = false;
        if (name != "si") return;
        unescape_text(text_);
        if (auto added = out_.add(text_); !added.ok()) reader->refuse(fail(added.error()));
    }
    void text(std::string_view piece) override {
        if (!in_text_) return;
        text_ += piece;
        if (text_.size() > most_bytes_) {
            reader->refuse(fail(Fault::cell_too_long, "工作簿的第 " + std::to_string(out_.size() + 1) +
                                                          " 个共享文字超过 " +
                                                          std::to_string(most_bytes_ >> 10) + " KB"));
        }
    }

  private:
    SharedStrings& out_;
    std::size_t most_bytes_;
    std::string text_;
    bool in_text_ = false;
    int phonetic_ = 0;
};

Result<void> read_part(const ZipArchive& archive, std::string_view part, const InflateLimits& limits,
                       XmlReader::Handler& handler) {
    const ZipEntry* entry = archive.find(part);
    if (entry == nullptr) return fail(Fault::damaged_workbook, "缺少部件 " + std::string(part));
    XmlReader reader(TRY(archive.stream(*entry, limits)), handler);
    return reader.run();
}

// The part that a relation's target names, seen from a folder ("xl/"): relative or from the root.
std::string resolve(std::string_view folder, std::string_view target) {
    if (target.starts_with('/')) return std::string(target.substr(1));
    std::string out(folder);
    while (target.starts_with("../") || target.starts_with("./")) {
        bool up = target.starts_with("../");
        target.remove_prefix(up ? 3 : 2);
        if (up && !out.empty()) out.resize(out.size() > 1 ? out.rfind('/', out.size() - 2) + 1 : 0);
    }
    return out + std::string(target);
}

Result<std::string> workbook_part(const ZipArchive& archive, const ReadLimits& limits) {
    RelationList root;
    if (archive.find("_rels/.rels") != nullptr)
        TRY(read_part(archive, "_rels/.rels", small_part(limits), root));
    std::string part = "xl/workbook.xml";
    for (auto& [id, relation] : root.by_id) {
        if (relation.type.ends_with("/officeDocument")) part = resolve("", relation.target);
    }
    if (part.ends_with(".bin"))
        return fail(Fault::unsupported_format, "这是 Excel 二进制工作簿（.xlsb），请另存为 .xlsx");
    if (archive.find(part) != nullptr && !part.ends_with("document.xml") &&
        !part.ends_with("presentation.xml"))
        return part;
    if (archive.find("mimetype") != nullptr)
        return fail(Fault::unsupported_format, "这是 OpenDocument 文档，请另存为 .xlsx");
    if (archive.find("word/document.xml") != nullptr)
        return fail(Fault::unsupported_format, "这是 Word 文档，请把表格复制到 Excel 后另存为 .xlsx");
    return fail(Fault::unsupported_format, "这是压缩包，里面不是 Excel 工作簿；请解压后提交其中的表格文件");
}

// Puts the references that end in block (kept across blocks by the caller) into out.
void scan_merges(std::string_view text, std::size_t& done, bool last, MergedAreas& out) {
    constexpr std::string_view mark = "mergeCell ";
    constexpr std::size_t longest = 256;
    for (;;) {
        auto found = static_cast<const char*>(
            memmem(text.data() + done, text.size() - done, mark.data(), mark.size()));
        if (found == nullptr) {
            done = std::max(done, text.size() - std::min(text.size(), mark.size()));
            return;
        }
        auto at = static_cast<std::size_t>(found - text.data());
        auto end = text.find('>', at);
        if (end == text.npos && !last && text.size() - at < longest) {
            done = at;
            return;
        }
        std::string_view tag = text.substr(at, std::min(end == text.npos ? longest : end - at, longest));
        auto ref = tag.find("ref=\"");
        auto close = ref == tag.npos ? tag.npos : tag.find('"', ref + 5);
        done = at + mark.size();
        if (close == tag.npos) continue;
        std::string_view area = tag.substr(ref + 5, close - ref - 5);
        auto colon = area.find(':');
        MergedArea merged;
        if (colon == area.npos ||
            !parse_reference(area.substr(0, colon), merged.first_row, merged.first_column) ||
            !parse_reference(area.substr(colon + 1), merged.last_row, merged.last_column)) {
            continue;
        }
        ++out.total;
        if (out.areas.size() < most_areas) out.areas.push_back(merged);
    }
}

}  // namespace

Result<Workbook> read_workbook(const ZipArchive& archive, const ReadLimits& limits) {
    std::string part = TRY(workbook_part(archive, limits));
    std::string folder = part.substr(0, part.rfind('/') == part.npos ? 0 : part.rfind('/') + 1);
    SheetList list;
    TRY(read_part(archive, part, small_part(limits), list));
    RelationList relations;
    TRY(read_part(archive, folder + "_rels/" + part.substr(folder.size()) + ".rels", small_part(limits),
                  relations));
    Workbook out;
    out.date_1904 = list.date_1904;
    for (auto& [id, relation] : relations.by_id) {
        if (relation.type.ends_with("/sharedStrings"))
            out.shared_strings_part = resolve(folder, relation.target);
        if (relation.type.ends_with("/styles")) out.styles_part = resolve(folder, relation.target);
    }
    for (auto& found : list.sheets) {
        auto relation = relations.by_id.find(found.relation);
        if (relation == relations.by_id.end())
            return fail(Fault::damaged_workbook, "工作表“" + found.name + "”没有内容");
        if (!relation->second.type.ends_with("/worksheet")) continue;  // a chart, a macro sheet
        out.sheets.push_back({found.name, resolve(folder, relation->second.target), found.hidden});
    }
    return out;
}

Result<void> read_shared_strings(const ZipArchive& archive, const Workbook& workbook,
                                 const ReadLimits& limits, SharedStrings& out) {
    const ZipEntry* entry = archive.find(workbook.shared_strings_part);
    if (!workbook.shared_strings_part.empty() && entry != nullptr) {
        SharedStringList list(out, limits.cell_bytes);
        XmlReader reader(TRY(archive.stream(*entry, {limits.shared_strings_bytes, limits.ratio})), list);
        list.reader = &reader;
        TRY(reader.run());
    }
    return out.seal();
}

Result<std::vector<bool>> read_date_styles(const ZipArchive& archive, const Workbook& workbook,
                                           const ReadLimits& limits) {
    StyleList list;
    if (!workbook.styles_part.empty() && archive.find(workbook.styles_part) != nullptr) {
        TRY(read_part(archive, workbook.styles_part, small_part(limits), list));
    }
    return std::move(list.date_styles);
}

Result<MergedAreas> read_merged_areas(const ZipArchive& archive, const Sheet& sheet,
                                      const ReadLimits& limits) {
    const ZipEntry* entry = archive.find(sheet.part);
    if (entry == nullptr) return fail(Fault::damaged_workbook, "缺少工作表“" + sheet.name + "”的内容");
    ZipStream stream = TRY(archive.stream(*entry, {limits.inflated_bytes, limits.ratio}));
    MergedAreas out;
    std::string window(96 * 1024, '\0');
    std::size_t kept = 0;
    for (;;) {
        std::size_t got = TRY(stream.read(window.data() + kept, window.size() - kept));
        std::size_t done = 0;
        scan_merges({window.data(), kept + got}, done, got == 0, out);
        if (got == 0) break;
        std::size_t left = kept + got - done;
        std::memmove(window.data(), window.data() + done, left);
        kept = left;
    }
    out.sort();
    return out;
}

}  // namespace mingxin::collect
