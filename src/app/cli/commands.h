// The commands of the command line; each returns the exit status. Output goes to standard output (with json:
// one JSON document), messages for people to standard error. Internal to cli.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/platform.h"
#include "report/report.h"

namespace mingxin::cli {

/// Options shared by all commands.
struct Common {
    std::string data;
    std::string share;
    bool json = false;
    bool debug = false;  // errors also tell what is meant for the operator's log
    Result<std::unique_ptr<Platform>> open() const;
};

// platform
Result<int> init(const Common& common, PlatformConfig config);
Result<int> unit_add(const Common& common, const std::string& code, const std::string& name);
Result<int> unit_list(const Common& common);
struct AccountOptions {
    std::string name, display, role, unit;
};
Result<int> account_add(const Common& common, const AccountOptions& options);
Result<int> make_demo(const Common& common, const std::string& size, std::uint64_t seed);
Result<int> make_backup(const Common& common, const std::string& file);
Result<int> restore_backup(const Common& common, const std::string& file, const std::string& engine);
struct ServeOptions {
    std::string listen = "127.0.0.1:8080";
    int threads = 0;
    std::string certificate, key, public_url;
};
Result<int> serve(const Common& common, const ServeOptions& options);

// in and out
struct CollectOptions {
    std::string item, unit, mapping, reply, file, idempotency_key;
};
Result<int> collect_file(const Common& common, const CollectOptions& options);
struct TemplateOptions {
    std::string item, output, unit;
};
/// With a data folder and a unit of its register the examples speak in that unit's name.
Result<int> make_template(const Common& common, const TemplateOptions& options);
Result<int> check_list(const Common& common, const std::string& format, const std::string& file);
Result<int> search(const Common& common, const std::string& text, int limit);
Result<int> report(const Common& common, const std::string& code, const std::string& output,
                   const std::string& purpose, const std::string& public_url);
Result<int> export_site(const Common& common, const std::string& folder, const std::string& base);

// proof
Result<int> journal_head(const Common& common);
Result<int> journal_prove(const Common& common, std::int64_t event, std::int64_t row);
Result<int> journal_consistency(const Common& common, std::int64_t old_size, std::int64_t new_size);
Result<int> journal_root(const std::string& hash, const std::string& file);
/// Which score: of a closed assessment, or of a scheme and period as of a head (0: the newest).
struct AssessOptions {
    std::string scheme, period;
    std::int64_t head = 0, assessment = 0;
    bool rows = false;  // count the rows themselves
};
/// Status 1 when it is not the closed one's, or when rows do not give what their batch says.
Result<int> assess_again(const Common& common, const AssessOptions& options);
Result<int> verify(const Common& common);
Result<int> rebuild(const Common& common, bool repair);

// without a platform
Result<int> identify(const std::vector<std::string>& values);
Result<int> due(const Common& common, const std::string& date, int working_days);
Result<int> rules_check(const Common& common, const std::string& folder);
Result<int> rules_list(const Common& common);
/// What newer changes; older empty: of the edition in force with --data, else of the program's.
Result<int> rules_diff(const Common& common, const std::string& newer, const std::string& older);
/// Hands an edition in for somebody else to decide upon.
Result<int> rules_propose(const Common& common, const std::string& folder);
Result<int> openapi(const Common& common);

report::Desk report_desk(const Platform& platform, const std::string& public_url);

/// Standard input for "-", else the file; line by line, without the line end.
class LineReader {
  public:
    static Result<LineReader> open(const std::string& file);
    LineReader(LineReader&&) noexcept;
    ~LineReader();
    /// false at the end; Fault::bad_argument for a line above 1 MiB.
    Result<bool> next(std::string& line);

  private:
    struct Impl;
    explicit LineReader(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

void print(std::string_view text);
void print_line(std::string_view text);
/// To standard error, for people.
void tell(std::string_view text);

}  // namespace mingxin::cli
