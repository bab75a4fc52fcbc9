#include "store/pool.h"

#include <chrono>

#include "base/check.h"

namespace mingxin::store {
namespace {
constexpr std::size_t max_idle_readers = 32;
}

Pool::Pool(std::unique_ptr<Connector> connector, Options options)
    : connector_(std::move(connector)), options_(options) {
    idle_readers_.reserve(max_idle_readers);
}

Pool::~Pool() {
    CHECK(out_ == 0);
    idle_readers_.clear();
    if (idle_writer_) {
        connector_->before_close(*idle_writer_);
    }
}

std::unique_ptr<Connection> Pool::take_reader() {
    std::lock_guard lock(mutex_);
    ++out_;
    if (idle_readers_.empty()) {
        return nullptr;
    }
    auto connection = std::move(idle_readers_.back());
    idle_readers_.pop_back();
    return connection;
}

Result<std::unique_ptr<Connection>> Pool::begin_read() {
    auto connection = take_reader();
    while (connection) {
        auto begun = connection->begin_read();
        if (begun.ok()) {
            connection->set_open(true);
            return connection;
        }
        // Broken while idle (a server that restarted): try the next, at last a new one.
        give_back(std::move(connection));
        connection = take_reader();
    }
    auto made = connector_->connect(false);
    Result<void> begun = made.ok() ? (*made)->begin_read() : fail(std::move(made).error());
    if (!begun.ok()) {
        std::lock_guard lock(mutex_);
        --out_;
        return fail(std::move(begun).error());
    }
    (*made)->pool = this;
    (*made)->set_open(true);
    return made;
}

Result<std::unique_ptr<Connection>> Pool::begin_on_writer() {
    if (auto connection = std::move(idle_writer_)) {
        auto begun = connection->begin_write();
        if (begun.ok()) {
            return connection;
        }
        if (connection->usable()) {
            idle_writer_ = std::move(connection);
            return fail(std::move(begun).error());
        }
    }
    auto connection = TRY(connector_->connect(true));
    TRY(connection->begin_write());
    connection->pool = this;
    connection->writer = true;
    return connection;
}

Result<std::unique_ptr<Connection>> Pool::begin_write() {
    {
        std::unique_lock lock(mutex_);
        const auto wait = std::chrono::milliseconds(options_.wait_ms);
        if (!writer_free_.wait_for(lock, wait, [this] { return !writing_; })) {
            return fail(Fault::store_busy);
        }
        writing_ = true;
        ++out_;
    }
    auto connection = begin_on_writer();
    if (connection.ok()) {
        (*connection)->set_open(true);
        return connection;
    }
    {
        std::lock_guard lock(mutex_);
        writing_ = false;
        --out_;
    }
    writer_free_.notify_one();
    return connection;
}

void Pool::end_turn(Connection& writer) {
    writer.writer = false;
    writer.spare = true;
    {
        std::lock_guard lock(mutex_);
        writing_ = false;
    }
    writer_free_.notify_one();
}

void Pool::give_back(std::unique_ptr<Connection> connection) {
    if (connection->open()) {
        connection->rollback();
        connection->set_open(false);
    }
    connection->set_failed(false);
    const bool writer = connection->writer;
    if (!connection->usable() || connection->spare) {
        connection.reset();
    }
    {
        std::lock_guard lock(mutex_);
        --out_;
        if (writer) {
            writing_ = false;
            idle_writer_ = std::move(connection);
        } else if (connection && idle_readers_.size() < max_idle_readers) {
            idle_readers_.push_back(std::move(connection));
        }
    }
    if (writer) {
        writer_free_.notify_one();
    }
}

}  // namespace mingxin::store
