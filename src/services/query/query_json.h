// JSON pieces shared inside query. Internal to this folder.
#pragma once
#include <string_view>

#include "base/json.h"
#include "record/record.h"

namespace mingxin::query {
/// 企业, 个体工商户, 其他组织.
std::string_view base_zh(int base);
void write_record(JsonWriter& json, const record::ShownRecord& record);
}  // namespace mingxin::query
