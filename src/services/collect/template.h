// The workbook (XLSX) in which a unit hands in an item, made from the rulebook: 数据 with a header that says
// what each column asks for, drop-downs and formats; 填写说明 with a row for each field, how to hand in and
// what is refused; 示例 with invented rows. What is filled in on 数据 is read back by collect; the other two
// say of themselves that they are no data (kNotDataMark).
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "api/api.h"
#include "base/result.h"
#include "base/time.h"
#include "collect/columns.h"
#include "rulebook/rulebook.h"

namespace mingxin::collect {

struct Template {
    const rulebook::Rulebook& rulebook;
    const rulebook::Item& item;
    SubmittingUnit unit;  // in whose name the examples speak
    Date today;
    std::vector<std::vector<std::string>> rows = {};  // of 数据, by field; empty: to be filled in
};

/// Whole or not at all. Fault::file_unwritable.
Result<void> write_template(const Template& made, const std::filesystem::path& file);

/// GET /api/v1/items/{item}/template.
std::vector<api::Endpoint> template_endpoints(std::shared_ptr<const rulebook::Rulebook> rules);

}  // namespace mingxin::collect
