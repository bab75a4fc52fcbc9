// The small markup of article bodies, and its HTML. Blocks stand apart by blank lines:
//   ## heading, ### smaller heading; - item; 1. item; > quotation; | cell | cell | (the first row is the head
//   when |---| follows; a row |+ text | before it is the caption); ![what is seen](picture:DIGEST).
// Within a line: [text](https://… or /path), **strong**. Everything else is text: there is no way to raw
// HTML. Pure functions, thread-safe.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mingxin::content {

/// What showing a picture needs; nullopt: there is none with this digest.
struct PictureFrame {
    int width = 0, height = 0;  // px
};
struct Frames {
    std::string address;  // before the digest: "/pictures/"
    std::function<std::optional<PictureFrame>(std::string_view digest)> find;
};

std::string render_html(std::string_view body, const Frames& frames);

/// Digests of the pictures in a body, each once, in its order.
std::vector<std::string> pictures_in(std::string_view body);

/// 64 lower-case hexadecimal characters.
bool is_digest(std::string_view text);

}  // namespace mingxin::content
