#include "exports/exports.h"

#include <optional>

#include "base/json.h"
#include "journal/journal.h"
#include "record/record.h"
#include "workbook/csv_writer.h"
#include "workbook/xlsx_writer.h"

namespace mingxin::exports {

using api::Field;
using api::FieldType;
using api::Where;
using listing::Asked;
using listing::Cell;
using listing::Listing;
using listing::Row;
using listing::Walk;

namespace {

constexpr std::int64_t kTold = 500;  // rows between two looks at whether it was cancelled

/// A table that grows row by row, in either format.
class Table {
  public:
    static Result<Table> create(const Listing& listing, Format format, const std::filesystem::path& path) {
        Table table(listing);
        if (format == Format::csv) {
            table.csv_.emplace(TRY(workbook::CsvWriter::create(path)));
            TRY(table.head());
        } else {
            table.xlsx_.emplace(TRY(workbook::XlsxWriter::create(path)));
            TRY(table.begin_sheet());
        }
        return table;
    }

    Result<void> row(std::span<const Cell> cells) {
        if (csv_) {
            for (const Cell& cell : cells) csv_->cell(cell.text, cell.number);
            return csv_->end_row();
        }
        if (xlsx_->sheet_full()) TRY(begin_sheet());
        out_.clear();
        for (const Cell& cell : cells) {
            out_.push_back(
                {cell.text, cell.number ? workbook::CellStyle::count : workbook::CellStyle::plain});
        }
        return xlsx_->write_row(out_);
    }

    Result<void> finish() { return csv_ ? csv_->finish() : xlsx_->finish(); }

  private:
    explicit Table(const Listing& listing) : listing_(&listing) {}

    Result<void> begin_sheet() {
        workbook::SheetLayout layout;
        layout.name = listing_->title_zh;
        layout.filter_row = 1;
        for (const listing::Column& column : listing_->columns) layout.column_widths.push_back(column.width);
        TRY(xlsx_->begin_sheet(std::move(layout)));
        return head();
    }

    Result<void> head() {
        out_.clear();
        for (const listing::Column& column : listing_->columns) {
            if (csv_) csv_->cell(column.title_zh, false);
            out_.push_back({column.title_zh, workbook::CellStyle::header});
        }
        return csv_ ? csv_->end_row() : xlsx_->write_row(out_);
    }

    const Listing* listing_;
    std::optional<workbook::CsvWriter> csv_;
    std::optional<workbook::XlsxWriter> xlsx_;
    std::vector<workbook::OutCell> out_;
};

}  // namespace

Result<std::int64_t> write_list(const Listing& listing, const Asked& asked, bool descending, Format format,
                                store::ReadTx& tx, tasks::Run& run) {
    Table table = TRY(Table::create(listing, format, run.file()));
    std::int64_t lines = 0, visited = 0;
    std::vector<Cell> cells;
    const std::size_t width = listing.columns.size();
    const Walk walk{.descending = descending, .from = {}};
    run.at(tasks::Stage::reading, 0, 0);
    TRY(listing.walk(asked, tx, walk, [&](const Row& row) -> Result<bool> {
        if (visited++ % kTold == 0) {
            if (run.cancelled()) return tasks::stopped();
            run.at(tasks::Stage::reading, lines, 0);
        }
        cells.clear();
        row.append_cells(cells);  // some lists have several lines for one row
        for (std::size_t at = 0; at + width <= cells.size(); at += width, ++lines) {
            TRY(table.row(std::span(cells).subspan(at, width)));
        }
        return true;
    }));
    if (run.cancelled()) return tasks::stopped();
    run.at(tasks::Stage::packing, lines, lines);
    TRY(table.finish());
    run.set_rows(lines);
    return lines;
}

namespace {

Result<Format> read_format(std::string_view name) {
    if (name == "xlsx") return Format::xlsx;
    if (name == "csv") return Format::csv;
    return fail(Fault::bad_argument, "format 应为 xlsx 或 csv");
}

/// The filters that were set, for the event; free text may be anything that somebody typed.
std::string event_payload(const Listing& listing, const Asked& asked, Format format, std::int64_t rows) {
    JsonWriter json;
    json.begin_object().field("list", listing.id).field("format", format == Format::csv ? "csv" : "xlsx");
    json.field("rows", rows).key("filters").begin_object();
    for (const Field& filter : listing.filters) {
        const char* name = filter.where == Where::path ? "batch" : filter.name;
        if (asked.in.has(name)) json.key(name).text(record::mask_personal(asked.in.text(name)));
    }
    json.end_object().end_object();
    return json.take();
}

Result<void> run_export(const Listing& listing, const Desk& desk, const Asked& asked, Format format,
                        bool descending, tasks::Run& run) {
    std::int64_t rows = 0;
    {
        auto tx = TRY(desk.database->read());
        rows = TRY(write_list(listing, asked, descending, format, tx, run));
    }
    return desk.write([&](store::Tx& tx) -> Result<void> {
        TRY(journal::append(tx,
                            {"list.exported", asked.who.name, event_payload(listing, asked, format, rows),
                             desk.rulebook_digest},
                            desk.now()));
        return {};
    });
}

/// "导出-批次-20261120120506.xlsx"
std::string file_name(const Listing& listing, Format format, Instant now) {
    return "导出-" + std::string(listing.title_zh) + "-" + now.to_local_digits() +
           (format == Format::csv ? ".csv" : ".xlsx");
}

Result<api::Reply> start(const std::shared_ptr<const Listing>& listing,
                         const std::shared_ptr<const Desk>& desk, const api::Call& call,
                         const api::Input& in) {
    const Format format = TRY(read_format(in.text("format")));
    const bool descending = TRY(listing::wants_descending(*listing, in));
    const Asked asked{call.principal, call.now, in};
    {  // What is wrong with the filters is told at once.
        auto tx = TRY(desk->database->read());
        const Walk first{.descending = descending, .from = {}, .most = 1, .contents = false};
        TRY(listing->walk(asked, tx, first, [](const Row&) -> Result<bool> { return false; }));
    }
    const std::string id = listing->export_path;
    tasks::Order order;
    order.kind = "export." + id.substr(id.rfind('/') + 1);
    order.owner = call.principal.name;
    order.permission = listing->permission;
    order.file_name = file_name(*listing, format, call.now);
    order.work = [listing, desk, asked, format, descending](tasks::Run& run) {
        return run_export(*listing, *desk, asked, format, descending, run);
    };
    return tasks::started(TRY(desk->tasks->start(std::move(order))));
}

std::vector<Field> export_fields(const Listing& listing) {
    std::vector<Field> fields = {
        {"format", FieldType::text, "xlsx 或 csv", "xlsx or csv", true, Where::body, "xlsx", {}, true}};
    for (Field filter : listing.filters) {
        const std::string_view name = filter.name;
        if (name == "before" || name == "after") continue;
        if (filter.where == Where::path) filter.name = "batch";
        filter.where = Where::body;
        fields.push_back(filter);
    }
    fields.push_back({"order", FieldType::text, "次序：newest（新的在前）或 oldest（旧的在前）",
                      "order: newest or oldest first", false, Where::body, "newest"});
    return fields;
}

}  // namespace

std::vector<api::Endpoint> endpoints(std::vector<Listing> lists, std::shared_ptr<const Desk> desk) {
    std::vector<api::Endpoint> all;
    for (Listing& given : lists) {
        auto listing = std::make_shared<const Listing>(std::move(given));
        api::Endpoint endpoint(
            listing->export_id, api::Method::post, listing->export_path, listing->permission,
            api::Audit::metered,  // its event list.exported is the audit
            listing->export_zh, "The list as a file, with its filters; answers with a task to follow",
            export_fields(*listing), tasks::started_fields(),
            api::LongHandler([listing, desk](const api::Call& call, const api::Input& in) {
                return start(listing, desk, call, in);
            }));
        endpoint.reply_status = 202;
        endpoint.refusals = listing->refusals;
        endpoint.refusals.insert(endpoint.refusals.end(), {Fault::bad_argument, Fault::tasks_full});
        all.push_back(std::move(endpoint));
    }
    return all;
}

}  // namespace mingxin::exports
