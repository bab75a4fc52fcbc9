// What every reader must hold on any bytes: no crash, bounded memory, rows in order, cells well-formed UTF-8
// without NUL.
#pragma once
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "base/text.h"
#include "collect/reader_kinds.h"

namespace mingxin::collect {

using Open = Result<std::unique_ptr<TableReader>>(const std::filesystem::path&, const OpenOptions&);

inline void read_table(const std::string& path, Open* open) {
    OpenOptions options;
    options.header_words = {"名称", "a"};
    options.limits.cell_bytes = 4096;
    options.limits.row_bytes = 65536;
    options.limits.columns = 64;
    options.limits.inflated_bytes = 16 << 20;
    options.limits.shared_strings_bytes = 16 << 20;
    auto reader = open(path, options);
    if (!reader.ok()) return;
    RowChunk chunk;
    std::int64_t last = (*reader)->header_row();
    while ((*reader)->read(chunk, 7).ok() && chunk.size() > 0) {
        for (std::size_t i = 0; i < chunk.size(); ++i) {
            if (chunk.row_number(i) <= last) std::abort();
            last = chunk.row_number(i);
            if (chunk.cells(i).size() > 64) std::abort();
            for (const Cell& cell : chunk.cells(i)) {
                if (!is_utf8(cell.text) || cell.text.find('\0') != cell.text.npos) std::abort();
                if ((cell.kind == CellKind::empty) != cell.text.empty()) std::abort();
            }
        }
    }
    (*reader)->notes_zh();
}

/// Reads data with open() through a file, as in earnest.
inline void read_as_file(const std::uint8_t* data, std::size_t size, Open* open) {
    static const std::string path = "/dev/shm/mingxin_fuzz_" + std::to_string(getpid());
    if (FILE* file = fopen(path.c_str(), "wb")) {
        fwrite(data, 1, size, file);
        fclose(file);
    }
    read_table(path, open);
}

}  // namespace mingxin::collect
