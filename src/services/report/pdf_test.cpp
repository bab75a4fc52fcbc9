// The printed report, read back with tools that know nothing of this code: pdftotext, pdffonts and pdftoppm
// (poppler-utils). Without them these tests say so and stop.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <qrencode.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <sstream>
#include <thread>

#include "base/file.h"
#include "base/text.h"
#include "report/model.h"
#include "typeset/typeset.h"

using namespace mingxin;
using namespace mingxin::report;
using namespace mingxin::typeset;

namespace {

std::string output_of(const std::string& command) {
    std::string out;
    FILE* pipe = popen(command.c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::array<char, 65536> buffer;
    for (std::size_t n; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) out.append(buffer.data(), n);
    REQUIRE(pclose(pipe) == 0);
    return out;
}

bool have_poppler() {
    bool found = std::system("command -v pdftotext pdffonts pdftoppm >/dev/null") == 0;
    if (!found) MESSAGE("skipped: poppler-utils is not installed");
    return found;
}

/// A PDF in a file of its own, and what the tools say about it.
class Printed {
  public:
    explicit Printed(const std::string& pdf) {
        REQUIRE(write_file(path(), pdf).ok());
        text_ = output_of("pdftotext -layout " + path() + " -");
        plain_ = remove_blanks(text_);
    }
    std::string path() const { return (folder_.path() / "r.pdf").string(); }
    const std::string& text() const { return text_; }
    bool says(std::string_view part) const { return plain_.find(remove_blanks(part)) != std::string::npos; }
    int times(std::string_view part) const {
        int count = 0;
        for (std::size_t at = 0; (at = plain_.find(part, at)) != std::string::npos; at += part.size())
            ++count;
        return count;
    }
    std::vector<std::string> pages() const {
        std::vector<std::string> out;
        for (std::string_view page : split(text_, '\f')) {
            if (!trim(page).empty()) out.emplace_back(page);
        }
        return out;
    }

  private:
    TemporaryFolder folder_;
    std::string text_, plain_;
};

constexpr std::array section_titles{"一、基础信息",
                                    "二、行政管理信息",
                                    "三、诚实守信相关荣誉信息",
                                    "四、严重失信主体名单信息",
                                    "五、经营（活动）异常名录（状态）信息",
                                    "六、信用承诺信息",
                                    "七、信用评价信息",
                                    "八、司法裁判及执行信息",
                                    "九、其他信息"};

ReportModel empty_report() {
    ReportModel model{.title = "公共信用信息报告",
                      .subtitle = "（法人和非法人组织版）",
                      .site_name = "信用鲁山",
                      .issuer = "鲁山县公共信用信息平台",
                      .number = "20261120120506K7QM4XTA",
                      .generated_at = *parse_instant("2026-11-20T04:05:06.000000Z"),
                      .subject_name = "鲁山县报告试验有限责任公司",
                      .subject_code = "91410423MAX000012M",
                      .notes = {"仅陈述事实，不作评分。"},
                      .overview = {{"登记状态", "存续"}},
                      .nothing = "报告期内无相关信息",
                      .remedies = {"可以提出异议。"},
                      .verify_url = "https://credit.example.gov.cn/verify/20261120120506K7QM4XTA"};
    for (const char* title : section_titles) model.sections.push_back({.title = title});
    return model;
}

Entry permit(int number) {
    return {.title = "食品经营许可证",
            .document_number = fmt::format("鲁行审许字〔2026〕{:04}号", number),
            .facts = {{"许可类别", "普通"},
                      {"许可决定日期", "2026-03-12"},
                      {"许可内容", "热食类食品制售，冷食类食品制售。"},
                      {"许可机关统一社会信用代码", "11410423005478912K"}},
            .source_unit = "鲁山县行政审批和政务信息管理局",
            .received = "2026-03-15",
            .shown_until = "长期",
            .record_id = fmt::format("17-{}", number)};
}

ReportModel report_with(int permits) {
    ReportModel model = empty_report();
    model.sections[0].facts = {{"主体名称", model.subject_name}, {"统一社会信用代码", model.subject_code}};
    Group group{.title = "行政许可"};
    for (int i = 1; i <= permits; ++i) group.entries.push_back(permit(i));
    model.sections[1].groups.push_back(std::move(group));
    model.counts = {{"行政许可", permits, "2026-03-12"}};
    model.sources = {{"鲁山县行政审批和政务信息管理局", "行政许可", "2026-03-15"}};
    return model;
}

std::string rendered(const ReportModel& model) {
    auto pdf = render_pdf(model);
    REQUIRE_MESSAGE(pdf.ok(), (pdf.ok() ? "" : pdf.error().message_zh()));
    return *pdf;
}

}  // namespace

TEST_CASE("an empty report says so in each of the nine sections, rules 8.1") {
    if (!have_poppler()) return;
    Printed printed(rendered(empty_report()));
    for (const char* title : section_titles) CHECK_MESSAGE(printed.says(title), title);
    CHECK(printed.times("报告期内无相关信息") == 9);
    for (const char* part :
         {"公共信用信息报告", "（法人和非法人组织版）", "鲁山县报告试验有限责任公司", "91410423MAX000012M",
          "20261120120506K7QM4XTA", "2026-11-20 12:05:06", "鲁山县公共信用信息平台"}) {
        CHECK_MESSAGE(printed.says(part), part);
    }
    auto pages = printed.pages();
    for (std::size_t i = 0; i < pages.size(); ++i) {
        CHECK(remove_blanks(pages[i]).find(fmt::format("第{}页共{}页", i + 1, pages.size())) !=
              std::string::npos);
        CHECK_MESSAGE(pages[i].find("20261120120506K7QM4XTA") != std::string::npos,
                      "the number is on every page");
    }
}

TEST_CASE("every font is embedded as a subset and maps to Unicode") {
    if (!have_poppler()) return;
    Printed printed(rendered(report_with(3)));
    std::istringstream lines(output_of("pdffonts " + printed.path()));
    std::string line;
    std::getline(lines, line);
    std::getline(lines, line);
    int fonts = 0;
    for (; std::getline(lines, line); ++fonts) {
        CHECK_MESSAGE(line.find("Noto") != std::string::npos, line);
        CHECK_MESSAGE(line.find("yes yes yes") != std::string::npos, line);
    }
    CHECK(fonts == 3);
}

TEST_CASE("the same model gives the same bytes, in every thread") {
    ReportModel model = report_with(20);
    std::string first = rendered(model), second;
    std::thread([&] { second = render_pdf(model).value_or(""); }).join();
    CHECK(first == rendered(model));
    CHECK(first == second);
    model.generated_at.us += 1'000'000;
    CHECK(first != rendered(model));
    CHECK(first.find("/CreationDate (20261120120506+08'00)") != std::string::npos);
}

TEST_CASE("500 records: each is there once, with its source and number") {
    if (!have_poppler()) return;
    Printed printed(rendered(report_with(500)));
    for (int i = 1; i <= 500; ++i) {
        CHECK_MESSAGE(printed.times(fmt::format("〔2026〕{:04}号", i)) >= 1, i);
        CHECK_MESSAGE(printed.times(fmt::format("记录编号17-{}", i)) >= 1, i);
    }
    CHECK(printed.says("共 500 条"));
    CHECK(printed.times("许可决定日期") == 500);
    CHECK(printed.times("报告期内无相关信息") == 7);
}

TEST_CASE("a content of 4000 characters flows over pages, whole and in order") {
    if (!have_poppler()) return;
    ReportModel model = report_with(1);
    std::string content;
    for (int i = 1; i <= 500; ++i) content += fmt::format("第{:04}项内容", i);
    model.sections[1].groups[0].entries[0].facts[2].value = content;
    Printed printed(rendered(model));
    std::size_t at = 0;
    std::string plain = remove_blanks(printed.text());
    for (int i = 1; i <= 500; ++i) {
        // The running head may stand between two lines; the number itself never breaks.
        std::size_t found = plain.find(fmt::format("{:04}", i), at);
        REQUIRE_MESSAGE(found != std::string::npos, i);
        at = found;
    }
    CHECK(printed.says("食品经营许可证（续）"));
}

TEST_CASE(
    "rare characters: shown where a font has them, else named; marks that turn the direction are dropped") {
    if (!have_poppler()) return;
    ReportModel model = report_with(1);
    model.sections[0].facts.push_back({"住所", "𠮷祥大厦\U0010FFFD室"});
    model.subject_name = "鲁山\u202E县试验\u2066有限公司\u0007";
    Printed printed(rendered(model));
    CHECK(printed.says("𠮷祥大厦〔U+10FFFD〕室"));
    CHECK(printed.says("鲁山县试验有限公司"));
    CHECK(printed.text().find("\u202E") == std::string::npos);
}

TEST_CASE("a name too long for the running head takes one line there and several on the cover") {
    if (!have_poppler()) return;
    std::string name = "鲁山县";
    for (int i = 0; i < 24; ++i) name += "乡村振兴";
    double short_pt = 0, cut_pt = 0, wrapped_pt = 0;
    auto pdf = Sheet::compose(
        {.title = "t", .created = "2026-11-20T12:05:06+08:00"}, [](Sheet&, int, int) {},
        [&](Sheet& sheet) {
            short_pt = sheet.text_at({"鲁山县", {}, 60, 200}, 100);
            cut_pt = sheet.text_at({name, {.one_line = true}, 60, 200}, 200);
            wrapped_pt = sheet.text_at({name, {}, 60, 200}, 300);
        });
    REQUIRE(pdf.ok());
    CHECK(cut_pt == doctest::Approx(short_pt));
    CHECK(wrapped_pt > 3 * short_pt);
    ReportModel model = report_with(1);
    model.subject_name = name;
    CHECK(remove_blanks(Printed(rendered(model)).pages()[0]).find(name) != std::string::npos);
}

TEST_CASE("rows never break across pages and the table's head repeats") {
    if (!have_poppler()) return;
    auto pdf = Sheet::compose(
        {.title = "t", .created = "2026-11-20T12:05:06+08:00"}, [](Sheet&, int, int) {},
        [](Sheet& sheet) {
            sheet.begin_table([&](bool) { sheet.row({{"HEAD", {}, 60, 100}}); });
            for (int i = 0; i < 120; ++i) {
                sheet.row({{fmt::format("r{}a\nr{}b\nr{}c", i, i, i), {}, 60, 100},
                           {std::string(i % 7, 'x'), {}, 200, 20}});
            }
            sheet.end_table();
            sheet.row({{"after", {}, 60, 100}});
        });
    REQUIRE(pdf.ok());
    auto pages = Printed(*pdf).pages();
    CHECK(pages.size() > 3);
    int rows = 0;
    for (const std::string& page : pages) {
        CHECK(page.find("HEAD") == page.rfind("HEAD"));
        CHECK(page.find("HEAD") != std::string::npos);
        for (int i = 0; i < 120; ++i) {
            bool begins = page.find(fmt::format("r{}a", i)) != std::string::npos;
            CHECK(begins == (page.find(fmt::format("r{}b", i)) != std::string::npos));
            CHECK(begins == (page.find(fmt::format("r{}c", i)) != std::string::npos));
            rows += begins ? 1 : 0;
        }
    }
    CHECK(rows == 120);
}

TEST_CASE("the QR code has exactly the modules of its text") {
    if (!have_poppler()) return;
    const std::string url = "https://credit.example.gov.cn/verify/20261120120506K7QM4XTA";
    constexpr double size_pt = 104;
    auto pdf = Sheet::compose(
        {.title = "t", .created = "2026-11-20T12:05:06+08:00"}, [](Sheet&, int, int) {},
        [&](Sheet& sheet) { sheet.qr(url, 72, 144, size_pt, Colour{}); });
    REQUIRE(pdf.ok());
    Printed printed(*pdf);
    std::string image = output_of("pdftoppm -gray -r 288 " + printed.path());  // binary PGM, 4 pixels a point
    std::istringstream in(image);
    std::string magic;
    int columns = 0, rows = 0, depth = 0;
    in >> magic >> columns >> rows >> depth;
    REQUIRE(magic == "P5");
    std::size_t start = static_cast<std::size_t>(in.tellg()) + 1;
    std::unique_ptr<QRcode, void (*)(QRcode*)> code(QRcode_encodeString8bit(url.c_str(), 0, QR_ECLEVEL_M),
                                                    QRcode_free);
    int modules = code->width + 8;  // with the quiet zone
    for (int row = 0; row < modules; ++row) {
        for (int column = 0; column < modules; ++column) {
            auto pixel = [&](double at_pt, int module) {
                return static_cast<std::size_t>((at_pt + (module + 0.5) * size_pt / modules) * 4);
            };
            auto grey = static_cast<unsigned char>(
                image[start + pixel(144, row) * static_cast<std::size_t>(columns) + pixel(72, column)]);
            int r = row - 4, c = column - 4;
            bool dark = r >= 0 && c >= 0 && r < code->width && c < code->width &&
                        (code->data[r * code->width + c] & 1) != 0;
            REQUIRE_MESSAGE((grey < 128) == dark, row << " " << column);
        }
    }
}

TEST_CASE("missing fonts are refused with the package to install") {
    TemporaryFolder folder;
    std::string configuration = (folder.path() / "fonts.conf").string();
    REQUIRE(write_file(configuration, "<?xml version=\"1.0\"?><fontconfig></fontconfig>").ok());
    std::array<char, 4096> self{};
    REQUIRE(readlink("/proc/self/exe", self.data(), self.size() - 1) > 0);
    // The test above, in a process that finds no fonts.
    std::string out = output_of("FONTCONFIG_FILE=" + configuration + " " + self.data() +
                                " --test-case='the same model gives*' 2>&1 || true");
    CHECK(out.find("MX2301") != std::string::npos);
    CHECK(out.find("fonts-noto-cjk") != std::string::npos);
}

TEST_CASE("a report of three pages takes some milliseconds") {
    ReportModel model = report_with(6);
    rendered(model);  // loads the fonts
    auto begin = std::chrono::steady_clock::now();
    constexpr int rounds = 5;
    for (int i = 0; i < rounds; ++i) rendered(model);
    auto taken = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin) / rounds;
    MESSAGE("one report: " << taken.count() << " ms");
    CHECK(taken.count() < 2000);  // a guard against a mistake of magnitude; the benchmark has the figure
}
