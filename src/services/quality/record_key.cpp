// V13: which rows speak of the same act.
#include "quality/quality.h"

namespace mingxin::quality {

using rulebook::Role;

namespace {

std::uint64_t mixed(std::uint64_t hash, std::string_view text) {
    for (unsigned char byte : text) hash = (hash ^ byte) * 1099511628211ull;
    return (hash ^ 0x1f) * 1099511628211ull;  // a separator, so that "a","bc" differs from "ab","c"
}

}  // namespace

std::int64_t record_key(const rulebook::Item& item, std::string_view subject_code,
                        const std::vector<std::string>& values) {
    std::uint64_t hash = mixed(14695981039346656037ull, item.id);
    hash = mixed(hash, subject_code);
    for (int field : item.key_fields) {
        const Role role = item.fields[field].role;
        if (role != Role::uscc) hash = mixed(hash, values[field]);
    }
    const int document = item.field_with(Role::document_no);
    if (document < 0 || values[document].empty()) {
        for (int field : item.key_without_document) hash = mixed(hash, values[field]);
    }
    return static_cast<std::int64_t>(hash);
}

}  // namespace mingxin::quality
