// Any bytes as a mapping file: taken or refused, never a crash; what is taken names fields of the item only.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "collect/columns.h"

using namespace mingxin;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::string path = "/dev/shm/mingxin_mapping_fuzz_" + std::to_string(getpid());
    static const rulebook::Item item = [] {
        rulebook::Item made;
        made.fields.resize(2);
        made.fields[0].code = "A";
        made.fields[1].code = "B";
        return made;
    }();
    if (std::FILE* file = std::fopen(path.c_str(), "wb")) {
        std::fwrite(data, 1, size, file);
        std::fclose(file);
    }
    const auto mapping = collect::read_mapping(path, item);
    if (!mapping.ok()) return 0;
    for (const auto& column : mapping->columns) {
        if (column.field != "A" && column.field != "B") std::abort();
    }
    return 0;
}
