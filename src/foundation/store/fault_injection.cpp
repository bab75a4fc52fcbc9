#include "store/fault_injection.h"

#include <atomic>

namespace mingxin::store {
namespace {
std::atomic<std::int64_t> statements_left{0};
}

void inject_failure(std::int64_t nth) {
    statements_left = nth;
}

bool take_injected_failure() {
    return statements_left.load(std::memory_order_relaxed) > 0 && statements_left.fetch_sub(1) == 1;
}

}  // namespace mingxin::store
