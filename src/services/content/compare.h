// What changed between two texts, line by line. Pure, thread-safe.
#pragma once
#include <string>
#include <vector>

#include "content/content.h"

namespace mingxin::content {

struct Part {
    enum class Kind { same, added, removed };
    std::string place;  // "title", "summary", "body" ...
    Kind kind = Kind::same;
    std::string text;  // a field, or a line of the body
};

/// In reading order; fields that are empty in both are left out. Of very long bodies that differ much (more
/// than 2000 lines on both sides) the whole is told as removed and added.
std::vector<Part> compare(const Text& before, const Text& after);

}  // namespace mingxin::content
