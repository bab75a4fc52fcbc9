// A file sealed with SM4-GCM in pieces of a megabyte: u32 length and the sealed piece, each bound to its
// place and to the context. Internal to collect.
#pragma once
#include <filesystem>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace mingxin::collect {
Result<void> seal_file(const std::filesystem::path& plain, const std::filesystem::path& sealed, BytesView key,
                       const std::string& context);
/// Fault::seal_broken when anything was changed, moved or cut off.
Result<std::string> open_sealed_file(const std::filesystem::path& sealed, BytesView key,
                                     const std::string& context);
}  // namespace mingxin::collect
