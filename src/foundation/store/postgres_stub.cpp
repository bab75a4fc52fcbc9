#include "store/connection.h"
namespace mingxin::store {
Result<std::unique_ptr<Connector>> open_postgres(const std::string& url, const Options&) {
    return fail(Fault::store_unavailable, url);
}
}  // namespace mingxin::store
