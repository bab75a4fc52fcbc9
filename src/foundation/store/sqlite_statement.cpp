#include <cstring>

#include "base/check.h"
#include "store/sqlite_connection.h"

namespace mingxin::store {
namespace {

constexpr std::uint8_t no_data = 0;  // a null pointer would bind NULL instead of an empty text or blob

/// $1..$n of a text, as the numbers that SQLite gave them.
std::vector<int> parameter_slots(sqlite3_stmt* statement) {
    const int count = sqlite3_bind_parameter_count(statement);
    std::vector<int> slots;
    for (int slot = 1; slot <= count; ++slot) {
        const char* name = sqlite3_bind_parameter_name(statement, slot);
        CHECK(name != nullptr && name[0] == '$');
        const auto number = static_cast<std::size_t>(std::atoi(name + 1));
        CHECK(number >= 1 && number <= 65535);
        slots.resize(std::max(slots.size(), number), 0);
        slots[number - 1] = slot;
    }
    return slots;
}

}  // namespace

SqliteStatement::~SqliteStatement() {
    sqlite3_finalize(statement_);
}

Result<void> SqliteStatement::prepare() {
    const int code = sqlite3_prepare_v3(owner_.handle(), text_.c_str(), static_cast<int>(text_.size() + 1),
                                        SQLITE_PREPARE_PERSISTENT, &statement_, nullptr);
    if (code != SQLITE_OK) {
        return fail(owner_.error(code));
    }
    CHECK(statement_ != nullptr);
    slots_ = parameter_slots(statement_);
    return {};
}

Result<void> SqliteStatement::bind_one(int slot, const Value& value, const std::uint8_t* data) {
    int code = SQLITE_OK;
    const auto size = value.view().size();
    switch (value.kind()) {
        case Value::Kind::null:
            code = sqlite3_bind_null(statement_, slot);
            break;
        case Value::Kind::integer:
            code = sqlite3_bind_int64(statement_, slot, value.integer());
            break;
        case Value::Kind::text:
            if (size != 0 && std::memchr(data, 0, size) != nullptr) {
                owner_.set_failed(true);  // as PostgreSQL, which has no such text
                return fail(Fault::store_failed, {}, "text with a zero byte: " + text_);
            }
            code = sqlite3_bind_text64(statement_, slot, reinterpret_cast<const char*>(data), size,
                                       SQLITE_STATIC, SQLITE_UTF8);
            break;
        case Value::Kind::blob:
            code = sqlite3_bind_blob64(statement_, slot, data, size, SQLITE_STATIC);
            break;
    }
    if (code != SQLITE_OK) {
        return fail(owner_.error(code));
    }
    return {};
}

Result<void> SqliteStatement::bind(Values values, bool copy) {
    CHECK(values.size() == slots_.size());
    if (copy) {
        std::size_t size = 0;
        for (const Value& value : values) {
            size += value.view().size();
        }
        kept_.resize(size);
    }
    std::uint8_t* end = kept_.data();
    for (std::size_t i = 0; i < values.size(); ++i) {
        const BytesView view = values[i].view();
        const std::uint8_t* data = view.empty() ? &no_data : view.data();
        if (copy && !view.empty()) {
            std::memcpy(end, data, view.size());
            data = end;
            end += view.size();
        }
        if (slots_[i] != 0) {
            TRY(bind_one(slots_[i], values[i], data));
        }
    }
    ended_ = false;
    return {};
}

Result<void> SqliteStatement::run() {
    int code = sqlite3_step(statement_);
    while (code == SQLITE_ROW) {
        code = sqlite3_step(statement_);
    }
    if (code != SQLITE_DONE) {
        Error failure = owner_.error(code);
        sqlite3_reset(statement_);
        return fail(std::move(failure));
    }
    sqlite3_reset(statement_);
    return {};
}

void SqliteStatement::reset() {
    sqlite3_reset(statement_);
    ended_ = true;
}

Result<bool> SqliteStatement::next() {
    if (ended_) {
        return false;
    }
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) {
        return true;
    }
    if (code != SQLITE_DONE) {
        Error failure = owner_.error(code);
        reset();
        return fail(std::move(failure));
    }
    reset();
    return false;
}

bool SqliteStatement::is_null(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t SqliteStatement::integer(int column) const {
    return sqlite3_column_int64(statement_, column);
}

BytesView SqliteStatement::view(int column) const {
    const void* data = sqlite3_column_blob(statement_, column);
    const int size = sqlite3_column_bytes(statement_, column);
    return {static_cast<const std::uint8_t*>(data), data == nullptr ? 0 : static_cast<std::size_t>(size)};
}

Value SqliteStatement::value(int column) const {
    switch (sqlite3_column_type(statement_, column)) {
        case SQLITE_INTEGER:
            return {integer(column)};
        case SQLITE_TEXT:
            return {as_text(view(column))};
        case SQLITE_BLOB:
            return {view(column)};
        default:
            return {};
    }
}

int SqliteStatement::column_count() const {
    return sqlite3_column_count(statement_);
}

void SqliteStatement::close() {
    reset();
    in_use = false;
    if (std::exchange(is_cursor, false)) {
        owner_.cursor_closed();
    }
}

}  // namespace mingxin::store
