// Every list as a file: an XLSX workbook or a CSV table of the rows that the list shows to this caller with
// these filters, written as a task in constant memory. What may not be seen is not in it, because the rows
// come from the list's own walk. Each file leaves an event "list.exported" with the filters and the number of
// rows, before anybody can fetch it.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "api/api.h"
#include "listing/listing.h"
#include "store/store.h"
#include "tasks/tasks.h"

namespace mingxin::exports {

/// What exports run with; valid as long as they may run.
struct Desk {
    store::Database* database = nullptr;
    tasks::Tasks* tasks = nullptr;
    api::RunWrite write;
    std::string rulebook_digest;
    std::function<Instant()> now;
};

enum class Format { xlsx, csv };

/// Writes the rows that asked may see to the task's file, with a head of the columns' names. Returns the rows
/// written. Fault::task_stopped, file_unwritable, the list's own.
Result<std::int64_t> write_list(const listing::Listing& listing, const listing::Asked& asked, bool descending,
                                Format format, store::ReadTx& tx, tasks::Run& run);

/// POST /api/v1/exports/... for each list: 202 with a task.
std::vector<api::Endpoint> endpoints(std::vector<listing::Listing> lists, std::shared_ptr<const Desk> desk);

}  // namespace mingxin::exports
