// Any bytes as a YAML file of rules: a tree or problems, never a crash.
#include "rulebook/yaml_tree.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::vector<mingxin::rulebook::YamlProblem> problems;
    mingxin::rulebook::read_yaml(std::string(reinterpret_cast<const char*>(data), size), problems);
    return 0;
}
