// Not built: tests/CMakeLists.txt compiles it twice, to see that an endpoint without a permission is refused.
#include "api/api.h"

namespace mingxin::api {

Endpoint endpoint(ReadHandler handler) {
    return Endpoint("thing.show", Method::get, "/things",
#ifndef WITHOUT_PERMISSION
                    Permission::anyone,
#endif
                    Audit::metered, "事物", "Things", {}, {}, std::move(handler));
}

}  // namespace mingxin::api
