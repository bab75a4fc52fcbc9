#include "content/picture_file.h"

#include <zlib.h>

#include <algorithm>

namespace mingxin::content {

namespace {

constexpr std::string_view kPngSignature("\x89PNG\r\n\x1a\n", 8);

tl::unexpected<Error> unusable(const char* what) {
    return fail(Fault::picture_unusable, what);
}

std::uint32_t byte_at(std::string_view file, std::size_t at) {
    return static_cast<unsigned char>(file[at]);
}
std::uint32_t two_bytes(std::string_view file, std::size_t at) {
    return byte_at(file, at) << 8 | byte_at(file, at + 1);
}
std::uint32_t four_bytes(std::string_view file, std::size_t at) {
    return two_bytes(file, at) << 16 | two_bytes(file, at + 2);
}

Result<void> check_size(std::uint32_t width, std::uint32_t height) {
    if (width == 0 || height == 0) return unusable("图片没有宽或高");
    const bool large =
        width > kPictureSide_px || height > kPictureSide_px || std::int64_t{width} * height > kPictureMost_px;
    if (large) {
        return fail(Fault::picture_too_large, std::to_string(width) + "×" + std::to_string(height) + " 像素");
    }
    return {};
}

/// What draws the picture; tRNS and PLTE are part of it, gAMA, cHRM and sRGB are numbers without a text.
bool is_drawing_chunk(std::string_view type) {
    for (std::string_view kept :
         {"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "sBIT", "bKGD"}) {
        if (type == kept) return true;
    }
    return false;
}

Result<PictureFile> clean_png(std::string_view file) {
    PictureFile picture{std::string(kPngSignature), "image/png"};
    bool data = false;
    for (std::size_t at = kPngSignature.size(); at + 12 <= file.size();) {
        const std::size_t length = four_bytes(file, at);
        if (length > file.size() - at - 12) return unusable("图片不完整");
        const std::string_view type = file.substr(at + 4, 4);
        const auto crc =
            ::crc32(0, reinterpret_cast<const Bytef*>(file.data() + at + 4), static_cast<uInt>(length + 4));
        if (crc != four_bytes(file, at + 8 + length)) return unusable("图片已损坏：校验值不符");
        const bool first = picture.bytes.size() == kPngSignature.size();
        if (first != (type == "IHDR")) return unusable("图片已损坏：次序不对");
        if (first) {
            if (length != 13) return unusable("图片已损坏");
            const std::uint32_t width = four_bytes(file, at + 8), height = four_bytes(file, at + 12);
            TRY(check_size(width, height));
            picture.width = static_cast<int>(width);
            picture.height = static_cast<int>(height);
        }
        if (type == "acTL") return unusable("不支持动画图片");
        data = data || type == "IDAT";
        if (is_drawing_chunk(type)) picture.bytes.append(file.substr(at, length + 12));
        if (type == "IEND") {
            if (!data) return unusable("图片没有内容");
            return picture;
        }
        at += length + 12;
    }
    return unusable("图片不完整");
}

bool is_frame(std::uint32_t marker) {  // SOF0..15 without DHT, JPG, DAC
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

/// APP0 (JFIF, without its thumbnail's kin JFXX) and APP14 (Adobe: how the colours are meant) draw; other
/// APPn and comments tell.
bool is_drawing_segment(std::uint32_t marker, std::string_view content) {
    if (marker == 0xE0) return content.starts_with(std::string_view("JFIF\0", 5));
    if (marker == 0xEE) return content.starts_with("Adobe");
    return marker < 0xE0;
}

/// A JFIF header may hold a thumbnail: of it only the fixed part is kept.
std::string kept_segment(std::uint32_t marker, std::string_view content) {
    std::string kept(content);
    if (marker == 0xE0 && kept.size() > 14) kept.resize(14);
    if (marker == 0xE0 && kept.size() == 14) kept[12] = kept[13] = '\0';
    const std::size_t length = kept.size() + 2;
    const char head[4] = {'\xFF', static_cast<char>(marker), static_cast<char>(length >> 8),
                          static_cast<char>(length & 0xFF)};
    return std::string(head, 4) + kept;
}

/// Entropy-coded data runs up to the next marker that is neither stuffed nor a restart.
std::size_t scan_end(std::string_view file, std::size_t at) {
    while (at + 1 < file.size()) {
        const bool marker = byte_at(file, at) == 0xFF && byte_at(file, at + 1) != 0 &&
                            (byte_at(file, at + 1) < 0xD0 || byte_at(file, at + 1) > 0xD7);
        if (marker) return at;
        ++at;
    }
    return file.size();
}

Result<PictureFile> clean_jpeg(std::string_view file) {
    PictureFile picture{std::string(file.substr(0, 2)), "image/jpeg"};
    bool scan = false;
    for (std::size_t at = 2; at + 2 <= file.size();) {
        if (byte_at(file, at) != 0xFF) return unusable("图片已损坏");
        const std::uint32_t marker = byte_at(file, at + 1);
        if (marker == 0xFF) {  // fill
            ++at;
            continue;
        }
        if (marker == 0xD9) {
            if (!scan || picture.width == 0) return unusable("图片没有内容");
            picture.bytes.append("\xFF\xD9");
            return picture;
        }
        if (at + 4 > file.size()) break;
        const std::size_t length = two_bytes(file, at + 2);
        if (length < 2 || at + 2 + length > file.size()) break;
        const std::string_view content = file.substr(at + 4, length - 2);
        if (is_frame(marker)) {
            if (content.size() < 6) return unusable("图片已损坏");
            const std::uint32_t height = two_bytes(content, 1), width = two_bytes(content, 3);
            TRY(check_size(width, height));
            picture.width = static_cast<int>(width);
            picture.height = static_cast<int>(height);
        }
        if (is_drawing_segment(marker, content)) picture.bytes += kept_segment(marker, content);
        at += 2 + length;
        if (marker == 0xDA) {
            const std::size_t end = scan_end(file, at);
            picture.bytes.append(file.substr(at, end - at));
            scan = true;
            at = end;
        }
    }
    return unusable("图片不完整");
}

}  // namespace

Result<PictureFile> clean_picture(std::string_view file) {
    if (file.size() > kPictureMost_bytes) {
        return fail(Fault::picture_too_large, std::to_string(file.size() >> 20) + " MB 以上");
    }
    if (file.starts_with(kPngSignature)) return clean_png(file);
    if (file.starts_with("\xFF\xD8\xFF")) return clean_jpeg(file);
    return unusable("不是 PNG 或 JPEG 图片");
}

}  // namespace mingxin::content
