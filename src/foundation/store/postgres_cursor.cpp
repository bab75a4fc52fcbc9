// The rows of a query, all at once; those of a scan, by the thousand through a cursor of the server.
#include "base/check.h"
#include "store/postgres_connection.h"

namespace mingxin::store {
namespace {

constexpr const char* fetch_rows = "FETCH FORWARD 1000 FROM ";

std::string cursor_name(std::int64_t number) {
    return "mingxin_" + std::to_string(number);
}

class PostgresCursor final : public Cursor::Impl {
  public:
    PostgresCursor(PostgresConnection& connection, PostgresResult rows, std::int64_t number)
        : connection_(connection), rows_(std::move(rows)), epoch_(connection.epoch()), number_(number) {}

    Result<bool> next() override {
        if (connection_.epoch() != epoch_) {
            return false;
        }
        if (++row_ < PQntuples(rows_.get())) {
            return true;
        }
        if (number_ == 0 || PQntuples(rows_.get()) == 0) {
            row_ = PQntuples(rows_.get());
            return false;
        }
        if (connection_.failed() || !connection_.has_cursor(number_)) {
            return fail(Fault::store_aborted);
        }
        const std::string text = fetch_rows + cursor_name(number_);
        rows_ = TRY(connection_.checked(
            PQexecParams(connection_.handle(), text.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 1),
            PGRES_TUPLES_OK));
        row_ = 0;
        return PQntuples(rows_.get()) > 0;
    }

    bool is_null(int column) const override { return PQgetisnull(rows_.get(), row_, column) != 0; }

    std::int64_t integer(int column) const override { return decode(rows_.get(), row_, column).integer(); }
    BytesView view(int column) const override { return decode(rows_.get(), row_, column).view(); }
    Value value(int column) const override { return decode(rows_.get(), row_, column); }
    int column_count() const override { return PQnfields(rows_.get()); }

    void close() override {
        if (number_ != 0 && connection_.epoch() == epoch_ && !connection_.failed() &&
            connection_.has_cursor(number_)) {
            (void)connection_.run("CLOSE " + cursor_name(number_));
        }
        connection_.cursor_closed();
        delete this;
    }

  private:
    PostgresConnection& connection_;
    PostgresResult rows_;
    const std::int64_t epoch_;
    const std::int64_t number_;  // 0: all rows are here
    int row_ = -1;
};

}  // namespace

Result<Cursor::Impl*> PostgresConnection::make_cursor(PostgresResult rows, std::int64_t number) {
    for (int column = 0; column < PQnfields(rows.get()); ++column) {
        if (!is_readable(PQftype(rows.get(), column))) {
            set_failed(true);
            return fail(Fault::store_failed, {},
                        std::string("type of column ") + PQfname(rows.get(), column));
        }
    }
    ++open_cursors_;
    return new PostgresCursor(*this, std::move(rows), number);
}

Result<Cursor::Impl*> PostgresConnection::query(const char* text, Values values) {
    return make_cursor(TRY(execute_prepared(text, values, PGRES_TUPLES_OK)), 0);
}

Result<Cursor::Impl*> PostgresConnection::scan(const char* text, Values values) {
    const std::int64_t number = next_cursor_++;
    const std::string name = cursor_name(number);
    const std::string declare = "DECLARE " + name + " NO SCROLL CURSOR FOR " + text;
    parameters_.set(values, {});
    TRY(checked(PQexecParams(connection_, declare.c_str(), parameters_.count(), parameters_.types(),
                             parameters_.data(), parameters_.lengths(), parameters_.formats(), 1),
                PGRES_COMMAND_OK));
    const std::string fetch = fetch_rows + name;
    return make_cursor(
        TRY(checked(PQexecParams(connection_, fetch.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 1),
                    PGRES_TUPLES_OK)),
        number);
}

}  // namespace mingxin::store
