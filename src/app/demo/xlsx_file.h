// A workbook of one sheet with inline strings (ECMA-376), written as a stream.
#pragma once
#include <memory>

#include "base/result.h"
#include "demo/output_file.h"
#include "demo/table_file.h"

namespace mingxin::demo {

Result<std::unique_ptr<TableFile>> create_xlsx_file(OutputFile file);

}  // namespace mingxin::demo
