// Reads and checks a file on a thread of its own, so that reading and storing overlap. Internal to collect.
#pragma once
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/result.h"
#include "collect/table_reader.h"
#include "quality/quality.h"

namespace mingxin::collect {

/// Rows of one stretch of the file, checked, in file order. Reused, so that strings keep their memory.
struct CheckedRows {
    std::vector<quality::CheckedRow> rows;
    std::vector<std::int64_t> row_numbers;
    std::size_t size = 0;
    double part = 0;  // of the file read so far
};

/// One producer, one consumer. The destructor stops the thread.
class CheckedRowSource {
  public:
    /// reader and checker must outlive the source and are used by its thread alone.
    CheckedRowSource(TableReader& reader, quality::Checker& checker);
    ~CheckedRowSource();
    /// The next rows; nullptr at the end of the file. A failure of the reader ends the reading. The pointer
    /// is valid until the next call.
    Result<CheckedRows*> next();

  private:
    void run();
    bool wait_for_room();
    TableReader& reader_;
    quality::Checker& checker_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::unique_ptr<CheckedRows>> ready_, spare_;
    std::unique_ptr<CheckedRows> in_use_;
    std::optional<Error> error_;
    bool ended_ = false, stop_ = false;
    std::thread thread_;
};

}  // namespace mingxin::collect
