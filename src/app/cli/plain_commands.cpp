// Commands that need no platform, and reading lines.
#include <cstdio>
#include <cstring>

#include "base/json.h"
#include "base/text.h"
#include "cli/commands.h"
#include "journal/merkle.h"
#include "subject/identify.h"

namespace mingxin::cli {

namespace {
constexpr std::size_t kLongestLine = 1 << 20;
}

void print(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
}

void print_line(std::string_view text) {
    print(text);
    std::fputc('\n', stdout);
}

void tell(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stderr);
    std::fputc('\n', stderr);
}

struct LineReader::Impl {
    std::FILE* file = nullptr;
    bool close = false;
    char* buffer = nullptr;
    std::size_t capacity = 0;
    std::int64_t number = 0;
    ~Impl() {
        std::free(buffer);
        if (close) std::fclose(file);
    }
};

LineReader::LineReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LineReader::LineReader(LineReader&&) noexcept = default;
LineReader::~LineReader() = default;

Result<LineReader> LineReader::open(const std::string& file) {
    auto impl = std::make_unique<Impl>();
    impl->file = file == "-" ? stdin : std::fopen(file.c_str(), "rb");
    if (!impl->file) return fail(Fault::file_unreadable, file);
    impl->close = file != "-";
    return LineReader(std::move(impl));
}

Result<bool> LineReader::next(std::string& line) {
    line.clear();
    int c = 0;
    while ((c = std::fgetc(impl_->file)) != EOF && c != '\n') {
        if (line.size() >= kLongestLine) {
            return fail(Fault::bad_argument, "第" + std::to_string(impl_->number + 1) + "行超过1 MiB");
        }
        line += static_cast<char>(c);
    }
    if (c == EOF && line.empty()) return false;
    ++impl_->number;
    if (!line.empty() && line.back() == '\r') line.pop_back();
    return true;
}

namespace {

void identify_one(std::string_view value) {
    JsonWriter json;
    const bool readable = is_utf8(value);
    const subject::Identified found = readable ? subject::identify(value) : subject::Identified{};
    json.begin_object().field("value", readable ? value : std::string_view("（不是 UTF-8 文字）"));
    json.key("kind").text(subject::kind_name(found.kind));
    json.field("valid", found.valid)
        .field("canonical", found.canonical)
        .field("reason", found.reason_zh)
        .end_object();
    print_line(json.str());
}

}  // namespace

Result<int> identify(const std::vector<std::string>& values) {
    for (const std::string& value : values) {
        if (value != "-") {
            identify_one(value);
            continue;
        }
        auto lines = TRY(LineReader::open("-"));
        std::string line;
        while (TRY(lines.next(line))) identify_one(line);
    }
    return 0;
}

Result<int> due(const Common& common, const std::string& date, int working_days) {
    const std::optional<Date> start = parse_date(date);
    if (!start) return fail(Fault::bad_date, date);
    const auto rules = TRY(rulebook::Rulebook::load(TRY(share_folder(common.share)) / "rules"));
    const calendar::Due due = rules->calendar().due(*start, working_days);
    JsonWriter json;
    json.begin_object().field("due", due.date.to_string()).field("provisional", due.provisional).end_object();
    print_line(json.str());
    if (due.provisional && !common.json) tell("所涉年份的放假安排尚未公布，暂按周一至周五计算。");
    return 0;
}

Result<int> journal_root(const std::string& hash, const std::string& file) {
    const crypto::Hash kind = hash == "sha256" ? crypto::Hash::sha256 : crypto::Hash::sm3;
    auto lines = TRY(LineReader::open(file));
    journal::Frontier frontier(kind);
    std::string line;
    std::int64_t number = 0;
    while (TRY(lines.next(line))) {
        ++number;
        const auto leaf = from_hex(trim(line));
        if (!leaf) return fail(Fault::bad_argument, "第" + std::to_string(number) + "行不是十六进制");
        frontier.add(journal::leaf_hash(*leaf, kind));
    }
    print_line(to_hex(frontier.root()));
    return 0;
}

}  // namespace mingxin::cli
