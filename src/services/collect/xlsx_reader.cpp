#include "collect/reader_kinds.h"
namespace mingxin::collect {
Result<std::unique_ptr<TableReader>> open_xlsx(const std::filesystem::path&, const OpenOptions&) {
    return fail(Fault::unsupported_format);
}
}  // namespace mingxin::collect
