// links: bench_support
// What readers wait for on a platform with many subjects: name search, near names, check by code, a list of
// codes, a report; then verify and rebuild of the whole. Usage: query_bench [--subjects=N] [--data=DIR];
// 1,000,000 subjects without, and the platform is removed at the end unless DIR says where to leave it
// (bench/run serves it then).
#include <algorithm>
#include <random>

#include "base/check.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/commands.h"
#include "oversight/oversight.h"
#include "query/query.h"
#include "report/report.h"
#include "subject/subject.h"
#include "support.h"

using namespace mingxin;
using namespace mingxin::bench;

namespace fs = std::filesystem;

namespace {

struct Known {
    std::vector<std::string> codes, names;
};

/// Every 50th subject.
Known read_known(const cli::Platform& platform) {
    constexpr store::Sql sql{"bench.known", "select code, name from subject where id % 50 = 0 order by id"};
    Known known;
    auto tx = must(platform.database().read());
    auto rows = must(tx.scan(sql));
    while (must(rows.next())) {
        known.codes.emplace_back(rows.text(0));
        known.names.emplace_back(rows.text(1));
    }
    CHECK(!known.codes.empty());
    return known;
}

/// The subject of the newest record.
std::string penalised(const cli::Platform& platform) {
    constexpr store::Sql sql{"bench.penalised", "select subject from record order by position desc limit 1"};
    auto tx = must(platform.database().read());
    auto rows = must(tx.query(sql));
    CHECK(must(rows.next()));
    return std::string(rows.text(0));
}

/// Pieces of names that are there.
std::vector<std::string> pieces(const Known& known, std::size_t length, int count) {
    std::mt19937_64 random(length);
    std::vector<std::string> list;
    while (static_cast<int>(list.size()) < count) {
        const std::u32string name = to_code_points(known.names[random() % known.names.size()]);
        if (name.size() < length) continue;
        const std::size_t at = random() % (name.size() - length + 1);
        std::string piece;
        for (const char32_t c : name.substr(at, length)) append_utf8(piece, c);
        list.push_back(std::move(piece));
    }
    return list;
}

/// Runs once for each text; prints the middle and the tail in milliseconds of this thread and by clock.
void time_each(const char* what, const std::vector<std::string>& texts,
               const std::function<void(const std::string&)>& work) {
    std::vector<double> cpu, wall;
    for (const std::string& text : texts) {
        const Seconds begin = Seconds::now();
        work(text);
        const Seconds passed = begin.passed();
        cpu.push_back(passed.thread * 1e3);
        wall.push_back(passed.wall * 1e3);
    }
    std::sort(cpu.begin(), cpu.end());
    std::sort(wall.begin(), wall.end());
    const std::size_t last = texts.size() * 99 / 100;
    std::printf("%-38s cpu p50 %8.4f p99 %8.4f ms   by clock p50 %8.4f p99 %8.4f ms\n", what,
                cpu[cpu.size() / 2], cpu[last], wall[wall.size() / 2], wall[last]);
}

void bench_search(const cli::Platform& platform, const Known& known) {
    for (std::size_t length : {2, 3, 4, 6, 10}) {
        const std::string what = "search, " + std::to_string(length) + " characters, top 20";
        time_each(what.c_str(), pieces(known, length, 1000), [&](const std::string& text) {
            auto tx = must(platform.database().read());
            CHECK(!must(subject::search(tx, platform.tenant(), text, 20)).empty());
        });
    }
}

/// Names with one character exchanged for one of another name: what a doubtful row asks.
void bench_suggestions(const cli::Platform& platform, const Known& known) {
    std::mt19937_64 random(7);
    std::vector<std::string> slips;
    while (slips.size() < 500) {
        std::u32string name = to_code_points(known.names[random() % known.names.size()]);
        const std::u32string other = to_code_points(known.names[random() % known.names.size()]);
        name[random() % name.size()] = other[random() % other.size()];
        std::string text;
        for (const char32_t c : name) append_utf8(text, c);
        slips.push_back(std::move(text));
    }
    time_each("near names of a name with a slip, top 5", slips, [&](const std::string& text) {
        auto tx = must(platform.database().read());
        must(subject::suggest(tx, platform.tenant(), text, 5));
    });
}

void bench_checks(const cli::Platform& platform, const Known& known) {
    const Date today = now_utc().date();
    std::vector<std::string> codes = known.codes;
    std::shuffle(codes.begin(), codes.end(), std::mt19937_64(3));
    time_each("check by code", codes, [&](const std::string& code) {
        auto tx = must(platform.database().read());
        const query::Answer answer =
            must(query::check_one(tx, *platform.rules(), platform.tenant(), code, {}, today));
        CHECK(answer.status == query::Status::found);
    });
    std::size_t next = 0, written = 0;
    auto tx = must(platform.database().read());
    const Seconds begin = Seconds::now();
    must(query::check_list(
        tx, *platform.rules(), platform.tenant(),
        [&](std::string& line) -> Result<bool> {
            if (next == codes.size()) return false;
            line = codes[next++];
            return true;
        },
        query::Format::csv, today, [&](std::string_view text) { written += text.size(); }));
    const Seconds passed = begin.passed();
    CHECK(written > codes.size() * 18);
    const auto rows = static_cast<double>(codes.size());
    std::printf("check a list of %zu codes: %.0f rows/s by clock, %.0f by cpu\n", codes.size(),
                rows / passed.wall, rows / passed.thread);
}

int page_count(std::string_view pdf) {
    int pages = 0;
    for (std::size_t at = pdf.find("/Type /Page"); at != std::string_view::npos;
         at = pdf.find("/Type /Page", at + 1)) {
        pages += pdf.substr(at + 11, 1) != "s";
    }
    return pages;
}

void bench_report(const cli::Platform& platform, const std::string& code) {
    const report::Desk desk = cli::report_desk(platform, "https://credit.example.gov.cn");
    int pages = 0;
    std::size_t bytes = 0;
    time_each("report: read, PDF, signed, journalled", std::vector<std::string>(30, code),
              [&](const std::string& subject) {
                  const report::Issued issued =
                      must(report::issue(desk, {subject, "招标投标", "operator", now_utc()}));
                  pages = page_count(issued.pdf);
                  bytes = issued.pdf.size();
              });
    std::printf("  of %d pages, %zu KB\n", pages, bytes / 1024);
}

void bench_proofs(const cli::Platform& platform) {
    must(platform.publish_head());
    Seconds begin = Seconds::now();
    const oversight::Verdict verified = must(oversight::verify(platform.grounds()));
    Seconds passed = begin.passed();
    CHECK(verified.clean());
    std::printf("verify: %.1f s by clock, %.1f s cpu, %lld rows compared\n", passed.wall, passed.cpu,
                static_cast<long long>(verified.rows_compared));
    begin = Seconds::now();
    CHECK(must(oversight::rebuild(platform.grounds(), false)).clean());
    passed = begin.passed();
    std::printf("rebuild and compare: %.1f s by clock, %.1f s cpu\n", passed.wall, passed.cpu);
}

}  // namespace

int main(int argc, char** argv) {
    const std::int64_t subjects = size_argument(argc, argv, "subjects", 1'000'000);
    const TemporaryFolder folder;
    const fs::path data = text_argument(argc, argv, "data", (folder.path() / "data").string());
    const auto platform = new_platform(data, "sqlite");
    const auto collect_rows = [&](const char* item, std::int64_t rows, std::int64_t organisations) {
        const fs::path file = folder.path() / (std::string(item) + ".csv");
        collect_file(*platform, must(demo::write_clean_rows(county(), item, rows, organisations, file)));
        fs::remove(file);
    };
    collect_rows("registration", subjects, subjects);
    collect_rows("penalty", 3, 1);
    std::printf("%lld subjects, database %.0f MB\n", static_cast<long long>(subjects),
                static_cast<double>(fs::file_size(data / "mingxin.db")) / 1e6);
    const Known known = read_known(*platform);
    bench_search(*platform, known);
    bench_suggestions(*platform, known);
    bench_checks(*platform, known);
    bench_report(*platform, penalised(*platform));
    bench_proofs(*platform);
    return 0;
}
