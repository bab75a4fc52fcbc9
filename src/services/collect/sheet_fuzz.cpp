// The parts of a workbook, of any bytes, in a sound archive: what a changed byte of a whole .xlsx never
// reaches, because its checksum fails first. Input: sheet, shared strings, styles, workbook and relations,
// parted by bytes 0xFF; a part that lacks is a sound one.
#include "collect/fuzz_file.h"
#include "workbook/zip_writer.h"

using namespace mingxin;

namespace {

constexpr std::string_view root =
    R"(<Relationships><Relationship Id="r" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>)";
constexpr std::pair<const char*, const char*> parts[] = {
    {"xl/worksheets/sheet1.xml",
     R"(<worksheet><sheetData><row><c t="s"><v>0</v></c></row></sheetData></worksheet>)"},
    {"xl/sharedStrings.xml", "<sst><si><t>a</t></si></sst>"},
    {"xl/styles.xml", R"(<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>)"},
    {"xl/workbook.xml", R"(<workbook><sheets><sheet name="a" r:id="r1"/></sheets></workbook>)"},
    {"xl/_rels/workbook.xml.rels",
     R"(<R><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="x/styles" Target="styles.xml"/><Relationship Id="r3" Type="x/sharedStrings" Target="sharedStrings.xml"/></R>)"}};

Result<void> write_book(const std::string& path, std::string_view input) {
    auto zip = TRY(workbook::ZipWriter::create(path));
    TRY(zip.begin("_rels/.rels"));
    TRY(zip.write(root));
    TRY(zip.end());
    bool more = true;
    for (const auto& [name, sound] : parts) {
        const auto end = std::min(input.find('\xFF'), input.size());
        TRY(zip.begin(name));
        TRY(zip.write(more ? input.substr(0, end) : std::string_view(sound)));
        TRY(zip.end());
        more = more && end < input.size();
        input.remove_prefix(std::min(end + 1, input.size()));
    }
    return zip.finish();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::string path = "/dev/shm/mingxin_sheet_fuzz_" + std::to_string(getpid());
    if (!write_book(path, {reinterpret_cast<const char*>(data), size}).ok()) std::abort();
    collect::read_table(path, collect::open_xlsx);
    return 0;
}
