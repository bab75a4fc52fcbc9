// PNG and JPEG files as they are kept: checked by what they are, not by what they are called, and without
// metadata. Out go texts, times, colour profiles, EXIF with its places, comments, thumbnails, and whatever
// lies behind the end; what stays is what draws the picture. Pure, thread-safe; bounded by the size of the
// file.
#pragma once
#include <string>
#include <string_view>

#include "base/result.h"

namespace mingxin::content {

inline constexpr std::size_t kPictureMost_bytes = 5u << 20;
inline constexpr int kPictureSide_px = 8000;
inline constexpr std::int64_t kPictureMost_px = 40'000'000;

struct PictureFile {
    std::string bytes;  // without metadata
    std::string type;   // "image/png", "image/jpeg"
    int width = 0, height = 0;
};

/// Fault::picture_unusable (another kind, damaged, animated), picture_too_large.
Result<PictureFile> clean_picture(std::string_view file);

}  // namespace mingxin::content
