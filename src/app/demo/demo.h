// An invented county: organisations, units, and ten years of the files that its departments would send, with
// the dirt of real files. Everything is a function of the options, so the same seed gives the same bytes. The
// result is files, not tables: they enter through collect like anybody's. Names are composed; subject bodies
// of the codes begin with MAY, which registration authorities have not issued; certificate numbers carry a
// province-level area (410000), which no person has. Memory is bounded: an organisation is computed from its
// number when a row needs it. Not thread-safe per call.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace mingxin::demo {

enum class Size { small, county, city };
/// "small", "county", "city".
std::optional<Size> size_by_name(std::string_view name);

struct Options {
    Size size = Size::county;
    std::uint64_t seed = 1;
    std::string division = "410423";
    std::string place = "鲁山县";  // name of the division
    Date today;                    // the last year ends the day before
};

/// How many organisations and rows a size has. Rows of registrations, permits and penalties add up to about
/// 20 thousand, 1 million, 10 million.
struct Volume {
    std::int64_t organisations = 0;
    std::int64_t permits = 0;
    std::int64_t penalties = 0;
};
Volume volume(Size size);

/// A department; goes into the unit register before its files are collected.
struct Unit {
    std::string code;  // unified social credit code
    std::string name;  // "鲁山县市场监督管理局"
};
std::vector<Unit> units(const Options& options);

struct File {
    std::filesystem::path path;
    std::string item;         // "registration", "permit", "penalty"
    std::string unit_code;    // who sends it
    std::int64_t rows = 0;    // without the header
    std::int64_t faulty = 0;  // rows with a planted fault that should not be taken as they are
};

/// Called with each file when it is complete; may remove it. An error stops the generation and is returned.
using Sink = std::function<Result<void>(const File&)>;

/// Writes the files in the order in which they would arrive (registrations of a year, then its permits and
/// penalties) and returns them. Fault::file_unwritable when the folder or disk refuses.
Result<std::vector<File>> generate(const Options& options, const std::filesystem::path& folder,
                                   const Sink& sink = {});

/// Clean rows for benchmarks: CSV, UTF-8, one item, one unit (the first of units()). Penalties are about the
/// first `organisations` organisations, spread evenly.
Result<File> write_clean_rows(const Options& options, std::string_view item, std::int64_t rows,
                              std::int64_t organisations, const std::filesystem::path& path);

}  // namespace mingxin::demo
