// links: collect quality
// Readers of department files and of their values: rates and anonymous memory, printed beside the bound that
// holds. Usage: readers_bench [values | csv [MB]]; both without.
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <ctime>
#include <fstream>
#include <string>

#include "base/file.h"
#include "collect/table_reader.h"
#include "quality/value_parse.h"

using namespace mingxin;
using namespace mingxin::collect;

namespace {

// Processor time of this process: holds on a busy machine too.
double seconds_now() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// Anonymous memory of the process in MB.
double anonymous_mb() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("RssAnon:")) return std::strtod(line.c_str() + 8, nullptr) / 1024;
    }
    return 0;
}

struct Reading {
    std::int64_t rows = 0, bytes = 0;
    double seconds = 0, most_mb = 0;
    std::string failure;
};

Reading read_whole(const std::filesystem::path& path) {
    Reading out;
    double begin = seconds_now();
    auto reader = open_table(path, {});
    if (!reader.ok()) {
        out.failure = reader.error().message_zh();
        return out;
    }
    RowChunk chunk;
    for (;;) {
        auto read = (*reader)->read(chunk, 4096);
        if (!read.ok()) out.failure = read.error().message_zh();
        if (!read.ok() || chunk.size() == 0) break;
        out.rows += static_cast<std::int64_t>(chunk.size());
        for (std::size_t i = 0; i < chunk.size(); ++i) {
            for (const Cell& cell : chunk.cells(i)) out.bytes += static_cast<std::int64_t>(cell.text.size());
        }
        out.most_mb = std::max(out.most_mb, anonymous_mb());
    }
    out.seconds = seconds_now() - begin;
    return out;
}

std::string csv_row(int i) {
    std::string n = std::to_string(i);
    return "鲁山县第" + n + "号建材有限公司,法人及非法人组织,91410423MA" + n +
           "0000,,,,,,王某某,,,,,鲁市监处罚〔2024〕" + n +
           "号,违反产品质量管理规定,\"当事人销售不合格产品，货值金额较小，未造成危害后果，且主动改正。\","
           "《中华人民共和国产品质量法》"
           "第四十九条,罚款,责令停止销售，罚款人民币伍仟元整,0.5,,,2024-03-05,2099-12-31,2025-03-05,"
           "鲁山县市场监督管理局,"
           "11410423MB0X00000A,鲁山县市场监督管理局,11410423MB0X00000A,\n";
}

void bench_csv(int mb) {
    TemporaryFolder folder;
    auto path = folder.path() / "bench.csv";
    {
        std::ofstream out(path, std::ios::binary);
        for (int c = 1; c <= 30; ++c) out << "列" << c << (c < 30 ? "," : "\n");
        std::int64_t written = 0;
        for (int i = 0; written < std::int64_t{mb} << 20; ++i) {
            std::string row = csv_row(i);
            written += static_cast<std::int64_t>(row.size());
            out << row;
        }
    }
    double bytes = static_cast<double>(std::filesystem::file_size(path));
    // The bound: the same bytes through read(2).
    double begin = seconds_now();
    int fd = ::open(path.c_str(), O_RDONLY);
    std::string block(256 * 1024, '\0');
    while (::read(fd, block.data(), block.size()) > 0) {
    }
    ::close(fd);
    double bare = seconds_now() - begin;
    Reading r = read_whole(path);
    std::printf(
        "csv: %.0f MB, %lld rows, %.2f s: %.0f MB/s, %.0f k rows/s; read(2) alone %.0f MB/s; RssAnon %.1f MB "
        "%s\n",
        bytes / 1e6, static_cast<long long>(r.rows), r.seconds, bytes / 1e6 / r.seconds,
        static_cast<double>(r.rows) / 1e3 / r.seconds, bytes / 1e6 / bare, r.most_mb, r.failure.c_str());
}

template <class F>
double nanoseconds_each(F&& f) {
    constexpr int times = 2'000'000;
    double begin = seconds_now();
    std::int64_t sum = 0;
    for (int i = 0; i < times; ++i) sum += f(i);
    double each = (seconds_now() - begin) / times * 1e9;
    if (sum == 42) std::puts("");  // keeps the loop
    return each;
}

void bench_values() {
    using namespace mingxin::quality;
    char iso[11] = "2019-05-01";
    auto date = [&](const char* text) {
        return nanoseconds_each([&](int i) {
            if (text == iso) iso[9] = static_cast<char>('0' + i % 10);
            return parse_any_date(text).date.days;
        });
    };
    auto money = [](const char* text) {
        return nanoseconds_each([&](int) { return parse_money(text, MoneyUnit::wan_yuan).fen; });
    };
    std::printf(
        "values: date 2019-05-01 %.1f ns, 2019年5月1日 %.0f ns; money 1.5 %.0f ns, 壹万伍仟元整 %.0f ns\n",
        date(iso), date("2019年5月1日"), money("1.5"), money("壹万伍仟元整"));
}

}  // namespace

int main(int argc, char** argv) {
    std::string what = argc > 1 ? argv[1] : "all";
    int size = argc > 2 ? std::atoi(argv[2]) : 0;
    if (what == "all" || what == "values") bench_values();
    if (what == "all" || what == "csv") bench_csv(size > 0 ? size : 500);
    return 0;
}
