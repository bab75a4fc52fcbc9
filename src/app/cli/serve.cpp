#include "cli/commands.h"
namespace mingxin::cli {
Result<int> serve(const Common&, const ServeOptions&) { return fail(Fault::internal); }
Result<int> openapi(const Common&) { return fail(Fault::internal); }
}
