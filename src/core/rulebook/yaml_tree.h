// A YAML file as a plain tree with line numbers: the only place that knows yaml-cpp. Everything that rules do
// not need is refused: anchors, aliases, tags, several documents, duplicate keys.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mingxin::rulebook {

struct Tree {
    enum class Kind { null, scalar, list, map };
    Kind kind = Kind::null;
    int line = 0;                   // from 1
    std::string text;               // of a scalar
    std::vector<std::string> keys;  // of a map, beside children
    std::vector<Tree> children;

    /// The value of a key; nullptr when absent or not a map.
    const Tree* find(std::string_view key) const;
    /// Of a scalar under a key; empty when absent.
    std::string_view text_of(std::string_view key) const;
};

struct YamlProblem {
    int line = 0;
    std::string what_zh;
};

/// Reads one document. Problems found are appended; with any, the tree must not be used.
Tree read_yaml(const std::string& content, std::vector<YamlProblem>& problems);

}  // namespace mingxin::rulebook
