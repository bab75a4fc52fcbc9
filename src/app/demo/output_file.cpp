#include "demo/output_file.h"

#include <cerrno>
#include <cstring>

namespace mingxin::demo {

Result<OutputFile> OutputFile::create(const std::filesystem::path& path) {
    std::FILE* file = std::fopen(path.c_str(), "wb");
    if (file == nullptr) return fail(Fault::file_unwritable, path.string(), std::strerror(errno));
    return OutputFile(path, file);
}

Result<void> OutputFile::write(std::string_view bytes) {
    if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size()) {
        return fail(Fault::file_unwritable, path_.string(), std::strerror(errno));
    }
    size_ += bytes.size();
    return {};
}

Result<void> OutputFile::finish() {
    if (std::fclose(file_.release()) != 0)
        return fail(Fault::file_unwritable, path_.string(), std::strerror(errno));
    return {};
}

}  // namespace mingxin::demo
