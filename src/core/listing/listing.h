// Lists for staff: rows in a stable order that are paged by key (never by number), filtered before they are
// cut, counted up to a bound, and handed out whole as a workbook or a text table. A Listing describes one
// list once; its endpoint and its export (services/exports) both come from it, so that who exports sees just
// what the list shows. Thread-safe once built.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/api.h"
#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "store/store.h"

namespace mingxin::listing {

/// Counting stops here: beyond it a list only says that there are more.
inline constexpr std::int64_t kCountedMost = 10'000;

/// Who asks for what. The filters are fields of in.
struct Asked {
    api::Principal who;
    Instant now;
    api::Input in;
    Date today() const { return now.date(); }
};

/// Which rows are wanted: those behind from, in this direction.
struct Walk {
    bool descending = true;
    std::string from;  // key of the row before the first one; empty: from the beginning
    std::int64_t most = INT64_MAX;
    bool contents = true;  // false: the rows are only counted; their texts may be missing
};

/// A cell of an export; its text is valid during the visit.
struct Cell {
    std::string text;
    bool number = false;
};

/// Valid during the visit.
struct Row {
    std::string key;
    std::function<void(JsonWriter&)> write_json;           // the object of the list's reply
    std::function<void(std::vector<Cell>&)> append_cells;  // one a column
};
/// Returns whether to go on.
using Visit = std::function<Result<bool>(const Row&)>;

/// How a walk ended: stopped_at is set when it gave up after many rows that may not be shown, with the key
/// from which to go on.
struct Walked {
    std::optional<std::string> stopped_at;
};

struct Column {
    const char* title_zh;
    double width = 16;  // in characters
};

struct Listing {
    const char* id;    // "batch.list"
    const char* path;  // "/api/v1/batches"
    api::Permission permission;
    const char* zh;
    const char* en;
    const char* rows_name;  // field of the reply
    std::vector<api::Field> filters;
    std::vector<api::Field> fields;  // of a row
    bool newest_first = true;        // order without "order"
    std::int64_t limit = 50, most = 200;
    std::vector<Fault> refusals = {};
    /// Visits the rows that match, in key order, at most walk.most of them. Also refuses filters that make no
    /// sense, before the first row.
    std::function<Result<Walked>(const Asked&, store::ReadTx&, const Walk&, const Visit&)> walk;
    /// More fields of the reply beside the rows, and what writes them.
    std::vector<api::Field> more_fields = {};
    std::function<Result<void>(const Asked&, store::ReadTx&, JsonWriter&)> write_more = {};

    // The export.
    const char* export_id;    // "batch.export"
    const char* export_path;  // "/api/v1/exports/batches"
    const char* export_zh;
    const char* title_zh;  // of the sheet and the file
    std::vector<Column> columns;
};

/// The list as an endpoint: filters, limit, order, page; rows, next, previous, count, count_more.
api::Endpoint endpoint(Listing listing);

/// The order that in asks for.
Result<bool> wants_descending(const Listing& listing, const api::Input& in);

/// The filters of a list by the day of receipt.
api::Field received_from();
api::Field received_to();

}  // namespace mingxin::listing
