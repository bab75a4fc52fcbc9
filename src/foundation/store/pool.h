// The connections of a database: any number of readers, one writer, handed out and taken back. Internal to
// this folder. Thread-safe.
#pragma once
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "store/connection.h"

namespace mingxin::store {

class Pool {
  public:
    Pool(std::unique_ptr<Connector> connector, Options options);
    /// All transactions must have ended.
    ~Pool();
    /// A connection with a transaction begun.
    Result<std::unique_ptr<Connection>> begin_read();
    /// Waits for the write transaction of another thread, then for that of another process.
    Result<std::unique_ptr<Connection>> begin_write();
    /// Rolls back what is still open and keeps the connection for the next transaction when it is usable.
    void give_back(std::unique_ptr<Connection> connection);
    /// After a commit with cursors still open: lets the next writer in while the connection is still out.
    void end_turn(Connection& writer);
    Engine engine() const { return connector_->engine(); }
    const Options& options() const { return options_; }

  private:
    std::unique_ptr<Connection> take_reader();
    Result<std::unique_ptr<Connection>> begin_on_writer();

    const std::unique_ptr<Connector> connector_;
    const Options options_;
    std::mutex mutex_;
    std::condition_variable writer_free_;
    std::vector<std::unique_ptr<Connection>> idle_readers_;  // last in, first out: its pages are warm
    std::unique_ptr<Connection> idle_writer_;
    bool writing_ = false;
    int out_ = 0;
};

}  // namespace mingxin::store
