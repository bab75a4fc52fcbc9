// Values to and from PostgreSQL's binary form.
#include <cstring>

#include "base/check.h"
#include "store/postgres_connection.h"

namespace mingxin::store {
namespace {

std::uint64_t big_endian(const std::uint8_t* at, int size) {
    std::uint64_t value = 0;
    for (int i = 0; i < size; ++i) {
        value = value << 8 | at[i];
    }
    return value;
}

/// The whole part of a numeric (sum() of integers is one): groups of four decimal digits.
std::int64_t decode_numeric(const std::uint8_t* at) {
    const auto digits = static_cast<std::int16_t>(big_endian(at, 2));
    const auto weight = static_cast<std::int16_t>(big_endian(at + 2, 2));
    const bool negative = big_endian(at + 4, 2) == 0x4000;
    __int128 value = 0;
    for (int group = 0; group <= weight && group < 6; ++group) {
        value = value * 10'000 + (group < digits ? static_cast<int>(big_endian(at + 8 + 2 * group, 2)) : 0);
    }
    return static_cast<std::int64_t>(negative ? -value : value);
}

Oid type_of(const Value& value) {
    switch (value.kind()) {
        case Value::Kind::integer:
            return oid::int8;
        case Value::Kind::text:
            return oid::text;
        case Value::Kind::blob:
            return oid::bytea;
        case Value::Kind::null:
            return 0;  // left to the server
    }
    return 0;
}

constexpr int text_format = 0;
constexpr int binary_format = 1;

}  // namespace

void PostgresParameters::add(const Value& value, Oid type) {
    offsets_.push_back(bytes_.size());
    int format = binary_format;
    if (value.kind() == Value::Kind::integer && type == oid::int8) {
        for (int shift = 56; shift >= 0; shift -= 8) {
            bytes_.push_back(static_cast<char>(static_cast<std::uint64_t>(value.integer()) >> shift));
        }
    } else if (value.kind() == Value::Kind::integer) {
        bytes_ += std::to_string(value.integer());  // the server reads it as whatever it wants there
        format = text_format;
    } else {
        bytes_ += as_text(value.view());
        const bool text_for_other =
            value.kind() == Value::Kind::text && type != oid::text && type != oid::varchar && type != 0;
        format = text_for_other ? text_format : binary_format;
    }
    lengths_.push_back(static_cast<int>(bytes_.size() - offsets_.back()));
    formats_.push_back(format);
    types_.push_back(type);
    bytes_.push_back('\0');
}

void PostgresParameters::set(Values values, const std::vector<Oid>& types) {
    bytes_.clear();
    offsets_.clear();
    lengths_.clear();
    formats_.clear();
    types_.clear();
    data_.clear();
    for (std::size_t i = 0; i < values.size(); ++i) {
        const Oid known = i < types.size() ? types[i] : 0;
        add(values[i], known != 0 ? known : type_of(values[i]));
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
        data_.push_back(values[i].kind() == Value::Kind::null ? nullptr : bytes_.data() + offsets_[i]);
    }
}

bool is_readable(Oid type) {
    switch (type) {
        case oid::boolean:
        case oid::bytea:
        case oid::int2:
        case oid::int4:
        case oid::int8:
        case oid::text:
        case oid::name:
        case oid::unknown:
        case oid::bpchar:
        case oid::varchar:
        case oid::numeric:
            return true;
        default:
            return false;
    }
}

Value decode(const PGresult* rows, int row, int column) {
    if (PQgetisnull(rows, row, column) != 0) {
        return {};
    }
    const auto* data = reinterpret_cast<const std::uint8_t*>(PQgetvalue(rows, row, column));
    const auto size = static_cast<std::size_t>(PQgetlength(rows, row, column));
    switch (PQftype(rows, column)) {
        case oid::boolean:
            return {data[0] != 0};
        case oid::int2:
            return {static_cast<std::int16_t>(big_endian(data, 2))};
        case oid::int4:
            return {static_cast<std::int32_t>(big_endian(data, 4))};
        case oid::int8:
            return {static_cast<std::int64_t>(big_endian(data, 8))};
        case oid::numeric:
            return {decode_numeric(data)};
        case oid::bytea:
            return {BytesView(data, size)};
        default:
            return {std::string_view(reinterpret_cast<const char*>(data), size)};
    }
}

}  // namespace mingxin::store
