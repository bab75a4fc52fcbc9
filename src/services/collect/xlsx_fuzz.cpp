#include "collect/fuzz_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    mingxin::collect::read_as_file(data, size, mingxin::collect::open_xlsx);
    return 0;
}
