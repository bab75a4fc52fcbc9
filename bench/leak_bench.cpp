// links: record
// The leak gate on texts of records: rates beside the bound, a bare walk over the characters. Usage:
// leak_bench [FOLDER of rules].
#include <cstdio>
#include <ctime>
#include <functional>
#include <string>

#include "record/record.h"
#include "rulebook/lexicon.h"

using namespace mingxin;

namespace {

// Processor time of this process: holds on a busy machine too.
double seconds_now() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// Nanoseconds for each byte, the fastest of several runs.
double ns_a_byte(const std::string& text, const std::function<std::size_t()>& work) {
    double best = 1e9;
    std::size_t sum = 0;
    for (int run = 0; run < 7; ++run) {
        const int times = static_cast<int>(20'000'000 / text.size()) + 1;
        const double begin = seconds_now();
        for (int i = 0; i < times; ++i) sum += work();
        best = std::min(best, (seconds_now() - begin) * 1e9 / times / static_cast<double>(text.size()));
    }
    if (sum == 1) std::printf(" ");  // the work is not left out
    return best;
}

std::string repeated(std::string_view part, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += part;
    return out;
}

}  // namespace

int main(int argc, char** argv) {
    const auto rules = rulebook::Rulebook::load(argc > 1 ? argv[1] : "rules");
    if (!rules.ok()) return std::fprintf(stderr, "%s\n", rules.error().message_zh().c_str()), 1;
    const Date today = *parse_date("2026-11-20");
    const std::pair<const char*, std::string> texts[] = {
        {"clean, 33 kB",
         repeated(
             "当事人于2026年3月5日在鲁山县人民路销售超过保质期的预包装食品，货值金额1286.50元，违反《中华"
             "人民共和国食品安全法》第三十四条第一款第十项的规定，责令改正，没收违法所得并处罚款5000元。",
             120)},
        {"clean, 0.3 kB",
         "当事人于2026年3月5日在鲁山县人民路销售超过保质期的预包装食品，货值金额1286.50元，违反《中华人民"
         "共和国食品安全法》第三十四条第一款第十项的规定，责令改正，没收违法所得并处罚款5000元。"},
        {"document number", "鲁山市监罚〔2026〕12号"},
        {"words, no leak",
         "当事人向未成年人出售香烟，违反《中华人民共和国未成年人保护法》第五十九条，责令改正，罚款五千元，"
         "未满14周岁不予处罚，开户银行见缴款通知书，举报电话0375-5051234。"},
        {"leaks",
         "李某某，身份证号11010519491231002X，电话13812345678，家住琴台街道人民路12号，患有高血压。"},
    };
    std::printf("%-16s %12s %12s %12s   ns a byte\n", "text", "bound", "numbers", "all kinds");
    for (const auto& [name, text] : texts) {
        const double bound = ns_a_byte(text, [&text = text] {
            std::size_t sum = 0;
            for (std::size_t at = 0; at < text.size();) sum += rulebook::next_point(text, at);
            return sum;
        });
        const double numbers = ns_a_byte(text, [&text = text] { return record::mask_personal(text).size(); });
        const double all =
            ns_a_byte(text, [&, &text = text] { return record::mask_personal(text, **rules, today).size(); });
        std::printf("%-16s %12.2f %12.2f %12.2f\n", name, bound, numbers, all);
    }
    return 0;
}
