#include "collect/checked_rows.h"

namespace mingxin::collect {

namespace {
constexpr std::size_t kRowsAtOnce = 1024;
constexpr int kBuffers = 4;
}  // namespace

CheckedRowSource::CheckedRowSource(TableReader& reader, quality::Checker& checker)
    : reader_(reader), checker_(checker) {
    for (int i = 0; i < kBuffers; ++i) spare_.push_back(std::make_unique<CheckedRows>());
    thread_ = std::thread([this] { run(); });
}

CheckedRowSource::~CheckedRowSource() {
    {
        std::lock_guard lock(mutex_);
        stop_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

bool CheckedRowSource::wait_for_room() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return stop_ || !spare_.empty(); });
    return !stop_;
}

void CheckedRowSource::run() {
    RowChunk chunk;
    while (wait_for_room()) {
        Result<void> read = reader_.read(chunk, kRowsAtOnce);
        std::unique_ptr<CheckedRows> rows;
        if (read.ok() && chunk.size() > 0) {
            {
                std::lock_guard lock(mutex_);
                rows = std::move(spare_.front());
                spare_.pop_front();
            }
            rows->size = chunk.size();
            if (rows->rows.size() < chunk.size()) rows->rows.resize(chunk.size());
            rows->row_numbers.resize(chunk.size());
            for (std::size_t i = 0; i < chunk.size(); ++i) {
                rows->row_numbers[i] = chunk.row_number(i);
                checker_.check(chunk.cells(i), rows->rows[i]);
            }
            rows->part = reader_.progress();
        }
        std::lock_guard lock(mutex_);
        if (!read.ok()) error_ = read.error();
        ended_ = !rows;
        if (rows) ready_.push_back(std::move(rows));
        changed_.notify_all();
        if (ended_) return;
    }
}

Result<CheckedRows*> CheckedRowSource::next() {
    std::unique_lock lock(mutex_);
    if (in_use_) {
        spare_.push_back(std::move(in_use_));
        changed_.notify_all();
    }
    changed_.wait(lock, [this] { return ended_ || !ready_.empty(); });
    if (ready_.empty()) {
        if (error_) return fail(*error_);
        return static_cast<CheckedRows*>(nullptr);
    }
    in_use_ = std::move(ready_.front());
    ready_.pop_front();
    return in_use_.get();
}

}  // namespace mingxin::collect
