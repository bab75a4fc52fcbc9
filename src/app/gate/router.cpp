#include "gate/router.h"

#include <algorithm>

#include "base/check.h"

namespace mingxin::gate {
namespace {
/// The next segment after a slash; path is advanced.
std::string_view next_segment(std::string_view& path) {
    path.remove_prefix(1);
    std::string_view segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    return segment;
}
bool is_parameter(std::string_view segment) {
    return segment.size() > 2 && segment.front() == '{';
}
}  // namespace

struct Router::Node {
    std::vector<std::pair<std::string, std::unique_ptr<Node>>> fixed;
    std::unique_ptr<Node> parameter;
    int get = -1, post = -1;

    Node* child(std::string_view segment) const {
        for (const auto& [name, node] : fixed) {
            if (name == segment) {
                return node.get();
            }
        }
        return nullptr;
    }
};

Router::Router(std::span<const api::Endpoint> endpoints) : root_(new Node) {
    for (std::size_t i = 0; i < endpoints.size(); ++i) {
        std::string_view path = endpoints[i].path;
        CHECK(!path.empty() && path.front() == '/');
        CHECK(path_parameters(path).size() <= kParameters);
        Node* node = root_.get();
        while (!path.empty()) {
            std::string_view segment = next_segment(path);
            Node* next = is_parameter(segment) ? node->parameter.get() : node->child(segment);
            if (next == nullptr) {
                auto made = std::make_unique<Node>();
                next = made.get();
                if (is_parameter(segment)) {
                    node->parameter = std::move(made);
                } else {
                    node->fixed.emplace_back(std::string(segment), std::move(made));
                }
            }
            node = next;
        }
        int& slot = endpoints[i].method == api::Method::get ? node->get : node->post;
        CHECK(slot == -1);
        slot = static_cast<int>(i);
    }
}

Router::~Router() = default;

Router::Match Router::find(std::string_view path) const {
    Match match;
    if (path.empty() || path.front() != '/') {
        return match;
    }
    const Node* node = root_.get();
    while (!path.empty()) {
        std::string_view segment = next_segment(path);
        const Node* next = node->child(segment);
        if (next == nullptr && node->parameter != nullptr && !segment.empty()) {
            next = node->parameter.get();
            match.values[match.value_count++] = segment;
        }
        if (next == nullptr) {
            return {};
        }
        node = next;
    }
    match.get = node->get;
    match.post = node->post;
    return match;
}

std::vector<std::string_view> path_parameters(std::string_view path) {
    std::vector<std::string_view> names;
    while (!path.empty()) {
        std::string_view segment = next_segment(path);
        if (is_parameter(segment)) {
            names.push_back(segment.substr(1, segment.size() - 2));
        }
    }
    return names;
}

}  // namespace mingxin::gate
