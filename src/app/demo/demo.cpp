#include "demo/demo.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "base/check.h"
#include "demo/county.h"
#include "demo/dirt.h"
#include "demo/rows.h"
#include "demo/table_file.h"
#include "demo/words.h"

namespace mingxin::demo {
namespace {

constexpr unsigned kFaultyPerMille = 20, kRepeatedPerMille = 5, kSlipPerMille = 30;

/// A column of the template of 2015 (rules 1.3): taken from a column of today's, or constant.
struct OldColumn {
    std::string_view code;
    int from = -1;
    std::string_view constant = {};
};
using X = PermitColumn;
using C = PenaltyColumn;
constexpr OldColumn kOldPermit[] = {
    {"XK_WSH", X::document_no}, {"XK_XMMC", X::document},  {"XK_SPLB", X::kind}, {"XK_NR", X::content},
    {"XK_XDR", X::name},        {"XK_XDR_SHXYM", X::code}, {"XK_FR", X::person}, {"XK_JDRQ", X::decided},
    {"XK_JZQ", X::to},          {"XK_XZJG", X::organ},     {"XK_ZT", -1, "0"},   {"DFBM", -1},
    {"BZ", X::remark}};
constexpr OldColumn kOldPenalty[] = {{"CF_WSH", C::document_no}, {"CF_CFMC", C::violation},
                                     {"CF_CFLB1", C::kinds},     {"CF_SY", C::facts},
                                     {"CF_YJ", C::basis},        {"CF_XDR_MC", C::name},
                                     {"CF_XDR_SHXYM", C::code},  {"CF_FR", C::person},
                                     {"CF_JG", C::content},      {"CF_JDRQ", C::decided},
                                     {"CF_JZQ", C::valid_to},    {"CF_XZJG", C::organ},
                                     {"CF_ZT", -1, "0"},         {"DFBM", -1},
                                     {"BZ", C::remark}};

std::span<const OldColumn> old_columns(Item item) {
    if (item == Item::permit) return kOldPermit;
    return kOldPenalty;
}

/// What one file holds and how it is written; follows from the options, item, department and year.
struct Plan {
    Item item = Item::registration;
    int department = 0;
    int year = 0;
    bool stock = false;  // registrations of before the first year
    std::int64_t rows = 0;
    Format format = Format::utf8;
    Style style;
    bool old_version = false;
};

/// Writes rows in the file's own columns, soiled as the plan says, and counts.
class Writer {
  public:
    static Result<Writer> create(const County& county, const Plan& plan, const std::filesystem::path& path) {
        Writer writer(county, plan, TRY(create_table_file(path, plan.format)));
        writer.done_.path = path;
        writer.done_.item = item_name(plan.item);
        writer.done_.unit_code = county.units()[plan.department].code;
        TRY(writer.write_header());
        return writer;
    }

    Result<void> write(Row& row) {
        if (dice_.per_mille(kFaultyPerMille)) {
            add_fault(plan_.item, county_.options().today, dice_, row);
            ++done_.faulty;
        } else if (dice_.per_mille(kSlipPerMille)) {
            add_slip(plan_.item, dice_, row);
        }
        TRY(write_clean(row));
        if (dice_.per_mille(kRepeatedPerMille)) TRY(write_clean(row));
        return {};
    }

    Result<void> write_clean(const Row& row) {
        ++done_.rows;
        if (!plan_.old_version) return file_->write(row);
        const auto columns = old_columns(plan_.item);
        old_row_.resize(columns.size());
        for (std::size_t i = 0; i < columns.size(); ++i) {
            const OldColumn& column = columns[i];
            if (column.code == "DFBM") {
                old_row_[i] = county_.options().division;
            } else if (column.from < 0) {
                old_row_[i] = column.constant;
            } else {
                old_row_[i] = row[column.from];
            }
        }
        return file_->write(old_row_);
    }

    Result<File> finish() {
        TRY(file_->finish());
        return done_;
    }

  private:
    Writer(const County& county, const Plan& plan, std::unique_ptr<TableFile> file)
        : county_(county),
          plan_(plan),
          file_(std::move(file)),
          dice_(county.options().seed, 1000 + static_cast<int>(plan.item),
                plan.year * 100 + plan.department + plan.stock) {}

    Result<void> write_header() {
        Row header;
        if (plan_.old_version) {
            for (const OldColumn& column : old_columns(plan_.item)) header.emplace_back(column.code);
        } else {
            for (const Column& column : columns(plan_.item)) {
                header.emplace_back(plan_.style.chinese_header ? column.name_zh : column.code);
            }
        }
        return file_->write(header);
    }

    const County& county_;
    Plan plan_;
    std::unique_ptr<TableFile> file_;
    Dice dice_;
    Row old_row_;
    File done_;
};

/// Formats and styles as a department has them for a year.
Plan make_plan(const County& county, Item item, int department, int year) {
    Plan plan{.item = item, .department = department, .year = year};
    Dice dice(county.options().seed, 500 + department, year * 4 + static_cast<int>(item));
    const auto format = dice.below(10);
    plan.format = format < 3   ? Format::utf8
                  : format < 5 ? Format::utf8_bom
                  : format < 7 ? Format::gb18030
                               : Format::xlsx;
    plan.style.dates = static_cast<Style::Dates>(dice.below(4));
    if (plan.format == Format::xlsx) plan.style.dates = Style::Dates::slashes;  // which become date cells
    plan.style.brackets = static_cast<int>(dice.per_mille(600) ? 0 : dice.below(6));
    plan.style.chinese_header = dice.per_mille(400);
    plan.old_version = item != Item::registration && year == county.first_year();
    return plan;
}

/// The share of a total that one department has in one of the ten years; rounding is settled in the last
/// year.
std::int64_t share(std::int64_t total, int weight, int weights, int year_index) {
    const auto until = [&](int years) { return total * weight / weights * years / 10; };
    return until(year_index + 1) - until(year_index);
}

std::filesystem::path file_path(const std::filesystem::path& folder, const Plan& plan) {
    const std::string year = plan.stock ? "before" : std::to_string(plan.year);
    std::string name =
        year + "-" + std::string(item_name(plan.item)) + "-" + std::to_string(plan.department + 1);
    return folder / name.append(extension(plan.format));
}

Result<File> write_registrations(const County& county, const Plan& plan, const std::filesystem::path& path) {
    Writer writer = TRY(Writer::create(county, plan, path));
    Row row;
    const std::int64_t known = plan.stock ? 0 : county.known_by(plan.year - 1);
    for (std::int64_t i = 0; !plan.stock && i < known; ++i) {
        const bool renamed = county.renamed_in(i) == plan.year, gone = county.gone_in(i) == plan.year;
        if (!renamed && !gone) continue;
        fill_registration(county, i, plan.year, gone ? "注销" : "存续", plan.style, row);
        TRY(writer.write_clean(row));
    }
    const std::int64_t end = county.known_by(plan.stock ? plan.year - 1 : plan.year);
    for (std::int64_t i = known; i < end; ++i) {
        fill_registration(county, i, plan.year, "存续", plan.style, row);
        TRY(writer.write(row));
    }
    return writer.finish();
}

/// An organisation that exists in the year; few have many records, many have few.
std::int64_t pick_organisation(const County& county, int year, Dice& dice) {
    const auto known = static_cast<std::uint64_t>(county.known_by(year));
    for (;;) {
        const auto part = dice.below(known);
        // Half of the acts meet a tenth of the organisations.
        const auto organisation = static_cast<std::int64_t>(dice.per_mille(500) ? part / 10 * 10 : part);
        const int gone = county.gone_in(organisation);
        if (gone == 0 || gone > year) return organisation;
    }
}

Result<File> write_acts(const County& county, const Plan& plan, const std::filesystem::path& path) {
    Writer writer = TRY(Writer::create(county, plan, path));
    Dice dice(county.options().seed, 100 + plan.department, plan.year * 4 + static_cast<int>(plan.item));
    Row row;
    for (std::int64_t i = 0; i < plan.rows; ++i) {
        const Act act{plan.department, plan.year, i + 1};
        const std::int64_t organisation = pick_organisation(county, plan.year, dice);
        (plan.item == Item::permit ? fill_permit : fill_penalty)(county, act, organisation, plan.style, dice,
                                                                 row);
        TRY(writer.write(row));
    }
    return writer.finish();
}

/// All files in the order in which they arrive.
std::vector<Plan> make_plans(const County& county) {
    const Volume total = volume(county.options().size);
    std::vector<Plan> plans;
    plans.push_back(make_plan(county, Item::registration, 0, county.first_year()));
    plans.back().stock = true;
    int permit_weights = 0, penalty_weights = 0;
    for (const Department& department : departments()) {
        permit_weights += department.permit_weight;
        penalty_weights += department.penalty_weight;
    }
    for (int year = county.first_year(); year <= county.last_year(); ++year) {
        plans.push_back(make_plan(county, Item::registration, 0, year));
        for (int i = 0; i < static_cast<int>(departments().size()); ++i) {
            const Department& department = departments()[i];
            const int index = year - county.first_year();
            Plan permits = make_plan(county, Item::permit, i, year),
                 penalties = make_plan(county, Item::penalty, i, year);
            permits.rows = share(total.permits, department.permit_weight, permit_weights, index);
            penalties.rows = share(total.penalties, department.penalty_weight, penalty_weights, index);
            if (permits.rows > 0) plans.push_back(permits);
            if (penalties.rows > 0) plans.push_back(penalties);
        }
    }
    return plans;
}

}  // namespace

std::optional<Size> size_by_name(std::string_view name) {
    if (name == "small") return Size::small;
    if (name == "county") return Size::county;
    if (name == "city") return Size::city;
    return std::nullopt;
}

Volume volume(Size size) {
    switch (size) {
        case Size::small:
            return {2'000, 13'000, 5'000};
        case Size::county:
            return {60'000, 740'000, 195'000};
        case Size::city:
            return {1'000'000, 7'100'000, 1'800'000};
    }
    return {};
}

std::vector<Unit> units(const Options& options) {
    return County(options).units();
}

Result<std::vector<File>> generate(const Options& options, const std::filesystem::path& folder,
                                   const Sink& sink) {
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    if (failure) return fail(Fault::file_unwritable, folder.string(), failure.message());
    const County county(options);
    std::vector<File> files;
    for (const Plan& plan : make_plans(county)) {
        const auto path = file_path(folder, plan);
        const auto write = plan.item == Item::registration ? write_registrations : write_acts;
        files.push_back(TRY(write(county, plan, path)));
        if (sink) TRY(sink(files.back()));
    }
    return files;
}

Result<File> write_clean_rows(const Options& options, std::string_view item, std::int64_t rows,
                              std::int64_t organisations, const std::filesystem::path& path) {
    CHECK(organisations > 0 && rows >= 0);
    CHECK(item == "registration" || item == "permit" || item == "penalty");
    const County county(options);
    Plan plan{.item = item == "registration" ? Item::registration
                      : item == "permit"     ? Item::permit
                                             : Item::penalty,
              .year = county.last_year()};
    Writer writer = TRY(Writer::create(county, plan, path));
    Dice dice(options.seed, 900);
    Row row;
    for (std::int64_t i = 0; i < rows; ++i) {
        const Act act{0, plan.year, i + 1};
        if (plan.item == Item::registration) {
            fill_registration(county, i, plan.year, "存续", plan.style, row);
        } else {
            (plan.item == Item::permit ? fill_permit : fill_penalty)(county, act, i % organisations,
                                                                     plan.style, dice, row);
        }
        TRY(writer.write_clean(row));
    }
    return writer.finish();
}

}  // namespace mingxin::demo
